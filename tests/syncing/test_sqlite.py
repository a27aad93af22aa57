"""A SQLite file as a source: what is read of it, and that nothing but reading is done to it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest

import kpi_tracker
from kpi_tracker.intake.problem import IntakeError
from kpi_tracker.language import language
from tests.syncing.made import CASES, COLUMNS, NOW, ROWS, database, ledger, plan_in, refused, said, synced, values

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) AS {columns} FROM n"


def source_of(select: str, more: str = "", columns: str = COLUMNS) -> str:
    """Return the sources of a plan: one, with this select."""
    return (
        f"sources:\n  - id: cases\n    kind: sql\n    url: {{env: CASE_DB_URL}}\n    select: >-\n      {select}\n"
        f"    columns: {columns}\n    kpis: {{A01: g/all, A02: major, M: money}}\n{more}"
    )


def test_rows_are_taken_as_an_import_takes_them(tmp_path: Path) -> None:
    """New, then unchanged, then corrected; each with the source, its row and who; the check counts them."""
    plan, environ = plan_in(tmp_path), database(tmp_path / "cases.db")
    done = synced(plan, environ, by="Li")
    assert (done.code, done.written) == (0, True)
    assert ledger(plan) == [
        "all,2021-09-30,103,2021-11-05 09:30:00,cases:1 · Li,first",
        "major,2021-09-30,12,2021-11-05 09:30:00,cases:2 · Li,",
        "money,2021-09-30,5100.5,2021-11-05 09:30:00,cases:3 · Li,",
    ]
    again = synced(plan, environ)
    assert (again.code, again.written, said(again).splitlines()[0]) == (0, False, "unchanged: 3")
    environ = database(tmp_path / "cases.db", [("A01", "2021-09", 104, None), *ROWS[1:]])
    corrected = synced(plan, environ, NOW + timedelta(days=1))
    assert (corrected.written, corrected.draft.known) == (True, 2)
    assert len(ledger(plan)) == 4
    assert kpi_tracker.load_observations(kpi_tracker.load_plan(plan))["all"].newest.values == (104,)


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    """Neither ledger nor lock nor folder, nor anything beside the database."""
    plan, environ = plan_in(tmp_path), database(tmp_path / "cases.db")
    before = sorted(tmp_path.rglob("*"))
    assert synced(plan, environ, dry_run=True).written is False
    assert sorted(tmp_path.rglob("*")) == before


def test_what_a_cell_may_hold(tmp_path: Path) -> None:
    """Numbers, texts with units, days in every form; NULL and dashes are no value; all else is refused by its row."""
    rows = [
        ("A01", "2021-01", 10, None), ("A01", "202102", "1,234件", None), ("A01", 202103, 12.5, None),
        ("A01", "2021-04-15", 0.1 + 0.2, None), ("A01", "2021-05", None, None), ("A01", "2021-06", "—", None),
        ("A01", "2021-07", float("inf"), None), ("A01", "2021-08", b"\x01", None), ("A01", "2021-13", 1, None),
        ("A01", None, 1, None), (None, "2021-01", 1, None), ("A01", 2.5, 1, None), ("A01", "2021-10", 1e101, None),
        ("A01", b"2021", 1, None), ("A01", "2021-11-30 23:30:00", "nix", None), ("B", "2021-01", 1, None),
        ("B", "2021-01", 1, None), ("M", "2021-01", "5亿元", None), ("M", "2021-02", "5 件", None),
    ]  # fmt: skip
    done = synced(plan_in(tmp_path), database(tmp_path / "c.db", rows), dry_run=True)
    assert values(done) == {
        ("all", "2021-01-31"): 10.0, ("all", "2021-02-28"): 1234.0, ("all", "2021-03-31"): 12.5, ("all", "2021-04-30"): 0.3,
        ("money", "2021-01-31"): 50000.0,
    }  # fmt: skip
    assert refused(done) == [
        ("cases:7", "inf is not a finite number"),
        ("cases:8", "the cell holds bytes, not a value"),
        ("cases:9", "“2021-13” is not a date or a period, such as 2021-09-30, 2021-09 or 2021年9月"),
        ("cases:10", "no day is given"),
        ("cases:12", "the cell holds a number, not a day"),
        ("cases:13", "“1e+101” is not a number: it is too large"),
        ("cases:14", "the cell holds bytes, not a day"),
        ("cases:15", "“nix” is not a number: no number is found in it"),
        ("cases:19", "“5 件” is not a number: its unit is 万元, not “件”"),
        ("cases:11", "the row names no KPI"),
    ]
    told = said(done)
    assert "cases  rows without a value: 2" in told
    assert "cases:16  “B” is not one of the codes of this source (“kpis”); rows passed over: 2" in told
    assert done.code == 3


def test_of_rows_that_differ_for_one_day_none_is_taken_and_of_equal_ones_one(tmp_path: Path) -> None:
    """Also where the ledger has one of them already."""
    plan = plan_in(tmp_path)
    synced(plan, database(tmp_path / "c.db", [("A01", "2021-01", 10, None)]))
    rows = [
        ("A01", "2021-01", 10, "x"),
        ("A01", "2021-01", 11, "y"),
        ("A02", "2021-01", 5, None),
        ("A02", "202101", 5.0, None),
    ]
    done = synced(plan, database(tmp_path / "c.db", rows), partial=True)
    assert values(done) == {("major", "2021-01-31"): 5.0}
    assert refused(done) == [
        ("cases:1", "all has another value for 2021-01-31 in cases:2; neither is used"),
        ("cases:2", "all has another value for 2021-01-31 in cases:1; neither is used"),
    ]


def test_what_is_suspicious_is_accepted_by_its_figure_not_by_its_row(tmp_path: Path) -> None:
    """The order of rows is the database's own; and another value than the one that was looked at is not accepted."""
    plan = plan_in(tmp_path)
    synced(plan, database(tmp_path / "c.db", [("A01", f"2021-{m:02}", 100 + m, None) for m in range(1, 7)]))
    environ = database(tmp_path / "c.db", [("A01", "2021-07", 99000, None)])
    held = synced(plan, environ)
    assert (held.code, held.written) == (1, False)
    assert "--accept all@2021-07-31=99000" in said(held)
    assert synced(plan, environ, accept=("all@2021-07-31=98000", "cases:1")).written is False
    assert synced(plan, environ, accept=("all@2021-07-31=99000",)).written is True


def test_parameters_are_bound_and_what_looks_like_sql_stays_a_value(tmp_path: Path) -> None:
    """as_of and the plan's period are offered; a text in quotes is compared, not run."""
    evil = "A01'; DROP TABLE report; --"
    more = f'    parameters: {{code: "{evil}", least: 3, share: 0.5, yes: true, day: 2021-03-31, no: "007"}}\n'
    select = (
        "SELECT CASE indicator WHEN :code THEN 'A01' ELSE :no END AS indicator, month, figure + :share - :share AS figure,"
        " ':code' AS remark FROM report WHERE figure >= :least AND :yes AND month <= substr(:day, 1, 7)"
        " AND month <= :as_of AND month >= substr(:period_start, 1, 7) AND month <= :period_end -- :not\n"
    )
    plan = plan_in(tmp_path, source_of(select, more))
    rows = [(evil, f"2021-{month:02}", month, None) for month in range(1, 6)]
    environ = database(tmp_path / "c.db", rows)
    done = synced(plan, environ, as_of=date(2021, 4, 30))
    assert refused(done) == []
    assert values(done) == {("all", "2021-03-31"): 3.0}
    assert done.draft.entries[0].claim.note == ":code"
    assert len(sqlite3.connect(tmp_path / "c.db").execute("SELECT * FROM report").fetchall()) == 5


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold a file as a program does that writes it."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        connection.close()


def problem(tmp_path: Path, select: str, more: str = "", columns: str = COLUMNS) -> str:
    """Return what is said about a source that cannot be read; nothing is written for it."""
    plan = plan_in(tmp_path, source_of(select, more, columns))
    done = synced(plan, {"CASE_DB_URL": f"sqlite:///{tmp_path / 'c.db'}"}, partial=True)
    assert (done.written, values(done)) == (False, {})
    [(where, reason)] = refused(done)
    assert where == "cases"
    return reason


GOOD = "SELECT indicator, month, figure, remark FROM report"


@pytest.mark.parametrize(
    ("select", "reason"),
    [
        ("SELECT indicator, month, figur, remark FROM report", "the database says: no such column: figur"),
        ("SELECT indicator, month, figure, remark FORM report", "the database says: near “report”: syntax error"),
        ("SELECT indicator, month, figure AS value, remark FROM report",
         "the result has no column “figure”; it has: indicator, month, value, remark"),
        ("SELECT indicator, month, figure AS figures, remark FROM report",
         "the result has no column “figure”; it has: indicator, month, figures, remark; did you mean “figures”?"),
        ("SELECT indicator, month, figure, figure, remark FROM report",
         "the result has the column “figure” twice; name one of them with AS"),
        ("SELECT load_extension('x') AS indicator, month, figure, remark FROM report",
         "the select would do more than read: not authorized to use function: load_extension"),
        ("SELECT name AS indicator, 1 AS month, 1 AS figure, 1 AS remark FROM pragma_table_info('report')",
         "the select would do more than read: not authorized"),
        ("SELECT indicator, month, CAST(x'ff' AS TEXT) AS figure, remark FROM report",
         "the database says: Could not decode to UTF-8 column 'figure' with text '\ufffd'"),
    ],
)  # fmt: skip
def test_what_sqlite_refuses_is_said(select: str, reason: str, tmp_path: Path) -> None:
    """In its own words, or with what stands in the way."""
    database(tmp_path / "c.db")
    assert problem(tmp_path, select).replace('"', "”").replace("near ”", "near “") == reason


def test_a_file_that_is_missing_damaged_locked_or_none_at_all(tmp_path: Path) -> None:
    """Each is named; the file is left as it is."""
    file = tmp_path / "c.db"
    assert problem(tmp_path, GOOD) == f"there is no file {file}"
    file.write_bytes(b"not a database at all" * 100)
    assert problem(tmp_path, GOOD) == f"{file} is not a SQLite database"
    database(file)
    with locked(file):
        assert problem(tmp_path, GOOD, "    timeout: 1s\n") == f"{file} is locked by another program"
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    assert problem(tmp_path, GOOD) == f"{file} is damaged"


def test_a_query_without_end_is_ended(tmp_path: Path) -> None:
    """By the time limit, in the midst of SQLite's own work."""
    database(tmp_path / "c.db")
    endless = ENDLESS.format(columns="figure, 1 AS indicator, 2 AS month, 3 AS remark")
    assert problem(tmp_path, endless, "    timeout: 0.2\n") == "the database took longer than 0.2 seconds (“timeout”)"


def test_rows_before_a_break_are_not_kept(tmp_path: Path) -> None:
    """A source is taken whole or not at all; another source beside it is taken with --partial."""
    rows = [("A01", f"2021-{1 + i % 9:02}", 1 + i % 9, None) for i in range(12000)] + [("A01", "2021-01", 2, "n")]
    environ = database(tmp_path / "c.db", [("A01", "2021-02", 99, None), ("A01", "2021-03", 3, None), *rows])
    other = database(tmp_path / "d.db", [("A01", "2021-01", 1, "kept"), ("A01", "2021-01", 1, None)])
    broken = (
        "SELECT CASE n WHEN 12001 THEN abs(-9223372036854775808) ELSE figure END AS figure, indicator, month, remark "
        "FROM report ORDER BY n"
    )
    first = CASES.replace("id: cases", "id: other").replace("CASE_DB_URL", "OTHER")
    second = source_of(broken).removeprefix("sources:\n")
    plan = plan_in(tmp_path, first + second)
    done = synced(plan, {**environ, "OTHER": other["CASE_DB_URL"]}, partial=True)
    assert refused(done) == [("cases", "the database says: integer overflow")]
    assert (done.written, values(done)) == (True, {("all", "2021-01-31"): 1.0})
    assert ledger(plan)[0].endswith("other:1,kept")


def test_many_refused_rows_are_counted_and_many_codes_too(tmp_path: Path) -> None:
    """A million lines help nobody."""
    rows = [("A01", "2021-01", "x", None)] * 103 + [(f"C{i}", "2021-01", 1, None) for i in range(25)]
    done = synced(plan_in(tmp_path), database(tmp_path / "c.db", rows))
    assert len(refused(done)) == 101
    assert refused(done)[-1] == ("cases", "further rows that are refused: 3")
    assert "further codes that are not among those of this source: 5; rows passed over: 5" in said(done)


def test_an_empty_result_is_no_success(tmp_path: Path) -> None:
    """It is said, and ends with 3 as an empty form does."""
    done = synced(plan_in(tmp_path), database(tmp_path / "c.db", []))
    assert (done.code, said(done)) == (
        3, "left out: 1\n  cases  no row was found\nnothing was written: no value was found",
    )  # fmt: skip


def test_which_sources_are_read(tmp_path: Path) -> None:
    """All that are not watched, or those that are named; a name that there is not is refused with the nearest."""
    watched = "  - {id: folder, kind: csv, files: [in/*.csv], watch: true, columns: {kpi: a, value: b, date: c}}\n"
    (tmp_path / "plan" / "in").mkdir(parents=True)
    plan, environ = plan_in(tmp_path, CASES + watched), database(tmp_path / "c.db")
    assert synced(plan, environ, only=("cases",), dry_run=True).code == 0
    for name, reason in (
        ("case", "the plan has no source “case”; did you mean “cases”?"),
        ("zzz", "the plan has no source “zzz”"),
        ("folder", "the source “folder” is watched: the check itself reads it, and nothing is copied"),
    ):
        with pytest.raises(IntakeError) as caught:
            synced(plan, environ, only=(name,))
        assert language("en").phrase(caught.value.phrase) == reason
    with pytest.raises(IntakeError):
        synced(plan_in(tmp_path, f"sources:\n{watched}"), environ)
    with pytest.raises(IntakeError):
        synced(plan_in(tmp_path, ""), environ)
