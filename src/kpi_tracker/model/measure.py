"""The closed lists of the field: measures, directions, statuses and their order."""

from enum import StrEnum

__all__ = [
    "LAGGING",
    "NUMERIC",
    "UNSAID",
    "UNSCORED",
    "WORST_FIRST",
    "Adds",
    "Aggregate",
    "Basis",
    "Cadence",
    "Direction",
    "Measure",
    "Status",
]


class Measure(StrEnum):
    """What a KPI measures; each has a scoring module of its name."""

    TOTAL = "total"
    LEVEL = "level"
    RATE = "rate"
    LIMIT = "limit"
    MILESTONE = "milestone"
    GRADE = "grade"


NUMERIC = frozenset({Measure.TOTAL, Measure.LEVEL, Measure.RATE})
"""Measures whose target is a number that a baseline leads to, in one direction."""


class Direction(StrEnum):
    """Which way is better."""

    INCREASE = "increase"
    DECREASE = "decrease"


class Aggregate(StrEnum):
    """How the observations up to a date make one value."""

    SUM = "sum"
    NEWEST = "newest"
    MEAN = "mean"
    MAX = "max"
    MIN = "min"


class Adds(StrEnum):
    """How the parts of one date make the total of that date; `none`: they are shown and never combined."""

    SUM = "sum"
    MEAN = "mean"
    MAX = "max"
    MIN = "min"
    NONE = "none"


class Basis(StrEnum):
    """Where a target comes from: the source gives it, it follows from the source, it is ours."""

    STATED = "stated"
    DERIVED = "derived"
    ASSUMED = "assumed"


class Cadence(StrEnum):
    """How often a figure arrives."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half-yearly"
    YEARLY = "yearly"
    IRREGULAR = "irregular"


class Status(StrEnum):
    """The status of a KPI or of a node; `unknown` is for nodes, and for KPIs that nothing can be said of."""

    PENDING = "pending"
    NO_DATA = "no_data"
    BREACHED = "breached"
    ACHIEVED = "achieved"
    MISSED = "missed"
    STALE = "stale"
    REGRESSING = "regressing"
    AHEAD = "ahead"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    LAGGING = "lagging"
    UNKNOWN = "unknown"
    EXEMPT = "exempt"


# Data problems stand between lagging and at risk: not known to be bad, and never green.
WORST_FIRST: tuple[Status, ...] = (
    Status.BREACHED, Status.MISSED, Status.REGRESSING, Status.LAGGING, Status.NO_DATA, Status.STALE, Status.UNKNOWN,
    Status.AT_RISK, Status.ON_TRACK, Status.AHEAD, Status.ACHIEVED, Status.PENDING, Status.EXEMPT,
)  # fmt: skip
LAGGING = frozenset({Status.LAGGING, Status.REGRESSING, Status.BREACHED, Status.MISSED})
UNSCORED = frozenset({Status.NO_DATA, Status.STALE})
UNSAID = UNSCORED | {Status.PENDING, Status.UNKNOWN, Status.EXEMPT}
