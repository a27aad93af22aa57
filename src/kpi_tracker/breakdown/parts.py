"""The parts of one KPI by one dimension: what was known of them on a date, who is missing, and what they make."""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from kpi_tracker.derived.derivation import known_rows, rows_at
from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.breakdown import Breakdown, Dimension, Member, members_of
from kpi_tracker.model.exactness import exact, mean_of, total_of
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Adds
from kpi_tracker.model.observation import EMPTY, Observation, Parts, Series

__all__ = ["Known", "PartsOf", "parts_of"]

NO_WEIGHT = Phrase(N_("the weights of its parts add up to 0"))


class Known(NamedTuple):
    """What is known of the parts on a date: their figures and weights by member, and which members have not reported."""

    rows: Mapping[str, Observation]
    weights: Mapping[str, float]
    missing: tuple[Member, ...]
    weighing: tuple[Observation, ...] = ()


class PartsOf:
    """The parts of a KPI by one dimension of the plan."""

    def __init__(self, plan: Plan, kpi: Kpi, breakdown: Breakdown, dimension: Dimension, parts: Parts) -> None:
        """Take the series of the members, and those of the KPI that weighs them."""
        members = members_of(breakdown, dimension)
        self.kpi, self.breakdown, self.members = kpi, breakdown, members
        self._plan, self._complete = plan, dimension.complete
        self.series = _by_member(parts, kpi.id, breakdown.by, members)
        self._days: dict[str, dict[date, list[Observation]]] = {}
        for name, one in self.series.items():
            for row in one.rows:
                self._days.setdefault(name, {}).setdefault(row.date, []).append(row)
        own = {member.id: breakdown.own(member).weight for member in members}
        self._own_weights = {name: 1.0 if weight is None else weight for name, weight in own.items()}
        self._weigher: Kpi | None = None
        self._weighing: Mapping[str, Series] = {}
        if breakdown.weigh_by:
            weigher = plan.find(breakdown.weigh_by)[1]
            assert isinstance(weigher, Kpi)  # noqa: S101 - loading refuses any other
            self._weigher, self._weighing = weigher, _by_member(parts, weigher.id, breakdown.by, members)

    @property
    def days(self) -> list[date]:
        """The dates on which at least one part has a figure."""
        return sorted({day for days in self._days.values() for day in days})

    def moments(self, day: date) -> list[datetime]:
        """Return the times at which something about the parts of `day` came to be known, once nothing was missing."""
        rows = [row for days in self._days.values() for row in days.get(day, ())]
        if self._weigher is not None:
            rows += [row for one in self._weighing.values() for row in rows_at(self._plan, self._weigher, one, day)]
        moments = sorted({row.recorded() for row in rows})
        return moments[bisect_left(moments, True, key=lambda moment: not self.known(day, moment).missing) :]

    def known(self, day: date, moment: datetime | None = None) -> Known:
        """Return what was known of the parts of `day` at a time, everything if left out."""
        rows: dict[str, Observation] = {}
        weights: dict[str, float] = {}
        missing: list[Member] = []
        weighing: list[Observation] = []
        for member in self.members:
            seen = known_rows(self._days.get(member.id, {}).get(day, []), moment)
            weight, by = self._weight(member, day, moment)
            if seen and weight is not None:
                rows[member.id], weights[member.id] = seen[-1], weight
                weighing += by
            elif not member.optional:
                missing.append(member)
        return Known(rows, weights, tuple(missing), tuple(weighing))

    def _weight(self, member: Member, day: date, moment: datetime | None) -> tuple[float | None, Sequence[Observation]]:
        """Return the weight of a member on a date: its own, or what the KPI that weighs them has for it; None if unknown."""
        if self._weigher is None:
            return self._own_weights[member.id], ()
        rows = known_rows(rows_at(self._plan, self._weigher, self._weighing[member.id], day), moment)
        if not any(row.date == day for row in rows):
            return None, ()
        return total_of(row.value for row in rows if isinstance(row.value, float | int)), rows

    def made(self, known: Known) -> float | Phrase | None:
        """Return what parts of one date make together; None where a member is missing, a phrase where that is no number."""
        if known.missing or not known.rows or self.breakdown.adds is Adds.NONE or not self._complete:
            return None
        values = {name: float(row.value) for name, row in known.rows.items()}  # type: ignore[arg-type]
        if self.breakdown.adds is not Adds.MEAN:
            return _COMBINED[self.breakdown.adds](tuple(values.values()))
        weights = known.weights
        if len(set(weights.values())) == 1 and any(weights.values()):
            return mean_of(tuple(values.values()))
        whole = total_of(weights.values())
        if whole <= 0:
            return NO_WEIGHT
        return exact(total_of(weights[name] * value for name, value in values.items()) / whole)


_COMBINED: dict[Adds, Callable[[tuple[float, ...]], float]] = {Adds.SUM: total_of, Adds.MAX: max, Adds.MIN: min}


def _by_member(parts: Parts, kpi: str, by: str, members: tuple[Member, ...]) -> dict[str, Series]:
    found = parts.get(kpi, {})
    return {member.id: found.get((by, member.id), EMPTY) for member in members}


def parts_of(plan: Plan, kpi: Kpi, parts: Parts) -> tuple[PartsOf, ...]:
    """Return the parts of `kpi` by each dimension that it is taken apart by."""
    found = []
    for breakdown in kpi.breakdown:
        dimension = plan.dimension(breakdown.by)
        if dimension is not None:  # else it could not be read, and is reported
            found.append(PartsOf(plan, kpi, breakdown, dimension, parts))
    return tuple(found)
