"""What a milestone has reached is told in steps, also where a run of history is all that is left of it."""

import pytest

from kpi_tracker.history.memory import recalled, remembered
from kpi_tracker.language import language
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Measure
from kpi_tracker.reporting.words import reached
from tests.builders import card, day, kpi, obs, plan, score_of, steps

DUE = ("2021-03-31", "2021-06-30", "2021-09-30")
ALIKE = kpi(measure=Measure.MILESTONE, steps=steps(*((due, 2) for due in DUE)))
UNLIKE = kpi(measure=Measure.MILESTONE, steps=steps(*zip(DUE, (1, 2, 1), strict=True)))


@pytest.mark.parametrize(
    ("one", "done", "live", "from_history"),
    [
        (ALIKE, ("s1",), "1 of 3 steps", "1 of 3 steps"),
        (ALIKE, ("s1", "s3"), "2 of 3 steps", "2 of 3 steps"),
        (ALIKE, (), "0 of 3 steps", "0 of 3 steps"),
        (UNLIKE, ("s1",), "1 of 3 steps", "25%"),  # or half of the second step; their names are not kept
        (UNLIKE, (), "0 of 3 steps", "0 of 3 steps"),
    ],
)
def test_a_run_of_history_does_not_lose_the_steps(
    one: Kpi, done: tuple[str, ...], live: str, from_history: str
) -> None:
    """History keeps no observations: nothing may say that none of the steps was done where some were."""
    words = language("en")
    whole = card(plan(one), [obs("k", "2021-08-31", done)], "2021-09-01")
    assert reached(score_of(whole, "k"), words) == live
    kept = recalled(remembered(whole), day("2021-09-01"), None)
    assert reached(score_of(kept, "k"), words) == from_history


def test_a_milestone_without_figures_has_reached_nothing_that_is_known() -> None:
    """A dash, and not no step."""
    assert reached(score_of(card(plan(ALIKE), (), "2021-09-01"), "k"), language("en")) == "–"
