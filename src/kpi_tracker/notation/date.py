"""Dates and periods as people write them. A period speaks for its last day."""

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from kpi_tracker.model.period import days_in_month
from kpi_tracker.notation.folding import folded_text, pattern

__all__ = ["period_start", "read_date", "read_moment", "read_period"]

DATE = pattern(r"(\d{4})\s*(?:-|/|\.|年)\s*(\d{1,2})\s*(?:-|/|\.|月)\s*(\d{1,2})\s*日?")
PERIODS = {
    "year": pattern(r"(\d{4})年?"),
    "month": pattern(r"(\d{4})\s*(?:-|/|\.|年)\s*(\d{1,2})\s*月?"),
    "quarter": pattern(r"(?i)(\d{4})\s*(?:-?Q|年?第?)([1-4一二三四])(?:季度?)?"),
    "half": pattern(r"(?i)(\d{4})\s*(?:-?H|年?)([12上下])(?:半年)?"),
    "week": pattern(r"(?i)(\d{4})-?W(\d{1,2})"),
}
NUMERALS = {"一": 1, "二": 2, "三": 3, "四": 4, "上": 1, "下": 2}
MOMENT = pattern(r"(.+?)[ T]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?")


def read_date(text: str) -> date | None:
    """Return the day that `text` names (`2021-09-30`, `2021/9/30`, `2021年9月30日`), or None."""
    match = DATE().fullmatch(folded_text(text))
    return _day(*map(int, match.groups())) if match else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_period(text: str) -> date | None:
    """Return the last day of the period that `text` names, or None.

    `2021`, `2021-06`, `2021年6月`, `2021-Q2`, `2021年第二季度`, `2021-H1`, `2021年上半年`, `2021-W05` (to Sunday).
    """
    period = _period(folded_text(text))
    return period[1] if period else None


def period_start(text: str) -> date | None:
    """Return the first day of the period that `text` names, or None."""
    period = _period(folded_text(text))
    if period is None:
        return None
    kind, last = period
    if kind == "week":
        return last - timedelta(days=6)
    return date(last.year, last.month - MONTHS[kind] + 1, 1)


MONTHS = {"year": 12, "half": 6, "quarter": 3, "month": 1}


def _period(text: str) -> tuple[str, date] | None:
    """Return what kind of period `text` names, and its last day."""
    for kind, written_as in PERIODS.items():
        if not (match := written_as().fullmatch(text)):
            continue
        year, part = int(match[1]), match[2] if match.re.groups > 1 else "1"
        number = NUMERALS.get(part) or int(part)
        if kind == "quarter" and not _names(text, "Q", "季"):
            continue
        if kind == "half" and not _names(text, "H", "半年"):
            continue
        last = _last_day(kind, year, number)
        return None if last is None else (kind, last)
    return None


def _names(text: str, letter: str, word: str) -> bool:
    """Tell whether `text` says what its number counts: 20212 alone is not a period."""
    return letter in text.upper() or word in text


def _last_day(kind: str, year: int, number: int) -> date | None:
    try:
        if kind == "week":
            return date.fromisocalendar(year, number, 7)
        month = {"year": 12, "month": number, "quarter": number * 3, "half": number * 6}[kind]
        return date(year, month, days_in_month(year, month))
    except ValueError:  # month 13, week 54, year 0
        return None


def read_moment(text: str, zone: tzinfo | None = None) -> datetime | None:
    """Return when something was recorded, in plan time without offset, or None.

    A date alone means the end of that day. A time with an offset is converted to `zone`; one without is plan time.
    """
    text = folded_text(text)
    if (day := read_date(text)) is not None:
        return datetime(day.year, day.month, day.day, 23, 59, 59, 999_999)
    match = MOMENT().fullmatch(text)
    if not match or (day := read_date(match[1])) is None:
        return None
    try:
        moment = datetime(day.year, day.month, day.day, int(match[2]), int(match[3]), int(match[4] or 0))
    except ValueError:
        return None
    if match[5] is None:
        return moment
    offset = _offset(match[5])
    if offset is None:
        return None
    try:
        return moment.replace(tzinfo=offset).astimezone(zone or offset).replace(tzinfo=None)
    except OverflowError:  # within a day of the first or the last year there is
        return None


def _offset(text: str) -> timezone | None:
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 14 or minutes > 59:  # noqa: PLR2004 - no zone is further from UTC
        return None
    return timezone((-1 if text[0] == "-" else 1) * timedelta(hours=hours, minutes=minutes))
