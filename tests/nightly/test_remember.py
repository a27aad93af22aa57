"""A check held against the runs before it: what is compared with what, and which flags a night leaves to the next."""

from datetime import date, datetime
from pathlib import Path

import pytest

import kpi_tracker
from kpi_tracker.changes import ChangeKind
from kpi_tracker.flags.events import EventKind
from kpi_tracker.flags.flag import Phase
from kpi_tracker.history.acknowledgement import Acknowledgement
from kpi_tracker.history.store import History, open_history
from kpi_tracker.model.flagging import FlagRules, Raising
from kpi_tracker.model.goal import Broken, Plan
from kpi_tracker.model.scorecard import Scorecard
from kpi_tracker.nightly.memory import Remembered, Tell, remember
from tests.builders import kpi, obs, plan

NOW = datetime(2021, 7, 1, 6, 30)
AT_ONCE = FlagRules(raising=Raising(days=0))
WHOLE = plan(kpi("k", t=120.0), kpi("other", t=120.0), flags=AT_ONCE)


@pytest.fixture
def history(tmp_path: Path) -> "History":
    """Return a history in a file of its own."""
    return open_history(tmp_path / "h.sqlite3")


def night(day: str, k: float, other: float = 100.0, of: Plan = WHOLE) -> Scorecard:
    """Return the scorecard of a day at whose end so much was reached."""
    rows = [
        obs(name, day, value) for name, value in (("k", k), ("other", other)) if name in {i.id for _, i in of.walk()}
    ]
    return kpi_tracker.score(of, rows, date.fromisoformat(day))


def told(found: Remembered) -> list[tuple[str, str]]:
    """Return the changes of KPIs by kind and path."""
    return [(change.kind.value, change.path) for change in found.changes if change.path]


def test_the_first_night_has_nothing_to_compare_with(history: History) -> None:
    """It is remembered, what lags is flagged, and no change is made up."""
    found = remember(history, night("2021-06-30", 10.0), NOW)
    assert (found.changes, found.since, found.new) == ((), None, True)
    assert found.flags["k"].phase is Phase.RAISED
    assert [event.kind for event in found.events if event.path == "k"] == [EventKind.RAISED]


def test_a_night_is_compared_with_the_one_before_it(history: History) -> None:
    """Newly lagging, recovered: with both values, since the day of the run before."""
    remember(history, night("2021-06-30", 10.0), NOW)
    found = remember(history, night("2021-07-31", 100.0, 5.0), NOW)
    assert told(found) == [("newly_lagging", "other"), ("recovered", "k")]
    assert found.since == date(2021, 6, 30)
    events = {event.path: event.kind for event in found.events if event.path}
    assert events == {"other": EventKind.RAISED, "k": EventKind.CLEARED}


def test_the_same_night_twice_says_and_leaves_the_same(history: History) -> None:
    """Not an empty list of changes, as if somebody had been told already; and no second run."""
    remember(history, night("2021-06-30", 10.0), NOW)
    first = remember(history, night("2021-07-31", 100.0, 5.0), NOW)
    again = remember(history, night("2021-07-31", 100.0, 5.0), NOW)
    assert (first.changes, first.flags, first.events) == (again.changes, again.flags, again.events)
    assert (first.new, again.new) == (True, False)
    assert len(history.runs("p")) == 2


def test_a_corrected_night_is_a_run_of_its_own_and_speaks_for_its_day(history: History) -> None:
    """Compared with the night before, not with what was wrong."""
    remember(history, night("2021-06-30", 100.0), NOW)
    remember(history, night("2021-07-31", 5.0), NOW)
    corrected = remember(history, night("2021-07-31", 100.0), NOW)
    assert (told(corrected), corrected.new) == ([], True)
    assert told(remember(history, night("2021-08-31", 100.0), NOW)) == []


def test_a_night_that_was_missed_loses_nothing(history: History) -> None:
    """The last run is that of weeks ago, and its flags are carried on."""
    remember(history, night("2021-03-31", 1.0), NOW)
    found = remember(history, night("2021-08-31", 1.0), NOW)
    assert found.flags["k"].since == date(2021, 3, 31)
    assert found.since == date(2021, 3, 31)


def test_an_earlier_day_or_run_to_compare_with(history: History) -> None:
    """By day: the run that speaks for it; by number; none so early, or of that number, is no first night."""
    for day, value in (("2021-04-30", 100.0), ("2021-05-31", 5.0), ("2021-06-30", 5.0)):
        remember(history, night(day, value), NOW)
    first = history.runs("p")[0]
    assert told(remember(history, night("2021-07-31", 5.0), NOW)) == [("worse", "k")]
    for since in (date(2021, 5, 1), first.id):
        found = remember(history, night("2021-07-31", 5.0), NOW, since)
        assert (told(found)[0], found.since) == (("newly_lagging", "k"), date(2021, 4, 30))
    for unknown in (date(2021, 1, 1), 99):
        with pytest.raises(KeyError):
            remember(history, night("2021-07-31", 5.0), NOW, unknown)


def test_a_run_of_another_plan_is_none_to_compare_with(history: History) -> None:
    """Several plans share a history, and a number names one run of all."""
    from kpi_tracker.record import changed

    remember(history, night("2021-06-30", 5.0, of=changed(WHOLE, id="q")), NOW)
    with pytest.raises(KeyError):
        remember(history, night("2021-07-31", 5.0), NOW, history.runs("q")[0].id)


def test_pitfall_d9_a_gap_in_the_plan_does_not_end_a_flag(history: History) -> None:
    """A KPI that is broken for some nights comes back with the flag that it had, as old as it is."""
    remember(history, night("2021-04-30", 1.0), NOW)
    broken = plan(kpi("other", t=120.0), broken=(Broken("k"),), flags=AT_ONCE)
    for day in ("2021-05-31", "2021-06-30"):
        missing = remember(history, night(day, 0.0, of=broken), NOW)
        assert missing.flags["k"].since == date(2021, 4, 30)
    back = remember(history, night("2021-07-31", 1.0), NOW)
    assert back.flags["k"].since == date(2021, 4, 30)
    assert back.flags["k"].phase is Phase.RAISED


def test_a_kpi_that_is_new_or_came_back_without_a_flag_has_none(history: History) -> None:
    """History knows its path, and nothing of a flag."""
    remember(history, night("2021-04-30", 100.0), NOW)
    remember(history, night("2021-05-31", 0.0, of=plan(kpi("other", t=120.0), flags=AT_ONCE)), NOW)
    back = remember(history, night("2021-06-30", 100.0), NOW)
    assert "k" not in back.flags
    assert ChangeKind.ADDED in {change.kind for change in back.changes}


def test_an_acknowledgement_is_seen_by_the_next_night(history: History) -> None:
    """Who has taken note is shown with the flag."""
    remember(history, night("2021-06-30", 1.0), NOW)
    history.acknowledge("p", Acknowledgement("k", "Li", "supplier", NOW))
    found = remember(history, night("2021-07-31", 1.0), NOW)
    held = found.flags["k"].acknowledged
    assert held is not None
    assert (held.by, held.why) == ("Li", "supplier")


def test_what_changed_is_known_where_history_cannot_be_written(history: History) -> None:
    """A full disk, a read-only folder: the same changes, events and flags, and the reason."""
    remember(history, night("2021-06-30", 10.0), NOW)
    connection = history._database._connection  # type: ignore[attr-defined]
    connection.execute("PRAGMA query_only = ON")
    found = remember(history, night("2021-07-31", 100.0, 5.0), NOW, tell=Tell.PEOPLE)
    assert told(found) == [("newly_lagging", "other"), ("recovered", "k")]
    assert found.unwritten is not None
    assert (found.run, found.new, found.untold is not None) == (None, False, True)
    connection.execute("PRAGMA query_only = OFF")
    again = remember(history, night("2021-07-31", 100.0, 5.0), NOW, tell=Tell.PEOPLE)
    assert again.untold == found.untold
    assert (again.flags, again.unwritten, again.new) == (found.flags, None, True)


def test_what_is_told_is_new_since_people_were_told_last(history: History) -> None:
    """Not since the last night, of which nobody may have heard; and `since` is for the report alone."""
    remember(history, night("2021-04-30", 100.0), NOW)
    remember(history, night("2021-05-31", 5.0), NOW, tell=Tell.PEOPLE)  # and killed before it told
    found = remember(history, night("2021-06-30", 5.0), NOW, tell=Tell.PEOPLE)
    assert told(found) == [("worse", "k")]
    assert found.untold is not None
    assert found.untold.since == date(2021, 4, 30)
    assert [(change.kind.value, change.path) for change in found.untold.changes if change.path] == [
        ("newly_lagging", "k")
    ]
    assert [event.kind for event in found.untold.events if event.path == "k"] == [EventKind.RAISED]
    later = remember(history, night("2021-06-30", 5.0), NOW, date(2021, 5, 31), tell=Tell.SHOWN)
    assert later.untold == found.untold
