"""When the next figure is due, and what a KPI is while it is missing."""

import pytest

from kpi_tracker.calendar import next_due
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Cadence, Measure, Status
from kpi_tracker.model.observation import Value
from tests.builders import day, kpi, scored, steps


def due(cadence: Cadence, data_date: str | None, grace: int = 0, first: str = "2021-01-01") -> str | None:
    """Return the last day on which the next figure is in time."""
    seen = None if data_date is None else day(data_date).toordinal()
    found = next_due(cadence, grace, day(first).toordinal(), seen)
    return None if found is None else type(day(first)).fromordinal(found).isoformat()


@pytest.mark.parametrize(
    ("cadence", "data_date", "expected"),
    [
        (Cadence.DAILY, "2021-03-01", "2021-03-02"),
        (Cadence.DAILY, "2021-12-31", "2022-01-01"),
        (Cadence.WEEKLY, "2021-03-06", "2021-03-07"),  # Saturday: the week ends on Sunday
        (Cadence.WEEKLY, "2021-03-07", "2021-03-14"),  # Sunday: the next week
        (Cadence.WEEKLY, "2021-03-08", "2021-03-14"),
        (Cadence.MONTHLY, "2021-01-30", "2021-01-31"),
        (Cadence.MONTHLY, "2021-01-31", "2021-02-28"),
        (Cadence.MONTHLY, "2021-12-31", "2022-01-31"),
        (Cadence.QUARTERLY, "2021-03-30", "2021-03-31"),
        (Cadence.QUARTERLY, "2021-03-31", "2021-06-30"),
        (Cadence.QUARTERLY, "2021-09-30", "2021-12-31"),
        (Cadence.HALF_YEARLY, "2021-06-29", "2021-06-30"),
        (Cadence.HALF_YEARLY, "2021-06-30", "2021-12-31"),
        (Cadence.YEARLY, "2021-12-30", "2021-12-31"),
        (Cadence.YEARLY, "2021-12-31", "2022-12-31"),
        (Cadence.IRREGULAR, "2021-03-01", None),
    ],
)
def test_end_of_the_period_that_holds_the_day_after(cadence: Cadence, data_date: str, expected: str | None) -> None:
    """The next figure is due at the end of the cadence period that holds the day after the data date."""
    assert due(cadence, data_date) == expected


@pytest.mark.parametrize(
    ("cadence", "expected"),
    [
        (Cadence.DAILY, "2021-02-11"),
        (Cadence.WEEKLY, "2021-02-14"),
        (Cadence.MONTHLY, "2021-02-28"),
        (Cadence.QUARTERLY, "2021-03-31"),
        (Cadence.HALF_YEARLY, "2021-06-30"),
        (Cadence.YEARLY, "2021-12-31"),
        (Cadence.IRREGULAR, None),
    ],
)
def test_without_observation_the_first_day_counts(cadence: Cadence, expected: str | None) -> None:
    """With no observation the first figure is due at the end of the period that holds the KPI's first day."""
    assert due(cadence, None, first="2021-02-11") == expected


def test_grace_is_added_in_days() -> None:
    """Grace moves the last day by so many days."""
    assert due(Cadence.MONTHLY, "2021-01-31", grace=10) == "2021-03-10"


@pytest.mark.parametrize(("as_of", "status"), [("2021-02-10", Status.PENDING), ("2021-02-11", Status.NO_DATA)])
def test_pending_until_the_first_figure_is_overdue(as_of: str, status: Status) -> None:
    """Monthly with ten days of grace are the defaults, and the last day of grace is still in time."""
    found = scored(kpi(t=100.0), {}, as_of)
    assert found.status is status
    assert found.next_due == day("2021-02-10")
    assert found.overdue is (status is Status.NO_DATA)


@pytest.mark.parametrize(("as_of", "status"), [("2021-08-10", Status.ON_TRACK), ("2021-08-11", Status.STALE)])
def test_stale_from_the_day_after_the_grace(as_of: str, status: Status) -> None:
    """It is overdue when the last day in time is before as_of, not on it."""
    found = scored(kpi(t=1200.0), {"2021-06-30": 600.0}, as_of)
    assert found.status is status
    assert found.overdue is (status is Status.STALE)


@pytest.mark.parametrize(
    ("x", "old"), [(1000.0, Status.AHEAD), (600.0, Status.ON_TRACK), (500.0, Status.AT_RISK), (10.0, Status.LAGGING)]
)
def test_what_the_old_data_would_say_stands_beside_stale(x: float, old: Status) -> None:
    """A stale KPI shows the status that its old figures give."""
    found = scored(kpi(t=1200.0), {"2021-06-30": x}, "2021-09-30")
    assert (found.status, found.underlying, found.severity) == (Status.STALE, old, 0)


def test_only_stale_has_an_underlying_status() -> None:
    """A KPI that is not stale has its status alone."""
    assert scored(kpi(t=1200.0), {"2021-06-30": 600.0}, "2021-06-30").underlying is None


@pytest.mark.parametrize(
    ("one", "more"),
    [
        (kpi(t=1200.0, cadence=Cadence.QUARTERLY, grace=40), {}),
        (kpi(t=1200.0), {"cadence": Cadence.QUARTERLY, "grace": 40}),
        (kpi(t=1200.0, cadence=Cadence.QUARTERLY), {"cadence": Cadence.DAILY, "grace": 40}),
        (kpi(t=1200.0, grace=40), {"cadence": Cadence.QUARTERLY, "grace": 0}),
    ],
)
def test_the_kpi_s_own_cadence_and_grace_go_before_the_plan_s(one: Kpi, more: dict[str, object]) -> None:
    """Quarterly with forty days of grace, wherever it is declared, is in time until 9 November."""
    assert scored(one, {"2021-06-30": 600.0}, "2021-11-09", **more).status is Status.ON_TRACK
    assert scored(one, {"2021-06-30": 600.0}, "2021-11-10", **more).status is Status.STALE


def test_a_grace_of_zero_is_a_grace() -> None:
    """No grace at all is not mistaken for none declared."""
    strict = kpi(t=1200.0, grace=0)
    assert scored(strict, {"2021-06-30": 600.0}, "2021-07-31").status is Status.ON_TRACK
    assert scored(strict, {"2021-06-30": 600.0}, "2021-08-01").status is Status.STALE


def test_an_irregular_figure_is_never_overdue() -> None:
    """Where figures come when they come nothing is stale or missing, even years later."""
    whenever = kpi(t=1200.0, cadence=Cadence.IRREGULAR)
    found = scored(whenever, {"2021-06-30": 600.0}, "2023-12-31")
    assert (found.status, found.next_due, found.overdue) == (Status.ON_TRACK, None, False)
    assert scored(whenever, {}, "2023-12-31").status is Status.PENDING


def test_first_day_of_a_kpi_that_starts_later() -> None:
    """A KPI that starts in July owes its first figure in August, not in February."""
    later = kpi(t=600.0, start=day("2021-07-01"))
    assert scored(later, {}, "2021-08-10").status is Status.PENDING
    assert scored(later, {}, "2021-08-11").status is Status.NO_DATA


@pytest.mark.parametrize(
    ("rows", "as_of", "status"),
    [
        ({"2021-11-30": 1000.0}, "2021-12-31", Status.AT_RISK),
        ({"2021-11-30": 1000.0}, "2022-01-10", Status.AT_RISK),
        ({"2021-11-30": 1000.0}, "2022-01-11", Status.STALE),
        ({"2021-11-30": 1000.0, "2021-12-31": 100.0}, "2021-12-31", Status.MISSED),
        ({"2021-11-30": 1000.0, "2021-12-31": 100.0}, "2022-12-31", Status.MISSED),
        ({"2021-11-30": 1000.0, "2021-12-31": 200.0}, "2022-12-31", Status.ACHIEVED),
    ],
)
def test_the_turn_of_the_year(rows: dict[str, Value], as_of: str, status: Status) -> None:
    """At the end a KPI is neither missed nor stale before its last figure is overdue, and never stale after it came."""
    strict = kpi(t=1200.0)
    assert scored(strict, rows, as_of, thresholds=_no_floor()).status is status


def _no_floor() -> object:
    from kpi_tracker.model.thresholds import timeline

    return timeline(lag_floor=0.0)


def test_once_ended_nothing_more_is_due() -> None:
    """A KPI with its last figure expects no other."""
    found = scored(kpi(t=100.0), {"2021-12-31": 100.0}, "2022-06-30")
    assert (found.ended, found.next_due, found.overdue) == (True, None, False)


def test_a_kpi_s_own_due_date_is_its_end() -> None:
    """A KPI due in June is over with June's figure, in the middle of the plan's period."""
    half = kpi(t=600.0, due=day("2021-06-30"))
    assert scored(half, {"2021-05-31": 500.0}, "2021-06-30").status is Status.ON_TRACK
    found = scored(half, {"2021-06-30": 500.0}, "2021-06-30")
    assert (found.expected, found.ended, found.status) == (1.0, True, Status.MISSED)


@pytest.mark.parametrize(("as_of", "ended"), [("2021-12-30", False), ("2021-12-31", True), ("2022-03-01", True)])
def test_a_milestone_ends_with_as_of(as_of: str, ended: bool) -> None:
    """For a milestone the day of the report decides whether it is over, not the day of its last row."""
    one = kpi(measure=Measure.MILESTONE, steps=steps(("2021-12-31", 1)), cadence=Cadence.IRREGULAR)
    found = scored(one, {"2021-06-30": ()}, as_of)
    assert found.ended is ended
    assert found.status is (Status.MISSED if ended else Status.ON_TRACK)


def test_missed_goes_before_stale() -> None:
    """A milestone that is over and whose row is overdue is missed, not stale."""
    one = kpi(measure=Measure.MILESTONE, steps=steps(("2021-12-31", 1)))
    found = scored(one, {"2021-06-30": ()}, "2022-06-30")
    assert found.overdue
    assert found.status is Status.MISSED


def test_achieved_goes_before_stale() -> None:
    """A total that has been reached needs no further figure to be achieved."""
    assert scored(kpi(t=100.0), {"2021-06-30": 100.0}, "2021-12-31").status is Status.ACHIEVED


def test_stale_goes_before_regressing() -> None:
    """A level worse than its baseline in old data is stale, with what the old data say beside it."""
    found = scored(kpi(measure=Measure.LEVEL, b=80.0, t=90.0), {"2021-03-31": 70.0}, "2021-09-30")
    assert (found.status, found.underlying) == (Status.STALE, Status.REGRESSING)
