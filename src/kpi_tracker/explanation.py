"""How a figure came about: the formula, the numbers put in, the thresholds, the observations, and where each was written."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from kpi_tracker import baseyear
from kpi_tracker.calendar import Span
from kpi_tracker.diagnostics import Place
from kpi_tracker.language import N_, Phrase
from kpi_tracker.model import reasons
from kpi_tracker.model.kpi import ProfileKind
from kpi_tracker.model.measure import Aggregate, Direction, Measure
from kpi_tracker.model.observation import Observation
from kpi_tracker.model.period import Calendar
from kpi_tracker.model.scorecard import Comparison, GoalScore, KpiScore, PartScore, Scorecard
from kpi_tracker.model.target import TargetForm
from kpi_tracker.model.thresholds import Thresholds
from kpi_tracker.record import field, record
from kpi_tracker.schedule import span_of, years_back

__all__ = ["ExplainedPart", "Explanation", "Figure", "SeenObservation", "explain", "times_so_far"]


@record
class Figure:
    """One figure: its name, its value, the formula in symbols, the same with the numbers put in, or why it is null."""

    name: str
    value: Any
    formula: str = ""
    filled_in: str = ""
    reason: Phrase | None = None


@record
class SeenObservation:
    """An observation and its part in the figure: `used`, `superseded`, `later` (not seen yet) or `other year`."""

    observation: Observation
    role: str


@record
class ExplainedPart:
    """One part of a KPI, with the observations of it and what each counts for."""

    part: PartScore
    observations: tuple[SeenObservation, ...]


@record
class Explanation:
    """Everything behind the score of one item; `parts` are those of a KPI that is taken apart."""

    score: KpiScore | GoalScore
    figures: tuple[Figure, ...]
    thresholds: Thresholds
    observations: tuple[SeenObservation, ...] = ()
    written: Mapping[str, Place] = field(factory=dict)
    parts: tuple[ExplainedPart, ...] = ()


def explain(scorecard: Scorecard, reference: str) -> Explanation:
    """Return what is behind the score of the goal or KPI that `reference` names; "" is the plan.

    Raises:
        KeyError: nothing in the scorecard has that name.
    """
    item = scorecard.find(reference)
    if isinstance(item, GoalScore):
        place = item.goal.where if item.goal else scorecard.plan.where
        return Explanation(item, tuple(_of_goal(item)), item.thresholds, written={"goal": place})
    observations = tuple(_observations(item, scorecard))
    figures = tuple(_of_kpi(item, scorecard, observations))
    parts = tuple(ExplainedPart(part, tuple(_observations(part.score, scorecard))) for part in item.parts)
    return Explanation(item, figures, item.thresholds, observations, _places(item), parts)


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
    counting = [share for share in score.shares if share.coverage is not None and share.weight > 0]
    terms = " + ".join(f"{_n(share.weight)} · {_n(share.coverage)}" for share in counting)
    weights = " + ".join(_n(share.weight) for share in counting)
    yield _figure(score, "coverage", "c = Σ w · c / Σ w", f"({terms}) / ({weights})")


def _of_kpi(score: KpiScore, scorecard: Scorecard, observations: tuple[SeenObservation, ...]) -> Iterator[Figure]:
    kpi = score.kpi
    yield _value(score, observations)
    yield _figure(score, "data_date", "", "")
    yield _figure(score, "attainment", score.formula, _put_in(score.formula, score.inputs))
    yield _figure(score, "expected", *_course(score, scorecard))
    yield from _pace_and_lag(score)
    yield _days_behind(score, scorecard)
    if score.gap is not None:
        yield _figure(score, "gap", "x − t", _put_in("x − t", score.inputs))
    for comparison in score.comparisons:
        yield from _compared(score, comparison)
    yield from _outlook(score, span_of(kpi, scorecard.plan))
    if score.growth is not None:
        grown = score.growth
        filled = f"{_n(grown.observed)} / {_n(grown.required)}" if grown.ratio is not None else ""
        yield Figure("growth", grown.ratio, "g = observed / required", filled, grown.reason)


def _value(score: KpiScore, observations: tuple[SeenObservation, ...]) -> Figure:
    """Return the value with the observations that make it, where they are numbers and few enough to read."""
    kpi = score.kpi
    aggregate = kpi.aggregate or (Aggregate.SUM if kpi.measure is Measure.TOTAL else Aggregate.NEWEST)
    if kpi.measure is Measure.MILESTONE:
        return _figure(score, "value", "Σ w done / Σ w", _put_in("Σ w done / Σ w", score.inputs))
    numbers = [_n(seen.observation.value) for seen in observations if seen.role == "used"]
    if aggregate is Aggregate.NEWEST or len(numbers) == 1:
        return _figure(score, "value", "x(d)", numbers[-1] if numbers else "")
    formula, around = _AGGREGATE[aggregate]
    joint = " + " if aggregate in (Aggregate.SUM, Aggregate.MEAN) else ", "
    filled = around.format(joint.join(numbers), len(numbers))
    return _figure(score, "value", formula, filled if len(numbers) <= MANY else "")


def _course(score: KpiScore, scorecard: Scorecard) -> tuple[str, str]:
    """Return how the expected attainment came about: its formula, and the same with the numbers put in."""
    kpi, span = score.kpi, span_of(score.kpi, scorecard.plan)
    if score.expected is None or score.data_date is None:
        return "", ""
    if "Σ w due" in score.inputs:
        return "e = Σ w due / Σ w", _put_in("Σ w due / Σ w", score.inputs)
    held = kpi.measure is Measure.LEVEL and kpi.target is not None and kpi.target.form is TargetForm.MAINTAIN
    if held or kpi.measure in (Measure.RATE, Measure.LIMIT):
        return "e = 1", "1"
    day = score.data_date.toordinal()
    if kpi.profile is ProfileKind.AT_END:
        return "e = 0 (d < due), 1 (d ≥ due)", _n(score.expected)
    if kpi.profile is ProfileKind.POINTS:
        return "e = e1 + (e2 − e1) · (t − t1) / (t2 − t1)", _along(score, span, day)
    if kpi.profile is ProfileKind.BASELINE_YEAR:
        back = years_back(kpi, scorecard.plan)
        then, whole = (
            baseyear.same_day(kpi, span, score.series, back, scorecard.known_at, (on,)) for on in (day, span.end)
        )
        return "e = Σ b(d) / Σ b", f"{_n(then)} / {_n(whole)}" if then is not None else ""
    if scorecard.plan.calendar is Calendar.DAYS:
        return "e = days passed / days", f"{day - span.start + 1} / {span.end - span.start + 1}"
    return "e = months passed / months", f"{_n(span.elapsed(day) * span.months)} / {_n(span.months)}"


def _along(score: KpiScore, span: Span, day: int) -> str:
    """Return the line between the two declared points that hold `day`."""
    now = span.elapsed(day)
    t1, e1 = 0.0, 0.0
    for point in score.kpi.points:
        t2, e2 = span.elapsed(point.date.toordinal()), point.share
        if now <= t2:
            return f"{_n(e1)} + ({_n(e2)} − {_n(e1)}) · ({_n(now)} − {_n(t1)}) / ({_n(t2)} − {_n(t1)})"
        t1, e1 = t2, e2
    return _n(e1)


def _days_behind(score: KpiScore, scorecard: Scorecard) -> Figure:
    on, formula = score.data_date, "d − day(e0 = a)"
    if score.kpi.measure is Measure.MILESTONE:
        on, formula = scorecard.as_of, "as of − day of the step"
    filled = ""
    if on is not None and score.days_behind is not None:
        filled = f"{on} − {on - timedelta(days=score.days_behind)}"
    return _figure(score, "days_behind", formula, filled)


def _pace_and_lag(score: KpiScore | GoalScore) -> Iterator[Figure]:
    a, e = _n(score.attainment), _n(score.expected)
    known = score.attainment is not None
    yield _figure(score, "pace", "p = a / e", f"{a} / {e}" if known and score.pace is not None else "")
    yield _figure(score, "lag", "(e − a) · 100", f"({e} − {a}) · 100" if known else "")


def _compared(score: KpiScore, comparison: Comparison) -> Iterator[Figure]:
    name = f"against_{comparison.year}"
    x, reference = _n(score.value), _n(comparison.reference)
    symbol = {"plain": "b", "pro_rata": "(b · e0)", "same_day": "b(d)"}[comparison.kind]
    change, relative = comparison.change, comparison.relative
    filled = f"{x} − {reference}" if change is not None else ""
    yield Figure(f"{name}_change", change, f"x − {symbol}", filled, comparison.reason)
    filled = f"{x} / {reference} − 1" if relative is not None else ""
    yield Figure(f"{name}_relative", relative, f"x / {symbol} − 1", filled, comparison.reason)


def _outlook(score: KpiScore, span: Span) -> Iterator[Figure]:
    ahead, kpi = score.outlook, score.kpi
    if ahead.reason == reasons.NOT_FOR_MEASURE:
        return
    reason = ahead.reason or score.reasons.get("outlook")
    share = span.elapsed(score.data_date.toordinal()) if score.data_date else 0.0
    passed, left = _n(share * span.months), _n((1 - share) * span.months)
    start = "0" if kpi.measure is Measure.TOTAL else _n(kpi.baseline.value if kpi.baseline else None)
    x, t = _n(score.value), _n(kpi.target.value if kpi.target else None)
    so_far = _n(ahead.so_far)
    times, why_not = times_so_far(score)
    for name, value, formula, filled, why in (
        ("needed", ahead.needed, "(t − x) / months left", f"({t} − {x}) / {left}", reason),
        ("so_far", ahead.so_far, "(x − start) / months passed", f"({x} − {start}) / {passed}", reason),
        ("ratio", times, "needed / so far", f"{_n(ahead.needed)} / {so_far}", why_not or reason),
        (
            "landing",
            ahead.landing,
            "x + so far · months left",
            x if left == "0" else f"{x} + {so_far} · {left}",
            reason,
        ),
    ):
        yield Figure(name, value, formula, filled if value is not None else "", None if value is not None else why)


def times_so_far(score: KpiScore) -> tuple[float | None, Phrase | None]:
    """Return how many times the rate so far it takes; None and the reason where that would be no multiple of anything.

    A value that moves away from its target, and a budget that is spent, have needed and so far with opposite signs:
    "−15 times" says nothing that a reader could act upon. The reason is None where the outlook gives its own.
    """
    ratio = score.outlook.ratio
    if ratio is None or ratio > 0:
        return ratio, None
    spent = score.kpi.measure is Measure.TOTAL and score.kpi.direction is Direction.DECREASE
    return None, reasons.NOTHING_LEFT if spent else reasons.WENT_AWAY


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
    pattern = "|".join(rf"(?<!\w){re.escape(symbol)}(?![^\W²])" for symbol in symbols)
    return re.sub(pattern, lambda match: _n(inputs[match[0]]), side)


def _n(value: object) -> str:
    """Return a number with ten significant digits and all those before the point, a negative one in parentheses."""
    if isinstance(value, float):
        from decimal import Decimal

        text = format(Decimal(format(value, f".{DIGITS if abs(value) < 10**DIGITS else 15}g")), "f")
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return f"(−{text[1:]})" if text.startswith("-") else text
    return "–" if value is None else str(value)


DIGITS = 10
MANY = 12


def _observations(score: KpiScore, scorecard: Scorecard) -> Iterator[SeenObservation]:
    plan, kpi, known_at = scorecard.plan, score.kpi, scorecard.known_at
    start: date = kpi.start or plan.period.start
    replaced = {id(row) for row in score.series.superseded(known_at)}
    for row in score.series.rows:
        if row.date < plan.period.start:
            role = "other year"
        elif row.date > scorecard.as_of or (known_at is not None and row.recorded() > known_at):
            role = "later"
        elif row.date < start or score.data_date is None or row.date > score.data_date:
            role = "outside"
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


_AGGREGATE = {
    Aggregate.SUM: ("Σ x", "{0}"),
    Aggregate.MEAN: ("mean x", "({0}) / {1}"),
    Aggregate.MAX: ("max x", "max({0})"),
    Aggregate.MIN: ("min x", "min({0})"),
}

ROLE_WORDS = {
    "used": N_("used"),
    "superseded": N_("superseded"),
    "later": N_("not seen yet"),
    "other year": N_("base year"),
    "outside": N_("outside its dates"),
}
