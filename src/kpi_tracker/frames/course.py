"""Expected courses that are no straight line: declared points, and the base year's own observations."""

from collections.abc import Sequence

import polars as pl

from kpi_tracker.frames.attainment import NO, NOTHING, YES
from kpi_tracker.frames.behind import day_at, day_not_after
from kpi_tracker.frames.engine import Gathered, near_gathered, near_table
from kpi_tracker.frames.facts import Facts
from kpi_tracker.frames.moments import Times
from kpi_tracker.frames.rules import Rules
from kpi_tracker.model.exactness import TOLERANCE
from kpi_tracker.model.kpi import ProfileKind
from kpi_tracker.model.measure import Aggregate, Measure

__all__ = ["expected_by_base_year", "pieces", "reached"]

PIECES = ("_t0", "_e0", "_t1", "_e1")


def pieces(
    targets: pl.LazyFrame, rows: pl.LazyFrame | None, keys: Sequence[str], facts: Facts, times: Times
) -> pl.LazyFrame | None:
    """Return the straight pieces of every course that has several, a row a KPI and piece; None where there is none.

    `_t0` to `_t1` is the share of the time, `_e0` to `_e1` what is expected. A KPI that follows a base year whose
    observations do not reach its end, or fall, has no pieces.
    """
    found = []
    if facts.follows(ProfileKind.POINTS):
        some = targets.filter(pl.col("_k_profile") == ProfileKind.POINTS.value).select(*keys, "_schedule")
        knots = near_table(times.knots())
        found.append(some.join(knots, on="_schedule", how="inner").select(*keys, *PIECES))
    if facts.follows(ProfileKind.BASELINE_YEAR) and rows is not None:
        found.append(_of_base_year(targets, rows, keys, times))
    return pl.concat(found) if found else None


def _of_base_year(targets: pl.LazyFrame, rows: pl.LazyFrame, keys: Sequence[str], times: Times) -> pl.LazyFrame:
    on = list(keys)
    following = targets.filter(
        pl.col("_k_profile") == ProfileKind.BASELINE_YEAR.value, pl.col("measure") != Measure.GRADE.value
    ).select(*keys, "_schedule", "_then_first", "_then_last", "measure", "aggregate")
    then = rows.join(following, on=on, how="inner").filter(
        pl.col("date") >= pl.col("_then_first"), pl.col("date") <= pl.col("_then_last")
    )
    sums = (pl.col("measure") == Measure.TOTAL.value) & (
        pl.col("aggregate").is_null() | (pl.col("aggregate") != Aggregate.NEWEST.value)
    )
    then = then.with_columns(
        pl.when(sums)
        .then(pl.col("value").cum_sum().over(*keys, order_by="date"))
        .otherwise(pl.col("value"))
        .alias("_amount")
    ).with_columns((pl.col("_amount") - pl.col("_amount").shift(1).over(*keys, order_by="date")).alias("_step"))
    what: list[Gathered] = [
        ("_reached", "max", "date"), ("_whole", "max", "_amount"), ("_least", "min", "_amount"),
        ("_fall", "min", "_step"),
    ]  # fmt: skip
    whole = near_gathered(then, keys, what, "date").filter(
        pl.col("_whole") > 0, pl.col("_least") >= 0, (pl.col("_fall") >= 0) | pl.col("_fall").is_null()
    )
    knots = (
        then.join(whole, on=on, how="inner")
        .filter(pl.col("_reached") == pl.col("_then_last"))
        .join(near_table(times.base_days()), on=["_schedule", "date"], how="inner")
        .with_columns((pl.col("_amount") / pl.col("_whole")).alias("_e1"), pl.col("_share").alias("_t1"))
    )
    before = {"_t0": "_t1", "_e0": "_e1"}
    return knots.with_columns(
        *(pl.col(now).shift(1).over(*keys, order_by="date").fill_null(0.0).alias(name)
          for name, now in before.items())
    ).select(*keys, *PIECES)  # fmt: skip


def _along(x: pl.Expr, x0: str, y0: str, x1: str, y1: str) -> pl.Expr:
    """Return y on a piece at x, its lower end where x lies before it or the piece is a jump."""
    low, high, wide = pl.col(y0), pl.col(y1), pl.col(x1) - pl.col(x0)
    inside = pl.when((wide > 0) & (x > pl.col(x0))).then((x - pl.col(x0)) / pl.when(wide > 0).then(wide))
    share = inside.fill_null(0.0)
    return low * (1.0 - share) + high * share


def expected_by_base_year(scores: pl.LazyFrame, courses: pl.LazyFrame | None, keys: Sequence[str]) -> pl.LazyFrame:
    """Return scores with `_expected` filled for what follows its base year, and `_no_course` where that is not known."""
    follows = pl.col("_k_profile") == ProfileKind.BASELINE_YEAR.value
    nothing = scores.with_columns(NOTHING.alias("_by_then"))
    scores = nothing if courses is None else _along_then(scores, courses, keys)
    missing = follows & pl.col("_by_then").is_null() & ~pl.col("data_date").is_null()
    return scores.with_columns(
        # what has no course is judged by the time that has passed: whether it is achieved or missed is known
        pl.coalesce(pl.col("_expected"), pl.col("_by_then"), pl.col("_elapsed")).alias("_expected"),
        pl.when(missing).then(YES).otherwise(NO).alias("_no_course"),
    )


def _along_then(scores: pl.LazyFrame, courses: pl.LazyFrame, keys: Sequence[str]) -> pl.LazyFrame:
    """Return scores with `_by_then`, the share that the base year had reached by the same time."""
    follows = pl.col("_k_profile") == ProfileKind.BASELINE_YEAR.value
    there = scores.filter(follows, ~pl.col("data_date").is_null()).select(*keys, "_elapsed")
    at = there.join(courses, on=list(keys), how="inner").filter(pl.col("_elapsed") <= pl.col("_t1"))
    at = at.with_columns(_along(pl.col("_elapsed"), "_t0", "_e0", "_t1", "_e1").alias("_by_then"))
    found = near_gathered(at, keys, [("_by_then", "min", "_by_then")], "_by_then")
    return scores.join(found, on=list(keys), how="left")


def reached(scores: pl.LazyFrame, courses: pl.LazyFrame | None, keys: Sequence[str], rules: Rules) -> pl.LazyFrame:
    """Return scores with `_first_at` and `_last_at`, the days between which a course stands at the attained share."""
    if courses is None:
        return scores.with_columns(*(pl.lit(None, pl.Int64).alias(name) for name in ("_first_at", "_last_at")))
    share = pl.col("attainment")
    here = scores.filter(
        pl.col("_k_profile").is_in([ProfileKind.POINTS.value, ProfileKind.BASELINE_YEAR.value]), ~share.is_null()
    ).select(*keys, "attainment", "_start", "_end", "_months", "_before", "_month")
    at = here.join(courses, on=list(keys), how="inner")
    aim = share - TOLERANCE
    first = pl.when(aim <= pl.col("_e1")).then(_along(aim, "_e0", "_t0", "_e1", "_t1")).otherwise(pl.lit(1.0))
    top = share + TOLERANCE
    rising = pl.col("_e1") - pl.col("_e0")
    part = (top - pl.col("_e0")) / pl.when(rising > 0).then(rising)
    upto = pl.col("_t0") + (pl.col("_t1") - pl.col("_t0")) * part.fill_null(0.0)
    last = pl.when(pl.col("_e1") <= top).then(pl.col("_t1")).otherwise(upto)
    at = at.with_columns(first.alias("_from"), pl.when(pl.col("_e0") <= top).then(last).alias("_to"))
    spans = ("_start", "_end", "_months", "_before", "_month")
    what: list[Gathered] = [("_from", "min", "_from"), ("_to", "max", "_to"), *((s, "min", s) for s in spans)]
    days = near_gathered(at, keys, what, "_from").with_columns(
        day_at(pl.col("_from"), rules).alias("_first_at"), day_not_after(pl.col("_to"), rules).alias("_last_at")
    )
    return scores.join(days.select(*keys, "_first_at", "_last_at"), on=list(keys), how="left")
