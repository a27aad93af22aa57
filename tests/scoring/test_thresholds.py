"""Bands, floors and presets, and where they hold."""

from itertools import pairwise
from typing import Any

import pytest

from kpi_tracker.model import reasons
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Direction, Measure, Status
from kpi_tracker.model.scorecard import KpiScore
from kpi_tracker.model.target import Baseline, TargetForm
from kpi_tracker.model.thresholds import EUROSTAT, PRESETS, TIMELINE, TRAFFIC_LIGHT, Band, Thresholds, timeline
from kpi_tracker.scoring.growth import DAYS_A_YEAR
from kpi_tracker.status import band_of, judge_bands
from tests.builders import card, goal, held, kpi, limit, node_of, obs, plan, score_of, scored, steps, target

HALF = "2021-06-30"
END = "2021-12-31"


def halfway(x: float, thresholds: Thresholds | str | None = None) -> KpiScore:
    """Return the score of a total of 1000 at the middle of the year: p = x / 500."""
    return scored(kpi(t=1000.0, thresholds=thresholds), {HALF: x}, HALF)


@pytest.mark.parametrize(
    ("x", "status"),
    [
        (550.0, Status.AHEAD),
        (549.9, Status.ON_TRACK),
        (475.0, Status.ON_TRACK),
        (470.0, Status.ON_TRACK),  # a lag of exactly 3 points
        (469.9, Status.AT_RISK),
        (400.0, Status.AT_RISK),
        (399.9, Status.LAGGING),
        (0.0, Status.LAGGING),
    ],
)
def test_timeline(x: float, status: Status) -> None:
    """Ahead from 1.10, on track from 0.95 or up to a lag of 3 points, at risk from 0.80, else lagging."""
    found = halfway(x)
    assert found.status is status
    assert found.severity == (1 if status is Status.LAGGING else 0)


@pytest.mark.parametrize(("last", "status"), [("2021-01-11", Status.ON_TRACK), ("2021-01-12", Status.LAGGING)])
def test_no_progress_is_flagged_from_day_12(last: str, status: Status) -> None:
    """The floor keeps January quiet, and no progress at all is flagged from the twelfth day of a year."""
    assert scored(kpi(t=1000.0), {last: 0.0}, last).status is status


def test_nothing_expected_yet_is_on_track() -> None:
    """Where e is 0 there is no pace, with the reason, and the KPI is on track."""
    one = kpi(measure=Measure.MILESTONE, steps=steps((END, 1)))
    found = scored(one, {HALF: ()}, HALF)
    assert (found.pace, found.reasons["pace"], found.status) == (None, reasons.NOTHING_EXPECTED, Status.ON_TRACK)


@pytest.mark.parametrize(("noise", "status"), [(9e-10, Status.ON_TRACK), (2e-9, Status.AT_RISK)])
def test_bands_allow_1e_9(noise: float, status: Status) -> None:
    """Noise up to 1e-9 never moves a status, at a bound of the pace and at the floor."""
    assert judge_bands(0.95 - noise, 5.0, TIMELINE).status is status
    assert judge_bands(0.9, 3.0 + noise, TIMELINE).status is status
    assert judge_bands(0.5, noise, TRAFFIC_LIGHT).status is status


def test_the_floor_does_not_lower_a_better_status() -> None:
    """A KPI that is ahead by less than 3 points is ahead."""
    assert judge_bands(1.2, -1.0, TIMELINE).status is Status.AHEAD


def test_thresholds_of_the_plan_s_own() -> None:
    """Bounds and floor of the timeline can be declared."""
    own = timeline(ahead=1.5, on_track=0.9, at_risk=0.5, lag_floor=0.0)
    found = {x: scored(kpi(t=1000.0), {HALF: x}, HALF, thresholds=own).status for x in (750.0, 449.0, 250.0, 249.0)}
    assert list(found.values()) == [Status.AHEAD, Status.AT_RISK, Status.AT_RISK, Status.LAGGING]


@pytest.mark.parametrize(
    ("x", "status", "severity"),
    [
        (500.0, Status.ON_TRACK, 0),
        (900.0, Status.ON_TRACK, 0),
        (499.0, Status.AT_RISK, 0),
        (400.0, Status.AT_RISK, 0),
        (399.0, Status.LAGGING, 1),
        (200.0, Status.LAGGING, 1),
        (199.0, Status.LAGGING, 2),
    ],
)
def test_traffic_light(x: float, status: Status, severity: int) -> None:
    """A lag of up to 0 is green, up to 10 points watch, up to 30 yellow, and beyond that red, told apart by severity."""
    found = halfway(x, "traffic-light")
    assert (found.status, found.severity) == (status, severity)
    assert found.thresholds is TRAFFIC_LIGHT


def test_red_comes_before_yellow_among_the_lagging() -> None:
    """Of two lagging items the more severe is the worse, whatever their names."""
    whole = plan(kpi("a", t=1000.0), kpi("b", t=1000.0), thresholds=TRAFFIC_LIGHT)
    found = card(whole, [obs("a", HALF, 300.0), obs("b", HALF, 100.0)], HALF)
    assert [(item.id, item.severity) for item in found.lagging] == [("b", 2), ("a", 1)]


@pytest.mark.parametrize("preset", PRESETS.values(), ids=str)
@pytest.mark.parametrize("figure", [-1e9, -1.0, 0.0, 0.004, 0.3, 0.6, 0.8, 0.95, 1.1, 10.0, 30.0, 1e9])
def test_the_bands_of_every_preset_cover_everything_once(preset: Thresholds, figure: float) -> None:
    """Every figure has a band, bands meet, and the first and last have no end."""
    by_lag = preset.by == "lag"
    assert band_of(figure, preset.bands, closed_above=by_lag) in preset.bands
    upward = preset.bands if by_lag else preset.bands[::-1]
    assert (upward[0].lower, upward[-1].upper) == (None, None)
    assert all(below.upper == above.lower for below, above in pairwise(upward))


def test_bands_that_leave_a_gap_are_a_mistake_of_the_caller() -> None:
    """A figure that no band holds is an error, never a guess."""
    with pytest.raises(ValueError, match=r"no band holds 0\.2"):
        band_of(0.2, (Band(Status.AHEAD, 1.0, None),))
    with pytest.raises(ValueError, match=r"no band holds 2\.0"):
        band_of(2.0, (Band(Status.ON_TRACK, None, 1.0),), closed_above=True)


# where thresholds hold

STRICT, MILD = timeline(at_risk=0.99, on_track=0.999, lag_floor=0.0), timeline(on_track=0.1)


def overridden(**more: Any) -> KpiScore:
    """Return the score of a KPI below two goals, with p = 0.9, where thresholds are declared in `more`."""
    inner = goal("inner", kpi(t=1000.0, thresholds=more.get("kpi")), thresholds=more.get("inner"))
    whole = plan(goal("outer", inner, thresholds=more.get("outer")), **more.get("plan", {}))
    return score_of(card(whole, [obs("k", HALF, 450.0)], HALF), "k")


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({}, Status.AT_RISK),
        ({"plan": {"thresholds": STRICT}}, Status.LAGGING),
        ({"outer": STRICT}, Status.LAGGING),
        ({"outer": STRICT, "inner": MILD}, Status.ON_TRACK),
        ({"outer": MILD, "kpi": STRICT}, Status.LAGGING),
        ({"plan": {"thresholds": STRICT}, "kpi": "timeline"}, Status.AT_RISK),
        ({"outer": "own", "plan": {"presets": {**PRESETS, "own": STRICT}}}, Status.LAGGING),
        ({"outer": STRICT, "kpi": "unheard-of"}, Status.LAGGING),
    ],
)
def test_the_nearest_thresholds_hold(more: dict[str, Any], status: Status) -> None:
    """A KPI's own thresholds go before those of the goals above it, the nearest first, and those before the plan's."""
    assert overridden(**more).status is status


def test_a_node_is_judged_by_its_own_thresholds() -> None:
    """A goal that overrides the thresholds is judged by them, and the plan above it by its own."""
    whole = plan(goal("g", kpi(t=1000.0), thresholds="traffic-light"))
    found = card(whole, [obs("k", HALF, 150.0)], HALF)
    assert (node_of(found, "g").status, node_of(found, "g").severity) == (Status.LAGGING, 2)
    assert node_of(found).severity == 1
    assert node_of(found, "g").thresholds is TRAFFIC_LIGHT


# eurostat

YEARS = 365 / DAYS_A_YEAR  # from the end of 2020 to the end of 2021


def level(b: float, t: float | None, x: float, when: str = END, **more: Any) -> KpiScore:
    """Return the score of a level judged by growth."""
    return scored(kpi(measure=Measure.LEVEL, b=b, t=t, thresholds="eurostat", **more), {when: x}, when)


def grown(ratio: float, t: float = 110.0) -> float:
    """Return the value in the middle of the year whose growth a year is `ratio` of what is required from 100 to t."""
    required = (t / 100.0) ** (1 / YEARS) - 1
    return float(100.0 * (1 + ratio * required) ** (181 / DAYS_A_YEAR))


@pytest.mark.parametrize(
    ("ratio", "status"),
    [
        (1.5, Status.ON_TRACK),
        (0.96, Status.ON_TRACK),
        (0.94, Status.AT_RISK),
        (0.61, Status.AT_RISK),
        (0.59, Status.LAGGING),
        (0.0, Status.LAGGING),
        (-0.01, Status.REGRESSING),
    ],
)
def test_eurostat_with_target(ratio: float, status: Status) -> None:
    """Observed over required growth: on track from 0.95, at risk from 0.60, lagging from 0, regressing below."""
    found = level(100.0, 110.0, grown(ratio), HALF)
    assert found.growth is not None
    assert found.growth.ratio == pytest.approx(ratio)
    assert found.growth.required == pytest.approx(1.1 ** (1 / YEARS) - 1)
    assert found.status is status


def test_eurostat_where_less_is_better() -> None:
    """Falling as required is a growth in the wanted direction."""
    found = level(100.0, 90.0, 90.0 ** (181 / 365) * 100.0 ** (184 / 365), HALF)
    assert found.growth is not None
    assert found.growth.ratio == pytest.approx(1.0)
    assert found.growth.observed is not None
    assert found.growth.observed > 0
    assert found.status is Status.ON_TRACK


@pytest.mark.parametrize(
    ("growth", "status"),
    [
        (0.0151, Status.ON_TRACK),
        (0.0149, Status.AT_RISK),
        (0.0051, Status.AT_RISK),
        (0.0049, Status.LAGGING),
        (0.0, Status.LAGGING),
        (-0.0001, Status.REGRESSING),
    ],
)
@pytest.mark.parametrize("direction", Direction)
def test_eurostat_without_target(growth: float, status: Status, direction: Direction) -> None:
    """Growth a year in the wanted direction: 1.5 % is on track, 0.5 % at risk, 0 lagging, below it regressing."""
    sign = 1 if direction is Direction.INCREASE else -1
    x = 100.0 * (1 + sign * growth) ** (181 / DAYS_A_YEAR)
    found = level(100.0, None, x, HALF, direction=direction)
    assert found.growth is not None
    assert (found.growth.required, found.growth.ratio, found.growth.reason) == (None, None, reasons.NO_TARGET)
    assert found.growth.observed == pytest.approx(growth)
    assert (found.status, found.met) == (status, None)


@pytest.mark.parametrize("direction", Direction)
def test_eurostat_without_target_is_judged_after_the_end_too(direction: Direction) -> None:
    """Without a target nothing is missed or stale when the year is over."""
    one = kpi(measure=Measure.LEVEL, b=100.0, direction=direction, thresholds="eurostat")
    rows = {END: 110.0 if direction is Direction.INCREASE else 90.0}
    assert scored(one, rows, "2022-12-31").status is Status.ON_TRACK


def test_eurostat_of_a_total_makes_the_amount_so_far_a_year_s() -> None:
    """Half of 110 in half a year, after 100 last year, is growth exactly as required."""
    found = scored(kpi(b=100.0, t=110.0), {HALF: 55.0}, HALF, thresholds=EUROSTAT)
    assert found.growth is not None
    assert found.growth.ratio == pytest.approx(1.0)
    assert found.growth.observed == pytest.approx(1.1 ** (1 / YEARS) - 1)


def test_eurostat_of_a_total_before_anything_is_expected() -> None:
    """A total of which nothing is expected yet has no growth a year."""
    from kpi_tracker.model.kpi import ProfileKind

    one = kpi(b=100.0, t=110.0, profile=ProfileKind.AT_END)
    found = scored(one, {HALF: 55.0}, HALF, thresholds=EUROSTAT)
    assert found.growth is not None
    assert (found.growth.observed, found.growth.reason) == (None, reasons.GROWTH_UNDEFINED)


def test_eurostat_counts_from_the_end_of_the_kpi_s_own_base_year() -> None:
    """Growth over five years is compound growth a year."""
    one = kpi(measure=Measure.LEVEL, b=Baseline(100.0, year=2016), t=200.0)
    found = scored(one, {HALF: 150.0}, HALF, thresholds=EUROSTAT)
    assert found.growth is not None
    days = 4 * 365 + 1 + 181
    assert found.growth.observed == pytest.approx(1.5 ** (DAYS_A_YEAR / days) - 1)


@pytest.mark.parametrize(
    ("one", "x"),
    [
        (kpi(measure=Measure.LEVEL, b=0.0, t=10.0), 5.0),
        (kpi(measure=Measure.LEVEL, b=-10.0, t=10.0), 5.0),
        (kpi(measure=Measure.LEVEL, b=10.0, t=0.0), 5.0),
        (kpi(measure=Measure.LEVEL, b=10.0, t=20.0), -5.0),
        (kpi(measure=Measure.LEVEL, t=20.0), 5.0),
        (kpi(measure=Measure.LEVEL, b=Baseline(10.0, year=2021), t=20.0), 5.0),
        (kpi(measure=Measure.GRADE, scale=("A", "B"), b="B", t="A"), "B"),
        (limit(at_most=5.0), 1.0),
    ],
)
def test_eurostat_undefined_growth_is_null_with_its_reason(one: Kpi, x: float | str) -> None:
    """Where baseline, value or target is not above 0, or there is no baseline, there is no growth."""
    found = scored(one, {HALF: x}, HALF, thresholds=EUROSTAT)
    assert found.growth is not None
    assert (found.growth.observed, found.growth.ratio) == (None, None)
    assert found.growth.reason == reasons.GROWTH_UNDEFINED


def test_eurostat_growth_beyond_all_bounds_is_undefined() -> None:
    """Ten times the baseline on the first of January is no growth a year that a number could hold."""
    found = level(1.0, 20.0, 10.0, "2021-01-01")
    assert found.growth is not None
    assert (found.growth.observed, found.growth.reason) == (None, reasons.GROWTH_UNDEFINED)


@pytest.mark.parametrize("slack", [0.0, 5.0])
def test_eurostat_where_no_growth_is_required(slack: float) -> None:
    """Where the target asks for no growth there is no ratio to it, and growing is not mistaken for regressing."""
    one = kpi(b=100.0, t=target(100.0 - slack, TargetForm.MAINTAIN), direction=Direction.INCREASE)
    found = scored(one, {HALF: 60.0}, HALF, thresholds=EUROSTAT)
    assert found.growth is not None
    assert found.growth.observed is not None
    assert (found.growth.ratio, found.growth.reason) == (None, reasons.GROWTH_UNDEFINED)
    assert found.status is not Status.REGRESSING


@pytest.mark.parametrize(("x", "status"), [(100.0, Status.ON_TRACK), (94.0, Status.AT_RISK), (70.0, Status.LAGGING)])
def test_eurostat_without_a_ratio_is_judged_by_the_pace(x: float, status: Status) -> None:
    """Where there is no growth to judge, the default bands over the pace decide."""
    assert scored(held(100.0), {HALF: x}, HALF, thresholds=EUROSTAT).status is status


def test_a_milestone_on_schedule_is_not_lagging_under_eurostat() -> None:
    """Steps have no growth: what is done when it is due is on track."""
    halves = kpi(measure=Measure.MILESTONE, steps=steps(("2021-03-31", 1.0), ("2021-12-31", 1.0)))
    found = scored(halves, {HALF: ("s1",)}, HALF, thresholds=EUROSTAT)
    assert (found.attainment, found.expected, found.status) == (0.5, 0.5, Status.ON_TRACK)


@pytest.mark.parametrize("x", [5.0, -5.0])
def test_eurostat_without_target_and_without_growth_is_unknown(x: float) -> None:
    """Where neither a target nor growth says anything, nothing is claimed."""
    found = level(0.0, None, x)
    assert (found.status, found.attainment, found.met) == (Status.UNKNOWN, None, None)


def test_growth_is_worked_out_for_eurostat_alone() -> None:
    """Under other thresholds there is no growth in a score."""
    assert halfway(500.0).growth is None


def test_a_rate_without_target_is_judged_by_its_growth() -> None:
    """Under eurostat a rate needs no target: growing well is on track, and nothing is said of attainment."""
    one = kpi(measure=Measure.RATE, b=10.0, direction=Direction.INCREASE)
    found = scored(one, {HALF: 11.0}, HALF, thresholds=EUROSTAT)
    assert (found.status, found.attainment, found.reasons["attainment"]) == (Status.ON_TRACK, None, reasons.NO_TARGET)
