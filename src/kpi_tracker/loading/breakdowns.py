"""The breakdowns of KPIs: built with the unit and the measure of their KPI, and checked against the plan's dimensions."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from kpi_tracker.diagnostics.report import Report
from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.language import N_, Phrase
from kpi_tracker.loading.fields import BROKEN, Origin, Written
from kpi_tracker.loading.figures import build_baseline
from kpi_tracker.loading.target import build_target, build_tolerance, shown_direction
from kpi_tracker.loading.wrong import Reported
from kpi_tracker.model.breakdown import Breakdown, Dimension, OwnPlan, members_of
from kpi_tracker.model.goal import Plan, names
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Adds, Direction, Measure
from kpi_tracker.model.target import Baseline, TargetForm
from kpi_tracker.model.unit import Unit

__all__ = ["About", "built", "wrong_breakdowns"]

NUMBERS = (Measure.TOTAL, Measure.LEVEL, Measure.RATE, Measure.LIMIT)


class About(NamedTuple):
    """What a KPI is, as far as its parts are the same."""

    measure: Measure
    unit: Unit
    scale: tuple[str, ...]
    direction: Direction | None
    derived: bool


def built(written: Any, about: About, origin: Origin) -> tuple[Breakdown, ...]:
    """Return the breakdowns that are written for a KPI, their figures in its unit; none where they could not be read.

    Raises:
        Reported: one cannot be; the faults are in the report.
    """
    before = len(origin.report.diagnostics)
    found: dict[str, Breakdown] = {}
    for one in written if written is not BROKEN else ():
        breakdown = _one(one, about, origin)
        if breakdown.by in found:
            first = Phrase(N_("this KPI is taken apart by it already"))
            origin.wrong(one.node, "KT301", value=breakdown.by, first=first)
        found.setdefault(breakdown.by, breakdown)
    if len(origin.report.diagnostics) > before:
        raise Reported
    return tuple(found.values())


def _one(written: Written, about: About, origin: Origin) -> Breakdown:
    values, at = dict(written.values), written.node
    adds = values["adds"]
    if adds is not Adds.NONE and (about.derived or about.measure not in NUMBERS):
        # A formula gives the total itself; steps and grades cannot be calculated with.
        origin.wrong(at, "KT204", key="adds", value=adds.value, expected=(Adds.NONE.value,))
    parts = values.pop("parts", {})
    own = tuple(_own(name, part, about, origin) for name, part in parts.items())
    weighed = "weigh_by" in values or any(part.weight is not None for part in own)
    if weighed and adds is not Adds.MEAN:
        origin.wrong(at, "KT353", key="weigh_by" if "weigh_by" in values else "weight", value=adds.value)
    elif "weigh_by" in values and any(part.weight is not None for part in own):
        origin.wrong(at, "KT353", key="weight", value="weigh_by")
    if values.get("same_target") and adds is Adds.SUM:
        origin.wrong(at, "KT353", key="same_target", value=adds.value)
    if "tolerance" in values:
        if adds is Adds.NONE:
            origin.wrong(values["tolerance"], "KT353", key="tolerance", value=adds.value)
        values["tolerance"] = build_tolerance(values["tolerance"], about.unit, origin)
    return Breakdown(**values, parts=own, where=origin.place(at))


def _own(name: str, written: Written, about: About, origin: Origin) -> OwnPlan:
    values = dict(written.values)
    baseline: Baseline | None = None
    try:
        if "baseline" in values:
            baseline = values["baseline"] = build_baseline(values["baseline"], about.unit, about.scale, origin)
        if "target" in values:
            values["target"] = _own_target(values["target"], baseline, about, origin)
    except Reported:  # named; it goes with the whole KPI
        return OwnPlan(name)
    return OwnPlan(name, **values, where=origin.place(written.node))


def _own_target(written: Written, baseline: Baseline | None, about: About, origin: Origin) -> Any:
    if about.measure is Measure.MILESTONE:
        origin.wrong(written.node, "KT310", key="target", measure=about.measure.value)
        raise Reported
    target = build_target(written, about.measure, about.unit, about.scale, baseline, about.direction, origin)
    if baseline is not None and about.direction is not None and target.form is not TargetForm.MAINTAIN:
        shown_direction(about.direction, float(baseline.value), target, origin)
    return target


def wrong_breakdowns(plan: Plan, kpis: list[tuple[str, Kpi]], report: Report) -> set[str]:
    """Report the breakdowns by what is no dimension, with what is no member of it, or with weights that are not there.

    Returns:
        The paths of their KPIs.
    """
    by_path = dict(kpis)
    wrong = set()
    for path, kpi in kpis:
        before = len(report.diagnostics)
        for breakdown in kpi.breakdown:
            dimension = plan.dimension(breakdown.by)
            if dimension is None:
                known = tuple(one.id for one in plan.dimensions)
                near = nearest(breakdown.by, known)
                report.add(
                    "KT350", breakdown.where, len(breakdown.by), path, value=breakdown.by, expected=known, nearest=near
                )
                continue
            _members(path, breakdown, dimension, report)
            _weights(path, breakdown, dimension, by_path, report)
        if len(report.diagnostics) > before:
            wrong.add(path)
    return wrong


def _members(path: str, breakdown: Breakdown, dimension: Dimension, report: Report) -> None:
    """Report names that are none of the dimension's, and members that are named twice or stand aside."""
    among = dimension.members
    for named in (breakdown.members, breakdown.parts):
        seen: dict[str, str] = {}
        for one in named:
            member = dimension.find(one.name)
            if member is None or member not in among:
                known = tuple(str(m.title) for m in among)
                near = "" if member else nearest(one.name, [name for m in among for name in m.names])
                args = {"value": one.name, "of": dimension.id, "expected": known, "nearest": near}
                report.add("KT351", one.where, len(one.name), path, **args)
            elif member.id in seen:
                first = Phrase(N_("“{name}” is the same member"), {"name": seen[member.id]})
                report.add("KT301", one.where, len(one.name), path, value=one.name, first=first)
            else:
                seen[member.id] = one.name
        among = members_of(breakdown, dimension) or among  # where none of them is one, that has been said


def _weights(path: str, breakdown: Breakdown, dimension: Dimension, kpis: dict[str, Kpi], report: Report) -> None:
    members = members_of(breakdown, dimension)
    weights = [breakdown.own(member).weight for member in members]
    if any(weight is not None for weight in weights):
        without = tuple(str(m.title) for m, weight in zip(members, weights, strict=True) if weight is None)
        if without or not any(weights):
            reason = Phrase(N_("{members} have none"), {"members": without}) if without else Phrase(N_("all are 0"))
            report.add("KT354", breakdown.where, len(breakdown.by), path, reason=reason)
    if breakdown.weigh_by:
        for reason in _wrong_weights(path, breakdown, kpis):
            report.add("KT354", breakdown.where, len(breakdown.by), path, reason=reason)


def _wrong_weights(path: str, breakdown: Breakdown, kpis: dict[str, Kpi]) -> Iterator[Phrase]:
    """Yield why the KPI that is to give the weights cannot."""
    found = next((one for one in kpis if names(one, breakdown.weigh_by)), None)
    args = {"value": breakdown.weigh_by, "by": breakdown.by}
    if found is None:
        near = nearest(breakdown.weigh_by, [*kpis, *(kpi.id for kpi in kpis.values())])
        told = Phrase(N_("there is no KPI “{value}” in this plan"), args)
        yield Phrase(N_("{fault}; did you mean “{nearest}”?"), {"fault": told, "nearest": near}) if near else told
    elif found == path or kpis[found].measure not in NUMBERS:
        yield Phrase(N_("“{value}” cannot weigh them"), args)
    elif breakdown.by not in [one.by for one in kpis[found].breakdown]:
        yield Phrase(N_("“{value}” is not taken apart by {by}"), args)
