"""What it takes: the rate a month that still reaches the target, against the rate so far, and where that one lands."""

from kpi_tracker.model import reasons
from kpi_tracker.model.exactness import TOLERANCE
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Direction, Measure
from kpi_tracker.model.scorecard import Outlook
from kpi_tracker.model.target import TargetForm

__all__ = ["look_ahead"]

NOT_FOR_MEASURE = Outlook(reason=reasons.NOT_FOR_MEASURE)
TOTAL, LEVEL, MAINTAIN, DECREASE = Measure.TOTAL, Measure.LEVEL, TargetForm.MAINTAIN, Direction.DECREASE


def look_ahead(kpi: Kpi, x: float | str, met: bool, elapsed: float, months: float) -> Outlook:
    """Return the outlook of a total or a moving level; rates are per calendar month.

    `met` tells whether `x` is what the target asks for, and `elapsed` is the share of the KPI's span of `months` months
    that has passed at the data date. The landing value goes straight on at the rate so far: a total's since its start,
    a level's since its baseline.
    """
    target = kpi.target
    if target is None or isinstance(x, str) or isinstance(target.value, str):
        return NOT_FOR_MEASURE
    total = kpi.measure is TOTAL
    if total:
        start: float | None = 0.0
    elif kpi.measure is LEVEL and target.form is not MAINTAIN:
        start = float(kpi.baseline.value) if kpi.baseline else None
    else:
        return NOT_FOR_MEASURE
    passed, left = elapsed * months, (1 - elapsed) * months
    so_far = (x - start) / passed if start is not None and passed > TOLERANCE else None
    if left <= TOLERANCE:
        return Outlook(so_far=so_far, landing=x, reason=reasons.ENDED)
    landing = None if so_far is None else x + so_far * left
    if met and not (total and kpi.direction is DECREASE):  # a budget always has days left in which to keep it
        return Outlook(so_far=so_far, landing=landing, reason=reasons.REACHED)
    needed = (target.value - x) / left
    if so_far is None:
        return Outlook(needed, reason=reasons.NO_BASELINE if start is None else reasons.NOT_STARTED)
    if abs(so_far) <= TOLERANCE * (1.0 if -1.0 < x < 1.0 else abs(x)):
        return Outlook(needed, so_far, None, landing, reasons.AT_BASELINE)
    return tuple.__new__(Outlook, (needed, so_far, needed / so_far, landing, None))  # half the time of Outlook()
