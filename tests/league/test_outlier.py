"""What stands far from the others, and slips of a unit."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tracker.league.outlier import FAR, outliers, slips
from kpi_tracker.model.measure import Measure
from tests.league.made import SCORES


def attained(*values: float | None, status: str = "on_track") -> pl.DataFrame:
    rows = [{"county": f"g{i}", "kpi": "k", "status": status, "attainment": a} for i, a in enumerate(values)]
    return pl.DataFrame(rows, schema=SCORES)


def held(*values: tuple[float | None, float | None], kpi: str = "k") -> pl.DataFrame:
    rows = [
        {"county": f"g{i}", "kpi": kpi, "status": "on_track", "value": v, "target": t}
        for i, (v, t) in enumerate(values)
    ]
    return pl.DataFrame(rows, schema=SCORES)


def test_worked_example_of_the_modified_z_score() -> None:
    """The median is 0.475, the distances from it .075 .025 .025 .025 .075 .125 .075 .525, the median of those 0.075."""
    found = outliers(attained(0.4, 0.45, 0.5, 0.45, 0.55, 0.6, 0.4, 1.0), "county")
    assert [(one.group, round(one.z, 6), one.median) for one in found] == [
        ("g7", round(0.6745 * 0.525 / 0.075, 6), 0.475)
    ]


def test_far_below_has_a_negative_z() -> None:
    found = outliers(attained(0.8, 0.82, 0.79, 0.81, 0.8, 0.83, 0.78, 0.0), "county")
    assert [one.group for one in found] == ["g7"]
    assert found[0].z < -FAR


def test_where_most_are_the_same_the_mean_distance_takes_over() -> None:
    """The median distance is 0: z is 1 / (1.253314 · 1/8)."""
    found = outliers(attained(*[0.0] * 7, 1.0), "county")
    assert [(one.group, round(one.z, 3)) for one in found] == [("g7", round(8 / 1.253314, 3))]


@pytest.mark.parametrize("values", [[0.5] * 10, [0.5] * 9 + [0.509]])
def test_nothing_is_far_where_all_are_nearly_the_same(values: list[float]) -> None:
    assert outliers(attained(*values), "county") == ()


def test_among_few_nobody_is_far() -> None:
    assert outliers(attained(*[0.5, 0.51, 0.49, 0.5, 0.52, 0.48], 9.0), "county") == ()


def test_old_data_are_not_compared() -> None:
    assert outliers(attained(*[0.5, 0.51, 0.49, 0.5, 0.52, 0.48, 0.5, 9.0], status="stale"), "county") == ()


@given(st.lists(st.floats(0, 2), min_size=8, max_size=30), st.randoms(use_true_random=False))
def test_law_the_order_of_rows_does_not_matter(values: list[float], random: Any) -> None:
    one = attained(*values)
    other = one.sample(fraction=1.0, shuffle=True, seed=random.randrange(1000))
    assert [(o.group, pytest.approx(o.z)) for o in outliers(one, "county")] == [
        (o.group, o.z) for o in outliers(other, "county")
    ]


@given(st.lists(st.floats(0, 2).map(lambda x: round(x, 6)), min_size=8, max_size=30), st.floats(0.5, 4))
def test_law_a_shift_of_all_changes_nobody_s_distance(values: list[float], shift: float) -> None:
    before = {one.group for one in outliers(attained(*values), "county") if abs(abs(one.z) - FAR) > 1e-3}
    after = {one.group for one in outliers(attained(*(value + round(shift, 6) for value in values)), "county")}
    assert before <= after


TOTAL = {"k": Measure.TOTAL}


def test_a_value_in_yuan_among_values_in_ten_thousand_yuan() -> None:
    found = slips(held(*[(100.0, 120.0)] * 9, (1_000_000.0, 120.0)), "county", TOTAL)
    assert [(one.group, one.value, one.times) for one in found] == [("g9", 1_000_000.0, 10_000.0)]


def test_a_slip_the_other_way() -> None:
    found = slips(held(*[(100.0, 120.0)] * 9, (0.01, 120.0)), "county", TOTAL)
    assert [(one.group, pytest.approx(one.times)) for one in found] == [("g9", 0.0001)]


def test_a_large_county_with_a_large_target_made_no_slip() -> None:
    assert slips(held(*[(100.0, 120.0)] * 9, (1_000_000.0, 1_200_000.0)), "county", TOTAL) == ()


def test_without_targets_the_values_themselves_are_compared() -> None:
    found = slips(held(*[(100.0, None)] * 9, (1_000_000.0, None)), "county", TOTAL)
    assert [one.group for one in found] == ["g9"]


def test_half_an_order_of_magnitude_is_allowed_for() -> None:
    assert len(slips(held(*[(100.0, 1.0)] * 9, (500_000.0, 1.0)), "county", TOTAL)) == 1
    assert slips(held(*[(100.0, 1.0)] * 9, (100_000.0, 1.0)), "county", TOTAL) == ()


@pytest.mark.parametrize("measure", [Measure.GRADE, Measure.MILESTONE])
def test_grades_and_milestones_are_in_no_unit(measure: Measure) -> None:
    assert slips(held(*[(100.0, None)] * 9, (1_000_000.0, None)), "county", {"k": measure}) == ()


def test_among_few_no_slip_is_seen_and_zero_is_none() -> None:
    assert slips(held(*[(100.0, 1.0)] * 6, (1_000_000.0, 1.0)), "county", TOTAL) == ()
    assert slips(held(*[(100.0, 1.0)] * 9, (0.0, 1.0)), "county", TOTAL) == ()
