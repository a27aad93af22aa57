"""The whole product as one function: load the plan, read what was observed, score, roll up."""

import os
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from time import perf_counter
from typing import NamedTuple

from kpi_tracker.assessment import score
from kpi_tracker.diagnostics import Diagnostic, Severity
from kpi_tracker.diagnostics.diagnostic import describe
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.kept import Kept
from kpi_tracker.language import language
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.observation import Observations
from kpi_tracker.model.scorecard import Scorecard

__all__ = ["PlanError", "Run", "check", "load_observations", "load_plan", "run"]


class PlanError(Exception):
    """A plan or its data are broken; `diagnostics` has every fault, `str()` all of them in words."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Keep the faults."""
        self.diagnostics = tuple(diagnostics)
        super().__init__(describe(language("en"), self.diagnostics))


class Run(NamedTuple):
    """What a run found: the scorecard (None where not even the plan's period could be read), faults, seconds by phase."""

    scorecard: Scorecard | None
    diagnostics: tuple[Diagnostic, ...]
    seconds: Mapping[str, float]

    @property
    def broken(self) -> bool:
        """Whether something of the plan or its data had to be left out."""
        return any(diagnostic.severity is Severity.ERROR for diagnostic in self.diagnostics)


def run(
    path: str | os.PathLike[str], as_of: date | None = None, known_at: date | datetime | None = None,
    kept: str | None = None,
) -> Run:  # fmt: skip
    """Check the plan at `path` as of the end of a day, today in the plan's own time zone if left out; never raises for its content.

    `kept` is a folder for what was read: files that are unchanged since are not parsed again, see :mod:`kpi_tracker.kept`.
    """
    seconds: dict[str, float] = {}
    started = perf_counter()

    def lap(phase: str) -> None:
        nonlocal started
        now = perf_counter()
        seconds[phase], started = now - started, now

    memory = Kept(kept, os.fspath(path))
    plan, faults = memory.part(lambda report: _plan(path, report))
    lap("load")
    if plan is None:
        return Run(None, faults, seconds)
    observations, left_out, wrong = memory.part(lambda report: _observed(plan, report))
    memory.close()
    lap("observe")
    if as_of is None:
        from kpi_tracker.calendar import today

        as_of = today(plan.time_zone)
    diagnostics = (*faults, *wrong)
    scorecard = score(plan, observations, as_of, known_at, left_out, diagnostics)
    lap("score")
    return Run(scorecard, diagnostics, seconds)


def _plan(path: str | os.PathLike[str], report: Report) -> tuple[tuple[Plan | None, tuple[Diagnostic, ...]], bool]:
    """Return what `read_plan` finds, and whether there is nothing wrong with it."""
    from kpi_tracker.loading.plan import read_plan

    plan, faults = read_plan(path, report)
    return (plan, faults), not faults


def _observed(
    plan: Plan, report: Report
) -> tuple[tuple[Observations, Mapping[str, int], tuple[Diagnostic, ...]], bool]:
    """Return what `read_observations` finds, and whether there is nothing wrong with it."""
    from kpi_tracker.sources.observations import read_observations

    found = read_observations(plan, report=report)
    observations, faults = _derived(plan, found.observations)
    diagnostics = (*found.diagnostics, *faults)
    return (observations, found.left_out, diagnostics), not diagnostics


def _derived(plan: Plan, observations: Observations) -> tuple[Observations, tuple[Diagnostic, ...]]:
    """Return the observations with those of the KPIs that are calculated from others; most plans have none."""
    if not any(isinstance(item, Kpi) and item.formula for _, item in plan.walk()):
        return observations, ()
    from kpi_tracker.derived.derivation import derive

    return derive(plan, observations)


def check(
    path: str | os.PathLike[str], as_of: date | None = None, known_at: date | datetime | None = None
) -> Scorecard:
    """Return the scorecard of the plan at `path` as of the end of a day, today in the plan's time zone if left out.

    What could not be read is left out, named in `Scorecard.diagnostics`, and lowers the coverage where it stands.

    Raises:
        PlanError: nothing of the plan could be read.
    """
    found = run(path, as_of, known_at)
    if found.scorecard is None:
        raise PlanError(found.diagnostics)
    return found.scorecard


def load_plan(path: str | os.PathLike[str]) -> Plan:
    """Return the plan at `path` (a folder or a file).

    Raises:
        PlanError: something in it is wrong; the exception carries every fault.
    """
    from kpi_tracker.loading.plan import read_plan

    plan, faults = read_plan(path)
    if plan is None or any(fault.severity is Severity.ERROR for fault in faults):
        raise PlanError(faults)
    return plan


def load_observations(plan: Plan, files: Iterable[str | os.PathLike[str]] | None = None) -> Observations:
    """Return the observations of `plan`, from the files that it names or from `files`.

    Raises:
        PlanError: a row is wrong; the exception carries every fault.
    """
    from kpi_tracker.sources.observations import read_observations

    reading = read_observations(plan, files)
    observations, wrong = _derived(plan, reading.observations)
    faults = (*reading.diagnostics, *wrong)
    if any(fault.severity is Severity.ERROR for fault in faults):
        raise PlanError(faults)
    return observations
