"""KPIs whose target or baseline was amended, against what was first set."""

from typing import Any

import pytest

from kpi_tracker.model.amendment import Amended
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Direction, Measure, Status
from kpi_tracker.model.original import as_first_set
from kpi_tracker.model.scorecard import KpiScore, Original
from kpi_tracker.model.target import TargetForm
from tests.audit.kept import amendment
from tests.builders import card, goal, held, kpi, limit, obs, plan, score_of


def original(one: Kpi, value: Any, *amended: tuple[str, Amended, Any, Any]) -> Original | None:
    """Return how an amended KPI would stand in June as it was first set."""
    return scored(one, value, *amended).original


def scored(one: Kpi, value: Any, *amended: tuple[str, Amended, Any, Any]) -> KpiScore:
    """Return the score of a KPI with amendments in June."""
    ledger = tuple(amendment("g/k", when, what, before, after) for when, what, before, after in amended)
    return score_of(card(plan(goal("g", one), amendments=ledger), [obs("k", "2021-06-30", value)], "2021-06-30"), "k")


def test_a_lowered_target_shows_what_was_first_asked_for() -> None:
    """The first of several amendments counts, and the score itself is that of today's target."""
    score = scored(
        kpi(t=60.0), 30.0, ("2021-03-01", Amended.TARGET, 120.0, 90.0), ("2021-05-01", Amended.TARGET, 90.0, 60.0)
    )
    assert (score.status, score.attainment) == (Status.ON_TRACK, 0.5)
    assert score.original == Original(120.0, None, Status.LAGGING, 0.25, 0.5, 25.0)


def test_a_baseline_that_was_amended_is_put_back_too() -> None:
    """Both together are the way that was first to be gone."""
    one = kpi(measure=Measure.LEVEL, b=20.0, t=40.0)
    found = original(one, 30.0, ("2021-03-01", Amended.BASELINE, 0.0, 20.0), ("2021-04-01", Amended.TARGET, 50.0, 40.0))
    assert found is not None
    assert (found.baseline, found.target, found.attainment) == (0.0, 50.0, 0.6)


@pytest.mark.parametrize("what", [Amended.WEIGHT, Amended.TERMS])
def test_other_amendments_leave_no_original(what: Amended) -> None:
    """A weight is no target."""
    assert original(kpi(t=60.0), 30.0, ("2021-03-01", what, 1.0, 2.0)) is None


def test_what_is_held_is_held_at_its_first_baseline() -> None:
    """And was to be reached where a value was set at first."""
    base = original(held(20.0), 15.0, ("2021-03-01", Amended.BASELINE, 10.0, 20.0))
    assert base is not None
    assert (base.target, base.status) == (10.0, Status.ON_TRACK)
    value = original(held(20.0), 25.0, ("2021-03-01", Amended.TARGET, 30.0, 20.0))
    assert value is not None
    assert (value.target, value.attainment) == (30.0, 0.5)


def test_a_level_that_had_no_way_to_go_has_no_original() -> None:
    """Its first target is the baseline, which no formula can divide by."""
    one = kpi(measure=Measure.LEVEL, b=10.0, t=20.0, direction=Direction.INCREASE)
    assert original(one, 15.0, ("2021-03-01", Amended.TARGET, 10.0, 20.0)) is None


def test_other_measures_have_an_original_too() -> None:
    """A limit keeps its form, a grade its scale, a level without baseline its target."""
    held_limit = original(limit(at_most=5.0), 4.0, ("2021-03-01", Amended.TARGET, 2.0, 5.0))
    assert held_limit is not None
    assert held_limit.status is Status.BREACHED
    graded = kpi(measure=Measure.GRADE, b="C", t="B", scale=("A", "B", "C"))
    grade = original(graded, "B", ("2021-03-01", Amended.TARGET, "A", "B"))
    assert grade is not None
    assert (grade.target, grade.attainment) == ("A", 0.5)
    level = original(kpi(measure=Measure.LEVEL, t=50.0), 25.0, ("2021-03-01", Amended.TARGET, 100.0, 50.0))
    assert level is not None
    assert level.attainment == 0.25


def test_an_amendment_of_what_is_no_kpi_is_passed_over() -> None:
    """Goals have no targets, and what was removed is gone."""
    whole = plan(goal("g", kpi(t=60.0)), amendments=(amendment("x", "2021-03-01", Amended.TARGET, 1.0, 2.0),))
    assert as_first_set(whole) == {}


def test_a_target_that_the_policy_gave_is_amended_as_any_other() -> None:
    """A target of the form value; a KPI that has none any more keeps none."""
    none = kpi(measure=Measure.LEVEL, b=10.0)
    found = original(none, 15.0, ("2021-03-01", Amended.TARGET, 20.0, 30.0))
    assert found is not None
    assert found.target is None
    rate = original(kpi(measure=Measure.RATE, t=5.0), 4.0, ("2021-03-01", Amended.TARGET, 8.0, 5.0))
    assert rate is not None
    assert rate.attainment == 0.5
    assert TargetForm.VALUE.value == "value"
