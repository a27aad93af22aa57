"""Compound annual growth, observed and required: the figure that the `eurostat` thresholds judge.

Source: Eurostat, Sustainable development in the European Union, monitoring report, annex on methodology.
"""

from kpi_tracker.model import reasons
from kpi_tracker.model.exactness import TOLERANCE
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Direction, Measure
from kpi_tracker.model.scorecard import Growth

__all__ = ["grow"]

DAYS_A_YEAR = 365.2425
UNDEFINED = Growth(reason=reasons.GROWTH_UNDEFINED)


def grow(kpi: Kpi, x: float | str, expected: float, days: int, days_to_end: int) -> Growth:
    """Return growth a year since the end of the base year, as fractions, signed so that the wanted direction is plus.

    `days` since the end of the base year until the data date, and `days_to_end` until the KPI's end. A total's amount
    so far is made a year's amount first (x / e0), and both its figures are growth from one year to the next.
    """
    base, target = kpi.baseline, kpi.target
    if base is None or isinstance(x, str) or isinstance(base.value, str) or days <= 0 or days_to_end <= 0:
        return UNDEFINED
    b, t = base.value, float(target.value) if target is not None else None
    observed_years, required_years = days / DAYS_A_YEAR, days_to_end / DAYS_A_YEAR
    if kpi.measure is Measure.TOTAL:
        x = x / expected if expected > 0 else 0.0
        observed_years = required_years
    if b <= 0 or x <= 0 or (t is not None and t <= 0):
        return UNDEFINED
    sign = -1 if kpi.direction is Direction.DECREASE else 1
    try:
        observed = sign * ((x / b) ** (1 / observed_years) - 1)
        required = None if t is None else sign * ((t / b) ** (1 / required_years) - 1)
    except OverflowError:  # a multiple of the baseline after a few days is no rate a year
        return UNDEFINED
    if required is None:
        return Growth(observed, reason=reasons.NO_TARGET)
    if required <= TOLERANCE:  # kept where it is, or let slip within a tolerance: no growth to be a share of
        return Growth(observed, required, None, reasons.GROWTH_UNDEFINED)
    return Growth(observed, required, observed / required)
