"""Periods of the cadence for which a sum has no figure."""

import pytest

from kpi_tracker.calendar import period_ends
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Aggregate, Cadence, Measure, Status
from kpi_tracker.model.observation import Value
from tests.builders import card, day, kpi, limit, node_of, obs, plan, scored

MARCH = "2021-03-31"


def ends(cadence: Cadence, first: str, last: str) -> list[str]:
    """Return the last days of the periods of a cadence."""
    found = period_ends(cadence, day(first).toordinal(), day(last).toordinal())
    return [type(day(first)).fromordinal(end).isoformat() for end in found]


@pytest.mark.parametrize(
    ("cadence", "expected"),
    [
        (
            Cadence.WEEKLY,
            ["2021-02-21", "2021-02-28", "2021-03-07", "2021-03-14", "2021-03-21", "2021-03-28"],
        ),
        (Cadence.MONTHLY, ["2021-03-31"]),
        (Cadence.QUARTERLY, []),
        (Cadence.HALF_YEARLY, []),
        (Cadence.YEARLY, []),
        (Cadence.IRREGULAR, []),
    ],
)
def test_the_ends_of_the_periods(cadence: Cadence, expected: list[str]) -> None:
    """Every whole period between two days is there, the last day included; one that began before is not."""
    assert ends(cadence, "2021-02-11", "2021-03-31") == expected


def test_every_day_is_a_period_of_its_own() -> None:
    """A daily cadence ends every day."""
    assert ends(Cadence.DAILY, "2021-02-27", "2021-03-02") == ["2021-02-27", "2021-02-28", "2021-03-01", "2021-03-02"]


@pytest.mark.parametrize(
    ("rows", "gaps"),
    [
        ({"2021-01-31": 1.0, "2021-02-28": 1.0, MARCH: 1.0}, ()),
        ({"2021-01-31": 1.0, MARCH: 1.0}, ("2021-02-28",)),
        ({MARCH: 1.0}, ("2021-01-31", "2021-02-28")),
        ({"2021-01-10": 1.0, "2021-01-20": 1.0, "2021-02-01": 1.0, "2021-03-05": 1.0}, ()),
        ({"2021-01-31": 1.0}, ()),
    ],
)
@pytest.mark.parametrize("one", [kpi(t=100.0), limit(at_most=9.0, by=Aggregate.SUM)])
def test_a_sum_names_the_periods_that_it_lacks(one: Kpi, rows: dict[str, Value], gaps: tuple[str, ...]) -> None:
    """A month before the data date without any figure is a gap in what accumulates."""
    assert scored(one, rows, MARCH).gaps == tuple(day(gap) for gap in gaps)


@pytest.mark.parametrize(
    "one",
    [
        kpi(t=100.0, aggregate=Aggregate.NEWEST),
        kpi(measure=Measure.LEVEL, b=0.0, t=10.0),
        kpi(measure=Measure.RATE, t=7.0),
        limit(at_most=9.0, by=Aggregate.MAX),
        kpi(t=100.0, cadence=Cadence.IRREGULAR),
    ],
)
def test_what_is_no_sum_has_no_gaps(one: Kpi) -> None:
    """A state, a rate and a cumulative report speak for themselves, and an irregular figure owes nothing."""
    assert scored(one, {MARCH: 1.0}, MARCH).gaps == ()


def test_gaps_change_no_score() -> None:
    """The status is that of what was reported, and counts in the roll-up; the gaps stand with the data problems."""
    found = card(plan(kpi(t=100.0)), [obs("k", MARCH, 25.0)], MARCH)
    assert [item.id for item in found.data_problems] == ["k"]
    assert (node_of(found).status, node_of(found).coverage) == (Status.ON_TRACK, 1.0)
