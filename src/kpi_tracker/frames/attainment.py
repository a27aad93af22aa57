"""The formulas of scoring, a measure each, as expressions over columns.

`kpi_tracker.scoring` has the same over one KPI; tests hold the two together. The columns: `value` x, `target` t,
`baseline` b, `_e0` the expected course at the data date, `ended`.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeVar

import narwhals.stable.v2 as nw
import polars as pl

from kpi_tracker.frames.facts import Facts
from kpi_tracker.model.exactness import NOISE
from kpi_tracker.model.measure import Aggregate, Direction, Measure
from kpi_tracker.model.target import TargetForm

__all__ = ["Expr", "Judged", "choose", "judged_by", "value_of"]

Expr = TypeVar("Expr", pl.Expr, nw.Expr)
"""An expression of rows that are judged, which is in Polars, or of those that are rolled up where they are."""

NOTHING = pl.lit(None, pl.Float64)
NO, YES = pl.lit(False), pl.lit(True)
ONE, ZERO = pl.lit(1.0), pl.lit(0.0)


class Judged(NamedTuple):
    """Attainment, what is expected, whether the target is met, and achieved, and whether a bound was broken."""

    attainment: pl.Expr
    expected: pl.Expr
    met: pl.Expr
    achieved: pl.Expr
    broken: pl.Expr = NO


def choose(cases: Iterable[tuple[Expr, Expr]], otherwise: Expr, words: Any = pl) -> Expr:
    """Return the value of the first case that holds; `words` is the library whose expressions these are."""
    for condition, value in reversed(list(cases)):
        otherwise = words.when(condition).then(value).otherwise(otherwise)
    return otherwise


def is_measure(measure: Measure) -> pl.Expr:
    """Return whether the row is of a measure."""
    return pl.col("measure") == measure.value


def not_below(x: pl.Expr, bound: pl.Expr) -> pl.Expr:
    """Return whether x ≥ bound, noise allowed for."""
    return (x >= bound - (bound.abs() + 1.0) * NOISE).fill_null(False)


def not_above(x: pl.Expr, bound: pl.Expr) -> pl.Expr:
    """Return whether x ≤ bound, noise allowed for."""
    return (x <= bound + (bound.abs() + 1.0) * NOISE).fill_null(False)


def over(x: pl.Expr, y: pl.Expr, where: pl.Expr) -> pl.Expr:
    """Return x / y where a condition holds (which must leave no y of 0), else null: no engine divides by 0."""
    return x / pl.when(where).then(y)


def value_of(facts: Facts) -> pl.Expr:
    """Return the value at the data date, by measure and aggregate. Milestones and grades are not numbers yet."""
    how, newest = pl.col("aggregate"), pl.col("_newest")
    cases: list[tuple[pl.Expr, pl.Expr]] = []
    if facts.has(Measure.TOTAL, None, Aggregate.SUM) or facts.has(Measure.LIMIT, None, Aggregate.SUM):
        sums = is_measure(Measure.TOTAL) | is_measure(Measure.LIMIT)
        cases.append((sums & (how.is_null() | (how == Aggregate.SUM.value)), pl.col("_sum")))
    if facts.has(Measure.LEVEL, Aggregate.MEAN):
        cases.append((is_measure(Measure.LEVEL) & (how == Aggregate.MEAN.value), pl.col("_mean")))
    for aggregate, column in ((Aggregate.MAX, "_highest"), (Aggregate.MIN, "_lowest")):
        if facts.has(Measure.LEVEL, aggregate) or facts.has(Measure.LIMIT, aggregate):
            either = is_measure(Measure.LEVEL) | is_measure(Measure.LIMIT)
            cases.append((either & (how == aggregate.value), pl.col(column)))
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


def _down() -> pl.Expr:
    return (pl.col("direction") == Direction.DECREASE.value).fill_null(False)


def _met() -> pl.Expr:
    x, t = pl.col("value"), pl.col("target")
    return pl.when(_down()).then(not_above(x, t)).otherwise(not_below(x, t))


def _total() -> Judged:
    x, t, e, ended = pl.col("value"), pl.col("target"), pl.col("_e0"), pl.col("ended")
    budget = choose([(t < 0, NOTHING), (x <= 0, pl.when(ended).then(ONE).otherwise(e))], e * e * over(t, x, x > 0))
    a = pl.when(_down()).then(budget).otherwise(over(x, t, t > 0))
    met = _met()
    return Judged(pl.when(~t.is_null()).then(a), e, met, met & (ended | ~_down()))


def _level() -> Judged:
    x, t, b, e = pl.col("value"), pl.col("target"), pl.col("baseline"), pl.col("_e0")
    tolerance = pl.col("tolerance").fill_null(0.0)
    keeps = (pl.col("form") == TargetForm.MAINTAIN.value).fill_null(False) & ~b.is_null() & ~t.is_null()
    held = pl.when(_down()).then(not_above(x, b + tolerance)).otherwise(not_below(x, b - tolerance))
    slipped = pl.when(b != 0).then(1.0 - (x - b).abs() / pl.when(b != 0).then(b.abs())).otherwise(ZERO)
    kept = pl.when(held).then(ONE).otherwise(slipped)
    met = _met()
    ratio = _ratio(x, t)
    alone = pl.when(_down() & met & (x <= 0)).then(ONE).otherwise(ratio)
    moved = (x - b) / pl.when(t != b).then(t - b)
    a = choose([(t.is_null(), NOTHING), (keeps, kept), (b.is_null(), alone)], moved)
    return Judged(
        a, pl.when(keeps).then(ONE).otherwise(e), pl.when(keeps).then(held).otherwise(met),
        pl.when(keeps).then(held & pl.col("ended")).otherwise(met),
    )  # fmt: skip


def _ratio(x: pl.Expr, t: pl.Expr) -> pl.Expr:
    return pl.when(_down()).then(over(t, x, x > 0)).otherwise(over(x, t, t > 0))


def _rate() -> Judged:
    x, t = pl.col("value"), pl.col("target")
    met = _met()
    return Judged(pl.when(~t.is_null()).then(_ratio(x, t)), ONE, met, met & pl.col("ended"))


def _limit(facts: Facts) -> Judged:
    bound, how = pl.col("target"), pl.col("aggregate")
    at_most = pl.col("form") == TargetForm.AT_MOST.value
    high, low = pl.col("_highest"), pl.col("_lowest")
    highest, lowest = [], []
    if facts.has(Measure.LIMIT, None, Aggregate.SUM):
        sums = how.is_null() | (how == Aggregate.SUM.value)
        highest.append((sums, pl.col("_high")))
        lowest.append((sums, pl.col("_low")))
    if facts.has(Measure.LIMIT, Aggregate.MIN):  # the least so far was never above the first
        highest.append((how == Aggregate.MIN.value, pl.col("_oldest")))
    if facts.has(Measure.LIMIT, Aggregate.MAX):
        lowest.append((how == Aggregate.MAX.value, pl.col("_oldest")))
    held = pl.when(at_most).then(not_above(choose(highest, high), bound)).otherwise(
        not_below(choose(lowest, low), bound)
    )  # fmt: skip
    return Judged(pl.when(held).then(ONE).otherwise(ZERO), ONE, held, held & pl.col("ended"), ~held)


def _grade() -> Judged:
    """Places count from 1, the best; target and baseline are places too."""
    x, t, b = pl.col("value"), pl.col("target"), pl.col("baseline")
    reached = (x <= t).fill_null(False)
    moved = ((b - x) / pl.when(b > t).then(b - t)).fill_null(0.0)
    keeps = (pl.col("form") == TargetForm.MAINTAIN.value).fill_null(False)
    a = pl.when(reached).then(ONE).otherwise(moved)
    return Judged(a, pl.col("_e0"), reached, reached & (pl.col("ended") | ~keeps))


def _milestone() -> Judged:
    done = pl.col("_all_done").fill_null(False)
    return Judged(pl.col("value"), pl.col("_due_share"), done, done)
