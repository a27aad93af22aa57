"""What a KPI measures: unit, direction, baseline, target, dates, who reports it, and where each was written."""

from collections.abc import Iterator

from kpi_tracker.documents.blocks import Block, Cell, Facts
from kpi_tracker.documents.content.cells import baseline_cell, target_cell
from kpi_tracker.documents.content.material import Material
from kpi_tracker.documents.content.recorded import notes, source_text
from kpi_tracker.explanation import Explanation
from kpi_tracker.language import N_
from kpi_tracker.model.goal import Assumed
from kpi_tracker.model.measure import Basis, Measure
from kpi_tracker.model.scorecard import KpiScore
from kpi_tracker.model.target import Baseline, Target, TargetForm
from kpi_tracker.record import changed
from kpi_tracker.reporting.terms import AGGREGATE_WORDS, CADENCE_WORDS, PROFILE_WORDS
from kpi_tracker.reporting.words import BASIS_WORDS, DIRECTION_WORDS, MEASURE_WORDS, NONE, number

__all__ = ["measuring"]


def measuring(score: KpiScore, explanation: Explanation, material: Material) -> tuple[Block, ...]:
    """Return everything that the plan says of a KPI, with the notes on its baseline and target."""
    kpi = score.kpi
    rows = (*_terms(score, material), *_dates(score, material), *_standing(score, explanation, material))
    of_base = notes(kpi.baseline.notes, material) if kpi.baseline else ()
    of_target = notes(kpi.target.notes, material) if kpi.target else ()
    return (Facts(rows), *of_base, *of_target)


def _terms(score: KpiScore, material: Material) -> Iterator[tuple[str, Cell]]:
    kpi, words = score.kpi, material.words
    yield words.text(N_("What it measures")), Cell(words.text(MEASURE_WORDS[kpi.measure]))
    unit = material.say(kpi.unit.text)
    if unit:
        yield words.text(N_("Its unit")), Cell(unit)
    if kpi.direction:
        inferred = words.text(N_("inferred from baseline and target")) if kpi.direction_inferred else ""
        yield words.text(N_("Better is")), Cell(words.text(DIRECTION_WORDS[kpi.direction]), inferred)
    if kpi.scale:
        yield words.text(N_("Grades, best first")), Cell(material.listed(kpi.scale))
    if kpi.aggregate:
        yield words.text(N_("The value is")), Cell(words.text(AGGREGATE_WORDS[kpi.aggregate]))
    if kpi.baseline:
        year, source = str(kpi.baseline.year or material.plan.baseline_year), source_text(kpi.baseline.source, material)
        detail = " · ".join(part for part in (year, source) if part)
        yield words.text(N_("Baseline")), changed(baseline_cell(kpi.baseline, kpi, words), detail=detail)
        second = kpi.baseline.abnormal
        if second and second.year is not None and second.value is not None:
            other = baseline_cell(Baseline(second.value), kpi, words)
            yield words.text(N_("A second base year to compare with")), changed(other, detail=str(second.year))
    yield words.text(N_("Target")), _target(score, material)


def _target(score: KpiScore, material: Material) -> Cell:
    kpi, words = score.kpi, material.words
    cell = target_cell(kpi, material)
    if kpi.target is None or kpi.measure is Measure.MILESTONE:
        return cell
    basis = words.text(BASIS_WORDS[kpi.target.basis]) if kpi.target.basis is Basis.STATED else ""
    policy = words.text(N_("given by the plan's target_policy")) if kpi.target.by_policy else ""
    written = words.text(N_("written “{text}”"), text=_as_written(kpi.target)) if kpi.target.written else ""
    parts = (basis, policy, written, source_text(kpi.target.source, material))
    return changed(cell, detail=" · ".join(part for part in parts if part))


def _as_written(target: Target) -> str:
    """Return a target in the plan's own notation."""
    return target.written if target.form is TargetForm.VALUE else f"{target.form.value}: {target.written}"


def _dates(score: KpiScore, material: Material) -> Iterator[tuple[str, Cell]]:
    kpi, words, plan = score.kpi, material.words, material.plan
    start, due = kpi.start or plan.period.start, kpi.due or plan.period.end
    yield words.text(N_("Period")), Cell(f"{start.isoformat()} … {due.isoformat()}")
    if kpi.measure not in (Measure.RATE, Measure.LIMIT, Measure.MILESTONE):
        points = material.listed(f"{point.date.isoformat()} {number(point.share * 100)}%" for point in kpi.points)
        yield words.text(N_("Expected course")), Cell(words.text(PROFILE_WORDS[kpi.profile]), points)
    yield words.text(N_("Reported")), Cell(words.text(CADENCE_WORDS[kpi.cadence or plan.cadence]))
    grace = plan.grace if kpi.grace is None else kpi.grace
    yield words.text(N_("Days until a figure is overdue")), Cell(str(grace))
    yield words.text(N_("Next figure due by")), Cell(score.next_due.isoformat() if score.next_due else NONE)


def _standing(score: KpiScore, explanation: Explanation, material: Material) -> Iterator[tuple[str, Cell]]:
    kpi, words = score.kpi, material.words
    yield (
        words.text(N_("Owner")),
        Cell(material.say(kpi.owner) or NONE, marks=material.assumed(Assumed.OWNER, kpi.owner)),
    )
    yield words.text(N_("Weight")), Cell(number(kpi.weight), marks=material.assumed(Assumed.WEIGHT))
    if kpi.kind:
        kind = material.plan.kinds.get(kpi.kind)
        yield words.text(N_("Kind")), Cell(material.say(kind.title) if kind else kpi.kind)
    if kpi.tags:
        yield words.text(N_("Tags")), Cell(material.listed(kpi.tags))
    if kpi.source:
        yield words.text(N_("Where it comes from")), Cell(source_text(kpi.source, material))
    yield words.text(N_("Id")), Cell(kpi.id, code=True)
    for name, place in explanation.written.items():
        yield words.text(PLACES[name]), Cell(material.place(place), code=True)


PLACES = {"kpi": N_("KPI written at"), "baseline": N_("Baseline written at"), "target": N_("Target written at")}
