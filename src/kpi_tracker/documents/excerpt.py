"""What of a document goes on paper: the plan, its branches, and in short form every KPI that needs attention.

A site may have a page for each KPI; a paper that is handed round must be read through.
"""

from collections.abc import Iterable, Iterator, Mapping

from kpi_tracker.documents.blocks import Block, Cell, Chart, Document, Headline, Page, Paragraph, Section, Table
from kpi_tracker.documents.naming import PLAN
from kpi_tracker.record import changed, record
from kpi_tracker.reporting.words import NONE

__all__ = ["Excerpt", "excerpt"]

_PLAN_WITHOUT = frozenset({"facts"})
_GOAL_WITHOUT = frozenset({"kpis", "score", "record", "facts", "supports"})
_KPI_WITH = frozenset({"overview", "course", "outlook", "steps"})
_HEADED = frozenset({"outlook", "steps"})
_PICTURES = frozenset({"pace"})
_COUNTS = "counts"
_ATTENTION = ("lagging", "data-problems")
"""The sections of the plan that name the KPIs of the annex, in this order."""
MOST = 60
"""So many KPIs at most stand in the annex."""


@record
class Excerpt:
    """The pages of a paper document: chapters, then in the annex the KPIs that need attention, the worst first.

    `left_out` is the number of those for which the annex has no room.
    """

    chapters: tuple[Page, ...]
    annex: tuple[Page, ...]
    left_out: int = 0

    @property
    def pages(self) -> tuple[Page, ...]:
        """All pages in the order of the paper."""
        return self.chapters + self.annex


def excerpt(document: Document) -> Excerpt:
    """Return what of `document` goes on paper; its pages are read once."""
    branches = [page for page, _ in document.contents]
    wanted: list[str] = []
    kept: dict[str, Page] = {}
    for page in document.pages:
        if page.id == PLAN:
            kept[page.id] = _without(page, _PLAN_WITHOUT)
            wanted = list(dict.fromkeys(_named(page)))
        elif page.kind == "goal" and page.id in branches:
            kept[page.id] = _without(page, _GOAL_WITHOUT)
        elif page.kind == "kpi" and page.id in wanted[:MOST]:
            kept[page.id] = _short(page, document.banners)
    chapters, annex = (PLAN, *(page for page in branches if page != PLAN)), wanted[:MOST]
    return Excerpt(_held(kept, chapters), _held(kept, annex), len(wanted) - len(annex))


def _named(plan: Page) -> Iterator[str]:
    """Yield the pages of the KPIs that the plan's page names as lagging or without data."""
    sections = {section.id: section for section in plan.sections}
    for section in (sections[name] for name in _ATTENTION if name in sections):
        for block in section.blocks:
            if isinstance(block, Table):
                yield from (row.cells[0].to for row in block.rows if row.cells[0].to)


def _without(page: Page, ids: frozenset[str]) -> Page:
    """Return a page without some of its sections, and without what says nothing or says it twice."""
    sections = (section for section in page.sections if section.id not in ids)
    return changed(page, sections=tuple(Section(s.id, s.heading, tuple(_brief(s.blocks))) for s in sections))


def _brief(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Yield blocks, tables without their empty columns, headlines without counts where a picture has them too."""
    pictured = any(isinstance(block, Chart) and block.name == _COUNTS for block in blocks)
    for block in blocks:
        if isinstance(block, Table):
            yield _narrow(block)
        elif isinstance(block, Headline) and pictured:
            yield changed(block, counts=())
        else:
            yield block


def _narrow(block: Table) -> Table:
    """Return a table without the columns in which no row has anything: paper has no room for them."""
    said = [i for i in range(len(block.columns)) if any(_says(row.cells[i]) for row in block.rows)]
    if not said:
        return block
    rows = tuple(changed(row, cells=tuple(row.cells[i] for i in said)) for row in block.rows)
    return changed(block, columns=tuple(block.columns[i] for i in said), rows=rows)


def _says(cell: Cell) -> bool:
    return bool(cell.text not in ("", NONE) or cell.detail or cell.badge or cell.marks or cell.drawing)


def _short(page: Page, banners: tuple[str, ...]) -> Page:
    """Return the page of a KPI in short form: without what the head of every sheet says already, and one picture."""
    sections = []
    for section in page.sections:
        if section.id in _KPI_WITH:
            blocks = tuple(_brief(tuple(block for block in section.blocks if not _spare(block, banners))))
            sections.append(Section(section.id, section.heading if section.id in _HEADED else "", blocks))
    return changed(page, sections=tuple(sections))


def _spare(block: Block, banners: tuple[str, ...]) -> bool:
    if isinstance(block, Paragraph):
        return block.text in banners
    return isinstance(block, Chart) and block.name not in _PICTURES


def _held(kept: Mapping[str, Page], ids: Iterable[str]) -> tuple[Page, ...]:
    return tuple(kept[page] for page in ids if page in kept)
