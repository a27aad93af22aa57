"""Versions of the tables: what an earlier library wrote is brought up, what a later one wrote is refused."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kpi_tracker.history.database import Database
from kpi_tracker.history.problem import HistoryError
from kpi_tracker.history.schema import MIGRATIONS, bring_up
from kpi_tracker.history.server import Server
from kpi_tracker.history.sqlite import SqliteFile
from kpi_tracker.history.store import History, open_history
from kpi_tracker.model.measure import Status
from tests.history.nights import FILES, FIRST, NOW, PLAN, night
from tests.history.version_1 import DUMP

NEXT = (*MIGRATIONS, ("ALTER TABLE run ADD COLUMN host TEXT", "CREATE TABLE note (id {identity}, words TEXT)"))


def database(where: str, create: bool = True) -> Database:
    """Return the database at a place."""
    return Server(where, create) if "://" in where else SqliteFile(where, create)


def test_a_history_of_the_first_version_is_read_and_goes_on(tmp_path: Path) -> None:
    """A file as the first release wrote it gives its runs, flags, acknowledgements and messages, and takes new ones."""
    place = tmp_path / "history.sqlite3"
    with closing(sqlite3.connect(place)) as connection:
        connection.executescript(DUMP.read_text("utf-8"))
    with open_history(place) as history:
        runs = history.runs(PLAN)
        assert [(run.as_of, run.made_at, run.commit) for run in runs] == [
            (FIRST, NOW, "c0ffee"), (FIRST.replace(month=10, day=1), NOW, "c0ffee"),
        ]  # fmt: skip
        assert [point.score.status for point in history.path_of(PLAN, "a")] == [Status.LAGGING, Status.LAGGING]
        assert history.flags(runs[0]) == {"a": {"state": "raised"}}
        assert history.scorecard(runs[1]).items.keys() == night().items.keys()
        assert [one.who for one in history.acknowledgements(PLAN)] == ["Li"]
        assert not history.claim(PLAN, "m1", "mail", "owner", NOW)
        assert history.mark(PLAN) is None
        assert history.append(night(2), NOW, revision=FILES).new


def test_a_migration_keeps_what_is_there(where: str) -> None:
    """Tables that are brought up to the next version hold what they held; a second time nothing is done."""
    with open_history(where) as history:
        history.append(night(), NOW, revision=FILES)
        run = history.latest(PLAN)
    with History(database(where)) as history:
        for _ in range(2):
            bring_up(history._database, migrations=NEXT)
        assert history.latest(PLAN) == run
        with history._database.transaction(write=True) as statements:
            statements.run("INSERT INTO note (words) VALUES (:words)", [{"words": "new"}])
            assert statements.rows("SELECT words FROM note") == [("new",)]


def test_a_history_of_a_later_version_is_refused(where: str) -> None:
    """Its tables may mean something else: it is not read, and not written."""
    with History(database(where)) as history:
        bring_up(history._database, migrations=NEXT)
    for create in (True, False):
        with pytest.raises(HistoryError, match=r"\(format 3, this one knows 2\): update this one"):
            open_history(where, create)


def test_a_migration_that_fails_changes_nothing(where: str) -> None:
    """All of it or nothing: the version stays, and so do the tables."""
    with History(database(where)) as history:
        with pytest.raises(HistoryError, match="the database says: "):
            bring_up(
                history._database, migrations=(*MIGRATIONS, ("CREATE TABLE note (id {identity})", "CREATE nonsense"))
            )
        with history._database.transaction() as statements:
            assert "note" not in history._database.tables(statements)
            assert statements.rows("SELECT version FROM kpi_tracker_schema") == [(1,), (2,)]


def test_another_may_have_been_faster(where: str) -> None:
    """Where another run has made the tables between the look and the turn, they are used as they are."""
    one = database(where)
    seen = one.tables

    class Late:
        """A database whose first look is from before another made the tables."""

        def __init__(self) -> None:
            self.where, self.dialect, self.setup, self.transaction = one.where, one.dialect, one.setup, one.transaction
            self.looks = 0

        def tables(self, statements: object) -> set[str]:
            self.looks += 1
            return set() if self.looks == 1 else seen(statements)  # type: ignore[arg-type]

        def close(self) -> None:
            one.close()

    late = Late()
    bring_up(late)
    assert late.looks == 2
    late.close()
