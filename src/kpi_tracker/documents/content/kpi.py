"""The page of a KPI: where it stands, what it takes, how every figure came about, and where each was written."""

from collections.abc import Iterator

from kpi_tracker.documents.blocks import Block, Cell, Chart, Column, Facts, Page, Paragraph, Row, Section, Table
from kpi_tracker.documents.charts.bullet import bullet_chart
from kpi_tracker.documents.charts.pace import pace_chart
from kpi_tracker.documents.content.amended import amendments_section
from kpi_tracker.documents.content.cells import baseline_marks, score_badge, signed
from kpi_tracker.documents.content.goal import supports_section
from kpi_tracker.documents.content.material import Material
from kpi_tracker.documents.content.measuring import measuring
from kpi_tracker.documents.content.overview import kpi_overview
from kpi_tracker.documents.content.parts import parts_section
from kpi_tracker.documents.content.provenance import (
    decided_blocks,
    figures_table,
    observations_section,
    thresholds_blocks,
)
from kpi_tracker.documents.content.recorded import notes
from kpi_tracker.documents.content.tables import columns
from kpi_tracker.documents.content.terms import COMPARED_WORDS
from kpi_tracker.documents.content.trail import subtitle, trail
from kpi_tracker.explanation import Explanation, explain, times_so_far
from kpi_tracker.language import N_
from kpi_tracker.model import reasons
from kpi_tracker.model.measure import Status
from kpi_tracker.model.scorecard import Comparison, KpiScore
from kpi_tracker.reporting.words import NONE, a_month, difference, estimate, number, with_unit

__all__ = ["kpi_page"]


def kpi_page(score: KpiScore, material: Material) -> Page:
    """Return the page of a KPI."""
    kpi = score.kpi
    sections = tuple(section for section in _sections(score, material) if section is not None)
    return Page(
        material.page(score.path) or score.path, "kpi", material.say(kpi.title), sections, subtitle(kpi, material),
        trail(score.path, material), score_badge(score, material.words),
    )  # fmt: skip


def _sections(score: KpiScore, material: Material) -> Iterator[Section | None]:
    words, kpi = material.words, score.kpi
    explanation = explain(material.card, score.path)
    yield Section(
        "overview", words.text(N_("At a glance")), (*kpi_overview(score, material), *notes(kpi.notes, material))
    )
    yield _charts(score, material)
    yield _takes(score, material)
    yield _steps(score, material)
    yield parts_section(score, material)
    yield amendments_section(score.path, material)
    yield _comparisons(score, material)
    yield Section("measuring", words.text(N_("What is measured")), measuring(score, explanation, material))
    yield supports_section(score.path, kpi, material)
    yield _figures(score, explanation, material)
    yield observations_section(explanation, material)


def _charts(score: KpiScore, material: Material) -> Section | None:
    drawn = (
        ("pace", pace_chart(score, material.card, material.words)), ("bullet", bullet_chart(score, material.words)),
    )  # fmt: skip
    charts = tuple(Chart(name, drawing) for name, drawing in drawn if drawing is not None)
    return Section("course", material.words.text(N_("Course")), charts) if charts else None


def _takes(score: KpiScore, material: Material) -> Section | None:
    """Return what it takes to reach the target, for measures that can go faster or slower."""
    words, ahead, kpi = material.words, score.outlook, score.kpi
    if ahead.reason == reasons.NOT_FOR_MEASURE or score.value is None:
        return None
    times, why_not = times_so_far(score)
    rates = (
        (N_("needed from {day} on"), a_month(kpi, ahead.needed, words)),
        (N_("rate so far"), a_month(kpi, ahead.so_far, words)),
        (N_("needed over so far"), NONE if times is None else f"{number(times)}×"),
        (N_("landing at the rate so far"), estimate(kpi, ahead.landing, words)),
    )
    day = (score.data_date or material.card.as_of).isoformat()
    blocks: list[Block] = [
        Facts(tuple((material.remark(words.text(name, day=day)), Cell(value)) for name, value in rates))
    ]
    if why := why_not or ahead.reason:
        blocks.append(Paragraph(material.remark(words.phrase(why)), "quiet"))
    return Section("outlook", words.text(N_("What it takes")), tuple(blocks))


def _steps(score: KpiScore, material: Material) -> Section | None:
    """Return the steps of a milestone with those that are done, and those that should be."""
    kpi, words = score.kpi, material.words
    if not kpi.steps:
        return None
    done, rows = material.steps_done(score), []
    for step in kpi.steps:
        late = step.due <= material.card.as_of and score.status is not Status.EXEMPT
        state = N_("open") if not late else N_("no data") if score.value is None else N_("overdue")
        rows.append(Row((
            Cell(material.say(step.title)), Cell(step.due.isoformat()), Cell(words.text(N_("done") if step.id in done else state)),
            Cell(number(step.weight), sort=step.weight),
        )))  # fmt: skip
    heads = columns(material, N_("Step"), N_("Due"), N_("State"), N_("Weight"), numeric=(3,))
    return Section("steps", words.text(N_("Steps")), (Table("steps", heads, tuple(rows)),))


def _comparisons(score: KpiScore, material: Material) -> Section | None:
    if not score.comparisons:
        return None
    words = material.words
    heads: tuple[Column, ...] = columns(
        material, N_("Base year"), N_("Baseline"), N_("Compared with"), N_("Change"), N_("Relative change"),
        numeric=(1, 2, 3, 4),
    )  # fmt: skip
    rows = tuple(_compared(found, score, material) for found in score.comparisons)
    table = Table("comparisons", heads, rows)
    return Section("comparisons", words.text(N_("Against the base year")), (table, *_abnormal(score, material)))


def _compared(found: Comparison, score: KpiScore, material: Material) -> Row:
    words, unit = material.words, score.kpi.unit
    relative = NONE if found.relative is None else signed(found.relative)
    first = found is score.comparisons[0]
    marks = baseline_marks(score.kpi.baseline, words) if first else ()
    return Row((
        Cell(str(found.year)), Cell(with_unit(found.baseline, unit, words), marks=marks),
        Cell(with_unit(found.reference, unit, words), words.text(COMPARED_WORDS[found.kind], year=found.year)),
        Cell(difference(found.change, unit, words)), Cell(relative, words.phrase(found.reason) if found.reason else ""),
    ))  # fmt: skip


def _abnormal(score: KpiScore, material: Material) -> Iterator[Paragraph]:
    base = score.kpi.baseline
    if base is not None and base.abnormal is not None:
        reason = material.say(base.abnormal.reason)
        yield Paragraph(material.words.text(N_("The base year was no ordinary one: {reason}"), reason=reason), "note")


def _figures(score: KpiScore, explanation: Explanation, material: Material) -> Section:
    why = score.reasons.get("value")
    first: Block = figures_table(explanation, material)
    if why is not None:  # then it is why there is no figure at all
        first = Paragraph(material.remark(material.words.phrase(why)), "quiet")
    blocks = (first, *decided_blocks(score, material), *thresholds_blocks(explanation.thresholds, material))
    return Section("score", material.words.text(N_("How the score came about")), blocks)
