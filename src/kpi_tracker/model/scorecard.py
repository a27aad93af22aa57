"""The result of a check: every figure of every item. What all outputs are made from, and all that they see."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING, NamedTuple

from kpi_tracker.diagnostics import Diagnostic, Severity
from kpi_tracker.language import Phrase
from kpi_tracker.model.goal import Goal, Plan, names, within
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import LAGGING, UNSAID, UNSCORED, WORST_FIRST, Status
from kpi_tracker.model.observation import EMPTY, Series
from kpi_tracker.model.thresholds import TIMELINE, Thresholds
from kpi_tracker.record import field, record

if TYPE_CHECKING:
    import polars

    from kpi_tracker.model.breakdown import Member
    from kpi_tracker.model.part import Discrepancy, Unreported

__all__ = ["Comparison", "GoalScore", "Growth", "KpiScore", "Original", "Outlook", "PartScore", "Scorecard", "Share"]


class Comparison(NamedTuple):
    """A value against a base year.

    `reference` is what it is compared with: the baseline itself (`plain`), its share of the year so far (`pro_rata`),
    or that year's own figure on the same day (`same_day`). `change` is in the KPI's unit, `relative` a fraction.
    """

    year: int
    baseline: float | str
    kind: str
    reference: float | str | None = None
    change: float | None = None
    relative: float | None = None
    reason: Phrase | None = None


class Outlook(NamedTuple):
    """What it takes: rates in the KPI's unit per month, and the landing value at the rate so far."""

    needed: float | None = None
    so_far: float | None = None
    ratio: float | None = None
    landing: float | None = None
    reason: Phrase | None = None


class Growth(NamedTuple):
    """Compound annual growth observed and required, as fractions (`eurostat` thresholds), and their ratio."""

    observed: float | None = None
    required: float | None = None
    ratio: float | None = None
    reason: Phrase | None = None


class Original(NamedTuple):
    """How a KPI would stand against the target and the baseline that were first set, before the plan was amended."""

    target: float | str | None
    baseline: float | str | None
    status: Status
    attainment: float | None
    expected: float | None
    lag: float | None


class PartScore(NamedTuple):
    """One part of a KPI: the member of a dimension that it is of, its score, and its share of a total that is a sum.

    The share is that up to the total's data date.
    `score.kpi` has the member's own target and baseline; without a target it is not judged (`unknown`) unless a figure
    is overdue, and `score.value` is what there is.
    """

    dimension: str
    member: "Member"
    score: "KpiScore"
    share: float | None = None


NO_OUTLOOK = Outlook()
OF_DATA = "KT4"
"""From here on the codes of faults are of data."""


@record
class KpiScore:
    """One KPI at a date.

    `attainment` (完成率), `expected` (时序进度) are fractions, unclipped; `pace` is their ratio; `lag` is expected −
    attainment in percentage points; `days_behind` is in days, negative when ahead; `gap` is value − target in the KPI's
    unit (rates). What has no value is None, and `reasons` says why. `underlying` is what a stale KPI's old data say.
    `formula` names the rule that gave the attainment. `gaps` are the ends of the cadence periods that a sum has no
    figure for: the status is that of what was reported, and the gaps are named with the data problems. `original` is
    there where the plan amended its target or baseline. `parts` are those of its breakdowns; `discrepancies` are the
    dates that count on which they do not make the total: the status is that of the total, and they are named with the
    data problems. `unreported` are the dates without a total because a member has not reported.
    """

    path: str
    kpi: Kpi
    status: Status
    value: float | str | None = None
    data_date: date | None = None
    attainment: float | None = None
    expected: float | None = None
    pace: float | None = None
    lag: float | None = None
    days_behind: int | None = None
    gap: float | None = None
    met: bool | None = None
    severity: int = 0
    underlying: Status | None = None
    comparisons: tuple[Comparison, ...] = ()
    outlook: Outlook = NO_OUTLOOK
    growth: Growth | None = None
    ended: bool = False
    next_due: date | None = None
    overdue: bool = False
    formula: str = ""
    inputs: Mapping[str, float | str] = field(factory=dict)
    thresholds: Thresholds = TIMELINE
    reasons: Mapping[str, Phrase] = field(factory=dict)
    series: Series = EMPTY
    rows_left_out: int = 0
    gaps: tuple[date, ...] = ()
    original: Original | None = None
    parts: "tuple[PartScore, ...]" = ()
    discrepancies: "tuple[Discrepancy, ...]" = ()
    unreported: "tuple[Unreported, ...]" = ()

    @property
    def id(self) -> str:
        """The KPI's id."""
        return self.kpi.id

    @property
    def lagging(self) -> bool:
        """Whether it belongs to the lagging items."""
        return self.status in LAGGING

    def steps_done(self, known_at: datetime | None = None) -> tuple[str, ...]:
        """Return the ids of the steps of a milestone that are done, as far as it was known at a time."""
        if self.data_date is None:
            return ()
        seen = self.series.seen(0, self.data_date.toordinal(), known_at).values
        done = seen[-1] if seen else ()
        return done if isinstance(done, tuple) else ()

    @property
    def out(self) -> bool:
        """Whether it is exempt, so that it does not count."""
        return self.status is Status.EXEMPT

    @property
    def data_problem(self) -> bool:
        """Whether its data are missing, old, without periods or rows that should be in them, or no sum of their parts."""
        return self.status in UNSCORED or bool(self.gaps or self.rows_left_out or self.discrepancies)

    @property
    def illustrative(self) -> bool:
        """Whether it or a part of it rests on illustrative observations."""
        return self.series.illustrative or any(part.score.series.illustrative for part in self.parts)


class Share(NamedTuple):
    """One child in a node's score: its weight as written, its part of the mean, and the figures that went in.

    `coverage` is what it counts with in the node's coverage: 1 of a KPI that is scored, 0 of one that is not or could not
    be read, a goal's own; None where it is outside every mean.
    """

    path: str
    weight: float
    part: float | None
    attainment: float | None
    expected: float | None
    status: Status
    support: bool = False
    coverage: float | None = None


@record
class GoalScore:
    """One node at a date: a goal, or the plan itself (path "").

    `attainment` and `expected` are weighted means over the scored children, each clipped to [0, 1]; `coverage` is the
    scored share of the weight; `counts` has every leaf below once, by status; `veto` and `binding` name the KPIs below
    that were breached or hold the status down; `incomplete` names what could not be read.
    """

    path: str
    goal: Goal | None
    status: Status
    attainment: float | None = None
    expected: float | None = None
    pace: float | None = None
    lag: float | None = None
    coverage: float | None = None
    worst: Status | None = None
    counts: Mapping[Status, int] = field(factory=dict)
    veto: tuple[str, ...] = ()
    binding: tuple[str, ...] = ()
    incomplete: tuple[str, ...] = ()
    shares: tuple[Share, ...] = ()
    severity: int = 0
    thresholds: Thresholds = TIMELINE
    reasons: Mapping[str, Phrase] = field(factory=dict)

    @property
    def out(self) -> bool:
        """Whether it is exempt, or everything below it is, so that nothing of it counts."""
        return self.status is Status.EXEMPT or set(self.counts) == {Status.EXEMPT}

    @property
    def judged_count(self) -> int:
        """How many KPIs below something can be said of: not those that are pending, exempt, or without current figures."""
        return sum(count for status, count in self.counts.items() if status not in UNSAID)

    @property
    def lagging_count(self) -> int:
        """How many KPIs below lag."""
        return sum(count for status, count in self.counts.items() if status in LAGGING)

    @property
    def id(self) -> str:
        """The goal's id; empty for the plan."""
        return self.goal.id if self.goal else ""


@record
class Scorecard:
    """A plan scored at a date. `items` has the score of every goal and KPI by path, in the plan's order; "" is the plan.

    `plan_rev` is the git revision that the plan and its data were read at; None where they are those on disk.
    """

    plan: Plan
    as_of: date
    known_at: datetime | None
    items: Mapping[str, KpiScore | GoalScore]
    diagnostics: tuple[Diagnostic, ...] = ()
    branch: str = ""
    plan_rev: str | None = field(default=None, eq=False)

    @property
    def top(self) -> GoalScore | KpiScore:
        """The score of the plan, or of the branch that was asked for."""
        return self.items[self.branch]

    @property
    def known_until(self) -> datetime | None:
        """`known_at` where it is not the end of the day itself: then it is what the night of that day saw, and says so."""
        end = datetime.combine(self.as_of, time.max)
        return None if self.known_at is None or self.known_at == end else self.known_at

    @property
    def kpis(self) -> tuple[KpiScore, ...]:
        """The scores of all KPIs, in the plan's order."""
        return tuple(item for item in self.items.values() if isinstance(item, KpiScore))

    @property
    def goals(self) -> tuple[GoalScore, ...]:
        """The scores of all goals, in the plan's order, without the plan itself."""
        return tuple(item for item in self.items.values() if isinstance(item, GoalScore) and item.path)

    @property
    def lagging(self) -> tuple[KpiScore, ...]:
        """The lagging items, the worst first: by status, then by lag in points, then by path."""
        return tuple(sorted((kpi for kpi in self.kpis if kpi.lagging), key=_worst_first))

    @property
    def data_problems(self) -> tuple[KpiScore, ...]:
        """The KPIs whose data are missing, too old or incomplete, in the plan's order."""
        return tuple(kpi for kpi in self.kpis if kpi.data_problem)

    @property
    def has_whole_plan(self) -> bool:
        """Whether the plan was read without an error, so that what is not here is not in it; its data may have one."""
        return all(fault.severity is not Severity.ERROR or fault.code >= OF_DATA for fault in self.diagnostics)

    @property
    def illustrative(self) -> bool:
        """Whether any figure rests on illustrative observations."""
        return any(kpi.illustrative for kpi in self.kpis)

    def to_frame(self) -> "polars.DataFrame":
        """Return a row a KPI with the columns that `kpi_tracker.frames.score` gives; needs the extra `frames`."""
        from kpi_tracker.frames.conversion import scores_of

        return scores_of(self)

    def walk(self) -> Iterator[KpiScore | GoalScore]:
        """Yield the score of every item, parents first; the plan (or the branch asked for) is the first."""
        yield from self.items.values()

    def find(self, reference: str) -> KpiScore | GoalScore:
        """Return the score of the item that `reference` names: an id, or the last segments of a path; "" is the plan.

        Raises:
            KeyError: nothing in the scorecard has that name.
        """
        if reference in self.items:  # a whole path: no need to look through a large plan for it
            return self.items[reference]
        for path, item in self.items.items():
            if names(path, reference):
                return item
        raise KeyError(reference)

    def only(self, reference: str) -> "Scorecard":
        """Return the part at and below the item that `reference` names.

        Raises:
            KeyError: nothing in the scorecard has that name.
        """
        branch = self.find(reference).path
        items = {path: item for path, item in self.items.items() if within(path, branch)}
        return Scorecard(self.plan, self.as_of, self.known_at, items, self.diagnostics, branch, self.plan_rev)


def _worst_first(score: KpiScore) -> tuple[int, int, float, str]:
    return WORST_FIRST.index(score.status), -score.severity, -(score.lag or 0.0), score.path
