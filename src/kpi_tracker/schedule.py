"""When a KPI runs and what course it is to take: its span and its profile, as the plan sets them."""

from datetime import datetime

from kpi_tracker import baseyear, calendar
from kpi_tracker.calendar import Profile, Span
from kpi_tracker.model.exactness import TOLERANCE
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.kpi import Kpi, ProfileKind
from kpi_tracker.model.observation import Series

__all__ = ["YEAR", "base_year", "profile_of", "span_of", "within_a_year", "years_back"]

YEAR = 12
"""The months of a year."""


def span_of(kpi: Kpi, plan: Plan) -> Span:
    """Return the stretch of days in which `kpi` runs: the plan's period where it has no dates of its own."""
    return Span(kpi.start or plan.period.start, kpi.due or plan.period.end, plan.calendar)


def base_year(kpi: Kpi, plan: Plan) -> int:
    """Return the year that the KPI's baseline is of."""
    return (kpi.baseline.year if kpi.baseline else None) or plan.baseline_year


def years_back(kpi: Kpi, plan: Plan) -> int:
    """Return how many years the base year lies before the start of the plan."""
    return plan.period.start.year - base_year(kpi, plan)


def within_a_year(span: Span) -> bool:
    """Tell whether `span` is one year at most, so that a base year can be laid beside it."""
    return span.months <= YEAR + TOLERANCE


def profile_of(kpi: Kpi, plan: Plan, span: Span, series: Series, known_at: datetime | None) -> Profile | None:
    """Return the expected course; None where it follows a base year whose observations are not complete."""
    if kpi.profile is ProfileKind.BASELINE_YEAR:
        return baseyear.shape(kpi, span, series, years_back(kpi, plan), known_at) if within_a_year(span) else None
    if kpi.profile is ProfileKind.POINTS:
        return calendar.points(span, tuple((p.date.toordinal(), p.share) for p in kpi.points))
    return calendar.at_end(span) if kpi.profile is ProfileKind.AT_END else calendar.elapsed(span)
