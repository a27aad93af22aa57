"""The parts of a KPI at a date: how each stands, where they do not make the total, and who has not reported."""

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from kpi_tracker.diagnostics.place import Place
from kpi_tracker.model.breakdown import Member
from kpi_tracker.model.exactness import added

if TYPE_CHECKING:
    from kpi_tracker.model.scorecard import KpiScore

__all__ = ["Discrepancy", "PartScore", "Unreported"]


class Discrepancy(NamedTuple):
    """A date on which a total is not what its parts make: both in the KPI's unit, and by how much they may differ.

    `where` is the row of the total.
    """

    dimension: str
    date: date
    total: float
    parts: float
    allowed: float
    where: Place

    @property
    def difference(self) -> float:
        """The total less what the parts make."""
        return added(self.total, -self.parts)


class Unreported(NamedTuple):
    """A date on which some parts have a figure and others have not, so that there is no total; who is missing."""

    dimension: str
    date: date
    members: tuple[Member, ...]


class PartScore(NamedTuple):
    """One part of a KPI: the member of a dimension that it is of, its score, and its share of the total (sums only).

    `score.kpi` has the member's own target and baseline; without a target it is not judged (`unknown`) unless a figure
    is overdue, and `score.value` is what there is.
    """

    dimension: str
    member: Member
    score: "KpiScore"
    share: float | None = None
