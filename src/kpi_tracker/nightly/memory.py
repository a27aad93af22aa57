"""A check held against the runs before it: what changed, which flags are up, and the run itself remembered."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from kpi_tracker.changes import Change, compare
from kpi_tracker.flags.events import Event, events
from kpi_tracker.flags.flag import Flag, from_json, to_json
from kpi_tracker.flags.lifecycle import advance
from kpi_tracker.history.mark import Mark, mark_at
from kpi_tracker.history.problem import HistoryError
from kpi_tracker.history.run import Run
from kpi_tracker.history.store import History
from kpi_tracker.language import Phrase
from kpi_tracker.model.scorecard import GoalScore, Scorecard

__all__ = ["Remembered", "Tell", "Untold", "remember"]


class Tell(StrEnum):
    """Who is to hear of a night: `SHOWN` is what would be told, and nothing of it is written down."""

    NOBODY = "nobody"
    SHOWN = "shown"
    PEOPLE = "people"


class Untold(NamedTuple):
    """What people have not been told yet. `before` is how far they were told; `changes` and `events` are since its run.

    `since` is the day of that run, None where there was none.
    """

    before: Mark
    changes: tuple[Change, ...]
    since: date | None
    events: tuple[Event, ...]


class Remembered(NamedTuple):
    """What a night brought. `since` is the day of the run that `changes` compare with, None where there was none.

    `flags` are those that the night leaves by path, `events` what happened to them since the last night. `new` tells
    whether the run was added; a night that found what the last run of its day had found adds nothing. `run` is its
    number, None where it could not be written, and `unwritten` is why. `untold` is what people are to be told, None where
    nobody is, or they know of a later day already.
    """

    changes: tuple[Change, ...]
    since: date | None
    flags: Mapping[str, Flag]
    events: tuple[Event, ...]
    new: bool
    run: int | None = None
    untold: Untold | None = None
    unwritten: Phrase | None = None


def remember(
    history: History, card: Scorecard, now: datetime, since: date | int | None = None, tell: Tell = Tell.NOBODY
) -> Remembered:
    """Compare `card` with the last night before its day (or the run of the day, or with the number, `since`), and add it.

    It is always an earlier night that is gone by, not an earlier run of the same one, so that a run which is made again,
    or was killed on its way, says and leaves the same. `now` is plan time. Those whom `tell` asks for are told what is new
    since they were told last, however many nights have gone by since then; the first time, since the last night.

    That history cannot be written keeps nobody from knowing what changed: it is a value of what is returned.

    Raises:
        HistoryError: history cannot be read.
        KeyError: there is no run with the number `since`, or none so early though there are later ones.
    """
    plan = card.plan
    last = history.latest(plan.id, before=card.as_of)
    against = _chosen(history, last, plan.id, since) if since is not None else last
    changes = compare(history.scorecard(against), card) if against is not None else ()
    before = _flags(history, last, card) if last is not None else {}
    flags = advance(before, card, plan.flags, history.acknowledgements(plan.id), card.as_of)
    happened = events(before, flags)
    untold, mark = None, history.mark(plan.id) if tell is not Tell.NOBODY else None
    if tell is not Tell.NOBODY:
        news = (last, changes if against is last else None, happened)
        untold = _untold(history, card, flags, mark or mark_at(last), news)
    found = Remembered(changes, against.as_of if against else None, flags, happened, new=False, untold=untold)
    held = {path: to_json(flag) for path, flag in flags.items() if path in card.items}
    try:
        if mark is None and tell is Tell.PEOPLE:  # before the run is there: should this one be killed, that is known
            history.begin(plan.id, mark_at(last))
        added = history.append(card, now, held)
    except HistoryError as error:
        return found._replace(unwritten=error.phrase)
    return found._replace(run=added.run_id, new=added.new)


def _untold(
    history: History, card: Scorecard, flags: Mapping[str, Flag], mark: Mark,
    night: tuple[Run | None, tuple[Change, ...] | None, tuple[Event, ...]],
) -> Untold | None:  # fmt: skip
    """Return what is new since the run of `mark`; `night` is the last run with what is new since that, as far as known."""
    if mark.day is not None and card.as_of < mark.day:
        return None
    last, changes, happened = night
    if mark.run is None:
        return Untold(mark, (), None, events({}, flags))
    if last is None or last.id != mark.run:
        last, changes = history.run(mark.run), None
        happened = events(_flags(history, last, card), flags)
    if changes is None:
        changes = compare(history.scorecard(last), card)
    return Untold(mark, changes, last.as_of, happened)


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
