"""A league as JSON, `kpi-tracker/league/v1`: every group, every KPI, what lags and what looks odd, unrounded."""

import json
from collections.abc import Iterable
from typing import Any

from kpi_tracker.diagnostics import Diagnostic
from kpi_tracker.league.spread import Spread
from kpi_tracker.league.standing import Standing
from kpi_tracker.league.table import League
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.unit import Text
from kpi_tracker.reporting.jsonfile import encodable, plan_head

__all__ = ["FORMAT", "league_faults_to_json", "league_to_dict", "league_to_json"]

FORMAT = "kpi-tracker/league/v1"


def league_to_dict(league: League, lang: str = "en") -> dict[str, Any]:
    """Return `league` as plain data; `lang` is the language of messages."""
    plan = league.plan
    paths = {one.kpi: one.path for one in league.spreads}
    return {
        "format": FORMAT,
        "plan": plan_head(plan),
        "as_of": league.as_of.isoformat(),
        "known_at": None if league.known_at is None else league.known_at.isoformat(),
        "illustrative": league.illustrative,
        "column": league.column,
        "groups": [_standing(one) for one in league.standings],
        "kpis": [_spread(one, league.kpis[one.kpi]) for one in league.spreads],
        "lagging_groups": [one.group.id for one in league.lagging_groups],
        "lagging_kpis": [one.path for one in league.lagging_kpis],
        "outliers": [
            {"group": one.group, "path": paths[one.kpi], "attainment": one.attainment, "median": one.median, "z": one.z}
            for one in league.outliers
        ],
        "slips": [
            {"group": one.group, "path": paths[one.kpi], "value": one.value, "times": one.times} for one in league.slips
        ],
        "diagnostics": [fault.to_dict(lang) for fault in league.diagnostics],
    }


def league_to_json(league: League, lang: str = "en") -> str:
    """Return `league` as a JSON document that ends with a line end: one line a group, a KPI, an outlier."""
    return _written(league_to_dict(league, lang))


def league_faults_to_json(diagnostics: Iterable[Diagnostic], lang: str = "en") -> str:
    """Return the document of a run that could score nothing: its faults."""
    nothing: dict[str, Any] = {
        "format": FORMAT, "plan": None, "as_of": None, "known_at": None, "illustrative": False, "column": None,
        "groups": [], "kpis": [], "lagging_groups": [], "lagging_kpis": [], "outliers": [], "slips": [],
    }  # fmt: skip
    return _written({**nothing, "diagnostics": [fault.to_dict(lang) for fault in diagnostics]})


def _written(document: dict[str, Any]) -> str:
    encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
    parts = []
    for key, value in document.items():
        listed = isinstance(value, list) and value
        text = "[\n" + ",\n".join(map(encode, value)) + "\n]" if listed else encode(value)
        parts.append(f"{encode(key)}: {text}")
    return encodable("{\n" + ",\n".join(parts) + "\n}\n")


def _text(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _standing(one: Standing) -> dict[str, Any]:
    return {
        "id": one.group.id, "title": _text(one.group.title), "parent": one.group.parent or None, "rank": one.rank,
        "status": one.status.value, "severity": one.severity, "attainment": one.attainment, "expected": one.expected,
        "lag": one.lag, "coverage": one.coverage, "worst": one.worst.value if one.worst else None,
        "counts": {status.value: n for status, n in one.counts.items()}, "lagging": one.lagging, "judged": one.judged,
        "data_problems": one.data_problems, "veto_breached": one.vetoed, "binding_lagging": one.bound,
    }  # fmt: skip


def _spread(one: Spread, kpi: Kpi) -> dict[str, Any]:
    return {
        "path": one.path, "title": _text(kpi.title),
        "counts": {status.value: n for status, n in one.counts.items()}, "lagging": one.lagging,
        "without_data": one.without_data, "on_track": one.on_track, "scored": one.scored, "least": one.least,
        "lower": one.lower, "median": one.median, "upper": one.upper, "greatest": one.greatest,
    }  # fmt: skip
