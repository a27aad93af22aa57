"""What makes a figure suspicious beside those that are known of its KPI. A doubt is no fault: a person may know better."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from statistics import median

from kpi_tracker.calendar import period_ends
from kpi_tracker.intake.plaintable import adds_up
from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.exactness import same, total_of
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Measure
from kpi_tracker.model.unit import UnitFamily

__all__ = ["RECENT", "Dated", "doubts", "misfit"]

Dated = tuple[date, float]
"""A figure with its day."""
RECENT = 24
"""So many figures before it say what is usual."""
TENFOLD = 10
"""So many times the usual, or its tenth, is suspicious …"""
ENOUGH = 3
"""… where at least so many figures say what is usual,"""
SIZEABLE = 100
"""and, for the tenth, where the usual is that large or a percentage: counts of a few vary that much by themselves."""
WAN, PERCENT = 10_000, 100
"""Off by half to twice so much is taken for a unit that was left out or written twice: 万, or the sign of a percentage.
One known figure is enough."""
TELLING = 3
"""A figure of so many digits, zeros at its end aside, does not come twice by accident."""
ROUNDED = 0.005
"""A cumulative figure with fractions or of whole hundreds may be rounded, and then differ by so large a share."""
MONTHS = 12


def doubts(
    kpi: Kpi, plan: Plan, day: date, value: float, before: Sequence[Dated], after: Dated | None
) -> Iterator[Phrase]:
    """Yield what is suspicious about `value` on `day`, beside the `RECENT` figures before it, the oldest first, and the next."""
    span = _span(plan, day)
    last = before[-1] if before and _span(plan, before[-1][0]) == span else None
    cumulative = kpi.measure is Measure.TOTAL and not adds_up(kpi)
    if cumulative:
        following = after if after is not None and _span(plan, after[0]) == span else None
        yield from _falling(value, last, following)
    sizes = [abs(known) for _, known in before if known]
    slip = _slip(kpi, value, sizes[-1:] if cumulative else sizes)
    if slip is not None:
        yield slip
    elif cumulative:
        yield from _unusual(kpi, value - (last[1] if last else 0.0), _increments(plan, before))
    else:
        yield from _unusual(kpi, value, sizes)
    if (cumulative or adds_up(kpi)) and last and last[1] == value and _digits(value) >= TELLING:
        text = N_("{value} is the same as the figure before it, on {date}")
        yield Phrase(text, {"value": _shown(value), "date": str(last[0])})


def misfit(kpi: Kpi, plan: Plan, day: date, cumulative: float, known: Sequence[Dated]) -> Phrase | None:
    """Return that `cumulative`, which stands beside the figure of `day`, is not what all figures up to then add up to.

    Only where no period is missing among those that are `known`, with that of `day`: else it cannot be.
    """
    start = kpi.start or plan.period.start
    ends = period_ends(kpi.cadence or plan.cadence, start.toordinal(), day.toordinal())
    values = [value for known_day, value in known if start <= known_day <= day]
    found = total_of(values)
    exactly = all(number == int(number) for number in (*values, cumulative)) and cumulative % 100
    if not ends or len(values) != len(ends) or same(found, cumulative):
        return None
    if not exactly and abs(found - cumulative) <= ROUNDED * abs(found):
        return None
    text = N_("{cumulative} stands beside it as cumulative; the figures from {date} on add up to {total}")
    return Phrase(text, {"cumulative": _shown(cumulative), "date": str(start), "total": _shown(found)})


def _falling(value: float, last: Dated | None, following: Dated | None) -> Iterator[Phrase]:
    if last is not None and value < last[1]:
        text = N_("a cumulative figure that falls: {value} after {before} on {date}")
        yield Phrase(text, {"value": _shown(value), "before": _shown(last[1]), "date": str(last[0])})
    if following is not None and value > following[1]:
        text = N_("a cumulative figure that falls: {value} before {after} on {date}")
        yield Phrase(text, {"value": _shown(value), "after": _shown(following[1]), "date": str(following[0])})


def _slip(kpi: Kpi, value: float, sizes: list[float]) -> Phrase | None:
    """Return that the figure is some 10,000 times what is known (a percentage: 100 times), or a 10,000th of it."""
    if not sizes and kpi.baseline is not None and isinstance(kpi.baseline.value, float | int) and kpi.baseline.value:
        sizes = [abs(kpi.baseline.value) / (MONTHS if adds_up(kpi) else 1)]
    if not sizes or not value:
        return None
    ratio = abs(value) / median(sizes)
    percent = kpi.unit.family is UnitFamily.PERCENT
    factor = PERCENT if percent else WAN
    if not factor / 2 <= max(ratio, 1 / ratio) <= factor * 2:
        return None
    off = N_("{value} may be off by 100 (%): known is about {usual}")
    text = off if percent else N_("{value} may be off by 10,000 (万): known is about {usual}")
    return Phrase(text, {"value": _shown(value), "usual": _shown(median(sizes))})


def _unusual(kpi: Kpi, size: float, sizes: list[float]) -> Iterator[Phrase]:
    if len(sizes) < ENOUGH or not size:
        return
    usual = median(sizes)
    small = usual >= SIZEABLE or kpi.unit.family is UnitFamily.PERCENT
    if abs(size) >= TENFOLD * usual or (small and abs(size) * TENFOLD <= usual):
        text = N_("{value} is far from the usual: the median of {n} figures is {usual}")
        yield Phrase(text, {"value": _shown(size), "n": len(sizes), "usual": _shown(usual)})


def _increments(plan: Plan, before: Sequence[Dated]) -> list[float]:
    """Return by how much a cumulative figure grew each time; the first of a year grew from nothing."""
    steps = [v - u if _span(plan, c) == _span(plan, d) else v for (c, u), (d, v) in pairwise(before)]
    first = [before[0][1]] if before and len(before) < RECENT else []
    return [abs(step) for step in first + steps if step]


def _span(plan: Plan, day: date) -> int:
    """Return what a cumulative figure accumulates over: the plan's period, or the year of a day before it."""
    return plan.period.start.year if plan.period.start <= day <= plan.period.end else day.year


def _shown(value: float) -> str:
    return f"{value:.10g}"


def _digits(value: float) -> int:
    return len(f"{abs(value):.15f}".replace(".", "").strip("0"))
