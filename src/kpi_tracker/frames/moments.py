"""What holds for all KPIs of one schedule with the same data date, as small tables that the frames are joined with.

The calendar is asked here, for every day of a schedule once: frames hold no second copy of its formulas.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from kpi_tracker import baseyear, calendar
from kpi_tracker.calendar import Profile, Span
from kpi_tracker.frames.engine import Column
from kpi_tracker.frames.rules import Rules
from kpi_tracker.model.exactness import TOLERANCE
from kpi_tracker.model.kpi import ProfileKind
from kpi_tracker.model.measure import Cadence
from kpi_tracker.model.period import days_in_month
from kpi_tracker.schedule import YEAR, within_a_year

__all__ = ["Schedule", "Times"]


class Schedule(NamedTuple):
    """What tells one course of dates from another; `back` is how many years the base year lies before the plan."""

    start: date
    due: date
    cadence: Cadence
    grace: int
    profile: ProfileKind
    points: tuple[tuple[date, float], ...]
    back: int


class Laid(NamedTuple):
    """A schedule laid out: its span, its expected course (None where each KPI has its own), and its last day that counts."""

    span: Span
    profile: Profile | None
    last: int
    shares: tuple[tuple[float, float], ...]


class Times:
    """The schedules that occur, laid out as of one day."""

    def __init__(self, schedules: Iterable[Schedule], rules: Rules, as_of: date) -> None:
        """Lay out every schedule."""
        self.schedules = tuple(schedules)
        self._rules, self._as_of = rules, as_of.toordinal()
        self._end = rules.period.end.toordinal()
        self.laid = tuple(self._lay(one) for one in self.schedules)

    def _lay(self, schedule: Schedule) -> Laid:
        span = Span(schedule.start, schedule.due, self._rules.calendar)
        last = calendar.covering_end(schedule.cadence, span.end)
        if schedule.profile is ProfileKind.BASELINE_YEAR:
            return Laid(span, None, last, ())
        if schedule.profile is ProfileKind.AT_END:
            return Laid(span, calendar.at_end(span), last, ())
        if schedule.profile is ProfileKind.ELAPSED:
            return Laid(span, calendar.elapsed(span), last, ())
        declared = tuple((day.toordinal(), share) for day, share in schedule.points)
        shares = ((0.0, 0.0), *((span.elapsed(day), share) for day, share in declared))
        return Laid(span, calendar.points(span, declared), last, shares)

    @property
    def last_base_day(self) -> date:
        """The last day on which a row of a base year can count."""
        return max((self._then(s, one.span.end) for s, one in self._both()), default=date.min)

    def window(self, last: date | None = None) -> tuple[date, date] | None:
        """Return the days within which rows count where they are the same for all KPIs, with `last` those of milestones."""
        windows = {(date.fromordinal(one.span.start), date.fromordinal(one.last)) for one in self.laid}
        if last is not None:
            windows |= {(first, last) for first, _ in windows}
        return windows.pop() if len(windows) == 1 else None

    def spans(self) -> dict[str, Column]:
        """Return one row a schedule: what does not depend on a data date."""
        due = [calendar.next_due(s.cadence, s.grace, one.span.start, None) for s, one in self._both()]
        days = date.fromordinal
        return {
            "_schedule": ("int", range(len(self.schedules))),
            "_first": ("date", [days(one.span.start) for one in self.laid]),
            "_last": ("date", [days(one.last) for one in self.laid]),
            "_start": ("int", [one.span.start for one in self.laid]),
            "_end": ("int", [one.span.end for one in self.laid]),
            "_months": ("float", [one.span.months for one in self.laid]),
            "_before": ("float", [(s.start.day - 1) / days_in_month(s.start.year, s.start.month)
                                  for s in self.schedules]),
            "_month": ("int", [s.start.year * 12 + s.start.month - 1 for s in self.schedules]),
            "_over_today": ("bool", [self._as_of >= one.span.end for one in self.laid]),
            "_late_without": ("bool", [day is not None and day < self._as_of for day in due]),
            "_long": ("bool", [one.span.months > YEAR + TOLERANCE for one in self.laid]),
            "_then_first": ("date", [self._then(s, one.span.start) for s, one in self._both()]),
            "_then_last": ("date", [self._then(s, one.span.end) for s, one in self._both()]),
        }  # fmt: skip

    def moments(self) -> dict[str, Column]:
        """Return one row a schedule and day that can be a data date."""
        rows: list[tuple[object, ...]] = []
        for i, (schedule, laid) in enumerate(self._both()):
            last = min(self._as_of, max(laid.last, self._end))
            rows += [self._moment(i, schedule, laid, day) for day in range(laid.span.start, last + 1)]
        names = ("_schedule", "data_date", "_day", "_expected", "_elapsed", "_late", "_over", "_then")
        kinds = ("int", "date", "int", "float", "float", "bool", "bool", "date")
        columns: Sequence[Sequence[object]] = list(zip(*rows, strict=True)) if rows else [[] for _ in names]
        return {name: (kind, values) for name, kind, values in zip(names, kinds, columns, strict=True)}

    def _moment(self, i: int, schedule: Schedule, laid: Laid, day: int) -> tuple[object, ...]:
        expected = laid.profile.expected(day) if laid.profile else None
        over = day >= laid.span.end
        due = None if over else calendar.next_due(schedule.cadence, schedule.grace, laid.span.start, day)
        late = due is not None and due < self._as_of
        then = self._then(schedule, day)
        return i, date.fromordinal(day), day, expected, laid.span.elapsed(day), late, over, then

    def base_days(self) -> dict[str, Column]:
        """Return one row a schedule that follows its base year and day of that year: the share passed at that day now."""
        found: list[tuple[int, date, float]] = []
        for i, (schedule, laid) in enumerate(self._both()):
            if laid.profile is None and within_a_year(laid.span):
                first = baseyear.shifted(laid.span.start, -schedule.back)
                last = baseyear.shifted(laid.span.end, -schedule.back)
                found += [
                    (i, date.fromordinal(day), laid.span.elapsed(baseyear.shifted(day, schedule.back)))
                    for day in range(first, last + 1)
                ]
        return {
            "_schedule": ("int", [i for i, _, _ in found]),
            "date": ("date", [day for _, day, _ in found]),
            "_share": ("float", [share for _, _, share in found]),
        }

    def knots(self) -> dict[str, Column]:
        """Return the straight pieces of every declared course: from share to share, of time and of what is expected."""
        pieces = [
            (i, *one, *other)
            for i, laid in enumerate(self.laid)
            for one, other in zip(laid.shares, laid.shares[1:], strict=False)
        ]
        return {
            "_schedule": ("int", [piece[0] for piece in pieces]),
            "_t0": ("float", [piece[1] for piece in pieces]),
            "_e0": ("float", [piece[2] for piece in pieces]),
            "_t1": ("float", [piece[3] for piece in pieces]),
            "_e1": ("float", [piece[4] for piece in pieces]),
        }

    def _both(self) -> "zip[tuple[Schedule, Laid]]":
        return zip(self.schedules, self.laid, strict=True)

    @staticmethod
    def _then(schedule: Schedule, day: int) -> date:
        """Return the same day of the base year; 29 February is the last of its month, so there always is one."""
        return date.fromordinal(baseyear.shifted(day, -schedule.back))
