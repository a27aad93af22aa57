"""A query of a SQLite file, which is opened for reading alone."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from time import perf_counter
from typing import Any
from urllib.parse import quote

from kpi_tracker.language import N_
from kpi_tracker.notation.sql import placeholders
from kpi_tracker.sources.query import BATCH, Query, Rows, SourceProblemError, said, too_slow

__all__ = ["selected_from_file"]

PATIENCE = 10.0
"""Seconds that another program may keep the file locked."""
STEPS = 20_000
"""After so many steps of SQLite's machine the clock is looked at: some milliseconds."""
READING = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE})
NO_DATABASE = N_("{file} is not a SQLite database")
REASONS = {
    "SQLITE_NOTADB": NO_DATABASE,
    "SQLITE_CORRUPT": N_("{file} is damaged"),
    "SQLITE_BUSY": N_("{file} is locked by another program"),
    "SQLITE_LOCKED": N_("{file} is locked by another program"),
    "SQLITE_CANTOPEN": N_("{file} cannot be opened"),
}


@contextmanager
def selected_from_file(path: str, query: Query) -> Iterator[Rows]:
    """Give the rows of a query of the file at `path`.

    Raises:
        SourceProblemError: whatever SQLite refuses, also while the rows are read.
    """
    if not os.path.isfile(path):
        raise SourceProblemError(N_("there is no file {file}"), file=path)
    deadline = perf_counter() + query.seconds
    names = placeholders(query.select)
    values = {name: _bound(query.parameters[name]) for name in names}
    try:
        address = f"file:{quote(os.path.abspath(path))}?mode=ro"
        connection = sqlite3.connect(address, min(PATIENCE, query.seconds), isolation_level=None, uri=True)
        with closing(connection):  # which also takes the transaction back
            connection.execute("PRAGMA query_only = ON")
            connection.execute("BEGIN")
            connection.set_authorizer(_may)
            connection.set_progress_handler(lambda: perf_counter() > deadline, STEPS)
            cursor = connection.execute(query.select, values)
            yield Rows(tuple(column[0] for column in cursor.description), iter(lambda: cursor.fetchmany(BATCH), []))
    except (sqlite3.Error, sqlite3.Warning, UnicodeError, OverflowError) as error:
        name = getattr(error, "sqlite_errorname", "")
        if name == "SQLITE_INTERRUPT":
            raise too_slow(query.seconds) from None
        if str(error).startswith("not authorized"):
            raise SourceProblemError(N_("the select would do more than read: {detail}"), detail=str(error)) from None
        message = next((text for start, text in REASONS.items() if name.startswith(start)), None)
        raise (SourceProblemError(message, file=path) if message else said(error)) from None


def _bound(value: Any) -> Any:
    """Return a value as SQLite holds it: a date is a text there."""
    return value.isoformat() if isinstance(value, date) else value


def _may(action: int, _table: str | None, function: str | None, _where: str | None, _inner: str | None) -> int:
    """Allow what reads, and nothing else: no other file, no setting, no extension."""
    allowed = action in READING and function != "load_extension"
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY
