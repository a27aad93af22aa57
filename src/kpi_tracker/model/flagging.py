"""How a plan wants its lagging items flagged: when a flag is raised and cleared, and how it is escalated."""

from enum import StrEnum

from kpi_tracker.model.measure import Status
from kpi_tracker.model.unit import Text
from kpi_tracker.record import record

__all__ = ["LEVELS", "Clearing", "FlagRules", "Flapping", "Level", "Raising", "Rung"]


class Level(StrEnum):
    """How high a flag has been escalated (提示、黄牌、橙牌、红牌)."""

    NOTICE = "notice"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"


LEVELS = tuple(Level)
"""From the lowest to the highest."""


@record
class Raising:
    """When a flag is raised: so many days after the item began to lag, or once so many runs saw it; None does not count."""

    days: int | None = None
    runs: int | None = None


@record
class Clearing:
    """When a flag is cleared: its item has this status or a better one, this pace, and no more than this lag, for so long.

    What is None is not asked for; where nothing is, it must be on track. Where an item has no such figure as is asked for
    (`lag` is in percentage points) it must be on track instead; one that is achieved has every figure.
    """

    status: Status | None = None
    pace: float | None = None
    lag: float | None = None
    after_days: int = 0


@record
class Flapping:
    """A flag that was raised and cleared so many times, together, within so many days is flapping."""

    changes: int = 4
    within_days: int = 30


@record
class Rung:
    """A step of the escalation ladder: the level from so many days after the flag was raised on, and who is told."""

    after_days: int
    level: Level
    roles: tuple[Text, ...] = ()


@record
class FlagRules:
    """All of it; what a plan leaves out is as here: raised at once, cleared when on track, one level."""

    raising: Raising = Raising(days=0)
    clearing: Clearing = Clearing()
    flapping: Flapping = Flapping()
    escalation: tuple[Rung, ...] = (Rung(0, Level.NOTICE),)
