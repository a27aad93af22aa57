"""Rows under headings: a table where there is room, else a list in which each row has lines of its own."""

from collections.abc import Iterable, Sequence

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Styled

from kpi_tracker.language import Language
from kpi_tracker.reporting.console import ROOMY

__all__ = ["INDENT", "table_of", "write_rows"]

INDENT = (0, 0, 0, 2)
Cells = Sequence[str | Styled]


def write_rows(
    names: tuple[str, ...], rows: Iterable[Cells], console: Console, words: Language,
    right: tuple[int, ...] = (), bare: tuple[int, ...] = (), lead: int = 2, roomy: int = ROOMY,
) -> None:  # fmt: skip
    """Write `rows` under `names`; where there are fewer columns than `roomy` as a list.

    An entry of it begins with the first `lead` cells of its row; the others stand below, each with its name but the `bare` ones.
    """
    if console.width >= roomy:
        table = table_of([words.text(name) for name in names], right)
        for row in rows:
            table.add_row(*row)
        console.print(table)
        return
    for row in rows:
        console.print(Styled("  ").join(Styled(cell, "bold") if isinstance(cell, str) else cell for cell in row[:lead]))
        cells = enumerate(zip(names, row, strict=True))
        told = [
            str(cell) if i in bare else f"{words.text(name)} {cell}" for i, (name, cell) in cells if i >= lead and cell
        ]
        for line in _lines(told, console.width - INDENT[-1]):
            console.print(Padding(line, INDENT))


def table_of(headings: Iterable[str], right: tuple[int, ...]) -> Table:
    """Return an empty table with these headings, the columns `right` of which are set to the right."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    for i, heading in enumerate(headings):
        table.add_column(heading, overflow="fold", justify="right" if i in right else "left")
    return table


def _lines(told: list[str], width: int) -> list[str]:
    """Return what is told in as few lines as hold it; what is longer than a line has one to itself."""
    lines: list[str] = []
    for part in told:
        joined = f"{lines[-1]} · {part}" if lines else part
        if lines and cell_len(joined) <= width:
            lines[-1] = joined
        else:
            lines.append(part)
    return lines
