"""Days behind: on which day an expected course reaches a share, as expressions; the closed forms of `kpi_tracker.calendar`."""

import narwhals.stable.v2 as nw

from kpi_tracker.frames.attainment import choose, is_measure
from kpi_tracker.frames.facts import Facts
from kpi_tracker.frames.rules import Rules
from kpi_tracker.model.exactness import TOLERANCE
from kpi_tracker.model.kpi import ProfileKind
from kpi_tracker.model.measure import Measure
from kpi_tracker.model.period import Calendar
from kpi_tracker.model.target import TargetForm

__all__ = ["day_at", "day_not_after", "days_behind"]

NONE = nw.lit(None).cast(nw.Int64())
YEAR, FEBRUARY, LONG = 12, 2, 8


def days_behind(facts: Facts, rules: Rules) -> nw.Expr:
    """Return the days behind; null for what must hold at every date, for a < 0 and for more than the whole."""
    a, gap = nw.col("attainment"), nw.col("_e") - nw.col("attainment")
    day, start = nw.col("_day"), nw.col("_start")
    cases: list[tuple[nw.Expr, nw.Expr]] = [(a.is_null() | nw.col("_no_course"), NONE)]
    if facts.has(Measure.MILESTONE):
        cases.append((is_measure(Measure.MILESTONE), nw.col("_steps_behind")))
    always = [is_measure(measure) for measure in (Measure.RATE, Measure.LIMIT) if measure in facts.measures]
    if facts.has(Measure.LEVEL):
        always.append(
            is_measure(Measure.LEVEL)
            & (nw.col("form") == TargetForm.MAINTAIN.value).fill_null(False)
            & ~nw.col("target").is_null()
        )
    cases += [(held, NONE) for held in always]
    cases += [((a < 0) | (a > 1 + TOLERANCE), NONE), (gap.abs() <= TOLERANCE, nw.lit(0).cast(nw.Int64()))]
    if facts.follows(ProfileKind.AT_END):
        due = nw.col("_end")
        reached = choose([(a > TOLERANCE, due)], nw.when(gap > 0).then(due - 1).otherwise(start - 1))
        cases.append((nw.col("_k_profile") == ProfileKind.AT_END.value, day - reached))
    if facts.follows(ProfileKind.POINTS, ProfileKind.BASELINE_YEAR):
        bent = nw.col("_k_profile").is_in([ProfileKind.POINTS.value, ProfileKind.BASELINE_YEAR.value])
        first, last = nw.col("_first_at"), nw.max_horizontal(nw.col("_first_at"), nw.col("_last_at"))
        cases.append((bent, day - nw.when(gap > 0).then(last).otherwise(first)))
    return choose(cases, day - day_at(a, rules))


def day_at(share: nw.Expr, rules: Rules) -> nw.Expr:
    """Return the first day (an ordinal) at whose end a share of the span has passed; the day before the start for 0."""
    start, end = nw.col("_start"), nw.col("_end")
    if rules.calendar is Calendar.DAYS:
        day = start - 1 + ((share - TOLERANCE) * (end - start + 1)).ceil().cast(nw.Int64())
    else:
        month, part = _position(share - TOLERANCE)
        day = _first_of(month) - 1 + nw.max_horizontal(nw.lit(1), (part * _days_in(month)).ceil().cast(nw.Int64()))
    return nw.when(share <= TOLERANCE).then(start - 1).otherwise(nw.min_horizontal(day, end))


def day_not_after(share: nw.Expr, rules: Rules) -> nw.Expr:
    """Return the last day at whose end no more than a share of the span has passed."""
    start, end = nw.col("_start"), nw.col("_end")
    if rules.calendar is Calendar.DAYS:
        day = start - 1 + (share * (end - start + 1)).floor().cast(nw.Int64())
    else:
        month, part = _position(share)
        day = _first_of(month) - 1 + (part * _days_in(month)).floor().cast(nw.Int64())
    return nw.max_horizontal(start - 1, nw.min_horizontal(day, end))


def _position(share: nw.Expr) -> tuple[nw.Expr, nw.Expr]:
    """Return the month (counted from year 0) in which a share of the span has passed, and the share of that month."""
    position = nw.col("_before") + share * nw.col("_months")
    whole = position.floor()
    return nw.col("_month") + whole.cast(nw.Int64()), position - whole


def _days_in(month: nw.Expr) -> nw.Expr:
    """Return the number of days of a month counted from year 0."""
    number, year = month % YEAR + 1, month // YEAR
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    february = nw.when(leap).then(nw.lit(29)).otherwise(nw.lit(28))
    return nw.when(number == FEBRUARY).then(february).otherwise((number + number // LONG) % 2 + 30)


def _first_of(month: nw.Expr) -> nw.Expr:
    """Return the ordinal of the first day of a month counted from year 0, in a calendar whose year begins in March."""
    shifted = month - 2
    year, number = shifted // YEAR, shifted % YEAR
    return year * 365 + year // 4 - year // 100 + year // 400 + (number * 153 + 2) // 5 - 305
