"""What a check comes to: the exit code, and the items that decide it."""

from kpi_tracker.diagnostics import Severity
from kpi_tracker.model.measure import UNSCORED, WORST_FIRST, Status
from kpi_tracker.model.scorecard import KpiScore, Scorecard

__all__ = ["BROKEN", "FAIL_ON", "NOTHING", "REPORTED", "USAGE", "exit_code", "reported"]

NOTHING, REPORTED, USAGE, BROKEN = 0, 1, 2, 3
NEVER = "never"
FAIL_ON = (
    Status.AT_RISK.value, Status.STALE.value, Status.NO_DATA.value, Status.LAGGING.value, Status.REGRESSING.value,
    Status.MISSED.value, Status.BREACHED.value, NEVER,
)  # fmt: skip


def reported(scorecard: Scorecard, fail_on: str = Status.LAGGING.value) -> tuple[KpiScore, ...]:
    """Return the KPIs whose status is `fail_on` or worse, in the plan's order."""
    if fail_on == NEVER:
        return ()
    bad = WORST_FIRST[: WORST_FIRST.index(Status(fail_on)) + 1]
    return tuple(kpi for kpi in scorecard.kpis if kpi.status in bad)


def exit_code(scorecard: Scorecard | None, fail_on: str = Status.LAGGING.value) -> int:
    """Return what `check` ends with.

    3 where the plan or its data are broken, or nothing could be scored; else 1 where a KPI is at `fail_on` or worse;
    else 3 where too little is known for the whole to be judged; else 0. Never 0 where nothing could be judged.
    """
    if scorecard is None or any(fault.severity is Severity.ERROR for fault in scorecard.diagnostics):
        return BROKEN
    if all(kpi.status in UNSCORED or (kpi.attainment is None and kpi.met is None) for kpi in scorecard.kpis):
        return BROKEN
    if reported(scorecard, fail_on):
        return REPORTED
    return BROKEN if scorecard.top.status is Status.UNKNOWN and fail_on != NEVER else NOTHING
