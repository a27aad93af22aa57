"""What stands around every chart of a KPI: its title, its status as a shape and a word, marks, and notes at the foot."""

from collections.abc import Sequence

from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.documents.charts.described import kpi_title, status_words
from kpi_tracker.documents.charts.drawing import Drawing, Element
from kpi_tracker.documents.charts.marks import status_shape
from kpi_tracker.documents.charts.texts import LARGE, NORMAL, SMALL, fitted, label, width, wrapped
from kpi_tracker.language import N_, Language
from kpi_tracker.model.measure import Status
from kpi_tracker.model.scorecard import KpiScore

__all__ = ["EDGE", "TOP", "WIDTH", "framed", "said_in_the_middle", "signed"]

WIDTH, EDGE, TOP = 520.0, 6.0, 52.0
"""The width of every chart of a KPI, the margin at its sides, and where what it shows begins."""
_SHAPE, _NOTE = 14.0, 17.0


def framed(
    score: KpiScore, words: Language, body: Sequence[Element], bottom: float, description: str, about: str = "",
    notes: Sequence[str] = (),
) -> Drawing:  # fmt: skip
    """Return the chart of `score` with `body` in it, which ends at `bottom`.

    `about` says what is drawn (a unit), `notes` what is missing in it or has to be known.
    """
    title = kpi_title(score.kpi, words)
    head = [label(fitted(title, WIDTH - 2 * EDGE, LARGE), EDGE, 18, "c-title")]
    head.extend(_status_line(score, words, about))
    foot = []
    for line in (line for note in notes for line in wrapped(note, WIDTH - 2 * EDGE, SMALL)):
        bottom += _NOTE
        foot.append(label(line, EDGE, bottom, "c-small"))
    return Drawing(WIDTH, bottom + EDGE + 2, title, description, (*head, *body, *foot), words.code)


def _status_line(score: KpiScore, words: Language, about: str) -> list[Element]:
    elements = [*signed(score.status, words, EDGE, 29)]
    left = EDGE + _SHAPE + 6 + width(status_words(score.status, words), NORMAL) + 12
    right = WIDTH - EDGE
    if score.series.illustrative:
        mark = words.text(N_("illustrative data"))
        wide = width(mark, SMALL) + 14
        right -= wide
        elements.append(Element("rect", {"class": "c-mark", "x": right, "y": 26, "width": wide, "height": 20, "rx": 3}))
        elements.append(label(mark, right + 7, 40.5, "c-small c-marked"))
    if about:
        elements.append(label(fitted(plain(about), right - left - 8, NORMAL), left, 41, "c-text c-quiet"))
    return elements


def signed(status: Status, words: Language, x: float, y: float) -> tuple[Element, Element]:
    """Return the shape of `status` with its word beside it, the upper left corner at `x`, `y`."""
    word = label(status_words(status, words), x + _SHAPE + 6, y + 12, f"c-strong c-{status.value}")
    return status_shape(status, x, y, _SHAPE), word


def said_in_the_middle(text: str, x: float, y: float, room: float) -> tuple[Element, ...]:
    """Return a sentence centred at `x`, where a figure would be if there were one."""
    lines = wrapped(text, room, NORMAL)
    top = y - (len(lines) - 1) * 9
    return tuple(label(line, x, top + i * 18, "c-text c-quiet c-halo", "middle") for i, line in enumerate(lines))
