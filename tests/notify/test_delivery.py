"""Deliveries: claimed before and finished after, tried again within bounds, sent once, and lost never."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kpi_tracker.language import N_, language
from kpi_tracker.notify.config import ChannelKind
from kpi_tracker.notify.delivery import ATTEMPTS, BUDGET, GIVEN_UP, Delivered, deliver
from kpi_tracker.notify.ledger import LEASE, MemoryLedger, Unsent
from kpi_tracker.notify.message import Message, to_json
from kpi_tracker.notify.outcome import SENT, Outcome, failed
from kpi_tracker.notify.senders import Sender
from tests.notify.made import NOW, channel, message
from tests.notify.servers import Reply, Reset, answering

BUSY = failed(N_("no answer in time"), again=True)
WRONG = failed(N_("the address is none of http or https"))


class Clock:
    """A clock that goes on by what is slept."""

    def __init__(self, start: datetime = NOW) -> None:
        self.time, self.slept = start, list[float]()

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += timedelta(seconds=seconds)


class Crash(BaseException):
    """The end of a process."""


class Scripted:
    """A sender that comes to what it is told, the last for ever."""

    kind = ChannelKind.WEBHOOK

    def __init__(self, *outcomes: Outcome, clock: Clock | None = None, seconds: float = 0.0) -> None:
        self.outcomes, self.clock, self.seconds = list(outcomes), clock, seconds
        self.sent: list[str] = []
        self.tried = 0

    def send(self, what: Message, now: datetime) -> Outcome:
        assert now.tzinfo is not None
        self.tried += 1
        if self.clock:
            self.clock.time += timedelta(seconds=self.seconds)
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        if outcome.problem is None:
            self.sent.append(what.key)
        return outcome


def run(
    sender: Scripted, ledger: MemoryLedger, clock: Clock, *made: Message, chance: float = 0.0
) -> tuple[Delivered, ...]:
    """Deliver by one sender."""
    return deliver(made, {"c": sender}, ledger, clock.now, clock.sleep, lambda: chance)


first_message = cache(message)


def numbered(number: int) -> Message:
    """Return a message that differs from others by its key."""
    return first_message()._replace(key=f"k{number}")


def test_what_is_sent_is_sent_once() -> None:
    """The same night again sends nothing, and says so."""
    sender, ledger, clock = Scripted(SENT), MemoryLedger(), Clock()
    [first] = run(sender, ledger, clock, message())
    [second] = run(sender, ledger, clock, message())
    assert (first.sent, first.known, first.failed, first.attempts) == (True, False, False, 1)
    assert (second.sent, second.known, second.failed, second.attempts) == (False, True, False, 0)
    assert sender.sent == [message().key]
    assert ledger.unsent() == ()


def test_what_is_for_now_is_tried_again_with_growing_pauses() -> None:
    """By chance a little shorter, so that many do not come back at the same moment."""
    for chance, pauses in ((0.0, [2.0, 10.0, 60.0]), (1.0, [1.0, 5.0, 30.0])):
        sender, clock = Scripted(BUSY), Clock()
        [done] = run(sender, MemoryLedger(), clock, message(), chance=chance)
        assert (done.failed, done.attempts, done.problem) == (True, ATTEMPTS, BUSY.problem)
        assert clock.slept == pauses
    [done] = run(Scripted(BUSY, BUSY, SENT), MemoryLedger(), Clock(), message())
    assert (done.sent, done.attempts) == (True, 3)


def test_what_is_for_ever_is_not_tried_again() -> None:
    """A wrong signature does not become right."""
    sender, clock, ledger = Scripted(WRONG), Clock(), MemoryLedger()
    [done] = run(sender, ledger, clock, message())
    assert (done.failed, done.attempts, clock.slept) == (True, 1, [])
    assert ledger.entries[message().key].error == language("en").phrase(done.problem)  # type: ignore[arg-type]


def test_a_time_to_wait_is_heeded_within_bounds() -> None:
    """One that is longer than a run may take leaves the message to the next."""
    clock = Clock()
    [done] = run(Scripted(BUSY._replace(wait=30.0), SENT), MemoryLedger(), clock, message(), chance=0.9)
    assert (done.sent, clock.slept) == (True, [30.0])
    [late] = run(Scripted(BUSY._replace(wait=3600.0)), MemoryLedger(), Clock(), message())
    assert (late.failed, late.attempts) == (True, 1)


@settings(deadline=None)
@given(st.integers(1, 40), st.floats(0, 120), st.floats(0, 1, exclude_max=True), st.none() | st.floats(0, 1e5))
def test_a_run_ends_in_bounded_time(count: int, seconds: float, chance: float, wait: float | None) -> None:
    """However slow the service: no attempt begins after the time is over, and nothing that is left is lost."""
    clock, ledger = Clock(), MemoryLedger()
    sender = Scripted(BUSY._replace(wait=wait), clock=clock, seconds=seconds)
    done = run(sender, ledger, clock, *map(numbered, range(count)), chance=chance)
    assert clock.time - NOW < BUDGET + timedelta(seconds=seconds + 1)
    assert BUDGET + timedelta(seconds=60) < LEASE
    assert all(one.failed and one.attempts <= ATTEMPTS for one in done)
    assert len(ledger.unsent()) == count


def test_what_failed_is_sent_by_the_next_run_first() -> None:
    """As it was, in the order in which it happened; a week later it is no news."""
    ledger = MemoryLedger()
    run(Scripted(BUSY), ledger, Clock(), numbered(1))
    clock = Clock(NOW + timedelta(days=1))
    sender = Scripted(SENT)
    done = run(sender, ledger, clock, numbered(2))
    assert [(one.message.key, one.sent) for one in done] == [("k1", True), ("k2", True)]
    assert done[0].message == numbered(1)
    run(Scripted(WRONG), ledger, clock, numbered(3))
    [dropped] = run(sender, ledger, Clock(clock.time + GIVEN_UP))
    assert (dropped.message.key, dropped.failed, dropped.attempts, sender.sent) == ("k3", True, 0, ["k1", "k2"])
    assert dropped.problem is not None
    assert language("en").phrase(dropped.problem).startswith("given up after 7 days: ")
    assert ledger.unsent() == ()
    assert run(sender, ledger, Clock(clock.time + GIVEN_UP)) == ()
    [known] = run(sender, ledger, Clock(clock.time + GIVEN_UP), numbered(3))
    assert known.known


def test_a_night_that_is_repeated_tries_what_failed_once_more() -> None:
    """What an earlier run left and the night brings again is one message."""
    ledger, sender = MemoryLedger(), Scripted(WRONG)
    for _ in range(2):
        [done] = run(sender, ledger, Clock(), message())
        assert (done.failed, done.attempts) == (True, 1)


def test_a_crash_between_claim_and_finish_loses_nothing() -> None:
    """A run at the same time leaves it alone; one of the next night sends it."""

    class Dying(Scripted):
        def send(self, what: Message, now: datetime) -> Outcome:
            raise Crash

    ledger = MemoryLedger()
    with pytest.raises(Crash):
        run(Dying(SENT), ledger, Clock(), message())
    sender = Scripted(SENT)
    [beside] = run(sender, ledger, Clock(NOW + timedelta(minutes=5)))
    assert (beside.failed, beside.attempts, sender.sent) == (True, 0, [])
    assert beside.problem is not None
    assert language("en").phrase(beside.problem).startswith("another run claimed it and has not said how that ended")
    [later] = run(sender, ledger, Clock(NOW + LEASE))
    assert (later.sent, sender.sent) == (True, [message().key])


@pytest.mark.parametrize("senders", [{}, {"c": Sender(channel(ChannelKind.SLACK), {})}])
def test_a_channel_that_is_gone_or_another_takes_no_message(senders: dict[str, Sender]) -> None:
    """What was escaped for one service is not sent to another."""
    clock = Clock()
    [done] = deliver([message()], senders, MemoryLedger(), clock.now, clock.sleep, lambda: 0.0)
    assert done.failed
    assert done.problem is not None
    assert language("en").phrase(done.problem) == "the notify file no longer has this channel: c"


def test_a_fault_of_ours_is_a_failure_and_stops_no_other() -> None:
    """Its words may hold anything, so its type is all that is told."""
    odd = message()._replace(facts="no JSON")
    sender, clock = Sender(channel(), {"URL": "http://127.0.0.1:9/"}), Clock()
    [done, _] = deliver([odd, numbered(2)], {"c": sender}, MemoryLedger(), clock.now, clock.sleep, lambda: 0.0)
    assert done.problem is not None
    assert language("en").phrase(done.problem) == "the message could not be sent: JSONDecodeError"


def test_a_service_that_fails_and_recovers_gets_each_message_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Over real connections: broken, cut, busy, then well."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    clock, ledger = Clock(), MemoryLedger()
    with answering(Reply(500), Reset(), Reply(429, b"", (("Retry-After", "3"),)), Reply(200)) as server:
        sender = Sender(channel(), {"URL": server.url})
        done = deliver([numbered(1), numbered(2)], {"c": sender}, ledger, clock.now, clock.sleep, lambda: 0.0)
    assert [(one.sent, one.attempts) for one in done] == [(True, 4), (True, 1)]
    assert clock.slept == [2.0, 10.0, 3.0]
    assert [json.loads(got.body)["key"] for got in server.got] == ["k1"] * 4 + ["k2"]


def test_a_ledger_keeps_no_secret() -> None:
    """What it holds is what is sent."""
    ledger = MemoryLedger()
    sender = Sender(channel(signed=True), {"URL": "http://127.0.0.1:9/token-abcdef", "SECRET": "key-abcdef"})
    clock = Clock()
    deliver([message()], {"c": sender}, ledger, clock.now, clock.sleep, lambda: 0.0)
    [left] = ledger.unsent()
    assert isinstance(left, Unsent)
    assert "abcdef" not in repr(left) + repr(vars(ledger.entries[left.key]))
    assert left.message == to_json(message())


class Asked(Scripted):
    """A sender that asks a function."""

    def __init__(self, ask: Callable[[Message, datetime], Outcome]) -> None:
        super().__init__(SENT)
        self.ask = ask

    def send(self, what: Message, now: datetime) -> Outcome:
        return self.ask(what, now)


class Nights(RuleBasedStateMachine):
    """Runs that come and go, crash before and after sending, and services that fail: nothing is lost or doubled."""

    def __init__(self) -> None:
        """Start with an empty ledger."""
        super().__init__()
        self.ledger, self.time = MemoryLedger(), NOW
        self.asked: list[str] = []
        self.got: list[str] = []
        self.unsure: set[str] = set()
        self.well = True

    def send(self, crash: str) -> Callable[[Message, datetime], Outcome]:
        """Return what a service makes of a message, where the process dies before or after it, or not at all."""

        def attempt(what: Message, _now: datetime) -> Outcome:
            if crash == "before":
                raise Crash
            if self.well:
                self.got.append(what.key)
            if crash == "after":
                self.unsure.add(what.key)
                raise Crash
            return SENT if self.well else BUSY

        return attempt

    def run(self, messages: list[Message], crash: str) -> None:
        """Run once."""
        clock, sender = Clock(self.time), Asked(self.send(crash))
        with suppress(Crash):
            run(sender, self.ledger, clock, *messages)
        self.time = clock.time

    @rule(count=st.integers(1, 3), crash=st.sampled_from(["", "", "before", "after"]))
    def night(self, count: int, crash: str) -> None:
        """Bring new messages. Those that a crash kept from being claimed are made again by the run that repeats it."""
        fresh = [numbered(len(self.asked) + i) for i in range(count)]
        self.asked += [one.key for one in fresh]
        self.run(fresh, crash)
        self.time += LEASE
        self.run(fresh, "")

    @rule()
    def repeat(self) -> None:
        """Run again within the lease, with all that ever was asked for."""
        self.run([numbered(int(key[1:])) for key in self.asked], "")

    @rule(well=st.booleans())
    def service(self, well: bool) -> None:
        """Break the service, or mend it."""
        self.well = well

    @precondition(lambda self: self.well)
    @rule()
    def later(self) -> None:
        """Run after every lease is over: then all have arrived."""
        self.time += LEASE
        self.run([], "")
        young = [e for e in self.ledger.unsent() if self.time - e.first < GIVEN_UP]
        assert young == []

    @invariant()
    def nothing_is_doubled(self) -> None:
        """But what was taken by a service before the run died that knew it."""
        for key in set(self.got):
            assert self.got.count(key) == 1 or key in self.unsure

    @invariant()
    def nothing_is_lost(self) -> None:
        """Whatever was asked for has arrived, or is in the ledger."""
        left = {entry.key for entry in self.ledger.unsent()}
        assert set(self.asked) <= left | set(self.got)


Nights.TestCase.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
TestNights = Nights.TestCase


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.integers(0, 60)), max_size=20))
def test_laws_of_the_ledger(steps: list[tuple[int, bool, int]]) -> None:
    """A claim is refused exactly where the delivery is sent, or claimed within the lease and not finished."""
    ledger, time, known = MemoryLedger(), NOW, dict[str, tuple[str, datetime]]()
    for number, sent, minutes in steps:
        key = f"k{number}"
        state, since = known.get(key, ("new", time))
        expected = state in ("new", "failed") or (state == "claimed" and time - since >= LEASE)
        assert ledger.claim(key, "c", "r", time, "{}") is expected
        if expected and minutes % 2:
            ledger.finish(key, sent, "", time)
            known[key] = ("sent" if sent else "failed", time)
        elif expected:
            known[key] = ("claimed", time)
        time += timedelta(minutes=minutes)
    left = ledger.unsent()
    assert {entry.key for entry in left} == {key for key, (state, _) in known.items() if state != "sent"}
    assert all(one.first <= other.first for one, other in pairwise(left))
