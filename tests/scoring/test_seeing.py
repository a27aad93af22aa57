"""What is seen of a KPI's observations: up to a day, as known at a time, corrections included."""

from datetime import datetime

import pytest

import kpi_tracker
from kpi_tracker.model.measure import Measure, Status
from kpi_tracker.model.observation import Observation, ObservationBasis, Observations, Series
from kpi_tracker.model.scorecard import KpiScore
from tests.builders import card, day, held, kpi, obs, plan, score_of, scored

TOTAL = kpi(t=1200.0)
JUNE = obs("k", "2021-06-30", 600.0)
CORRECTED = obs("k", "2021-06-30", 500.0, "2021-07-20 09:30")


def known(at: str, *rows: Observation) -> KpiScore:
    """Return the score at the end of September as it was known at a day or a time."""
    moment = datetime.fromisoformat(at) if " " in at else day(at)
    return score_of(kpi_tracker.score(plan(TOTAL), rows, day("2021-09-30"), moment), "k")


def test_an_observation_speaks_for_the_end_of_its_day() -> None:
    """A figure dated as_of itself is seen."""
    assert scored(TOTAL, {"2021-06-30": 600.0}, "2021-06-30").value == 600.0


def test_observations_after_as_of_are_not_seen() -> None:
    """A figure dated the day after as_of changes nothing."""
    assert scored(TOTAL, {"2021-06-29": 600.0, "2021-06-30": 1.0}, "2021-06-29").value == 600.0


def test_data_date_is_the_newest_seen_date_and_pace_is_judged_there() -> None:
    """A monthly figure does not look late on the 29th of the next month."""
    found = scored(TOTAL, {"2021-05-31": 250.0, "2021-06-30": 350.0}, "2021-07-29")
    assert found.data_date == day("2021-06-30")
    assert (found.expected, found.attainment, found.status) == (0.5, 0.5, Status.ON_TRACK)


def test_figures_of_another_year_do_not_count() -> None:
    """What was observed in the baseline year does not add to the total of the period."""
    assert scored(TOTAL, {"2020-12-31": 999.0, "2021-01-31": 100.0}, "2021-01-31").value == 100.0


def test_only_figures_of_another_year_are_no_figures() -> None:
    """A KPI whose observations all lie before its period has none."""
    found = scored(TOTAL, {"2020-12-31": 999.0}, "2021-01-31")
    assert (found.status, found.value) == (Status.PENDING, None)


def test_figures_before_a_kpi_s_own_start_do_not_count() -> None:
    """A KPI that starts in July counts from July, though the plan started before."""
    late = kpi(t=600.0, start=day("2021-07-01"))
    found = scored(late, {"2021-06-30": 999.0, "2021-09-30": 300.0}, "2021-09-30")
    assert (found.value, found.expected) == (300.0, 0.5)


def test_figures_after_a_kpi_s_own_due_date_do_not_count() -> None:
    """What comes after the due date is too late, though it lies in the plan's period."""
    early = kpi(t=600.0, due=day("2021-06-30"))
    found = scored(early, {"2021-06-30": 500.0, "2021-07-31": 100.0}, "2021-07-31")
    assert (found.value, found.data_date, found.status) == (500.0, day("2021-06-30"), Status.MISSED)


def test_the_first_figure_from_a_due_date_on_decides() -> None:
    """A KPI due in the middle of a month is judged on that month's figure, and not on those after it."""
    early = kpi(t=600.0, due=day("2021-06-15"))
    found = scored(early, {"2021-05-31": 500.0, "2021-06-30": 90.0, "2021-07-31": 100.0}, "2021-08-31")
    assert (found.value, found.data_date, found.ended) == (590.0, day("2021-06-30"), True)
    assert (found.expected, found.status) == (1.0, Status.MISSED)


def test_the_later_recorded_of_two_wins() -> None:
    """A correction recorded later replaces the figure of its date."""
    rows = (JUNE, CORRECTED)
    assert score_of(card(plan(TOTAL), rows, "2021-09-30"), "k").value == 500.0
    assert score_of(card(plan(TOTAL), reversed(rows), "2021-09-30"), "k").value == 500.0


def test_the_earlier_stays_in_the_data() -> None:
    """What was replaced is kept, and named as superseded."""
    series = score_of(card(plan(TOTAL), (CORRECTED, JUNE), "2021-09-30"), "k").series
    assert series.rows == (JUNE, CORRECTED)
    assert series.corrected
    assert series.superseded() == (JUNE,)
    assert series.superseded(datetime(2021, 7, 1)) == ()


@pytest.mark.parametrize(
    ("at", "value"),
    [("2021-07-19", 600.0), ("2021-07-20", 500.0), ("2021-07-20 09:29", 600.0), ("2021-07-20 09:30", 500.0)],
)
def test_known_at_makes_a_past_report_again(at: str, value: float) -> None:
    """What was recorded after known_at is not seen; a day means its end, a time that moment."""
    assert known(at, JUNE, CORRECTED).value == value


def test_an_observation_without_time_is_recorded_at_the_end_of_its_day() -> None:
    """Where nothing is stated a figure is known from the end of its own day."""
    assert JUNE.recorded() == datetime(2021, 6, 30, 23, 59, 59, 999_999)
    assert known("2021-06-30", JUNE).value == 600.0
    assert known("2021-06-29", JUNE).value is None


def test_a_figure_that_arrives_late_is_not_known_before() -> None:
    """A figure for June that was recorded in August is missing from a report as known in July."""
    late = obs("k", "2021-06-30", 600.0, "2021-08-02 10:00")
    assert known("2021-07-31", late).status is Status.NO_DATA
    assert known("2021-08-02", late).value == 600.0


def test_a_correction_downward_counts() -> None:
    """A level takes its newest reading, never the highest so far."""
    level = kpi(measure=Measure.LEVEL, b=80.0, t=90.0)
    found = scored(level, {"2021-05-31": 89.0, "2021-06-30": 82.0}, "2021-06-30")
    assert (found.value, found.attainment) == (82.0, pytest.approx(0.2))


def test_a_reached_level_that_falls_back_is_no_longer_achieved() -> None:
    """Having been at the target once does not make a level achieved."""
    level = kpi(measure=Measure.LEVEL, b=80.0, t=90.0)
    assert scored(level, {"2021-05-31": 90.0}, "2021-05-31").status is Status.ACHIEVED
    assert scored(level, {"2021-05-31": 90.0, "2021-06-30": 81.0}, "2021-06-30").status is Status.LAGGING


def test_observations_are_a_mapping_of_series() -> None:
    """Observations can be iterated, counted and asked for by KPI id."""
    found = Observations([JUNE, CORRECTED, obs("other", "2021-01-31", 1.0)])
    assert list(found) == ["k", "other"]
    assert len(found) == 2
    assert found["k"].newest.values == (500.0,)
    assert repr(found) == "<Observations: 3 rows of 2 KPIs>"


def test_observations_are_taken_as_they_are() -> None:
    """Grouped observations give the same scorecard as the bare rows."""
    rows = [JUNE, CORRECTED]
    assert card(plan(TOTAL), rows, "2021-09-30") == kpi_tracker.score(
        plan(TOTAL), Observations(rows), day("2021-09-30")
    )


def test_illustrative_figures_are_told_apart() -> None:
    """A scorecard that rests on made-up figures says so."""
    made_up = Observation("k", day("2021-06-30"), 600.0, basis=ObservationBasis.ILLUSTRATIVE)
    assert card(plan(TOTAL), [made_up], "2021-06-30").illustrative
    assert not card(plan(TOTAL), [JUNE], "2021-06-30").illustrative


def test_rows_left_out_stand_with_the_kpi() -> None:
    """The number of rows that could not be read is shown where they are missing, data or none."""
    both = plan(TOTAL, held(1.0, name="other"))
    found = kpi_tracker.score(both, [JUNE], day("2021-06-30"), rows_left_out={"k": 2, "other": 1})
    assert [score_of(found, name).rows_left_out for name in ("k", "other")] == [2, 1]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_value_that_is_no_number_is_refused(value: float) -> None:
    """NaN and infinity are no observations: what is not known is left out."""
    with pytest.raises(ValueError, match="observations of k hold a value that is not a finite number"):
        Series.of([JUNE, obs("k", "2021-07-31", value)])


def test_infinities_that_cancel_are_refused_too() -> None:
    """A series with both infinities is refused like one with either."""
    with pytest.raises(ValueError, match="not a finite number"):
        Series.of([obs("k", "2021-06-30", float("inf")), obs("k", "2021-07-31", float("-inf"))])
