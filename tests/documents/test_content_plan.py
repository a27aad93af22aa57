"""The page that leaders start from: the verdict, what lags, branches, changes, what is missing, the tree, the rules."""

from datetime import date, datetime

import kpi_tracker
from kpi_tracker.diagnostics import Diagnostic, Place
from kpi_tracker.documents.blocks import Headline, Page, Paragraph, Tree
from kpi_tracker.documents.content.document import document
from kpi_tracker.model.goal import Fact
from kpi_tracker.model.kpi import ExemptKind, ProfileKind
from kpi_tracker.model.measure import LAGGING, Aggregate, Direction, Measure, Status
from kpi_tracker.model.scorecard import Scorecard
from kpi_tracker.model.thresholds import Band, Thresholds
from kpi_tracker.record import changed
from tests.builders import card, exempt, goal, kpi, limit, obs, plan, steps, text
from tests.documents.reading import column, fact, page, said, section, table
from tests.reporting.showcase import AS_OF, PLAN, scored

NEGATIVE = PLAN.parent / "negative"


def start(found: Scorecard, since: Scorecard | None = None, lang: str = "en") -> Page:
    """Return the page of the plan."""
    return page(document(found, lang, since), "")


SHOWN = start(scored(), kpi_tracker.check(PLAN, date(2021, 8, 31)))


def verdict(found: Scorecard, wanted: str = "") -> str:
    """Return the result in words on a page."""
    blocks = section(page(document(found, "en"), wanted), "overview").blocks
    return "\n".join(block.text for block in blocks if isinstance(block, Paragraph) and block.tone == "plain")


def test_the_order_is_that_of_the_questions_of_a_leader() -> None:
    """How does it go, what lags, which branches, what changed, what is missing; how it is judged comes last."""
    assert [part.id for part in SHOWN.sections] == [
        "overview", "lagging", "branches", "changes", "data-problems", "tree", "about",
    ]  # fmt: skip


def test_the_headline_has_the_figures_of_the_scorecard() -> None:
    """Status, attainment, expected, lag, coverage, how many lag, and every KPI counted once."""
    warning, headline, *_ = section(SHOWN, "overview").blocks
    told = "Too much is missing for a verdict on the whole: the figures below cover 75% of the weight."
    assert warning == Paragraph(told, "warning")  # before the figures that say too little
    assert isinstance(headline, Headline)
    assert headline.badge.status is Status.UNKNOWN
    assert [(one.name, one.value) for one in headline.readings] == [
        ("Attainment", "57%"), ("Expected", "76.4%"), ("Lag", "19.4 pp"), ("Coverage", "75%"), ("Lagging of those judged", "8 / 15"),
    ]  # fmt: skip
    assert headline.readings[-1].detail == "5 more not judged"
    assert sum(count.number for count in headline.counts) == 20
    assert [count.badge.status for count in headline.counts][:2] == [Status.BREACHED, Status.MISSED]


def test_the_verdict_says_it_in_words() -> None:
    """Where it stands, how many lag, what to look at first, which branches, what is missing."""
    assert verdict(scored()) == (
        "As of 2021-09-30, 57% is attained where 76.4% is expected: 19.4 pp behind the expected course. "
        "8 of the 15 KPIs that could be judged lag (breached 1, missed 1, regressing 1, lagging 5).\n"
        "To be looked at first: Accidents, Lifts inspected, Index of opening a business: rank in the city. "
        "Furthest behind: Guarding safety (43.4 pp), Service to people and companies (16.3 pp), Growth of quality (5.6 pp).\n"
        "For 4 KPIs the data are missing, old or incomplete; the figures cover 75% of the weight."
    )


def two(*values: float) -> Scorecard:
    """Return the scorecard at mid-year of KPIs whose target is 100."""
    kpis = [kpi(f"k{i}", t=100.0, aggregate=Aggregate.NEWEST) for i in range(len(values))]
    return card(plan(*kpis), [obs(f"k{i}", "2021-06-30", value) for i, value in enumerate(values)], "2021-06-30")


def test_the_verdict_of_what_goes_well() -> None:
    """It does not scold: on course, or ahead of it."""
    assert verdict(two(50.0)) == (
        "As of 2021-06-30, 50% is attained, as much as is expected by then (50%). The one KPI that could be judged does not lag."
    )
    assert "54% is attained where 50% is expected: 4 pp ahead of the expected course." in verdict(two(54.0, 54.0))
    assert "None of the 2 KPIs that could be judged lags." in verdict(two(54.0, 54.0))
    assert "1 more is at risk." in verdict(two(54.0, 42.0))


def test_missing_data_are_never_good_news() -> None:
    """Where nothing could be judged, nothing is said not to lag."""
    found = card(plan(kpi("a", t=1.0), goal("g")), [], "2021-06-30")
    assert verdict(found) == (
        "As of 2021-06-30, nothing below it can be scored yet.\nFor 1 KPI the data are missing, old or incomplete; "
        "the figures cover 0% of the weight."
    )
    assert said(section(start(found), "overview")).startswith(
        "At a glance\nToo much is missing for a verdict on the whole"
    )
    lagging = section(start(found), "lagging").blocks
    assert lagging == (Paragraph("Nothing could be judged: no KPI has a current figure.", "warning"),)
    assert section(start(two(50.0)), "lagging").blocks == (Paragraph("No KPI that could be judged lags."),)
    assert "Too much" not in verdict(card(plan(goal("g")), [], "2021-06-30"), "g")


def test_what_lags_comes_with_how_far_and_what_it_takes() -> None:
    """Each of the scorecard's lagging items, in its order, with the questions of leaders answered."""
    found = table(SHOWN, "lagging")
    assert [row.cells[0].to for row in found.rows] == [one.path for one in scored().lagging]
    assert all(row.status in LAGGING for row in found.rows)
    permits = next(row for row in found.rows if row.cells[0].to == "service/permits")
    assert [(cell.text, cell.detail) for cell in permits.cells] == [
        ("Permits handled", "Service to people and companies"), ("", ""), ("5,650 permits", "11,000 permits"),
        ("51.4%", "75%"), ("23.6 pp", "86 days behind"), ("1,783.33 permits a month", "2.8× the rate so far"),
        ("Counter", ""), ("2021-08-31 corrected", ""),
    ]  # fmt: skip


def takes(one: object, *values: object, as_of: str = "2021-06-30") -> tuple[str, str]:
    """Return what it takes, as the table of lagging items tells it for one KPI with a value at mid-year."""
    rows = [obs("k", as_of, value) for value in values]  # type: ignore[arg-type]
    cell = column(table(start(card(plan(one), rows, as_of)), "lagging"), "What it takes")[0]  # type: ignore[arg-type]
    return cell.text, cell.detail


def test_what_it_takes_fits_the_measure() -> None:
    """A rate a month, open steps, a gap, by how much a bound is passed, what is left of a budget."""
    percent = changed(kpi("k", Measure.LEVEL, b=80.0, t=90.0), unit=scored().find("pilots").kpi.unit)  # type: ignore[union-attr]
    assert takes(percent, 79.0) == ("up 1.83 pp a month", "")
    assert takes(kpi("k", Measure.RATE, b=90.0, t=95.0), 70.0) == ("−25", "gap to the target")
    assert takes(limit(at_most=3), 5.0) == ("2 above the limit", "")
    assert takes(limit(at_least=8, by=Aggregate.NEWEST), 5.0) == ("3 below the limit", "")
    late = changed(kpi("k", Measure.MILESTONE), steps=steps(("2021-03-31", 1), ("2021-04-30", 1), ("2021-12-31", 1)))
    assert takes(late, ("s1",)) == ("1 step overdue", "s2")
    everything = Thresholds("hard", "pace", (Band(Status.LAGGING),), lag_floor=None)
    early = changed(late, steps=steps(("2021-03-31", 1), ("2021-12-31", 1)), thresholds=everything)
    assert takes(early, ("s1",)) == ("–", "")
    budget = kpi("k", t=100.0, direction=Direction.DECREASE)
    assert takes(budget, 90.0) == ("at most 1.67 a month", "0.1× the rate so far")
    assert takes(budget, 120.0) == ("20 above the limit", "")
    assert takes(kpi("k", t=10.0, due=date(2021, 6, 30)), 5.0) == ("–", "the period is over")
    assert takes(kpi("k", Measure.LEVEL, b=5.0, t=9.0, due=date(2021, 12, 31)), 5.0) == ("up 0.67 a month", "")
    grades = kpi("k", Measure.GRADE, b="C", t="A", scale=("A", "B", "C"))
    assert takes(grades, "C") == ("–", "")
    assert takes(limit("k", at_least=1), 0.5, as_of="2021-12-31") == ("0.5 below the limit", "")


def test_notes_of_the_newest_figure_stand_before_those_of_the_plan() -> None:
    """What was known at the time only; the plan's own notes stand below, or alone."""
    rows = [
        changed(obs("k", "2021-05-31", 1.0), note="flood", recorded_at=datetime(2021, 6, 2)),
        changed(obs("k", "2021-06-30", 1.0), note="strike", recorded_at=datetime(2021, 7, 20)),
        changed(obs("k", "2021-07-31", 1.0), note="later"),
    ]
    whole = plan(kpi("k", t=100.0, notes=text("counted in files")))
    for known_at, expected in ((None, "2021-06-30 strike"), (date(2021, 7, 10), "2021-05-31 flood")):
        found = kpi_tracker.score(whole, rows, date(2021, 6, 30), known_at)
        cell = column(table(start(found), "lagging"), "Notes")[0]
        assert (cell.text, cell.detail) == (expected, "counted in files")
    silent = card(whole, [obs("k", "2021-06-30", 1.0)], "2021-06-30")
    assert column(table(start(silent), "lagging"), "Notes")[0].detail == "counted in files"
    assert "as known at" in start(kpi_tracker.score(whole, rows, date(2021, 6, 30), date(2021, 7, 10))).subtitle


def test_branches_stand_under_the_titles_of_their_kinds() -> None:
    """A table for each kind; goals without one, and KPIs of the plan itself, have their own."""
    found = kpi_tracker.check(PLAN.parent / "positive" / "every-key", AS_OF)
    branches = section(start(found), "branches").blocks
    assert [(block.name, block.caption) for block in branches] == [  # type: ignore[union-attr]
        ("branches-1", "Focus area"), ("branches-2", "Goals"), ("branches-kpis", "KPIs of the plan itself"),
    ]  # fmt: skip
    area = table(SHOWN, "branches-1")
    assert area.caption == "Area"
    assert [cell.text for cell in area.rows[0].cells[2:8]] == [
        "66.2%",
        "82.5%",
        "16.3 pp",
        "100%",
        "regressing",
        "2 / 6",
    ]
    assert [column(area, name)[4].text for name in ("Attainment", "Coverage", "Worst below")] == ["–", "–", "pending"]


def test_the_tree_has_everything_with_its_status() -> None:
    """Goals as branches, KPIs as leaves, each with its status."""
    tree = section(SHOWN, "tree").blocks[0]
    assert isinstance(tree, Tree)
    growth = tree.branches[1]
    assert (growth.cell.text, growth.figures) == ("Growth of quality", ("55.9%", "61.5%", "5.6 pp"))
    assert [branch.cell.to for branch in growth.below][:2] == ["growth/reform", "growth/patents"]
    assert growth.below[1].cell.detail == "290 patents, target 600 patents"
    assert tree.branches[2].cell.detail == "1 item supports it"
    assert all(branch.cell.badge for branch in (*tree.branches, *growth.below))


def test_changes_have_both_sides() -> None:
    """Grouped by what happened, with the figures of then and now."""
    assert section(SHOWN, "changes").heading == "What changed since 2021-08-31"
    cells = table(SHOWN, "changes-new-data-problem").rows[0].cells
    assert [(cell.text, cell.detail, cell.badge.text if cell.badge else "") for cell in cells] == [
        ("Food samples tested", "", ""),
        ("2,100 samples", "58.3% / 58.3% · on schedule · as of 2021-07-31", "on track"),
        ("2,100 samples", "58.3% / 58.3% · on schedule · as of 2021-07-31", "stale"),
    ]  # fmt: skip
    told = said(section(SHOWN, "overview"))
    assert "Since 2021-08-31, KPIs newly lagging: 3; no longer lagging: 0." in told
    same = start(scored(), scored())
    assert section(same, "changes").blocks == (Paragraph("Nothing changed that calls for a word."),)
    assert all(part.id != "changes" for part in start(scored()).sections)


def test_amendments_are_shown_as_the_plan_has_them() -> None:
    """Target, steps, baseline, weight and owner, before and now; what is gone has no page to lead to."""
    rows = [obs("k", "2021-06-30", 50.0)]
    milestone = kpi("m", Measure.MILESTONE, steps=steps(("2021-12-31", 1)))
    before = plan(kpi("k", t=100.0, b=90.0), milestone, goal("g"), kpi("gone", t=1.0, start=date(2021, 12, 1)))
    after = plan(
        kpi("k", t=120.0, b=80.0, weight=2.0, owner=text("Office"), due=date(2021, 11, 30)),
        changed(milestone, steps=steps(("2021-11-30", 1))), goal("g", weight=3.0, owner=text("Office")),
    )  # fmt: skip
    found = start(card(after, rows, "2021-06-30"), card(before, rows, "2021-06-30"))
    sides = {
        name: [tuple(cell.text for cell in row.cells) for row in table(found, f"changes-{name}").rows]
        for name in ("target-moved", "baseline-changed", "weight-changed", "owner-changed", "removed")
    }
    assert sides == {
        "target-moved": [("k", "100", "120"), ("m", "s1 2021-12-31", "s1 2021-11-30")],
        "baseline-changed": [("k", "90", "80")],
        "weight-changed": [("k", "1", "2"), ("g", "1", "3")],
        "owner-changed": [("k", "–", "Office"), ("g", "–", "Office")],
        "removed": [("gone", "–", "–")],
    }
    assert table(found, "changes-removed").rows[0].cells[0].to is None
    told = said(section(found, "changes"))
    assert table(found, "changes-newly-lagging").rows[0].cells[0].marks == ("target changed",)
    assert table(found, "changes-target-moved").rows[0].cells[0].marks == ()
    assert "KPIs: Newly lagging 1 · The plan was amended 7" in told
    assert "Goals: The plan was amended 2" in told


def test_goals_that_changed_are_shown_with_their_attainment() -> None:
    """With their lag, where they have one."""
    whole = plan(goal("g", kpi("k", t=100.0)))
    before, after = card(whole, [], "2021-01-31"), card(whole, [obs("k", "2021-06-30", 10.0)], "2021-06-30")
    cells = table(start(after, before), "changes-newly-lagging").rows[0].cells
    assert [(cell.text, cell.detail) for cell in cells] == [("p", ""), ("–", ""), ("10%", "lag 40 pp")]


def test_data_problems_say_what_is_missing_since_when_and_from_whom() -> None:
    """One row for each KPI, with what its old data said."""
    found = table(SHOWN, "data-problems")
    assert [row.cells[0].to for row in found.rows] == [one.path for one in scored().data_problems]
    shown = {row.cells[0].text: [cell.text for cell in row.cells[2:]] for row in found.rows}
    assert shown["Food samples tested"] == [
        "The newest figure is of 2021-07-31 and said: on track.", "2021-09-10", "2021-07-31", "every month", "–",
    ]  # fmt: skip
    assert shown["Scanners"] == ["No figure has come yet.", "2021-02-10", "–", "every month", "–"]
    assert shown["Companies visited"][0] == "No figure for 2021-03-31: the sum is short of it"


def test_data_problems_name_rows_left_out_and_courses_that_are_not_known() -> None:
    """Each in a remark of its own."""
    shaped = kpi("s", t=100.0, b=90.0, profile=ProfileKind.BASELINE_YEAR)
    rows = [obs("k", "2021-01-31", 9.0), obs("k", "2021-06-30", 9.0), obs("s", "2021-06-30", 9.0)]
    whole = plan(kpi("k", t=100.0), shaped)
    found = kpi_tracker.score(whole, rows, date(2021, 6, 30), rows_left_out={"k": 2})
    told = [cell.text for cell in column(table(start(found), "data-problems"), "What is missing")]
    assert told == [
        "No figure for 2021-02-28, 2021-03-31, 2021-04-30, 2021-05-31: the sum is short of it · 2 rows left out",
        "The observations of the baseline year are not complete · "
        "No figure for 2021-01-31, 2021-02-28, 2021-03-31, 2021-04-30, 2021-05-31: the sum is short of it",
    ]


def test_faults_stand_with_their_places() -> None:
    """What is wrong, where, in which item, as written; a document without faults has no such section."""
    found = start(kpi_tracker.check(NEGATIVE / "KT308-no-direction", AS_OF))
    rows = table(found, "faults").rows
    assert [cell.text for cell in rows[0].cells] == [
        "plan.yaml:8:5", "error KT308",
        "“direction” is needed here (increase or decrease): baseline and target do not show it", "faulty", "- id: faulty",
    ]  # fmt: skip
    assert rows[0].cells[3].to is None
    assert section(found, "faults").heading == "2 faults in the plan or its data"
    assert "Left out because of faults: faulty, kept" in said(section(found, "overview"))
    assert all(part.id != "faults" for part in SHOWN.sections)


def test_a_mere_warning_leaves_nothing_out() -> None:
    """So it is not said that something was."""
    twice = Diagnostic("KT416", Place("2021.csv", 9, 1), {"line": 3}, path="service/permits")
    warned = changed(scored(), diagnostics=(twice,))
    assert not document(warned, "en").banners
    told = section(start(warned), "faults")
    assert "left out" not in said(told)
    assert "warning KT416" in said(told)
    assert column(table(start(warned), "faults"), "Item")[0].to == "service/permits"


def test_recorded_facts_stand_with_their_source() -> None:
    """Value, mark, source, notes and the goal that each belongs to."""
    found = table(start(kpi_tracker.check(PLAN.parent / "positive" / "every-key", AS_OF)), "facts")
    assert [[cell.text for cell in row.cells] for row in found.rows] == [
        ["Registered", "1,234 家", "D · S", "N", ""], ["Prize", "First", "", "", ""], ["F", "", "", "", ""],
        ["Honour", "", "", "", "第一"],
    ]  # fmt: skip
    assert found.rows[0].cells[1].marks == ("approximate",)
    old = Fact("f", text("F"), 5.0, year=2015)
    dated = start(card(changed(plan(kpi("k", t=1.0)), facts=(old,)), [], "2021-01-31"))
    assert table(dated, "facts").rows[0].cells[1].detail == "2015"


def test_the_rules_are_told() -> None:
    """Dates, thresholds in words, how to read it, and what made it; an earlier date and what was known where given."""
    assert fact(SHOWN, "As of").text == "2021-09-30"
    assert fact(SHOWN, "Compared with").text == "2021-08-31"
    assert fact(SHOWN, "Base year").text == "2020"
    assert fact(SHOWN, "Made by").text == f"kpi_tracker {kpi_tracker.__version__}"
    assert fact(SHOWN, "Lag").text == "Expected less attainment, in percentage points; below 0 means ahead."
    assert [cell.text for cell in column(table(SHOWN, "thresholds"), "From … to")] == [
        "1.1 … +∞", "0.95 … 1.1", "0.8 … 0.95", "−∞ … 0.8",
    ]  # fmt: skip
    assert "A lag of up to 3 points is on track whatever the pace" in said(section(SHOWN, "about"))
    known = kpi_tracker.check(PLAN, AS_OF, date(2021, 9, 30))
    assert fact(start(known), "Data known at").text == "2021-09-30 23:59"
    rich = start(kpi_tracker.check(PLAN.parent / "positive" / "every-key", AS_OF))
    assert fact(rich, "Where the plan comes from").text == "The plan · Front page · printed “3700多家”"
    assert "Whole plan" in said(section(rich, "about"))


def test_what_holds_a_plan_down_is_named() -> None:
    """Breached vetoes and lagging binding KPIs, by their titles."""
    told = said(section(SHOWN, "overview"))
    assert "Breached veto KPIs: Accidents" in told
    assert "Lagging binding KPIs: Patents granted" in told


def test_an_exempt_goal_says_why() -> None:
    """With the day and the kind."""
    out = goal("g", kpi("k", t=1.0), exempt=changed(exempt("2021-03-01"), kind=ExemptKind.MERGED))
    told = said(section(page(document(card(plan(out), [], "2021-06-30"), "en"), "g"), "overview"))
    assert "It is out of the count." in told
    assert "Out of the count from 2021-03-01, merged into another: dropped" in told


def test_what_before_means_is_said_where_it_was_seen_from_that_day() -> None:
    """The earlier side of a change knows less than the later one, or all that is known by now."""
    now = kpi_tracker.check(PLAN, AS_OF)
    for known_at, told in ((date(2021, 8, 31), True), (None, False)):
        earlier = kpi_tracker.check(PLAN, date(2021, 8, 31), known_at)
        changes = said(section(page(document(now, "en", earlier), ""), "changes"))
        assert ("Before: as it was seen at the end of 2021-08-31" in changes) is told
