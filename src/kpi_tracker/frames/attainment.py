"""The formulas of scoring, a measure each, as expressions over columns.

`kpi_tracker.scoring` has the same over one KPI; tests hold the two together. The columns: `value` x, `target` t,
`baseline` b, `_expected` the expected course e at the data date, `ended`.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import narwhals.stable.v2 as nw
import polars as pl

from kpi_tracker.frames.facts import Facts
from kpi_tracker.frames.observed import SUMS
from kpi_tracker.model.exactness import NOISE
from kpi_tracker.model.measure import Aggregate, Direction, Measure
from kpi_tracker.model.target import TargetForm

__all__ = ["Expr", "choose", "exactly", "is_measure", "judged", "over", "sums", "value_of"]

Expr = TypeVar("Expr", pl.Expr, nw.Expr)
"""An expression of rows that are judged, which is in Polars, or of those that are rolled up where they are."""

DIGITS = 15
NOTHING = pl.lit(None, pl.Float64)
NO, YES = pl.lit(False), pl.lit(True)
ONE, ZERO = pl.lit(1.0), pl.lit(0.0)


def choose(cases: Iterable[tuple[Expr, Expr]], otherwise: Expr, words: Any = pl) -> Expr:
    """Return the value of the first case that holds; `words` is the library whose expressions these are."""
    for condition, value in reversed(list(cases)):
        otherwise = words.when(condition).then(value).otherwise(otherwise)
    return otherwise


def is_measure(measure: Measure) -> pl.Expr:
    """Return whether the row is of a measure."""
    return pl.col("measure") == measure.value


def over(x: pl.Expr, y: pl.Expr, where: pl.Expr) -> pl.Expr:
    """Return x / y where a condition holds (which must leave no y of 0), else null: no engine divides by 0."""
    return x / pl.when(where).then(y)


def sums() -> pl.Expr:
    """Return whether observations are summed where a measure has them summed unless it says otherwise."""
    return pl.col("aggregate").is_null() | (pl.col("aggregate") == Aggregate.SUM.value)


def exactly(column: str) -> pl.Expr:
    """Return sums, or means, as the decimals of 15 digits that they stand for, in whatever order their rows were added."""
    return pl.col(column).round_sig_figs(DIGITS)


def value_of(facts: Facts) -> pl.Expr:
    """Return the value at the data date, by measure and aggregate. Milestones and grades are not numbers yet."""
    how, newest = pl.col("aggregate"), pl.col("_newest")
    cases: list[tuple[pl.Expr, pl.Expr]] = []
    if facts.has(Measure.TOTAL, None, Aggregate.SUM) or facts.has(Measure.LIMIT, None, Aggregate.SUM):
        either = is_measure(Measure.TOTAL) | is_measure(Measure.LIMIT)
        cases.append((either & sums(), exactly("_sum")))
    if facts.has(Measure.LEVEL, Aggregate.MEAN):
        cases.append((is_measure(Measure.LEVEL) & (how == Aggregate.MEAN.value), exactly("_mean")))
    for aggregate, column in ((Aggregate.MAX, "_highest"), (Aggregate.MIN, "_lowest")):
        if facts.has(Measure.LEVEL, aggregate) or facts.has(Measure.LIMIT, aggregate):
            either = is_measure(Measure.LEVEL) | is_measure(Measure.LIMIT)
            cases.append((either & (how == aggregate.value), pl.col(column)))
    return choose(cases, newest)


def judged(rows: pl.LazyFrame, facts: Facts) -> pl.LazyFrame:
    """Return rows with `attainment`, `_e` (what is expected), `_met`, `_achieved` and `_broken`; nothing of rows unseen.

    What several formulas ask is a column first, so that it is worked out once.
    """
    t, b, direction, form = pl.col("target"), pl.col("baseline"), pl.col("direction"), pl.col("form")
    others = []  # what must not lie above its bound: budgets and the like, limits of one kind, and places
    if facts.has(Measure.LIMIT):
        others.append((is_measure(Measure.LIMIT), form == TargetForm.AT_MOST.value))
    if facts.has(Measure.GRADE):
        others.append((is_measure(Measure.GRADE), YES))
    down = choose(others, direction == Direction.DECREASE.value).fill_null(False)
    level = is_measure(Measure.LEVEL) & ~t.is_null() & ~b.is_null()
    rows = rows.with_columns(
        (~pl.col("data_date").is_null()).alias("_seen"),
        down.alias("_down"),
        ((form == TargetForm.MAINTAIN.value).fill_null(False) & level).alias("_keeps"),
    )
    always = pl.col("_keeps") | pl.col("measure").is_in([Measure.RATE.value, Measure.LIMIT.value])
    tolerance = pl.col("tolerance").fill_null(0.0)
    kept = b + pl.when(pl.col("_down")).then(tolerance).otherwise(-tolerance)
    rows = rows.with_columns(always.alias("_always"), pl.when(pl.col("_keeps")).then(kept).otherwise(t).alias("_bound"))
    rows = rows.with_columns(_met(facts).alias("_met"))
    formulas: dict[Measure, Callable[[], pl.Expr]] = {
        Measure.TOTAL: _total, Measure.LEVEL: _level, Measure.RATE: _ratio, Measure.LIMIT: _held, Measure.GRADE: _grade,
        Measure.MILESTONE: lambda: pl.col("value"),
    }  # fmt: skip
    attained = choose([(is_measure(one), make()) for one, make in formulas.items() if facts.has(one)], NOTHING)
    met, seen = pl.col("_met"), pl.col("_seen")
    return rows.with_columns(
        pl.when(seen).then(attained).alias("attainment"),
        pl.when(seen).then(_expected(facts)).alias("_e"),
        (met & (pl.col("ended") | ~_lasting(facts))).alias("_achieved"),
        (is_measure(Measure.LIMIT) & seen & ~met).alias("_broken"),
    )


def _met(facts: Facts) -> pl.Expr:
    """Return whether a value is on the good side of its bound; a limit must have been there all along."""
    x, bound, down = pl.col("value"), pl.col("_bound"), pl.col("_down")
    if facts.has(Measure.LIMIT):
        highest = _extreme(facts, "_high", Aggregate.MIN, "_highest")
        lowest = _extreme(facts, "_low", Aggregate.MAX, "_lowest")
        extreme = pl.when(down).then(highest).otherwise(lowest)
        x = pl.when(is_measure(Measure.LIMIT)).then(extreme).otherwise(x)
    noise = (bound.abs() + 1.0) * NOISE
    met = pl.when(down).then(x <= bound + noise).otherwise(x >= bound - noise)
    if facts.has(Measure.MILESTONE):
        met = pl.when(is_measure(Measure.MILESTONE)).then(pl.col("_all_done")).otherwise(met)
    return met.fill_null(False) & pl.col("_seen")


def _extreme(facts: Facts, of_sums: str, until_now: Aggregate, of_values: str) -> pl.Expr:
    """Return how far the value of a limit ever went one way: sums by themselves, newest ones by the values.

    The extreme `until_now` of the other way was never beyond the first figure: the least so far not above it.
    """
    cases = []
    if facts.has(Measure.LIMIT, *SUMS):
        cases.append((sums(), pl.col(of_sums)))
    if facts.has(Measure.LIMIT, until_now):
        cases.append((pl.col("aggregate") == until_now.value, pl.col("_oldest")))
    return choose(cases, pl.col(of_values))


def _expected(facts: Facts) -> pl.Expr:
    """Return what is expected by the data date: all of what must hold at every date, else what the course has reached."""
    course = pl.col("_expected")
    if facts.has(Measure.MILESTONE):
        course = pl.when(is_measure(Measure.MILESTONE)).then(pl.col("_due_share")).otherwise(course)
    return pl.when(pl.col("_always")).then(ONE).otherwise(course)


def _lasting(facts: Facts) -> pl.Expr:
    """Return whether a target that is met is achieved at the end only: it can be lost again."""
    lasting = pl.col("_always") | (is_measure(Measure.TOTAL) & pl.col("_down"))
    if facts.has(Measure.GRADE):
        held = (pl.col("form") == TargetForm.MAINTAIN.value).fill_null(False)
        lasting = lasting | (is_measure(Measure.GRADE) & held)
    return lasting


def _ratio() -> pl.Expr:
    """Return x / t, or t / x where less is better."""
    x, t = pl.col("value"), pl.col("target")
    return pl.when(pl.col("_down")).then(over(t, x, x > 0)).otherwise(over(x, t, t > 0))


def _total() -> pl.Expr:
    """Return x / t, and of a budget how the time that its spending should have taken compares with what has passed."""
    x, t, e = pl.col("value"), pl.col("target"), pl.col("_expected")
    unspent = pl.when(pl.col("ended")).then(ONE).otherwise(e)
    budget = choose([(t < 0, NOTHING), (x <= 0, unspent)], e * e * over(t, x, x > 0))
    return pl.when(pl.col("_down")).then(pl.when(~t.is_null()).then(budget)).otherwise(over(x, t, t > 0))


def _level() -> pl.Expr:
    """Return the part of the way from the baseline to the target, or how much of what is to be maintained is."""
    x, t, b, met = pl.col("value"), pl.col("target"), pl.col("baseline"), pl.col("_met")
    slipped = pl.when(b != 0).then(1.0 - (x - b).abs() / pl.when(b != 0).then(b.abs())).otherwise(ZERO)
    kept = pl.when(met).then(ONE).otherwise(slipped)
    alone = pl.when(pl.col("_down") & met & (x <= 0)).then(ONE).otherwise(_ratio())
    moved = (x - b) / pl.when(t != b).then(t - b)
    return choose([(t.is_null(), NOTHING), (pl.col("_keeps"), kept), (b.is_null(), alone)], moved)


def _held() -> pl.Expr:
    return pl.when(pl.col("_met")).then(ONE).otherwise(ZERO)


def _grade() -> pl.Expr:
    """Return the part of the way, in places. They count from 1, the best; target and baseline are places too."""
    x, t, b = pl.col("value"), pl.col("target"), pl.col("baseline")
    moved = ((b - x) / pl.when(b > t).then(b - t)).fill_null(0.0)
    return pl.when(pl.col("_met")).then(ONE).otherwise(moved)
