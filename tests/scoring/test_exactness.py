"""The noise of binary fractions stays out of sums, means and comparisons."""

import pytest

from kpi_tracker.model.exactness import added, exact, mean_of, not_above, not_below, total_of
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Direction, Measure, Status
from tests.builders import kpi, limit, scored


def test_ten_times_a_tenth_is_one() -> None:
    """A sum is what a person gets who adds the written decimals."""
    assert total_of([0.1] * 10) == 1.0
    assert total_of([0.7, 0.1]) == 0.8


def test_mean_of_written_decimals() -> None:
    """A mean is what a person gets likewise."""
    assert mean_of((0.1, 0.2, 0.3)) == 0.2


def test_exact_drops_what_is_beyond_fifteen_digits() -> None:
    """Noise in the last binary digits is dropped, and fifteen digits stay."""
    assert exact(0.1 + 0.2) == 0.3
    assert exact(123456789.012345) == 123456789.012345


@pytest.mark.parametrize(
    ("a", "b", "total"),
    [(1.0, -0.94, 0.06), (6.1, -7.0, -0.9), (0.1, 0.2, 0.3), (0.0, 0.0, 0.0), (5.0, -5.0, 0.0),
     (-84.6, 83.9, -0.7), (1e9, 0.25, 1000000000.25)],
)  # fmt: skip
def test_what_nearly_cancels_leaves_no_noise(a: float, b: float, total: float) -> None:
    """A difference of written decimals is a written decimal."""
    assert added(a, b) == total


def test_what_is_too_large_to_add_stays_infinite() -> None:
    """A sum beyond the largest number is not rounded."""
    assert added(1.5e308, 1.5e308) == float("inf")


@pytest.mark.parametrize(("bound", "near", "off"), [(0.3, 0.1 + 0.2, 0.301), (-5.0, -5.0 - 1e-12, -4.99)])
def test_noise_at_a_bound_is_allowed_for(bound: float, near: float, off: float) -> None:
    """A value that differs from a bound by noise alone is neither above nor below it."""
    assert not_above(near, bound)
    assert not_below(near, bound)
    assert not not_above(off, bound)
    assert not not_below(2 * bound - off, bound)


def test_a_bound_holds_for_the_sum_of_decimals() -> None:
    """Spending 0.1 and 0.2 where 0.3 is the bound breaks nothing."""
    rows = {"2021-01-31": 0.1, "2021-02-28": 0.2}
    assert scored(limit(at_most=0.3), rows, "2021-02-28").status is Status.ON_TRACK


@pytest.mark.parametrize(
    ("one", "value"),
    [
        (kpi(measure=Measure.LEVEL, b=0.0, t=0.3), 0.1 + 0.2 - 1e-16),
        (kpi(measure=Measure.LEVEL, b=1.0, t=0.3), 0.1 + 0.2),
        (kpi(t=0.3), 0.3 - 1e-16),
    ],
)
def test_noise_does_not_keep_a_target_from_being_reached(one: Kpi, value: float) -> None:
    """A target counts as reached where only noise is missing."""
    assert scored(one, {"2021-06-30": value}, "2021-06-30").status is Status.ACHIEVED


def test_a_real_shortfall_is_a_shortfall() -> None:
    """At the end 99.9 of 100 is missed: nothing is rounded before it is compared."""
    budget = kpi(t=100.0, direction=Direction.DECREASE)
    assert scored(kpi(t=100.0), {"2021-12-31": 99.9}, "2021-12-31").status is Status.MISSED
    assert scored(budget, {"2021-12-31": 100.1}, "2021-12-31").status is Status.MISSED
