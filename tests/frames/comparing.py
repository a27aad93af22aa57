"""Scores of frames against those of the object engine: which figures differ, beyond the noise of arithmetic."""

from typing import Any

import polars as pl

from kpi_tracker.model.measure import WORST_FIRST
from kpi_tracker.model.scorecard import GoalScore, Scorecard

WITHIN = 1e-9


def same(one: object, other: object) -> bool:
    """Tell whether two figures are the same: numbers within 1e-9 of their size, all else exactly."""
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= WITHIN * max(1.0, abs(one), abs(other))
    return one == other


def differing(card: Scorecard, scores: pl.DataFrame) -> list[tuple[Any, ...]]:
    """Return every figure of `scores` that is not that of the scorecard: the KPI, its measure, the column, both."""
    expected = {(row["goal"], row["kpi"]): row for row in card.to_frame().to_dicts()}
    found = scores.to_dicts()
    assert len(found) == len(expected)
    measures = {kpi.id: kpi.kpi.measure.value for kpi in card.kpis}
    return [
        (row["kpi"], measures[row["kpi"]], name, expected[row["goal"], row["kpi"]][name], row[name])
        for row in found for name in expected[row["goal"], row["kpi"]]
        if not same(expected[row["goal"], row["kpi"]][name], row[name])
    ]  # fmt: skip


def differing_nodes(card: Scorecard, nodes: pl.DataFrame) -> list[tuple[Any, ...]]:
    """Return every figure of rolled-up nodes that is not that of the scorecard: the node, the column, both."""
    found = nodes.to_dicts()
    assert len(found) == len(card.goals) + 1
    wrong = []
    for row in found:
        node = card.items[row["node"]]
        assert isinstance(node, GoalScore)
        expected = {
            "status": node.status.value, "severity": node.severity, "attainment": node.attainment,
            "expected": node.expected, "pace": node.pace, "lag": node.lag, "coverage": node.coverage,
            "worst": node.worst and node.worst.value, "vetoed": len(node.veto), "bound": len(node.binding),
            "kpis": sum(node.counts.values()),
            **{f"n_{status.value}": node.counts.get(status, 0) for status in WORST_FIRST},
        }  # fmt: skip
        wrong += [(row["node"], n, value, row[n]) for n, value in expected.items() if not same(value, row[n])]
    return wrong
