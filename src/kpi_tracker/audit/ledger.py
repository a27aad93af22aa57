"""The ledger of amendments held against the runs: changes without a reason, and targets eased once they were missed."""

from collections.abc import Iterable, Iterator
from datetime import date

from kpi_tracker.audit.amended import Explained, explained
from kpi_tracker.audit.finding import Finding
from kpi_tracker.diagnostics.place import Place
from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.amendment import Amended
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import LAGGING, Direction, Measure
from kpi_tracker.model.scorecard import KpiScore, Scorecard
from kpi_tracker.model.target import TargetForm

__all__ = ["AMENDED_WORDS", "unexplained"]

AMENDED_WORDS = {
    Amended.TARGET: N_("the target"),
    Amended.BASELINE: N_("the baseline"),
    Amended.WEIGHT: N_("the weight"),
    Amended.STEPS: N_("the steps"),
    Amended.TERMS: N_("the terms"),
    Amended.REMOVED: N_("the item"),
}


def unexplained(cards: Iterable[Scorecard], plan: Plan) -> Iterator[Finding]:
    """Yield what changed from one scorecard to the next without an amendment in `plan`, and what was eased after lagging.

    Those of a plan that could not be read whole are passed over: what they lack was not removed, and what it is when it
    is back is compared with what it was before.
    """
    lagged: dict[str, date] = {}
    before: Scorecard | None = None
    for card in cards:
        if not card.has_whole_plan:
            continue
        if before is not None:
            for change in explained(before, card, plan.amendments):
                yield from _about(change, before, card, plan, lagged.get(change.change.path))
        lagged.update({path: card.as_of for path, item in card.items.items() if item.status in LAGGING})
        before = card


def _about(found: Explained, before: Scorecard, after: Scorecard, plan: Plan, lagged: date | None) -> Iterator[Finding]:
    path = found.change.path
    args = {"what": Phrase(AMENDED_WORDS[found.what]), "first": before.as_of, "last": after.as_of}
    place = _place(plan, path)
    then, now = found.change.before, found.change.after
    scores = (then, now) if found.what is Amended.TERMS and then is not None and now is not None else None
    if found.undated is not None:
        yield Finding("KA102", path, found.undated.where, found.before, found.after, found.undated.date, args, scores)
    elif found.amendment is None:
        yield Finding("KA101", path, place, found.before, found.after, after.as_of, args, scores)
    if lagged is not None and _eased(found):
        at = found.amendment.where if found.amendment else place
        yield Finding("KA103", path, at, found.before, found.after, lagged, args)


def _place(plan: Plan, path: str) -> Place:
    """Return where an item stands, or the plan where it is in it no more."""
    return next((item.where for at, item in plan.walk() if at == path), plan.where)


def _eased(found: Explained) -> bool:
    """Tell whether a change made an item's way shorter, its word lighter, or took it out."""
    then, now, score = found.before, found.after, found.change.after
    if found.what is Amended.REMOVED:
        return True
    numbers = isinstance(then, float | int) and isinstance(now, float | int)
    if found.what is Amended.WEIGHT:
        return numbers and now < then  # type: ignore[operator]
    if not isinstance(score, KpiScore):
        return False
    if found.what is Amended.STEPS:
        return _steps_eased(found)
    if found.what is not Amended.TARGET:
        return False
    if score.kpi.measure is Measure.GRADE and then in score.kpi.scale and now in score.kpi.scale:
        return score.kpi.scale.index(str(now)) > score.kpi.scale.index(str(then))
    return numbers and ((now > then) is _less_is_better(score.kpi))  # type: ignore[operator]


def _less_is_better(kpi: Kpi) -> bool:
    return kpi.direction is Direction.DECREASE or bool(kpi.target and kpi.target.form is TargetForm.AT_MOST)


def _steps_eased(found: Explained) -> bool:
    """Tell whether a step was put off, or taken out."""
    then, now = found.change.before, found.change.after
    assert isinstance(then, KpiScore)  # noqa: S101 - a KPI that was a goal was added
    assert isinstance(now, KpiScore)  # noqa: S101 - asked for before
    due = {step.id: step.due for step in now.kpi.steps}
    return any(step.id not in due or due[step.id] > step.due for step in then.kpi.steps)
