"""The ledger of deliveries: what is claimed before it is sent and finished after, so that a crash loses nothing."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

__all__ = ["LEASE", "Ledger", "MemoryLedger", "Unsent", "Wanted"]

LEASE = timedelta(minutes=15)
"""A claim that is older, and not finished, was made by a run that is no more: longer than a run may send."""


class Unsent(NamedTuple):
    """A delivery that did not come to its end: the message as JSON, and when it was first claimed."""

    key: str
    channel: str
    route: str
    message: str
    first: datetime


class Wanted(NamedTuple):
    """A delivery that is to be claimed, with its message as JSON."""

    key: str
    channel: str
    route: str
    message: str


class Ledger(Protocol):
    """What has been sent. Each call takes effect at once and whole, also with other runs at work on the same ledger."""

    def claim_all(self, wanted: Sequence[Wanted], now: datetime) -> frozenset[str]:
        """Claim all messages of a night, so that none is lost whatever happens next; return the keys that were given."""

    def claim(self, key: str, channel: str, route: str, now: datetime, message: str) -> bool:
        """Claim the delivery `key` and keep its message; False where it is sent, or claimed since less than LEASE."""

    def finish(self, key: str, sent: bool, error: str, now: datetime) -> None:
        """Say how a claimed delivery ended. One that failed may be claimed again at once."""

    def give_up(self, key: str) -> None:
        """Say that a claimed delivery is no news any more: nobody tries it again."""

    def unsent(self) -> tuple[Unsent, ...]:
        """Return what was claimed and is neither sent nor given up, the oldest first."""


class _Entry:
    """A delivery as the memory holds it."""

    def __init__(self, channel: str, route: str, message: str, now: datetime) -> None:
        self.channel, self.route, self.message, self.first = channel, route, message, now
        self.claimed: datetime | None = now
        self.sent, self.given_up, self.error = False, False, ""


class MemoryLedger:
    """A ledger that lasts as long as the process: for scripts and tests."""

    def __init__(self) -> None:
        """Start empty."""
        self.entries: dict[str, _Entry] = {}

    def claim_all(self, wanted: Sequence[Wanted], now: datetime) -> frozenset[str]:
        """Claim deliveries, as :class:`Ledger` says."""
        given = (one for one in wanted if self.claim(one.key, one.channel, one.route, now, one.message))
        return frozenset(one.key for one in given)

    def claim(self, key: str, channel: str, route: str, now: datetime, message: str) -> bool:
        """Claim a delivery, as :class:`Ledger` says."""
        entry = self.entries.get(key)
        if entry is None:
            self.entries[key] = _Entry(channel, route, message, now)
            return True
        if entry.sent or entry.given_up or (entry.claimed is not None and now - entry.claimed < LEASE):
            return False
        entry.claimed = now
        return True

    def finish(self, key: str, sent: bool, error: str, now: datetime) -> None:
        """Say how a delivery ended, as :class:`Ledger` says."""
        entry = self.entries[key]
        entry.claimed, entry.sent, entry.error = None, sent, error

    def give_up(self, key: str) -> None:
        """Give up a delivery, as :class:`Ledger` says."""
        self.entries[key].given_up = True

    def unsent(self) -> tuple[Unsent, ...]:
        """Return what is not sent, as :class:`Ledger` says."""
        return tuple(
            Unsent(key, entry.channel, entry.route, entry.message, entry.first)
            for key, entry in sorted(self.entries.items(), key=lambda pair: pair[1].first)
            if not (entry.sent or entry.given_up)
        )
