"""The page of a KPI: the result in words, pictures, what it takes, what is measured, every figure and observation."""

from datetime import date, datetime

import kpi_tracker
from kpi_tracker import Scorecard
from kpi_tracker.documents.blocks import Chart, Headline, Page, Paragraph
from kpi_tracker.documents.content.document import document
from kpi_tracker.model.kpi import Kpi, Point, ProfileKind
from kpi_tracker.model.measure import Basis, Cadence, Direction, Measure
from kpi_tracker.model.observation import Value
from kpi_tracker.model.target import Abnormal, Baseline, Target, TargetForm
from kpi_tracker.record import changed
from tests.builders import card, exempt, kpi, limit, obs, plan, steps, text
from tests.documents.reading import column, fact, page, said, section, table
from tests.reporting.showcase import AS_OF, PLAN, scored
from tests.test_shipped_plan import PLAN as SHIPPED

MID = "2021-06-30"


def shown(name: str, found: Scorecard | None = None, lang: str = "en") -> Page:
    """Return the page of a KPI, of the showcase if not of another scorecard."""
    return page(document(found or scored(), lang), name)


def alone(one: Kpi, *values: Value, as_of: str = MID) -> Page:
    """Return the page of a KPI that is alone in its plan, with a value at mid-year."""
    return shown(one.id, card(plan(one), [obs(one.id, MID, value) for value in values], as_of))


def verdict(found: Page) -> str:
    """Return how a KPI stands, in words."""
    blocks = section(found, "overview").blocks
    return next(block.text for block in blocks if isinstance(block, Paragraph))


def test_sections_of_a_kpi() -> None:
    """The result and its pictures first, what it takes, then what it rests on."""
    assert [part.id for part in shown("permits").sections] == [
        "overview", "course", "outlook", "comparisons", "measuring", "supports", "score", "observations",
    ]  # fmt: skip
    assert [part.id for part in shown("registers").sections] == [
        "overview", "course", "steps", "measuring", "score", "observations",
    ]  # fmt: skip


def test_the_headline_of_a_kpi() -> None:
    """Value with its date, target with its basis, attainment, expected, lag with the days."""
    headline = section(shown("setup-time"), "overview").blocks[0]
    assert isinstance(headline, Headline)
    assert [(one.name, one.value, one.detail) for one in headline.readings] == [
        ("Value", "192 s (3 min 12 s)", "as of 2021-09-30"), ("Target", "180 s (3 min) (assumed)", ""),
        ("Attainment", "77.4%", ""), ("Expected", "75%", ""), ("Lag", "2.4 pp ahead", "9 days ahead"),
    ]  # fmt: skip
    silent = section(shown("scanners"), "overview").blocks[0]
    assert isinstance(silent, Headline)
    assert silent.readings[0].detail == "there is no observation yet"
    assert silent.readings[2].detail == ""


def test_the_verdict_of_a_kpi() -> None:
    """Value and target, how far along, and what it takes where it lags."""
    assert verdict(shown("permits")) == (
        "By 2021-09-30, it stands at 5,650 permits; target: 11,000 permits. 51.4% is attained where 75% is expected: "
        "23.6 pp short. That is 86 days behind. From 2021-09-30 on, the target takes 1,783.33 permits a month, 2.8 times the rate "
        "so far. At the rate so far it ends at 7,533 permits."
    )
    assert verdict(shown("setup-time")).endswith("2.4 pp more. That is 9 days ahead.")
    assert (
        verdict(shown("accidents")) == "By 2021-09-30, it stands at 1 accidents; limit: at most 0 accidents (derived)."
    )
    assert verdict(shown("registers")).startswith("By 2021-09-30: 1 of 3 steps done. 25% is attained")
    assert verdict(shown("scans")) == "There is no figure yet."
    assert verdict(shown("festival")) == "It is out of the count."
    assert verdict(alone(kpi(t=100.0), 50.0)) == (
        "By 2021-06-30, it stands at 50; target: 100. 50% is attained, as much as is expected (50%)."
    )
    assert verdict(alone(kpi(t=0.0), 5.0)) == "By 2021-06-30, it stands at 5; target: 0."


def test_what_it_takes_in_words_fits_the_case() -> None:
    """No multiple of a rate that went the other way; a budget is not to be reached but kept."""
    fell = verdict(alone(kpi("k", Measure.LEVEL, b=80.0, t=90.0), 79.0))
    assert fell.endswith("From 2021-06-30 on, the target takes up 1.83 a month. At the rate so far it ends at 78.")
    alone_without_start = verdict(alone(kpi("k", Measure.LEVEL, t=90.0), 20.0))
    assert alone_without_start.endswith("the target takes up 11.67 a month.")
    budget = kpi("k", t=100.0, direction=Direction.DECREASE)
    assert "From 2021-06-30 on, what is left of it is 1.67 a month. At the rate so far it ends at 180." in verdict(
        alone(budget, 90.0)
    )
    assert "what is left" not in verdict(alone(budget, 120.0))


def test_warnings_stand_by_the_result() -> None:
    """Stale and incomplete data, vetoes and binding marks, illustrative data."""
    stale = said(section(shown("samples"), "overview"))
    assert stale.startswith("At a glance\nThe next figure is overdue since 2021-09-10")  # before the old figures
    assert stale.count("old: as of 2021-07-31") == 3
    assert "The newest figure is of 2021-07-31 and said: on track." in stale
    assert "No figure for 2021-03-31: the sum is short of it" in said(section(shown("visits"), "overview"))
    assert "A veto: where it is breached, everything above it is." in said(section(shown("accidents"), "overview"))
    assert "Binding: while it lags" in said(section(shown("patents"), "overview"))
    assert "Out of the count from 2021-08-01, postponed: epidemic" in said(section(shown("festival"), "overview"))
    made_up = shown("pct-applications", kpi_tracker.check(SHIPPED, AS_OF))
    assert "The data are illustrative." in said(section(made_up, "overview"))
    assert "illustrative" not in said(section(shown("permits"), "overview"))


def test_pictures_of_a_kpi() -> None:
    """The pace chart and the bullet; what is out of the count has no bullet."""

    def names(name: str) -> list[str]:
        return [block.name for block in section(shown(name), "course").blocks if isinstance(block, Chart)]

    assert names("permits") == ["pace", "bullet"]
    assert "bullet" not in names("festival")


def test_a_kpi_without_pictures_has_no_section_for_them() -> None:
    """Rather than an empty one."""
    found = alone(kpi("k", Measure.LEVEL, exempt=exempt("2021-01-01")))
    drawn = [block for part in found.sections for block in part.blocks if isinstance(block, Chart)]
    assert ("course" in [part.id for part in found.sections]) is bool(drawn)


def test_the_outlook_has_rates_and_the_reason_where_one_is_missing() -> None:
    """Percentages change by percentage points."""
    assert [fact(shown("pilots"), name).text for name in ("Needed from 2021-09-30 on", "Rate so far", "Needed over so far")] == [
        "up 21.33 pp a month", "up 1.78 pp a month", "12×",
    ]  # fmt: skip
    reached = section(shown("stations"), "outlook")
    assert Paragraph("The period is over", "quiet") in reached.blocks
    assert fact(shown("stations"), "Needed over so far").text == "–"


def test_a_rate_that_went_the_other_way_has_no_multiple() -> None:
    """Neither beside the rates nor among the figures is there a negative multiple; the reason stands in its place."""
    away = kpi("k", Measure.LEVEL, b=80.0, t=90.0)
    budget = kpi("k", t=100.0, direction=Direction.DECREASE)
    for one, value, reason in (
        (away, 79.0, "so far it moves away from the target, so there is no multiple of that rate"),
        (budget, 120.0, "nothing is left of it, so there is no multiple of the rate so far"),
        (budget, 100.0, "nothing is left of it, so there is no multiple of the rate so far"),
    ):
        found = alone(one, value)
        assert fact(found, "Needed over so far").text == "–"
        assert Paragraph(reason.capitalize(), "quiet") in section(found, "outlook").blocks
        figures = dict(
            zip(column(table(found, "figures"), "Figure"), column(table(found, "figures"), "Value"), strict=True)
        )
        assert {name.text: value.text for name, value in figures.items()}["needed over so far"] == reason


def test_steps_tell_what_is_done_overdue_open_or_not_known() -> None:
    """Nothing is called overdue that is out of the count, or of which nothing was heard."""

    def states(found: Page) -> list[str]:
        return [cell.text for cell in column(table(found, "steps"), "State")]

    assert states(shown("registers")) == ["done", "overdue", "open"]
    assert states(shown("festival")) == ["open", "open"]
    silent = kpi("m", Measure.MILESTONE, steps=steps(("2021-03-31", 1), ("2021-12-31", 1)))
    assert states(alone(silent)) == ["no data", "open"]


def test_comparisons_with_base_years_keep_their_marks() -> None:
    """A baseline of an abnormal year is marked, and stands beside a second one, with the reason."""
    found = shown("patents")
    rows = table(found, "comparisons").rows
    assert [[cell.text for cell in row.cells] for row in rows] == [
        ["2020", "400 patents", "280 patents", "+10 patents", "+3.6%"],
        ["2019", "500 patents", "350 patents", "−60 patents", "−17.1%"],
    ]  # fmt: skip
    assert [row.cells[1].marks for row in rows] == [("abnormal year",), ()]
    assert rows[0].cells[2].detail == "the same day of 2020"
    assert "The base year was no ordinary one: epidemic" in said(section(found, "comparisons"))
    graded = table(shown("cluster"), "comparisons").rows[0].cells
    assert (graded[4].text, graded[4].detail) == ("–", "grades have no arithmetic")
    listed = table(page(document(scored(), "en"), "kpis"), "kpis")
    against = {
        row.cells[0].text: cell for row, cell in zip(listed.rows, column(listed, "Against the base year"), strict=True)
    }
    assert (against["Patents granted"].text, against["Patents granted"].marks) == ("+3.6%", ("abnormal year",))
    assert against["Permits handled"].marks == ("approximate",)
    assert (against["Share of units in the pilot"].text, against["Scanners"].text) == ("+16 pp", "–")
    assert against["Best time to set up a company"].text == "−17.6%"


def test_a_change_that_rounds_to_nothing_has_no_sign() -> None:
    """+0% would say that there is one."""
    found = page(
        document(card(plan(kpi("k", Measure.LEVEL, b=1e6, t=2e6)), [obs("k", MID, 1e6 + 1)], MID), "en"), "kpis"
    )
    assert column(table(found, "kpis"), "Against the base year")[0].text == "0%"


def test_what_is_measured_is_told_with_its_marks() -> None:
    """Measure, unit, direction, baseline and target with their sources, dates, and where each was written."""
    found = page(document(kpi_tracker.check(PLAN.parent / "positive" / "every-key", AS_OF), "en"), "full")
    told = {name: (cell.text, cell.detail) for name, cell in section(found, "measuring").blocks[0].rows}  # type: ignore[union-attr, misc]
    assert told == {
        "What it measures": ("total", ""), "Its unit": ("CNY 10,000", ""), "Better is": ("increase", ""),
        "The value is": ("the newest figure", ""), "Baseline": ("49,200 CNY 10,000", "2019 · Page 3"),
        "A second base year to compare with": ("50,000 CNY 10,000", "2018"),
        "Target": ("60,000 CNY 10,000", "stated · written “60,000” · Page 4"), "Period": ("2021-02-01 … 2021-11-30", ""),
        "Expected course": ("by set dates", "2021-06-30 40%, 2021-11-30 100%"), "Reported": ("every month", ""),
        "Days until a figure is overdue": ("5", ""), "Next figure due by": ("–", ""), "Owner": ("Bureau", ""),
        "Weight": ("0.5", ""), "Kind": ("Task", ""), "Tags": ("a", ""), "Where it comes from": ("Page 2", ""),
        "Id": ("full", ""), "KPI written at": ("plan.yaml:69:9", ""), "Baseline written at": ("plan.yaml:84:11", ""),
        "Target written at": ("plan.yaml:90:17", ""),
    }  # fmt: skip
    assert fact(found, "Baseline").marks == ("approximate", "abnormal year")
    assert [block.text for block in section(found, "measuring").blocks[1:]] == ["Notes", "Notes"]  # type: ignore[union-attr]


def test_assumed_targets_are_marked_where_they_stand() -> None:
    """With the plan's own notation, and whether the plan's policy gave them."""
    assert fact(shown("setup-time"), "Target").marks == ("assumed",)
    policy = fact(shown("hotline"), "Target")
    assert (policy.text, policy.marks) == ("hold 99%", ("assumed",))
    assert policy.detail == "given by the plan's target_policy · written “maintain: true”"
    assert fact(shown("permits"), "Target").detail == "stated · written “change: +10%”"
    bare = alone(kpi("k", t=Target(9.0, Basis.DERIVED, TargetForm.VALUE)), 5.0)
    assert (fact(bare, "Target").marks, fact(bare, "Target").detail) == (("derived",), "")
    assert fact(alone(kpi("k", Measure.LEVEL), 5.0), "Target").text == "no target"


def test_what_a_plan_leaves_out_is_not_told() -> None:
    """No empty facts: unit, direction, scale, baseline; rates and limits have no course of their own."""
    names = [name for name, _ in section(alone(limit(at_most=3), 1.0), "measuring").blocks[0].rows]  # type: ignore[union-attr, misc]
    assert names == [
        "What it measures", "The value is", "Target", "Period", "Reported", "Days until a figure is overdue",
        "Next figure due by", "Owner", "Weight", "Id", "KPI written at", "Target written at",
    ]  # fmt: skip
    graded = alone(kpi("g", Measure.GRADE, b="B", t="A", scale=("A", "B"), kind="odd", profile=ProfileKind.AT_END), "B")
    assert (fact(graded, "Grades, best first").text, fact(graded, "Kind").text) == ("A, B", "odd")
    assert fact(graded, "Expected course").text == "all at the end"
    half = kpi("h", t=9.0, b=Baseline(5.0, abnormal=Abnormal(text("flood"))), cadence=Cadence.YEARLY,
               points=(Point(date(2021, 12, 31), 1.0),), profile=ProfileKind.POINTS)  # fmt: skip
    assert "second base year" not in said(section(alone(half, 5.0), "measuring"))
    assert "The base year was no ordinary one: flood" in said(alone(half, 5.0))


def test_formulas_are_taken_apart_and_nulls_have_their_reason() -> None:
    """Names, values, formulas in words of the language, and the numbers put in."""
    figures = {
        row.cells[0].text: [cell.text for cell in row.cells[1:]] for row in table(shown("permits"), "figures").rows
    }
    assert figures["value x"] == ["5,650 permits", "Σ x", "620 + 540 + 700 + 610 + 580 + 640 + 590 + 650 + 720"]
    assert figures["expected attainment e"] == ["0.75", "e = months passed / months", "9 / 12"]
    assert figures["change against 2020"] == ["−1,850", "x − (b · e0)", "5650 − 7500"]
    graded = {row.cells[0].text: row.cells[1].text for row in table(shown("cluster"), "figures").rows}
    assert graded["pace index p"] == "nothing is expected yet"
    assert table(shown("permits", lang="zh"), "figures").rows[3].cells[2].text == "e = 已过月数 / 总月数"
    silent = section(shown("scans"), "score").blocks
    assert silent[0] == Paragraph("There is no observation yet", "quiet")
    strict = section(shown("pilots"), "score").blocks
    assert len(strict) == 2  # bands by lag need no floor


def test_corrections_stay_visible() -> None:
    """The replaced figure stands beside the one that counts, each with both dates."""
    rows = table(shown("permits"), "observations").rows
    august = [[cell.text for cell in row.cells] for row in rows if row.cells[0].text == "2021-08-31"]
    assert august == [
        ["2021-08-31", "600 permits", "600", "2021-09-05 23:59", "superseded", "reported", "月报", "", "observations/2021.csv:9:1"],
        ["2021-08-31", "650 permits", "650", "2021-09-20 23:59", "used", "reported", "更正", "corrected", "observations/2021.csv:11:1"],
    ]  # fmt: skip
    base = [cell.text for cell in column(table(shown("patents"), "observations"), "Part")]
    assert base[:4] == ["base year"] * 4
    assert "There is no observation." in said(section(shown("scans"), "observations"))


def test_observations_in_words_are_shown_in_words() -> None:
    """Steps by their titles, grades as they are; what was recorded without a time has none."""
    done = column(table(shown("registers"), "observations"), "Value")
    assert done[-1].text == "Draft"
    graded = table(shown("cluster"), "observations").rows[0].cells
    assert (graded[1].text, graded[1].sort, graded[3].text) == ("C", None, "–")
    nothing = kpi("m", Measure.MILESTONE, steps=steps(("2021-12-31", 1)))
    assert column(table(alone(nothing, ()), "observations"), "Value")[0].text == "–"


def test_a_figure_that_came_later_is_not_told() -> None:
    """A report of a day says nothing of a later one, so that a past night's report can be made again."""
    late = changed(obs("k", MID, 50.0), recorded_at=datetime(2021, 8, 1))
    found = kpi_tracker.score(plan(kpi("k", t=100.0)), [late], date(2021, 7, 31), date(2021, 7, 31))
    assert "There is no observation." in said(section(shown("k", found), "observations"))
    both = kpi_tracker.score(
        plan(kpi("k", t=100.0)), [late, obs("k", "2021-03-31", 7.0)], date(2021, 7, 31), date(2021, 7, 31)
    )
    assert [cell.text for cell in column(table(shown("k", both), "observations"), "Part")] == ["used"]


def test_numbers_beyond_reading_are_told_by_their_size() -> None:
    """Hundreds of digits help nobody, and must not stop a document."""
    assert "1e+30" in verdict(alone(kpi("k", t=3e30), 1e30))
    assert "−2e+30" in verdict(alone(kpi("k", Measure.LEVEL, b=0.0, t=1.0), -2e30))
    assert "999,999,999,999,999,000,000" in verdict(alone(kpi("k", t=3e30), 999999999999999e6))


def test_what_decided_the_status_stands_before_the_thresholds_that_did_not() -> None:
    """A figure that the bands call lagging, and a status that is another, need a word; an exemption has it at the head."""
    bound = alone(limit(at_most=1), 2.0)
    assert "breached: A bound that must never break was broken." in said(section(bound, "score"))
    assert "lagging:" not in said(section(alone(kpi(t=120.0), 10.0), "score"))
    out = alone(kpi(t=120.0, exempt=exempt("2021-02-01")), 10.0)
    assert "Out of the count from 2021-02-01, cancelled: dropped" in said(section(out, "overview"))
    assert "exempt:" not in said(section(out, "score"))
    archive = section(page(document(scored(), "zh"), "archive"), "score")
    assert "数据不足：覆盖率0%，低于评判所需的80%，不作评判。" in said(archive)
