"""The parts of a plot that every chart over time has: lines, the time axis, the day of the score, notes below."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from kpi_tracker.course import Course
from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.documents.charts.axes import Scale, months
from kpi_tracker.documents.charts.drawing import Element
from kpi_tracker.documents.charts.labels import Box
from kpi_tracker.documents.charts.svg import number
from kpi_tracker.documents.charts.texts import SMALL, label, width
from kpi_tracker.language import N_, Language
from kpi_tracker.model import reasons
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Aggregate, Measure, Status
from kpi_tracker.model.scorecard import KpiScore, Scorecard

__all__ = ["as_of_line", "line", "noted", "path", "stepped", "time_axis", "unit_words"]


def line(kind: str, x1: float, y1: float, x2: float, y2: float) -> Element:
    """Return a straight line."""
    return Element("path", {"class": kind, "d": f"M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}"})


def path(kind: str, places: Sequence[tuple[float, float]]) -> Element:
    """Return the line through `places`."""
    return Element("path", {"class": kind, "d": "M" + "L".join(f"{number(x)} {number(y)}" for x, y in places)})


def stepped(places: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the places of a line that stays as it is until the next one comes."""
    walked = list(places[:1])
    for (_, before), (at, now) in pairwise(places):
        walked += [(at, before), (at, now)]
    return walked


def time_axis(start: date, end: date, scale: Scale, box: Box, words: Language) -> tuple[list[Element], float]:
    """Return the axis of months below `box`, and where it ends."""
    axis = months(start, end, scale, words)
    elements = [line("c-axis", box.left, box.bottom, box.right, box.bottom)]
    elements.extend(line("c-axis", x, box.bottom, x, box.bottom + 4) for x in (box.left, *axis.between, box.right))
    elements.extend(label(name.text, name.at, box.bottom + 17, "c-tick", "middle") for name in axis.names)
    elements.extend(label(year.text, year.at, box.bottom + 33, "c-tick", "middle") for year in axis.years)
    return elements, box.bottom + (38 if axis.years else 22)


def as_of_line(score: KpiScore, card: Scorecard, scale: Scale, box: Box) -> Iterator[Element]:
    """Yield the mark of the day of the score, and what has no figure between the last one and that day."""
    day = card.as_of.toordinal()
    if not scale.low <= day <= scale.high:
        return
    x = scale.at(day)
    if score.overdue and score.data_date is not None:
        since = scale.within(score.data_date.toordinal())
        yield Element(
            "rect", {"class": "c-band", "x": since, "y": box.top, "width": x - since, "height": box.bottom - box.top}
        )
    yield line("c-day", x, box.top - 4, x, box.bottom)
    text = card.as_of.isoformat()
    half = width(text, SMALL) / 2
    yield label(text, min(max(x, box.left + half), box.right + 8 - half), box.top - 9, "c-tick", "middle")


def unit_words(kpi: Kpi, words: Language) -> str:
    """Return what the numbers of a picture are: their unit, and how they came together."""
    unit = kpi.unit.text.in_language(words.code)
    form = _FORMS.get(kpi.aggregate) if kpi.aggregate else None
    if kpi.measure is Measure.TOTAL or (kpi.measure is Measure.LIMIT and kpi.aggregate in (None, Aggregate.SUM)):
        form = N_("cumulative")
    parts = [*((words.text(form),) if form else ()), *((plain(unit),) if unit else ())]
    return " · ".join(parts)


_FORMS = {Aggregate.MEAN: N_("mean so far"), Aggregate.MAX: N_("highest so far"), Aggregate.MIN: N_("lowest so far")}


def noted(score: KpiScore, course: Course, words: Language) -> list[str]:
    """Return what is missing in the picture, and why."""
    notes: list[str] = []
    if score.status is Status.EXEMPT:
        return notes
    if score.overdue and score.data_date is not None:
        notes.append(words.text(N_("No figure after {day}; a newer one is overdue."), day=score.data_date.isoformat()))
    if course.reason is not None:
        notes.append(words.text(N_("No expected course: {reason}."), reason=course.reason))
    landing = score.outlook
    silent = (None, reasons.NOT_FOR_MEASURE, reasons.REACHED)
    if score.data_date is not None and landing.landing is None and landing.reason not in silent:
        notes.append(words.text(N_("No landing at the rate so far: {reason}."), reason=landing.reason))
    if score.gaps:
        first = ", ".join(day.isoformat() for day in score.gaps[:3])
        more = "…" if len(score.gaps) > 3 else ""  # noqa: PLR2004
        notes.append(words.count(N_("{n} period without a figure: {days}"), N_("{n} periods without a figure: {days}"),
                                 len(score.gaps), days=first + more))  # fmt: skip
    if score.rows_left_out:
        notes.append(words.count(N_("{n} row left out"), N_("{n} rows left out"), score.rows_left_out))
    return notes
