"""What is written in words: grades become places on their scale, and steps done become shares of the weight."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw

from kpi_tracker.frames.engine import Gathered, gathered, table
from kpi_tracker.frames.facts import Facts
from kpi_tracker.model.exactness import TOLERANCE, total_of

__all__ = ["steps_of", "with_places"]


def with_places(scores: "nw.LazyFrame[Any]", facts: Facts) -> "nw.LazyFrame[Any]":
    """Return scores in which the value of a grade is its place, 1 the best; a place that is given stays."""
    rows = [(written, grade, i) for written, scale in facts.scales.items() for i, grade in enumerate(scale, 1)]
    places = table(
        scores,
        {
            "scale": ("text", [row[0] for row in rows]),
            "_text": ("text", [row[1] for row in rows]),
            "_place": ("float", [float(row[2]) for row in rows]),
        },
    )
    found = scores.join(places, on=["scale", "_text"], how="left")
    return found.with_columns(nw.coalesce(nw.col("_place"), nw.col("value")).alias("value"))


def steps_of(milestones: "nw.LazyFrame[Any]", keys: Sequence[str], facts: Facts, as_of: date) -> "nw.LazyFrame[Any]":
    """Return what is done, due and late of the steps of `milestones` (their keys, `steps` and `_text`, the steps told).

    `_done_share` and `_due_share` are shares of the weight, the one that is due by `as_of`. `_late_step` tells of a step
    past due; `_steps_behind` is the lateness of the oldest open one, or how early the newest one done came.
    """
    day = as_of.toordinal()
    rows = []
    for written, steps in facts.steps:
        whole = total_of(weight for _, _, weight in steps)
        due = total_of(weight for _, when, weight in steps if when <= as_of) / whole
        rows += [
            (written, f";{name};", weight / whole, when.toordinal(), when <= as_of, when < as_of, due)
            for name, when, weight in steps
        ]
    kinds = ("text", "text", "float", "int", "bool", "bool", "float")
    names = ("steps", "_step", "_part", "_step_day", "_step_due", "_step_past", "_step_share")
    columns = list(zip(*rows, strict=True))
    known = table(milestones, {n: (kind, values) for n, kind, values in zip(names, kinds, columns, strict=True)})
    told = nw.concat_str(nw.lit(";"), nw.col("_text").fill_null("").str.replace_all(" ", "", literal=True), nw.lit(";"))
    each = milestones.select(*keys, "steps", told.alias("_told")).join(known, on="steps", how="inner")
    done = nw.col("_told").str.contains(nw.col("_step"), literal=True)
    each = each.with_columns(done.alias("_done")).with_columns(
        nw.when(nw.col("_done")).then(nw.col("_part")).otherwise(nw.lit(0.0)).alias("_part"),
        nw.when(nw.col("_done")).then(nw.lit(0)).otherwise(nw.lit(1)).alias("_open"),
        nw.when(nw.col("_step_due") & ~nw.col("_done")).then(nw.lit(1)).otherwise(nw.lit(0)).alias("_late"),
        nw.when(nw.col("_step_past") & ~nw.col("_done")).then(nw.col("_step_day")).alias("_oldest_open"),
        nw.when(nw.col("_done")).then(nw.col("_step_day")).alias("_newest_done"),
    )
    what: list[Gathered] = [
        ("_done_share", "sum", "_part"), ("_due_share", "min", "_step_share"), ("_open", "max", "_open"),
        ("_late", "max", "_late"), ("_oldest_open", "min", "_oldest_open"), ("_newest_done", "max", "_newest_done"),
    ]  # fmt: skip
    found = gathered(each, keys, what, "_part")
    ahead = nw.when(nw.col("_done_share") <= nw.col("_due_share") + TOLERANCE).then(nw.lit(0)).otherwise(
        day - nw.col("_newest_done")
    )  # fmt: skip
    behind = nw.when(nw.col("_oldest_open").is_null()).then(ahead).otherwise(day - nw.col("_oldest_open"))
    return found.select(
        *keys, "_done_share", "_due_share",
        (nw.col("_open") == 0).alias("_all_done"), (nw.col("_late") == 1).alias("_late_step"),
        behind.cast(nw.Int64()).alias("_steps_behind"),
    )  # fmt: skip
