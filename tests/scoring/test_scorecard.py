"""The scorecard: finding, cutting out a branch, and the order of what lags."""

from datetime import datetime

import pytest

import kpi_tracker
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import LAGGING, UNSCORED, WORST_FIRST, Measure, Status
from kpi_tracker.model.scorecard import KpiScore, Scorecard
from kpi_tracker.model.unit import Text
from tests.builders import card, day, goal, kpi, limit, node_of, obs, plan, score_of, text

HALF = "2021-06-30"
WHOLE = plan(
    goal("g", goal("h", kpi("a", t=100.0)), kpi("b", t=100.0)),
    kpi("c", Measure.LEVEL, b=80.0, t=90.0),
    limit("d", at_most=0.0),
    kpi("e", t=100.0),
)


@pytest.fixture
def found() -> Scorecard:
    """Return the scorecard of a small plan with a little of everything."""
    return card(WHOLE, [obs("a", HALF, 20.0), obs("b", HALF, 10.0), obs("c", HALF, 70.0), obs("d", HALF, 1.0)], HALF)


def test_items_stand_in_the_plan_s_order(found: Scorecard) -> None:
    """Every goal and KPI has its score by path, parents first, the plan before all."""
    assert list(found.items) == ["", "g", "g/h", "g/h/a", "g/b", "c", "d", "e"]
    assert [item.path for item in found.walk()] == list(found.items)
    assert [item.id for item in found.kpis] == ["a", "b", "c", "d", "e"]
    assert [(item.id, item.path) for item in found.goals] == [("g", "g"), ("h", "g/h")]
    assert (found.top, node_of(found).id) == (found.items[""], "")


def test_lagging_are_the_four_bad_statuses_the_worst_first(found: Scorecard) -> None:
    """Breached before regressing before lagging, and of equal ones the further behind."""
    assert [item.id for item in found.lagging] == ["d", "c", "b", "a"]
    assert {Status.LAGGING, Status.REGRESSING, Status.BREACHED, Status.MISSED} == LAGGING


def test_of_equal_lagging_items_the_path_decides() -> None:
    """Two KPIs with the same figures stand in the order of their paths."""
    rows = [obs(name, HALF, 10.0) for name in "ba"]
    assert [item.id for item in card(plan(kpi("b", t=100.0), kpi("a", t=100.0)), rows, HALF).lagging] == ["a", "b"]


def test_what_is_only_not_met_sorts_without_a_lag() -> None:
    """A lagging item without attainment stands after those that lag by points."""
    whole = plan(kpi("n", t=0.0), kpi("m", t=100.0))
    found = card(whole, [obs("n", HALF, -1.0), obs("m", HALF, 10.0)], HALF)
    assert [item.id for item in found.lagging] == ["m", "n"]


def test_data_problems_are_listed_apart(found: Scorecard) -> None:
    """What is missing or stale is never green, never among the lagging, and never silent; sums with gaps stand there too."""
    later = card(WHOLE, [obs("a", "2021-01-31", 100.0 / 12), obs("d", "2021-05-31", 0.0)], HALF)
    assert [(item.id, item.status) for item in later.data_problems] == [
        ("a", Status.STALE), ("b", Status.NO_DATA), ("c", Status.NO_DATA), ("d", Status.ON_TRACK), ("e", Status.NO_DATA)
    ]  # fmt: skip
    assert later.lagging == ()
    assert not any(item.lagging for item in later.data_problems)
    assert [item.id for item in found.data_problems] == ["a", "b", "d", "e"]


def test_every_status_has_its_place_in_the_order() -> None:
    """From breached to exempt every status is somewhere, once, and data problems are worse than at risk."""
    assert sorted(WORST_FIRST) == sorted(Status)
    places = {status: WORST_FIRST.index(status) for status in Status}
    assert all(places[Status.LAGGING] < places[status] < places[Status.AT_RISK] for status in UNSCORED)
    assert max(places[status] for status in LAGGING) < places[Status.NO_DATA]


@pytest.mark.parametrize(
    ("reference", "path"), [("", ""), ("g", "g"), ("h", "g/h"), ("a", "g/h/a"), ("h/a", "g/h/a"), ("g/h/a", "g/h/a")]
)
def test_find_by_id_or_last_segments(found: Scorecard, reference: str, path: str) -> None:
    """An item is found by its id or by the end of its path."""
    assert found.find(reference).path == path
    if path:
        assert WHOLE.find(reference)[0] == path


@pytest.mark.parametrize("reference", ["x", "/a", "g/a", "h/", "b/a"])
def test_what_is_not_there_is_not_found(found: Scorecard, reference: str) -> None:
    """A name that no path ends with is an error, in the scorecard and in the plan."""
    with pytest.raises(KeyError):
        found.find(reference)
    with pytest.raises(KeyError):
        WHOLE.find(reference)
    with pytest.raises(KeyError):
        found.only(reference)


def test_only_a_branch(found: Scorecard) -> None:
    """A branch is cut out with all that is below it, and its goal is the top."""
    part = found.only("h")
    assert (list(part.items), part.top.path) == (["g/h", "g/h/a"], "g/h")
    assert [item.id for item in part.kpis] == ["a"]
    assert part.items["g/h"] is found.items["g/h"]


def test_only_a_kpi(found: Scorecard) -> None:
    """A KPI alone is a branch too."""
    part = found.only("b")
    assert isinstance(part.top, KpiScore)
    assert list(part.items) == ["g/b"]


def test_a_scorecard_knows_its_dates() -> None:
    """What a report was made for is kept with it; a day of knowledge means its end."""
    found = kpi_tracker.score(WHOLE, [], day(HALF), day("2021-07-05"))
    assert (found.as_of, found.known_at) == (day(HALF), datetime.max.replace(2021, 7, 5))
    assert card(WHOLE, [], HALF).known_at is None


def test_counts_of_a_plan() -> None:
    """A plan counts its goals, KPIs and facts."""
    from kpi_tracker.model.goal import Fact

    fact = Fact("f", text("f"))
    assert WHOLE.counts == (2, 5, 0)
    assert plan(goal("g", kpi("a", t=1.0), facts=(fact,)), facts=(Fact("e", text("e")),)).counts == (1, 1, 2)


def test_text_in_two_languages() -> None:
    """A text is given in the language asked for, and shows both where they differ."""
    both = Text("件", "cases")
    assert (both.in_language("zh"), both.in_language("en"), str(both)) == ("件", "cases", "件 / cases")
    assert str(text("件")) == "件"


@pytest.mark.parametrize("one", [kpi("k", t=100.0), limit("k", at_most=100.0)])
def test_a_score_names_its_kpi(one: Kpi) -> None:
    """A score carries the KPI that it is of, with its path and formula."""
    found = score_of(card(plan(goal("g", one)), [obs("k", HALF, 50.0)], HALF), "k")
    assert (found.kpi, found.path, found.id) == (one, "g/k", "k")
    assert found.formula
