"""How a figure came about: its formula taken apart, the bands that judged it, the parts or observations that went in."""

from kpi_tracker.documents.blocks import Block, Cell, Paragraph, Row, Section, Table
from kpi_tracker.documents.content.cells import badge, item_cell
from kpi_tracker.documents.content.material import Material
from kpi_tracker.documents.content.tables import columns
from kpi_tracker.documents.content.terms import BASIS_OF_DATA_WORDS
from kpi_tracker.explanation import ROLE_WORDS, Explanation, SeenObservation
from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.exactness import exact
from kpi_tracker.model.measure import Status
from kpi_tracker.model.scorecard import GoalScore, KpiScore
from kpi_tracker.model.thresholds import Thresholds
from kpi_tracker.reporting.account import status_word
from kpi_tracker.reporting.decided import decided_by
from kpi_tracker.reporting.figures import FIGURE_WORDS, band_range, figure_name, figure_value, formula_words, share_role
from kpi_tracker.reporting.words import NONE, amount, fraction, number

__all__ = ["decided_blocks", "figures_table", "observations_section", "shares_table", "thresholds_blocks"]

LONGEST = 300
"""Numbers put into a formula are left out where there are more than a reader can follow; the parts stand in a table."""


def figures_table(explanation: Explanation, material: Material) -> Table:
    """Return every figure with its formula and the numbers put in, or why it has no value."""
    words = material.words
    rows = tuple(
        Row((
            Cell(figure_name(figure, words)), Cell(figure_value(figure, explanation.score, words)),
            Cell(formula_words(figure.formula, words), code=True),
            Cell(figure.filled_in if len(figure.filled_in) <= LONGEST else "…", code=True),
        ))
        for figure in explanation.figures
    )  # fmt: skip
    heads = columns(material, N_("Figure"), N_("Value"), N_("Formula"), N_("With the numbers put in"), numeric=(1,))
    return Table("figures", heads, rows)


def decided_blocks(score: KpiScore | GoalScore, material: Material) -> tuple[Block, ...]:
    """Return what decided the status where it was not the bands; an exemption is told at the head of the page."""
    if score.status is Status.EXEMPT:
        return ()
    words = material.words
    return tuple(
        Paragraph(words.text(N_("{status}: {told}"), status=status_word(score, words), told=told))
        for told in decided_by(score, material.card, words)
    )


def thresholds_blocks(thresholds: Thresholds, material: Material) -> tuple[Block, ...]:
    """Return the bands that turn a figure into a status."""
    words = material.words
    over = Phrase(FIGURE_WORDS[thresholds.by])
    caption = words.text(N_("Thresholds “{name}” over {figure}:"), name=thresholds.name, figure=over)
    rows = tuple(
        Row((Cell(badge=badge(Status(band.status), words, band.severity)), Cell(band_range(band))))
        for band in thresholds.bands
    )
    table = Table("thresholds", columns(material, N_("Status"), N_("From … to")), rows, caption.rstrip(":："))
    if thresholds.lag_floor is None:
        return (table,)
    floor = words.text(N_("a lag of up to {n} points is on track whatever the pace"), n=number(thresholds.lag_floor))
    return table, Paragraph(material.remark(floor), "quiet")


def observations_section(explanation: Explanation, material: Material) -> Section:
    """Return all observations with what replaced what: a corrected figure stays, with both dates."""
    score = explanation.score
    assert isinstance(score, KpiScore)  # noqa: S101 - goals have none
    words = material.words
    blocks: tuple[Block, ...] = (Paragraph(words.text(N_("There is no observation.")), "quiet"),)
    shown = [seen for seen in explanation.observations if seen.role != "later"]  # a report of a day tells no later one
    if shown:
        heads = columns(
            material, N_("Date"), N_("Value"), N_("As written"), N_("Recorded"), N_("Part"), N_("Basis"), N_("Source"),
            N_("Note"), N_("Place"), numeric=(1,),
        )  # fmt: skip
        rows = tuple(_observed(seen, score, material) for seen in shown)
        blocks = (Table("observations", heads, rows),)
    return Section("observations", words.text(N_("Observations")), blocks)


def _observed(seen: SeenObservation, score: KpiScore, material: Material) -> Row:
    words, row = material.words, seen.observation
    if isinstance(row.value, tuple):
        titles = {step.id: material.say(step.title) for step in score.kpi.steps}
        shown = Cell(material.listed(titles.get(name, name) for name in row.value) or NONE)
    else:
        shown = Cell(amount(score.kpi, row.value, words), sort=None if isinstance(row.value, str) else row.value)
    recorded = row.recorded_at.isoformat(" ", "minutes") if row.recorded_at else NONE
    return Row((
        Cell(row.date.isoformat()), shown, Cell(row.written), Cell(recorded), Cell(words.text(ROLE_WORDS[seen.role])),
        Cell(words.text(BASIS_OF_DATA_WORDS[row.basis])), Cell(row.source), Cell(row.note),
        Cell(material.place(row.where), code=True),
    ))  # fmt: skip


def shares_table(score: GoalScore, material: Material, supporting: bool | None = None) -> Table:
    """Return what each child adds to a goal's score; only what supports it, or only what stands in it, if asked for."""
    words = material.words
    rows = []
    for share in score.shares:
        if supporting is not None and share.support is not supporting:
            continue
        item = material.card.items.get(share.path)
        severity = item.severity if item else 0
        role = share_role(share, score, words)
        rows.append(Row((
            item_cell(share.path, material), Cell(badge=badge(share.status, words, severity)), Cell(role),
            Cell(number(share.weight), sort=share.weight), Cell(fraction(share.part), sort=share.part),
            Cell(fraction(share.attainment), sort=share.attainment), Cell(fraction(share.expected), sort=share.expected),
            Cell(fraction(share.coverage), sort=share.coverage), _added(share.part, share.attainment),
        )))  # fmt: skip
    heads = columns(
        material, N_("Child"), N_("Status"), N_("Counts as"), N_("Weight"), N_("Share"), N_("Attainment"),
        N_("Expected"), N_("Coverage"), N_("Adds to attainment"), numeric=(3, 4, 5, 6, 7, 8),
    )  # fmt: skip
    return Table("supporters" if supporting else "shares", heads, tuple(rows))


def _added(part: float | None, attainment: float | None) -> Cell:
    if part is None or attainment is None:
        return Cell(NONE)
    added = exact(part * min(1.0, max(0.0, attainment)))
    return Cell(fraction(added), sort=added)
