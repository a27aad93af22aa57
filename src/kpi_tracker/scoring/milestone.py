"""milestone: steps with due dates and weights."""

from kpi_tracker.model.exactness import TOLERANCE, total_of
from kpi_tracker.scoring.judgement import Case, Judgement

__all__ = ["days_behind", "judge"]

DONE = "a = Σ w done / Σ w"


def judge(case: Case) -> Judgement:
    """Return the weight done over all weight, against the weight due by `as_of`; done is what the newest row states."""
    steps, done = case.kpi.steps, case.values[-1]
    assert isinstance(done, tuple)  # noqa: S101 - the sources read steps as a tuple of ids
    whole = total_of(step.weight for step in steps)
    weight_done = total_of(step.weight for step in steps if step.id in done)
    weight_due = total_of(step.weight for step in steps if step.due.toordinal() <= case.as_of)
    late = any(step.due.toordinal() <= case.as_of and step.id not in done for step in steps)
    all_done = all(step.id in done for step in steps)
    attainment = weight_done / whole
    inputs = {"Σ w done": weight_done, "Σ w due": weight_due, "Σ w": whole}
    return Judgement(
        attainment, attainment, weight_due / whole, all_done, all_done, DONE, inputs, at_least_at_risk=late
    )


def days_behind(case: Case, attainment: float, expected: float) -> int | None:
    """Return how late the oldest open step is in days; when ahead, how early the newest finished one was (negative)."""
    steps, done = case.kpi.steps, case.values[-1]
    assert isinstance(done, tuple)  # noqa: S101 - as above
    late = [step.due.toordinal() for step in steps if step.due.toordinal() < case.as_of and step.id not in done]
    if late:
        return case.as_of - min(late)
    if attainment <= expected + TOLERANCE:
        return 0
    return case.as_of - max(step.due.toordinal() for step in steps if step.id in done)
