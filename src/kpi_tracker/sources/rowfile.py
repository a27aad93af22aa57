"""The files of a source as rows of cells, whatever kind they are: CSV, a JSON object in each line, or Parquet."""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from kpi_tracker.diagnostics import Place
from kpi_tracker.diagnostics.rawfile import read_whole, shown_name
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.datasource import DataSource, Role, SourceKind
from kpi_tracker.sources.csvrows import read_csv
from kpi_tracker.sources.filetext import MAX_BYTES, read_text
from kpi_tracker.sources.table import wrong_separator

__all__ = ["Lost", "RowFile", "read_rows"]

Cells = Sequence[object]
PANIC = "PanicException"
"""What a slip of polars' own over a damaged file reaches Python as: no Exception, and of a class without a module."""


class Lost(tuple[object, ...]):
    """The cells of a row that is reported and must not be used, as far as they go: they tell whose row is lost."""

    __slots__ = ()


class RowFile(NamedTuple):
    """A file of a source: its rows with their lines (Parquet: numbers from 1), and at which index each role stands.

    `order` is the roles in the order of the columns of a CSV file, `names` what a line of JSON calls them.
    """

    rows: Iterator[tuple[int, Cells]]
    at: dict[Role, int]
    order: tuple[str, ...] = ()
    names: Mapping[str, str] = {}


def read_rows(source: DataSource, path: str, report: Report) -> RowFile | None:
    """Return the rows of a file, or None where it cannot serve; faults go to `report`.

    A row that is wrong in itself is reported while the rows are run through; what is left of it comes as `Lost`.
    """
    read = {SourceKind.CSV: _csv, SourceKind.JSONL: _jsonl, SourceKind.PARQUET: _parquet}[source.kind]
    return read(source, path, report)


def missing(report: Report, place: Place, source: DataSource, name: str, known: Sequence[str]) -> None:
    """Report that what the source maps is not there."""
    report.add("KT440", place, value=name, source=source.id, expected=tuple(known), nearest=nearest(name, [*known]))


def _csv(source: DataSource, path: str, report: Report) -> RowFile | None:
    name = shown_name(path)
    file = read_csv(path, report)
    if file is None:
        return None
    if file.empty:
        report.add("KT418", Place(name))
        return None
    if wrong_separator(file.header, name, report):
        return None
    found = [word.strip() for word in file.header]
    at: dict[Role, int] = {}
    order = [""] * len(found)
    for role, column in source.columns.items():
        if found.count(column) == 1:
            at[role] = found.index(column)
            order[at[role]] = role.value
        elif column in found:
            report.add("KT417", Place(name, 1, 1), value=column)
        else:
            missing(report, Place(name, 1, 1), source, column, found)
    if len(at) < len(source.columns):
        return None
    rows = ((line, fields if whole else Lost(fields)) for line, fields, whole in file.rows)
    return RowFile(rows, at, tuple(order))


def _jsonl(source: DataSource, path: str, report: Report) -> RowFile | None:
    name = shown_name(path)
    text = read_text(path, name, lambda whole: whole.split("\n"), report)
    if text is None:
        return None
    needed = [source.columns[role] for role in (Role.KPI, Role.DATE, Role.PERIOD, Role.VALUE) if role in source.columns]

    def rows() -> Iterator[tuple[int, Cells]]:
        for number, line in enumerate(text.lines, 1):
            if not line.strip():
                continue
            spoilt = text.spoils(name, number, number, report)
            found = _object(line, Place(name, number, 1), Report() if spoilt else report)
            if found is None:
                continue
            if spoilt:
                yield number, Lost(map(found.get, source.columns.values()))
                continue
            if absent := [key for key in needed if key not in found]:
                for key in absent:  # left out is not the same as null: a name may be misspelt
                    missing(report, Place(name, number, 1), source, key, tuple(found))
                continue
            cells = [found.get(key) for key in source.columns.values()]
            if any(cell not in (None, "") for cell in cells):
                yield number, cells

    names = {role.value: key for role, key in source.columns.items()}
    return RowFile(rows(), {role: i for i, role in enumerate(source.columns)}, (), names)


class _Unfit(ValueError):  # noqa: N818 - it is caught below
    """A line of JSON cannot be used; `phrase` says why."""

    def __init__(self, message: str, **args: object) -> None:
        super().__init__(message)
        self.phrase = Phrase(message, args)


def _object(line: str, place: Place, report: Report) -> dict[str, Any] | None:
    """Return the object in a line; None where it holds none, reported."""
    reason: Phrase | str
    try:
        found = _DECODER.decode(line.strip())
        if isinstance(found, dict):
            return found
        reason = Phrase(N_("it holds something else"))
    except _Unfit as unfit:
        reason = unfit.phrase
    except json.JSONDecodeError as error:
        place = Place(place.file, place.line, error.pos + 1 + len(line) - len(line.lstrip()))
        reason = Phrase(N_("it breaks off or has a sign too many here"))
    except (RecursionError, ValueError):  # nested without end; a number of thousands of digits
        reason = Phrase(N_("it is too deep or too long"))
    report.add("KT441", place, reason=reason)
    return None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for i, (key, _) in enumerate(pairs) if key in dict(pairs[:i]))
        raise _Unfit(N_("“{value}” stands in it twice"), value=twice)
    return found


def _no_number(word: str) -> Any:
    raise _Unfit(N_("{value} is not a finite number"), value=word)


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_number)


def _parquet(source: DataSource, path: str, report: Report) -> RowFile | None:
    name = shown_name(path)
    data = read_whole(path, MAX_BYTES, report)
    if data is None:
        return None
    try:
        import polars
    except ImportError:
        text = N_("{format} needs what is not installed: pip install 'kpi-tracker[{extra}]'")
        report.add("KT442", Place(name), reason=Phrase(text, {"format": "Parquet", "extra": "parquet"}))
        return None
    wanted = list(source.columns.values())
    try:
        known = list(polars.read_parquet_schema(io.BytesIO(data)))
        absent = [column for column in dict.fromkeys(wanted) if column not in known]
        for column in absent:
            missing(report, Place(name), source, column, known)
        if absent:
            return None
        frame = polars.read_parquet(io.BytesIO(data), columns=list(dict.fromkeys(wanted)))
        single = polars.col(polars.Float32)  # 0.1 of single precision is 0.1, not 0.10000000149
        frame = frame.with_columns(single.cast(polars.String).cast(polars.Float64))
    except BaseException as error:
        if not isinstance(error, polars.exceptions.PolarsError | OSError) and type(error).__name__ != PANIC:
            raise
        report.add("KT442", Place(name), reason=" ".join(str(error).split())[:200])
        return None
    columns = frame.columns
    at = {role: columns.index(column) for role, column in source.columns.items()}
    return RowFile(enumerate(frame.iter_rows(), 1), at)
