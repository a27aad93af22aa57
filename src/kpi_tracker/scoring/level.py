"""level: a state read at a date, moving from its baseline to its target, or kept where it is."""

from kpi_tracker.model import reasons
from kpi_tracker.model.exactness import mean_of, not_above, not_below
from kpi_tracker.model.measure import Aggregate, Direction
from kpi_tracker.model.target import TargetForm
from kpi_tracker.scoring.judgement import Case, Judgement

__all__ = ["MOVE", "judge", "ratio", "value"]

MOVE = "a = (x − b) / (t − b)"
HELD = "x ≥ b − tol: a = 1"
HELD_DOWN = "x ≤ b + tol: a = 1"
SLIPPED = "a = 1 − |x − b| / |b|"
SLIPPED_FROM_ZERO = "b = 0: a = 0"
RATIO = "a = x / t"
RATIO_DOWN = "a = t / x"
UNDEFINED = "x ≥ t ?"
UNDEFINED_DOWN = "x ≤ t ?"


def value(case: Case) -> float:
    """Return the state at the data date: the newest reading unless the KPI declares a mean, max or min."""
    aggregate, values = case.kpi.aggregate, case.values
    if aggregate is None or aggregate is Aggregate.NEWEST:
        return float(values[-1])  # type: ignore[arg-type]
    if aggregate is Aggregate.MEAN:
        return mean_of(values)  # type: ignore[arg-type]
    return float(max(values) if aggregate is Aggregate.MAX else min(values))  # type: ignore[arg-type]


def judge(case: Case) -> Judgement:
    """Return the share of the way from baseline to target; negative where things got worse than the baseline."""
    x, e, kpi = value(case), case.expected, case.kpi
    target = kpi.target
    if target is None:
        return Judgement(x, None, e, False, False, "", {"x": x}, reasons.NO_TARGET)
    t, down = float(target.value), kpi.direction is Direction.DECREASE
    if kpi.baseline is not None and target.form is TargetForm.MAINTAIN:
        b = float(kpi.baseline.value)
        return _maintain(x, b, target.tolerance.of(b) if target.tolerance else 0.0, down, case.ended)
    met = not_above(x, t) if down else not_below(x, t)
    if kpi.baseline is None:
        a, formula = ratio(x, t, down)
        if a is None and down and met:
            return Judgement(x, 1.0, e, met, met, "x ≤ 0, x ≤ t: a = 1", {"x": x, "t": t})
        reason = reasons.UNDEFINED_RATIO if a is None else None
        return Judgement(x, a, e, met, met, formula, {"x": x, "t": t}, reason)
    b = float(kpi.baseline.value)
    return Judgement(x, (x - b) / (t - b), e, met, met, MOVE, {"x": x, "b": b, "t": t})


def ratio(x: float, t: float, down: bool) -> tuple[float | None, str]:
    """Return x / t for what is to grow (t > 0) or t / x for what is to fall (x > 0), with the formula; else None."""
    if down:
        return (t / x, RATIO_DOWN) if x > 0 else (None, UNDEFINED_DOWN)
    return (x / t, RATIO) if t > 0 else (None, UNDEFINED)


def _maintain(x: float, b: float, tolerance: float, down: bool, ended: bool) -> Judgement:
    """Return 1 while x is no worse than b beyond the tolerance, less by the relative loss otherwise; e is 1."""
    held = not_above(x, b + tolerance) if down else not_below(x, b - tolerance)
    inputs = {"x": x, "b": b, "tol": tolerance}
    if held:
        return Judgement(x, 1.0, 1.0, True, ended, HELD_DOWN if down else HELD, inputs)
    if b == 0:
        return Judgement(x, 0.0, 1.0, False, False, SLIPPED_FROM_ZERO, inputs)
    return Judgement(x, 1 - abs(x - b) / abs(b), 1.0, False, False, SLIPPED, inputs)
