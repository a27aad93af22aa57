"""The tables of history, and how those of an earlier version become those of this one.

Nothing in `run`, `item`, `state`, `path` and `acknowledgement` is ever changed or deleted. `state` holds every text once,
by its digest: what an item was, how it stood, its flag, the plan, the faults. A migration is a list of statements; once
released it stays as it is, and what comes later is a migration of its own.
"""

from collections.abc import Sequence

from kpi_tracker.history.database import NONE_YET, Database, Statements, failure
from kpi_tracker.language import N_, Phrase

__all__ = ["MIGRATIONS", "bring_up"]

VERSIONS = "kpi_tracker_schema"

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        f"CREATE TABLE {VERSIONS} (version INTEGER PRIMARY KEY)",
        "CREATE TABLE state (id {identity}, digest TEXT NOT NULL UNIQUE, content TEXT NOT NULL)",
        "CREATE TABLE path (id {identity}, plan TEXT NOT NULL, path TEXT NOT NULL, UNIQUE (plan, path))",
        "CREATE TABLE run (id {identity}, plan TEXT NOT NULL, as_of TEXT NOT NULL, turn INTEGER NOT NULL, known_at TEXT, "
        "made_at TEXT NOT NULL, plan_revision TEXT NOT NULL, data_revision TEXT NOT NULL, commit_id TEXT, dirty INTEGER, "
        "version TEXT NOT NULL, digest TEXT NOT NULL, header {reference} NOT NULL, layout {reference} NOT NULL, "
        "faults {reference} NOT NULL, UNIQUE (plan, as_of, turn))",
        "CREATE TABLE item (run {reference} NOT NULL, path {reference} NOT NULL, definition {reference} NOT NULL, "
        "score {reference} NOT NULL, flag {reference}, PRIMARY KEY (run, path)){clustered}",
        "CREATE TABLE acknowledgement (id {identity}, plan TEXT NOT NULL, path TEXT NOT NULL, who TEXT NOT NULL, "
        "why TEXT NOT NULL, made_at TEXT NOT NULL, until TEXT, withdrawn INTEGER NOT NULL)",
        "CREATE TABLE delivery (id {identity}, plan TEXT NOT NULL, message TEXT NOT NULL, channel TEXT NOT NULL, "
        "route TEXT NOT NULL, status TEXT NOT NULL, attempts INTEGER NOT NULL, made_at TEXT NOT NULL, "
        "last_error TEXT NOT NULL, first_at TEXT NOT NULL, content TEXT NOT NULL, UNIQUE (plan, message))",
    ),
    (
        "CREATE TABLE told (plan TEXT PRIMARY KEY, run {reference}, day TEXT, failing TEXT NOT NULL, failing_since TEXT)",
    ),
)


def bring_up(database: Database, create: bool = True, migrations: Sequence[Sequence[str]] = MIGRATIONS) -> None:
    """Make the tables where they may be created, or bring those of an earlier version up to this one: in one transaction.

    Raises:
        HistoryError: there are none and they may not be created; or the database is newer than this library, belongs to
            another program, or cannot be written.
    """
    with database.transaction() as statements:
        version = _version(database, statements, len(migrations))
    if version == len(migrations):
        return
    if version == 0 and not create:
        raise failure(database.where, NONE_YET)
    with database.transaction(write=True) as statements:
        version = _version(database, statements, len(migrations))  # another run may have been faster
        for statement in database.setup if version == 0 else ():
            statements.run(statement)
        for number, migration in enumerate(migrations[version:], version + 1):
            for statement in migration:
                statements.run(statement.format_map(database.dialect))
            statements.run(f"INSERT INTO {VERSIONS} (version) VALUES (:version)", [{"version": number}])  # noqa: S608


def _version(database: Database, statements: Statements, known: int) -> int:
    """Return the version of the tables; 0 where there are none."""
    tables = database.tables(statements)
    if VERSIONS not in tables:
        if tables:
            raise failure(database.where, Phrase(N_("it is a database of another program")))
        return 0
    ((version,),) = statements.rows(f"SELECT max(version) FROM {VERSIONS}")  # noqa: S608
    if version > known:
        reason = N_("a later version of kpi-tracker wrote it (format {found}, this one knows {known}): update this one")
        raise failure(database.where, Phrase(reason, {"found": version, "known": known}))
    return int(version)
