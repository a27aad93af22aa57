"""By how much a total and its parts may differ because each was rounded where it was printed."""

from collections.abc import Sequence

from kpi_tracker.model.breakdown import Breakdown
from kpi_tracker.model.measure import Adds
from kpi_tracker.model.observation import Observation
from kpi_tracker.model.unit import Unit
from kpi_tracker.notation.folding import folded_text, pattern
from kpi_tracker.notation.number import Unreadable, read_number

__all__ = ["allowed", "last_digit"]

EXPONENT = pattern(r"[0-9][eE][+-]?[0-9]")


def allowed(breakdown: Breakdown, unit: Unit, total: Observation, parts: Sequence[Observation]) -> float:
    """Return the tolerance of `breakdown`, else what rounding explains at most, in the KPI's unit.

    Each figure that is printed with decimals may be off by half of its last digit. A whole number among such is taken to
    have lost its zeros: it may be off as the finest of them. Where all are whole, those in the KPI's own unit are counted
    and exact, and one of 3万 may be off by half of that; a mean of counted ones may be rounded all the same.
    """
    if breakdown.tolerance is not None:
        return breakdown.tolerance.of(float(total.value))  # type: ignore[arg-type]
    digits = [last_digit(row, unit) for row in (total, *parts)]
    fractions = [size for size, whole in digits if not whole]
    finest = min(fractions, default=None)
    sizes = [_off(size, whole, finest) for size, whole in digits]
    of_total = sizes[0] or (1.0 if breakdown.adds is Adds.MEAN else 0.0)
    return (of_total + (sum(sizes[1:]) if breakdown.adds is Adds.SUM else max(sizes[1:]))) / 2


def _off(size: float, whole: bool, finest: float | None) -> float:
    if not whole:
        return size
    if finest is not None:
        return min(size, finest)
    return 0.0 if size == 1 else size


def last_digit(row: Observation, unit: Unit) -> tuple[float, bool]:
    """Return what the last digit of a figure stands for as it was printed, and whether it is that of a whole number.

    That is 0.01 for 12.30, and in 万元 100 for 1.24亿元, whose number is not whole.
    """
    text = folded_text(row.written)
    last = max((i for i, c in enumerate(text) if c.isdecimal()), default=-1)
    if last < 0 or EXPONENT().search(text):
        return _of_value(float(row.value))  # type: ignore[arg-type]
    one = "".join("1" if i == last else "0" if c.isdecimal() else c for i, c in enumerate(text))
    try:
        return abs(read_number(one, unit)), "." not in text
    except Unreadable:  # the last digit belongs to the unit: CO2
        return _of_value(float(row.value))  # type: ignore[arg-type]


def _of_value(value: float) -> tuple[float, bool]:
    from decimal import Decimal

    places = -int(Decimal(format(value, ".15g")).normalize().as_tuple().exponent)
    return (10.0**-places, False) if places > 0 else (1.0, True)
