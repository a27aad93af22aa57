"""How time passes: elapsed shares, their inverse, and the day it is now."""

import ast
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

import kpi_tracker
from kpi_tracker.calendar import Span, today
from kpi_tracker.model.period import Calendar, days_in_month
from tests.builders import day

YEAR = Span(day("2021-01-01"), day("2021-12-31"))


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_counts_the_same(month: int) -> None:
    """At the end of the n-th month of a year exactly n twelfths have passed."""
    last = date(2021, month, days_in_month(2021, month)).toordinal()
    assert YEAR.elapsed(last) == month / 12


def test_end_of_september_is_three_quarters() -> None:
    """The end of September of a one-year plan is 75 %, without any noise."""
    assert YEAR.elapsed(day("2021-09-30").toordinal()) == 0.75


@pytest.mark.parametrize(("iso", "share"), [("2021-02-14", 1.5 / 12), ("2021-04-15", 3.5 / 12), ("2021-01-31", 1 / 12)])
def test_every_day_of_a_month_counts_the_same(iso: str, share: float) -> None:
    """The middle of a month, short or long, is half of its twelfth."""
    assert YEAR.elapsed(day(iso).toordinal()) == pytest.approx(share)


@pytest.mark.parametrize(("iso", "share"), [("2020-12-31", 0), ("1999-01-01", 0), ("2021-12-31", 1), ("2022-01-01", 1)])
def test_before_the_start_and_after_the_end(iso: str, share: float) -> None:
    """Nothing has passed before the start, everything at and after the end."""
    assert YEAR.elapsed(day(iso).toordinal()) == share


def test_months_covered_in_part_weigh_their_share() -> None:
    """From the middle of April to the middle of June half of the time is over in the middle of May."""
    span = Span(day("2021-04-16"), day("2021-06-15"))
    assert span.months == pytest.approx(2)
    assert span.elapsed(day("2021-04-30").toordinal()) == pytest.approx(0.25)
    assert span.elapsed(day("2021-05-31").toordinal()) == pytest.approx(0.75)
    assert span.elapsed(day("2021-05-15").toordinal()) == pytest.approx((0.5 + 15 / 31) / 2)


def test_months_are_counted_across_years() -> None:
    """A period from July to June is half over at the end of the year."""
    span = Span(day("2021-07-01"), day("2022-06-30"))
    assert span.elapsed(day("2021-12-31").toordinal()) == 0.5


def test_a_period_of_one_day_is_over_at_its_end() -> None:
    """The only day of a period is at once its first and its last."""
    span = Span(day("2021-03-05"), day("2021-03-05"))
    assert (span.elapsed(span.start - 1), span.elapsed(span.start)) == (0, 1)
    assert span.day_at(1.0) == span.start


def test_calendar_of_days_counts_every_day_the_same() -> None:
    """With `calendar: days` the end of September is 273 of 365 days."""
    span = Span(day("2021-01-01"), day("2021-12-31"), Calendar.DAYS)
    assert span.elapsed(day("2021-09-30").toordinal()) == 273 / 365
    assert span.elapsed(day("2021-01-01").toordinal()) == 1 / 365
    assert span.day_at(273 / 365) == day("2021-09-30").toordinal()


@pytest.mark.parametrize("calendar", Calendar)
@pytest.mark.parametrize(("start", "end"), [("2021-01-01", "2021-12-31"), ("2020-02-10", "2023-03-03")])
def test_day_at_gives_back_every_day(calendar: Calendar, start: str, end: str) -> None:
    """The day on which the share of a day has passed is that day, on every day of the period."""
    span = Span(day(start), day(end), calendar)
    days = range(span.start, span.end + 1)
    assert [span.day_at(span.elapsed(d)) for d in days] == list(days)


@pytest.mark.parametrize("calendar", Calendar)
def test_day_at_nothing_is_the_day_before_the_start(calendar: Calendar) -> None:
    """No share at all has passed by the end of the day before the start."""
    assert Span(day("2021-01-01"), day("2021-12-31"), calendar).day_at(0.0) == day("2020-12-31").toordinal()


def test_day_at_a_share_between_two_days_is_the_later() -> None:
    """A share is reached on the first day at whose end it has passed."""
    between = (YEAR.elapsed(day("2021-05-04").toordinal()) + YEAR.elapsed(day("2021-05-05").toordinal())) / 2
    assert YEAR.day_at(between) == day("2021-05-05").toordinal()


@pytest.mark.parametrize(("year", "days"), [(2020, 29), (2021, 28), (1900, 28), (2000, 29), (2100, 28)])
def test_february(year: int, days: int) -> None:
    """February has 29 days in leap years of the Gregorian calendar."""
    assert days_in_month(year, 2) == days


@pytest.mark.parametrize("month", [0, 13, -1])
def test_there_are_twelve_months(month: int) -> None:
    """A month that does not exist has no days."""
    with pytest.raises(ValueError, match="month must be 1 to 12"):
        days_in_month(2021, month)


def test_today_is_the_day_in_the_plan_s_own_time_zone() -> None:
    """In Shanghai it is the day that a clock eight hours ahead of UTC shows."""
    shanghai = timezone(timedelta(hours=8))
    before = datetime.now(shanghai).date()
    found = today("Asia/Shanghai")
    assert before <= found <= datetime.now(shanghai).date()


def test_today_differs_across_the_world() -> None:
    """At the two ends of the world, 26 hours apart, it is never the same day."""
    assert today("Pacific/Kiritimati") > today("Etc/GMT+12")
    assert abs(today("UTC") - datetime.now(UTC).date()) <= timedelta(days=1)


def test_nothing_but_today_asks_a_clock() -> None:
    """In the whole package one module reads the day, so that every other takes it as an argument.

    Messages are sent and imports recorded by the clock; the command line hands it on, and the delivery asks what it was
    given.
    """
    assert kpi_tracker.__file__ is not None
    package = Path(kpi_tracker.__file__).parent
    asking = {
        f"{path.relative_to(package)}: {ast.unparse(node.func)}"
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] in ("now", "utcnow", "today", "localtime", "gmtime")
    }
    given = {"pipeline.py: today", "many/run.py: today", "notify/delivery.py: now", "notify/delivery.py: self._now"} | {
        f"cli/{name}.py: today" for name in ("night", "history_command", "import_command", "init_command")
    }
    handed_on = {
        f"cli/{name}.py: datetime.now"
        for name in ("night", "form_command", "import_command", "record_command", "sync_command")
    }
    assert asking <= {"calendar.py: pendulum.now", *handed_on, *given}
    assert "calendar.py: pendulum.now" in asking
