"""Scales of a picture: values and days to coordinates, round ticks, the names of months."""

from collections.abc import Iterable
from datetime import date
from math import ceil, floor, log10
from typing import NamedTuple

from kpi_tracker.language import N_, Language
from kpi_tracker.reporting.words import number

__all__ = ["Months", "Scale", "Tick", "brief", "day_scale", "domain", "months", "tick_words", "ticks"]


class Scale(NamedTuple):
    """A straight map of the values `low` … `high` to the coordinates `start` … `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Return the coordinate of `value`, which may lie outside."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def within(self, value: float) -> float:
        """Return the coordinate of `value`, at the end of the scale where it lies outside."""
        return self.at(min(max(value, self.low), self.high))


class Tick(NamedTuple):
    """A place on an axis with its words."""

    at: float
    text: str


def domain(values: Iterable[float], from_zero: bool, whole: bool = False, about: int = 5) -> tuple[float, float, float]:
    """Return round ends that hold all of `values`, and the step between round ticks: 1, 2, 2.5 or 5 times a power of ten.

    Of what comes in whole numbers only (`whole`) the ticks are whole numbers too.
    """
    held = [*values, *((0.0,) if from_zero else ())]
    low, high = min(held), max(held)
    if high - low <= 1e-12 * max(abs(high), abs(low)):
        room = max(1.0, abs(high) * 0.1) if whole else abs(high) * 0.1 or 1.0
        low, high = (low if from_zero and low >= 0 else low - room), high + room
    step = _round_up((high - low) / about)
    if whole:
        step = max(1.0, step) if step != 2.5 else 5.0  # noqa: PLR2004
    first, last = floor(low / step + _NOISE), ceil(high / step - _NOISE)
    return (
        first * step,
        max(last, first + 1) * step,
        step,
    )  # what rounding alone sets apart is one value, and has room too


_NOISE = 1e-9
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def _round_up(step: float) -> float:
    power = 10.0 ** floor(log10(step))
    return next(s for s in _STEPS if s * power >= step * (1 - _NOISE)) * power


def ticks(low: float, high: float, step: float) -> tuple[float, ...]:
    """Return the round values from `low` to `high`."""
    first, last = round(low / step), round(high / step)
    return tuple(i * step for i in range(first, last + 1))


def brief(value: float, words: Language, step: float | None = None) -> str:
    """Return a number as it stands in a picture: large ones in 万 and 亿 or millions, small ones with the digits they have.

    `step` is the distance of the ticks where it is one of them.
    """
    power, name = _power(abs(value), words) if abs(value) >= _LARGE else (1.0, "")
    return _digits(value / power, (step or value) / power) + name


def tick_words(values: Iterable[float], step: float, words: Language) -> tuple[str, ...]:
    """Return the words of round ticks, all by the same power."""
    held = tuple(values)
    largest = max(abs(value) for value in held)
    power, name = _power(largest, words) if largest >= _LARGE_TICK else (1.0, "")
    return tuple(_digits(value / power, step / power) + (name if value else "") for value in held)


_LARGE, _LARGE_TICK, _TINY, _HUGE = 1e7, 1e6, 1e-6, 1e7
_POWERS = {
    "zh": ((1e12, "万亿"), (1e8, "亿"), (1e4, "万")),
    "en": ((1e12, " tn"), (1e9, " bn"), (1e6, " m")),
}


def _power(size: float, words: Language) -> tuple[float, str]:
    return next(power for power in _POWERS[words.code] if size >= power[0])


def _digits(value: float, finest: float) -> str:
    """Return `value` with two decimals, or with as many as two digits of `finest` need."""
    if value and (abs(finest) < _TINY or abs(value) >= _HUGE):
        return format(value, ".3g").replace("-", "−").replace("e+", "e")
    return number(value, max(2, 1 - floor(log10(abs(finest))))) if finest else "0"


def day_scale(start: date, end: date, left: float, right: float) -> Scale:
    """Return the scale of days: a day stands where it ends, the day before `start` at the very left."""
    return Scale(start.toordinal() - 1, end.toordinal(), left, right)


class Months(NamedTuple):
    """The time axis: names of months (of years, where months have no room), where they part, and years below months."""

    names: tuple[Tick, ...]
    between: tuple[float, ...]
    years: tuple[Tick, ...]


def months(start: date, end: date, scale: Scale, words: Language) -> Months:
    """Return the time axis from `start` to `end`."""
    first, last = start.year * 12 + start.month - 1, end.year * 12 + end.month - 1
    a_month = (scale.end - scale.start) * 30.4 / (scale.high - scale.low)
    every = next((stride for stride in _STRIDES if stride * a_month >= _ROOM), _STRIDES[-1])
    lone = every <= _QUARTER
    names: list[Tick] = []
    between: list[float] = []
    years: list[Tick] = []
    for month in range(-(-first // every) * every, last + 1, every):
        opens = scale.within(_day_before(month))
        wide = scale.within(_day_before(month + (1 if lone else every))) - opens
        if month > first:
            between.append(opens)
        if wide < min(_SLIVER, a_month / 3):  # a month of which the span has a day or two
            continue
        if not lone:
            names.append(Tick(opens + wide / 2, str(month // 12)))
            continue
        names.append(Tick(opens + wide / 2, words.text(_MONTHS[month % 12])))
        if not years or years[-1].text != str(month // 12):
            years.append(Tick(opens + wide / 2, str(month // 12)))
    return Months(tuple(names), tuple(between), tuple(years) if start.year != end.year else ())


_STRIDES = (1, 2, 3, 12, 24, 60, 120, 600, 6000)
_ROOM, _SLIVER, _QUARTER = 30.0, 11.0, 3
_MONTHS = (
    N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"), N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"),
    N_("Nov"), N_("Dec"),
)  # fmt: skip


def _day_before(month: int) -> int:
    """Return the last day before `month`, counted from the year 0; the calendar ends with the year 9999."""
    year, number_of_month = divmod(month, 12)
    return date.max.toordinal() if year > date.max.year else date(year, number_of_month + 1, 1).toordinal() - 1
