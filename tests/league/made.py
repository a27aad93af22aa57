"""Leagues made from scorecards of the object engine, group by group: what the frames have to agree with."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from kpi_tracker.assessment import score
from kpi_tracker.league.group import Group
from kpi_tracker.league.table import League, league_of
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Status
from kpi_tracker.model.observation import Observation, Observations
from kpi_tracker.model.scorecard import Scorecard
from kpi_tracker.model.unit import Text

__all__ = ["ROLL", "SCORES", "cards_of", "league_from", "roll_frame", "score_frame"]

SCORES: dict[str, Any] = {
    "county": pl.String, "kpi": pl.String, "goal": pl.String, "status": pl.String, "severity": pl.Int64, "value": pl.Float64,
    "target": pl.Float64, "baseline": pl.Float64, "data_date": pl.Date, "attainment": pl.Float64, "expected": pl.Float64,
    "pace": pl.Float64, "lag": pl.Float64, "days_behind": pl.Int64, "met": pl.Boolean,
}  # fmt: skip
ROLL: dict[str, Any] = {
    "county": pl.String, "node": pl.String, "status": pl.String, "severity": pl.Int64, "attainment": pl.Float64,
    "expected": pl.Float64, "pace": pl.Float64, "lag": pl.Float64, "coverage": pl.Float64, "worst": pl.String,
    "kpis": pl.Int64, "vetoed": pl.Int64, "bound": pl.Int64, **{f"n_{status.value}": pl.Int64 for status in Status},
}  # fmt: skip


def cards_of(plan: Plan, rows: Sequence[tuple[Any, ...]], as_of: date, groups: Sequence[str]) -> dict[str, Scorecard]:
    """Return the scorecard of every group from its rows (group, kpi, date, value, text, recorded_at, …)."""
    kpis = {item.id: item for _, item in plan.walk() if isinstance(item, Kpi)}
    seen: dict[str, list[Observation]] = {group: [] for group in groups}
    for group, kpi, day, value, text, recorded, *_ in rows:
        if group in seen and kpi in kpis:
            steps = tuple(one for one in (text or "").split("; ") if one)
            held = value if text is None else steps if kpis[kpi].steps else text
            seen[group].append(Observation(kpi, day, held, recorded))
    return {group: score(plan, Observations(found), as_of) for group, found in seen.items()}


def _number(value: object, kpi: Kpi) -> float | None:
    if isinstance(value, str):
        return kpi.scale.index(value) + 1.0
    return float(value) if isinstance(value, float | int) else None


def score_frame(cards: Mapping[str, Scorecard]) -> pl.DataFrame:
    """Return one row a group and KPI."""
    rows = [
        (
            group, one.id, one.path.rpartition("/")[0], one.status.value, one.severity, _number(one.value, one.kpi),
            _number(one.kpi.target.value, one.kpi) if one.kpi.target else None, None, one.data_date, one.attainment,
            one.expected, one.pace, one.lag, one.days_behind, one.met,
        )
        for group, card in cards.items() for one in card.kpis
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=SCORES, orient="row")


def roll_frame(cards: Mapping[str, Scorecard]) -> pl.DataFrame:
    """Return one row a group: its whole plan."""
    rows = []
    for group, card in cards.items():
        top: Any = card.top
        counts = [top.counts.get(status, 0) for status in Status]
        rows.append((
            group, "", top.status.value, top.severity, top.attainment, top.expected, top.pace, top.lag, top.coverage,
            top.worst.value if top.worst else None, sum(counts), len(top.veto), len(top.binding), *counts,
        ))  # fmt: skip
    return pl.DataFrame(rows, schema=ROLL, orient="row")


def league_from(cards: Mapping[str, Scorecard], plan: Plan, as_of: date, groups: Sequence[Group] = ()) -> League:
    """Return the league of scorecards."""
    named = groups or [Group(group, Text(group, group)) for group in cards]
    return league_of(plan, "county", named, as_of, score_frame(cards), roll_frame(cards))
