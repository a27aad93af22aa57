"""What is written in words: grades become places on their scale, and steps done become shares of the weight."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from kpi_tracker.frames.engine import Gathered, near_gathered, near_table
from kpi_tracker.frames.facts import Facts
from kpi_tracker.model.exactness import TOLERANCE, total_of

__all__ = ["steps_of", "with_places"]


def with_places(scores: pl.LazyFrame, facts: Facts) -> pl.LazyFrame:
    """Return scores in which the value of a grade is its place, 1 the best; a place that is given stays."""
    rows = [(written, grade, i) for written, scale in facts.scales.items() for i, grade in enumerate(scale, 1)]
    places = near_table(
        {
            "scale": ("text", [row[0] for row in rows]),
            "_text": ("text", [row[1] for row in rows]),
            "_place": ("float", [float(row[2]) for row in rows]),
        },
    )
    found = scores.join(places, on=["scale", "_text"], how="left")
    return found.with_columns(pl.coalesce(pl.col("_place"), pl.col("value")).alias("value"))


def steps_of(milestones: pl.LazyFrame, keys: Sequence[str], facts: Facts, as_of: date) -> pl.LazyFrame:
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
    known = near_table({n: (kind, values) for n, kind, values in zip(names, kinds, columns, strict=True)})
    told = pl.concat_str(pl.lit(";"), pl.col("_text").fill_null("").str.replace_all(r"\s", ""), pl.lit(";"))
    each = milestones.select(*keys, "steps", told.alias("_told")).join(known, on="steps", how="inner")
    done = pl.col("_told").str.contains(pl.col("_step"), literal=True)
    each = each.with_columns(done.alias("_done")).with_columns(
        pl.when(pl.col("_done")).then(pl.col("_part")).otherwise(pl.lit(0.0)).alias("_part"),
        pl.when(pl.col("_done")).then(pl.lit(0)).otherwise(pl.lit(1)).alias("_open"),
        pl.when(pl.col("_step_due") & ~pl.col("_done")).then(pl.lit(1)).otherwise(pl.lit(0)).alias("_late"),
        pl.when(pl.col("_step_past") & ~pl.col("_done")).then(pl.col("_step_day")).alias("_oldest_open"),
        pl.when(pl.col("_done")).then(pl.col("_step_day")).alias("_newest_done"),
    )
    what: list[Gathered] = [
        ("_done_share", "sum", "_part"), ("_due_share", "min", "_step_share"), ("_open", "max", "_open"),
        ("_late", "max", "_late"), ("_oldest_open", "min", "_oldest_open"), ("_newest_done", "max", "_newest_done"),
    ]  # fmt: skip
    found = near_gathered(each, keys, what, "_part")
    ahead = pl.when(pl.col("_done_share") <= pl.col("_due_share") + TOLERANCE).then(pl.lit(0)).otherwise(
        day - pl.col("_newest_done")
    )  # fmt: skip
    behind = pl.when(pl.col("_oldest_open").is_null()).then(ahead).otherwise(day - pl.col("_oldest_open"))
    return found.select(
        *keys, "_done_share", "_due_share",
        (pl.col("_open") == 0).alias("_all_done"), (pl.col("_late") == 1).alias("_late_step"),
        behind.cast(pl.Int64).alias("_steps_behind"),
    )  # fmt: skip
