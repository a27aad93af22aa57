"""That somebody knows of an item's lag, and why it is left at that for a while. Rows are added, never changed."""

from datetime import date, datetime
from typing import NamedTuple

from kpi_tracker.history.database import Database

__all__ = ["Acknowledgement", "acknowledge", "acknowledgements"]


class Acknowledgement(NamedTuple):
    """Who acknowledged what, why, when, and until which day (None: for good). `withdrawn` takes back what stood before."""

    path: str
    who: str
    why: str
    made_at: datetime
    until: date | None = None
    withdrawn: bool = False


INSERT = """
    INSERT INTO acknowledgement (plan, path, who, why, made_at, until, withdrawn)
    VALUES (:plan, :path, :who, :why, :made_at, :until, :withdrawn)
"""
SELECT = "SELECT path, who, why, made_at, until, withdrawn FROM acknowledgement WHERE plan = :plan ORDER BY id"


def acknowledge(database: Database, plan_id: str, given: Acknowledgement) -> None:
    """Add an acknowledgement."""
    until = given.until.isoformat() if given.until else None
    row = {**given._asdict(), "plan": plan_id, "made_at": given.made_at.isoformat(), "until": until,
           "withdrawn": int(given.withdrawn)}  # fmt: skip
    with database.transaction(write=True) as statements:
        statements.run(INSERT, [row])


def acknowledgements(database: Database, plan_id: str) -> tuple[Acknowledgement, ...]:
    """Return all acknowledgements of a plan in the order in which they were given."""
    with database.transaction() as statements:
        rows = statements.rows(SELECT, plan=plan_id)
    return tuple(
        Acknowledgement(path, who, why, datetime.fromisoformat(made_at), date.fromisoformat(until) if until else None,
                        bool(withdrawn))
        for path, who, why, made_at, until, withdrawn in rows
    )  # fmt: skip
