"""The worked examples of the scoring rules, each by its number and with its exact figures (period 2021)."""

import pytest

from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Measure, Status
from kpi_tracker.model.observation import Value
from tests.builders import card, goal, held, kpi, limit, node_of, obs, plan, score_of, scored, steps

CASES_CLOSED = kpi(b=4632, t=5095.2)
RANK = kpi(measure=Measure.LEVEL, b=10, t=5)
THIRD_QUARTER: dict[str, Value] = {"2021-03-31": 900.0, "2021-06-30": 1100.0, "2021-09-30": 1100.0}


def exactly(figure: float) -> object:
    """Return what equals `figure` as it is printed, to six decimals."""
    return pytest.approx(figure, abs=1e-6)


def test_example_1_total_at_the_end_of_september() -> None:
    """A total of 3100 of 5095.2 after three quarters is at risk by exactly these figures."""
    found = scored(CASES_CLOSED, THIRD_QUARTER, "2021-09-30")
    assert (found.value, found.expected) == (3100.0, 0.75)
    assert found.attainment == exactly(0.608416)
    assert found.pace == exactly(0.811221)
    assert found.lag == pytest.approx(14.16, abs=0.005)
    assert found.status is Status.AT_RISK


@pytest.mark.parametrize(
    ("rank", "attainment", "pace", "status"), [(8.0, 0.4, 0.8, Status.AT_RISK), (9.0, 0.2, 0.4, Status.LAGGING)]
)
def test_example_2_level_that_is_to_fall(rank: float, attainment: float, pace: float, status: Status) -> None:
    """A rank on its way from 10 to 5 is judged by the share of the way at the middle of the year."""
    found = scored(RANK, {"2021-06-30": rank}, "2021-06-30")
    assert found.expected == 0.5
    assert (found.attainment, found.pace) == (exactly(attainment), exactly(pace))
    assert found.status is status


def test_example_3_level_worse_than_its_baseline() -> None:
    """A level below its baseline has a negative attainment and is regressing."""
    found = scored(kpi(measure=Measure.LEVEL, b=84.6, t=90), {"2021-06-30": 83.9}, "2021-06-30")
    assert found.attainment == exactly(-0.129630)
    assert found.status is Status.REGRESSING


@pytest.mark.parametrize(("veto", "above"), [(True, Status.BREACHED), (False, Status.LAGGING)])
def test_example_4_broken_bound(veto: bool, above: Status) -> None:
    """One accident where none is allowed is a breach, and marked as a veto it is one of every ancestor."""
    accidents = limit("accidents", at_most=0, veto=veto)
    found = card(plan(goal("safety", goal("food", accidents))), [obs("accidents", "2021-04-30", 1.0)], "2021-04-30")
    assert score_of(found, "accidents").attainment == 0
    assert score_of(found, "accidents").status is Status.BREACHED
    assert [node_of(found, name).status for name in ("food", "safety", "")] == [above] * 3


@pytest.mark.parametrize(("when", "status"), [("2021-11-30", Status.ON_TRACK), ("2021-12-31", Status.ACHIEVED)])
def test_example_5_level_that_is_to_be_maintained(when: str, status: Status) -> None:
    """A rank held at 1 is on track before the end of the year and achieved at it."""
    found = scored(held(1.0, down=True), {when: 1.0}, when)
    assert (found.attainment, found.expected, found.status) == (1.0, 1.0, status)


def test_example_6_milestone() -> None:
    """One step of weight 1 in 4 done, where half the weight was due, is lagging."""
    step = steps(("2021-03-31", 1), ("2021-06-30", 1), ("2021-12-31", 2))
    found = scored(kpi(measure=Measure.MILESTONE, steps=step), {"2021-06-30": ("s1",)}, "2021-07-01")
    assert (found.attainment, found.expected, found.status) == (0.25, 0.5, Status.LAGGING)


def test_example_7_rate_is_never_prorated() -> None:
    """A growth rate of 6.1 % against 7.0 % is judged against the whole rate at any date."""
    found = scored(kpi(measure=Measure.RATE, t=7.0), {"2021-09-30": 6.1}, "2021-09-30")
    assert (found.attainment, found.expected) == (exactly(0.871429), 1.0)
    assert found.gap == exactly(-0.9)
    assert found.status is Status.AT_RISK


@pytest.mark.parametrize(("x", "lag", "status"), [(0.0, 8.33, Status.LAGGING), (70.0, 2.5, Status.ON_TRACK)])
def test_example_8_january(x: float, lag: float, status: Status) -> None:
    """After one month no progress lags, and a lag of 2.5 points is on track whatever the ratio."""
    found = scored(kpi(t=1200), {"2021-01-31": x}, "2021-01-31")
    assert found.expected == exactly(1 / 12)
    assert found.lag == pytest.approx(lag, abs=0.005)
    assert found.status is status


def test_example_9_middle_of_a_month() -> None:
    """A duration on its way from 233 s to 180 s is judged by the share of March that has passed."""
    found = scored(kpi(measure=Measure.LEVEL, b=233, t=180), {"2021-03-15": 200.0}, "2021-03-15")
    assert found.expected == exactly((2 + 15 / 31) / 12) == exactly(0.206989)
    assert found.attainment == exactly(0.622642)
    assert found.status is Status.AHEAD


@pytest.mark.parametrize(("as_of", "status"), [("2021-11-10", Status.AT_RISK), ("2021-11-11", Status.STALE)])
def test_example_10_nothing_newer(as_of: str, status: Status) -> None:
    """October's figure is due on 10 November, and on the day after it the KPI is stale."""
    assert scored(CASES_CLOSED, THIRD_QUARTER, as_of).status is status


def test_example_11_year_end_with_figures_up_to_november() -> None:
    """On 31 December a KPI with figures up to November is judged on November."""
    found = scored(yearly_total(), {"2021-11-30": 1080.0}, "2021-12-31")
    assert (found.expected, found.attainment) == (exactly(11 / 12), exactly(0.9))
    assert found.status is Status.ON_TRACK


def test_example_11_year_end_with_the_december_figure() -> None:
    """With December's figure the year is over, and 1190 of 1200 is missed."""
    rows: dict[str, Value] = {"2021-11-30": 1080.0, "2021-12-31": 110.0}
    assert scored(yearly_total(), rows, "2021-12-31").status is Status.MISSED


def yearly_total() -> Kpi:
    """Return the KPI of example 11."""
    return kpi(t=1200)
