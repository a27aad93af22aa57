"""What a check ends with."""

import pytest

from kpi_tracker.changes import compare
from kpi_tracker.diagnostics import Diagnostic, Place
from kpi_tracker.model.goal import Broken, Goal
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Measure, Status
from kpi_tracker.model.scorecard import Scorecard
from kpi_tracker.outcome import BROKEN, FAIL_ON, NOTHING, REPORTED, exit_code, reported, unjudged
from kpi_tracker.record import changed
from tests.builders import card, day, exempt, kpi, limit, obs, plan

HALF = "2021-06-30"
END = "2021-12-31"
VALUES = {"ahead": 60.0, "on": 50.0, "risk": 43.0, "late": 10.0}


def judged(*names: str, **more: object) -> Scorecard:
    """Return the scorecard of KPIs of 100 by the name of their status in June."""
    items: list[Goal | Kpi] = [kpi(name, t=100.0) for name in names]
    rows = [obs(name, HALF, VALUES[name]) for name in names if name in VALUES]
    return card(plan(*items, **more), rows, HALF)


@pytest.mark.parametrize(
    ("names", "code"),
    [(("ahead", "on", "risk"), NOTHING), (("ahead", "late"), REPORTED), (("late",), REPORTED)],
)
def test_0_where_nothing_lags_and_1_where_something_does(names: tuple[str, ...], code: int) -> None:
    """By default a lagging KPI ends the check with 1, and at risk does not."""
    assert exit_code(judged(*names)) == code


@pytest.mark.parametrize("bad", [10.0, -10.0])
def test_regressing_missed_and_breached_end_with_1(bad: float) -> None:
    """Everything that belongs to the lagging items is reported by default."""
    level = kpi(measure=Measure.LEVEL, b=20.0, t=90.0)
    assert exit_code(card(plan(level), [obs("k", HALF, bad)], HALF)) == REPORTED
    assert exit_code(card(plan(kpi(t=100.0)), [obs("k", END, 99.0)], END)) == REPORTED
    assert exit_code(card(plan(limit(at_most=-20.0)), [obs("k", HALF, bad)], HALF)) == REPORTED


@pytest.mark.parametrize(
    ("fail_on", "ids"),
    [
        ("at_risk", ["late", "on", "risk", "gone"]),  # sums that lack months count as old data do
        ("stale", ["late", "on", "risk", "gone"]),
        ("no_data", ["late", "gone"]),
        ("lagging", ["late"]),
        ("regressing", []),
        ("missed", []),
        ("breached", []),
        ("never", []),
    ],
)
def test_fail_on_names_the_mildest_status_that_is_reported(fail_on: str, ids: list[str]) -> None:
    """What is as bad as `fail_on` or worse is reported, in the plan's order."""
    found = judged("late", "on", "risk", "gone", coverage_floor=0.5)
    assert [item.id for item in reported(found, fail_on)] == ids
    assert exit_code(found, fail_on) == (REPORTED if ids else NOTHING)


def test_fail_on_offers_every_status_from_at_risk_on() -> None:
    """All statuses a KPI can have from at risk to breached can be chosen, the mildest first, or none."""
    assert FAIL_ON == ("at_risk", "stale", "no_data", "lagging", "regressing", "missed", "breached", "never")


def test_3_where_there_is_no_scorecard() -> None:
    """A plan that could not be read is broken, whatever is to be reported."""
    assert exit_code(None) == exit_code(None, "never") == BROKEN


def with_fault(code: str) -> Scorecard:
    """Return a scorecard with a lagging KPI and a fault."""
    import kpi_tracker

    fault = Diagnostic(code, Place("plan.yaml", 3, 1))
    return kpi_tracker.score(plan(kpi(t=100.0)), [obs("k", HALF, 10.0)], day(HALF), diagnostics=[fault])


@pytest.mark.parametrize("fail_on", ["lagging", "never"])
def test_3_where_something_was_left_out(fail_on: str) -> None:
    """An error in the plan or its data goes before what lags."""
    assert exit_code(with_fault("KT205"), fail_on) == BROKEN


def test_a_warning_breaks_nothing() -> None:
    """A warning leaves the outcome as it is."""
    assert exit_code(with_fault("KT412")) == REPORTED
    assert exit_code(with_fault("KT412"), "never") == NOTHING


@pytest.mark.parametrize("fail_on", ["lagging", "never", "at_risk"])
def test_3_where_nothing_could_be_scored(fail_on: str) -> None:
    """No data at all is no success: neither missing, nor not due yet, nor exempt, nor an empty plan."""
    out = kpi(t=100.0, exempt=exempt("2021-01-01"))
    assert exit_code(judged("gone"), fail_on) == BROKEN
    assert exit_code(card(plan(kpi(t=100.0)), [], "2021-01-05"), fail_on) == BROKEN
    assert exit_code(card(plan(out), [obs("k", HALF, 50.0)], HALF), fail_on) == BROKEN
    assert exit_code(card(plan(), [], HALF), fail_on) == BROKEN


def test_what_is_only_met_or_not_was_scored() -> None:
    """A KPI that has no attainment but meets its target is something to judge by."""
    rate = kpi(measure=Measure.RATE, t=0.0)
    assert exit_code(card(plan(rate), [obs("k", HALF, 1.0)], HALF)) == NOTHING


def test_3_where_too_little_is_known() -> None:
    """Where coverage is too low for the whole to be judged and nothing lags, the check does not end with 0."""
    found = judged("on", "gone")
    assert found.top.status is Status.UNKNOWN
    assert exit_code(found) == exit_code(found, "never") == BROKEN


def test_1_goes_before_too_little_known() -> None:
    """What lags is reported even where much is missing."""
    assert exit_code(judged("late", "gone")) == REPORTED


def test_all_stale_is_not_0() -> None:
    """Figures that are all too old do not make a success."""
    found = card(plan(kpi(t=100.0)), [obs("k", HALF, 90.0)], "2021-10-31")
    assert [exit_code(found, fail_on) for fail_on in ("lagging", "stale", "never")] == [BROKEN] * 3


def test_a_broken_kpi_that_nobody_reported_keeps_the_whole_unknown() -> None:
    """A KPI that could not be read lowers the coverage until the check no longer ends with 0."""
    assert exit_code(judged("on", broken=(Broken("b"),))) == BROKEN


def test_a_branch_is_judged_alone() -> None:
    """Of a part of the scorecard only what is in it is reported."""
    found = judged("late", "on")
    assert exit_code(found.only("on")) == NOTHING
    assert exit_code(found.only("late")) == REPORTED


def test_a_plan_without_a_sound_kpi_is_not_said_to_wait_for_figures() -> None:
    """Where every KPI is broken nothing is pending: the reason does not put it down to the calendar."""
    reason = unjudged(card(plan(), [], HALF))
    assert reason is not None
    assert "due" not in reason.message


def test_new_lagging_counts_what_was_added_or_taken_into_the_count_again() -> None:
    """A KPI that lags under a new id, or no longer exempt, is news; one that lagged before is known."""

    def seen(*items: Kpi) -> Scorecard:
        return card(plan(*items), [obs(one.id, HALF, 1.0) for one in items], HALF)

    old, renamed, back = kpi("old", t=100.0), kpi("renamed", t=100.0), kpi("back", t=100.0)
    before = seen(old, changed(back, exempt=exempt("2021-01-01")))
    after = seen(old, renamed, back, changed(kpi("spared", t=100.0), exempt=exempt("2021-01-01")))
    found = reported(after, "new-lagging", compare(before, after))
    assert [item.id for item in found] == ["renamed", "back"]
