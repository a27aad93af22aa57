"""What differs on a server: that it can be away, refuse, or keep one waiting; and that it takes an extra to speak to it."""

import sys

import psycopg
import pytest

from kpi_tracker.history.database import Database
from kpi_tracker.history.problem import HistoryError
from kpi_tracker.history.server import TURN, Server
from kpi_tracker.history.store import History, open_history
from kpi_tracker.language import language
from tests.history.nights import FILES, NOW, PLAN, night


def test_a_server_that_is_away_is_said_without_its_password() -> None:
    """The address is shown as it may be, the reason in the words of the system."""
    with pytest.raises(HistoryError) as caught:
        open_history("postgresql://kpi:s3cret@127.0.0.1:1/plans?application_name=s3cret")
    said = str(caught.value)
    assert said.startswith(
        "history at postgresql://kpi:***@127.0.0.1:1/plans: the server is away, or refused the connection: "
    )
    assert "s3cret" not in said + language("zh").phrase(caught.value.phrase)


def cut(database: Database, server: str) -> None:
    """Use a connection that the server has cut in the midst of a transaction."""
    with database.transaction() as statements:
        ((number,),) = statements.rows("SELECT pg_backend_pid()")
        with psycopg.connect(server, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [number])
        statements.rows("SELECT 1")


def test_a_server_that_goes_away_is_said(server: str) -> None:
    """A connection that was cut is told as such; the next transaction makes a new one."""
    with History(Server(server)) as history:
        history.append(night(), NOW, revision=FILES)
        with pytest.raises(HistoryError, match="the server is away"):
            cut(history._database, server)
        assert len(history.runs(PLAN)) == 1


def test_a_user_without_rights_is_told(server: str) -> None:
    """Who may not write is refused when it comes to that; who may not make tables, at once."""
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute("DROP ROLE IF EXISTS reader")
        admin.execute("CREATE ROLE reader LOGIN")
    reader = server.replace("postgres:@", "reader:@")
    with pytest.raises(HistoryError, match="it is not allowed to write there"):
        open_history(reader)
    with open_history(server) as history:
        history.append(night(), NOW, revision=FILES)
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute("GRANT USAGE ON SCHEMA kpi_tracker TO reader")
        admin.execute("GRANT SELECT ON ALL TABLES IN SCHEMA kpi_tracker TO reader")
    with open_history(reader, create=False) as history:
        assert len(history.runs(PLAN)) == 1
        with pytest.raises(HistoryError, match="it is not allowed to write there"):
            history.append(night(1), NOW, revision=FILES)
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute("DROP OWNED BY reader")
        admin.execute("DROP ROLE reader")


def test_those_that_write_wait_for_one_another(server: str) -> None:
    """Whoever waits too long says so; who reads waits for none."""
    with open_history(server):
        pass
    with psycopg.connect(server) as other, History(Server(server, wait=0.3)) as history:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])
        assert history.runs(PLAN) == ()
        with pytest.raises(HistoryError, match=r"another program has kept it locked for more than 0\.3 seconds"):
            history.append(night(), NOW, revision=FILES)


def test_an_address_that_is_none_is_refused_without_being_shown() -> None:
    """It may hold a password."""
    address = "postgresql://user:s3cret@host:port/name"
    with pytest.raises(HistoryError) as caught:
        open_history(address)
    assert str(caught.value).startswith("the address of a database reads postgresql://")
    assert address not in str(caught.value)


def test_other_kinds_of_databases_are_refused() -> None:
    """History is kept in files and on PostgreSQL."""
    with pytest.raises(HistoryError, match="there is no way to mysql://"):
        open_history("mysql://root@host/plans")


@pytest.mark.parametrize("missing", ["sqlalchemy", "psycopg"])
def test_a_missing_extra_is_named(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the line that installs it."""
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(HistoryError, match=r"PostgreSQL needs .* pip install 'kpi-tracker\[postgresql\]'"):
        open_history("postgresql://user@host/name")
