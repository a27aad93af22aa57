"""Forms written to a file, or to a folder with one file for each owner."""

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from kpi_tracker.diagnostics import Diagnostic, Severity
from kpi_tracker.diagnostics.refusal import refusal
from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.forms.asked import Asked, asked
from kpi_tracker.forms.workbook import workbook_of
from kpi_tracker.intake.problem import IntakeError
from kpi_tracker.intake.reference import words_of
from kpi_tracker.language import N_, Phrase, language
from kpi_tracker.loading.plan import read_plan
from kpi_tracker.model.unit import Text
from kpi_tracker.sources.observations import read_observations

__all__ = ["Written", "write_form"]

NOT_IN_FILES = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


class Written(NamedTuple):
    """What was written: the files, how many sheets and KPIs to be filled, and how many have no figure that ends then."""

    files: tuple[str, ...]
    sheets: int
    kpis: int
    others: int
    diagnostics: tuple[Diagnostic, ...] = ()


def write_form(path: str, day: date, out: str, today: date, owner: str = "", lang: str = "zh") -> Written:
    """Write the form of the period that ends on `day`: to the file `out`, or one file an owner where `out` is a folder.

    Raises:
        IntakeError: the plan has an error, nothing is to be filled, or `out` could not be written.
    """
    plan, faults = read_plan(path)
    if plan is None or any(fault.severity is Severity.ERROR for fault in faults):
        raise IntakeError(Phrase(N_("the plan has an error; no form is written before it is mended")), faults)
    reading = read_observations(plan)
    rows, others = asked(plan, reading.observations, day)
    rows = _of_owner(rows, owner)
    if not rows:
        raise IntakeError(Phrase(N_("no figure ends on {date}: there is nothing to fill"), {"date": str(day)}))
    owners = tuple(dict.fromkeys(row.owner for row in rows))
    if os.path.isdir(out) or out.endswith(("/", os.sep)):
        parts = [(name, [r for r in rows if r.owner == one]) for one, name in _file_names(owners, out, lang)]
    else:
        parts = [(out, list(rows))]
    for file, theirs in parts:
        _put(file, workbook_of(plan, tuple(theirs), day, language(lang), today))
    kpis = len({row.kpi.id for row in rows})
    return Written(tuple(file for file, _ in parts), len(owners), kpis, others, reading.diagnostics)


def _of_owner(rows: tuple[Asked, ...], owner: str) -> tuple[Asked, ...]:
    if not owner:
        return rows
    wanted = words_of(owner)
    found = tuple(row for row in rows if wanted in (words_of(row.owner.zh), words_of(row.owner.en)))
    if not found:
        known = list(dict.fromkeys(name for row in rows for name in (row.owner.zh, row.owner.en)))
        phrase = Phrase(N_("nobody called “{value}” has a figure to fill"), {"value": owner})
        if near := nearest(wanted, known):
            phrase = Phrase(N_("{fault}; did you mean “{nearest}”?"), {"fault": phrase, "nearest": near})
        raise IntakeError(phrase)
    return found


def _file_names(owners: Iterable[Text], folder: str, lang: str) -> list[tuple[Text, str]]:
    """Return a file of its own in `folder` for each owner."""
    names: dict[str, tuple[Text, str]] = {}
    for owner in owners:
        base = NOT_IN_FILES.sub(" ", owner.in_language(lang)).strip(" .") or "-"
        name, n = base, 2
        while name.lower() in names:
            name, n = f"{base} {n}", n + 1
        names[name.lower()] = (owner, os.path.join(folder, f"{name}.xlsx"))
    return list(names.values())


def _put(file: str, content: bytes) -> None:
    """Write a file whole: what stood there stays until the new one is complete."""
    draft = f"{file}.new"
    try:
        os.makedirs(os.path.dirname(file) or ".", exist_ok=True)
        with open(draft, "wb") as out:
            out.write(content)
        os.replace(draft, file)
    except OSError as error:
        with suppress(OSError):
            os.unlink(draft)
        text = N_("{file} could not be written: {reason}")
        raise IntakeError(Phrase(text, {"file": file, "reason": refusal(error, writing=True)})) from error
