"""rate: a growth rate or any ratio that must hold at every date; never prorated."""

from kpi_tracker.model import reasons
from kpi_tracker.model.exactness import exact, not_above, not_below
from kpi_tracker.model.measure import Direction
from kpi_tracker.scoring.judgement import Case, Judgement
from kpi_tracker.scoring.level import ratio

__all__ = ["judge"]


def judge(case: Case) -> Judgement:
    """Return value over target (target over value for what is to fall); the gap x − t is always given."""
    x, kpi = float(case.values[-1]), case.kpi  # type: ignore[arg-type]
    if kpi.target is None:
        return Judgement(x, None, 1.0, False, False, "", {"x": x}, reasons.NO_TARGET)
    t, down = float(kpi.target.value), kpi.direction is Direction.DECREASE
    met = not_above(x, t) if down else not_below(x, t)
    a, formula = ratio(x, t, down)
    reason = reasons.UNDEFINED_RATIO if a is None else None
    gap = exact(x - t)
    return Judgement(x, a, 1.0, met, met and case.ended, formula, {"x": x, "t": t}, reason, gap=gap)
