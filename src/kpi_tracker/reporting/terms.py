"""The terms that a score rests on, in the user's words: what was changed of them, as it was and as it is."""

from collections.abc import Iterable, Mapping
from typing import Any

from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.language import N_, Language, Phrase
from kpi_tracker.model.goal import Goal
from kpi_tracker.model.kpi import Formula, Kpi, Point, ProfileKind, Support
from kpi_tracker.model.measure import Aggregate, Cadence
from kpi_tracker.model.scorecard import GoalScore, KpiScore
from kpi_tracker.model.thresholds import Band, Thresholds
from kpi_tracker.model.unit import Unit
from kpi_tracker.reporting.figures import FIGURE_WORDS, band_range
from kpi_tracker.reporting.words import DIRECTION_WORDS, MEASURE_WORDS, NONE, STATUS_WORDS, number

__all__ = ["AGGREGATE_WORDS", "CADENCE_WORDS", "PROFILE_WORDS", "changed_terms"]

CADENCE_WORDS = {
    Cadence.DAILY: N_("every day"),
    Cadence.WEEKLY: N_("every week"),
    Cadence.MONTHLY: N_("every month"),
    Cadence.QUARTERLY: N_("every quarter"),
    Cadence.HALF_YEARLY: N_("every half-year"),
    Cadence.YEARLY: N_("every year"),
    Cadence.IRREGULAR: N_("at no fixed dates"),
}
AGGREGATE_WORDS = {
    Aggregate.SUM: N_("the sum of the figures"),
    Aggregate.NEWEST: N_("the newest figure"),
    Aggregate.MEAN: N_("the mean of the figures"),
    Aggregate.MAX: N_("the highest figure"),
    Aggregate.MIN: N_("the lowest figure"),
}
PROFILE_WORDS = {
    ProfileKind.ELAPSED: N_("in step with time"),
    ProfileKind.AT_END: N_("all at the end"),
    ProfileKind.BASELINE_YEAR: N_("as in the base year"),
    ProfileKind.POINTS: N_("by set dates"),
}
TERM_WORDS = {
    "measure": N_("What it measures"), "unit": N_("Its unit"), "direction": N_("Better is"), "aggregate": N_("The value is"),
    "profile": N_("Expected course"), "points": N_("By set dates"), "start": N_("Starts"), "due": N_("Due"),
    "cadence": N_("Reported"), "grace": N_("Days until a figure is overdue"), "scale": N_("Grades, best first"),
    "veto": N_("Veto"), "binding": N_("Binding"), "formula": N_("Formula"), "supports": N_("Supports"),
}  # fmt: skip
AS_THE_PLAN = N_("as the plan has it")
_OF_THE_PLAN = frozenset({"start", "due", "cadence", "grace"})


def changed_terms(then: KpiScore | GoalScore, now: KpiScore | GoalScore, words: Language) -> tuple[str, str]:
    """Return the terms that differ between two scores of one item, as they were and as they are.

    Each by its name, several apart by semicolons: ("Binding: no; Due: 2021-12-31", "Binding: yes; Due: 2021-11-30").
    """
    old, new = _terms(then, words), _terms(now, words)
    differing = [name for name in old if old[name] != new.get(name)]
    colon, apart = ("：", "；") if words.code == "zh" else (": ", "; ")
    before, after = (apart.join(f"{name}{colon}{told[name] or NONE}" for name in differing) for told in (old, new))
    return before, after


def _terms(score: KpiScore | GoalScore, words: Language) -> dict[str, str]:
    item: Kpi | Goal | None = score.kpi if isinstance(score, KpiScore) else score.goal
    found = {}
    for name, message in TERM_WORDS.items():
        if item is not None and hasattr(item, name):
            found[words.text(message)] = _told(name, getattr(item, name), words)
    return {**found, words.text(N_("Thresholds")): _thresholds(score.thresholds, words)}


def _told(name: str, value: object, words: Language) -> str:
    if value is None:
        return words.text(AS_THE_PLAN) if name in _OF_THE_PLAN else NONE
    if isinstance(value, bool):
        return words.text(N_("yes") if value else N_("no"))
    if name in _CLOSED:
        return words.text(_CLOSED[name][value])
    if isinstance(value, tuple):
        return _listed((_part(part) for part in value), words)
    if isinstance(value, Unit):
        return plain(value.text.in_language(words.code))
    return plain(value.text if isinstance(value, Formula) else str(value))


_CLOSED: Mapping[str, Mapping[Any, str]] = {
    "measure": MEASURE_WORDS, "direction": DIRECTION_WORDS, "aggregate": AGGREGATE_WORDS, "profile": PROFILE_WORDS,
    "cadence": CADENCE_WORDS,
}  # fmt: skip


def _part(part: object) -> str:
    if isinstance(part, Point):
        return f"{part.date.isoformat()} {number(part.share * 100)}%"
    if isinstance(part, Support):
        return plain(part.to) if part.weight is None else f"{plain(part.to)} ×{number(part.weight)}"
    return plain(str(part))


def _thresholds(thresholds: Thresholds, words: Language) -> str:
    """Return the bands over the figure that they are of."""
    parts = [
        f"{words.text(STATUS_WORDS[band.status])}{'!' * (band.severity - 1)} {band_range(band)}"
        for band in _bands(thresholds)
    ]
    if thresholds.lag_floor is not None:
        told = N_("a lag of up to {n} points is on track whatever the pace")
        parts.append(words.text(told, n=number(thresholds.lag_floor)))
    figure = words.phrase(Phrase(FIGURE_WORDS[thresholds.by]))
    return f"{plain(thresholds.name)}, {figure} ({_listed(parts, words)})"


def _bands(thresholds: Thresholds) -> tuple[Band, ...]:
    return (*thresholds.bands, *thresholds.without_target)


def _listed(parts: Iterable[str], words: Language) -> str:
    return ("、" if words.code == "zh" else ", ").join(parts)
