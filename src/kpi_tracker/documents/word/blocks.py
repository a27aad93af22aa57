"""The blocks of a page as Word has them."""

from collections.abc import Iterator

from kpi_tracker.documents.blocks import Block, Chart, Facts, Headline, Paragraph, Table, Tree
from kpi_tracker.documents.word.cells import Cells
from kpi_tracker.documents.word.elements import Element, paragraph, run
from kpi_tracker.documents.word.styles import WIDTH
from kpi_tracker.documents.word.tables import facts_table, headline_table, rows_table, tree_table

__all__ = ["Blocks"]

_TONES = {"plain": "Normal", "quiet": "Quiet", "note": "Note", "warning": "Warning"}


class Blocks:
    """Writes blocks."""

    def __init__(self, cells: Cells, heads: tuple[str, str]) -> None:
        """Write cells by `cells`; `heads` stand over the items of a tree and their statuses."""
        self._cells = cells
        self._heads = heads

    def written(self, block: Block) -> Iterator[Element]:
        """Yield the paragraphs and tables of a block."""
        if isinstance(block, Paragraph):
            yield paragraph(_TONES[block.tone], run(block.text))
        elif isinstance(block, Chart):
            yield from self._chart(block)
        elif isinstance(block, Headline):
            yield from self._headline(block)
        else:
            yield from self._table(block)

    def _table(self, block: Table | Tree | Facts) -> Iterator[Element]:
        """Yield a table, and a gap behind it: Word makes one of two tables without a paragraph between them."""
        if isinstance(block, Facts):
            yield facts_table(block, self._cells)
        elif isinstance(block, Tree):
            yield tree_table(block, self._cells, self._heads)
        else:
            if block.caption:
                yield paragraph("caption", run(block.caption))
            yield rows_table(block, self._cells)
        yield paragraph("Gap")

    def _headline(self, block: Headline) -> Iterator[Element]:
        yield paragraph("Verdict", *self._cells.badge(block.badge, VERDICT))
        if block.readings:
            yield headline_table(block)
            yield paragraph("Gap")
        if block.counts:
            counts = []
            for count in block.counts:
                counts.extend([*self._cells.badge(count.badge, COUNT), run(f"\u00a0{count.number}\u2003")])
            yield paragraph("Counts", *counts)

    def _chart(self, block: Chart) -> Iterator[Element]:
        """Yield a picture; its description in its place where it cannot be drawn."""
        picture = self._cells.pictures.run(block.drawing, WIDTH)
        if picture is not None:
            yield paragraph("Picture", picture)
        else:
            yield paragraph("Note", run(block.drawing.description))


VERDICT, COUNT = 13.0, 9.5
