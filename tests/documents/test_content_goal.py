"""The page of a goal: what lags below it, what stands in it, what supports it and what it supports, its score, its record."""

import kpi_tracker
from kpi_tracker import Scorecard
from kpi_tracker.documents.blocks import Chart, Document, Page
from kpi_tracker.documents.content.document import document
from kpi_tracker.model.kpi import Support
from kpi_tracker.model.measure import LAGGING
from tests.builders import card, exempt, goal, kpi, obs, plan, text
from tests.documents.reading import column, fact, page, said, section, table
from tests.reporting.showcase import AS_OF, PLAN, scored
from tests.test_shipped_plan import PLAN as SHIPPED


def shown(name: str, found: Scorecard | None = None) -> Page:
    """Return the page of a goal."""
    return page(document(found or scored(), "en"), name)


def supported() -> Scorecard:
    """Return a breakthrough that lives of a KPI and a goal of other branches."""
    late = kpi("late", t=100.0, supports=(Support("top", 3.0),))
    fine = goal("fine", kpi("k", t=100.0), supports=(Support("top"),))
    silent = kpi("silent", t=100.0)
    rows = [obs("late", "2021-06-30", 10.0), obs("k", "2021-06-30", 60.0)]
    return card(plan(goal("top"), goal("work", late, fine, silent), facts=()), rows, "2021-06-30")


def test_sections_of_a_goal() -> None:
    """What lags comes before what merely stands in it; how the score came about after both."""
    growth = ["overview", "lagging", "below", "kpis", "score", "record"]
    assert [part.id for part in shown("growth").sections] == growth
    assert [part.id for part in shown("archive").sections] == ["overview", "below", "data-problems", "score", "record"]
    assert [part.id for part in shown("top", supported()).sections] == [
        "overview", "lagging", "supporters", "data-problems", "score", "record",
    ]  # fmt: skip


def test_a_goal_that_holds_goals_shows_the_kpis_at_any_depth_with_pictures() -> None:
    """A focus area is read by its KPIs, whatever actions they are sorted into."""
    found = scored()
    rows = table(shown("growth"), "kpis").rows
    assert [row.cells[0].to for row in rows] == [kpi.path for kpi in found.kpis if kpi.path.startswith("growth/")]
    assert all(row.cells[-1].drawing for row in rows if row.status in LAGGING)
    empty = card(plan(goal("outer", goal("inner")), kpi("k", t=1.0)), [obs("k", "2021-06-30", 1.0)], "2021-06-30")
    assert "kpis" not in [part.id for part in shown("outer", empty).sections]


def test_lagging_below_counts_what_stands_deeper_and_what_supports() -> None:
    """Each once, the worst first, with the branch where it is another."""
    rows = table(shown("growth"), "lagging").rows
    assert [(row.cells[0].text, row.cells[0].detail) for row in rows] == [
        ("Share of units in the pilot", ""), ("Registers drawn up", ""), ("Patents granted", ""), ("Grants paid", ""),
    ]  # fmt: skip
    safety = table(shown("safety"), "lagging").rows
    assert [(row.cells[0].to, row.cells[0].detail) for row in safety] == [
        ("safety/accidents", ""), ("safety/elevators-checked", ""), ("service/permits", "Service to people and companies"),
    ]  # fmt: skip


def bullets(path: str, of: Document) -> list[Chart]:
    """Return the bullet at the head of a goal's page, if there is one."""
    blocks = section(page(of, path), "overview").blocks
    return [block for block in blocks if isinstance(block, Chart) and block.name == "bullet"]


def test_what_stands_in_a_goal_has_a_picture() -> None:
    """Goals first, each with its own; where nothing has one there is no column for pictures."""
    rows = table(shown("growth"), "below").rows
    assert [row.cells[0].to for row in rows][:2] == ["growth/reform", "growth/patents"]
    assert [row.cells[-1].drawing is None for row in rows] == [False, False, False, False, False, True]
    assert [cell.text for cell in rows[0].cells[2:4]] == ["–", "22.5%"]
    (drawn,) = bullets("growth", document(scored(), "en"))
    assert drawn.drawing.title == "Growth of quality"
    assert drawn.drawing.description == "Status: at risk. Attainment: 55.9%. Expected by then: 61.5%."
    whole = plan(goal("g", goal("h", kpi("k", t=1.0), exempt=exempt("2021-01-01"))))
    out = document(card(whole, [], "2021-06-30"), "en")
    both = table(page(out, "g"), "below")
    assert "Picture" not in [head.title for head in both.columns]
    assert bullets("g/h", out) == []
    assert len(both.rows[0].cells) == len(both.columns)


def test_supporters_come_with_weight_share_and_what_they_add() -> None:
    """The parts add up to the attainment of the goal."""
    found = shown("top", supported())
    rows = table(found, "supporters").rows
    assert [[cell.text for cell in row.cells if not cell.badge] for row in rows] == [
        ["fine", "supports it", "1", "25%", "60%", "50%", "100%", "15%"], ["late", "supports it", "3", "75%", "10%", "50%", "100%", "7.5%"],
    ]  # fmt: skip
    assert "22.5%" in said(section(found, "overview"))
    assert "shares" not in said(section(found, "score"))
    assert [cell.text for cell in column(table(shown("safety"), "supporters"), "Child")] == ["Permits handled"]
    assert [cell.text for cell in column(table(shown("safety"), "shares"), "Counts as")][-2:] == [
        "stands in it",
        "supports it",
    ]


def test_what_a_goal_supports_leads_to_it() -> None:
    """With the weight there and the part that it makes up."""
    rows = table(shown("fine", supported()), "supports").rows
    assert [(row.cells[0].to, row.cells[2].text, row.cells[3].text) for row in rows] == [("top", "1", "25%")]
    assert column(table(shown("permits"), "supports"), "Goal")[0].to == "safety"


def test_data_problems_of_a_goal_are_those_below_it() -> None:
    """However deep, and those of its supporters."""
    assert [row.cells[0].to for row in table(shown("top", supported()), "data-problems").rows] == [
        "work/fine/k",
        "work/late",
    ]
    silent = table(shown("work", supported()), "data-problems").rows
    assert [row.cells[0].to for row in silent] == ["work/fine/k", "work/late", "work/silent"]


def test_the_score_is_taken_apart() -> None:
    """Formula, numbers put in, and the bands; very many numbers are left to the table of parts."""
    found = shown("growth/reform")
    figures = {row.cells[0].text: [cell.text for cell in row.cells[1:]] for row in table(found, "figures").rows}
    assert figures["attainment a"] == ["0.225", "a = Σ w · min(1, max(0, a)) / Σ w", "(1 · 0.2 + 1 · 0.25) / (1 + 1)"]
    assert table(found, "thresholds").caption == "Thresholds “strict” over lag in percentage points"
    assert [cell.badge.text for cell in column(table(found, "thresholds"), "Status") if cell.badge] == [
        "on track", "at risk", "lagging", "lagging!",
    ]  # fmt: skip
    many = goal("g", *(kpi(f"k{i}", t=100.0) for i in range(60)))
    rows = [obs(f"k{i}", "2021-06-30", 10.0 + i) for i in range(60)]
    wide = shown("g", card(plan(many), rows, "2021-06-30"))
    assert column(table(wide, "figures"), "With the numbers put in")[0].text == "…"
    assert len(table(wide, "shares").rows) == 60


def test_the_record_says_what_the_plan_holds_on_a_goal() -> None:
    """Id, kind, weight, owner, tags, source and where it is written; a kind that is not declared by its own name."""
    found = page(document(kpi_tracker.check(PLAN.parent / "positive" / "every-key", AS_OF), "en"), "first")
    assert [fact(found, name).text for name in ("Id", "Kind", "Weight", "Owner", "Tags", "Where it comes from", "Place")] == [
        "first", "Focus area", "2", "Bureau", "a, b", "Page 1", "plan.yaml:55:5",
    ]  # fmt: skip
    assert "Honour" in said(section(found, "facts"))
    bare = shown("g", card(plan(goal("g", kpi("k", t=1.0, kind="odd"), kind="odd")), [], "2021-01-31"))
    assert fact(bare, "Kind").text == "odd"
    assert "Owner" not in [name for block in section(bare, "record").blocks for name, _ in block.rows]  # type: ignore[union-attr, misc]


def test_notes_stand_by_the_result_line_by_line() -> None:
    """Blank lines are none."""
    noted = goal("g", kpi("k", t=1.0), notes=text("first\n\nsecond"))
    blocks = section(shown("g", card(plan(noted), [], "2021-01-31")), "overview").blocks
    assert [block.text for block in blocks[-2:]] == ["first", "second"]  # type: ignore[union-attr]


def test_breakthroughs_of_the_shipped_plan_tell_of_what_supports_them() -> None:
    """They own no KPI, and yet have a verdict, lagging items and a score."""
    found = page(document(kpi_tracker.check(SHIPPED, AS_OF), "zh"), "breakthrough-identity")
    assert [part.id for part in found.sections] == [
        "overview", "lagging", "supporters", "data-problems", "score", "record",
    ]  # fmt: skip
    assert len(table(found, "lagging").rows) == 5
    assert found.subtitle.startswith("突破创新 · 局办公室 · ")
