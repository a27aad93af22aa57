"""Totals and their parts as a table shows them: a total that is off by one is no accident of addition."""

from collections.abc import Iterator

from kpi_tracker.intake.book import Sheet
from kpi_tracker.intake.heading import Column
from kpi_tracker.intake.reading import Remark
from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.exactness import total_of
from kpi_tracker.model.unit import NO_UNIT
from kpi_tracker.notation.number import Unreadable, read_number

__all__ = ["PART_OF", "TOTALS", "Parts"]

TOTALS = frozenset(["合计", "总计", "小计", "总和", "共计", "total", "totals", "subtotal", "sum", "grandtotal"])
PART_OF = ("其中", "ofwhich")
FEWEST = 2
"""One part alone is no sum."""


class Parts:
    """The rows of a table as totals and parts, while it is read from top to bottom."""

    def __init__(self, sheet: Sheet, columns: tuple[Column, ...]) -> None:
        """Start at the first row of the table."""
        self._sheet, self._columns = sheet, columns
        self._above: list[int] = []
        self._sums: list[tuple[int, tuple[int, ...]]] = []
        self._whole: tuple[int, list[int]] | None = None

    def row(self, row: int) -> None:
        """Note an ordinary row: a part of the total below it, and the whole of what stands below as 其中."""
        self._end_whole()
        self._above.append(row)
        self._whole = (row, [])

    def part(self, row: int) -> None:
        """Note a row 其中, of which."""
        if self._whole is not None:
            self._whole[1].append(row)

    def total(self, row: int) -> None:
        """Note a row of totals: it sums the ordinary rows since the last one."""
        self._end_whole()
        self._sums.append((row, tuple(self._above)))
        self._above = []

    def odd(self) -> Iterator[Remark]:
        """Yield the totals that are the sum of their parts plus or minus one."""
        self._end_whole()
        for row, parts in self._sums:
            for column in self._columns:
                whole = self._number(row, column)
                shares = [share for part in parts if (share := self._number(part, column)) is not None]
                if whole is None or len(shares) < FEWEST or abs(total_of((whole, -total_of(shares)))) != 1:
                    continue
                args = {"value": f"{whole:.15g}", "sum": f"{total_of(shares):.15g}"}
                phrase = Phrase(N_("{value} is not the sum of its parts, {sum}, but one off"), args)
                yield Remark(self._sheet.cell(row, column.index), phrase)

    def _end_whole(self) -> None:
        if self._whole is not None and self._whole[1]:
            self._sums.append((self._whole[0], tuple(self._whole[1])))
        self._whole = None

    def _number(self, row: int, column: Column) -> float | None:
        value = self._sheet.value(row, column.index)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return None
        try:
            return read_number(value if isinstance(value, str) else f"{value:.15g}", NO_UNIT)
        except Unreadable:
            return None
