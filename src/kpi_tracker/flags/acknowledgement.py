"""Acknowledgements: who has taken note of a flag, and until when that keeps its escalation quiet."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from kpi_tracker.changes import NOTICEABLE
from kpi_tracker.flags.flag import Acknowledged, Flag
from kpi_tracker.model.measure import WORST_FIRST
from kpi_tracker.record import changed

__all__ = ["Given", "acknowledged", "standing"]


class Given(Protocol):
    """An acknowledgement as it was given; `withdrawn` takes back what was given for its path before."""

    @property
    def path(self) -> str:
        """The item's path."""

    @property
    def who(self) -> str:
        """Who gave it."""

    @property
    def why(self) -> str:
        """Why it is left at that."""

    @property
    def made_at(self) -> datetime:
        """When, in plan time."""

    @property
    def until(self) -> date | None:
        """The last day on which it holds; None until the flag is cleared."""

    @property
    def withdrawn(self) -> bool:
        """Whether it takes back the one before it."""


def standing(acks: Iterable[Given], as_of: date) -> dict[str, Given]:
    """Return the acknowledgement that stands for each path at the end of a day; `acks` are in their order."""
    last = {ack.path: ack for ack in acks if ack.made_at.date() <= as_of}
    return {path: ack for path, ack in last.items() if not ack.withdrawn}


def acknowledged(flag: Flag, ack: Given | None, as_of: date) -> Flag:
    """Return a flag that is pending or up with the acknowledgement that stands for it, if one does.

    One that was made before the item began to lag is of an earlier lag. It ends when the item gets worse than it was:
    in status, in severity, or by NOTICEABLE points of lag.
    """
    if ack is None or ack.made_at.date() < flag.since or (ack.until is not None and ack.until < as_of):
        return changed(flag, acknowledged=None)
    if flag.ack_spent is not None and ack.made_at <= flag.ack_spent:
        return changed(flag, acknowledged=None)
    held = flag.acknowledged
    if held is None or held.made_at != ack.made_at:
        held = Acknowledged(ack.who, ack.why, ack.made_at, ack.until, flag.status, flag.severity, flag.lag)
    elif _worse(flag, held):
        return changed(flag, acknowledged=None, ack_spent=ack.made_at)
    return changed(flag, acknowledged=held)


def _worse(flag: Flag, held: Acknowledged) -> bool:
    """Tell whether an item got worse since its flag was acknowledged."""
    rank, was = WORST_FIRST.index(flag.status), WORST_FIRST.index(held.status)
    if rank != was:
        return rank < was
    grown = flag.lag is not None and held.lag is not None and flag.lag - held.lag >= NOTICEABLE
    return flag.severity > held.severity or grown
