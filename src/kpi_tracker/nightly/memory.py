"""A check held against the runs before it: what changed, which flags are up, and the run itself remembered."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from kpi_tracker.changes import Change, compare
from kpi_tracker.flags.events import Event, events
from kpi_tracker.flags.flag import Flag, from_json, to_json
from kpi_tracker.flags.lifecycle import advance
from kpi_tracker.history.run import Run
from kpi_tracker.history.store import History
from kpi_tracker.model.scorecard import GoalScore, Scorecard

__all__ = ["Remembered", "remember"]


class Remembered(NamedTuple):
    """What a night brought. `since` is the day of the run that `changes` compare with, None where there was none.

    `flags` are those that the night leaves by path, `events` what happened to them since the last night. `new` tells
    whether the run was added; a night that found what the last run of its day had found adds nothing.
    """

    changes: tuple[Change, ...]
    since: date | None
    flags: Mapping[str, Flag]
    events: tuple[Event, ...]
    new: bool


def remember(history: History, card: Scorecard, now: datetime, since: date | int | None = None) -> Remembered:
    """Compare `card` with the last night before its day (or the run of the day, or with the number, `since`), and add it.

    It is always an earlier night that is gone by, not an earlier run of the same one, so that a run which is made again,
    or was killed on its way, says and leaves the same. `now` is plan time.

    Raises:
        HistoryError: history cannot be read or written.
        KeyError: there is no run with the number `since`, or none so early though there are later ones.
    """
    plan = card.plan
    last = history.latest(plan.id, before=card.as_of)
    against = _chosen(history, last, plan.id, since) if since is not None else last
    changes = compare(history.scorecard(against), card) if against is not None else ()
    before = _flags(history, last, card) if last is not None else {}
    flags = advance(before, card, plan.flags, history.acknowledgements(plan.id), card.as_of)
    held = {path: to_json(flag) for path, flag in flags.items() if path in card.items}
    added = history.append(card, now, held)
    return Remembered(changes, against.as_of if against else None, flags, events(before, flags), added.new)


def _flags(history: History, last: Run, card: Scorecard) -> dict[str, Flag]:
    """Return the flags that the last night left; of an item that could not be read then, those of its own last night."""
    flags = {path: from_json(flag) for path, flag in history.flags(last).items()}
    there = history.scorecard(last).items
    top = card.items[""]
    missing = top.incomplete if isinstance(top, GoalScore) else ()
    known = frozenset(history.paths(last.plan))
    for path in (*card.items, *missing):
        if path not in there and path in known:
            points = history.path_of(last.plan, path)
            if points and points[-1].flag:
                flags[path] = from_json(points[-1].flag)
    return flags


def _chosen(history: History, last: Run | None, plan_id: str, since: date | int) -> Run | None:
    if isinstance(since, date):
        run = history.on_or_before(plan_id, since)
        if run is None and last is not None:  # it would look like a first night, on which everything is new
            raise KeyError(since)
        return run
    run = history.run(since)
    if run.plan != plan_id:
        raise KeyError(since)
    return run
