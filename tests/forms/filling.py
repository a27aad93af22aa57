"""A form filled in as a person would: the cells to be filled get values, all else stays as it was written."""

import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from python_calamine import CalamineWorkbook

__all__ = ["asked_cells", "filled"]

CELL = re.compile(r'<c r="([A-Z]+[0-9]+)"( s="[0-9]+")?/>')


def asked_cells(path: Path) -> dict[str, tuple[str, str, str]]:
    """Return the sheet, the value cell and the note cell of each row to be filled, by what its first column says."""
    book = CalamineWorkbook.from_path(path)
    found = {}
    for sheet, row, kpi, step, _ in book.get_sheet_by_name("_kpi_tracker").to_python()[3:]:
        found[f"{kpi}: {step}" if step else str(kpi)] = (str(sheet), f"J{row}", f"K{row}")
    return found


def filled(path: Path, out: Path, values: Mapping[tuple[str, str], str | float], suffix: str = "") -> Path:
    """Write a copy of a form in which cells, by sheet and address, hold values: numbers, or text."""
    book = CalamineWorkbook.from_path(path)
    memory = BytesIO()
    with ZipFile(path) as old, ZipFile(memory, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            number = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name)
            if number:
                sheet = book.sheet_names[int(number[1]) - 1]
                ours = {cell: value for (where, cell), value in values.items() if where == sheet}
                content = _filled(content.decode(), ours).encode()
            new.writestr(name, content)
    out.write_bytes(memory.getvalue())
    return out


def _filled(text: str, values: Mapping[str, str | float]) -> str:
    from html import escape

    def cell(match: re.Match[str]) -> str:
        address, style = match[1], match[2] or ""
        if address not in values:
            return match[0]
        value = values[address]
        if isinstance(value, str):
            return f'<c r="{address}"{style} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
        return f'<c r="{address}"{style}><v>{value!r}</v></c>'

    return CELL.sub(cell, text)
