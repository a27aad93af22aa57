"""The list of groups, and that of their own figures."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kpi_tracker import frames, load_plan
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.league.group import Group
from kpi_tracker.many.groups import groups_named, read_groups
from kpi_tracker.many.owntargets import Own, read_own
from kpi_tracker.many.targets import targets_of
from kpi_tracker.model.unit import Text
from tests.many.province import plan


def told(report: Report) -> list[str]:
    return [f"{fault.place} {fault.code} {fault.message()}" for fault in report.diagnostics]


def groups(text: str, folder: Path) -> tuple[tuple[Group, ...] | None, list[str]]:
    (folder / "groups.csv").write_bytes(text.encode(errors="surrogateescape"))
    report = Report()
    return read_groups("groups.csv", "county", report), told(report)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_groups_with_titles_and_what_they_belong_to(tmp_path: Path) -> None:
    found, faults = groups(
        "county,title_zh,title_en,parent\n01,甲县,Jia,某市\n\n02,乙县,,\n03,,Bing,\n04,,,\n", tmp_path
    )
    assert found == (
        Group("01", Text("甲县", "Jia"), "某市"), Group("02", Text("乙县", "乙县")), Group("03", Text("Bing", "Bing")),
        Group("04", Text("04", "04")),
    )  # fmt: skip
    assert faults == []


def test_chinese_heads_and_parquet(tmp_path: Path) -> None:
    found, faults = groups("county,名称,上级\n01,甲县,某市\n", tmp_path)
    assert (found, faults) == ((Group("01", Text("甲县", "甲县"), "某市"),), [])
    pl.DataFrame({"county": [330482, None], "title_zh": ["平湖市", "x"]}).write_parquet("groups.parquet")
    report = Report()
    assert read_groups("groups.parquet", "county", report) == (Group("330482", Text("平湖市", "平湖市")),)
    assert told(report) == ["groups.parquet:2 KT379 rows without “county” are not used"]


def test_all_that_is_wrong_with_a_list_is_said_with_its_place(tmp_path: Path) -> None:
    found, faults = groups("county,title_zh\n01,甲\n01,乙\n,丙\n04\n05,戊\n", tmp_path)
    assert [one.id for one in found or ()] == ["01", "05"]
    assert faults == [
        "groups.csv:5:1 KT404 fields in this row: 1, in the first row: 2",
        "groups.csv:3:1 KT376 “01” stands here a second time; the first is in line 2",
        "groups.csv:4:1 KT379 rows without “county” are not used",
    ]


def test_a_damaged_row_of_a_list_is_left_out_alone(tmp_path: Path) -> None:
    found, faults = groups("county,title_zh\n01,甲县\n02,乙\udcff\n03,丙县\n", tmp_path)
    assert [one.id for one in found or ()] == ["01", "03"]
    assert faults == [
        "groups.csv:3:5 KT421 the byte 0xFF stands here, which is not UTF-8 as the rest of the file is; the row is not used"
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "groups.csv:1:1 KT372 the column “county” is missing; there are: "),
        ("countie\n1\n", "groups.csv:1:1 KT378 “countie” is not a column of this list; its columns are: county, title_zh, title_en, "
                         "parent; did you mean “county”?"),
        ("county;title_zh\n1;x\n", "groups.csv:1:7 KT419 the fields must be separated by commas, not by semicolons"),
        ("county,county\n1,2\n", "groups.csv:1:8 KT417 the column “county” stands twice"),
        ('county,"a\n1,2\n', "groups.csv:1:1 KT414 the rows cannot be told apart from here on: a quote is not closed or stands in the "
                             "wrong place"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_serve(text: str, fault: str, tmp_path: Path) -> None:
    found, faults = groups(text, tmp_path)
    assert found is None
    assert fault in faults


def test_a_list_that_is_not_there_or_torn(tmp_path: Path) -> None:
    report = Report()
    assert read_groups("gone.csv", "county", report) is None
    assert read_groups("gone.parquet", "county", report) is None
    (tmp_path / "torn.parquet").write_bytes(b"PAR1PAR1")
    assert read_groups("torn.parquet", "county", report) is None
    pl.DataFrame({"id": [1]}).write_parquet("other.parquet")
    assert read_groups("other.parquet", "county", report) is None
    assert [line.split()[:2] for line in told(report)] == [
        ["gone.csv", "KT101"], ["gone.parquet", "KT442"], ["torn.parquet", "KT442"], ["other.parquet", "KT378"],
        ["other.parquet", "KT372"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("column", "values", "words"),
    [
        ("county", [330482.0, None], "“county” must hold texts or whole numbers, it holds numbers"),
        ("county", [["a"], ["b"]], "“county” must hold texts or whole numbers, it holds List"),
        ("kpi", [True, False], "“kpi” must hold texts or whole numbers, it holds Boolean"),
        ("target", [[1.0], [2.0]], "“target” must hold numbers or texts, it holds List"),
        ("目标值", [date(2021, 1, 1)] * 2, "“目标值” must hold numbers or texts, it holds dates"),
    ],
)
def test_columns_of_a_parquet_list_that_hold_something_else(column: str, values: list[Any], words: str) -> None:
    """A code that pandas has made a fraction of would be that of no county: 330482.0."""
    pl.DataFrame({"county": ["a", "b"], "kpi": ["x", "y"], "target": [1, 2]}).with_columns(
        pl.Series(column, values)
    ).drop("target" if column == "目标值" else []).write_parquet("own.parquet")
    report = Report()
    assert read_own("own.parquet", "county", plan(), None, report) is None
    (fault,) = told(report)
    assert fault.startswith("own.parquet KT373 ")
    assert fault.endswith(words)


def test_a_slip_of_ours_is_not_taken_for_the_file_s(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(pl, "read_parquet", broken)
    with pytest.raises(ZeroDivisionError):
        read_groups("x.parquet", "county", Report())


def test_groups_of_the_data_alone() -> None:
    assert [one.id for one in groups_named(["b", "a"])] == ["a", "b"]


def own(text: str, known: set[str] | None = None) -> tuple[dict[tuple[str, str], Own | None], list[str]]:
    Path("own.csv").write_text(text, encoding="utf-8")
    report = Report()
    found = read_own("own.csv", "county", plan(), known, report)
    assert found is not None
    return found, told(report)


def test_own_figures_over_those_of_the_template() -> None:
    found, faults = own(
        "county,kpi,baseline,target\n01,new-entities,,9000\n02,new-entities,8000,9000\n03,new-entities,,\n"
    )
    assert faults == []
    assert found[("01", "new-entities")] == Own(None, 9000.0)
    assert found[("02", "new-entities")] == Own(8000.0, 9000.0)
    assert found[("03", "new-entities")] == Own(None, None)


def test_a_target_by_policy_follows_an_own_baseline() -> None:
    """new-entities: 10% more than the base year; market-share: maintained."""
    found, _ = own("county,kpi,baseline\n01,new-entities,8000\n01,new-entity-growth,12.5\n")
    assert [one and one.target for one in found.values()] == [pytest.approx(8800.0), 12.5]


def test_numbers_as_people_write_them_and_grades() -> None:
    found, faults = own(
        'county,kpi,target\n01,new-entities,"1.2万"\n01,quality-work-grade,A\n01,new-entity-growth,17%\n'
    )
    assert faults == []
    assert [one and one.target for one in found.values()] == [12000.0, None, 17.0], "an A is what the template keeps"


def test_all_that_is_wrong_with_own_figures_is_said() -> None:
    found, faults = own(
        "county,kpi,baseline,target\n01,new-entitys,1,2\n09,new-entities,1,2\n01,new-entities,many,2\n"
        "01,quality-work-grade,,Z\n02,new-entities,1,2\n02,new-entities,1,3\n",
        {"01", "02"},
    )  # fmt: skip
    assert found == {
        ("01", "new-entities"): None,
        ("01", "quality-work-grade"): None,
        ("02", "new-entities"): None,
    }
    assert [fault[:24] for fault in faults] == [
        "own.csv:2:4 KT405 there ", "own.csv:3:1 KT377 there ", "own.csv:4:17 KT406 the v", "own.csv:5:24 KT406 the v",
        "own.csv:7:1 KT376 “02 ne",
    ]  # fmt: skip
    assert "did you mean “new-entities”?" in faults[0]
    assert "it is none of" in faults[3]


def test_a_milestone_has_no_figures_of_its_own() -> None:
    """Its steps are those of the template; what a list says of it would be lost without a word."""
    found, faults = own("county,kpi,baseline,target\n01,jinshan-agreement,,1\n02,jinshan-agreement,,\n")
    assert found == {("01", "jinshan-agreement"): None, ("02", "jinshan-agreement"): Own(None, None)}
    (fault,) = faults
    assert fault.startswith("own.csv:2:23 KT406 ")
    assert fault.endswith("a milestone has steps, and neither baseline nor target")


LEVELS = """\
format: kpi-tracker/v1
id: levels
title: Levels
period: 2021
time_zone: Asia/Shanghai
kpis:
  - {id: up, title: A, measure: level, direction: increase, baseline: 50, target: {value: 60, basis: stated}}
  - {id: down, title: B, measure: level, direction: decrease, baseline: 50, target: {value: 40, basis: stated}}
  - {id: kept, title: C, measure: level, direction: increase, baseline: 50, target: {maintain: "5%", basis: stated}}
  - {id: total, title: D, measure: total, direction: increase, baseline: 50, target: {value: 60, basis: stated}}
  - {id: bare, title: E, measure: level, direction: increase, target: {value: 60, basis: stated}}
  - {id: good, title: F, measure: grade, scale: [A, B, C, D], baseline: C, target: {value: B, basis: stated}}
  - {id: held, title: G, measure: grade, scale: [A, B, C, D], baseline: C, target: {maintain: true, basis: stated}}
"""


@pytest.mark.parametrize(
    ("kpi", "baseline", "target", "column"),
    [("up", "", "50", 8), ("up", "", "40", 8), ("up", "70", "", 7), ("up", "55", "65", 0), ("down", "", "55", 10), ("down", "60", "", 0),
     ("kept", "70", "60", 12), ("kept", "70", "", 0), ("kept", "", "40", 10), ("kept", "", "60", 0),
     ("good", "", "C", 10), ("good", "B", "", 9), ("good", "D", "B", 0), ("held", "B", "", 0), ("held", "B", "C", 11),
     ("held", "", "C", 0), ("held", "B", "B", 0), ("kept", "70", "70", 0),
     ("total", "70", "60", 13), ("total", "70", "", 10), ("total", "", "50", 11), ("bare", "", "10", 0)],
)  # fmt: skip
def test_figures_on_the_wrong_side_are_told_at_their_cell(
    kpi: str, baseline: str, target: str, column: int, tmp_path: Path
) -> None:
    """The baseline or the target may be the template's. The KPI of that group must not be scored by those of the template."""
    (tmp_path / "plan.yaml").write_text(LEVELS, encoding="utf-8")
    (tmp_path / "own.csv").write_text(f"county,kpi,baseline,target\n01,{kpi},{baseline},{target}\n")
    report = Report()
    found = read_own("own.csv", "county", load_plan(tmp_path / "plan.yaml"), None, report)
    assert found is not None
    assert (found[("01", kpi)] is None) == bool(column)
    wrong = f"own.csv:2:{column} KT367 the target is the baseline, or lies on its wrong side, for 01/{kpi} ("
    assert [line.partition("(")[0] + "(" for line in told(report)] == ([wrong] if column else [])


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("down,,50.125", "01/down (50 → 50.125)"),
        ("up,70,", "01/up (70 → 60)"),
        ("good,A,", "01/good (A → B)"),
        ("good,,D", "01/good (C → D)"),
    ],
)
def test_figures_on_the_wrong_side_are_shown_with_what_they_are_compared_with(
    row: str, words: str, tmp_path: Path
) -> None:
    """The one of the two that is the template's stands nowhere in the list."""
    (tmp_path / "plan.yaml").write_text(LEVELS, encoding="utf-8")
    (tmp_path / "own.csv").write_text(f"county,kpi,baseline,target\n01,{row}\n")
    report = Report()
    read_own("own.csv", "county", load_plan(tmp_path / "plan.yaml"), None, report)
    (fault,) = told(report)
    assert fault.endswith(f"for {words}")


def test_what_cannot_be_read_in_parquet_is_told_with_its_column() -> None:
    """There is no place of a cell there, and two of one row would be told alike."""
    pl.DataFrame({"county": ["甲"], "kpi": ["new-entities"], "baseline": ["x"], "target": ["x"]}).write_parquet(
        "own.parquet"
    )
    report = Report()
    read_own("own.parquet", "county", plan(), None, report)
    assert [fault.args["kpi"] for fault in report.diagnostics] == [
        "甲/new-entities, baseline",
        "甲/new-entities, target",
    ]


def test_a_list_of_figures_that_cannot_serve_is_none() -> None:
    """By the template's figures alone all groups would be ranked wrongly."""
    Path("own.csv").write_text("county,target\n01,2\n")
    report = Report()
    assert read_own("own.csv", "county", plan(), None, report) is None
    assert [fault.code for fault in report.diagnostics] == ["KT372"]


def test_rows_of_which_it_is_not_known_what_they_say_leave_nothing_to_judge_by() -> None:
    """A cell is missing, or two rows say two things; the same twice is told, and counts."""
    found, faults = own(
        "county,kpi,target\n01,new-entities\n02,new-entities,9200\n02,new-entities,9100\n03,new-entities,9000\n03,new-entities,9000\n\n04\n"
        "05,new-entities,9300\n05,new-entities,1,2\n"
    )
    assert found == {
        ("01", "new-entities"): None, ("02", "new-entities"): None, ("03", "new-entities"): Own(None, 9000.0),
        ("04", ""): None, ("05", "new-entities"): None,
    }  # fmt: skip
    assert sorted(fault.split()[1] for fault in faults) == ["KT376", "KT376", "KT404", "KT404", "KT404"]


def test_targets_are_those_of_the_template_but_for_own_figures() -> None:
    both = groups_named(["01", "02"])
    plain = targets_of(plan(), "county", both, {})
    changed = targets_of(plan(), "county", both, {("01", "new-entities"): Own(8000.0, 9000.0)})
    assert plain.columns == changed.columns
    assert plain.height == changed.height == 2 * len(set(plain["kpi"]))
    rows = changed.filter(kpi="new-entities").sort("county")
    assert rows["target"].to_list() == [9000.0, pytest.approx(9586.5)]
    assert rows["baseline"].to_list() == [8000.0, 8715.0]


RULES = """\
format: kpi-tracker/v1
id: rules
title: Rules
period: 2021
time_zone: Asia/Shanghai
kpis:
  - {id: by-share, title: A, measure: total, baseline: 100, target: {change: "+10%", basis: stated}}
  - {id: by-amount, title: B, measure: total, baseline: 100, target: {change: "+5", basis: stated}}
  - {id: kept, title: C, measure: total, direction: increase, baseline: 100, target: {maintain: "5%", basis: stated}}
  - {id: kept-low, title: D, measure: total, direction: decrease, baseline: 100, target: {maintain: "5%", basis: stated}}
  - {id: set, title: E, measure: total, baseline: 100, target: {value: 120, basis: stated}}
"""


@pytest.mark.parametrize(
    ("kpi", "own"),
    [("by-share", Own(200.0, 220.0)), ("by-amount", Own(200.0, 205.0)), ("kept", Own(200.0, 190.0, 10.0)),
     ("kept-low", Own(200.0, 210.0, 10.0)), ("set", Own(110.0, None))],
)  # fmt: skip
def test_each_rule_of_the_template_follows_an_own_baseline(kpi: str, own: Own, tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(RULES, encoding="utf-8")
    (tmp_path / "own.csv").write_text(f"county,kpi,baseline\n01,{kpi},{own.baseline:g}\n")
    report = Report()
    found = read_own("own.csv", "county", load_plan(tmp_path / "plan.yaml"), None, report)
    assert found is not None
    assert report.diagnostics == []
    held = found[("01", kpi)]
    assert held is not None
    assert (held.baseline, held.target, held.tolerance) == (own.baseline, pytest.approx(own.target), own.tolerance)


@pytest.mark.parametrize(
    ("row", "own"),
    [(",60", Own(None, 60.0, form="value")), ("55,60", Own(55.0, 60.0, form="value")), (",50", Own(None, None)),
     ("55,55", Own(55.0, 55.0, 2.75)), ("55,", Own(55.0, 55.0, 2.75))],
)  # fmt: skip
def test_an_own_target_stands_over_what_the_template_would_keep(row: str, own: Own, tmp_path: Path) -> None:
    """It is to be reached then: 50 of a county that is held to 60 is not on track. The baseline once more is kept."""
    (tmp_path / "plan.yaml").write_text(LEVELS, encoding="utf-8")
    (tmp_path / "own.csv").write_text(f"county,kpi,baseline,target\n01,kept,{row}\n")
    report = Report()
    template = load_plan(tmp_path / "plan.yaml")
    found = read_own("own.csv", "county", template, None, report)
    assert found is not None
    assert (found, report.diagnostics) == ({("01", "kept"): own}, [])
    (target,) = targets_of(template, "county", groups_named(["01"]), found).filter(kpi="kept").iter_rows(named=True)
    rows = pl.DataFrame(
        {"county": ["01"], "kpi": ["kept"], "date": [date(2021, 6, 30)], "value": [own.baseline or 50.0]}
    )
    keys = ("county", "kpi")
    scored = frames.score(pl.DataFrame([target]), rows, date(2021, 7, 1), template, keys=keys)
    assert scored["met"].to_list() == [own.form is None]
