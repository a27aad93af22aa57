"""The ledger of messages in history: what was claimed and sent outlasts the process."""

from datetime import datetime

from kpi_tracker.history.delivery import DeliveryStatus
from kpi_tracker.history.store import History
from kpi_tracker.notify.ledger import LEASE, Unsent

__all__ = ["HistoryLedger"]


class HistoryLedger:
    """The deliveries of one plan, as :class:`kpi_tracker.notify.ledger.Ledger` wants them."""

    def __init__(self, history: History, plan_id: str) -> None:
        """Keep the deliveries of `plan_id` in `history`."""
        self._history, self._plan = history, plan_id

    def claim(self, key: str, channel: str, route: str, now: datetime, message: str) -> bool:
        """Claim the delivery `key` and keep its message; False where it is sent, or claimed since less than LEASE."""
        return self._history.claim(self._plan, key, channel, route, now, now - LEASE, message)

    def finish(self, key: str, sent: bool, error: str, now: datetime) -> None:
        """Say how a claimed delivery ended. One that failed may be claimed again at once."""
        self._history.finish(self._plan, key, "" if sent else error or "?")

    def unsent(self) -> tuple[Unsent, ...]:
        """Return what was claimed and is not sent, the oldest first."""
        return tuple(
            Unsent(one.key, one.channel, one.route, one.content, one.first_at)
            for one in self._history.deliveries(self._plan)
            if one.status is not DeliveryStatus.SENT
        )
