"""Dates, periods and moments as people write them."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tracker.notation.date import read_date, read_moment, read_period

FULL_WIDTH = str.maketrans("0123456789-/", "０１２３４５６７８９－／")
SHANGHAI = ZoneInfo("Asia/Shanghai")


@given(st.dates())
def test_dates_read_back(day: date) -> None:
    """A day is the same day in every spelling."""
    y, m, d = f"{day.year:04d}", day.month, day.day
    for text in (
        day.isoformat(), f"{y}-{m}-{d}", f"{y}/{m}/{d}", f"{y}/{m:02}/{d:02}", f"{y}.{m}.{d}", f"{y}年{m}月{d}日",
        f"{y}年{m:02}月{d:02}日", f" {y} 年 {m} 月 {d} 日 ", day.isoformat().translate(FULL_WIDTH),
    ):  # fmt: skip
        assert read_date(text) == day


@given(st.dates())
def test_periods_speak_for_their_last_day(day: date) -> None:
    """The period of a day holds it, and the day after its end belongs to the next."""
    y, m = f"{day.year:04d}", day.month
    quarter, half = (m + 2) // 3, (m + 5) // 6
    spellings = {
        "year": (y, f"{y}年"),
        "half": (f"{y}-H{half}", f"{y}h{half}", f"{y}年{'上下'[half - 1]}半年"),
        "quarter": (
            f"{y}-Q{quarter}",
            f"{y}q{quarter}",
            f"{y}年第{quarter}季度",
            f"{y}年{'一二三四'[quarter - 1]}季度",
        ),
        "month": (f"{y}-{m:02}", f"{y}/{m}", f"{y}年{m}月", f"{y}.{m}"),
    }
    ends = {}
    for kind, texts in spellings.items():
        found = {read_period(text) for text in texts}
        assert len(found) == 1
        ends[kind] = found.pop()
    assert ends["year"] == date(day.year, 12, 31)
    assert ends["half"] == date(day.year, half * 6, 30 if half == 1 else 31)
    month = ends["month"]
    assert month is not None
    assert month >= day
    assert (month.year, month.month) == (day.year, day.month)
    if month != date.max:
        assert (month + timedelta(days=1)).day == 1
    assert ends["quarter"] == read_period(f"{y}-{quarter * 3:02}")


@given(st.dates(date(1, 1, 8), date(9999, 12, 20)))
def test_weeks_end_on_sunday(day: date) -> None:
    """An ISO week ends on the Sunday on or after each of its days."""
    year, week, weekday = day.isocalendar()
    for text in (f"{year:04d}-W{week:02}", f"{year:04d}w{week}"):
        assert read_period(text) == day + timedelta(days=7 - weekday)


@pytest.mark.parametrize(
    "text",
    [
        "", "2021-02-30", "2021-13-01", "2021-00-10", "0000-01-01", "21-01-01", "2021-1-1-1", "2021年", "30.9.2021",
        "2021-06", "tomorrow", "2021-06-31", "2021-02-29",
    ],
)  # fmt: skip
def test_what_is_no_date_is_none(text: str) -> None:
    """A day that does not exist is not moved to one that does."""
    assert read_date(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2021-13",
        "2021-Q5",
        "2021-W54",
        "0000",
        "20211",
        "2021上",
        "2021-H3",
        "2021年第五季度",
        "2021二",
        "Q1",
        "2021-06-30",
    ],
)
def test_what_is_no_period_is_none(text: str) -> None:
    """A number behind the year is a quarter or a half only where the text says so."""
    assert read_period(text) is None


@given(st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_moments_read_back(moment: datetime, offset: int) -> None:
    """A moment with an offset comes back in plan time; one without is plan time."""
    moment = moment.replace(microsecond=0)
    assert read_moment(moment.isoformat(), SHANGHAI) == moment
    assert read_moment(moment.isoformat(" "), SHANGHAI) == moment
    there = moment.replace(tzinfo=timezone(timedelta(minutes=offset)))
    assert read_moment(there.isoformat(), UTC) == there.astimezone(UTC).replace(tzinfo=None)
    assert read_moment(there.isoformat()) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2021-10-08", datetime(2021, 10, 8, 23, 59, 59, 999_999)),
        ("2021年10月8日", datetime(2021, 10, 8, 23, 59, 59, 999_999)),
        ("2021-10-08 9:30", datetime(2021, 10, 8, 9, 30)),
        ("2021/10/8 09:30:15.25", datetime(2021, 10, 8, 9, 30, 15)),
        ("2021-10-08T09:30Z", datetime(2021, 10, 8, 17, 30)),
        ("2021-10-08T09:30-0330", datetime(2021, 10, 8, 21, 0)),
        ("２０２１-10-08 ０９：３０", datetime(2021, 10, 8, 9, 30)),
    ],
)
def test_moment_is_in_the_time_of_the_plan(text: str, moment: datetime) -> None:
    """A day alone means its end; an offset is converted."""
    assert read_moment(text, SHANGHAI) == moment


@pytest.mark.parametrize(
    "text",
    [
        "", "now", "9:30", "2021-02-30 09:30", "2021-10-08 25:00", "2021-10-08 09:61", "2021-10-08T09:30+15:00",
        "2021-10-08T09:30+08:75", "0001-01-01T00:00+08:00", "9999-12-31T23:59-08:00",
    ],
)  # fmt: skip
def test_what_is_no_moment_is_none(text: str) -> None:
    """Nor does a moment at the edge of the calendar fail."""
    assert read_moment(text, UTC) is None


@given(st.text(max_size=30) | st.text(alphabet="0123456789-/.年月日QHW第季度上下半一二 T:Z+", max_size=20))
def test_any_text_is_a_date_or_none(text: str) -> None:
    """No text makes a reader fail."""
    for found in (read_date(text), read_period(text), read_moment(text, SHANGHAI)):
        assert found is None or found.year > 0
