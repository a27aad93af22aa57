"""The formulas of a plan: read where they are written, and checked against the KPIs that they name."""

from typing import Any

from kpi_tracker.diagnostics import Place
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.language import N_, Phrase
from kpi_tracker.loading.fields import Origin, Type, scalar_text
from kpi_tracker.loading.wrong import Reported, Wrong
from kpi_tracker.model.kpi import Formula, Kpi
from kpi_tracker.model.measure import Aggregate, Measure

__all__ = ["FORMULA", "refuse_summed", "wrong_formulas"]

NO_NUMBER = (Measure.MILESTONE, Measure.GRADE)


def _formula(node: Any, origin: Origin) -> Any:
    text = scalar_text(node)
    if text is None:
        raise Wrong("KT203", expected=Phrase(N_("a formula")))
    from kpi_tracker.derived.parsing import Misformed, parse

    place = origin.place(node)
    start = Place(place.file, place.line, place.column + bool(node.style))  # a quote stands before the text
    try:
        parse(text)
    except Misformed as wrong:
        origin.report.add(wrong.code, _at(start, wrong.at), wrong.length, **wrong.args_of_fault)
        raise Reported from None
    return Formula(text, start)


FORMULA = Type(_formula, {"type": "string"})


def refuse_summed(formula: Any, measure: Measure, aggregate: Any, origin: Origin) -> None:
    """Report a formula whose values would be added up: each is the whole already."""
    if measure in (Measure.TOTAL, Measure.LIMIT) and aggregate in (None, Aggregate.SUM):
        origin.report.add("KT337", formula.where)


def wrong_formulas(kpis: list[tuple[str, Kpi]], broken: list[str], report: Report) -> set[str]:
    """Report the formulas that name what is not there, do not fit in their units or go round in a circle.

    Returns:
        The paths of their KPIs.
    """
    from kpi_tracker.derived.references import circle, inputs_of

    by_path = dict(kpis)
    inputs = {path: inputs_of(kpi.formula, (*by_path, *broken)) for path, kpi in kpis if kpi.formula is not None}
    wrong = {path for path in inputs if not _fits(path, by_path, inputs[path], report)}
    needs = {path: {found for found in named.values() if found in inputs} for path, named in inputs.items()}
    while members := circle(needs):
        first = min(members)
        at = members.index(first)
        turned = [*members[at:-1], *members[:at], first]
        report.add("KT335", _formula_of(by_path[first]).where, path=first, members=" → ".join(turned))
        wrong |= set(members)
        needs = {path: set() if path in members else needed for path, needed in needs.items()}
    return wrong


def _formula_of(kpi: Kpi) -> Any:
    return kpi.formula


def _fits(path: str, kpis: dict[str, Kpi], inputs: dict[str, str | None], report: Report) -> bool:
    """Report what is wrong with the formula of one KPI, and tell whether nothing is."""
    from kpi_tracker.derived.dimension import check_units
    from kpi_tracker.derived.parsing import Misformed, parse
    from kpi_tracker.model.expression import references

    before = len(report.diagnostics)
    formula = _formula_of(kpis[path])
    expression = parse(formula.text)
    for reference in references(expression):
        found, at = inputs[reference.name], _at(formula.where, reference.at)
        if found is None:
            known = [*kpis, *(kpi.id for kpi in kpis.values())]
            near = nearest(reference.name, known)
            report.add("KT333", at, len(reference.name), path, value=reference.name, nearest=near)
        elif found in kpis and kpis[found].measure in NO_NUMBER:
            measure = kpis[found].measure.value
            report.add("KT336", at, len(reference.name), path, value=reference.name, measure=measure)
    units = {name: kpis[found].unit for name, found in inputs.items() if found in kpis}
    try:
        check_units(expression, units, kpis[path].unit)
    except Misformed as wrong:
        report.add(wrong.code, _at(formula.where, wrong.at), wrong.length, path, **wrong.args_of_fault)
    return len(report.diagnostics) == before


def _at(start: Place, offset: int) -> Place:
    return Place(start.file, start.line, start.column + offset)
