"""The bands of thresholds as expressions: what `kpi_tracker.status` finds for one figure, for a whole column."""

from collections.abc import Sequence

import narwhals.stable.v2 as nw

from kpi_tracker.model.exactness import TOLERANCE
from kpi_tracker.model.measure import Status
from kpi_tracker.model.thresholds import Band, Thresholds

__all__ = ["choose", "judge_bands"]

FORGIVEN = (Status.AT_RISK, Status.LAGGING, Status.REGRESSING)


def choose(cases: Sequence[tuple[nw.Expr, nw.Expr]], otherwise: nw.Expr) -> nw.Expr:
    """Return what stands beside the first condition that holds; a null condition does not hold."""
    found = otherwise
    for condition, value in reversed(cases):
        found = nw.when(condition).then(value).otherwise(found)
    return found


def judge_bands(pace: nw.Expr, lag: nw.Expr, thresholds: Thresholds) -> nw.Expr:
    """Return the band for a pace index (null where nothing is expected yet) and a lag in percentage points.

    It is one text, its severity and its status (`1lagging`), so that one expression finds both.
    """
    if thresholds.by == "lag":
        return _band_of(lag, thresholds.bands, closed_above=True)
    on_track = _code(Band(Status.ON_TRACK))
    bands = _band_of(pace, thresholds.bands)
    if thresholds.lag_floor is None:
        return choose([(pace.is_null(), on_track)], bands)
    near = lag <= thresholds.lag_floor + TOLERANCE
    forgiven = [Band(Status.ON_TRACK, b.lower, b.upper) if b.status in FORGIVEN else b for b in thresholds.bands]
    return choose([(pace.is_null(), on_track), (near, _band_of(pace, forgiven))], bands)


def _code(band: Band) -> nw.Expr:
    severity = band.severity if band.status in (Status.LAGGING, Status.REGRESSING) else 0
    return nw.lit(f"{severity}{band.status.value}")


def _band_of(figure: nw.Expr, bands: Sequence[Band], closed_above: bool = False) -> nw.Expr:
    """Return the band that holds a figure; noise at a bound counts for the better side. The last holds all the rest."""
    cases = []
    for band in bands[:-1]:
        if closed_above:
            cases.append((figure <= (band.upper or 0.0) + TOLERANCE, _code(band)))
        else:
            cases.append((figure >= (band.lower or 0.0) - TOLERANCE, _code(band)))
    return choose(cases, _code(bands[-1]))
