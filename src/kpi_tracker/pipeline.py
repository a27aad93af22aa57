"""The whole product as one function: load the plan, read what was observed, score, roll up."""

import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from time import perf_counter
from typing import NamedTuple

from kpi_tracker.assessment import score
from kpi_tracker.diagnostics import Diagnostic, Place, Severity
from kpi_tracker.diagnostics.diagnostic import describe
from kpi_tracker.diagnostics.rawfile import shown_name
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.kept import Kept
from kpi_tracker.language import language
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.observation import Observations
from kpi_tracker.model.scorecard import Scorecard
from kpi_tracker.record import changed

__all__ = ["PlanError", "Run", "check", "check_all", "load_observations", "load_plan", "run"]

MANY = 100


class PlanError(Exception):
    """A plan or its data are broken; `diagnostics` has every fault, `str()` all of them in words."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Keep the faults."""
        self.diagnostics = tuple(diagnostics)
        super().__init__(describe(language("en"), self.diagnostics))


class Run(NamedTuple):
    """What a run found: the scorecard (None where not even the plan's period could be read), faults, seconds by phase.

    `earlier` is the scorecard of an earlier day as it was seen then, where one was asked for.
    """

    scorecard: Scorecard | None
    diagnostics: tuple[Diagnostic, ...]
    seconds: Mapping[str, float] = {}
    earlier: Scorecard | None = None

    @property
    def broken(self) -> bool:
        """Whether something of the plan or its data had to be left out."""
        return any(diagnostic.severity is Severity.ERROR for diagnostic in self.diagnostics)


def run(
    path: str | os.PathLike[str],
    as_of: date | None = None,
    known_at: date | datetime | None = None,
    plan_rev: str | None = None,
    since: date | None = None,
    kept: str | None = None,
) -> Run:
    """Check the plan at `path` as of the end of a day, today in the plan's own time zone if left out; never raises for its content.

    With `plan_rev` the plan and its data are read as they were at a git revision. With `since` there is an earlier
    scorecard too: of the end of that day, as it was seen then (what was recorded later does not count). `kept` is a
    folder for what was read: files that are unchanged since are not parsed again, see :mod:`kpi_tracker.kept`.
    """
    if plan_rev is None:
        return _run(path, as_of, known_at, since, kept)
    from kpi_tracker.revision import at_revision

    with at_revision(os.fspath(path), plan_rev) as found:
        if isinstance(found, Diagnostic):
            return Run(None, (found,))
        done = _run(found, as_of, known_at, since, None)
    return done if done.scorecard is None else done._replace(scorecard=changed(done.scorecard, plan_rev=plan_rev))


def _run(
    path: str | os.PathLike[str], as_of: date | None, known_at: date | datetime | None, since: date | None,
    kept: str | None,
) -> Run:  # fmt: skip
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

    def scored(day: date, known: date | datetime | None) -> Scorecard:
        return score(plan, observations, day, known, left_out, diagnostics)

    scorecard = scored(as_of, known_at)
    earlier = None if since is None else scored(since, _seen_then(since, known_at))
    lap("score")
    return Run(scorecard, diagnostics, seconds, earlier)


def _seen_then(day: date, known_at: date | datetime | None) -> datetime:
    """Return until when something must have been recorded to be seen at the end of `day`."""
    end = datetime.combine(day, time.max)
    if known_at is None:
        return end
    return min(end, known_at if isinstance(known_at, datetime) else datetime.combine(known_at, time.max))


def check_all(
    paths: Iterable[str | os.PathLike[str]],
    as_of: date | None = None,
    known_at: date | datetime | None = None,
    plan_rev: str | None = None,
    since: date | None = None,
    workers: int | None = None,
    kept: str | None = None,
) -> Iterator[Run]:
    """Yield what :func:`run` finds of each plan, in order, worked out side by side where there are more than two processors.

    A fault in one plan does not stop the others, not even one of the program: it is that plan's KT124.
    """
    from kpi_tracker.workers import Crash, in_order, side_by_side, worthwhile

    plans = [os.fspath(path) for path in paths]
    workers = workers or worthwhile()
    if side_by_side(
        len(plans), workers
    ):  # what every process would load for itself is loaded once, before it is forked
        import kpi_tracker.completion
        import kpi_tracker.loading.plan
        import kpi_tracker.sources.observations  # noqa: F401

        if len(plans) > MANY:
            import attr  # noqa: F401 - see kpi_tracker.record: a process that reads some plans has many items of a class
    found = in_order(lambda path: run(path, as_of, known_at, plan_rev, since, kept), plans, workers)
    for path, one in zip(plans, found, strict=True):
        if isinstance(one, Crash):
            yield Run(None, (Diagnostic("KT124", Place(shown_name(path)), {"reason": one.reason}),))
        else:
            yield one


def _plan(path: str | os.PathLike[str], report: Report) -> tuple[tuple[Plan | None, tuple[Diagnostic, ...]], bool]:
    """Return what `read_plan` finds, and whether there is nothing wrong with it."""
    from kpi_tracker.loading.plan import read_plan

    plan, faults = read_plan(path, report)
    return (plan, faults), not faults


def _observed(
    plan: Plan, report: Report
) -> tuple[tuple[Observations, Mapping[str, int], tuple[Diagnostic, ...]], bool]:
    """Return what `read_observations` finds, and whether there is nothing wrong with it."""
    from kpi_tracker.completion import completed
    from kpi_tracker.sources.observations import read_observations

    found = read_observations(plan, report=report)
    observations, faults = completed(plan, found.observations)
    diagnostics = (*found.diagnostics, *faults)
    return (observations, found.left_out, diagnostics), not diagnostics


def check(
    path: str | os.PathLike[str],
    as_of: date | None = None,
    known_at: date | datetime | None = None,
    plan_rev: str | None = None,
) -> Scorecard:
    """Return the scorecard of the plan at `path` as of the end of a day, today in the plan's time zone if left out.

    With `plan_rev` the plan and its data are read as they were at a git revision.

    What could not be read is left out, named in `Scorecard.diagnostics`, and lowers the coverage where it stands.

    Raises:
        PlanError: nothing of the plan could be read.
    """
    found = run(path, as_of, known_at, plan_rev)
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
    from kpi_tracker.completion import completed
    from kpi_tracker.sources.observations import read_observations

    reading = read_observations(plan, files)
    observations, wrong = completed(plan, reading.observations)
    faults = (*reading.diagnostics, *wrong)
    if any(fault.severity is Severity.ERROR for fault in faults):
        raise PlanError(faults)
    return observations
