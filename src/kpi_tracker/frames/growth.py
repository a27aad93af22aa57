"""Compound annual growth, observed and required, for thresholds that judge it."""

from datetime import date

import polars as pl

from kpi_tracker.frames.attainment import NO, NOTHING
from kpi_tracker.frames.facts import Facts
from kpi_tracker.frames.rules import Rules
from kpi_tracker.model.exactness import TOLERANCE
from kpi_tracker.model.measure import Direction, Measure
from kpi_tracker.scoring.growth import DAYS_A_YEAR

__all__ = ["with_growth"]

FIGURES = ("growth", "growth_required", "growth_ratio")


def with_growth(scores: pl.LazyFrame, facts: Facts, rules: Rules) -> pl.LazyFrame:
    """Return scores with the growth a year since the end of the base year; null where thresholds do not judge it."""
    judging = [name for name in facts.thresholds if rules.presets[name].by == "growth"]
    default = rules.thresholds.by == "growth"
    if not judging and not default:
        return scores.with_columns(*(NOTHING.alias(name) for name in FIGURES))
    chosen = pl.col("thresholds")
    by_growth = chosen.is_in(judging).fill_null(False) if judging else NO
    if default:
        by_growth = by_growth | chosen.is_null()
    years = sorted({rules.baseline_year, *(rules.period.start.year - one.back for one in facts.schedules)})
    base_end = pl.lit(date(years[0], 12, 31).toordinal())
    for year in years[1:]:
        base_end = pl.when(pl.col("_k_year") == year).then(pl.lit(date(year, 12, 31).toordinal())).otherwise(base_end)
    days, to_end = pl.col("_day") - base_end, pl.col("_end") - base_end
    total = pl.col("measure") == Measure.TOTAL.value
    e0, x, b, t = pl.col("_expected"), pl.col("value"), pl.col("baseline"), pl.col("target")
    a_year = pl.when(total).then((x / pl.when(e0 > 0).then(e0)).fill_null(0.0)).otherwise(x)
    scores = scores.with_columns(
        a_year.alias("_a_year"),
        pl.when(total).then(to_end).otherwise(days).alias("_observed_days"),
        to_end.alias("_to_end"),
        (by_growth & (days > 0) & (to_end > 0) & (pl.col("measure") != Measure.GRADE.value)).alias("_grows"),
    )
    x = pl.col("_a_year")
    defined = pl.col("_grows") & (b > 0) & (x > 0) & ((t > 0) | t.is_null())
    scores = scores.with_columns(defined.fill_null(False).alias("_grows"))
    grows = pl.col("_grows")
    falls = (pl.col("direction") == Direction.DECREASE.value).fill_null(False)
    sign = pl.when(falls).then(pl.lit(-1.0)).otherwise(pl.lit(1.0))
    base = pl.when(grows).then(b)
    one = (
        (pl.when(grows).then(x) / base) ** (DAYS_A_YEAR / pl.when(grows).then(pl.col("_observed_days"))) - 1.0
    ) * sign
    other = ((pl.when(grows).then(t) / base) ** (DAYS_A_YEAR / pl.when(grows).then(pl.col("_to_end"))) - 1.0) * sign
    scores = scores.with_columns(one.alias("_observed"), other.alias("_required"))
    # A multiple of the baseline after a few days is no rate a year: beyond what a number can be there is none.
    fine = pl.col("_observed").is_finite() & (pl.col("_required").is_finite() | t.is_null())
    scores = scores.with_columns(
        pl.when(fine).then(pl.col("_observed")).alias("growth"),
        pl.when(fine).then(pl.col("_required")).alias("growth_required"),
    )
    required = pl.col("growth_required")
    ratio = pl.col("growth") / pl.when(required > TOLERANCE).then(required)
    return scores.with_columns(ratio.alias("growth_ratio"))
