"""Where the parts of a KPI do not make its total, and who has not reported."""

from datetime import date
from typing import NamedTuple

from kpi_tracker.diagnostics.place import Place
from kpi_tracker.model.breakdown import Member
from kpi_tracker.model.exactness import added

__all__ = ["Discrepancy", "Unreported"]


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
