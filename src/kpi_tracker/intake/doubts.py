"""What makes a figure suspicious beside those that are known of its KPI. A doubt is no fault: a person may know better."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from statistics import median

from kpi_tracker.intake.plaintable import adds_up
from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Measure
from kpi_tracker.model.unit import UnitFamily

__all__ = ["doubts"]

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
MONTHS = 12


def doubts(kpi: Kpi, plan: Plan, day: date, value: float, known: Mapping[date, float]) -> Iterator[Phrase]:
    """Yield what is suspicious about `value` on `day`; `known` are the other figures of the KPI by day."""
    here = {d: v for d, v in known.items() if _span(plan, d) == _span(plan, day)}
    earlier = [here[d] for d in sorted(here) if d < day]
    cumulative = kpi.measure is Measure.TOTAL and not adds_up(kpi)
    if cumulative:
        yield from _falling(day, value, here)
    before = [known[d] for d in sorted(known) if d < day]
    slip = _slip(kpi, value, before, cumulative)
    if slip is not None:
        yield slip
    else:
        size = value - (earlier[-1] if earlier else 0.0) if cumulative else value
        yield from _unusual(kpi, size, _increments(plan, known, day) if cumulative else before)
    if (cumulative or adds_up(kpi)) and earlier and earlier[-1] == value and _digits(value) >= TELLING:
        text = N_("{value} is the same as the figure before it, on {date}")
        yield Phrase(text, {"value": _shown(value), "date": str(max(d for d in here if d < day))})


def _falling(day: date, value: float, here: Mapping[date, float]) -> Iterator[Phrase]:
    before = max((d for d in here if d < day), default=None)
    after = min((d for d in here if d > day), default=None)
    if before is not None and value < here[before]:
        text = N_("a cumulative figure that falls: {value} after {before} on {date}")
        yield Phrase(text, {"value": _shown(value), "before": _shown(here[before]), "date": str(before)})
    if after is not None and value > here[after]:
        text = N_("a cumulative figure that falls: {value} before {after} on {date}")
        yield Phrase(text, {"value": _shown(value), "after": _shown(here[after]), "date": str(after)})


def _slip(kpi: Kpi, value: float, before: list[float], cumulative: bool) -> Phrase | None:
    """Return that the figure is some 10,000 times what is known (a percentage: 100 times), or a 10,000th of it."""
    sizes = [abs(v) for v in (before[-1:] if cumulative else before) if v]
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


def _unusual(kpi: Kpi, size: float, known: list[float]) -> Iterator[Phrase]:
    sizes = [abs(v) for v in known if v]
    if len(sizes) < ENOUGH or not size:
        return
    usual = median(sizes)
    small = usual >= SIZEABLE or kpi.unit.family is UnitFamily.PERCENT
    if abs(size) >= TENFOLD * usual or (small and abs(size) * TENFOLD <= usual):
        text = N_("{value} is far from the usual: the median of {n} figures is {usual}")
        yield Phrase(text, {"value": _shown(size), "n": len(sizes), "usual": _shown(usual)})


def _increments(plan: Plan, known: Mapping[date, float], day: date) -> list[float]:
    """Return by how much a cumulative figure grew each time before `day`."""
    days = sorted(d for d in known if d < day)
    first = [known[d] for i, d in enumerate(days) if i == 0 or _span(plan, days[i - 1]) != _span(plan, d)]
    return first + [known[b] - known[a] for a, b in pairwise(days) if _span(plan, a) == _span(plan, b)]


def _span(plan: Plan, day: date) -> int:
    """Return what a cumulative figure accumulates over: the plan's period, or the year of a day before it."""
    return plan.period.start.year if plan.period.start <= day <= plan.period.end else day.year


def _shown(value: float) -> str:
    return f"{value:.10g}"


def _digits(value: float) -> int:
    return len(f"{abs(value):.15f}".replace(".", "").strip("0"))
