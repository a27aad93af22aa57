"""Plans and figures that leave most to the last month."""

from collections.abc import Sequence
from typing import Any

import pytest

from kpi_tracker.audit.cliff import cliffs
from kpi_tracker.model.kpi import Kpi, Point, ProfileKind
from kpi_tracker.model.measure import Aggregate, Cadence, Measure
from tests.builders import card, day, kpi, obs, plan, steps


def found(one: Kpi, rows: Sequence[Any] = (), as_of: str = "2022-01-05", **more: Any) -> list[str]:
    """Return the codes of what is found about a KPI that is alone in a plan."""
    return [finding.code for finding in cliffs(card(plan(one, **more), rows, as_of))]


def course(*amounts: float, first: int = 1) -> list[Any]:
    """Return observations of months."""
    ends = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return [obs("k", f"2021-{m:02}-{ends[m - 1]}", amount) for m, amount in enumerate(amounts, first)]


def points(share: float) -> dict[str, Any]:
    """Return a profile with so much of the whole by the end of November."""
    return {"profile": ProfileKind.POINTS, "points": (Point(day("2021-11-30"), share), Point(day("2021-12-31"), 1.0))}


@pytest.mark.parametrize(
    ("one", "codes"),
    [
        (kpi(t=9.0), []),
        (kpi(t=9.0, **points(0.4)), ["KA104"]),
        (kpi(t=9.0, **points(0.5)), []),
        (kpi(t=9.0, profile=ProfileKind.AT_END), ["KA104"]),
        (kpi(t=9.0, profile=ProfileKind.AT_END, cadence=Cadence.YEARLY), []),
        (kpi(measure=Measure.LEVEL, b=1.0, t=9.0, profile=ProfileKind.AT_END), []),
        (kpi(t=9.0, profile=ProfileKind.BASELINE_YEAR), []),
        (kpi(t=9.0, start=day("2021-10-01"), profile=ProfileKind.AT_END), []),
        (kpi(measure=Measure.MILESTONE, steps=steps(("2021-06-30", 1), ("2021-12-15", 2))), ["KA104"]),
        (kpi(measure=Measure.MILESTONE, steps=steps(("2021-06-30", 1), ("2021-12-15", 1))), []),
        (kpi(measure=Measure.MILESTONE, steps=steps(("2021-12-15", 1))), []),
        (kpi(measure=Measure.MILESTONE, steps=steps(("2021-06-30", 0), ("2021-12-15", 0))), []),
    ],
)
def test_a_plan_that_expects_most_in_its_last_month(one: Kpi, codes: list[str]) -> None:
    """More than half of it, where there is a course of several figures."""
    assert found(one) == codes


def test_a_cliff_is_told_with_its_share_and_its_day() -> None:
    """So that it can be looked at."""
    [cliff] = cliffs(card(plan(kpi(t=9.0, **points(0.4))), [], "2021-03-01"))
    assert cliff.message() == "60% of the whole is expected in the last month, from 2021-12-01 on"


@pytest.mark.parametrize(
    ("amounts", "more", "codes"),
    [
        ((1.0,) * 11 + (2.0,), {}, []),
        ((1.0,) * 11 + (2.5,), {}, ["KA105"]),
        ((1.0,) * 11, {}, []),
        ((0.0,) * 11 + (5.0,), {}, []),
        ((1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 20), {"aggregate": Aggregate.NEWEST}, ["KA105"]),
        ((1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13), {"aggregate": Aggregate.NEWEST}, []),
        ((1.0,) * 11 + (9.0,), {"profile": ProfileKind.BASELINE_YEAR}, []),
    ],
)
def test_figures_that_jump_in_the_last_month(
    amounts: tuple[float, ...], more: dict[str, Any], codes: list[str]
) -> None:
    """More than twice the most that a month brought; the course of the base year may be like that."""
    assert found(kpi(t=30.0, **more), course(*amounts)) == codes


def test_a_jump_needs_months_to_compare_with() -> None:
    """Two figures are no course."""
    assert found(kpi(t=9.0), course(1.0, 9.0, first=11)) == []


def test_a_level_does_not_add_up() -> None:
    """Its figures are states."""
    assert found(kpi(measure=Measure.LEVEL, b=1.0, t=9.0), course(*(1.0,) * 11, 9.0)) == []
