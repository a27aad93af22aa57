"""Messages that were sent, or are to be: each is claimed by one run before it is sent, so that none goes out twice."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from kpi_tracker.history.database import Database, Statements

__all__ = ["Delivery", "DeliveryStatus", "Wanted", "claim", "claimed", "deliveries", "finish", "give_up"]


class DeliveryStatus(StrEnum):
    """`claimed`: a run is about to send it, or was killed while it did; `given_up`: it was tried for too long."""

    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    GIVEN_UP = "given_up"


class Delivery(NamedTuple):
    """A message: the key that tells it from all others, where it goes, and how often that was tried.

    It was first claimed at `first_at` and last at `made_at`. `content` is kept until it is sent.
    """

    key: str
    channel: str
    route: str
    status: DeliveryStatus
    attempts: int
    made_at: datetime
    last_error: str
    first_at: datetime
    content: str


class Wanted(NamedTuple):
    """A message that is to be sent; `content` is all of it, so that a later run can send it."""

    key: str
    channel: str
    route: str
    content: str = ""


INSERT = """
    INSERT INTO delivery (plan, message, channel, route, status, attempts, made_at, last_error, first_at, content)
    VALUES (:plan, :key, :channel, :route, 'claimed', 1, :made_at, '', :made_at, :content)
"""
AGAIN = """
    UPDATE delivery SET channel = :channel, route = :route, status = 'claimed', attempts = attempts + 1, made_at = :made_at
    WHERE plan = :plan AND message = :key
"""
FAILED = """
    UPDATE delivery SET status = 'failed', last_error = :error WHERE plan = :plan AND message = :key AND status = 'claimed'
"""
SENT = """
    UPDATE delivery SET status = 'sent', last_error = '', content = '' WHERE plan = :plan AND message = :key AND status = 'claimed'
"""
DROPPED = """
    UPDATE delivery SET status = 'given_up', content = '' WHERE plan = :plan AND message = :key AND status = 'claimed'
"""
ONE = "SELECT status, made_at FROM delivery WHERE plan = :plan AND message = :key"
ALL = """
    SELECT message, channel, route, status, attempts, made_at, last_error, first_at, content FROM delivery
    WHERE plan = :plan ORDER BY id
"""


def claim(
    database: Database, plan_id: str, wanted: Wanted, made_at: datetime, abandoned_before: datetime | None = None
) -> bool:
    """Tell whether the caller may send a message: nobody has sent it, and nobody else is about to.

    A claim from before `abandoned_before` is taken for that of a run that was killed, and given anew.
    """
    with database.transaction(write=True) as statements:
        return claimed(statements, plan_id, wanted, made_at, abandoned_before)


def claimed(
    statements: Statements, plan_id: str, wanted: Wanted, made_at: datetime, abandoned_before: datetime | None
) -> bool:
    """Claim a message as :func:`claim` does, in a transaction that is open."""
    row = {**wanted._asdict(), "plan": plan_id, "made_at": made_at.isoformat()}
    found = statements.rows(ONE, plan=plan_id, key=wanted.key)
    if not found:
        statements.run(INSERT, [row])
        return True
    ((status, claimed_at),) = found
    abandoned = abandoned_before is not None and datetime.fromisoformat(claimed_at) < abandoned_before
    if status == DeliveryStatus.FAILED or (status == DeliveryStatus.CLAIMED and abandoned):
        statements.run(AGAIN, [row])
        return True
    return False


def finish(database: Database, plan_id: str, key: str, error: str = "") -> None:
    """Record that the message `key` was sent, or with `error` that it was not and may be claimed again."""
    with database.transaction(write=True) as statements:
        statements.run(FAILED if error else SENT, [{"plan": plan_id, "key": key, "error": error}])


def give_up(database: Database, plan_id: str, key: str) -> None:
    """Record that the message `key`, which the caller has claimed, will not be sent; why it could not be is kept."""
    with database.transaction(write=True) as statements:
        statements.run(DROPPED, [{"plan": plan_id, "key": key}])


def deliveries(database: Database, plan_id: str) -> tuple[Delivery, ...]:
    """Return all messages of a plan in the order in which they were first claimed."""
    with database.transaction() as statements:
        rows = statements.rows(ALL, plan=plan_id)
    return tuple(
        Delivery(
            key, channel, route, DeliveryStatus(status), attempts, datetime.fromisoformat(made_at), error,
            datetime.fromisoformat(first_at), content,
        )
        for key, channel, route, status, attempts, made_at, error, first_at, content in rows
    )  # fmt: skip
