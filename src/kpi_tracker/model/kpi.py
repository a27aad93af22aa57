"""A key performance indicator as the plan states it."""

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from kpi_tracker.diagnostics.place import NOWHERE, Place
from kpi_tracker.model.measure import Aggregate, Cadence, Direction, Measure
from kpi_tracker.model.target import Baseline, Source, Target
from kpi_tracker.model.thresholds import Thresholds
from kpi_tracker.model.unit import NO_UNIT, Text, Unit
from kpi_tracker.record import field, record

if TYPE_CHECKING:
    from kpi_tracker.model.breakdown import Breakdown

__all__ = ["Exempt", "ExemptKind", "Formula", "Kpi", "Point", "ProfileKind", "Step", "Support"]


class ExemptKind(StrEnum):
    """Why an item is out of the count."""

    CANCELLED = "cancelled"
    MERGED = "merged"
    POSTPONED = "postponed"


@record
class Exempt:
    """An item taken out of every denominator from `date` on."""

    kind: ExemptKind
    reason: Text
    date: date


@record
class Formula:
    """How a derived KPI is calculated, as the plan writes it; `where` is its first character."""

    text: str
    where: Place = field(default=NOWHERE, eq=False)


@record
class Support:
    """A link by which an item counts toward a goal of another branch."""

    to: str
    weight: float | None = None
    where: Place = field(default=NOWHERE, eq=False)


@record
class Step:
    """One step of a milestone KPI."""

    id: str
    title: Text
    due: date
    weight: float = 1.0


class ProfileKind(StrEnum):
    """The expected course of a KPI over its period."""

    ELAPSED = "elapsed"
    AT_END = "at-end"
    BASELINE_YEAR = "baseline-year"
    POINTS = "points"


@record
class Point:
    """A declared point of a profile: `share` (0 … 1) is expected by the end of `date`."""

    date: date
    share: float


@record
class Kpi:
    """One KPI. Numbers are in `unit`; `direction` is None for limits, milestones and grades.

    `cadence`, `grace` and `thresholds` are None where the plan's hold; `thresholds` may be the name of a preset.
    """

    id: str
    title: Text
    measure: Measure
    unit: Unit = NO_UNIT
    direction: Direction | None = None
    direction_inferred: bool = False
    baseline: Baseline | None = None
    target: Target | None = None
    aggregate: Aggregate | None = None
    formula: Formula | None = None
    breakdown: "tuple[Breakdown, ...]" = ()
    profile: ProfileKind = ProfileKind.ELAPSED
    points: tuple[Point, ...] = ()
    start: date | None = None
    due: date | None = None
    cadence: Cadence | None = None
    grace: int | None = None
    scale: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    weight: float = 1.0
    veto: bool = False
    binding: bool = False
    kind: str = ""
    owner: Text | None = None
    tags: tuple[str, ...] = ()
    supports: tuple[Support, ...] = ()
    thresholds: Thresholds | str | None = None
    exempt: Exempt | None = None
    source: Source | None = None
    notes: Text | None = None
    where: Place = field(default=NOWHERE, eq=False)

    @property
    def has_target(self) -> bool:
        """Whether there is something to reach: a target, or the steps of a milestone."""
        return self.target is not None or self.measure is Measure.MILESTONE
