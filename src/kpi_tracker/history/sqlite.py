"""History in a SQLite file: safe against two runs at once, and against a kill at any instant."""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from errno import EACCES, EDQUOT, ENOSPC, EPERM, EROFS
from urllib.parse import quote

from kpi_tracker.history.database import DENIED, FULL, NONE_YET, WAIT, Row, Statements, failure, locked, said
from kpi_tracker.history.schema import bring_up
from kpi_tracker.language import N_, Phrase

__all__ = ["STATE_FOLDER", "SqliteFile"]

STATE_FOLDER = ".kpi-tracker"
NO_DATABASE = Phrase(N_("the file is no history: it is not a SQLite database"))
DAMAGED = Phrase(N_("the file is damaged: put a copy in its place, or move it away and a new history is begun"))


class SqliteFile:
    """A SQLite file. It is never deleted, nor repaired: what is in it may be all that is left."""

    dialect: Mapping[str, str] = {
        "identity": "INTEGER PRIMARY KEY", "reference": "INTEGER", "clustered": " WITHOUT ROWID",
    }  # fmt: skip
    setup: tuple[str, ...] = ()

    def __init__(self, path: str, create: bool = True, wait: float = WAIT) -> None:
        """Open the file at `path`, or make it where it may be created.

        Raises:
            HistoryError: it cannot be opened, or is no history.
        """
        self.where, self._wait = path, wait
        if os.path.isdir(path):
            raise failure(path, Phrase(N_("it is a folder")))
        if create:
            _make_folder(path)
        elif not os.path.exists(path):
            raise failure(path, NONE_YET)
        with _in_words(path, wait):
            self._connection = self._opened(path, create)
        try:
            if create and not self._has_tables():
                self._begin()
            bring_up(self, create)
        except BaseException:
            self.close()
            raise

    def _opened(self, path: str, create: bool) -> sqlite3.Connection:
        try:
            return _connected(path, "mode=rwc" if create else "mode=rw", self._wait)
        except sqlite3.OperationalError:
            if create or _unfinished(path):
                raise
            # Readers share a file next to it; where the folder takes none and nobody writes, it is read as it stands.
            return _connected(path, "immutable=1", self._wait)

    def _has_tables(self) -> bool:
        with _in_words(self.where, self._wait):
            return self._connection.execute("SELECT 1 FROM sqlite_master").fetchone() is not None

    def _begin(self) -> None:
        """Make the tables of a new file, one process at a time.

        That it has a write-ahead log is a property of the file and set here alone: where every process sets it, one
        that does so while another writes is told that the database is locked.
        """
        from filelock import FileLock, Timeout

        try:
            with FileLock(self.where + ".lock", timeout=self._wait):
                if not self._has_tables():
                    with _in_words(self.where, self._wait):
                        self._connection.execute("PRAGMA journal_mode = WAL")
                    bring_up(self)
        except Timeout:
            raise failure(self.where, locked(self._wait)) from None

    @contextmanager
    def transaction(self, write: bool = False) -> Iterator[Statements]:
        """Return a transaction: one that writes has the file for itself from its beginning."""
        with _in_words(self.where, self._wait):
            self._connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            try:
                yield _Statements(self._connection)
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def tables(self, statements: Statements) -> set[str]:
        """Return the names of the tables that are there."""
        return {name for (name,) in statements.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


class _Statements:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, statement: str, **parameters: object) -> list[Row]:
        return self._connection.execute(statement, parameters).fetchall()

    def run(self, statement: str, each: Iterable[Mapping[str, object]] = ({},)) -> None:
        self._connection.executemany(statement, each)


def _connected(path: str, how: str, wait: float) -> sqlite3.Connection:
    connection = sqlite3.connect(f"file:{quote(os.path.abspath(path))}?{how}", wait, isolation_level=None, uri=True)
    try:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _unfinished(path: str) -> bool:
    """Tell whether something is written beside the file that belongs into it."""
    return os.path.exists(path + "-wal") and os.path.getsize(path + "-wal") > 0


def _make_folder(path: str) -> None:
    """Make the state folder of a plan, which version control leaves alone; other folders must be there."""
    folder = os.path.dirname(path) or os.curdir
    if os.path.basename(os.path.abspath(folder)) != STATE_FOLDER:
        if not os.path.isdir(folder):
            raise failure(path, Phrase(N_("there is no folder {folder}"), {"folder": folder}))
        return
    with _in_words(path, 0):
        os.makedirs(folder, exist_ok=True)
        if not os.path.exists(ignore := os.path.join(folder, ".gitignore")):
            with open(ignore, "w", encoding="ascii") as file:
                file.write("*\n")


@contextmanager
def _in_words(where: str, wait: float) -> Iterator[None]:
    """Turn what SQLite or the system refuses into a HistoryError."""
    try:
        yield
    except (sqlite3.Error, UnicodeError) as error:  # a text that is none: half a character
        name = getattr(error, "sqlite_errorname", "")
        known = (reason for start, reason in REASONS.items() if name.startswith(start))
        raise failure(where, locked(wait) if name.startswith(BUSY) else next(known, said(error))) from error
    except OSError as error:
        raise failure(where, SYSTEM.get(error.errno or 0) or said(error.strerror)) from error


BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")
REASONS = {
    "SQLITE_FULL": FULL, "SQLITE_IOERR_SHMSIZE": FULL, "SQLITE_READONLY": DENIED, "SQLITE_PERM": DENIED,
    "SQLITE_AUTH": DENIED, "SQLITE_CANTOPEN": DENIED, "SQLITE_NOTADB": NO_DATABASE, "SQLITE_CORRUPT": DAMAGED,
}  # fmt: skip
SYSTEM = {ENOSPC: FULL, EDQUOT: FULL, EACCES: DENIED, EPERM: DENIED, EROFS: DENIED}
