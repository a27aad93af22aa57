"""The pace chart of a KPI in numbers: lines over the months of its span."""

from collections.abc import Iterator
from datetime import date

from kpi_tracker.course import Course, Reading, actuals, base_year_actuals, course
from kpi_tracker.documents.charts.axes import Scale, brief, day_scale, domain, tick_words, ticks
from kpi_tracker.documents.charts.described import described, expected_value
from kpi_tracker.documents.charts.drawing import Drawing, Element
from kpi_tracker.documents.charts.frame import EDGE, TOP, WIDTH, framed, said_in_the_middle
from kpi_tracker.documents.charts.labels import Box, Segment, clearest, free_place, segments
from kpi_tracker.documents.charts.plot import as_of_line, line, noted, path, stepped, time_axis, unit_words
from kpi_tracker.documents.charts.sides import COLUMN, End, baseline_end, sidelines, target_name
from kpi_tracker.documents.charts.texts import NORMAL, SMALL, label, width
from kpi_tracker.language import N_, Language
from kpi_tracker.model.measure import Aggregate, Measure, Status
from kpi_tracker.model.scorecard import KpiScore, Scorecard
from kpi_tracker.model.unit import UnitFamily
from kpi_tracker.reporting.words import NONE
from kpi_tracker.schedule import base_year

__all__ = ["line_chart"]

HEIGHT = 204.0
_ROUNDED = 10
"""From here on a figure worked out from whole numbers is shown as one."""
MANY = 45
"""So many readings are still drawn as a dot each."""


def line_chart(score: KpiScore, card: Scorecard, words: Language) -> Drawing | None:
    """Return the pace chart of a KPI in numbers; None where it has neither a figure nor a target nor a baseline."""
    lines = _Lines(score, card, words)
    return lines.drawing() if lines.known else None


class _Lines:
    """One chart while it is drawn: what is known of the KPI, and the scales that hold it all."""

    def __init__(self, score: KpiScore, card: Scorecard, words: Language) -> None:
        self.score, self.card, self.words = score, card, words
        self.kpi = score.kpi
        self.course: Course = course(score, card)
        self.readings = _numbers(actuals(score, card))
        self.before = _numbers(base_year_actuals(score, card))
        self.target = None if self.kpi.target is None else float(self.kpi.target.value)
        self.base = None if self.kpi.baseline is None else float(self.kpi.baseline.value)
        self.known = [
            v for v in (self.target, self.base, *(v for _, v in (*self.readings, *self.before))) if v is not None
        ]
        if self.known:
            self._lay_out()

    def _lay_out(self) -> None:
        """Choose the scales so that everything fits, but for a landing or an expectation far out."""
        held = [*self.known, *((self.course.floor,) if self.course.floor is not None else ())]
        reach = 0.6 * (max(held) - min(held) or abs(max(held)))
        landing = self.score.outlook.landing
        if landing is not None and min(held) - reach <= landing <= max(held) + reach:
            held.append(landing)
        from_zero = self._adds_up() or self.kpi.measure is Measure.TOTAL
        self.whole = all(value == round(value) for _, value in self.readings)
        low, high, step = domain(held, from_zero, self.whole and all(value == round(value) for value in self.known))
        values = ticks(low, high, step)
        self.ticks = tuple(zip(values, tick_words(values, step, self.words), strict=True))
        left = EDGE + max(width(text, SMALL) for _, text in self.ticks) + 8
        self.box = Box(left, TOP + 22, WIDTH - EDGE - COLUMN - 12, TOP + 22 + HEIGHT)
        self.y = Scale(low, high, self.box.bottom, self.box.top)
        self.x = day_scale(self.course.start, self.course.end, self.box.left, self.box.right)

    def drawing(self) -> Drawing:
        axis, bottom = time_axis(self.course.start, self.course.end, self.x, self.box, self.words)
        body = [*self._grid(), *axis, *self._reference_lines(), *self._moving_lines(), *self._labels()]
        if not self.readings:
            body.extend(self._said())
        text = described(self.score, self.card, self.course, self.words)
        notes = noted(self.score, self.course, self.words)
        if len(self.before) > 1:
            year = base_year(self.kpi, self.card.plan)
            notes.append(self.words.text(N_("The thin grey line is the course of {year}."), year=year))
        return framed(self.score, self.words, body, bottom, text, unit_words(self.kpi, self.words), notes)

    def figure(self, value: float, derived: bool = False) -> str:
        """Return a value as it stands beside a line; one worked out from whole numbers has no more digits than they."""
        unit = self.kpi.unit
        percent = unit.family is UnitFamily.PERCENT and unit.text.in_language(self.words.code) == "%"
        if derived and self.whole and abs(value) >= _ROUNDED:
            value = float(round(value))
        return brief(value, self.words) + ("%" if percent else "")

    def _grid(self) -> Iterator[Element]:
        for value, text in self.ticks:
            y = self.y.at(value)
            yield line("c-grid", self.box.left, y, self.box.right, y)
            yield label(text, self.box.left - 7, y + 4, "c-tick", "end")

    def _reference_lines(self) -> Iterator[Element]:
        """Yield what stands still: the target, the baseline, what may not be fallen behind, the day of the score."""
        left, right = self.box.left, self.box.right
        yield from as_of_line(self.score, self.card, self.x, self.box)
        if self.course.floor is not None and self.target is not None:
            top, bottom = sorted((self.y.at(self.course.floor), self.y.at(self.target)))
            yield Element(
                "rect", {"class": "c-band", "x": left, "y": top, "width": right - left, "height": bottom - top}
            )
        if self.base is not None:
            yield line("c-base", left, self.y.at(self.base), right, self.y.at(self.base))
        if self.target is not None:
            yield line("c-target", left, self.y.at(self.target), right, self.y.at(self.target))

    def _moving_lines(self) -> Iterator[Element]:
        if len(self.before) > 1:
            yield path("c-before", self._places(self.before))
        if self._moves():
            yield path("c-expected", self._expected_places())
        landing = self._landing_places()
        if landing:
            yield path("c-landing", landing)
        places = self._actual_places()
        if len(places) > 1:
            yield path("c-actual", places)
        if 1 < len(self.readings) <= MANY:
            for x, y in self._places(self.readings)[:-1]:
                yield Element("circle", {"class": "c-dot", "cx": x, "cy": y, "r": 2.4})
        if self.readings:
            x, y = places[-1]
            yield Element("circle", {"class": "c-dot c-now", "cx": x, "cy": y, "r": 5})

    def _moves(self) -> bool:
        """Tell whether the expected course is another line than the target."""
        values = [point.value for point in self.course.points]
        endless = None in values and not self.readings  # t / e from infinity on, and nothing seen to show it by
        return (
            self.score.status is not Status.EXEMPT and not endless and any(v not in (self.target, None) for v in values)
        )

    def _expected_places(self) -> list[tuple[float, float]]:
        """Return the expected course as far as the scale holds it (t / e begins at infinity)."""
        slack = (self.y.high - self.y.low) * 1e-9
        return [
            (self.x.at(p.date.toordinal()), self.y.at(p.value)) for p in self.course.points
            if p.value is not None and self.y.low - slack <= p.value <= self.y.high + slack
        ]  # fmt: skip

    def _places(self, readings: tuple[tuple[date, float], ...]) -> list[tuple[float, float]]:
        return [(self.x.within(day.toordinal()), self.y.at(value)) for day, value in readings]

    def _actual_places(self) -> list[tuple[float, float]]:
        """Return the line of the readings: a total begins at 0, and what must not pass a bound goes up in steps."""
        places = self._places(self.readings)
        if self.readings and self._adds_up():
            places.insert(0, (self.box.left, self.y.at(0.0)))
        return stepped(places) if self.kpi.measure is Measure.LIMIT else places

    def _adds_up(self) -> bool:
        summed = self.kpi.aggregate in (None, Aggregate.SUM)
        return summed and self.kpi.measure in (Measure.TOTAL, Measure.LIMIT)

    def _landing_places(self) -> list[tuple[float, float]]:
        """Return the line from the last reading on to the end of the span, no further than the scale goes."""
        landing = self.score.outlook.landing
        if landing is None or not self.readings or self.readings[-1][0] >= self.course.end:
            return []
        (x, y), x2, y2 = self._places(self.readings[-1:])[0], self.box.right, self.y.at(landing)
        stop = self.y.within(landing)
        if stop != y2:
            x2 = x + (x2 - x) * (stop - y) / (y2 - y)
        return [(x, y), (x2, stop)]

    def _ends(self) -> Iterator[End]:
        """Yield what is named at the right: the target, the landing, the baseline."""
        if self.target is not None and self.kpi.target is not None:
            name = target_name(self.kpi.target, self.words)
            yield End(self.y.at(self.target), name, self.figure(self.target), "c-of-target")
        landing, last = self.score.outlook.landing, self.readings[-1][0] if self.readings else None
        if landing is not None and last is not None and last < self.course.end:
            name = self.words.text(N_("at this rate"))
            yield End(self.y.within(landing), name, self.figure(landing, derived=True), "c-of-actual")
        if self.base is not None and self.kpi.baseline is not None:
            year = base_year(self.kpi, self.card.plan)
            yield baseline_end(self.kpi.baseline, year, self.y.at(self.base), self.figure(self.base), self.words)

    def _labels(self) -> Iterator[Element]:
        """Yield the names and values at the right end, then those at the last reading."""
        yield from sidelines(tuple(self._ends()), self.box.right, self.box.top - 14, self.box.bottom + 8)
        faint = [self._across(self.base)] if self.base is not None else []
        taken: list[Box] = []
        free = Box(self.box.left, self.box.top - 4, self.box.right + 11, self.box.bottom)
        named = list(self._named_here())
        for value, name, kind in named:
            text = f"{self.words.text(name)} {self.figure(value, derived=True)}"
            at, size = self._places(((self.readings[-1][0], value),))[0], (width(text, NORMAL) + 4, 17.0)
            below = (value, kind) < max((other, what) for other, _, what in named)
            box = free_place(at, size, below, free, self._obstacles(), faint, taken)
            taken.append(box)
            yield label(text, box.left + 2, box.bottom - 4, f"c-strong c-halo {kind}")

    def _named_here(self) -> Iterator[tuple[float, str, str]]:
        """Yield value, name and kind of what is named at the last reading."""
        if not self.readings:
            return
        yield self.readings[-1][1], N_("actual"), "c-of-actual"
        expected = expected_value(self.score, self.course)
        if expected is not None and self._moves() and self.y.low <= expected <= self.y.high:
            yield expected, N_("expected"), "c-of-expected"

    def _obstacles(self) -> list[Segment]:
        """Return the lines that a label should not lie on."""
        moving = (self._actual_places(), self._landing_places(), self._expected_places() if self._moves() else [])
        found = [self._across(self.target)] if self.target is not None else []
        return [*found, *(segment for places in moving for segment in segments(places))]

    def _across(self, value: float) -> Segment:
        return Segment(self.box.left, self.y.at(value), self.box.right, self.y.at(value))

    def _said(self) -> tuple[Element, ...]:
        """Return why there is no value, in words, where most of the picture is free."""
        text = self.words.text(N_("No value: {reason}"), reason=self.score.reasons.get("value", NONE))
        room = min(self.box.right - self.box.left - 24, 280.0)
        half = min(room, width(text, NORMAL)) / 2 + 4
        middles = [
            (self.box.left + 12 + half, 0.2),
            *(((self.box.left + self.box.right) / 2, y) for y in (0.5, 0.25, 0.75)),
        ]
        boxes = []
        for x, share in middles:
            y = self.box.top + HEIGHT * share
            boxes.append(Box(x - half, y - 20, x + half, y + 20))
        still = [self._across(self.base)] if self.base is not None else []
        box = clearest(boxes, [*self._obstacles(), *still])
        return said_in_the_middle(text, (box.left + box.right) / 2, (box.top + box.bottom) / 2 + 4, room)


def _numbers(readings: tuple[Reading, ...]) -> tuple[tuple[date, float], ...]:
    return tuple((day, float(value)) for day, value in readings)
