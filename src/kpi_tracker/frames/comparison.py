"""A value against its base year, and against a second one where the first was no ordinary year."""

from collections.abc import Sequence
from typing import Any

import narwhals.stable.v2 as nw

from kpi_tracker.frames.attainment import NOTHING, choose
from kpi_tracker.frames.engine import Gathered, gathered
from kpi_tracker.model.measure import Aggregate, Measure
from kpi_tracker.schedule import YEAR

__all__ = ["with_comparisons"]


def with_comparisons(
    scores: "nw.LazyFrame[Any]", rows: "nw.LazyFrame[Any] | None", keys: Sequence[str]
) -> "nw.LazyFrame[Any]":
    """Return scores with `comparison` (its kind), `reference`, `change` and `relative`, and the same against a second year.

    `rows` are those of base years, None where there is none. What accumulates is compared with the base year's own figure
    on the same day where it is there, else with the baseline pro rata; all else with the baseline itself.
    """
    if rows is None:
        scores = scores.with_columns(NOTHING.alias("_same_day"))
    else:
        scores = scores.join(_same_day(scores, rows, keys), on=list(keys), how="left")
    x, b = nw.col("value"), nw.col("baseline")
    compared = ~nw.col("data_date").is_null() & ~b.is_null() & ~nw.col("_no_course")
    number = compared & (nw.col("measure") != Measure.GRADE.value)
    adds = (nw.col("measure") == Measure.TOTAL.value) | (nw.col("aggregate") == Aggregate.SUM.value)
    adds = adds.fill_null(False)
    long = nw.col("_elapsed") * nw.col("_months") / float(YEAR)  # the baseline is one year's amount
    share = (
        nw.when(adds).then(nw.when(nw.col("_long")).then(long).otherwise(nw.col("_expected"))).otherwise(nw.lit(1.0))
    )
    then = nw.col("_same_day")
    kind = choose(
        [(~then.is_null() & number, nw.lit("same_day")), (adds & number, nw.lit("pro_rata"))], nw.lit("plain")
    )
    scores = scores.with_columns(
        nw.when(compared).then(kind).alias("comparison"),
        nw.when(number).then(nw.coalesce(then, b * share)).alias("reference"),
        nw.when(number & ~nw.col("abnormal_year").is_null()).then(nw.col("abnormal_value") * share).alias("_second"),
    )
    return scores.with_columns(
        *_against(x, nw.col("reference"), "change", "relative"),
        *_against(x, nw.col("_second"), "change_abnormal", "relative_abnormal"),
    )


def _against(x: nw.Expr, reference: nw.Expr, change: str, relative: str) -> tuple[nw.Expr, nw.Expr]:
    share = x / nw.when(reference > 0).then(reference) - 1.0
    return (x - reference).alias(change), share.alias(relative)


def _same_day(scores: "nw.LazyFrame[Any]", rows: "nw.LazyFrame[Any]", keys: Sequence[str]) -> "nw.LazyFrame[Any]":
    """Return what totals had accumulated on the same day of the base year, where as many figures lead up to it."""
    totals = scores.filter(
        nw.col("measure") == Measure.TOTAL.value, ~nw.col("baseline").is_null(), ~nw.col("data_date").is_null(),
        ~nw.col("_long"),
    ).select(*keys, "_then", "_then_first", "_then_last", "aggregate", nw.col("_count").alias("_now"))  # fmt: skip
    before = rows.select(*keys, "date", "value").join(totals, on=list(keys), how="inner").filter(
        nw.col("date") >= nw.col("_then_first"), nw.col("date") <= nw.col("_then"),
        nw.col("date") <= nw.col("_then_last"),
    )  # fmt: skip
    what: list[Gathered] = [
        ("_sum", "sum", "value"), ("_newest", "newest", "value"), ("_rows", "count", "value"), ("_to", "max", "date"),
        ("_now", "max", "_now"), ("_then", "max", "_then"), ("_how", "max", "aggregate"),
    ]  # fmt: skip
    found = gathered(before, keys, what, "date").filter(
        nw.col("_to") == nw.col("_then"), nw.col("_rows") >= nw.col("_now")
    )
    newest = (nw.col("_how") == Aggregate.NEWEST.value).fill_null(False)
    amount = nw.when(newest).then(nw.col("_newest")).otherwise(nw.col("_sum"))
    return found.select(*keys, amount.alias("_same_day"))
