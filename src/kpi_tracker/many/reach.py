"""Of which days figures count: those of the plan's period, and of the base years."""

from collections.abc import Iterator
from datetime import date

from kpi_tracker.calendar import covering_end
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.kpi import Kpi

__all__ = ["reach"]


def reach(plan: Plan) -> list[tuple[date, date]]:
    """Return the stretches of days, first and last, of which figures of some KPI of the plan count."""
    period = plan.period
    kpis = [item for _, item in plan.walk() if isinstance(item, Kpi)]
    cadences = {kpi.cadence or plan.cadence for kpi in kpis} or {plan.cadence}
    last = max(covering_end(cadence, period.end.toordinal()) for cadence in cadences)
    length = period.end.year - period.start.year
    return [(period.start, date.fromordinal(last)), *_years(plan, kpis, length)]


def _years(plan: Plan, kpis: list[Kpi], length: int) -> Iterator[tuple[date, date]]:
    base = {plan.baseline_year, *(kpi.baseline.year for kpi in kpis if kpi.baseline and kpi.baseline.year)}
    for year in sorted(base):
        yield date(year, 1, 1), date(year + length, 12, 31)
