"""What a check comes to: the exit code, and the items that decide it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kpi_tracker.diagnostics import Severity
from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.measure import LAGGING, UNSCORED, WORST_FIRST, Status
from kpi_tracker.model.scorecard import KpiScore, Scorecard

if TYPE_CHECKING:
    from kpi_tracker.changes import Change

__all__ = [
    "BROKEN",
    "FAIL_ON",
    "NEVER",
    "NEW_LAGGING",
    "NOTHING",
    "REPORTED",
    "USAGE",
    "exit_code",
    "reported",
    "unjudged",
    "worst",
]

NOTHING, REPORTED, USAGE, BROKEN = 0, 1, 2, 3
NEVER = "never"
FAIL_ON = (
    Status.AT_RISK.value, Status.STALE.value, Status.NO_DATA.value, Status.LAGGING.value, Status.REGRESSING.value,
    Status.MISSED.value, Status.BREACHED.value, NEVER,
)  # fmt: skip


NEW_LAGGING = "new-lagging"
"""What fails the check only where it came to lag since an earlier one; it needs the changes since then."""


def reported(
    scorecard: Scorecard, fail_on: str = Status.LAGGING.value, changes: "tuple[Change, ...]" = ()
) -> tuple[KpiScore, ...]:
    """Return the KPIs whose status is `fail_on` or worse, in the plan's order; for NEW_LAGGING those that did not lag before.

    That one was added, renamed or taken into the count again makes it no better.

    Where `stale` is bad enough, so are data with a gap or with rows left out: they may look better than they are.
    """
    if fail_on == NEVER:
        return ()
    if fail_on == NEW_LAGGING:
        from kpi_tracker.changes import ChangeKind

        into = (ChangeKind.NEWLY_LAGGING, ChangeKind.ADDED, ChangeKind.REINSTATED)
        newly = {one.path for one in changes if one.kind in into and one.after and one.after.status in LAGGING}
        return tuple(kpi for kpi in scorecard.kpis if kpi.path in newly)
    bad = WORST_FIRST[: WORST_FIRST.index(Status(fail_on)) + 1]
    return tuple(k for k in scorecard.kpis if k.status in bad or (Status.STALE in bad and k.data_problem))


def _judged(scorecard: Scorecard) -> bool:
    """Tell whether at least one KPI has a current figure that says something."""
    return any(
        kpi.status not in UNSCORED and (kpi.attainment is not None or kpi.met is not None) for kpi in scorecard.kpis
    )


def unjudged(scorecard: Scorecard) -> Phrase | None:
    """Return why nothing could be judged, or None where something was."""
    if not _judged(scorecard):
        if scorecard.kpis and all(kpi.status in (Status.PENDING, Status.EXEMPT) for kpi in scorecard.kpis):
            return Phrase(N_("nothing could be judged: no figure is due yet"))
        return Phrase(N_("nothing could be judged: no KPI has a current figure"))
    if scorecard.top.status is Status.UNKNOWN:
        return Phrase(N_("the whole could not be judged: too many figures are missing"))
    return None


def exit_code(
    scorecard: Scorecard | None, fail_on: str = Status.LAGGING.value, changes: "tuple[Change, ...]" = ()
) -> int:
    """Return what `check` ends with.

    3 where the plan or its data are broken, or nothing could be scored; else 1 where a KPI is at `fail_on` or worse;
    else 3 where too little is known for the whole to be judged; else 0. Never 0 where nothing could be judged.
    """
    if scorecard is None or any(fault.severity is Severity.ERROR for fault in scorecard.diagnostics):
        return BROKEN
    if not _judged(scorecard):
        return BROKEN
    if reported(scorecard, fail_on, changes):
        return REPORTED
    return BROKEN if scorecard.top.status is Status.UNKNOWN else NOTHING


def worst(codes: Iterable[int]) -> int:
    """Return what a check of several plans ends with: 3 goes before 1, 1 before 0."""
    return max(codes, default=NOTHING)
