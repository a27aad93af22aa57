"""What comparable systems get wrong about scoring, one test for each case seen; A, B, C, D are the tables of the study."""

from datetime import datetime

import pytest

import kpi_tracker
from kpi_tracker.calendar import Span
from kpi_tracker.model import reasons
from kpi_tracker.model.goal import Broken, Plan
from kpi_tracker.model.kpi import Kpi, Point, ProfileKind
from kpi_tracker.model.measure import Aggregate, Direction, Measure, Status
from kpi_tracker.model.observation import Value
from kpi_tracker.model.period import Period
from kpi_tracker.model.thresholds import EUROSTAT
from kpi_tracker.outcome import BROKEN, NOTHING, REPORTED, exit_code
from tests.builders import card, day, goal, held, kpi, limit, node_of, obs, plan, score_of, scored

LEVEL, RATE = Measure.LEVEL, Measure.RATE
HALF, END = "2021-06-30", "2021-12-31"
DOWN = Direction.DECREASE


def halfway(one: Kpi, x: Value, **more: object) -> kpi_tracker.KpiScore:
    """Return the score with one value at the middle of the year."""
    return scored(one, {HALF: x}, HALF, **more)


# A. arithmetic


def test_A1_zero_base_growth_is_not_zero_percent() -> None:
    """From 0 to 5 is a change of 5 and no percentage."""
    (found,) = halfway(kpi(measure=LEVEL, b=0.0, t=10.0), 5.0).comparisons
    assert (found.change, found.relative, found.reason) == (5.0, None, reasons.BASE_NOT_POSITIVE)


def test_A2_zero_base_is_scored_by_its_way() -> None:
    """Half of the way from 0 to 10 is half, and compound growth from 0 is undefined, never infinite."""
    one = kpi(measure=LEVEL, b=0.0, t=10.0)
    assert (halfway(one, 5.0).attainment, halfway(one, 5.0).status) == (0.5, Status.ON_TRACK)
    grown = halfway(one, 5.0, thresholds=EUROSTAT).growth
    assert grown is not None
    assert (grown.observed, grown.ratio, grown.reason) == (None, None, reasons.GROWTH_UNDEFINED)


def decade(x: float, t: float = 0.0, b: float = 100.0) -> kpi_tracker.KpiScore:
    """Return the score of a level of 2020 that is to be at `t` by 2030, after a third of the time."""
    whole = plan(kpi(measure=LEVEL, b=b, t=t), period=Period(day("2021-01-01"), day("2029-12-31")), baseline_year=2020)
    return score_of(card(whole, [obs("k", "2023-12-31", x)], "2023-12-31"), "k")


@pytest.mark.parametrize(("x", "status"), [(50.0, Status.AHEAD), (5.0, Status.AHEAD), (200 / 3, Status.ON_TRACK)])
def test_A3_zero_target_is_reached_by_a_straight_way(x: float, status: Status) -> None:
    """From 100 to 0, half done after a third of the time is ahead, and a third done on track."""
    found = decade(x)
    assert found.expected == pytest.approx(1 / 3)
    assert found.status is status


def test_A4_zero_is_a_target() -> None:
    """No incidents is a target, as a bound, a level and a budget."""
    assert halfway(limit(at_most=0.0), 0.0).met is True
    assert halfway(kpi(measure=LEVEL, b=3.0, t=0.0), 0.0).status is Status.ACHIEVED
    assert scored(kpi(t=0.0, direction=DOWN), {END: 0.0}, END).status is Status.ACHIEVED


@pytest.mark.parametrize(("x", "status"), [(80.0, Status.ON_TRACK), (85.0, Status.ON_TRACK), (40.0, Status.LAGGING)])
def test_A5_target_that_is_to_be_held(x: float, status: Status) -> None:
    """To hold 80 is met or not met: never 0 %, 50 % or infinite for every value."""
    assert halfway(held(80.0), x).status is status


def test_A5_hold_not_above() -> None:
    """85 where 80 is not to be exceeded is not met."""
    found = halfway(held(80.0, down=True), 85.0)
    assert (found.met, found.attainment) == (False, 1 - 5 / 80)


@pytest.mark.parametrize(("x", "attainment"), [(100.0, 0.5), (200.0, 0.0), (0.0, 1.0), (300.0, -0.5)])
def test_A8_lower_is_better(x: float, attainment: float) -> None:
    """From 200 to 0, 100 is half of the way and 300 a way back."""
    assert halfway(kpi(measure=LEVEL, b=200.0, t=0.0), x).attainment == attainment


@pytest.mark.parametrize(
    ("b", "t", "x", "attainment"), [(-10.0, 0.0, -5.0, 0.5), (-10.0, 10.0, 2.0, 0.6), (10.0, -10.0, -2.0, 0.6)]
)
def test_A9_negative_values_and_changes_of_sign(b: float, t: float, x: float, attainment: float) -> None:
    """Improving from −10 to −5 is progress, and to cross 0 is nothing special."""
    found = halfway(kpi(measure=LEVEL, b=b, t=t), x)
    assert found.attainment == pytest.approx(attainment)
    assert found.status in (Status.ON_TRACK, Status.AHEAD)


def test_A10_negative_base_has_a_change_and_no_percentage() -> None:
    """From −10 to −5 is a change of 5, not −50 %."""
    (found,) = halfway(kpi(measure=LEVEL, b=-10.0, t=0.0), -5.0).comparisons
    assert (found.change, found.relative) == (5.0, None)


@pytest.mark.parametrize(("b", "t", "x"), [(100.0, 10.0, 70.0), (100.0, 200.0, 400 / 3)])
def test_A12_exactly_on_the_declared_line_is_on_track_in_both_directions(b: float, t: float, x: float) -> None:
    """Falling and rising along the plan's line are alike: p = 1."""
    found = decade(x, t, b)
    assert (found.pace, found.status) == (pytest.approx(1.0), Status.ON_TRACK)


def test_A12_less_than_the_line_asks_for_is_not_on_track() -> None:
    """126 where the line asks for 133 is 78 % of the way expected."""
    assert decade(126.0, 200.0).status is Status.LAGGING


@pytest.mark.parametrize(("x", "status"), [(99.99, Status.MISSED), (99.9999, Status.MISSED), (100.0, Status.ACHIEVED)])
def test_A13_nothing_is_rounded_before_it_is_compared(x: float, status: Status) -> None:
    """99.9999 % is not 100 %."""
    assert scored(kpi(t=100.0), {END: x}, END).status is status


def test_A13_a_pace_just_below_a_bound_is_below_it() -> None:
    """A pace of 0.7999 is lagging though it is shown as 0.80."""
    assert halfway(kpi(t=1000.0), 399.95).status is Status.LAGGING


@pytest.mark.parametrize("x", [50.0, 99.0, 99.999])
def test_A15_a_perfect_goal_has_no_room(x: float) -> None:
    """Of a rate of 100 % any miss is a miss."""
    assert halfway(kpi(measure=RATE, t=100.0), x).met is False
    assert scored(kpi(measure=RATE, t=100.0), {END: x}, END).status is Status.MISSED


def test_A16_clipping_hides_neither_end() -> None:
    """The scores show 250 % and −50 %, and only the mean above them takes 100 % and 0 %."""
    found = card(plan(kpi("a", t=100.0), kpi("b", t=100.0)), [obs("a", HALF, 250.0), obs("b", HALF, -50.0)], HALF)
    assert (score_of(found, "a").attainment, score_of(found, "b").attainment) == (2.5, -0.5)
    assert [share.attainment for share in node_of(found).shares] == [1.0, 0.0]


# B. missing, stale, zero


def test_B1_no_rows_are_not_zero() -> None:
    """Without observations nothing passes, nothing fails, and nothing has the value 0."""
    for one in (kpi(t=100.0), limit(at_most=0.0), held(1.0), kpi(measure=RATE, t=7.0, direction=DOWN)):
        found = scored(one, {}, HALF)
        assert (found.status, found.value, found.met) == (Status.NO_DATA, None, None)
        assert found.reasons["value"] == reasons.NO_OBSERVATION


def test_B2_nan_passes_no_threshold() -> None:
    """A value that is no number is refused instead of being compared with bounds."""
    with pytest.raises(ValueError, match="not a finite number"):
        halfway(limit(at_most=5.0), float("nan"))


def test_B5_not_known_is_neither_on_track_nor_done() -> None:
    """A figure that nobody reported is not 0 spent, and what is exempt leaves the denominator."""
    found = scored(kpi(t=100.0, direction=DOWN), {}, HALF)
    assert (found.status, found.attainment) == (Status.NO_DATA, None)


def test_B6_without_target_nothing_is_met() -> None:
    """A KPI without target shows its value, no attainment, the reason, and is not green."""
    found = halfway(kpi(measure=LEVEL, b=80.0), 85.0)
    assert (found.value, found.attainment, found.met) == (85.0, None, None)
    assert found.reasons["attainment"] == reasons.NO_TARGET
    assert found.status not in (Status.ON_TRACK, Status.AHEAD, Status.ACHIEVED)


def test_B7_no_baseline_is_not_a_baseline_of_zero() -> None:
    """A level without baseline has no way to go, no comparison, and no rate so far."""
    found = halfway(kpi(measure=LEVEL, t=90.0), 45.0)
    assert (found.comparisons, found.outlook.so_far, found.outlook.landing) == ((), None, None)
    assert found.formula == "a = x / t"


def test_B8_no_value_is_not_the_start_value() -> None:
    """What was not reported is not counted as no progress: it is missing, and the coverage shows it."""
    found = card(plan(kpi("a", t=100.0), kpi("b", t=100.0)), [obs("a", HALF, 50.0)], HALF)
    assert score_of(found, "b").attainment is None
    assert (node_of(found).attainment, node_of(found).coverage, node_of(found).status) == (0.5, 0.5, Status.UNKNOWN)


def test_B9_nothing_is_left_out_in_silence() -> None:
    """What has no score is counted as unknown, and what has no weight of its own weighs 1."""
    items = [kpi(name, t=100.0) for name in "abcd"]
    found = node_of(card(plan(*items), [obs(n, HALF, x) for n, x in (("a", 20.0), ("b", 90.0), ("c", 40.0))], HALF))
    assert found.attainment == pytest.approx(0.5)
    assert (found.coverage, found.counts[Status.NO_DATA]) == (0.75, 1)


def test_B9_what_could_not_be_read_is_named() -> None:
    """A broken KPI does not vanish from its goal."""
    found = node_of(card(plan(kpi("a", t=100.0), broken=(Broken("b"),)), [obs("a", HALF, 50.0)], HALF))
    assert (found.coverage, found.incomplete) == (0.5, ("b",))


def test_B10_old_data_do_not_pass_for_new() -> None:
    """Pace is judged at the data date, and data that are too old make the KPI stale and unscored."""
    one = kpi(t=1200.0)
    found = card(plan(one), [obs("k", "2021-01-31", 100.0)], HALF)
    assert (score_of(found, "k").status, score_of(found, "k").underlying) == (Status.STALE, Status.ON_TRACK)
    assert (node_of(found).attainment, node_of(found).coverage) == (None, 0.0)


def test_B11_late_before_the_first_dated_goal() -> None:
    """With nothing but a December goal, 101 on the way from 100 to 120 is late in July."""
    one = kpi(measure=LEVEL, b=100.0, t=120.0)
    found = scored(one, {"2021-07-31": 101.0}, "2021-07-31")
    assert (found.status, found.days_behind) == (Status.LAGGING, 193)


def test_B12_worse_than_the_start_is_the_loudest() -> None:
    """A level below its baseline keeps its figures and stands before everything that merely lags."""
    whole = plan(kpi("slow", t=100.0), kpi("back", LEVEL, b=80.0, t=90.0))
    found = card(whole, [obs("slow", HALF, 1.0), obs("back", HALF, 75.0)], HALF)
    assert [item.id for item in found.lagging] == ["back", "slow"]
    assert score_of(found, "back").attainment == -0.5
    assert score_of(found, "back").lag == pytest.approx(100.0)


def test_B13_empty_input_does_not_succeed() -> None:
    """No KPIs and no data end with 3."""
    assert exit_code(card(plan(), [], HALF)) == BROKEN
    assert exit_code(card(plan(kpi(t=100.0)), [], HALF)) == BROKEN


# C. time


def test_C1_january_is_quiet() -> None:
    """On 3 January 0.5 % of the year's work is not at risk."""
    assert scored(kpi(t=1000.0), {"2021-01-03": 5.0}, "2021-01-03").status is Status.ON_TRACK


@pytest.mark.parametrize("when", ["2021-01-12", "2021-01-31", "2021-02-28"])
def test_C2_no_progress_is_not_on_track_for_weeks(when: str) -> None:
    """Nothing done is flagged from day 12 of a year, not on day 60."""
    assert scored(kpi(t=1000.0), {when: 0.0}, when).status is Status.LAGGING


@pytest.mark.parametrize(("x", "status"), [(84.0, Status.MISSED), (99.0, Status.MISSED), (100.0, Status.ACHIEVED)])
def test_C3_after_the_due_date_only_met_or_missed(x: float, status: Status) -> None:
    """84 % on 31 December is missed, and so is 99 %."""
    assert scored(kpi(t=100.0), {END: x}, END).status is status


def test_C4_a_little_behind_is_not_behind() -> None:
    """There is a band around the line, so that a small shortfall does not flap."""
    assert {halfway(kpi(t=1000.0), x).status for x in (475.0, 499.0, 501.0)} == {Status.ON_TRACK}


def test_C6_a_month_is_judged_against_its_own_share() -> None:
    """The end of July is judged against seven months, and a declared course against the course."""
    found = scored(kpi(t=1200.0), {"2021-07-31": 700.0}, "2021-07-31")
    assert (found.expected, found.pace) == (pytest.approx(7 / 12), pytest.approx(1.0))
    nothing_early = (Point(day(HALF), 0.0), Point(day(END), 1.0))
    one = kpi(t=1200.0, profile=ProfileKind.POINTS, points=nothing_early)
    assert scored(one, {"2021-03-31": 0.0}, "2021-03-31").status is Status.ON_TRACK
    assert scored(one, {"2021-07-31": 200.0}, "2021-07-31").pace == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("one", "value"),
    [
        (kpi(t=1000.0), 375.0),
        (kpi(t=1000.0, aggregate=Aggregate.NEWEST), 150.0),
        (kpi(measure=RATE, t=100.0), 150.0),
        (kpi(measure=LEVEL, b=0.0, t=1000.0, aggregate=Aggregate.MEAN), 125.0),
    ],
)
def test_C7_the_measure_decides_what_is_summed(one: Kpi, value: float) -> None:
    """Months of a total add up; cumulative reports, rates and states do not."""
    rows: dict[str, Value] = {"2021-01-31": 100.0, "2021-02-28": 125.0, "2021-03-31": 150.0}
    assert scored(one, rows, "2021-03-31").value == value


@pytest.mark.parametrize("when", ["2021-01-31", HALF, "2021-11-30"])
def test_C9_a_rate_is_never_prorated(when: str) -> None:
    """6.1 against 7.0 is −0.9 points at any date."""
    found = scored(kpi(measure=RATE, t=7.0), {when: 6.1}, when)
    assert (found.gap, found.expected, found.status) == (-0.9, 1.0, Status.AT_RISK)


def test_C10_today_is_in_the_plan_s_zone_and_scoring_takes_it_as_given() -> None:
    """Half past midnight in Shanghai is a new day there, while it is still yesterday in UTC."""
    from zoneinfo import ZoneInfo

    moment = datetime(2021, 7, 1, 0, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert moment.astimezone(ZoneInfo("UTC")).date() == day(HALF)
    rows = [obs("k", "2021-07-01", 600.0)]
    found = kpi_tracker.score(plan(kpi(t=1200.0)), rows, moment.date())
    assert score_of(found, "k").value == 600.0


def test_C12_a_missed_night_loses_no_flag() -> None:
    """What is overdue is overdue on every later day, not on one."""
    rows: dict[str, Value] = {HALF: 600.0}
    days = ("2021-08-11", "2021-08-12", "2021-09-30", "2022-03-01")
    assert {scored(kpi(t=1200.0), rows, as_of).status for as_of in days} == {Status.STALE}


def test_C13_the_course_starts_with_the_plan() -> None:
    """The first observation in September does not move the start."""
    found = scored(kpi(t=1200.0), {"2021-09-30": 100.0}, "2021-09-30")
    assert found.expected == 0.75
    assert Span(day("2021-01-01"), day(END)).elapsed(day("2021-09-30").toordinal()) == 0.75


# D. roll-up and outcome


def pair(a: float, b: float, **more: object) -> kpi_tracker.Scorecard:
    """Return the scorecard of two totals of 100."""
    return card(plan(kpi("a", t=100.0), kpi("b", t=100.0), **more), [obs("a", HALF, a), obs("b", HALF, b)], HALF)


def test_D1_a_mean_does_not_hide_a_red() -> None:
    """300 % and 0 % are a mean of one half with a lagging KPI in it, not 150 %."""
    found = node_of(pair(300.0, 0.0))
    assert (found.attainment, found.worst) == (0.5, Status.LAGGING)
    assert found.counts == {Status.LAGGING: 1, Status.ACHIEVED: 1}


def test_D2_weights_never_lead_above_1_or_to_0() -> None:
    """Weights are normalised among siblings, whatever their sum; without weights all count alike."""
    heavy = plan(kpi("a", t=100.0, weight=70.0), kpi("b", t=100.0, weight=70.0))
    found = node_of(card(heavy, [obs("a", HALF, 90.0), obs("b", HALF, 90.0)], HALF))
    assert found.attainment == pytest.approx(0.9)
    assert node_of(pair(90.0, 90.0)).attainment == pytest.approx(0.9)


def test_D3_membership_goes_by_whole_segments() -> None:
    """A1 does not take what belongs to A10, nor Food what belongs to FoodTruck."""
    whole = plan(goal("Food", kpi("a", t=100.0)), goal("FoodTruck", kpi("b", t=100.0)))
    found = card(whole, [obs("a", HALF, 50.0), obs("b", HALF, 0.0)], HALF)
    assert (node_of(found, "Food").attainment, node_of(found, "FoodTruck").attainment) == (0.5, 0.0)
    assert "FoodTruck" not in found.only("Food").items


def test_D7_the_exit_code_tells_what_happened() -> None:
    """0 is fine, 1 lags, 3 is broken or unknown; what lags is never 0."""
    assert [exit_code(pair(a, 50.0)) for a in (50.0, 0.0)] == [NOTHING, REPORTED]
    assert exit_code(None) == BROKEN


def test_D9_a_gap_in_the_data_resolves_no_flag() -> None:
    """A lagging KPI whose next figure fails to come keeps saying that it lagged, and is no success."""
    found = scored(kpi(t=1200.0), {HALF: 10.0}, "2021-09-30")
    assert (found.status, found.underlying, found.data_problem) == (Status.STALE, Status.LAGGING, True)


def test_D10_history_is_kept() -> None:
    """A correction does not delete: as known before it, the old figure counts again."""
    rows = [obs("k", HALF, 600.0), obs("k", HALF, 500.0, "2021-08-01")]
    whole: Plan = plan(kpi(t=1200.0))
    before = kpi_tracker.score(whole, rows, day(HALF), day("2021-07-31"))
    assert (score_of(before, "k").value, score_of(card(whole, rows, HALF), "k").value) == (600.0, 500.0)
    assert len(score_of(card(whole, rows, HALF), "k").series.rows) == 2


def test_D13_every_kind_is_counted() -> None:
    """A limit, a rate and a held level count in the mean like a total."""
    whole = plan(kpi("t", t=100.0), limit("n", at_most=0.0), kpi("r", RATE, t=7.0), held(1.0, name="h"))
    rows = [obs("t", HALF, 100.0), obs("n", HALF, 1.0), obs("r", HALF, 3.5), obs("h", HALF, 1.0)]
    found = node_of(card(whole, rows, HALF))
    assert found.attainment == pytest.approx((1 + 0 + 0.5 + 1) / 4)
    assert sum(found.counts.values()) == 4
