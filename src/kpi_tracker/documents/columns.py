"""How wide the columns of a table are on paper: every word whole where there is room, long texts in as few lines as fit."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kpi_tracker.documents.blocks import Branch, Cell, Column, Facts, Headline, Table, Tree
from kpi_tracker.documents.charts.texts import width as text_width

__all__ = ["PADDING", "POINTS", "STEP", "abreast", "facts_widths", "notes_apart", "readings_widths", "table_widths", "tree_columns",
           "tree_widths", "walk"]  # fmt: skip

POINTS = 0.66
"""Points of a unit of a drawing."""
PADDING = 7.0
"""Points at both sides of a cell together, and a little more so that no word breaks for a hair."""
STEP = 11.0
"""Points by which a branch stands further in than the one above it."""
TILES = 5
"""So many readings stand side by side."""
NAMES = 0.3
"""The share of the width that the names of facts take at most, and the items of a tree at least."""
WIDEST = 220.0
"""No text asks for more than these points: what is longer is broken into lines."""
UNBROKEN = 62.0
"""No word asks for more than these points before it is broken."""
WHOLE = 80.0
"""No figure asks for more than these points so that it is not broken: a lag in words has these."""
DRAWN = 112.0
"""No small picture has less than these points, so that what is written in it can be read."""
CROWDED, LINES = 6, 3.0
"""In a table of so many columns notes that would take more than so many lines stand below their row instead."""
REPLACED = 1.12
"""So much wider figures and heads may be where the reader's machine has other fonts than ours."""
NARROWEST, FIRST = 36.0, 63.0
"""Points that a text of any length has at least in a line, and one in the first column, which names its row."""
SHAPE = 12.0
"""Points of the shape of a status with the gap behind it."""
MOST = 300
"""So many letters of a text are measured."""
_SIZE, _SMALL, _BOLD, _LARGE = 9.0, 8.0, 9.9, 12.5
_PIECE = re.compile(r"[\u2e80-\uffef][，。、；：）”]*|[^\s\u2e80-\uffef]+")


class Need(NamedTuple):
    """What a column asks for, in points: the least, so that no word is broken, what it would like, and how much it holds.

    `bulk` is the sum of the squares of the lengths of its texts.
    """

    least: float = 0.0
    wanted: float = 0.0
    bulk: float = 0.0

    def with_(self, other: "Need") -> "Need":
        """Return what serves both."""
        return Need(max(self.least, other.least), max(self.wanted, other.wanted), self.bulk + other.bulk)


def table_widths(table: Table, room: float) -> list[float]:
    """Return the widths of the columns of a table that has `room` points; of all but the last where notes stand apart."""
    return _laid_out(table, room)[0]


def notes_apart(table: Table, room: float) -> bool:
    """Tell whether the last column, long texts in a crowded table, is written below each row over its whole width."""
    return _laid_out(table, room)[1]


def _laid_out(table: Table, room: float) -> tuple[list[float], bool]:
    needs = _column_needs(table.columns, (row.cells for row in table.rows))
    widths = _shared(needs, room)
    last = [row.cells[-1] for row in table.rows]
    if len(needs) < CROWDED or table.columns[-1].numeric or any(cell.badge or cell.drawing for cell in last):
        return widths, False
    longest = max((text_width(cell.text[:MOST], _SIZE) for cell in last), default=0.0)
    if longest <= LINES * (widths[-1] - PADDING):
        return widths, False
    return _shared(needs[:-1], room), True


def tree_columns(tree: Tree, heads: tuple[str, str]) -> tuple[Column, ...]:
    """Return the columns of a tree written as a table: items and statuses below `heads`, then its figures."""
    most = max((len(branch.figures) for branch, _ in walk(tree.branches)), default=0)
    titles = (*tree.titles, *[""] * (most - len(tree.titles)))
    return (*map(Column, heads), *(Column(title, numeric=True) for title in titles))


def tree_widths(tree: Tree, columns: Sequence[Column], room: float) -> list[float]:
    """Return the widths of the columns of a tree: its items take what the others leave."""
    found = [*walk(tree.branches)]
    rows = ((Cell(), Cell(badge=branch.cell.badge), *map(Cell, branch.figures)) for branch, _ in found)
    names = (
        text_width((branch.cell.text + branch.cell.detail)[:MOST], _SIZE) + depth * STEP for branch, depth in found
    )
    needs = _column_needs(columns, rows)
    return _shared([Need(NAMES * room, NAMES * room + max(names, default=0.0)), *needs[1:]], room)


def walk(branches: Iterable[Branch], depth: int = 0) -> Iterator[tuple[Branch, int]]:
    """Yield every branch of a tree with how deep it stands."""
    for branch in branches:
        yield branch, depth
        yield from walk(branch.below, depth + 1)


def abreast(facts: Facts, room: float) -> int:
    """Return how many facts stand side by side: two where all are short."""
    short = (not (cell.detail or cell.drawing) and _text(cell.text).wanted < room / TILES for _, cell in facts.rows)
    return 2 if len(facts.rows) > 1 and all(short) else 1


def facts_widths(facts: Facts, room: float) -> list[float]:
    """Return the widths of names and values, as often as they stand side by side."""
    across = abreast(facts, room)
    names = min(max((_text(name).wanted for name, _ in facts.rows), default=0.0) + PADDING, NAMES * room)
    return [names, room / across - names] * across


def readings_widths(headline: Headline, room: float) -> list[float]:
    """Return the widths of the readings that stand side by side; there may be several rows of them."""
    across = min(len(headline.readings), TILES)
    needs = [Need(room / across / 2)] * across
    for i, reading in enumerate(headline.readings):
        need = _text(reading.value, _LARGE).with_(_text(reading.name)).with_(_text(reading.detail, _SMALL))
        needs[i % across] = needs[i % across].with_(
            Need(min(need.least, room / across) + PADDING, need.wanted + PADDING)
        )
    return _shared(needs, room)


def _shared(needs: Sequence[Need], room: float) -> list[float]:
    """Share `room` among columns: as few lines in all as can be, with none below its least or above what it would like.

    A text of the length L has about L / w lines in a column of the width w. The sum of the squares of the lines of all
    cells is smallest where the widths are as the cube roots of what the columns hold: one long note outweighs many
    short names, and what is short is left no emptier than it must be.
    """
    least, wanted = sum(need.least for need in needs), sum(need.wanted for need in needs)
    if least >= room:  # those that ask for most have to give way, so that short figures stay whole
        return _levelled([need.least for need in needs], room)
    if wanted <= room:
        return [need.wanted * room / wanted for need in needs]
    low, high = 0.0, room
    for _ in range(HALVINGS):  # the more a share is, the wider are all columns together
        share = (low + high) / 2
        low, high = (share, high) if sum(_at(need, share) for need in needs) < room else (low, share)
    widths = [_at(need, low) for need in needs]
    return [wide * room / sum(widths) for wide in widths]


def _levelled(widths: Sequence[float], room: float) -> list[float]:
    """Return `widths`, the widest cut down to one measure so that together they have `room`."""
    narrow = sorted(widths)
    cut = max((room - sum(narrow[:i])) / (len(narrow) - i) for i in range(len(narrow)))
    return [min(wide, cut) for wide in widths]


HALVINGS = 60


def _at(need: Need, share: float) -> float:
    return min(max(need.least, share * float(max(need.bulk, 1.0) ** (1 / 3))), max(need.least, need.wanted))


def _column_needs(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> list[Need]:
    needs = [
        _text(column.title, _BOLD * REPLACED).with_(_text(column.detail, _SMALL))._replace(bulk=0.0)
        for column in columns
    ]
    for row in rows:
        for i, cell in enumerate(row):
            for need in _cell_needs(cell, columns[i].numeric):
                needs[i] = needs[i].with_(need)
    return [_roomy(need, NARROWEST if i else FIRST) for i, need in enumerate(needs)]


def _roomy(need: Need, least: float) -> Need:
    return Need(max(need.least, min(need.wanted, least)) + PADDING, need.wanted + PADDING, need.bulk)


def _cell_needs(cell: Cell, numeric: bool) -> Iterator[Need]:
    marks = "".join(f" [{mark}]" for mark in cell.marks)
    badge = text_width(cell.badge.text[:MOST], _SIZE) + SHAPE if cell.badge else 0.0
    text = _text(cell.text + marks, whole=numeric)
    yield Need(max(min(badge, UNBROKEN + SHAPE), text.least), min(WIDEST, badge + text.wanted), text.bulk)
    if cell.detail:
        yield _text(cell.detail, _SMALL)
    if cell.drawing:
        picture = cell.drawing.width * POINTS
        yield Need(min(picture, DRAWN), picture)


def _text(text: str, size: float = _SIZE, whole: bool = False) -> Need:
    """Return what a text needs; a `whole` one is not broken at its spaces if it is short."""
    lines = text[:MOST].split("\n")
    pieces = lines if whole else _PIECE.findall(text[:MOST])
    longest = max((text_width(piece, size) for piece in pieces), default=0.0) * (REPLACED if whole else 1)
    wide = max(text_width(line, size) for line in lines)
    least = min(longest, UNBROKEN) if longest > WHOLE or not whole else longest
    return Need(least, min(max(wide, least), WIDEST), wide**2)
