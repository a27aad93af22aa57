"""The figures of sources, gathered before it is known which of them are new: a number and a row for each KPI and day.

A million rows that are in the ledger already must not become a million objects, so that a figure is made a claim only
where it turns out to differ from what is known.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from kpi_tracker.intake.figure import Refused, typed_figure
from kpi_tracker.intake.reading import Claim, Reading, Remark, Spot
from kpi_tracker.intake.reference import References
from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.datasource import DataSource, Role
from kpi_tracker.model.exactness import exact
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Cadence, Measure
from kpi_tracker.model.observation import EMPTY, Observations, Value
from kpi_tracker.sources.cells import Misread, day_of, is_nothing, name_in, unit_in, value_text

__all__ = ["Gathering"]

MOST_CODES = 20
"""So many codes that a source does not map are named."""
MOST_SHOWN = 100
"""So many rows of a source are shown as refused, one by one; of the others there is the number."""
TABLE = 1 << 40
"""Rows of the nth table are numbered from n times this, so that one number tells both."""
LARGE, SMALL = 1e100, 1e-100
NUMBERS = (float, int, Decimal)


class _Slot:
    """What was gathered of one KPI."""

    __slots__ = ("days", "kpi", "more", "notes", "plain", "rows", "values")

    def __init__(self, kpi: Kpi) -> None:
        self.kpi = kpi
        self.plain = False
        self.values: dict[date, Value] = {}
        self.rows: dict[date, int] = {}
        self.notes: dict[date, str] = {}
        self.more: list[tuple[date, Value, int, str]] = []
        self.days: dict[object, date | Phrase] = {}


class Gathering:
    """The figures of the sources of a plan."""

    def __init__(self, plan: Plan) -> None:
        """Start with none."""
        self.cadence, self.zone = plan.cadence, ZoneInfo(plan.time_zone)
        self._references = References(plan)
        self._by_path = {path: item for path, item in plan.walk() if isinstance(item, Kpi)}
        self._slots: dict[str, _Slot] = {}
        self._spots: list[Callable[[int], str]] = []
        self._refused: list[Remark] = []
        self._left_out: list[Remark] = []

    def refuse(self, where: str, phrase: Phrase) -> None:
        """Note what cannot be taken, with where it stands."""
        self._refused.append(Remark(Spot(where), phrase))

    def leave_out(self, where: str, phrase: Phrase) -> None:
        """Note what is passed over without harm."""
        self._left_out.append(Remark(Spot(where), phrase))

    def take(
        self, source: DataSource, rows: Iterable[tuple[int, Sequence[Any]]], at: dict[Role, int],
        spot: Callable[[int], str],
    ) -> None:  # fmt: skip
        """Gather the rows of a table of `source`; `at` says where each role stands, `spot` what a row is called.

        Where the rows break off with an exception nothing of the table is kept.
        """
        base, refused = TABLE * len(self._spots), len(self._refused)
        self._spots.append(spot)
        try:
            _Table(self, source, at, spot).read(rows, base)
        except BaseException:
            del self._refused[refused:]
            self._forget(base)
            raise

    def _forget(self, base: int) -> None:
        """Forget the last table."""
        for slot in self._slots.values():
            for day in [day for day, row in slot.rows.items() if row >= base]:
                del slot.rows[day], slot.values[day]
                slot.notes.pop(day, None)
            slot.more = [one for one in slot.more if one[2] < base]

    def beside(self, known: Observations) -> Reading:
        """Return what differs from what is known as claims, and how many figures do not."""
        claims: list[Claim] = []
        same = 0
        for slot in self._slots.values():
            newest = known.get(slot.kpi.id, EMPTY).newest
            values = dict(zip(newest.dates, newest.values, strict=True))
            contested = {day for day, *_ in slot.more}
            for day, value in slot.values.items():
                before = values.get(day.toordinal())
                if (before == value or before == _exact(value)) and day not in contested:
                    same += 1
                else:
                    claims.append(self._claim(slot, day, value, slot.rows[day], slot.notes.get(day, "")))
            claims.extend(self._claim(slot, *one) for one in slot.more)
        return Reading(tuple(claims), tuple(self._refused), tuple(self._left_out), known=same)

    def _claim(self, slot: _Slot, day: date, value: Value, row: int, note: str) -> Claim:
        value = _exact(value)
        table, number = divmod(row, TABLE)
        shown = f"{value:.15g}" if isinstance(value, float) else str(value)
        spot = Spot(self._spots[table](number), f"{slot.kpi.id}@{day}={shown}")
        return Claim(slot.kpi, day, value, spot, note)

    def slot_of(self, path: str, reference: str) -> _Slot | Phrase:
        """Return the place for the figures of a KPI, by its path or else by what a source calls it."""
        found: Kpi | Phrase = self._by_path[path] if path else self._references.find(reference)
        if isinstance(found, Phrase):
            return found
        if found.formula is not None:
            text = N_("“{kpi}” is calculated by its formula and takes no figure from a source")
            return Phrase(text, {"kpi": found.id})
        return self._slots.setdefault(found.id, _Slot(found))


class _Table:
    """One table while it is read."""

    def __init__(self, whole: Gathering, source: DataSource, at: dict[Role, int], spot: Callable[[int], str]) -> None:
        self._whole, self._source, self._at, self._spot = whole, source, at, spot
        self._when = Role.PERIOD if Role.PERIOD in at else Role.DATE
        self._slots: dict[object, _Slot | None] = {}
        self._days: dict[Cadence, dict[object, date | Phrase]] = {}
        self._passed: dict[object, tuple[int, Phrase | None]] = {}
        self._passes: Counter[object] = Counter()
        self._without = self._refusals = 0

    def read(self, rows: Iterable[tuple[int, Sequence[Any]]], base: int) -> None:
        """Run through the rows; this loop takes most of the time of a sync."""
        slots, at = self._slots, self._at
        name, amount, when, note = at[Role.KPI], at[Role.VALUE], at[self._when], at.get(Role.NOTE)
        plain = Role.UNIT not in at and not self._source.unit
        number = 0
        for number, cells in rows:
            try:
                slot = slots[cells[name]]
            except (KeyError, TypeError):
                slot = self._new_slot(cells[name], number, plain)
            if slot is None:
                self._passes[_key(cells[name])] += 1
                continue
            raw = cells[amount]
            value: Value | None
            if type(raw) is float and slot.plain and SMALL < raw < LARGE:
                value = raw
            elif (value := self._value(slot, raw, cells, number)) is None:
                continue
            try:
                day = slot.days[cells[when]]
            except (KeyError, TypeError):
                day = self._new_day(slot, cells[when])
            if type(day) is Phrase:
                self._refuse(number, day)
                continue
            before = slot.values.setdefault(day, value)  # type: ignore[arg-type]
            if before is value and day not in slot.rows:
                slot.rows[day] = base + number  # type: ignore[index]
                if note is not None and cells[note] is not None:
                    slot.notes[day] = str(cells[note]).strip()  # type: ignore[index]
            elif before != value and _exact(before) != _exact(value):
                text = "" if note is None or cells[note] is None else str(cells[note]).strip()
                slot.more.append((day, value, base + number, text))  # type: ignore[arg-type]
        self._end(empty=number == 0)

    def _refuse(self, number: int, phrase: Phrase) -> None:
        self._refusals += 1
        if self._refusals <= MOST_SHOWN:
            self._whole.refuse(self._spot(number), phrase)

    def _new_slot(self, cell: object, number: int, plain: bool) -> _Slot | None:
        """Return where the figures of what a cell names go; None where they are passed over or refused."""
        code = name_in(cell)
        slot: _Slot | Phrase | None
        if not code:
            slot = Phrase(N_("the row names no KPI"))
        elif self._source.kpis:
            path = self._source.kpis.get(code)
            slot = None if path is None else self._whole.slot_of(path, code)
        else:
            slot = self._whole.slot_of("", code)
        if isinstance(slot, _Slot):
            own = slot.kpi.cadence or self._whole.cadence
            slot.days = self._days.setdefault(own, {})
            slot.plain = plain and slot.kpi.measure not in (Measure.MILESTONE, Measure.GRADE)
        key = _key(cell)
        if not isinstance(slot, _Slot):
            self._passed.setdefault(key, (number, slot))
            slot = None
        self._slots[key] = slot
        return slot

    def _value(self, slot: _Slot, raw: object, cells: Sequence[object], number: int) -> Value | None:
        """Return the value of a cell; None where it has none, or is refused."""
        if type(raw) in NUMBERS and slot.plain:
            try:
                size = float(raw)  # type: ignore[arg-type]
            except OverflowError:
                size = LARGE
            if SMALL < size < LARGE or SMALL < -size < LARGE or size == 0:
                return size
        if is_nothing(raw, slot.kpi):
            self._without += 1
            return None
        unit = cells[self._at[Role.UNIT]] if Role.UNIT in self._at else None
        try:
            return typed_figure(value_text(raw), slot.kpi, unit_in(unit) or self._source.unit)
        except (Misread, Refused) as wrong:
            self._refuse(number, wrong.phrase)
            return None

    def _new_day(self, slot: _Slot, cell: object) -> date | Phrase:
        """Return the day that a cell names, or why it names none; the same few stand in most rows."""
        found: date | Phrase
        try:
            found = day_of(cell, self._when, slot.kpi, self._whole.cadence, self._whole.zone)
        except Misread as misread:
            found = misread.phrase
        slot.days[_key(cell)] = found
        return found

    def _end(self, empty: bool) -> None:
        """Say what was passed over, and how much of what was refused is not shown."""
        name = self._source.id
        if empty:
            self._whole.leave_out(name, Phrase(N_("no row was found")))
        if self._without:
            self._whole.leave_out(name, Phrase(N_("rows without a value: {n}"), {"n": self._without}))
        if self._refusals > MOST_SHOWN:
            text = N_("further rows that are refused: {n}")
            self._whole.refuse(name, Phrase(text, {"n": self._refusals - MOST_SHOWN}))
        unknown = [key for key, (_, why) in self._passed.items() if why is None]
        for key in unknown[:MOST_CODES]:
            text = N_("“{value}” is not one of the codes of this source (“kpis”); rows passed over: {n}")
            first = self._passed[key][0]
            self._whole.leave_out(self._spot(first), Phrase(text, {"value": str(key), "n": self._passes[key]}))
        if others := unknown[MOST_CODES:]:
            text = N_("further codes that are not among those of this source: {codes}; rows passed over: {n}")
            rows = sum(self._passes[key] for key in others)
            self._whole.leave_out(name, Phrase(text, {"codes": len(others), "n": rows}))
        for key, (first, why) in self._passed.items():
            if why is not None:
                rows = self._passes[key]
                text = N_("{fault} (rows: {n})")
                self._whole.refuse(self._spot(first), Phrase(text, {"fault": why, "n": rows}) if rows > 1 else why)


def _exact(value: Value) -> Value:
    """Return a number as the ledger will hold it: with 15 digits. It is done late, and for what is known already never."""
    return exact(value) if isinstance(value, float) else value


def _key(cell: object) -> object:
    """Return a cell as a key; what cannot be one (a list of a database) names neither KPI nor day."""
    try:
        hash(cell)
    except TypeError:
        return None
    return cell
