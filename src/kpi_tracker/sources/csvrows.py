"""CSV files as rows of fields with their lines, and which of the rows are lost."""

import csv
import io
from collections.abc import Iterator
from typing import NamedTuple

from kpi_tracker.diagnostics import Place
from kpi_tracker.diagnostics.rawfile import shown_name
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.language import N_, Phrase
from kpi_tracker.sources.filetext import FileText, read_text

__all__ = ["CsvFile", "CsvRow", "read_csv"]

CsvRow = tuple[int, list[str], bool]
"""The line that a row starts in, its fields, and whether it is whole: one that is not is reported, and of no use."""
LONGEST = 131_072
"""So many characters the CSV reader takes for a field."""


class CsvFile(NamedTuple):
    """A CSV file: what its first row holds, nothing where the file is empty, and the rows below that are not empty."""

    header: list[str]
    rows: Iterator[CsvRow]
    empty: bool = False


def read_csv(path: str, report: Report) -> CsvFile | None:
    """Return a CSV file, or None where its text or its first row cannot be read; faults go to `report`.

    Rows are reported while they are run through.
    """
    name = shown_name(path)
    text = read_text(path, name, _lines, report)
    if text is None:
        return None
    if not any(line.strip() for line in text.lines):
        return CsvFile([], iter(()), True)
    reader = csv.reader(text.lines, strict=True)
    try:
        header = next(reader)
    except csv.Error as error:
        _cannot_be_told_apart(error, Place(name, 1, 1), report)
        return None
    if any(line in text.damaged for line in range(1, reader.line_num + 1)):
        text.refuse(name, report)
        return None

    def rows() -> Iterator[CsvRow]:
        line, width, damaged = reader.line_num + 1, len(header), bool(text.damaged)
        try:
            for fields in reader:
                if damaged and text.spoils(name, line, reader.line_num, report):
                    yield line, fields, False
                elif "".join(fields).strip():
                    whole = len(fields) == width
                    if not whole:
                        report.add("KT404", Place(name, line, 1), value=len(fields), expected=width)
                    yield line, fields, whole
                line = reader.line_num + 1
        except csv.Error as error:
            _cannot_be_told_apart(error, Place(name, line, 1), report)
            yield from _lost(text, line)

    return CsvFile(header, rows())


def _lines(text: str) -> list[str]:
    return list(io.StringIO(text, newline=""))  # str.splitlines also splits at form feeds and the like


def _cannot_be_told_apart(error: csv.Error, place: Place, report: Report) -> None:
    reason = _CSV_ERRORS.get(str(error), N_("a quote is not closed or stands in the wrong place"))
    report.add("KT414", place, reason=Phrase(reason))


_CSV_ERRORS = {f"field larger than field limit ({LONGEST})": N_("a field is longer than 131,072 characters")}


def _lost(text: FileText, first: int) -> Iterator[CsvRow]:
    """Yield the row in which rows cannot be told apart any more, and every line below that may be the start of one."""
    start = "".join(text.lines[first - 1 : first - 1 + LONGEST])[:LONGEST]
    fields = next(csv.reader(_lines(start)))
    yield first, fields, False
    last = first + sum(len(_lines(field + ".")) - 1 for field in fields[:-1])  # the line in which its last field begins
    for number in range(last + 1, len(text.lines) + 1):
        fields = next(csv.reader([text.lines[number - 1][:LONGEST]]))
        if len(fields) > 1:
            yield number, fields, False
