"""The status of a KPI: the first rule that matches, and the bands of thresholds."""

from typing import NamedTuple

from kpi_tracker.model.exactness import TOLERANCE
from kpi_tracker.model.measure import Status
from kpi_tracker.model.thresholds import TIMELINE, Band, Thresholds

__all__ = ["Evidence", "Verdict", "band_of", "judge_bands", "status_of"]

BETTER = (Status.AHEAD, Status.ON_TRACK)
SEVERE = (Status.LAGGING, Status.REGRESSING)
WORSE = (Status.AT_RISK, *SEVERE)
ON_TRACK = Band(Status.ON_TRACK)


class Evidence(NamedTuple):
    """What the status of a KPI with at least one observation rests on; `growth` and `has_target` serve one preset."""

    attainment: float | None
    pace: float | None
    lag: float | None
    met: bool
    achieved: bool
    broken: bool
    ended: bool
    overdue: bool
    can_regress: bool
    at_least_at_risk: bool
    growth: float | None = None
    observed_growth: float | None = None
    has_target: bool = True


class Verdict(NamedTuple):
    """A status; `underlying` is what old data would say where it is stale; severity above 0 tells lagging apart."""

    status: Status
    severity: int = 0
    underlying: Status | None = None


def status_of(evidence: Evidence, thresholds: Thresholds) -> Verdict:
    """Return the status of a KPI that has an observation; the first rule that matches decides."""
    if evidence.broken:
        return Verdict(Status.BREACHED, 1)
    if evidence.achieved:
        return Verdict(Status.ACHIEVED)
    if evidence.ended and evidence.has_target:
        return Verdict(Status.MISSED, 1)
    judged = _at_work(evidence, thresholds)
    return Verdict(Status.STALE, 0, judged.status) if evidence.overdue else judged


def _at_work(evidence: Evidence, thresholds: Thresholds) -> Verdict:
    """Return what the figures say of a KPI that is neither over nor done."""
    if evidence.can_regress and evidence.attainment is not None and evidence.attainment < -TOLERANCE:
        return Verdict(Status.REGRESSING, 1)
    band = _band(evidence, thresholds)
    if evidence.at_least_at_risk and band.status in BETTER:
        return Verdict(Status.AT_RISK)
    return Verdict(band.status, band.severity if band.status in SEVERE else 0)


def _band(evidence: Evidence, thresholds: Thresholds) -> Band:
    if thresholds.by == "growth":
        if evidence.growth is not None:
            return band_of(evidence.growth, thresholds.bands)
        if not evidence.has_target and evidence.observed_growth is not None:
            return band_of(evidence.observed_growth, thresholds.without_target)
        if not evidence.has_target:
            return Band(Status.UNKNOWN)
        thresholds = TIMELINE  # no growth to judge: milestones, limits, grades, a baseline of 0
    if evidence.attainment is None:
        return ON_TRACK if evidence.met else Band(Status.LAGGING)
    return judge_bands(evidence.pace, evidence.lag or 0.0, thresholds)


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
