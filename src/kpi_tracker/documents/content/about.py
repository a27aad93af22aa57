"""About a document: when it speaks of, by which rules it judges, how to read it, what it was made from and with."""

from collections.abc import Iterator

from kpi_tracker import __version__
from kpi_tracker.documents.blocks import Block, Cell, Facts, Paragraph, Section
from kpi_tracker.documents.content.material import Material
from kpi_tracker.documents.content.provenance import thresholds_blocks
from kpi_tracker.documents.content.recorded import notes, source_text
from kpi_tracker.documents.content.terms import CALENDAR_WORDS
from kpi_tracker.language import N_
from kpi_tracker.reporting.words import fraction

__all__ = ["about_section", "dated", "made_by"]

READING = (
    (N_("Attainment"), N_("How much of the way to the target is done; 100% is all of it.")),
    (N_("Expected"), N_("How much of it should be done by the date of the figures, by the KPI's own expected course.")),
    (N_("Lag"), N_("Expected less attainment, in percentage points; below 0 means ahead.")),
    (N_("Coverage"), N_("The share of the weight below that has current figures; the rest is not counted as good.")),
    (N_("no data"), N_("A figure was due and none has come.")),
    (N_("stale"), N_("The newest figure is too old; what it said stands beside it.")),
    (N_("unknown"), N_("Too much is missing below for a verdict.")),
    (N_("pending"), N_("No figure is due yet.")),
    (N_("exempt"), N_("Taken out of the count, with the reason.")),
    (N_("assumed"), N_("A target that the source of the plan does not give: it was set for keeping track.")),
    (N_("derived"), N_("A target that follows from the source without standing in it.")),
    (N_("approximate"), N_("The source prints “more than” or “about”.")),
    (N_("abnormal year"), N_("The base year was no ordinary one, so a second base year stands beside it.")),
)


def dated(material: Material) -> str:
    """Return the dates that every page rests on, in one line."""
    words, card = material.words, material.card
    told = [words.text(N_("as of {day}"), day=card.as_of.isoformat())]
    if card.known_at:
        told.append(words.text(N_("as known at {moment}"), moment=card.known_at.isoformat(" ", "minutes")))
    told.append(words.text(N_("against {year}"), year=material.plan.baseline_year))
    return " · ".join(told)


def made_by() -> str:
    """Return the name and version of what makes documents."""
    return f"kpi_tracker {__version__}"


def about_section(material: Material) -> Section:
    """Return what a reader must know to read the document. No time of writing: the same input gives the same bytes."""
    words = material.words
    blocks: tuple[Block, ...] = (
        Facts(tuple(_facts(material))),
        *notes(material.plan.notes, material),
        Paragraph(words.text(N_("How to read the figures:"))),
        Facts(tuple((material.remark(words.text(term)), Cell(words.text(meaning))) for term, meaning in READING)),
        *thresholds_blocks(material.plan.thresholds, material),
    )
    if material.illustrative:
        warning = words.text(N_("Illustrative data: figures made up to show the product, not real results"))
        blocks = (Paragraph(warning, "warning"), *blocks)
    return Section("about", words.text(N_("About this document")), blocks)


def _facts(material: Material) -> Iterator[tuple[str, Cell]]:
    words, plan, card = material.words, material.plan, material.card
    yield words.text(N_("As of")), Cell(card.as_of.isoformat())
    if card.known_at:
        yield words.text(N_("Data known at")), Cell(card.known_at.isoformat(" ", "minutes"))
    if material.since is not None:
        yield words.text(N_("Compared with")), Cell(material.since.as_of.isoformat())
    yield words.text(N_("Period")), Cell(f"{plan.period.start.isoformat()} … {plan.period.end.isoformat()}")
    yield words.text(N_("Base year")), Cell(str(plan.baseline_year))
    yield words.text(N_("Course of time")), Cell(words.text(CALENDAR_WORDS[plan.calendar]))
    yield words.text(N_("Least coverage for a verdict")), Cell(fraction(plan.coverage_floor))
    if plan.owner:
        yield words.text(N_("Owner")), Cell(material.say(plan.owner))
    if plan.source:
        yield words.text(N_("Where the plan comes from")), Cell(source_text(plan.source, material))
    goals, kpis, facts = plan.counts
    counted = words.text(
        N_("{goals}, {kpis}, {facts}"), goals=words.count(N_("{n} goal"), N_("{n} goals"), goals),
        kpis=words.count(N_("{n} KPI"), N_("{n} KPIs"), kpis),
        facts=words.count(N_("{n} recorded fact"), N_("{n} recorded facts"), facts),
    )  # fmt: skip
    yield words.text(N_("What it holds")), Cell(counted)
    yield words.text(N_("Written in")), Cell(material.place(plan.where), code=True)
    yield words.text(N_("Made by")), Cell(made_by())
