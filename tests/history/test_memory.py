"""What is remembered of a scorecard, and that it comes back."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given

import kpi_tracker
from kpi_tracker import Diagnostic, Place, Scorecard
from kpi_tracker.changes import ChangeKind, compare
from kpi_tracker.history.memory import Item, Memory, compact, recalled, recalled_score, remembered
from kpi_tracker.language import Phrase
from kpi_tracker.model.kpi import Formula
from kpi_tracker.model.measure import Measure
from kpi_tracker.model.observation import EMPTY
from kpi_tracker.model.scorecard import KpiScore
from kpi_tracker.record import changed
from tests.builders import card, kpi, plan, score_of
from tests.history.nights import night
from tests.reporting.showcase import scored
from tests.test_changes import cards

SHIPPED = Path(__file__).resolve().parents[2] / "goals" / "pinghu-2021"


def back(scorecard: Scorecard) -> Scorecard:
    """Return a scorecard as it is remembered."""
    return recalled(remembered(scorecard), scorecard.as_of, scorecard.known_at)


@given(cards(), cards())
def test_memories_compare_as_what_they_are_of(before: Scorecard, after: Scorecard) -> None:
    """What changed between two remembered scorecards is what changed between the two themselves."""

    def told(one: Scorecard, other: Scorecard) -> list[tuple[str, str]]:
        return [(change.kind.value, change.path) for change in compare(one, other)]

    assert told(back(before), back(after)) == told(before, back(after)) == told(before, after)


@given(cards())
def test_a_memory_of_a_memory_is_the_same(card: Scorecard) -> None:
    """Nothing more is lost the second time, and the same gives the same bytes."""
    memory = remembered(card)
    assert remembered(recalled(memory, card.as_of, card.known_at)) == memory == remembered(card)


def test_every_figure_of_every_measure_comes_back() -> None:
    """Scores of the showcase, which has every measure and status, are equal but for their observations."""
    found = back(scored())
    for path, item in scored().items.items():
        if isinstance(item, KpiScore):
            assert found.items[path] == changed(item, series=changed(EMPTY, illustrative=item.series.illustrative))
        else:
            goal = item.goal and changed(item.goal, goals=(), kpis=(), broken=(), facts=())
            assert found.items[path] == changed(item, goal=goal)


def test_a_formula_comes_back() -> None:
    """As it was written, so that a night can be held against one with another formula."""

    def written(formula: str) -> Scorecard:
        ratio = kpi("ratio", Measure.LEVEL, b=1, t=2, formula=Formula(formula))
        return card(plan(kpi("a", b=1, t=2), kpi("b", b=1, t=2), ratio), (), "2021-06-30")

    found = back(written("a / b"))
    assert score_of(found, "ratio").kpi.formula == Formula("a / b")
    assert [change.kind for change in compare(found, written("a * b"))] == [ChangeKind.TERMS_CHANGED]


def test_that_figures_were_made_up_is_remembered() -> None:
    """Illustrative observations mark the remembered scorecard too, item by item."""
    made_up = kpi_tracker.check(SHIPPED, date(2021, 9, 30))
    found = back(made_up)
    assert (found.illustrative, back(scored()).illustrative) == (True, False)
    marked = [kpi.path for kpi in found.kpis if kpi.series.illustrative]
    assert marked == [kpi.path for kpi in made_up.kpis if kpi.series.illustrative]


def test_counts_keep_their_order() -> None:
    """Reports name the statuses in the order of the counts, so it is kept."""
    assert [list(goal.counts) for goal in back(scored()).goals] == [list(goal.counts) for goal in scored().goals]


def test_faults_come_back_in_both_languages() -> None:
    """A fault says the same, phrases within phrases and lists included."""
    nested = Phrase("{a} of {b}", {"a": Phrase("goal"), "b": (1, Phrase("plan"), date(2021, 1, 1))})
    faults = (
        Diagnostic("KT101", Place("data/x.csv", 3, 4), {"reason": nested}, "a", "a,b", 2),
        Diagnostic("KT101", Place("plan.yaml"), {"reason": 1.5}),
    )
    found = back(changed(night(), diagnostics=faults)).diagnostics
    for lang in ("en", "zh"):
        assert [fault.render(lang) for fault in found] == [fault.render(lang) for fault in faults]


def test_a_fault_that_this_version_does_not_know_is_passed_over() -> None:
    """Its code says nothing here; the others are told."""
    memory = remembered(changed(night(), diagnostics=(Diagnostic("KT101", Place("x"), {"reason": "gone"}),)))
    more = compact([{**json.loads(memory.faults)[0], "code": "KT999"}, *json.loads(memory.faults)])
    found = recalled(memory._replace(faults=more), date(2021, 9, 30), None)
    assert [fault.code for fault in found.diagnostics] == ["KT101"]


def test_years_of_history_stay_readable() -> None:
    """A field that is missing takes its default, one that is unknown is passed over, at every level."""
    definition = {
        "kpi": {"id": "a", "title": {"zh": "甲", "en": "A", "fr": "A"}, "measure": "total", "colour": "blue"},
        "thresholds": {"name": "t", "by": "pace", "bands": [{"status": "ahead", "tone": 1}]},
    }
    score = {"status": "ahead", "outlook": {"landing": 3.0, "new": 1}, "shine": True}
    found = recalled_score(Item("g/a", compact(definition), compact(score)))
    assert isinstance(found, KpiScore)
    assert (found.kpi.weight, found.lag, found.outlook.landing, found.outlook.needed) == (1.0, None, 3.0, None)
    plan = {"id": "p", "title": {"zh": "", "en": ""}, "period": {"start": "2021-01-01", "end": "2021-12-31"},
            "time_zone": "UTC", "baseline_year": 2020, "mood": "good"}  # fmt: skip
    card = recalled(Memory(compact(plan), (), "[]"), date(2021, 9, 30), datetime(2021, 10, 1))
    assert (card.plan.grace, card.known_at) == (10, datetime(2021, 10, 1))


def test_only_a_whole_plan_is_remembered() -> None:
    """What a branch does not show would look removed."""
    with pytest.raises(ValueError, match="not the branch"):
        remembered(night().only("a"))


@pytest.mark.parametrize(
    ("value", "text"), [("甲", '"甲"'), ("a\udcff", '"a\\udcff"'), ({"b": 1, "a": 0}, '{"b":1,"a":0}')]
)
def test_texts_are_what_any_database_takes(value: object, text: str) -> None:
    """Chinese is written as it is; half a character, as a broken name of a file has it, is escaped."""
    assert compact(value) == text
