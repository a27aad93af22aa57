"""Changes of a plan between two runs, each with the amendment that explains it, if one does."""

from collections.abc import Iterable
from typing import NamedTuple

from kpi_tracker.audit.finding import Value
from kpi_tracker.changes import Change, ChangeKind, compare
from kpi_tracker.model.amendment import Amended, Amendment
from kpi_tracker.model.exactness import same
from kpi_tracker.model.goal import Goal, names
from kpi_tracker.model.kpi import Kpi, Point, Support
from kpi_tracker.model.scorecard import GoalScore, KpiScore, Scorecard

__all__ = ["Explained", "explained"]

NEED = {
    ChangeKind.TARGET_MOVED: Amended.TARGET,
    ChangeKind.BASELINE_CHANGED: Amended.BASELINE,
    ChangeKind.WEIGHT_CHANGED: Amended.WEIGHT,
    ChangeKind.TERMS_CHANGED: Amended.TERMS,
    ChangeKind.REMOVED: Amended.REMOVED,
}
TERMS = ("measure", "unit", "direction", "aggregate", "profile", "points", "start", "due", "cadence", "grace", "scale",
         "veto", "binding", "supports", "thresholds")  # fmt: skip


class Explained(NamedTuple):
    """A change of the plan: what was changed, its values, the amendment that explains it, or one that only nearly does.

    An amendment that has the item, the kind and the value, but a date that is not between the runs, is `undated`.
    """

    change: Change
    what: Amended
    before: Value
    after: Value
    amendment: Amendment | None
    undated: Amendment | None


def explained(before: Scorecard, after: Scorecard, amendments: Iterable[Amendment]) -> tuple[Explained, ...]:
    """Return what the plan changed from one run to another and has to explain: targets, baselines, weights, terms, removals.

    A change is explained by an amendment of its item and kind that leads to the value of now, dated from the day of the
    one run to that of the other. What only says where a value comes from needs no reason; an exemption has its own.
    """
    known = tuple(amendments)
    return tuple(
        _explained(change, before, after, known) for change in compare(before, after)
        if change.kind in NEED and _values(change)[0] != _values(change)[1] and not _inherited(change, before, after)
    )  # fmt: skip


def _inherited(change: Change, before: Scorecard, after: Scorecard) -> bool:
    """Tell whether nothing but the thresholds of an item changed, and they did so with those above it."""
    then, now, above = change.before, change.after, change.path.rpartition("/")[0]
    if change.kind is not ChangeKind.TERMS_CHANGED or then is None or now is None or not change.path:
        return False
    old, new = before.items.get(above), after.items.get(above)
    if old is None or new is None or (then.thresholds, now.thresholds) != (old.thresholds, new.thresholds):
        return False
    return {**_terms(then), "thresholds": ""} == {**_terms(now), "thresholds": ""}


def _explained(change: Change, before: Scorecard, after: Scorecard, known: tuple[Amendment, ...]) -> Explained:
    then, now = _values(change)
    what = NEED[change.kind]
    if what is Amended.TARGET and isinstance(change.after, KpiScore) and change.after.kpi.steps:
        what = Amended.STEPS
    fitting = [a for a in known if a.what is what and _of(a, change.path) and (a.after is None or same(a.after, now))]
    dated = [a for a in fitting if before.as_of <= a.date <= after.as_of]
    return Explained(change, what, then, now, next(iter(dated), None), None if dated else next(iter(fitting), None))


def _of(amendment: Amendment, path: str) -> bool:
    return amendment.item == path or (amendment.what is Amended.REMOVED and names(path, amendment.item))


def _values(change: Change) -> tuple[Value, Value]:
    """Return what was changed as it was and as it is."""
    if change.after is None:
        return change.path.rpartition("/")[2], None
    then, now = change.before, change.after
    assert then is not None  # noqa: S101 - what was added needs no reason and is not asked for
    if change.kind is ChangeKind.TERMS_CHANGED:
        old, new = _terms(then), _terms(now)
        differing = [name for name in TERMS if old[name] != new[name]]
        return _told(differing, old), _told(differing, new)
    old_value, new_value = _value(then, change.kind), _value(now, change.kind)
    if change.kind is ChangeKind.TARGET_MOVED and old_value == new_value:
        return _slack(then), _slack(now)
    return old_value, new_value


def _value(score: KpiScore | GoalScore, kind: ChangeKind) -> Value:
    item = score.kpi if isinstance(score, KpiScore) else score.goal
    assert item is not None  # noqa: S101 - the plan itself has terms only
    if kind is ChangeKind.WEIGHT_CHANGED:
        return item.weight
    assert isinstance(item, Kpi)  # noqa: S101 - a goal has no more than that
    if kind is ChangeKind.BASELINE_CHANGED:
        return item.baseline.value if item.baseline else None
    if item.steps:
        return ", ".join(f"{step.id} {step.due.isoformat()} ×{step.weight:g}" for step in item.steps)
    return item.target.value if item.target else None


def _slack(score: KpiScore | GoalScore) -> Value:
    """Return the tolerance of a target that is to be held, which may be what was changed of it."""
    assert isinstance(score, KpiScore)  # noqa: S101 - only a KPI has a target
    slack = score.kpi.target.tolerance if score.kpi.target else None
    if slack is None:
        return None
    return f"±{slack.amount * 100:g}%" if slack.relative else f"±{slack.amount:g}"


def _terms(score: KpiScore | GoalScore) -> dict[str, str]:
    item: Kpi | Goal | None = score.kpi if isinstance(score, KpiScore) else score.goal
    found = {name: _term(getattr(item, name, None)) for name in TERMS}
    bands = ", ".join(f"{band.status.value} {_term(band.lower)}…{_term(band.upper)}" for band in score.thresholds.bands)
    return {**found, "thresholds": f"{score.thresholds.name} ({bands})"}


def _term(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(_term(part) for part in value)
    if isinstance(value, Point):
        return f"{value.date.isoformat()} {value.share * 100:g}%"
    if isinstance(value, Support):
        return value.to if value.weight is None else f"{value.to} ×{value.weight:g}"
    return "–" if value is None else str(getattr(value, "text", value))


def _told(names_of: list[str], terms: dict[str, str]) -> str:
    return "; ".join(f"{name} {terms[name]}" for name in names_of)
