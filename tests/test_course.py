"""The course of a KPI for a chart: it says the same as the score, whatever the measure and the profile."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_tracker.course import MOST, actuals, base_year_actuals, course, steps_done
from kpi_tracker.model import reasons
from kpi_tracker.model.kpi import Kpi, Point, ProfileKind
from kpi_tracker.model.measure import Aggregate, Cadence, Direction, Measure, Status
from kpi_tracker.model.period import Period
from kpi_tracker.model.scorecard import KpiScore, Scorecard
from kpi_tracker.model.target import Tolerance
from tests.builders import card, day, exempt, held, kpi, limit, obs, plan, score_of, steps
from tests.reporting.showcase import scored as showcase

QUARTERS = ("2021-03-31", "2021-06-30", "2021-09-30")
STEPS = steps(("2021-03-31", 1.0), ("2021-06-30", 2.0), ("2021-11-30", 1.0))
POINTS = (Point(day("2021-03-31"), 0.1), Point(day("2021-06-30"), 0.1), Point(day("2021-07-01"), 0.6))
NUMBERS = (
    kpi(t=120.0), kpi(b=100.0, t=120.0, direction=Direction.DECREASE), kpi(t=120.0, aggregate=Aggregate.NEWEST),
    kpi(t=120.0, profile=ProfileKind.AT_END), kpi(t=120.0, profile=ProfileKind.POINTS, points=POINTS),
    kpi(t=120.0, start=day("2021-02-15"), due=day("2021-10-20")),
    kpi(measure=Measure.LEVEL, b=10.0, t=50.0), kpi(measure=Measure.LEVEL, b=50.0, t=10.0, aggregate=Aggregate.MIN),
    kpi(measure=Measure.LEVEL, t=50.0, aggregate=Aggregate.MEAN),
    kpi(measure=Measure.LEVEL, t=50.0, direction=Direction.DECREASE, aggregate=Aggregate.MAX),
    held(30.0, tolerance=Tolerance(0.1, relative=True)), kpi(measure=Measure.RATE, t=50.0),
    limit(at_most=90.0), limit(at_least=5.0, by=Aggregate.NEWEST), limit(at_most=40.0, by=Aggregate.MAX),
)  # fmt: skip


def both(one: Kpi, rows: dict[str, Any], as_of: str = "2021-09-30", **more: Any) -> tuple[KpiScore, Scorecard]:
    """Return the score of a KPI alone in a plan, and its scorecard."""
    whole = card(plan(one, **more), (obs(one.id, when, value) for when, value in rows.items()), as_of)
    return score_of(whole, one.id), whole


def shares(score: KpiScore, whole: Scorecard) -> dict[str, float]:
    """Return the expected shares by day."""
    return {point.date.isoformat(): point.share for point in course(score, whole).points}


def values(score: KpiScore, whole: Scorecard) -> dict[str, float | None]:
    """Return the expected values by day."""
    return {point.date.isoformat(): point.value for point in course(score, whole).points}


@settings(deadline=None)
@given(
    one=st.sampled_from(NUMBERS),
    rows=st.dictionaries(
        st.dates(date(2021, 1, 1), date(2021, 12, 31)),
        st.floats(0.5, 80).map(lambda x: round(x, 3)),
        min_size=1,
        max_size=14,
    ),
    as_of=st.dates(date(2021, 1, 1), date(2022, 2, 1)),
)
def test_the_course_passes_through_the_figures_of_the_score(one: Kpi, rows: dict[date, float], as_of: date) -> None:
    """At the data date the course expects what the score does, and the last value drawn is that of the score."""
    score, whole = both(one, {when.isoformat(): value for when, value in rows.items()}, as_of.isoformat())
    readings, expected = actuals(score, whole), shares(score, whole)
    assert [reading.value for reading in readings][-1:] == ([] if score.value is None else [score.value])
    if score.data_date is not None and score.data_date <= course(score, whole).end:
        assert expected[score.data_date.isoformat()] == score.expected
        assert readings[-1].date == score.data_date


@settings(deadline=None)
@given(
    done=st.sets(st.sampled_from([step.id for step in STEPS])), as_of=st.dates(date(2021, 9, 30), date(2021, 12, 31))
)
def test_the_course_of_steps_passes_through_the_score_too(done: set[str], as_of: date) -> None:
    """What steps are expected is asked on the day of the score, not on the data date."""
    one = kpi(measure=Measure.MILESTONE, steps=STEPS, direction=None, cadence=Cadence.IRREGULAR)
    score, whole = both(one, {"2021-09-30": tuple(sorted(done))}, as_of.isoformat())
    assert shares(score, whole)[as_of.isoformat()] == score.expected
    assert actuals(score, whole)[-1].value == score.value


def test_a_kpi_on_course_is_exactly_expected() -> None:
    """The value that the course expects at a date, observed there, is a lag of 0: the translation into the unit is right."""
    for one in NUMBERS[:3] + NUMBERS[5:10]:
        first, whole = both(one, {"2021-06-30": 20.0}, "2021-06-30")
        value = values(first, whole)["2021-06-30"]
        score, _ = both(one, {"2021-06-30": value}, "2021-06-30")
        assert score.lag == pytest.approx(0.0, abs=1e-9), one


def test_a_total_is_expected_month_by_month() -> None:
    """From 0 on the day before it starts to the target at its end, at the ends of all months."""
    found = values(*both(kpi(t=120.0), {}))
    assert (found["2020-12-31"], found["2021-06-30"], found["2021-12-31"]) == (0.0, 60.0, 120.0)
    assert [when[5:7] for when in found] == ["12", *(f"{m:02}" for m in range(1, 13))]


def test_a_level_without_baseline_that_is_to_fall_comes_from_infinity() -> None:
    """Where t / e has no value there is none, and at the end it is the target."""
    found = values(*both(kpi(measure=Measure.LEVEL, t=50.0, direction=Direction.DECREASE), {}))
    assert (found["2020-12-31"], found["2021-06-30"], found["2021-12-31"]) == (None, 100.0, 50.0)


def test_what_jumps_jumps_within_a_day() -> None:
    """A step in the course is drawn as one, not as a slope over a month."""
    at_end = shares(*both(kpi(t=1.0, profile=ProfileKind.AT_END), {}))
    assert (at_end["2021-12-30"], at_end["2021-12-31"]) == (0.0, 1.0)
    jump = shares(*both(kpi(t=1.0, profile=ProfileKind.POINTS, points=POINTS), {}))
    assert (jump["2021-06-30"], jump["2021-07-01"]) == (pytest.approx(0.1), pytest.approx(0.6))
    due = shares(*both(kpi(measure=Measure.MILESTONE, steps=STEPS, direction=None), {}))
    assert (due["2021-06-29"], due["2021-06-30"], due["2021-11-30"]) == (0.25, 0.75, 1.0)


def test_a_long_span_has_a_course_of_few_points() -> None:
    """A plan until the year 9999 is drawn, and not by its 95,748 months."""
    long = Period(date(2021, 1, 1), date(9999, 12, 31))
    found = course(*both(kpi(t=1.0), {}, period=long))
    assert found.points[-1] == (date(9999, 12, 31), 1.0, 1.0)
    assert len(found.points) < MOST + 10


def test_grades_have_shares_but_no_values() -> None:
    """A place on a scale between two grades is no grade."""
    one = kpi(measure=Measure.GRADE, b="C", t="A", scale=("A", "B", "C"), direction=None)
    found = course(*both(one, {"2021-06-30": "B"}))
    assert {point.value for point in found.points} == {None}
    assert found.points[-1].share == 1.0


def test_what_is_to_be_held_has_a_floor() -> None:
    """The tolerance is on the side that is worse."""
    assert course(*both(held(80.0, tolerance=Tolerance(5.0)), {})).floor == 75.0
    assert course(*both(held(80.0, down=True, tolerance=Tolerance(0.1, relative=True)), {})).floor == 88.0
    assert course(*both(held(80.0), {})).floor is None


def test_without_a_target_or_base_year_there_is_a_reason_instead() -> None:
    """No course is invented."""
    assert course(*both(kpi(), {})).reason == reasons.NO_TARGET
    follows = kpi(t=10.0, profile=ProfileKind.BASELINE_YEAR)
    found = course(*both(follows, {"2021-03-31": 1.0}))
    assert (found.reason, found.points) == (reasons.NO_SERIES, ())


def test_the_base_year_is_laid_over_this_one() -> None:
    """A year ago's sums stand at this year's dates, and a course that follows them bends where they do."""
    then = {f"2020-{end}": amount for end, amount in (("03-15", 10.0), ("08-31", 30.0), ("12-31", 60.0))}
    score, whole = both(
        kpi(t=200.0, b=100.0, profile=ProfileKind.BASELINE_YEAR), {**then, "2021-03-15": 30.0}, "2021-03-20"
    )
    assert base_year_actuals(score, whole) == (
        (day("2021-03-15"), 10.0),
        (day("2021-08-31"), 40.0),
        (day("2021-12-31"), 100.0),
    )
    found = values(score, whole)
    assert (found["2021-03-15"], found["2021-08-31"], found["2021-12-31"]) == (20.0, 80.0, 200.0)


def test_no_base_year_is_laid_over_what_it_does_not_fit() -> None:
    """Not over five years, not of grades, and not of the plan's own year."""
    rows = {"2020-12-31": 5.0, "2021-06-30": 7.0}
    assert base_year_actuals(*both(kpi(t=9.0), rows, period=Period(date(2021, 1, 1), date(2025, 12, 31)))) == ()
    graded = kpi(measure=Measure.GRADE, b="B", t="A", scale=("A", "B"), direction=None)
    assert base_year_actuals(*both(graded, {"2020-12-31": "B"})) == ()
    assert base_year_actuals(*both(kpi(t=9.0), rows, baseline_year=2021)) == ()


def test_readings_are_what_the_value_was_on_each_day() -> None:
    """Sums accumulate, means and extremes run on, and what is given as it stands is drawn as it stands."""
    rows = dict(zip(QUARTERS, (4.0, 1.0, 7.0), strict=True))

    def seen(one: Kpi) -> list[float | str]:
        return [reading.value for reading in actuals(*both(one, rows))]

    assert seen(kpi(t=20.0)) == [4.0, 5.0, 12.0]
    assert seen(kpi(t=20.0, aggregate=Aggregate.NEWEST)) == [4.0, 1.0, 7.0]
    assert seen(kpi(measure=Measure.LEVEL, t=20.0, aggregate=Aggregate.MEAN)) == [4.0, 2.5, 4.0]
    assert seen(kpi(measure=Measure.LEVEL, t=20.0, aggregate=Aggregate.MIN)) == [4.0, 1.0, 1.0]


def test_nothing_is_drawn_of_what_is_not_scored() -> None:
    """An exempt KPI and one without observations have no readings."""
    score, whole = both(kpi(t=20.0, exempt=exempt("2021-02-01")), {"2021-03-31": 1.0})
    assert (score.status, actuals(score, whole), steps_done(score, whole)) == (Status.EXEMPT, (), None)
    assert actuals(*both(kpi(t=20.0), {})) == ()


def test_a_long_series_is_thinned_but_keeps_its_last_reading() -> None:
    """Three years of days are drawn by so many readings that a picture can show."""
    start = date(2021, 1, 1)
    rows = {(start + timedelta(days=i)).isoformat(): 1.0 for i in range(1000)}
    score, whole = both(kpi(t=2000.0), rows, "2023-09-27", period=Period(start, date(2023, 12, 31)))
    readings = actuals(score, whole)
    assert len(readings) <= MOST
    assert readings[-1] == (date(2023, 9, 27), 1000.0)
    assert all(reading.value == (reading.date - start).days + 1.0 for reading in readings)


def test_steps_done_have_the_day_they_were_first_told() -> None:
    """A step that a later report takes back is not done."""
    one = kpi(measure=Measure.MILESTONE, steps=STEPS, direction=None)
    rows = {"2021-03-31": ("s1",), "2021-06-30": ("s1", "s2", "s3"), "2021-09-30": ("s1", "s2")}
    assert steps_done(*both(one, rows)) == {"s1": day("2021-03-31"), "s2": day("2021-06-30")}


def test_the_showcase_is_drawn_as_it_is_scored() -> None:
    """Every KPI of the showcase: its course and its readings end where its score says."""
    whole = showcase()
    for score in whole.kpis:
        readings = actuals(score, whole)
        assert (readings[-1].value if readings else None) == score.value
        on = whole.as_of if score.kpi.measure is Measure.MILESTONE else score.data_date
        found = course(score, whole)
        if score.expected is not None and on is not None and on <= found.end:
            assert {p.share for p in found.points if p.date == on} == {score.expected}
