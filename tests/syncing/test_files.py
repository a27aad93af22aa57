"""Files as sources: taken by sync, or read by the check each night."""

import json
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars
import pytest

import kpi_tracker
from kpi_tracker.diagnostics.diagnostic import Diagnostic
from kpi_tracker.intake.problem import IntakeError
from kpi_tracker.pipeline import run
from tests.syncing.made import ledger, plan_in, refused, said, synced, values

MAPPED = "{kpi: code, period: month, value: figure, note: remark, unit: unit}"
CODES = "{A01: g/all, A02: major, M: money, S: seldom, D: depth, Q: quarter, G: grade, R: road}"


def source_of(kind: str, more: str = "", columns: str = MAPPED, kpis: str = CODES) -> str:
    """Return the sources of a plan: files of one kind below `in`."""
    mapped = f"    kpis: {kpis}\n" if kpis else ""
    return (
        f"sources:\n  - id: monthly\n    kind: {kind}\n    files: [in/*.{kind}]\n    columns: {columns}\n{mapped}{more}"
    )


def plan_with(folder: Path, kind: str, more: str = "", columns: str = MAPPED, kpis: str = CODES) -> Path:
    """Write a plan with a source of files, and the folder for them."""
    plan = plan_in(folder, source_of(kind, more, columns, kpis).replace("observations:", ""))
    (plan / "in").mkdir(exist_ok=True)
    return plan


def watched(folder: Path, kind: str, columns: str = MAPPED, kpis: str = CODES) -> Path:
    """Write a plan whose check reads the files itself."""
    plan = plan_with(folder, kind, "    watch: true\n", columns, kpis)
    text = (plan / "plan.yaml").read_text("utf-8").replace("observations: [observations/ledger.csv]\n", "")
    (plan / "plan.yaml").write_text(text, "utf-8")
    return plan


def checked(plan: Path, as_of: date = date(2021, 12, 31), **settings: Any) -> Any:
    """Run the check."""
    return run(plan, as_of, **settings)


def series(plan: Path, kpi: str) -> tuple[Any, ...]:
    """Return the values that the check sees of a KPI."""
    found: tuple[Any, ...] = checked(plan).scorecard.find(kpi).series.newest.values
    return found


def told(faults: tuple[Diagnostic, ...]) -> list[str]:
    """Return the faults by place and message."""
    return [
        f"{Path(fault.place.file).name}{str(fault.place)[len(fault.place.file) :]} {fault.code} {fault.message()}"
        for fault in faults
    ]


ROWS: list[dict[str, Any]] = [
    {"code": "A01", "month": "2021-01", "figure": 10, "remark": "=x", "unit": None},
    {"code": "A01", "month": "2021-02", "figure": 12.5, "remark": None, "unit": "件"},
    {"code": "M", "month": "2021-02", "figure": 5.5, "remark": None, "unit": "亿元"},
    {"code": "A02", "month": "2021-02", "figure": None, "remark": "later", "unit": None},
    {"code": "B", "month": "2021-02", "figure": 1, "remark": None, "unit": None},
]
READ = {("all", "2021-01-31"): 10.0, ("all", "2021-02-28"): 12.5, ("money", "2021-02-28"): 55000.0}


def write(file: Path, rows: list[dict[str, Any]]) -> None:
    """Write rows as the kind of file that its name says."""
    if file.suffix == ".jsonl":
        file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n\n", "utf-8")
    elif file.suffix == ".parquet":
        polars.DataFrame(rows, infer_schema_length=None).write_parquet(file)
    else:
        lines = [
            ",".join(rows[0]),
            *(",".join("" if cell is None else str(cell) for cell in row.values()) for row in rows),
        ]
        file.write_text("\n".join([*lines, ",,,,", "", ""]), "utf-8")


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_each_kind_is_taken_by_sync_and_read_by_the_check(kind: str, tmp_path: Path) -> None:
    """The same rows give the same figures, units and notes; sync says which line, the check copies nothing."""
    plan = plan_with(tmp_path, kind)
    write(plan / "in" / f"1.{kind}", ROWS)
    done = synced(plan, {}, by="Li")
    assert refused(done) == []
    assert done.written
    assert values(done) == READ
    line = 1 + (kind == "csv")
    assert ledger(plan)[0].endswith(f"in/1.{kind}:{line} · Li,'=x")
    assert "rows without a value: 1" in said(done)
    (tmp_path / "x").mkdir()
    plan = watched(tmp_path / "x", kind)
    write(plan / "in" / f"1.{kind}", ROWS)
    before = sorted(plan.rglob("*"))
    found = checked(plan)
    assert found.diagnostics == ()
    assert found.scorecard.find("all").series.newest.values == (10.0, 12.5)
    assert found.scorecard.find("money").series.rows[0].value == 55000.0
    assert found.scorecard.find("all").series.rows[0].note == "=x"
    assert found.scorecard.find("all").series.rows[0].source == "monthly"
    assert sorted(plan.rglob("*")) == before


def test_a_new_file_counts_from_the_next_night_also_where_readings_are_kept(tmp_path: Path) -> None:
    """A file that comes, changes or goes is seen; what is unchanged is not read for its meaning again."""
    plan, kept = watched(tmp_path, "jsonl"), str(tmp_path / "kept")
    assert checked(plan, kept=kept).scorecard.find("all").series.rows == ()
    write(plan / "in" / "1.jsonl", ROWS[:1])
    assert checked(plan, kept=kept).scorecard.find("all").series.newest.values == (10.0,)
    assert checked(plan, kept=kept).scorecard.find("all").series.newest.values == (10.0,)
    write(plan / "in" / "2.jsonl", ROWS[1:2])
    assert checked(plan, kept=kept).scorecard.find("all").series.newest.values == (10.0, 12.5)
    write(plan / "in" / "2.jsonl", [{**ROWS[1], "figure": 13}])
    assert checked(plan, kept=kept).scorecard.find("all").series.newest.values == (10.0, 13.0)
    (plan / "in" / "1.jsonl").unlink()
    assert checked(plan, kept=kept).scorecard.find("all").series.newest.values == (13.0,)


def test_a_broken_file_is_a_fault_and_its_kpis_say_so(tmp_path: Path) -> None:
    """The other files are read; every KPI that the source feeds has lost a row."""
    plan = watched(tmp_path, "csv")
    write(plan / "in" / "1.csv", ROWS)
    (plan / "in" / "2.csv").write_bytes(b"code,month\x00")
    found = checked(plan)
    assert told(found.diagnostics) == ["2.csv KT103 this is a binary file (it holds a zero byte), not UTF-8 text"]
    assert (found.scorecard.find("all").rows_left_out, found.scorecard.find("all").series.newest.values) == (
        1,
        (10.0, 12.5),
    )
    assert found.scorecard.find("major").rows_left_out == 1


def test_what_is_wrong_in_a_watched_csv_has_its_place(tmp_path: Path) -> None:
    """Line and column of the file as it is, whatever its columns are called."""
    plan = watched(tmp_path, "csv", "{kpi: code, period: month, value: figure, basis: firm, recorded_at: at}", "")
    (plan / "in" / "1.csv").write_text(
        "no,figure,code,month,firm,at\n"
        "1,10,all,2021-01,preliminary,\n2,10,al,2021-01,,\n3,x,all,2021-02,,\n4,10,all,2021-13,,\n5,10,all\n"
        "6,10,all,2021-Q1,provisional,2021-04-02 10:00\n7,10,all,2021-01,,yesterday\n8,2,all,2021-02,,\n9,,all,2021-03,,\n",
        "utf-8",
    )  # fmt: skip
    assert told(checked(plan).diagnostics) == [
        "1.csv:2:18 KT409 “preliminary” is not a basis: reported, provisional, estimated, illustrative",
        "1.csv:3:6 KT405 there is no KPI “al” in this plan; did you mean “all”?",
        "1.csv:4:3 KT406 the value “x” of all cannot be read: no number is found in it",
        "1.csv:5:10 KT443 what stands under “month” cannot be used: “2021-13” is not a date or a period, such as 2021-09-30, "
        "2021-09 or 2021年9月",
        "1.csv:6:1 KT404 fields in this row: 3, in the first row: 6",
        "1.csv:7:1 KT420 2021-01-01 … 2021-03-31 covers the days of another row of all, which would be counted twice; see line 9",
        "1.csv:8:19 KT408 “yesterday” is not a date or a time at which something was recorded, such as 2021-10-08 or 2021-10-08 09:30",
    ]


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        ("", ["1.csv KT418 the file is empty; its first row names the columns, such as kpi,date,value or 指标,日期,数值"]),
        ("code;month;figure\n", ["1.csv:1:5 KT419 the fields must be separated by commas, not by semicolons"]),
        ('"code,month\n',
         ["1.csv:1:1 KT414 the rows cannot be told apart from here on: a quote is not closed or stands in the wrong place"]),
        ("code,month,figur,remark,remark,unit\n",
         ["1.csv:1:1 KT417 the column “remark” stands twice",
          "1.csv:1:1 KT440 there is no “figure” here, which the source “monthly” reads; there are: code, month, figur, remark, "
          "remark, unit; did you mean “figur”?"]),
        (b"\xff\xff\xff", ["1.csv:1:1 KT401 the file is neither UTF-8 nor GB18030 text: the byte 0xFF stands here"]),
    ],
)  # fmt: skip
def test_a_csv_file_that_cannot_serve(content: str | bytes, faults: list[str], tmp_path: Path) -> None:
    """To the check it is a fault of the data, to sync it is refused."""
    plan = watched(tmp_path, "csv")
    (plan / "in" / "1.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    assert sorted(told(checked(plan).diagnostics)) == faults
    plan = plan_with(tmp_path, "csv")
    assert len(refused(synced(plan, {}))) == len(faults)


SPOILT = {
    "csv": b'code,month,figure\nall,2021-01,1\nall,2021-02,2\xff\nother,2021-02,\xff\nall,2021-03\nall,2021-04,3\n'
           b'all,2021-05,"4\nall,2021-06,5\n',
    "jsonl": b'{"code": "all", "month": "2021-01", "figure": 1}\n{"code": "all", "month": "2021-02", "figure": "2\xff"}\n'
             b'{"code": "\xff", "month": "2021-02"}\n{"code": "all", "\xff\n{"code": "all", "month": "2021-04", "figure": 3}\n\n'
             b'{"code": "all", "month": "2021-05", "figure": 3}\n{"code": "all", "month": "2021-06", "figure": 3}\n',
}  # fmt: skip
TORN = {
    "csv": ["1.csv:3:14 KT421", "1.csv:4:15 KT421", "1.csv:5:1 KT404", "1.csv:7:1 KT414"],
    "jsonl": ["1.jsonl:2:49 KT421", "1.jsonl:3:11 KT421", "1.jsonl:4:18 KT421"],
}


@pytest.mark.parametrize(("kind", "values", "lost"), [("csv", (1.0, 3.0), 4), ("jsonl", (1.0, 3.0, 3.0, 3.0), 1)])
def test_a_damaged_row_of_a_watched_file_is_lost_to_its_kpi(
    kind: str, values: tuple[float, ...], lost: int, tmp_path: Path
) -> None:
    """Where its code can be read; the other rows count, and sync refuses what the check leaves out."""
    columns = "{kpi: code, period: month, value: figure}"
    plan = watched(tmp_path, kind, columns, "")
    (plan / "in" / f"1.{kind}").write_bytes(SPOILT[kind])
    found = checked(plan)
    assert [" ".join(line.split()[:2]) for line in told(found.diagnostics)] == TORN[kind]
    assert (tuple(row.value for row in found.scorecard.find("all").series.rows), found.scorecard.find("all").rows_left_out) == (
        values, lost,
    )  # fmt: skip
    (tmp_path / "sync").mkdir()
    plan = plan_with(tmp_path / "sync", kind, "", columns, "")
    (plan / "in" / f"1.{kind}").write_bytes(SPOILT[kind])
    done = synced(plan, {}, partial=True, dry_run=True)
    assert [where.rpartition("/")[2] for where, _ in refused(done)] == [line.split()[0] for line in TORN[kind]]


def test_what_is_wrong_in_a_line_of_json(tmp_path: Path) -> None:
    """A name that is left out is not null; NaN, a name twice, and what is no object."""
    plan = watched(tmp_path, "jsonl", "{kpi: code, date: day, value: figure}")
    lines = [
        '{"code": "A01", "day": "2021-01-31", "figure": 1}', '{"code": "A01", "day": "2021-02-28", "figur": 1}',
        '{"code": "A01", "day": "2021-02-28", "figure": NaN}', '{"code": "A01", "code": "A02"}', "[1]", '  {"code": ',
        "[" * 100_000, '{"code": "A01", "day": "2021-03-01", "figure": 1}', '{"code": "A01", "day": "2021-03", "figure": 1}',
        '{"code": "A01", "day": true, "figure": 1}', '{"code": "A01", "day": "2021-05-31", "figure": {"a": 1}}',
        '{"code": "A01", "day": 20210630, "figure": "1,200件"}', '{"code": null, "day": null, "figure": null}',
        '{"code": "D", "day": "2021-03-01", "figure": 1}',
    ]  # fmt: skip
    (plan / "in" / "1.jsonl").write_text("\r\n".join(lines), "utf-8")
    found = checked(plan)
    assert told(found.diagnostics) == [
        "1.jsonl:2:1 KT440 there is no “figure” here, which the source “monthly” reads; there are: code, day, figur; did you mean “figur”?",
        "1.jsonl:3:1 KT441 this line is no JSON object: NaN is not a finite number",
        "1.jsonl:4:1 KT441 this line is no JSON object: “code” stands in it twice",
        "1.jsonl:5:1 KT441 this line is no JSON object: it holds something else",
        "1.jsonl:6:11 KT441 this line is no JSON object: it breaks off or has a sign too many here",
        "1.jsonl:7:1 KT441 this line is no JSON object: it is too deep or too long",
        "1.jsonl:8:17 KT443 what stands under “day” cannot be used: 2021-03-01 may be that day or the month 2021-03; map its column "
        "as “period” where it is the month",
        "1.jsonl:9:17 KT443 what stands under “day” cannot be used: “2021-03” is a period; map its column as “period”",
        "1.jsonl:10:17 KT443 what stands under “day” cannot be used: the cell holds yes or no, not a day",
        "1.jsonl:11:38 KT443 what stands under “figure” cannot be used: the cell holds something composed, not a value",
    ]
    assert found.scorecard.find("all").series.newest.values == (1.0, 1200.0)
    assert found.scorecard.find("depth").series.newest.values == (1.0,)
    assert found.scorecard.find("all").rows_left_out == 4


def test_a_parquet_file_holds_types(tmp_path: Path) -> None:
    """Dates, moments in a zone, decimals and single precision; a date in a column of periods names the KPI's own period."""
    from zoneinfo import ZoneInfo

    plan = watched(tmp_path, "parquet", "{kpi: code, period: month, value: figure}")
    day = date(2021, 5, 17)
    frame = polars.DataFrame({"code": ["A01", "S", "D", "Q"], "month": [day] * 4, "figure": [0.1, 0.2, 0.3, 0.4]},
                             schema_overrides={"figure": polars.Float32})  # fmt: skip
    frame.write_parquet(plan / "in" / "1.parquet")
    late = datetime(2021, 6, 30, 20, tzinfo=ZoneInfo("UTC"))
    polars.DataFrame({"code": ["A01"], "month": [late], "figure": [Decimal("1.10")]}).write_parquet(
        plan / "in" / "2.parquet"
    )
    polars.DataFrame({"code": ["A01"] * 2, "month": [day] * 2, "figure": [b"1", b"2"]}).write_parquet(
        plan / "in" / "3.parquet"
    )
    found = checked(plan)
    assert told(found.diagnostics) == [
        f"3.parquet:{row} KT443 what stands under “figure” cannot be used: the cell holds bytes, not a value"
        for row in (1, 2)
    ]
    dated = {name: [(row.date.isoformat(), row.value) for row in found.scorecard.find(name).series.rows] for name in
             ("all", "seldom", "depth", "quarter")}  # fmt: skip
    assert dated == {
        "all": [("2021-05-31", 0.1), ("2021-07-31", 1.1)], "seldom": [("2021-05-31", 0.2)], "depth": [("2021-05-17", 0.3)],
        "quarter": [("2021-06-30", 0.4)],
    }  # fmt: skip


def test_a_parquet_file_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Damaged, without a column, too large a folder, or without the extra."""
    plan = watched(tmp_path, "parquet", "{kpi: code, period: month, value: figure}")
    (plan / "in" / "1.parquet").write_bytes(b"PAR1" + b"x" * 100)
    polars.DataFrame({"code": ["A01"], "figures": [1]}).write_parquet(plan / "in" / "2.parquet")
    (plan / "in" / "3.parquet").symlink_to(plan / "nowhere")
    (plan / "in" / "4.parquet").mkdir()
    faults = told(checked(plan).diagnostics)
    assert faults[0].startswith("1.parquet KT442 the Parquet file cannot be read: ")
    assert faults[1:3] == [
        "2.parquet KT440 there is no “month” here, which the source “monthly” reads; there are: code, figures",
        "2.parquet KT440 there is no “figure” here, which the source “monthly” reads; there are: code, figures; did you mean “figures”?",
    ]
    assert faults[3:] == ["3.parquet KT101 the file cannot be read: there is no such file"]
    monkeypatch.setitem(sys.modules, "polars", None)
    assert told(checked(plan).diagnostics)[0] == (
        "1.parquet KT442 the Parquet file cannot be read: Parquet needs what is not installed: pip install 'kpi-tracker[parquet]'"
    )


def test_a_file_of_lines_that_is_no_text_and_numbers_beyond_all_measure(tmp_path: Path) -> None:
    """Neither stops sync."""
    plan = plan_with(tmp_path, "jsonl", columns="{kpi: code, date: day, value: figure}")
    (plan / "in" / "1.jsonl").write_bytes(b"\xff\xff\xff")
    lines = [f'{{"code": "A01", "day": "2021-01-31", "figure": 1{"0" * 400}}}', '{"code": "A01", "day": "2021-02-28", "figure": true}',
             '{"code": "A01", "day": "2021-03-31 10:00:00", "figure": -2}', '{"code": "A01", "day": "2021-04-30", "figure": 0}',
             '{"code": "A01", "day": "2021-05-31", "figure": 1e-120}']  # fmt: skip
    (plan / "in" / "2.jsonl").write_text("\n".join(lines), "utf-8")
    done = synced(plan, {}, partial=True, dry_run=True)
    assert values(done) == {("all", "2021-03-31"): -2.0, ("all", "2021-04-30"): 0.0, ("all", "2021-05-31"): 0.0}
    assert [reason.replace("0" * 400, "…") for _, reason in refused(done)] == [
        "the file is neither UTF-8 nor GB18030 text: the byte 0xFF stands here",
        "“1…” is not a number: it is too large", "the cell holds yes or no, not a value",
    ]  # fmt: skip


def test_a_slip_of_polars_own_is_no_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A panic is no exception to Python; anything else that is none passes through."""
    plan = watched(tmp_path, "parquet", "{kpi: code, period: month, value: figure}")
    (plan / "in" / "1.parquet").write_bytes(b"PAR1")
    panic = type("PanicException", (BaseException,), {})

    def fails(*_: object) -> None:
        raise panic("slip")

    monkeypatch.setattr(polars, "read_parquet_schema", fails)
    assert told(checked(plan).diagnostics) == ["1.parquet KT442 the Parquet file cannot be read: slip"]

    def stops(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(polars, "read_parquet_schema", stops)
    with pytest.raises(KeyboardInterrupt):
        checked(plan)


def test_a_number_in_the_column_of_units_is_refused(tmp_path: Path) -> None:
    """By sync and by the check."""
    rows = [{"code": "M", "month": "2021-02", "figure": 12, "remark": None, "unit": 10000}]
    plan = plan_with(tmp_path, "jsonl")
    write(plan / "in" / "1.jsonl", rows)
    assert refused(synced(plan, {})) == [("in/1.jsonl:1", "“10000” is not a unit")]
    plan = watched(tmp_path, "jsonl")
    assert told(checked(plan).diagnostics) == [
        "1.jsonl:1:65 KT443 what stands under “unit” cannot be used: “10000” is not a unit"
    ]


def test_grades_steps_and_nothing(tmp_path: Path) -> None:
    """无 is no value, but of a milestone that no step is done."""
    plan = plan_with(tmp_path, "csv", columns="{kpi: code, date: day, value: figure}")
    (plan / "in" / "1.csv").write_text(
        "code,day,figure\nG,2021-06-30,A\nG,2021-07-31,无\nR,2021-06-30,无\nR,2021-07-31,draft\nA01,2021-06-30,无\n",
        "utf-8",
    )
    done = synced(plan, {})
    assert values(done) == {
        ("grade", "2021-06-30"): "A", ("road", "2021-06-30"): (), ("road", "2021-07-31"): ("draft",),
    }  # fmt: skip
    assert done.written
    plan = watched(tmp_path, "csv", "{kpi: code, date: day, value: figure}")
    found = checked(plan)
    assert found.diagnostics == ()
    assert found.scorecard.find("road").series.newest.values == ((), ("draft",))


def test_kpis_may_be_named_as_the_plan_does(tmp_path: Path) -> None:
    """By id, path or title; what is calculated takes nothing."""
    plan = plan_with(tmp_path, "csv", columns="{kpi: code, date: day, value: figure}", kpis="")
    (plan / "in" / "1.csv").write_text(
        "code,day,figure\ng/all,2021-06-30,1\n全部案件,2021-07-31,2\nratio,2021-06-30,1\nratio,2021-07-31,1\nalll,2021-07-31,1\n",
        "utf-8",
    )
    done = synced(plan, {}, partial=True)
    assert values(done) == {("all", "2021-06-30"): 1.0, ("all", "2021-07-31"): 2.0}
    assert refused(done) == [
        ("in/1.csv:4", "“ratio” is calculated by its formula and takes no figure from a source (rows: 2)"),
        ("in/1.csv:6", "there is no KPI “alll” in this plan; did you mean “all”?"),
    ]


def test_files_in_another_folder_need_its_whole_path(tmp_path: Path) -> None:
    """What lies there is read; what a link leads out of it is not; a folder without a file is refused."""
    share = tmp_path / "share"
    share.mkdir()
    plan = plan_in(tmp_path, source_of("jsonl", f"    folder: {share}\n").replace("[in/*.jsonl]", '["*.jsonl"]'))
    assert refused(synced(plan, {})) == [("monthly", f"no file matches “*.jsonl” in {share}")]
    write(tmp_path / "elsewhere.jsonl", ROWS)
    (share / "link.jsonl").symlink_to(tmp_path / "elsewhere.jsonl")
    assert refused(synced(plan, {})) == [("monthly", f"no file matches “*.jsonl” in {share}")]
    write(share / "1.jsonl", ROWS)
    assert values(synced(plan, {}, partial=True)) == READ


def test_the_check_of_an_earlier_plan_still_reads_what_it_is_given(tmp_path: Path) -> None:
    """Files that are given by hand take the place of all that the plan names, its watched sources too."""
    plan = watched(tmp_path, "jsonl")
    write(plan / "in" / "1.jsonl", ROWS)
    model = kpi_tracker.load_plan(plan)
    assert len(kpi_tracker.load_observations(model)) == 2
    (tmp_path / "o.csv").write_text("kpi,date,value\nall,2021-03-31,1\n")
    assert kpi_tracker.load_observations(model, [tmp_path / "o.csv"])["all"].newest.values == (1.0,)


def test_a_watched_link_that_leads_out_of_the_plan_is_a_fault(tmp_path: Path) -> None:
    """The others are read."""
    plan = watched(tmp_path, "jsonl")
    write(tmp_path / "elsewhere.jsonl", ROWS)
    (plan / "in" / "link.jsonl").symlink_to(tmp_path / "elsewhere.jsonl")
    assert [fault.code for fault in checked(plan).diagnostics] == ["KT116"]


def test_a_plan_that_watches_all_has_nothing_to_sync(tmp_path: Path) -> None:
    """It is said."""
    plan = watched(tmp_path, "jsonl")
    (plan / "observations").mkdir()
    (plan / "observations" / "ledger.csv").write_text("kpi,date,value,recorded_at,source,note\n")
    with pytest.raises(IntakeError):
        synced(plan, {})
