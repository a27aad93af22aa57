"""CSV files of observations as located rows, with the place of every field."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kpi_tracker.diagnostics import Place
from kpi_tracker.diagnostics.rawfile import shown_name
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.language import N_, Phrase
from kpi_tracker.notation.folding import pattern
from kpi_tracker.sources.csvrows import read_csv

__all__ = ["COLUMNS", "Row", "field_place", "read_table", "wrong_separator"]

COLUMNS = ("kpi", "date", "period", "value", "recorded_at", "source", "basis", "note")
CHINESE = {
    "指标": "kpi", "日期": "date", "期间": "period", "月份": "period", "数值": "value", "记录时间": "recorded_at",
    "来源": "source", "性质": "basis", "备注": "note",
}  # fmt: skip
SEPARATORS = {";": N_("semicolons"), "\t": N_("tabs"), "；": N_("full-width semicolons"), "，": N_("full-width commas")}
NO_FURTHER: Mapping[str, str] = {}


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
    file = read_csv(path, report)
    if file is None:
        return
    if file.empty:
        report.add("KT418", Place(name))
        return
    order = _columns(file.header, name, report, further)
    if order is None:
        return
    for line, fields, whole in file.rows:
        yield Row(dict(zip(order, map(str.strip, fields), strict=False)), line, order, whole)


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
