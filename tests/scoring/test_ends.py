"""The end of a KPI's span, base years that are not complete, and what Python callers get wrong."""

from datetime import UTC, datetime

import pytest

from kpi_tracker import score
from kpi_tracker.model.kpi import ProfileKind
from kpi_tracker.model.measure import Cadence, Measure, Status
from kpi_tracker.model.period import Period
from tests.builders import card, day, goal, kpi, limit, node_of, obs, plan, score_of, scored


def test_the_week_that_runs_over_the_end_of_the_year_ends_the_kpi() -> None:
    """The figure of the week that holds 31 December is dated in January, and is the last that counts."""
    weekly = kpi(t=10.0, cadence=Cadence.WEEKLY)
    found = scored(weekly, {"2021-12-26": 6.0, "2022-01-02": 4.0, "2022-01-09": 9.0}, "2022-02-01")
    assert (found.value, found.data_date, found.status) == (10.0, day("2022-01-02"), Status.ACHIEVED)


def test_what_happens_after_the_period_that_covers_a_due_date_does_not_count() -> None:
    """An accident in September breaks no limit that was due in June."""
    early = limit(at_most=0.0, due=day("2021-06-15"))
    found = scored(early, {"2021-05-31": 0.0, "2021-06-30": 0.0, "2021-09-30": 1.0}, "2021-10-02")
    assert (found.value, found.status) == (0.0, Status.ACHIEVED)
    never = kpi(t=120.0, due=day("2021-06-15"))
    assert scored(never, {"2021-05-31": 70.0, "2021-07-31": 60.0}, "2021-10-02").value == 70.0


def test_a_plan_that_ends_within_a_month_takes_that_month_s_figure() -> None:
    """Its last figure is dated after its end."""
    whole = plan(kpi(t=10.0), period=Period(day("2021-01-01"), day("2021-09-20")))
    found = score_of(card(whole, [obs("k", "2021-08-31", 4.0), obs("k", "2021-09-30", 7.0)], "2021-12-01"), "k")
    assert (found.value, found.status) == (11.0, Status.ACHIEVED)


@pytest.mark.parametrize(("x", "status"), [(12.0, Status.ACHIEVED), (5.0, Status.NO_DATA)])
def test_without_the_base_year_s_course_what_is_reached_still_counts(x: float, status: Status) -> None:
    """Nothing is expected of it, but a target that is reached is reached."""
    one = kpi(b=8.0, t=10.0, profile=ProfileKind.BASELINE_YEAR)
    found = scored(one, {"2021-06-30": x}, "2021-06-30")
    assert (found.status, found.value, found.attainment, found.expected) == (status, x, x / 10, None)


def test_a_total_of_several_years_is_compared_with_as_many_years() -> None:
    """The baseline is one year's amount; after a year and a half there is one and a half of it to compare with."""
    whole = plan(kpi(b=100.0, t=700.0), period=Period(day("2021-01-01"), day("2025-12-31")))
    found = score_of(card(whole, [obs("k", "2022-06-30", 165.0)], "2022-06-30"), "k")
    (against,) = found.comparisons
    assert (against.kind, against.reference, against.relative) == ("pro_rata", pytest.approx(150.0), pytest.approx(0.1))


def test_a_base_year_with_fewer_figures_gives_no_same_day() -> None:
    """One row of the base year is not what had accumulated by then."""
    rows = {"2020-06-30": 100.0, "2021-05-31": 500.0, "2021-06-30": 100.0}
    (against,) = scored(kpi(b=1200.0, t=1300.0), rows, "2021-06-30").comparisons
    assert (against.kind, against.reference) == ("pro_rata", 600.0)


def test_a_breached_veto_needs_no_weight() -> None:
    """What carries no points still vetoes everything above it."""
    veto = limit("veto", at_most=0.0, veto=True, weight=0.0)
    found = card(plan(goal("g", veto, kpi("k", t=10.0))), [obs("veto", "2021-01-31", 1.0)], "2021-01-31")
    assert (node_of(found, "g").status, found.top.status) == (Status.BREACHED, Status.BREACHED)


def test_figures_that_no_kpi_can_use_are_refused() -> None:
    """From Python too: another KPI, a word for a number, a number for a grade or for steps, two at one time."""
    grades = kpi("g", measure=Measure.GRADE, scale=("A", "B"), b="B", t="A")
    whole = plan(kpi(t=10.0), grades, kpi("m", measure=Measure.MILESTONE))
    for rows in (
        [obs("x", "2021-01-31", 1.0)],
        [obs("k", "2021-01-31", "3")],
        [obs("g", "2021-01-31", "Z")],
        [obs("m", "2021-01-31", "s1")],
        [obs("k", "2021-01-31", 1.0), obs("k", "2021-01-31", 2.0)],
    ):
        with pytest.raises(ValueError, match=rows[0].kpi):
            score(whole, rows, day("2021-02-01"))


def test_dates_of_another_kind_are_refused() -> None:
    """A time is no day, and a time with an offset is no plan time."""
    whole = plan(kpi(t=10.0))
    for wrong in ("2021-07-15", datetime(2021, 7, 15)):
        with pytest.raises(TypeError, match="as_of must be a"):
            score(whole, [], wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="without offset"):
        score(whole, [], day("2021-07-15"), datetime(2021, 7, 15, tzinfo=UTC))
