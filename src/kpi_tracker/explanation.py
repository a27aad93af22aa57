"""How a figure came about: the formula, the numbers put in, the thresholds, the observations, and where each was written."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from attr import field, frozen

from kpi_tracker.diagnostics import Place
from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.kpi import ProfileKind
from kpi_tracker.model.observation import Observation
from kpi_tracker.model.scorecard import Comparison, GoalScore, KpiScore, Scorecard
from kpi_tracker.model.thresholds import Thresholds

__all__ = ["Explanation", "Figure", "SeenObservation", "explain"]


@frozen
class Figure:
    """One figure: its name, its value, the formula in symbols, the same with the numbers put in, or why it is null."""

    name: str
    value: Any
    formula: str = ""
    filled_in: str = ""
    reason: Phrase | None = None


@frozen
class SeenObservation:
    """An observation and its part in the figure: `used`, `superseded`, `later` (not seen yet) or `other year`."""

    observation: Observation
    role: str


@frozen
class Explanation:
    """Everything behind the score of one item."""

    score: KpiScore | GoalScore
    figures: tuple[Figure, ...]
    thresholds: Thresholds
    observations: tuple[SeenObservation, ...] = ()
    written: Mapping[str, Place] = field(factory=dict)


def explain(scorecard: Scorecard, reference: str) -> Explanation:
    """Return what is behind the score of the goal or KPI that `reference` names; "" is the plan.

    Raises:
        KeyError: nothing in the scorecard has that name.
    """
    item = scorecard.find(reference)
    if isinstance(item, GoalScore):
        place = item.goal.where if item.goal else scorecard.plan.where
        return Explanation(item, tuple(_of_goal(item)), item.thresholds, written={"goal": place})
    return Explanation(
        item,
        tuple(_of_kpi(item, scorecard)),
        item.thresholds,
        tuple(_observations(item, scorecard)),
        _places(item),
    )


def _of_goal(score: GoalScore) -> Iterator[Figure]:
    parts = [share for share in score.shares if share.part is not None]
    weights = " + ".join(_n(share.weight) for share in parts)
    for name, symbol, formula in (
        ("attainment", "attainment", "a = Σ w · min(1, max(0, a)) / Σ w"),
        ("expected", "expected", "e = Σ w · e / Σ w"),
    ):
        terms = " + ".join(f"{_n(share.weight)} · {_n(getattr(share, symbol))}" for share in parts)
        filled = f"({terms}) / ({weights})" if parts else ""
        yield _figure(score, name, formula, filled)
    yield from _pace_and_lag(score)
    covered = "Σ w scored / Σ w (scored + unscored)"
    yield _figure(score, "coverage", covered, "")


def _of_kpi(score: KpiScore, scorecard: Scorecard) -> Iterator[Figure]:
    kpi = score.kpi
    yield _figure(score, "value", _AGGREGATE.get(kpi.aggregate or "", ""), "")
    yield _figure(score, "data_date", "", "")
    yield _figure(score, "attainment", score.formula, _put_in(score.formula, score.inputs))
    start = kpi.start or scorecard.plan.period.start
    end = kpi.due or scorecard.plan.period.end
    if score.expected is not None:
        if "Σ w due" in score.inputs:
            yield _figure(score, "expected", "e = Σ w due / Σ w", _put_in("Σ w due / Σ w", score.inputs))
        elif score.expected == 1 and kpi.measure in ("rate", "limit"):
            yield _figure(score, "expected", "e = 1", "")
        else:
            course = f"{kpi.profile.value}({start} … {end}; {scorecard.plan.calendar.value})"
            yield _figure(score, "expected", _COURSE[kpi.profile], f"{course} → {score.data_date}")
    else:
        yield _figure(score, "expected", "", "")
    yield from _pace_and_lag(score)
    reached = ""
    if score.days_behind is not None and score.data_date is not None:
        day = score.data_date - timedelta(days=score.days_behind)
        reached = f"{score.data_date} − {day}"
    yield _figure(score, "days_behind", "d − day(e0 = a)", reached)
    if score.gap is not None:
        yield _figure(score, "gap", "x − t", _put_in("x − t", score.inputs))
    for comparison in score.comparisons:
        yield from _compared(score, comparison)
    yield from _outlook(score)
    if score.growth is not None:
        yield Figure("growth", score.growth.ratio, "g = observed / required",
                     f"{_n(score.growth.observed)} / {_n(score.growth.required)}", score.growth.reason)  # fmt: skip


def _pace_and_lag(score: KpiScore | GoalScore) -> Iterator[Figure]:
    a, e = _n(score.attainment), _n(score.expected)
    known = score.attainment is not None
    yield _figure(score, "pace", "p = a / e", f"{a} / {e}" if known and score.pace is not None else "")
    yield _figure(score, "lag", "(e − a) · 100", f"({e} − {a}) · 100" if known else "")


def _compared(score: KpiScore, comparison: Comparison) -> Iterator[Figure]:
    name = f"against_{comparison.year}"
    x, reference = _n(score.value), _n(comparison.reference)
    symbol = {"plain": "b", "pro_rata": "(b · e0)", "same_day": "b(d)"}[comparison.kind]
    yield Figure(f"{name}_change", comparison.change, f"x − {symbol}", f"{x} − {reference}", comparison.reason)
    yield Figure(f"{name}_relative", comparison.relative, f"x / {symbol} − 1", f"{x} / {reference} − 1", comparison.reason)


def _outlook(score: KpiScore) -> Iterator[Figure]:
    ahead = score.outlook
    reason = ahead.reason or score.reasons.get("outlook")
    for name, value, formula in (
        ("needed", ahead.needed, "(t − x) / months left"),
        ("so_far", ahead.so_far, "(x − start) / months passed"),
        ("ratio", ahead.ratio, "needed / so far"),
        ("landing", ahead.landing, "x + so far · months left"),
    ):
        yield Figure(name, value, formula, "", None if value is not None else reason)


def _figure(score: KpiScore | GoalScore, name: str, formula: str, filled_in: str) -> Figure:
    value = getattr(score, name)
    return Figure(name, value, formula, filled_in if value is not None else "", score.reasons.get(name))


def _put_in(formula: str, inputs: Mapping[str, float | str]) -> str:
    """Return the right side of a formula with its symbols replaced by numbers."""
    import re

    side = formula.rpartition(": ")[2] if ": " in formula else formula
    side = side.partition(" = ")[2] or side
    symbols = sorted(inputs, key=len, reverse=True)
    if not symbols:
        return side
    pattern = "|".join(rf"(?<!\w){re.escape(symbol)}(?!\w)" for symbol in symbols)
    return re.sub(pattern, lambda match: _n(inputs[match[0]]), side)


def _n(value: object) -> str:
    """Return a number with as many digits as matter."""
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".") if abs(value) < 1e6 else f"{value:.10g}"  # noqa: PLR2004
    return "–" if value is None else str(value)


def _observations(score: KpiScore, scorecard: Scorecard) -> Iterator[SeenObservation]:
    plan, kpi, known_at = scorecard.plan, score.kpi, scorecard.known_at
    start: date = kpi.start or plan.period.start
    last = min(scorecard.as_of, kpi.due or plan.period.end)
    replaced = {id(row) for row in score.series.superseded(known_at)}
    for row in score.series.rows:
        if not start <= row.date <= (kpi.due or plan.period.end):
            role = "other year" if row.date < start else "outside"
        elif row.date > last or (known_at is not None and row.recorded() > known_at):
            role = "later"
        else:
            role = "superseded" if id(row) in replaced else "used"
        yield SeenObservation(row, role)


def _places(score: KpiScore) -> dict[str, Place]:
    kpi = score.kpi
    places = {"kpi": kpi.where}
    if kpi.baseline:
        places["baseline"] = kpi.baseline.where
    if kpi.target:
        places["target"] = kpi.target.where
    return places


_AGGREGATE = {"": "", "sum": "Σ x", "newest": "x(d)", "mean": "mean x", "max": "max x", "min": "min x"}
_COURSE = {
    ProfileKind.ELAPSED: "e = elapsed(d)",
    ProfileKind.AT_END: "e = 0 (d < due), 1 (d ≥ due)",
    ProfileKind.BASELINE_YEAR: "e = Σ b(d) / Σ b",
    ProfileKind.POINTS: "e = points(d)",
}

ROLE_WORDS = {
    "used": N_("used"),
    "superseded": N_("superseded"),
    "later": N_("not seen yet"),
    "other year": N_("base year"),
    "outside": N_("outside its dates"),
}
