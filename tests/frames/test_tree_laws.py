"""The roll-up over frames finds what the roll-up over a plan in memory finds, on every plan."""

from datetime import date
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings

import kpi_tracker
from kpi_tracker import frames
from kpi_tracker.frames.rules import Rules
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.measure import WORST_FIRST
from kpi_tracker.model.observation import Observation
from kpi_tracker.model.scorecard import GoalScore, Scorecard
from kpi_tracker.record import changed
from tests.test_laws import LATER, UNHURRIED, observed

FIGURES = ("attainment", "expected", "pace", "lag", "coverage")


def told(score: GoalScore) -> dict[str, Any]:
    """Return what roll-up tells of a node, but for its figures."""
    return {
        "node": score.path, "status": score.status.value, "severity": score.severity,
        "worst": score.worst.value if score.worst else None,
        **{f"n_{one.value}": score.counts.get(one, 0) for one in WORST_FIRST},
        "kpis": sum(score.counts.values()), "unread": len(score.incomplete),
        "vetoed": len(score.veto), "bound": len(score.binding),
    }  # fmt: skip


def assert_same(rows: list[dict[str, Any]], card: Scorecard) -> None:
    """Assert that rows are the nodes of a scorecard."""
    nodes = {path: item for path, item in card.items.items() if isinstance(item, GoalScore)}
    assert sorted(row["node"] for row in rows) == sorted(nodes)
    for row in rows:
        score = nodes[row["node"]]
        assert {name: row[name] for name in told(score)} == told(score)
        for name in FIGURES:
            expected = getattr(score, name)
            same = row[name] is None if expected is None else row[name] == pytest.approx(expected, rel=1e-9, abs=1e-9)
            assert same, (row["node"], name, row[name], expected)


def rolled(card: Scorecard, scores: Any) -> Any:
    """Return the roll-up of scores over the tree of a scorecard."""
    plan = card.plan
    return frames.roll_up(scores, plan.tree_frame(), Rules.of(plan), as_of=card.as_of, links=plan.links_frame())


@settings(UNHURRIED, max_examples=150)
@given(observed(), LATER)
def test_polars_agrees_on_every_plan(found: tuple[Plan, list[Observation]], at: date) -> None:
    """Status, counts, worst and all figures of every goal and of the plan."""
    card = kpi_tracker.score(*found, at)
    assert_same(rolled(card, card.to_frame()).to_dicts(), card)


@settings(UNHURRIED, max_examples=20)
@given(observed(), LATER)
def test_duckdb_agrees_on_every_plan(found: tuple[Plan, list[Observation]], at: date) -> None:
    """The same in SQL, and the result is a relation."""
    card = kpi_tracker.score(*found, at)
    with duckdb.connect() as connection:
        scores = card.to_frame()  # noqa: F841 - DuckDB finds it by its name
        relation = rolled(card, connection.sql("SELECT * FROM scores"))
        assert isinstance(relation, duckdb.DuckDBPyRelation)
        assert_same(relation.pl().to_dicts(), card)


@settings(UNHURRIED, max_examples=20)
@given(observed(), LATER)
def test_pandas_agrees_on_every_plan(found: tuple[Plan, list[Observation]], at: date) -> None:
    """The same through pandas, which has NaN for what is missing."""
    card = kpi_tracker.score(*found, at)
    result = rolled(card, card.to_frame().to_pandas())
    assert_same(pl.from_pandas(result).to_dicts(), card)


@settings(UNHURRIED, max_examples=40)
@given(observed(), LATER)
def test_nodes_go_on_as_leaves_of_a_wider_tree(found: tuple[Plan, list[Observation]], at: date) -> None:
    """The goals of the top level, rolled up once more over a tree of one node, are what the plan is."""
    whole, rows = found
    plan = changed(whole, kpis=())
    kept = {item.id for _, item in plan.walk()}
    card = kpi_tracker.score(plan, [row for row in rows if row.kpi in kept], at)
    rules = Rules.of(plan)
    nodes = frames.roll_up(card.to_frame(), plan.tree_frame(), rules, as_of=at)
    weights = {goal.id: goal.weight for goal in plan.goals}
    counties = nodes.filter(pl.col("node").is_in(list(weights))).with_columns(
        goal=pl.lit("nation"), weight=pl.col("node").replace_strict(weights, return_dtype=pl.Float64)
    )
    nation = frames.roll_up(counties, pl.DataFrame({"node": ["nation"], "parent": [None]}), rules)
    whole_row = nodes.filter(node="").with_columns(node=pl.lit("nation"))
    for one, other in zip(nation.iter_rows(named=True), whole_row.iter_rows(named=True), strict=True):
        assert {n: v for n, v in one.items() if n not in FIGURES} == {
            n: v for n, v in other.items() if n not in FIGURES
        }
        for name in FIGURES:
            assert one[name] == (None if other[name] is None else pytest.approx(other[name], rel=1e-9, abs=1e-9))
