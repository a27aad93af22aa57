"""What is suspicious, and what is not."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tracker.intake.doubts import doubts, misfit
from kpi_tracker.language import language
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Aggregate, Measure
from kpi_tracker.notation.number import unit_of
from tests import builders
from tests.intake.made import NOW, csv_file, ledger, plan_in, taken, workbook

SUM = builders.kpi(t=1200, b=1100)
NEWEST = builders.kpi(t=9000, aggregate=Aggregate.NEWEST)
RATE = builders.kpi(measure=Measure.RATE, t=90, unit=unit_of("%", "%"))


def said(kpi: Kpi, day: str, value: float, *known: tuple[str, float]) -> list[str]:
    """Return the doubts about a value beside others."""
    others = sorted((date.fromisoformat(d), v) for d, v in known)
    on = date.fromisoformat(day)
    after = next((one for one in others if one[0] > on), None)
    found = doubts(kpi, builders.plan(kpi), on, value, [one for one in others if one[0] < on], after)
    return [language("en").phrase(doubt) for doubt in found]


CASES = [
    (SUM, 100.0, [101, 98, 103], []),
    (SUM, 1030.0, [101, 98, 103], ["1030 is far from the usual: the median of 3 figures is 101"]),
    (SUM, 10.0, [101, 98, 103], ["10 is far from the usual: the median of 3 figures is 101"]),
    (SUM, 1.0, [9, 10, 11], []),
    (SUM, 1000.0, [100, 100], []),
    (SUM, 0.0, [101, 98, 103], []),
    (SUM, 980000.0, [98], ["980000 may be off by 10,000 (万): known is about 98"]),
    (SUM, 0.0103, [101, 98, 103], ["0.0103 may be off by 10,000 (万): known is about 101"]),
    (SUM, 900000.0, [], ["900000 may be off by 10,000 (万): known is about 91.66666667"]),
    (SUM, 103.0, [101, 98, 103], ["103 is the same as the figure before it, on 2021-09-30"]),
    (SUM, 3.0, [3, 3, 3], []),
    (NEWEST, 5700.0, [4000, 4600, 5100], []),
    (NEWEST, 5000.0, [4000, 4600, 5100], ["a cumulative figure that falls: 5000 after 5100 on 2021-09-30"]),
    (NEWEST, 5123.0, [5123], ["5123 is the same as the figure before it, on 2021-09-30"]),
    (NEWEST, 57000.0, [4000, 4600, 5100], ["51900 is far from the usual: the median of 3 figures is 600"]),
    (NEWEST, 57000000.0, [5700], ["57000000 may be off by 10,000 (万): known is about 5700"]),
    (RATE, 0.835, [82, 83, 84], ["0.835 may be off by 100 (%): known is about 83"]),
    (RATE, 3.5, [82, 83, 84], ["3.5 is far from the usual: the median of 3 figures is 83"]),
    (RATE, 83.5, [83.5, 83.5, 83.5], []),
]  # fmt: skip


@pytest.mark.parametrize(("kpi", "value", "known", "expected"), CASES)
def test_each_doubt_where_it_belongs(kpi: Kpi, value: float, known: list[float], expected: list[str]) -> None:
    """Figures up to September are known; October's is judged beside them."""
    days = ["2021-07-31", "2021-08-31", "2021-09-30"][3 - len(known) :]
    assert said(kpi, "2021-10-31", value, *zip(days, map(float, known), strict=True)) == expected


@pytest.mark.parametrize(
    ("known", "cumulative", "fits"),
    [
        ([95, 90, 98], 283, True),
        ([95, 90, 98], 284, False),
        ([95, 90], 284, True),
        ([4000, 3600, 3434], 11000, True),
        ([4000, 3600, 3434], 12000, False),
        ([0.12, 0.11, 0.1], 0.33, True),
        ([0.121, 0.112, 0.103], 0.336, True),
        ([0.12, 0.11, 0.1], 0.34, False),
        ([], 5, True),
    ],
)
def test_a_cumulative_figure_beside_that_of_the_month(known: list[float], cumulative: float, fits: bool) -> None:
    """Held against the sum where no month is missing; rounded figures may differ by their rounding."""
    days = [date(2021, 1, 31), date(2021, 2, 28), date(2021, 3, 31)][: len(known)]
    dated = [(date(2020, 12, 31), 7.0), *zip(days, map(float, known), strict=True)]
    doubt = misfit(SUM, builders.plan(SUM), date(2021, 3, 31), float(cumulative), dated)
    assert (doubt is None) is fits


def test_a_misfit_is_shown_and_has_to_be_accepted(tmp_path: Path) -> None:
    """The whole way from the table: the month's figure is taken, 累计 beside it is only held against it."""
    plan = plan_in(tmp_path, "kpi,date,value\n")
    file = csv_file(tmp_path / "t.csv", "指标,月份,本月,累计\ncases,2021-01,95,95\ncases,2021-02,90,186\n")
    done = taken(plan, file)
    told = {str(one.claim.cell): [language("en").phrase(doubt) for doubt in one.doubts] for one in done.draft.entries}
    assert told == {
        "C2": [], "C3": ["186 stands beside it as cumulative; the figures from 2021-01-01 on add up to 185"],
    }  # fmt: skip
    assert (done.code, ledger(plan)) == (1, [])


def test_a_cumulative_figure_may_not_exceed_a_later_one() -> None:
    """What comes late is judged beside what is there already."""
    assert said(NEWEST, "2021-08-31", 4700.0, ("2021-07-31", 4000.0), ("2021-09-30", 4600.0)) == [
        "a cumulative figure that falls: 4700 before 4600 on 2021-09-30"
    ]


def test_a_cumulative_figure_starts_anew_with_the_year() -> None:
    """January's figure is below last December's, and last year's steps say what is usual."""
    last = (("2020-10-31", 4000.0), ("2020-11-30", 4400.0), ("2020-12-31", 4800.0))
    assert said(NEWEST, "2021-01-31", 410.0, *last) == []
    assert said(NEWEST, "2021-01-31", 41000.0, *last) == ["41000 is far from the usual: the median of 3 figures is 400"]


@given(st.floats(1, 1e6), st.lists(st.floats(1, 1e6), max_size=5), st.integers(-3, 3))
def test_doubts_do_not_depend_on_the_unit(value: float, known: list[float], power: int) -> None:
    """Law: the same figures in a unit that is twice, four or eight times as large are suspicious for the same reasons."""
    plan = builders.plan(RATE)
    days = [date(2021, n, 28) for n in range(1, len(known) + 1)]

    def reasons(scale: float) -> list[str]:
        before = [(day, figure * scale) for day, figure in zip(days, known, strict=True)]
        return [doubt.message for doubt in doubts(RATE, plan, date(2021, 6, 28), value * scale, before, None)]

    if known:  # without any, the baseline is taken, which does not scale along
        assert reasons(1.0) == reasons(2.0**power)


def test_nothing_is_written_before_every_doubt_is_accepted(tmp_path: Path) -> None:
    """One accepted of two is not enough; a cell can be named without its sheet where that is clear; all is all."""
    plan = plan_in(tmp_path)
    file = csv_file(
        tmp_path / "t.csv", "指标,月份,累计,本月\nsales,2021-10,5000,\ncases,2021-10,,1030\nnorth,2021-10,,3\n"
    )
    assert (taken(plan, file).code, ledger(plan)) == (1, [])
    assert (taken(plan, file, accept=("C2",)).code, ledger(plan)) == (1, [])
    done = taken(plan, file, accept=("C2", "D3"))
    assert (done.code, done.written, len(ledger(plan))) == (0, True, 3)
    assert taken(plan, file).code == 0


def test_the_same_address_in_two_sheets_needs_the_sheet(tmp_path: Path) -> None:
    """C2 alone would be a guess."""
    plan = plan_in(tmp_path)
    rows: list[list[Any]] = [["指标", "月份", "数值"], ["sales", "2021-10", 5000]]
    more: list[list[Any]] = [["指标", "月份", "数值"], ["cases", "2021-10", 1030]]
    file = workbook(tmp_path / "t.xlsx", ("a", rows), ("b", more))
    assert taken(plan, file, accept=("C2",)).code == 1
    assert taken(plan, file, accept=("a!C2", "b!C2")).code == 0


def test_a_day_that_is_still_to_come_is_suspicious(tmp_path: Path) -> None:
    """December's figure in November is a slip, or a forecast."""
    plan = plan_in(tmp_path)
    done = taken(plan, csv_file(tmp_path / "t.csv", "kpi,date,value\ncases,2021-12-31,100\n"))
    assert done.code == 1
    assert [language("en").phrase(doubt) for doubt in done.draft.entries[0].doubts] == ["2021-12-31 is still to come"]
    assert NOW.year == 2021


def test_a_total_one_off_holds_the_table_back(tmp_path: Path) -> None:
    """The total itself is left out, but one of its parts may be wrong; once all is known it no longer matters."""
    plan = plan_in(tmp_path)
    file = csv_file(tmp_path / "t.csv", "指标,月份,数值\nnorth,2021-10,3\nsouth,2021-10,4\n合计,,8\n")
    assert (taken(plan, file).code, ledger(plan)) == (1, [])
    assert taken(plan, file, accept=("C4",)).code == 0
    assert taken(plan, file).code == 0
