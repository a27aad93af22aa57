"""December cliffs: a plan that expects most of the year in its last month, and figures that jump in it."""

from collections.abc import Iterator
from datetime import date

from kpi_tracker.audit.finding import Finding
from kpi_tracker.calendar import Span
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.kpi import Kpi, ProfileKind
from kpi_tracker.model.measure import Aggregate, Cadence, Measure
from kpi_tracker.model.scorecard import KpiScore, Scorecard
from kpi_tracker.schedule import profile_of, span_of

__all__ = ["JUMP", "MOST", "cliffs"]

MOST = 0.5
"""More than this share of the whole in the last month is a cliff."""
JUMP = 2.0
"""So many times the most of the months before it is a jump."""
SHORTEST = 4.0
"""A course of fewer months has no last one to speak of."""


def cliffs(scorecard: Scorecard) -> Iterator[Finding]:
    """Yield the KPIs whose course, steps or figures leave most to the last month."""
    for score in scorecard.kpis:
        span = span_of(score.kpi, scorecard.plan)
        if span.months < SHORTEST:
            continue
        last = date.fromordinal(span.end).replace(day=1)
        share = _share(score, scorecard.plan, span, last)
        if share is not None and share > MOST:
            args = {"share": f"{share * 100:.0f}%"}
            yield Finding("KA104", score.path, score.kpi.where, None, share, last, args)
        jump = _jump(score, span, last)
        if jump is not None:
            yield Finding("KA105", score.path, score.kpi.where, jump[0], jump[1], last)


def _share(score: KpiScore, plan: Plan, span: Span, last: date) -> float | None:
    """Return the share of the whole that is expected from the first day of the last month on; None where none is declared.

    What is read once, at the end, is declared so: only for a sum of several figures is that a cliff.
    """
    kpi = score.kpi
    if (kpi.cadence or plan.cadence) is Cadence.YEARLY or len(kpi.steps) == 1:
        return None
    if kpi.measure is Measure.MILESTONE:
        whole = sum(step.weight for step in kpi.steps)
        return sum(step.weight for step in kpi.steps if step.due >= last) / whole if whole else None
    if kpi.profile is ProfileKind.ELAPSED or (kpi.profile is ProfileKind.AT_END and kpi.measure is not Measure.TOTAL):
        return None
    profile = profile_of(kpi, plan, span, score.series, None)
    return None if profile is None else 1.0 - profile.expected(last.toordinal() - 1)


def _jump(score: KpiScore, span: Span, last: date) -> tuple[float, float] | None:
    """Return the most that a month before the last brought, and what the last did, where that is far more."""
    kpi = score.kpi
    if kpi.measure is not Measure.TOTAL or kpi.profile is ProfileKind.BASELINE_YEAR or score.data_date is None:
        return None
    if score.data_date < last:
        return None
    months = _months(kpi, score, span)
    final = months.pop((last.year, last.month), 0.0)
    most = max(months.values(), default=0.0)
    return (most, final) if len(months) >= SHORTEST - 1 and final > JUMP * most > 0 else None


def _months(kpi: Kpi, score: KpiScore, span: Span) -> dict[tuple[int, int], float]:
    """Return what each month brought."""
    assert score.data_date is not None  # noqa: S101 - asked for before
    seen = score.series.seen(span.start, score.data_date.toordinal())
    found: dict[tuple[int, int], float] = {}
    so_far = 0.0
    for ordinal, value in zip(seen.dates, seen.values, strict=True):
        assert isinstance(value, float | int)  # noqa: S101 - a total has numbers
        day = date.fromordinal(ordinal)
        amount = value - so_far if kpi.aggregate is Aggregate.NEWEST else value
        so_far = value
        found[day.year, day.month] = found.get((day.year, day.month), 0.0) + amount
    return found
