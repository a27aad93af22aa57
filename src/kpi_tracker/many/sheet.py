"""The lists that stand beside the data: of groups, of their own targets; CSV or Parquet, every cell as text, located."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kpi_tracker.diagnostics import Place
from kpi_tracker.diagnostics.rawfile import shown_name
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.language import N_, Phrase
from kpi_tracker.many.columns import CHINESE, NOTHING, NUMBER, TEXT, WHOLE, WORDS, kind_of
from kpi_tracker.many.files import ENDINGS, of_engine, said
from kpi_tracker.sources.csvrows import read_csv
from kpi_tracker.sources.table import field_place, wrong_separator

__all__ = ["Line", "read_sheet"]

FIGURES = ("baseline", "target")
"""The columns of lists that may hold fractions."""


class Line(NamedTuple):
    """One row: its cells by column, and its place; of a CSV file `order` has the columns as they stand in it.

    One that is not `whole` has more or fewer cells than the first row names, which was reported.
    """

    cells: dict[str, str]
    place: Place
    order: tuple[str, ...] = ()
    whole: bool = True

    def at(self, column: str, report: Report) -> Place:
        """Return where a cell is written."""
        return field_place(report, self.place, self.order.index(column)) if column in self.order else self.place


def read_sheet(path: str, needed: Sequence[str], known: Sequence[str], report: Report) -> list[Line] | None:
    """Return the rows of a list; None where it cannot serve. `needed` columns must be there, others must be `known`."""
    if path.lower().endswith(ENDINGS):
        return _parquet(path, needed, known, report)
    name = shown_name(path)
    file = read_csv(path, report)
    if file is None or wrong_separator(file.header, name, report):
        return None
    places = [field_place(report, Place(name, 1, 1), i) for i in range(len(file.header))]
    order = _columns([word.strip() for word in file.header], places, Place(name, 1, 1), (needed, known), report)
    if order is None:
        return None
    return [
        Line(dict(zip(order, map(str.strip, fields), strict=False)), Place(name, line, 1), order, whole)
        for line, fields, whole in file.rows
    ]


def _parquet(path: str, needed: Sequence[str], known: Sequence[str], report: Report) -> list[Line] | None:
    import polars

    name = shown_name(path)
    try:
        frame = polars.read_parquet(path, glob=False)
    except BaseException as error:
        if not of_engine(error) and not isinstance(error, OSError):
            raise
        report.add("KT442", Place(name), reason=said(error))
        return None
    order = _columns(frame.columns, [Place(name)] * len(frame.columns), Place(name), (needed, known), report)
    if order is None or not _hold(dict(zip(order, frame.schema.items(), strict=True)), Place(name), report):
        return None
    texts = frame.cast(polars.String, strict=False).fill_null("")
    return [
        Line(dict(zip(order, row, strict=True)), Place(name, number)) for number, row in enumerate(texts.iter_rows(), 1)
    ]


def _hold(columns: Mapping[str, tuple[str, object]], place: Place, report: Report) -> bool:
    """Tell whether columns hold what can be read as cells; a code of a group that is a fraction is told, as all else is."""
    before = len(report.diagnostics)
    for column, (written, dtype) in columns.items():
        figures = column in FIGURES
        kind = kind_of(dtype)
        if kind not in (TEXT, WHOLE, NOTHING) and not (figures and kind == NUMBER):
            expected = Phrase(N_("numbers or texts") if figures else N_("texts or whole numbers"))
            what = Phrase(WORDS[kind]) if kind in WORDS else kind
            report.add("KT373", place, value=written, expected=expected, what=what)
    return len(report.diagnostics) == before


def _columns(
    header: Sequence[str], places: Sequence[Place], head: Place, asked: tuple[Sequence[str], Sequence[str]],
    report: Report,
) -> tuple[str, ...] | None:  # fmt: skip
    """Return our names of the columns; None where one is missing, stands twice or is none, reported."""
    before, (needed, known) = len(report.diagnostics), asked
    allowed = (*needed, *known)
    order: list[str] = []
    for written, place in zip(header, places, strict=True):
        column = written if written in allowed else CHINESE.get(written, written)
        if column not in allowed:
            near = nearest(written, [*allowed, *CHINESE])
            report.add("KT378", place, max(1, len(written)), value=written, expected=allowed, nearest=near)
        elif column in order:
            report.add("KT417", place, max(1, len(written)), value=written)
        order.append(column)
    for column in needed:
        if column not in order:
            report.add("KT372", head, value=column, expected=tuple(header), nearest=nearest(column, [*header]))
    return tuple(order) if len(report.diagnostics) == before else None
