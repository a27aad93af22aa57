"""What changed in a plan between two runs, and the amendments that explain it."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from kpi_tracker.audit.amended import explained
from kpi_tracker.audit.ledger import unexplained
from kpi_tracker.diagnostics import Diagnostic
from kpi_tracker.diagnostics.place import NOWHERE
from kpi_tracker.model.amendment import Amended, Amendment
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.kpi import Kpi, Point, ProfileKind, Support
from kpi_tracker.model.measure import Basis, Cadence, Direction, Measure
from kpi_tracker.model.scorecard import Scorecard
from kpi_tracker.model.target import TargetForm, Tolerance
from kpi_tracker.model.thresholds import timeline
from kpi_tracker.record import changed
from kpi_tracker.reporting.audited import findings_to_json, write_findings
from tests.audit.kept import amendment
from tests.builders import card, goal, held, kpi, limit, obs, plan, steps, target
from tests.loading.written import WHOLE, plan_of, read

GRADED = kpi(measure=Measure.GRADE, b="C", t="A", scale=("A", "B", "C"))
WORK = kpi(measure=Measure.MILESTONE, steps=steps(("2021-03-31", 1), ("2021-06-30", 2)))


def codes(before: Scorecard, after: Scorecard, *amendments: Amendment) -> list[str]:
    """Return the codes of what is found between two scorecards."""
    whole = changed(after.plan, amendments=amendments)
    return [finding.code for finding in unexplained([before, after], whole)]


def cards(one: Kpi | Plan, other: Kpi | Plan, value: Any = 10.0) -> tuple[Scorecard, Scorecard]:
    """Return the scorecards of two states of a plan, in June and in September, with one figure from May."""
    rows = [obs("k", "2021-05-31", value)]
    both = [item if isinstance(item, Plan) else plan(item) for item in (one, other)]
    return card(both[0], rows, "2021-06-01"), card(both[1], rows, "2021-09-01")


def test_a_change_without_an_amendment_is_found_with_both_values() -> None:
    """It says what, from what, to what, and between which runs."""
    before, after = cards(kpi(t=100.0), kpi(t=120.0))
    [found] = unexplained([before, after], after.plan)
    assert (found.code, found.path, found.before, found.after) == ("KA101", "k", 100.0, 120.0)
    assert found.message() == (
        "the target went from 100 to 120 between 2021-06-01 and 2021-09-01, and no amendment says why"
    )


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (amendment("k", "2021-07-01", Amended.TARGET, 100.0, 120.0), []),
        (amendment("k", "2021-06-01", Amended.TARGET, 100.0, 120.0), []),
        (amendment("k", "2021-09-01", Amended.TARGET, 100.0, 120.0), []),
        (amendment("k", "2021-05-31", Amended.TARGET, 100.0, 120.0), ["KA102"]),
        (amendment("k", "2021-09-02", Amended.TARGET, 100.0, 120.0), ["KA102"]),
        (amendment("k", "2021-07-01", Amended.TARGET, 100.0, 110.0), ["KA101"]),
        (amendment("k", "2021-07-01", Amended.BASELINE, 100.0, 120.0), ["KA101"]),
        (amendment("j", "2021-07-01", Amended.TARGET, 100.0, 120.0), ["KA101"]),
    ],
)
def test_an_amendment_explains_its_item_its_kind_its_value_and_its_time(one: Amendment, expected: list[str]) -> None:
    """One that is only dated elsewhere is named as that."""
    assert codes(*cards(kpi(t=100.0), kpi(t=120.0)), one) == expected


@pytest.mark.parametrize(
    ("one", "other", "what", "before", "after"),
    [
        (kpi(b=8.0, t=100.0), kpi(b=9.0, t=100.0), Amended.BASELINE, 8.0, 9.0),
        (kpi(b=8.0, t=100.0), kpi(t=100.0), Amended.BASELINE, 8.0, None),
        (kpi(t=100.0), kpi(t=100.0, weight=3.0), Amended.WEIGHT, 1.0, 3.0),
        (plan(goal("g", kpi(t=100.0))), plan(goal("g", kpi(t=100.0), weight=2.0)), Amended.WEIGHT, 1.0, 2.0),
        (kpi(t=100.0), kpi(t=100.0, cadence=Cadence.YEARLY, veto=True), Amended.TERMS,
         "cadence –; veto False", "cadence yearly; veto True"),
        (kpi(t=100.0), kpi(t=100.0, profile=ProfileKind.POINTS, points=(Point(plan().period.end, 1.0),)), Amended.TERMS,
         "profile elapsed; points ", "profile points; points 2021-12-31 100%"),
        (plan(kpi(t=100.0)), plan(kpi(t=100.0), thresholds=timeline(at_risk=0.7)), Amended.TERMS,
         "thresholds timeline (ahead 1.1…–, on_track 0.95…1.1, at_risk 0.8…0.95, lagging –…0.8)",
         "thresholds timeline (ahead 1.1…–, on_track 0.95…1.1, at_risk 0.7…0.95, lagging –…0.7)"),
        (plan(goal("g", kpi(t=100.0)), goal("h", kpi("j", t=1.0))),
         plan(goal("g", kpi(t=100.0, supports=(Support("h"), Support("i", 2.0)))), goal("h", kpi("j", t=1.0)), goal("i")),
         Amended.TERMS, "supports ", "supports h, i ×2"),
        (held(10.0), held(10.0, tolerance=Tolerance(0.05, relative=True)), Amended.TARGET, None, "±5%"),
        (held(10.0, tolerance=Tolerance(2)), held(10.0, tolerance=Tolerance(3)), Amended.TARGET, "±2", "±3"),
        (plan(kpi(t=100.0), kpi("j", t=1.0)), plan(kpi(t=100.0)), Amended.REMOVED, "j", None),
        (WORK, changed(WORK, steps=steps(("2021-03-31", 1), ("2021-09-30", 2))), Amended.STEPS,
         "s1 2021-03-31 ×1, s2 2021-06-30 ×2", "s1 2021-03-31 ×1, s2 2021-09-30 ×2"),
    ],
)  # fmt: skip
def test_every_kind_of_change_is_told_with_its_values(
    one: Kpi | Plan, other: Kpi | Plan, what: Amended, before: Any, after: Any
) -> None:
    """Targets, baselines, weights, steps, terms and removals."""
    value: Any = ("s1",) if isinstance(one, Kpi) and one.steps else 10.0
    first, second = cards(one, other, value)
    [found] = [change for change in explained(first, second, ()) if change.what is what]
    assert (found.before, found.after) == (before, after)


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        (
            "en",
            "the terms went from Reported: as the plan has it; Binding: no to Reported: every year; Binding: yes between",
        ),
        ("zh", "报送频率：同计划；约束性：否"),
    ],
)
def test_terms_are_told_in_the_words_of_the_reader_and_kept_by_their_keys(lang: str, told: str) -> None:
    """For machines the values are what they were."""
    before, after = cards(kpi(t=100.0), kpi(t=100.0, cadence=Cadence.YEARLY, binding=True))
    [found] = unexplained([before, after], after.plan)
    out = StringIO()
    write_findings([found], "history", after, out, lang)
    assert told in out.getvalue()
    assert "binding" not in out.getvalue()
    [kept] = json.loads(findings_to_json([found], "history", after, lang))["findings"]
    assert (kept["before"], told in kept["message"]) == ("cadence –; binding False", True)


def test_what_only_says_where_a_value_comes_from_needs_no_reason() -> None:
    """A basis, an exemption, an owner, an item that was added."""
    stated = kpi(t=100.0)
    assumed = changed(stated, target=changed(target(100.0), basis=Basis.ASSUMED))
    assert codes(*cards(stated, assumed)) == []
    assert codes(*cards(plan(stated), plan(stated, kpi("j", t=1.0)))) == []


def test_a_removal_is_explained_by_a_reference_to_what_was() -> None:
    """Its path is known no more."""
    whole = plan(goal("g", kpi(t=100.0), kpi("j", t=1.0)))
    removed = amendment("j", "2021-07-01", Amended.REMOVED)
    assert codes(*cards(whole, plan(goal("g", kpi(t=100.0)))), removed) == []


LIMITED = limit(at_most=5.0)


@pytest.mark.parametrize(
    ("one", "other", "value", "eased"),
    [
        (kpi(t=100.0), kpi(t=50.0), 10.0, True),
        (kpi(t=100.0), kpi(t=150.0), 10.0, False),
        (kpi(measure=Measure.LEVEL, b=10.0, t=5.0), kpi(measure=Measure.LEVEL, b=10.0, t=7.0), 9.9, True),
        (kpi(measure=Measure.LEVEL, b=10.0, t=5.0), kpi(measure=Measure.LEVEL, b=10.0, t=4.0), 9.9, False),
        (LIMITED, limit(at_most=50.0), 10.0, True),
        (LIMITED, limit(at_most=4.0), 10.0, False),
        (GRADED, changed(GRADED, target=target("B")), "C", True),
        (changed(GRADED, target=target("B")), GRADED, "C", False),
        (kpi(t=100.0), kpi(t=100.0, weight=0.5), 10.0, True),
        (kpi(t=100.0), kpi(t=100.0, weight=2.0), 10.0, False),
        (WORK, changed(WORK, steps=steps(("2021-03-31", 1), ("2021-09-30", 2))), (), True),
        (WORK, changed(WORK, steps=steps(("2021-03-31", 1))), (), True),
        (WORK, changed(WORK, steps=steps(("2021-02-28", 1), ("2021-06-30", 2))), (), False),
        (kpi(t=100.0, b=5.0), kpi(t=100.0, b=6.0), 10.0, False),
        (plan(goal("g", kpi(t=100.0))), plan(goal("g", kpi(t=100.0), weight=0.5)), 10.0, True),
        (plan(goal("g", kpi(t=100.0))), plan(goal("g", kpi(t=100.0), thresholds=timeline(at_risk=0.7))), 10.0, False),
    ],
)
def test_what_was_eased_after_it_lagged_is_found(one: Kpi | Plan, other: Kpi | Plan, value: Any, eased: bool) -> None:
    """A nearer target, a lighter weight, a step put off or taken out; whether explained or not."""
    before, after = cards(one, other, value)
    assert before.items[next(path for path in before.items if path)].status.value in ("lagging", "breached")
    assert ("KA103" in codes(before, after)) is eased


def test_an_explained_easing_is_told_at_its_amendment() -> None:
    """There is a reason to look at."""
    before, after = cards(kpi(t=100.0), kpi(t=50.0))
    reason = amendment("k", "2021-07-01", Amended.TARGET, 100.0, 50.0)
    assert codes(before, after, reason) == ["KA103"]


def test_a_target_that_got_a_form_of_its_own_is_compared_by_value() -> None:
    """A level that was to be held and is to be reached now."""
    one = kpi(measure=Measure.LEVEL, b=10.0, t=target(10.0, TargetForm.MAINTAIN), direction=Direction.INCREASE)
    other = kpi(measure=Measure.LEVEL, b=10.0, t=9.0, direction=Direction.INCREASE)
    assert codes(*cards(one, other, 5.0)) == ["KA101", "KA103"]


def test_thresholds_that_were_changed_for_all_are_told_once() -> None:
    """At the top of what inherits them; an item with thresholds of its own, or other changes, speaks for itself."""
    own = kpi("j", t=1.0, thresholds=timeline(at_risk=0.5))
    before, after = cards(
        plan(goal("g", kpi(t=100.0), own)),
        plan(goal("g", kpi(t=100.0, veto=True), changed(own, veto=True)), thresholds=timeline(at_risk=0.7)),
    )
    found = [(one.change.path, one.before) for one in explained(before, after, ())]
    whole = "thresholds timeline (ahead 1.1…–, on_track 0.95…1.1, at_risk 0.8…0.95, lagging –…0.8)"
    assert sorted(found) == [("", whole), ("g/j", "veto False"), ("g/k", f"veto False; {whole}")]


def test_terms_of_the_plan_itself_are_explained_by_its_id(tmp_path: Path) -> None:
    """Which leads to the empty path."""
    row = "amendments: [{item: p, date: 2021-07-01, what: terms, reason: Stricter, reference: No. 1}]\n"
    [one] = plan_of(read(tmp_path, WHOLE + row)).amendments
    before, after = cards(plan(kpi(t=100.0)), plan(kpi(t=100.0), thresholds=timeline(at_risk=0.7)))
    assert codes(before, after, one) == []


def test_a_removal_after_a_lag_is_found_whoever_saw_the_lag() -> None:
    """The run that saw it may be long ago."""
    whole, rest = plan(kpi(t=100.0), kpi("j", t=1.0)), plan(kpi("j", t=1.0))
    rows = [obs("k", "2021-03-31", 1.0), obs("j", "2021-03-31", 1.0)]
    early, late = card(whole, rows, "2021-04-01"), card(whole, rows, "2021-06-30")
    after = card(rest, rows[1:], "2021-07-01")
    found = list(unexplained([early, late, after], rest))
    assert [(finding.code, finding.path) for finding in found] == [("KA101", "k"), ("KA103", "k")]


def test_a_night_with_a_broken_plan_hides_no_change() -> None:
    """What was left out of it was not removed, and is compared when it is back; a fault of the data leaves nothing out."""
    whole, moved = plan(kpi(t=100.0), kpi("j", t=1.0)), plan(kpi(t=50.0), kpi("j", t=1.0))
    before, after = card(whole, [], "2021-06-01"), card(moved, [], "2021-06-03")
    without = card(plan(kpi("j", t=1.0)), [], "2021-06-02")
    broken = changed(without, diagnostics=(Diagnostic("KT205", NOWHERE),))
    assert [finding.code for finding in unexplained([before, broken, after], moved)] == ["KA101"]
    untidy = changed(without, diagnostics=(Diagnostic("KT405", NOWHERE), Diagnostic("KT326", NOWHERE)))
    assert [(finding.code, finding.before) for finding in unexplained([before, untidy], moved)] == [("KA101", "k")]
