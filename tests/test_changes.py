"""What changed between two checks: each kind of change, their order, and laws that hold for any two scorecards."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tracker.changes import AMENDMENTS, NOTICEABLE, Change, ChangeKind, compare
from kpi_tracker.model.goal import Goal, Plan
from kpi_tracker.model.kpi import Kpi, Support
from kpi_tracker.model.measure import LAGGING, WORST_FIRST, Measure, Status
from kpi_tracker.model.scorecard import GoalScore, KpiScore, Scorecard
from kpi_tracker.model.target import Abnormal, Baseline
from kpi_tracker.model.thresholds import TRAFFIC_LIGHT
from kpi_tracker.record import changed
from tests.builders import goal, kpi, plan, steps, text
from tests.reporting.showcase import scored

PLAN = plan(kpi("a", t=10.0), kpi("b", t=10.0), goal("g", kpi("c", t=10.0)))
UNJUDGED = {Status.PENDING, Status.NO_DATA, Status.STALE, Status.UNKNOWN, Status.EXEMPT}


def of(*scores: KpiScore | GoalScore, whole: Plan = PLAN) -> Scorecard:
    """Return a scorecard that holds `scores`."""
    return Scorecard(whole, date(2021, 9, 30), None, {score.path: score for score in scores})


def one(status: Status = Status.ON_TRACK, lag: float | None = None, item: Kpi | None = None, **more: Any) -> KpiScore:
    """Return the score of the KPI `a`."""
    return KpiScore("a", item or kpi("a", t=10.0), status, lag=lag, **more)


def node(status: Status, lag: float | None = None, item: Goal | None = None, **more: Any) -> GoalScore:
    """Return the score of the goal `g`, or of the plan."""
    return GoalScore("g" if item else "", item, status, lag=lag, **more)


def kinds(before: KpiScore | GoalScore, after: KpiScore | GoalScore) -> list[str]:
    """Return the kinds of change from one score of an item to another."""
    return [change.kind.value for change in compare(of(before), of(after))]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (one(Status.ON_TRACK), one(Status.LAGGING), ["newly_lagging"]),
        (one(Status.AT_RISK), one(Status.MISSED), ["newly_lagging"]),
        (one(Status.NO_DATA), one(Status.LAGGING), ["newly_lagging"]),
        (one(Status.LAGGING), one(Status.AT_RISK), ["recovered"]),
        (one(Status.LAGGING), one(Status.MISSED), ["worse"]),
        (one(Status.REGRESSING), one(Status.LAGGING), ["better"]),
        (one(Status.ON_TRACK), one(Status.AT_RISK), ["worse"]),
        (one(Status.AT_RISK), one(Status.ACHIEVED), ["better"]),
        (one(Status.ACHIEVED), one(Status.ON_TRACK), ["worse"]),
        (one(Status.AHEAD), one(Status.ON_TRACK), []),
        (one(Status.AHEAD, -20.0), one(Status.ON_TRACK, 2.0), ["worse"]),
        (one(Status.LAGGING, severity=1), one(Status.LAGGING, severity=2), ["worse"]),
        (one(Status.LAGGING, severity=2), one(Status.LAGGING, severity=1), ["better"]),
        (one(Status.LAGGING, 20.0), one(Status.LAGGING, 20.0 + NOTICEABLE), ["worse"]),
        (one(Status.LAGGING, 20.0 + NOTICEABLE), one(Status.LAGGING, 20.0), ["better"]),
        (one(Status.LAGGING, 20.0), one(Status.LAGGING, 19.9 + NOTICEABLE), []),
        (one(Status.AHEAD, -40.0), one(Status.AHEAD, -20.0), []),
        (one(Status.LAGGING, None), one(Status.LAGGING, 20.0), []),
        (one(Status.LAGGING), one(Status.STALE), ["new_data_problem"]),
        (one(Status.ON_TRACK), one(Status.NO_DATA), ["new_data_problem"]),
        (one(Status.PENDING), one(Status.NO_DATA), ["new_data_problem"]),
        (one(Status.ON_TRACK), one(Status.ON_TRACK, gaps=(date(2021, 3, 31),)), ["new_data_problem"]),
        (one(Status.ON_TRACK), one(Status.AT_RISK, rows_left_out=1), ["worse", "new_data_problem"]),
        (one(Status.ON_TRACK), one(Status.LAGGING, rows_left_out=1), ["newly_lagging", "new_data_problem"]),
        (one(Status.LAGGING), one(Status.ON_TRACK, rows_left_out=1), ["new_data_problem"]),
        (one(Status.LAGGING, rows_left_out=1), one(Status.ON_TRACK, rows_left_out=1), ["recovered"]),
        (one(Status.AT_RISK), one(Status.ON_TRACK, rows_left_out=1), ["new_data_problem"]),
        (one(Status.ON_TRACK, rows_left_out=1), one(Status.ON_TRACK), ["data_arrived"]),
        (one(Status.PENDING), one(Status.ON_TRACK), ["data_arrived"]),
        (one(Status.STALE), one(Status.AT_RISK), ["data_arrived"]),
        (one(Status.NO_DATA), one(Status.STALE), []),
        (one(Status.ON_TRACK), one(Status.EXEMPT), ["exempted"]),
        (one(Status.EXEMPT), one(Status.LAGGING), ["reinstated"]),
        (one(Status.EXEMPT), one(Status.EXEMPT), []),
        (node(Status.LAGGING), node(Status.PENDING, counts={Status.EXEMPT: 2}), ["exempted"]),
        (node(Status.PENDING, counts={Status.EXEMPT: 2}), node(Status.LAGGING), ["reinstated"]),
        (node(Status.ON_TRACK), node(Status.UNKNOWN), ["new_data_problem"]),
        (node(Status.AT_RISK, 8.0), node(Status.BREACHED, 9.0), ["newly_lagging"]),
    ],
)  # fmt: skip
def test_what_a_change_of_status_is_called(
    before: KpiScore | GoalScore, after: KpiScore | GoalScore, expected: list[str]
) -> None:
    """Each pair of states has its words; what has no data did not recover."""
    assert kinds(before, after) == expected


A = kpi("a", t=10.0, b=8.0)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (kpi("a", t=12.0, b=8.0), "target_moved"),
        (changed(A, steps=steps(("2021-06-30", 1.0))), "target_moved"),
        (changed(A, target=None), "target_moved"),
        (changed(A, baseline=Baseline(8.0, approximate=True)), "baseline_changed"),
        (changed(A, baseline=Baseline(8.0, abnormal=Abnormal(text("epidemic")))), "baseline_changed"),
        (changed(A, baseline=None), "baseline_changed"),
        (changed(A, weight=2.0), "weight_changed"),
        (changed(A, due=date(2021, 6, 30)), "terms_changed"),
        (changed(A, measure=Measure.LEVEL), "terms_changed"),
        (changed(A, supports=(Support("g"),)), "terms_changed"),
        (changed(A, owner=text("office")), "owner_changed"),
    ],
)  # fmt: skip
def test_amendments_of_a_kpi_are_told(after: Kpi, expected: str) -> None:
    """What the plan says of a KPI is compared, each part under its own name."""
    assert kinds(one(item=A), one(item=after)) == [expected]
    assert kinds(one(item=after), one(item=A)) == [expected]
    assert ChangeKind(expected) in AMENDMENTS


def test_notes_and_sources_are_no_amendment() -> None:
    """Rewording a plan is not amending it."""
    reworded = changed(A, title=text("other"), notes=text("new"), tags=("x",), where=A.where._replace(line=9))
    assert kinds(one(item=A), one(item=reworded)) == []


def test_amendments_of_a_goal_are_told() -> None:
    """A goal has a weight, an owner, links and thresholds."""
    old = goal("g")
    for amended, expected in (
        (goal("g", weight=3.0), "weight_changed"),
        (goal("g", owner=text("office")), "owner_changed"),
        (goal("g", supports=(Support("h"),)), "terms_changed"),
    ):
        assert kinds(node(Status.ON_TRACK, item=old), node(Status.ON_TRACK, item=amended)) == [expected]
    strict = node(Status.ON_TRACK, item=old, thresholds=TRAFFIC_LIGHT)
    assert kinds(node(Status.ON_TRACK, item=old), strict) == ["terms_changed"]
    assert kinds(node(Status.ON_TRACK), node(Status.ON_TRACK, thresholds=TRAFFIC_LIGHT)) == ["terms_changed"]


def test_items_that_come_and_go_are_told() -> None:
    """Added, removed, and a goal that became a KPI: each with the side that there is, and its title."""
    added, removed = KpiScore("new", kpi("new"), Status.PENDING), KpiScore("old", kpi("old"), Status.MISSED)
    found = compare(of(removed), of(added))
    assert [(change.kind.value, change.path, change.status.value) for change in found] == [
        ("added", "new", "pending"), ("removed", "old", "missed"),
    ]  # fmt: skip
    assert (found[0].before, found[1].after) == (None, None)
    assert [change.title.en for change in found] == ["new", "old"]
    turned = compare(of(GoalScore("a", goal("a"), Status.ON_TRACK)), of(one()))
    assert [change.kind.value for change in turned] == ["added"]


def test_changes_hold_both_sides_and_the_title() -> None:
    """Whoever tells a change has every figure of then and now."""
    before, after = one(Status.ON_TRACK, 1.0, value=5.0), one(Status.LAGGING, 30.0, value=5.5)
    assert compare(of(before), of(after)) == (
        Change(ChangeKind.NEWLY_LAGGING, "a", text("a"), before, after),
    )  # fmt: skip
    whole = compare(of(node(Status.ON_TRACK)), of(node(Status.LAGGING)))
    assert [(change.path, change.title) for change in whole] == [("", PLAN.title)]


def test_worst_first() -> None:
    """Within a kind by status, then severity, then lag, then path."""
    now = {
        "a": KpiScore("a", kpi("a"), Status.LAGGING, lag=10.0, severity=1),
        "b": KpiScore("b", kpi("b"), Status.LAGGING, lag=40.0, severity=1),
        "c": KpiScore("c", kpi("c"), Status.LAGGING, lag=20.0, severity=2),
        "d": KpiScore("d", kpi("d"), Status.BREACHED, lag=1.0),
        "e": KpiScore("e", kpi("e"), Status.LAGGING, lag=10.0, severity=1),
        "f": KpiScore("f", kpi("f"), Status.AT_RISK, lag=99.0),
    }
    then = [KpiScore(path, score.kpi, Status.ON_TRACK) for path, score in now.items()]
    found = compare(of(*then), of(*now.values()))
    assert "".join(change.path for change in found) == "dcbaef"


# laws

STATUSES = st.sampled_from([status for status in Status if status is not Status.UNKNOWN])


@st.composite
def cards(draw: st.DrawFn) -> Scorecard:
    """Draw a scorecard of up to five KPIs and a goal."""
    scores: list[KpiScore | GoalScore] = [GoalScore("", None, draw(st.sampled_from(Status)))]
    for name in draw(st.sets(st.sampled_from("abcde"))):
        item = kpi(name, t=draw(st.sampled_from([10.0, 20.0])), weight=draw(st.sampled_from([1.0, 2.0])))
        lag = draw(st.none() | st.floats(-50, 100))
        left = draw(st.integers(0, 1))
        scores.append(KpiScore(name, item, draw(STATUSES), lag=lag, rows_left_out=left))
    return of(*scores)


def paths(found: tuple[Change, ...], *wanted: ChangeKind) -> set[str]:
    """Return the paths of the changes of some kinds."""
    return {change.path for change in found if change.kind in wanted}


@given(cards())
def test_nothing_changed_since_itself(card: Scorecard) -> None:
    """A scorecard compared with itself has no change."""
    assert compare(card, card) == ()


def test_nothing_changed_since_itself_in_a_real_plan() -> None:
    """Nor has one of a plan with everything in it."""
    assert compare(scored(), scored()) == ()


def left_out(card: Scorecard, path: str) -> int:
    """Return how many rows of a KPI could not be read."""
    return getattr(card.items[path], "rows_left_out", 0)


@given(cards(), cards())
def test_turning_time_round_swaps_lagging_and_recovered(before: Scorecard, after: Scorecard) -> None:
    """For items that could be judged both times; so are worse and better, added and removed, exempted and reinstated."""
    there, back = compare(before, after), compare(after, before)
    both = {
        path for path in before.items.keys() & after.items.keys() if left_out(before, path) == left_out(after, path)
    }
    judged = {path for path in both if not {before.items[path].status, after.items[path].status} & UNJUDGED}
    assert paths(there, ChangeKind.NEWLY_LAGGING) & judged == paths(back, ChangeKind.RECOVERED) & judged
    assert paths(there, ChangeKind.WORSE) & judged == paths(back, ChangeKind.BETTER) & judged
    for one_way, other in (
        (ChangeKind.ADDED, ChangeKind.REMOVED),
        (ChangeKind.EXEMPTED, ChangeKind.REINSTATED),
        (ChangeKind.TARGET_MOVED, ChangeKind.TARGET_MOVED),
        (ChangeKind.WEIGHT_CHANGED, ChangeKind.WEIGHT_CHANGED),
    ):
        assert paths(there, one_way) == paths(back, other)
    missing = paths(there, ChangeKind.NEW_DATA_PROBLEM)
    assert missing - paths(back, ChangeKind.NEWLY_LAGGING) == paths(back, ChangeKind.DATA_ARRIVED)


@given(cards(), cards())
def test_newly_lagging_are_those_that_lag_now_and_did_not(before: Scorecard, after: Scorecard) -> None:
    """No item in the count starts to lag in silence, and none that lags is said to have recovered."""
    found = compare(before, after)
    expected = {
        path for path, now in after.items.items()
        if now.status in LAGGING and path in before.items
        and not (before.items[path].status in LAGGING or before.items[path].out or now.out)
    }  # fmt: skip
    assert paths(found, ChangeKind.NEWLY_LAGGING) == expected
    recovered = paths(found, ChangeKind.RECOVERED)
    assert all(after.items[path].status not in LAGGING | UNJUDGED for path in recovered)


@given(cards(), cards())
def test_order_is_by_kind_then_worst_first(before: Scorecard, after: Scorecard) -> None:
    """And no change is told twice."""
    found = compare(before, after)
    order = [(list(ChangeKind).index(change.kind), WORST_FIRST.index(change.status)) for change in found]
    assert order == sorted(order)
    assert len({(change.kind, change.path) for change in found}) == len(found)
