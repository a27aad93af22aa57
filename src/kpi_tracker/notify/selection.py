"""What of a night a route tells: its changes and flags, the state of everything on the day of a digest, and every failure."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from kpi_tracker.changes import Change, ChangeKind
from kpi_tracker.diagnostics import Diagnostic
from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.goal import within
from kpi_tracker.model.scorecard import KpiScore
from kpi_tracker.model.unit import Text
from kpi_tracker.notify.config import DigestDay, NotifyConfig, Route
from kpi_tracker.notify.night import FlagEvent, FlagWord, Level, Night

__all__ = ["Told", "due", "idle_routes", "owners", "told"]

Owners = Mapping[str, Text | None]


class Told(NamedTuple):
    """What a route tells; `digest` where the whole state is told, in `lagging` and `problems`.

    `unknown`: that it is not known what changed; `still`: that the check fails as it did when that was told, `mended`
    that it fails no more.
    """

    failed: bool
    digest: bool = False
    events: tuple[FlagEvent, ...] = ()
    changes: tuple[Change, ...] = ()
    lagging: tuple[KpiScore, ...] = ()
    problems: tuple[KpiScore, ...] = ()
    unknown: bool = False
    still: bool = False
    mended: bool = False

    def __bool__(self) -> bool:
        """Tell whether there is anything to tell."""
        return any((self.failed, self.still, self.mended, self.digest, self.unknown, self.events, self.changes))


NOTHING = Told(failed=False)


def told(route: Route, night: Night, owner_of: Owners) -> Told:
    """Return what `route` tells of `night`: nothing where nothing changed, the plan is not its own, and no digest is due.

    A check that failed is told to all who are told of the plan, whatever else they are told; so is that it fails no more,
    and that it is not known what changed. That it still fails as it did is told in a digest alone.
    """
    if route.plan and night.plan not in route.plan:
        return NOTHING

    def passes(path: str) -> bool:
        owner = owner_of.get(path)
        ours = not route.owner or (owner is not None and (owner.zh in route.owner or owner.en in route.owner))
        return ours and (not route.branch or any(within(path, branch) for branch in route.branch))

    events = tuple(sorted((e for e in night.events if passes(e.path) and _event(route, e)), key=_gravest_first))
    said = {(event.path, SAME[event.event]) for event in events if event.event in SAME}
    changes = tuple(c for c in night.changes if passes(c.path) and _change(route, c) and (c.path, c.kind) not in said)
    card, unknown = night.scorecard, night.unknown is not None and not night.repeated
    fresh = Told(night.failed and night.still is None, False, events, changes, unknown=unknown,
                 mended=night.mended is not None)  # fmt: skip
    if route.digest is None or not due(route.digest, night.as_of, night.since):
        return fresh
    fresh = fresh._replace(still=night.failed and night.still is not None)
    if card is None:
        return fresh
    lagging = tuple(kpi for kpi in card.lagging if passes(kpi.path))
    problems = tuple(kpi for kpi in card.data_problems if passes(kpi.path) and not kpi.lagging)
    return fresh._replace(digest=True, lagging=lagging, problems=problems)


SAME = {FlagWord.RAISED: ChangeKind.NEWLY_LAGGING, FlagWord.CLEARED: ChangeKind.RECOVERED}
"""A change that the event of a flag says as well is not told twice."""


def _event(route: Route, event: FlagEvent) -> bool:
    if route.level is None:
        return not route.changes
    return LEVELS.index(event.level) >= LEVELS.index(route.level)


def _change(route: Route, change: Change) -> bool:
    return change.kind in route.changes if route.changes else route.level is None


LEVELS = tuple(Level)
EVENTS = tuple(FlagWord)


def _gravest_first(event: FlagEvent) -> tuple[int, int, date, str]:
    return EVENTS.index(event.event), -LEVELS.index(event.level), event.since, event.path


def due(day: DigestDay, as_of: date, since: date | None) -> bool:
    """Tell whether a digest day lies after the last run and not after this one: a missed night loses none.

    Where there was no run before, it is due: it tells where everything stands.
    """
    if since is None:
        return True
    return since < _last(day, as_of)


def _last(day: DigestDay, as_of: date) -> date:
    """Return the newest digest day that is not after `as_of`."""
    if day is DigestDay.MONTH_END:
        tomorrow = as_of + timedelta(days=1)
        return as_of if tomorrow.day == 1 else as_of.replace(day=1) - timedelta(days=1)
    return as_of - timedelta(days=(as_of.weekday() - WEEK.index(day)) % len(WEEK))


WEEK = tuple(day for day in DigestDay if day is not DigestDay.MONTH_END)


def owners(night: Night) -> dict[str, Text | None]:
    """Return who answers for each item, by path: its own owner, or that of the nearest above it."""
    if night.scorecard is None:
        return {}
    plan = night.scorecard.plan
    found: dict[str, Text | None] = {"": plan.owner}
    for path, item in plan.walk():
        found[path] = item.owner or found[path.rpartition("/")[0]]
    for path, before in ((change.path, change.before) for change in night.changes if change.after is None):
        item_then = before.kpi if isinstance(before, KpiScore) else before and before.goal
        found.setdefault(path, (item_then and item_then.owner) or found.get(path.rpartition("/")[0], plan.owner))
    return found


def idle_routes(config: NotifyConfig, nights: Sequence[Night]) -> tuple[Diagnostic, ...]:
    """Return a warning for every owner and branch of a route that none of its plans has: it would tell nothing, ever."""
    found = []
    for route in config.routes:
        cards = [n.scorecard for n in nights if n.scorecard and (not route.plan or n.plan in route.plan)]
        if not cards:
            continue
        known = [owner for night in nights for owner in owners(night).values() if owner]
        names = tuple(dict.fromkeys(word for owner in known for word in (owner.zh, owner.en)))
        paths = tuple(dict.fromkeys(path for card in cards for path in card.items if path))
        for what, wanted, there in ((N_("the owner"), route.owner, names), (N_("the branch"), route.branch, paths)):
            for value in (value for value in wanted if value and value not in there):
                args = {"member": route.name, "of": Phrase(what), "value": value, "nearest": nearest(value, there)}
                found.append(Diagnostic("KT705", route.where, args))
    return tuple(found)
