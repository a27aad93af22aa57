"""Days behind: on which day an expected course reaches a share, as expressions; the closed forms of `kpi_tracker.calendar`."""

import polars as pl

from kpi_tracker.frames.attainment import choose, is_measure
from kpi_tracker.frames.facts import Facts
from kpi_tracker.frames.rules import Rules
from kpi_tracker.model.exactness import TOLERANCE
from kpi_tracker.model.kpi import ProfileKind
from kpi_tracker.model.measure import Measure
from kpi_tracker.model.period import Calendar

__all__ = ["day_at", "day_not_after", "days_behind"]

NONE = pl.lit(None, pl.Int64)
YEAR, FEBRUARY, LONG = 12, 2, 8


def days_behind(facts: Facts, rules: Rules) -> pl.Expr:
    """Return the days behind; null for what must hold at every date, for a < 0 and for more than the whole."""
    a, gap = pl.col("attainment"), pl.col("_e") - pl.col("attainment")
    day, start = pl.col("_day"), pl.col("_start")
    cases: list[tuple[pl.Expr, pl.Expr]] = [(a.is_null() | pl.col("_no_course"), NONE)]
    if facts.has(Measure.MILESTONE):
        cases.append((is_measure(Measure.MILESTONE), pl.col("_steps_behind")))
    cases.append((pl.col("_always"), NONE))
    cases += [((a < 0) | (a > 1 + TOLERANCE), NONE), (gap.abs() <= TOLERANCE, pl.lit(0).cast(pl.Int64))]
    if facts.follows(ProfileKind.AT_END):
        due = pl.col("_end")
        reached = choose([(a > TOLERANCE, due)], pl.when(gap > 0).then(due - 1).otherwise(start - 1))
        cases.append((pl.col("_k_profile") == ProfileKind.AT_END.value, day - reached))
    if facts.follows(ProfileKind.POINTS, ProfileKind.BASELINE_YEAR):
        bent = pl.col("_k_profile").is_in([ProfileKind.POINTS.value, ProfileKind.BASELINE_YEAR.value])
        first, last = pl.col("_first_at"), pl.max_horizontal(pl.col("_first_at"), pl.col("_last_at"))
        cases.append((bent, day - pl.when(gap > 0).then(last).otherwise(first)))
    return choose(cases, day - day_at(a.clip(0.0, 1.0), rules))  # an engine works out every case for every row


def day_at(share: pl.Expr, rules: Rules) -> pl.Expr:
    """Return the first day (an ordinal) at whose end a share of the span has passed; the day before the start for 0."""
    start, end = pl.col("_start"), pl.col("_end")
    if rules.calendar is Calendar.DAYS:
        day = start - 1 + ((share - TOLERANCE) * (end - start + 1)).ceil().cast(pl.Int64)
    else:
        month, part = _position(share - TOLERANCE)
        day = _first_of(month) - 1 + pl.max_horizontal(pl.lit(1), (part * _days_in(month)).ceil().cast(pl.Int64))
    return pl.when(share <= TOLERANCE).then(start - 1).otherwise(pl.min_horizontal(day, end))


def day_not_after(share: pl.Expr, rules: Rules) -> pl.Expr:
    """Return the last day at whose end no more than a share of the span has passed."""
    start, end = pl.col("_start"), pl.col("_end")
    if rules.calendar is Calendar.DAYS:
        day = start - 1 + (share * (end - start + 1)).floor().cast(pl.Int64)
    else:
        month, part = _position(share)
        day = _first_of(month) - 1 + (part * _days_in(month)).floor().cast(pl.Int64)
    return pl.max_horizontal(start - 1, pl.min_horizontal(day, end))


def _position(share: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Return the month (counted from year 0) in which a share of the span has passed, and the share of that month."""
    position = pl.col("_before") + share * pl.col("_months")
    whole = position.floor()
    return pl.col("_month") + whole.cast(pl.Int64), position - whole


def _days_in(month: pl.Expr) -> pl.Expr:
    """Return the number of days of a month counted from year 0."""
    number, year = month % YEAR + 1, month // YEAR
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    february = pl.when(leap).then(pl.lit(29)).otherwise(pl.lit(28))
    return pl.when(number == FEBRUARY).then(february).otherwise((number + number // LONG) % 2 + 30)


def _first_of(month: pl.Expr) -> pl.Expr:
    """Return the ordinal of the first day of a month counted from year 0, in a calendar whose year begins in March."""
    shifted = month - 2
    year, number = shifted // YEAR, shifted % YEAR
    return year * 365 + year // 4 - year // 100 + year // 400 + (number * 153 + 2) // 5 - 305
