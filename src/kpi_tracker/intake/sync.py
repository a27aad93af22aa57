"""Sources read into the ledger: as an import, of what a database or another system's files hold."""

import os
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import chain
from zoneinfo import ZoneInfo

from kpi_tracker.diagnostics import Diagnostic
from kpi_tracker.diagnostics.faults import FAULTS
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.intake.gathering import Gathering
from kpi_tracker.intake.ledger import Origin
from kpi_tracker.intake.problem import IntakeError
from kpi_tracker.intake.transaction import AS_FOUND, Beside, Done, Terms, taken
from kpi_tracker.language import N_, Phrase
from kpi_tracker.loading.search import inside, matching
from kpi_tracker.model.datasource import DataSource, SourceKind
from kpi_tracker.model.goal import Plan
from kpi_tracker.sources.database import columns_at, selected
from kpi_tracker.sources.query import SourceProblemError
from kpi_tracker.sources.rowfile import Lost, read_rows

__all__ = ["sync"]


def sync(
    plan: str, now: datetime, environ: Mapping[str, str], terms: Terms = AS_FOUND, only: Iterable[str] = (),
    as_of: date | None = None,
) -> Done:  # fmt: skip
    """Read the sources of the plan at `plan`, or those whose ids are in `only`, and take their figures as an import would.

    Sources with `watch` are left to the check. `environ` has the addresses of databases; `now` has a time zone; `as_of`
    is what selects are told as the day, today in the plan's zone if left out. Nothing is written to any source.

    Raises:
        IntakeError: the plan, its sources or the ledger cannot be used; nothing was written.
    """

    def read(of: Plan) -> Beside:
        gathering = Gathering(of)
        for source in _chosen(of, tuple(only)):
            try:
                _read(source, of, gathering, environ, as_of or now.astimezone(ZoneInfo(of.time_zone)).date())
            except SourceProblemError as problem:
                gathering.refuse(source.id, problem.phrase)
        return gathering.beside

    return taken(plan, read, now, terms, Origin("", terms.by))


def _chosen(plan: Plan, only: tuple[str, ...]) -> list[DataSource]:
    sources = {source.id: source for source in plan.sources}
    for name in only:
        if name not in sources:
            near = nearest(name, list(sources))
            text = (
                N_("the plan has no source “{value}”; did you mean “{nearest}”?")
                if near
                else N_("the plan has no source “{value}”")
            )
            raise IntakeError(Phrase(text, {"value": name, "nearest": near}))
        if sources[name].watch:
            text = N_("the source “{value}” is watched: the check itself reads it, and nothing is copied")
            raise IntakeError(Phrase(text, {"value": name}))
    chosen = [source for source in plan.sources if (source.id in only if only else not source.watch)]
    if not chosen:
        raise IntakeError(Phrase(N_("the plan has no source that is to be copied; write one under “sources”")))
    return chosen


def _read(source: DataSource, plan: Plan, gathering: Gathering, environ: Mapping[str, str], as_of: date) -> None:
    """Gather what a source holds: all of it, or where it breaks off nothing.

    Raises:
        SourceProblemError: it cannot be read.
    """
    home = os.path.dirname(plan.where.file)
    if source.kind is not SourceKind.SQL:
        _read_files(source, source.folder or home, gathering)
        return
    offered = {"as_of": as_of, "period_start": plan.period.start, "period_end": plan.period.end}
    with selected(source, offered, environ, home) as found:
        at = columns_at(source, found.columns)
        rows = enumerate(chain.from_iterable(found.batches), 1)
        gathering.take(source, rows, at, lambda row: f"{source.id}:{row}")


def _read_files(source: DataSource, folder: str, gathering: Gathering) -> None:
    files: dict[str, None] = {}
    for pattern in source.patterns:
        files |= dict.fromkeys(file for file in matching(pattern, folder) if inside(file, folder or "."))
    if not files:
        expected = ", ".join(source.patterns)
        raise SourceProblemError(N_("no file matches “{value}” in {folder}"), value=expected, folder=folder or ".")
    for file in files:
        report = Report()
        found = read_rows(source, file, report)
        name = os.path.relpath(file, folder or ".").replace(os.sep, "/")
        if found is not None:
            rows = ((line, cells) for line, cells in found.rows if not isinstance(cells, Lost))
            gathering.take(source, rows, found.at, lambda line, name=name: f"{name}:{line}")  # type: ignore[misc]
        for fault in report.diagnostics:
            gathering.refuse(str(fault.place), _phrase(fault))


def _phrase(fault: Diagnostic) -> Phrase:
    phrase = Phrase(FAULTS[fault.code].message, fault.args)
    if not (near := fault.args.get("nearest")):
        return phrase
    return Phrase(N_("{fault}; did you mean “{nearest}”?"), {"fault": phrase, "nearest": near})
