"""Figures that stand far from those of the other groups: they are looked at before they are praised or blamed.

The modified z-score of Iglewicz and Hoaglin (How to Detect and Handle Outliers, 1993): 0.6745 times the distance from the
median over the median of all such distances, far from 3.5 on. Mean and standard deviation would be drawn along by the very
figures that are looked for. Where more than half of the groups have the same attainment, that median is 0; then the mean
distance takes its place (z is the distance over 1.2533 times the mean distance). What is nearer to the median than one
percentage point is never called far: where all are nearly the same, a hair's breadth would be.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kpi_tracker.league.spread import scored
from kpi_tracker.model.measure import Measure
from kpi_tracker.record import record

if TYPE_CHECKING:
    import polars

__all__ = ["FAR", "LEAST_GROUPS", "Outlier", "Slip", "outliers", "slips"]

FAR = 3.5
"""From this modified z-score on, up or down, an attainment is far from the others."""
LEAST_GROUPS = 8
"""Among fewer groups no figure is called far from the others."""
SLIP = 10_000.0
"""A figure in 元 where 万元 is meant."""
_NORMAL, _MEAN = 0.6745, 1.253314
_SAME, _POINT = 1e-9, 0.01
_NEAR = 10**-0.5
"""Within half an order of magnitude a factor is that of a slip: counties are not all of one size."""
_IN_UNITS = frozenset({Measure.TOTAL, Measure.LEVEL, Measure.RATE, Measure.LIMIT})


@record
class Outlier:
    """A group whose attainment of a KPI is far from the median of all; `z` is below 0 where it is far below."""

    group: str
    kpi: str
    attainment: float
    median: float
    z: float


@record
class Slip:
    """A value that is about 10,000 times what is usual, or a ten-thousandth of it: a slip of the unit is likely.

    `times` is how many times the usual it is; the usual is the median over the groups of the value against its target.
    """

    group: str
    kpi: str
    value: float
    times: float


def outliers(scores: "polars.DataFrame", column: str) -> tuple[Outlier, ...]:
    """Return the groups (named in `column`) whose attainment is far from the median, the farthest first."""
    import polars as pl

    a = pl.col("attainment")
    held = scored(scores).select(column, "kpi", "attainment")
    held = held.filter(pl.len().over("kpi") >= LEAST_GROUPS).with_columns(a.median().over("kpi").alias("median"))
    away = a - pl.col("median")
    held = held.with_columns(
        away.alias("away"), away.abs().median().over("kpi").alias("mad"), away.abs().mean().over("kpi").alias("mean")
    )
    flat = pl.when(pl.col("mean") > 0).then(pl.col("away") / (_MEAN * pl.col("mean"))).otherwise(0.0)
    z = pl.when(pl.col("mad") > _SAME).then(_NORMAL * pl.col("away") / pl.col("mad")).otherwise(flat)
    apart = pl.col("away").abs() >= _POINT - _SAME
    far = held.with_columns(z.alias("z")).filter(apart & (pl.col("z").abs() >= FAR - _SAME))
    rows = far.select(column, "kpi", "attainment", "median", "z").iter_rows()
    return tuple(sorted((Outlier(*row) for row in rows), key=lambda one: (-abs(one.z), one.kpi, one.group)))


def slips(scores: "polars.DataFrame", column: str, measures: Mapping[str, Measure]) -> tuple[Slip, ...]:
    """Return the values that are about 10,000 times the usual or more, or a ten-thousandth or less, the widest first.

    `measures` has the measure of each KPI by its id: grades and milestones are in no unit.
    """
    import polars as pl

    in_units = [kpi for kpi, measure in measures.items() if measure in _IN_UNITS]
    value, target = pl.col("value").abs(), pl.col("target").abs()
    held = scores.filter(pl.col("kpi").is_in(in_units) & (value > 0)).select(column, "kpi", "value", "target")
    held = held.filter(pl.len().over("kpi") >= LEAST_GROUPS)
    each_has_one = (target.is_not_null() & (target > 0)).all().over("kpi")
    held = held.with_columns(pl.when(each_has_one).then(value / target).otherwise(value).alias("share"))
    times = pl.col("share") / pl.col("share").median().over("kpi")
    found = held.with_columns(times.alias("times"))
    least = SLIP * _NEAR
    found = found.filter((pl.col("times") >= least) | (pl.col("times") <= 1 / least))
    rows = found.select(column, "kpi", "value", "times").iter_rows()
    return tuple(sorted((Slip(*row) for row in rows), key=_width))


def _width(one: Slip) -> tuple[float, str, str]:
    return -max(one.times, 1 / one.times), one.kpi, one.group
