"""Laws of flags: for every course of nights, with gaps, missing data and acknowledgements."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kpi_tracker.flags.events import EventKind, events
from kpi_tracker.flags.flag import Flag, Phase, from_json, to_json
from kpi_tracker.flags.lifecycle import REMEMBERED, UNJUDGED, advance
from kpi_tracker.model.flagging import LEVELS, Clearing, FlagRules, Flapping, Raising, Rung
from kpi_tracker.model.measure import LAGGING, Status
from tests.flags.nights import START, Ack, Seen, card, night

FIGURES = st.none() | st.floats(-50, 50)
SEEN = st.builds(Seen, st.sampled_from(Status), FIGURES, FIGURES, st.integers(0, 2))
LAGS = st.builds(Seen, st.sampled_from(sorted(LAGGING)), FIGURES, FIGURES, st.integers(0, 2))
MISSING = st.builds(Seen, st.sampled_from(sorted(UNJUDGED)))
CLEARINGS = st.builds(
    Clearing,
    st.none() | st.sampled_from([Status.AT_RISK, Status.ON_TRACK, Status.AHEAD]),
    st.none() | st.floats(0, 2),
    st.none() | st.floats(-5, 5),
    st.integers(0, 9),
)


@st.composite
def rules(draw: st.DrawFn, runs: bool = True) -> FlagRules:
    """Draw the rules of a plan."""
    days = draw(st.integers(0, 10))
    raising = draw(st.sampled_from([Raising(days), Raising(days, 3), Raising(runs=2)] if runs else [Raising(days)]))
    after = sorted(draw(st.sets(st.integers(0, 60), max_size=4)))
    ladder = tuple(Rung(n, level) for n, level in zip(after, LEVELS, strict=False))
    return FlagRules(raising, draw(CLEARINGS), Flapping(draw(st.integers(2, 6)), draw(st.integers(1, 40))), ladder)


NIGHTS = st.dictionaries(st.integers(0, 90), st.dictionaries(st.sampled_from("abc"), SEEN, max_size=3), max_size=12)
Nights = dict[int, dict[str, Seen]]


def lived(nights: Nights, wanted: FlagRules) -> dict[str, Flag]:
    """Return the flags after some nights."""
    flags: dict[str, Flag] = {}
    for number in sorted(nights):
        flags = advance(flags, card(nights[number], number), wanted, (), night(number))
    return flags


@given(NIGHTS, st.dictionaries(st.sampled_from("abc"), SEEN), rules(), st.integers(0, 100))
def test_the_same_night_twice_changes_nothing(
    past: Nights, seen: dict[str, Seen], wanted: FlagRules, number: int
) -> None:
    """A night is idempotent, whatever was before it, and tells nothing the second time."""
    before = lived(past, wanted)
    once = advance(before, card(seen, number), wanted, (), night(number))
    twice = advance(once, card(seen, number), wanted, (), night(number))
    assert twice == once
    assert events(once, twice) == ()


@given(NIGHTS, rules())
def test_the_order_of_items_does_not_matter(nights: Nights, wanted: FlagRules) -> None:
    """Nor does what other items do."""
    turned = {n: dict(reversed(items.items())) for n, items in nights.items()}
    whole = lived(nights, wanted)
    assert lived(turned, wanted) == whole
    for path in "abc":
        alone = {n: {path: items[path]} if path in items else {} for n, items in nights.items()}
        assert lived(alone, wanted).get(path) == whole.get(path)


@given(rules(runs=False), st.lists(LAGS, min_size=61, max_size=61), st.sets(st.integers(1, 59)))
def test_missed_nights_lose_neither_a_raise_nor_an_escalation(
    wanted: FlagRules, nightly: list[Seen], missed: set[int]
) -> None:
    """After a gap a flag is where it would be without it: the same phase, level and dates."""
    every = lived({n: {"k": seen} for n, seen in enumerate(nightly)}, wanted)["k"]
    some = lived({n: {"k": seen} for n, seen in enumerate(nightly) if n not in missed}, wanted)["k"]
    for name in ("phase", "since", "raised_on", "level", "level_since", "roles", "status"):
        assert getattr(some, name) == getattr(every, name)


@given(NIGHTS, rules(), st.lists(st.tuples(st.integers(1, 9), MISSING), max_size=5))
def test_missing_data_never_change_a_phase(past: Nights, wanted: FlagRules, gaps: list[tuple[int, Seen]]) -> None:
    """However long they last: only what was cleared or closed before is forgotten."""
    flags, number = lived(past, wanted), max(past, default=0)
    for step, seen in gaps:
        number += step
        now = advance(flags, card(dict.fromkeys("abc", seen), number), wanted, (), night(number))
        assert set(now) <= set(flags)
        for path, flag in flags.items():
            if path in now:
                assert now[path].phase is flag.phase
            else:
                assert flag.phase in (Phase.CLEARED, Phase.CLOSED)
        assert {event.kind for event in events(flags, now)} <= {EventKind.ESCALATED}
        flags = now


@given(NIGHTS, rules())
def test_a_flag_survives_storing(nights: Nights, wanted: FlagRules) -> None:
    """Whatever its past."""
    for flag in lived(nights, wanted).values():
        assert from_json(to_json(flag)) == flag


class Nights_(RuleBasedStateMachine):  # noqa: N801 - the name of the drawn nights is taken
    """Nights with gaps, missing data, acknowledgements, second runs and runs of the past, with what must hold after each."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__()
        self.flags: dict[str, Flag] = {}
        self.acks: list[Ack] = []
        self.number = 0
        self.wanted = FlagRules()

    @initialize(wanted=rules())
    def begin(self, wanted: FlagRules) -> None:
        """Take the rules of a plan."""
        self.wanted = wanted

    @rule(step=st.integers(1, 20), seen=st.dictionaries(st.sampled_from("ab"), SEEN, max_size=2), broken=st.booleans())
    def run(self, step: int, seen: dict[str, Seen], broken: bool) -> None:
        """Run a night, after a gap or none."""
        self.number += step
        scorecard = card(seen, self.number, broken)
        now = advance(self.flags, scorecard, self.wanted, self.acks, night(self.number))
        assert advance(now, scorecard, self.wanted, self.acks, night(self.number)) == now
        for event in events(self.flags, now):
            self._told(event.kind, event.before, event.after)
        for path, flag in now.items():
            self._follows(self.flags.get(path), flag, seen.get(path))
        for path, was in self.flags.items():
            if path not in now:
                assert not was.raised
        self.flags = now

    @rule(back=st.integers(1, 40), seen=st.dictionaries(st.sampled_from("ab"), SEEN, max_size=2))
    def look_back(self, back: int, seen: dict[str, Seen]) -> None:
        """Run an earlier night: what later nights have seen stays."""
        day = night(self.number - back)
        now = advance(self.flags, card(seen, self.number - back), self.wanted, self.acks, day)
        for path, flag in self.flags.items():
            if flag.last_seen > day:
                assert now[path] == flag

    @rule(path=st.sampled_from("ab"), lasts=st.none() | st.integers(0, 30), withdrawn=st.booleans())
    def acknowledge(self, path: str, lasts: int | None, withdrawn: bool) -> None:
        """Acknowledge a flag on the day after the last night, or take that back."""
        day = night(self.number + 1)
        made = datetime.combine(day, datetime.min.time()) + timedelta(seconds=len(self.acks))
        self.acks.append(Ack(path, "Li", "known", made, None if lasts is None else day + timedelta(lasts), withdrawn))

    def _told(self, kind: EventKind, before: Flag | None, after: Flag) -> None:
        """Check that an event fits what it is of."""
        if kind in (EventKind.CLEARED, EventKind.CLOSED):
            assert before is not None
            assert before.raised  # nothing is cleared that was pending
        if kind is EventKind.ESCALATED:
            assert before is not None
            assert after.acknowledged is None
            assert LEVELS.index(after.level) > LEVELS.index(before.level)

    def _follows(self, was: Flag | None, now: Flag, seen: Seen | None) -> None:
        """Check that a flag follows from what it was and what was seen."""
        if was is not None and was.raised and now.raised and was.raised_on == now.raised_on:
            assert LEVELS.index(now.level) >= LEVELS.index(was.level)
        if seen is not None and seen.status in LAGGING:
            assert now.phase in (Phase.PENDING, Phase.RAISED)
            if was is not None and was.raised:
                assert now.raised
        if was is None:
            assert seen is not None
            assert seen.status in LAGGING
        if now.acknowledged is not None:
            assert now.acknowledged.until is None or now.acknowledged.until >= night(self.number)
            assert now.phase in (Phase.PENDING, Phase.RAISED)

    @invariant()
    def dates_are_in_order(self) -> None:
        """What a flag says of its past could have been."""
        for flag in self.flags.values():
            assert START < flag.since <= flag.last_seen <= night(self.number)
            assert (flag.raised_on is not None) or not flag.raised
            if flag.raised_on is not None:
                assert flag.level_since is not None
                assert flag.since <= flag.raised_on <= flag.level_since <= night(self.number)
            days = [turn.date for turn in flag.transitions]
            assert days == sorted(days)
            assert len(days) <= REMEMBERED


TestNights = Nights_.TestCase
TestNights.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
