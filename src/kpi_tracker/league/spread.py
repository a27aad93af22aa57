"""How one KPI comes out across the groups: how many lag or report nothing, and how attainment is spread."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kpi_tracker.model.measure import LAGGING, UNSCORED, WORST_FIRST, Status
from kpi_tracker.record import field, record

if TYPE_CHECKING:
    import polars

__all__ = ["Spread", "scored", "spreads"]

GREEN = frozenset({Status.ON_TRACK, Status.AHEAD, Status.ACHIEVED})
OUTSIDE = UNSCORED | {Status.PENDING, Status.EXEMPT}


@record
class Spread:
    """One KPI over all groups: `counts` by status, and the least, the quartiles and the greatest attainment.

    `scored` groups have an attainment that counts; where there is none, so are the figures.
    """

    kpi: str
    path: str
    counts: Mapping[Status, int] = field(factory=dict)
    scored: int = 0
    least: float | None = None
    lower: float | None = None
    median: float | None = None
    upper: float | None = None
    greatest: float | None = None

    @property
    def groups(self) -> int:
        """The number of groups."""
        return sum(self.counts.values())

    @property
    def lagging(self) -> int:
        """The number of groups in which it lags."""
        return sum(n for status, n in self.counts.items() if status in LAGGING)

    @property
    def without_data(self) -> int:
        """The number of groups whose figure is missing or old, or says nothing."""
        return sum(n for status, n in self.counts.items() if status in UNSCORED or status is Status.UNKNOWN)

    @property
    def on_track(self) -> int:
        """The number of groups in which it is on track, ahead or achieved."""
        return sum(n for status, n in self.counts.items() if status in GREEN)

    @property
    def worst(self) -> Status | None:
        """The worst status in any group."""
        return next(iter(self.counts), None)


def scored(scores: "polars.DataFrame") -> "polars.DataFrame":
    """Return the rows whose attainment counts: not those with old data, nor those that are pending or exempt."""
    import polars as pl

    outside = [status.value for status in OUTSIDE]
    return scores.filter(pl.col("attainment").is_not_null() & ~pl.col("status").is_in(outside))


def spreads(scores: "polars.DataFrame", paths: Sequence[str]) -> tuple[Spread, ...]:
    """Return how each KPI comes out, in the order of `paths` (paths of KPIs by ids).

    `scores` has one row a group and KPI, as `frames.score` gives them.
    """
    import polars as pl

    counts: dict[str, dict[Status, int]] = {}
    for kpi, status, n in scores.group_by("kpi", "status").len().iter_rows():
        counts.setdefault(kpi, {})[Status(status)] = n
    a = pl.col("attainment")
    quarters = [a.quantile(share, "linear").alias(name) for share, name in QUARTERS]
    figures = {row[0]: row[1:] for row in scored(scores).group_by("kpi").agg(a.len(), *quarters).iter_rows()}
    found = []
    for path in paths:
        kpi = path.rpartition("/")[2]
        held = counts.get(kpi, {})
        ordered = {status: held[status] for status in WORST_FIRST if status in held}
        found.append(Spread(kpi, path, ordered, *figures.get(kpi, ())))
    return tuple(found)


QUARTERS = ((0.0, "least"), (0.25, "lower"), (0.5, "median"), (0.75, "upper"), (1.0, "greatest"))
