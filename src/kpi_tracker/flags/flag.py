"""A flag on an item that lags, as a night leaves it to the next, and the same as plain JSON data."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from kpi_tracker.model.flagging import Level
from kpi_tracker.model.measure import Status
from kpi_tracker.model.unit import Text
from kpi_tracker.record import record

if TYPE_CHECKING:
    from cattrs.preconf.json import JsonConverter

__all__ = ["Acknowledged", "Flag", "Phase", "Transition", "from_json", "to_json"]


class Phase(StrEnum):
    """Where a flag stands: the condition holds but not for long enough; raised; cleared; closed, its item being exempt."""

    PENDING = "pending"
    RAISED = "raised"
    CLEARED = "cleared"
    CLOSED = "closed"


@record
class Transition:
    """That a flag was raised or cleared on a day."""

    date: date
    phase: Phase


@record
class Acknowledged:
    """Who knows of it, why it is left at that, and until when (None: until it is cleared); with how bad it was then."""

    by: str
    why: str
    made_at: datetime
    until: date | None
    status: Status
    severity: int = 0
    lag: float | None = None


@record
class Flag:
    """The flag of one item.

    `since` is the day on which its item was first seen to lag, `raised_on` the day from which it counts as raised and
    `level_since` that from which it has its level; `clearing_since` the first of the days on which what clears it has
    held without a break. `status`, `severity` and `lag` are those of the last night that could judge the item, and
    `kept_without_data` is the first night since then. `roles` are told at this level. `transitions` are its recent
    raises and clears. An acknowledgement made until `ack_spent` no longer counts.
    """

    path: str
    phase: Phase
    since: date
    last_seen: date
    status: Status
    severity: int = 0
    lag: float | None = None
    runs: int = 1
    level: Level = Level.NOTICE
    raised_on: date | None = None
    level_since: date | None = None
    clearing_since: date | None = None
    roles: tuple[Text, ...] = ()
    acknowledged: Acknowledged | None = None
    ack_spent: datetime | None = None
    flapping: bool = False
    kept_without_data: date | None = None
    transitions: tuple[Transition, ...] = ()

    @property
    def raised(self) -> bool:
        """Whether it is up."""
        return self.phase is Phase.RAISED


@cache
def _converter() -> "JsonConverter":
    from cattrs.preconf.json import make_converter

    return make_converter(omit_if_default=True)


def to_json(flag: Flag) -> dict[str, Any]:
    """Return a flag as a dict of JSON values; what is as it is by default is left out."""
    plain: dict[str, Any] = _converter().unstructure(flag)
    return plain


def from_json(plain: Mapping[str, Any]) -> Flag:
    """Return the flag of such a dict; keys that are not known are ignored."""
    return _converter().structure(plain, Flag)
