"""How a KPI comes out across groups: counts by status, quartiles of what counts."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tracker.league.spread import scored, spreads
from kpi_tracker.model.measure import Status
from tests.league.made import SCORES


def frame(*rows: tuple[str, str, float | None], kpi: str = "k") -> pl.DataFrame:
    made = [{"county": group, "kpi": kpi, "status": status, "attainment": a} for group, status, a in rows]
    return pl.DataFrame(made, schema=SCORES)


def test_counts_and_quartiles() -> None:
    found = frame(
        ("a", "on_track", 0.5),
        ("b", "lagging", 0.1),
        ("c", "no_data", None),
        ("d", "achieved", 1.0),
        ("e", "missed", 0.4),
    )
    one = spreads(found, ["goal/k"])[0]
    assert (one.kpi, one.path, one.groups, one.lagging, one.without_data, one.on_track) == ("k", "goal/k", 5, 2, 1, 2)
    figures = (one.scored, one.least, one.lower, one.median, one.upper, one.greatest)
    assert figures == pytest.approx((4, 0.1, 0.325, 0.45, 0.625, 1.0))
    assert one.worst is Status.MISSED


def test_old_data_do_not_count_and_are_not_green() -> None:
    one = spreads(frame(("a", "stale", 2.0), ("b", "pending", None), ("c", "unknown", None)), ["k"])[0]
    assert (one.scored, one.median, one.without_data, one.on_track, one.groups) == (0, None, 2, 0, 3)


def test_a_kpi_without_rows_is_there() -> None:
    one = spreads(frame(), ["k"])[0]
    assert (one.groups, one.worst, one.counts) == (0, None, {})


def test_what_is_only_met_or_not_has_no_spread() -> None:
    one = spreads(frame(("a", "on_track", None), ("b", "breached", None)), ["k"])[0]
    assert (one.scored, one.median, one.on_track, one.lagging) == (0, None, 1, 1)


ROWS = st.lists(
    st.tuples(st.sampled_from([s.value for s in Status]), st.one_of(st.none(), st.floats(-2, 3))),
    min_size=1,
    max_size=20,
)


@given(ROWS, st.randoms(use_true_random=False))
def test_law_neither_order_nor_names_of_groups_matter(rows: list[tuple[str, Any]], random: Any) -> None:
    one = frame(*((f"g{i}", *row) for i, row in enumerate(rows)))
    other = frame(*((f"h{i}", *row) for i, row in enumerate(random.sample(rows, len(rows)))))
    assert spreads(one, ["k"]) == spreads(other, ["k"])


@given(ROWS)
def test_law_counts_add_up_and_quartiles_are_in_order(rows: list[tuple[str, Any]]) -> None:
    found = frame(*((f"g{i}", *row) for i, row in enumerate(rows)))
    one = spreads(found, ["k"])[0]
    assert one.groups == len(rows)
    assert one.scored == scored(found).height
    if one.scored:
        figures = [one.least, one.lower, one.median, one.upper, one.greatest]
        assert figures == sorted(figures, key=lambda figure: figure or 0.0)
