"""Amendments and rules for flags, as they are read from a plan that is sound."""

from datetime import date
from pathlib import Path

from kpi_tracker.model.amendment import Amended
from kpi_tracker.model.flagging import Clearing, FlagRules, Flapping, Level, Raising
from tests.loading.written import HEAD, WHOLE, codes, plan_of, read

WHY = "reason: {zh: 会议决定, en: A meeting decided}, reference: 1号文"


def row(what: str, when: str, before: str, after: str, item: str = "sound") -> str:
    """Return an amendment as it is written."""
    return f"  - {{item: {item}, date: {when}, what: {what}, from: {before}, to: {after}, {WHY}}}\n"


def test_amendments_are_read_in_the_unit_of_their_item_and_by_date(tmp_path: Path) -> None:
    """Whichever file has them; a chain that leads to what the plan says has nothing to warn of."""
    later, earlier = row("target", "2021-07-01", "40", "20"), row("target", "2021-03-01", "3千", "40")
    included = "format: kpi-tracker/v1\namendments:\n" + earlier + row("baseline", "2021-03-01", "9", "10")
    reading = read(tmp_path, HEAD + "include: [more.yaml]\namendments:\n" + later + WHOLE[len(HEAD) :], more=included)
    assert codes(reading) == []
    assert [(a.date, a.what, a.before, a.after) for a in plan_of(reading).amendments] == [
        (date(2021, 3, 1), Amended.TARGET, 3000.0, 40.0),
        (date(2021, 3, 1), Amended.BASELINE, 9.0, 10.0),
        (date(2021, 7, 1), Amended.TARGET, 40.0, 20.0),
    ]
    [first, *_] = plan_of(reading).amendments
    assert (first.item, first.reason.en, first.reference) == ("sound", "A meeting decided", "1号文")
    assert first.where.file.endswith("more.yaml")


def test_what_a_plan_leaves_out_of_its_flags_is_as_documented(tmp_path: Path) -> None:
    """Raised at once, cleared when on track, four changes in thirty days, one level."""
    for written in ("", "flags: {}\n", "flags: {raise_after: {}, clear: {}, flapping: {}}\n"):
        rules = plan_of(read(tmp_path, WHOLE.replace("kpis:", written + "kpis:"))).flags
        assert rules == FlagRules(Raising(days=0), Clearing(), Flapping(4, 30))
        assert [(rung.after_days, rung.level) for rung in rules.escalation] == [(0, Level.NOTICE)]


def test_runs_alone_do_not_raise_at_once(tmp_path: Path) -> None:
    """Who asks for runs waits for them."""
    assert plan_of(
        read(tmp_path, WHOLE.replace("kpis:", "flags: {raise_after: {runs: 3}}\nkpis:"))
    ).flags.raising == Raising(runs=3)
