"""The formulas of scoring, a measure each, as expressions over columns.

`kpi_tracker.scoring` has the same over one KPI; tests hold the two together. The columns: `value` x, `target` t,
`baseline` b, `_e0` the expected course at the data date, `ended`.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import narwhals.stable.v2 as nw

from kpi_tracker.frames.facts import Facts
from kpi_tracker.model.exactness import NOISE
from kpi_tracker.model.measure import Aggregate, Direction, Measure
from kpi_tracker.model.target import TargetForm

__all__ = ["Judged", "choose", "judged_by", "value_of"]

NOTHING = nw.lit(None).cast(nw.Float64())
NO, YES = nw.lit(False), nw.lit(True)
ONE, ZERO = nw.lit(1.0), nw.lit(0.0)


class Judged(NamedTuple):
    """Attainment, what is expected, whether the target is met, and achieved, and whether a bound was broken."""

    attainment: nw.Expr
    expected: nw.Expr
    met: nw.Expr
    achieved: nw.Expr
    broken: nw.Expr = NO


def choose(cases: Iterable[tuple[nw.Expr, nw.Expr]], otherwise: nw.Expr) -> nw.Expr:
    """Return the value of the first case that holds."""
    found = otherwise
    for condition, value in reversed(list(cases)):
        found = nw.when(condition).then(value).otherwise(found)
    return found


def is_measure(measure: Measure) -> nw.Expr:
    """Return whether the row is of a measure."""
    return nw.col("measure") == measure.value


def not_below(x: nw.Expr, bound: nw.Expr) -> nw.Expr:
    """Return whether x ≥ bound, noise allowed for."""
    return (x >= bound - (bound.abs() + 1.0) * NOISE).fill_null(False)


def not_above(x: nw.Expr, bound: nw.Expr) -> nw.Expr:
    """Return whether x ≤ bound, noise allowed for."""
    return (x <= bound + (bound.abs() + 1.0) * NOISE).fill_null(False)


def over(x: nw.Expr, y: nw.Expr, where: nw.Expr) -> nw.Expr:
    """Return x / y where a condition holds (which must leave no y of 0), else null: no engine divides by 0."""
    return x / nw.when(where).then(y)


def value_of(facts: Facts) -> nw.Expr:
    """Return the value at the data date, by measure and aggregate. Milestones and grades are not numbers yet."""
    how, newest = nw.col("aggregate"), nw.col("_newest")
    cases: list[tuple[nw.Expr, nw.Expr]] = []
    if facts.has(Measure.TOTAL, None, Aggregate.SUM) or facts.has(Measure.LIMIT, None, Aggregate.SUM):
        sums = is_measure(Measure.TOTAL) | is_measure(Measure.LIMIT)
        cases.append((sums & (how.is_null() | (how == Aggregate.SUM.value)), nw.col("_sum")))
    if facts.has(Measure.LEVEL, Aggregate.MEAN):
        cases.append((is_measure(Measure.LEVEL) & (how == Aggregate.MEAN.value), nw.col("_mean")))
    for aggregate, column in ((Aggregate.MAX, "_highest"), (Aggregate.MIN, "_lowest")):
        if facts.has(Measure.LEVEL, aggregate) or facts.has(Measure.LIMIT, aggregate):
            either = is_measure(Measure.LEVEL) | is_measure(Measure.LIMIT)
            cases.append((either & (how == aggregate.value), nw.col(column)))
    return choose(cases, newest)


def judged_by(facts: Facts) -> Judged:
    """Return what the formulas of all measures that occur come to."""
    makers: dict[Measure, Callable[[], Judged]] = {
        Measure.TOTAL: _total,
        Measure.LEVEL: _level,
        Measure.RATE: _rate,
        Measure.LIMIT: lambda: _limit(facts),
        Measure.GRADE: _grade,
        Measure.MILESTONE: _milestone,
    }
    found = [(is_measure(measure), make()) for measure, make in makers.items() if measure in facts.measures]
    ends = (NOTHING, NOTHING, NO, NO, NO)
    return Judged(*(choose([(case, judged[i]) for case, judged in found], end) for i, end in enumerate(ends)))


def _down() -> nw.Expr:
    return (nw.col("direction") == Direction.DECREASE.value).fill_null(False)


def _met() -> nw.Expr:
    x, t = nw.col("value"), nw.col("target")
    return nw.when(_down()).then(not_above(x, t)).otherwise(not_below(x, t))


def _total() -> Judged:
    x, t, e, ended = nw.col("value"), nw.col("target"), nw.col("_e0"), nw.col("ended")
    budget = choose([(t < 0, NOTHING), (x <= 0, nw.when(ended).then(ONE).otherwise(e))], e * e * over(t, x, x > 0))
    a = nw.when(_down()).then(budget).otherwise(over(x, t, t > 0))
    met = _met()
    return Judged(nw.when(~t.is_null()).then(a), e, met, met & (ended | ~_down()))


def _level() -> Judged:
    x, t, b, e = nw.col("value"), nw.col("target"), nw.col("baseline"), nw.col("_e0")
    tolerance = nw.col("tolerance").fill_null(0.0)
    keeps = (nw.col("form") == TargetForm.MAINTAIN.value).fill_null(False) & ~b.is_null() & ~t.is_null()
    held = nw.when(_down()).then(not_above(x, b + tolerance)).otherwise(not_below(x, b - tolerance))
    slipped = nw.when(b != 0).then(1.0 - (x - b).abs() / nw.when(b != 0).then(b.abs())).otherwise(ZERO)
    kept = nw.when(held).then(ONE).otherwise(slipped)
    met = _met()
    ratio = _ratio(x, t)
    alone = nw.when(_down() & met & (x <= 0)).then(ONE).otherwise(ratio)
    moved = (x - b) / nw.when(t != b).then(t - b)
    a = choose([(t.is_null(), NOTHING), (keeps, kept), (b.is_null(), alone)], moved)
    return Judged(
        a, nw.when(keeps).then(ONE).otherwise(e), nw.when(keeps).then(held).otherwise(met),
        nw.when(keeps).then(held & nw.col("ended")).otherwise(met),
    )  # fmt: skip


def _ratio(x: nw.Expr, t: nw.Expr) -> nw.Expr:
    return nw.when(_down()).then(over(t, x, x > 0)).otherwise(over(x, t, t > 0))


def _rate() -> Judged:
    x, t = nw.col("value"), nw.col("target")
    met = _met()
    return Judged(nw.when(~t.is_null()).then(_ratio(x, t)), ONE, met, met & nw.col("ended"))


def _limit(facts: Facts) -> Judged:
    bound, how = nw.col("target"), nw.col("aggregate")
    at_most = nw.col("form") == TargetForm.AT_MOST.value
    high, low = nw.col("_highest"), nw.col("_lowest")
    highest, lowest = [], []
    if facts.has(Measure.LIMIT, None, Aggregate.SUM):
        sums = how.is_null() | (how == Aggregate.SUM.value)
        highest.append((sums, nw.col("_high")))
        lowest.append((sums, nw.col("_low")))
    if facts.has(Measure.LIMIT, Aggregate.MIN):  # the least so far was never above the first
        highest.append((how == Aggregate.MIN.value, nw.col("_oldest")))
    if facts.has(Measure.LIMIT, Aggregate.MAX):
        lowest.append((how == Aggregate.MAX.value, nw.col("_oldest")))
    held = nw.when(at_most).then(not_above(choose(highest, high), bound)).otherwise(
        not_below(choose(lowest, low), bound)
    )  # fmt: skip
    return Judged(nw.when(held).then(ONE).otherwise(ZERO), ONE, held, held & nw.col("ended"), ~held)


def _grade() -> Judged:
    """Places count from 1, the best; target and baseline are places too."""
    x, t, b = nw.col("value"), nw.col("target"), nw.col("baseline")
    reached = (x <= t).fill_null(False)
    moved = ((b - x) / nw.when(b > t).then(b - t)).fill_null(0.0)
    keeps = (nw.col("form") == TargetForm.MAINTAIN.value).fill_null(False)
    a = nw.when(reached).then(ONE).otherwise(moved)
    return Judged(a, nw.col("_e0"), reached, reached & (nw.col("ended") | ~keeps))


def _milestone() -> Judged:
    done = nw.col("_all_done").fill_null(False)
    return Judged(nw.col("value"), nw.col("_due_share"), done, done)
