"""The expected course of a KPI, its inverse, and how many days a value is behind it."""

from datetime import date, timedelta

import pytest

from kpi_tracker.calendar import Profile, Span, at_end, elapsed, points
from kpi_tracker.model import reasons
from kpi_tracker.model.kpi import Kpi, Point, ProfileKind
from kpi_tracker.model.measure import Aggregate, Direction, Measure, Status
from kpi_tracker.model.observation import Observation, Value
from kpi_tracker.model.scorecard import KpiScore
from tests.builders import card, day, held, kpi, limit, obs, plan, score_of, scored, steps

HALF, END = "2021-06-30", "2021-12-31"
YEAR = Span(day("2021-01-01"), day(END))
HARVEST = (Point(day("2021-06-30"), 0.0), Point(day("2021-09-30"), 0.9), Point(day(END), 1.0))


def through(*declared: tuple[str, float]) -> Profile:
    """Return the profile through points of 2021."""
    return points(YEAR, tuple((day(iso).toordinal(), share) for iso, share in declared))


def expected(profile: Profile, iso: str) -> float:
    """Return what a profile expects by the end of a day."""
    return profile.expected(day(iso).toordinal())


def behind(profile: Profile, attained: float, iso: str) -> int | None:
    """Return by how many days an attainment is behind a profile."""
    return profile.days_behind(attained, day(iso).toordinal())


# what is expected


@pytest.mark.parametrize(
    ("iso", "share"),
    [("2020-12-31", 0.0), ("2021-03-31", 0.0), ("2021-06-30", 0.0), ("2021-07-31", 0.3), ("2021-08-31", 0.6),
     ("2021-09-30", 0.9), ("2021-11-15", 0.95), (END, 1.0), ("2022-06-30", 1.0)],
)  # fmt: skip
def test_points_are_joined_by_straight_lines(iso: str, share: float) -> None:
    """Between declared points the course is straight, month by month alike."""
    found = expected(through(("2021-06-30", 0.0), ("2021-09-30", 0.9), (END, 1.0)), iso)
    assert found == pytest.approx(share)


def test_points_start_from_nothing_on_the_day_before_the_start() -> None:
    """The first line comes from (day before start, 0)."""
    profile = through(("2021-06-30", 0.6), (END, 1.0))
    assert expected(profile, "2020-12-31") == 0
    assert expected(profile, "2021-03-31") == pytest.approx(0.3)


def test_points_that_are_through_before_the_end_stay_there() -> None:
    """A course whose last point comes before the end expects everything from that point on."""
    early = through(("2021-06-30", 0.6), ("2021-09-30", 1.0))
    assert [expected(early, iso) for iso in ("2021-09-30", "2021-10-15", END)] == [1.0, 1.0, 1.0]
    assert behind(early, 0.6, "2021-10-31") == 123
    assert behind(early, 1.0, "2021-10-31") == 0


def test_points_of_a_kpi() -> None:
    """A KPI with declared points is judged by them, not by the time that has passed."""
    one = kpi(t=1000.0, profile=ProfileKind.POINTS, points=HARVEST)
    assert scored(one, {HALF: 0.0}, HALF).status is Status.ON_TRACK
    found = scored(one, {"2021-08-31": 300.0}, "2021-08-31")
    assert (found.expected, found.pace, found.status) == (pytest.approx(0.6), pytest.approx(0.5), Status.LAGGING)


@pytest.mark.parametrize(("due", "when", "share"), [(None, "2021-12-30", 0.0), (None, END, 1.0), ("2021-09-30", "2021-09-29", 0.0),
                                                   ("2021-09-30", "2021-09-30", 1.0)])  # fmt: skip
def test_at_end_expects_nothing_before_the_due_date(due: str | None, when: str, share: float) -> None:
    """0 before the KPI's due date, or the plan's end, and 1 from it on."""
    one = kpi(t=1000.0, profile=ProfileKind.AT_END, due=due and day(due))
    assert scored(one, {when: 10.0}, when).expected == share


def test_calendar_of_days_holds_for_the_course() -> None:
    """With `calendar: days` a plan expects by days."""
    from kpi_tracker.model.period import Calendar

    assert scored(kpi(t=1.0), {HALF: 0.5}, HALF, calendar=Calendar.DAYS).expected == 181 / 365


LAST_YEAR = {"2020-03-31": 10.0, "2020-06-30": 20.0, "2020-09-30": 30.0, "2020-12-31": 40.0}


def seasonal(rows: dict[str, float], one: Kpi | None = None, as_of: str = HALF, **more: object) -> KpiScore:
    """Return the score of a KPI that follows the base year, half of its target done at the middle of the year."""
    found = one or kpi(b=100.0, t=200.0, profile=ProfileKind.BASELINE_YEAR)
    return scored(found, {**rows, HALF: 100.0}, as_of, **more)


def test_baseline_year_gives_its_own_shape() -> None:
    """What had been done by the same day of the base year is what is expected."""
    found = seasonal(LAST_YEAR)
    assert (found.expected, found.attainment, found.status) == (pytest.approx(0.3), 0.5, Status.AHEAD)


def test_baseline_year_is_straight_between_its_figures() -> None:
    """Between two figures of the base year the course is straight."""
    one = kpi(t=200.0, profile=ProfileKind.BASELINE_YEAR)
    found = scored(one, {**LAST_YEAR, "2021-05-31": 1.0}, "2021-05-31")
    assert found.expected == pytest.approx(0.1 + 0.2 * 2 / 3)


def test_baseline_year_with_cumulative_reports() -> None:
    """Where reports are cumulative the base year's are too."""
    one = kpi(t=200.0, profile=ProfileKind.BASELINE_YEAR, aggregate=Aggregate.NEWEST)
    rows = {"2020-03-31": 10.0, "2020-06-30": 30.0, "2020-09-30": 60.0, "2020-12-31": 100.0}
    assert seasonal(rows, one).expected == pytest.approx(0.3)


def test_baseline_year_of_a_level_takes_its_readings() -> None:
    """A level's course are the readings of the base year as shares of its last."""
    one = kpi(measure=Measure.LEVEL, b=0.0, t=200.0, profile=ProfileKind.BASELINE_YEAR)
    assert seasonal({"2020-06-30": 25.0, "2020-12-31": 100.0}, one).expected == pytest.approx(0.25)


@pytest.mark.parametrize(
    "rows",
    [
        {},
        {"2020-03-31": 10.0, "2020-06-30": 20.0},
        {"2020-06-30": 20.0, "2020-12-31": -20.0},
        {"2020-06-30": -5.0, "2020-12-31": 50.0},
        {"2020-06-30": 50.0, "2020-09-30": -10.0, "2020-12-31": 50.0},
    ],
    ids=["none", "not to the end", "nothing in the end", "below zero", "falling"],
)
def test_baseline_year_without_a_whole_course_is_no_data(rows: dict[str, float]) -> None:
    """Where the base year's figures give no course nothing is guessed, and the reason is named."""
    found = seasonal(rows)
    assert (found.status, found.attainment, found.expected, found.lag) == (Status.NO_DATA, 0.5, None, None)
    assert found.reasons["expected"] == reasons.NO_SERIES


def test_baseline_year_of_a_grade_has_no_course() -> None:
    """Grades have no shares of a year, so they cannot follow one."""
    one = kpi(measure=Measure.GRADE, scale=("A", "B"), b="B", t="A", profile=ProfileKind.BASELINE_YEAR)
    found = scored(one, {"2020-12-31": "B", HALF: "B"}, HALF)
    assert (found.status, found.reasons["expected"]) == (Status.NO_DATA, reasons.NO_SERIES)


def test_baseline_year_is_the_one_that_the_kpi_names() -> None:
    """A KPI with a base year of its own follows that one."""
    from kpi_tracker.model.target import Baseline

    one = kpi(b=Baseline(100.0, year=2019), t=200.0, profile=ProfileKind.BASELINE_YEAR)
    rows = {"2019-06-30": 80.0, "2019-12-31": 20.0}
    assert seasonal(rows, one).expected == pytest.approx(0.8)


def test_baseline_year_with_a_leap_day() -> None:
    """The last day of February answers to the last day of February."""
    one = kpi(t=200.0, profile=ProfileKind.BASELINE_YEAR)
    rows: dict[str, Value] = {"2020-02-29": 25.0, "2020-12-31": 75.0, "2021-02-28": 50.0}
    found = scored(one, rows, "2021-02-28")
    assert (found.expected, found.pace) == (0.25, 1.0)


def test_baseline_year_sees_only_what_was_known() -> None:
    """A base year's figure that was recorded later is not seen in a past report."""
    import kpi_tracker

    one = kpi(t=200.0, profile=ProfileKind.BASELINE_YEAR)
    rows = [obs("k", "2020-12-31", 50.0, "2021-08-01"), obs("k", HALF, 100.0)]
    found = kpi_tracker.score(plan(one), rows, day(HALF), day("2021-07-31"))
    assert score_of(found, "k").status is Status.NO_DATA
    assert score_of(kpi_tracker.score(plan(one), rows, day(HALF), day("2021-08-01")), "k").value == 100.0


# days behind


@pytest.mark.parametrize(
    ("attained", "iso", "days"),
    [
        (0.5, "2021-06-30", 0),
        (0.25, "2021-06-30", 91),
        (0.75, "2021-06-30", -92),
        (0.0, "2021-01-31", 31),
        (1.0, "2021-12-01", -30),
        (0.75, END, 92),
        (0.75, "2022-05-05", 217),
    ],
)
def test_days_behind_the_passing_of_time(attained: float, iso: str, days: int) -> None:
    """Days behind are the days since the day on which as much was expected; lateness does not heal after the end."""
    assert behind(elapsed(YEAR), attained, iso) == days


@pytest.mark.parametrize("attained", [-0.01, 1.01, 25.0])
def test_days_behind_where_no_day_compares(attained: float) -> None:
    """Below 0 and above 1 the course has no day."""
    assert behind(elapsed(YEAR), attained, HALF) is None
    assert behind(at_end(YEAR), attained, HALF) is None


@pytest.mark.parametrize(
    ("x", "days", "reason"),
    [(250.0, 91, None), (-1.0, None, reasons.WORSE_THAN_BASELINE), (1500.0, None, reasons.NEVER_REACHED)],
)
def test_days_behind_of_a_kpi(x: float, days: int | None, reason: object) -> None:
    """A KPI shows its days behind, or why there are none."""
    found = scored(kpi(t=1000.0), {HALF: x}, HALF)
    assert (found.days_behind, found.reasons.get("days_behind")) == (days, reason)


def test_days_behind_on_a_plateau_count_from_the_nearest_day() -> None:
    """Where the course stands still, being exactly as expected is 0 days behind, anywhere on the plateau."""
    rest = through(("2021-03-31", 0.5), ("2021-09-30", 0.5), (END, 1.0))
    assert [behind(rest, 0.5, iso) for iso in ("2021-03-31", "2021-06-30", "2021-09-30")] == [0, 0, 0]
    assert behind(rest, 0.5, "2021-10-31") == 31
    assert behind(rest, 0.5, "2021-02-28") == -31


def test_days_behind_below_and_above_a_plateau() -> None:
    """What is less or more than the plateau counts from the slopes beside it."""
    rest = through(("2021-03-31", 0.5), ("2021-09-30", 0.5), (END, 1.0))
    assert behind(rest, 0.25, "2021-06-30") == (date(2021, 6, 30) - date(2021, 2, 14)).days
    found = behind(rest, 0.75, "2021-06-30")
    assert found == (date(2021, 6, 30) - date(2021, 11, 15)).days


def test_days_behind_of_what_is_due_at_the_end() -> None:
    """Before the due date nothing can be behind; half done is as far ahead as the due date is away."""
    assert behind(at_end(YEAR), 0.0, HALF) == 0
    assert behind(at_end(YEAR), 0.5, HALF) == -(date(2021, 12, 31) - date(2021, 6, 30)).days
    assert behind(at_end(YEAR), 0.0, END) == 1
    assert behind(at_end(YEAR), 1.0, END) == 0


def test_days_behind_of_a_late_start() -> None:
    """A course that starts late reaches nothing on the last day before it starts."""
    late = through(("2021-06-30", 0.0), (END, 1.0))
    assert behind(late, 0.0, "2021-07-31") == 31
    assert behind(late, 0.5, "2021-09-30") == 0


@pytest.mark.parametrize(
    ("one", "x"), [(kpi(measure=Measure.RATE, t=7.0), 5.0), (limit(at_most=1.0), 0.0), (held(100.0), 90.0)]
)
def test_what_must_always_hold_has_no_days_behind(one: Kpi, x: float) -> None:
    """Rates, limits and what is maintained have no course to be behind of."""
    found = scored(one, {HALF: x}, HALF)
    assert (found.days_behind, found.reasons["days_behind"]) == (None, reasons.NOT_FOR_MEASURE)


MILESTONE = kpi(measure=Measure.MILESTONE, steps=steps(("2021-03-31", 1), ("2021-06-30", 1), (END, 2)))


@pytest.mark.parametrize(
    ("done", "as_of", "days"),
    [
        ((), "2021-03-31", 0),
        ((), "2021-04-10", 10),
        ((), "2021-07-10", 101),
        (("s1",), "2021-06-30", 0),
        (("s1",), "2021-07-10", 10),
        (("s1", "s2"), "2021-07-10", 0),
        (("s1", "s2"), "2021-06-10", -20),
        (("s1", "s2", "s3"), "2021-12-01", -30),
    ],
)
def test_milestone_is_as_late_as_its_oldest_open_step(done: tuple[str, ...], as_of: str, days: int) -> None:
    """The oldest open step past due says how late it is; the newest done before its time how early."""
    assert scored(MILESTONE, {"2021-02-28": done}, as_of).days_behind == days


def test_days_behind_points_at_the_day_that_expected_as_much() -> None:
    """On a course of every shape, so many days before the data date as much was expected as is attained."""
    one = kpi(t=1000.0, profile=ProfileKind.POINTS, points=HARVEST)
    found = scored(one, {"2021-09-30": 450.0}, "2021-09-30")
    assert found.days_behind is not None
    then = day("2021-09-30") - timedelta(days=found.days_behind)
    profile = through(*((point.date.isoformat(), point.share) for point in HARVEST))
    assert profile.expected(then.toordinal()) >= 0.45 > profile.expected(then.toordinal() - 1)


def test_budget_is_behind_by_its_attainment() -> None:
    """A budget spent twice as fast as expected is as far behind as its attainment says."""
    budget = kpi(t=1000.0, direction=Direction.DECREASE)
    found = scored(budget, {HALF: 1000.0}, HALF)
    assert (found.attainment, found.days_behind) == (0.25, 91)


def test_kpis_with_one_schedule_and_different_dates_do_not_disturb_each_other() -> None:
    """What is worked out once for a schedule is right for every data date."""
    whole = plan(kpi("a", t=1200.0), kpi("b", t=1200.0), kpi("c", t=1200.0))
    rows: list[Observation] = [obs("a", "2021-05-31", 500.0), obs("b", HALF, 600.0)]
    found = card(whole, rows, HALF)
    assert [score_of(found, name).expected for name in "abc"] == [pytest.approx(5 / 12), 0.5, None]
