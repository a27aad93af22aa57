"""How time passes in a plan: elapsed share, expected courses, and when the next figure is due.

Days are proleptic ordinals (``date.toordinal``) and always mean the end of the day. Nothing here knows what day it is
but :func:`today`, which the outermost callers use once and pass down.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from math import ceil

from kpi_tracker.model.exactness import TOLERANCE
from kpi_tracker.model.measure import Cadence
from kpi_tracker.model.period import Calendar, days_in_month

__all__ = ["Profile", "Span", "at_end", "covering_end", "elapsed", "next_due", "period_ends", "points", "today"]


def today(time_zone: str) -> date:
    """Return the calendar day that it is now in `time_zone`."""
    return moment(time_zone).date()


def moment(time_zone: str) -> datetime:
    """Return the time that it is now in `time_zone`, as plan time without offset."""
    import pendulum

    now = pendulum.now(time_zone)
    return datetime(now.year, now.month, now.day, now.hour, now.minute, now.second)


def _month_position(day: int, first_year: int, first_month: int) -> float:
    """Return the end of `day` in months since the start of the given month: whole months and the share of this one."""
    d = date.fromordinal(day)
    return (d.year - first_year) * 12 + d.month - first_month + d.day / days_in_month(d.year, d.month)


class Span:
    """The stretch of days [start, end] in which a KPI runs, and the share of it that has passed.

    With ``Calendar.MONTHS`` every calendar month counts the same and every day within its month; a month covered in
    part weighs its covered share. With ``Calendar.DAYS`` every day counts the same.
    """

    def __init__(self, start: date, end: date, calendar: Calendar = Calendar.MONTHS) -> None:
        """Lay out the span; `start` and `end` both belong to it."""
        self.start, self.end = start.toordinal(), end.toordinal()
        self._year, self._month = start.year, start.month
        day_before = (start.day - 1) / days_in_month(start.year, start.month)
        self.months = _month_position(self.end, start.year, start.month) - day_before
        self._before = day_before
        self._by_days = calendar is Calendar.DAYS
        self._known_months: dict[int, tuple[int, int]] = {}

    def elapsed(self, day: int) -> float:
        """Return the share (0 … 1) that has passed at the end of `day`."""
        if day < self.start:
            return 0.0
        if day >= self.end:
            return 1.0
        if self._by_days:
            return (day - self.start + 1) / (self.end - self.start + 1)
        return (_month_position(day, self._year, self._month) - self._before) / self.months

    def day_at(self, share: float) -> int:
        """Return the first day at whose end `share` (0 … 1) has passed; the day before the start for 0."""
        if share <= TOLERANCE:
            return self.start - 1
        if self._by_days:
            return self.start - 1 + ceil((share - TOLERANCE) * (self.end - self.start + 1))
        position = self._before + (share - TOLERANCE) * self.months
        months = int(position)
        known = self._known_months.get(months)
        if known is None:
            years, month = divmod(self._month - 1 + months, 12)
            year, month = self._year + years, month + 1
            known = self._known_months[months] = date(year, month, 1).toordinal() - 1, days_in_month(year, month)
        day_before, days = known
        day = day_before + (ceil((position - months) * days) or 1)
        return day if day < self.end else self.end


class Profile:
    """The expected course of a KPI: what share (0 … 1) of the way is expected by the end of a day, and its inverse."""

    def __init__(self, span: Span, knots: tuple[tuple[float, float], ...], due: int | None = None) -> None:
        """Run through `knots` (elapsed share, expected share), straight between them; or jump from 0 to 1 at `due`."""
        self.span, self._knots, self._due = span, knots, due
        self._straight = due is None and knots == STRAIGHT
        self._known: dict[int, float] = {}

    def expected(self, day: int) -> float:
        """Return e0: the share expected by the end of `day`."""
        known = self._known.get(day)
        if known is None:
            known = self._known[day] = self._expected(day)
        return known

    def _expected(self, day: int) -> float:
        if self._due is not None:
            return float(day >= self._due)
        share = self.span.elapsed(day)
        return share if self._straight else _along(self._knots, share)

    def days_behind(self, attained: float, day: int) -> int | None:
        """Return `day` minus the day on which the profile reaches `attained`; negative is ahead, None where it never does.

        Earned schedule (Lipke 2003), in days. Where the profile stands still at that share for a while, the nearest of
        those days counts, so that being exactly as expected is 0 days behind.
        """
        if attained < 0 or attained > 1 + TOLERANCE:
            return None
        gap = self.expected(day) - attained
        if -TOLERANCE <= gap <= TOLERANCE:
            return 0
        if self._straight:
            return day - self.span.day_at(attained)
        return day - (self._last_day_at(attained) if gap > 0 else self._first_day_at(attained))

    def _first_day_at(self, share: float) -> int:
        if self._due is not None:
            return self._due if share > TOLERANCE else self.span.start - 1
        return self.span.day_at(_along(tuple((e, t) for t, e in self._knots), share - TOLERANCE))

    def _last_day_at(self, share: float) -> int:
        """Return the last day of the plateau at `share`, or the day on which the profile passes it."""
        first = self._first_day_at(share)
        if self.expected(first) > share + TOLERANCE:
            return first
        day = first
        while day < self.span.end and self.expected(day + 1) <= share + TOLERANCE:
            day += 1
        return day


STRAIGHT = ((0.0, 0.0), (1.0, 1.0))


def _along(knots: tuple[tuple[float, float], ...], x: float) -> float:
    """Return y at `x` on the line through `knots`, which ascend in both; on a jump the lower end."""
    x0, y0 = knots[0]
    for x1, y1 in knots[1:]:
        if x <= x1:
            share = 0.0 if x1 <= x0 or x <= x0 else (x - x0) / (x1 - x0)
            return y0 * (1 - share) + y1 * share  # exact at both ends
        x0, y0 = x1, y1
    return y0


def elapsed(span: Span) -> Profile:
    """Return the default profile: as much as time has passed (时序进度)."""
    return Profile(span, STRAIGHT)


def at_end(span: Span) -> Profile:
    """Return the profile that expects nothing before the end of the span and everything from it on."""
    return Profile(span, (), due=span.end)


def points(span: Span, declared: tuple[tuple[int, float], ...]) -> Profile:
    """Return the profile through declared (day, share) points, straight in the plan's calendar between them."""
    return Profile(span, ((0.0, 0.0), *((span.elapsed(day), share) for day, share in declared)))


def _end_of_month(day: date, every: int) -> date:
    """Return the end of the block of `every` months that holds `day`, blocks counted from January."""
    month = (day.month - 1) // every * every + every
    return date(day.year, month, days_in_month(day.year, month))


_PERIOD_END: dict[Cadence, Callable[[date], date]] = {
    Cadence.DAILY: lambda day: day,
    Cadence.WEEKLY: lambda day: day + timedelta(days=6 - day.weekday()),
    Cadence.MONTHLY: lambda day: _end_of_month(day, 1),
    Cadence.QUARTERLY: lambda day: _end_of_month(day, 3),
    Cadence.HALF_YEARLY: lambda day: _end_of_month(day, 6),
    Cadence.YEARLY: lambda day: _end_of_month(day, 12),
}


def covering_end(cadence: Cadence, day: int) -> int:
    """Return the last day of the cadence period that holds `day`: the date of the figure that covers it."""
    return day if cadence is Cadence.IRREGULAR else _PERIOD_END[cadence](date.fromordinal(day)).toordinal()


def period_ends(cadence: Cadence, first: int, last: int) -> tuple[int, ...]:
    """Return the last day of every cadence period that starts on or after `first` and ends by `last` (ordinals)."""
    if cadence is Cadence.IRREGULAR:
        return ()
    ends, day = [], first
    if _PERIOD_END[cadence](date.fromordinal(first - 1)).toordinal() != first - 1:  # a period that began before
        day = _PERIOD_END[cadence](date.fromordinal(first)).toordinal() + 1
    while (end := _PERIOD_END[cadence](date.fromordinal(day)).toordinal()) <= last:
        ends.append(end)
        day = end + 1
    return tuple(ends)


def next_due(cadence: Cadence, grace: int, first: int, data_date: int | None) -> int | None:
    """Return the last day on which the next figure is still in time (an ordinal), or None for an irregular cadence.

    That is the end of the cadence period that holds the day after the data date (`first`, the KPI's first day, where
    there is none), plus `grace` days. Weeks end on Sunday.
    """
    if cadence is Cadence.IRREGULAR:
        return None
    day = date.fromordinal(first if data_date is None else data_date + 1)
    return _PERIOD_END[cadence](day).toordinal() + grace
