"""Thresholds: the bands that turn a pace, a lag or a growth ratio into a status, and the presets by name."""

from kpi_tracker.model.measure import Status
from kpi_tracker.record import record

__all__ = ["EUROSTAT", "PRESETS", "TIMELINE", "TRAFFIC_LIGHT", "Band", "Thresholds", "timeline"]


@record
class Band:
    """A status for values from `lower` up to `upper`; None is without end; `severity` tells bands of one status apart."""

    status: Status
    lower: float | None = None
    upper: float | None = None
    severity: int = 1


@record
class Thresholds:
    """Bands over one figure.

    `by` names the figure: `pace` and `growth` (bands closed below: from ≤ x < to), `lag` in percentage points (bands
    closed above: from < x ≤ to). With `lag_floor` a lag of up to so many points is on track whatever the pace.
    `without_target` are the bands for growth a year where there is no target (`growth` only).
    """

    name: str
    by: str
    bands: tuple[Band, ...]
    lag_floor: float | None = None
    without_target: tuple[Band, ...] = ()


def timeline(
    ahead: float = 1.10, on_track: float = 0.95, at_risk: float = 0.80, lag_floor: float = 3.0, name: str = "timeline"
) -> Thresholds:
    """Return the default preset with the given bounds of the pace index and floor in percentage points."""
    bands = (
        Band(Status.AHEAD, ahead, None),
        Band(Status.ON_TRACK, on_track, ahead),
        Band(Status.AT_RISK, at_risk, on_track),
        Band(Status.LAGGING, None, at_risk),
    )
    return Thresholds(name, "pace", bands, lag_floor)


def _growth(on_track: float, at_risk: float) -> tuple[Band, ...]:
    return (
        Band(Status.ON_TRACK, on_track, None),
        Band(Status.AT_RISK, at_risk, on_track),
        Band(Status.LAGGING, 0.0, at_risk),
        Band(Status.REGRESSING, None, 0.0),
    )


TIMELINE = timeline()
# Bands of Eurostat's monitoring reports on the Sustainable Development Goals, worded in our statuses.
EUROSTAT = Thresholds("eurostat", "growth", _growth(0.95, 0.60), without_target=_growth(0.015, 0.005))
TRAFFIC_LIGHT = Thresholds(
    "traffic-light",
    "lag",
    (
        Band(Status.ON_TRACK, None, 0.0),
        Band(Status.AT_RISK, 0.0, 10.0),
        Band(Status.LAGGING, 10.0, 30.0),
        Band(Status.LAGGING, 30.0, None, severity=2),
    ),
)
PRESETS = {preset.name: preset for preset in (TIMELINE, EUROSTAT, TRAFFIC_LIGHT)}
