"""The day that a cell names, and the day that a title names for the whole table."""

from datetime import date, datetime, timedelta

from kpi_tracker.intake.book import CellValue
from kpi_tracker.intake.figure import Refused
from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Cadence
from kpi_tracker.model.period import days_in_month
from kpi_tracker.notation.date import read_date, read_period
from kpi_tracker.notation.folding import folded_text, pattern

__all__ = ["day_in", "day_of"]

TITLED = pattern(
    r"(\d{4})\s*年\s*(?:1\s*月?\s*(?:-|—|~|至|到)\s*)?(\d{1,2})\s*月(?:份)?(?:\s*(\d{1,2})\s*日)?"
    r"|(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?!\d)"
    r"|\d{4}\s*年?第?[1-4一二三四]季度|\d{4}-?Q[1-4]|\d{4}\s*年上半年|\d{4}-?H[12]"
)
FILED = pattern(r"(?:填报|填表|制表|报送|上报|编制|打印)(?:日期|时间)?\s*:?\s*$")
"""What stands before the day on which a table was made, which is not that of its figures."""
FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000  # 1954 to 2119; a year and a month written as one number lie outside
EPOCH = date(1899, 12, 30)


def day_of(value: CellValue, kpi: Kpi, cadence: Cadence, monthly: bool) -> date:
    """Return the day that a cell names; in a column of months (`monthly`) a date names its month.

    Raises:
        Refused: it names none, or might be one of two.
    """
    if isinstance(value, str):
        text = folded_text(value)
        if text.isascii() and text.isdigit() and FIRST_SERIAL < int(text) < LAST_SERIAL:
            return _dated(EPOCH + timedelta(days=int(text)), kpi, cadence, monthly)
        return _written(text)
    if isinstance(value, datetime):
        return _dated(value.date(), kpi, cadence, monthly)
    if isinstance(value, date):
        return _dated(value, kpi, cadence, monthly)
    if isinstance(value, int | float) and not isinstance(value, bool):
        if FIRST_SERIAL < value < LAST_SERIAL:
            return _dated(EPOCH + timedelta(days=int(value)), kpi, cadence, monthly)
        return _written(f"{value:.15g}")
    raise Refused(Phrase(N_("“{value}” is not a date"), {"value": str(value)}))


def _written(text: str) -> date:
    day = read_date(text) or read_period(text)
    if day is None:
        raise Refused(
            Phrase(N_("“{value}” is not a date or a period, such as 2021-09-30, 2021-09 or 2021年9月"), {"value": text})
        )
    return day


def _dated(day: date, kpi: Kpi, cadence: Cadence, monthly: bool) -> date:
    """Return the day of a date cell; the first of a month may be the spreadsheet's way to write the month."""
    if monthly:
        return date(day.year, day.month, days_in_month(day.year, day.month))
    if day.day == 1 and (kpi.cadence or cadence) not in (Cadence.DAILY, Cadence.WEEKLY, Cadence.IRREGULAR):
        args = {"value": day.isoformat(), "month": f"{day:%Y-%m}"}
        raise Refused(
            Phrase(N_("{value} may be that day or the month {month}; write the month as text, or its last day"), args)
        )
    return day


def day_in(text: str) -> set[date]:
    """Return the days that a title names: 2021年10月, 2021年1-10月, 截至2021年10月31日, 2021-10, 2021年第三季度.

    The day on which the table was made (填报日期：2021年11月5日) is not among them.
    """
    found, folded = set(), folded_text(text)
    for match in TITLED().finditer(folded):
        if FILED().search(folded[: match.start()]):
            continue
        year, month, day = match[1] or match[4], match[2] or match[5], match[3] or match[6]
        written = match[0] if year is None else "-".join(part for part in (year, month, day) if part)
        if (named := read_date(written) or read_period("".join(written.split()))) is not None:
            found.add(named)
    return found
