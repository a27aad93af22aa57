"""The rows of a source that is a query: read in a transaction that writes nothing, within a time limit, batch by batch."""

import os
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import date
from re import fullmatch

from kpi_tracker.language import N_
from kpi_tracker.model.datasource import DataSource, Role
from kpi_tracker.record import changed
from kpi_tracker.secret import NoSecretError, Secret
from kpi_tracker.sources.query import NOT_UNDERSTOOD, Query, Rows, SourceProblemError

__all__ = ["columns_at", "selected"]


def selected(
    source: DataSource, offered: Mapping[str, date], environ: Mapping[str, str], home: str
) -> AbstractContextManager[Rows]:
    """Return the rows of a query, to be read while the context is open; `home` is the plan's folder.

    Raises:
        SourceProblemError: there is no address, or none that can be read; within the context whatever the database
            refuses.
    """
    assert source.url is not None  # noqa: S101 - the loader has seen to it
    try:
        address = _placed(source.url, home).read(environ)
    except NoSecretError as error:
        raise SourceProblemError(error.phrase.message, **error.phrase.args) from None
    scheme, sign, rest = address.partition("://")
    kind = scheme.partition("+")[0].lower()
    if not sign or not fullmatch(r"[a-z][a-z0-9_]*", kind):
        raise SourceProblemError(NOT_UNDERSTOOD)
    values = {**offered, **source.parameters}
    query = Query(source.select, values, source.timeout)
    if kind == "sqlite":
        from kpi_tracker.sources.sqlitefile import selected_from_file

        if not rest.startswith("/") or not rest[1:]:
            raise SourceProblemError(NOT_UNDERSTOOD)
        return selected_from_file(os.path.join(home, rest[1:].partition("?")[0]), query)
    if kind in ("postgresql", "postgres"):
        from kpi_tracker.sources.server import selected_from_server

        if rest.partition("?")[0].count("@") > 1:
            raise SourceProblemError(NOT_UNDERSTOOD)
        return selected_from_server(address, query)
    text = N_("only SQLite and PostgreSQL are read: of “{value}” nobody could be sure that nothing is written")
    raise SourceProblemError(text, value=kind)


def _placed(secret: Secret, home: str) -> Secret:
    """Return a secret whose file is looked for beside the plan; ~ is the home of who runs this."""
    return changed(secret, file=os.path.join(home, os.path.expanduser(secret.file))) if secret.file else secret


def columns_at(source: DataSource, columns: Iterable[str]) -> dict[Role, int]:
    """Return where each role stands among the columns of the result.

    Raises:
        SourceProblemError: a column is not there, or twice.
    """
    from kpi_tracker.diagnostics.spelling import nearest

    known = tuple(columns)
    for name in source.columns.values():
        if known.count(name) > 1:
            raise SourceProblemError(
                N_("the result has the column “{value}” twice; name one of them with AS"), value=name
            )
        if name not in known:
            text = N_("the result has no column “{value}”; it has: {expected}")
            if near := nearest(name, known) or nearest(name.lower(), known):
                text = N_("the result has no column “{value}”; it has: {expected}; did you mean “{nearest}”?")
            raise SourceProblemError(text, value=name, expected=known, nearest=near)
    return {role: known.index(name) for role, name in source.columns.items()}
