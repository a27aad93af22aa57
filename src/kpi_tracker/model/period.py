"""The period of a plan."""

from datetime import date
from enum import StrEnum

from attr import frozen

__all__ = ["Calendar", "Period"]


class Calendar(StrEnum):
    """How time passes in a plan: every month counts the same, or every day."""

    MONTHS = "months"
    DAYS = "days"


@frozen
class Period:
    """From `start` to `end`; both days belong to it."""

    start: date
    end: date
