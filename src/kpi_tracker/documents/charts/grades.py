"""The pace chart of a KPI with grades: steps over the scale, the best grade on top."""

from kpi_tracker.course import actuals, course
from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.documents.charts.axes import Scale, day_scale
from kpi_tracker.documents.charts.described import described
from kpi_tracker.documents.charts.drawing import Drawing, Element
from kpi_tracker.documents.charts.frame import EDGE, TOP, WIDTH, framed, said_in_the_middle
from kpi_tracker.documents.charts.labels import Box
from kpi_tracker.documents.charts.plot import as_of_line, line, noted, path, stepped, time_axis, unit_words
from kpi_tracker.documents.charts.sides import COLUMN, End, baseline_end, sidelines, target_name
from kpi_tracker.documents.charts.texts import NORMAL, SMALL, fitted, label, width
from kpi_tracker.language import N_, Language
from kpi_tracker.model.scorecard import KpiScore, Scorecard
from kpi_tracker.schedule import base_year

__all__ = ["grade_chart"]

STEP, SHOWN, _NAMED = 34.0, 90.0, 160.0
"""The height of a grade, and the most that its name may take of the width."""


def grade_chart(score: KpiScore, card: Scorecard, words: Language) -> Drawing | None:
    """Return the steps that a KPI took over its scale; every grade of the scale has its line."""
    kpi, plan = score.kpi, course(score, card)
    names = [fitted(plain(grade), SHOWN, SMALL) for grade in kpi.scale]
    left = EDGE + max(width(name, SMALL) for name in names) + 8
    box = Box(left, TOP + 22, WIDTH - EDGE - COLUMN - 12, TOP + 22 + STEP * len(names))
    x, y = day_scale(plan.start, plan.end, box.left, box.right), Scale(0.5, len(names) + 0.5, box.top, box.bottom)
    axis, bottom = time_axis(plan.start, plan.end, x, box, words)
    body: list[Element] = []
    for i, name in enumerate(names, 1):
        body.append(line("c-grid", box.left, y.at(i), box.right, y.at(i)))
        body.append(label(name, box.left - 7, y.at(i) + 4, "c-tick", "end"))
    body += [*axis, *as_of_line(score, card, x, box)]
    body += _marks(score, card, words, y, box)
    body += _steps(score, card, x, y, words) or said_in_the_middle(
        words.text(N_("No value: {reason}"), reason=score.reasons.get("value", "")),
        (box.left + box.right) / 2, (box.top + box.bottom) / 2, box.right - box.left - 24,
    )  # fmt: skip
    notes = noted(score, plan, words)
    return framed(score, words, body, bottom, described(score, card, plan, words), unit_words(kpi, words), notes)


def _marks(score: KpiScore, card: Scorecard, words: Language, y: Scale, box: Box) -> list[Element]:
    """Return the lines of baseline and target, with their names at the right."""
    kpi, ends, lines = score.kpi, [], []
    if kpi.target is not None:
        at = y.at(1 + kpi.scale.index(str(kpi.target.value)))
        ends.append(End(at, target_name(kpi.target, words), plain(str(kpi.target.value)), "c-of-target"))
        lines.append(line("c-target", box.left, at, box.right, at))
    if kpi.baseline is not None:
        at, year = y.at(1 + kpi.scale.index(str(kpi.baseline.value))), base_year(kpi, card.plan)
        ends.append(baseline_end(kpi.baseline, year, at, plain(str(kpi.baseline.value)), words))
        lines.insert(0, line("c-base", box.left, at, box.right, at))
    return [*lines, *sidelines(ends, box.right, box.top - 14, box.bottom + 8)]


def _steps(score: KpiScore, card: Scorecard, x: Scale, y: Scale, words: Language) -> list[Element]:
    """Return the grades held from day to day; each holds until the next one is given."""
    places = [
        (x.within(day.toordinal()), y.at(1 + score.kpi.scale.index(str(grade)))) for day, grade in actuals(score, card)
    ]
    if not places:
        return []
    elements = [path("c-actual", stepped(places))] if len(places) > 1 else []
    elements += [Element("circle", {"class": "c-dot", "cx": at, "cy": now, "r": 2.4}) for at, now in places[:-1]]
    at, now = places[-1]
    elements.append(Element("circle", {"class": "c-dot c-now", "cx": at, "cy": now, "r": 5}))
    text = fitted(f"{words.text(N_('actual'))} {plain(str(score.value))}", _NAMED, NORMAL)
    half = width(text, NORMAL) / 2
    elements.append(label(text, max(at, x.start + half), now - 11, "c-strong c-halo c-of-actual", "middle"))
    return elements
