"""A scorecard as JSON, `kpi-tracker/scorecard/v1`: every figure unrounded, null where there is none, with the reason."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from kpi_tracker.diagnostics import Diagnostic
from kpi_tracker.language import Language, Phrase, language
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.scorecard import Comparison, GoalScore, KpiScore, Original, PartScore, Scorecard
from kpi_tracker.model.target import Baseline, Target
from kpi_tracker.model.unit import Text

if TYPE_CHECKING:
    from kpi_tracker.changes import Change
    from kpi_tracker.flags.flag import Flag

__all__ = ["FORMAT", "encodable", "faults_to_json", "plan_head", "to_dict", "to_json"]

FORMAT = "kpi-tracker/scorecard/v1"


def to_dict(
    scorecard: Scorecard, lang: str = "en", changes: "Sequence[Change]" = (), since: date | None = None,
    flags: "Mapping[str, Flag] | None" = None, by: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return `scorecard` as plain data; `lang` is the language of messages and reasons.

    With `since`, `changes` are those since the end of that day; without it the document does not speak of changes.
    Without `flags`, those that history keeps, it does not speak of flags. With `by`, the name of a dimension, it is also
    cut by that.
    """
    words = language(lang)
    plan = scorecard.plan
    return {
        "format": FORMAT,
        "plan": plan_head(plan),
        "as_of": scorecard.as_of.isoformat(),
        "known_at": scorecard.known_until.isoformat() if scorecard.known_until else None,
        "branch": scorecard.branch,
        "illustrative": scorecard.illustrative,
        "goals": [_goal(item, words) for item in scorecard.walk() if isinstance(item, GoalScore)],
        "kpis": [_kpi(item, words) for item in scorecard.kpis],
        "lagging": [kpi.path for kpi in scorecard.lagging],
        "data_problems": [kpi.path for kpi in scorecard.data_problems],
        "diagnostics": [fault.to_dict(lang) for fault in scorecard.diagnostics],
        **({} if since is None else _changes(changes, since)),
        **({} if flags is None else _flags(flags)),
        **({} if by is None else _cut(scorecard, by, words)),
    }


def _cut(scorecard: Scorecard, by: str, words: Language) -> dict[str, Any]:
    from kpi_tracker.cut import cut_by

    cut = cut_by(scorecard, by)
    return {
        "by": {"dimension": cut.dimension.id, "title": _text(cut.dimension.title), "kpis": [kpi.path for kpi in cut.kpis]},
        "members": [
            {
                "member": one.member.id, "title": _text(one.member.title), "owner": _text(one.member.owner),
                "counts": {status.value: count for status, count in one.counts.items()},
                "unreported": [standing.whole.path for standing in one.unreported],
                "parts": [{"path": standing.whole.path, **_part(standing.part, words)} for standing in one.standings],
            }
            for one in cut.members
        ],
    }  # fmt: skip


def _flags(flags: "Mapping[str, Flag]") -> dict[str, Any]:
    from kpi_tracker.flags.flag import to_json as plain_flag

    return {"flags": [plain_flag(flags[path]) for path in sorted(flags)]}


def _changes(changes: "Sequence[Change]", since: date) -> dict[str, Any]:
    from kpi_tracker.reporting.changed import changes_data

    return {"since": since.isoformat(), "changes": changes_data(changes)}


def to_json(
    scorecard: Scorecard, lang: str = "en", changes: "Sequence[Change]" = (), since: date | None = None,
    flags: "Mapping[str, Flag] | None" = None, by: str | None = None,
) -> str:  # fmt: skip
    """Return what :func:`to_dict` does as JSON text, an item a line, the same bytes for the same input."""
    return _lines(to_dict(scorecard, lang, changes, since, flags, by))


def faults_to_json(diagnostics: Iterable[Diagnostic], lang: str = "en") -> str:
    """Return what `to_json` gives where there is no scorecard: the faults alone."""
    empty: dict[str, Any] = {"format": FORMAT, "plan": None, "as_of": None, "known_at": None, "branch": ""}
    lists: dict[str, Any] = {"goals": [], "kpis": [], "lagging": [], "data_problems": []}
    faults = [fault.to_dict(lang) for fault in diagnostics]
    return _lines({**empty, "illustrative": False, **lists, "diagnostics": faults})


def _lines(document: Mapping[str, Any]) -> str:
    """Return a JSON object with its lists an element a line (the encoder in C does not indent)."""
    encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
    members = []
    for key, value in document.items():
        if isinstance(value, list) and value:
            inner = ",\n  ".join(encode(element) for element in value)
            members.append(f"{encode(key)}: [\n  {inner}\n]")
        else:
            members.append(f"{encode(key)}: {encode(value)}")
    return encodable("{\n" + ",\n".join(members) + "\n}\n")


def encodable(text: str) -> str:
    """Return JSON text in which the bytes of a file name that are not UTF-8 are escaped."""
    return text.encode("utf-8", "backslashreplace").decode()


def plan_head(plan: Plan) -> dict[str, Any]:
    """Return what JSON outputs say of the plan that they are about."""
    return {
        "id": plan.id,
        "title": _text(plan.title),
        "start": plan.period.start.isoformat(),
        "end": plan.period.end.isoformat(),
        "time_zone": plan.time_zone,
        "baseline_year": plan.baseline_year,
    }


def _text(text: Text | None) -> dict[str, str] | None:
    return {"zh": text.zh, "en": text.en} if text is not None else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _reasons(reasons: Mapping[str, Phrase], words: Language) -> dict[str, str]:
    return {figure: words.phrase(reason) for figure, reason in sorted(reasons.items())}


def _kpi(score: KpiScore, words: Language) -> dict[str, Any]:
    kpi, ahead, grown = score.kpi, score.outlook, score.growth
    return {
        "path": score.path,
        **_about(kpi),
        "measure": kpi.measure.value,
        "unit": _text(kpi.unit.text),
        "direction": kpi.direction.value if kpi.direction else None,
        "direction_inferred": kpi.direction_inferred,
        "baseline": _baseline(kpi.baseline),
        "target": _target(kpi.target),
        "veto": kpi.veto,
        "binding": kpi.binding,
        "status": score.status.value,
        "severity": score.severity,
        "underlying": score.underlying.value if score.underlying else None,
        "value": score.value,
        **_course(score),
        "ended": score.ended,
        "next_due": _day(score.next_due),
        "overdue": score.overdue,
        "comparisons": [_comparison(comparison, words) for comparison in score.comparisons],
        "outlook": {
            "needed": ahead.needed, "so_far": ahead.so_far, "ratio": ahead.ratio, "landing": ahead.landing,
            "reason": words.phrase(ahead.reason) if ahead.reason else None,
        },
        "growth": None if grown is None else {
            "observed": grown.observed, "required": grown.required, "ratio": grown.ratio,
            "reason": words.phrase(grown.reason) if grown.reason else None,
        },
        "formula": score.formula or None,
        "inputs": dict(score.inputs),
        "thresholds": score.thresholds.name,
        "reasons": _reasons(score.reasons, words),
        "illustrative": score.illustrative,
        "rows_left_out": score.rows_left_out,
        "gaps": [day.isoformat() for day in score.gaps],
        "original": _original(score.original),
        **(_parts(score, words) if kpi.breakdown else {}),
    }  # fmt: skip


def _course(score: KpiScore) -> dict[str, Any]:
    """Return how a KPI, or a part of one, stands at its data date."""
    return {
        "data_date": _day(score.data_date),
        "attainment": score.attainment,
        "expected": score.expected,
        "pace": score.pace,
        "lag": score.lag,
        "days_behind": score.days_behind,
        "gap": score.gap,
        "met": score.met,
    }


def _parts(score: KpiScore, words: Language) -> dict[str, Any]:
    """Return what is told of a KPI that is taken apart."""
    return {
        "parts": [_part(part, words) for part in score.parts],
        "discrepancies": [
            {
                "dimension": gap.dimension, "date": gap.date.isoformat(), "total": gap.total, "parts": gap.parts,
                "difference": gap.difference, "allowed": gap.allowed, "file": gap.where.file, "line": gap.where.line,
            }
            for gap in score.discrepancies
        ],
        "unreported": [
            {"dimension": lack.dimension, "date": lack.date.isoformat(), "members": [m.id for m in lack.members]}
            for lack in score.unreported
        ],
    }  # fmt: skip


def _part(part: "PartScore", words: Language) -> dict[str, Any]:
    score = part.score
    return {
        "dimension": part.dimension,
        "member": part.member.id,
        "title": _text(part.member.title),
        "owner": _text(part.member.owner),
        "baseline": _baseline(score.kpi.baseline),
        "target": _target(score.kpi.target),
        "status": score.status.value,
        "severity": score.severity,
        "underlying": score.underlying.value if score.underlying else None,
        "value": score.value,
        "share": part.share,
        **_course(score),
        "next_due": _day(score.next_due),
        "overdue": score.overdue,
        "comparisons": [_comparison(comparison, words) for comparison in score.comparisons],
        "reasons": _reasons(score.reasons, words),
        "illustrative": score.series.illustrative,
    }


def _about(item: Any) -> dict[str, Any]:
    """Return what goals and KPIs have in common."""
    return {
        "id": item.id,
        "title": _text(item.title),
        "kind": item.kind or None,
        "owner": _text(item.owner),
        "tags": list(item.tags),
        "weight": item.weight,
        "file": item.where.file,
        "line": item.where.line,
    }


def _baseline(baseline: Baseline | None) -> dict[str, Any] | None:
    if baseline is None:
        return None
    odd = baseline.abnormal
    return {
        "value": baseline.value,
        "year": baseline.year,
        "approximate": baseline.approximate,
        "abnormal": None if odd is None else {"reason": _text(odd.reason), "year": odd.year, "value": odd.value},
        "printed": baseline.source.printed if baseline.source else None,
    }


def _target(target: Target | None) -> dict[str, Any] | None:
    if target is None:
        return None
    return {
        "value": target.value,
        "form": target.form.value,
        "written": target.written,
        "basis": target.basis.value,
        "by_policy": target.by_policy,
    }


def _original(original: Original | None) -> dict[str, Any] | None:
    return None if original is None else {**original._asdict(), "status": original.status.value}


def _comparison(comparison: Comparison, words: Language) -> dict[str, Any]:
    return {
        "year": comparison.year,
        "baseline": comparison.baseline,
        "kind": comparison.kind,
        "reference": comparison.reference,
        "change": comparison.change,
        "relative": comparison.relative,
        "reason": words.phrase(comparison.reason) if comparison.reason else None,
    }


def _goal(score: GoalScore, words: Language) -> dict[str, Any]:
    goal = score.goal
    return {
        "path": score.path,
        **(_about(goal) if goal else {}),
        "status": score.status.value,
        "severity": score.severity,
        "attainment": score.attainment,
        "expected": score.expected,
        "pace": score.pace,
        "lag": score.lag,
        "coverage": score.coverage,
        "worst": score.worst.value if score.worst else None,
        "counts": {status.value: count for status, count in score.counts.items()},
        "veto_breached": list(score.veto),
        "binding_lagging": list(score.binding),
        "incomplete": list(score.incomplete),
        "shares": [
            {
                "path": share.path, "weight": share.weight, "part": share.part, "attainment": share.attainment,
                "expected": share.expected, "coverage": share.coverage, "status": share.status.value, "support": share.support,
            }
            for share in score.shares
        ],
        "reasons": _reasons(score.reasons, words),
    }  # fmt: skip
