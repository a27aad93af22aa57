"""What a cell of a source says, whatever a database or a file made of it."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tracker.language import language
from kpi_tracker.model.datasource import Role
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Cadence, Measure
from kpi_tracker.model.unit import NO_UNIT, Text
from kpi_tracker.notation.number import read_number
from kpi_tracker.sources.cells import Misread, day_of, is_nothing, name_in, unit_in, value_text

SHANGHAI = ZoneInfo("Asia/Shanghai")


def kpi(cadence: Cadence | None = None, measure: Measure = Measure.LEVEL) -> Kpi:
    """Return a KPI."""
    return Kpi("k", Text("k", "k"), measure, cadence=cadence)


def day(cell: object, role: Role = Role.DATE, cadence: Cadence = Cadence.MONTHLY) -> str:
    """Return the day of a cell, or why it names none."""
    try:
        return day_of(cell, role, kpi(), cadence, SHANGHAI).isoformat()
    except Misread as misread:
        return language("en").phrase(misread.phrase)


@pytest.mark.parametrize(
    ("cell", "role", "cadence", "expected"),
    [
        ("2021-09-30", Role.DATE, Cadence.MONTHLY, "2021-09-30"), (20210930, Role.DATE, Cadence.MONTHLY, "2021-09-30"),
        ("2021年9月30日", Role.DATE, Cadence.MONTHLY, "2021-09-30"), (date(2021, 9, 30), Role.DATE, Cadence.MONTHLY, "2021-09-30"),
        ("2021-09-29T16:30:00Z", Role.DATE, Cadence.MONTHLY, "2021-09-30"),
        (datetime(2021, 9, 29, 16, 30, tzinfo=UTC), Role.DATE, Cadence.MONTHLY, "2021-09-30"),
        (datetime(2021, 9, 29, 16, 30), Role.DATE, Cadence.MONTHLY, "2021-09-29"),
        (datetime(2021, 9, 30, 0, 30, tzinfo=timezone(timedelta(hours=9))), Role.DATE, Cadence.MONTHLY, "2021-09-29"),
        (date(2021, 9, 1), Role.DATE, Cadence.DAILY, "2021-09-01"), (date(2021, 9, 1), Role.PERIOD, Cadence.MONTHLY, "2021-09-30"),
        (date(2021, 9, 1), Role.PERIOD, Cadence.QUARTERLY, "2021-09-30"), ("2021-07-01", Role.PERIOD, Cadence.QUARTERLY, "2021-09-30"),
        (date(2021, 9, 1), Role.PERIOD, Cadence.IRREGULAR, "2021-09-30"), (date(2021, 9, 1), Role.PERIOD, Cadence.YEARLY, "2021-12-31"),
        (202109, Role.PERIOD, Cadence.MONTHLY, "2021-09-30"), ("2021-Q3", Role.PERIOD, Cadence.MONTHLY, "2021-09-30"),
        (2021, Role.PERIOD, Cadence.MONTHLY, "2021-12-31"), ("２０２１－０９", Role.PERIOD, Cadence.MONTHLY, "2021-09-30"),
        ("2021-09-01", Role.DATE, Cadence.MONTHLY,
         "2021-09-01 may be that day or the month 2021-09; map its column as “period” where it is the month"),
        ("2021-09", Role.DATE, Cadence.MONTHLY, "“2021-09” is a period; map its column as “period”"),
        (202113, Role.PERIOD, Cadence.MONTHLY, "“202113” is not a date or a period, such as 2021-09-30, 2021-09 or 2021年9月"),
        (44469, Role.DATE, Cadence.MONTHLY, "“44469” is not a date or a period, such as 2021-09-30, 2021-09 or 2021年9月"),
        (True, Role.DATE, Cadence.MONTHLY, "the cell holds yes or no, not a day"),
        (Decimal(2021), Role.DATE, Cadence.MONTHLY, "the cell holds a number, not a day"),
        (time(1), Role.DATE, Cadence.MONTHLY, "the cell holds a time, not a day"),
        (b"2021", Role.DATE, Cadence.MONTHLY, "the cell holds bytes, not a day"), (None, Role.DATE, Cadence.MONTHLY, "no day is given"),
    ],
)  # fmt: skip
def test_the_day_of_a_cell(cell: object, role: Role, cadence: Cadence, expected: str) -> None:
    """Every form that databases and files have for it; what may mean two things is refused."""
    assert day(cell, role, cadence) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (" 1,234件 ", "1,234件"), (12, "12"), (0.1 + 0.2, "0.3"), (Decimal("1E+3"), "1000"), (Decimal("0.10"), "0.10"),
        (float("nan"), "nan is not a finite number"), (Decimal("NaN"), "NaN is not a finite number"),
        (Decimal("-Infinity"), "-Infinity is not a finite number"), (False, "the cell holds yes or no, not a value"),
        (date(2021, 1, 1), "the cell holds a date, not a value"), (timedelta(1), "the cell holds a time, not a value"),
        (memoryview(b"1"), "the cell holds bytes, not a value"), ([1], "the cell holds something composed, not a value"),
    ],
)  # fmt: skip
def test_the_value_of_a_cell(cell: object, expected: str) -> None:
    """A number with all its digits, a text as it stands, or why it is none."""
    try:
        found = value_text(cell)
    except Misread as misread:
        found = language("en").phrase(misread.phrase)
    assert found == expected


def test_what_is_no_value_and_what_names_no_kpi() -> None:
    """Zero is a value; 无 is one of a milestone: no step is done."""
    cells: tuple[object, ...] = (None, "", " — ", "无", "N/A", 0, "0", b"")
    assert [cell for cell in cells if is_nothing(cell, kpi())] == [None, "", " — ", "无", "N/A"]
    assert not is_nothing("无", kpi(measure=Measure.MILESTONE))
    names: tuple[object, ...] = (" Ａ０1 ", 101, None, True, 1.0, b"A", [1], {}, date.min)
    assert [name_in(cell) for cell in names] == ["A01", "101"] + [""] * 7


@pytest.mark.parametrize("unit", ["10000", "１万", "-", "e5", ".5", ",000", 100, Decimal(100), 1.5])
def test_a_number_is_no_unit(unit: object) -> None:
    """12 in “10000” would be read as 1210000."""
    with pytest.raises(Misread):
        unit_in(unit)
    assert [unit_in(cell) for cell in (None, " 万元 ", "%", "eur", "m2")] == ["", "万元", "%", "eur", "m2"]


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**10), max_value=10**10))
def test_law_a_decimal_is_the_number_that_it_was(number: Decimal) -> None:
    """To the last digit."""
    assert read_number(value_text(number), NO_UNIT) == float(number)


@given(st.dates(date(1970, 1, 1), date(2100, 12, 31)), st.sampled_from(Cadence))
def test_law_a_day_and_what_is_written_of_it_are_the_same(when: date, cadence: Cadence) -> None:
    """A date, its text, its digits and midnight of it, in both roles."""
    for role in (Role.DATE, Role.PERIOD):
        forms = (when, when.isoformat(), int(f"{when:%Y%m%d}"), datetime(when.year, when.month, when.day))
        assert len({day(form, role, cadence) for form in forms}) == 1
