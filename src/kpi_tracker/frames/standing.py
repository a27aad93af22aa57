"""The status of every row: the rules of `kpi_tracker.status`, and the bands of the same thresholds, as expressions."""

from collections.abc import Sequence

import narwhals.stable.v2 as nw

from kpi_tracker.frames.attainment import NO, choose, is_measure
from kpi_tracker.frames.facts import Facts
from kpi_tracker.frames.rules import Rules
from kpi_tracker.model.exactness import TOLERANCE
from kpi_tracker.model.measure import Measure, Status
from kpi_tracker.model.thresholds import TIMELINE, Band, Thresholds

__all__ = ["judge_bands", "verdict"]

BETTER = (Status.AHEAD.value, Status.ON_TRACK.value)
WORSE = (Status.AT_RISK, Status.LAGGING, Status.REGRESSING)
NOWHERE = nw.lit(None).cast(nw.String())


def code(band: Band) -> nw.Expr:
    """Return a band as one text, its severity and its status, so that one expression finds both."""
    severity = band.severity if band.status in (Status.LAGGING, Status.REGRESSING) else 0
    return nw.lit(f"{severity}{band.status.value}")


def judge_bands(pace: nw.Expr, lag: nw.Expr, thresholds: Thresholds) -> nw.Expr:
    """Return the band for a pace index (null where nothing is expected yet) and a lag in percentage points."""
    if thresholds.by == "lag":
        return _band_of(lag, thresholds.bands, closed_above=True)
    on_track = code(Band(Status.ON_TRACK))
    bands = _band_of(pace, thresholds.bands)
    if thresholds.lag_floor is None:
        return nw.when(pace.is_null()).then(on_track).otherwise(bands)
    near = (lag <= thresholds.lag_floor + TOLERANCE).fill_null(False)
    forgiven = tuple(Band(Status.ON_TRACK, b.lower, b.upper) if b.status in WORSE else b for b in thresholds.bands)
    return choose([(pace.is_null(), on_track), (near, _band_of(pace, forgiven))], bands)


def _band_of(figure: nw.Expr, bands: Sequence[Band], closed_above: bool = False) -> nw.Expr:
    """Return the band that holds a figure; noise at a bound counts for the better side."""
    cases = []
    for band in bands[:-1]:
        if closed_above:
            assert band.upper is not None  # noqa: S101 - the loading refuses bands that leave a gap
            cases.append((figure <= band.upper + TOLERANCE, code(band)))
        else:
            assert band.lower is not None  # noqa: S101 - as above
            cases.append((figure >= band.lower - TOLERANCE, code(band)))
    return choose(cases, code(bands[-1]))


def _work(thresholds: Thresholds) -> nw.Expr:
    """Return the band of a KPI that is neither over nor done, by what its thresholds judge."""
    a, pace, lag = nw.col("attainment"), nw.col("pace"), nw.col("lag").fill_null(0.0)
    only = nw.when(nw.col("_met")).then(code(Band(Status.ON_TRACK))).otherwise(code(Band(Status.LAGGING)))

    def by_course(chosen: Thresholds) -> nw.Expr:
        return nw.when(a.is_null()).then(only).otherwise(judge_bands(pace, lag, chosen))

    if thresholds.by != "growth":
        return by_course(thresholds)
    ratio, observed, without = nw.col("growth_ratio"), nw.col("growth"), ~nw.col("_has_target")
    return choose(
        [
            (~ratio.is_null(), _band_of(ratio, thresholds.bands)),
            (without & ~observed.is_null(), _band_of(observed, thresholds.without_target)),
            (without, code(Band(Status.UNKNOWN))),
        ],
        by_course(TIMELINE),
    )


def at_work(facts: Facts, rules: Rules) -> nw.Expr:
    """Return the band of what is neither over nor done, by the thresholds of each row."""
    default = rules.thresholds
    named = [(nw.col("thresholds") == name, _work(rules.presets[name])) for name in facts.thresholds]
    return choose(named, _work(default))


def verdict(facts: Facts) -> dict[str, nw.Expr]:
    """Return `_full`, the severity and status in one text, and `underlying`; `_band` is what the figures say."""
    regresses = is_measure(Measure.LEVEL) & (nw.col("attainment") < -TOLERANCE).fill_null(False)
    band = nw.col("_band")
    better = band.is_in([f"0{name}" for name in BETTER])
    late_step = nw.col("_late_step") if facts.has(Measure.MILESTONE) else NO
    judged = choose(
        [(regresses, code(Band(Status.REGRESSING))), (late_step & better, code(Band(Status.AT_RISK)))], band
    )
    missing = nw.when(nw.col("_late_without")).then(nw.lit("0no_data")).otherwise(nw.lit("0pending"))
    decided = [
        (nw.col("_exempt"), nw.lit("0exempt")),
        (nw.col("data_date").is_null(), missing),
        (nw.col("_broken"), nw.lit("1breached")),
        (nw.col("_achieved"), nw.lit("0achieved")),
        (nw.col("ended") & nw.col("_has_target"), nw.lit("1missed")),
        (nw.col("_no_course"), nw.lit("0no_data")),
    ]
    overdue = nw.col("overdue")
    said = choose([(condition, NOWHERE) for condition, _ in decided], nw.when(overdue).then(judged))
    return {
        "_full": choose([*decided, (overdue, nw.lit("0stale"))], judged),
        "_underlying": said,
    }
