"""Figures by a dimension in documents: the parts on the page of a KPI, the members on that of the plan."""

from datetime import date
from pathlib import Path

import pytest

from kpi_tracker import Scorecard
from kpi_tracker.documents.blocks import Page, Paragraph, Table
from kpi_tracker.documents.content.document import document
from kpi_tracker.model.breakdown import Breakdown
from kpi_tracker.model.measure import Adds, Status
from kpi_tracker.pipeline import check
from tests.breakdown.made import by, city, rows, scored
from tests.builders import kpi
from tests.documents.reading import page, section

PLAN = Path(__file__).parents[1] / "plans" / "positive" / "breakdowns"


@pytest.fixture(scope="module")
def card() -> Scorecard:
    """Return the scorecard of the example plan, in the middle of April."""
    return check(PLAN, date(2021, 4, 12))


def tables(found: Page, name: str) -> list[Table]:
    """Return the tables of a section."""
    return [block for block in section(found, name).blocks if isinstance(block, Table)]


def test_the_page_of_a_kpi_has_its_parts(card: Scorecard) -> None:
    """Each member with its own target, its share, its growth and a small picture."""
    (table,) = tables(page(document(card, "en"), "entities"), "parts")
    assert table.caption == "Parts by District: the total is their sum"
    assert [column.title for column in table.columns][-2:] == ["Owner", "Picture"]
    zhapu = table.rows[2].cells
    assert zhapu[1].badge is not None
    assert zhapu[1].badge.status is Status.LAGGING
    assert [cell.text for cell in zhapu[2:7]] == ["47 entities", "15.7%", "9.3 pp", "16.2%", "−14.5%"]
    assert zhapu[8].drawing is not None
    assert zhapu[8].drawing.title == "Zhapu"


def test_parts_that_are_not_judged_have_neither_status_nor_picture(card: Scorecard) -> None:
    """And what does not add up is said above them."""
    found = page(document(card, "en"), "cases")
    (table,) = tables(found, "parts")
    assert "Picture" not in [column.title for column in table.columns]
    assert table.rows[0].cells[1].text == "–"
    said = [block.text for block in section(found, "parts").blocks if isinstance(block, Paragraph)]
    assert said[0] == "total of 2021-02-28: 21 cases, but its parts make 20 cases (+1 cases)"


def test_the_page_of_the_plan_is_cut_by_each_dimension(card: Scorecard) -> None:
    """Members as rows, KPIs as columns, the whole above them; and who has not reported."""
    members, figures = tables(page(document(card, "zh"), ""), "by-1")
    assert [cell.text for cell in members.rows[1].cells] == [
        "钟埭街道", "指标：数据过期 2 · 无目标 1 · 按时序 1", "办结案件、案件按期办结率",
    ]  # fmt: skip
    assert [column.title for column in figures.columns] == [
        "成员",
        "新增市场主体",
        "办结案件",
        "案件按期办结率",
        "罚没款",
    ]
    assert [row.cells[0].text for row in figures.rows] == ["全体", "当湖街道", "钟埭街道", "乍浦镇"]
    assert [(cell.text, cell.detail) for cell in figures.rows[2].cells[1:]] == [
        ("80户", "26.7% / 25%"), ("11件", "占总数 26.8%"), ("96.4%", "101.5% / 100%"), ("4.33万元", "占总数 28.9%"),
    ]  # fmt: skip
    assert figures.rows[0].cells[1].to == "entities"


def test_many_kpis_stand_in_several_tables() -> None:
    """Five side by side; one without a part for a member has no figure there, and no title is taken for a message."""
    some = [kpi(f"k{i}", t=9, breakdown=by(members=("east", "west"))) for i in range(6)]
    one = city(*some, kpi("{odd}", t=9, breakdown=by()))
    given = [row for item in one.kpis for row in rows(item.id, "2021-01-31", 1, 2, 3)[: 3 if item.id == "{odd}" else 2]]
    found = tables(page(document(scored(one, given, "2021-02-05"), "en"), ""), "by-1")
    assert [len(table.columns) for table in found] == [3, 6, 3]
    assert found[2].columns[2].title == "{odd}"
    assert [cell.text for cell in found[1].rows[3].cells] == ["Port", *(["–"] * 5)]
    assert found[0].rows[0].cells[2].text == "–"


def test_a_dimension_that_nothing_is_taken_apart_by_has_no_section() -> None:
    """Nor has a KPI whose breakdown could not be read."""
    found = document(scored(city(kpi("k", t=9)), [], "2021-02-05"), "en")
    assert "by-1" not in [part.id for part in page(found, "").sections]
    both = city(kpi("k", t=9, breakdown=(Breakdown("gone", Adds.SUM), *by())))
    shown = page(document(scored(both, rows("k", "2021-01-31", 1, 2, 3), "2021-02-05"), "en"), "k")
    assert [table.name for table in tables(shown, "parts")] == ["parts-2"]
