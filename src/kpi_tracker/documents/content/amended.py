"""What was changed of the plan in the course of the year, why, and by which document."""

from kpi_tracker.documents.blocks import Block, Cell, Paragraph, Row, Section, Table
from kpi_tracker.documents.content.cells import item_cell
from kpi_tracker.documents.content.material import Material
from kpi_tracker.documents.content.tables import columns
from kpi_tracker.language import N_
from kpi_tracker.model.amendment import Amended, Amendment
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.scorecard import KpiScore
from kpi_tracker.reporting.words import NONE, number, original_words, with_unit

__all__ = ["amendments_section"]

WHAT = {
    Amended.TARGET: N_("Target"),
    Amended.BASELINE: N_("Baseline"),
    Amended.WEIGHT: N_("Weight"),
    Amended.STEPS: N_("Steps"),
    Amended.TERMS: N_("Terms"),
    Amended.REMOVED: N_("removed"),
}


def amendments_section(path: str | None, material: Material) -> Section | None:
    """Return the amendments of the item at `path`, and how it stands against what was first set; of None all there are."""
    words = material.words
    found = [one for one in material.plan.amendments if path is None or one.item == path]
    if not found:
        return None
    rows = tuple(_row(one, material, path is None) for one in found)
    names = (
        N_("Date"),
        *((N_("Item"),) if path is None else ()),
        N_("What"),
        N_("Before"),
        N_("After"),
        N_("Reason"),
        N_("Reference"),
    )
    blocks: list[Block] = [Table("amendments", columns(material, *names), rows)]
    score = None if path is None else material.card.items.get(path)
    if isinstance(score, KpiScore) and (told := original_words(score, words)):
        blocks.insert(0, Paragraph(told, "note"))
    return Section("amendments", words.text(N_("Amendments")), tuple(blocks))


def _row(one: Amendment, material: Material, named: bool) -> Row:
    item = material.card.items.get(one.item)
    kpi = item.kpi if isinstance(item, KpiScore) else None
    here = (item_cell(one.item, material) if item else Cell(one.item),) if named else ()
    return Row((
        Cell(one.date.isoformat()), *here, Cell(material.words.text(WHAT[one.what])), Cell(_value(one.before, one, kpi, material)),
        Cell(_value(one.after, one, kpi, material)), Cell(material.say(one.reason)), Cell(one.reference),
    ))  # fmt: skip


def _value(value: float | str | None, one: Amendment, kpi: Kpi | None, material: Material) -> str:
    if value is None or isinstance(value, str):
        return value or NONE
    return number(value) if one.what is Amended.WEIGHT or kpi is None else with_unit(value, kpi.unit, material.words)
