"""What changed since an earlier check: each change with what was and what is, in words and as data."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from kpi_tracker.changes import Change, ChangeKind
from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.language import N_, Language
from kpi_tracker.model.scorecard import GoalScore, KpiScore
from kpi_tracker.reporting.terms import changed_terms
from kpi_tracker.reporting.words import NONE, baseline_words, course, fraction, number, reached, target_words

__all__ = ["CHANGE_WORDS", "Side", "altered", "altered_words", "changes_data", "side", "sides"]

CHANGE_WORDS = {
    ChangeKind.NEWLY_LAGGING: N_("Newly lagging"),
    ChangeKind.WORSE: N_("Worse than before"),
    ChangeKind.NEW_DATA_PROBLEM: N_("Data went missing"),
    ChangeKind.RECOVERED: N_("No longer lagging"),
    ChangeKind.BETTER: N_("Better than before"),
    ChangeKind.DATA_ARRIVED: N_("Data arrived"),
    ChangeKind.ADDED: N_("Added to the plan"),
    ChangeKind.REMOVED: N_("Removed from the plan"),
    ChangeKind.EXEMPTED: N_("Taken out of the count"),
    ChangeKind.REINSTATED: N_("Counted again"),
    ChangeKind.TARGET_MOVED: N_("Target changed"),
    ChangeKind.BASELINE_CHANGED: N_("Baseline changed"),
    ChangeKind.WEIGHT_CHANGED: N_("Weight changed"),
    ChangeKind.TERMS_CHANGED: N_("Terms of scoring changed"),
    ChangeKind.OWNER_CHANGED: N_("Owner changed"),
}

ALTERED_WORDS = {
    ChangeKind.TARGET_MOVED: N_("target changed"),
    ChangeKind.BASELINE_CHANGED: N_("baseline changed"),
    ChangeKind.TERMS_CHANGED: N_("terms of scoring changed"),
}
_COURSE = frozenset({ChangeKind.NEWLY_LAGGING, ChangeKind.WORSE, ChangeKind.RECOVERED, ChangeKind.BETTER})

Score = KpiScore | GoalScore


class Side(NamedTuple):
    """One side of a change in words: a value, more about it, and whether the status then belongs to it."""

    text: str
    detail: str = ""
    judged: bool = False


def altered(changes: Sequence[Change]) -> dict[str, ChangeKind]:
    """Return of each item that is measured otherwise than before what was changed: its target, baseline or terms."""
    found: dict[str, ChangeKind] = {}
    for kind in ALTERED_WORDS:
        for change in changes:
            if change.kind is kind:
                found.setdefault(change.path, kind)
    return found


def altered_words(change: Change, found: Mapping[str, ChangeKind], words: Language) -> str:
    """Return the mark of a change of course that may come of the plan and not of the work; "" where it does not.

    `found` is what :func:`altered` returns. An item that lags no more because its target was lowered did not recover.
    """
    kind = found.get(change.path) if change.kind in _COURSE else None
    return words.text(ALTERED_WORDS[kind]) if kind else ""


def side(score: Score | None, kind: ChangeKind, words: Language) -> Side:
    """Return one side of a change: what of the plan was changed, or the status with the figures."""
    if score is None:
        return Side(NONE)
    item = score.kpi if isinstance(score, KpiScore) else score.goal
    if kind is ChangeKind.WEIGHT_CHANGED and item is not None:
        return Side(number(item.weight))
    if kind is ChangeKind.OWNER_CHANGED and item is not None:
        return Side(plain(item.owner.in_language(words.code)) if item.owner else NONE)
    if isinstance(score, GoalScore):
        lag = course(score.lag, words) if score.lag is not None else ""
        return Side(fraction(score.attainment), lag, judged=True)
    if kind is ChangeKind.TARGET_MOVED:
        return Side(_target(score, words))
    if kind is ChangeKind.BASELINE_CHANGED:
        return Side(baseline_words(score.kpi, words))
    return Side(reached(score, words), _figures(score, words), judged=True)


def sides(change: Change, words: Language) -> tuple[Side, Side]:
    """Return both sides of a change; of terms that were changed, those and no others."""
    then, now = change.before, change.after
    if change.kind is ChangeKind.TERMS_CHANGED and then is not None and now is not None:
        before, after = changed_terms(then, now, words)
        return Side(before or NONE), Side(after or NONE)
    return side(then, change.kind, words), side(now, change.kind, words)


def _figures(score: KpiScore, words: Language) -> str:
    parts = []
    if score.attainment is not None:
        parts.append(f"{fraction(score.attainment)} / {fraction(score.expected)}")
    if score.lag is not None:
        parts.append(course(score.lag, words))
    if score.data_date is not None:
        parts.append(words.text(N_("as of {day}"), day=score.data_date.isoformat()))
    return " · ".join(parts)


def _target(score: KpiScore, words: Language) -> str:
    kpi = score.kpi
    if not kpi.steps:
        return target_words(kpi, words)
    steps = (f"{plain(step.title.in_language(words.code))} {step.due.isoformat()}" for step in kpi.steps)
    return ("、" if words.code == "zh" else ", ").join(steps)


def changes_data(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """Return changes as plain data: each with its item, then and now; null where the item was not there."""
    return [
        {
            "kind": change.kind.value,
            "path": change.path,
            "title": {"zh": change.title.zh, "en": change.title.en},
            "before": _data(change.before),
            "after": _data(change.after),
        }
        for change in changes
    ]


def _data(score: Score | None) -> dict[str, Any] | None:
    if score is None:
        return None
    kpi = score.kpi if isinstance(score, KpiScore) else None
    item = kpi or (score.goal if isinstance(score, GoalScore) else None)
    owner = item.owner if item else None
    return {
        "status": score.status.value,
        "severity": score.severity,
        "value": score.value if isinstance(score, KpiScore) else None,
        "attainment": score.attainment,
        "expected": score.expected,
        "lag": score.lag,
        "target": kpi.target.value if kpi and kpi.target else None,
        "baseline": kpi.baseline.value if kpi and kpi.baseline else None,
        "weight": item.weight if item else None,
        "owner": {"zh": owner.zh, "en": owner.en} if owner else None,
    }
