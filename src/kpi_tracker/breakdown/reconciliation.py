"""A total against what its parts make, date by date."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from kpi_tracker.breakdown.parts import PartsOf
from kpi_tracker.breakdown.rounding import allowed
from kpi_tracker.model.exactness import NOISE
from kpi_tracker.model.observation import Observation, Series
from kpi_tracker.model.part import Discrepancy, Unreported

__all__ = ["discrepancies", "totals_known", "unreported"]


def totals_known(series: Series, known_at: datetime | None = None) -> dict[date, Observation]:
    """Return the total of each date that counted at a time, everything being known if that is left out."""
    return {row.date: row for row in series.rows if known_at is None or row.recorded() <= known_at}


def discrepancies(
    parts: PartsOf, totals: Mapping[date, Observation], known_at: datetime | None = None
) -> Iterator[Discrepancy]:
    """Yield the dates of `totals` that are not what all parts together make, by more than is allowed."""
    for day in parts.days:
        total = totals.get(day)
        if total is None or total.part == (parts.breakdown.by,):  # made of these very parts
            continue
        known = parts.known(day, known_at)
        made = parts.made(known)
        if not isinstance(made, float | int):
            continue
        whole = float(total.value)  # type: ignore[arg-type]
        slack = allowed(parts.breakdown, parts.kpi.unit, total, tuple(known.rows.values()))
        if abs(whole - made) > slack + NOISE * (1.0 + abs(whole)):
            yield Discrepancy(parts.breakdown.by, day, whole, made, slack, total.where)


def unreported(
    parts: PartsOf, totals: Mapping[date, Observation], known_at: datetime | None = None
) -> Iterator[Unreported]:
    """Yield the dates without a total on which some parts have a figure and others have none."""
    for day in parts.days:
        if day in totals:
            continue
        known = parts.known(day, known_at)
        if known.rows and known.missing:
            yield Unreported(parts.breakdown.by, day, known.missing)
