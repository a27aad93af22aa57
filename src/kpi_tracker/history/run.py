"""One night in history, and one item in it."""

from datetime import date, datetime
from typing import Any, NamedTuple

from kpi_tracker.model.scorecard import GoalScore, KpiScore

__all__ = ["Appended", "Point", "Run"]


class Run(NamedTuple):
    """A run as it was recorded. `turn` counts the runs of one day: the last of them speaks for it.

    The revisions are digests of the plan's files and of the files with its observations; `commit` is None where the plan
    is in no git work tree, and `dirty` tells that those files were not as that commit has them.
    """

    id: int
    plan: str
    as_of: date
    turn: int
    known_at: datetime | None
    made_at: datetime
    plan_revision: str
    data_revision: str
    commit: str | None
    dirty: bool | None
    version: str
    digest: str


class Appended(NamedTuple):
    """The run that holds what was appended; `new` is False where the day's last run had found the same."""

    run_id: int
    new: bool


class Point(NamedTuple):
    """How an item stood in a run, and its flag (empty where it had none)."""

    run: Run
    score: KpiScore | GoalScore
    flag: dict[str, Any]
