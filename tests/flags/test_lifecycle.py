"""The life of a flag, night by night."""

import json
from datetime import datetime, timedelta

import pytest

from kpi_tracker.flags.flag import Flag, Phase, Transition, from_json, to_json
from kpi_tracker.flags.lifecycle import REMEMBERED, advance
from kpi_tracker.model.flagging import Clearing, FlagRules, Flapping, Level, Raising, Rung
from kpi_tracker.model.measure import Status
from kpi_tracker.model.scorecard import GoalScore, Scorecard, Share
from kpi_tracker.record import changed
from tests.builders import goal, plan, text
from tests.flags.nights import AT_ONCE, LADDER, RULES, START, Ack, Seen, after, card, course, night

LASTING = FlagRules(clearing=Clearing(after_days=5), escalation=LADDER)
LAGS, GOOD, BETWEEN, GONE = Status.LAGGING, Status.ON_TRACK, Status.AT_RISK, Status.STALE


def test_a_flag_is_pending_until_it_has_lagged_long_enough() -> None:
    """With days: 3 the third day after the first raises it, and not before."""
    assert [course(*[LAGS] * n)["k"].phase for n in (1, 2, 3, 4)] == [Phase.PENDING] * 3 + [Phase.RAISED]
    assert course(LAGS, LAGS, LAGS, LAGS)["k"].raised_on == night(3)


def test_a_pending_flag_whose_item_is_well_again_is_gone() -> None:
    """Nobody was told of it, so there is nothing to clear."""
    assert course(LAGS, LAGS, BETWEEN) == {}


def test_by_default_a_flag_is_raised_at_once_and_cleared_on_track() -> None:
    """The defaults of the rules need no waiting."""
    assert course(LAGS, rules=FlagRules())["k"].phase is Phase.RAISED
    assert course(LAGS, BETWEEN, rules=FlagRules())["k"].phase is Phase.RAISED
    assert course(LAGS, GOOD, rules=FlagRules())["k"].phase is Phase.CLEARED


def test_pitfall_c12_missed_nights_lose_nothing() -> None:
    """C12: a flag whose nights of raise and escalation were missed is raised and escalated by the next run."""
    missed = course(LAGS, *[None] * 9, LAGS)["k"]
    nightly = course(*[LAGS] * 11)["k"]
    assert (missed.phase, missed.level, missed.raised_on) == (nightly.phase, nightly.level, nightly.raised_on)
    assert (missed.level, missed.level_since, missed.raised_on) == (Level.YELLOW, night(10), night(3))


def test_runs_raise_it_once_so_many_days_were_seen() -> None:
    """Two runs of one night count once."""
    rules = FlagRules(Raising(runs=3))
    twice = after(course(LAGS, LAGS, rules=rules), LAGS, 1, rules)
    assert twice["k"].phase is Phase.PENDING
    assert after(twice, LAGS, 5, rules)["k"].phase is Phase.RAISED
    assert after(twice, LAGS, 5, rules)["k"].raised_on == night(5)


def test_days_and_runs_count_whichever_comes_first() -> None:
    """Ten days have not passed, but three runs have."""
    assert course(LAGS, LAGS, LAGS, rules=FlagRules(Raising(days=10, runs=3)))["k"].raised


def test_hysteresis_keeps_a_flag_until_its_own_condition_has_held() -> None:
    """At risk is not enough, one good day is not enough, and a relapse starts the count anew."""
    raised = [LAGS] * 4
    assert course(*raised, BETWEEN, BETWEEN, BETWEEN)["k"].raised
    assert course(*raised, GOOD, GOOD)["k"].raised
    assert course(*raised, GOOD, GOOD, GOOD)["k"].phase is Phase.CLEARED
    assert course(*raised, GOOD, BETWEEN, GOOD, GOOD)["k"].raised
    assert course(*raised, GOOD, None, None, GOOD)["k"].phase is Phase.CLEARED


@pytest.mark.parametrize(
    ("clearing", "seen", "phase"),
    [
        (Clearing(pace=1.0), Seen(GOOD, pace=0.97), Phase.RAISED),
        (Clearing(pace=1.0), Seen(GOOD, pace=1.0), Phase.CLEARED),
        (Clearing(pace=1.0), Seen(GOOD, pace=None), Phase.CLEARED),
        (Clearing(lag=0), Seen(GOOD, lag=1.5), Phase.RAISED),
        (Clearing(lag=0), Seen(GOOD, lag=-1.0), Phase.CLEARED),
        (Clearing(lag=0), Seen(BETWEEN, lag=None), Phase.RAISED),
        (Clearing(pace=1.0), Seen(Status.ACHIEVED, pace=0.9), Phase.CLEARED),
        (Clearing(Status.AT_RISK), Seen(BETWEEN), Phase.CLEARED),
        (Clearing(Status.AHEAD), Seen(GOOD), Phase.RAISED),
        (Clearing(lag=50), Seen(LAGS, lag=20), Phase.RAISED),
        (Clearing(lag=5), Seen(BETWEEN, lag=4.0), Phase.CLEARED),
        (Clearing(Status.ON_TRACK, lag=5), Seen(BETWEEN, lag=4.0), Phase.RAISED),
        (Clearing(pace=1.0, lag=5), Seen(GOOD, lag=4.0, pace=0.98), Phase.RAISED),
        (Clearing(pace=1.0, lag=5), Seen(GOOD, lag=4.0, pace=1.0), Phase.CLEARED),
    ],
)
def test_what_clears_a_flag(clearing: Clearing, seen: Seen, phase: Phase) -> None:
    """A status, a pace, a lag, or all of them; where a figure is missing, on track; and never while the item lags."""
    assert course(LAGS, seen, rules=FlagRules(clearing=clearing))["k"].phase is phase


@pytest.mark.parametrize("missing", [Status.NO_DATA, Status.STALE, Status.PENDING, Status.UNKNOWN])
def test_pitfall_d9_missing_data_keep_a_flag_as_it_is(missing: Status) -> None:
    """D9: data that are gone neither raise nor clear, and the flag says since when it is kept without them."""
    pending = course(LAGS, *[missing] * 9)["k"]
    assert (pending.phase, pending.kept_without_data, pending.status) == (Phase.PENDING, night(1), LAGS)
    raised = course(*[LAGS] * 4, *[missing] * 9)["k"]
    assert (raised.phase, raised.kept_without_data) == (Phase.RAISED, night(4))
    assert raised.level is Level.YELLOW  # who sends no figures does not stop the clock
    assert after({"k": raised}, LAGS, 20)["k"].kept_without_data is None
    assert course(missing) == {}


def test_a_figure_that_cannot_be_read_clears_no_flag() -> None:
    """The older one that stands in for it may look better; where that lags too, the flag goes its way."""
    raised = course(*[LAGS] * 4)
    blind = after(raised, Seen(GOOD, unread=1), 4)
    assert (blind["k"].phase, blind["k"].kept_without_data, blind["k"].since) == (Phase.RAISED, night(4), night(0))
    assert after(blind, LAGS, 5)["k"].raised_on == raised["k"].raised_on
    assert course(Seen(GOOD, unread=1)) == {}
    assert course(*[Seen(LAGS, unread=1)] * 4)["k"].phase is Phase.RAISED


def test_a_goal_that_looks_better_without_a_kpi_keeps_its_flag() -> None:
    """Its mean is made of the others while the data of one that lagged are missing; a link counts as one below."""
    shares = (Share("g/k", 1.0, None, None, None, GONE), Share("g/h", 1.0, 1.0, 0.9, 0.9, GOOD))
    whole = GoalScore("g", goal("g"), GOOD, shares=shares)
    plan_score = GoalScore("", None, GOOD, shares=(Share("g", 1.0, 1.0, 0.9, 0.9, GOOD),))

    def seen(flags: dict[str, Flag], k: Status, top: Status, number: int) -> dict[str, Flag]:
        below = card({"g/k": k, "g/h": GOOD}, number)
        items = {"": changed(plan_score, status=top), "g": changed(whole, status=top), **below.items}
        return advance(flags, changed(below, items=items), AT_ONCE, (), night(number))

    raised = seen({}, LAGS, LAGS, 0)
    assert {path: flag.phase for path, flag in raised.items()} == dict.fromkeys(("", "g", "g/k"), Phase.RAISED)
    missing = seen(raised, GONE, GOOD, 1)
    assert {flag.kept_without_data for flag in missing.values()} == {night(1)}
    assert {flag.phase for flag in seen(missing, GOOD, GOOD, 2).values()} == {Phase.CLEARED}


def test_a_goal_clears_its_flag_whatever_is_missing_elsewhere() -> None:
    """What another goal lacks does not keep the flag of one of which everything is known."""

    def seen(flags: dict[str, Flag], k: Status, other: Status, number: int) -> dict[str, Flag]:
        below = card({"g/k": k, "h/k": other}, number)
        nodes = {
            "g": GoalScore("g", goal("g"), k, shares=(Share("g/k", 1.0, 1.0, 0.9, 0.9, k),)),
            "h": GoalScore("h", goal("h"), other, shares=(Share("h/k", 1.0, 1.0, 0.9, 0.9, other),)),
        }
        return advance(flags, changed(below, items={**nodes, **below.items}), AT_ONCE, (), night(number))

    later = seen(seen({}, LAGS, LAGS, 0), GONE, GOOD, 1)
    assert (later["g"].phase, later["h"].phase) == (Phase.RAISED, Phase.CLEARED)


def test_a_goal_of_which_everything_is_exempt_closes_its_flag() -> None:
    """As an exempt KPI does."""

    def seen(flags: dict[str, Flag], score: GoalScore, number: int) -> dict[str, Flag]:
        return advance(flags, Scorecard(plan(), night(number), None, {"": score}), AT_ONCE, (), night(number))

    raised = seen({}, GoalScore("", None, LAGS), 0)
    closed = seen(raised, GoalScore("", None, Status.PENDING, counts={Status.EXEMPT: 3}), 1)
    assert closed[""].phase is Phase.CLOSED


def test_nights_that_were_missed_before_the_recovery_count() -> None:
    """It climbs to where it would have been on the eve of the day on which it was seen to recover."""
    raised = after({}, LAGS, 0, LASTING)
    late = after(raised, GOOD, 15, LASTING)["k"]
    assert (late.level, late.phase) == (Level.ORANGE, Phase.RAISED)
    assert after(after(raised, GOOD, 7, LASTING), GOOD, 8, LASTING)["k"].level is Level.NOTICE


def test_missing_data_do_not_break_a_course_towards_clearing() -> None:
    """What held before the gap and holds after it counts from its first day."""
    assert course(*[LAGS] * 4, GOOD, GONE, GONE, GOOD)["k"].phase is Phase.CLEARED
    assert course(*[LAGS] * 4, GOOD, GOOD, GOOD, GONE)["k"].phase is Phase.CLEARED


def test_an_exempt_item_closes_its_flag_for_one_night() -> None:
    """It is told once, and then gone; a pending one goes silently."""
    raised = course(*[LAGS] * 4, Status.EXEMPT)
    assert raised["k"].phase is Phase.CLOSED
    assert after(raised, Status.EXEMPT, 4) == raised
    assert after(raised, Status.EXEMPT, 5) == {}
    assert after(raised, GONE, 4) == raised
    assert after(raised, GONE, 5) == {}
    assert after(raised, GOOD, 5) == {}
    assert after(raised, LAGS, 5)["k"].since == night(5)
    assert course(LAGS, Status.EXEMPT) == {}
    assert course(Status.EXEMPT) == {}


def test_the_flag_of_an_item_that_is_gone_is_closed() -> None:
    """Where the plan was read whole, what is not in it any more is out of the count."""
    raised = course(*[LAGS] * 4)
    gone = advance(raised, card({}, 4), RULES, (), night(4))
    assert gone["k"].phase is Phase.CLOSED
    assert advance(gone, card({}, 5), RULES, (), night(5)) == {}


def test_the_flag_of_an_item_that_could_not_be_read_is_kept() -> None:
    """A fault in the plan clears nothing."""
    raised = course(*[LAGS] * 4)
    kept = advance(raised, card({}, 4, broken=True), RULES, (), night(4))
    assert (kept["k"].phase, kept["k"].kept_without_data) == (Phase.RAISED, night(4))


def test_a_check_of_one_branch_leaves_the_flags_of_the_others() -> None:
    """They were not looked at."""
    raised = course(*[LAGS] * 4)
    assert advance(raised, card({}, 9, branch="other"), RULES, (), night(9)) == raised


def test_a_run_for_an_earlier_night_changes_nothing() -> None:
    """The past is looked at, not lived again."""
    raised = course(*[LAGS] * 4)
    assert after(raised, GOOD, 1) == raised
    assert advance(raised, card({}, 1), RULES, (), night(1)) == raised


def test_a_flag_climbs_the_ladder_by_days_since_it_was_raised() -> None:
    """Each level has its day and its roles."""
    levels = {n: after(course(LAGS, rules=AT_ONCE), LAGS, n, AT_ONCE)["k"] for n in (1, 6, 7, 13, 14, 29, 30)}
    assert [flag.level.value for flag in levels.values()] == [
        "notice", "notice", "yellow", "yellow", "orange", "orange", "red",
    ]  # fmt: skip
    assert levels[13].level_since == night(7)
    assert levels[7].roles == (text("owner"), text("deputy"))


def test_a_flag_that_is_about_to_be_cleared_does_not_climb() -> None:
    """Nobody is shown a yellow card for being on schedule; where it lags again its days have all counted."""
    raised = course(*[LAGS] * 4)
    clearing = after(raised, GOOD, 10)
    assert (clearing["k"].phase, clearing["k"].level) == (Phase.RAISED, Level.NOTICE)
    again = after(clearing, LAGS, 11)
    assert (again["k"].level, again["k"].level_since) == (Level.YELLOW, night(10))


def test_a_ladder_that_was_taken_away_does_not_lower_a_flag() -> None:
    """Easier rules hold for what is raised from then on; there is no rung for it, so no role is told."""
    high = course(LAGS, *[None] * 29, LAGS, rules=AT_ONCE)
    eased = after(high, LAGS, 31, FlagRules())["k"]
    assert (eased.level, eased.roles) == (Level.RED, ())
    assert course(LAGS, rules=FlagRules(escalation=(Rung(5, Level.RED),)))["k"].level is Level.NOTICE


def test_flapping_is_named_while_it_lasts() -> None:
    """Two raises and two clears within thirty days, and no longer once they are old."""
    flapping = course(LAGS, GOOD, LAGS, GOOD, rules=AT_ONCE)
    assert flapping["k"].flapping
    assert [turn.phase for turn in flapping["k"].transitions] == [Phase.RAISED, Phase.CLEARED] * 2
    assert not course(LAGS, GOOD, LAGS, rules=AT_ONCE)["k"].flapping
    assert not after(flapping, GOOD, 31, AT_ONCE)["k"].flapping
    assert after(flapping, GOOD, 40, AT_ONCE) == {}
    assert after(flapping, GONE, 40, AT_ONCE) == {}


def test_a_cleared_flag_that_was_pending_again_keeps_its_past() -> None:
    """A second thought that came to nothing does not make it forget its raise and its clear."""
    flag = course(*[LAGS] * 4, GOOD, None, GOOD, LAGS, GOOD)["k"]
    assert flag.phase is Phase.CLEARED
    assert [turn.phase for turn in flag.transitions] == [Phase.RAISED, Phase.CLEARED]


def test_remembered_transitions_are_bounded() -> None:
    """A flag that flaps for years stays small."""
    rules = FlagRules(flapping=Flapping(20, 9999))
    assert len(course(*[LAGS, GOOD] * 40, rules=rules)["k"].transitions) == REMEMBERED


def test_a_goal_with_a_breached_veto_is_flagged_even_where_it_is_unknown() -> None:
    """A low coverage never hides a breach."""
    goal = GoalScore("g", None, Status.UNKNOWN, veto=("g/k",))
    seen = Scorecard(plan(), START, None, {"": GoalScore("", None, Status.UNKNOWN), "g": goal})
    assert set(advance({}, seen, AT_ONCE, (), START)) == {"g"}


def ack(number: int, until: int | None = None, withdrawn: bool = False) -> Ack:
    """Return an acknowledgement given at noon of a night's day."""
    made = datetime.combine(night(number), datetime.min.time()) + timedelta(hours=12)
    return Ack("k", "Li", "known", made, None if until is None else night(until), withdrawn)


def test_an_acknowledgement_holds_until_its_last_day() -> None:
    """It is shown, and gone on the day after."""
    flags = course(LAGS, LAGS, rules=AT_ONCE)
    held = after(flags, LAGS, 2, AT_ONCE, ack(2, until=4))
    assert held["k"].acknowledged is not None
    assert (held["k"].acknowledged.by, held["k"].acknowledged.until) == ("Li", night(4))
    assert after(held, LAGS, 4, AT_ONCE, ack(2, until=4))["k"].acknowledged
    assert after(held, LAGS, 5, AT_ONCE, ack(2, until=4))["k"].acknowledged is None
    assert after(held, LAGS, 5, AT_ONCE, ack(2, until=4), ack(5))["k"].acknowledged


@pytest.mark.parametrize(
    ("seen", "holds"),
    [
        (Seen(LAGS, 10.0), True), (Seen(LAGS, 14.9), True), (Seen(LAGS, 15.0), False),
        (Seen(LAGS, 10.0, severity=2), False), (Seen(Status.REGRESSING, 10.0), False), (Seen(BETWEEN, 4.0), True),
        (Seen(LAGS), True), (GONE, True),
    ],
)  # fmt: skip
def test_an_acknowledgement_ends_when_the_item_gets_worse(seen: Seen | Status, holds: bool) -> None:
    """Worse in status, in severity or by five points; and what has ended does not come back by itself."""
    held = after({}, Seen(LAGS, 10.0), 1, AT_ONCE, ack(1))
    then = after(held, seen, 2, AT_ONCE, ack(1))
    assert bool(then["k"].acknowledged) is holds
    again = after(then, Seen(LAGS, 10.0), 3, AT_ONCE, ack(1))
    assert bool(again["k"].acknowledged) is holds


def test_an_acknowledgement_ends_with_the_flag_and_is_not_of_a_later_one() -> None:
    """The next lag is a new one."""
    held = after({}, LAGS, 1, AT_ONCE, ack(1))
    cleared = after(held, GOOD, 2, AT_ONCE, ack(1))
    assert cleared["k"].acknowledged is None
    assert after(cleared, LAGS, 3, AT_ONCE, ack(1))["k"].acknowledged is None


def test_an_acknowledgement_can_be_withdrawn_and_is_not_seen_before_it_was_given() -> None:
    """The last word counts, as of the night."""
    assert after({}, LAGS, 1, AT_ONCE, ack(1), ack(1, withdrawn=True))["k"].acknowledged is None
    assert after({}, LAGS, 1, AT_ONCE, ack(1), ack(2, withdrawn=True))["k"].acknowledged
    assert after({}, LAGS, 1, AT_ONCE, ack(2))["k"].acknowledged is None


def test_a_flag_survives_json() -> None:
    """What history stores is what it gives back, and what a newer version added is ignored."""
    flag = after({}, Seen(LAGS, 10.0), 1, AT_ONCE, ack(1, until=9))["k"]
    stored = json.loads(json.dumps(to_json(flag)))
    assert from_json(stored) == flag
    assert from_json({**stored, "unheard_of": 1}) == flag
    plain = Flag("k", Phase.RAISED, START, START, LAGS, transitions=(Transition(START, Phase.RAISED),))
    assert to_json(plain) == {
        "path": "k", "phase": "raised", "since": "2021-03-01", "last_seen": "2021-03-01", "status": "lagging",
        "transitions": [{"date": "2021-03-01", "phase": "raised"}],
    }  # fmt: skip


def test_the_ladder_of_the_tests_has_every_level() -> None:
    """So that climbing it is tested whole."""
    assert [rung.level for rung in LADDER] == list(Level)
