"""One plan that was checked, as the outputs for machines see it: its scorecard, its faults, and what fails the check."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from kpi_tracker.changes import Change, ChangeKind
from kpi_tracker.diagnostics import Diagnostic, Severity
from kpi_tracker.diagnostics.diagnostic import by_place
from kpi_tracker.flags.events import Event
from kpi_tracker.flags.flag import Flag
from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.measure import WORST_FIRST, Status
from kpi_tracker.model.scorecard import KpiScore, Scorecard
from kpi_tracker.outcome import NEW_LAGGING, exit_code, reported, unjudged, worst

__all__ = ["Checked", "Findings", "rank", "worst_first"]


class Findings(NamedTuple):
    """What the KPIs of a plan come to: those that fail the check, and those that are told all the same."""

    failing: tuple[KpiScore, ...]
    doubtful: tuple[KpiScore, ...]


class Checked(NamedTuple):
    """A plan as it was named on the command line, with what its check found; `scorecard` is None where nothing could be read.

    `changes` are those since the end of the day `since`, where one was given; `flags` those that history keeps, `events`
    what became of them. On its `first` night all that lags is new; `least` is the exit code that something beside the
    plan asks for, such as history that could not be written.
    """

    source: str
    scorecard: Scorecard | None
    diagnostics: tuple[Diagnostic, ...] = ()
    changes: tuple[Change, ...] = ()
    since: date | None = None
    flags: Mapping[str, Flag] | None = None
    first: bool = False
    least: int = 0
    events: tuple[Event, ...] = ()

    @property
    def plan(self) -> Plan | None:
        """The plan, where it could be read."""
        return self.scorecard.plan if self.scorecard else None

    @property
    def file(self) -> str:
        """The file that what concerns the whole plan is shown in."""
        return self.scorecard.plan.where.file if self.scorecard else self.source

    @property
    def faults(self) -> tuple[Diagnostic, ...]:
        """The faults of the plan and its data, by place."""
        return tuple(sorted(self.diagnostics, key=by_place))

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The faults for which something was left out."""
        return tuple(fault for fault in self.faults if fault.severity is Severity.ERROR)

    @property
    def obstacle(self) -> Phrase | None:
        """Why nothing could be judged, or not the whole; None where it could."""
        if self.scorecard is None:
            return Phrase(N_("nothing of the plan could be read"))
        return unjudged(self.scorecard)

    @property
    def sound(self) -> bool:
        """Whether everything was read and the whole could be judged."""
        return not self.errors and self.obstacle is None

    @property
    def raised(self) -> tuple[Flag, ...]:
        """The flags that are up, by path; none where no history is kept."""
        return tuple(flag for _, flag in sorted((self.flags or {}).items()) if flag.raised)

    def flag(self, path: str) -> Flag | None:
        """Return the flag of an item, where it is up."""
        flag = (self.flags or {}).get(path)
        return flag if flag is not None and flag.raised else None

    def changes_of(self, path: str) -> tuple[ChangeKind, ...]:
        """Return the kinds of what changed about an item since the day `since`."""
        return tuple(change.kind for change in self.changes if change.path == path)

    def _bar(self, fail_on: str) -> str:
        return Status.LAGGING.value if self.first and fail_on == NEW_LAGGING else fail_on

    def code(self, fail_on: str) -> int:
        """Return what the check of this plan alone would end with."""
        return worst((exit_code(self.scorecard, self._bar(fail_on), self.changes), self.least))

    def findings(self, fail_on: str) -> Findings:
        """Return the KPIs that fail the check and those that are in doubt, both the worst first."""
        if self.scorecard is None:
            return Findings((), ())
        failing = reported(self.scorecard, self._bar(fail_on), self.changes)
        failed = {kpi.path for kpi in failing}
        doubtful = [kpi for kpi in self.scorecard.kpis if kpi.path not in failed and _doubtful(kpi)]
        return Findings(worst_first(failing), worst_first(doubtful))


def _doubtful(kpi: KpiScore) -> bool:
    """Tell whether a KPI is at risk or worse, or its data are missing, old or incomplete."""
    return kpi.data_problem or WORST_FIRST.index(kpi.status) <= WORST_FIRST.index(Status.AT_RISK)


def worst_first(kpis: Iterable[KpiScore]) -> tuple[KpiScore, ...]:
    """Return KPIs in the order in which they are told."""
    return tuple(sorted(kpis, key=rank))


def rank(kpi: KpiScore) -> tuple[int, int, float, str]:
    """Return the place of a KPI among those that are told: by status, then by lag in points, then by path."""
    return WORST_FIRST.index(kpi.status), -kpi.severity, -(kpi.lag or 0.0), kpi.path
