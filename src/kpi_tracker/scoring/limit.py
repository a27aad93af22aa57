"""limit: a bound that must never break."""

from collections.abc import Callable, Sequence
from itertools import accumulate

from kpi_tracker.model.exactness import not_above, not_below, total_of
from kpi_tracker.model.measure import Aggregate
from kpi_tracker.model.target import TargetForm
from kpi_tracker.scoring.judgement import Case, Judgement

__all__ = ["judge"]

AT_MOST = {True: "x ≤ N: a = 1", False: "x > N: a = 0"}
AT_LEAST = {True: "x ≥ N: a = 1", False: "x < N: a = 0"}


def _sums(values: Sequence[float]) -> list[float]:
    return [total_of(values[: i + 1]) for i in range(len(values))]


_COURSE: dict[Aggregate, Callable[[Sequence[float]], list[float]]] = {
    Aggregate.SUM: _sums,
    Aggregate.NEWEST: list,
    Aggregate.MAX: lambda values: list(accumulate(values, max)),
    Aggregate.MIN: lambda values: list(accumulate(values, min)),
}


def judge(case: Case) -> Judgement:
    """Return 1 while the bound was held at every date up to the data date, else 0: a bound once broken stays broken."""
    course = _COURSE[case.kpi.aggregate or Aggregate.SUM](case.values)  # type: ignore[arg-type]
    target = case.kpi.target
    assert target is not None  # noqa: S101 - loading refuses a limit without a bound
    bound, at_most = float(target.value), target.form is TargetForm.AT_MOST
    held = all(not_above(x, bound) if at_most else not_below(x, bound) for x in course)
    formula = (AT_MOST if at_most else AT_LEAST)[held]
    worst = max(course) if at_most else min(course)
    inputs = {"x": worst, "N": bound}
    return Judgement(course[-1], float(held), 1.0, held, held and case.ended, formula, inputs, broken=not held)
