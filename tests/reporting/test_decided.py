"""What decided a status where it was not the thresholds: `explain` says it in one sentence, in both languages."""

import io
from collections.abc import Mapping

import pytest

from kpi_tracker import Scorecard, explain
from kpi_tracker.language import language
from kpi_tracker.model.goal import Goal
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Measure, Status
from kpi_tracker.model.observation import Value
from kpi_tracker.reporting.decided import decided_by
from kpi_tracker.reporting.explained import write_explanation
from tests.builders import card, exempt, goal, kpi, limit, obs, plan, steps

OUT = "Out of the count from 2021-02-01, cancelled: dropped"
TOTAL = kpi(t=120.0)
LEVEL = kpi(measure=Measure.LEVEL, b=10.0, t=20.0)
LIMIT = limit(at_most=1)
MILESTONE = kpi(measure=Measure.MILESTONE, steps=steps(("2021-03-31", 9), ("2021-04-30", 0.1)))


def told(item: Kpi | Goal, rows: Mapping[str, Value], as_of: str, lang: str = "en") -> tuple[Status, list[str]]:
    """Return the status of an item that is alone in a plan, and what is said to have decided it."""
    whole = card(plan(item), (obs("k", when, value) for when, value in rows.items()), as_of)
    score = whole.find(item.id)
    return score.status, list(decided_by(score, whole, language(lang)))


@pytest.mark.parametrize(
    ("item", "rows", "as_of", "status", "sentence"),
    [
        (LIMIT, {"2021-03-31": 2.0}, "2021-04-01", Status.BREACHED, "A bound that must never break was broken."),
        (TOTAL, {"2021-12-31": 60.0}, "2022-01-05", Status.MISSED, "The end has come and the target is not met."),
        (TOTAL, {"2021-03-31": 120.0}, "2021-04-01", Status.ACHIEVED, "The target is met."),
        (TOTAL, {}, "2021-01-05", Status.PENDING, "No figure is due yet."),
        (LEVEL, {"2021-06-30": 9.0}, "2021-07-01", Status.REGRESSING, "The value is worse than where it started."),
        (kpi(t=1.0, exempt=exempt("2021-02-01")), {}, "2021-06-30", Status.EXEMPT, OUT),
        (MILESTONE, {"2021-05-31": ("s1",)}, "2021-06-01", Status.AT_RISK, "A step is past its day: at risk at best."),
        (
            goal("g", kpi(t=9.0)), {}, "2021-12-31", Status.UNKNOWN,
            "Coverage 0% is too little for a verdict, which needs 80%.",
        ),
        (goal("g", TOTAL), {}, "2021-01-05", Status.PENDING, "No figure is due yet."),
        (
            goal("g", TOTAL), {"2021-03-31": 120.0}, "2021-04-01", Status.ACHIEVED,
            "All that is scored below it is achieved.",
        ),
        (
            goal("g", TOTAL), {"2021-12-31": 60.0}, "2022-01-05", Status.MISSED,
            "All that is scored below it is at its end, and a target was missed.",
        ),
        (goal("g", TOTAL, exempt=exempt("2021-02-01")), {}, "2021-06-30", Status.EXEMPT, OUT),
    ],
)  # fmt: skip
def test_what_decided_the_status_is_said(
    item: Kpi | Goal, rows: Mapping[str, Value], as_of: str, status: Status, sentence: str
) -> None:
    """One sentence, which stands in the explanation too; the other language has one of its own."""
    assert told(item, rows, as_of) == (status, [sentence])
    [other] = told(item, rows, as_of, "zh")[1]
    assert not sentence.startswith(other)
    whole: Scorecard = card(plan(item), (obs("k", when, value) for when, value in rows.items()), as_of)
    file = io.StringIO()
    write_explanation(explain(whole, item.id), whole, file, "en")
    assert sentence in file.getvalue()


@pytest.mark.parametrize(
    ("item", "rows", "as_of", "status"),
    [
        (TOTAL, {"2021-06-30": 60.0}, "2021-07-01", Status.ON_TRACK),
        (TOTAL, {"2021-06-30": 50.0}, "2021-07-01", Status.AT_RISK),
        (TOTAL, {"2021-06-30": 10.0}, "2021-07-01", Status.LAGGING),
        (goal("g", TOTAL), {"2021-06-30": 10.0}, "2021-07-01", Status.LAGGING),
        (goal("g", kpi(t=1.0, exempt=exempt("2021-02-01"))), {}, "2021-06-30", Status.PENDING),
    ],
)
def test_what_the_thresholds_decided_needs_no_sentence(
    item: Kpi | Goal, rows: Mapping[str, Value], as_of: str, status: Status
) -> None:
    """The bands stand below the figures; a goal whose KPIs are all exempt waits for nothing."""
    assert told(item, rows, as_of) == (status, [])


def test_an_overdue_figure_is_named_by_its_day() -> None:
    """Of a KPI that has none at all, too."""
    whole = card(plan(TOTAL), (), "2021-06-30")
    file = io.StringIO()
    write_explanation(explain(whole, "k"), whole, file, "en")
    assert "the next figure is overdue since 2021-02-10" in file.getvalue()
