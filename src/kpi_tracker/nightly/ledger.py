"""The ledger of messages in history: what was claimed and sent outlasts the process."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from kpi_tracker.history import delivery
from kpi_tracker.history.delivery import DeliveryStatus
from kpi_tracker.history.mark import Mark
from kpi_tracker.history.problem import HistoryError
from kpi_tracker.history.store import History
from kpi_tracker.language import Phrase
from kpi_tracker.notify.ledger import LEASE, MemoryLedger, Unsent, Wanted

__all__ = ["HistoryLedger"]

T = TypeVar("T")


class HistoryLedger:
    """The deliveries of one plan, as :class:`kpi_tracker.notify.ledger.Ledger` wants them.

    What history refuses is kept for as long as the process lasts: better told twice than not at all. `problem` is why.
    """

    def __init__(self, history: History, plan_id: str, marks: tuple[Mark, Mark] | None = None) -> None:
        """Keep the deliveries of `plan_id` in `history`; with the messages of the night its mark goes on as `marks` say."""
        self._history, self._plan, self._marks = history, plan_id, marks
        self._memory = MemoryLedger()
        self.problem: Phrase | None = None

    def claim_all(self, wanted: Sequence[Wanted], now: datetime) -> frozenset[str]:
        """Claim the messages of the night, and move the mark of the plan in the same transaction."""
        rows = [delivery.Wanted(*one) for one in wanted]

        def claim() -> frozenset[str]:
            if self._marks is not None:
                return self._history.tell(self._plan, self._marks, rows, now, now - LEASE)
            given = (one for one in rows if self._history.claim(self._plan, *one[:3], now, now - LEASE, one.content))
            return frozenset(one.key for one in given)

        return self._kept(claim, lambda: self._memory.claim_all(wanted, now))

    def claim(self, key: str, channel: str, route: str, now: datetime, message: str) -> bool:
        """Claim the delivery `key` and keep its message; False where it is sent, or claimed since less than LEASE."""
        return self._kept(
            lambda: self._history.claim(self._plan, key, channel, route, now, now - LEASE, message),
            lambda: self._memory.claim(key, channel, route, now, message),
        )

    def finish(self, key: str, sent: bool, error: str, now: datetime) -> None:
        """Say how a claimed delivery ended. One that failed may be claimed again at once."""
        if key in self._memory.entries:
            self._memory.finish(key, sent, error, now)
        else:
            self._kept(lambda: self._history.finish(self._plan, key, "" if sent else error or "?"), lambda: None)

    def give_up(self, key: str) -> None:
        """Say that a claimed delivery is no news any more: nobody tries it again."""
        if key in self._memory.entries:
            self._memory.give_up(key)
        else:
            self._kept(lambda: self._history.give_up(self._plan, key), lambda: None)

    def unsent(self) -> tuple[Unsent, ...]:
        """Return what was claimed and is not sent, the oldest first."""
        return self._kept(self._unsent, self._memory.unsent)

    def _unsent(self) -> tuple[Unsent, ...]:
        return tuple(
            Unsent(one.key, one.channel, one.route, one.content, one.first_at)
            for one in self._history.deliveries(self._plan)
            if one.status in (DeliveryStatus.CLAIMED, DeliveryStatus.FAILED)
        )

    def _kept(self, ask: Callable[[], T], otherwise: Callable[[], T]) -> T:
        try:
            return ask()
        except HistoryError as error:
            self.problem = self.problem or error.phrase
            return otherwise()
