"""Scales, ticks, texts and places of labels: what charts are put together from."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_tracker.documents.charts.axes import Scale, brief, day_scale, domain, months, tick_words, ticks
from kpi_tracker.documents.charts.labels import Box, Segment, clearest, free_place, segments, spread
from kpi_tracker.documents.charts.texts import fitted, label, width, wrapped
from kpi_tracker.language import language

EN, ZH = language("en"), language("zh")
WITHIN = Box(0, 0, 300, 200)


AMOUNTS = st.floats(-1e15, 1e15).map(lambda x: x if abs(x) > 1e-9 else 0.0)


@settings(deadline=None)
@given(st.lists(AMOUNTS, min_size=1, max_size=8), st.booleans(), st.booleans())
def test_the_domain_holds_all_values_with_a_few_round_ticks(values: list[float], from_zero: bool, whole: bool) -> None:
    """The ends are ticks themselves, and there are neither hardly any nor a crowd of them."""
    if whole:
        values = [float(round(value)) for value in values]
    low, high, step = domain(values, from_zero, whole)
    slack = step * 1e-6
    assert low - slack <= min(values)
    assert max(values) <= high + slack
    assert not from_zero or low <= 0 <= high
    assert 1 <= len(ticks(low, high, step)) - 1 <= 8
    assert not whole or step == round(step)


@pytest.mark.parametrize("values", [(5 - 1e-10, 5 + 1e-10), (-5 - 1e-10, -5 + 1e-10), (1e-10, 2e-10)])
def test_whole_numbers_that_rounding_sets_apart_have_room(values: tuple[float, ...]) -> None:
    """0.1 + 0.2 is not 0.3 either: an axis from 5 to 5 would have no place for anything."""
    low, high, step = domain(values, from_zero=False, whole=True)
    assert (step, high - low) == (1, 1)
    assert low - 1e-9 <= min(values) <= max(values) <= high + 1e-9


@pytest.mark.parametrize(
    ("values", "from_zero", "whole", "expected"),
    [
        ((7669.0, 9586.5), True, False, [0, 2000, 4000, 6000, 8000, 10000]),
        ((1.0, 2.0), False, True, [1, 2]),
        ((1.0, 1.0), False, True, [0, 1, 2]),
        ((0.0,), True, True, [0, 1]),
        ((5.0, 17.0), False, True, [5, 10, 15, 20]),
        ((100.0,), False, False, [90, 95, 100, 105, 110]),
        ((-5.0, -5.0), True, False, [-5, -4, -3, -2, -1, 0]),
    ],
)
def test_ticks_are_what_a_person_would_write(
    values: tuple[float, ...], from_zero: bool, whole: bool, expected: list[int]
) -> None:
    """Round numbers; whole ones for what is counted."""
    assert [round(tick, 6) for tick in ticks(*domain(values, from_zero, whole))] == expected


@pytest.mark.parametrize(
    ("value", "en", "zh"),
    [
        (0.0, "0", "0"), (7669.0, "7,669", "7,669"), (9_999_999.0, "9,999,999", "9,999,999"), (12.345, "12.35", "12.35"),
        (123_456_789.0, "123.46 m", "1.23亿"), (1.5e12, "1.5 tn", "1.5万亿"), (2.5e7, "25 m", "2,500万"),
        (0.000033, "0.000033", "0.000033"), (3.3e-9, "3.3e−09", "3.3e−09"), (-2.5e9, "−2.5 bn", "−25亿"),
        (2e25, "2e13 tn", "2e13万亿"),
    ],
)  # fmt: skip
def test_numbers_are_brief(value: float, en: str, zh: str) -> None:
    """Neither a row of zeros nor a 0 for what is not nothing."""
    assert (brief(value, EN), brief(value, ZH)) == (en, zh)


def test_ticks_share_one_power() -> None:
    """0.5万亿 beside 1万亿, and plain zero."""
    assert tick_words((0.0, 5e11, 1e12), 5e11, ZH) == ("0", "0.5万亿", "1万亿")
    assert tick_words((0.0, 2.5, 5.0), 2.5, EN) == ("0", "2.5", "5")
    assert tick_words((0.0, 0.00001), 0.00001, EN) == ("0", "0.00001")


def test_a_scale_keeps_what_is_outside_at_its_end() -> None:
    """`at` goes on, `within` does not."""
    scale = Scale(0, 10, 100, 0)
    assert (scale.at(20), scale.within(20), scale.within(-5), scale.at(5)) == (-100, 0, 100, 50)


def axis(start: str, end: str, wide: float = 340.0) -> tuple[list[str], list[str], int]:
    """Return the names, the years and the number of marks between of a time axis."""
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    found = months(first, last, day_scale(first, last, 0, wide), EN)
    return [tick.text for tick in found.names], [tick.text for tick in found.years], len(found.between)


def test_months_are_named_as_there_is_room() -> None:
    """Every month of a year, every second in less room, quarters of three years, years of more, decades of an age."""
    assert axis("2021-01-01", "2021-12-31", 400)[0][:3] == ["Jan", "Feb", "Mar"]
    assert axis("2021-01-01", "2021-12-31", 200)[0] == ["Jan", "Mar", "May", "Jul", "Sep", "Nov"]
    assert axis("2021-01-01", "2021-12-31", 125)[0] == ["Jan", "Apr", "Jul", "Oct"]
    assert axis("2021-01-01", "2025-12-31") == (["2021", "2022", "2023", "2024", "2025"], [], 4)
    assert axis("2021-07-01", "2022-06-30", 125) == (["Jul", "Oct", "Jan", "Apr"], ["2021", "2022"], 3)
    assert axis("2021-05-05", "2021-05-05") == (["May"], [], 0)
    assert len(axis("2021-01-01", "9999-12-31")[0]) < 20
    assert axis("2021-01-01", "2021-07-01") == (["Jan", "Feb", "Mar", "Apr", "May", "Jun"], [], 6)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 200), st.sampled_from([20.0, 35.0])), max_size=4))
def test_labels_at_the_side_never_overlap_and_stay_inside(wanted: list[tuple[float, float]]) -> None:
    """In their order, each with its room, within 0 … 200."""
    at, sizes = [y for y, _ in wanted], [size for _, size in wanted]
    found = spread(at, sizes, 0, 200)
    ends = sorted((place - size / 2, place + size / 2) for place, size in zip(found, sizes, strict=True))
    assert all(below[0] >= above[1] - 1e-6 for above, below in pairwise(ends))
    assert all(top >= -1e-6 and bottom <= 200 + 1e-6 for top, bottom in ends)


def test_labels_with_room_stay_where_they_are_wanted() -> None:
    """Only what touches moves, and by half each."""
    assert spread([50.0, 150.0], [30.0, 30.0], 0, 200) == (50.0, 150.0)
    assert spread([105.0, 95.0], [30.0, 30.0], 0, 200) == (115.0, 85.0)
    assert spread([], [], 0, 200) == ()


def test_a_label_takes_the_free_side() -> None:
    """Above a line that rises to its point, below where it is asked to be, off what is taken."""
    rising = segments([(0, 200), (150, 100)])
    above = free_place((150, 100), (60, 16), False, WITHIN, rising, (), ())
    assert (above.right, above.bottom) == (142, 92)
    below = free_place((150, 100), (60, 16), True, WITHIN, rising, (), ())
    assert (below.left, below.top) == (158, 108)
    second = free_place((150, 100), (60, 16), False, WITHIN, rising, (), (above,))
    assert second != above
    corner = free_place((299, 1), (60, 16), False, WITHIN, (), (), ())
    assert corner.right <= 300
    assert corner.top >= 0


def test_a_label_would_rather_be_on_the_other_side_than_on_a_line() -> None:
    """A line above everything above the point sends it below; over a faint line only it does not go so far."""
    lines = tuple(Segment(0, y, 300, y) for y in range(20, 92, 8))
    assert free_place((150, 100), (60, 16), False, WITHIN, lines, (), ()).top > 100
    assert clearest([Box(0, 0, 10, 10), Box(50, 50, 60, 60)], [Segment(0, 5, 20, 5)]) == Box(50, 50, 60, 60)
    assert clearest([Box(0, 0, 10, 10), Box(50, 50, 60, 60)], [Segment(12, 0, 30, 40)]) == Box(0, 0, 10, 10)
    assert clearest([Box(0, 0, 10, 10), Box(50, 50, 60, 60)], [Segment(-1, 7, 7, -1)]) == Box(50, 50, 60, 60)
    assert clearest([Box(0, 0, 10, 10), Box(50, 50, 60, 60)], [Segment(-9, 8, 8, -9)]) == Box(0, 0, 10, 10)


@given(st.text(max_size=60), st.floats(20, 300))
def test_shortened_text_fits(text: str, room: float) -> None:
    """Whatever the letters; what fits is left as it is but for its spaces."""
    found = fitted(text, room)
    assert width(found) <= room + 1e-6
    whole = " ".join(text.split())
    assert found == whole or found.endswith("…")


def test_long_text_is_shortened_once() -> None:
    """Ten thousand characters cost no more than a thousand."""
    assert fitted("x" * 10_000, 60).endswith("x…")
    assert fitted("目标", 60) == "目标"
    assert width("e\u0301") == width("e")
    assert width("é") > width("i")


def test_text_is_wrapped_where_it_can_be() -> None:
    """Between words, between wide characters, before a parenthesis; the last line is shortened."""
    assert wrapped("2020年基数（非正常年份）", 104, 12) == ("2020年基数", "（非正常年份）")
    assert wrapped("2020 baseline (abnormal year)", 110, 12) == ("2020 baseline", "(abnormal year)")
    assert wrapped("one two three four five six seven", 60, 12)[-1].endswith("…")
    assert wrapped("short", 100) == ("short",)
    assert wrapped("", 100) == ("",)


def test_an_anchor_is_written_only_where_there_is_one() -> None:
    """Most texts start where they stand."""
    assert "text-anchor" not in label("a", 0, 0).attributes
    assert label("a", 0, 0, anchor="end").attributes["text-anchor"] == "end"
