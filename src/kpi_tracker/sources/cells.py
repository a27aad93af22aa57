"""What a cell of a source says: a value as text, the day that it speaks for, or nothing at all."""

from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from math import isfinite

from kpi_tracker.calendar import covering_end
from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.datasource import Role
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Cadence, Measure
from kpi_tracker.model.period import days_in_month
from kpi_tracker.notation.date import read_date, read_moment, read_period
from kpi_tracker.notation.folding import folded_text, pattern
from kpi_tracker.notation.number import is_unit

__all__ = ["NOTHING", "NO_STEP", "Misread", "day_of", "is_nothing", "name_in", "unit_in", "value_text"]

NOTHING = frozenset(("", "-", "--", "—", "——", "/", "\\", "无", "暂无", "n/a", "na", "none", "nil"))
NO_STEP = frozenset(("无", "none"))
COMPACT = pattern(r"(\d{4})(\d{2})(\d{2})?")
ANY_DAY = (Cadence.DAILY, Cadence.WEEKLY, Cadence.IRREGULAR)


class Misread(Exception):  # noqa: N818 - it is caught next door, never shown as an error of ours
    """A cell cannot be used; `phrase` says why."""

    def __init__(self, message: str, **args: object) -> None:
        """Keep the reason."""
        super().__init__(message)
        self.phrase = Phrase(message, args)


def is_nothing(cell: object, kpi: Kpi) -> bool:
    """Tell whether a cell states no value for `kpi`: NULL, an empty text, a dash, 无 and the like. Zero is a value."""
    if cell is None:
        return True
    if not isinstance(cell, str):
        return False
    text = folded_text(cell).lower()
    return text in NOTHING and not (kpi.measure is Measure.MILESTONE and text in NO_STEP)


def name_in(cell: object) -> str:
    """Return what a cell calls a KPI, "" where it calls none."""
    if cell is None or isinstance(cell, bool | bytes | float | date | list | dict):
        return ""
    return folded_text(str(cell))


def unit_in(cell: object) -> str:
    """Return the unit that a cell names, "" where it names none.

    Raises:
        Misread: it holds a number, which would become a part of the value.
    """
    text = "" if cell is None else str(cell).strip()
    if not is_unit(text):
        raise Misread(N_("“{value}” is not a unit"), value=text)
    return text


def value_text(cell: object) -> str:
    """Return the value of a cell as a person would write it: a number with all its digits, a text as it stands.

    Raises:
        Misread: it holds no value: yes or no, a date, bytes, not a number.
    """
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        raise Misread(N_("the cell holds {kind}, not a value"), kind=Phrase(N_("yes or no")))
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, float | Decimal):
        if not (isfinite(cell) if isinstance(cell, float) else cell.is_finite()):
            raise Misread(N_("{value} is not a finite number"), value=str(cell))
        return f"{cell:.15g}" if isinstance(cell, float) else f"{cell:f}"
    raise Misread(N_("the cell holds {kind}, not a value"), kind=Phrase(_kind(cell)))


def _kind(cell: object) -> str:
    if isinstance(cell, date):
        return N_("a date")
    if isinstance(cell, time | timedelta):
        return N_("a time")
    return N_("bytes") if isinstance(cell, bytes | bytearray | memoryview) else N_("something composed")


def day_of(cell: object, role: Role, kpi: Kpi, cadence: Cadence, zone: tzinfo) -> date:
    """Return the day that a cell names, a moment with an offset in the plan's zone.

    A date in a column of periods names the period of the KPI that it lies in. `cadence` is the plan's.

    Raises:
        Misread: it names none, or might be a day or a month.
    """
    own = kpi.cadence or cadence
    day = _dated(cell, zone)
    if day is None:
        day, period = _written(cell, zone)
        if role is Role.DATE and period:
            raise Misread(N_("“{value}” is a period; map its column as “period”"), value=str(cell))
        if period:
            return day
    if role is Role.PERIOD:
        if own is Cadence.IRREGULAR:
            return date(day.year, day.month, days_in_month(day.year, day.month))
        return date.fromordinal(covering_end(own, day.toordinal()))
    if day.day == 1 and own not in ANY_DAY:
        text = N_("{value} may be that day or the month {month}; map its column as “period” where it is the month")
        raise Misread(text, value=day.isoformat(), month=f"{day:%Y-%m}")
    return day


def _dated(cell: object, zone: tzinfo) -> date | None:
    if isinstance(cell, datetime):
        return (cell if cell.tzinfo is None else cell.astimezone(zone)).date()
    return cell if isinstance(cell, date) else None


def _written(cell: object, zone: tzinfo) -> tuple[date, bool]:
    """Return the day that a text or a number such as 202109 names, and whether it names a period."""
    if isinstance(cell, str) or (isinstance(cell, int) and not isinstance(cell, bool)):
        text = folded_text(str(cell))
        if (compact := COMPACT().fullmatch(text)) is not None:
            text = "-".join(part for part in compact.groups() if part)
        if (day := read_date(text)) is not None:
            return day, False
        if (moment := read_moment(text, zone)) is not None:
            return moment.date(), False
        if (day := read_period(text)) is not None:
            return day, True
    elif cell is None:
        raise Misread(N_("no day is given"))
    else:
        raise Misread(N_("the cell holds {kind}, not a day"), kind=Phrase(_kind_of_no_day(cell)))
    raise Misread(N_("“{value}” is not a date or a period, such as 2021-09-30, 2021-09 or 2021年9月"), value=str(cell))


def _kind_of_no_day(cell: object) -> str:
    if isinstance(cell, bool):
        return N_("yes or no")
    return N_("a number") if isinstance(cell, float | Decimal) else _kind(cell)
