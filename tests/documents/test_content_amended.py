"""What was amended: on the page of the plan, of the goal and of the KPI that it is about, in both languages."""

from datetime import date

from kpi_tracker.documents.blocks import Document
from kpi_tracker.documents.content.document import document
from kpi_tracker.model.amendment import Amended, Amendment
from kpi_tracker.model.measure import Direction
from tests.builders import card, goal, kpi, obs, plan, text
from tests.documents.reading import column, page, said, section, table

DAY = date(2021, 7, 1)


def amended(lang: str = "en") -> Document:
    """Return a document of a plan that was amended three times; one item is gone."""
    cases = kpi("cases", b=100, t=600, direction=Direction.INCREASE)
    whole = plan(
        goal("law", cases, kpi("other", b=1, t=2)),
        amendments=(
            Amendment("law/cases", DAY, Amended.TARGET, text("fewer inspectors"), "No. 7", 1200.0, 600.0),
            Amendment("law", DAY, Amended.WEIGHT, text("merged"), "No. 8", 1.0, 0.5),
            Amendment("gone", DAY, Amended.REMOVED, text("dropped"), "No. 9"),
        ),
    )
    return document(card(whole, [obs("cases", "2021-06-30", 300)], "2021-06-30"), lang)


def test_the_plan_lists_every_amendment() -> None:
    """With the item, what was changed, both values, why and by which document; of an item that is gone its path."""
    found = table(next(iter(amended().pages)), "amendments")
    assert [cell.text for cell in column(found, "Item")] == ["cases", "law", "gone"]
    assert [cell.text for cell in column(found, "Before")] == ["1,200", "1", "–"]
    assert [cell.text for cell in column(found, "After")] == ["600", "0.5", "–"]
    assert [cell.text for cell in column(found, "Reference")] == ["No. 7", "No. 8", "No. 9"]


def test_an_item_tells_its_own() -> None:
    """And a KPI how it stands against the target that was first set; one that was not amended has no such section."""
    found = amended()
    of_kpi = said(section(page(found, "law/cases"), "amendments"))
    assert "against the original target 1,200 it would be" in of_kpi
    assert ("fewer inspectors" in of_kpi, "merged" in of_kpi) == (True, False)
    of_goal = table(page(found, "law"), "amendments")
    assert [row.cells[1].text for row in of_goal.rows] == ["Weight"]
    assert "amendments" not in [part.id for part in page(found, "law/other").sections]


def test_in_chinese() -> None:
    """Under the words of a planning office."""
    found = section(page(amended("zh"), "law/cases"), "amendments")
    assert found.heading == "计划调整"
    assert {"调整内容", "此前", "调整后", "理由", "依据"} <= set(said(found).splitlines())
