"""Ranks: by the score, ties share one, and nobody of whom too little is known has any."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tracker.league.group import Group
from kpi_tracker.league.standing import Standing, standings
from kpi_tracker.model.measure import UNSAID, Status
from kpi_tracker.model.unit import Text
from tests.league.made import ROLL

FLOOR = 0.8


def rolled(
    id: str, attainment: float | None, coverage: float | None = 1.0, status: str = "on_track", **more: Any
) -> dict[str, Any]:
    counts = {f"n_{one.value}": 0 for one in Status}
    return {"county": id, "node": "", "status": status, "severity": 0, "attainment": attainment, "expected": 0.75, "pace": None,
            "lag": None, "coverage": coverage, "worst": None, "kpis": 0, "vetoed": 0, "bound": 0, **counts, **more}  # fmt: skip


def table(*rows: dict[str, Any]) -> tuple[Standing, ...]:
    groups = [Group(row["county"], Text(row["county"], row["county"])) for row in rows if row["node"] == ""]
    return standings(pl.DataFrame(list(rows), schema=ROLL), "county", groups, FLOOR)


def ranks(*rows: dict[str, Any]) -> list[tuple[str, int | None]]:
    return [(one.group.id, one.rank) for one in table(*rows)]


def test_the_highest_score_is_first() -> None:
    assert ranks(rolled("a", 0.5), rolled("b", 0.9), rolled("c", 0.7)) == [("b", 1), ("c", 2), ("a", 3)]


def test_ties_share_a_rank_and_the_next_one_is_counted_on() -> None:
    found = ranks(rolled("b", 0.7), rolled("a", 0.7 + 1e-12), rolled("c", 0.9), rolled("d", 0.1))
    assert found == [("c", 1), ("a", 2), ("b", 2), ("d", 4)]


@pytest.mark.parametrize(
    ("attainment", "coverage", "status"),
    [(1.0, 0.5, "unknown"), (1.0, 0.79, "on_track"), (None, None, "pending"), (None, 0.0, "no_data"), (1.0, None, "on_track"),
     (1.0, 1.0, "exempt"), (1.0, 1.0, "stale")],
)  # fmt: skip
def test_pitfall_b9_who_is_not_known_well_enough_has_no_rank(
    attainment: float | None, coverage: float | None, status: str
) -> None:
    """B9: a good mean of the few figures that arrived is no place; it is listed apart, not left out."""
    assert ranks(rolled("a", attainment, coverage, status), rolled("b", 0.1)) == [("b", 1), ("a", None)]


def test_coverage_at_the_floor_is_enough_whatever_the_noise() -> None:
    assert ranks(rolled("a", 0.5, FLOOR - 1e-12)) == [("a", 1)]


def test_a_group_without_a_row_is_unknown() -> None:
    """One that stands in the list alone is there, and is not green."""
    found = standings(pl.DataFrame([], schema=ROLL), "county", [Group("x", Text("x", "x"))], FLOOR)
    assert [(one.rank, one.status, one.kpis) for one in found] == [(None, Status.UNKNOWN, 0)]


def test_only_the_whole_plan_counts() -> None:
    assert ranks(rolled("a", 0.5), {**rolled("a", 0.9), "node": "branch"}) == [("a", 1)]


def test_counts_tell_what_lags_and_what_is_missing() -> None:
    one = table(
        rolled("a", 0.5, n_lagging=2, n_breached=1, n_no_data=3, n_stale=1, n_on_track=4, n_pending=5, worst="breached")
    )[0]
    assert (one.kpis, one.lagging, one.judged, one.data_problems, one.worst) == (16, 3, 7, 4, Status.BREACHED)
    assert list(one.counts) == [
        Status.BREACHED, Status.LAGGING, Status.NO_DATA, Status.STALE, Status.ON_TRACK, Status.PENDING,
    ]  # fmt: skip


FIGURES = st.lists(
    st.tuples(
        st.one_of(st.none(), st.floats(0, 1)), st.one_of(st.none(), st.floats(0, 1)), st.sampled_from([s.value for s in Status])
    ),
    min_size=1, max_size=12,
)  # fmt: skip


@given(FIGURES, st.randoms(use_true_random=False))
def test_law_the_order_of_rows_does_not_matter(figures: list[Any], random: Any) -> None:
    rows = [rolled(f"g{i}", *one) for i, one in enumerate(figures)]
    shuffled = random.sample(rows, len(rows))
    assert table(*rows) == table(*shuffled)


@given(FIGURES)
def test_law_better_is_never_ranked_below_and_equal_is_ranked_equal(figures: list[Any]) -> None:
    found = table(*(rolled(f"g{i}", *one) for i, one in enumerate(figures)))
    ranked = [(one.rank, round(one.attainment or 0.0, 9)) for one in found if one.rank is not None]
    for rank, score in ranked:
        assert rank == 1 + sum(other > score for _, other in ranked)
    assert all(one.status not in UNSAID for one in found if one.rank is not None)


@given(FIGURES, st.floats(0, 1), st.integers(0, 11))
def test_law_a_higher_score_never_costs_a_place(figures: list[Any], more: float, which: int) -> None:
    """Monotone: whoever does better stands no lower, all else being the same."""
    which %= len(figures)
    before = {one.group.id: one.rank for one in table(*(rolled(f"g{i}", *one) for i, one in enumerate(figures)))}
    attainment, *rest = figures[which]
    raised = [*figures[:which], (None if attainment is None else max(attainment, more), *rest), *figures[which + 1 :]]
    after = {one.group.id: one.rank for one in table(*(rolled(f"g{i}", *one) for i, one in enumerate(raised)))}
    mine, now = before[f"g{which}"], after[f"g{which}"]
    assert (mine is None) == (now is None)
    assert mine is None or (now is not None and now <= mine)
