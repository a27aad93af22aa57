"""The databases that history is tested on: a file, and the PostgreSQL that the tests start."""

from pathlib import Path

import pytest


def emptied(address: str) -> str:
    """Return the address of a database without a history."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS kpi_tracker CASCADE")
    return address


@pytest.fixture
def server(postgresql: str) -> str:
    """Return the address of a database on a server without a history."""
    return emptied(postgresql)


@pytest.fixture(params=["file", "server"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return where there is room for a history: a file, then a database on a server."""
    if request.param == "file":
        return str(tmp_path / "history.sqlite3")
    return emptied(request.getfixturevalue("postgresql"))
