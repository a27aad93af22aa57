"""Where each group stands: its place among the groups, the figures that carry it, the counts below it."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from kpi_tracker.league.group import Group
from kpi_tracker.model.exactness import TOLERANCE
from kpi_tracker.model.measure import LAGGING, UNSAID, UNSCORED, WORST_FIRST, Status
from kpi_tracker.record import field, record

if TYPE_CHECKING:
    import polars

__all__ = ["Standing", "standings"]


@record
class Standing:
    """One group as its whole plan stands. `rank` is None where too little is known of it for a place among the others.

    Attainment, expected and coverage are fractions, the lag is in percentage points; `counts` has the KPIs by status.
    """

    group: Group
    status: Status
    rank: int | None = None
    severity: int = 0
    attainment: float | None = None
    expected: float | None = None
    lag: float | None = None
    coverage: float | None = None
    worst: Status | None = None
    counts: Mapping[Status, int] = field(factory=dict)
    vetoed: int = 0
    bound: int = 0

    @property
    def kpis(self) -> int:
        """The number of KPIs."""
        return sum(self.counts.values())

    @property
    def lagging(self) -> int:
        """The number of KPIs that lag."""
        return sum(n for status, n in self.counts.items() if status in LAGGING)

    @property
    def judged(self) -> int:
        """The number of KPIs of which something can be said."""
        return sum(n for status, n in self.counts.items() if status not in UNSAID)

    @property
    def data_problems(self) -> int:
        """The number of KPIs whose data are missing or old, or of which nothing can be said."""
        return sum(n for status, n in self.counts.items() if status in UNSCORED or status is Status.UNKNOWN)


def standings(roll: "polars.DataFrame", column: str, groups: Iterable[Group], floor: float) -> tuple[Standing, ...]:
    """Return the ranked groups, the best first, then those that cannot be ranked, in the order of their ids.

    `roll` has the rows that `frames.roll_up` gives by `column`; those of the node "" count. Groups are ranked by the
    score of their plan, the mean attainment; groups of the same score share a rank. One whose coverage is below `floor`,
    or of which nothing can be said, has no rank: a good mean of the few figures that arrived is no place.
    """
    rows = {row[column]: row for row in roll.iter_rows(named=True) if row["node"] == ""}
    found = [_standing(group, rows.get(group.id)) for group in groups]
    ranked = [one for one in found if _can_be_ranked(one, floor)]
    ranked.sort(key=lambda one: (-_score(one), one.group.id))
    others = sorted((one for one in found if not _can_be_ranked(one, floor)), key=lambda one: one.group.id)
    return (*_with_ranks(ranked), *others)


def _standing(group: Group, row: Mapping[str, Any] | None) -> Standing:
    if row is None:
        return Standing(group, Status.UNKNOWN)
    counts = {status: n for status in WORST_FIRST if (n := row[f"n_{status.value}"])}
    worst = None if row["worst"] is None else Status(row["worst"])
    return Standing(
        group, Status(row["status"]), None, row["severity"] or 0, row["attainment"], row["expected"], row["lag"],
        row["coverage"], worst, counts, row["vetoed"] or 0, row["bound"] or 0,
    )  # fmt: skip


def _can_be_ranked(one: Standing, floor: float) -> bool:
    if one.attainment is None or one.coverage is None or one.status in UNSAID:
        return False
    return one.coverage >= floor - TOLERANCE


def _score(one: Standing) -> float:
    """Return what a group is ranked by; noise of binary fractions makes no difference."""
    return round(one.attainment or 0.0, 9)


def _with_ranks(ranked: list[Standing]) -> Iterable[Standing]:
    from kpi_tracker.record import changed

    rank = 0
    for i, one in enumerate(ranked):
        if i == 0 or _score(one) != _score(ranked[i - 1]):
            rank = i + 1
        yield changed(one, rank=rank)
