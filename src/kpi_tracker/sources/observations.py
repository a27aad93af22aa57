"""Observations from the CSV files of a plan."""

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, tzinfo
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from kpi_tracker.calendar import covering_end
from kpi_tracker.diagnostics import Diagnostic, Place
from kpi_tracker.diagnostics.diagnostic import by_place
from kpi_tracker.diagnostics.rawfile import shown_name
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.datasource import DataSource
from kpi_tracker.model.goal import Goal, Plan, names
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Aggregate, Cadence, Measure
from kpi_tracker.model.observation import Observation, ObservationBasis, Observations, Value
from kpi_tracker.notation.date import period_start, read_date, read_moment, read_period
from kpi_tracker.notation.number import Unreadable, read_number
from kpi_tracker.sources.table import Row, read_table

if TYPE_CHECKING:
    from kpi_tracker.sources.partcolumns import PartColumns

__all__ = ["ObservationReading", "read_observations"]

BASES = {"正式": "reported", "初步": "provisional", "估计": "estimated", "示意": "illustrative"}
BASIS_OF = {word: ObservationBasis(name) for word, name in BASES.items()}
BASIS_OF |= {"": ObservationBasis.REPORTED, **{basis.value: basis for basis in ObservationBasis}}
Key = tuple[str, tuple[str, ...], date, datetime]
"""What a row speaks for: its KPI, the part of it, the date, and when it was recorded."""
NOTHING_DONE = ("none", "无")


class ObservationReading(NamedTuple):
    """The observations that could be read, what is wrong with the others, and how many rows each KPI lost (by id)."""

    observations: Observations
    diagnostics: tuple[Diagnostic, ...]
    left_out: Mapping[str, int]


def read_observations(
    plan: Plan, files: Iterable[str | os.PathLike[str]] | None = None, report: Report | None = None,
    beside: Iterable[str] = (),
) -> ObservationReading:  # fmt: skip
    """Read the observations of `plan` from `files`; never raises for their content.

    Where none are given they are those that the plan names, with those of its sources that are watched, and `beside`.

    A row that is wrong is named and left out; of two rows that contradict each other, both. An empty `report` that is
    given holds afterwards what the reading rests on.
    """
    reader = _Reader(plan, report or Report())
    for file in (*plan.observation_files, *beside) if files is None else files:
        reader.read(os.fspath(file))
    for source in plan.sources if files is None else ():
        if source.watch:
            reader.watch(source)
    return reader.result()


class _Reader:
    """Reads rows, and keeps what is needed to tell repeated and contradicting ones."""

    def __init__(self, plan: Plan, report: Report) -> None:
        self._plan = plan
        self._report = report
        self._kpis = {item.id: (path, item) for path, item in plan.walk() if isinstance(item, Kpi)}
        self._summed = {name for name, (_, kpi) in self._kpis.items() if _adds_up(kpi)}
        self._broken = {b.id for _, holder in _holders(plan) for b in holder.broken}
        self._rows: dict[Key, Observation] = {}
        self._contradicted: set[Key] = set()
        self._first_days: dict[Key, date] = {}
        self._left_out: Counter[str] = Counter()
        self._zone: tzinfo | None = None
        self._dates: dict[str, date | None] = {}
        self._starts: dict[str, date | None] = {}
        self._last_days: dict[Cadence, int] = {}
        self._moments: dict[str, datetime | None] = {}
        self._parts, self._headings = _part_columns(plan)

    def read(self, file: str) -> None:
        """Read one file."""
        name = shown_name(file)
        for row in read_table(file, self._report, self._headings):
            self._read_row(name, row)

    def watch(self, source: DataSource) -> None:
        """Read the files of a source; where one cannot be read at all, each KPI that it should feed has lost a row."""
        from kpi_tracker.sources.watched import watched_rows

        for file in source.files:
            name = shown_name(file)
            rows = watched_rows(source, file, self._plan, self._kpis, self._report)
            if rows is None:
                lost = sorted({path.rpartition("/")[2] for path in source.kpis.values()})
                self._left_out.update(lost)
                continue
            for row in rows:
                self._read_row(name, row)

    def result(self) -> ObservationReading:
        """Return what was read."""
        self._refuse_overlaps()
        kept = (row for key, row in self._rows.items() if key not in self._contradicted)
        diagnostics = tuple(sorted(self._report.diagnostics, key=by_place))
        return ObservationReading(Observations(kept), diagnostics, dict(self._left_out))

    def _refuse_overlaps(self) -> None:
        """Refuse a row whose period holds the day of another row of a sum: a quarter beside its months counts twice."""
        before: Observation | None = None
        latest: Observation | None = None
        for key in sorted(key for key in self._rows if key[0] in self._summed):
            row = self._rows[key]
            if latest is None or latest.kpi != row.kpi or latest.part != row.part:
                before = None
            elif latest.date != row.date:
                before = latest
            latest = row
            first = self._first_days.get(key)
            if before is not None and first is not None and first <= before.date and key not in self._contradicted:
                self._contradicted.add(key)
                self._left_out[row.kpi] += 1
                line = before.where.line if before.where.file == row.where.file else str(before.where)
                self._report.add(
                    "KT420",
                    row.where,
                    path=self._kpis[row.kpi][0],
                    value=f"{first} … {row.date}",
                    kpi=self._told(row),
                    line=line,
                )

    def _read_row(self, file: str, row: Row) -> None:
        if not row.whole:
            self._left_out_of(row)
            return
        before = len(self._report.diagnostics)
        fields = row.fields
        found = self._kpi(file, row)
        if found is None:
            return
        path, kpi = found
        day = self._day(file, row)
        recorded = self._recorded(file, row)
        basis = self._basis(file, row)
        value = self._value(file, row, kpi)
        part = self._parts.part(fields, kpi, partial(self._wrong, file, row)) if self._parts else ()
        if len(self._report.diagnostics) > before or day is None or value is None or basis is None:
            for i in range(before, len(self._report.diagnostics)):
                self._report.diagnostics[i] = self._report.diagnostics[i].at_path(path)
            self._left_out[kpi.id] += 1
            return
        place = Place(file, row.line, 1)
        observation = Observation(
            kpi.id,
            day,
            value,
            recorded,
            basis,
            fields.get("source", ""),
            fields.get("note", ""),
            fields["value"],
            place,
        )
        if part:
            observation = observation.of_part(*part)
        if self._is_in_reach(observation, kpi, path):
            self._keep(observation, path)
            period = fields.get("period")
            if period and kpi.id in self._summed and (first := self._start(period)) is not None:
                self._first_days[observation.kpi, part, day, observation.recorded()] = first

    def _left_out_of(self, row: Row) -> None:
        """Let the KPI of a row say that it lost it, where the row names one.

        The fault reported just now is the row's own, unless it lies above: a quote there has swallowed this one.
        """
        found = self._named(row.fields.get("kpi", ""))
        if found is not None:
            self._left_out[found[1].id] += 1
            fault = self._report.diagnostics[-1]
            if row.line <= fault.place.line:
                self._report.diagnostics[-1] = fault.at_path(found[0])

    def _wrong(self, file: str, row: Row, column: str, code: str, **args: Any) -> None:
        place = row.place(self._report, file, column)
        self._report.add(code, place, max(1, len(row.fields[column])), **args)

    def _named(self, written: str) -> tuple[str, Kpi] | None:
        """Return the KPI that a reference names, with its path."""
        found = self._kpis.get(written.rpartition("/")[2])
        return found if found is not None and names(found[0], written) else None

    def _kpi(self, file: str, row: Row) -> tuple[str, Kpi] | None:
        """Return the KPI of a row with its path; rows of one that the plan could not read are passed over."""
        written = row.fields["kpi"]
        found = self._named(written)
        if found is None and (name := written.rpartition("/")[2]) not in self._broken:
            self._wrong(file, row, "kpi", "KT405", value=written, nearest=nearest(name, list(self._kpis)))
        return found

    def _day(self, file: str, row: Row) -> date | None:
        on, period = row.fields.get("date", ""), row.fields.get("period", "")
        if bool(on) == bool(period):
            self._wrong(file, row, "date" if "date" in row.order else "period", "KT410")
            return None
        written = on or period
        if written not in self._dates:
            self._dates[written] = read_date(written) or read_period(written)
        day = self._dates[written]
        if day is None:
            self._wrong(file, row, "date" if on else "period", "KT407", value=written)
        return day

    def _start(self, period: str) -> date | None:
        """Return the first day of a period; the same few stand in most rows."""
        if period not in self._starts:
            self._starts[period] = period_start(period)
        return self._starts[period]

    def _recorded(self, file: str, row: Row) -> datetime | None:
        written = row.fields.get("recorded_at", "")
        if not written:
            return None
        if written not in self._moments:
            self._moments[written] = read_moment(written, self._time_zone(written))
        moment = self._moments[written]
        if moment is None:
            self._wrong(file, row, "recorded_at", "KT408", value=written)
        return moment

    def _time_zone(self, written: str) -> tzinfo | None:
        """Return the plan's zone where a time with an offset must be brought into it."""
        if ":" in written and self._zone is None:
            from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

            try:
                self._zone = ZoneInfo(self._plan.time_zone)
            except (ZoneInfoNotFoundError, ValueError):  # reported with the plan
                return None
        return self._zone

    def _basis(self, file: str, row: Row) -> ObservationBasis | None:
        written = row.fields.get("basis", "")
        basis = BASIS_OF.get(written) or BASIS_OF.get(written.lower())
        if basis is None:
            known = tuple(word.value for word in ObservationBasis)
            near = nearest(written.lower(), [*known, *BASES])
            self._wrong(file, row, "basis", "KT409", value=written, expected=known, nearest=near)
        return basis

    def _value(self, file: str, row: Row, kpi: Kpi) -> Value | None:
        written = row.fields["value"]
        if kpi.measure is Measure.MILESTONE:
            return self._steps(file, row, kpi, written)
        if kpi.measure is Measure.GRADE:
            if written in kpi.scale:
                return written
            near = nearest(written, kpi.scale)
            self._wrong(file, row, "value", "KT320", value=written, expected=kpi.scale, nearest=near)
            return None
        try:
            return read_number(written, kpi.unit)
        except Unreadable as unreadable:
            self._wrong(file, row, "value", "KT406", value=written, kpi=kpi.id, reason=unreadable.reason)
            return None

    def _steps(self, file: str, row: Row, kpi: Kpi, written: str) -> tuple[str, ...] | None:
        """Return the ids of the steps that a row names as done."""
        if not written:
            reason = Phrase(N_("it is empty; where no step is done, write none"))
            self._wrong(file, row, "value", "KT406", value=written, kpi=kpi.id, reason=reason)
            return None
        if written.lower() in NOTHING_DONE:
            return ()
        words = written.replace("；", ";").replace("、", ";").replace(",", ";").replace("，", ";").split(";")
        known = tuple(step.id for step in kpi.steps)
        done = tuple(dict.fromkeys(word.strip() for word in words if word.strip()))
        for word in done:
            if word not in known:
                near = nearest(word, known)
                self._wrong(file, row, "value", "KT413", value=word, kpi=kpi.id, expected=known, nearest=near)
        return done

    def _is_in_reach(self, row: Observation, kpi: Kpi, path: str) -> bool:
        """Tell whether a row speaks for the plan's period or the base year; warn where it speaks for neither."""
        period = self._plan.period
        base = (kpi.baseline.year if kpi.baseline else None) or self._plan.baseline_year
        back = period.start.year - base
        year = row.date.year
        cadence = kpi.cadence or self._plan.cadence
        last = self._last_days.get(cadence)
        if last is None:
            last = self._last_days[cadence] = covering_end(cadence, period.end.toordinal())
        if period.start <= row.date and row.date.toordinal() <= last:
            return True
        if period.start.year - back <= year <= period.end.year - back:
            return True
        self._report.add("KT412", row.where, path=path, date=row.date.isoformat())
        return False

    def _keep(self, row: Observation, path: str) -> None:
        """Keep a row; one that repeats another is named, and of two that contradict each other neither is used."""
        key = (row.kpi, row.part, row.date, row.recorded())
        other = self._rows.get(key)
        if other is None:
            self._rows[key] = row
            return
        line = other.where.line if other.where.file == row.where.file else str(other.where)
        if other.value == row.value:
            self._report.add("KT416", row.where, path=path, line=line)
            return
        self._left_out[row.kpi] += 1 if key in self._contradicted else 2
        self._contradicted.add(key)
        self._report.add(
            "KT411", row.where, path=path, kpi=self._told(row), date=row.date.isoformat(), first=other.written,
            value=row.written, line=line,
        )  # fmt: skip

    def _told(self, row: Observation) -> str:
        """Return the KPI of a row as messages name it, with the member that it is of."""
        return self._parts.told(row.kpi, row.part) if self._parts else row.kpi


def _part_columns(plan: Plan) -> "tuple[PartColumns | None, Mapping[str, str]]":
    """Return what reads the columns of the plan's dimensions, and what may head them; most plans have none."""
    if not plan.dimensions:
        return None, {}
    from kpi_tracker.sources.partcolumns import PartColumns, headings

    return PartColumns(plan), headings(plan)


def _adds_up(kpi: Kpi) -> bool:
    """Tell whether the observations of a KPI are added up."""
    if kpi.measure is Measure.TOTAL:
        return kpi.aggregate is not Aggregate.NEWEST
    return kpi.aggregate is Aggregate.SUM


def _holders(plan: Plan) -> list[tuple[str, Plan | Goal]]:
    return [("", plan), *((path, item) for path, item in plan.walk() if isinstance(item, Goal))]
