"""total: accumulates from 0 over the period; `decrease` is a budget."""

from typing import Any

from kpi_tracker.model import reasons
from kpi_tracker.model.exactness import not_above, not_below, total_of
from kpi_tracker.model.measure import Aggregate, Direction
from kpi_tracker.scoring.judgement import Case, Judgement

__all__ = ["INCREASE", "judge", "value"]

INCREASE = "a = x / t"
DECREASE = "a = e² · t / x"
UNSPENT = "x ≤ 0: a = e"
UNDEFINED_INCREASE = "t ≤ 0: x ≥ t ?"
UNDEFINED_DECREASE = "t < 0: x ≤ t ?"
NEWEST, BUDGET = Aggregate.NEWEST, Direction.DECREASE


def value(case: Case) -> float:
    """Return what has accumulated by the data date: the sum, or the newest where reports are cumulative."""
    values: Any = case.values
    return float(values[-1]) if case.kpi.aggregate is NEWEST else total_of(values)


def judge(case: Case) -> Judgement:
    """Return x / t for what is to grow; for a budget the spending expected so far over the spending, at that pace."""
    x, e, kpi = value(case), case.expected, case.kpi
    target = kpi.target
    if target is None:
        return Judgement(x, None, e, False, False, "", {"x": x}, reasons.NO_TARGET)
    t = float(target.value)
    if kpi.direction is not BUDGET:
        met = not_below(x, t)
        if t > 0:  # what most KPIs are: this takes half the time of Judgement()
            found = (x, x / t, e, met, met, INCREASE, {"x": x, "t": t}, None, False, False, None)
            return tuple.__new__(Judgement, found)
        return Judgement(x, None, e, met, met, UNDEFINED_INCREASE, {"x": x, "t": t}, reasons.TARGET_NOT_POSITIVE)
    met = not_above(x, t)
    achieved = met and case.ended
    if t < 0:
        return Judgement(x, None, e, met, achieved, UNDEFINED_DECREASE, {"x": x, "t": t}, reasons.TARGET_NOT_POSITIVE)
    if x <= 0:  # nothing spent, or more came back than went out
        return Judgement(x, 1.0 if case.ended else e, e, met, achieved, UNSPENT, {"x": x, "t": t, "e": e})
    return Judgement(x, e * e * t / x, e, met, achieved, DECREASE, {"x": x, "t": t, "e": e})
