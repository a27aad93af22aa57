"""CSV files as located rows: decoded, split, and with the place of every field."""

import csv
import os
from collections.abc import Iterator
from typing import NamedTuple

from kpi_tracker.diagnostics import Place
from kpi_tracker.language import N_, Phrase
from kpi_tracker.loading.report import Report, nearest

__all__ = ["COLUMNS", "Row", "read_table"]

COLUMNS = ("kpi", "date", "period", "value", "recorded_at", "source", "basis", "note")
CHINESE = {
    "指标": "kpi", "日期": "date", "期间": "period", "月份": "period", "数值": "value", "记录时间": "recorded_at",
    "来源": "source", "性质": "basis", "备注": "note",
}  # fmt: skip
MAX_BYTES = 1024 * 1024 * 1024


class Row(NamedTuple):
    """One row: its fields by column, its line, and the order of the columns in the file."""

    fields: dict[str, str]
    line: int
    order: tuple[str, ...]


def read_table(path: str, report: Report) -> Iterator[Row]:
    """Yield the rows of a CSV file that have as many fields as the first row; faults go to `report`."""
    name = path.replace(os.sep, "/")
    text = _text(path, name, report)
    if text is None:
        return
    report.file(name, text)
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    header = _next(reader, name, report)
    if header is None:
        return
    order = _columns(header, name, report)
    if order is None:
        return
    while (line := reader.line_num + 1) and (fields := _next(reader, name, report)) is not None:
        if not any(field.strip() for field in fields):
            continue  # an empty line
        if len(fields) != len(order):
            report.add("KT404", Place(name, line, 1), value=len(fields), expected=len(order))
            continue
        yield Row(dict(zip(order, map(str.strip, fields), strict=True)), line, order)


def _text(path: str, name: str, report: Report) -> str | None:
    try:
        if os.path.getsize(path) > MAX_BYTES:
            report.add("KT105", Place(name), value=os.path.getsize(path), limit=MAX_BYTES)
            return None
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        report.add("KT101", Place(name), reason=error.strerror or str(error))
        return None
    if b"\x00" in data:
        report.add("KT103", Place(name), reason=Phrase(N_("it holds a zero byte")))
        return None
    for encoding in ("utf-8-sig", "gb18030"):  # as Excel saves CSV in China
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    report.add("KT401", Place(name))
    return None


def _next(reader: "csv._reader", name: str, report: Report) -> list[str] | None:
    """Return the next row; None at the end, or where quotes are such that rows cannot be told apart."""
    line = reader.line_num + 1
    try:
        return next(reader, None)
    except csv.Error as error:
        reason = _CSV_ERRORS.get(str(error), N_("a quote is not closed or stands in the wrong place"))
        report.add("KT414", Place(name, line, 1), reason=Phrase(reason))
        return None


_CSV_ERRORS = {"field larger than field limit (131072)": N_("a field is longer than 131,072 characters")}


def _columns(header: list[str], name: str, report: Report) -> tuple[str, ...] | None:
    """Return the columns in the file's order, or None where they cannot serve."""
    before = len(report.diagnostics)
    order: list[str] = []
    for i, written in enumerate(header):
        word = written.strip()
        column = CHINESE.get(word, word.lower())
        place = Place(name, 1, field_column(report.line(Place(name, 1)), i))
        if column not in COLUMNS:
            near = nearest(column, [*COLUMNS, *CHINESE])
            report.add("KT403", place, max(1, len(word)), value=word, expected=COLUMNS, nearest=near)
        elif column in order:
            report.add("KT417", place, len(word), value=word)
        order.append(column)
    for needed in ("kpi", "value"):
        if needed not in order:
            report.add("KT402", Place(name, 1, 1), value=needed)
    if "date" not in order and "period" not in order:
        report.add("KT402", Place(name, 1, 1), value="date")
    return tuple(order) if len(report.diagnostics) == before else None


def field_column(line: str, index: int) -> int:
    """Return the column (from 1) at which field `index` of a CSV line starts, past its opening quote."""
    at, quoted = 0, False
    for position, character in enumerate(line):
        if index == 0:
            break
        if character == '"':
            quoted = not quoted
        elif character == "," and not quoted:
            index -= 1
            at = position + 1
    return at + 1 + (line[at : at + 1] == '"')
