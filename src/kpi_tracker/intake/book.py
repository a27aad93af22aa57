"""A workbook as it came: its sheets as rows of values, whatever kind of file it was."""

import csv
import io
import os
from datetime import date, datetime, time, timedelta

from kpi_tracker.diagnostics.refusal import refusal
from kpi_tracker.intake.problem import IntakeError, needs_excel
from kpi_tracker.language import N_, Phrase
from kpi_tracker.record import record

__all__ = ["Book", "Cell", "CellValue", "Sheet", "read_book"]

CellValue = str | float | int | bool | date | datetime | time | timedelta
Place = tuple[int, int]
MAX_BYTES = 64 * 1024 * 1024
LETTERS = 26
PANIC = "PanicException"
"""What a slip of calamine's own over a damaged .xls reaches Python as: no Exception, and of a class without a module."""
LOCKED = "EncryptedPackage".encode("utf-16-le")
"""What Excel writes under a password is a file within a file of this name."""


@record
class Cell:
    """A cell, by row and column counted from 0."""

    sheet: str
    row: int
    column: int

    def __str__(self) -> str:
        """Return the address as the spreadsheet shows it: `Sheet!C7`; a CSV file has one sheet without a name."""
        letters, n = "", self.column + 1
        while n:
            n, letter = divmod(n - 1, LETTERS)
            letters = chr(ord("A") + letter) + letters
        return f"{self.sheet}!{letters}{self.row + 1}" if self.sheet else f"{letters}{self.row + 1}"


@record
class Sheet:
    """A sheet: its rows, the cells shown as percentages, and the cells whose formula was never calculated.

    `percent` is None where the kind of file does not tell.
    """

    name: str
    rows: list[list[CellValue]]
    percent: frozenset[Place] | None = None
    uncalculated: frozenset[Place] = frozenset()

    def value(self, row: int, column: int) -> CellValue:
        """Return the value of a cell, "" beyond the last one."""
        if row < len(self.rows) and column < len(self.rows[row]):
            return self.rows[row][column]
        return ""

    def cell(self, row: int, column: int) -> Cell:
        """Return the cell at a place."""
        return Cell(self.name, row, column)


@record
class Book:
    """A file with its sheets; `name` is the file's name without its folder."""

    name: str
    sheets: tuple[Sheet, ...]

    def sheet(self, name: str) -> Sheet | None:
        """Return the sheet of that name, or None."""
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


def read_book(path: str) -> Book:
    """Read an .xlsx, .xls, .ods or .csv file.

    Raises:
        IntakeError: it cannot be read at all.
    """
    try:
        if os.path.isdir(path):
            raise IntakeError(Phrase(N_("{file}: this is a folder"), {"file": path}))
        if os.path.getsize(path) > MAX_BYTES:
            text = N_("{file}: the file is too large; at most {limit} MB are read")
            raise IntakeError(Phrase(text, {"file": path, "limit": MAX_BYTES // 1024 // 1024}))
        with open(path, "rb") as file:
            data = file.read()
    except (OSError, ValueError) as error:
        text = N_("{file} cannot be read: {reason}")
        raise IntakeError(Phrase(text, {"file": path, "reason": refusal(error)})) from error
    sheets = _workbook(data, path) if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) else _table(data, path)
    return Book(os.path.basename(path), sheets)


def _table(data: bytes, path: str) -> tuple[Sheet, ...]:
    """Return the one sheet of a CSV file, in UTF-8 or GB18030 as Excel saves it in China."""
    if b"\x00" in data:
        raise IntakeError(Phrase(N_("{file}: neither a workbook (.xlsx, .xls, .ods) nor CSV"), {"file": path}))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            rows = list(csv.reader(io.StringIO(data.decode(encoding), newline=""), strict=True))
        except UnicodeDecodeError:
            continue
        except csv.Error as error:
            text = N_("{file}: the rows cannot be told apart: {reason}")
            raise IntakeError(Phrase(text, {"file": path, "reason": str(error)})) from error
        return (Sheet("", [list[CellValue](row) for row in rows], frozenset()),)
    raise IntakeError(Phrase(N_("{file}: neither a workbook (.xlsx, .xls, .ods) nor CSV"), {"file": path}))


def _workbook(data: bytes, path: str) -> tuple[Sheet, ...]:
    if LOCKED in data:
        raise IntakeError(Phrase(N_("{file}: the workbook is locked with a password"), {"file": path}))
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError:
        raise needs_excel() from None
    from kpi_tracker.intake.ooxml import details

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        told = details(data)
        return tuple(
            Sheet(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False), *told.get(name, ()))
            for name in book.sheet_names
        )
    except BaseException as error:
        if not isinstance(error, CalamineError) and type(error).__name__ != PANIC:
            raise
        args = {"file": path, "reason": " ".join(str(error).split())}
        raise IntakeError(Phrase(N_("{file}: the workbook is damaged: {reason}"), args)) from error
