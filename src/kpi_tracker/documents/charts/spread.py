"""How attainment of one KPI is spread over many groups: how many stand where, with the quartiles below."""

from collections.abc import Sequence
from itertools import pairwise
from math import ceil

from kpi_tracker.documents.charts.axes import Scale
from kpi_tracker.documents.charts.described import joined
from kpi_tracker.documents.charts.drawing import Drawing, Element
from kpi_tracker.documents.charts.plot import line
from kpi_tracker.documents.charts.texts import SMALL, fitted, label, width
from kpi_tracker.language import N_, Language
from kpi_tracker.league.spread import Spread
from kpi_tracker.reporting.words import fraction

__all__ = ["spread_chart"]

WIDTH, EDGE, LEFT = 520.0, 6.0, 40.0
_TOP, _FOOT = 44.0, 190.0
_STEP = 0.05
LOWEST, HIGHEST = -0.25, 1.5
"""What lies beyond stands in the first and the last bar, which say so."""
_HALF, _BOX = 0.5, 12.0


def spread_chart(
    title: str, spread: Spread, values: Sequence[float], expected: float | None, words: Language, illustrative: bool = False
) -> Drawing | None:  # fmt: skip
    """Return how many groups have which attainment, with median and quartiles; None where no group has any.

    `values` are the attainments of the groups, `expected` what most of them should have reached.
    """
    if not values or spread.median is None:
        return None
    low = LOWEST if min(values) < 0 else 0.0
    bins = _bins(values, low)
    scale = Scale(low, HIGHEST, LEFT, WIDTH - EDGE)
    most = max(bins)
    high = Scale(0.0, float(most), _FOOT, _TOP)
    head = label(fitted(words.text(N_("Groups by attainment")), WIDTH - 2 * EDGE, SMALL), EDGE, 16, "c-small")
    elements = [head, *_bars(bins, scale, high), *_axis(scale, most, words), *_box(spread, scale, words)]
    if expected is not None:
        x = scale.within(expected)
        elements.append(line("c-expected", x, _TOP - 8, x, _FOOT))
        text = words.text(N_("expected {share}"), share=fraction(expected))
        half = width(text, SMALL) / 2
        elements.append(
            label(text, min(max(x, LEFT + half), WIDTH - EDGE - half), _TOP - 13, "c-small c-of-expected", "middle")
        )
    if illustrative:
        elements.append(label(words.text(N_("illustrative data")), WIDTH - EDGE, 16, "c-small", "end"))
    told = _told(spread, words, illustrative)
    return Drawing(WIDTH, _FOOT + 66, title, joined(told, words), tuple(elements), words.code)


def _bins(values: Sequence[float], low: float) -> list[int]:
    bins = [0] * ceil((HIGHEST - low) / _STEP - 1e-9)
    for value in values:
        at = int((min(max(value, low), HIGHEST) - low) / _STEP + 1e-9)
        bins[min(at, len(bins) - 1)] += 1
    return bins


def _bars(bins: Sequence[int], scale: Scale, high: Scale) -> list[Element]:
    edges = [scale.start + (scale.end - scale.start) * i / len(bins) for i in range(len(bins) + 1)]
    return [
        Element("rect", {"class": "c-dot", "x": left + _HALF, "y": high.at(n), "width": right - left - 2 * _HALF,
                         "height": _FOOT - high.at(n)})
        for n, (left, right) in zip(bins, pairwise(edges), strict=True) if n
    ]  # fmt: skip


def _axis(scale: Scale, most: int, words: Language) -> list[Element]:
    elements = [line("c-axis", LEFT, _FOOT, WIDTH - EDGE, _FOOT), line("c-grid", LEFT, _TOP, WIDTH - EDGE, _TOP)]
    elements.append(label(str(most), LEFT - 6, _TOP + 4, "c-tick", "end"))
    elements.append(label("0", LEFT - 6, _FOOT + 4, "c-tick", "end"))
    elements += [
        label(fraction(share), scale.at(share), _FOOT + 17, "c-tick", "middle")
        for share in (0.0, 0.25, 0.5, 0.75, 1.0, 1.25)
    ]
    text = words.text(N_("{share} and more"), share=fraction(HIGHEST - _STEP))
    elements.append(label(text, WIDTH - EDGE, _FOOT + 33, "c-tick", "end"))
    x = scale.at(1.0)
    return [*elements, line("c-day", x, _TOP, x, _FOOT)]


def _box(spread: Spread, scale: Scale, words: Language) -> list[Element]:
    """Return the middle half of the groups as a band, and their median as a mark in it."""
    assert spread.lower is not None and spread.median is not None and spread.upper is not None  # noqa: S101, PT018 - asked before
    lower, median, upper = (scale.within(value) for value in (spread.lower, spread.median, spread.upper))
    top = _FOOT + 42
    text = words.text(N_("median {share}"), share=fraction(spread.median))
    right = median + 8 + width(text, SMALL) < WIDTH - EDGE - width(text, SMALL) / 2 or median < WIDTH / 2
    beside = (max(upper, median) + 8, "start") if right else (min(lower, median) - 8, "end")
    return [
        Element("rect", {"class": "c-middle", "x": lower, "y": top, "width": max(upper - lower, 1.5), "height": _BOX}),
        line("c-goal", median, top - 3, median, top + _BOX + 3),
        label(text, beside[0], top + _BOX - 1.5, "c-small", beside[1]),
    ]


def _told(spread: Spread, words: Language, illustrative: bool) -> list[str]:
    told = [
        words.text(
            N_("Attainment of {n} groups: least {least}, lower quarter up to {lower}, median {median}, upper quarter from "
               "{upper}, greatest {greatest}."),
            n=spread.scored, least=fraction(spread.least), lower=fraction(spread.lower), median=fraction(spread.median),
            upper=fraction(spread.upper), greatest=fraction(spread.greatest),
        ),
        words.text(N_("It lags in {n} of {groups} groups."), n=spread.lagging, groups=spread.groups),
    ]  # fmt: skip
    if spread.without_data:
        told.append(words.count(
            N_("{n} of them has no current figure."), N_("{n} of them have no current figure."), spread.without_data
        ))  # fmt: skip
    if illustrative:
        told.append(words.text(N_("The data are illustrative.")))
    return told
