"""Numbers, shares and changes as people write them."""

from decimal import Decimal
from math import isfinite

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kpi_tracker.language import language
from kpi_tracker.model.exactness import exact
from kpi_tracker.model.unit import NO_UNIT, Unit, UnitFamily
from kpi_tracker.notation.number import Unreadable, read_change, read_number, read_share, unit_of

PIECES = unit_of("件", "cases")
WAN_YUAN = unit_of("万元", "CNY 10,000")
YUAN = unit_of("元", "yuan")
PERCENT = unit_of("%", "%")
SECONDS = unit_of("秒", "s")
MINUTES = unit_of("分钟", "min")
FULL_WIDTH = str.maketrans("0123456789.,-+%", "０１２３４５６７８９．，－＋％")
LONG = {
    "thousand": 3,
    "million": 6,
    "billion": 9,
    "百": 2,
    "千": 3,
    "万": 4,
    "十万": 5,
    "百万": 6,
    "千万": 7,
    "亿": 8,
    "万亿": 12,
}

decimals = st.builds(
    lambda digits, places: Decimal(digits).scaleb(-places),
    st.integers(-(10**13), 10**13),
    st.integers(0, 4),
)


def plain(number: Decimal) -> str:
    """Return a number in figures, without an exponent."""
    return format(number, "f")


def refusal(text: str, unit: Unit = PIECES) -> str:
    """Return why `text` is no number in `unit`."""
    with pytest.raises(Unreadable) as caught:
        read_number(text, unit)
    return language("en").phrase(caught.value.reason)


@given(decimals)
def test_figures_read_back(number: Decimal) -> None:
    """A number in figures is that number, whatever its unit."""
    for unit in (NO_UNIT, PIECES, WAN_YUAN, PERCENT, SECONDS):
        assert read_number(plain(number), unit) == float(number)


@given(decimals)
def test_thousands_read_back(number: Decimal) -> None:
    """Commas between thousands say nothing more, in either width and with the unit behind them."""
    grouped = f"{number:,f}"
    for text in (grouped, grouped.translate(FULL_WIDTH), grouped + "件", f" {grouped} 件 ", f"{grouped} cases"):
        assert read_number(text, PIECES) == float(number)


@given(decimals)
def test_full_width_reads_back(number: Decimal) -> None:
    """Full-width figures, points and signs are the ordinary ones."""
    assert read_number(plain(number).translate(FULL_WIDTH), PIECES) == float(number)


@given(decimals, st.sampled_from("-−–－‐"))
def test_every_minus_is_a_minus(number: Decimal, minus: str) -> None:
    """A hyphen, a minus sign, a dash and a full-width minus are one sign."""
    assert read_number(f"{minus}{plain(abs(number))}", PIECES) == float(-abs(number))


@given(decimals, st.sampled_from(sorted(LONG)), st.sampled_from(sorted(LONG)))
def test_scales_convert_exactly(number: Decimal, written: str, declared: str) -> None:
    """A number in one scale is read in another as decimal arithmetic converts it."""
    unit = unit_of(f"{declared}元", f"{declared} CNY")
    text = plain(number.scaleb(-LONG[written])) + f"{written}元"
    if written == declared:
        text = plain(number.scaleb(-LONG[written]))
    assert read_number(text, unit) == float(number.scaleb(-LONG[declared]))


@given(decimals)
def test_scale_without_the_base_unit_reads_back(number: Decimal) -> None:
    """3.2万 is 32 000 in a unit without a scale, and 3.2 in one of 万."""
    assert read_number(plain(number.scaleb(-4)) + "万", PIECES) == float(number)
    assert read_number(plain(number) + "万", WAN_YUAN) == float(number)
    assert read_number(plain(number.scaleb(-4)) + "万", NO_UNIT) == float(number)


@given(decimals, st.sampled_from(["%", "％", " %", "个百分点", "百分点", "percent", "pp"]))
def test_percentages_read_back(number: Decimal, sign: str) -> None:
    """84.6% is 84.6 where the unit is %."""
    assert read_number(plain(number) + sign, PERCENT) == float(number)


@given(
    st.integers(0, 10**9),
    st.sampled_from([("天", "小时", "分", "秒"), ("d", "h", "m", "s"), (" day ", " hours ", " min ", " sec")]),
)
def test_durations_read_back(seconds: int, words: tuple[str, str, str, str]) -> None:
    """A duration taken apart into days, hours, minutes and seconds is put together again."""
    text, rest = "", seconds
    for size, word in zip((86400, 3600, 60, 1), words, strict=True):
        count, rest = divmod(rest, size)
        text += f"{count}{word}" if count or size == 1 else ""
    assert read_number(text, SECONDS) == seconds
    assert read_number(text, MINUTES) == exact(seconds / 60)
    assert read_number(text.translate(FULL_WIDTH), SECONDS) == seconds


@given(decimals.map(abs))
def test_durations_with_a_fraction_read_back(number: Decimal) -> None:
    """1.5分钟 is 90 seconds, and a bare number is in the declared unit."""
    assert read_number(f"{plain(number)}秒", SECONDS) == float(number)
    assert read_number(f"{plain(number)}分钟", SECONDS) == float(number * 60)
    assert read_number(f"{plain(number)}min", MINUTES) == float(number)


@given(st.decimals(0, 1, places=6))
@example(Decimal("0.07"))
@example(Decimal("0.29"))
def test_shares_read_back_both_ways(share: Decimal) -> None:
    """29% and 0.29 are the same share, without a digit of noise."""
    assert read_share(plain(share)) == float(share)
    assert read_share(f"{plain(share * 100)}%") == float(share)
    assert read_share(f" {plain(share * 100)} ％".translate(FULL_WIDTH)) == float(share)


@given(st.integers(-(10**9), 10**9), st.integers(-1000, 1000))
@example(1, -94)
@example(0, 10)
def test_changes_are_worked_out_as_written(base: int, percent: int) -> None:
    """+10% of the size of the base, +10 and +10件 are added to it."""
    sign = f"{percent:+d}"
    value, relative = read_change(f"{sign}%", base, PIECES)
    assert (value, relative) == (float(Decimal(base) + abs(Decimal(base)) * percent / 100), True)
    for text in (sign, f"{sign}件", f"{sign} cases", sign.translate(FULL_WIDTH)):
        assert read_change(text, base, PIECES) == (base + percent, False)


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("1,234", PIECES, 1234.0),
        ("１２３４", PIECES, 1234.0),
        ("4.92亿元", WAN_YUAN, 49_200.0),
        ("4.92亿", WAN_YUAN, 49_200.0),
        ("49200", WAN_YUAN, 49_200.0),
        ("5元", WAN_YUAN, 0.0005),
        ("¥5", YUAN, 5.0),
        ("￥ 5万元", YUAN, 50_000.0),
        ("¥5", WAN_YUAN, 0.0005),
        ("¥50,000元", WAN_YUAN, 5.0),
        ("¥ 3万", WAN_YUAN, 3.0),
        ("¥5", unit_of("yuan", "yuan"), 5.0),
        ("3万万元", WAN_YUAN, 30_000.0),
        ("84.6%", PERCENT, 84.6),
        ("3分53秒", SECONDS, 233.0),
        ("3m53s", SECONDS, 233.0),
        ("1小时30分", MINUTES, 90.0),
        ("-5秒", SECONDS, -5.0),
        ("1.5e3", PIECES, 1500.0),
        ("+7", PIECES, 7.0),
        ("0.1", PIECES, 0.1),
        ("123456789012345", PIECES, 123456789012345.0),
        ("5万吨", unit_of("万吨", "10,000 t"), 5.0),
        ("3万千瓦时", unit_of("千瓦时", "kWh"), 30_000.0),
        ("3亿千瓦时", unit_of("万千瓦时", "10 MWh"), 30_000.0),
        ("12 thousand tonnes", unit_of("tonnes", "tonnes"), 12_000.0),
        ("95.5分", unit_of("分", "points"), 95.5),
        ("12m", unit_of("米", "m"), 12.0),
        ("8%", unit_of("百分点", "pp"), 8.0),
    ],
)
def test_spelling_is_read_in_its_unit(text: str, unit: Unit, value: float) -> None:
    """What a report prints is converted to the unit that the plan declares."""
    assert read_number(text, unit) == value


@pytest.mark.parametrize(
    ("text", "unit", "why"),
    [
        ("", PIECES, "it is empty"),
        ("　", PIECES, "it is empty"),
        ("many", PIECES, "no number is found in it"),
        (".5", PIECES, "no number is found in it"),
        ("--5", PIECES, "no number is found in it"),
        ("nan", PIECES, "no number is found in it"),
        ("٣", PIECES, "no number is found in it"),
        ("12,34", PIECES, "its commas do not separate thousands"),
        ("1,2345", PIECES, "its commas do not separate thousands"),
        ("5万元", PIECES, "its unit is 件, not “万元”"),
        ("5%", PIECES, "its unit is 件, not “%”"),
        ("5件", NO_UNIT, "no unit is declared for it, and “件” follows the number"),
        ("5件", PERCENT, "its unit is %, not “件”"),
        ("53秒3分", SECONDS, "its unit is 秒, not “秒3分”"),
        ("3分53", SECONDS, "its unit is 秒, not “分53”"),
        ("3:53", SECONDS, "its unit is 秒, not “:53”"),
        ("¥5", PIECES, "no number is found in it"),
        ("¥", YUAN, "no number is found in it"),
        ("5克", unit_of("千克", "kg"), "its unit is 千克, not “克”"),
        ("3700多家", unit_of("家", "firms"), "write the printed number alone and mark it “approximate: true”"),
        ("3.2万余户", unit_of("户", "firms"), "write the printed number alone and mark it “approximate: true”"),
        ("约3700", PIECES, "write the printed number alone and mark it “approximate: true”"),
        ("about 50", PIECES, "write the printed number alone and mark it “approximate: true”"),
        ("50+", PIECES, "write the printed number alone and mark it “approximate: true”"),
        ("1e400", PIECES, "it is too large"),
        ("9" * 400, PIECES, "it is too large"),
    ],
)
def test_what_is_no_number_is_refused_with_its_reason(text: str, unit: Unit, why: str) -> None:
    """Nothing is guessed: a text that is not wholly a number in the unit says why it is none."""
    assert refusal(text, unit) == why


@pytest.mark.parametrize("text", ["", "often", "20 cases", "5‰"])
def test_what_is_no_share_is_refused(text: str) -> None:
    """A share is a number or a percentage."""
    with pytest.raises(Unreadable):
        read_share(text)


@pytest.mark.parametrize("text", ["10%", "5", "", "+", "+x", "+5万元", "+1e999"])
def test_what_is_no_change_is_refused(text: str) -> None:
    """A change has a sign, a number and a unit that fits."""
    with pytest.raises(Unreadable):
        read_change(text, 10.0, PIECES)


def test_change_that_leaves_the_numbers_is_refused() -> None:
    """A change is not added up to infinity."""
    with pytest.raises(Unreadable) as caught:
        read_change("+1e300%", 1e300, PIECES)
    assert language("en").phrase(caught.value.reason) == "it is too large"


@given(st.integers(-(10**7), 10**7), st.integers(-(10**7), 10**7))
def test_changes_with_decimals_are_without_noise(base: int, change: int) -> None:
    """0.3 and −0.2 make 0.1, as on paper."""
    value, _ = read_change(f"{Decimal(change) / 1000:+f}", base / 1000, PIECES)
    assert value == float(Decimal(base + change) / 1000)


def test_percentage_points_are_absolute() -> None:
    """+2% of 50 is 51, +2 percentage points make it 52."""
    assert read_change("+2%", 50.0, PERCENT) == (51.0, True)
    for text in ("+2pp", "+2个百分点", "+2"):
        assert read_change(text, 50.0, PERCENT) == (52.0, False)


@pytest.mark.parametrize(
    ("zh", "en", "family", "factor"),
    [
        ("件", "cases", UnitFamily.PLAIN, 1),
        ("万元", "万元", UnitFamily.PLAIN, 10**4),
        ("亿千瓦时", "TWh", UnitFamily.PLAIN, 10**8),
        ("千瓦时", "kWh", UnitFamily.PLAIN, 1),
        ("万亿元", "trillion CNY", UnitFamily.PLAIN, 10**12),
        ("%", "%", UnitFamily.PERCENT, 1),
        ("％", "％", UnitFamily.PERCENT, 1),
        ("个百分点", "pp", UnitFamily.PERCENT, 1),
        ("秒", "s", UnitFamily.DURATION, 1),
        ("耗时", "minutes", UnitFamily.DURATION, 60),
        ("天", "days", UnitFamily.DURATION, 86400),
        ("分", "分", UnitFamily.PLAIN, 1),
        ("m", "m", UnitFamily.PLAIN, 1),
    ],
)
def test_unit_says_its_family_and_scale(zh: str, en: str, family: UnitFamily, factor: int) -> None:
    """万 is a scale, 千 of 千瓦时 is not; 秒 is a duration, 分 alone may be points."""
    unit = unit_of(zh, en)
    assert (unit.family, unit.factor) == (family, factor)


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    """No text makes the reader fail otherwise, and what it reads is finite."""
    for unit in (NO_UNIT, WAN_YUAN, YUAN, PERCENT, SECONDS):
        try:
            value = read_number(text, unit)
        except Unreadable as unreadable:
            value, why = 0.0, language("zh").phrase(unreadable.reason)
        else:
            why = "-"
        assert isfinite(value)
        assert why


@given(st.text(alphabet="0123456789.,+-%eE 万亿千百元秒分时天msh多约¥", max_size=12))
def test_any_text_of_number_signs_is_a_number_or_refused(text: str) -> None:
    """Nor does one that looks like a number."""
    for unit in (NO_UNIT, WAN_YUAN, YUAN, PERCENT, SECONDS):
        for changed in (False, True):
            try:
                value = read_change(text, 7.0, unit)[0] if changed else read_number(text, unit)
            except Unreadable:
                continue
            assert isfinite(value)


@pytest.mark.parametrize("text", ["1.5e308", "-1e101", "9" * 120])
def test_numbers_that_no_formula_could_work_with_are_refused(text: str) -> None:
    """A typing slip of a hundred digits is a fault of its row, not an overflow later on."""
    with pytest.raises(Unreadable, match="too large"):
        read_number(text, NO_UNIT)


def test_numbers_too_small_to_tell_from_nothing_are_nothing() -> None:
    """So that no quotient runs away."""
    assert read_number("5e-324", NO_UNIT) == 0.0
