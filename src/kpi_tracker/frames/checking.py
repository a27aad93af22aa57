"""What frames must be to be scored, and what targets must hold: all that is wrong is told at once, with the keys of the rows."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from itertools import pairwise
from types import MappingProxyType
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw

from kpi_tracker.diagnostics import Diagnostic
from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.frames.columns import OBSERVATIONS, OURS, SCORES, TARGETS, complete, readable, zoned
from kpi_tracker.frames.engine import Column, is_sql, near_table
from kpi_tracker.frames.given import ROW
from kpi_tracker.frames.native import beside
from kpi_tracker.frames.problem import SHOWN, FrameError, fault
from kpi_tracker.frames.rules import Rules
from kpi_tracker.frames.written import listed, points_in, steps_in
from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.exactness import TOLERANCE
from kpi_tracker.model.kpi import ProfileKind
from kpi_tracker.model.measure import NUMERIC, Aggregate, Cadence, Direction, Measure
from kpi_tracker.model.target import TargetForm

__all__ = ["Rule", "broken", "check_shape", "check_targets", "rows_of", "unreadable", "word"]

BOUNDS = (TargetForm.AT_MOST.value, TargetForm.AT_LEAST.value)
INFINITE, FIRST, LAST, GRADES = (OURS + name for name in ("infinite ", "first", "last", "grades"))
"""Names, or how they begin, of what is put beside a user's own columns for a while."""


class Rule(NamedTuple):
    """A row is wrong where `bad` holds; `column` is shown with it, and `args` tell what was expected."""

    code: str
    column: str
    bad: nw.Expr
    args: Mapping[str, Any] = MappingProxyType({})


def check_shape(targets: "nw.LazyFrame[Any]", observations: "nw.LazyFrame[Any]", keys: Sequence[str]) -> None:
    """Refuse frames without a column that is needed, with one of a kind that cannot be read, or of a name that is ours.

    Raises:
        FrameError: a column is missing or of the wrong kind.
        TypeError: `keys` is a single text.
        ValueError: there is no key, or one stands twice.
    """
    if isinstance(keys, str):
        raise TypeError(f"keys must be a sequence of names, not {keys!r}")
    if not keys or len(set(keys)) < len(keys):
        raise ValueError(f"keys must be one or more different names, not {tuple(keys)!r}")
    found = [
        *(fault("KT383", "targets", value=name) for name in targets.collect_schema() if _is_taken(name, targets, keys)),
        *_shape(targets, "targets", keys, TARGETS, ("measure",)),
        *_shape(observations, "observations", keys, OBSERVATIONS, ("date", "value")),
    ]
    if found:
        raise FrameError(found)


def _is_taken(name: str, targets: "nw.LazyFrame[Any]", keys: Collection[str]) -> bool:
    """Tell whether a column of targets cannot have a name: one of scores, or as a key any that has a meaning here.

    The columns of a query while it is put together begin with `_`.
    """
    same = name.lower() if is_sql(targets) else name
    return same in SCORES or (name in keys and (same in TARGETS or same in OBSERVATIONS or name.startswith("_")))


def _shape(
    frame: "nw.LazyFrame[Any]", name: str, keys: Sequence[str], columns: dict[str, nw.dtypes.DType],
    needed: Sequence[str],
) -> Iterable[Diagnostic]:  # fmt: skip
    there = frame.collect_schema()
    names = [column for column in there if column != ROW]
    sessional = is_sql(frame)
    for column in (*keys, *needed):
        if column not in there:
            yield fault("KT362", name, value=column, expected=", ".join(names), nearest=nearest(column, names))
    unknown = [column for column in (*keys, *columns) if column in there and there[column] == nw.Unknown()]
    counts = frame.select(nw.col(column).count() for column in unknown).collect("polars").rows()[0] if unknown else ()
    filled = {column for column, count in zip(unknown, counts, strict=True) if count}
    for column in (key for key in keys if key in filled):
        expected = Phrase(N_("texts, whole numbers or dates"))
        yield fault("KT363", name, key=column, value=str(there[column]), expected=expected)
    for column, kind in columns.items():
        fits = column in there and (readable(there[column], kind) or (sessional and zoned(there[column])))
        if column in there and (column in filled or not fits):
            yield fault("KT363", name, key=column, value=str(there[column]), expected=str(kind))


def check_targets(targets: "nw.LazyFrame[Any]", keys: Sequence[str], rules: Rules) -> None:
    """Refuse targets, as they came, that cannot be scored: words that mean nothing, a target that is its own baseline.

    Raises:
        FrameError: rows cannot be scored.
    """
    marked, infinite = _infinite(targets)
    whole = complete(marked, TARGETS)
    repeated = whole.group_by(*keys).agg(nw.len().alias("_rows")).filter(nw.col("_rows") > 1)
    rows_rules = [*_key_rules(targets, keys), *infinite, *_target_rules(rules), *_date_rules(rules)]
    found = [*rows_of(repeated, "targets", keys, "KT364"), *broken(whole, "targets", keys, _once(rows_rules))]
    texts = _texts(whole)
    found += [*_unreadable(texts), *_off_scale(whole, keys, texts["scale"])]
    for column, of_interest in _dated().items():
        found += _outside(whole.filter(of_interest), column, keys, rules, texts[column])
    if found:
        raise FrameError(found)


def _once(rules: Iterable[Rule]) -> list[Rule]:
    """Return rules of which no two say the same: what is infinite, and so has no value, is told once."""
    found: dict[tuple[str, str, str], Rule] = {}
    for rule in rules:
        said = rule.code, rule.column, str(rule.args)
        found[said] = rule._replace(bad=found[said].bad | rule.bad) if said in found else rule
    return [*found.values()]


def _key_rules(targets: "nw.LazyFrame[Any]", keys: Sequence[str]) -> Iterable[Rule]:
    """Yield that a key is missing: the row is of no KPI."""
    there = targets.collect_schema()
    for name in keys:
        key = nw.col(name)
        yield Rule("KT366", name, key.is_null() | key.is_nan() if there[name].is_float() else key.is_null())


def _infinite(targets: "nw.LazyFrame[Any]") -> tuple["nw.LazyFrame[Any]", list[Rule]]:
    """Return targets with marks where a number is infinite, and the rules for these: to read it makes it a missing one."""
    there = targets.collect_schema()
    names = [
        name for name, kind in TARGETS.items() if kind == nw.Float64() and name in there and there[name].is_float()
    ]
    marks = [(~nw.col(name).is_finite() & ~nw.col(name).is_nan()).alias(INFINITE + name) for name in names]
    marked = targets.with_columns(*marks) if marks else targets
    return marked, [Rule("KT366", name, nw.col(INFINITE + name)) for name in names]


def _span(rules: Rules) -> tuple[nw.Expr, nw.Expr]:
    """Return the first and the last day of each KPI."""
    period = rules.period
    return nw.coalesce(nw.col("start"), nw.lit(period.start)), nw.coalesce(nw.col("due"), nw.lit(period.end))


def _date_rules(rules: Rules) -> Iterable[Rule]:
    """Yield that a KPI lies outside the period, or ends before it starts."""
    first, last = nw.lit(rules.period.start), nw.lit(rules.period.end)
    words = {"start": rules.period.start.isoformat(), "end": rules.period.end.isoformat()}
    reason = Phrase(N_("it lies outside the period from {start} to {end}"), words)
    start, due = _span(rules)
    outside = {name: (day < first) | (day > last) for name, day in (("start", start), ("due", due))}
    for name, bad in outside.items():
        yield Rule("KT384", name, bad, {"reason": reason})
    backwards = ~outside["start"] & ~outside["due"] & (due < start)
    yield Rule("KT384", "due", backwards, {"reason": Phrase(N_("it is due before it starts"))})
    yield Rule("KT366", "grace", nw.col("grace") < 0)


def _target_rules(rules: Rules) -> list[Rule]:
    measure, t, b = nw.col("measure"), nw.col("target"), nw.col("baseline")
    words: dict[str, Sequence[str]] = {
        "measure": list(Measure), "direction": list(Direction), "form": list(TargetForm),
        "aggregate": list(Aggregate), "profile": list(ProfileKind), "cadence": list(Cadence),
        "thresholds": list(rules.presets),
    }  # fmt: skip
    found = [
        Rule("KT365", column, (~nw.col(column).is_in([str(one) for one in known])) & ~nw.col(column).is_null(),
             {"expected": ", ".join(str(one) for one in known)})
        for column, known in words.items()
    ]  # fmt: skip
    growing = [name for name, preset in rules.presets.items() if preset.by == "growth"]
    by_growth = nw.col("thresholds").is_in(growing).fill_null(rules.thresholds.by == "growth")
    free = measure.is_in([Measure.LEVEL.value, Measure.RATE.value]) & by_growth
    numeric = measure.is_in([one.value for one in NUMERIC])
    keeps = (nw.col("form") == TargetForm.MAINTAIN.value).fill_null(False)
    falls = (nw.col("direction") == Direction.DECREASE.value).fill_null(False)
    needs: dict[str, nw.Expr] = {
        "measure": measure.is_null(),
        "target": t.is_null() & (measure != Measure.MILESTONE.value) & ~free,
        "direction": numeric & nw.col("direction").is_null(),
        "form": (measure == Measure.LIMIT.value) & ~nw.col("form").is_in(BOUNDS).fill_null(False),
        "scale": (measure == Measure.GRADE.value) & nw.col("scale").is_null(),
        "steps": (measure == Measure.MILESTONE.value) & nw.col("steps").is_null(),
        "points": (nw.col("profile") == ProfileKind.POINTS.value).fill_null(False) & nw.col("points").is_null(),
        "baseline": (measure == Measure.LEVEL.value) & keeps & b.is_null(),
    }
    found += [Rule("KT366", column, bad) for column, bad in needs.items()]
    same = (t - b).abs() <= TOLERANCE * (1 + b.abs())
    wrong_side = (numeric & (same | ((t < b) != falls))) | ((measure == Measure.GRADE.value) & (t >= b))
    found.append(Rule("KT367", "target", wrong_side & ~keeps))
    found += [Rule("KT366", column, nw.col(column) < 0) for column in ("weight", "tolerance")]
    return found


def unreadable(targets: "nw.LazyFrame[Any]") -> Iterable[Diagnostic]:
    """Yield what is written in text and cannot be read; the texts are few."""
    return _unreadable(_texts(targets))


Texts = Mapping[str, Mapping[str, Sequence[Any]]]
"""By column what its texts mean; one that cannot be read means nothing."""


def _texts(targets: "nw.LazyFrame[Any]") -> Texts:
    """Return what is written in text, with what it means."""
    found: dict[str, dict[str, Sequence[Any]]] = {}
    for column, read in READ.items():
        written = targets.select(column).filter(~nw.col(column).is_null()).unique([column]).collect("polars")
        found[column] = {text: _read(read, text) for (text,) in sorted(written.rows())}
    return found


def _read(read: Callable[[str], Sequence[Any]], text: str) -> Sequence[Any]:
    try:
        return read(text)
    except ValueError:
        return ()


def _points(written: str) -> Sequence[tuple[date, float]]:
    """Return points of which a course can be made, else nothing."""
    points = points_in(written)
    rising = all(day < later and share <= then for (day, share), (later, then) in pairwise(points))
    return points if points and rising and points[0][1] >= 0 and points[-1][1] == 1 else ()


def _steps(written: str) -> Sequence[tuple[str, date, float]]:
    """Return steps of different names of which some count, else nothing."""
    steps = steps_in(written)
    weights = [weight for _, _, weight in steps]
    different = len({name for name, _, _ in steps}) == len(steps)
    return steps if different and any(weights) and min(weights) >= 0 else ()


def _scale(written: str) -> Sequence[str]:
    """Return different grades, else nothing; with one there is nothing to tell apart."""
    grades = listed(written)
    return grades if len(grades) > 1 and len(set(grades)) == len(grades) else ()


READ: Mapping[str, Callable[[str], Sequence[Any]]] = {"points": _points, "steps": _steps, "scale": _scale}


def _unreadable(texts: Texts) -> Iterable[Diagnostic]:
    expected = {
        "points": N_("points such as 2021-03-31 0.1; 2021-12-31 1, with days that ascend and shares that do not fall, up to 1,"),
        "steps": N_("steps such as design 2021-03-31 1; permit 2021-06-30 2, each once, with weights that are not all 0,"),
        "scale": N_("two or more different grades such as A; B; C, the best first,"),
    }  # fmt: skip
    for column, meanings in texts.items():
        for text, meaning in meanings.items():
            if not meaning:
                yield fault("KT368", "targets", key=column, value=text, expected=Phrase(expected[column]))


def _beside_texts(
    targets: "nw.LazyFrame[Any]", column: str, texts: Sequence[str], more: Mapping[str, Column]
) -> "nw.LazyFrame[Any]":
    """Return the targets that have one of `texts` in a column, with what is told of it."""
    table = near_table({column: ("text", texts), **more}).collect()
    return targets.join(beside(targets, table), on=[column], how="inner")


def _off_scale(
    targets: "nw.LazyFrame[Any]", keys: Sequence[str], scales: Mapping[str, Sequence[Any]]
) -> Iterable[Diagnostic]:
    """Yield grades that are no place on their scale; where no scale can be read nothing is asked."""
    lengths = {text: len(grades) for text, grades in scales.items() if grades}
    if not lengths:
        return
    grades = targets.filter(nw.col("measure") == Measure.GRADE.value)
    grades = _beside_texts(grades, "scale", [*lengths], {GRADES: ("int", [*lengths.values()])})
    places = {name: nw.col(name) for name in ("target", "baseline")}
    rules = [
        Rule("KT366", name, (place < 1) | (place > nw.col(GRADES)) | (place != place.floor()))
        for name, place in places.items()
    ]
    yield from broken(grades, "targets", keys, rules)


def _dated() -> Mapping[str, nw.Expr]:
    """Return the columns whose texts name days, and the rows in which they count."""
    return {
        "points": nw.col("profile") == ProfileKind.POINTS.value,
        "steps": nw.col("measure") == Measure.MILESTONE.value,
    }


def _outside(
    targets: "nw.LazyFrame[Any]", column: str, keys: Sequence[str], rules: Rules, texts: Mapping[str, Sequence[Any]]
) -> Iterable[Diagnostic]:
    """Yield that points or steps lie before a KPI starts or after it is due."""
    days = {text: [part[-2] for part in parts] for text, parts in texts.items() if parts}
    if not days:
        return
    ends: dict[str, Column] = {
        FIRST: ("date", [min(some) for some in days.values()]),
        LAST: ("date", [max(some) for some in days.values()]),
    }
    start, due = _span(rules)
    outside = (nw.col(FIRST) < start) | (nw.col(LAST) > due)
    reason = Phrase(N_("a day in it lies before the start or after the day when it is due"))
    rows = _beside_texts(targets, column, [*days], ends)
    yield from broken(rows, "targets", keys, [Rule("KT384", column, outside, {"reason": reason})])


def broken(frame: "nw.LazyFrame[Any]", name: str, keys: Sequence[str], rules: Sequence[Rule]) -> Iterable[Diagnostic]:
    """Yield a fault for every rule that rows break; one pass over the frame where none does."""
    bad = [rule.bad.fill_null(False) for rule in rules]
    counts = frame.select(
        *(nw.when(one).then(nw.lit(1)).otherwise(nw.lit(0)).sum().alias(f"_{i}") for i, one in enumerate(bad))
    )
    for rule, one, count in zip(rules, bad, counts.collect("polars").rows()[0], strict=True):
        if not count:
            continue
        shown = frame.filter(one).select(*dict.fromkeys([*keys, rule.column])).head(SHOWN).collect("polars")
        values = sorted({str(value) for value in shown.get_column(rule.column)})
        args: dict[str, Any] = {
            "key": rule.column,
            "value": ", ".join(values),
            "rows": _named(shown, keys, count),
            **rule.args,
        }
        if rule.code == "KT365":
            args["nearest"] = nearest(values[0], args["expected"].split(", "))
        yield fault(rule.code, name, **args)


def rows_of(bad: "nw.LazyFrame[Any]", name: str, keys: Sequence[str], code: str, **args: Any) -> list[Diagnostic]:
    """Return a fault that names the first of the rows and their number, or nothing where there is none."""
    count = bad.select(nw.len().alias("_n")).collect("polars").item()
    if not count:
        return []
    shown = bad.select(*keys).sort(*keys).head(SHOWN).collect("polars")
    return [fault(code, name, rows=_named(shown, keys, count), **args)]


def _named(shown: "nw.DataFrame[Any]", keys: Sequence[str], count: int) -> Phrase | str:
    words = (map(word, row) for row in shown.select(*keys).rows())
    names = ", ".join(map("/".join, words))
    return Phrase(N_("{names} and more, {n} in all"), {"names": names, "n": count}) if count > SHOWN else names


def word(part: object) -> str:
    """Return a key as it is shown; pandas has days as times."""
    if isinstance(part, datetime) and part.time() == time.min:
        return str(part.date())
    return "null" if part is None else str(part)
