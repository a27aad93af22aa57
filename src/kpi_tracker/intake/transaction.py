"""The import as one act: read, show, and then write all of it or nothing."""

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kpi_tracker.diagnostics import Diagnostic, Severity
from kpi_tracker.diagnostics.rawfile import shown_name
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.intake.book import read_book
from kpi_tracker.intake.draft import Draft, drafted
from kpi_tracker.intake.figure import Refused, typed_figure
from kpi_tracker.intake.filled import is_form, read_filled
from kpi_tracker.intake.ledger import LEDGER, Origin, append, found_by, ledger_of, locked
from kpi_tracker.intake.members import Members
from kpi_tracker.intake.plaintable import read_plain
from kpi_tracker.intake.problem import IntakeError
from kpi_tracker.intake.reading import Claim, Reading, Remark
from kpi_tracker.intake.reference import References
from kpi_tracker.language import N_, Phrase
from kpi_tracker.loading.plan import read_plan
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.observation import Observations
from kpi_tracker.outcome import BROKEN, NOTHING, REPORTED
from kpi_tracker.sources.observations import read_observations

__all__ = ["AS_FOUND", "Beside", "Done", "Terms", "import_file", "record_value", "taken"]

Beside = Callable[[Observations], Reading]
"""What was read, given what is known: figures that are no news need not be looked at one by one."""
UNREADABLE = ("KT101", "KT103", "KT401", "KT414", "KT421")


class Terms(NamedTuple):
    """On what terms figures are taken: who gave them, what suspicious is accepted, whether refused rows hold back the rest."""

    by: str = ""
    accept: tuple[str, ...] = ()
    partial: bool = False
    dry_run: bool = False


AS_FOUND = Terms()


class Done(NamedTuple):
    """What an import found and did: the draft, whether it was written and where, and faults of the plan and its data."""

    draft: Draft
    written: bool
    ledger: str
    code: int
    diagnostics: tuple[Diagnostic, ...] = ()


def import_file(path: str, plan: str, now: datetime, terms: Terms = AS_FOUND, on: date | None = None) -> Done:
    """Import a form or a table into the plan at `plan`; `now` has a time zone, `on` dates rows that nothing else dates.

    Raises:
        IntakeError: the file, the plan or the ledger cannot be used; nothing was written.
    """
    book = read_book(path)

    def read(of: Plan) -> Beside:
        reading = read_filled(book, of) if is_form(book) else read_plain(book, of, on)
        return lambda _known: reading

    return taken(plan, read, now, terms, Origin(book.name, terms.by))


def record_value(
    plan: str, kpi: str, value: str, on: date, now: datetime, terms: Terms = AS_FOUND, note: str = "", part: str = ""
) -> Done:
    """Record one value of a KPI, as an import of one row; `part` is the member that it is of, as `district=乍浦镇`.

    Raises:
        IntakeError: the plan or the ledger cannot be used; nothing was written.
    """

    def read(of: Plan) -> Beside:
        reading = typed(of)
        return lambda _known: reading

    def typed(of: Plan) -> Reading:
        found = References(of).find(kpi)
        if isinstance(found, Phrase):
            return Reading(refused=(Remark(None, found),))
        try:
            of_part = Members(of).typed(found, part) if part else ()
            return Reading((Claim(found, on, typed_figure(value, found), None, note, part=of_part),))
        except Refused as refused:
            return Reading(refused=(Remark(None, refused.phrase),))

    return taken(plan, read, now, terms, Origin("", terms.by))


def taken(path: str, read: Callable[[Plan], Beside], now: datetime, terms: Terms, origin: Origin) -> Done:
    """Take what `read` finds for the plan at `path`: once, before the ledger is locked, however long that may last.

    Raises:
        IntakeError: the plan or the ledger cannot be used; nothing was written.
    """
    plan, ledger = _open(path)
    beside = read(plan)
    with nullcontext() if terms.dry_run else locked(ledger):
        plan, ledger = _open(path)  # the ledger may have come to be while another import was waited for
        known = read_observations(plan)
        _refuse_damaged(ledger, known.diagnostics)
        moment = now.astimezone(ZoneInfo(plan.time_zone)).replace(tzinfo=None, microsecond=0)
        draft = drafted(plan, beside(known.observations), known, moment, origin)
        code = _code(draft, terms)
        held = bool(draft.refused) and not terms.partial
        write = bool(draft.fresh) and not terms.dry_run and not held and not draft.open_doubts(terms.accept)
        if write:
            append(ledger, [entry.claim for entry in draft.fresh], moment, origin)
    return Done(draft, write, ledger, code, known.diagnostics)


def _code(draft: Draft, terms: Terms) -> int:
    if draft.refused and not terms.partial:
        return BROKEN
    if not draft.entries and not draft.known:  # an empty form is no success
        return BROKEN
    return REPORTED if draft.refused or draft.open_doubts(terms.accept) else NOTHING


def _open(path: str) -> tuple[Plan, str]:
    """Return the plan and its ledger.

    Raises:
        IntakeError: the plan has an error, or does not look for the ledger.
    """
    report = Report()
    plan, faults = read_plan(path, report)
    wrong = tuple(fault for fault in faults if fault.severity is Severity.ERROR and not _only_ledger_missing(fault))
    if plan is None or wrong:
        raise IntakeError(Phrase(N_("the plan has an error; nothing is taken before it is mended")), wrong)
    ledger = ledger_of(plan.where)
    if shown_name(ledger) not in map(shown_name, plan.observation_files) and not any(
        found_by(pattern) for pattern, _, _ in report.looked
    ):
        text = N_("the plan does not read {file}, to which imports are appended; add {pattern} to its “observations”")
        raise IntakeError(Phrase(text, {"file": shown_name(ledger), "pattern": shown_name(LEDGER)}))
    return plan, ledger


def _only_ledger_missing(fault: Diagnostic) -> bool:
    """Tell whether a plan's only fault is that the ledger, which it names, is still to be written."""
    return fault.code == "KT114" and found_by(str(fault.args["value"]))


def _refuse_damaged(ledger: str, faults: Iterable[Diagnostic]) -> None:
    """Refuse to append to a ledger whose last rows cannot be told apart: what is new would be lost in them."""
    damage = tuple(f for f in faults if f.code in UNREADABLE and f.place.file == shown_name(ledger))
    if damage:
        raise IntakeError(Phrase(N_("the ledger is damaged; nothing is taken before it is mended")), damage)
