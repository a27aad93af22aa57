"""Runs that do not follow any more from the data as they were known then."""

from datetime import UTC, datetime
from typing import Any

import pytest

from kpi_tracker.audit.finding import Finding
from kpi_tracker.audit.inspection import audit
from kpi_tracker.audit.rewritten import rewritten
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Measure
from kpi_tracker.record import changed
from tests.audit.kept import Kept, Run, ran
from tests.builders import card, exempt, kpi, obs, plan, steps, text

ONE = plan(kpi(t=120.0))
SEEN = [obs("k", "2021-01-31", 10.0), obs("k", "2021-02-28", 10.0)]


def found(runs: list[Run], rows: list[Any], whole: Any = ONE, as_of: str = "2021-12-01") -> list[Finding]:
    """Return what is found when runs are made again from the rows of today."""
    return list(rewritten([(run, run.scorecard) for run in runs], card(whole, rows, as_of)))


def test_a_run_that_follows_from_its_data_is_in_order() -> None:
    """Also when figures came later, and were corrected with a recorded_at."""
    corrected = [
        *SEEN,
        obs("k", "2021-02-28", 12.0, "2021-04-01T09:00"),
        obs("k", "2021-03-31", 9.0, "2021-04-05T09:00"),
    ]
    assert found([ran(ONE, SEEN, "2021-03-05")], corrected) == []


def test_a_figure_that_was_changed_in_place_is_found_once() -> None:
    """For the first run that saw it, with both values."""
    runs = [ran(ONE, SEEN, "2021-03-05"), ran(ONE, SEEN, "2021-03-06")]
    [finding] = found(runs, [SEEN[0], obs("k", "2021-02-28", 14.0)])
    assert (finding.code, finding.before, finding.after) == ("KA106", 20.0, 24.0)
    assert finding.message() == (
        "the figure of 2021-02-28 was 20 when the run of 2021-03-05 saw it, and is 24 now, without a later recorded_at"
    )


def test_a_figure_that_was_taken_away_is_found() -> None:
    """What a run saw is not there any more."""
    [finding] = found([ran(ONE, SEEN, "2021-03-05")], SEEN[:1])
    assert (finding.code, finding.before, finding.after) == ("KA106", 20.0, None)


def test_figures_that_came_without_saying_when_are_told_once_for_all_runs() -> None:
    """They are as if they had been there: those runs cannot be made again."""
    runs = [ran(ONE, SEEN[:1], f"2021-03-0{n}") for n in (1, 2, 3)]
    [finding] = found(runs, SEEN)
    assert (finding.code, finding.before, finding.after) == ("KA107", "10 (2021-01-31)", "20 (2021-02-28)")
    assert finding.args["n"] == 3
    assert [f.code for f in found([ran(ONE, [], "2021-02-01")], SEEN)] == ["KA107"]


def test_a_run_that_is_judged_otherwise_today_is_told_with_its_status() -> None:
    """The figures are the same, so it is not they that changed."""
    run = ran(ONE, SEEN, "2021-03-05")
    score = run.scorecard.items["k"]
    other = changed(run.scorecard, items={**run.scorecard.items, "k": changed(score, status=score.status.AHEAD)})
    [finding] = found([run._replace(scorecard=other)], SEEN)
    assert (finding.code, finding.before, finding.after) == ("KA107", "ahead", "on_track")


@pytest.mark.parametrize("recorded", [None, "2021-03-05T18:00"])
def test_a_row_of_the_day_of_a_run_may_have_been_seen_by_it_or_not(recorded: str | None) -> None:
    """A row says no more than its day, and a night has two halves."""
    late = [*SEEN, obs("k", "2021-03-05", 7.0, recorded)]
    assert found([ran(ONE, late, "2021-03-05", "2021-03-05T02:00")], late) == []
    assert found([ran(ONE, SEEN, "2021-03-05", "2021-03-05T02:00")], late) == []


def test_a_run_knows_until_when_it_looked() -> None:
    """With known_at that counts, and a time with an offset is one in the plan's zone."""
    late = [*SEEN, obs("k", "2021-02-28", 14.0, "2021-03-05T09:00")]
    known = datetime.fromisoformat("2021-03-04T12:00")
    assert found([ran(ONE, late, "2021-03-05", "2021-06-01T00:00", known)], late) == []
    made = datetime(2021, 3, 5, 1, 30, tzinfo=UTC)  # half past nine in Shanghai
    assert found([ran(ONE, late, "2021-03-05")._replace(made_at=made)], late) == []


@pytest.mark.parametrize(
    ("then", "rows", "now", "today"),
    [
        (kpi(t=9.0, exempt=exempt("2021-01-01")), SEEN, kpi(t=9.0), SEEN[:1]),
        (kpi(t=9.0), SEEN, kpi("j", t=9.0), []),
        (kpi(t=9.0), SEEN, kpi(measure=Measure.LEVEL, b=1.0, t=9.0), SEEN[:1]),
        (kpi(measure=Measure.MILESTONE, steps=steps(("2021-02-01", 1), ("2021-04-01", 1))),
         [obs("k", "2021-01-31", ("s1", "s2"))],
         kpi(measure=Measure.MILESTONE, steps=steps(("2021-02-01", 1))), [obs("k", "2021-01-31", ("s1",))]),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_not(then: Kpi, rows: list[Any], now: Kpi, today: list[Any]) -> None:
    """An exempt item, one that is gone, one that is measured otherwise, or in other steps."""
    assert found([ran(plan(then), rows, "2021-03-05")], today, plan(now)) == []


def test_the_definitions_of_a_run_are_its_own() -> None:
    """A target that was moved since then rewrites nothing."""
    assert found([ran(ONE, SEEN, "2021-03-05")], SEEN, plan(kpi(t=60.0))) == []


def test_grades_are_compared_as_words() -> None:
    """They have no arithmetic."""
    graded = plan(kpi(measure=Measure.GRADE, b="C", t="A", scale=("A", "B", "C")))
    run = ran(graded, [obs("k", "2021-01-31", "B")], "2021-02-05")
    assert found([run], [obs("k", "2021-01-31", "B")], graded) == []
    assert [f.code for f in found([run], [obs("k", "2021-01-31", "C")], graded)] == ["KA106"]
    [late] = found([run], [obs("k", "2021-01-31", "B"), obs("k", "2021-02-04", "A")], graded)
    assert (late.code, late.after) == ("KA107", "A (2021-02-04)")


def test_an_audit_takes_runs_in_the_order_in_which_they_were_made() -> None:
    """A look back is passed over, as are runs of days after the one that is asked for, and of other plans."""
    old, new = plan(kpi(t=120.0)), plan(kpi(t=60.0))
    past = Kept(
        ran(new, SEEN, "2021-04-01"),
        ran(old, SEEN, "2021-03-01", "2021-05-01T00:00"),
        ran(old, SEEN, "2021-03-05"),
        ran(old, SEEN, "2021-12-31"),
        ran(changed(old, id="other", title=text("other")), [], "2021-03-20"),
    )
    findings = audit(card(new, SEEN, "2021-05-05"), past)
    assert [(f.code, str(f.args["last"])) for f in findings] == [("KA101", "2021-04-01")]
    assert audit(card(new, SEEN, "2021-05-05"), None) == ()
