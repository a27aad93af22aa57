"""A check as a table for spreadsheets: a row for each item of every plan, for each fault, and for what keeps a plan unjudged.

It starts with a byte order mark, without which Excel takes Chinese text for something else. Names of columns do not
depend on the language. Numbers are unrounded, and text never becomes a formula.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import Enum

from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.language import Language, language
from kpi_tracker.model.scorecard import GoalScore, KpiScore, Scorecard
from kpi_tracker.model.unit import Text
from kpi_tracker.notation.spreadsheet import harmless
from kpi_tracker.reporting.checked import Checked
from kpi_tracker.reporting.remarked import figures_of

__all__ = ["COLUMNS", "write"]

COLUMNS = (
    "source", "plan", "as_of", "known_at", "type", "path", "id", "title_zh", "title_en", "kind", "owner_zh", "owner_en", "tags",
    "weight", "measure", "unit_zh", "unit_en", "baseline", "target", "target_form", "target_basis", "status", "severity",
    "underlying", "value", "data_date", "attainment", "expected", "pace", "lag", "days_behind", "gap", "met", "ended", "next_due",
    "overdue", "needed", "so_far", "needed_over_so_far", "landing", "growth_observed", "growth_required", "coverage", "worst",
    "thresholds", "rows_left_out", "gaps", "illustrative", "code", "message", "file", "line", "column",
    "flag", "flag_since", "lags_since", "acknowledged_by", "acknowledged_until", "changes", "changes_since",
)  # fmt: skip
Row = Mapping[str, object]


def write(checked: Sequence[Checked], lang: str, fail_on: str) -> str:
    """Return the table of all plans."""
    file = io.StringIO()
    table = csv.writer(file)  # lines end as RFC 4180 has it
    table.writerow(COLUMNS)
    for one in checked:
        about = _about(one)
        for row in _rows(one, language(lang)):
            full = {**about, **row}
            table.writerow([_cell(full.get(name)) for name in COLUMNS])
    return "\ufeff" + file.getvalue()


def _about(one: Checked) -> Row:
    card = one.scorecard
    if card is None:
        return {"source": one.source}
    known_at = card.known_until.isoformat() if card.known_until else None
    return {"source": one.source, "plan": card.plan.id, "as_of": card.as_of, "known_at": known_at}


def _rows(one: Checked, words: Language) -> Iterator[Row]:
    if one.obstacle is not None:
        yield {"type": "not_judged", "message": words.phrase(one.obstacle), "file": one.file}
    for fault in one.faults:
        place = {"file": fault.place.file, "line": fault.place.line or None, "column": fault.place.column or None}
        yield {
            "type": fault.severity,
            "path": fault.path,
            "code": fault.code,
            "message": fault.message(words.code),
            **place,
        }
    if one.scorecard is not None:
        for item in one.scorecard.walk():
            row = _kpi(item) if isinstance(item, KpiScore) else _goal(item, one.scorecard)
            yield {**row, **figures_of(one, item.path)}


def _goal(score: GoalScore, scorecard: Scorecard) -> Row:
    item = score.goal or scorecard.plan
    more = {"kind": item.kind, "tags": item.tags, "weight": item.weight} if score.goal is item else {}
    return {
        "type": "goal" if score.goal else "plan", **_named(item.title, item.owner), **more, "id": item.id,
        "coverage": score.coverage, "worst": score.worst, **_scored(score), "file": item.where.file, "line": item.where.line,
        "column": item.where.column,
    }  # fmt: skip


def _kpi(score: KpiScore) -> Row:
    kpi, ahead, grown = score.kpi, score.outlook, score.growth
    goal = kpi.target
    return {
        "type": "kpi", **_named(kpi.title, kpi.owner), "id": kpi.id, "kind": kpi.kind, "tags": kpi.tags, "weight": kpi.weight,
        "measure": kpi.measure, "unit_zh": kpi.unit.text.zh, "unit_en": kpi.unit.text.en,
        "baseline": kpi.baseline.value if kpi.baseline else None, "target": goal.value if goal else None,
        "target_form": goal.form if goal else None, "target_basis": goal.basis if goal else None, **_scored(score),
        "underlying": score.underlying, "value": score.value, "data_date": score.data_date, "days_behind": score.days_behind,
        "gap": score.gap, "met": score.met, "ended": score.ended, "next_due": score.next_due, "overdue": score.overdue,
        "needed": ahead.needed, "so_far": ahead.so_far, "needed_over_so_far": ahead.ratio, "landing": ahead.landing,
        "growth_observed": grown.observed if grown else None, "growth_required": grown.required if grown else None,
        "rows_left_out": score.rows_left_out, "gaps": tuple(day.isoformat() for day in score.gaps),
        "illustrative": score.illustrative, "file": kpi.where.file, "line": kpi.where.line, "column": kpi.where.column,
    }  # fmt: skip


def _named(title: Text, owner: Text | None) -> Row:
    named = {"title_zh": title.zh, "title_en": title.en}
    return {**named, "owner_zh": owner.zh, "owner_en": owner.en} if owner else named


def _scored(score: KpiScore | GoalScore) -> Row:
    return {
        "path": score.path, "status": score.status, "severity": score.severity, "attainment": score.attainment,
        "expected": score.expected, "pace": score.pace, "lag": score.lag, "thresholds": score.thresholds.name,
    }  # fmt: skip


def _cell(value: object) -> str:
    """Return a value as a cell: nothing, yes or no, a day, a number with all its digits, or text that is no formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, date):
        return value.isoformat()
    text = value.value if isinstance(value, Enum) else " ".join(value) if isinstance(value, tuple) else str(value)
    return harmless(plain(text))
