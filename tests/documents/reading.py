"""Finding what a document says: pages, sections, tables and all texts of a block."""

from collections.abc import Iterator

from kpi_tracker.documents.blocks import (
    Block,
    Branch,
    Cell,
    Chart,
    Document,
    Facts,
    Headline,
    Page,
    Paragraph,
    Section,
    Table,
    Tree,
)

__all__ = ["cells", "column", "fact", "links", "page", "said", "section", "table", "texts"]


def page(document: Document, wanted: str) -> Page:
    """Return the page with an id, or whose id ends with it."""
    return next(one for one in document.pages if one.id == wanted or one.id.endswith("/" + wanted))


def section(one: Page, wanted: str) -> Section:
    """Return a section by its id."""
    return next(part for part in one.sections if part.id == wanted)


def table(one: Page, wanted: str) -> Table:
    """Return a table by its name."""
    found = (block for part in one.sections for block in part.blocks if isinstance(block, Table))
    return next(block for block in found if block.name == wanted)


def column(one: Table, title: str) -> list[Cell]:
    """Return the cells below a heading."""
    at = [head.title for head in one.columns].index(title)
    return [row.cells[at] for row in one.rows]


def fact(one: Page, name: str) -> Cell:
    """Return what is said under a name."""
    found = (block for part in one.sections for block in part.blocks if isinstance(block, Facts))
    return next(cell for block in found for told, cell in block.rows if told == name)


def cells(block: Block) -> Iterator[Cell]:
    """Yield every cell of a block."""
    if isinstance(block, Table):
        for row in block.rows:
            yield from row.cells
    elif isinstance(block, Facts):
        yield from (cell for _, cell in block.rows)
    elif isinstance(block, Tree):
        yield from _branches(block.branches)


def _branches(found: tuple[Branch, ...]) -> Iterator[Cell]:
    for branch in found:
        yield branch.cell
        yield from _branches(branch.below)


def links(one: Page) -> Iterator[str]:
    """Yield the pages that a page leads to."""
    yield from (target for target, _ in one.trail)
    for part in one.sections:
        for block in part.blocks:
            yield from (cell.to for cell in cells(block) if cell.to is not None)


def said(one: Page | Section) -> str:
    """Return every text of a page or section, a line each."""
    parts = one.sections if isinstance(one, Page) else (one,)
    return "\n".join(text for part in parts for text in (part.heading, *(t for b in part.blocks for t in texts(b))))


def texts(block: Block) -> Iterator[str]:
    """Yield every text of a block."""
    if isinstance(block, Paragraph):
        yield block.text
    elif isinstance(block, Headline):
        yield block.badge.text
        for reading in block.readings:
            yield from (reading.name, reading.value, reading.detail)
        yield from (f"{count.badge.text} {count.number}" for count in block.counts)
    elif isinstance(block, Chart):
        yield from (block.drawing.title, block.drawing.description)
    elif isinstance(block, Table):
        yield block.caption
        for head in block.columns:
            yield from (head.title, head.detail)
    elif isinstance(block, Facts):
        yield from (name for name, _ in block.rows)
    for cell in cells(block):
        yield from (cell.text, cell.detail, *cell.marks, cell.badge.text if cell.badge else "")
