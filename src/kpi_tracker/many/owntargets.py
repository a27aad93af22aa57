"""A group's own baselines and targets, which stand over those of the template."""

from collections.abc import Collection
from typing import NamedTuple

from kpi_tracker.diagnostics.report import Report
from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.language import N_, Phrase
from kpi_tracker.many.sheet import Line, read_sheet
from kpi_tracker.model.exactness import added
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import NUMERIC, Direction, Measure
from kpi_tracker.model.target import TargetForm, shown_by
from kpi_tracker.notation.number import Unreadable, read_number

__all__ = ["Own", "read_own"]


class Own(NamedTuple):
    """The figures that a group has for a KPI instead of those of the template; None where those hold."""

    baseline: float | None
    target: float | None
    tolerance: float | None = None
    form: str | None = None


def read_own(
    path: str, column: str, plan: Plan, known: Collection[str] | None, report: Report
) -> dict[tuple[str, str], Own | None] | None:
    """Return the own figures that a list (CSV or Parquet with `column`, kpi, baseline, target) has, by group and KPI.

    An empty cell leaves the figure of the template. A target that the template works out from the baseline follows an
    own baseline. Numbers are read as in a plan (`4.92亿元`), grades by their words. What cannot be used is reported: rows of
    no KPI, and of groups that are not `known` (None: all are), are left out; figures that cannot be any, or are told twice
    and not alike, are None, for the KPI of that group must not be scored by those of the template. A list that cannot serve
    at all is None.
    """
    lines = read_sheet(path, (column, "kpi"), ("baseline", "target"), report)
    if lines is None:
        return None
    kpis = {item.id: item for _, item in plan.walk() if isinstance(item, Kpi)}
    found: dict[tuple[str, str], Own | None] = {}
    first: dict[tuple[str, str], Line] = {}
    for line in lines:
        key = line.cells.get(column, ""), line.cells.get("kpi", "")
        if not line.whole:  # which of its cells is missing is not known
            found[key] = None
            first.setdefault(key, line)
            continue
        before = len(report.diagnostics)
        if known is not None and key[0] not in known:
            near = nearest(key[0], list(known))
            report.add("KT377", line.at(column, report), max(1, len(key[0])), value=key[0], nearest=near)
        if key[1] not in kpis:
            near = nearest(key[1], list(kpis))
            report.add("KT405", line.at("kpi", report), max(1, len(key[1])), value=key[1], nearest=near)
        elif key in found:
            report.add("KT376", line.at(column, report), len(key[0]), value=" ".join(key), first=first[key].place.line)
            if line.cells != first[key].cells:
                found[key] = None
        if len(report.diagnostics) == before:
            own = _own(line, kpis[key[1]], "/".join(key), report)
            if len(report.diagnostics) == before and (figures := _on_wrong_side(kpis[key[1]], own)):
                cell = "target" if line.cells.get("target") else "baseline"
                told = f"{'/'.join(key)} ({figures[0]} → {figures[1]})"
                report.add("KT367", line.at(cell, report), len(line.cells[cell]), rows=told)
            found[key] = own if len(report.diagnostics) == before else None
            first[key] = line
    return found


def _on_wrong_side(kpi: Kpi, own: Own) -> tuple[str, str] | None:
    """Return baseline and target of a figure that would be asked to stay where it is, or to go where it should not.

    That is what `frames.score` refuses; None where all is well.
    """
    if kpi.target is None or (kpi.target.form is TargetForm.MAINTAIN and own.form is None):
        return None
    target = _place(kpi, kpi.target.value) if own.target is None else own.target
    baseline = own.baseline if own.baseline is not None or kpi.baseline is None else _place(kpi, kpi.baseline.value)
    if baseline is None:
        return None
    if kpi.measure is Measure.GRADE:
        wrong = target >= baseline
    else:
        wrong = kpi.measure in NUMERIC and shown_by(target, baseline) is not kpi.direction
    return (_shown(kpi, baseline), _shown(kpi, target)) if wrong else None


def _shown(kpi: Kpi, value: float) -> str:
    """Return a figure as it is shown; of a grade its word."""
    return kpi.scale[int(value) - 1] if kpi.scale else f"{value:.15g}"


def _place(kpi: Kpi, value: float | str) -> float:
    """Return a figure, or the place of a grade on its scale (1 the best)."""
    return kpi.scale.index(value) + 1.0 if isinstance(value, str) else value


def _own(line: Line, kpi: Kpi, name: str, report: Report) -> Own:
    baseline = _figure(line, "baseline", kpi, name, report)
    target = _figure(line, "target", kpi, name, report)
    if target is not None and kpi.target is not None and kpi.target.form is TargetForm.MAINTAIN:
        kept = _place(kpi, kpi.baseline.value) if baseline is None and kpi.baseline is not None else baseline
        if kept is None or shown_by(target, kept) is not None:
            return Own(baseline, target, form=TargetForm.VALUE.value)  # to be reached, and no more to be kept
        target = None  # what is to be kept, once more
    if baseline is None or kpi.target is None:
        return Own(baseline, target)
    tolerance = kpi.target.tolerance
    slack = None if tolerance is None else tolerance.of(baseline)
    return Own(baseline, _followed(kpi, baseline, slack) if target is None else target, slack)


def _followed(kpi: Kpi, baseline: float, slack: float | None) -> float | None:
    """Return the target that the template's rule gives for an own baseline; None where its target is no such rule's."""
    target, before = kpi.target, kpi.baseline
    assert target is not None  # noqa: S101 - asked before
    if target.form is TargetForm.MAINTAIN:
        if slack is None or kpi.measure is Measure.LEVEL:
            return baseline
        return added(baseline, slack if kpi.direction is Direction.DECREASE else -slack)
    if target.form not in (TargetForm.IMPROVE, TargetForm.CHANGE):
        return None
    assert before is not None and isinstance(before.value, float | int)  # noqa: S101, PT018 - such a target has one
    assert isinstance(target.value, float | int)  # noqa: S101 - as of a number
    if target.written.strip().endswith(("%", "％")) and before.value:
        return baseline * target.value / before.value
    return added(baseline, added(target.value, -before.value))


def _figure(line: Line, column: str, kpi: Kpi, name: str, report: Report) -> float | None:
    """Return a figure in the KPI's unit, of a grade its place on the scale (1 the best); None where the cell is empty."""
    written = line.cells.get(column, "")
    if not written:
        return None
    reason: Phrase
    if kpi.measure is Measure.MILESTONE:
        reason = Phrase(N_("a milestone has steps, and neither baseline nor target"))
    elif kpi.scale:
        if written in kpi.scale:
            return kpi.scale.index(written) + 1.0
        reason = Phrase(N_("it is none of {expected}"), {"expected": kpi.scale})
    else:
        try:
            return read_number(written, kpi.unit)
        except Unreadable as unreadable:
            reason = unreadable.reason
    told = name if line.order else f"{name}, {column}"  # a row of Parquet has no place of a cell
    report.add("KT406", line.at(column, report), len(written), value=written, kpi=told, reason=reason)
    return None
