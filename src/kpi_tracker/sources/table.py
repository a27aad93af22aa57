"""CSV files as located rows: decoded, split, and with the place of every field."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from kpi_tracker.diagnostics import Place
from kpi_tracker.diagnostics.rawfile import read_bytes, shown_name
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.language import N_, Phrase
from kpi_tracker.notation.folding import pattern

if TYPE_CHECKING:
    from _csv import Reader

__all__ = ["COLUMNS", "MAX_BYTES", "Row", "decoded_text", "field_place", "next_row", "read_table", "wrong_separator"]

COLUMNS = ("kpi", "date", "period", "value", "recorded_at", "source", "basis", "note")
CHINESE = {
    "指标": "kpi", "日期": "date", "期间": "period", "月份": "period", "数值": "value", "记录时间": "recorded_at",
    "来源": "source", "性质": "basis", "备注": "note",
}  # fmt: skip
SEPARATORS = {";": N_("semicolons"), "\t": N_("tabs"), "；": N_("full-width semicolons"), "，": N_("full-width commas")}
NO_FURTHER: Mapping[str, str] = {}
MAX_BYTES = 1024 * 1024 * 1024


class Row(NamedTuple):
    """One row: its fields by column, its line, and the order of the columns in the file.

    A row that is not `whole` is reported already, and holds the fields that it has. `names` is what the columns are
    called in a line of JSON.
    """

    fields: dict[str, str]
    line: int
    order: tuple[str, ...]
    whole: bool = True
    names: Mapping[str, str] = {}

    def place(self, report: Report, file: str, column: str) -> Place:
        """Return where a field is written, as closely as its file can tell."""
        row = Place(file, self.line, 1)
        if column in self.order:
            return field_place(report, row, self.order.index(column))
        return name_place(report, row, self.names[column]) if column in self.names else Place(file, self.line)


def read_table(path: str, report: Report, further: Mapping[str, str] = NO_FURTHER) -> Iterator[Row]:
    """Yield the rows of a CSV file below the first, which names the columns; faults go to `report`.

    `further` are columns beside the usual ones, by what may head them, in small letters.
    """
    name = shown_name(path)
    text = decoded_text(path, name, report)
    if text is None:
        return
    lines = list(io.StringIO(text, newline=""))  # str.splitlines also splits at form feeds and the like
    report.file(name, lines)
    if not text.strip():
        report.add("KT418", Place(name))
        return
    reader = csv.reader(lines, strict=True)
    header = next_row(reader, name, report)
    order = None if header is None else _columns(header, name, report, further)
    if order is None:
        return
    while (line := reader.line_num + 1) and (fields := next_row(reader, name, report)) is not None:
        if not "".join(fields).strip():
            continue  # an empty line
        if len(fields) != len(order):
            report.add("KT404", Place(name, line, 1), value=len(fields), expected=len(order))
        yield Row(dict(zip(order, map(str.strip, fields), strict=False)), line, order, len(fields) == len(order))


def decoded_text(path: str, name: str, report: Report) -> str | None:
    """Return the text of a file in UTF-8 or GB18030, or None where the reason is in the report."""
    data = read_bytes(path, MAX_BYTES, report)
    if data is None:
        return None
    for encoding in ("utf-8-sig", "gb18030"):  # as Excel saves CSV in China
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    report.add("KT401", Place(name))
    return None


def next_row(reader: "Reader", name: str, report: Report) -> list[str] | None:
    """Return the next row; None at the end, or where quotes are such that rows cannot be told apart."""
    line = reader.line_num + 1
    try:
        return next(reader, None)
    except csv.Error as error:
        reason = _CSV_ERRORS.get(str(error), N_("a quote is not closed or stands in the wrong place"))
        report.add("KT414", Place(name, line, 1), reason=Phrase(reason))
        return None


_CSV_ERRORS = {"field larger than field limit (131072)": N_("a field is longer than 131,072 characters")}


def _columns(header: list[str], name: str, report: Report, further: Mapping[str, str]) -> tuple[str, ...] | None:
    """Return the columns in the file's order, or None where they cannot serve."""
    before = len(report.diagnostics)
    if wrong_separator(header, name, report):
        return None
    order: list[str] = []
    for i, written in enumerate(header):
        word = written.strip()
        column = CHINESE.get(word) or further.get(word.lower(), word.lower())
        place = field_place(report, Place(name, 1), i)
        if column not in COLUMNS and column not in further.values():
            near = nearest(column, [*COLUMNS, *CHINESE, *further])
            known = (*COLUMNS, *dict.fromkeys(further.values()))
            report.add("KT403", place, max(1, len(word)), value=word, expected=known, nearest=near)
        elif column in order:
            report.add("KT417", place, len(word), value=word)
        order.append(column)
    for needed in ("kpi", "value"):
        if needed not in order:
            report.add("KT402", Place(name, 1, 1), value=needed)
    if "date" not in order and "period" not in order:
        report.add("KT402", Place(name, 1, 1), value="date")
    return tuple(order) if len(report.diagnostics) == before else None


def wrong_separator(header: list[str], name: str, report: Report) -> bool:
    """Report a heading whose fields are not separated by commas; tell whether it is one."""
    if len(header) == 1 and (other := next((sign for sign in SEPARATORS if sign in header[0]), None)):
        report.add("KT419", Place(name, 1, 1 + header[0].index(other)), value=Phrase(SEPARATORS[other]))
        return True
    return False


def name_place(report: Report, row: Place, name: str) -> Place:
    """Return where a name stands in a line of JSON, or its beginning."""
    return Place(row.file, row.line, 1 + max(0, report.line(row).find(f'"{name}"')))


def field_place(report: Report, row: Place, index: int) -> Place:
    """Return where field `index` of the row that starts at `row` is written, past its opening quote and blanks."""
    place, text, at = row, report.line(row), 0
    for _ in range(index):
        if text[at : at + 1] != '"':
            at = text.index(",", at) + 1
            continue
        at += 1
        while (closing := CLOSING().match(text, at)) is None:  # the field goes on in the next line
            place, at = Place(row.file, place.line + 1), 0
            text = report.line(place)
        at = closing.end() + 1
    at += text[at : at + 1] == '"'
    written = text[at:]
    return Place(row.file, place.line, at + 1 + len(written) - len(written.lstrip()))


CLOSING = pattern(r'(?:[^"]|"")*"(?!")')
