"""How many KPIs have which status, as one bar with its numbers, and the words for them below."""

from collections.abc import Mapping, Sequence

from kpi_tracker.documents.charts.described import joined, status_words
from kpi_tracker.documents.charts.drawing import Drawing, Element
from kpi_tracker.documents.charts.marks import status_shape
from kpi_tracker.documents.charts.texts import NORMAL, SMALL, label, width
from kpi_tracker.language import N_, Language
from kpi_tracker.model.measure import WORST_FIRST, Status

__all__ = ["counts_bar"]

WIDTH, EDGE, DEPTH, GAP = 720.0, 2.0, 26.0, 2.0
LEAST = 18.0
"""The width of the smallest part: its shape must have room, since colour alone does not tell parts apart."""
_ROW, _BETWEEN = 24.0, 22.0


def counts_bar(counts: Mapping[Status, int], words: Language, illustrative: bool = False) -> Drawing:
    """Return the bar of `counts`, the worst status first; every part has its number and, below, its shape and word."""
    held = [(status, counts[status]) for status in WORST_FIRST if counts.get(status, 0) > 0]
    whole = sum(number for _, number in held)
    title = words.count(N_("{n} KPI by status"), N_("{n} KPIs by status"), whole)
    told = [words.text(N_("{status}: {n}."), status=status_words(status, words), n=number) for status, number in held]
    if illustrative:
        told.append(words.text(N_("The data are illustrative.")))
    names, bottom = _names(held, words, illustrative)
    return Drawing(WIDTH, bottom, title, joined(told or [title + "."], words), (*_bar(held, whole), *names), words.code)


def _bar(held: Sequence[tuple[Status, int]], whole: int) -> list[Element]:
    if not held:
        return [Element("rect", {"class": "c-bare", "x": EDGE, "y": 2, "width": WIDTH - 2 * EDGE, "height": DEPTH})]
    room = WIDTH - 2 * EDGE - GAP * (len(held) - 1) - LEAST * len(held)
    elements, left = [], EDGE
    for status, number in held:
        wide = LEAST + room * number / whole
        elements.append(
            Element("rect", {"class": f"c-part c-{status.value}", "x": left, "y": 2, "width": wide, "height": DEPTH})
        )
        text = str(number)
        needed = width(text, NORMAL)
        middle = left + wide / 2
        both = wide >= needed + 32
        shape = status_shape(status, middle - (needed / 2 + 10 if both else 6), 9, 12)
        elements.append(Element("g", {"class": "c-onto"}, children=(shape,)))
        if both:
            elements.append(label(text, middle + 8, 2 + DEPTH / 2 + 4.5, "c-strong c-on", "middle"))
        left += wide + GAP
    return elements


def _names(held: Sequence[tuple[Status, int]], words: Language, illustrative: bool) -> tuple[list[Element], float]:
    """Return shape, word and number of every status in rows below the bar, and where they end."""
    elements: list[Element] = []
    x, y = EDGE, DEPTH + 16
    for status, number in held:
        word = status_words(status, words)
        named = width(word, NORMAL)
        wide = 20 + named + 6 + width(str(number), NORMAL) + 2
        if x > EDGE and x + wide > WIDTH - EDGE:
            x, y = EDGE, y + _ROW
        elements.append(status_shape(status, x, y, 14))
        elements.append(label(word, x + 20, y + 12, "c-text"))
        elements.append(label(str(number), x + 20 + named + 6, y + 12, "c-strong"))
        x += wide + _BETWEEN
    if illustrative:
        mark = words.text(N_("illustrative data"))
        wide = width(mark, SMALL)
        if x + wide > WIDTH - EDGE:
            y += _ROW
        elements.append(label(mark, WIDTH - EDGE, y + 12, "c-small", "end"))
    return elements, y + 22
