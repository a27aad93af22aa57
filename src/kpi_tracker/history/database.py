"""What history asks of a database: transactions of statements that SQLite and PostgreSQL understand alike."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

from kpi_tracker.history.problem import HistoryError
from kpi_tracker.language import N_, Phrase

__all__ = [
    "DENIED",
    "FULL",
    "NONE_YET",
    "WAIT",
    "Database",
    "Row",
    "Statements",
    "failure",
    "first_line",
    "locked",
    "said",
]

Row = tuple[Any, ...]

WAIT = 10.0
"""For how many seconds a run waits for another that writes."""

DENIED = Phrase(N_("it is not allowed to write there"))
NONE_YET = Phrase(N_("there is none yet"))
FULL = Phrase(N_("no room is left on the disk"))


class Statements(Protocol):
    """An open transaction. Parameters are written `:name`."""

    def rows(self, statement: str, **parameters: object) -> list[Row]:
        """Return the rows that a query finds."""

    def run(self, statement: str, each: Iterable[Mapping[str, object]] = ({},)) -> None:
        """Run a statement once for each set of parameters."""


class Database(Protocol):
    """A database, with what differs from one kind to another."""

    where: str
    """How messages name it: never with a password."""
    dialect: Mapping[str, str]
    """What stands in the tables' definitions for the names in braces."""
    setup: tuple[str, ...]
    """What is to be run before the first table is made."""

    def transaction(self, write: bool = False) -> AbstractContextManager[Statements]:
        """Return a transaction: whole or not at all. Those that write come one after the other.

        Raises:
            HistoryError: whatever goes wrong in it.
        """

    def tables(self, statements: Statements) -> set[str]:
        """Return the names of the tables that are there."""

    def close(self) -> None:
        """Let go of it."""


def failure(where: str, reason: Phrase) -> HistoryError:
    """Return the error that says why history at `where` could not be read or written."""
    return HistoryError(N_("history at {where}: {reason}"), where=where, reason=reason)


def locked(seconds: float) -> Phrase:
    """Return the reason that another program did not let go within `seconds`."""
    return Phrase(N_("another program has kept it locked for more than {n} seconds"), {"n": f"{seconds:g}"})


def said(error: object) -> Phrase:
    """Return the reason in the database's own words."""
    return Phrase(N_("the database says: {detail}"), {"detail": first_line(error)})


def first_line(error: object) -> str:
    """Return the first line of what an error says."""
    return str(error).strip().partition("\n")[0]
