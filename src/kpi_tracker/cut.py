"""A scorecard cut by a dimension: for each of its members the KPIs that are taken apart by it, as they stand there."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from kpi_tracker.model.breakdown import Dimension, Member
from kpi_tracker.model.measure import UNSCORED, WORST_FIRST, Status
from kpi_tracker.model.scorecard import KpiScore, PartScore, Scorecard
from kpi_tracker.record import record

__all__ = ["Cut", "MemberCut", "Standing", "cut_by", "dimension_called"]


class Standing(NamedTuple):
    """A KPI as a whole, and the part of it that a member has."""

    whole: KpiScore
    part: PartScore

    @property
    def unreported(self) -> bool:
        """Whether the member has not reported: a figure is overdue, or others have one of a date for which it has none."""
        if self.part.member.optional:
            return False
        score, name = self.part.score, self.part.member.id
        awaited = any(
            member.id == name for lack in self.whole.unreported
            if lack.dimension == self.part.dimension for member in lack.members
        )  # fmt: skip
        behind = (score.data_date or date.min) < (self.whole.data_date or date.min)
        return score.status in UNSCORED or awaited or behind


@record
class MemberCut:
    """One member with its part of every KPI that has one for it, in the plan's order."""

    member: Member
    standings: tuple[Standing, ...]

    @property
    def counts(self) -> Mapping[Status, int]:
        """How many of its parts have each status, the worst first; `unknown` are those without a target of their own."""
        found = Counter(one.part.score.status for one in self.standings)
        return {status: found[status] for status in WORST_FIRST if found[status]}

    @property
    def unreported(self) -> tuple[Standing, ...]:
        """The KPIs that it has not reported."""
        return tuple(one for one in self.standings if one.unreported)


@record
class Cut:
    """The members of a dimension in its order, and the KPIs that are taken apart by it."""

    dimension: Dimension
    members: tuple[MemberCut, ...]
    kpis: tuple[KpiScore, ...]


def dimension_called(scorecard: Scorecard, name: str) -> Dimension | None:
    """Return the dimension of the plan that is called so, by id or title, letters of either case."""
    folded = name.casefold()
    for dimension in scorecard.plan.dimensions:
        if folded in (dimension.id.casefold(), dimension.title.zh.casefold(), dimension.title.en.casefold()):
            return dimension
    return None


def cut_by(scorecard: Scorecard, name: str) -> Cut:
    """Return `scorecard` cut by the dimension that is called `name`.

    Raises:
        KeyError: the plan has no dimension of that name.
    """
    dimension = dimension_called(scorecard, name)
    if dimension is None:
        raise KeyError(name)
    found: dict[str, list[Standing]] = {member.id: [] for member in dimension.members}
    kpis = []
    for kpi in scorecard.kpis:
        parts = [part for part in kpi.parts if part.dimension == dimension.id]
        kpis += [kpi] if parts else []
        for part in parts:
            found[part.member.id].append(Standing(kpi, part))
    members = tuple(MemberCut(member, tuple(found[member.id])) for member in dimension.members)
    return Cut(dimension, members, tuple(kpis))
