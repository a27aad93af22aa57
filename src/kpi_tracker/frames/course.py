"""Expected courses that are no straight line: declared points, and the base year's own observations."""

from collections.abc import Sequence
from typing import Any

import narwhals.stable.v2 as nw

from kpi_tracker.frames.attainment import NO, NOTHING, YES
from kpi_tracker.frames.behind import day_at, day_not_after
from kpi_tracker.frames.engine import Gathered, gathered, table
from kpi_tracker.frames.facts import Facts
from kpi_tracker.frames.moments import Times
from kpi_tracker.frames.observed import running
from kpi_tracker.frames.rules import Rules
from kpi_tracker.model.exactness import TOLERANCE
from kpi_tracker.model.kpi import ProfileKind
from kpi_tracker.model.measure import Aggregate, Measure

__all__ = ["expected_by_base_year", "pieces", "reached"]

PIECES = ("_t0", "_e0", "_t1", "_e1")


def pieces(
    targets: "nw.LazyFrame[Any]", rows: "nw.LazyFrame[Any] | None", keys: Sequence[str], facts: Facts, times: Times
) -> "nw.LazyFrame[Any] | None":
    """Return the straight pieces of every course that has several, a row a KPI and piece; None where there is none.

    `_t0` to `_t1` is the share of the time, `_e0` to `_e1` what is expected. A KPI that follows a base year whose
    observations do not reach its end, or fall, has no pieces.
    """
    found = []
    if facts.follows(ProfileKind.POINTS):
        some = targets.filter(nw.col("_k_profile") == ProfileKind.POINTS.value).select(*keys, "_schedule")
        knots = table(targets, times.knots())
        found.append(some.join(knots, on="_schedule", how="inner").select(*keys, *PIECES))
    if facts.follows(ProfileKind.BASELINE_YEAR) and rows is not None:
        found.append(_of_base_year(targets, rows, keys, times))
    return nw.concat(found) if found else None


def _of_base_year(
    targets: "nw.LazyFrame[Any]", rows: "nw.LazyFrame[Any]", keys: Sequence[str], times: Times
) -> "nw.LazyFrame[Any]":
    on = list(keys)
    following = targets.filter(
        nw.col("_k_profile") == ProfileKind.BASELINE_YEAR.value, nw.col("measure") != Measure.GRADE.value
    ).select(*keys, "_schedule", "_then_first", "_then_last", "measure", "aggregate")
    then = rows.join(following, on=on, how="inner").filter(
        nw.col("date") >= nw.col("_then_first"), nw.col("date") <= nw.col("_then_last")
    )
    sums = (nw.col("measure") == Measure.TOTAL.value) & (
        nw.col("aggregate").is_null() | (nw.col("aggregate") != Aggregate.NEWEST.value)
    )
    then = then.with_columns(
        nw.when(sums).then(running("value", keys)).otherwise(nw.col("value")).alias("_amount")
    ).with_columns((nw.col("_amount") - nw.col("_amount").shift(1).over(*keys, order_by=["date"])).alias("_step"))
    what: list[Gathered] = [
        ("_reached", "max", "date"), ("_whole", "max", "_amount"), ("_least", "min", "_amount"),
        ("_fall", "min", "_step"),
    ]  # fmt: skip
    whole = gathered(then, keys, what, "date").filter(
        nw.col("_whole") > 0, nw.col("_least") >= 0, (nw.col("_fall") >= 0) | nw.col("_fall").is_null()
    )
    knots = (
        then.join(whole, on=on, how="inner")
        .filter(nw.col("_reached") == nw.col("_then_last"))
        .join(table(targets, times.base_days()), on=["_schedule", "date"], how="inner")
        .with_columns((nw.col("_amount") / nw.col("_whole")).alias("_e1"), nw.col("_share").alias("_t1"))
    )
    before = {"_t0": "_t1", "_e0": "_e1"}
    return knots.with_columns(
        *(nw.col(now).shift(1).over(*keys, order_by=["date"]).fill_null(0.0).alias(name)
          for name, now in before.items())
    ).select(*keys, *PIECES)  # fmt: skip


def _along(x: nw.Expr, x0: str, y0: str, x1: str, y1: str) -> nw.Expr:
    """Return y on a piece at x, its lower end where x lies before it or the piece is a jump."""
    low, high, wide = nw.col(y0), nw.col(y1), nw.col(x1) - nw.col(x0)
    share = nw.when((wide > 0) & (x > nw.col(x0))).then((x - nw.col(x0)) / nw.when(wide > 0).then(wide))
    share = share.fill_null(0.0)
    return low * (1.0 - share) + high * share


def expected_by_base_year(
    scores: "nw.LazyFrame[Any]", courses: "nw.LazyFrame[Any] | None", keys: Sequence[str]
) -> "nw.LazyFrame[Any]":
    """Return scores with `_expected` filled for what follows its base year, and `_no_course` where that is not known."""
    follows = nw.col("_k_profile") == ProfileKind.BASELINE_YEAR.value
    nothing = scores.with_columns(NOTHING.alias("_by_then"))
    scores = nothing if courses is None else _along_then(scores, courses, keys)
    missing = follows & nw.col("_by_then").is_null() & ~nw.col("data_date").is_null()
    return scores.with_columns(
        # what has no course is judged by the time that has passed: whether it is achieved or missed is known
        nw.coalesce(nw.col("_expected"), nw.col("_by_then"), nw.col("_elapsed")).alias("_expected"),
        nw.when(missing).then(YES).otherwise(NO).alias("_no_course"),
    )


def _along_then(scores: "nw.LazyFrame[Any]", courses: "nw.LazyFrame[Any]", keys: Sequence[str]) -> "nw.LazyFrame[Any]":
    """Return scores with `_by_then`, the share that the base year had reached by the same time."""
    follows = nw.col("_k_profile") == ProfileKind.BASELINE_YEAR.value
    there = scores.filter(follows, ~nw.col("data_date").is_null()).select(*keys, "_elapsed")
    at = there.join(courses, on=list(keys), how="inner").filter(nw.col("_elapsed") <= nw.col("_t1"))
    at = at.with_columns(_along(nw.col("_elapsed"), "_t0", "_e0", "_t1", "_e1").alias("_by_then"))
    found = gathered(at, keys, [("_by_then", "min", "_by_then")], "_by_then")
    return scores.join(found, on=list(keys), how="left")


def reached(
    scores: "nw.LazyFrame[Any]", courses: "nw.LazyFrame[Any] | None", keys: Sequence[str], rules: Rules
) -> "nw.LazyFrame[Any]":
    """Return scores with `_first_at` and `_last_at`, the days between which a course stands at the attained share."""
    if courses is None:
        return scores.with_columns(*(nw.lit(None).cast(nw.Int64()).alias(name) for name in ("_first_at", "_last_at")))
    share = nw.col("attainment")
    here = scores.filter(
        nw.col("_k_profile").is_in([ProfileKind.POINTS.value, ProfileKind.BASELINE_YEAR.value]), ~share.is_null()
    ).select(*keys, "attainment", "_start", "_end", "_months", "_before", "_month")
    at = here.join(courses, on=list(keys), how="inner")
    aim = share - TOLERANCE
    first = nw.when(aim <= nw.col("_e1")).then(_along(aim, "_e0", "_t0", "_e1", "_t1")).otherwise(nw.lit(1.0))
    top = share + TOLERANCE
    rising = nw.col("_e1") - nw.col("_e0")
    part = (top - nw.col("_e0")) / nw.when(rising > 0).then(rising)
    upto = nw.col("_t0") + (nw.col("_t1") - nw.col("_t0")) * part.fill_null(0.0)
    last = nw.when(nw.col("_e1") <= top).then(nw.col("_t1")).otherwise(upto)
    at = at.with_columns(first.alias("_from"), nw.when(nw.col("_e0") <= top).then(last).alias("_to"))
    spans = ("_start", "_end", "_months", "_before", "_month")
    what: list[Gathered] = [("_from", "min", "_from"), ("_to", "max", "_to"), *((s, "min", s) for s in spans)]
    days = gathered(at, keys, what, "_from").with_columns(
        day_at(nw.col("_from"), rules).alias("_first_at"), day_not_after(nw.col("_to"), rules).alias("_last_at")
    )
    return scores.join(days.select(*keys, "_first_at", "_last_at"), on=list(keys), how="left")
