"""A table as people send it: headings in Chinese or English, columns in any order, titles above and totals below."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date

from kpi_tracker.intake.book import Book, Cell, Sheet
from kpi_tracker.intake.day import day_in, day_of
from kpi_tracker.intake.figure import Refused, figure, is_blank
from kpi_tracker.intake.heading import VALUES, Column, Heading, Holds, find_heading
from kpi_tracker.intake.members import Members
from kpi_tracker.intake.parts import PART_OF, TOTALS, Parts
from kpi_tracker.intake.reading import Claim, Reading, Remark
from kpi_tracker.intake.reference import References, words_of
from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Aggregate, Measure
from kpi_tracker.model.observation import Value

__all__ = ["adds_up", "read_plain"]

SEVERAL_DAYS = N_("the titles name several dates ({members}); give the one that is meant with --on")


def read_plain(book: Book, plan: Plan, on: date | None) -> Reading:
    """Read every sheet of `book` that is a table of KPIs; `on` is the day of rows that no cell or title dates."""
    reader = _Reader(plan, on)
    found = [sheet for sheet in book.sheets if reader.read(sheet)]
    if not found:
        text = N_(
            "no table was found: a heading needs a column for the KPI (指标, KPI) and one for its value (数值, 本月, 累计, value)"
        )
        return Reading(refused=(Remark(None, Phrase(text)),))
    return reader.result()


def adds_up(kpi: Kpi) -> bool:
    """Tell whether the figures of single periods are added up, so that a cumulative figure would count twice."""
    return kpi.aggregate is Aggregate.SUM or (kpi.measure is Measure.TOTAL and kpi.aggregate is not Aggregate.NEWEST)


class _Reader:
    def __init__(self, plan: Plan, on: date | None) -> None:
        self._plan, self._on = plan, on
        self._references = References(plan)
        self._members = Members(plan)
        self._apart: dict[int, str] = {}
        self._claims: list[Claim] = []
        self._refused: list[Remark] = []
        self._left_out: list[Remark] = []
        self._odd: list[Remark] = []

    def result(self) -> Reading:
        return Reading(tuple(self._claims), tuple(self._refused), tuple(self._left_out), tuple(self._odd))

    def read(self, sheet: Sheet) -> bool:
        """Read a sheet; tell whether it has a table."""
        heading = find_heading(sheet)
        if heading is None:
            if any(value != "" for row in sheet.rows for value in row):
                self._left_out.append(Remark(sheet.cell(0, 0), Phrase(N_("no table of KPIs in this sheet"))))
            return False
        self._apart = {
            column.index: by for column in heading.columns
            if column.holds in (None, Holds.KNOWN) and (by := self._members.dimension(column.words))
        }  # fmt: skip
        for column in heading.columns:
            if column.holds is None and column.index not in self._apart:
                cell = sheet.cell(heading.below - 1, column.index)
                self._left_out.append(
                    Remark(cell, Phrase(N_("the column “{value}” is not read"), {"value": column.words}))
                )
        titled = set[date]()
        for row in range(heading.first):
            titled |= day_in(" ".join(str(value) for value in sheet.rows[row] if isinstance(value, str)))
        titled = titled or day_in(sheet.name)
        parts = Parts(sheet, heading.of(*VALUES))
        for row in range(heading.below, len(sheet.rows)):
            self._read_row(sheet, heading, row, titled, parts)
        self._odd.extend(parts.odd())
        return True

    def _read_row(self, sheet: Sheet, heading: Heading, row: int, titled: set[date], parts: Parts) -> None:
        named = [(column, words_of(str(sheet.value(row, column.index)))) for column in heading.of(Holds.KPI)]
        named = [(column, word) for column, word in named if word]
        filled = [column for column in heading.of(*VALUES) if not self._empty(sheet, row, column)]
        words = [word.replace(" ", "").rstrip(":").lower() for _, word in named]
        if any(word in TOTALS for word in words):
            parts.total(row)
            self._leave_out(sheet, row, named[0][0], N_("“{value}” is a row of totals, not a KPI"), named[0][1])
            return
        if not named:
            if filled:
                self._refuse(sheet.cell(row, filled[0].index), Phrase(N_("the row names no KPI")))
            return
        found = [self._references.find(word) for _, word in named]
        kpis = {kpi.id: kpi for kpi in found if isinstance(kpi, Kpi)}
        if not kpis and any(word.startswith(PART_OF) for word in words):
            parts.part(row)
            self._leave_out(
                sheet, row, named[0][0], N_("“{value}” is a part of the row above it, not a KPI"), named[0][1]
            )
            return
        parts.row(row)
        if not filled and not any(kpi.measure is Measure.MILESTONE for kpi in kpis.values()):  # 无: no step is done
            return
        if len(kpis) == 1:
            self._read_kpi(sheet, heading, row, next(iter(kpis.values())), titled)
        elif kpis:
            text = N_("the row names several KPIs: {members}")
            self._refuse(sheet.cell(row, named[0][0].index), Phrase(text, {"members": tuple(kpis)}))
        else:
            reason = next(one for one in found if isinstance(one, Phrase))
            self._refuse(sheet.cell(row, named[0][0].index), reason)

    def _empty(self, sheet: Sheet, row: int, column: Column) -> bool:
        return is_blank(sheet.value(row, column.index)) and (row, column.index) not in sheet.uncalculated

    def _read_kpi(self, sheet: Sheet, heading: Heading, row: int, kpi: Kpi, titled: set[date]) -> None:
        try:
            chosen = self._value(sheet, heading, row, kpi)
        except _RefusedCell as refused:
            self._refused.append(Remark(refused.cell, refused.phrase))
            return
        if chosen is None:
            return
        value, cell = chosen
        try:
            part = self._part(sheet, row, kpi)
            day = self._day(sheet, heading, row, kpi, titled)
        except _RefusedCell as refused:
            self._refused.append(Remark(refused.cell or cell, refused.phrase))
            return
        note = " ".join(str(sheet.value(row, column.index)) for column in heading.of(Holds.NOTE)).strip()
        cumulative = self._cumulative(sheet, heading, row, kpi)
        self._claims.append(Claim(kpi, day, value, cell, note, cumulative, part))

    def _part(self, sheet: Sheet, row: int, kpi: Kpi) -> tuple[str, ...]:
        """Return the part that the columns of dimensions name."""
        given = {by: (str(sheet.value(row, index)), index) for index, by in self._apart.items()}
        try:
            return self._members.part(kpi, {by: word for by, (word, _) in given.items()})
        except Refused as refused:
            index = next(index for word, index in given.values() if word.strip())
            raise _RefusedCell(sheet.cell(row, index), refused.phrase) from None

    def _cumulative(self, sheet: Sheet, heading: Heading, row: int, kpi: Kpi) -> float | None:
        """Return the one cumulative figure beside that of a single period, as far as it can be read."""
        unit = self._unit(sheet, heading, row)
        found = set[Value]()
        for column in heading.of(Holds.CUMULATIVE) if adds_up(kpi) else ():
            with suppress(Refused):
                value = figure(sheet, row, column.index, kpi, column.unit or unit)
                found |= set() if value is None else {value}
        one = next(iter(found)) if len(found) == 1 else None
        return one if isinstance(one, float) else None

    def _unit(self, sheet: Sheet, heading: Heading, row: int) -> str:
        """Return what the row's own cell says of its unit."""
        unit = next((str(sheet.value(row, column.index)).strip() for column in heading.of(Holds.UNIT)), "")
        return "" if is_blank(unit) else unit

    def _value(self, sheet: Sheet, heading: Heading, row: int, kpi: Kpi) -> tuple[Value, Cell] | None:
        """Return the one value that the row has for its KPI: of the month or cumulative, as the KPI wants it."""
        unit = self._unit(sheet, heading, row)
        read: dict[Value, Cell] = {}
        for column in _wanted(heading, kpi):
            try:
                value = figure(sheet, row, column.index, kpi, column.unit or unit)
            except Refused as refused:
                raise _RefusedCell(sheet.cell(row, column.index), refused.phrase) from None
            if value is not None:
                read.setdefault(value, sheet.cell(row, column.index))
        if len(read) > 1:
            first, *others = read.values()
            text = N_("{kpi}: this value and that in {others} differ, and nothing says which is meant")
            raise _RefusedCell(first, Phrase(text, {"kpi": kpi.id, "others": tuple(map(str, others))}))
        if read:
            return next(iter(read.items()))
        filled = [c for c in heading.of(*VALUES) if not self._empty(sheet, row, c)]
        if not filled:
            return None
        text = (
            N_("{kpi} adds up the figures of single periods; only a cumulative one is given")
            if adds_up(kpi) else N_("{kpi} takes cumulative figures; only one of a single period is given")
        )  # fmt: skip
        raise _RefusedCell(sheet.cell(row, filled[0].index), Phrase(text, {"kpi": kpi.id}))

    def _day(self, sheet: Sheet, heading: Heading, row: int, kpi: Kpi, titled: set[date]) -> date:
        """Return the day of a row: of its own cell, else of the titles, else the one that was given."""
        for column in heading.of(Holds.DATE, Holds.MONTH):
            value = sheet.value(row, column.index)
            if not is_blank(value):
                try:
                    return day_of(value, kpi, self._plan.cadence, column.holds is Holds.MONTH)
                except Refused as refused:
                    raise _RefusedCell(sheet.cell(row, column.index), refused.phrase) from None
        days = {self._on} if self._on else titled
        if len(days) == 1:
            return next(iter(days))
        if days:
            raise _RefusedCell(None, Phrase(SEVERAL_DAYS, {"members": tuple(sorted(map(str, days)))}))
        raise _RefusedCell(None, Phrase(N_("no cell and no title dates it; give the day with --on")))

    def _refuse(self, cell: Cell, phrase: Phrase) -> None:
        self._refused.append(Remark(cell, phrase))

    def _leave_out(self, sheet: Sheet, row: int, column: Column, message: str, value: str) -> None:
        self._left_out.append(Remark(sheet.cell(row, column.index), Phrase(message, {"value": value})))


class _RefusedCell(Refused):
    def __init__(self, cell: Cell | None, phrase: Phrase) -> None:
        super().__init__(phrase)
        self.cell = cell


def _wanted(heading: Heading, kpi: Kpi) -> Iterator[Column]:
    """Yield the columns that may hold the value of `kpi`: never a cumulative one for a sum, nor the reverse."""
    if adds_up(kpi):
        yield from heading.of(Holds.CURRENT, Holds.VALUE)
    elif kpi.measure is Measure.TOTAL:
        yield from heading.of(Holds.CUMULATIVE, Holds.VALUE)
    else:
        yield from heading.of(*VALUES)
