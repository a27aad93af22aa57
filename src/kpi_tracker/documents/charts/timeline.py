"""The pace chart of a milestone KPI: its steps, when each is due, and which are done."""

from kpi_tracker.course import course, steps_done
from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.documents.charts.axes import day_scale
from kpi_tracker.documents.charts.described import described, joined, status_words
from kpi_tracker.documents.charts.drawing import Drawing, Element
from kpi_tracker.documents.charts.frame import EDGE, TOP, WIDTH, framed
from kpi_tracker.documents.charts.labels import Box
from kpi_tracker.documents.charts.marks import status_shape
from kpi_tracker.documents.charts.plot import as_of_line, line, noted, time_axis
from kpi_tracker.documents.charts.texts import NORMAL, SMALL, fitted, label, width
from kpi_tracker.language import N_, Language
from kpi_tracker.model.kpi import Step
from kpi_tracker.model.measure import Status
from kpi_tracker.model.scorecard import KpiScore, Scorecard
from kpi_tracker.reporting.words import fraction

__all__ = ["timeline"]

ROW, MOST, NAMES = 38.0, 20, 176.0
"""The height of a step, how many are drawn, and the width of their names."""


def timeline(score: KpiScore, card: Scorecard, words: Language) -> Drawing | None:
    """Return the steps of a KPI over time; a shape at its due date says whether a step is done, late or still to come."""
    kpi, plan = score.kpi, course(score, card)
    steps = sorted(kpi.steps, key=lambda step: step.due)
    states = [_state(step, score, card, words) for step in steps]
    shown = steps[:MOST]
    start, end = min([plan.start, *(step.due for step in steps)]), max([plan.end, *(step.due for step in steps)])
    column = max(width(text, SMALL) for _, text in states) + 4
    box = Box(EDGE + NAMES + 14, TOP + 22, WIDTH - EDGE - column - 12, TOP + 22 + ROW * len(shown))
    x = day_scale(start, end, box.left, box.right)
    axis, bottom = time_axis(start, end, x, box, words)
    body = [*as_of_line(score, card, x, box), *axis]
    for i, (step, (status, text)) in enumerate(zip(shown, states, strict=False)):
        body += _row(step, status, text, box, x.at(step.due.toordinal()), box.top + ROW * (i + 0.5), words)
    notes = noted(score, plan, words)
    if len(steps) > MOST:
        notes.insert(0, words.count(N_("{n} more step"), N_("{n} more steps"), len(steps) - MOST))
    told = [f"{plain(step.title.in_language(words.code))}: {step.due.isoformat()}, {text}."
            for step, (_, text) in zip(steps, states, strict=True)]  # fmt: skip
    text = joined((described(score, card, plan, words), *told), words)
    return framed(score, words, body, bottom, text, _about(score, words), notes)


def _about(score: KpiScore, words: Language) -> str:
    if score.attainment is None or score.expected is None:
        return words.text(N_("steps by weight"))
    return words.text(
        N_("done {share} by weight, due {expected}"),
        share=fraction(score.attainment),
        expected=fraction(score.expected),
    )


def _state(step: Step, score: KpiScore, card: Scorecard, words: Language) -> tuple[Status, str]:
    """Return what a step is drawn as, and in words."""
    if score.status is Status.EXEMPT:
        return Status.EXEMPT, status_words(Status.EXEMPT, words)
    done, left = steps_done(score, card), (step.due - card.as_of).days
    if done is None:
        return Status.NO_DATA, words.text(N_("not known"))
    if step.id in done:
        return Status.ACHIEVED, words.text(N_("done"))
    if left < 0:
        return Status.LAGGING, words.count(N_("{n} day late"), N_("{n} days late"), -left)
    return Status.PENDING, words.count(N_("in {n} day"), N_("in {n} days"), left) if left else words.text(
        N_("due today")
    )


def _row(step: Step, status: Status, text: str, box: Box, at: float, y: float, words: Language) -> list[Element]:
    """Return one step: its name and due date at the left, a shape at the due date, the words for it at the right."""
    title = plain(step.title.in_language(words.code))
    return [
        label(fitted(title, NAMES, NORMAL), EDGE, y - 2, "c-text"),
        label(words.text(N_("due {day}"), day=step.due.isoformat()), EDGE, y + 13, "c-small"),
        line("c-grid", box.left, y, box.right, y),
        Element("circle", {"class": "c-paper", "cx": at, "cy": y, "r": 10}),
        status_shape(status, at - 7.5, y - 7.5, 15),
        label(text, box.right + 12, y + 4, f"c-small c-{status.value}"),
    ]
