"""From leaves to nodes: means, weights, coverage, what is outside, veto and binding, counts and the worst."""

from typing import Any

import pytest

from kpi_tracker.model import reasons
from kpi_tracker.model.goal import Broken, Goal
from kpi_tracker.model.kpi import Kpi, ProfileKind, Support
from kpi_tracker.model.measure import Aggregate, Direction, Measure, Status
from kpi_tracker.model.observation import Observation
from kpi_tracker.model.scorecard import GoalScore, Scorecard
from tests.builders import card, day, exempt, goal, kpi, limit, node_of, obs, plan, score_of, steps, target

HALF, END = "2021-06-30", "2021-12-31"
FIGURES = ("attainment", "expected", "pace", "lag")


def total(name: str, **more: Any) -> Kpi:
    """Return a total of 100."""
    return kpi(name, t=100.0, **more)


def judged(*items: Goal | Kpi, as_of: str = HALF, more: dict[str, Any] | None = None, **values: float) -> Scorecard:
    """Return the scorecard of a plan with one value for each KPI named, dated `as_of`."""
    return judged_on(values, *items, as_of=as_of, more=more)


def judged_on(
    values: dict[str, float], *items: Goal | Kpi, as_of: str = HALF, more: dict[str, Any] | None = None
) -> Scorecard:
    """Return such a scorecard with the values by KPI."""
    rows = [obs(name, as_of, value) for name, value in values.items()]
    return card(plan(*items, **(more or {})), rows, as_of)


def top(*items: Goal | Kpi, as_of: str = HALF, more: dict[str, Any] | None = None, **values: float) -> GoalScore:
    """Return the score of such a plan."""
    return node_of(judged(*items, as_of=as_of, more=more, **values))


# the mean


def test_score_is_the_mean_of_the_children() -> None:
    """Children weigh 1 unless they say otherwise; pace and lag follow from the means."""
    found = top(total("a"), total("b"), a=40.0, b=20.0)
    assert (found.attainment, found.expected) == (pytest.approx(0.3), 0.5)
    assert (found.pace, found.lag) == (pytest.approx(0.6), pytest.approx(20.0))
    assert found.status is Status.LAGGING


def test_each_child_is_clipped() -> None:
    """250 % here neither hides −50 % there nor is dragged by it."""
    found = judged(total("a"), total("b"), a=250.0, b=-50.0)
    assert node_of(found).attainment == 0.5
    assert [score_of(found, name).attainment for name in "ab"] == [2.5, -0.5]


@pytest.mark.parametrize("scale", [1.0, 0.01, 300.0])
def test_weights_are_normalised_among_siblings(scale: float) -> None:
    """Weights of 3 and 1 give three quarters and one quarter, on whatever scale they are written."""
    found = top(total("a", weight=3 * scale), total("b", weight=scale), a=40.0, b=80.0)
    assert found.attainment == pytest.approx(0.5)
    assert [share.part for share in found.shares] == [pytest.approx(0.75), pytest.approx(0.25)]


def test_goals_weigh_too() -> None:
    """A goal's mean counts with the goal's weight, however many KPIs it has."""
    many = goal("many", total("a"), total("b"), total("c"), weight=1.0)
    found = top(many, goal("one", total("d"), weight=3.0), a=0.0, b=0.0, c=0.0, d=80.0)
    assert found.attainment == pytest.approx(0.6)


def test_a_child_that_weighs_nothing_does_not_count() -> None:
    """A weight of 0 takes a child out of the mean and the coverage; its status is counted all the same."""
    found = top(total("a"), total("b", weight=0.0), total("c", weight=0.0), a=50.0, b=0.0)
    assert (found.attainment, found.coverage) == (0.5, 1.0)
    assert found.counts == {Status.LAGGING: 1, Status.NO_DATA: 1, Status.ON_TRACK: 1}
    assert [share.part for share in found.shares] == [1.0, 0.0, None]


def test_nothing_but_children_that_weigh_nothing() -> None:
    """Where no child counts there is no mean, and nothing is said of the whole."""
    found = top(total("a", weight=0.0), a=50.0)
    assert (found.attainment, found.status) == (None, Status.UNKNOWN)
    assert [share.part for share in found.shares] == [None]


def test_expected_is_the_mean_of_the_same_children() -> None:
    """A child whose course is another raises or lowers what is expected of the node."""
    late = total("late", profile=ProfileKind.AT_END, weight=3.0)
    found = top(total("a"), late, a=50.0, late=0.0)
    assert found.expected == pytest.approx(0.125)


def test_pending_children_do_not_count_in_what_is_expected() -> None:
    """Only the scored children's expectation counts."""
    rate = kpi("rate", Measure.RATE, t=7.0)
    whole = plan(total("a"), rate, total("later", start=day("2021-06-01")))
    found = node_of(card(whole, [obs("a", HALF, 50.0), obs("rate", HALF, 7.0)], HALF))
    assert (found.expected, found.attainment, found.coverage) == (0.75, 0.75, 1.0)


def test_nothing_expected_of_a_node_yet() -> None:
    """A node of which nothing is expected has no pace, with the reason, and is on track."""
    found = top(total("a", profile=ProfileKind.AT_END), a=10.0)
    assert (found.expected, found.pace, found.reasons["pace"]) == (0.0, None, reasons.NOTHING_EXPECTED)
    assert found.status is Status.ON_TRACK


def test_a_kpi_that_is_only_met_or_not_counts_with_1_or_0() -> None:
    """What has no attainment but a comparison counts as all or nothing."""
    cold, warm = (kpi(name, Measure.LEVEL, t=-5.0, direction=Direction.DECREASE) for name in ("cold", "warm"))
    assert top(cold, warm, cold=-4.0, warm=-6.0).attainment == 0.5
    rates = (kpi(name, Measure.RATE, t=0.0) for name in ("up", "down"))
    assert top(*rates, up=1.0, down=-1.0).attainment == 0.5


def test_a_kpi_without_target_is_not_scored() -> None:
    """What cannot be met cannot be scored."""
    found = top(kpi("a", Measure.LEVEL, b=100.0, thresholds="eurostat"), total("b"), a=110.0, b=50.0)
    assert (found.attainment, found.coverage) == (0.5, 0.5)


# coverage, and what is outside


def test_no_data_and_stale_lower_the_coverage() -> None:
    """Coverage is the scored weight over the scored and unscored weight; the mean is over what is scored."""
    whole = plan(total("a", weight=2.0), total("b"), total("c"))
    found = node_of(card(whole, [obs("a", HALF, 50.0), obs("b", "2021-03-31", 90.0)], HALF))
    assert (found.attainment, found.coverage) == (0.5, 0.5)
    assert found.counts == {Status.NO_DATA: 1, Status.STALE: 1, Status.ON_TRACK: 1}


def test_pending_is_outside_the_denominator() -> None:
    """What owes no figure yet lowers nothing."""
    later = total("later", start=day("2021-06-01"))
    found = top(total("a"), later, a=50.0)
    assert (found.attainment, found.coverage, found.status) == (0.5, 1.0, Status.ON_TRACK)


def test_coverage_goes_down_to_the_leaves() -> None:
    """A goal with one scored KPI of four passes a quarter upwards, not a whole."""
    thin = goal("thin", *(total(name) for name in "abcd"))
    found = judged(thin, goal("full", total("e")), a=50.0, e=50.0)
    assert node_of(found, "thin").coverage == 0.25
    assert node_of(found).coverage == pytest.approx(0.625)


@pytest.mark.parametrize(("floor", "status"), [(0.8, Status.ON_TRACK), (0.81, Status.UNKNOWN)])
def test_below_the_floor_a_node_is_unknown(floor: float, status: Status) -> None:
    """Coverage at the floor is enough, below it nothing is claimed."""
    five = [total(name) for name in "abcde"]
    assert top(*five, more={"coverage_floor": floor}, a=50.0, b=50.0, c=50.0, d=50.0).status is status


def test_noise_does_not_put_the_coverage_below_the_floor() -> None:
    """0.1 + 0.7 of 1 is 0.8 in a plan, whatever it is in binary."""
    parts = [total("a", weight=0.1), total("b", weight=0.7), total("c", weight=0.2)]
    assert top(*parts, a=50.0, b=50.0).status is Status.ON_TRACK


def test_the_floor_is_80_percent_by_default() -> None:
    """Three quarters are not enough where the plan says nothing."""
    assert top(*(total(name) for name in "abcd"), a=50.0, b=50.0, c=50.0).status is Status.UNKNOWN


def test_nothing_scored_is_unknown_even_with_a_floor_of_0() -> None:
    """Where every figure is missing nothing is on track, whatever floor is set."""
    found = top(total("a"), more={"coverage_floor": 0.0})
    assert (found.status, found.coverage, found.attainment) == (Status.UNKNOWN, 0.0, None)
    assert {name: found.reasons[name] for name in FIGURES} == dict.fromkeys(FIGURES, reasons.NOTHING_SCORED)


def test_a_node_with_nothing_to_judge_is_pending() -> None:
    """Where nothing below is scored or missing a node is pending, without coverage, and says why."""
    found = top(goal("empty"), total("a"), as_of="2021-01-05")
    assert (found.status, found.coverage, found.worst) == (Status.PENDING, None, Status.PENDING)
    assert found.reasons["coverage"] == reasons.NOTHING_SCORED


def test_a_goal_with_nothing_in_it_has_no_worst() -> None:
    """An empty goal is pending and has counts of nothing."""
    found = node_of(judged(goal("empty"), total("a"), a=50.0), "empty")
    assert (found.status, found.worst, found.counts, found.shares) == (Status.PENDING, None, {}, ())


def test_broken_kpis_lower_the_coverage_where_they_stand() -> None:
    """What could not be read counts as missing by its weight, and is named in every node above it."""
    torn = goal("torn", total("a"), broken=(Broken("b", weight=3.0),))
    found = judged(torn, goal("whole", total("c")), a=50.0, c=50.0)
    assert (node_of(found, "torn").coverage, node_of(found, "torn").status) == (0.25, Status.UNKNOWN)
    assert (node_of(found).coverage, node_of(found).incomplete) == (pytest.approx(0.625), ("torn/b",))
    assert node_of(found, "whole").incomplete == ()


def test_broken_kpis_of_the_plan_itself() -> None:
    """What could not be read on the plan's own level is missing there."""
    found = top(total("a"), more={"broken": (Broken("b"),)}, a=50.0)
    assert (found.coverage, found.incomplete) == (0.5, ("b",))


def test_a_plan_of_nothing_but_broken_kpis_is_unknown() -> None:
    """Nothing that could be read is not nothing to judge."""
    assert top(more={"broken": (Broken("b"),)}).status is Status.UNKNOWN


# exempt


@pytest.mark.parametrize(("since", "mean"), [("2021-06-30", 0.5), ("2021-07-01", 0.25)])
def test_exempt_leaves_the_denominator_from_its_date_on(since: str, mean: float) -> None:
    """A cancelled KPI is out from the day of its cancelling, and counts before."""
    found = judged(total("a"), total("b", exempt=exempt(since)), a=50.0, b=0.0)
    assert node_of(found).attainment == mean
    out = mean == 0.5
    assert score_of(found, "b").status is (Status.EXEMPT if out else Status.LAGGING)
    assert (score_of(found, "b").value is None) is out


def test_an_exempt_kpi_has_a_reason_for_every_figure() -> None:
    """An exempt KPI shows no figures, and why."""
    found = score_of(judged(total("a", exempt=exempt("2021-01-01")), a=50.0), "a")
    assert [found.reasons[name] for name in ("value", *FIGURES)] == [reasons.EXEMPT] * 5


def test_an_exempt_kpi_without_data_is_missing_nowhere() -> None:
    """What is out of the count owes no figures."""
    found = top(total("a"), total("b", exempt=exempt("2021-01-01")), a=50.0)
    assert (found.coverage, found.status) == (1.0, Status.ON_TRACK)
    assert found.counts == {Status.ON_TRACK: 1, Status.EXEMPT: 1}


def test_an_exempt_goal_takes_its_whole_branch_out() -> None:
    """Everything below an exempt goal is exempt, goals and KPIs, and nothing of it counts above."""
    branch = goal("out", goal("deep", total("b")), total("c"), exempt=exempt("2021-03-01"))
    found = judged(total("a"), branch, a=50.0, b=0.0, c=0.0)
    assert {found.find(name).status for name in ("out", "deep", "b", "c")} == {Status.EXEMPT}
    assert (node_of(found).attainment, node_of(found).coverage) == (0.5, 1.0)


def test_broken_kpis_below_an_exempt_goal_are_missing_nowhere() -> None:
    """A KPI that could not be read in a cancelled branch lowers no coverage."""
    branch = goal("out", goal("deep", broken=(Broken("b"),)), exempt=exempt("2021-03-01"))
    found = top(total("a"), branch, a=50.0)
    assert (found.coverage, found.status) == (1.0, Status.ON_TRACK)


def test_what_supports_an_exempt_goal_does_not_bring_it_back() -> None:
    """A cancelled goal leaves the mean of the goal above it, though a KPI elsewhere counts toward it."""
    above = goal("above", goal("out", exempt=exempt("2021-03-01")), total("b"))
    helper = total("helper", supports=(Support("out"),))
    found = judged(above, goal("other", helper), helper=0.0, b=50.0)
    assert (node_of(found, "out").status, node_of(found, "out").attainment) == (Status.EXEMPT, None)
    assert node_of(found, "above").attainment == 0.5
    assert node_of(found, "other").attainment == 0.0


def test_an_exempt_kpi_supports_nothing() -> None:
    """A cancelled KPI leaves the denominator of what it supported, too."""
    helper = total("helper", supports=(Support("main"),), exempt=exempt("2021-03-01"))
    found = judged(goal("main", total("a")), goal("other", helper), a=50.0, helper=0.0)
    assert (node_of(found, "main").attainment, node_of(found, "main").coverage) == (0.5, 1.0)


def test_a_veto_that_is_exempt_vetoes_nothing() -> None:
    """A cancelled bound breaks nothing."""
    gone = limit("gone", at_most=0.0, veto=True, exempt=exempt("2021-03-01"))
    assert top(total("a"), gone, a=50.0, gone=1.0).status is Status.ON_TRACK


# status of a node


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"a": 60.0, "b": 60.0}, Status.AHEAD),
        ({"a": 50.0, "b": 50.0}, Status.ON_TRACK),
        ({"a": 47.0, "b": 47.0}, Status.ON_TRACK),
        ({"a": 45.0, "b": 45.0}, Status.AT_RISK),
        ({"a": 40.0, "b": 40.0}, Status.AT_RISK),
        ({"a": 39.0, "b": 39.0}, Status.LAGGING),
        ({"a": 100.0, "b": 100.0}, Status.ACHIEVED),
        ({"a": 100.0, "b": 50.0}, Status.AHEAD),
        ({"a": 100.0, "b": 10.0}, Status.AHEAD),
    ],
)
def test_a_node_is_judged_by_its_own_pace_and_lag(values: dict[str, float], status: Status) -> None:
    """The thresholds for KPIs hold for the means, and achieved is only what is achieved by all."""
    assert node_of(judged_on(values, total("a"), total("b"))).status is status


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"a": 100.0, "b": 100.0}, Status.ACHIEVED),
        ({"a": 100.0, "b": 99.0}, Status.MISSED),
        ({"a": 1.0, "b": 1.0}, Status.MISSED),
    ],
)
def test_at_the_end_a_node_is_achieved_or_missed(values: dict[str, float], status: Status) -> None:
    """When every leaf is achieved or missed the node is one of both: one miss is a miss."""
    assert node_of(judged_on(values, total("a"), total("b"), as_of=END)).status is status


def test_missed_takes_every_scored_leaf_to_be_over() -> None:
    """While one leaf still runs a node goes on being judged by its pace."""
    over = total("over", due=day("2021-03-31"))
    whole = plan(over, total("b"))
    found = node_of(card(whole, [obs("over", "2021-03-31", 90.0), obs("b", HALF, 50.0)], HALF))
    assert (found.status, found.worst) == (Status.AT_RISK, Status.MISSED)
    assert found.expected == pytest.approx(0.75)


def test_unscored_leaves_do_not_keep_a_node_from_being_achieved() -> None:
    """Every scored leaf is achieved: pending and exempt ones do not ask for more, and missing ones only above the floor."""
    pending = total("later", start=day("2021-06-01"))
    out = total("out", exempt=exempt("2021-01-01"))
    assert top(total("a"), pending, out, a=100.0).status is Status.ACHIEVED
    missing = total("missing", weight=0.25)
    assert top(total("a"), missing, a=100.0).status is Status.ACHIEVED
    assert top(total("a"), total("missing"), a=100.0).status is Status.UNKNOWN


def test_a_breach_without_veto_does_not_breach_its_ancestors() -> None:
    """A broken bound that is no veto lowers the mean, and stands as the worst below."""
    found = top(total("a"), limit("b", at_most=0.0), a=100.0, b=1.0)
    assert (found.status, found.worst, found.veto) == (Status.LAGGING, Status.BREACHED, ())


def test_a_veto_breaches_every_ancestor_and_no_one_else() -> None:
    """A breached veto makes every node above it breached, and leaves other branches alone."""
    low = goal("low", limit("v", at_most=0.0, veto=True))
    found = judged(goal("high", low, total("a")), goal("other", total("b")), a=90.0, b=90.0, v=1.0)
    assert [node_of(found, name).status for name in ("low", "high", "")] == [Status.BREACHED] * 3
    assert node_of(found).veto == ("high/low/v",)
    assert node_of(found, "other").status is Status.AHEAD


def test_a_veto_that_holds_vetoes_nothing() -> None:
    """A veto KPI that is kept is a KPI like any other."""
    found = top(limit("v", at_most=0.0, veto=True), v=0.0)
    assert (found.status, found.veto) == (Status.ON_TRACK, ())


def test_a_veto_kpi_that_merely_lags_does_not_veto() -> None:
    """Only a breach vetoes; a lagging total marked veto lags."""
    found = top(total("v", veto=True), total("a", weight=9.0), v=0.0, a=90.0)
    assert (found.status, found.veto) == (Status.AHEAD, ())


def test_a_veto_stands_beside_unknown() -> None:
    """Low coverage never hides a breach: the node is unknown and the veto is named."""
    found = top(limit("v", at_most=0.0, veto=True), total("a"), total("b"), v=1.0)
    assert (found.status, found.veto, found.worst) == (Status.UNKNOWN, ("v",), Status.BREACHED)


def test_a_veto_that_weighs_nothing_vetoes_all_the_same() -> None:
    """A veto needs no weight."""
    found = top(limit("v", at_most=0.0, veto=True, weight=0.0), total("a"), v=1.0, a=90.0)
    assert (found.status, found.attainment) == (Status.BREACHED, 0.9)


@pytest.mark.parametrize(
    ("x", "others", "status"),
    [
        (0.0, 100.0, Status.AT_RISK),
        (0.0, 60.0, Status.AT_RISK),
        (0.0, 30.0, Status.LAGGING),
        (45.0, 90.0, Status.AHEAD),
        (50.0, 50.0, Status.ON_TRACK),
    ],
)
def test_a_binding_kpi_that_lags_caps_every_ancestor(x: float, others: float, status: Status) -> None:
    """While a binding KPI lags nothing above it is better than at risk, and nothing is lifted by it."""
    deep = goal("deep", kpi("bound", t=100.0, binding=True), total("a", weight=9.0))
    found = judged(goal("high", deep), bound=x, a=others)
    assert [node_of(found, name).status for name in ("deep", "high", "")] == [status] * 3
    lagging = score_of(found, "bound").status is Status.LAGGING
    assert node_of(found).binding == (("high/deep/bound",) if lagging else ())


def test_a_binding_kpi_that_is_missed_caps_too() -> None:
    """Missed in March, it keeps the node from being ahead in June."""
    over = kpi("over", t=100.0, binding=True, due=day("2021-03-31"))
    whole = plan(over, total("a", weight=9.0))
    found = node_of(card(whole, [obs("over", "2021-03-31", 90.0), obs("a", HALF, 90.0)], HALF))
    assert (found.status, found.binding) == (Status.AT_RISK, ("over",))


# what stands with the mean


def test_a_mean_never_hides_a_red() -> None:
    """With the mean stand the worst status below and the count of each, the worst first."""
    found = top(total("a"), total("b"), total("c"), total("d"), a=100.0, b=50.0, c=50.0, d=10.0)
    assert found.worst is Status.LAGGING
    assert list(found.counts.items()) == [(Status.LAGGING, 1), (Status.ON_TRACK, 2), (Status.ACHIEVED, 1)]


def test_shares_take_a_node_s_score_apart() -> None:
    """The parts times the figures of the children add up to the node's."""
    found = top(goal("g", total("a")), total("b", weight=3.0), total("c"), a=150.0, b=20.0)
    assert [(s.path, s.weight, s.status) for s in found.shares] == [
        ("g", 1.0, Status.ACHIEVED), ("b", 3.0, Status.LAGGING), ("c", 1.0, Status.NO_DATA)
    ]  # fmt: skip
    assert sum((s.part or 0.0) * (s.attainment or 0.0) for s in found.shares) == pytest.approx(found.attainment)
    assert sum(s.part or 0.0 for s in found.shares) == pytest.approx(1.0)
    assert [s.support for s in found.shares] == [False] * 3


# supports


def supported(*links: Support) -> Scorecard:
    """Return the scorecard of a breakthrough that a KPI of another branch counts toward."""
    helper = total("helper", supports=links, weight=2.0)
    items = (goal("breakthrough", total("own")), goal("branch", goal("home", helper), total("other")))
    return judged_on({"own": 20.0, "helper": 80.0, "other": 40.0}, *items)


def test_a_supported_goal_scores_over_what_supports_it() -> None:
    """A KPI of another branch counts with its own weight where the link gives none."""
    found = node_of(supported(Support("breakthrough")), "breakthrough")
    assert found.attainment == pytest.approx((20 + 2 * 80) / 300)
    assert [(s.path, s.weight, s.support) for s in found.shares] == [
        ("breakthrough/own", 1.0, False), ("branch/home/helper", 2.0, True)
    ]  # fmt: skip
    assert found.counts == {Status.LAGGING: 1, Status.AHEAD: 1}


@pytest.mark.parametrize(("weight", "mean"), [(1.0, 0.5), (3.0, 0.65), (0.0, 0.2)])
def test_a_link_may_carry_a_weight(weight: float, mean: float) -> None:
    """The weight of the link goes before that of the KPI, and 0 is a weight."""
    found = node_of(supported(Support("breakthrough", weight)), "breakthrough")
    assert found.attainment == pytest.approx(mean)


def test_a_kpi_counts_once_in_the_plan_s_own_score() -> None:
    """A link changes what the supported goal shows and nothing of the plan's own score."""
    linked, plain = supported(Support("breakthrough")), supported()
    for figure in (*FIGURES, "coverage", "counts", "status"):
        assert getattr(node_of(linked), figure) == getattr(node_of(plain), figure)
        assert getattr(node_of(linked, "branch"), figure) == getattr(node_of(plain, "branch"), figure)
    assert node_of(linked).attainment == pytest.approx((0.2 + 0.6) / 2)


def test_a_goal_can_support_a_goal() -> None:
    """A whole goal counts toward another with its mean, its coverage and its leaves."""
    helper = goal("helper", total("a"), total("b"), supports=(Support("main", 1.0),))
    found = node_of(judged(goal("main", total("own")), helper, own=20.0, a=60.0, b=100.0), "main")
    assert found.attainment == pytest.approx(0.5)
    assert found.counts == {Status.LAGGING: 1, Status.AHEAD: 1, Status.ACHIEVED: 1}


def test_a_goal_s_own_weight_counts_where_its_link_has_none() -> None:
    """A goal that supports another weighs there what it weighs at home."""
    helper = goal("helper", total("a"), supports=(Support("main"),), weight=3.0)
    assert node_of(judged(goal("main", total("own")), helper, own=20.0, a=60.0), "main").attainment == pytest.approx(
        0.5
    )


def test_support_is_passed_on() -> None:
    """What supports a goal counts in the goal above it and in what that goal supports, each leaf once."""
    helper = total("helper", supports=(Support("low"),))
    low = goal("low", total("own"), supports=(Support("guideline"),))
    found = judged(goal("high", low), goal("home", helper), goal("guideline"), own=20.0, helper=80.0)
    for name in ("low", "high", "guideline"):
        assert node_of(found, name).attainment == pytest.approx(0.5)
        assert sum(node_of(found, name).counts.values()) == 2


def test_a_leaf_that_comes_two_ways_is_counted_once() -> None:
    """A KPI that supports two goals below one node is one KPI in that node's counts."""
    helper = total("helper", supports=(Support("x"), Support("y")))
    found = judged(goal("high", goal("x"), goal("y")), goal("home", helper), helper=10.0)
    assert node_of(found, "high").counts == {Status.LAGGING: 1}


def test_a_veto_breaches_what_it_supports() -> None:
    """A veto reaches every node that it counts toward."""
    veto = limit("v", at_most=0.0, veto=True, supports=(Support("main"),))
    found = judged(goal("main", total("a")), goal("home", veto), a=90.0, v=1.0)
    assert [node_of(found, name).status for name in ("main", "home", "")] == [Status.BREACHED] * 3


def test_a_link_by_path_leads_to_the_goal_with_that_id() -> None:
    """A link may name the path of a goal as well as its id."""
    helper = total("helper", supports=(Support("high/low"),))
    found = judged(goal("high", goal("low")), goal("home", helper), helper=80.0)
    assert node_of(found, "low").attainment == 0.8


def test_a_link_that_leads_nowhere_counts_nowhere() -> None:
    """A fault in the plan is reported where plans are read; here it changes no score."""
    found = supported(Support("nowhere"))
    assert found.items.keys() == supported().items.keys()
    assert node_of(found, "breakthrough").attainment == 0.2


def test_membership_goes_by_path_segments() -> None:
    """A10 is no part of A1, in the tree and in a part of the scorecard."""
    found = judged(goal("A1", total("a")), goal("A10", total("b")), a=50.0, b=0.0)
    assert node_of(found, "A1").attainment == 0.5
    assert list(found.only("A1").items) == ["A1", "A1/a"]


def test_every_kind_of_measure_is_in_the_counts() -> None:
    """No measure is left out of a tally."""
    kinds = (
        total("t"), kpi("l", Measure.LEVEL, b=0.0, t=100.0), kpi("r", Measure.RATE, t=50.0), limit("n", at_most=0.0, by=Aggregate.SUM),
        kpi("m", Measure.MILESTONE, steps=steps((END, 1))), kpi("g", Measure.GRADE, scale=("A", "B"), t=target("A"), b="B"),
    )  # fmt: skip
    rows: list[Observation] = [obs(name, HALF, 50.0) for name in "tlr"]
    rows += [obs("n", HALF, 0.0), obs("m", HALF, ()), obs("g", HALF, "A")]
    found = node_of(card(plan(*kinds), rows, HALF))
    assert sum(found.counts.values()) == len(Measure) == len(found.shares)
    assert found.coverage == 1.0
