"""Next year's plan from this year's: results become baselines, and the new plan is proved before it is put in place."""

import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from tempfile import mkdtemp
from typing import NamedTuple

from kpi_tracker.diagnostics import Diagnostic, Severity
from kpi_tracker.diagnostics.refusal import refusal
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.language import N_, Phrase
from kpi_tracker.loading.plan import read_plan
from kpi_tracker.loading.search import plan_file
from kpi_tracker.model.exactness import same
from kpi_tracker.model.goal import Goal, Plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.scorecard import KpiScore
from kpi_tracker.pipeline import run
from kpi_tracker.writing.canon import opened
from kpi_tracker.writing.emission import emitted
from kpi_tracker.writing.nextkpi import Aim, Move
from kpi_tracker.writing.nextyear import moved_page, renamed, with_year, years_to
from kpi_tracker.writing.order import canonical
from kpi_tracker.writing.page import Page
from kpi_tracker.writing.problem import WritingError
from kpi_tracker.writing.remark import Matter, Remark
from kpi_tracker.writing.result import result_of

__all__ = ["Carried", "carry_over"]


class Carried(NamedTuple):
    """The plan that was written: its folder, its own file, all files by their paths in the folder, and what to look at.

    `facts` tells how many facts of the base year were left behind; `diagnostics` are the faults of the old plan's data.
    """

    folder: str
    file: str
    files: tuple[str, ...]
    plan: Plan
    remarks: tuple[Remark, ...]
    facts: int = 0
    diagnostics: tuple[Diagnostic, ...] = ()


class _Source(NamedTuple):
    """The plan that is carried over: its folder, the name of its file now and then, its pages by their paths there."""

    root: str
    name: str
    new_name: str
    pages: Mapping[str, Page]


def carry_over(
    path: str | os.PathLike[str], year: int | None = None, out: str | None = None, as_of: date | None = None
) -> Carried:
    """Write the plan for `year` from the one at `path` and its results, as of the last day of its period or `as_of`.

    `year` is the first after the plan has ended if left out; `out` is the new folder, one beside the old plan with the
    year in its name if left out.

    Returns:
        A :class:`Carried` with the new plan and with what somebody has to look at in it.

    Raises:
        WritingError: the plan has faults, still runs then, or the new folder is there already or cannot be written;
            nothing was written.
    """
    report = Report()
    plan, faults = read_plan(path, report)
    if plan is None or any(fault.severity is Severity.ERROR for fault in faults):
        raise WritingError(Phrase(N_("the plan has an error; nothing is carried over before it is mended")), faults)
    years = years_to(plan, year)
    found = run(path, as_of or plan.period.end)
    assert found.scorecard is not None  # noqa: S101 - the plan was read just now
    move = Move(plan, found.scorecard, years)
    old, new = plan.period.start.year, plan.period.start.year + years
    source = _source(os.fspath(path), report, old, new)
    target = os.path.normpath(out) if out else _beside(source.root, old, new)
    _refuse_full(target)
    return _placed(move, source, target, found.diagnostics)


def _source(path: str, report: Report, old: int, new: int) -> _Source:
    file = plan_file(path, Report())
    assert file is not None  # noqa: S101 - the plan was read just now
    root = os.path.dirname(file) or "."
    pages: dict[str, Page] = {}
    for name, data in report.read.items():
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        pages[os.path.relpath(name, root)] = opened(text, name)
    name = os.path.basename(file)
    return _Source(root, name, with_year(name, old, new), pages)


def _beside(root: str, old: int, new: int) -> str:
    """Return the folder beside a plan's own that is called after the new year."""
    above, name = os.path.split(os.path.normpath(root))
    if name in (".", ".."):
        above, name = os.path.split(os.path.abspath(root))
    return os.path.join(above, renamed(name, old, new))


def _refuse_full(target: str) -> None:
    if os.path.lexists(target) and not (os.path.isdir(target) and not os.listdir(target)):
        text = N_("{folder} is there already; give a folder that is not, or an empty one")
        raise WritingError(Phrase(text, {"folder": target}))


def _placed(move: Move, source: _Source, target: str, diagnostics: tuple[Diagnostic, ...]) -> Carried:
    """Make the new folder beside its place, prove it, and put it there."""
    above = os.path.dirname(os.path.abspath(target))
    draft = ""
    try:
        os.makedirs(above, exist_ok=True)
        draft = mkdtemp(prefix=f".{os.path.basename(target)}.", dir=above)
        folder = os.path.join(draft, "plan")
        observed = _observed(move, source.root)
        aims: dict[str, Aim] = {}
        while True:
            files, remarks = _texts(move, source, aims)
            _write(folder, {**files, **observed})
            plan, faults = read_plan(os.path.join(folder, source.new_name))
            if not _raise_aims(move, plan, aims):
                break
        proved = _proved(move, plan, faults)
        os.chmod(folder, os.stat(source.root).st_mode)
        if os.path.isdir(target):
            os.rmdir(target)
        os.rename(folder, target)
    except OSError as error:
        text = N_("{file} could not be written, and nothing was: {reason}")
        raise WritingError(Phrase(text, {"file": target, "reason": refusal(error, writing=True)})) from error
    finally:
        with suppress(OSError):
            shutil.rmtree(draft)
    file = os.path.join(target, source.new_name)
    facts = move.plan.counts[2]
    return Carried(target, file, tuple(sorted({**files, **observed})), proved, remarks, facts, diagnostics)


def _texts(move: Move, source: _Source, aims: Mapping[str, Aim]) -> tuple[dict[str, bytes], tuple[Remark, ...]]:
    """Return the new files by path, and all remarks in their order."""
    files: dict[str, bytes] = {}
    remarks: list[Remark] = []
    for name, page in source.pages.items():
        anew, more = moved_page(move, page, aims, header=name == source.name)
        files[source.new_name if name == source.name else name] = emitted(canonical(anew)).encode()
        remarks += more
    places = {path: i for i, (path, _) in enumerate(move.plan.walk())}
    matters = list(Matter)
    return files, tuple(sorted(remarks, key=lambda r: (matters.index(r.matter), places[r.path])))


def _observed(move: Move, root: str) -> dict[str, bytes]:
    """Return the files of observations for the new year, each with the first row of the old one and no other."""
    old, new = move.plan.period.start.year, move.plan.period.start.year + move.years
    found: dict[str, bytes] = {}
    for file in move.plan.observation_files:
        with open(file, "rb") as rows:
            heading = rows.readline()
        found[with_year(os.path.relpath(file, root), old, new)] = heading.rstrip(b"\r\n") + b"\n"
    return found or {os.path.join("observations", f"{new}.csv"): b"kpi,period,value,recorded_at,source,basis,note\n"}


def _write(folder: str, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())


def _raise_aims(move: Move, plan: Plan | None, aims: dict[str, Aim]) -> bool:
    """Give the KPIs that the loader did not take another target; tell whether that is worth another try."""
    raised = False
    items = dict(move.plan.walk())
    for path in _broken(plan):
        aim = aims.get(path, Aim.POLICY)
        if isinstance(items.get(path), Kpi) and aim is not Aim.HOLD:
            aims[path] = Aim(aim + 1)
            raised = True
    return raised


def _broken(plan: Plan | None) -> Iterable[str]:
    """Return the paths of the KPIs that could not be read."""
    if plan is None:
        return []
    holders: list[tuple[str, Plan | Goal]] = [("", plan)]
    holders += [(f"{path}/", item) for path, item in plan.walk() if isinstance(item, Goal)]
    return [above + item.id for above, holder in holders for item in holder.broken]


def _proved(move: Move, plan: Plan | None, faults: tuple[Diagnostic, ...]) -> Plan:
    """Return the new plan where it reads without a fault and has the items, links and baselines that it should.

    Raises:
        WritingError: it does not.
    """
    wrong = tuple(fault for fault in faults if fault.severity is Severity.ERROR)
    if plan is None or wrong or _links(plan) != _links(move.plan) or not _based(move, plan):
        raise WritingError(
            Phrase(N_("the new plan could not be made so that it reads as it should; nothing was written")), wrong
        )
    return plan


def _links(plan: Plan) -> list[tuple[str, object]]:
    return [(path, item.supports) for path, item in plan.walk()]


def _based(move: Move, plan: Plan) -> bool:
    """Tell whether every baseline of the new plan is the result of the year."""
    for path, item in plan.walk():
        if isinstance(item, Kpi) and item.baseline is not None:
            score = move.scorecard.items[path]
            assert isinstance(score, KpiScore)  # noqa: S101 - it is the score of a KPI
            value = result_of(score, move.plan).value
            if not same(item.baseline.value, value):
                return False
    return True
