"""A value against its base year, and against a second one where the first was no ordinary year."""

from collections.abc import Sequence

import polars as pl

from kpi_tracker.frames.attainment import NOTHING, choose, exactly
from kpi_tracker.frames.engine import Gathered, near_gathered
from kpi_tracker.model.measure import Aggregate, Measure
from kpi_tracker.schedule import YEAR

__all__ = ["with_comparisons"]


def with_comparisons(scores: pl.LazyFrame, rows: pl.LazyFrame | None, keys: Sequence[str]) -> pl.LazyFrame:
    """Return scores with `comparison` (its kind), `reference`, `change` and `relative`, and the same against a second year.

    `rows` are those of base years, None where there is none. What accumulates is compared with the base year's own figure
    on the same day where it is there, else with the baseline pro rata; all else with the baseline itself.
    """
    if rows is None:
        scores = scores.with_columns(NOTHING.alias("_same_day"))
    else:
        scores = scores.join(_same_day(scores, rows, keys), on=list(keys), how="left")
    x, b = pl.col("value"), pl.col("baseline")
    compared = ~pl.col("data_date").is_null() & ~b.is_null() & ~pl.col("_no_course")
    number = compared & (pl.col("measure") != Measure.GRADE.value)
    adds = (pl.col("measure") == Measure.TOTAL.value) | (pl.col("aggregate") == Aggregate.SUM.value)
    adds = adds.fill_null(False)
    long = pl.col("_elapsed") * pl.col("_months") / float(YEAR)  # the baseline is one year's amount
    share = (
        pl.when(adds).then(pl.when(pl.col("_long")).then(long).otherwise(pl.col("_expected"))).otherwise(pl.lit(1.0))
    )
    then = pl.col("_same_day")
    kind = choose(
        [(~then.is_null() & number, pl.lit("same_day")), (adds & number, pl.lit("pro_rata"))], pl.lit("plain")
    )
    scores = scores.with_columns(
        pl.when(compared).then(kind).alias("comparison"),
        pl.when(number).then(pl.coalesce(then, b * share)).alias("reference"),
        pl.when(number & ~pl.col("abnormal_year").is_null()).then(pl.col("abnormal_value") * share).alias("_second"),
    )
    return scores.with_columns(
        *_against(x, pl.col("reference"), "change", "relative"),
        *_against(x, pl.col("_second"), "change_abnormal", "relative_abnormal"),
    )


def _against(x: pl.Expr, reference: pl.Expr, change: str, relative: str) -> tuple[pl.Expr, pl.Expr]:
    share = x / pl.when(reference > 0).then(reference) - 1.0
    return (x - reference).alias(change), share.alias(relative)


def _same_day(scores: pl.LazyFrame, rows: pl.LazyFrame, keys: Sequence[str]) -> pl.LazyFrame:
    """Return what totals had accumulated on the same day of the base year, where as many figures lead up to it."""
    totals = scores.filter(
        pl.col("measure") == Measure.TOTAL.value, ~pl.col("baseline").is_null(), ~pl.col("data_date").is_null(),
        ~pl.col("_long"),
    ).select(*keys, "_then", "_then_first", "_then_last", "aggregate", pl.col("_count").alias("_now"))  # fmt: skip
    before = rows.select(*keys, "date", "value").join(totals, on=list(keys), how="inner").filter(
        pl.col("date") >= pl.col("_then_first"), pl.col("date") <= pl.col("_then"),
        pl.col("date") <= pl.col("_then_last"),
    )  # fmt: skip
    what: list[Gathered] = [
        ("_sum", "sum", "value"), ("_newest", "newest", "value"), ("_rows", "count", "value"), ("_to", "max", "date"),
        ("_now", "max", "_now"), ("_then", "max", "_then"), ("_how", "max", "aggregate"),
    ]  # fmt: skip
    found = near_gathered(before, keys, what, "date").filter(
        pl.col("_to") == pl.col("_then"), pl.col("_rows") >= pl.col("_now")
    )
    newest = (pl.col("_how") == Aggregate.NEWEST.value).fill_null(False)
    amount = pl.when(newest).then(pl.col("_newest")).otherwise(exactly("_sum"))
    return found.select(*keys, amount.alias("_same_day"))
