"""Goals, the plan that holds them, and the facts recorded beside them."""

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING

from kpi_tracker.diagnostics.place import NOWHERE, Place
from kpi_tracker.model.amendment import Amendment
from kpi_tracker.model.datasource import DataSource
from kpi_tracker.model.flagging import FlagRules
from kpi_tracker.model.kpi import Exempt, Kpi, Support
from kpi_tracker.model.measure import Cadence
from kpi_tracker.model.period import Calendar, Period
from kpi_tracker.model.target import Source
from kpi_tracker.model.thresholds import PRESETS, TIMELINE, Thresholds
from kpi_tracker.model.unit import NO_UNIT, Text, Unit
from kpi_tracker.record import field, record

if TYPE_CHECKING:
    import polars

    from kpi_tracker.model.breakdown import Dimension

__all__ = ["Assumed", "Broken", "Fact", "Goal", "Kind", "Plan"]


@record
class Fact:
    """Something recorded about the baseline year that no KPI carries on."""

    id: str
    title: Text
    value: float | str | None = None
    unit: Unit = NO_UNIT
    year: int | None = None
    approximate: bool = False
    tags: tuple[str, ...] = ()
    source: Source | None = None
    notes: Text | None = None
    where: Place = field(default=NOWHERE, eq=False)


@record
class Broken:
    """A KPI that could not be read: left out of the scores, and counted as missing where it stands.

    `supports` is what could be read of its links, so that their faults are told too.
    """

    id: str
    weight: float = 1.0
    where: Place = field(default=NOWHERE, eq=False)
    supports: tuple[Support, ...] = ()


@record
class Goal:
    """A goal with the goals and KPIs below it."""

    id: str
    title: Text
    kind: str = ""
    weight: float = 1.0
    goals: "tuple[Goal, ...]" = ()
    kpis: tuple[Kpi, ...] = ()
    broken: tuple[Broken, ...] = ()
    facts: tuple[Fact, ...] = ()
    owner: Text | None = None
    tags: tuple[str, ...] = ()
    supports: tuple[Support, ...] = ()
    thresholds: Thresholds | str | None = None
    exempt: Exempt | None = None
    source: Source | None = None
    notes: Text | None = None
    where: Place = field(default=NOWHERE, eq=False)

    @property
    def children(self) -> "tuple[Goal | Kpi, ...]":
        """The goals and KPIs right below it."""
        return (*self.goals, *self.kpis)


class Assumed(StrEnum):
    """What of a plan may be assumed throughout, where its source does not give it."""

    OWNER = "owner"
    WEIGHT = "weight"
    SUPPORTS = "supports"
    STEPS = "steps"


@record
class Kind:
    """A kind of goal or KPI that the plan declares; `count` where it must hold exactly so many."""

    title: Text
    count: int | None = None


@record
class Plan:
    """A whole plan. Its own `goals` and `kpis` are the top level of the tree."""

    id: str
    title: Text
    period: Period
    time_zone: str
    baseline_year: int
    calendar: Calendar = Calendar.MONTHS
    thresholds: Thresholds = TIMELINE
    presets: dict[str, Thresholds] = field(factory=lambda: dict(PRESETS))
    coverage_floor: float = 0.8
    kinds: dict[str, Kind] = field(factory=dict)
    cadence: Cadence = Cadence.MONTHLY
    grace: int = 10
    goals: tuple[Goal, ...] = ()
    kpis: tuple[Kpi, ...] = ()
    broken: tuple[Broken, ...] = ()
    facts: tuple[Fact, ...] = ()
    flags: FlagRules = FlagRules()
    amendments: tuple[Amendment, ...] = ()
    sources: tuple[DataSource, ...] = ()
    dimensions: "tuple[Dimension, ...]" = ()
    owner: Text | None = None
    assumed: tuple[Assumed, ...] = ()
    source: Source | None = None
    notes: Text | None = None
    files: tuple[str, ...] = field(default=(), eq=False)
    observation_files: tuple[str, ...] = field(default=(), eq=False)
    where: Place = field(default=NOWHERE, eq=False)

    @property
    def children(self) -> tuple[Goal | Kpi, ...]:
        """The goals and KPIs of the top level."""
        return (*self.goals, *self.kpis)

    def walk(self) -> "Iterator[tuple[str, Goal | Kpi]]":
        """Yield every goal and KPI with its path by ids (`focus/safety/food`), parents first, in the plan's order."""
        yield from _walk("", self.goals, self.kpis)

    @property
    def counts(self) -> tuple[int, int, int]:
        """The number of goals, KPIs and facts in the plan."""
        items = [item for _, item in self.walk()]
        goals = [item for item in items if isinstance(item, Goal)]
        facts = len(self.facts) + sum(len(goal.facts) for goal in goals)
        return len(goals), len(items) - len(goals), facts

    def to_frame(self) -> "polars.DataFrame":
        """Return a row a KPI, the targets of `kpi_tracker.frames.score`; needs the extra `frames`."""
        from kpi_tracker.frames.conversion import targets_of

        return targets_of(self)

    def tree_frame(self) -> "polars.DataFrame":
        """Return a row a goal and one for the plan, the tree of `kpi_tracker.frames.roll_up`; needs the extra `frames`."""
        from kpi_tracker.frames.conversion import tree_of

        return tree_of(self)

    def links_frame(self) -> "polars.DataFrame":
        """Return a row a link of `supports`, the links of `kpi_tracker.frames.roll_up`; needs the extra `frames`."""
        from kpi_tracker.frames.conversion import links_of

        return links_of(self)

    def dimension(self, name: str) -> "Dimension | None":
        """Return the dimension with the id `name`."""
        return next((one for one in self.dimensions if one.id == name), None)

    def find(self, reference: str) -> "tuple[str, Goal | Kpi]":
        """Return the path and the item that `reference` names: an id, or the last segments of a path.

        Raises:
            KeyError: nothing in the plan has that name.
        """
        for path, item in self.walk():
            if names(path, reference):
                return path, item
        raise KeyError(reference)


def names(path: str, reference: str) -> bool:
    """Tell whether `reference` is `path` or its last segments (whole segments: `A1` does not name `A10`)."""
    return path == reference or path.endswith("/" + reference)


def within(path: str, branch: str) -> bool:
    """Tell whether `path` is `branch` or stands below it, by whole segments; an empty branch is the plan."""
    return not branch or path == branch or path.startswith(branch + "/")


def _walk(above: str, goals: tuple[Goal, ...], kpis: tuple[Kpi, ...]) -> "Iterator[tuple[str, Goal | Kpi]]":
    for goal in goals:
        path = above + goal.id
        yield path, goal
        yield from _walk(path + "/", goal.goals, goal.kpis)
    for kpi in kpis:
        yield above + kpi.id, kpi
