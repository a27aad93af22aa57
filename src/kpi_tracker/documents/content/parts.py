"""Figures by a dimension: the parts of a KPI on its page, and on the plan's the members with their part of every KPI."""

from collections.abc import Iterator

from kpi_tracker.cut import Cut, MemberCut, Standing, cut_by
from kpi_tracker.documents.blocks import Block, Cell, Column, Paragraph, Row, Section, Table
from kpi_tracker.documents.content.cells import (
    attainment_cell,
    badge,
    bullet,
    comparison_cell,
    fraction_cell,
    item_cell,
    lag_cell,
    owner_cell,
)
from kpi_tracker.documents.content.material import Material
from kpi_tracker.documents.content.tables import columns
from kpi_tracker.language import N_
from kpi_tracker.model.measure import Status
from kpi_tracker.model.scorecard import KpiScore, PartScore
from kpi_tracker.record import changed
from kpi_tracker.reporting.cuttext import counts_words, part_target, part_value
from kpi_tracker.reporting.explainedparts import ADDS_WORDS
from kpi_tracker.reporting.parts import part_remarks
from kpi_tracker.reporting.words import NONE, fraction

__all__ = ["cut_sections", "parts_section"]

MOST = 5
"""No table has more KPIs side by side: a sheet of paper has no room for them."""


def parts_section(score: KpiScore, material: Material) -> Section | None:
    """Return the parts of a KPI, a table for each dimension; None where it has none."""
    blocks: list[Block] = [Paragraph(text, "warning") for text in part_remarks(score, material.words)]
    for i, breakdown in enumerate(score.kpi.breakdown, 1):
        parts = [part for part in score.parts if part.dimension == breakdown.by]
        dimension = material.plan.dimension(breakdown.by)
        if dimension is not None and parts:
            adds = material.words.text(ADDS_WORDS[breakdown.adds])
            text = N_("Parts by {dimension}: {adds}")
            caption = material.words.text(text, dimension=material.say(dimension.title), adds=adds)
            blocks.append(_parts_table(f"parts-{i}", parts, material, caption))
    return Section("parts", material.words.text(N_("Parts")), tuple(blocks)) if score.parts else None


def _parts_table(name: str, parts: list[PartScore], material: Material, caption: str) -> Table:
    words = material.words
    pictures = [_picture(part, material) for part in parts]
    rows = []
    for part, picture in zip(parts, pictures, strict=True):
        score = part.score
        cells = (
            Cell(material.say(part.member.title)), _status_cell(score, material), _reached_cell(score, material),
            attainment_cell(score), lag_cell(score, words), fraction_cell(part.share), comparison_cell(score, words),
            owner_cell(score, material), *([picture] if any(p.drawing for p in pictures) else []),
        )  # fmt: skip
        rows.append(Row(cells, score.status))
    heads: list[str | tuple[str, str]] = [
        N_("Member"), N_("Status"), (N_("Value"), N_("Target")), (N_("Attainment"), N_("Expected")), (N_("Lag"), N_("Days")),
        N_("Share of the total"), N_("Against the base year"), N_("Owner"),
    ]  # fmt: skip
    if any(picture.drawing for picture in pictures):
        heads.append(N_("Picture"))
    return Table(name, columns(material, *heads, numeric=(2, 3, 4, 5, 6)), tuple(rows), caption)


def _status_cell(score: KpiScore, material: Material) -> Cell:
    if score.status is Status.UNKNOWN:  # nothing is planned for it, so there is nothing to judge
        return Cell(NONE)
    return Cell(badge=badge(score.status, material.words, score.severity))


def _reached_cell(score: KpiScore, material: Material) -> Cell:
    value = score.value if isinstance(score.value, float | int) else None
    return Cell(part_value(score, material.words), part_target(score, material.words), sort=value)


def _picture(part: PartScore, material: Material) -> Cell:
    """Return the small picture of a part that is judged, under the name of its member."""
    score = part.score
    if score.attainment is None:
        return Cell()
    return Cell(drawing=bullet(changed(score, kpi=changed(score.kpi, title=part.member.title)), material))


def cut_sections(material: Material) -> Iterator[Section]:
    """Yield a section for each dimension by which a KPI is taken apart: members as rows, KPIs as columns."""
    for i, dimension in enumerate(material.plan.dimensions, 1):
        cut = cut_by(material.card, dimension.id)
        if cut.kpis:
            heading = material.words.text(N_("By {dimension}"), dimension=material.say(dimension.title))
            yield Section(f"by-{i}", heading, tuple(_tables(f"by-{i}", cut, material)))


def _tables(name: str, cut: Cut, material: Material) -> Iterator[Table]:
    """Yield the tables of a cut, the first with what there is to say of each member as a whole."""
    heads = columns(material, N_("Member"), N_("Number of KPIs"), N_("Not reported"))
    rows = tuple(
        Row((Cell(material.say(member.member.title), material.say(member.member.owner)),
             Cell(counts_words(member, material.words)), _unreported_cell(member, material)))
        for member in cut.members
    )  # fmt: skip
    yield Table(name, heads, rows)
    for n, at in enumerate(range(0, len(cut.kpis), MOST), 1):
        shown = cut.kpis[at : at + MOST]
        titled = (Column(material.title(kpi.path), numeric=True) for kpi in shown)
        found = (*columns(material, N_("Member")), *titled)
        whole = Row((Cell(material.words.text(N_("the whole"))), *(_whole_cell(kpi, material) for kpi in shown)))
        yield Table(f"{name}-{n}", found, (whole, *(_row(member, shown, material) for member in cut.members)))


def _unreported_cell(member: MemberCut, material: Material) -> Cell:
    return Cell(material.listed(material.title(one.whole.path) for one in member.unreported) or NONE)


def _row(member: MemberCut, shown: tuple[KpiScore, ...], material: Material) -> Row:
    by_path = {one.whole.path: one for one in member.standings}
    cells = [_standing_cell(by_path.get(kpi.path), material) for kpi in shown]
    return Row((Cell(material.say(member.member.title)), *cells))


def _whole_cell(score: KpiScore, material: Material) -> Cell:
    return changed(item_cell(score.path, material, _course(score)), text=part_value(score, material.words),
                   badge=badge(score.status, material.words, score.severity))  # fmt: skip


def _standing_cell(one: Standing | None, material: Material) -> Cell:
    if one is None:
        return Cell(NONE)
    score, words = one.part.score, material.words
    share = words.text(N_("{share} of the total"), share=fraction(one.part.share)) if one.part.share is not None else ""
    mark = None if score.status is Status.UNKNOWN else badge(score.status, words, score.severity)
    return Cell(part_value(score, words), _course(score) or share, badge=mark)


def _course(score: KpiScore) -> str:
    return "" if score.attainment is None else f"{fraction(score.attainment)} / {fraction(score.expected)}"
