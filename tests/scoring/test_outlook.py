"""What it takes: rates per month, their ratio, and where the rate so far lands."""

import pytest

from kpi_tracker.model import reasons
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Direction, Measure
from kpi_tracker.model.observation import Value
from kpi_tracker.model.scorecard import Outlook
from tests.builders import day, held, kpi, limit, scored, steps

LEVEL = Measure.LEVEL
SEPTEMBER = "2021-09-30"
BUDGET = kpi(t=1200.0, direction=Direction.DECREASE)


def outlook(one: Kpi, x: Value, when: str = SEPTEMBER) -> Outlook:
    """Return the outlook with one value at a day."""
    return scored(one, {when: x}, when).outlook


def figures(found: Outlook) -> tuple[float | None, ...]:
    """Return the four figures of an outlook."""
    return found.needed, found.so_far, found.ratio, found.landing


@pytest.mark.parametrize(
    ("one", "x", "expected"),
    [
        (kpi(t=1200.0), 600.0, (200.0, 600 / 9, 3.0, 800.0)),
        (kpi(measure=LEVEL, b=80.0, t=92.0), 83.0, (3.0, 1 / 3, 9.0, 84.0)),
        (kpi(measure=LEVEL, b=233.0, t=180.0), 206.0, (-26 / 3, -3.0, 26 / 9, 197.0)),
        (kpi(measure=LEVEL, b=80.0, t=92.0), 77.0, (5.0, -1 / 3, -15.0, 76.0)),
        (BUDGET, 1080.0, (40.0, 120.0, 1 / 3, 1440.0)),
        (BUDGET, 1500.0, (-100.0, 1500 / 9, -0.6, 2000.0)),
    ],
)
def test_rates_a_month(one: Kpi, x: float, expected: tuple[float, ...]) -> None:
    """What is left over the months left, what was done over the months passed, their ratio, and straight on to the end."""
    found = outlook(one, x)
    assert figures(found) == pytest.approx(expected)
    assert found.reason is None


def test_months_are_those_of_the_kpi_s_own_span() -> None:
    """A KPI from July to December has three months behind and three before it at the end of September."""
    assert outlook(kpi(t=600.0, start=day("2021-07-01")), 150.0).needed == pytest.approx(150.0)


def test_target_reached() -> None:
    """Where the target is reached nothing is needed, and the landing stands all the same."""
    found = outlook(kpi(t=1200.0), 1350.0)
    assert figures(found) == (None, 150.0, None, 1800.0)
    assert found.reason == reasons.REACHED
    assert outlook(kpi(measure=LEVEL, b=10.0, t=5.0), 4.0).reason == reasons.REACHED


def test_a_budget_is_never_reached_before_the_end() -> None:
    """Money left over must last for the months left."""
    assert outlook(BUDGET, 0.0).needed == pytest.approx(400.0)


def test_after_the_end_it_has_landed() -> None:
    """At the end the landing is the value, and nothing can be needed."""
    found = outlook(kpi(t=1200.0), 600.0, "2021-12-31")
    assert figures(found) == (None, 50.0, None, 600.0)
    assert found.reason == reasons.ENDED


@pytest.mark.parametrize("x", [0.0, 1e-12])
def test_no_rate_so_far(x: float) -> None:
    """Where nothing has moved there is no ratio, and the landing is where it started."""
    found = outlook(kpi(t=1200.0), x)
    assert (found.needed, found.ratio, found.reason) == (pytest.approx(400.0), None, reasons.AT_BASELINE)
    assert found.landing == pytest.approx(0.0, abs=1e-9)


def test_level_without_baseline_has_no_rate_so_far() -> None:
    """A level that started nowhere has a rate that it needs, and no landing."""
    found = outlook(kpi(measure=LEVEL, t=92.0), 80.0)
    assert figures(found) == (pytest.approx(4.0), None, None, None)
    assert found.reason == reasons.NO_BASELINE


def test_before_any_time_has_passed() -> None:
    """On the very day before the start nothing has passed that could give a rate."""
    from kpi_tracker.scoring.outlook import look_ahead

    found = look_ahead(kpi(t=1200.0), 0.0, False, 0.0, 12.0)
    assert figures(found) == (100.0, None, None, None)
    assert found.reason == reasons.NOT_STARTED


@pytest.mark.parametrize(
    ("one", "x"),
    [
        (kpi(measure=Measure.RATE, t=7.0), 6.0),
        (limit(at_most=1.0), 0.0),
        (held(100.0), 90.0),
        (kpi(measure=Measure.GRADE, scale=("A", "B"), b="B", t="A"), "B"),
        (kpi(measure=Measure.MILESTONE, steps=steps(("2021-12-31", 1))), ()),
        (kpi(), 5.0),
    ],
)
def test_other_measures_have_no_outlook(one: Kpi, x: Value) -> None:
    """What does not move toward an amount has no outlook, and says so."""
    found = outlook(one, x)
    assert figures(found) == (None, None, None, None)
    assert found.reason == reasons.NOT_FOR_MEASURE
