"""grade: a place on a declared ordinal scale, best first."""

from kpi_tracker.model.target import TargetForm
from kpi_tracker.scoring.judgement import Case, Judgement

__all__ = ["judge", "place"]

REACHED = "x ≥ t: a = 1"
MOVE = "a = (place b − place x) / (place b − place t)"
UNDEFINED = "x < t: a = 0"


def place(scale: tuple[str, ...], grade: str) -> int:
    """Return the place of `grade`, 1 for the best."""
    return scale.index(grade) + 1


def judge(case: Case) -> Judgement:
    """Return 1 at the target or better, else the share of the places from baseline to target; 0 where undefined."""
    kpi, e = case.kpi, case.expected
    assert kpi.target is not None  # noqa: S101 - loading refuses a grade without a target
    x, t = str(case.values[-1]), str(kpi.target.value)
    at, goal = place(kpi.scale, x), place(kpi.scale, t)
    inputs: dict[str, float | str] = {"x": x, "t": t, "place x": at, "place t": goal}
    if at <= goal:
        achieved = case.ended or kpi.target.form is not TargetForm.MAINTAIN  # what is to be kept is judged at the end
        return Judgement(x, 1.0, e, True, achieved, REACHED, inputs)
    if kpi.baseline is None or (base := place(kpi.scale, str(kpi.baseline.value))) <= goal:
        return Judgement(x, 0.0, e, False, False, UNDEFINED, inputs)
    inputs |= {"b": str(kpi.baseline.value), "place b": base}
    return Judgement(x, (base - at) / (base - goal), e, False, False, MOVE, inputs)
