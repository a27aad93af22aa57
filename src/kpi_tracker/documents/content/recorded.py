"""What is recorded beside the KPIs: facts of the base year, sources, notes, where something was written."""

from collections.abc import Iterable

from kpi_tracker.documents.blocks import Block, Cell, Paragraph, Row, Section, Table
from kpi_tracker.documents.content.cells import item_cell
from kpi_tracker.documents.content.material import Material
from kpi_tracker.documents.content.tables import columns
from kpi_tracker.language import N_
from kpi_tracker.model.goal import Fact, Goal
from kpi_tracker.model.target import Source
from kpi_tracker.model.unit import Text
from kpi_tracker.reporting.words import with_unit

__all__ = ["facts_of", "facts_section", "notes", "source_text"]


def facts_of(material: Material) -> list[tuple[str, Fact]]:
    """Return all facts recorded in a plan, each with the path of the goal that holds it; the plan's own first."""
    found = [("", fact) for fact in material.plan.facts]
    for path, score in material.card.items.items():
        goal = getattr(score, "goal", None)
        if isinstance(goal, Goal):
            found.extend((path, fact) for fact in goal.facts)
    return found


def facts_section(found: Iterable[tuple[str, Fact]], material: Material, homes: bool = False) -> Section | None:
    """Return recorded facts in a table, with where each belongs if `homes`; None where there is none."""
    rows = [_row(path, fact, material, homes) for path, fact in found]
    if not rows:
        return None
    heads = columns(material, N_("Fact"), N_("Value"), N_("Source"), N_("Notes"), *([N_("Belongs to")] if homes else []),
                    numeric=(1,))  # fmt: skip
    heading = material.words.text(N_("Facts recorded of {year}"), year=material.plan.baseline_year)
    return Section("facts", heading, (Table("facts", heads, tuple(rows)),))


def _row(path: str, fact: Fact, material: Material, homes: bool) -> Row:
    words = material.words
    year = str(fact.year) if fact.year not in (None, material.plan.baseline_year) else ""
    marks = (words.text(N_("approximate")),) if fact.approximate else ()
    value = Cell() if fact.value is None else Cell(
        with_unit(fact.value, fact.unit, words), year, marks=marks,
        sort=None if isinstance(fact.value, str) else fact.value,
    )  # fmt: skip
    cells = [
        Cell(material.say(fact.title)),
        value,
        Cell(source_text(fact.source, material)),
        Cell(material.say(fact.notes)),
    ]
    if homes:
        cells.append(item_cell(path, material) if path else Cell())
    return Row(tuple(cells), tags=fact.tags)


def source_text(source: Source | None, material: Material) -> str:
    """Return where a figure comes from: document, section, and the figure as printed there."""
    if source is None:
        return ""
    printed = material.words.text(N_("printed “{figure}”"), figure=source.printed) if source.printed else ""
    return " · ".join(part for part in (source.document, source.section, printed) if part)


def notes(text: Text | None, material: Material) -> tuple[Block, ...]:
    """Return notes of the plan, a paragraph for each of their lines."""
    return tuple(Paragraph(line, "note") for line in material.say(text).splitlines() if line.strip())
