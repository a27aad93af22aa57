"""Attainment and expectation of every measure, with all their cases."""

import pytest

from kpi_tracker.model import reasons
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Aggregate, Direction, Measure, Status
from kpi_tracker.model.observation import Value
from kpi_tracker.model.scorecard import KpiScore
from kpi_tracker.model.target import TargetForm, Tolerance
from tests.builders import held, kpi, limit, scored, steps, target

LEVEL, RATE = Measure.LEVEL, Measure.RATE
DOWN = Direction.DECREASE
HALF = "2021-06-30"
END = "2021-12-31"


def halfway(one: Kpi, x: Value) -> KpiScore:
    """Return the score with one value at the middle of the year."""
    return scored(one, {HALF: x}, HALF)


def at_end(one: Kpi, x: Value) -> KpiScore:
    """Return the score with one value at the end of the year."""
    return scored(one, {END: x}, END)


# total


def test_total_is_the_sum_of_the_period() -> None:
    """A total accumulates: its value is the sum of the observations up to the date."""
    found = scored(kpi(t=100.0), {"2021-01-31": 10.0, "2021-02-28": 20.0, "2021-03-31": 5.0}, "2021-02-28")
    assert (found.value, found.attainment) == (30.0, 0.3)
    assert (found.formula, found.inputs) == ("a = x / t", {"x": 30.0, "t": 100.0})


def test_cumulative_reports_are_not_summed() -> None:
    """Where reports are cumulative the newest is the total."""
    cumulative = kpi(t=100.0, aggregate=Aggregate.NEWEST)
    assert scored(cumulative, {"2021-01-31": 10.0, "2021-02-28": 30.0}, "2021-02-28").value == 30.0


def test_total_counts_from_zero_not_from_the_baseline() -> None:
    """Last year's figure is no part of a total's attainment."""
    assert halfway(kpi(b=80.0, t=100.0), 50.0).attainment == 0.5


def test_total_above_its_target_is_reported_unclipped() -> None:
    """An attainment above 1 is shown as it is."""
    assert halfway(kpi(t=100.0), 250.0).attainment == 2.5


def test_total_below_zero_is_reported_unclipped() -> None:
    """A negative total has a negative attainment and is lagging; only a level can regress."""
    found = halfway(kpi(t=100.0), -25.0)
    assert (found.attainment, found.status) == (-0.25, Status.LAGGING)


@pytest.mark.parametrize(("t", "x", "met"), [(0.0, 1.0, True), (-5.0, -4.0, True), (-5.0, -6.0, False)])
def test_total_with_a_target_not_above_zero_is_met_or_not(t: float, x: float, met: bool) -> None:
    """Where x / t has no meaning there is no attainment, a reason, and the comparison."""
    found = halfway(kpi(t=t), x)
    assert (found.attainment, found.pace, found.lag, found.days_behind) == (None, None, None, None)
    assert set(found.reasons) >= {"attainment", "pace", "lag", "days_behind"}
    assert found.reasons["attainment"] == reasons.TARGET_NOT_POSITIVE
    assert found.met is met
    assert found.status is (Status.ACHIEVED if met else Status.LAGGING)


BUDGET = kpi(t=100.0, direction=DOWN)


@pytest.mark.parametrize(("x", "attainment"), [(50.0, 0.5), (25.0, 1.0), (100.0, 0.25), (200.0, 0.125)])
def test_budget_compares_the_spending_expected_with_the_spending(x: float, attainment: float) -> None:
    """A budget's attainment is e² · t / x: spending as expected is exactly e, and p is expected over actual spending."""
    found = halfway(BUDGET, x)
    assert (found.attainment, found.expected) == (attainment, 0.5)
    assert found.pace == pytest.approx(50.0 / x)


@pytest.mark.parametrize(("when", "attainment"), [(HALF, 0.5), (END, 1.0)])
@pytest.mark.parametrize("x", [0.0, -5.0])
def test_unspent_budget(when: str, attainment: float, x: float) -> None:
    """Nothing spent is as expected before the end and all of it at the end."""
    assert scored(BUDGET, {when: x}, when).attainment == attainment


@pytest.mark.parametrize(
    ("when", "x", "status"),
    [
        (HALF, 40.0, Status.AHEAD),
        (HALF, 50.0, Status.ON_TRACK),
        (HALF, 60.0, Status.AT_RISK),
        (HALF, 70.0, Status.LAGGING),
        (END, 100.0, Status.ACHIEVED),
        (END, 101.0, Status.MISSED),
    ],
)
def test_budget_is_kept_only_at_the_end(when: str, x: float, status: Status) -> None:
    """Money left over in June achieves nothing yet; at the end the budget is kept or missed."""
    assert scored(BUDGET, {when: x}, when).status is status


def test_budget_of_nothing() -> None:
    """Of a budget of 0 nothing may be spent, and 0 is a target like any other."""
    nothing = kpi(t=0.0, direction=DOWN)
    assert at_end(nothing, 0.0).status is Status.ACHIEVED
    assert halfway(nothing, 1.0).attainment == 0
    assert at_end(nothing, 1.0).status is Status.MISSED


@pytest.mark.parametrize(("x", "met"), [(-6.0, True), (-4.0, False)])
def test_budget_below_zero_is_met_or_not(x: float, met: bool) -> None:
    """A negative budget has no ratio: met or not met, with the reason."""
    found = halfway(kpi(t=-5.0, direction=DOWN), x)
    assert (found.attainment, found.met) == (None, met)
    assert found.reasons["attainment"] == reasons.TARGET_NOT_POSITIVE
    assert found.status is (Status.ON_TRACK if met else Status.LAGGING)


def test_total_without_target_has_a_value_and_no_attainment() -> None:
    """Where there is no target nothing is met, and the reason says why."""
    found = halfway(kpi(), 50.0)
    assert (found.value, found.attainment, found.met) == (50.0, None, None)
    assert found.reasons["attainment"] == reasons.NO_TARGET


# level


@pytest.mark.parametrize(
    ("b", "t", "x", "attainment"),
    [
        (80.0, 90.0, 85.0, 0.5),
        (10.0, 5.0, 8.0, 0.4),
        (200.0, 0.0, 100.0, 0.5),
        (-10.0, 10.0, 0.0, 0.5),
        (-10.0, -20.0, -15.0, 0.5),
        (0.0, 10.0, 2.5, 0.25),
        (80.0, 90.0, 78.0, -0.2),
        (10.0, 5.0, 11.0, -0.2),
        (80.0, 90.0, 95.0, 1.5),
    ],
)
def test_level_is_the_share_of_the_way(b: float, t: float, x: float, attainment: float) -> None:
    """One formula serves both directions, zero and negative values, and goes below 0 and above 1."""
    found = halfway(kpi(measure=LEVEL, b=b, t=t), x)
    assert found.attainment == pytest.approx(attainment)
    assert (found.formula, found.inputs) == ("a = (x − b) / (t − b)", {"x": x, "b": b, "t": t})


@pytest.mark.parametrize(
    ("aggregate", "value"),
    [(None, 4.0), (Aggregate.NEWEST, 4.0), (Aggregate.MEAN, 5.0), (Aggregate.MAX, 8.0), (Aggregate.MIN, 3.0)],
)
def test_level_value_by_aggregate(aggregate: Aggregate | None, value: float) -> None:
    """A level is its newest reading unless mean, max or min is declared."""
    one = kpi(measure=LEVEL, b=0.0, t=10.0, aggregate=aggregate)
    rows: dict[str, Value] = {"2021-01-31": 8.0, "2021-02-28": 3.0, "2021-03-31": 4.0}
    assert scored(one, rows, "2021-03-31").value == value


@pytest.mark.parametrize("x", [90.0, 91.0])
def test_level_is_achieved_where_the_target_is_reached_or_passed(x: float) -> None:
    """A level that is there before the end is achieved at once."""
    assert halfway(kpi(measure=LEVEL, b=80.0, t=90.0), x).status is Status.ACHIEVED
    assert halfway(kpi(measure=LEVEL, b=-80.0, t=-90.0), -x).status is Status.ACHIEVED


def test_level_exactly_at_its_baseline_is_not_regressing() -> None:
    """No progress is 0, which is lagging and not regressing."""
    found = halfway(kpi(measure=LEVEL, b=80.0, t=90.0), 80.0)
    assert (found.attainment, found.status) == (0.0, Status.LAGGING)


@pytest.mark.parametrize(
    ("tolerance", "x", "attainment"),
    [
        (None, 100.0, 1.0),
        (None, 120.0, 1.0),
        (None, 95.0, 0.95),
        (Tolerance(0.05, relative=True), 95.0, 1.0),
        (Tolerance(0.05, relative=True), 94.0, 0.94),
        (Tolerance(3.0), 97.0, 1.0),
        (Tolerance(3.0), 96.0, 0.96),
        (None, -50.0, -0.5),
    ],
)
def test_maintained_level(tolerance: Tolerance | None, x: float, attainment: float) -> None:
    """1 while no worse than the baseline beyond the tolerance, else 1 less the whole loss relative to the baseline."""
    found = halfway(held(100.0, tolerance=tolerance), x)
    assert found.attainment == pytest.approx(attainment)
    assert found.expected == 1.0


@pytest.mark.parametrize(
    ("b", "x", "attainment"),
    [(10.0, 10.0, 1.0), (10.0, 9.0, 1.0), (10.0, 11.0, 0.9), (-10.0, -9.0, 0.9), (-10.0, -11.0, 1.0)],
)
def test_maintained_level_that_must_not_rise(b: float, x: float, attainment: float) -> None:
    """For what is better when lower, worse is above; a negative baseline loses by its absolute value."""
    assert halfway(held(b, down=True), x).attainment == pytest.approx(attainment)


def test_relative_tolerance_of_a_negative_baseline() -> None:
    """A tolerance in % is a share of the absolute value."""
    one = held(-100.0, tolerance=Tolerance(0.05, relative=True))
    assert halfway(one, -105.0).attainment == 1.0
    assert halfway(one, -106.0).attainment == pytest.approx(0.94)


def test_absolute_tolerance_around_zero() -> None:
    """A baseline of 0 can be held within an amount, and is lost wholly beyond it."""
    one = held(0.0, tolerance=Tolerance(2.0))
    assert halfway(one, -2.0).attainment == 1.0
    assert halfway(one, -3.0).attainment == 0.0


@pytest.mark.parametrize(
    ("when", "x", "status"),
    [
        (HALF, 100.0, Status.ON_TRACK),
        (HALF, 97.0, Status.ON_TRACK),
        (HALF, 90.0, Status.AT_RISK),
        (HALF, 70.0, Status.LAGGING),
        (HALF, -1.0, Status.REGRESSING),
        (END, 100.0, Status.ACHIEVED),
        (END, 99.0, Status.MISSED),
    ],
)
def test_maintained_is_achieved_only_at_the_end(when: str, x: float, status: Status) -> None:
    """What is to be held is on track before the end; there it is achieved or missed."""
    assert scored(held(100.0), {when: x}, when).status is status


@pytest.mark.parametrize(
    ("direction", "t", "x", "attainment", "met"),
    [
        (Direction.INCREASE, 80.0, 60.0, 0.75, False),
        (Direction.INCREASE, 80.0, 100.0, 1.25, True),
        (DOWN, 60.0, 80.0, 0.75, False),
        (DOWN, 60.0, 40.0, 1.5, True),
        (DOWN, 0.0, 5.0, 0.0, False),
        (DOWN, 60.0, 0.0, 1.0, True),
        (DOWN, 0.0, 0.0, 1.0, True),
        (DOWN, -5.0, -6.0, 1.0, True),
        (DOWN, -5.0, -4.0, None, False),
        (Direction.INCREASE, 0.0, -1.0, None, False),
        (Direction.INCREASE, 0.0, 1.0, None, True),
        (Direction.INCREASE, -5.0, -6.0, None, False),
    ],
)
def test_level_without_baseline(direction: Direction, t: float, x: float, attainment: float | None, met: bool) -> None:
    """A level without baseline is a ratio; where that is undefined it is met or not met, with the reason."""
    found = halfway(kpi(measure=LEVEL, t=t, direction=direction), x)
    assert found.attainment == (None if attainment is None else pytest.approx(attainment))
    assert found.met is met
    assert ("attainment" in found.reasons) is (attainment is None)
    assert found.expected == 0.5
    if attainment is None:
        assert found.status is (Status.ACHIEVED if met else Status.LAGGING)


# rate


@pytest.mark.parametrize(("when", "status"), [(HALF, Status.ON_TRACK), (END, Status.ACHIEVED)])
def test_rate_met(when: str, status: Status) -> None:
    """A rate that is met is on track before the end and achieved only at it."""
    found = scored(kpi(measure=RATE, t=7.0), {when: 7.0}, when)
    assert (found.attainment, found.expected, found.status) == (1.0, 1.0, status)


def test_rate_takes_its_newest_value() -> None:
    """A rate is never summed or averaged."""
    assert scored(kpi(measure=RATE, t=7.0), {"2021-05-31": 9.0, HALF: 3.5}, HALF).attainment == 0.5


def test_rate_missed_at_the_end() -> None:
    """A rate not met at the end is missed."""
    assert at_end(kpi(measure=RATE, t=7.0), 6.9).status is Status.MISSED


@pytest.mark.parametrize(
    ("direction", "t", "x", "attainment", "met"),
    [
        (Direction.INCREASE, 7.0, -3.5, -0.5, False),
        (Direction.INCREASE, 0.0, 1.0, None, True),
        (Direction.INCREASE, -2.0, -3.0, None, False),
        (DOWN, 5.0, 10.0, 0.5, False),
        (DOWN, 5.0, 4.0, 1.25, True),
        (DOWN, 0.0, 10.0, 0.0, False),
        (DOWN, 5.0, 0.0, None, True),
        (DOWN, -2.0, -1.0, None, False),
    ],
)
def test_rate_in_both_directions(direction: Direction, t: float, x: float, attainment: float | None, met: bool) -> None:
    """x / t or t / x where that has a meaning, else met or not met; the gap in points is always there."""
    found = halfway(kpi(measure=RATE, t=t, direction=direction), x)
    assert (found.attainment, found.met, found.gap) == (attainment, met, x - t)
    assert found.expected == 1.0
    if attainment is None:
        assert found.reasons["attainment"] == reasons.UNDEFINED_RATIO
        assert found.status is (Status.ON_TRACK if met else Status.LAGGING)


def test_gap_is_for_rates_and_has_a_reason_elsewhere() -> None:
    """Other measures have no gap in points, and say so."""
    found = halfway(kpi(t=100.0), 50.0)
    assert (found.gap, found.reasons["gap"]) == (None, reasons.NOT_FOR_MEASURE)


def test_gap_is_what_a_person_would_subtract() -> None:
    """6.1 less 7.0 is −0.9 without noise."""
    assert halfway(kpi(measure=RATE, t=7.0), 6.1).gap == -0.9


# limit

ROWS: dict[str, Value] = {"2021-01-31": 2.0, "2021-02-28": 4.0, "2021-03-31": 1.0}


@pytest.mark.parametrize(
    ("by", "value", "holds"),
    [(None, 7.0, 7.0), (Aggregate.SUM, 7.0, 7.0), (Aggregate.NEWEST, 1.0, 4.0), (Aggregate.MAX, 4.0, 4.0), (Aggregate.MIN, 1.0, 2.0)],
)  # fmt: skip
def test_limit_at_most_was_broken_at_any_date(by: Aggregate | None, value: float, holds: float) -> None:
    """An upper bound is broken where the aggregate was above it at any date, though it may have come down again."""
    kept = scored(limit(at_most=holds, by=by), ROWS, "2021-03-31")
    broken = scored(limit(at_most=holds - 0.5, by=by), ROWS, "2021-03-31")
    assert (kept.value, kept.attainment, kept.status) == (value, 1.0, Status.ON_TRACK)
    assert (broken.value, broken.attainment, broken.status) == (value, 0.0, Status.BREACHED)
    assert broken.inputs["x"] == holds


@pytest.mark.parametrize(
    ("by", "value", "holds"), [(Aggregate.NEWEST, 1.0, 1.0), (Aggregate.MAX, 4.0, 2.0), (Aggregate.MIN, 1.0, 1.0)]
)
def test_limit_at_least_was_broken_at_any_date(by: Aggregate, value: float, holds: float) -> None:
    """A lower bound is broken where the aggregate was below it at any date."""
    kept = scored(limit(at_least=holds, by=by), ROWS, "2021-03-31")
    broken = scored(limit(at_least=holds + 0.5, by=by), ROWS, "2021-03-31")
    assert (kept.value, kept.status) == (value, Status.ON_TRACK)
    assert broken.status is Status.BREACHED
    assert broken.inputs["x"] == holds


def test_limit_broken_and_healed_by_a_correction() -> None:
    """A sum that went down again stays broken: once broken, always broken."""
    rows: dict[str, Value] = {"2021-01-31": 3.0, "2021-02-28": -3.0}
    found = scored(limit(at_most=2.0), rows, "2021-02-28")
    assert (found.value, found.status) == (0.0, Status.BREACHED)


def test_limit_broken_before_is_breached_at_the_end_too() -> None:
    """A breach is a breach, not missed, when the year is over."""
    assert at_end(limit(at_most=0.0), 1.0).status is Status.BREACHED


def test_limit_broken_in_old_data_is_breached_not_stale() -> None:
    """A breach does not go away because no newer figure arrived."""
    assert scored(limit(at_most=0.0), {"2021-01-31": 1.0}, END).status is Status.BREACHED


def test_limit_is_held_only_at_the_end() -> None:
    """A bound that holds is on track before the end, and achieved at it."""
    assert halfway(limit(at_most=0.0), 0.0).status is Status.ON_TRACK
    assert at_end(limit(at_most=0.0), 0.0).status is Status.ACHIEVED


def test_limit_that_nobody_reported_on_is_not_held() -> None:
    """No report of accidents is not a report of no accidents."""
    assert scored(limit(at_most=0.0), {}, END).status is Status.NO_DATA


# milestone

THREE = kpi(measure=Measure.MILESTONE, steps=steps(("2021-03-31", 1), ("2021-06-30", 1), (END, 2)))


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [("2021-03-30", 0.0), ("2021-03-31", 0.25), ("2021-06-30", 0.5), ("2021-12-30", 0.5), (END, 1.0)],
)
def test_milestone_expects_the_weight_due_by_as_of(as_of: str, expected: float) -> None:
    """A step is expected from the end of its due day on, whatever the date of the newest row."""
    assert scored(THREE, {"2021-02-28": ()}, as_of).expected == expected


@pytest.mark.parametrize(
    ("done", "attainment"), [((), 0.0), (("s1",), 0.25), (("s3",), 0.5), (("s1", "s2", "s3"), 1.0)]
)
def test_milestone_is_the_weight_done(done: tuple[str, ...], attainment: float) -> None:
    """Attainment is the weight done over all weight, in whatever order the steps were done."""
    assert scored(THREE, {"2021-03-31": done}, "2021-03-31").attainment == attainment


def test_milestone_takes_what_the_newest_row_states() -> None:
    """A step that the newest row no longer names is no longer done."""
    rows: dict[str, Value] = {"2021-02-28": ("s1",), "2021-03-31": ()}
    assert scored(THREE, rows, "2021-03-31").attainment == 0.0


def test_milestone_is_achieved_when_all_steps_are_done() -> None:
    """All done is achieved, before the end too."""
    assert scored(THREE, {"2021-03-31": ("s1", "s2", "s3")}, "2021-03-31").status is Status.ACHIEVED


def test_milestone_achieved_asks_for_steps_that_weigh_nothing_too() -> None:
    """A step without weight is a step: without it not all is done."""
    one = kpi(measure=Measure.MILESTONE, steps=steps(("2021-03-31", 1), (END, 0)))
    found = scored(one, {"2021-03-31": ("s1",)}, "2021-03-31")
    assert (found.attainment, found.status) == (1.0, Status.ON_TRACK)


@pytest.mark.parametrize(("as_of", "status"), [("2021-03-30", Status.ON_TRACK), ("2021-03-31", Status.AT_RISK)])
def test_a_step_past_due_makes_the_kpi_at_least_at_risk(as_of: str, status: Status) -> None:
    """Though much is done, a step that is past due and open keeps the KPI from being on track."""
    one = kpi(measure=Measure.MILESTONE, steps=steps(("2021-03-31", 1), ("2021-04-30", 50), (END, 49)))
    found = scored(one, {"2021-03-30": ("s2",)}, as_of)
    assert found.attainment == 0.5
    assert found.status is status


def test_a_step_past_due_does_not_lift_what_is_worse() -> None:
    """At least at risk: a KPI that lags goes on lagging."""
    assert scored(THREE, {"2021-06-30": ()}, "2021-07-01").status is Status.LAGGING


# grade

SCALE = ("A", "B", "C", "D")


def graded(**more: object) -> Kpi:
    """Return a KPI on the scale A > B > C > D."""
    return kpi(measure=Measure.GRADE, scale=SCALE, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("x", "attainment", "status"),
    [
        ("A", 1.0, Status.ACHIEVED),
        ("B", 1.0, Status.ACHIEVED),
        ("C", 0.5, Status.ON_TRACK),
        ("D", 0.0, Status.LAGGING),
    ],
)
def test_grade_is_the_share_of_the_places(x: str, attainment: float, status: Status) -> None:
    """From D to B, C is half of the way; at the target or better the attainment is 1."""
    found = halfway(graded(b="D", t="B"), x)
    assert (found.attainment, found.expected, found.status) == (attainment, 0.5, status)


def test_grade_below_its_baseline_is_negative() -> None:
    """A grade worse than the baseline has a negative attainment and is lagging; only a level can regress."""
    found = halfway(graded(b="C", t="B"), "D")
    assert (found.attainment, found.status) == (-1.0, Status.LAGGING)
    assert found.inputs == {"x": "D", "t": "B", "place x": 4, "place t": 2, "b": "C", "place b": 3}


@pytest.mark.parametrize("b", [None, "A", "B"])
def test_grade_without_a_way_to_go_is_0_below_its_target(b: str | None) -> None:
    """Without baseline, or with one as good as the target, there is no share: below the target is 0."""
    assert halfway(graded(b=b, t="B"), "C").attainment == 0.0


def test_grade_takes_its_newest_value() -> None:
    """A grade that was lost again is not achieved."""
    assert scored(graded(t="B"), {"2021-05-31": "A", HALF: "C"}, HALF).met is False


def test_grade_missed_at_the_end() -> None:
    """A grade below its target at the end is missed."""
    assert at_end(graded(b="D", t="B"), "C").status is Status.MISSED


@pytest.mark.parametrize(("when", "status"), [(HALF, Status.AHEAD), (END, Status.ACHIEVED)])
def test_maintained_grade_is_achieved_only_at_the_end(when: str, status: Status) -> None:
    """A grade that is to be kept is not achieved in June."""
    one = graded(b="B", t=target("B", TargetForm.MAINTAIN))
    assert scored(one, {when: "B"}, when).status is status


def test_maintained_grade_that_was_lost_before_the_end() -> None:
    """A grade below the one to be kept lags."""
    one = graded(b="B", t=target("B", TargetForm.MAINTAIN))
    assert halfway(one, "C").status is Status.LAGGING
