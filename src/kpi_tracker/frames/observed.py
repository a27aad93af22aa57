"""What was seen of every KPI: its newest figure, its sum and extremes, after corrections, as known at a time."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw

from kpi_tracker.frames.columns import OBSERVATIONS, plainly, read, recorded_in
from kpi_tracker.frames.engine import Gathered, gathered
from kpi_tracker.frames.facts import Facts
from kpi_tracker.model.measure import Aggregate, Measure

__all__ = ["SEEN", "SUMS", "Sight", "counting", "extremes_of_sums", "in_spans", "state"]

SUMS = (None, Aggregate.SUM)
SEEN = ("data_date", "_newest", "_sum", "_mean", "_highest", "_lowest", "_oldest", "_count", "_text", "_high", "_low")
"""The columns of what was seen of a KPI, as many as its measure and those of the others ask for."""
IN_TEXT = (Measure.GRADE, Measure.MILESTONE)


class Sight(NamedTuple):
    """From when and until when is looked: `known_at` is plan time."""

    as_of: date
    known_at: datetime | None = None


def counting(
    observations: "nw.LazyFrame[Any]", keys: Sequence[str], facts: Facts, sight: Sight,
    window: tuple[date, date] | None = None,
) -> "nw.LazyFrame[Any]":  # fmt: skip
    """Return the rows that count, one a KPI and date: dated and recorded in time, the last recorded of each date.

    With a `window`, only of its days.
    """
    there = observations.collect_schema()
    rows, words = plainly(observations)
    known = read(there, OBSERVATIONS, words)
    with_text = "text" in there and any(map(facts.has, IN_TEXT))
    wanted = ["value", *(["text"] if with_text else [])]
    columns = [*keys, known["date"], *(known[name] for name in wanted)]
    first, last = window or (None, sight.as_of)
    date_of = words.col("date")
    days = [date_of <= min(last, sight.as_of), *([date_of >= first] if first else [])]
    if "recorded_at" not in there:
        if sight.known_at is not None:
            day = sight.known_at.date()
            days.append(date_of <= day if sight.known_at.time() == time.max else date_of < day)
        found: nw.LazyFrame[Any] = nw.from_native(rows.select(*columns).filter(*days))
        return found
    recorded = recorded_in(there, words).alias("_recorded")
    if sight.known_at is not None:
        days.append(words.col("_recorded") <= sight.known_at)
    what: list[Gathered] = [(name, "newest", name) for name in wanted]
    counting = nw.from_native(rows.select(*columns, recorded).filter(*days))
    return gathered(counting, [*keys, "date"], what, "_recorded")


def state(within: "nw.LazyFrame[Any]", keys: Sequence[str], facts: Facts) -> "nw.LazyFrame[Any]":
    """Return one row a KPI with anything seen in its span: `data_date` and what its measure asks of the rows within it."""
    with_text = "text" in within.collect_schema().names()
    what: list[Gathered] = [
        ("data_date", "max", "date"),
        ("_newest", "newest", "value"),
        *(
            (name, how, "value")
            for name, how, needed in (
                ("_sum", "sum", facts.has(Measure.TOTAL, *SUMS) or facts.has(Measure.LIMIT, *SUMS)),
                ("_mean", "mean", facts.has(Measure.LEVEL, Aggregate.MEAN)),
                ("_highest", "max", facts.has(Measure.LEVEL, Aggregate.MAX) or facts.has(Measure.LIMIT)),
                ("_lowest", "min", facts.has(Measure.LEVEL, Aggregate.MIN) or facts.has(Measure.LIMIT)),
                ("_oldest", "oldest", facts.has(Measure.LIMIT, Aggregate.MAX, Aggregate.MIN)),
            )
            if needed
        ),
        ("_count", "count", "value"),
    ]
    if with_text:
        what.append(("_text", "newest", "text"))
    return gathered(within, keys, what, "date")


def in_spans(rows: "nw.LazyFrame[Any]", spans: "nw.LazyFrame[Any] | None", keys: Sequence[str]) -> "nw.LazyFrame[Any]":
    """Return the rows within the days that `spans` has of their KPI; all where it is None, as one window is of all."""
    if spans is None:
        return rows
    within = rows.join(spans, on=list(keys), how="inner")
    return within.filter(nw.col("date") >= nw.col("_first"), nw.col("date") <= nw.col("_last"))


def extremes_of_sums(within: "nw.LazyFrame[Any]", keys: Sequence[str]) -> "nw.LazyFrame[Any]":
    """Return how high and how low the sums of limits ever stood: a bound once broken stays broken."""
    sums = within.select(*keys, "date", nw.col("value").cum_sum().over(*keys, order_by=["date"]).alias("_sum"))
    return gathered(sums, keys, [("_high", "max", "_sum"), ("_low", "min", "_sum")], "date")
