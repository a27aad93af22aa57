"""The rows of a source that the check itself reads, as rows of observations."""

from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

from kpi_tracker.diagnostics.rawfile import shown_name
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.model.datasource import DataSource, Role
from kpi_tracker.model.goal import Plan, names
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.notation.date import read_date, read_period
from kpi_tracker.notation.folding import folded_text
from kpi_tracker.sources.cells import Misread, day_of, is_nothing, name_in, unit_in, value_text
from kpi_tracker.sources.rowfile import Lost, RowFile, read_rows
from kpi_tracker.sources.table import Row

__all__ = ["watched_rows"]


def watched_rows(
    source: DataSource, path: str, plan: Plan, kpis: Mapping[str, tuple[str, Kpi]], report: Report
) -> Iterator[Row] | None:
    """Return the rows of a file as observations; None where it cannot be read at all. Faults go to `report`.

    `kpis` are those of the plan by id, with their paths. Rows of codes that the source does not map, and rows without a value, are
    passed over.
    """
    file = read_rows(source, path, report)
    return None if file is None else _Rows(source, shown_name(path), file, plan, kpis, report).rows()


class _Rows:
    def __init__(
        self, source: DataSource, name: str, file: RowFile, plan: Plan, kpis: Mapping[str, tuple[str, Kpi]],
        report: Report,
    ) -> None:  # fmt: skip
        self._source, self._name, self._file, self._plan, self._report = source, name, file, plan, report
        self._kpis = kpis
        self._zone = ZoneInfo(plan.time_zone)
        self._when = Role.PERIOD if Role.PERIOD in source.columns else Role.DATE

    def rows(self) -> Iterator[Row]:
        """Yield the rows."""
        for line, cells in self._file.rows:
            found = {role: cells[i] for role, i in self._file.at.items() if i < len(cells)}
            code = name_in(found.get(Role.KPI))
            path = self._source.kpis.get(code) if self._source.kpis and code else code
            if path is None:
                continue
            if isinstance(cells, Lost):
                yield self._row(line, {"kpi": path}, whole=False)
                continue
            known = self._kpis.get(path.rpartition("/")[2])
            kpi = known[1] if known and names(known[0], path) else None
            if kpi is None:  # its reference is reported as that of any other row
                yield self._row(line, {"kpi": path, "value": ""})
            elif not is_nothing(found[Role.VALUE], kpi):
                yield self._observed(line, path, kpi, found)

    def _row(self, line: int, fields: dict[str, str], whole: bool = True) -> Row:
        return Row(fields, line, self._file.order, whole, self._file.names)

    def _observed(self, line: int, path: str, kpi: Kpi, found: Mapping[Role, object]) -> Row:
        fields = {"kpi": path, "value": "", "source": self._source.id}
        role = Role.VALUE
        try:
            text = value_text(found[Role.VALUE])
            role = Role.UNIT
            unit = unit_in(found.get(role)) or self._source.unit
            fields["value"] = text + unit if folded_text(text)[-1:].isdigit() else text
            role = self._when
            fields.update(self._day(found[role], kpi))
        except Misread as misread:
            row = self._row(line, fields, whole=False)
            place = row.place(self._report, self._name, role.value)
            self._report.add("KT443", place, key=self._source.columns[role], reason=misread.phrase)
            return row
        for role in (Role.NOTE, Role.BASIS, Role.RECORDED_AT):
            if found.get(role) is not None:
                fields[role.value] = str(found[role]).strip()
        return self._row(line, fields)

    def _day(self, cell: object, kpi: Kpi) -> dict[str, str]:
        """Return the field that says when: a period stays one, so that a quarter beside its months is found."""
        if self._when is Role.PERIOD and isinstance(cell, str) and not read_date(cell) and read_period(cell):
            return {"period": cell.strip()}
        return {"date": day_of(cell, self._when, kpi, self._plan.cadence, self._zone).isoformat()}
