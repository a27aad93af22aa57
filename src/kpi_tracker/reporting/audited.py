"""What an audit found, as text and as JSON, `kpi-tracker/audit/v1`."""

import json
from collections.abc import Iterable
from typing import IO, Any

from kpi_tracker.audit.finding import Finding
from kpi_tracker.diagnostics.diagnostic import SEVERITY_WORDS, plain
from kpi_tracker.language import N_, language
from kpi_tracker.model.scorecard import Scorecard
from kpi_tracker.reporting.terms import changed_terms

__all__ = ["AUDIT_FORMAT", "findings_to_json", "write_findings"]

AUDIT_FORMAT = "kpi-tracker/audit/v1"
PAST_WORDS = {
    "history": N_("held against the runs in history"),
    "git": N_("held against the git revisions of its folder"),
    None: N_("there are no earlier runs to hold it against"),
}


def write_findings(
    findings: Iterable[Finding], past: str | None, scorecard: Scorecard, file: IO[str], lang: str = "en"
) -> None:
    """Write every finding with its place and its item, below what it was found in."""
    words, found, plan = language(lang), tuple(findings), scorecard.plan
    count = words.count(N_("{n} finding"), N_("{n} findings"), len(found))
    day = words.text(N_("as of {day}"), day=scorecard.as_of.isoformat())
    file.write(f"{plain(plan.title.in_language(lang))} · {day} · {words.text(PAST_WORDS[past])} · {count}\n")
    for finding in found:
        severity = words.text(SEVERITY_WORDS[finding.severity])
        file.write(f"{plain(str(finding.place))}: {severity} {finding.code}: {_message(finding, lang)}\n")
        file.write(f"  {words.text(N_('in {path}'), path=plain(finding.path or plan.id))}\n")


def findings_to_json(findings: Iterable[Finding], past: str | None, scorecard: Scorecard, lang: str = "en") -> str:
    """Return the findings as JSON text, the same bytes for the same input."""
    document = {
        "format": AUDIT_FORMAT,
        "plan": scorecard.plan.id,
        "as_of": scorecard.as_of.isoformat(),
        "past": past,
        "findings": [_finding(finding, lang) for finding in findings],
        "diagnostics": [fault.to_dict(lang) for fault in scorecard.diagnostics],
    }
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _message(finding: Finding, lang: str) -> str:
    """Return the finding in words; terms that were changed in those of the user, not by their keys in a plan."""
    sides = changed_terms(*finding.scores, language(lang)) if finding.scores is not None else None
    return finding.message(lang, sides)


def _finding(finding: Finding, lang: str) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "path": finding.path,
        "file": finding.place.file,
        "line": finding.place.line,
        "column": finding.place.column,
        "before": finding.before,
        "after": finding.after,
        "day": finding.day.isoformat() if finding.day else None,
        "message": _message(finding, lang),
    }
