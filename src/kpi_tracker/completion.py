"""Observations with what follows from them: totals made of their parts, and KPIs calculated from others."""

from kpi_tracker.diagnostics import Diagnostic
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.observation import Observations

__all__ = ["completed"]


def completed(plan: Plan, observations: Observations) -> tuple[Observations, tuple[Diagnostic, ...]]:
    """Return `observations` as they were read with all that follows from them, and what is wrong; most plans have neither.

    A total that was made may be an input of a formula; the parts of a formula are calculated from those of its inputs.
    """
    faults: tuple[Diagnostic, ...] = ()
    if observations.parts:
        from kpi_tracker.breakdown.composition import compose

        observations, faults = compose(plan, observations)
    if not any(isinstance(item, Kpi) and item.formula for _, item in plan.walk()):
        return observations, faults
    from kpi_tracker.derived.derivation import derive

    observations, wrong = derive(plan, observations)
    return observations, (*faults, *wrong)
