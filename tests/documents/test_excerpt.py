"""What of a document goes on paper, and how its headings are numbered."""

import pytest

from kpi_tracker.documents.blocks import Cell, Chart, Column, Facts, Headline, Row, Section, Table
from kpi_tracker.documents.excerpt import MOST, excerpt
from kpi_tracker.documents.paper import ANNEX, Paper
from kpi_tracker.record import changed
from tests.documents.made import made, with_blocks
from tests.documents.paper import CHINESE, on_paper


def test_a_paper_has_the_plan_and_its_top_branches_and_no_page_below() -> None:
    assert [page.id for page in excerpt(on_paper()).chapters] == ["", "a", "b"]


def test_the_annex_has_what_lags_the_worst_first_and_then_what_has_no_data() -> None:
    assert [page.id for page in excerpt(on_paper()).annex] == ["a/late", "b/slow", "b/silent"]


def test_all_pages_are_those_of_both() -> None:
    held = excerpt(on_paper())
    assert held.pages == held.chapters + held.annex


def test_a_plan_without_anything_lagging_has_no_annex() -> None:
    assert excerpt(made()).annex == ()
    assert [line.level for line in Paper(made()).contents()] == [1, 1]


def test_what_only_a_site_has_room_for_stays_out() -> None:
    plan, goal, _ = excerpt(on_paper()).chapters
    assert [section.id for section in plan.sections] == ["overview", "lagging", "data-problems", "tree"]
    assert [section.id for section in goal.sections] == ["overview"]


def test_a_kpi_of_the_annex_has_one_picture_and_no_banner_again() -> None:
    late = excerpt(on_paper()).annex[0]
    assert [(section.id, section.heading) for section in late.sections] == [
        ("overview", ""), ("course", ""), ("outlook", "如何赶上"),
    ]  # fmt: skip
    assert [block.name for block in late.sections[1].blocks if isinstance(block, Chart)] == ["pace"]
    assert [type(block) for block in late.sections[0].blocks] == [Headline]
    assert [type(block) for block in late.sections[2].blocks] == [Facts]


def test_counts_stand_once_where_a_picture_has_them_and_stay_where_none_does() -> None:
    plan, goal, _ = (page.sections[0].blocks[0] for page in excerpt(on_paper()).chapters)
    assert isinstance(plan, Headline)
    assert isinstance(goal, Headline)
    assert (len(plan.counts), len(goal.counts)) == (0, 1)


def test_columns_that_say_nothing_stay_out() -> None:
    rows = (Row((Cell("a"), Cell("–"), Cell(), Cell(marks=("assumed",)))), Row((Cell("b"), Cell("–"), Cell(), Cell())))
    table = Table("t", tuple(Column(name) for name in "pqrs"), rows)
    held = excerpt(with_blocks(table)).chapters[0].sections[0].blocks[0]
    assert isinstance(held, Table)
    assert [column.title for column in held.columns] == ["p", "s"]
    assert [[cell.text for cell in row.cells] for row in held.rows] == [["a", ""], ["b", ""]]


@pytest.mark.parametrize("rows", [(), (Row((Cell("–"), Cell())),)])
def test_a_table_that_says_nothing_at_all_keeps_its_heads(rows: tuple[Row, ...]) -> None:
    table = Table("t", (Column("p"), Column("q")), rows)
    assert excerpt(with_blocks(table)).chapters[0].sections[0].blocks == (table,)


def test_a_lagging_table_may_name_what_has_no_page_and_stand_beside_words() -> None:
    document = on_paper()
    plan = next(iter(document.pages))
    nowhere = Table("lagging", (Column("KPI"),), (Row((Cell("no page"),)), Row((Cell("gone", to="gone"),))))
    sections = (Section("lagging", "Lagging", (*plan.sections[0].blocks, nowhere)),)
    assert excerpt(changed(document, pages=(changed(plan, sections=sections),))).annex == ()


@pytest.mark.parametrize(("late", "held", "left"), [(MOST - 3, MOST, 0), (MOST - 2, MOST, 1), (MOST, MOST, 3)])
def test_an_annex_has_an_end_and_says_what_is_left_out(late: int, held: int, left: int) -> None:
    document = on_paper("en", late=late)
    assert (len(excerpt(document).annex), excerpt(document).left_out) == (held, left)
    said = Paper(document).left_out
    assert said.startswith(f"{left} more") if left else said == ""


def test_chapters_are_numbered_as_official_documents_are() -> None:
    chinese, english = Paper(on_paper("zh")), Paper(on_paper("en"))
    assert [part.heading for part in chinese.chapters] == [f"一、{CHINESE}", "二、聚焦安全守护", "三、Quality of life"]
    assert [part.heading for part in english.chapters][1] == "2\u2002聚焦安全守护"
    assert chinese.section(2, 3, "x") == "（三）x"
    assert english.section(2, 3, "x") == "2.3\u2002x"
    assert chinese.annex[0].heading.startswith("1．")
    assert english.annex[0].heading.startswith("A.1\u2002")


@pytest.mark.parametrize(
    ("number", "shown"),
    [(9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (99, "九十九"), (100, "100")],
)
def test_chinese_numbers(number: int, shown: str) -> None:
    assert Paper(made("zh")).section(1, number, "") == f"（{shown}）"


def test_the_contents_lead_to_every_chapter_and_every_item_of_the_annex() -> None:
    paper = Paper(on_paper())
    lines = list(paper.contents())
    assert [line.level for line in lines] == [1, 1, 1, 1, 2, 2, 2]
    assert lines[3].anchor == ANNEX
    assert [line.anchor for line in lines if line.anchor != ANNEX] == [
        paper.anchors[id] for id in ("", "a", "b", "a/late", "b/slow", "b/silent")
    ]
