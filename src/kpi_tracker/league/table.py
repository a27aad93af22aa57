"""The league: everything that is told of many groups that follow one plan, as of one day."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from kpi_tracker.diagnostics import Diagnostic, Severity
from kpi_tracker.league.group import Group
from kpi_tracker.league.outlier import Outlier, Slip, outliers, slips
from kpi_tracker.league.spread import Spread, spreads
from kpi_tracker.league.standing import Standing, standings
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import LAGGING, WORST_FIRST, Status
from kpi_tracker.record import field, record

if TYPE_CHECKING:
    import polars

__all__ = ["League", "league_of"]


@record
class League:
    """Many groups, told apart in `column`, that follow `plan`, as of a day.

    `standings` has every group, the ranked ones first; `spreads` every KPI in the order of the plan. `scores` has one
    row a group and KPI, as `frames.score` gives them.
    """

    plan: Plan
    column: str
    as_of: date
    standings: tuple[Standing, ...]
    spreads: tuple[Spread, ...]
    outliers: tuple[Outlier, ...]
    slips: tuple[Slip, ...]
    scores: "polars.DataFrame" = field(eq=False)
    known_at: date | datetime | None = None
    illustrative: bool = False
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def ranked(self) -> tuple[Standing, ...]:
        """The groups that have a place, the best first."""
        return tuple(one for one in self.standings if one.rank is not None)

    @property
    def unranked(self) -> tuple[Standing, ...]:
        """The groups of which too little is known."""
        return tuple(one for one in self.standings if one.rank is None)

    @property
    def lagging_groups(self) -> tuple[Standing, ...]:
        """The groups whose whole plan lags, the worst first."""
        found = (one for one in self.standings if one.status in LAGGING)
        return tuple(sorted(found, key=lambda one: (WORST_FIRST.index(one.status), -(one.lag or 0.0), one.group.id)))

    @property
    def lagging_kpis(self) -> tuple[Spread, ...]:
        """The KPIs that lag in at least one group, that which lags in most first."""
        found = (one for one in self.spreads if one.lagging)
        return tuple(sorted(found, key=lambda one: -one.lagging))

    @property
    def counts(self) -> dict[Status, int]:
        """The number of groups by the status of their whole plan, the worst status first."""
        held = [one.status for one in self.standings]
        return {status: n for status in WORST_FIRST if (n := held.count(status))}

    @property
    def broken(self) -> bool:
        """Whether something of the plan or its data had to be left out."""
        return any(fault.severity is Severity.ERROR for fault in self.diagnostics)

    @property
    def kpis(self) -> dict[str, Kpi]:
        """The KPIs of the plan by id."""
        return {item.id: item for _, item in self.plan.walk() if isinstance(item, Kpi)}

    @property
    def groups(self) -> dict[str, Standing]:
        """The standings by the id of their group."""
        return {one.group.id: one for one in self.standings}


def league_of(
    plan: Plan, column: str, groups: Iterable[Group], as_of: date, scores: "polars.DataFrame",
    roll: "polars.DataFrame",
) -> League:  # fmt: skip
    """Return the league of `groups`.

    `scores` has one row a group and KPI as `frames.score` gives them, `roll` the rows of `frames.roll_up` by `column`.
    """
    kpis = {path: item for path, item in plan.walk() if isinstance(item, Kpi)}
    measures = {item.id: item.measure for item in kpis.values()}
    return League(
        plan, column, as_of, standings(roll, column, groups, plan.coverage_floor), spreads(scores, tuple(kpis)),
        outliers(scores, column), slips(scores, column, measures), scores,
    )  # fmt: skip
