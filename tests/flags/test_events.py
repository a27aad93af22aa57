"""What people are told of flags, from one night to the next."""

from datetime import datetime

from kpi_tracker.flags.events import EventKind, events
from kpi_tracker.flags.flag import Flag
from kpi_tracker.flags.lifecycle import advance
from kpi_tracker.model.flagging import Level
from kpi_tracker.model.measure import Status
from tests.flags.nights import AT_ONCE, RULES, Ack, after, card, course, night

LAGS, GOOD = Status.LAGGING, Status.ON_TRACK


def kinds(previous: dict[str, Flag], current: dict[str, Flag]) -> list[EventKind]:
    """Return the kinds of what happened."""
    return [event.kind for event in events(previous, current)]


def ack(number: int, until: int | None = None) -> Ack:
    """Return an acknowledgement given on a night's day."""
    made = datetime.combine(night(number), datetime.min.time())
    return Ack("k", "Li", "known", made, None if until is None else night(until))


def test_a_pending_flag_is_nobodys_business() -> None:
    """Neither its beginning nor its end is told."""
    pending = course(LAGS)
    assert kinds({}, pending) == []
    assert kinds(pending, after(pending, GOOD, 1)) == []


def test_raised_escalated_and_cleared_are_told_once() -> None:
    """And nothing on the nights between them."""
    flags: dict[str, Flag] = {}
    told = {}
    for number in range(20):
        now = after(flags, LAGS if number < 12 else GOOD, number)
        if found := kinds(flags, now):
            told[number] = found
        flags = now
    assert told == {3: [EventKind.RAISED], 10: [EventKind.ESCALATED], 14: [EventKind.CLEARED]}


def test_the_same_night_twice_tells_nothing_new() -> None:
    """What was told is not told again."""
    flags = course(*[LAGS] * 4)
    assert kinds(flags, after(flags, LAGS, 3)) == []


def test_a_flag_that_was_cleared_and_raised_while_no_run_was_compared_is_raised() -> None:
    """It is another lag than the one before."""
    before = course(LAGS, rules=AT_ONCE)
    now = course(LAGS, GOOD, LAGS, rules=AT_ONCE)
    assert kinds(before, now) == [EventKind.RAISED]


def test_an_acknowledged_flag_is_escalated_in_silence_until_it_expires() -> None:
    """When it expires the level that it has by then is told."""
    first = after({}, LAGS, 0, AT_ONCE)
    held = after(first, LAGS, 1, AT_ONCE, ack(1, until=8))
    later = after(held, LAGS, 8, AT_ONCE, ack(1, until=8))
    expired = after(later, LAGS, 9, AT_ONCE, ack(1, until=8))
    assert kinds(first, held) == [EventKind.ACKNOWLEDGED]
    assert kinds(held, later) == []
    [event] = events(later, expired)
    assert (event.kind, event.after.level) == (EventKind.ACK_EXPIRED, Level.YELLOW)
    assert event.before is not None
    assert event.before.acknowledged is not None


def test_an_acknowledgement_that_was_given_anew_is_told() -> None:
    """Its reason or its day may be another."""
    held = after({}, LAGS, 1, AT_ONCE, ack(1))
    assert kinds(held, after(held, LAGS, 2, AT_ONCE, ack(1), ack(2))) == [EventKind.ACKNOWLEDGED]


def test_flapping_is_told_when_it_begins() -> None:
    """With the clear that made it so, and not again."""
    before = course(LAGS, GOOD, LAGS, rules=AT_ONCE)
    flapping = after(before, GOOD, 3, AT_ONCE)
    assert kinds(before, flapping) == [EventKind.FLAPPING, EventKind.CLEARED]
    assert kinds(flapping, after(flapping, GOOD, 4, AT_ONCE)) == []


def test_an_exempt_item_closes_its_flag() -> None:
    """Which is no recovery."""
    raised = course(*[LAGS] * 4)
    assert kinds(raised, after(raised, Status.EXEMPT, 4)) == [EventKind.CLOSED]


def test_events_are_told_by_kind_and_then_the_highest_level_first() -> None:
    """So that a long list begins with what matters."""
    first = advance({}, card({"b": LAGS, "c": LAGS}), RULES, (), night(0))
    raised = advance(first, card({"a": LAGS, "b": LAGS, "c": LAGS}, 3), RULES, (), night(3))
    later = advance(raised, card({"a": LAGS, "b": GOOD, "c": LAGS}, 10), RULES, (), night(10))
    assert [(event.path, event.after.level) for event in events(first, later)] == [
        ("c", Level.YELLOW), ("a", Level.NOTICE), ("b", Level.NOTICE),
    ]  # fmt: skip
    cleared = advance(later, card({"a": Status.EXEMPT, "b": GOOD, "c": LAGS}, 17), RULES, (), night(17))
    assert [event.kind for event in events(later, cleared)] == [
        EventKind.ESCALATED, EventKind.CLEARED, EventKind.CLOSED,
    ]  # fmt: skip
