"""A check as SARIF 2.1.0: a result for each KPI that fails or is in doubt and for each fault, at its file and line."""

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from kpi_tracker.diagnostics import Place, Severity
from kpi_tracker.diagnostics.faults import FAULTS
from kpi_tracker.language import N_, Language, language
from kpi_tracker.model.measure import Status
from kpi_tracker.model.scorecard import KpiScore
from kpi_tracker.reporting.account import title_of
from kpi_tracker.reporting.checked import Checked
from kpi_tracker.reporting.remarked import figures_of, told_of
from kpi_tracker.reporting.repository import path_in_repository

__all__ = ["SCHEMA", "log", "write"]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
NOT_JUDGED = "not_judged"
RULES = {
    NOT_JUDGED: N_("Nothing of the plan could be judged, or too little for the whole."),
    Status.BREACHED.value: N_("A bound that must never break was broken."),
    Status.MISSED.value: N_("The end has come and the target is not met."),
    Status.REGRESSING.value: N_("The value is worse than where it started."),
    Status.LAGGING.value: N_("Attainment is behind what is expected by now, by more than the thresholds allow."),
    Status.NO_DATA.value: N_("No figure has come: nothing can be said."),
    Status.STALE.value: N_("The newest figure is too old: the next one is overdue."),
    Status.UNKNOWN.value: N_("Too little is known to judge it."),
    Status.AT_RISK.value: N_("Attainment is behind what is expected by now; it does not lag yet."),
    "incomplete": N_("Figures are missing or were left out: it may look better than it is."),
}


def write(checked: Sequence[Checked], lang: str, fail_on: str) -> str:
    """Return the log, with files named from the workspace of the job, else from the working directory."""
    here = os.getcwd()
    found = log(checked, lang, fail_on, here, os.environ.get("GITHUB_WORKSPACE") or here)
    return json.dumps(found, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


class Result(NamedTuple):
    """A result before it is written: `key` names, beside the rule, what it is about."""

    rule: str
    level: str
    message: str
    place: Place
    key: tuple[str, ...]
    properties: Mapping[str, object] | None = None


def log(checked: Sequence[Checked], lang: str, fail_on: str, folder: str, root: str) -> dict[str, Any]:
    """Return the log as plain data: one run of the tool over all plans."""
    from kpi_tracker import __version__

    words = language(lang)
    found = [result for one in checked for result in _results(one, words, fail_on)]
    rules = [*RULES, *sorted({result.rule for result in found} - set(RULES))]
    like = Counter[str]()
    results = [
        {
            "ruleId": result.rule, "ruleIndex": rules.index(result.rule), "level": result.level,
            "message": {"text": result.message}, "locations": [_location(result.place, folder, root)],
            "partialFingerprints": {"kpiTracker/v1": _fingerprint(result, like)},
            **({"properties": result.properties} if result.properties else {}),
        }
        for result in found
    ]  # fmt: skip
    driver = {
        "name": "kpi-tracker",
        "version": __version__,
        "language": "zh-CN" if lang == "zh" else "en",
        "rules": [_rule(rule, words) for rule in rules],
    }
    invocation = {"executionSuccessful": all(one.sound for one in checked)}
    run = {
        "tool": {"driver": driver},
        "invocations": [invocation],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: str, words: Language) -> dict[str, Any]:
    message = RULES[rule] if rule in RULES else FAULTS[rule].message
    both = f"{message}\n{language('zh').text(message)}"
    level = "error" if rule not in RULES and not FAULTS[rule].warning else "warning"
    return {
        "id": rule,
        "shortDescription": {"text": words.text(message)},
        "help": {"text": both},
        "defaultConfiguration": {"level": level},
    }


def _results(one: Checked, words: Language, fail_on: str) -> Iterator[Result]:
    whole = one.plan.id if one.plan else one.source
    if one.obstacle is not None:
        yield Result(NOT_JUDGED, "error", words.phrase(one.obstacle), Place(one.file), (whole,))
    for fault in one.faults:
        level = "error" if fault.severity is Severity.ERROR else "warning"
        key = (whole, fault.path, str(fault.args.get("value", "")))
        yield Result(fault.code, level, fault.message(words.code), fault.place, key)
    findings = one.findings(fail_on)
    for level, kpis in (("error", findings.failing), ("warning", findings.doubtful)):
        for kpi in kpis:
            rule = kpi.status.value if kpi.status.value in RULES else "incomplete"
            message = f"{title_of(kpi, words)} · {told_of(one, kpi, words)}"
            yield Result(rule, level, message, kpi.kpi.where, (whole, kpi.path), _properties(one, kpi))


def _location(place: Place, folder: str, root: str) -> dict[str, Any]:
    from urllib.parse import quote

    file = path_in_repository(place.file, folder, root)
    uri = quote(file, errors="surrogateescape")  # a file may have a name that is no text
    artifact = {"uri": "file://" + uri} if os.path.isabs(file) else {"uri": uri, "uriBaseId": "%SRCROOT%"}
    physical: dict[str, Any] = {"artifactLocation": artifact}
    if place.line:
        physical["region"] = {"startLine": place.line, **({"startColumn": place.column} if place.column else {})}
    return {"physicalLocation": physical}


def _fingerprint(result: Result, like: Counter[str]) -> str:
    """Return what a result keeps when lines move: a hash of its rule, what it is about, and its number among its like."""
    told = "\n".join([result.rule, *result.key])
    like[told] += 1
    return sha256(f"{told}\n{like[told]}".encode("utf-8", "surrogateescape")).hexdigest()


SARIF_NAMES = {
    "flag": "flag", "flag_since": "flagSince", "lags_since": "lagsSince", "acknowledged_by": "acknowledgedBy",
    "acknowledged_until": "acknowledgedUntil", "changes": "changes", "changes_since": "changesSince",
}  # fmt: skip


def _properties(one: Checked, kpi: KpiScore) -> dict[str, object]:
    assert one.scorecard is not None  # noqa: S101 - the KPI is of it
    figures = {
        "value": kpi.value, "attainment": kpi.attainment, "expected": kpi.expected, "pace": kpi.pace, "lag": kpi.lag,
        "daysBehind": kpi.days_behind, "dataDate": kpi.data_date.isoformat() if kpi.data_date else None,
    }  # fmt: skip
    title = kpi.kpi.title
    about = {"plan": one.scorecard.plan.id, "path": kpi.path, "titleZh": title.zh, "titleEn": title.en}
    known = {name: value for name, value in figures.items() if value is not None}
    return {
        **about,
        "status": kpi.status.value,
        "asOf": one.scorecard.as_of.isoformat(),
        **known,
        **{SARIF_NAMES[name]: value for name, value in figures_of(one, kpi.path).items() if value is not None},
        "illustrative": kpi.illustrative,
    }
