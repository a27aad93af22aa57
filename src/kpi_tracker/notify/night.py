"""What a night brought: all that messages are made from."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from kpi_tracker.changes import Change
from kpi_tracker.diagnostics import Diagnostic, Severity
from kpi_tracker.language import Phrase
from kpi_tracker.model.scorecard import Scorecard
from kpi_tracker.model.unit import Text
from kpi_tracker.outcome import unjudged
from kpi_tracker.record import field, record

__all__ = ["FlagEvent", "FlagWord", "Level", "Night"]


class FlagWord(StrEnum):
    """What happened to a flag; in the order in which it is told."""

    ESCALATED = "escalated"
    RAISED = "raised"
    FLAPPING = "flapping"
    ACK_EXPIRED = "ack_expired"
    CLEARED = "cleared"


class Level(StrEnum):
    """How far a flag has climbed, the mildest first."""

    NOTICE = "notice"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"


class FlagEvent(NamedTuple):
    """One event of one flag: of the item at `path`, at a level, since a day; `roles` are whom the ladder names."""

    path: str
    event: FlagWord
    level: Level
    since: date
    roles: tuple[Text, ...] = ()


@record
class Night:
    """One check of one plan, and what it brought.

    `plan` and `title` are the plan's id and title (of a plan that could not be read: its folder), `source` is where it
    was read. `since` is the day of the run that people were told of last, which `changes` compare with; None where there
    was none. `lasting` has the day since when an item lags, by path, where it is known. `unknown` is why it is not known
    what changed; with `repeated` people were told that before. `still` is the day since when the check has failed, where people
    were told that it fails so; `mended` is that day where it fails no more.
    """

    plan: str
    title: Text
    source: str
    as_of: date
    scorecard: Scorecard | None
    diagnostics: tuple[Diagnostic, ...] = ()
    changes: tuple[Change, ...] = ()
    events: tuple[FlagEvent, ...] = ()
    since: date | None = None
    lasting: Mapping[str, date] = field(factory=dict)
    illustrative: bool = False
    unknown: Phrase | None = None
    repeated: bool = False
    still: date | None = None
    mended: date | None = None

    @property
    def faults(self) -> tuple[Diagnostic, ...]:
        """What is wrong with the plan or its data, without warnings."""
        return tuple(fault for fault in self.diagnostics if fault.severity is Severity.ERROR)

    @property
    def verdict(self) -> Phrase | None:
        """Why nothing, or not the whole, could be judged; None where it could."""
        return unjudged(self.scorecard) if self.scorecard is not None else None

    @property
    def failed(self) -> bool:
        """Whether the check failed: the plan or its data are broken."""
        return self.scorecard is None or bool(self.faults)
