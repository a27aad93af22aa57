"""A past kept in memory: runs of plans made by hand."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, NamedTuple

import kpi_tracker
from kpi_tracker.model.amendment import Amended, Amendment
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.observation import Observation
from kpi_tracker.model.scorecard import Scorecard
from tests.builders import day, text


class Run(NamedTuple):
    """A run as history has it."""

    as_of: date
    made_at: datetime
    scorecard: Scorecard


class Kept:
    """Runs in memory."""

    def __init__(self, *runs: Run) -> None:
        """Keep them."""
        self._runs = runs

    def runs(self, plan_id: str) -> tuple[Run, ...]:
        """Return the runs of a plan."""
        return tuple(run for run in self._runs if run.scorecard.plan.id == plan_id)

    def scorecard(self, run: Run) -> Scorecard:
        """Return what a run found."""
        return run.scorecard


def ran(whole: Plan, rows: Iterable[Observation], as_of: str, made: str | None = None, known: Any = None) -> Run:
    """Return the run of a plan at two o'clock in the morning after a day, or at another time."""
    made_at = datetime.fromisoformat(made) if made else datetime.combine(day(as_of), time(23, 30))
    return Run(day(as_of), made_at, kpi_tracker.score(whole, rows, day(as_of), known))


def amendment(
    item: str, when: str, what: Amended, before: float | str | None = None, after: float | str | None = None
) -> Amendment:
    """Return an amendment with its reason."""
    return Amendment(item, day(when), what, text("because"), "No. 1", before, after)
