"""The bullet chart of a KPI or a goal: what was reached against what was expected and the target, in one bar."""

from collections.abc import Iterator
from itertools import pairwise

from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.documents.charts.axes import Scale, brief
from kpi_tracker.documents.charts.described import goal_in_brief, in_brief, joined, kpi_title, status_words
from kpi_tracker.documents.charts.drawing import Drawing, Element
from kpi_tracker.documents.charts.plot import line
from kpi_tracker.documents.charts.texts import NORMAL, SMALL, fitted, label
from kpi_tracker.language import N_, Language
from kpi_tracker.model.measure import Measure, Status
from kpi_tracker.model.scorecard import GoalScore, KpiScore
from kpi_tracker.model.target import TargetForm
from kpi_tracker.reporting.words import fraction

__all__ = ["bullet_chart", "goal_bullet"]

WIDTH, HEIGHT, BAR = 232.0, 30.0, 156.0
_TOP, _DEPTH = 4.0, 22.0
FULL = 1.25
"""How far the scale goes, in attainments; a little less than nothing is shown too where a KPI fell behind its baseline."""


def bullet_chart(score: KpiScore, words: Language) -> Drawing | None:
    """Return the bullet chart of `score`, always with more to the right being better; None for an exempt KPI.

    The bar is the attainment, the thin line what was expected, the thick one the target, the ground the bands of the
    thresholds, the worst the darkest. A limit is drawn by its value against its bound. What has no value has no bar.
    """
    if score.status is Status.EXEMPT:
        return None
    title = kpi_title(score.kpi, words)
    limited = score.kpi.measure is Measure.LIMIT and bool(score.inputs)
    body = _limit(score) if limited else _attainment(score, words)
    figure = brief(float(score.inputs["x"]), words) if limited else _share(score.attainment, words)
    drawn = (*body, *_told(figure, score.series.illustrative, words))
    return Drawing(WIDTH, HEIGHT, title, joined(in_brief(score, words), words), drawn, words.code)


def goal_bullet(score: GoalScore, title: str, words: Language, illustrative: bool = False) -> Drawing | None:
    """Return the bullet chart of a goal, or of the plan, called `title`; None where it is out of the count."""
    if score.status is Status.EXEMPT:
        return None
    drawn = (*_attainment(score, words), *_told(_share(score.attainment, words), illustrative, words))
    return Drawing(
        WIDTH, HEIGHT, plain(title), joined(goal_in_brief(score, words, illustrative), words), drawn, words.code
    )


def _attainment(score: KpiScore | GoalScore, words: Language) -> Iterator[Element]:
    a, e = score.attainment, score.expected
    low = -0.25 if a is not None and a < 0 else 0.0
    scale = Scale(low, FULL, 1.0, BAR)
    if a is None:
        yield Element("rect", {"class": "c-bare", **_across(1.0, BAR)})
        yield label(fitted(_why(score, words), BAR - 14, SMALL), 8, _TOP + 15, "c-small")
        return
    yield from _bands(score, scale)
    zero, at = scale.at(0.0), scale.within(a)
    yield _bar(score, min(zero, at), max(zero, at))
    if low < 0:
        yield line("c-axis", zero, _TOP, zero, _TOP + _DEPTH)
    yield from _beyond(scale, a)
    if e is not None:
        yield line("c-due", scale.within(e), _TOP + 1, scale.within(e), _TOP + _DEPTH - 1)
    yield line("c-goal", scale.at(1.0), _TOP - 2, scale.at(1.0), _TOP + _DEPTH + 2)


def _bands(score: KpiScore | GoalScore, scale: Scale) -> Iterator[Element]:
    """Yield the ground: up to at risk, up to on track, and beyond, as the thresholds draw the line for today."""
    bounds = [scale.within(bound) for bound in _bounds(score)]
    edges = [scale.start, *bounds, scale.end]
    kinds = ("c-low", "c-middle", "c-high") if bounds else ("c-high",)
    for kind, (left, right) in zip(kinds, pairwise(edges), strict=True):
        if right > left:
            yield Element("rect", {"class": kind, **_across(left, right)})


def _bounds(score: KpiScore | GoalScore) -> tuple[float, ...]:
    """Return the attainments at which today lagging ends and on track begins."""
    by, e = score.thresholds.by, score.expected
    if e is None or by == "growth":
        return ()
    found = {band.status: band for band in score.thresholds.bands}
    risk = found.get(Status.AT_RISK)
    if risk is None:
        return ()
    if by == "lag":
        return tuple(e - (bound or 0.0) / 100 for bound in (risk.upper, risk.lower))
    floor_of = e - score.thresholds.lag_floor / 100 if score.thresholds.lag_floor is not None else e
    return tuple(min(e * (bound or 0.0), floor_of) for bound in (risk.lower, risk.upper))


def _limit(score: KpiScore) -> Iterator[Element]:
    """Yield the value of a limit against its bound; on the wrong side of it the ground is dark."""
    value, bound = float(score.inputs["x"]), float(score.inputs["N"])
    at_most = score.kpi.target is not None and score.kpi.target.form is TargetForm.AT_MOST
    high = max(value, bound, 0.0)
    low = min(value, bound, 0.0)
    room = (high - low) * 0.25 or 1.0
    scale = Scale(
        low - (room if bound == low else 0.0), high + room, 1.0, BAR
    )  # both sides of the bound are to be seen
    good, bad = ("c-high", "c-middle") if at_most else ("c-middle", "c-high")
    at = scale.at(bound)
    yield Element("rect", {"class": good, **_across(scale.start, at)})
    yield Element("rect", {"class": bad, **_across(at, scale.end)})
    yield _bar(score, scale.at(min(0.0, value)), scale.at(max(0.0, value)))
    yield line("c-goal", at, _TOP - 2, at, _TOP + _DEPTH + 2)


def _bar(score: KpiScore | GoalScore, left: float, right: float) -> Element:
    """Return the bar, in the colour of the status; a hair's breadth of it where the value is 0."""
    right = max(right, left + 1.5)
    kind = f"c-bar c-{score.status.value}"
    return Element("rect", {"class": kind, "x": left, "y": _TOP + 6.5, "width": right - left, "height": _DEPTH - 13})


def _beyond(scale: Scale, value: float) -> Iterator[Element]:
    """Yield an arrowhead where the bar goes on beyond the scale."""
    middle = _TOP + _DEPTH / 2
    if value > scale.high:
        yield _arrow(scale.end, middle, 6)
    elif value < scale.low:
        yield _arrow(scale.start, middle, -6)


def _arrow(x: float, y: float, size: float) -> Element:
    return Element(
        "path", {"class": "c-tip", "d": f"M{x - size:.2f} {y - 6:.2f}L{x:.2f} {y:.2f}L{x - size:.2f} {y + 6:.2f}z"}
    )


def _across(left: float, right: float) -> dict[str, str | float]:
    return {"x": left, "y": _TOP, "width": right - left, "height": _DEPTH}


def _told(figure: str, illustrative: bool, words: Language) -> Iterator[Element]:
    """Yield the figure at the right of the bar, and the mark of data that are not real."""
    if figure:
        yield label(fitted(figure, WIDTH - BAR - 8, NORMAL), BAR + 8, 14 if illustrative else 19.5, "c-strong")
    if illustrative:
        yield label(words.text(N_("illustrative")), BAR + 8, 27 if figure else 19.5, "c-faint")


def _share(attainment: float | None, words: Language) -> str:
    if attainment is None:
        return ""
    return fraction(attainment) if abs(attainment) < _MANIFOLD else f"×{brief(attainment, words)}"


_MANIFOLD = 10
"""From here on an attainment is told as a multiple: 4,732.5% is not read any more."""


def _why(score: KpiScore | GoalScore, words: Language) -> str:
    """Return in words why there is no bar: nothing seen, or nothing but met or not met; the description has the reason."""
    if isinstance(score, KpiScore) and score.value is not None and score.met is not None:
        return words.text(N_("met") if score.met else N_("not met"))
    return status_words(score.status, words)
