"""Figures of parts that come in: by a table, by the command line, by a form; and the ledger that keeps them."""

import shutil
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from python_calamine import CalamineWorkbook

from kpi_tracker.forms.form import write_form
from kpi_tracker.intake.ledger import LEDGER
from kpi_tracker.intake.transaction import Done, Terms, record_value
from kpi_tracker.language import language
from kpi_tracker.pipeline import check, load_observations, load_plan
from kpi_tracker.reporting.parts import part_remarks
from tests.breakdown.made import parts
from tests.builders import score_of
from tests.cli.running import run
from tests.forms.filling import filled
from tests.intake.made import NOW, csv_file, refused, taken

PLAN = Path(__file__).parents[1] / "plans" / "positive" / "breakdowns"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """Return a copy of the example plan."""
    return Path(shutil.copytree(PLAN, tmp_path / "plan"))


def drafts(done: Done) -> list[tuple[str, tuple[str, ...], object, str]]:
    """Return KPI, part, value and kind of change of every entry."""
    return [(e.claim.kpi.id, e.claim.part, e.claim.value, e.change.value) for e in done.draft.entries]


def kept(plan: Path) -> list[str]:
    """Return the ledger without times."""
    return [
        ",".join(line.split(",")[:3] + line.split(",")[4:]) for line in (plan / LEDGER).read_text("utf-8").splitlines()
    ]


def test_a_table_with_a_column_of_the_dimension(plan: Path, tmp_path: Path) -> None:
    """Each row goes to its member, one of the whole to the whole; what is known already is unchanged."""
    file = csv_file(tmp_path / "t.csv", "指标,镇街,月份,本月\n新增市场主体,当湖街道,2021-04,50\n新增市场主体,钟埭街道,2021-04,26\n"
                    "新增市场主体,乍浦,2021-04,14\n新增市场主体,合计,2021-04,90\n新增市场主体,乍浦镇,2021-03,16\n"
                    "新增市场主体,当湖街道,2021-03,58\n")  # fmt: skip
    done = taken(plan, file, accept=("all",))
    assert drafts(done) == [
        ("entities", ("district", "danghu"), 50.0, "new"), ("entities", ("district", "zhongdai"), 26.0, "new"),
        ("entities", ("district", "zhapu"), 14.0, "new"), ("entities", (), 90.0, "new"),
        ("entities", ("district", "zhapu"), 16.0, "corrected"), ("entities", ("district", "danghu"), 58.0, "unchanged"),
    ]  # fmt: skip
    assert done.draft.left_out == ()
    assert done.written
    assert kept(plan)[:2] == ["kpi,date,value,source,note,district", "entities,2021-04-30,50,t.csv D2,,danghu"]
    assert kept(plan)[4] == "entities,2021-04-30,90,t.csv D5,,"
    found = load_observations(load_plan(plan))
    assert found["entities"].rows[-1].value == 90.0
    assert found.parts["entities"]["district", "zhapu"].newest.values == (20.0, 12.0, 16.0, 14.0)


def test_what_names_no_member_is_refused_where_it_stands(plan: Path, tmp_path: Path) -> None:
    """With the nearest; a KPI without a breakdown, two figures for one part, a column that is none of the plan's."""
    file = csv_file(tmp_path / "t.csv", "指标,镇街,村,月份,本月\n新增市场主体,当湖街,a,2021-04,50\n办结案件,乍浦镇,b,2021-04,5\n"
                    "办结案件,乍浦,c,2021-04,6\n")  # fmt: skip
    done = taken(plan, file)
    assert refused(done) == [
        ("B2", "“当湖街” is not a member of district; they are: 当湖街道 / Danghu, 钟埭街道 / Zhongdai, 乍浦镇 / Zhapu; "
               "did you mean “当湖街道”?"),
        ("E3", "cases (zhapu) has another value for 2021-04-30 in E4; neither is used"),
        ("E4", "cases (zhapu) has another value for 2021-04-30 in E3; neither is used"),
    ]  # fmt: skip
    assert [language("en").phrase(one.phrase) for one in done.draft.left_out] == ["the column “村” is not read"]


def test_a_doubt_about_a_part_goes_by_its_own_figures(plan: Path, tmp_path: Path) -> None:
    """Ten times what the town usually has is suspicious, though it would be nothing for the whole."""
    text = "指标,镇街,月份,本月\n新增市场主体,乍浦镇,2021-04,{}\n"
    usual = taken(plan, csv_file(tmp_path / "a.csv", text.format(15)), dry_run=True)
    assert usual.draft.entries[0].doubts == ()
    odd = taken(plan, csv_file(tmp_path / "b.csv", text.format(350)), dry_run=True)
    assert [language("en").phrase(one) for one in odd.draft.entries[0].doubts] == [
        "350 is far from the usual: the median of 3 figures is 15"
    ]
    first = taken(plan, csv_file(tmp_path / "c.csv", text.format(20).replace("新增市场主体", "罚没款")), dry_run=True)
    assert first.code == 0


def recorded(plan: Path, part: str, value: str = "15", month: int = 4) -> Done:
    """Record a value for April."""
    return record_value(str(plan), "entities", value, date(2021, month, 30), NOW, Terms(), "", part)


@pytest.mark.parametrize("part", ["district=乍浦镇", "镇街＝zhapu", "District = Zhapu"])
def test_a_value_of_a_member_is_recorded(plan: Path, part: str) -> None:
    """In any spelling that a column may have."""
    assert recorded(plan, part).written
    assert kept(plan) == ["kpi,date,value,source,note,district", "entities,2021-04-30,15,,,zhapu"]


@pytest.mark.parametrize(
    ("part", "why"),
    [
        ("乍浦镇", "“乍浦镇” is no part; write the dimension and the member: district=乍浦镇"),
        ("district=", "“district=” is no part; write the dimension and the member: district=乍浦镇"),
        ("distrct=乍浦镇", "there is no dimension “distrct” in this plan; there are: district; did you mean “district”?"),
        ("district=?", "“?” is not a member of district; they are: 当湖街道 / Danghu, 钟埭街道 / Zhongdai, 乍浦镇 / Zhapu"),
        ("x=乍浦镇", "there is no dimension “x” in this plan; there are: district"),
        ("district=乍甫镇", "“乍甫镇” is not a member of district; they are: 当湖街道 / Danghu, 钟埭街道 / Zhongdai, 乍浦镇 / Zhapu; "
                            "did you mean “乍浦镇”?"),
    ],
)  # fmt: skip
def test_a_part_that_cannot_be_is_refused(plan: Path, part: str, why: str) -> None:
    """Nothing is written, and what would do is said."""
    done = recorded(plan, part)
    assert (done.written, refused(done)) == (False, [("", why)])


def test_a_value_of_the_whole_needs_no_part(plan: Path) -> None:
    """And no column: the ledger gets it once a part is recorded, and what it holds stays."""
    assert recorded(plan, "", value="90").written
    assert kept(plan) == ["kpi,date,value,source,note", "entities,2021-04-30,90,,"]
    (plan / LEDGER).write_text((plan / LEDGER).read_text("utf-8") + "\n", "utf-8")
    assert recorded(plan, "district=zhapu").written
    assert recorded(plan, "district=合计", value="91", month=6).written
    assert kept(plan) == [
        "kpi,date,value,source,note,district", "entities,2021-04-30,90,,,", "", "entities,2021-04-30,15,,,zhapu",
        "entities,2021-06-30,91,,,",
    ]  # fmt: skip


def test_record_from_the_command_line(plan: Path) -> None:
    """The member stands beside the KPI in what is told."""
    done = run("record", str(plan), "entities", "15", "--on", "2021-04", "--part", "district=乍浦镇", "--lang", "en")
    assert (done.code, done.out.splitlines()[1]) == (0, "  entities (zhapu)  2021-04-30  15 entities")


MORE = """\
  - {id: mood, title: 满意度, measure: level, unit: "%", direction: increase, target: {value: 90, basis: stated},
     breakdown: {by: district, adds: none}}
  - {id: road, title: 道路, measure: milestone, breakdown: {by: district, adds: none, members: [乍浦]},
     steps: [{id: draft, title: 草案, due: 2021-03-31}]}
  - {id: ratio, title: 比例, measure: level, unit: "%", direction: increase, target: {value: 9, basis: stated},
     formula: in-time * 1, breakdown: {by: district, adds: none}}
"""


class Line(NamedTuple):
    """A row of a form: its sheet, its number, and what it asks for."""

    sheet: str
    row: int
    kpi: str
    step: str
    part: str


def lines(form: Path) -> list[Line]:
    """Return the rows that a form wants filled."""
    listed = CalamineWorkbook.from_path(form).get_sheet_by_name("_kpi_tracker").to_python()[3:]
    told = [[str(value) for value in row] for row in listed]
    return [Line(sheet, int(float(row)), kpi, step, part) for sheet, row, kpi, step, _, part in told]


@pytest.fixture
def form(plan: Path, tmp_path: Path) -> Path:
    """Return the form of April of the example plan with more KPIs."""
    with (plan / "plan.yaml").open("a", encoding="utf-8") as file:
        file.write(MORE)
    out = tmp_path / "form.xlsx"
    write_form(str(plan), date(2021, 4, 30), str(out), NOW.date(), "", "zh")
    return out


def test_a_form_asks_for_the_parts(form: Path) -> None:
    """A row for each member, on the sheet of its owner, with its own last value and target; the whole where parts do not make it."""
    asked = lines(form)
    assert ("当湖街道办事处", "entities", "district=danghu") in [(one.sheet, one.kpi, one.part) for one in asked]
    assert [(one.kpi, one.part) for one in asked if one.sheet != "当湖街道办事处"] == [
        ("entities", "district=zhongdai"), ("entities", "district=zhapu"), ("cases", "district=zhongdai"),
        ("cases", "district=zhapu"), ("in-time", "district=zhongdai"), ("in-time", "district=zhapu"), ("mood", ""),
        ("mood", "district=zhongdai"), ("mood", "district=zhapu"), ("road", ""), ("road", "district=zhapu"), ("ratio", ""),
    ]  # fmt: skip
    port = next(one for one in asked if one.part == "district=zhapu")
    row = CalamineWorkbook.from_path(form).get_sheet_by_name(port.sheet).to_python(skip_empty_area=False)[port.row - 1]
    assert [row[i] for i in (0, 1, 4, 7)] == [
        "entities [zhapu]", "新增市场主体\nNew market entities\n▸ 乍浦镇 / Zhapu", "15户 [示意]", "300户（推算）",
    ]  # fmt: skip


def test_a_form_of_parts_comes_back(plan: Path, form: Path, tmp_path: Path) -> None:
    """Each figure to its member; a member that is no more in the plan is named."""
    port, road = (
        next(one for one in lines(form) if one.kpi == kpi and one.part == "district=zhapu")
        for kpi in ("entities", "road")
    )
    back = filled(
        form, tmp_path / "back.xlsx", {(port.sheet, f"J{port.row}"): 14, (road.sheet, f"J{road.row}"): "已完成"}
    )
    assert drafts(taken(plan, back)) == [
        ("entities", ("district", "zhapu"), 14.0, "new"), ("road", ("district", "zhapu"), ("draft",), "new"),
    ]  # fmt: skip
    text = (plan / "plan.yaml").read_text("utf-8")
    renamed = text.replace("id: zhapu", "id: harbour").replace("en: Zhapu", "en: Harbour")
    (plan / "plan.yaml").write_text(renamed, "utf-8")
    found = [(cell.rpartition("!")[2], why) for cell, why in refused(taken(plan, back))]
    assert (f"A{port.row}", "there is no member “zhapu” in this plan any more") in found
    (plan / "plan.yaml").write_text(renamed.replace("district", "town"), "utf-8")
    found = [(cell.rpartition("!")[2], why) for cell, why in refused(taken(plan, back))]
    assert (f"A{port.row}", "there is no member “zhapu” in this plan any more") in found


def test_what_came_in_is_checked(plan: Path) -> None:
    """A total that is recorded beside its parts is held against them."""
    for part, value in (("district=danghu", "50"), ("district=zhongdai", "26"), ("district=zhapu", "14"), ("", "91")):
        assert recorded(plan, part, value=value).written
    score = score_of(check(plan, date(2021, 5, 3)), "entities")
    assert part_remarks(score, language("en")) == [
        "total of 2021-04-30: 91 entities, but its parts make 90 entities (+1 entities)"
    ]
    assert parts(score)["zhapu"].score.value == 61.0
