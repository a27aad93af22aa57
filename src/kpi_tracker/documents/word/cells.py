"""What stands in a cell, beside a name, or in a headline: text, status, marks, links, small pictures."""

from collections.abc import Iterator, Mapping

from kpi_tracker.documents.blocks import Badge, Cell
from kpi_tracker.documents.tones import tone
from kpi_tracker.documents.word.elements import Element, linked, paragraph, run
from kpi_tracker.documents.word.pictures import Pictures

__all__ = ["Cells"]


class Cells:
    """Writes cells: with the pictures of a file, and links to what is in it."""

    def __init__(self, pictures: Pictures, anchors: Mapping[str, str]) -> None:
        """Put pictures into `pictures`; `anchors` are the bookmarks of the pages that are in the file."""
        self.pictures = pictures
        self.anchors = anchors

    def badge(self, badge: Badge, size: float = 9) -> Iterator[Element]:
        """Yield a status: its shape and its word in its colour; `size` is that of the text."""
        yield self.pictures.shape(badge.status, size * 0.82)
        yield run(f"\u00a0{badge.text}", f"Tone {tone(badge.status)}")

    def line(self, cell: Cell) -> Iterator[Element]:
        """Yield what stands in the first line of a cell."""
        if cell.badge:
            yield from self.badge(cell.badge)
        if cell.badge and cell.text:
            yield run("  ")
        if cell.text:
            anchor = self.anchors.get(cell.to) if cell.to is not None else None
            text = run(cell.text, "Link" if anchor else "Code" if cell.code else "")
            yield linked(anchor, text) if anchor else text
        for mark in cell.marks:
            yield run(f" [{mark}]", "Mark")

    def paragraphs(self, cell: Cell, widest: float, inset: float = 0, right: bool = False) -> Iterator[Element]:
        """Yield the paragraphs of a cell that is `widest` points wide; at least one, as Word wants it."""
        picture = self.pictures.run(cell.drawing, widest) if cell.drawing else None
        first = [*self.line(cell)]
        if first or not (picture is not None or cell.detail):
            yield paragraph("Cell", *first, inset=inset, right=right)
        if picture is not None:
            yield paragraph("Cell", picture, inset=inset, right=right)
        if cell.detail:
            yield paragraph("Cell Detail", run(cell.detail), inset=inset, right=right)
