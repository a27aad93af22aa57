"""A plan, its observations and its scorecard as frames: Polars tables in the columns that docs/frames.md describes."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any

from kpi_tracker.frames.problem import FrameError, MissingExtraError, fault
from kpi_tracker.frames.rules import threshold_names
from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.goal import Goal, Plan
from kpi_tracker.model.kpi import Exempt, Kpi
from kpi_tracker.model.measure import Measure
from kpi_tracker.model.observation import Observations, Value
from kpi_tracker.model.scorecard import KpiScore, Scorecard
from kpi_tracker.model.target import TargetForm

if TYPE_CHECKING:
    import polars as pl

__all__ = ["links_of", "rows_of", "scores_of", "targets_of", "tree_of"]

TEXT, FLOAT, INT, DAY, TRUTH = "text", "float", "int", "date", "bool"
ITEM = {"kpi": TEXT, "title": TEXT, "unit": TEXT, "owner": TEXT}
PLACE = {"goal": TEXT, "weight": FLOAT, "veto": TRUTH, "binding": TRUTH, "baseline": FLOAT, "target": FLOAT}
TARGETS = {
    **ITEM, "measure": TEXT, "direction": TEXT, "target": FLOAT, "form": TEXT, "tolerance": FLOAT, "baseline": FLOAT,
    "baseline_year": INT, "abnormal_year": INT, "abnormal_value": FLOAT, "aggregate": TEXT, "profile": TEXT,
    "points": TEXT, "start": DAY, "due": DAY, "cadence": TEXT, "grace": INT, "scale": TEXT, "steps": TEXT,
    "thresholds": TEXT, "weight": FLOAT, "veto": TRUTH, "binding": TRUTH, "exempt": DAY, "goal": TEXT,
}  # fmt: skip
ROWS = {"kpi": TEXT, "date": DAY, "value": FLOAT, "text": TEXT, "recorded_at": "time", "basis": TEXT}
SCORES = {
    **ITEM, **PLACE, "status": TEXT, "severity": INT, "underlying": TEXT, "value": FLOAT, "data_date": DAY,
    "attainment": FLOAT, "expected": FLOAT, "pace": FLOAT, "lag": FLOAT, "days_behind": INT, "gap": FLOAT, "met": TRUTH,
    "ended": TRUTH, "overdue": TRUTH, "comparison": TEXT, "reference": FLOAT, "change": FLOAT, "relative": FLOAT,
    "change_abnormal": FLOAT, "relative_abnormal": FLOAT, "growth": FLOAT, "growth_required": FLOAT,
    "growth_ratio": FLOAT,
}  # fmt: skip
TREE = {
    "node": TEXT, "parent": TEXT, "title": TEXT, "weight": FLOAT, "thresholds": TEXT, "exempt": DAY, "broken": INT,
    "broken_weight": FLOAT,
}  # fmt: skip
LINKS = {"item": TEXT, "node": TEXT, "weight": FLOAT}
KEPT = (TargetForm.MAINTAIN, TargetForm.AT_MOST, TargetForm.AT_LEAST)
SEPARATOR = ";"


def targets_of(plan: Plan, lang: str = "en") -> "pl.DataFrame":
    """Return a row for every KPI of a plan that could be read, in the plan's order.

    What a KPI takes from the goals above it, thresholds and an exemption, stands in its row.

    Raises:
        FrameError: Polars is not installed, or a grade holds a semicolon, which parts the grades of a scale.
    """
    _refuse_semicolons(plan)
    names, out = threshold_names(plan), _exempt_since(plan)
    return _table(
        TARGETS,
        (
            {**_item(kpi, lang), **_place(path, kpi), **_target(kpi), **_course(kpi), "thresholds": names[path],
             "exempt": out[path]}
            for path, kpi in plan.walk() if isinstance(kpi, Kpi)
        ),
    )  # fmt: skip


def rows_of(observations: Observations) -> "pl.DataFrame":
    """Return a row for every observation of a KPI, corrections included; those of parts are left out.

    Raises:
        FrameError: Polars is not installed.
    """
    rows = list(chain.from_iterable(series.rows for series in observations.values()))
    return _columns(
        ROWS,
        {
            "kpi": [row.kpi for row in rows],
            "date": [row.date for row in rows],
            "value": [_number(row.value) for row in rows],
            "text": [_words(row.value) for row in rows],
            "recorded_at": [row.recorded_at for row in rows],
            "basis": [row.basis.value for row in rows],
        },
    )


def scores_of(scorecard: Scorecard, lang: str = "en") -> "pl.DataFrame":
    """Return a row for every KPI of a scorecard, in the plan's order.

    Raises:
        FrameError: Polars is not installed.
    """
    return _table(
        SCORES,
        ({**_item(one.kpi, lang), **_place(one.path, one.kpi), **_score(one)} for one in scorecard.kpis),
    )


def tree_of(plan: Plan, lang: str = "en") -> "pl.DataFrame":
    """Return a row for the plan and every goal, parents first.

    `broken` is the number of KPIs right below that could not be read, `broken_weight` what they weigh together.

    Raises:
        FrameError: Polars is not installed.
    """
    names = threshold_names(plan)
    goals = [(path, item) for path, item in plan.walk() if isinstance(item, Goal)]
    top = {"node": "", "parent": None, "title": plan.title.in_language(lang), "weight": 1.0, **_broken(plan)}
    below = (
        {
            "node": path, "parent": path.rpartition("/")[0], "title": goal.title.in_language(lang), "weight": goal.weight,
            "thresholds": names[path], "exempt": _since(goal.exempt), **_broken(goal),
        }
        for path, goal in goals
    )  # fmt: skip
    return _table(TREE, chain([top], below))


def links_of(plan: Plan) -> "pl.DataFrame":
    """Return a row for every link of `supports`: the path of a goal or KPI, the goal that it counts toward, its weight there.

    Raises:
        FrameError: Polars is not installed.
    """
    items = list(plan.walk())
    paths = {item.id: path for path, item in items if isinstance(item, Goal)}
    links = (
        {"item": path, "node": paths.get(link.to.rpartition("/")[2]), "weight": link.weight}
        for path, item in items for link in item.supports
    )  # fmt: skip
    return _table(LINKS, (link for link in links if link["node"] is not None))


def _item(kpi: Kpi, lang: str) -> dict[str, Any]:
    return {
        "kpi": kpi.id,
        "title": kpi.title.in_language(lang),
        "unit": kpi.unit.text.in_language(lang) or None,
        "owner": kpi.owner.in_language(lang) if kpi.owner else None,
    }


def _place(path: str, kpi: Kpi) -> dict[str, Any]:
    """Return where a KPI stands and what it counts there, with its target and baseline as numbers."""
    baseline, target = kpi.baseline, kpi.target
    return {
        "goal": path.rpartition("/")[0],
        "weight": kpi.weight,
        "veto": kpi.veto,
        "binding": kpi.binding,
        "baseline": None if baseline is None else _figure(kpi, baseline.value),
        "target": None if target is None else _figure(kpi, target.value),
    }


def _target(kpi: Kpi) -> dict[str, Any]:
    """Return what is to be reached, and against what."""
    baseline, target = kpi.baseline, kpi.target
    second = baseline.abnormal if baseline else None
    tolerance = target.tolerance if target and kpi.measure is not Measure.GRADE else None
    return {
        "measure": kpi.measure.value,
        "direction": _word(kpi.direction),
        "form": None if target is None else (target.form if target.form in KEPT else TargetForm.VALUE).value,
        "tolerance": None if tolerance is None or baseline is None else tolerance.of(float(baseline.value)),
        "baseline_year": baseline.year if baseline else None,
        "abnormal_year": second.year if second else None,
        "abnormal_value": second.value if second else None,
        "aggregate": _word(kpi.aggregate),
        "scale": "; ".join(kpi.scale) or None,
        "steps": "; ".join(f"{one.id} {one.due} {one.weight!r}" for one in kpi.steps) or None,
    }


def _course(kpi: Kpi) -> dict[str, Any]:
    """Return when a KPI runs; what the plan gives is left out."""
    return {
        "profile": kpi.profile.value,
        "points": "; ".join(f"{one.date} {one.share!r}" for one in kpi.points) or None,
        "start": kpi.start,
        "due": kpi.due,
        "cadence": _word(kpi.cadence),
        "grace": kpi.grace,
    }


def _score(score: KpiScore) -> dict[str, Any]:
    first, second = (*score.comparisons, None, None)[:2]
    growth = score.growth
    return {
        "status": score.status.value,
        "severity": score.severity,
        "underlying": _word(score.underlying),
        "value": None if score.value is None else _figure(score.kpi, score.value),
        **{name: getattr(score, name) for name in FIGURES},
        "comparison": first.kind if first else None,
        "reference": _number(first.reference) if first else None,
        "change": first.change if first else None,
        "relative": first.relative if first else None,
        "change_abnormal": second.change if second else None,
        "relative_abnormal": second.relative if second else None,
        "growth": growth.observed if growth else None,
        "growth_required": growth.required if growth else None,
        "growth_ratio": growth.ratio if growth else None,
    }


FIGURES = (
    "data_date", "attainment", "expected", "pace", "lag", "days_behind", "gap", "met", "ended", "overdue",
)  # fmt: skip


def _exempt_since(plan: Plan) -> dict[str, date | None]:
    """Return by path from which day an item is out of the count, itself or with a goal above it."""
    found: dict[str, date | None] = {"": None}
    for path, item in plan.walk():
        days = [day for day in (found[path.rpartition("/")[0]], _since(item.exempt)) if day]
        found[path] = min(days, default=None)
    return found


def _since(exempt: Exempt | None) -> date | None:
    return exempt.date if exempt else None


def _broken(holder: Plan | Goal) -> dict[str, Any]:
    return {"broken": len(holder.broken), "broken_weight": sum(one.weight for one in holder.broken)}


def _refuse_semicolons(plan: Plan) -> None:
    reason = Phrase(N_("a semicolon stands between two grades of a scale and cannot stand in one"))
    faults = [
        fault("KT364", "targets", kpi=kpi.id, reason=reason).at_path(path)
        for path, kpi in plan.walk() if isinstance(kpi, Kpi) and any(SEPARATOR in grade for grade in kpi.scale)
    ]  # fmt: skip
    if faults:
        raise FrameError(faults)


def _figure(kpi: Kpi, value: float | str) -> float | None:
    """Return a value as a number: a grade as its place on the scale, 1 the best."""
    if kpi.measure is Measure.GRADE:
        return float(kpi.scale.index(str(value)) + 1)
    return float(value)


def _number(value: Value | None) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _words(value: Value) -> str | None:
    """Return a grade, or the steps that are done, as text."""
    if isinstance(value, tuple):
        return "; ".join(value)
    return value if isinstance(value, str) else None


def _word(value: str | None) -> str | None:
    return None if value is None else str(value)


def _table(kinds: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> "pl.DataFrame":
    """Return rows as a table with columns of these kinds; what a row leaves out is null."""
    whole = list(rows)
    return _columns(kinds, {name: [row.get(name) for row in whole] for name in kinds})


def _columns(kinds: Mapping[str, str], columns: Mapping[str, list[Any]]) -> "pl.DataFrame":
    try:
        import polars as pl
    except ImportError as error:
        raise MissingExtraError("Polars", "frames") from error
    types = {
        TEXT: pl.String(), FLOAT: pl.Float64(), INT: pl.Int64(), DAY: pl.Date(), TRUTH: pl.Boolean(),
        "time": pl.Datetime("us"),
    }  # fmt: skip
    return pl.DataFrame({name: pl.Series(name, columns[name], dtype=types[kind]) for name, kind in kinds.items()})
