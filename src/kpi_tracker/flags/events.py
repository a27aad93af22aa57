"""What happened to flags from one night to another: what people are told of."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from kpi_tracker.flags.flag import Flag, Phase
from kpi_tracker.model.flagging import LEVELS

__all__ = ["Event", "EventKind", "events"]


class EventKind(StrEnum):
    """What happened to a flag; in the order in which it is told."""

    RAISED = "raised"
    ESCALATED = "escalated"
    ACK_EXPIRED = "ack_expired"
    FLAPPING = "flapping"
    ACKNOWLEDGED = "acknowledged"
    CLEARED = "cleared"
    CLOSED = "closed"


class Event(NamedTuple):
    """One event of one flag, as it was (None where there was none) and as it is now."""

    kind: EventKind
    path: str
    before: Flag | None
    after: Flag


def events(previous: Mapping[str, Flag], current: Mapping[str, Flag]) -> tuple[Event, ...]:
    """Return what happened between two nights: by kind, within a kind the highest level first, then by path.

    A flag that is pending is nobody's business yet. While it is acknowledged its escalation is not told; when that ends
    (its day has passed, it was withdrawn, or the item got worse) it is told with the level that it has by then.
    """
    found = [
        Event(kind, path, previous.get(path), flag)
        for path, flag in current.items()
        for kind in _kinds(previous.get(path), flag)
    ]
    return tuple(sorted(found, key=_order))


def _order(event: Event) -> tuple[int, int, str]:
    return _PLACE[event.kind], -LEVELS.index(event.after.level), event.path


_PLACE = {kind: i for i, kind in enumerate(EventKind)}


def _kinds(then: Flag | None, now: Flag) -> Iterator[EventKind]:
    was, is_up = then is not None and then.raised, now.raised
    if was and not is_up:
        yield EventKind.CLOSED if now.phase is Phase.CLOSED else EventKind.CLEARED
    if is_up and not (then and was and then.raised_on == now.raised_on):
        yield EventKind.RAISED
    elif is_up and then and then.level is not now.level and now.acknowledged is None:
        yield EventKind.ESCALATED
    if now.flapping and not (then and then.flapping):
        yield EventKind.FLAPPING
    if is_up:
        yield from _acknowledging(then if was else None, now)


def _acknowledging(then: Flag | None, now: Flag) -> Iterator[EventKind]:
    """Yield what became of the acknowledgement of a flag that is up."""
    held, holds = then.acknowledged if then else None, now.acknowledged
    if holds is not None and (held is None or held.made_at != holds.made_at):
        yield EventKind.ACKNOWLEDGED
    elif held is not None and holds is None:
        yield EventKind.ACK_EXPIRED
