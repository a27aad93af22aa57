"""A query of a PostgreSQL server, in a transaction that the server itself keeps from writing, and that is taken back."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any
from urllib.parse import quote

from kpi_tracker.language import N_
from kpi_tracker.notation.sql import Piece, pieces
from kpi_tracker.secret import censored
from kpi_tracker.sources.query import BATCH, NOT_UNDERSTOOD, Query, Rows, SourceProblemError, said, too_slow

__all__ = ["selected_from_server"]

CONNECTING = 10.0
"""Seconds in which a server must answer."""
CURSOR = "kpi_tracker_source"
DECLARED = f"DECLARE {CURSOR} NO SCROLL CURSOR FOR "
CANCELLED, WRITING, AWAY = "57014", "25006", ("08", "57P", "53")


@contextmanager
def selected_from_server(address: str, query: Query) -> Iterator[Rows]:
    """Give the rows of a query of the server at `address`.

    Raises:
        SourceProblemError: whatever the server or the way to it refuses, also while the rows are read.
    """
    try:
        import psycopg
        from sqlalchemy import create_engine, make_url
        from sqlalchemy.exc import ArgumentError, SQLAlchemyError
        from sqlalchemy.pool import NullPool
    except ImportError:
        text = N_("{format} needs what is not installed: pip install 'kpi-tracker[{extra}]'")
        raise SourceProblemError(text, format="PostgreSQL", extra="postgresql") from None
    secrets: tuple[str, ...] = (address,)
    try:
        url = make_url(address).set(drivername="postgresql+psycopg")
        hidden = [str(url.password or ""), *(str(value) for key, value in url.query.items() if "pass" in key)]
        secrets = (address, *hidden, *map(quote, hidden))
        engine = create_engine(url, poolclass=NullPool, connect_args={
            "connect_timeout": max(2, round(min(CONNECTING, query.seconds))), "application_name": "kpi-tracker",
            "client_encoding": "utf8", "prepare_threshold": None,
        })  # fmt: skip
    except (ArgumentError, ValueError):
        raise SourceProblemError(NOT_UNDERSTOOD) from None
    parts = pieces(query.select)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")
            connection.exec_driver_sql(f"SET LOCAL statement_timeout = {max(1, round(query.seconds * 1000))}")
            raw = connection.connection.cursor()
            raw.execute(DECLARED + _for_driver(parts), dict(query.parameters))
            yield _rows(raw, query.seconds)
            connection.rollback()
    except (SQLAlchemyError, psycopg.Error, UnicodeError) as error:
        refused = getattr(error, "orig", None) or error
        away = isinstance(refused, psycopg.OperationalError)
        raise _problem(refused, away, parts, query, secrets) from None
    finally:
        engine.dispose()


def _for_driver(parts: tuple[Piece, ...]) -> str:
    """Return a statement with the placeholders of the driver, which binds the values and pastes none in."""
    return "".join(f"%({p.text})s" if p.placeholder else p.text.replace("%", "%%") for p in parts)


def _rows(cursor: Any, seconds: float) -> Rows:
    """Return the rows of the open cursor; the server holds those that were not fetched yet."""
    deadline = perf_counter() + seconds
    fetch = f"FETCH FORWARD {BATCH} FROM {CURSOR}"
    cursor.execute(fetch)
    columns = tuple(column.name for column in cursor.description)

    def batches() -> Iterator[list[tuple[object, ...]]]:
        while batch := cursor.fetchall():
            yield batch
            if perf_counter() > deadline:
                raise too_slow(seconds)
            cursor.execute(fetch)

    return Rows(columns, batches())


def _problem(
    error: Any, away: bool, parts: tuple[Piece, ...], query: Query, secrets: tuple[str, ...]
) -> SourceProblemError:
    """Return what an error comes to; `away` where it may be of the connection and not of the select."""
    state = getattr(error, "sqlstate", None)
    if state == CANCELLED:
        return too_slow(query.seconds)
    diagnosis = getattr(error, "diag", None)
    detail = censored(" ".join(str(getattr(diagnosis, "message_primary", None) or error).split()), *secrets)
    if state == WRITING:
        return SourceProblemError(
            N_("the select would write, which the read-only transaction refuses: {detail}"), detail=detail
        )
    if away and (state is None or state.startswith(AWAY)):
        return SourceProblemError(N_("the server is away, or refused the connection: {detail}"), detail=detail)
    if hint := getattr(diagnosis, "message_hint", None):
        detail = f"{detail} ({' '.join(hint.split())})"
    place = _place(int(getattr(diagnosis, "statement_position", None) or 0) - len(DECLARED), parts)
    if place is None:
        return said(detail)
    line, column = place
    return SourceProblemError(
        N_("the database says: {detail} (line {line}, column {column} of the select)"),
        detail=detail, line=line, column=column,
    )  # fmt: skip


def _place(position: int, parts: tuple[Piece, ...]) -> tuple[int, int] | None:
    """Return line and column in the select of a character, counted from 1 in the statement that the server was sent."""
    if position < 1:
        return None
    numbers: dict[str, int] = {}
    before = ""
    for part in parts:
        sent = f"${numbers.setdefault(part.text, len(numbers) + 1)}" if part.placeholder else part.text
        if position <= len(sent):
            before += "" if part.placeholder else sent[: position - 1]
            break
        position -= len(sent)
        before += f":{part.text}" if part.placeholder else part.text
    return before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
