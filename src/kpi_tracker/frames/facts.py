"""What occurs in the targets: the query is built for that and no more, and what is written in text is read here once."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import polars as pl

from kpi_tracker.frames.moments import Schedule
from kpi_tracker.frames.rules import Rules
from kpi_tracker.frames.written import listed, points_in, steps_in
from kpi_tracker.model.kpi import ProfileKind
from kpi_tracker.model.measure import Aggregate, Cadence, Measure

__all__ = ["SCHEDULE", "Facts", "StepPlan", "asked", "facts_of"]

SCHEDULE = ("_k_start", "_k_due", "_k_cadence", "_k_grace", "_k_profile", "_k_points", "_k_year")
"""The columns that tell one schedule from another; none of them is null."""
KINDS = ("measure", "aggregate", "form", "thresholds", "scale", "steps")
NONE = ""


class StepPlan(NamedTuple):
    """The steps of a milestone as they are written: ids, due days and weights."""

    written: str
    steps: tuple[tuple[str, date, float], ...]


class Facts(NamedTuple):
    """What occurs: the values of the columns of a schedule, beside what they mean, and the kinds of KPIs."""

    keys: tuple[tuple[Any, ...], ...]
    schedules: tuple[Schedule, ...]
    measures: frozenset[Measure]
    aggregates: frozenset[tuple[Measure, Aggregate | None]]
    thresholds: tuple[str, ...]
    scales: Mapping[str, tuple[str, ...]]
    steps: tuple[StepPlan, ...]

    def has(self, measure: Measure, *aggregates: Aggregate | None) -> bool:
        """Tell whether a KPI of this measure occurs, with one of these aggregates where they are given."""
        if not aggregates:
            return measure in self.measures
        return any((measure, one) in self.aggregates for one in aggregates)

    def follows(self, *profiles: ProfileKind) -> bool:
        """Tell whether a KPI has a course of one of these kinds."""
        return any(one.profile in profiles for one in self.schedules)


def asked(targets: pl.LazyFrame, rules: Rules) -> pl.LazyFrame:
    """Return targets with the columns of their schedules, what a plan leaves out taken from the rules."""
    period = rules.period
    return targets.with_columns(
        pl.col("start").fill_null(period.start).alias("_k_start"),
        pl.col("due").fill_null(period.end).alias("_k_due"),
        pl.col("cadence").fill_null(rules.cadence.value).alias("_k_cadence"),
        pl.col("grace").fill_null(rules.grace).alias("_k_grace"),
        pl.col("profile").fill_null(ProfileKind.ELAPSED.value).alias("_k_profile"),
        pl.col("points").fill_null(NONE).alias("_k_points"),
        pl.col("baseline_year").fill_null(rules.baseline_year).alias("_k_year"),
    )


def facts_of(targets: pl.LazyFrame, rules: Rules) -> Facts:
    """Return what occurs in targets that were :func:`asked`. Runs one small query."""
    rows = targets.select(*SCHEDULE, *KINDS).unique().collect().rows()
    keys = tuple(sorted({row[: len(SCHEDULE)] for row in rows}))
    kinds = {row[len(SCHEDULE) :] for row in rows}
    return Facts(
        keys,
        tuple(_schedule(key, rules) for key in keys),
        frozenset(Measure(kind[0]) for kind in kinds),
        frozenset((Measure(kind[0]), Aggregate(kind[1]) if kind[1] else None) for kind in kinds),
        tuple(sorted({kind[3] for kind in kinds if kind[3]})),
        {kind[4]: tuple(listed(kind[4])) for kind in kinds if kind[4]},
        tuple(StepPlan(written, tuple(steps_in(written))) for written in sorted({k[5] for k in kinds if k[5]})),
    )


def _schedule(key: Sequence[Any], rules: Rules) -> Schedule:
    start, due, cadence, grace, profile, points, year = key
    back = rules.period.start.year - year
    return Schedule(start, due, Cadence(cadence), grace, ProfileKind(profile), tuple(points_in(points)), back)
