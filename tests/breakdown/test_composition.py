"""Totals made of their parts: when there is one, how the parts add up, when it was known, and what does not add up."""

from datetime import date, datetime
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_tracker.breakdown.composition import compose
from kpi_tracker.breakdown.rounding import last_digit
from kpi_tracker.model.breakdown import Breakdown, Dimension, Member
from kpi_tracker.model.kpi import Formula
from kpi_tracker.model.measure import Adds, Aggregate, Measure
from kpi_tracker.model.observation import Observation, ObservationBasis, Observations
from kpi_tracker.model.target import Tolerance
from kpi_tracker.notation.number import unit_of
from kpi_tracker.record import changed
from tests.breakdown.made import TOWNS, by, city, codes, faults, made, own, part, rows, values, whole
from tests.builders import kpi, text

LEVEL = Measure.LEVEL
JAN, FEB = "2021-01-31", "2021-02-28"


@pytest.mark.parametrize(
    ("adds", "expected"), [(Adds.SUM, 60.0), (Adds.MEAN, 20.0), (Adds.MAX, 30.0), (Adds.MIN, 10.0)]
)
def test_a_total_is_made_of_its_parts_as_the_kpi_says(adds: Adds, expected: float) -> None:
    """Nobody reported it: each way of adding gives its own."""
    assert values(city(kpi("k", LEVEL, t=100, breakdown=by(adds))), *rows("k", JAN, 10, 20, 30)) == {JAN: expected}


def test_parts_that_do_not_add_up_are_never_combined() -> None:
    """`none`: the parts stand alone, whatever total there is beside them."""
    one = city(kpi("k", t=100, breakdown=by(Adds.NONE)))
    assert values(one, *rows("k", JAN, 10, 20, 30)) == {}
    assert codes(one, *rows("k", JAN, 10, 20, 30), whole("k", JAN, 7)) == []


def test_pitfall_a_missing_member_is_never_zero() -> None:
    """Two of three towns are no total, and the third is named with the KPI, the date and the dimension."""
    one = city(kpi("k", t=100, breakdown=by()))
    assert values(one, *rows("k", JAN, 10, 20)) == {}
    (fault,) = faults(one, *rows("k", JAN, 10, 20))
    assert fault.code == "KT454"
    assert fault.path == "k"
    assert fault.message() == "k on 2021-01-31 has no total by town: these have not reported: Port"
    assert values(one, *rows("k", JAN, 10, 20, 0)) == {JAN: 30.0}


def test_no_total_is_made_where_a_member_could_not_be_read() -> None:
    """The plan says what is wrong with it; what the others make is not the whole."""
    one = city(kpi("k", t=100, breakdown=by()))
    lame = changed(one, dimensions=(changed(one.dimensions[0], complete=False),))
    assert values(lame, *rows("k", JAN, 10, 20, 30)) == {}
    assert codes(lame, *rows("k", JAN, 10, 20, 30), whole("k", JAN, 7)) == []


def test_a_member_that_may_be_silent_does_not_hold_up_the_total() -> None:
    """An optional member counts where it has something."""
    one = city(kpi("k", t=100, breakdown=by()), optional="port")
    assert values(one, *rows("k", JAN, 10, 20), *rows("k", FEB, 1, 2, 3)) == {JAN: 30.0, FEB: 6.0}


def test_a_kpi_may_be_taken_apart_into_some_members_only() -> None:
    """A harbour's freight has no part in a town without a harbour."""
    one = city(kpi("k", t=100, breakdown=by(members=("East", "port"))))
    assert values(one, part("k", JAN, "east", 1), part("k", JAN, "port", 2)) == {JAN: 3.0}


def test_pitfall_a_total_that_is_not_the_sum_is_named_with_both_and_the_difference() -> None:
    """The reported total counts; the fault stands at its row."""
    one = city(kpi("k", t=100, breakdown=by()))
    given = [*rows("k", JAN, 10, 20, 30), whole("k", JAN, 61)]
    assert values(one, *given) == {JAN: 61}
    (fault,) = faults(one, *given)
    assert fault.code == "KT453"
    assert fault.message() == (
        "k on 2021-01-31: the total is 61, its parts by town make 60; they are 1 apart, 0 is allowed"
    )
    assert codes(one, *rows("k", JAN, 10, 20, 30), whole("k", JAN, 60)) == []


def test_a_total_beside_some_of_its_parts_is_fine() -> None:
    """What is not all there cannot be compared."""
    assert codes(city(kpi("k", t=100, breakdown=by())), *rows("k", JAN, 10, 20), whole("k", JAN, 99)) == []


@pytest.mark.parametrize(
    ("figures", "reported", "gap"),
    [
        (("33.33", "33.33", "33.33"), "100", False),  # a hundred in three equal parts
        (("33.33", "33.33", "33.33"), "100.05", True),
        (("12.3", "12.31", "12.35"), "37.0", False),  # a coarser total
        (("12.3", "12.31", "12.35"), "37.2", True),
        (("10", "20", "30"), "62.3", True),
        (("3万", "2万", "1万"), "60000", False),
        (("3万", "2万", "1万"), "75000", False),  # each may be off by 5000
        (("3万", "2万", "1万"), "76000", True),
        (("12", "12.25", "0.25"), "24.53", True),
        (("12", "12.25", "0.25"), "24.52", False),  # 12 has lost its zeros
        (("1.24亿元", "1亿元", "0"), "22400", False),
        (("1.24亿元", "1亿元", "0"), "22410", False),  # 0.01 亿元 is 100 万元, of which half
        (("1.24亿元", "1亿元", "0"), "22700", True),
        (("1e1", "0.5", "2"), "12.5", False),
    ],
)
def test_pitfall_rounding_is_no_fault(figures: tuple[str, ...], reported: str, gap: bool) -> None:
    """Each figure may be off by half of the last digit that it was printed with, and no more."""
    unit = unit_of("户", "households") if "3万" in figures else unit_of("万元", "10,000 yuan")
    numbers = {"1.24亿元": 12400.0, "1亿元": 10000.0, "3万": 30000.0, "2万": 20000.0, "1万": 10000.0}
    one = city(kpi("k", t=100, unit=unit, breakdown=by()))
    given = [
        part("k", JAN, town, numbers[text] if text in numbers else float(text), written=text)
        for town, text in zip(TOWNS, figures, strict=True)
    ]
    assert bool(codes(one, *given, whole("k", JAN, float(reported), written=reported))) is gap


def test_a_mean_of_counts_may_be_rounded() -> None:
    """Of 3, 4 and 4 the mean is printed as 4; 5 it is not."""
    one = city(kpi("k", LEVEL, t=100, breakdown=by(Adds.MEAN)))
    assert codes(one, *rows("k", JAN, 3, 4, 4), whole("k", JAN, 4)) == []
    assert codes(one, *rows("k", JAN, 3, 4, 4), whole("k", JAN, 5)) == ["KT453"]


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ("12 CO2", (1.0, True)),
        ("", (1.0, True)),
        ("1,234", (1.0, True)),
        ("84.60%", (0.01, False)),
        ("3万", (10000.0, True)),
    ],
)
def test_the_last_digit_is_that_of_the_number(written: str, size: tuple[float, bool]) -> None:
    """Digits of a unit are none of the figure; zeros that were printed count."""
    units = {"12 CO2": unit_of("CO2", "CO2"), "84.60%": unit_of("%", "%")}
    row = Observation("k", date(2021, 1, 31), 12.0, written=written)
    assert last_digit(row, units.get(written, unit_of("户", "households"))) == size


@pytest.mark.parametrize(
    ("tolerance", "gap"), [(Tolerance(1.0), False), (Tolerance(0.5), True), (Tolerance(0.02, True), False)]
)
def test_a_tolerance_that_the_kpi_states_goes_before_rounding(tolerance: Tolerance, gap: bool) -> None:
    """An amount in the KPI's unit, or a share of the total."""
    one = city(kpi("k", t=100, breakdown=by(tolerance=tolerance)))
    assert bool(codes(one, *rows("k", JAN, 10, 20, 30), whole("k", JAN, 61))) is gap


def test_a_mean_is_weighed_by_the_members_own_weights() -> None:
    """(3 · 10 + 1 · 20 + 0 · 30) / 4."""
    weights = [own("east", weight=3.0), own("west", weight=1.0), own("port", weight=0.0)]
    assert values(city(kpi("k", LEVEL, t=1, breakdown=by(Adds.MEAN, *weights))), *rows("k", JAN, 10, 20, 30)) == {
        JAN: 12.5
    }


def test_a_rate_is_weighed_by_another_kpi() -> None:
    """A total weighs with its sum up to the date; without the weight of a town there is no rate."""
    cases, rate = kpi("n", t=9, breakdown=by()), kpi("k", Measure.RATE, t=1, breakdown=by(Adds.MEAN, weigh_by="n"))
    counted = [*rows("n", JAN, 1, 1, 0), *rows("n", FEB, 2, 0, 1)]
    given = [*rows("k", JAN, 10, 20, 90), *rows("k", FEB, 50, 10, 30)]
    assert values(city(cases, rate), *counted, *given) == {JAN: 15.0, FEB: 38.0}
    assert values(city(cases, rate), *counted[:-1], *given) == {JAN: 15.0}


def test_weights_that_are_all_zero_give_no_value() -> None:
    """Nothing to divide by is named, and is no zero."""
    cases, rate = kpi("n", t=9, breakdown=by()), kpi("k", Measure.RATE, t=1, breakdown=by(Adds.MEAN, weigh_by="n"))
    given = [*rows("n", JAN, 0, 0, 0), *rows("k", JAN, 1, 2, 3)]
    assert values(city(cases, rate), *given) == {}
    assert [fault.message() for fault in faults(city(cases, rate), *given)] == [
        "k has no value on 2021-01-31: the weights of its parts add up to 0"
    ]


def test_pitfall_a_correction_of_a_part_corrects_the_total() -> None:
    """The total counts as recorded when the last part was; the same part corrected later corrects it."""
    one = city(kpi("k", t=100, breakdown=by()))
    given = [*rows("k", JAN, 10, 20, recorded="2021-02-03"), part("k", JAN, "port", 30, "2021-02-05"),
             part("k", JAN, "east", 12, "2021-02-09"), part("k", JAN, "west", 20, "2021-02-10")]  # fmt: skip
    found = made(one, *given)["k"]
    assert [(row.value, row.recorded_at) for row in found.rows] == [
        (60.0, datetime(2021, 2, 5)), (62.0, datetime(2021, 2, 9)),
    ]  # fmt: skip
    assert found.seen(0, 10**6, datetime(2021, 2, 4)).values == ()
    assert found.seen(0, 10**6, datetime(2021, 2, 8)).values == (60.0,)


def test_a_total_that_is_reported_later_counts_from_then_on() -> None:
    """Until then the parts make it; afterwards a correction of a part does not touch it, but a gap is named."""
    one = city(kpi("k", t=100, breakdown=by()))
    given = [*rows("k", JAN, 10, 20, 30, recorded="2021-02-03"), whole("k", JAN, 60, "2021-02-05"),
             part("k", JAN, "east", 12, "2021-02-09")]  # fmt: skip
    assert [(row.value, row.part) for row in made(one, *given)["k"].rows] == [(60.0, ("town",)), (60, ())]
    assert codes(one, *given) == ["KT453"]


def test_pitfall_the_total_is_corrected_and_its_parts_are_not() -> None:
    """What was in order is so no more."""
    one = city(kpi("k", t=100, breakdown=by()))
    given = [*rows("k", JAN, 10, 20, 30), whole("k", JAN, 60)]
    assert codes(one, *given) == []
    assert codes(one, *given, whole("k", JAN, 66, "2021-03-01")) == ["KT453"]


def test_illustrative_parts_make_an_illustrative_total() -> None:
    """It is as firm as the least firm of them."""
    one = city(kpi("k", t=100, breakdown=by()))
    given = [*rows("k", JAN, 10, 20), part("k", JAN, "port", 30, illustrative=True)]
    (row,) = made(one, *given)["k"].rows
    assert row.basis is ObservationBasis.ILLUSTRATIVE
    assert row.note == "Σ town: east 10 · west 20 · port 30"


def test_the_note_of_a_total_of_many_parts_is_cut() -> None:
    """The parts are all there in `explain`."""
    many = [f"t{i:02}" for i in range(14)]
    one = city(kpi("k", t=100, breakdown=by()), towns=many)
    (row,) = made(one, *(part("k", JAN, town, 1) for town in many))["k"].rows
    assert row.value == 14.0
    assert row.note.endswith("t11 1 · …")


def test_two_dimensions_are_reconciled_each_by_itself() -> None:
    """Where both are complete the first makes the total, and the second is held against it."""
    unit = Dimension("unit", text("Unit"), (Member("a", text("A")), Member("b", text("B"))))
    one = city(kpi("k", t=100, breakdown=(*by(), Breakdown("unit", Adds.SUM))), further=(unit,))
    towns, units = rows("k", JAN, 1, 2, 3), [part("k", JAN, "a", 4, by="unit"), part("k", JAN, "b", 2, by="unit")]
    assert values(one, *towns, *units) == {JAN: 6.0}
    assert codes(one, *towns, *units) == []
    assert codes(one, *towns, *units[:1], part("k", JAN, "b", 3, by="unit")) == ["KT453"]
    assert values(one, *towns[:2], *units) == {JAN: 6.0}
    assert codes(one, *towns[:2], *units) == []


def test_a_derived_kpi_is_calculated_for_each_member() -> None:
    """Its parts are what the formula gives for the member's own inputs; its total is that of the totals."""
    share = kpi("k", LEVEL, t=1, formula=Formula("major / all"), breakdown=by(Adds.NONE))
    one = city(kpi("major", t=1, breakdown=by()), kpi("all", t=1, breakdown=by()), share)
    found, wrong = compose(one, Observations([*rows("major", JAN, 1, 2, 3), *rows("all", JAN, 2, 8, 0)]))
    assert {part[1]: series.rows[0].value for part, series in found.parts["k"].items()} == {"east": 0.5, "west": 0.25}
    assert [fault.message() for fault in wrong] == ["k (Port) has no value on 2021-01-31: its formula divides by 0"]
    assert found["major"].rows[0].value == 6.0


def test_rows_of_a_part_of_a_derived_kpi_are_refused() -> None:
    """As for the whole: a formula gives the value."""
    share = kpi("k", LEVEL, t=1, formula=Formula("major * 2"), breakdown=by(Adds.NONE))
    one = city(kpi("major", t=1, breakdown=by()), share)
    found, wrong = compose(one, Observations([*rows("major", JAN, 1, 2, 3), part("k", FEB, "east", 5)]))
    assert [fault.code for fault in wrong] == ["KT430"]
    assert [row.date.isoformat() for row in found.parts["k"]["town", "east"].rows] == [JAN]


def test_what_has_no_breakdown_or_no_parts_is_left_alone() -> None:
    """A plan may have both kinds of KPIs."""
    one = city(kpi("k", t=100, breakdown=by()), kpi("plain", t=100))
    found, wrong = compose(one, Observations([whole("plain", JAN, 3), whole("k", JAN, 4)]))
    assert (found["plain"].rows[0].value, found["k"].rows[0].value, wrong) == (3, 4, ())


amounts = st.lists(st.integers(-10_000, 10_000), min_size=3, max_size=3)


@settings(deadline=None)
@given(st.lists(amounts, min_size=1, max_size=6), st.integers(0, 4), st.randoms(use_true_random=False))
def test_law_the_sum_over_parts_is_the_total_and_order_does_not_matter(
    months: list[list[int]], places: int, random: Random
) -> None:
    """What is made is what decimal arithmetic gives, in whatever order the rows come."""
    one = city(kpi("k", t=100, breakdown=by()))
    days = [f"2021-0{i}-28" for i in range(1, len(months) + 1)]
    given_rows = [
        row
        for when, month in zip(days, months, strict=True)
        for row in rows("k", when, *(n / 10**places for n in month))
    ]
    exactly = {when: float(Fraction(sum(month), 10**places)) for when, month in zip(days, months, strict=True)}
    assert values(one, *given_rows) == pytest.approx(exactly, abs=1e-9)
    mixed = list(given_rows)
    random.shuffle(mixed)
    assert made(one, *mixed) == made(one, *given_rows)
    assert made(one, *mixed).parts == made(one, *given_rows).parts


@settings(deadline=None)
@given(amounts, st.booleans())
def test_law_a_total_that_is_the_sum_changes_nothing(month: list[int], later: bool) -> None:
    """With and without a matching row of the total every date has the same value, and nothing is said."""
    one = city(kpi("k", t=100, aggregate=Aggregate.NEWEST, breakdown=by()))
    given_rows = rows("k", JAN, *map(float, month))
    reported = whole("k", JAN, float(sum(month)), "2021-02-09" if later else None)
    assert values(one, *given_rows) == values(one, *given_rows, reported)
    assert codes(one, *given_rows, reported) == []
