"""The period of a plan."""

from datetime import date
from enum import StrEnum

from kpi_tracker.record import record

__all__ = ["Calendar", "Period", "days_in_month"]


class Calendar(StrEnum):
    """How time passes in a plan: every month counts the same, or every day."""

    MONTHS = "months"
    DAYS = "days"


@record
class Period:
    """From `start` to `end`; both days belong to it."""

    start: date
    end: date


_DAYS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def days_in_month(year: int, month: int) -> int:
    """Return the number of days of a month (``calendar.monthrange`` works out the weekday too, at four times the cost).

    Raises:
        ValueError: there is no such month.
    """
    if not 1 <= month <= 12:  # noqa: PLR2004
        raise ValueError(f"month must be 1 to 12, not {month}")
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)  # noqa: PLR2004
    return _DAYS[month] + leap
