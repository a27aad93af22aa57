"""How far people have been told of a plan: the next message is made against that, not against the last night.

The mark of a plan goes on in the transaction that claims the messages of a night. Whatever ends a run before, the next one
finds the mark where it was and tells what the lost run would have told; and what was claimed is sent by a later run.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from kpi_tracker.history.database import Database, Statements
from kpi_tracker.history.delivery import Wanted, claimed
from kpi_tracker.history.run import Run

__all__ = ["Mark", "begin", "mark_at", "mark_of", "tell"]


class Mark(NamedTuple):
    """The run and the day that people were told last; both None where none was when telling began.

    `failing` tells one failure of the check from another, "" where it did not fail; it has failed since `failing_since`.
    """

    run: int | None = None
    day: date | None = None
    failing: str = ""
    failing_since: date | None = None


SELECT = "SELECT run, day, failing, failing_since FROM told WHERE plan = :plan"
BEGIN = """
    INSERT INTO told (plan, run, day, failing, failing_since) VALUES (:plan, :run, :day, :failing, :failing_since)
    ON CONFLICT (plan) DO NOTHING
"""
MOVE = """
    UPDATE told SET run = :run, day = :day, failing = :failing, failing_since = :failing_since WHERE plan = :plan
"""


def mark_at(run: Run | None) -> Mark:
    """Return the mark of a plan whose run (None: none at all) is the last before people begin to be told."""
    return Mark() if run is None else Mark(run.id, run.as_of)


def mark_of(database: Database, plan_id: str) -> Mark | None:
    """Return how far people have been told of a plan, or None where nobody was to be told yet."""
    with database.transaction() as statements:
        return _read(statements, plan_id)


def begin(database: Database, plan_id: str, mark: Mark) -> None:
    """Begin to tell from `mark` on, unless that was begun before."""
    with database.transaction(write=True) as statements:
        statements.run(BEGIN, [_row(plan_id, mark)])


def tell(
    database: Database, plan_id: str, marks: tuple[Mark, Mark], wanted: Sequence[Wanted], made_at: datetime,
    abandoned_before: datetime,
) -> frozenset[str]:  # fmt: skip
    """Claim all messages of a night and move the mark, from the first of `marks` to the second: both or neither.

    Return the keys that the caller is to send. Where another run has moved the mark meanwhile there are none: it has
    told, and what it did not know the next night tells.
    """
    before, after = marks
    with database.transaction(write=True) as statements:
        found = _read(statements, plan_id)
        if found not in (None, before):
            return frozenset()
        ours = frozenset(one.key for one in wanted if claimed(statements, plan_id, one, made_at, abandoned_before))
        statements.run(BEGIN if found is None else MOVE, [_row(plan_id, after)])
        return ours


def _read(statements: Statements, plan_id: str) -> Mark | None:
    for run, day, failing, since in statements.rows(SELECT, plan=plan_id):
        return Mark(
            run, date.fromisoformat(day) if day else None, failing, date.fromisoformat(since) if since else None
        )
    return None


def _row(plan_id: str, mark: Mark) -> dict[str, object]:
    days = {"day": mark.day, "failing_since": mark.failing_since}
    texts = {name: day.isoformat() if day else None for name, day in days.items()}
    return {**mark._asdict(), "plan": plan_id, **texts}
