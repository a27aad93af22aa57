"""A check in Prometheus' text format, for the textfile collector of node_exporter. What has no value has no sample.

The names, and the language of HELP, do not depend on `lang`: node_exporter refuses one metric with two helps in two files.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time

from kpi_tracker.diagnostics import Severity
from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.flags.flag import Flag
from kpi_tracker.language import language
from kpi_tracker.model.measure import Status
from kpi_tracker.model.scorecard import GoalScore, KpiScore, Scorecard
from kpi_tracker.reporting.checked import Checked

__all__ = ["write"]

HELP = {
    "plan_judged": "Whether plan and data were read without error and the whole could be judged; where 0, do not rely on the rest.",
    "plan_illustrative": "Whether any figure rests on data that were made up to show the product.",
    "plan_faults": "Faults of the plan and its data.",
    "plan_as_of_timestamp_seconds": "Last second of the day that was scored.",
    "plan_kpis": "KPIs of the plan by status.",
    "goal_status": "1 for the status of the goal (the plan where path is empty), 0 for every other.",
    "goal_attainment_ratio": "Mean attainment of what is scored below the goal.",
    "goal_expected_ratio": "Mean attainment that is expected by now below the goal.",
    "goal_lag_ratio": "Expected minus attained, 0.1 is ten percentage points.",
    "goal_coverage_ratio": "Scored share of the weight below the goal.",
    "flag": "1 for each flag that is up, with its level; the plan where path is empty.",
    "flag_since_timestamp_seconds": "Last second of the day from which the flag counts as raised.",
    "flag_acknowledged": "Whether somebody has taken note of the flag.",
    "kpi_info": "What a KPI is called, who answers for it and what it is measured in.",
    "kpi_status": "1 for the status of the KPI, 0 for every other.",
    "kpi_value": "Value in the unit of the KPI.",
    "kpi_attainment_ratio": "Share of the way from the start to the target; may lie outside 0 to 1.",
    "kpi_expected_ratio": "Attainment that is expected by now.",
    "kpi_lag_ratio": "Expected minus attained, 0.1 is ten percentage points.",
    "kpi_data_timestamp_seconds": "Last second of the day of the newest figure.",
}
Samples = dict[str, list[str]]


def write(checked: Sequence[Checked], lang: str, fail_on: str) -> str:
    """Return the samples of all plans, by metric; a plan that was named twice counts once."""
    samples: Samples = {name: [] for name in HELP}
    for one in {one.source: one for one in checked}.values():
        for name, labels, value in _of_plan(one, lang):
            samples[name].append(f"kpi_tracker_{name}{{{_labels(labels)}}} {value!r}")
    lines = []
    for name, found in samples.items():
        if found:
            lines += [f"# HELP kpi_tracker_{name} {HELP[name]}", f"# TYPE kpi_tracker_{name} gauge", *found]
    return "".join(line + "\n" for line in lines)


Sample = tuple[str, Mapping[str, str], float]


def _of_plan(one: Checked, lang: str) -> Iterator[Sample]:
    labels = {"source": one.source, **({"plan": one.plan.id} if one.plan else {})}
    yield "plan_judged", labels, int(one.sound)
    for severity in Severity:
        found = sum(fault.severity is severity for fault in one.diagnostics)
        yield "plan_faults", {**labels, "severity": severity.value}, found
    if one.scorecard is None:
        return
    yield "plan_as_of_timestamp_seconds", labels, _end_of(one.scorecard.as_of, one.scorecard)
    yield "plan_illustrative", labels, int(one.scorecard.illustrative)
    for status in Status:
        number = sum(kpi.status is status for kpi in one.scorecard.kpis)
        yield "plan_kpis", {**labels, "status": status.value}, number
    for flag in one.raised:
        yield from _of_flag(flag, {**labels, "path": flag.path}, one.scorecard)
    for item in one.scorecard.walk():
        yield from _of_item(item, {**labels, "path": item.path}, one.scorecard, lang)


def _of_flag(flag: Flag, labels: Mapping[str, str], scorecard: Scorecard) -> Iterator[Sample]:
    yield "flag", {**labels, "level": flag.level.value}, 1
    yield "flag_since_timestamp_seconds", labels, _end_of(flag.raised_on or flag.since, scorecard)
    yield "flag_acknowledged", labels, int(flag.acknowledged is not None)


def _of_item(
    item: KpiScore | GoalScore, labels: Mapping[str, str], scorecard: Scorecard, lang: str
) -> Iterator[Sample]:
    kind = "kpi" if isinstance(item, KpiScore) else "goal"
    for status in Status:
        yield f"{kind}_status", {**labels, "status": status.value}, int(item.status is status)
    figures = {"attainment": item.attainment, "expected": item.expected}
    figures["lag"] = None if item.lag is None else item.lag / 100
    if isinstance(item, GoalScore):
        figures["coverage"] = item.coverage
    for name, value in figures.items():
        if value is not None:
            yield f"{kind}_{name}_ratio", labels, value
    if isinstance(item, KpiScore):
        yield "kpi_info", {**labels, **_about(item, lang)}, 1
        if item.value is not None and not isinstance(item.value, str):
            yield "kpi_value", labels, item.value
        if item.data_date is not None:
            yield "kpi_data_timestamp_seconds", labels, _end_of(item.data_date, scorecard)


def _about(item: KpiScore, lang: str) -> dict[str, str]:
    kpi, code = item.kpi, language(lang).code
    owner = kpi.owner.in_language(code) if kpi.owner else ""
    return {
        "title": kpi.title.in_language(code), "owner": owner, "measure": kpi.measure.value,
        "unit": kpi.unit.text.in_language(code),
    }  # fmt: skip


def _end_of(day: date, scorecard: Scorecard) -> int:
    from zoneinfo import ZoneInfo

    return int(datetime.combine(day, time(23, 59, 59), ZoneInfo(scorecard.plan.time_zone)).timestamp())


def _labels(labels: Mapping[str, str]) -> str:
    return ",".join(f'{name}="{plain(value).translate(ESCAPED)}"' for name, value in labels.items())


ESCAPED = str.maketrans({"\\": r"\\", '"': r"\""})
