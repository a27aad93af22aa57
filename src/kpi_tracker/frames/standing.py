"""The status of every row: the rules of `kpi_tracker.status`, and the bands of the same thresholds, as expressions."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from kpi_tracker.frames.attainment import NO, Expr, choose, is_measure
from kpi_tracker.frames.facts import Facts
from kpi_tracker.frames.rules import Rules
from kpi_tracker.model.exactness import TOLERANCE
from kpi_tracker.model.measure import Measure, Status
from kpi_tracker.model.thresholds import TIMELINE, Band, Thresholds

__all__ = ["judge_bands", "verdict"]

BETTER = (Status.AHEAD.value, Status.ON_TRACK.value)
WORSE = (Status.AT_RISK, Status.LAGGING, Status.REGRESSING)
NOWHERE = pl.lit(None, pl.String)


def code(band: Band, words: Any = pl) -> Any:
    """Return a band as one text, its severity and its status, so that one expression finds both."""
    severity = band.severity if band.status in (Status.LAGGING, Status.REGRESSING) else 0
    return words.lit(f"{severity}{band.status.value}")


def judge_bands(pace: Expr, lag: Expr, thresholds: Thresholds, words: Any = pl) -> Expr:
    """Return the band for a pace index (null where nothing is expected yet) and a lag in percentage points."""
    if thresholds.by == "lag":
        return _band_of(lag, thresholds.bands, words, closed_above=True)
    on_track: Expr = code(Band(Status.ON_TRACK), words)
    bands = _band_of(pace, thresholds.bands, words)
    if thresholds.lag_floor is None:
        return choose([(pace.is_null(), on_track)], bands, words)
    near = (lag <= thresholds.lag_floor + TOLERANCE).fill_null(False)
    forgiven = tuple(Band(Status.ON_TRACK, b.lower, b.upper) if b.status in WORSE else b for b in thresholds.bands)
    return choose([(pace.is_null(), on_track), (near, _band_of(pace, forgiven, words))], bands, words)


def _band_of(figure: Expr, bands: Sequence[Band], words: Any = pl, closed_above: bool = False) -> Expr:
    """Return the band that holds a figure; noise at a bound counts for the better side."""
    last: Expr = code(bands[-1], words)
    cases: list[tuple[Expr, Expr]] = []
    for band in bands[:-1]:
        if closed_above:
            assert band.upper is not None  # noqa: S101 - the loading refuses bands that leave a gap
            cases.append((figure <= band.upper + TOLERANCE, code(band, words)))
        else:
            assert band.lower is not None  # noqa: S101 - as above
            cases.append((figure >= band.lower - TOLERANCE, code(band, words)))
    return choose(cases, last, words)


def _work(thresholds: Thresholds) -> pl.Expr:
    """Return the band of a KPI that is neither over nor done, by what its thresholds judge."""
    a, pace, lag = pl.col("attainment"), pl.col("pace"), pl.col("lag").fill_null(0.0)
    only = pl.when(pl.col("_met")).then(code(Band(Status.ON_TRACK))).otherwise(code(Band(Status.LAGGING)))

    def by_course(chosen: Thresholds) -> pl.Expr:
        return pl.when(a.is_null()).then(only).otherwise(judge_bands(pace, lag, chosen))

    if thresholds.by != "growth":
        return by_course(thresholds)
    ratio, observed, without = pl.col("growth_ratio"), pl.col("growth"), ~pl.col("_has_target")
    cases: list[tuple[pl.Expr, pl.Expr]] = [
        (~ratio.is_null(), _band_of(ratio, thresholds.bands)),
        (without & ~observed.is_null(), _band_of(observed, thresholds.without_target)),
        (without, code(Band(Status.UNKNOWN))),
    ]
    return choose(cases, by_course(TIMELINE))


def at_work(facts: Facts, rules: Rules) -> pl.Expr:
    """Return the band of what is neither over nor done, by the thresholds of each row."""
    default = rules.thresholds
    named = [(pl.col("thresholds") == name, _work(rules.presets[name])) for name in facts.thresholds]
    return choose(named, _work(default))


def verdict(facts: Facts) -> dict[str, pl.Expr]:
    """Return `_full`, the severity and status in one text, and `underlying`; `_band` is what the figures say."""
    regresses = is_measure(Measure.LEVEL) & (pl.col("attainment") < -TOLERANCE).fill_null(False)
    band = pl.col("_band")
    better = band.is_in([f"0{name}" for name in BETTER])
    late_step = pl.col("_late_step") if facts.has(Measure.MILESTONE) else NO
    judged = choose(
        [(regresses, code(Band(Status.REGRESSING))), (late_step & better, code(Band(Status.AT_RISK)))], band
    )
    missing = pl.when(pl.col("_late_without")).then(pl.lit("0no_data")).otherwise(pl.lit("0pending"))
    decided = [
        (pl.col("_exempt"), pl.lit("0exempt")),
        (pl.col("data_date").is_null(), missing),
        (pl.col("_broken"), pl.lit("1breached")),
        (pl.col("_achieved"), pl.lit("0achieved")),
        (pl.col("ended") & pl.col("_has_target"), pl.lit("1missed")),
        (pl.col("_no_course"), pl.lit("0no_data")),
    ]
    overdue = pl.col("overdue")
    said = choose([(condition, NOWHERE) for condition, _ in decided], pl.when(overdue).then(judged))
    return {
        "_full": choose([*decided, (overdue, pl.lit("0stale"))], judged),
        "_underlying": said,
    }
