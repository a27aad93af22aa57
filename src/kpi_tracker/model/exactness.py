"""What keeps the noise of binary fractions out of results."""

from collections.abc import Iterable
from math import floor, fsum, isfinite, log10

__all__ = ["TOLERANCE", "added", "exact", "mean_of", "not_above", "not_below", "same", "total_of"]

TOLERANCE = 1e-9
"""How far two ratios or lags may differ by noise alone; comparisons with the bounds of bands allow it."""
WHOLE = 1e15
"""Below it a whole number has no more than 15 digits: counts need no rounding."""
NOISE = 1e-12
"""The same for values against targets and bounds, as a share: a missing yuan of a billion is no noise."""


def exact(value: float) -> float:
    """Return the decimal number of 15 digits that `value` stands for: what decimal arithmetic would have given."""
    if not value % 1 and -WHOLE < value < WHOLE:
        return float(value)
    return float("%.15g" % value)  # noqa: UP031 - a fifth quicker than format(), and asked for every number of a plan


def added(a: float, b: float) -> float:
    """Return a + b without the noise that shows when they nearly cancel: 1 − 0.94 is 0.06.

    Noise is as large as the last digit of the larger of the two, so it is there that the sum is rounded.
    """
    value = a + b
    if not isfinite(value):
        return value
    if (a < 0) is (b < 0):  # nothing cancels
        return exact(value)
    return round(value, 14 - floor(log10(max(abs(a), abs(b)))))


def total_of(values: Iterable[float]) -> float:
    """Return the sum as a person would add the written decimals: ten times 0.1 is 1, and 0.7 + 0.1 is 0.8."""
    return exact(fsum(values))


def mean_of(values: "tuple[float, ...]") -> float:
    """Return the arithmetic mean of at least one value, likewise."""
    return exact(fsum(values) / len(values))


def not_below(x: float, bound: float) -> bool:
    """Tell whether x ≥ bound, noise allowed for."""
    return x >= bound - NOISE * (1.0 + abs(bound))


def not_above(x: float, bound: float) -> bool:
    """Tell whether x ≤ bound, noise allowed for."""
    return x <= bound + NOISE * (1.0 + abs(bound))


def same(one: float | str | None, other: float | str | None) -> bool:
    """Tell whether two values are the same but for the noise of arithmetic."""
    if isinstance(one, float | int) and isinstance(other, float | int):
        return abs(one - other) <= NOISE * (1.0 + abs(one))
    return one == other
