"""What changed between two checks: what newly lags, what recovered, which data are missing, how the plan was amended."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from kpi_tracker.model.goal import Goal, Plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import LAGGING, WORST_FIRST, Status
from kpi_tracker.model.scorecard import GoalScore, KpiScore, Scorecard
from kpi_tracker.model.target import Baseline, Target
from kpi_tracker.model.unit import Text

__all__ = ["AMENDMENTS", "NOTICEABLE", "Change", "ChangeKind", "compare"]

NOTICEABLE = 5.0
"""By how many percentage points a lag must have moved, where the status did not, to be told."""


class ChangeKind(StrEnum):
    """What happened to an item; in the order in which changes are told."""

    NEWLY_LAGGING = "newly_lagging"
    WORSE = "worse"
    NEW_DATA_PROBLEM = "new_data_problem"
    RECOVERED = "recovered"
    BETTER = "better"
    DATA_ARRIVED = "data_arrived"
    ADDED = "added"
    REMOVED = "removed"
    EXEMPTED = "exempted"
    REINSTATED = "reinstated"
    TARGET_MOVED = "target_moved"
    BASELINE_CHANGED = "baseline_changed"
    WEIGHT_CHANGED = "weight_changed"
    TERMS_CHANGED = "terms_changed"
    OWNER_CHANGED = "owner_changed"


AMENDMENTS = frozenset(list(ChangeKind)[list(ChangeKind).index(ChangeKind.ADDED) :])
"""The kinds that say that the plan was amended; the others say how it goes."""


class Change(NamedTuple):
    """One change of one item. `before` and `after` are its scores then and now; one is None where it was not there."""

    kind: ChangeKind
    path: str
    title: Text
    before: KpiScore | GoalScore | None
    after: KpiScore | GoalScore | None

    @property
    def status(self) -> Status:
        """The status that it has now, or had last."""
        return self._shown.status

    @property
    def _shown(self) -> KpiScore | GoalScore:
        shown = self.after or self.before
        assert shown is not None  # noqa: S101 - a change is of something
        return shown


def compare(before: Scorecard, after: Scorecard) -> tuple[Change, ...]:
    """Return what changed from one scorecard to another: by kind, within a kind the worst first.

    Items are matched by path. An item is newly lagging when it is among the lagging now and was not before, whatever it
    was; it recovered when it was among them and its figures now say that it is not (an item whose data are missing
    since then, or have rows that cannot be read any more, did not recover or get better). It got worse or better when its
    status did without crossing that line (on track and ahead are taken as one), or when its lag moved by NOTICEABLE
    points and is, or was, above 0. A data problem is new when there was a figure that could be judged and is none now,
    when the first is overdue, or when a sum came to lack periods or rows; data arrived when that was so and is no more.
    What the plan itself says is compared too: see AMENDMENTS. One item may have several changes.
    """
    found = [*_removed(before, after)]
    for path, now in after.items.items():
        then = before.items.get(path)
        title = _title(now, after.plan)
        kinds = [ChangeKind.ADDED] if then is None or type(then) is not type(now) else _kinds(then, now)
        found.extend(Change(kind, path, title, then, now) for kind in dict.fromkeys(kinds))
    return tuple(sorted(found, key=_order))


def _removed(before: Scorecard, after: Scorecard) -> Iterator[Change]:
    for path, then in before.items.items():
        if path not in after.items:
            yield Change(ChangeKind.REMOVED, path, _title(then, before.plan), then, None)


def _title(score: KpiScore | GoalScore, plan: Plan) -> Text:
    return score.kpi.title if isinstance(score, KpiScore) else (score.goal or plan).title


def _order(change: Change) -> tuple[int, int, int, float, str]:
    shown = change._shown
    rank = WORST_FIRST.index(shown.status)
    return _PLACE[change.kind], rank, -shown.severity, -(shown.lag or 0.0), change.path


_PLACE = {kind: i for i, kind in enumerate(ChangeKind)}


def _kinds(then: KpiScore | GoalScore, now: KpiScore | GoalScore) -> Iterator[ChangeKind]:
    if then.out or now.out:
        if then.out is not now.out:
            yield ChangeKind.EXEMPTED if now.out else ChangeKind.REINSTATED
    else:
        course = [*_course(then, now), *_data(then, now)]
        if _unread(then, now):
            course = [kind for kind in course if kind not in (ChangeKind.RECOVERED, ChangeKind.BETTER)]
        late = course == [ChangeKind.NEWLY_LAGGING, ChangeKind.DATA_ARRIVED]  # that it lags is what there is to say
        yield from course[:1] if late else course
    if isinstance(now, KpiScore):
        assert isinstance(then, KpiScore)  # noqa: S101 - a goal that became a KPI was added
        yield from _kpi_amended(then, now)
    else:
        assert isinstance(then, GoalScore)  # noqa: S101 - likewise
        yield from _goal_amended(then, now)


def _unread(then: KpiScore | GoalScore, now: KpiScore | GoalScore) -> bool:
    """Tell whether rows cannot be read any more: an older figure stands in for one of them, and that is no recovery."""
    return isinstance(now, KpiScore) and isinstance(then, KpiScore) and now.rows_left_out > then.rows_left_out


def _course(then: KpiScore | GoalScore, now: KpiScore | GoalScore) -> Iterator[ChangeKind]:
    """Yield how it goes, where both are in the count."""
    was, is_now = then.status in LAGGING, now.status in LAGGING
    if is_now and not was:
        yield ChangeKind.NEWLY_LAGGING
    elif then.status in _UNJUDGED or now.status in _UNJUDGED:
        return  # what can be said of these is said of their data
    elif was and not is_now:
        yield ChangeKind.RECOVERED
    else:
        moved = _moved(then, now)
        if moved:
            yield ChangeKind.WORSE if moved > 0 else ChangeKind.BETTER


_UNJUDGED = frozenset({Status.PENDING, Status.NO_DATA, Status.STALE, Status.UNKNOWN})


_GOING_WELL = frozenset({Status.ON_TRACK, Status.AHEAD})


def _moved(then: KpiScore | GoalScore, now: KpiScore | GoalScore) -> float:
    """Return which way it went: above 0 for the worse, below 0 for the better, 0 for not noticeably."""
    if then.status is not now.status and not {then.status, now.status} <= _GOING_WELL:
        return WORST_FIRST.index(then.status) - WORST_FIRST.index(now.status)
    if then.severity != now.severity:
        return now.severity - then.severity
    if then.lag is None or now.lag is None or max(then.lag, now.lag) <= 0:
        return 0
    by = now.lag - then.lag
    return by if abs(by) >= NOTICEABLE else 0


def _data(then: KpiScore | GoalScore, now: KpiScore | GoalScore) -> Iterator[ChangeKind]:
    """Yield whether data got lost or arrived."""
    was, is_now = _missing(then), _missing(now)
    if is_now > was:
        yield ChangeKind.NEW_DATA_PROBLEM
    elif is_now < was:
        yield ChangeKind.DATA_ARRIVED


def _missing(score: KpiScore | GoalScore) -> int:
    """Return how much is missing: 0 nothing, 1 a part of the data, 2 every figure but none is due, 3 every current one."""
    if score.status is Status.PENDING:
        return 2
    if score.status in _UNJUDGED:
        return 3
    return int(isinstance(score, KpiScore) and score.data_problem)


def _kpi_amended(then: KpiScore, now: KpiScore) -> Iterator[ChangeKind]:
    old, new = then.kpi, now.kpi
    if _target(old) != _target(new):
        yield ChangeKind.TARGET_MOVED
    if _baseline(old.baseline) != _baseline(new.baseline):
        yield ChangeKind.BASELINE_CHANGED
    if old.weight != new.weight:
        yield ChangeKind.WEIGHT_CHANGED
    if then.thresholds != now.thresholds or _terms(old) != _terms(new):
        yield ChangeKind.TERMS_CHANGED
    if old.owner != new.owner:
        yield ChangeKind.OWNER_CHANGED


def _goal_amended(then: GoalScore, now: GoalScore) -> Iterator[ChangeKind]:
    old, new = then.goal, now.goal
    if old is not None and new is not None and old.weight != new.weight:
        yield ChangeKind.WEIGHT_CHANGED
    if then.thresholds != now.thresholds or _links(old) != _links(new):
        yield ChangeKind.TERMS_CHANGED
    if old is not None and new is not None and old.owner != new.owner:
        yield ChangeKind.OWNER_CHANGED


def _target(kpi: Kpi) -> tuple[object, ...]:
    """Return what a target asks for, without where it comes from."""
    target: Target | None = kpi.target
    asked = (target.value, target.basis, target.form, target.tolerance) if target else ()
    return (*asked, *((step.id, step.due, step.weight) for step in kpi.steps))


def _baseline(base: Baseline | None) -> tuple[object, ...]:
    return (base.value, base.year, base.approximate, base.abnormal) if base else ()


def _terms(kpi: Kpi) -> tuple[object, ...]:
    """Return what else a score rests on."""
    return (
        kpi.measure, kpi.unit, kpi.direction, kpi.aggregate, kpi.profile, kpi.points, kpi.start, kpi.due, kpi.cadence,
        kpi.grace, kpi.scale, kpi.veto, kpi.binding, kpi.formula, _links(kpi),
    )  # fmt: skip


def _links(item: Kpi | Goal | None) -> tuple[tuple[str, float | None], ...]:
    return tuple((link.to, link.weight) for link in item.supports) if item else ()
