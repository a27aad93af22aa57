"""The status of a KPI: the first rule that matches, and the bands of thresholds."""

from typing import NamedTuple

from kpi_tracker.model.exactness import TOLERANCE
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Measure, Status
from kpi_tracker.model.scorecard import Growth
from kpi_tracker.model.thresholds import TIMELINE, Band, Thresholds
from kpi_tracker.scoring.judgement import Judgement

__all__ = ["Verdict", "band_of", "judge_bands", "status_of"]

BETTER = (Status.AHEAD, Status.ON_TRACK)
SEVERE = (Status.LAGGING, Status.REGRESSING)
WORSE = (Status.AT_RISK, *SEVERE)
ON_TRACK, LAGGING, UNKNOWN = Band(Status.ON_TRACK), Band(Status.LAGGING), Band(Status.UNKNOWN)
LEVEL = Measure.LEVEL


class Verdict(NamedTuple):
    """A status; `underlying` is what old data would say where it is stale; severity above 0 tells lagging apart."""

    status: Status
    severity: int = 0
    underlying: Status | None = None


BREACHED, MISSED, REGRESSING = (Verdict(one, 1) for one in (Status.BREACHED, Status.MISSED, Status.REGRESSING))
NOT_SEVERE = {one: Verdict(one) for one in Status if one not in SEVERE}
ACHIEVED, AT_RISK = NOT_SEVERE[Status.ACHIEVED], NOT_SEVERE[Status.AT_RISK]


def status_of(
    kpi: Kpi, judged: Judgement, pace: float | None, lag: float, grown: Growth | None, ended: bool, overdue: bool,
    thresholds: Thresholds,
) -> Verdict:  # fmt: skip
    """Return the status of a KPI that has an observation; the first rule that matches decides.

    `pace` is None where nothing is expected yet, `lag` is in percentage points, and `grown` is there where the
    thresholds are for growth.
    """
    if judged.broken:
        return BREACHED
    if judged.achieved:
        return ACHIEVED
    if ended and kpi.has_target:
        return MISSED
    band = _band(kpi, judged, pace, lag, grown, thresholds)
    a, status = judged.attainment, band.status
    if kpi.measure is LEVEL and a is not None and a < -TOLERANCE:
        verdict = REGRESSING
    elif judged.at_least_at_risk and status in BETTER:
        verdict = AT_RISK
    else:
        verdict = Verdict(status, band.severity) if status in SEVERE else NOT_SEVERE[status]
    return Verdict(Status.STALE, 0, verdict.status) if overdue else verdict


def _band(
    kpi: Kpi, judged: Judgement, pace: float | None, lag: float, grown: Growth | None, thresholds: Thresholds
) -> Band:
    if grown is not None:
        if grown.ratio is not None:
            return band_of(grown.ratio, thresholds.bands)
        if not kpi.has_target:
            return UNKNOWN if grown.observed is None else band_of(grown.observed, thresholds.without_target)
        thresholds = TIMELINE  # no growth to judge: milestones, limits, grades, a baseline of 0
    if judged.attainment is None:
        return ON_TRACK if judged.met else LAGGING
    return judge_bands(pace, lag, thresholds)


def judge_bands(pace: float | None, lag: float, thresholds: Thresholds) -> Band:
    """Return the band for a pace index (None where nothing is expected yet) and a lag in percentage points."""
    if thresholds.by == "lag":
        return band_of(lag, thresholds.bands, closed_above=True)
    if pace is None:
        return ON_TRACK
    band = band_of(pace, thresholds.bands)
    near = thresholds.lag_floor is not None and lag <= thresholds.lag_floor + TOLERANCE
    if near and band.status in WORSE:
        return ON_TRACK
    return band


def band_of(figure: float, bands: tuple[Band, ...], closed_above: bool = False) -> Band:
    """Return the band that holds `figure`; noise at a bound counts for the better side, whichever that is.

    Bands closed below are for figures of which more is better, bands closed above for those of which less is.
    """
    for band in bands:
        if closed_above:
            if band.upper is None or figure <= band.upper + TOLERANCE:
                return band
        elif band.lower is None or figure >= band.lower - TOLERANCE:
            return band
    raise ValueError(f"no band holds {figure}: bands must be in order and cover everything")
