"""The tone in which a status is said; its word and shape say the same."""

from kpi_tracker.model.measure import LAGGING, Status

__all__ = ["tone"]

_GOOD = frozenset({Status.ON_TRACK, Status.AHEAD, Status.ACHIEVED})


def tone(status: Status) -> str:
    """Return `good`, `warn`, `bad`, or `none` for a status that says nothing of the course."""
    if status in LAGGING:
        return "bad"
    return "good" if status in _GOOD else "warn" if status is Status.AT_RISK else "none"
