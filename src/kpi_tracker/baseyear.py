"""The base year's own observations of a KPI: the course that they give, and its figure on the same day."""

from datetime import date, datetime, timedelta

from kpi_tracker import calendar
from kpi_tracker.calendar import Profile, Span
from kpi_tracker.model.exactness import total_of
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Aggregate, Measure
from kpi_tracker.model.observation import Seen, Series

__all__ = ["same_day", "shape", "shifted"]


def shape(kpi: Kpi, span: Span, series: Series, back: int, known_at: datetime | None) -> Profile | None:
    """Return the profile that follows the base year, `back` years ago; None where its observations do not reach its end."""
    seen = _seen_then(span, series, back, known_at)
    if kpi.measure is Measure.GRADE or not seen.dates or seen.dates[-1] != shifted(span.end, -back):
        return None
    course = [_accumulated(kpi, seen.values[: i + 1]) for i in range(len(seen.values))]
    whole = course[-1]
    if whole <= 0 or course[0] < 0 or course != sorted(course):
        return None
    return calendar.points(
        span, tuple((shifted(d, back), amount / whole) for d, amount in zip(seen.dates, course, strict=True))
    )


def same_day(
    kpi: Kpi, span: Span, series: Series, back: int, known_at: datetime | None, dates: tuple[int, ...]
) -> float | None:
    """Return what a total had accumulated on the same day of the base year as on the last of `dates`.

    None where that day has no figure, or fewer figures lead up to it than to this year's.
    """
    seen = _seen_then(span, series, back, known_at)
    then = shifted(dates[-1], -back)
    if then not in seen.dates or seen.dates.index(then) + 1 < len(dates):
        return None
    return _accumulated(kpi, seen.values[: seen.dates.index(then) + 1])


def shifted(day: int, years: int) -> int:
    """Return the same day of another year; the last day of a month answers to the last day of that month."""
    d = date.fromordinal(day)
    if (d + timedelta(days=1)).day == 1:
        first = date(d.year + years + (d.month == 12), d.month % 12 + 1, 1)  # noqa: PLR2004
        return first.toordinal() - 1
    return date(d.year + years, d.month, d.day).toordinal()


def _seen_then(span: Span, series: Series, back: int, known_at: datetime | None) -> Seen:
    return series.seen(shifted(span.start, -back), shifted(span.end, -back), known_at)


def _accumulated(kpi: Kpi, values: tuple[object, ...]) -> float:
    """Return what has accumulated after `values`: their sum, or the newest where reports are cumulative."""
    if kpi.aggregate is Aggregate.NEWEST or kpi.measure is not Measure.TOTAL:
        return float(values[-1])  # type: ignore[arg-type]
    return total_of(values)  # type: ignore[arg-type]
