"""A PostgreSQL server as a source, for real: a role that may only read, and a server that keeps every other from writing."""

import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

from tests.syncing.made import COLUMNS, ledger, plan_in, refused, synced, values

PASSWORD = "s3cr3t-Passwort"
GOOD = "SELECT indicator, month, figure, remark FROM cases.report ORDER BY n"


def as_role(address: str, role: str, password: str = PASSWORD) -> str:
    """Return the address of the database for another role: the server listens in a folder, and asks for no password."""
    return address.replace("postgresql://postgres:", f"postgresql://{role}:{quote(password)}", 1)


@pytest.fixture(scope="module")
def cases(postgresql: str) -> Iterator[str]:
    """Lay out a schema of another system: a reader, and a clerk who may write and has a function that does."""
    statements = f"""
        DROP SCHEMA IF EXISTS cases CASCADE;
        DROP ROLE IF EXISTS reader; DROP ROLE IF EXISTS clerk;
        CREATE ROLE reader LOGIN PASSWORD '{PASSWORD}'; CREATE ROLE clerk LOGIN PASSWORD '{PASSWORD}';
        CREATE SCHEMA cases;
        CREATE TABLE cases.report (n serial, indicator text, month date, figure numeric, remark text, at timestamptz,
                                   parts text[], single real);
        GRANT USAGE ON SCHEMA cases TO reader, clerk;
        GRANT SELECT ON cases.report TO reader;
        GRANT ALL ON cases.report TO clerk;
        GRANT ALL ON SEQUENCE cases.report_n_seq TO clerk;
        CREATE FUNCTION cases.taken(text) RETURNS text LANGUAGE sql VOLATILE AS
            'INSERT INTO cases.report (indicator) VALUES ($1) RETURNING indicator';
    """
    with psycopg.connect(postgresql, autocommit=True) as connection:
        for statement in statements.split(";\n"):
            if statement.strip():
                connection.execute(statement)
    yield postgresql
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute("DROP SCHEMA cases CASCADE; DROP ROLE reader; DROP ROLE clerk")


def filled(address: str, *rows: tuple[Any, ...]) -> None:
    """Put rows into the table anew."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("TRUNCATE cases.report RESTART IDENTITY")
        connection.cursor().executemany(
            "INSERT INTO cases.report (indicator, month, figure, remark) VALUES (%s, %s, %s, %s)", rows
        )


def held(address: str) -> list[tuple[Any, ...]]:
    """Return what the table holds."""
    with psycopg.connect(address) as connection:
        return connection.execute("SELECT indicator, month, figure, remark FROM cases.report ORDER BY n").fetchall()


def plan_with(folder: Path, select: str, more: str = "", columns: str = COLUMNS) -> Path:
    """Write a plan with one source."""
    indented = select.replace("\n", "\n      ")
    sources = (
        f"sources:\n  - id: cases\n    kind: sql\n    url: {{file: secret}}\n    select: |-\n      {indented}\n"
        f"    columns: {columns}\n    kpis: {{A01: g/all, A02: major, M: money}}\n{more}"
    )
    return plan_in(folder, sources)


def run(folder: Path, address: str, select: str = GOOD, more: str = "", columns: str = COLUMNS, **terms: Any) -> Any:
    """Sync a plan whose secret is in a file of its own."""
    plan = plan_with(folder, select, more, columns)
    secret = plan / "secret"
    secret.write_text(f"{address}\n", encoding="utf-8")
    secret.chmod(0o600)
    return synced(plan, {}, **terms)


def reason(folder: Path, address: str, select: str = GOOD, more: str = "") -> str:
    """Return why a source cannot be read."""
    done = run(folder, address, select, more, partial=True)
    assert (done.written, values(done)) == (False, {})
    [(where, why)] = refused(done)
    assert where == "cases"
    assert PASSWORD not in why
    return why


SEPTEMBER = [("A01", date(2021, 9, 1), Decimal("103.10"), "x"), ("A02", date(2021, 9, 15), Decimal(12), None)]


def test_a_role_that_may_only_read_is_enough(cases: str, tmp_path: Path) -> None:
    """Dates in a column of periods name the month; numerics keep their digits; nothing in the database changes."""
    filled(cases, *SEPTEMBER, ("M", date(2021, 9, 30), None, None), ("Z", date(2021, 9, 30), 1, None))
    before = held(cases)
    done = run(tmp_path, as_role(cases, "reader"), by="Li")
    assert (done.code, done.written) == (0, True)
    assert [row.rsplit(",", 3)[0] for row in ledger(tmp_path / "plan")] == [
        "all,2021-09-30,103.1",
        "major,2021-09-30,12",
    ]
    assert held(cases) == before
    again = run(tmp_path, as_role(cases, "reader"))
    assert (again.code, again.written, again.draft.known) == (0, False, 2)


def test_a_function_that_writes_is_refused_by_the_transaction(cases: str, tmp_path: Path) -> None:
    """Whoever is logged in: the clerk may write, and the owner too; and neither can be made to."""
    filled(cases, *SEPTEMBER)
    before = held(cases)
    select = "SELECT cases.taken('A01') AS indicator, month, figure, remark FROM cases.report"
    for role in ("clerk", "postgres"):
        why = reason(tmp_path, as_role(cases, role), select)
        assert why == (
            "the select would write, which the read-only transaction refuses: cannot execute INSERT in a read-only transaction"
        )
    assert held(cases) == before
    assert reason(tmp_path, as_role(cases, "reader"), select) == (
        "the select would write, which the read-only transaction refuses: cannot execute INSERT in a read-only transaction"
    )


def test_the_transaction_cannot_be_opened_for_writing_from_within(cases: str, tmp_path: Path) -> None:
    """PostgreSQL lets nobody turn a transaction that has read to one that writes."""
    select = (
        "SELECT set_config('transaction_read_only', 'off', true) AS indicator, cases.taken('A01') AS month, 1 AS figure,"
        " '' AS remark"
    )
    filled(cases)
    reason(tmp_path, as_role(cases, "clerk"), select)
    assert held(cases) == []


def test_a_query_that_sleeps_is_ended(cases: str, tmp_path: Path) -> None:
    """By the server, within a statement."""
    slow = "SELECT indicator, month, figure, remark || pg_sleep(60) AS remark FROM cases.report"
    filled(cases, *SEPTEMBER)
    expected = "the database took longer than 0.3 seconds (“timeout”)"
    assert reason(tmp_path, as_role(cases, "reader"), slow, "    timeout: 0.3\n") == expected


def test_a_source_that_goes_on_and_on_is_ended_between_batches(
    cases: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No single statement takes long, but all together do: by a clock that jumps after the second batch."""
    steady = (
        "SELECT 'A01' AS indicator, '2021-01-31' AS month, i AS figure, '' AS remark FROM generate_series(1, 1000000) i"
    )
    moments = iter([0.0, 1.0, 61.0])
    monkeypatch.setattr("kpi_tracker.sources.server.perf_counter", lambda: next(moments))
    assert reason(tmp_path, as_role(cases, "reader"), steady) == "the database took longer than 60 seconds (“timeout”)"


def test_parameters_are_bound_by_the_server(cases: str, tmp_path: Path) -> None:
    """A value that looks like SQL is a value; casts, percent signs and colons in quotes are left alone."""
    evil = "x'; DROP TABLE cases.report; --"
    filled(
        cases,
        (evil, date(2021, 3, 31), 3, None),
        (evil, date(2021, 4, 30), 4, None),
        ("100%", date(2021, 2, 28), 4, None),
    )
    select = (
        "SELECT 'A01'::text AS indicator, month, figure, ':no %s' AS remark FROM cases.report\n"
        "WHERE indicator = :code AND month <= :as_of AND month >= :period_start AND indicator NOT LIKE '%z%'\n"
        "  AND extract(year from month) = :year AND (:code)::text IS NOT NULL -- :never"
    )
    more = f'    parameters: {{code: "{evil}", year: 2021}}\n'
    done = run(tmp_path, as_role(cases, "reader"), select, more, as_of=date(2021, 3, 31))
    assert refused(done) == []
    assert values(done) == {("all", "2021-03-31"): 3.0}
    assert done.draft.entries[0].claim.note == ":no %s"
    assert len(held(cases)) == 3


def test_what_a_column_of_the_server_may_hold(cases: str, tmp_path: Path) -> None:
    """NaN, arrays, moments in a zone, single precision, thousands of digits."""
    filled(cases)
    with psycopg.connect(cases, autocommit=True) as connection:
        connection.execute("""
            INSERT INTO cases.report (indicator, at, figure, parts, single) VALUES
            ('A01', '2021-01-31 20:00:00+00', 1, NULL, 0.1), ('A01', '2021-04-30 12:00+08', 'NaN', NULL, 0.1),
            ('A01', '2021-05-31 12:00+08', 'Infinity', NULL, 0.1), ('A01', '2021-06-30 12:00+08', 12345678901234567890.5, NULL, 0.1),
            ('A02', '2021-06-30 12:00+08', 2, '{a}', 0.1)""")
    moments = "SELECT indicator, at AS month, figure, remark FROM cases.report ORDER BY n"
    done = run(tmp_path, as_role(cases, "reader"), moments)
    assert values(done) == {
        ("all", "2021-02-28"): 1.0, ("all", "2021-06-30"): 1.23456789012346e19, ("major", "2021-06-30"): 2.0,
    }  # fmt: skip
    assert [why for _, why in refused(done)] == ["NaN is not a finite number", "Infinity is not a finite number"]
    arrays = "SELECT parts AS indicator, parts AS month, single AS figure, remark FROM cases.report WHERE n >= 5"
    assert refused(run(tmp_path, as_role(cases, "reader"), arrays)) == [("cases:1", "the row names no KPI")]
    days = "SELECT 'A01' AS indicator, parts AS month, single AS figure, remark FROM cases.report WHERE n >= 5"
    assert [why for _, why in refused(run(tmp_path, as_role(cases, "reader"), days))] == [
        "the cell holds something composed, not a day"
    ]
    single = (
        "SELECT 'A01' AS indicator, '2021-01' AS month, single AS figure, parts AS remark FROM cases.report WHERE n = 5"
    )
    assert values(run(tmp_path, as_role(cases, "reader"), single)) == {("all", "2021-01-31"): 0.1}
    composed = "SELECT 'A01' AS indicator, '2021-01' AS month, parts AS figure, remark FROM cases.report WHERE n = 5"
    assert [why for _, why in refused(run(tmp_path, as_role(cases, "reader"), composed))] == [
        "the cell holds something composed, not a value"
    ]


@pytest.mark.parametrize(
    ("select", "more", "why"),
    [
        ("SELECT indicator, month,\n  figur, remark FROM cases.report", "",
         "the database says: column \"figur\" does not exist (Perhaps you meant to reference the column \"report.figure\".) "
         "(line 2, column 3 of the select)"),
        ("SELECT indicator, month, figure, remark FROM cases.report\nWHERE figure > :least AND month < :as_of AND figure > :least AND oops",
         "    parameters: {least: 3}\n",
         "the database says: column \"oops\" does not exist (line 2, column 66 of the select)"),
        ("SELECT indicator, month, figure, remark FROM cases.report WHERE nothing = :as_of", "",
         "the database says: column \"nothing\" does not exist (line 1, column 65 of the select)"),
        ("SELECT indicator, month, figure, remark FROM cases.report WHERE month = :year", "    parameters: {year: 2021}\n",
         "the database says: operator does not exist: date = smallint (No operator matches the given name and argument types. "
         "You might need to add explicit type casts.) (line 1, column 71 of the select)"),
        ("SELECT indicator, month, figure, remark FROM cases.reports", "",
         "the database says: relation \"cases.reports\" does not exist (line 1, column 46 of the select)"),
        ("SELECT indicator, month, figure, remark FROM", "",
         "the database says: syntax error at end of input (line 1, column 45 of the select)"),
        ("SELECT indicator, month, figure / 0 AS figure, remark FROM cases.report", "", "the database says: division by zero"),
        ("SELECT indicator, month, figure AS f, remark FROM cases.report", "",
         "the result has no column “figure”; it has: indicator, month, f, remark"),
        ("SELECT indicator, 'infinity'::date AS month, figure, remark FROM cases.report", "",
         "the database says: date too large (after year 10K): 'infinity'"),
    ],
)  # fmt: skip
def test_what_the_server_refuses_is_said_with_its_place(
    select: str, more: str, why: str, cases: str, tmp_path: Path
) -> None:
    """Line and column are those of the select as it is written, whatever was sent for its placeholders."""
    filled(cases, *SEPTEMBER)
    assert reason(tmp_path, as_role(cases, "reader"), select, more) == why


def test_a_role_without_the_right_to_read_is_told(cases: str, tmp_path: Path) -> None:
    """In the server's words."""
    with psycopg.connect(cases, autocommit=True) as connection:
        connection.execute("REVOKE SELECT ON cases.report FROM reader")
    try:
        assert reason(tmp_path, as_role(cases, "reader")) == "the database says: permission denied for table report"
    finally:
        with psycopg.connect(cases, autocommit=True) as connection:
            connection.execute("GRANT SELECT ON cases.report TO reader")


def test_a_server_that_cannot_be_reached_is_named_without_the_password(cases: str, tmp_path: Path) -> None:
    """Nobody listens; no such role; no such host."""
    nobody = reason(tmp_path, f"postgresql://me:{PASSWORD}@127.0.0.1:1/db")
    assert nobody.startswith("the server is away, or refused the connection: connection failed")
    assert "nobody_here" in reason(tmp_path, as_role(cases, "nobody_here"))


@pytest.mark.parametrize(
    "address",
    ["postgresql://me:s3cr3t-Passwort@more@host/db", "postgresql://me:s3cr3t-Passwort@host:port/db", "s3cr3t-Passwort",
     "host/s3cr3t-Passwort", "://s3cr3t-Passwort", "sqlite:s3cr3t-Passwort", "sqlite://s3cr3t-Passwort/x", "sqlite:///",
     "s3cr3t-Passwort://me@host/db"],
)  # fmt: skip
def test_an_address_that_is_none_is_shown_nowhere(address: str, tmp_path: Path) -> None:
    """How one reads is said instead."""
    assert reason(tmp_path, address).startswith("the address of a database reads postgresql://user:password@host")


def test_other_databases_are_refused(tmp_path: Path) -> None:
    """Where nobody could be sure that nothing is written."""
    assert reason(tmp_path, f"mysql+pymysql://me:{PASSWORD}@host/db") == (
        "only SQLite and PostgreSQL are read: of “mysql” nobody could be sure that nothing is written"
    )


def test_the_extra_is_named_where_it_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the line that installs it."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert reason(tmp_path, f"postgresql://me:{PASSWORD}@host/db") == (
        "PostgreSQL needs what is not installed: pip install 'kpi-tracker[postgresql]'"
    )


def test_secrets_come_from_the_environment_or_a_file_of_ones_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A variable that is not set, a file that others may read, and ~."""
    plan = plan_with(tmp_path, GOOD)
    assert "No such file" in refused(synced(plan, {}))[0][1]
    (plan / "secret").write_text("mysql://x/y")
    (plan / "secret").chmod(0o644)
    assert "others may read it" in refused(synced(plan, {}))[0][1]
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "db").write_text("mysql://x/y")
    (tmp_path / "db").chmod(0o600)
    text = (plan / "plan.yaml").read_text().replace("{file: secret}", "{file: ~/db}")
    (plan / "plan.yaml").write_text(text)
    assert "“mysql”" in refused(synced(plan, {}))[0][1]
    (plan / "plan.yaml").write_text(text.replace("{file: ~/db}", "{env: NOT_SET}"))
    assert refused(synced(plan, {})) == [("cases", "the environment variable NOT_SET is not set")]
