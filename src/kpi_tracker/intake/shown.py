"""An import in words: what is new, corrected, unchanged, refused, suspicious and left out, each with its cell."""

from collections.abc import Iterator

from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.intake.draft import Change, Draft, Entry
from kpi_tracker.intake.reading import Remark, Spot
from kpi_tracker.intake.transaction import Done, Terms
from kpi_tracker.language import N_, Language, Phrase
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.observation import Value
from kpi_tracker.reporting.words import with_unit

__all__ = ["shown_import"]

HEADS = {
    Change.NEW: N_("new: {n}"),
    Change.CORRECTED: N_("corrected: {n}"),
    Change.UNCHANGED: N_("unchanged: {n}"),
}


def shown_import(done: Done, terms: Terms, words: Language) -> Iterator[str]:
    """Yield the lines that tell what an import found, and what became of it."""
    draft = done.draft
    for change in (Change.NEW, Change.CORRECTED):
        yield from _section(HEADS[change], [_entry(entry, words) for entry in draft.of(change)], words)
    if unchanged := len(draft.of(Change.UNCHANGED)) + draft.known:
        yield words.text(HEADS[Change.UNCHANGED], n=unchanged)
    yield from _section(N_("left out: {n}"), [_remark(one, words) for one in draft.left_out], words)
    doubts = [_line(entry.claim.cell, entry.claim.name, words.phrase(doubt), words)
              for entry in draft.entries for doubt in entry.doubts]  # fmt: skip
    yield from _section(N_("suspicious: {n}"), [*doubts, *(_remark(one, words) for one in draft.odd)], words)
    yield from _section(N_("refused: {n}"), [_remark(one, words) for one in draft.refused], words)
    yield words.phrase(_end(done, draft, terms))


def _section(head: str, lines: list[str], words: Language) -> Iterator[str]:
    if lines:
        yield words.text(head, n=len(lines))
        yield from (f"  {plain(line)}" for line in lines)


def _entry(entry: Entry, words: Language) -> str:
    claim = entry.claim
    value = _value(claim.kpi, claim.value, words)
    if entry.before is not None:
        value = f"{_value(claim.kpi, entry.before.value, words)} → {value}"
    return _line(claim.cell, claim.name, f"{claim.date}  {value}", words)


def _value(kpi: Kpi, value: Value, words: Language) -> str:
    if isinstance(value, tuple):
        return "; ".join(value) or words.text(N_("none"))
    return with_unit(value, kpi.unit, words)


def _remark(remark: Remark, words: Language) -> str:
    return _line(remark.cell, "", words.phrase(remark.phrase), words)


def _line(cell: object, kpi: str, text: str, words: Language) -> str:
    return "  ".join(part for part in (str(cell or ""), kpi, text) if part)


def _end(done: Done, draft: Draft, terms: Terms) -> Phrase:
    """Return what became of it."""
    if done.written:
        return Phrase(N_("rows appended to {file}: {n}"), {"n": len(draft.fresh), "file": done.ledger})
    if draft.refused and not terms.partial:
        return Phrase(N_("nothing was written: mend what is refused, or take the rest with --partial"))
    if not draft.entries and not draft.known:
        return Phrase(N_("nothing was written: no value was found"))
    if cells := draft.open_doubts(terms.accept):
        options = tuple(f"--accept {_accepted(cell)}" for cell in dict.fromkeys(cells) if cell) or ("--accept",)
        return Phrase(N_("nothing was written: look at what is suspicious; where it is right, say so with {options}"),
                      {"options": options})  # fmt: skip
    if terms.dry_run and draft.fresh:
        return Phrase(N_("nothing was written: this was a trial (--dry-run)"))
    return Phrase(N_("nothing was written: everything is in the ledger already"))


def _accepted(cell: object) -> str:
    return cell.name if isinstance(cell, Spot) else str(cell)
