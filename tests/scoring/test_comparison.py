"""A value against its base year, and against a second one where the first was no ordinary year."""

import pytest

from kpi_tracker.model import reasons
from kpi_tracker.model.kpi import Kpi, ProfileKind
from kpi_tracker.model.measure import Aggregate, Measure
from kpi_tracker.model.observation import Value
from kpi_tracker.model.scorecard import Comparison
from kpi_tracker.model.target import Abnormal, Baseline, TargetForm
from tests.builders import kpi, scored, steps, target, text

HALF = "2021-06-30"
TOTAL = kpi(b=1000.0, t=1200.0)
LEVEL = Measure.LEVEL


def compared(one: Kpi, rows: dict[str, Value], as_of: str = HALF) -> Comparison:
    """Return the only comparison of a KPI."""
    (found,) = scored(one, rows, as_of).comparisons
    return found


def test_total_is_compared_pro_rata_and_marked_so() -> None:
    """x / (b · e0) − 1: half a year against half of last year."""
    found = compared(TOTAL, {HALF: 550.0})
    assert (found.year, found.baseline, found.kind) == (2020, 1000.0, "pro_rata")
    assert (found.reference, found.change, found.relative) == (500.0, 50.0, pytest.approx(0.1))


def test_total_is_compared_with_the_same_day_where_the_series_is_given() -> None:
    """Where the base year has a figure for the same day it is the reference, and marked so."""
    rows: dict[str, Value] = {"2020-03-31": 300.0, "2020-06-30": 100.0, "2020-12-31": 600.0, HALF: 440.0}
    found = compared(TOTAL, rows)
    assert (found.kind, found.reference, found.change, found.relative) == ("same_day", 400.0, 40.0, pytest.approx(0.1))


def test_same_day_of_cumulative_reports_is_the_newest() -> None:
    """Where reports are cumulative the same day's figure is compared as it stands."""
    one = kpi(b=1000.0, t=1200.0, aggregate=Aggregate.NEWEST)
    rows: dict[str, Value] = {"2020-03-31": 300.0, "2020-06-30": 400.0, HALF: 440.0}
    assert compared(one, rows).reference == 400.0


def test_a_base_year_without_that_day_is_compared_pro_rata() -> None:
    """A series of the base year that has no figure for the day does not help."""
    assert compared(TOTAL, {"2020-05-31": 300.0, HALF: 550.0}).kind == "pro_rata"


@pytest.mark.parametrize(
    ("last", "before"), [("2021-02-28", "2020-02-29"), ("2021-11-30", "2020-11-30"), ("2021-12-31", "2020-12-31")]
)
def test_last_days_of_a_month_answer_to_each_other(last: str, before: str) -> None:
    """The end of a month is compared with the end of that month, leap day or not."""
    assert compared(TOTAL, {before: 100.0, last: 200.0}, last).reference == 100.0


def test_same_day_in_the_middle_of_a_month() -> None:
    """A day that ends no month answers to the same day."""
    assert compared(TOTAL, {"2020-02-14": 100.0, "2021-02-14": 200.0}, "2021-02-14").reference == 100.0


@pytest.mark.parametrize("reference", [0.0, -5.0])
def test_same_day_that_was_not_above_zero(reference: float) -> None:
    """A reference of 0 or less gives a change and no percentage, with the reason."""
    found = compared(TOTAL, {"2020-06-30": reference, HALF: 10.0})
    assert (found.change, found.relative) == (10.0 - reference, None)
    assert found.reason == reasons.BASE_NOT_POSITIVE


@pytest.mark.parametrize(
    ("one", "x", "change", "relative"),
    [
        (kpi(measure=LEVEL, b=80.0, t=90.0), 84.0, 4.0, 0.05),
        (kpi(measure=LEVEL, b=10.0, t=5.0), 8.0, -2.0, -0.2),
        (kpi(measure=Measure.RATE, b=5.0, t=7.0), 6.0, 1.0, 0.2),
    ],
)
def test_level_and_rate_are_compared_with_the_baseline_itself(
    one: Kpi, x: float, change: float, relative: float
) -> None:
    """x − b, and x / b − 1, at any time of the year."""
    found = compared(one, {"2021-01-31": x}, "2021-01-31")
    assert (found.kind, found.change, found.relative) == ("plain", change, pytest.approx(relative))


@pytest.mark.parametrize("b", [0.0, -10.0])
def test_a_base_of_zero_or_less_gives_no_percentage(b: float) -> None:
    """A zero or negative base gives an absolute change, and the reason why there is no percentage."""
    found = compared(kpi(measure=LEVEL, b=b, t=10.0), {HALF: 5.0})
    assert (found.change, found.relative, found.reason) == (5.0 - b, None, reasons.BASE_NOT_POSITIVE)


@pytest.mark.parametrize("b", [0.0, -10.0])
def test_a_total_s_base_of_zero_or_less_gives_no_percentage(b: float) -> None:
    """For a total it is the same, pro rata."""
    found = compared(kpi(b=b, t=10.0), {HALF: 5.0})
    assert (found.change, found.relative, found.reason) == (5.0 - b / 2, None, reasons.BASE_NOT_POSITIVE)


def test_nothing_expected_yet_gives_no_percentage() -> None:
    """Pro rata of nothing is nothing, and the reason is that, not the base."""
    found = compared(kpi(b=1000.0, t=1200.0, profile=ProfileKind.AT_END), {HALF: 5.0})
    assert (found.change, found.relative, found.reason) == (5.0, None, reasons.NOTHING_EXPECTED)


def test_a_limit_that_adds_up_is_compared_pro_rata() -> None:
    """What is counted up over the year is compared with the part of the base year."""
    one = kpi(measure=Measure.LIMIT, b=10.0, t=target(20.0, TargetForm.AT_MOST), aggregate=Aggregate.SUM)
    found = compared(one, {HALF: 4.0})
    assert (found.kind, found.reference, found.relative) == ("pro_rata", 5.0, pytest.approx(-0.2))


def test_a_grade_has_no_arithmetic() -> None:
    """A grade stands beside its baseline without a change."""
    found = compared(kpi(measure=Measure.GRADE, scale=("A", "B"), b="B", t="A"), {HALF: "A"})
    assert (found.baseline, found.change, found.relative) == ("B", None, None)
    assert found.reason == reasons.NOT_NUMERIC


def test_a_kpi_s_own_base_year_is_named() -> None:
    """A baseline of another year is shown with that year."""
    assert compared(kpi(measure=LEVEL, b=Baseline(80.0, year=2018), t=90.0), {HALF: 85.0}).year == 2018


def test_an_abnormal_base_year_is_compared_beside_a_second() -> None:
    """A pandemic year and an ordinary one: both comparisons are shown, the second pro rata too."""
    odd = Abnormal(text("pandemic"), 2019, 2000.0)
    found = scored(kpi(b=Baseline(1000.0, abnormal=odd), t=1200.0), {HALF: 550.0}, HALF).comparisons
    assert [(one.year, one.reference, one.relative) for one in found] == [
        (2020, 500.0, pytest.approx(0.1)),
        (2019, 1000.0, pytest.approx(-0.45)),
    ]


@pytest.mark.parametrize(
    "odd", [Abnormal(text("pandemic")), Abnormal(text("pandemic"), 2019), Abnormal(text("x"), None, 5.0)]
)
def test_an_abnormal_base_year_without_a_second_stands_alone(odd: Abnormal) -> None:
    """Where no second year or no value is given there is one comparison."""
    assert compared(kpi(b=Baseline(1000.0, abnormal=odd), t=1200.0), {HALF: 550.0}).year == 2020


@pytest.mark.parametrize(
    ("one", "x"), [(kpi(t=10.0), 5.0), (kpi(measure=Measure.MILESTONE, steps=steps(("2021-12-31", 1))), ())]
)
def test_without_baseline_there_is_no_comparison(one: Kpi, x: Value) -> None:
    """What has no baseline is compared with nothing."""
    assert scored(one, {HALF: x}, HALF).comparisons == ()
