"""Tables of a Word file: as wide as the text, heads repeated on every page, no row in two pages."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kpi_tracker.documents.blocks import Cell, Column, Facts, Headline, Reading, Table, Tree
from kpi_tracker.documents.columns import (
    PADDING,
    STEP,
    facts_widths,
    notes_apart,
    readings_widths,
    table_widths,
    tree_columns,
    tree_widths,
    walk,
)
from kpi_tracker.documents.printable import printable
from kpi_tracker.documents.word.cells import Cells
from kpi_tracker.documents.word.elements import Element, element, paragraph, run
from kpi_tracker.documents.word.styles import TINT, WIDTH
from kpi_tracker.reporting.words import NONE

__all__ = ["facts_table", "headline_table", "rows_table", "tree_table"]

TOGETHER = 8
"""So many facts are kept on one page."""


class _Row(NamedTuple):
    """A row as Word has it: the paragraphs of each cell, whether it is one of the heads, or a note over the whole width."""

    cells: list[list[Element]]
    head: bool = False
    note: bool = False


def rows_table(table: Table, cells: Cells) -> Element:
    """Return a table of rows under a head."""
    room, apart = table_widths(table, WIDTH), notes_apart(table, WIDTH)
    columns = table.columns[: len(room)]
    rows = [_head(columns)]
    for row in table.rows:
        places = zip(row.cells[: len(room)], room, columns, strict=True)
        filled = [[*cells.paragraphs(cell, wide - PADDING, right=column.numeric)] for cell, wide, column in places]
        rows.append(_Row(filled))
        told = row.cells[-1]
        if apart and (told.text != NONE or told.detail):
            for line in (line for held in filled for line in held):
                line.pPr.insert(1, element("w:keepNext"))
            rows.append(_Row([[_note(table.columns[-1].title, told, cells)]], note=True))
    return _made(room, rows, table.caption)


def _note(name: str, cell: Cell, cells: Cells) -> Element:
    """Return a note in one paragraph: its name, what it says, and quieter what belongs to it."""
    detail = [run(f"\u2002{cell.detail}", "Detail")] if cell.detail else []
    return paragraph("Cell", run(f"{name}\u2002", "Name"), *cells.line(cell), *detail)


def tree_table(tree: Tree, cells: Cells, heads: tuple[str, str]) -> Element:
    """Return a tree as a table: every branch a row, further in than the one above; `heads` are for items and statuses."""
    columns = tree_columns(tree, heads)
    room, rows = tree_widths(tree, columns, WIDTH), [_head(columns)]
    for branch, depth in walk(tree.branches):
        cell, figures = branch.cell, [*map(Cell, branch.figures)]
        name = [*cells.line(Cell(cell.text, to=cell.to, marks=cell.marks))]
        if cell.detail:
            name.append(run(f"\u2002{cell.detail}", "Detail"))
        filled = [Cell(badge=cell.badge), *figures, *[Cell()] * (len(columns) - 2 - len(figures))]
        places = zip(filled, room[1:], columns[1:], strict=True)
        row = [[*cells.paragraphs(part, wide - PADDING, right=column.numeric)] for part, wide, column in places]
        rows.append(_Row([[paragraph("Cell", *name, inset=depth * STEP)], *row]))
    return _made(room, rows)


def facts_table(facts: Facts, cells: Cells) -> Element:
    """Return names with what belongs to them; two of them side by side where all are short."""
    room, rows = facts_widths(facts, WIDTH), []
    across = len(room) // 2
    for start in range(0, len(facts.rows), across):
        held: list[list[Element]] = []
        for name, cell in facts.rows[start : start + across]:
            held += [[paragraph("Cell", run(name, "Name"))], [*cells.paragraphs(cell, room[1] - PADDING)]]
        held.extend([paragraph("Cell")] for _ in range(len(room) - len(held)))
        rows.append(_Row(held))
    return _made(room, rows, together=len(rows) <= TOGETHER)


def headline_table(headline: Headline) -> Element:
    """Return the readings of a headline side by side."""
    room, rows = readings_widths(headline, WIDTH), []
    for start in range(0, len(headline.readings), len(room)):
        tiles = [_tile(reading) for reading in headline.readings[start : start + len(room)]]
        tiles.extend([paragraph("Cell")] for _ in range(len(room) - len(tiles)))
        rows.append(_Row(tiles))
    return _made(room, rows, tint=True)


def _tile(reading: Reading) -> list[Element]:
    made = [paragraph("Cell", run(reading.name, "Name"), keep=True), paragraph("Reading", run(reading.value))]
    return [*made, paragraph("Cell Detail", run(reading.detail))] if reading.detail else made


def _head(columns: Sequence[Column]) -> _Row:
    return _Row([
        [paragraph("Cell Head", run(column.title), right=column.numeric, keep=True),
         *([paragraph("Cell Detail", run(column.detail), right=column.numeric, keep=True)] if column.detail else [])]
        for column in columns
    ], head=True)  # fmt: skip


def _made(room: Sequence[float], rows: Sequence[_Row], caption: str = "", tint: bool = False,
          together: bool = False) -> Element:  # fmt: skip
    if together:
        for held in (cell for row in rows[:-1] for cell in row.cells):
            for line in held:
                line.pPr.insert(1, element("w:keepNext"))
    whole: Mapping[str, str | int] = {"w": round(sum(room) * 20), "type": "dxa"}
    looks = element("w:tblPr", None, element("w:tblStyle", {"val": "Rows"}), element("w:tblW", whole),
                    element("w:tblLayout", {"type": "fixed"}))  # fmt: skip
    if caption:
        looks.append(element("w:tblCaption", {"val": printable(caption)}))
    grid = element("w:tblGrid", None, *(element("w:gridCol", {"w": round(wide * 20)}) for wide in room))
    return element("w:tbl", None, looks, grid, *(_row(row, room, tint) for row in rows))


def _row(row: _Row, room: Sequence[float], tint: bool) -> Element:
    looks = element("w:trPr", None, element("w:cantSplit"))
    if row.head:
        looks.append(element("w:tblHeader"))
    made = element("w:tr", None, looks)
    for wide, held in zip([sum(room)] if row.note else room, row.cells, strict=True):
        about = element("w:tcPr", None, element("w:tcW", {"w": round(wide * 20), "type": "dxa"}))
        if row.note:
            about.append(element("w:gridSpan", {"val": len(room)}))
            about.append(element("w:tcBorders", None, element("w:top", {"val": "nil"})))
        if row.head or tint:
            about.append(element("w:shd", {"val": "clear", "color": "auto", "fill": TINT}))
        if row.head:
            about.append(element("w:vAlign", {"val": "bottom"}))
        made.append(element("w:tc", None, about, *held))
    return made
