"""Forms: what they ask, that they are locked and checked, and that what is filled in comes back as it was."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from kpi_tracker.forms.form import Written, write_form
from kpi_tracker.intake.problem import IntakeError
from kpi_tracker.language import language
from tests.forms.filling import asked_cells, filled
from tests.intake.made import NOW, PLAN_TEXT, converted, ledger, plan_in, refused, taken, taken_values

OCTOBER = date(2021, 10, 31)
DECEMBER = date(2021, 12, 31)


def form(plan: Path, out: Path | str, day: date = OCTOBER, owner: str = "", lang: str = "en") -> Written:
    """Write a form."""
    return write_form(str(plan), day, str(out), NOW.date(), owner, lang)


def why(*arguments: Any, **more: Any) -> str:
    """Return why no form was written."""
    with pytest.raises(IntakeError) as caught:
        form(*arguments, **more)
    return language("en").phrase(caught.value.phrase)


def rows(path: Path, sheet: str) -> list[list[Any]]:
    """Return the rows of a sheet."""
    return CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def test_a_form_asks_each_owner_for_the_figures_that_end_then(tmp_path: Path) -> None:
    """October asks for monthly figures and irregular ones, not for the quarterly milestone."""
    plan, out = plan_in(tmp_path), tmp_path / "form.xlsx"
    assert form(plan, out)[1:4] == (2, 7, 1)
    assert CalamineWorkbook.from_path(out).sheet_names == ["Brigade", "Office", "_kpi_tracker"]
    table = rows(out, "Brigade")
    assert table[0][1] == "Town plan · 执法队 / Brigade · 2021-10"
    assert table[3] == ["Id", "Indicator", "Unit", "To enter", "Last value", "Its date", "Same day, baseline year",
                        "Target", "Due", "Value", "Note"]  # fmt: skip
    assert table[4] == ["cases", "办结案件\nCases closed", "件", "of 2021-10 alone, not cumulative", "103 件", "2021-09-30",
                        "95 件", "1,200 件", "2021-11-10", "", ""]  # fmt: skip
    assert table[5][3:6] == ["cumulative up to 2021-10-31", "5,100 万元", "2021-09-30"]
    assert table[6][3:5] == ["as of 2021-10-31", "82.5% [provisional]"]
    assert rows(out, "Office")[4][8] == ""


def test_a_form_of_december_asks_for_every_step(tmp_path: Path) -> None:
    """A milestone has a row for each step, with when it is due and whether it was done."""
    plan, out = plan_in(tmp_path, "kpi,date,value,basis\nroad,2021-09-30,draft,illustrative\n"), tmp_path / "form.xlsx"
    form(plan, out, DECEMBER, "建设科", "zh")
    table = rows(out, "建设科")
    assert [row[:9] for row in table[4:]] == [
        ["road: draft", "道路\nRoad\n▸ 草案 / Draft", "", "截至 2021-12-31 是否完成", "已完成 [示意]", "2021-09-30", "",
         "2021-03-31", "2022-01-10"],
        ["road: build", "道路\nRoad\n▸ 施工 / Building", "", "截至 2021-12-31 是否完成", "未完成 [示意]", "2021-09-30", "",
         "2021-12-31", "2022-01-10"],
    ]  # fmt: skip


def test_cells_are_locked_checked_and_never_formulas(tmp_path: Path) -> None:
    """All but the cells to fill are locked; numbers below zero, other grades and other words are refused by the sheet."""
    text = PLAN_TEXT.replace("zh: 事故", 'zh: "=1+1"').replace("en: Accidents", 'en: "@SUM(A1)"')
    plan, out = plan_in(tmp_path, text=text), tmp_path / "form.xlsx"
    form(plan, out, DECEMBER)
    with ZipFile(out) as archive:
        sheets = [archive.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2, 3, 4)]
        strings = archive.read("xl/sharedStrings.xml").decode()
        assert 'state="veryHidden"' in archive.read("xl/workbook.xml").decode()
        assert any(name.startswith("xl/comments") for name in archive.namelist())
    assert "=1+1" in strings
    assert not [sheet for sheet in sheets if "<f>" in sheet]
    assert all("<sheetProtection" in sheet for sheet in sheets)
    assert all('state="frozen"' in sheet and 'orientation="landscape"' in sheet for sheet in sheets[:3])
    checks = re.findall(r'<dataValidation type="(\w+)"(?: operator="(\w+)")?.*?sqref="(\w+)"', sheets[0])
    assert checks == [("decimal", "greaterThanOrEqual", "J5"), ("decimal", "greaterThanOrEqual", "J6"),
                      ("decimal", "", "J7"), ("decimal", "greaterThanOrEqual", "J8")]  # fmt: skip
    assert '"A,B,C"' in sheets[1].replace("&quot;", '"')
    assert '"done,not done"' in sheets[2].replace("&quot;", '"')


def test_a_sum_that_was_negative_may_be_so_again(tmp_path: Path) -> None:
    """A total of gains and losses is not bounded by zero."""
    plan, out = plan_in(tmp_path, "kpi,date,value\ncases,2021-09-30,-3\n"), tmp_path / "form.xlsx"
    form(plan, out)
    with ZipFile(out) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert re.search(r'<dataValidation type="decimal" [^>]*sqref="J5"><formula1>-1000000000000000<', sheet)


def test_a_folder_gets_a_file_for_each_owner(tmp_path: Path) -> None:
    """Names that no file system takes are made such that it does, each once."""
    text = PLAN_TEXT.replace("en: Brigade", 'en: "A/B: [x]"').replace("en: Office", "en: 'A B  x'")
    plan = plan_in(tmp_path, text=text)
    written = form(plan, f"{tmp_path}/new/", OCTOBER)
    assert [Path(file).name for file in written.files] == ["A B  [x].xlsx", "A B  x.xlsx"]
    form(plan, tmp_path / "one.xlsx")
    assert CalamineWorkbook.from_path(tmp_path / "one.xlsx").sheet_names == ["A B   x", "A B  x", "_kpi_tracker"]


def test_sheets_of_alike_names_are_told_apart(tmp_path: Path) -> None:
    """Excel takes 31 characters, no two alike, and keeps one name for itself."""
    long = "Department of the long name that goes on"
    text = (
        PLAN_TEXT.replace("en: Brigade", f"en: {long} one")
        .replace("en: Office", f"en: {long} two")
        .replace("en: Works", "en: History")
    )
    out = tmp_path / "form.xlsx"
    plan = plan_in(tmp_path, text=text)
    form(plan, out, DECEMBER)
    names = ["Department of the long name tha", "History 2", "Department of the long name 2", "_kpi_tracker"]
    assert sorted(CalamineWorkbook.from_path(out).sheet_names) == sorted(names)
    files = form(plan_in(tmp_path / "b", text=PLAN_TEXT.replace("en: Brigade", "en: office")), tmp_path, OCTOBER).files
    assert [Path(file).name for file in files] == ["office.xlsx", "Office 2.xlsx"]


def test_reasons_why_there_is_no_form(tmp_path: Path) -> None:
    """A plan with an error, nobody of that name, no figure then, a place that cannot be written."""
    plan, out = plan_in(tmp_path), tmp_path / "form.xlsx"
    assert why(tmp_path / "none", out) == "the plan has an error; no form is written before it is mended"
    assert why(plan, out, owner="Brigad") == "nobody called “Brigad” has a figure to fill; did you mean “Brigade”?"
    assert why(plan, out, owner="质监站") == "nobody called “质监站” has a figure to fill"
    assert why(plan, out, date(2023, 10, 31)) == "no figure ends on 2023-10-31: there is nothing to fill"
    (tmp_path / "file").write_text("")
    assert "could not be written: " in why(plan, tmp_path / "file" / "form.xlsx")


def test_who_is_asked_and_for_what_period(tmp_path: Path) -> None:
    """Nobody's KPIs are asked of nobody; quarters, halves, years, weeks and days are named; what is over is not asked."""
    text = """\
format: kpi-tracker/v1
id: p
period: 2021
title: P
time_zone: UTC
kpis:
  - {id: q, title: Q, measure: total, cadence: quarterly, direction: increase, target: {value: 9, basis: stated}}
  - {id: h, title: H, measure: total, cadence: half-yearly, direction: increase, grace: 5, target: {value: 9, basis: stated}}
  - {id: y, title: Y, measure: total, cadence: yearly, direction: increase, target: {value: 9, basis: stated}}
  - {id: d, title: D, measure: total, cadence: daily, direction: increase, target: {value: 9, basis: stated}}
  - {id: out, title: O, measure: total, direction: increase, target: {value: 9, basis: stated},
     exempt: {kind: cancelled, reason: r, date: 2021-06-01}}
  - {id: over, title: O, measure: total, direction: increase, due: 2021-06-30, target: {value: 9, basis: stated}}
"""
    out = tmp_path / "form.xlsx"
    plan = plan_in(tmp_path, "kpi,date,value\n", text)
    assert form(plan, out, DECEMBER)[1:4] == (1, 4, 2)
    assert [row[3] for row in rows(out, "No owner")[4:]] == [
        "of 2021-Q4 alone, not cumulative", "of 2021-H2 alone, not cumulative", "of 2021 alone, not cumulative",
        "of 2021-12-31 alone, not cumulative",
    ]  # fmt: skip
    assert form(plan, out, date(2021, 6, 30)).kpis == 4


VALUES = {
    "cases": st.integers(0, 10**9).map(float),
    "sales": st.decimals(0, 10**9, places=2).map(float),
    "share": st.decimals(-100, 100, places=3).map(float),
    "accidents": st.integers(0, 5).map(float),
    "grade": st.sampled_from("ABC"),
    "north": st.floats(1e-6, 1e12).map(lambda x: float(f"{x:.15g}")),
}
FILLED = st.fixed_dictionaries({}, optional=VALUES)
NOTES = st.text(st.characters(min_codepoint=32, max_codepoint=0x9FFF, exclude_categories=("Cs", "Cc")), max_size=12)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=FILLED, note=NOTES, done=st.none() | st.sets(st.sampled_from(["draft", "build"])))
def test_what_is_filled_in_comes_back(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, Any], note: str, done: set[str] | None
) -> None:
    """Law: form, fill, import, and the plan holds the very values; the second import changes nothing."""
    folder = tmp_path_factory.mktemp("round")
    plan, blank = plan_in(folder), folder / "form.xlsx"
    form(plan, blank, DECEMBER)
    cells = asked_cells(blank)
    written: dict[tuple[str, str], Any] = {(cells[kpi][0], cells[kpi][1]): value for kpi, value in values.items()}
    written |= {(cells[kpi][0], cells[kpi][2]): note for kpi in values}
    if done is not None:
        for step in ("draft", "build"):
            written[cells[f"road: {step}"][0], cells[f"road: {step}"][1]] = "done" if step in done else "not done"
    file = filled(blank, folder / "back.xlsx", written)
    told = taken(plan, file, NOW + timedelta(days=60), accept=("all",))
    expected: dict[tuple[str, str], Any] = {(kpi, "2021-12-31"): value for kpi, value in values.items()}
    if done is not None:
        expected["road", "2021-12-31"] = tuple(step for step in ("draft", "build") if step in done)
    assert taken_values(told) == expected
    assert refused(told) == []
    assert told.written == bool(expected)
    before = ledger(plan)
    assert not taken(plan, file, NOW + timedelta(days=61)).written
    assert ledger(plan) == before
    assert not [row for row in before if re.search(r",[=+@]|,-\D", row)]


@pytest.mark.parametrize("kind", ["ods", "xls", "xlsx"])
def test_a_form_that_went_through_libreoffice_comes_back(kind: str, tmp_path: Path) -> None:
    """Saved in any of its formats a form keeps what it needs to be read."""
    plan, blank = plan_in(tmp_path), tmp_path / "form.xlsx"
    form(plan, blank, lang="zh")
    cells = asked_cells(blank)
    values: dict[tuple[str, str], Any] = {
        cells["cases"][:2]: 105.0,
        cells["grade"][:2]: "B",
        (cells["cases"][0], cells["cases"][2]): "=1+1",
    }
    (file,) = converted(kind, filled(blank, tmp_path / "back.xlsx", values))
    done = taken(plan, file)
    assert taken_values(done) == {("cases", "2021-10-31"): 105.0, ("grade", "2021-10-31"): "B"}
    assert ledger(plan)[0] == f"cases,2021-10-31,105,2021-11-05 09:30:00,back.{kind} 执法队!J5,'=1+1"


def test_what_a_form_cannot_mean_is_refused_with_its_cell(tmp_path: Path) -> None:
    """Text in a number, another grade, half the steps, a note alone, a dash."""
    plan, blank = plan_in(tmp_path), tmp_path / "form.xlsx"
    form(plan, blank, DECEMBER)
    cells = asked_cells(blank)
    values: dict[tuple[str, str], Any] = {
        cells["cases"][:2]: "many", cells["sales"][:2]: "—", cells["grade"][:2]: "D", cells["road: draft"][:2]: "done",
        (cells["north"][0], cells["north"][2]): "none yet",
    }  # fmt: skip
    done = taken(plan, filled(blank, tmp_path / "a.xlsx", values), dry_run=True)
    assert refused(done) == [
        ("Brigade!J5", "“many” is not a number: no number is found in it"),
        ("Office!J5", "“D” is not on the scale A, B, C"),
        ("Works!J5", "every step must be marked; these are not: build"),
    ]
    assert [str(one.cell) for one in done.draft.left_out] == ["Office!K6"]
    values = {cells["road: draft"][:2]: "perhaps", cells["road: build"][:2]: "已完成"}
    done = taken(plan, filled(blank, tmp_path / "b.xlsx", values), dry_run=True)
    assert refused(done) == [("Works!J5", "“perhaps” must be one of done, 已完成, not done, 未完成")]


def test_a_form_of_another_plan_or_with_rows_moved_is_refused(tmp_path: Path) -> None:
    """What the hidden sheet says must still hold."""
    plan, blank = plan_in(tmp_path), tmp_path / "form.xlsx"
    form(plan, blank)
    text = (plan / "plan.yaml").read_text("utf-8")
    (plan / "plan.yaml").write_text(text.replace("id: town", "id: city"), encoding="utf-8")
    with pytest.raises(IntakeError) as caught:
        taken(plan, blank)
    assert language("en").phrase(caught.value.phrase) == "form.xlsx: a form of the plan “town”, not of “city”"
    (plan / "plan.yaml").write_text(text.replace("id: cases", "id: closed"), encoding="utf-8")
    assert refused(taken(plan, blank, dry_run=True)) == [
        ("Brigade!A5", "there is no KPI “cases” in this plan any more")
    ]
    (plan / "plan.yaml").write_text(text, encoding="utf-8")
    moved = changed(blank, tmp_path / "m.xlsx", r'(<c r="A8"[^>]*><v>)\d+', r"\g<1>0", "xl/worksheets/sheet1.xml")
    assert refused(taken(plan, moved, dry_run=True))[0] == (
        "Brigade!A8", "the row of “accidents” does not stand here any more; rows of a form stay where they are",
    )  # fmt: skip
    renamed = changed(blank, tmp_path / "r.xlsx", 'name="Office"', 'name="Offices"', "xl/workbook.xml")
    assert refused(taken(plan, renamed, dry_run=True))[0] == ("", "the form has no sheet “Office” any more")
    newer = changed(blank, tmp_path / "n.xlsx", "kpi-tracker-form/v1", "kpi-tracker-form/v9")
    with pytest.raises(IntakeError) as caught:
        taken(plan, newer)
    assert "a form of the format “kpi-tracker-form/v9”" in language("en").phrase(caught.value.phrase)


def changed(path: Path, out: Path, old: str, new: str, part: str = "xl/sharedStrings.xml") -> Path:
    """Write a copy of a workbook in which a text of one part is another (its first place only)."""
    with ZipFile(path) as before, ZipFile(out, "w") as after:
        for name in before.namelist():
            content = before.read(name).decode()
            after.writestr(name, re.sub(old, new, content, count=1) if name == part else content)
    return out
