"""Files as they come: workbooks, CSV in two encodings, what calamine does not tell, what cannot be read."""

import builtins
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tracker.calendar import covering_end
from kpi_tracker.forms.form import write_form
from kpi_tracker.intake import book as book_module
from kpi_tracker.intake.book import Cell, Sheet, read_book
from kpi_tracker.intake.day import day_of
from kpi_tracker.intake.figure import Refused, figure, typed_figure
from kpi_tracker.intake.ooxml import details
from kpi_tracker.intake.problem import IntakeError
from kpi_tracker.language import language
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Cadence, Measure
from kpi_tracker.notation.number import unit_of
from tests import builders
from tests.intake.made import csv_file, plan_in, refused, taken, taken_values, workbook

SHARE = builders.kpi("share", Measure.LEVEL, t=90, unit=unit_of("%", "%"))
HEAD = ["指标", "月份", "数值"]


def why(path: Path) -> str:
    """Return why a file cannot be read."""
    with pytest.raises(IntakeError) as caught:
        read_book(str(path))
    return language("en").phrase(caught.value.phrase)


@given(st.integers(0, 16383), st.integers(0, 1_048_575))
def test_addresses_are_those_of_the_spreadsheet(column: int, row: int) -> None:
    """Law: XlsxWriter names the same cell."""
    from xlsxwriter.utility import xl_rowcol_to_cell  # type: ignore[import-untyped]

    assert str(Cell("S", row, column)) == "S!" + xl_rowcol_to_cell(row, column)


def test_what_cannot_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file, a folder, something else, damage, a size beyond reason."""
    assert why(tmp_path / "none.xlsx").endswith("none.xlsx cannot be read: there is no such file")
    assert why(tmp_path / "a\0b").endswith("cannot be read: embedded null byte")
    assert why(tmp_path).endswith("this is a folder")
    noise = tmp_path / "noise.csv"
    noise.write_bytes(b"\x00\x01")
    assert why(noise).endswith("neither a workbook (.xlsx, .xls, .ods) nor CSV")
    noise.write_bytes(b"\xff\xff\xff")
    assert why(noise).endswith("neither a workbook (.xlsx, .xls, .ods) nor CSV")
    assert "the rows cannot be told apart" in why(csv_file(noise, 'a,"b'))
    noise.write_bytes(b"PK\x03\x04" + b"x" * 100)
    assert "the workbook is damaged" in why(noise)
    good = workbook(tmp_path / "good.xlsx", ("s", [["a"]]))
    good.write_bytes(good.read_bytes()[:-200])
    assert "the workbook is damaged" in why(good)
    monkeypatch.setattr(book_module, "MAX_BYTES", 10)
    assert "the file is too large" in why(good)


def test_damage_that_calamine_trips_over_is_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A damaged .xls, found by changing bytes at random, makes the reader panic; a wish to end is no damage."""
    assert "the workbook is damaged" in why(Path(__file__).with_name("damaged.xls"))

    def interrupted(data: bytes) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kpi_tracker.intake.ooxml.details", interrupted)
    with pytest.raises(KeyboardInterrupt):
        read_book(str(workbook(tmp_path / "t.xlsx", ("s", [["a"]]))))


def test_a_locked_workbook_is_said_to_be_locked(tmp_path: Path) -> None:
    """An OLE file with an encrypted package in its directory is what Excel writes under a password."""
    file = tmp_path / "locked.xlsx"
    file.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + "EncryptedPackage".encode("utf-16-le"))
    assert why(file).endswith("the workbook is locked with a password")


def test_excel_is_an_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it workbooks are refused with what to install; CSV works all the same."""
    real = builtins.__import__

    def lacking(name: str, *rest: Any, **more: Any) -> Any:
        if name in ("python_calamine", "xlsxwriter"):
            raise ImportError(name)
        return real(name, *rest, **more)

    file = workbook(tmp_path / "t.xlsx", ("s", [["a"]]))
    monkeypatch.setattr(builtins, "__import__", lacking)
    assert why(file) == "Excel needs what is not installed: pip install 'kpi-tracker[excel]'"
    assert read_book(str(csv_file(tmp_path / "t.csv", "a,b\n"))).sheets[0].rows == [["a", "b"]]
    with pytest.raises(IntakeError):
        write_form(str(plan_in(tmp_path)), date(2021, 10, 31), str(tmp_path / "f.xlsx"), date(2021, 11, 5))


def test_csv_may_be_gb18030(tmp_path: Path) -> None:
    """As Excel saves it in China; with a byte order mark, and with line breaks within fields too."""
    plan = plan_in(tmp_path)
    text = '指标,月份,数值\r\n"办结\n案件",2021年10月,"1,050"\r\n'
    for encoding in ("gb18030", "utf-8-sig"):
        assert refused(taken(plan, csv_file(tmp_path / "t.csv", text, encoding), dry_run=True)) == [
            ("A2", "there is no KPI “办结 案件” in this plan; did you mean “办结案件”?")
        ]
    text = text.replace("\n案", "案")
    done = taken(plan, csv_file(tmp_path / "t.csv", text, "gb18030"), dry_run=True)
    assert taken_values(done) == {("cases", "2021-10-31"): 1050.0}


def test_cells_shown_as_percentages_hold_hundredths(tmp_path: Path) -> None:
    """In .xlsx the format is read; where it is not known a number up to 1 is refused."""
    plan = plan_in(tmp_path)
    rows: list[list[Any]] = [
        HEAD,
        ["share", "2021-10", (0.835, "0.0%")],
        ["share", "2021-09", (0.825, '0.00"%"')],
        ["share", "2021-08", 82],
    ]
    done = taken(plan, workbook(tmp_path / "t.xlsx", ("s", rows)), dry_run=True)
    assert taken_values(done) == {
        ("share", "2021-10-31"): 83.5,
        ("share", "2021-09-30"): 82.5,
        ("share", "2021-08-31"): 82.0,
    }
    rows[2][2] = (0.5, "General")
    done = taken(plan, workbook(tmp_path / "t.xlsx", ("s", rows)), dry_run=True)
    assert taken_values(done)["share", "2021-09-30"] == 0.5
    assert done.code == 1  # off by 100
    unknown = Sheet("s", [[0.835, 83.5, 0.0]])
    with pytest.raises(Refused) as caught:
        figure(unknown, 0, 0, SHARE)
    assert language("en").phrase(caught.value.phrase) == (
        "0.835 of a percentage may be 0.835% or 83.5%; write it with its sign, such as 83.5%"
    )
    assert (figure(unknown, 0, 1, SHARE), figure(unknown, 0, 2, SHARE), figure(unknown, 9, 0, SHARE)) == (
        83.5,
        0.0,
        None,
    )


def test_a_formula_that_was_never_calculated_is_refused(tmp_path: Path) -> None:
    """Programs that write formulas often leave them without a value: they read as empty, not as zero."""
    from xlsxwriter import Workbook  # type: ignore[import-untyped]

    file = tmp_path / "t.xlsx"
    book = Workbook(file)
    sheet = book.add_worksheet("表 & 单")
    sheet.write_row(0, 0, HEAD)
    sheet.write_row(1, 0, ["cases", "2021-10"])
    sheet.write_formula(1, 2, "=A1", None, "")
    sheet.write_row(2, 0, ["share", "2021-10"])
    sheet.write_formula(2, 2, "=41+42", None, 83)
    book.close()
    done = taken(plan_in(tmp_path), file, dry_run=True)
    assert refused(done) == [
        ("表 & 单!C2", "the formula was never calculated: open the file in a spreadsheet and save it")
    ]
    assert taken_values(done) == {("share", "2021-10-31"): 83.0}


def test_details_are_not_told_of_what_is_built_otherwise(tmp_path: Path) -> None:
    """A file without styles, without relations, or no archive at all tells nothing, and does no harm."""
    file = workbook(tmp_path / "t.xlsx", ("s", [[1.5]]))
    with ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}

    def without(name: str, **more: bytes) -> bytes:
        out = tmp_path / "o.zip"
        with ZipFile(out, "w") as archive:
            for part, content in {**parts, **more}.items():
                if part != name:
                    archive.writestr(part, content)
        return out.read_bytes()

    assert details(b"PK\x03\x04") == {}
    assert details(without("xl/workbook.xml")) == {}
    assert details(without("xl/_rels/workbook.xml.rels")) == {}
    assert details(without("xl/styles.xml")) == {"s": (frozenset(), frozenset())}
    odd = {"xl/worksheets/sheet1.xml": b'<sheetData><c s="1"><f>1</f></c><c r="A2"><f>1</f></c></sheetData>'}
    assert details(without("xl/styles.xml", **odd)) == {"s": (frozenset(), frozenset({(1, 0)}))}
    plain = {"xl/styles.xml": b"<styleSheet/>"}
    assert details(without("", **plain)) == {"s": (frozenset(), frozenset())}


def test_values_that_are_none() -> None:
    """Truth, times and days are no values; a grade that a spreadsheet would run is refused."""
    sheet = Sheet("s", [[True, time(1), date(2021, 1, 1)]])
    for column, kind in enumerate(("yes or no", "a time", "a date")):
        with pytest.raises(Refused) as caught:
            figure(sheet, 0, column, SHARE)
        assert language("en").phrase(caught.value.phrase) == f"the cell holds {kind}, not a value"
    graded = builders.kpi("g", Measure.GRADE, t="-A", scale=("-A", "B"))
    with pytest.raises(Refused, match="would be a formula"):
        typed_figure("-A", graded)
    numbered = builders.kpi("g", Measure.GRADE, t="1", scale=("1", "2"))
    assert figure(Sheet("s", [[2.0]]), 0, 0, numbered) == "2"
    road = builders.kpi("r", Measure.MILESTONE, steps=builders.steps(("2021-01-31", 1), ("2021-02-28", 1)))
    with pytest.raises(Refused, match="is not a step"):
        typed_figure("s1; S9", road)
    with pytest.raises(Refused, match="did you mean"):
        typed_figure("s1; s_1", road)
    with pytest.raises(Refused, match="is not a step"):
        typed_figure("拆迁", road)


@given(st.dates(date(1960, 1, 1), date(2100, 12, 31)))
def test_a_day_is_the_same_however_it_is_written(day: date) -> None:
    """Law: text, serial number, serial as text and date cell name one day; in a column of months, its month."""
    daily = Kpi("k", builders.text("k"), Measure.LEVEL, cadence=Cadence.DAILY)
    serial = (day - date(1899, 12, 30)).days
    forms: list[Any] = [day, datetime(day.year, day.month, day.day), serial, float(serial), str(serial), day.isoformat(),
             f"{day.year}年{day.month}月{day.day}日"]  # fmt: skip
    assert {day_of(form, daily, Cadence.MONTHLY, monthly=False) for form in forms} == {day}
    end = date.fromordinal(covering_end(Cadence.MONTHLY, day.toordinal()))
    assert {day_of(form, daily, Cadence.MONTHLY, monthly=True) for form in forms[:5]} == {end}


@pytest.mark.parametrize("value", [True, time(1, 2), 12.5, "soon"])
def test_what_is_no_day_is_refused(value: Any) -> None:
    """Truth, times, small numbers and words."""
    with pytest.raises(Refused):
        day_of(value, SHARE, Cadence.MONTHLY, monthly=False)
    assert day_of(2021.0, SHARE, Cadence.MONTHLY, monthly=False) == date(2021, 12, 31)


def test_a_heading_may_say_in_brackets_what_it_holds(tmp_path: Path) -> None:
    """完成数（累计） is a cumulative column; a sheet without a table beside one with a table is named; empty ones are not."""
    rows: list[list[Any]] = [
        ["指标", "月份", "完成数（累计）", "完成数（本月）"],
        ["sales", "2021-10", 5700, 600],
        ["cases", "2021-10", 1000, 100],
    ]
    file = workbook(tmp_path / "t.xlsx", ("说明", [["请填表"]]), ("表", rows), ("空", []))
    done = taken(plan_in(tmp_path), file, dry_run=True)
    assert taken_values(done) == {("sales", "2021-10-31"): 5700.0, ("cases", "2021-10-31"): 100.0}
    assert [str(one.cell) for one in done.draft.left_out] == ["说明!A1"]


def test_a_day_can_be_given_for_a_table_that_names_none(tmp_path: Path) -> None:
    """It also decides between several titles, and yields to a row's own date."""
    file = csv_file(tmp_path / "t.csv", "2021年9月,2021年8月,\n指标,数值,日期\nnorth,3,\nsouth,4,2021-10-31\n")
    done = taken(plan_in(tmp_path), file, on=date(2021, 10, 31), dry_run=True)
    assert taken_values(done) == {("north", "2021-10-31"): 3.0, ("south", "2021-10-31"): 4.0}
