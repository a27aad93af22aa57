"""The ledger of a plan: the CSV file to which what comes in is appended, all of it or nothing."""

import csv
import io
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from tempfile import TemporaryDirectory

from kpi_tracker.diagnostics import Place
from kpi_tracker.diagnostics.refusal import refusal
from kpi_tracker.disk import sync_folder
from kpi_tracker.intake.problem import IntakeError
from kpi_tracker.intake.reading import Claim
from kpi_tracker.language import N_, Phrase
from kpi_tracker.loading.search import inside, matching
from kpi_tracker.model.observation import Value
from kpi_tracker.notation.spreadsheet import harmless, is_live
from kpi_tracker.record import record

__all__ = [
    "HEADER",
    "LEDGER",
    "Origin",
    "append",
    "columns_of",
    "found_by",
    "ledger_of",
    "locked",
    "row_of",
    "rows_text",
    "safe",
]

LEDGER = os.path.join("observations", "ledger.csv")
HEADER = ("kpi", "date", "value", "recorded_at", "source", "note")
LOCK = ".ledger.lock"
NEW = ".ledger.new"
PATIENCE = 30.0
"""Seconds that an import waits for another one to end."""


@record
class Origin:
    """Where figures come from: the name of the file, "" for one that is typed in, and who gave them."""

    file: str = ""
    by: str = ""


def safe(text: str) -> str:
    """Return somebody's text as one line that no spreadsheet takes for a formula."""
    if text.isprintable() and "  " not in text and text == text.strip():  # as nearly all are
        return harmless(text)
    live = is_live(text)
    line = "".join(c for c in " ".join(text.split()) if c.isprintable())
    return f"'{line}" if live or is_live(line) else line


def columns_of(claims: Iterable[Claim]) -> tuple[str, ...]:
    """Return the columns that rows of `claims` need: the usual ones, and one for each dimension that one is of."""
    return (*HEADER, *dict.fromkeys(claim.part[0] for claim in claims if claim.part))


def row_of(claim: Claim, now: datetime, origin: Origin, columns: tuple[str, ...] = HEADER) -> tuple[str, ...]:
    """Return the row of the ledger for a claim: its source is the file with the cell, and who."""
    place = f"{origin.file} {claim.cell}".lstrip() if claim.cell else ""
    source = " · ".join(part for part in (place, origin.by) if part)
    recorded = now.isoformat(" ", "seconds")
    usual = (claim.kpi.id, claim.date.isoformat(), _written(claim.value), recorded, safe(source), safe(claim.note))
    if len(columns) == len(HEADER):
        return usual
    return (*usual, *("".join(claim.part[1:]) if claim.part[:1] == (name,) else "" for name in columns[len(HEADER) :]))


def _written(value: Value) -> str:
    if isinstance(value, tuple):
        return "; ".join(value) or "none"
    return value if isinstance(value, str) else f"{value:.15g}"


def rows_text(rows: Iterable[Iterable[str]]) -> str:
    """Return rows as CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def ledger_of(plan_place: Place) -> str:
    """Return the path of the ledger of the plan that is written at `plan_place`."""
    return os.path.join(os.path.dirname(plan_place.file), LEDGER)


def found_by(pattern: str) -> bool:
    """Tell whether a name or a glob of `observations` would find the ledger."""
    with TemporaryDirectory() as folder:
        file = os.path.join(folder, LEDGER)
        os.mkdir(os.path.dirname(file))
        with open(file, "wb"):
            return any(os.path.samefile(match, file) for match in matching(pattern, folder))


@contextmanager
def locked(ledger: str) -> Iterator[None]:
    """Be the only one who writes the ledger; its folder is made where there is none.

    Raises:
        IntakeError: another import does not end, or the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    folder = os.path.dirname(ledger)
    try:
        os.makedirs(folder, exist_ok=True)
        lock = FileLock(os.path.join(folder, LOCK), timeout=PATIENCE)
        lock.acquire()
    except Timeout as error:
        text = N_("{file} is being written by another import, which does not end")
        raise IntakeError(Phrase(text, {"file": ledger})) from error
    except OSError as error:
        raise _unwritable(ledger, error) from error
    try:
        yield
    finally:
        lock.release()


def append(ledger: str, claims: Iterable[Claim], now: datetime, origin: Origin) -> None:
    """Append the rows of claims to the ledger, whole: at any time the file holds all of them or none.

    Call it with the lock held. A ledger without the column of a dimension gets it where it is first needed.

    Raises:
        IntakeError: the file is not one of ours, or could not be written; it is as it was.
    """
    folder = os.path.dirname(ledger)
    draft = os.path.join(folder, NEW)
    try:
        claims = tuple(claims)
        before, columns = _content(ledger, columns_of(claims))
        rows = [row_of(claim, now, origin, columns) for claim in claims]
        with open(draft, "wb") as file:
            file.write(before + rows_text(rows).encode())
            file.flush()
            os.fsync(file.fileno())
        if os.path.exists(ledger):
            os.chmod(draft, os.stat(ledger).st_mode)
        os.replace(draft, ledger)
        sync_folder(folder)
    except OSError as error:
        with suppress(OSError):
            os.unlink(draft)
        raise _unwritable(ledger, error) from error


def _content(ledger: str, needed: tuple[str, ...]) -> tuple[bytes, tuple[str, ...]]:
    """Return what the ledger holds, with a line end at its end and the columns that are `needed`; and its columns."""
    if not inside(ledger, os.path.dirname(os.path.dirname(ledger))) or os.path.islink(ledger):
        raise IntakeError(
            Phrase(N_("{file} leads elsewhere; it must be a file in the plan's folder"), {"file": ledger})
        )
    try:
        with open(ledger, "rb") as file:
            content = file.read()
    except FileNotFoundError:
        return rows_text([needed]).encode(), needed
    heading = tuple(content.partition(b"\n")[0].rstrip(b"\r").decode("utf-8-sig", "replace").split(","))
    if heading[: len(HEADER)] != HEADER:
        text = N_("{file} was not written by an import: its first row must be {expected}; give that file another name")
        raise IntakeError(Phrase(text, {"file": ledger, "expected": ",".join(HEADER)}))
    content = content if content.endswith(b"\n") else content + b"\n"
    further = tuple(name for name in needed if name not in heading)
    return (_widened(content, further) if further else content), (*heading, *further)


def _widened(content: bytes, further: tuple[str, ...]) -> bytes:
    """Return a ledger with further columns, empty in the rows that it has."""
    heading, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    empty = [""] * len(further)
    return rows_text([[*heading, *further], *([*row, *empty] if row else [] for row in rows)]).encode()


def _unwritable(ledger: str, error: OSError) -> IntakeError:
    text = N_("{file} could not be written, and is as it was: {reason}")
    return IntakeError(Phrase(text, {"file": ledger, "reason": refusal(error, writing=True)}))
