"""Observations in frames: which rows can be scored, and what is wrong with the others."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import narwhals.stable.v2 as nw

from kpi_tracker.diagnostics import Diagnostic
from kpi_tracker.frames.checking import Rule, broken, check_shape, rows_of
from kpi_tracker.frames.columns import DEFAULT_KEYS, TARGETS, complete
from kpi_tracker.frames.engine import alike, lazily, near_table
from kpi_tracker.frames.facts import listed, steps_in
from kpi_tracker.frames.native import beside
from kpi_tracker.frames.problem import FrameError
from kpi_tracker.model.measure import Measure
from kpi_tracker.sources.cells import NO_STEP

if TYPE_CHECKING:
    from narwhals.stable.v2.typing import IntoFrameT

__all__ = ["Usable", "check_observations", "usable"]

NAME = "observations"


class Usable(NamedTuple):
    """The observations that can be scored, in the kind of frame that they came in, and what is wrong with the others."""

    observations: Any
    faults: tuple[Diagnostic, ...]


class _Unfit(NamedTuple):
    """What is wrong with some rows, and how they are left out."""

    faults: list[Diagnostic]
    without: "Callable[[nw.LazyFrame[Any]], nw.LazyFrame[Any]]"


def usable(targets: "IntoFrameT", observations: "IntoFrameT", *, keys: Sequence[str] = DEFAULT_KEYS) -> Usable:
    """Return the observations without the rows that :func:`score` refuses, and the faults of those.

    Of two figures between which nothing tells neither is used. `targets` must be sound.

    Raises:
        FrameError: a column is missing or of the wrong type.
    """
    wanted, _ = lazily(targets, "targets")
    rows, back = lazily(observations, NAME)
    alike(wanted, rows, NAME)
    check_shape(wanted, rows, keys)
    kept, found = _sifted(complete(wanted, TARGETS), rows, keys)
    return Usable(back(kept) if found else observations, tuple(found))


def check_observations(targets: "nw.LazyFrame[Any]", observations: "nw.LazyFrame[Any]", keys: Sequence[str]) -> None:
    """Refuse observations that cannot be scored.

    Raises:
        FrameError: rows cannot be scored.
    """
    _, found = _sifted(targets, observations, keys)
    if found:
        raise FrameError(found)


def _sifted(
    targets: "nw.LazyFrame[Any]", observations: "nw.LazyFrame[Any]", keys: Sequence[str]
) -> "tuple[nw.LazyFrame[Any], list[Diagnostic]]":
    """Return the rows in which nothing is wrong, and what is wrong with the others."""
    found: list[Diagnostic] = []
    kept = observations
    if (
        observations.collect_schema().get("text", nw.String()) != nw.String()
    ):  # categories, which join only with their like
        kept = observations.with_columns(nw.col("text").cast(nw.String()))
    for check in (_valueless, _strangers, _of_another_kind, _strange_words, _ties):
        for unfit in check(targets, kept, list(keys)):
            if unfit.faults:
                found += unfit.faults
                kept = unfit.without(kept)
    return kept, found


def _text(rows: "nw.LazyFrame[Any]") -> nw.Expr:
    return nw.col("text") if "text" in rows.collect_schema() else nw.lit(None).cast(nw.String())


def _valueless(_: "nw.LazyFrame[Any]", rows: "nw.LazyFrame[Any]", on: list[str]) -> Iterator[_Unfit]:
    """Yield what has no date, and no value or one that is no number."""
    value, dateless = nw.col("value"), nw.col("date").is_null()
    wrong = value.is_null() & _text(rows).is_null()
    if rows.collect_schema()["value"].is_float():
        wrong = wrong | ~value.is_finite().fill_null(True)
    rules = [Rule("KT366", "date", dateless), Rule("KT366", "value", wrong)]
    yield _Unfit(list(broken(rows, NAME, on, rules)), lambda kept: kept.filter(~dateless, ~wrong))


def _strangers(targets: "nw.LazyFrame[Any]", rows: "nw.LazyFrame[Any]", on: list[str]) -> Iterator[_Unfit]:
    """Yield what is of no KPI."""
    known = targets.select(*on)
    strangers = rows.select(*on).unique(on).join(known, on=on, how="anti")
    yield _Unfit(rows_of(strangers, NAME, on, "KT369"), lambda kept: kept.join(known, on=on, how="semi"))


def _without(rows: "nw.LazyFrame[Any]", bad: "nw.LazyFrame[Any]") -> "nw.LazyFrame[Any]":
    """Return rows without those that have what a row of `bad` has in all its columns that are theirs, too.

    What is bad is brought here first: rows that wait for other rows of themselves, five times one within the other, would
    keep an engine busy for minutes.
    """
    there = rows.collect_schema()
    on = [name for name in bad.collect_schema().names() if name in there]
    table = bad.select(*on).unique(on).collect("polars").to_native()
    return rows.join(beside(rows, table), on=on, how="anti")


def _of_another_kind(targets: "nw.LazyFrame[Any]", rows: "nw.LazyFrame[Any]", on: list[str]) -> Iterator[_Unfit]:
    """Yield words where a number is asked for, numbers where steps are, and numbers that are no place on a scale."""
    measure, value, text = nw.col("measure"), nw.col("value"), _text(rows)
    worded = measure.is_in((Measure.MILESTONE.value, Measure.GRADE.value))
    if "text" in rows.collect_schema():
        told = value.is_null() & ~text.is_null()
        words = rows.filter(told).select(*on).join(targets.filter(~worded).select(*on), on=on, how="semi")
        yield _aside(words, told, "value", on)
    few = targets.filter(worded).select(*on, "measure", "scale")
    if not few.select(nw.len().alias("_n")).collect("polars").item():
        return
    bare = ~value.is_null() & text.is_null()
    found = rows.filter(bare).join(few, on=on, how="inner")
    yield _aside(found.filter(measure == Measure.MILESTONE.value).select(*on), bare, "text", on)
    scale = nw.col("scale")
    grades = scale.str.len_chars() - scale.str.replace_all(";", "", literal=True).str.len_chars() + 1
    places = found.filter(measure == Measure.GRADE.value, (value < 1) | (value > grades) | (value != value.floor()))
    yield _aside(places.select(*on, "value"), bare, "value", on)


def _aside(bad: "nw.LazyFrame[Any]", suspect: nw.Expr, column: str, on: list[str]) -> _Unfit:
    """Return what is wrong with those of the `suspect` rows that have what `bad` has."""
    told = bad.with_columns(nw.lit(True).alias("_suspect"))
    return _Unfit(
        rows_of(bad, NAME, on, "KT366", key=column),
        lambda kept: _without(kept.with_columns(suspect.alias("_suspect")), told).drop("_suspect"),
    )


def _strange_words(targets: "nw.LazyFrame[Any]", rows: "nw.LazyFrame[Any]", on: list[str]) -> Iterator[_Unfit]:
    """Yield grades that are not on the scale, and texts that name a step which is not there."""
    if "text" not in rows.collect_schema():
        return
    told = rows.filter(~nw.col("text").is_null()).select(*on, "text")
    for strange in (_misfits(targets, told, on), _strange_steps(targets, told, on)):
        if strange is not None:
            yield _Unfit(rows_of(strange, NAME, [*on, "text"], "KT357"), partial(_without, bad=strange))


def _ties(_: "nw.LazyFrame[Any]", rows: "nw.LazyFrame[Any]", on: list[str]) -> Iterator[_Unfit]:
    """Yield what is there twice and recorded at one time, with different values; without a time, whatever the values."""
    there = rows.collect_schema()
    if "recorded_at" not in there:
        twice = rows.group_by(*on, "date").agg(nw.len().alias("_rows")).filter(nw.col("_rows") > 1)
        yield _Unfit(rows_of(twice, NAME, [*on, "date"], "KT356"), partial(_without, bad=twice))
        return
    end = nw.col("date").cast(nw.Datetime("us")).dt.offset_by("86399999999us")
    at = nw.coalesce(nw.col("recorded_at").cast(nw.Datetime("us")), end).alias("_at")
    moment, timed = [*on, "date", "_at"], rows.with_columns(at)
    spread = (nw.col("value").max() - nw.col("value").min()).alias("_spread")
    ties = timed.group_by(*moment).agg(spread).filter(nw.col("_spread") > 0).select(*moment)
    if "text" in there:
        words = timed.filter(~nw.col("text").is_null()).group_by(*moment)
        ends = words.agg(nw.col("text").min().alias("_least"), nw.col("text").max().alias("_most"))
        unlike = ends.filter(nw.col("_least") != nw.col("_most")).select(*moment)
        ties = nw.concat([ties, unlike], how="vertical")
    faults = rows_of(ties, NAME, [*on, "date"], "KT356")
    yield _Unfit(faults, lambda kept: _without(kept.with_columns(at), ties).drop("_at"))


def _misfits(targets: "nw.LazyFrame[Any]", told: "nw.LazyFrame[Any]", on: list[str]) -> "nw.LazyFrame[Any]":
    """Return the texts that are no grade of the scale."""
    graded = targets.filter(nw.col("measure") == Measure.GRADE.value).select(*on, "scale")
    rows = told.join(graded, on=on, how="inner")
    return rows.filter(~_in_list(nw.col("scale"), nw.col("text")) | nw.col("text").str.contains(";", literal=True))


def _strange_steps(
    targets: "nw.LazyFrame[Any]", told: "nw.LazyFrame[Any]", on: list[str]
) -> "nw.LazyFrame[Any] | None":
    """Return the texts that name a step which the milestone does not have; None where there is none."""
    steps = targets.filter(nw.col("measure") == Measure.MILESTONE.value).select(*on, "steps")
    told = told.join(steps, on=on, how="inner")
    pairs = told.select("steps", "text").unique(["steps", "text"]).collect("polars")  # few: those of a template
    strange = [
        (steps, text)
        for steps, text in pairs.rows()
        if text.strip().lower() not in NO_STEP and not {name for name, _, _ in steps_in(steps)}.issuperset(listed(text))
    ]
    if not strange:
        return None
    table = near_table(
        {name: ("text", column) for name, column in zip(("steps", "text"), zip(*strange, strict=True), strict=True)}
    )
    return told.join(beside(told, table.collect()), on=["steps", "text"], how="semi")


def _in_list(whole: nw.Expr, part: nw.Expr) -> nw.Expr:
    spaceless = whole.str.replace_all("; ", ";", literal=True)
    border = nw.lit(";")
    return nw.concat_str(border, spaceless, border).str.contains(nw.concat_str(border, part, border), literal=True)
