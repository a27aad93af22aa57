"""Pace charts: everything that a score says is in the picture, what it does not say is not drawn, and words say why."""

import re
from itertools import pairwise
from typing import Any

import pytest

import kpi_tracker
from kpi_tracker.documents.charts.drawing import Drawing
from kpi_tracker.documents.charts.pace import pace_chart
from kpi_tracker.documents.charts.svg import svg
from kpi_tracker.language import language
from kpi_tracker.model.kpi import Kpi, Point, ProfileKind
from kpi_tracker.model.measure import Aggregate, Basis, Direction, Measure, Status
from kpi_tracker.model.period import Period
from kpi_tracker.model.scorecard import KpiScore
from kpi_tracker.model.target import Abnormal, Baseline, Target, TargetForm, Tolerance
from kpi_tracker.model.unit import Text, Unit, UnitFamily
from kpi_tracker.record import changed
from tests.builders import card, day, exempt, held, kpi, limit, obs, plan, steps
from tests.documents.drawn import EN, classes, made_up, of_class, paced, pinghu, words_in
from tests.documents.made import HOSTILE
from tests.reporting.showcase import scored as showcase

MONTHS = [f"2021-{m:02}-28" for m in range(1, 10)]
QUARTERS = {"2021-03-31": 10.0, "2021-06-30": 20.0, "2021-09-30": 30.0}
PERCENT = Unit(Text("%", "%"), UnitFamily.PERCENT)
STEPS = steps(("2021-03-31", 1.0), ("2021-06-30", 1.0), ("2021-09-30", 1.0), ("2021-11-30", 1.0))


def points(drawing: Drawing, kind: str) -> list[tuple[float, float]]:
    """Return the points of the line of a class."""
    path = str(of_class(drawing, kind)[0].attributes["d"])
    return [(float(x), float(y)) for x, y in re.findall(r"([-\d.]+) ([-\d.]+)", path)]


def test_a_total_shows_all_that_belongs_to_it() -> None:
    """Actual line, expected course, target, base year, landing, the day: with name and value each."""
    found = paced(kpi(b=50.0, t=80.0), QUARTERS)
    assert {"c-actual", "c-expected", "c-target", "c-base", "c-landing", "c-day", "c-now"} <= classes(found)
    told = words_in(found)
    assert {"actual 60", "expected 60"} <= set(told)
    assert [told[told.index(name) + 1] for name in ("target", "2020 baseline", "at this rate")] == ["80", "50", "80"]
    assert {"2021-09-30", "Jan", "on track", "cumulative"} <= set(told)


def test_a_picture_says_in_words_what_it_shows() -> None:
    """Value, status, attainment, expectation, target, baseline, landing: for who cannot see it."""
    found = paced(kpi("permits", b=50.0, t=80.0, unit=Unit(Text("件", "cases"))), QUARTERS)
    assert found.title == "permits"
    assert found.description == (
        "60 cases on 2021-09-30: on track. Attainment: 75%. Expected by then: 75%. Target: 80 cases. "
        "Value expected by then: 60 cases. Baseline 2020: 50 cases. At the rate so far: 80 cases on 2021-12-31."
    )


def test_the_line_of_a_total_begins_at_nothing_and_goes_on_to_where_it_lands() -> None:
    """The dashes go on from the last reading to the end of the span."""
    found = paced(kpi(t=80.0), QUARTERS)
    actual, landing = points(found, "c-actual"), points(found, "c-landing")
    assert actual[0] == points(found, "c-axis")[0]
    assert landing[0] == actual[-1]
    assert landing[-1][0] == points(found, "c-target")[-1][0]


def test_what_lands_far_out_is_cut_off_at_the_edge_but_told() -> None:
    """A scale that held it would press everything else flat."""
    found = paced(kpi(t=12.0, b=10.0), {"2021-01-31": 12.0}, "2021-02-05")
    edge = min(y for _, y in points(found, "c-target") + points(found, "c-landing"))
    assert points(found, "c-landing")[-1][1] == edge
    assert "144" in words_in(found)


def test_a_level_begins_with_its_first_reading() -> None:
    """Nothing is drawn that nobody saw; the course begins at the baseline."""
    found = paced(kpi(measure=Measure.LEVEL, b=10.0, t=50.0), {"2021-03-31": 15.0, "2021-06-30": 22.0}, "2021-07-05")
    left = points(found, "c-axis")[0][0]
    assert points(found, "c-actual")[0][0] > left
    assert points(found, "c-expected")[0] == points(found, "c-base")[0]


def test_one_reading_is_a_point() -> None:
    """A line needs two."""
    found = paced(kpi(measure=Measure.LEVEL, b=10.0, t=50.0), {"2021-03-31": 15.0}, "2021-04-01")
    assert "c-actual" not in classes(found)
    assert len(of_class(found, "c-dot")) == 1


def test_so_many_readings_are_a_line_without_dots() -> None:
    """Two hundred dots are a worm."""
    rows = {f"2021-{m:02}-{d:02}": 1.0 for m in range(1, 4) for d in range(1, 29)}
    assert len(of_class(paced(kpi(t=400.0), rows, "2021-04-01"), "c-dot")) == 1
    assert len(of_class(paced(kpi(t=400.0), dict.fromkeys(MONTHS, 1.0)), "c-dot")) == len(MONTHS)


def test_flat_targets_have_no_second_line() -> None:
    """What must hold at every date is expected to be at the target."""
    for one in (kpi(measure=Measure.RATE, t=50.0), held(50.0), limit(at_most=90.0)):
        found = paced(one, QUARTERS)
        assert "c-expected" not in classes(found)
        assert not [text for text in words_in(found) if text.startswith("expected")]


def test_what_must_not_pass_a_bound_goes_up_in_steps() -> None:
    """It stood at its last figure until the next one came."""
    places = points(paced(limit(at_most=90.0), QUARTERS), "c-actual")
    assert len(places) == 7
    assert all(x == x2 or y == y2 for (x, y), (x2, y2) in pairwise(places))
    at_least = paced(limit(at_least=5.0, by=Aggregate.NEWEST), QUARTERS)
    assert points(at_least, "c-actual")[0][0] > points(at_least, "c-axis")[0][0]
    assert "at least" in words_in(at_least)


def test_a_tolerance_is_a_band() -> None:
    """What may still be called maintained lies in it."""
    found = paced(held(80.0, tolerance=Tolerance(5.0)), {"2021-06-30": 78.0})
    assert "c-band" in classes(found)
    assert "to be held" in words_in(found)


@pytest.mark.parametrize(
    ("rows", "reason"), [({}, "there is no observation yet"), ({"2020-12-31": 5.0}, "there is no observation yet")]
)
def test_no_data_is_said_and_not_drawn(rows: dict[str, Any], reason: str) -> None:
    """No line, no point, no 0, nothing green."""
    found = paced(kpi(b=5.0, t=8.0), rows)
    assert not {"c-actual", "c-dot", "c-landing", "c-on_track", "c-ahead", "c-achieved"} & classes(found)
    assert f"No value: {reason}" in words_in(found)
    assert found.description.startswith(f"No value: {reason}; no data. Target: 8.")


def test_an_exempt_kpi_is_not_measured() -> None:
    """Its target stands there, with no course and no notes of what is missing."""
    found = paced(kpi(b=5.0, t=8.0, exempt=exempt("2021-02-01")), QUARTERS)
    assert "c-expected" not in classes(found)
    assert "No value: the item is exempt" in words_in(found)


def test_nothing_at_all_is_no_picture() -> None:
    """Neither figure, target nor baseline."""
    whole = card(plan(kpi()), (), "2021-09-30")
    assert pace_chart(whole.kpis[0], whole, EN) is None


def test_old_figures_are_marked_as_old() -> None:
    """The time without a figure is shaded, and a note says since when."""
    found = paced(kpi(t=80.0), {"2021-01-31": 5.0, "2021-02-28": 5.0})
    assert of_class(found, "c-band")
    assert "No figure after 2021-02-28; a newer one is overdue." in words_in(found)
    assert "A newer figure is overdue." in found.description
    assert "c-stale" in classes(found)


def test_an_overdue_figure_before_the_plan_began_shades_nothing() -> None:
    """A day outside the picture has no mark in it."""
    found = paced(kpi(t=80.0), QUARTERS, "2022-03-01")
    assert not {"c-day", "c-band"} & classes(found)


def test_missing_periods_and_rows_are_noted() -> None:
    """A sum with holes says how many, and which."""
    rows = {"2021-01-31": 1.0, "2021-09-30": 1.0}
    assert "7 periods without a figure: 2021-02-28, 2021-03-31, 2021-04-30…" in words_in(paced(kpi(t=9.0), rows))
    one = paced(kpi(t=9.0), {"2021-01-31": 1.0, "2021-03-31": 1.0}, "2021-04-01")
    assert "1 period without a figure: 2021-02-28" in words_in(one)
    whole = kpi_tracker.score(plan(kpi(t=9.0)), [obs("k", "2021-09-30", 1.0)], day("2021-09-30"), None, {"k": 2})
    found = pace_chart(whole.kpis[0], whole, EN)
    assert found is not None
    assert "2 rows left out" in words_in(found)


def test_what_has_no_course_says_why() -> None:
    """No target, or a base year that is not complete."""
    assert "No expected course: there is no target." in words_in(paced(kpi(b=5.0), QUARTERS))
    follows = paced(kpi(b=5.0, t=90.0, profile=ProfileKind.BASELINE_YEAR), QUARTERS)
    assert "No expected course: the observations of the baseline year are not complete." in words_in(follows)
    assert "No expected course: the observations of the baseline year are not complete." in follows.description


def test_what_does_not_land_says_why() -> None:
    """A level without baseline has no rate; one that has reached its target needs none."""
    rows = {"2021-06-30": 3.0}
    unknown = paced(kpi(measure=Measure.LEVEL, t=9.0), rows)
    assert "No landing at the rate so far: there is no baseline." in words_in(unknown)
    assert "No landing at the rate so far: there is no baseline." in unknown.description
    reached = paced(kpi(measure=Measure.LEVEL, t=2.0), rows)
    assert not [text for text in words_in(reached) if text.startswith("No landing")]


def test_a_course_from_infinity_is_drawn_as_far_as_the_scale_goes() -> None:
    """And not at all where nothing was seen that it could be compared with."""
    falls = kpi(measure=Measure.LEVEL, t=2.0, direction=Direction.DECREASE)
    found = paced(falls, {"2021-06-30": 5.0, "2021-09-30": 4.0})
    top = min(y for _, y in points(found, "c-grid"))
    assert all(y >= top - 300 for _, y in points(found, "c-expected"))
    assert "expected 2.67" in words_in(found)
    assert "c-expected" not in classes(paced(falls, {}))


def test_an_expectation_beyond_the_scale_is_not_named_in_it() -> None:
    """Early in the year t / x is far away."""
    falls = kpi(measure=Measure.LEVEL, t=2.0, direction=Direction.DECREASE)
    found = paced(falls, {"2021-01-31": 3.0}, "2021-02-01")
    assert not [text for text in words_in(found) if text.startswith("expected")]


def test_the_base_year_is_a_thin_line() -> None:
    """Where its figures are known, with a note of what it is."""
    then = {f"2020-{m:02}-28": 5.0 for m in range(1, 12)}
    found = paced(kpi(b=60.0, t=80.0), {**then, **QUARTERS})
    assert "c-before" in classes(found)
    assert "The thin grey line is the course of 2020." in words_in(found)


def test_marks_stand_where_the_figure_stands() -> None:
    """Assumed targets, approximate and abnormal baselines."""
    base = Baseline(3700.0, approximate=True, abnormal=Abnormal(Text("疫情", "pandemic")))
    told = words_in(paced(kpi(b=base, t=Target(4000.0, Basis.ASSUMED)), QUARTERS))
    assert {"target (assumed)", "2020 baseline", "(abnormal year)", "about 3,700"} <= set(told)
    assert "upper bound" not in told
    assert "at most (derived)" in words_in(paced(changed_basis(limit(at_most=90.0)), QUARTERS))


def changed_basis(one: Kpi) -> Kpi:
    """Return the KPI with a derived target."""
    assert one.target is not None
    return changed(one, target=changed(one.target, basis=Basis.DERIVED))


def test_illustrative_data_are_marked_in_the_picture_itself() -> None:
    """Also when it is cut out of its page."""
    whole = card(plan(kpi(t=9.0)), [made_up("k", "2021-09-30", 3.0)], "2021-09-30")
    found = pace_chart(whole.kpis[0], whole, EN)
    assert found is not None
    assert "illustrative data" in words_in(found)
    assert found.description.endswith("The data are illustrative.")
    assert "illustrative data" not in words_in(paced(kpi(t=9.0), QUARTERS))


def test_percentages_carry_their_sign_and_means_their_name() -> None:
    """The unit stands in the head; how the value comes together too."""
    told = words_in(paced(kpi(measure=Measure.RATE, t=50.0, unit=PERCENT), {"2021-09-30": 48.5}))
    assert "actual 48.5%" in told
    assert "%" in told
    mean = kpi(measure=Measure.LEVEL, b=1.0, t=50.0, unit=Unit(Text("秒", "s")), aggregate=Aggregate.MEAN)
    assert "mean so far · s" in words_in(paced(mean, QUARTERS))


def test_figures_worked_out_from_whole_numbers_are_whole() -> None:
    """7,189.88 households are none; of small numbers the share is told."""
    assert "expected 7,190" in words_in(paced(kpi(t=9586.5), {"2021-09-30": 7669.0}))
    assert "expected 7.5" in words_in(paced(kpi(t=10.0), {"2021-09-30": 7.0}))


def test_steps_are_rows_with_a_shape_for_each_state() -> None:
    """Done, late, due today and to come; the words beside the shapes say the same."""
    found = paced(kpi(measure=Measure.MILESTONE, steps=STEPS, direction=None), {"2021-09-30": ("s1",)})
    told = words_in(found)
    assert [text for text in told if text in ("done", "92 days late", "due today", "in 61 days")] == [
        "done", "92 days late", "due today", "in 61 days",
    ]  # fmt: skip
    assert {"c-achieved", "c-lagging", "c-pending"} <= classes(found)
    assert "done 25% by weight, due 75%" in told
    assert "s2: 2021-06-30, 92 days late." in found.description


def test_steps_of_which_nothing_is_known_are_not_called_late() -> None:
    """No observation, no verdict; and an exempt KPI has none either."""
    one = kpi(measure=Measure.MILESTONE, steps=STEPS, direction=None)
    assert words_in(paced(one, {})).count("not known") == 4
    assert "steps by weight" in words_in(paced(one, {}))
    dropped = kpi(measure=Measure.MILESTONE, steps=STEPS, direction=None, exempt=exempt("2021-02-01"))
    assert words_in(paced(dropped, {})).count("exempt") == 5


def test_very_many_steps_are_cut_off_with_a_word() -> None:
    """All of them are in the description."""
    many = steps(*((f"2021-{1 + i // 3:02}-{1 + i % 3:02}", 1.0) for i in range(30)))
    found = paced(kpi(measure=Measure.MILESTONE, steps=many, direction=None), {"2021-09-30": ("s1",)})
    assert "10 more steps" in words_in(found)
    assert "s30: " in found.description


def test_a_step_due_outside_the_span_is_still_in_the_picture() -> None:
    """The axis reaches as far as the steps do."""
    late = steps(("2021-03-31", 1.0), ("2022-02-28", 1.0))
    found = paced(kpi(measure=Measure.MILESTONE, steps=late, direction=None), {"2021-06-30": ("s1",)})
    right = points(found, "c-axis")[1][0]
    marks = [str(mark.attributes["transform"]) for mark in of_class(found, "c-pending") if mark.tag == "g"]
    assert all(float(re.findall(r"[\d.]+", mark)[0]) <= right for mark in marks)
    assert "2022" in words_in(found)


def grade(**more: Any) -> Kpi:
    """Return a KPI with grades."""
    return kpi(measure=Measure.GRADE, b="C", t="A", scale=("A", "B", "C", "D"), direction=None, **more)


def test_grades_are_steps_with_the_best_on_top() -> None:
    """Every grade of the scale has its line, in the order of the scale."""
    found = paced(grade(), {"2021-03-31": "D", "2021-06-30": "C", "2021-09-30": "B"})
    told = words_in(found)
    assert told[2:6] == ["A", "B", "C", "D"]
    assert len(points(found, "c-actual")) == 5
    assert "actual B" in told
    assert points(found, "c-target")[0][1] < points(found, "c-base")[0][1]
    assert len(of_class(paced(grade(), {"2021-09-30": "B"}), "c-actual")) == 0
    assert "No value: there is no observation yet" in words_in(paced(grade(), {}))
    assert "c-base" not in classes(paced(kpi(measure=Measure.GRADE, t="A", scale=("A", "B"), direction=None), {}))
    assert "c-target" not in classes(paced(kpi(measure=Measure.GRADE, b="A", scale=("A", "B"), direction=None), {}))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_a_plan_holds_is_text(text: str) -> None:
    """Titles, units, grades, names of steps: shown, shortened, and harmless; the title is whole for screen readers."""
    words = Text(text, text)
    unit = Unit(words)
    pictures = (
        paced(changed(kpi(b=5.0, t=8.0, unit=unit), title=words), QUARTERS),
        paced(kpi(measure=Measure.GRADE, t=text, scale=(text, "B"), direction=None, unit=unit), {"2021-06-30": text}),
    )
    for picture in pictures:
        assert "<script" not in svg(picture, inline=False)
        assert all(len(told) < 200 for told in words_in(picture))
    assert len(pictures[0].title) >= len(text.strip("\r\n")) - 10


def test_several_years_have_years_on_their_axis() -> None:
    """And a course that bends in the second."""
    period = Period(day("2021-01-01"), day("2022-12-31"))
    bent = kpi(t=9.0, profile=ProfileKind.POINTS, points=(Point(day("2022-03-31"), 0.2),))
    told = words_in(paced(bent, QUARTERS, period=period))
    assert {"2021", "2022"} <= set(told)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_kpi_of_the_plans_that_come_along_has_its_picture(lang: str) -> None:
    """Both plans, both languages; twice the same bytes, and no number with more than two decimals."""
    for whole in (pinghu(), showcase()):
        for score in whole.kpis:
            found = pace_chart(score, whole, language(lang))
            assert found is not None, score.path
            written = svg(found, inline=True)
            again = pace_chart(score, whole, language(lang))
            assert again is not None
            assert written == svg(again, inline=True)
            assert not re.search(r'(?:x|y|d|points|width|height)\d?="[^"]*\d\.\d{3}', written)
            told(score, found, lang)


def told(score: KpiScore, found: Drawing, lang: str) -> None:
    """Check what is true of every picture: the status in words, and green only for what is good."""
    good = {"c-on_track", "c-ahead", "c-achieved"}
    assert len(words_in(found)[1]) > 0
    if (
        score.status in (Status.NO_DATA, Status.STALE, Status.PENDING, Status.EXEMPT)
        and score.kpi.measure is not Measure.MILESTONE
    ):
        assert not good & classes(found), score.path
    assert lang == found.lang


def test_target_forms_have_their_names() -> None:
    """A bound from above is not called a target."""
    at_most = limit(at_most=90.0)
    assert at_most.target is not None
    assert at_most.target.form is TargetForm.AT_MOST
    assert "at most" in words_in(paced(at_most, QUARTERS))
