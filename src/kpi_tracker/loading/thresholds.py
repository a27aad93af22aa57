"""Thresholds from a plan: a preset's name, a preset with bounds of its own, or bands that the user declares."""

from itertools import pairwise
from typing import Any

from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.language import N_, Phrase
from kpi_tracker.loading.fields import Origin, Written
from kpi_tracker.loading.wrong import Reported
from kpi_tracker.model.measure import Status
from kpi_tracker.model.thresholds import PRESETS, Band, Thresholds, timeline
from kpi_tracker.model.unit import NO_UNIT
from kpi_tracker.notation.number import Unreadable, read_number

__all__ = ["build_preset", "build_thresholds"]

BOUNDS = ("ahead", "on_track", "at_risk", "lag_floor")
STATUSES = tuple(s.value for s in (Status.AHEAD, Status.ON_TRACK, Status.AT_RISK, Status.LAGGING, Status.REGRESSING))
FIGURES = ("pace", "lag")


def build_thresholds(written: Written, origin: Origin) -> Thresholds | str:
    """Return the name of a preset, or `timeline` with other bounds.

    Raises:
        Reported: the bounds contradict each other, or belong to another preset; the fault is in the report.
    """
    values = written.values
    bounds = {key: values[key] for key in BOUNDS if key in values}
    preset = str(values.get("preset", "timeline"))
    if not bounds:
        return preset
    if preset != "timeline":
        reason = Phrase(N_("only the preset timeline takes bounds of its own"))
        origin.wrong(written.node, "KT212", value=preset, reason=reason)
        raise Reported
    thresholds = timeline(**bounds)
    ahead, on_track, at_risk = (band.lower or 0.0 for band in thresholds.bands[:3])
    if not ahead >= on_track >= at_risk:
        reason = Phrase(N_("they must fall from ahead over on_track to at_risk"))
        origin.wrong(written.node, "KT212", value=preset, reason=reason)
        raise Reported
    return thresholds


def build_preset(name: str, written: Written, origin: Origin) -> Thresholds | None:
    """Return a preset of the user's own, or None when its fault is in the report."""
    by = written.values["by"]
    if by not in FIGURES:
        origin.wrong(written.node, "KT204", key="by", value=by, expected=FIGURES, nearest=nearest(by, FIGURES))
        return None
    if name in PRESETS:
        origin.wrong(written.node, "KT301", value=name, first=Phrase(N_("a preset of this name is built in")))
        return None
    bands = [_band(band, origin) for band in written.values["bands"]]
    if any(band is None for band in bands):
        return None
    found = sorted((band for band in bands if band is not None), key=_lower)
    reason = _hole(found)
    if reason is not None:
        origin.wrong(written.node, "KT212", value=name, reason=reason)
        return None
    # Judging looks for the first band that holds a figure, from its best end.
    return Thresholds(name, by, tuple(found if by == "lag" else reversed(found)))


def _lower(band: Band) -> float:
    return float("-inf") if band.lower is None else band.lower


def _band(written: Written, origin: Origin) -> Band | None:
    values = written.values
    status = values["status"]
    if status not in STATUSES:
        near = nearest(status, STATUSES)
        origin.wrong(written.node, "KT204", key="status", value=status, expected=STATUSES, nearest=near)
        return None
    before = len(origin.report.diagnostics)
    lower, upper = _bound(values, "from", origin), _bound(values, "to", origin)
    if len(origin.report.diagnostics) > before:
        return None
    return Band(Status(status), lower, upper, values.get("severity", 1))


def _bound(values: dict[str, Any], key: str, origin: Origin) -> float | None:
    if key not in values:
        return None
    try:
        return read_number(values[key].value, NO_UNIT)
    except Unreadable as unreadable:
        origin.wrong(values[key], "KT205", key=key, value=values[key].value, unit="", reason=unreadable.reason)
        return None


def _hole(bands: list[Band]) -> Phrase | None:
    """Return what keeps sorted bands from covering everything exactly once."""
    if not bands or bands[0].lower is not None:
        return Phrase(N_("nothing covers the lowest values: one band must have no “from”"))
    if bands[-1].upper is not None:
        return Phrase(N_("nothing covers the highest values: one band must have no “to”"))
    for below, above in pairwise(bands):
        if below.upper is None or above.lower is None or below.upper != above.lower:
            at = below.upper if below.upper is not None else above.lower
            return Phrase(N_("two bands do not meet at {bound}"), {"bound": "∞" if at is None else f"{at:g}"})
    return None
