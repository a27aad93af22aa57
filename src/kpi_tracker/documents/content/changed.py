"""What changed since an earlier date, grouped by what a leader would ask."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from kpi_tracker.changes import AMENDMENTS, Change, ChangeKind
from kpi_tracker.documents.blocks import Block, Cell, Paragraph, Row, Section, Table
from kpi_tracker.documents.content.cells import score_badge
from kpi_tracker.documents.content.material import Material, Score
from kpi_tracker.documents.content.tables import columns
from kpi_tracker.language import N_
from kpi_tracker.model.scorecard import GoalScore, KpiScore
from kpi_tracker.reporting.changed import CHANGE_WORDS, Side, altered, altered_words, sides

__all__ = ["changes_section"]


def changes_section(material: Material) -> Section | None:
    """Return what changed since the earlier scorecard, each with what was and what is; None where there is none."""
    if material.since is None:
        return None
    words, day = material.words, material.since.as_of.isoformat()
    found = material.changes
    heading = words.text(N_("What changed since {day}"), day=day)
    blocks: list[Block] = [*_summary(found, material)]
    if material.since.known_at is not None:
        told = N_("Before: as it was seen at the end of {day}; what was recorded later does not count there.")
        blocks.append(Paragraph(words.text(told, day=material.since.known_at.date().isoformat()), "note"))
    for kind, group in groupby(found, key=lambda change: change.kind):
        blocks.append(_table(kind, list(group), material))
    return Section("changes", heading, tuple(blocks))


def _summary(found: Sequence[Change], material: Material) -> Iterator[Paragraph]:
    """Yield how many changes of each kind there are: of KPIs, which are what is counted, and of the goals above them."""
    words = material.words
    if not found:
        yield Paragraph(words.text(N_("Nothing changed that calls for a word.")))
    for message, of in ((N_("KPIs: {counts}"), KpiScore), (N_("Goals: {counts}"), GoalScore)):
        kinds = [change.kind for change in found if isinstance(change.after or change.before, of)]
        parts = [f"{words.text(CHANGE_WORDS[kind])} {kinds.count(kind)}" for kind in ChangeKind
                 if kind in kinds and kind not in AMENDMENTS]  # fmt: skip
        amended = sum(kind in AMENDMENTS for kind in kinds)
        if amended:
            parts.append(f"{words.text(N_('The plan was amended'))} {amended}")
        if parts:
            yield Paragraph(words.text(message, counts=" · ".join(parts)))


def _table(kind: ChangeKind, group: Sequence[Change], material: Material) -> Table:
    words, found = material.words, altered(material.changes)
    rows = []
    for change in group:
        page = material.page(change.path) if change.after is not None else None
        mark = altered_words(change, found, words)
        item = Cell(material.say(change.title), to=page, marks=(mark,) if mark else ())
        scores, told = (change.before, change.after), sides(change, words)
        pair = (_side(score, side, material) for score, side in zip(scores, told, strict=True))
        rows.append(Row((item, *pair), change.status))
    heads = columns(material, N_("Item"), N_("Before"), N_("Now"))
    return Table(f"changes-{kind.value.replace('_', '-')}", heads, tuple(rows), words.text(CHANGE_WORDS[kind]))


def _side(score: Score | None, told: Side, material: Material) -> Cell:
    """Return one side of a change, with the status where that is what changed."""
    badge = score_badge(score, material.words) if score is not None and told.judged else None
    return Cell(told.text, told.detail, badge=badge)
