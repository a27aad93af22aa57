"""A form of ours that comes back: what stands in its cells is known from its hidden sheet, and nothing is guessed."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import NamedTuple

from kpi_tracker.intake.book import Book, Cell, Sheet
from kpi_tracker.intake.figure import Refused, figure, is_blank
from kpi_tracker.intake.layout import FORMAT, HIDDEN, ID, NOTE, STEP_WORDS, VALUE, label
from kpi_tracker.intake.problem import IntakeError
from kpi_tracker.intake.reading import Claim, Reading, Remark
from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.notation.date import read_date

__all__ = ["is_form", "read_filled"]

HEAD = 3  # rows of the hidden sheet above its list


class _Line(NamedTuple):
    sheet: Sheet
    row: int
    kpi: Kpi
    step: str
    day: date
    part: tuple[str, ...] = ()

    @property
    def cell(self) -> Cell:
        return self.sheet.cell(self.row, VALUE)


def is_form(book: Book) -> bool:
    """Tell whether a workbook has the hidden sheet of a form."""
    return book.sheet(HIDDEN) is not None


def read_filled(book: Book, plan: Plan) -> Reading:
    """Read back a form of `plan`.

    Raises:
        IntakeError: it is a form of another plan or of a version to come.
    """
    hidden = book.sheet(HIDDEN)
    assert hidden is not None  # noqa: S101 - asked before
    if hidden.value(0, 0) != FORMAT:
        text = N_("{file}: a form of the format “{value}”; this version reads “{expected}”")
        raise IntakeError(Phrase(text, {"file": book.name, "value": str(hidden.value(0, 0)), "expected": FORMAT}))
    if hidden.value(1, 0) != plan.id:
        text = N_("{file}: a form of the plan “{value}”, not of “{expected}”")
        raise IntakeError(Phrase(text, {"file": book.name, "value": str(hidden.value(1, 0)), "expected": plan.id}))
    lines, refused = _lines(book, hidden, plan)
    claims: list[Claim] = []
    left_out: list[Remark] = []
    for _, group in groupby(lines, key=lambda line: (line.sheet.name, line.kpi.id, line.part)):
        rows = list(group)
        note, where = _note(rows)
        try:
            value = _steps(rows) if rows[0].step else figure(rows[0].sheet, rows[0].row, VALUE, rows[0].kpi)
        except Refused as fault:
            refused.append(Remark(rows[0].cell, fault.phrase))
            continue
        if value is not None:
            claims.append(Claim(rows[0].kpi, rows[0].day, value, rows[0].cell, note, part=rows[0].part))
        elif note:
            left_out.append(Remark(where, Phrase(N_("a note without a value: “{value}”"), {"value": note})))
    return Reading(tuple(claims), tuple(refused), tuple(left_out))


def _lines(book: Book, hidden: Sheet, plan: Plan) -> tuple[list[_Line], list[Remark]]:
    """Return the rows that were to be filled; one that no longer stands where the form had it is refused."""
    kpis = {item.id: item for _, item in plan.walk() if isinstance(item, Kpi)}
    lines: list[_Line] = []
    refused: list[Remark] = []
    for fields in hidden.rows[HEAD:]:
        name, number, kpi_id, step, day, of = (str(value) for value in (*fields, "", "", "", "", "", "")[:6])
        part = tuple(of.split("=", 1)) if "=" in of else ()
        sheet, kpi, on = book.sheet(name), kpis.get(kpi_id), read_date(day)
        row = int(float(number)) - 1 if number.replace(".", "").isdigit() else 0
        if sheet is None or on is None:
            refused.append(Remark(None, Phrase(N_("the form has no sheet “{value}” any more"), {"value": name})))
        elif kpi is None:
            text = N_("there is no KPI “{value}” in this plan any more")
            refused.append(Remark(sheet.cell(row, ID), Phrase(text, {"value": kpi_id})))
        elif part and not _is_there(part, plan):
            text = N_("there is no member “{value}” in this plan any more")
            refused.append(Remark(sheet.cell(row, ID), Phrase(text, {"value": part[1]})))
        elif sheet.value(row, ID) != label(kpi_id, part, step):
            text = N_("the row of “{value}” does not stand here any more; rows of a form stay where they are")
            refused.append(Remark(sheet.cell(row, ID), Phrase(text, {"value": kpi_id})))
        else:
            lines.append(_Line(sheet, row, kpi, step, on, part))
    return lines, refused


def _is_there(part: tuple[str, ...], plan: Plan) -> bool:
    dimension = plan.dimension(part[0])
    return dimension is not None and dimension.find(part[1]) is not None


def _note(rows: list[_Line]) -> tuple[str, Cell]:
    notes = [(str(line.sheet.value(line.row, NOTE)).strip(), line.sheet.cell(line.row, NOTE)) for line in rows]
    written = [(note, cell) for note, cell in notes if note]
    return "; ".join(note for note, _ in written), written[0][1] if written else notes[0][1]


def _steps(rows: Iterable[_Line]) -> tuple[str, ...] | None:
    """Return the steps that are marked as done; None where no step is marked at all.

    Raises:
        Refused: some are marked and some are not, or with another word.
    """
    done, empty, marked = [], [], False
    for line in rows:
        value = line.sheet.value(line.row, VALUE)
        if is_blank(value):
            empty.append(line.step)
            continue
        word = STEP_WORDS.get(str(value).strip().lower())
        if word is None:
            text = N_("“{value}” must be one of {expected}")
            raise Refused(Phrase(text, {"value": str(value), "expected": tuple(STEP_WORDS)}))
        marked = True
        if word:
            done.append(line.step)
    if not marked:
        return None
    if empty:
        raise Refused(Phrase(N_("every step must be marked; these are not: {members}"), {"members": tuple(empty)}))
    return tuple(done)
