"""Observations in frames: which rows can be scored, and what is wrong with the others."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import narwhals.stable.v2 as nw

from kpi_tracker.diagnostics import Diagnostic
from kpi_tracker.frames.checking import Rule, broken, check_shape, rows_of, unreadable
from kpi_tracker.frames.columns import DEFAULT_KEYS, OBSERVATIONS, OURS, TARGETS, complete, day_in, recorded_in
from kpi_tracker.frames.engine import Column, near_table
from kpi_tracker.frames.given import alike, lazily
from kpi_tracker.frames.keys import same_keys
from kpi_tracker.frames.native import beside
from kpi_tracker.frames.problem import FrameError
from kpi_tracker.frames.written import listed, parts_of, steps_in
from kpi_tracker.model.measure import Measure
from kpi_tracker.sources.cells import NO_STEP

if TYPE_CHECKING:
    from narwhals.stable.v2.typing import IntoFrameT

__all__ = ["Usable", "check_observations", "usable"]

NAME = "observations"
GRADE, MILESTONE = Measure.GRADE.value, Measure.MILESTONE.value
SUSPECT = OURS + "suspect"
"""The column that marks, for a while, in which rows something is looked for."""


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

    Of two figures between which nothing tells neither is used. Where nothing is wrong the frame itself comes back; else
    an index of pandas is made anew.

    Raises:
        FrameError: a column is missing or of the wrong type, or points, steps or a scale of `targets` cannot be read.
    """
    wanted, _ = lazily(targets, "targets", (*keys, *TARGETS))
    rows, back = lazily(observations, NAME, (*keys, *OBSERVATIONS))
    alike(wanted, rows, NAME)
    check_shape(wanted, rows, keys)
    columns = rows.collect_schema().names()
    wanted, rows = same_keys(wanted, rows, keys)
    whole = complete(wanted, TARGETS)
    if found := list(unreadable(whole)):
        raise FrameError(found)
    kept = rows
    for check in CHECKS:
        for unfit in check(whole, _known(kept, keys), list(keys)):
            if unfit.faults:
                found += unfit.faults
                kept = unfit.without(kept)
    return Usable(back(kept, columns) if found else observations, tuple(found))


def check_observations(targets: "nw.LazyFrame[Any]", observations: "nw.LazyFrame[Any]", keys: Sequence[str]) -> None:
    """Refuse observations that cannot be scored; what is wrong is told all at once.

    Raises:
        FrameError: rows cannot be scored.
    """
    rows = _known(observations, keys)
    found = [fault for check in CHECKS for unfit in check(targets, rows, list(keys)) for fault in unfit.faults]
    if found:
        raise FrameError(found)


def _known(observations: "nw.LazyFrame[Any]", keys: Sequence[str]) -> "nw.LazyFrame[Any]":
    """Return the columns that observations are known by, with a text column that is of texts where there is one."""
    there = observations.collect_schema()
    columns: list[str | nw.Expr] = [*keys, *(name for name in OBSERVATIONS if name in there and name != "text")]
    if "text" in there:
        columns.append(_text(there))
    return observations.select(*columns)


def _text(there: Mapping[str, Any]) -> nw.Expr:
    """Return what stands in the text column, a category as its text; nothing where there is none."""
    if "text" not in there:
        return nw.lit(None).cast(nw.String())
    return nw.col("text") if there["text"] == nw.String() else nw.col("text").cast(nw.String())


def _without(rows: "nw.LazyFrame[Any]", bad: "nw.LazyFrame[Any]", on: Mapping[str, nw.Expr]) -> "nw.LazyFrame[Any]":
    """Return rows without those that have in `on` what a row of `bad` has in its columns of these names.

    What is bad is brought here first: rows that wait for other rows of themselves, five times one within the other, would
    keep an engine busy for minutes.
    """
    table = bad.select(*on).unique(list(on)).collect("polars").to_native()
    names = {name: OURS + name for name in on}
    beside_them = rows.with_columns(*(expr.alias(names[name]) for name, expr in on.items()))
    left = beside_them.join(beside(rows, table.rename(names)), on=list(names.values()), how="anti")
    return left.drop(*names.values())


def _columns(*names: str) -> dict[str, nw.Expr]:
    return {name: nw.col(name) for name in names}


def _valueless(_: "nw.LazyFrame[Any]", rows: "nw.LazyFrame[Any]", on: list[str]) -> Iterator[_Unfit]:
    """Yield what has no date, and no value or one that is no number."""
    there = rows.collect_schema()
    value, dateless = nw.col("value"), nw.col("date").is_null()
    wrong = value.is_null() & _text(there).is_null()
    if there["value"].is_float():
        wrong = wrong | ~value.is_finite().fill_null(True)
    rules = [Rule("KT366", "date", dateless), Rule("KT366", "value", wrong)]
    yield _Unfit(list(broken(rows, NAME, [*on, "date"], rules)), lambda kept: kept.filter(~dateless, ~wrong))


def _strangers(targets: "nw.LazyFrame[Any]", rows: "nw.LazyFrame[Any]", on: list[str]) -> Iterator[_Unfit]:
    """Yield what is of no KPI."""
    known = targets.select(*on)
    strangers = rows.select(*on).unique(on).join(known, on=on, how="anti")
    yield _Unfit(rows_of(strangers, NAME, on, "KT369"), lambda kept: kept.join(known, on=on, how="semi"))


def _of_another_kind(targets: "nw.LazyFrame[Any]", rows: "nw.LazyFrame[Any]", on: list[str]) -> Iterator[_Unfit]:
    """Yield words where a number is asked for, numbers where steps are, and numbers that are no place on a scale."""
    there = rows.collect_schema()
    value, text = nw.col("value"), _text(there)
    if "text" in there:
        told = value.is_null() & ~text.is_null()
        others = targets.filter(~nw.col("measure").is_in((GRADE, MILESTONE))).select(*on)
        yield _among(rows.filter(told).select(*on, "date").join(others, on=on, how="semi"), told, "value", on)
    few = _worded(targets, on)
    scales = few.select("scale").unique(["scale"]).collect("polars").get_column("scale").to_list()
    if not scales:
        return
    bare = ~value.is_null() & text.is_null()
    found = rows.filter(bare).select(*on, "date", "value").join(few, on=on, how="inner")
    yield _among(found.filter(nw.col("measure") == MILESTONE), bare, "text", on)
    lengths = near_table({"scale": ("text", scales), "_grades": ("int", [len(listed(one)) for one in scales])})
    places = found.filter(nw.col("measure") == GRADE).join(beside(found, lengths.collect()), on=["scale"], how="inner")
    off = (value < 1) | (value > nw.col("_grades")) | (value != value.floor())
    yield _among(places.filter(off), bare, "value", on, {"value": value})


def _among(
    bad: "nw.LazyFrame[Any]", suspect: nw.Expr, column: str, on: list[str], more: Mapping[str, nw.Expr] | None = None
) -> _Unfit:
    """Return what is wrong with those of the `suspect` rows that have the keys of `bad`, and `more` of what it has."""
    told = bad.with_columns(nw.lit(True).alias(SUSPECT))
    where = {**_columns(*on), **(more or {}), SUSPECT: suspect}
    return _Unfit(rows_of(bad, NAME, [*on, "date"], "KT366", key=column), lambda kept: _without(kept, told, where))


def _worded(targets: "nw.LazyFrame[Any]", on: list[str]) -> "nw.LazyFrame[Any]":
    """Return the KPIs that are observed in words, with what these may be; a scale or steps that are not asked for are empty."""
    few = targets.filter(nw.col("measure").is_in((GRADE, MILESTONE)))
    return few.select(*on, "measure", nw.col("scale").fill_null(""), nw.col("steps").fill_null(""))


WORDS = ("measure", "scale", "steps", "text")


def _spelled(told: "nw.LazyFrame[Any]") -> list[tuple[str, str, str, str]]:
    """Return every text that was told, with what it may be. They are few: those of a template, and what is wrong."""
    texts = told.filter(~nw.col("text").is_null()).select(*WORDS).unique(list(WORDS))
    return sorted(texts.collect("polars").rows())


def _steps(text: str) -> frozenset[str]:
    """Return the steps that a text says are done."""
    return frozenset() if text.strip().lower() in NO_STEP else frozenset(parts_of(text))


def _strange_words(targets: "nw.LazyFrame[Any]", rows: "nw.LazyFrame[Any]", on: list[str]) -> Iterator[_Unfit]:
    """Yield grades that are not on the scale, and texts that name a step which is not there."""
    if "text" not in rows.collect_schema():
        return
    told = rows.filter(~nw.col("text").is_null()).select(*on, "text").join(_worded(targets, on), on=on, how="inner")
    strange = [
        (measure, scale, steps, text)
        for measure, scale, steps, text in _spelled(told)
        if (
            text not in listed(scale)
            if measure == GRADE
            else not _steps(text) <= {one for one, _, _ in steps_in(steps)}
        )
    ]
    if strange:
        bad = told.join(beside(told, near_table(_as_columns(strange)).collect()), on=list(WORDS), how="semi")
        where = {**_columns(*on), "text": nw.col("text").cast(nw.String())}
        yield _Unfit(rows_of(bad, NAME, [*on, "text"], "KT357"), lambda kept: _without(kept, bad, where))


def _as_columns(spelled: Sequence[tuple[str, str, str, str]]) -> dict[str, Column]:
    return {name: ("text", [row[i] for row in spelled]) for i, name in enumerate(WORDS)}


def _ties(targets: "nw.LazyFrame[Any]", rows: "nw.LazyFrame[Any]", on: list[str]) -> Iterator[_Unfit]:
    """Yield what is there twice and recorded at one time, and does not say the same; without a time, whatever it says."""
    there = rows.collect_schema()
    dated = {**_columns(*on), "date": day_in(there)}
    if "recorded_at" not in there:
        days = rows.with_columns(dated["date"])
        twice = days.group_by(*on, "date").agg(nw.len().alias("_rows")).filter(nw.col("_rows") > 1)
        yield _Unfit(rows_of(twice, NAME, [*on, "date"], "KT356"), lambda kept: _without(kept, twice, dated))
        return
    at = recorded_in(there, nw)
    moment = {**dated, "_at": at}
    timed = rows.with_columns(dated["date"], at.alias("_at"))
    value = nw.col("value")  # not their difference, which small whole numbers cannot hold: 100 and -100 of 8 bits
    extremes = timed.group_by(*moment).agg(value.max().alias("_most"), value.min().alias("_least"))
    ties = extremes.filter(nw.col("_most") > nw.col("_least")).select(*moment)
    told = None if "text" not in there else timed.join(_worded(targets, on), on=on, how="inner")
    if told is not None and (spelled := _spelled(told)):
        ties = nw.concat([ties, _said_otherwise(told, spelled, list(moment))], how="vertical")
    faults = rows_of(ties, NAME, [*on, "date"], "KT356")
    yield _Unfit(faults, lambda kept: _without(kept, ties, moment))


def _said_otherwise(
    told: "nw.LazyFrame[Any]", spelled: list[tuple[str, str, str, str]], moment: list[str]
) -> "nw.LazyFrame[Any]":
    """Return the moments at which words do not say the same: another grade or place, other steps in whatever order."""
    grades = [listed(scale) if measure == GRADE else [] for measure, scale, _, _ in spelled]
    places = [
        float(own.index(row[-1]) + 1) if row[-1] in own else None for own, row in zip(grades, spelled, strict=True)
    ]
    steps = ["; ".join(sorted(_steps(text))) if measure == MILESTONE else None for measure, _, _, text in spelled]
    meant = near_table({**_as_columns(spelled), "_place": ("float", places), "_steps": ("text", steps)})
    said = told.join(beside(told, meant.collect()), on=list(WORDS), how="left")
    said = said.with_columns(nw.coalesce("_place", nw.col("value").cast(nw.Float64())).alias("_place"))
    ends = said.group_by(*moment).agg(
        (nw.col("_place").max() - nw.col("_place").min()).alias("_spread"),
        nw.col("_steps").min().alias("_least"), nw.col("_steps").max().alias("_most"),
    )  # fmt: skip
    return ends.filter((nw.col("_spread") > 0) | (nw.col("_least") != nw.col("_most"))).select(*moment)


CHECKS = (_valueless, _strangers, _of_another_kind, _strange_words, _ties)
"""What is looked for, in this order: a row with one fault is no tie with a sound one."""
