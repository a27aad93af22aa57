"""Earlier runs of a plan, wherever they are kept: in history, or in the revisions of its files."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from kpi_tracker.model.scorecard import Scorecard

__all__ = ["Night", "Past", "known_then", "nights"]


class Night(Protocol):
    """A run: the day that it scored, and when it was made."""

    @property
    def as_of(self) -> date:
        """The day."""

    @property
    def made_at(self) -> datetime:
        """When it ran, with an offset or in plan time."""


class Past(Protocol):
    """What remembers the runs of plans."""

    def runs(self, plan_id: str) -> Sequence[Night]:
        """Return all runs of a plan."""

    def scorecard(self, run: Any) -> Scorecard:
        """Return what a run found."""


def nights(past: Past, plan_id: str) -> list[Night]:
    """Return the runs in the order in which they were made, without those that looked back at a day before the last."""
    found: list[Night] = []
    for run in sorted(past.runs(plan_id), key=_made):
        if not found or run.as_of >= found[-1].as_of:
            found.append(run)
    return found


def _made(run: Night) -> datetime:
    """Return when a run was made, so that runs with an offset and without one can be put in order."""
    return run.made_at if run.made_at.tzinfo is None else run.made_at.astimezone(UTC).replace(tzinfo=None)


def known_then(run: Night, scorecard: Scorecard) -> tuple[datetime, ...]:
    """Return the moments, in plan time, of which one is that until which a run saw what was recorded.

    A row that does not say more than its day counts as recorded at the end of it, but a run of that day has seen it.
    """
    if scorecard.known_at is not None:
        return (scorecard.known_at,)
    made = run.made_at
    if made.tzinfo is not None:
        made = made.astimezone(ZoneInfo(scorecard.plan.time_zone)).replace(tzinfo=None)
    return made, datetime.combine(max(made.date(), run.as_of), time.max)
