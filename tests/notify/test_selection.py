"""What a route tells: filters, digests that a missed night does not lose, and quiet where nothing changed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tracker.changes import Change, ChangeKind, compare
from kpi_tracker.diagnostics import Diagnostic, Place
from kpi_tracker.language import language
from kpi_tracker.model.scorecard import KpiScore, Scorecard
from kpi_tracker.model.unit import Text
from kpi_tracker.notify.config import DigestDay, Route
from kpi_tracker.notify.night import FlagEvent, FlagWord, Level, Night
from kpi_tracker.notify.selection import Told, due, idle_routes, owners, told
from tests.builders import card, goal, kpi, obs, plan
from tests.notify.made import config, night, route, showcase, showcase_night

DAYS = st.dates(date(2020, 1, 1), date(2024, 12, 31))
BROKEN = Diagnostic("KT102", Place("plan.yaml"))


def of(one: Route, happened: Night) -> Told:
    """Return what a route tells of a night."""
    return told(one, happened, owners(happened))


def paths(found: Told) -> set[str]:
    """Return the paths of what is told."""
    items: tuple[FlagEvent | Change | KpiScore, ...] = (*found.events, *found.changes, *found.lagging, *found.problems)
    return {item.path for item in items}


def test_quiet_where_nothing_changed() -> None:
    """What lags is known; it is not told again every night."""
    assert not of(route(), night(showcase()))


def test_a_route_without_filters_is_told_everything() -> None:
    """Nothing that happened is left out, but that a flag and a change say the same is told once."""
    happened = showcase_night()
    found = of(route(), happened)
    assert len(found.events) == 3
    said = {("growth/fund", ChangeKind.NEWLY_LAGGING), ("service/setup-time", ChangeKind.RECOVERED)}
    left_out = {(c.path, c.kind) for c in happened.changes} - {(c.path, c.kind) for c in found.changes}
    assert left_out == said
    assert [event.event for event in found.events] == [FlagWord.ESCALATED, FlagWord.RAISED, FlagWord.CLEARED]


@pytest.mark.parametrize("branch", ["growth", "growth/reform", "safety/accidents"])
def test_a_branch_is_what_is_at_or_below_its_path(branch: str) -> None:
    """By whole segments."""
    found = paths(of(route(branch=(branch,)), showcase_night()))
    assert found == {path for path in paths(of(route(), showcase_night())) if f"{path}/".startswith(f"{branch}/")}
    assert found


def two_goals() -> tuple[Scorecard, Scorecard]:
    """Return a plan with the goals A1 and A10, before and after a KPI of A10 came to lag."""
    item = kpi("late", t=100, owner=Text("甲", "A"))
    whole = plan(goal("A1", kpi("x", t=1)), goal("A10", item, owner=Text("乙", "B")), owner=Text("丙", "C"))
    good, bad = ([obs("late", "2021-09-30", value)] for value in (80.0, 10.0))
    return card(whole, good, "2021-09-30"), card(whole, bad, "2021-09-30")


def test_pitfall_d3_a_branch_is_no_prefix() -> None:
    """D3: what happens in A10 is not told to those of A1."""
    before, after = two_goals()
    happened = night(after, changes=compare(before, after))
    assert not of(route(branch=("A1",)), happened)
    assert paths(of(route(branch=("A10",)), happened)) == {"A10", "A10/late"}


@pytest.mark.parametrize(
    ("owner", "expected"), [("甲", {"A10/late"}), ("A", {"A10/late"}), ("B", {"A10"}), ("D", set())]
)
def test_an_owner_is_that_of_the_item_or_of_the_nearest_above(owner: str, expected: set[str]) -> None:
    """In either language."""
    before, after = two_goals()
    assert paths(of(route(owner=(owner,)), night(after, changes=compare(before, after)))) == expected


def test_what_was_removed_still_has_its_owner() -> None:
    """The owner hears that an item is gone: its own, or that of what it stood in."""
    _, before = two_goals()
    after = card(plan(goal("A10", kpi("z", t=1), owner=Text("乙", "B")), owner=Text("丙", "C")), [], "2021-09-30")
    known = owners(night(after, changes=compare(before, after)))
    assert [known[path].en for path in ("A10/late", "A1", "A1/x", "A10/z")] == ["A", "C", "C", "B"]  # type: ignore[union-attr]


def test_what_is_named_is_told() -> None:
    """Kinds of change, levels of flags, both, or everything."""
    happened = showcase_night()
    late = (ChangeKind.NEWLY_LAGGING,)
    only_changes = of(route(changes=late), happened)
    assert (only_changes.events, {change.kind for change in only_changes.changes}) == ((), set(late))
    only_flags = of(route(level=Level.ORANGE), happened)
    assert [(event.level, only_flags.changes) for event in only_flags.events] == [(Level.RED, ()), (Level.ORANGE, ())]
    both = of(route(changes=late, level=Level.RED), happened)
    assert (len(both.events), {change.kind for change in both.changes}) == (1, set(late))


def test_other_plans_are_none_of_its_business() -> None:
    """A route that names plans is told of those alone, and of nothing else, be it broken."""
    assert of(route(plan=("p",)), night(None, diagnostics=(BROKEN,)))
    assert not of(route(plan=("q",)), night(None, diagnostics=(BROKEN,)))


def test_a_failed_check_is_told_whatever_else_is_filtered() -> None:
    """A plan that could not be read, and one with faults; a warning is no failure."""
    narrow = route(owner=("nobody",), branch=("nowhere",), level=Level.RED)
    assert of(narrow, night(None)).failed
    assert of(narrow, night(showcase(), diagnostics=(BROKEN,))).failed
    assert not of(narrow, night(showcase(), diagnostics=(Diagnostic("KT412", Place("x.csv")),)))


def test_a_digest_has_the_whole_state_of_the_routes_items() -> None:
    """All that lags and all data problems, each once; a flag of an item that the plan no longer has does not matter."""
    day = DigestDay.MONTH_END
    found = of(route(digest=day), night(showcase(), since=date(2021, 9, 29)))
    card_ = showcase()
    assert found.lagging == card_.lagging
    assert {k.path for k in found.problems} == {k.path for k in card_.data_problems if not k.lagging}
    ours = of(route(digest=day, branch=("growth",)), night(showcase(), since=date(2021, 9, 29)))
    assert {item.path for item in ours.lagging} == {k.path for k in card_.lagging if k.path.startswith("growth/")}
    assert of(route(digest=day, branch=("nowhere",)), night(showcase()))
    assert not of(route(digest=day), night(showcase(), since=date(2021, 9, 30)))
    assert not of(route(digest=day), night(None, since=date(2021, 9, 29))).digest


@pytest.mark.parametrize(
    ("day", "since", "as_of", "expected"),
    [
        ("monday", "2021-09-26", "2021-09-27", True),
        ("monday", "2021-09-26", "2021-09-29", True),
        ("monday", "2021-09-27", "2021-10-03", False),
        ("monday", "2021-09-27", "2021-10-04", True),
        ("month-end", "2021-09-29", "2021-09-30", True),
        ("month-end", "2021-09-30", "2021-10-30", False),
        ("month-end", "2021-09-29", "2021-10-03", True),
        ("month-end", "2021-12-30", "2022-01-01", True),
        ("sunday", None, "2021-09-29", True),
    ],
)
def test_a_digest_is_due_at_or_after_its_day(day: str, since: str | None, as_of: str, expected: bool) -> None:
    """Weeks, month ends, and the first run of all."""
    before = date.fromisoformat(since) if since else None
    assert due(DigestDay(day), date.fromisoformat(as_of), before) is expected


@given(st.sampled_from(DigestDay), DAYS, st.lists(st.integers(1, 40), min_size=1, max_size=30))
def test_pitfall_c12_missed_nights_lose_no_digest_and_double_none(
    day: DigestDay, start: date, steps: list[int]
) -> None:
    """C12: of runs at any days each covers at least one digest day if and only if it is due."""
    last = start
    for step in steps:
        run = last + timedelta(step)
        between = [last + timedelta(n) for n in range(1, step + 1)]
        if day is DigestDay.MONTH_END:
            days = [one for one in between if (one + timedelta(1)).day == 1]
        else:
            days = [one for one in between if one.strftime("%A").lower() == day.value]
        assert due(day, run, last) is bool(days)
        last = run


def test_pitfall_d5_a_route_that_never_fires_is_told() -> None:
    """D5: an owner or a branch that is in no plan of the route, with the nearest that is."""
    file = config(
        route(name="good", owner=("Office",), branch=("growth",)),
        route(name="bad", owner=("Offise",), branch=("growht",)),
        route(name="elsewhere", branch=("x",), plan=("other",)),
    )
    found = idle_routes(file, [night(None, plan="other"), night(showcase())])
    assert [fault.message() for fault in found] == [
        "the route “bad” waits in vain: the owner “Offise” is in no plan that was checked; did you mean “Office”?",
        "the route “bad” waits in vain: the branch “growht” is in no plan that was checked; did you mean “growth”?",
    ]
    assert language("zh").text("the owner") in found[0].message("zh")


def test_flags_of_the_same_kind_are_told_gravest_first() -> None:
    """By level, then the oldest first."""
    events = tuple(
        FlagEvent(path, FlagWord.RAISED, level, date(2021, 9, day))
        for path, level, day in (("a", Level.NOTICE, 1), ("b", Level.RED, 9), ("c", Level.RED, 2))
    )
    assert [event.path for event in of(route(), night(showcase(), events=events)).events] == ["c", "b", "a"]
