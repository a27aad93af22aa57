"""A form as a workbook: a sheet for each owner, locked but for the cells to be filled, and a hidden sheet to read it back."""

import io
import re
from datetime import date
from typing import TYPE_CHECKING, Any

from kpi_tracker.forms.asked import Asked
from kpi_tracker.forms.columns import COLUMNS, cells_of, remark_of
from kpi_tracker.intake.layout import DONE, FORMAT, HIDDEN, ID, NOT_DONE, NOTE, VALUE
from kpi_tracker.intake.problem import needs_excel
from kpi_tracker.language import N_, Language
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.unit import Text

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook  # type: ignore[import-untyped]
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

__all__ = ["workbook_of"]

HEAD = 4
"""Rows above the first that is to be filled."""
LONGEST_NAME = 31
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
A4 = 9
MOST = 10**15
STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14, "valign": "vcenter"},
    "hint": {"font_color": "#555555", "text_wrap": True, "valign": "top"},
    "head": {"bold": True, "bg_color": "#E8EDF3", "border": 1, "border_color": "#9AA5B1", "text_wrap": True,
             "valign": "vcenter", "align": "center"},
    "text": {"border": 1, "border_color": "#C5CCD3", "text_wrap": True, "valign": "vcenter"},
    "number": {"border": 1, "border_color": "#C5CCD3", "text_wrap": True, "valign": "vcenter", "align": "right"},
    "small": {"border": 1, "border_color": "#C5CCD3", "text_wrap": True, "valign": "vcenter", "font_size": 8,
              "font_color": "#777777"},
    "fill": {"border": 2, "border_color": "#B08900", "bg_color": "#FFF9DB", "valign": "vcenter", "align": "right",
             "locked": False},
    "note": {"border": 1, "border_color": "#B08900", "bg_color": "#FFF9DB", "text_wrap": True, "valign": "vcenter",
             "locked": False, "num_format": "@"},
}  # fmt: skip
FILLED = ("fill", "note")
"""What people write into; all else is text of the plan, and stays text also where somebody edits its cell."""
ALLOWED = {"format_cells": True, "format_columns": True, "format_rows": True}


def workbook_of(plan: Plan, rows: tuple[Asked, ...], day: date, words: Language, now: date) -> bytes:
    """Return the form of `rows`, headings and hints in the language of `words`; titles are in both.

    Raises:
        IntakeError: the extra for Excel is not installed.
    """
    try:
        from xlsxwriter import Workbook  # type: ignore[import-untyped]
    except ImportError:
        raise needs_excel() from None
    from datetime import datetime

    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                          "strings_to_numbers": False})  # fmt: skip
    book.set_properties({"title": str(plan.title), "created": datetime(now.year, now.month, now.day)})
    styles = {
        name: book.add_format({**settings, "quote_prefix": name not in FILLED}) for name, settings in STYLES.items()
    }
    listed: list[tuple[str, int, Asked]] = []
    taken = {HIDDEN}
    for owner in dict.fromkeys(row.owner for row in rows):
        theirs = [row for row in rows if row.owner == owner]
        name = _sheet_name(owner.in_language(words.code), taken)
        _write_sheet(book.add_worksheet(name), plan, owner, theirs, day, words, styles)
        listed += [(name, HEAD + i + 1, row) for i, row in enumerate(theirs)]
    _write_hidden(book, plan, listed, day)
    book.close()
    return out.getvalue()


def _sheet_name(owner: str, taken: set[str]) -> str:
    """Return a name that Excel takes, and that no other sheet has."""
    base = NOT_IN_NAMES.sub(" ", owner).strip(" '") or "-"
    name, n = base[:LONGEST_NAME], 2
    while name.lower() in taken or name.lower() == "history":
        name, n = f"{base[: LONGEST_NAME - 4]} {n}", n + 1
    taken.add(name.lower())
    return name


def _write_sheet(
    sheet: "Worksheet", plan: Plan, owner: Text, rows: list[Asked], day: date, words: Language, styles: dict[str, Any]
) -> None:
    title = f"{plan.title.in_language(words.code)} · {owner} · {day:%Y-%m}"
    sheet.write_string(0, 1, title, styles["title"])
    hint = words.text(
        N_("Fill in the yellow cells only. Leave a cell empty where there is no figure yet; 0 is a figure.")
    )
    sheet.write_string(1, 1, hint)
    sheet.write_string(2, 1, words.text(N_("Figures marked in brackets are not firm: see the mark.")))
    for i, column in enumerate(COLUMNS):
        sheet.set_column(i, i, column.width)
        sheet.write_string(HEAD - 1, i, words.text(column.head), styles["head"])
    for i, row in enumerate(rows):
        _write_row(sheet, HEAD + i, row, words, styles)
    sheet.set_row(HEAD - 1, 32)
    sheet.freeze_panes(HEAD, ID + 2)
    sheet.protect("", ALLOWED)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD - 1)
    sheet.set_footer("&L&A&R&P / &N")
    sheet.print_area(0, 1, HEAD + len(rows) - 1, NOTE)


def _write_row(sheet: "Worksheet", at: int, row: Asked, words: Language, styles: dict[str, Any]) -> None:
    for i, (text, style) in enumerate(cells_of(row, words)):
        sheet.write_string(at, i, text, styles[style])
    sheet.write_blank(at, VALUE, None, styles["fill"])
    sheet.write_blank(at, NOTE, None, styles["note"])
    sheet.set_row(
        at, 15 * max(2, *(_lines(text, COLUMNS[i].width) for i, (text, _) in enumerate(cells_of(row, words))))
    )
    sheet.data_validation(at, VALUE, at, VALUE, _validation(row, words))
    if remark := remark_of(row, words):
        sheet.write_comment(at, 1, remark, {"x_scale": 2})


def _lines(text: str, width: float) -> int:
    """Return how many lines a text takes in a column; a Chinese character is as wide as two others."""
    return sum(1 + int(sum(1 if c.isascii() else 2 for c in line) / width) for line in text.split("\n"))


def _validation(row: Asked, words: Language) -> dict[str, Any]:
    choices = [words.text(DONE), words.text(NOT_DONE)] if row.step else list(row.kpi.scale)
    if choices:
        return {"validate": "list", "source": choices, "error_title": words.text(N_("Choose from the list")),
                "error_message": ", ".join(choices)[:255]}  # fmt: skip
    bounds = {"criteria": ">=", "value": 0} if row.floor else {"criteria": "between", "minimum": -MOST, "maximum": MOST}
    unit = row.kpi.unit.text.in_language(words.code)
    text = words.text(N_("Enter a number in {unit}.") if unit else N_("Enter a number."), unit=unit)
    text += words.text(N_(" It cannot be negative.")) if row.floor else ""
    return {"validate": "decimal", **bounds, "error_title": words.text(N_("Not a number")), "error_message": text[:255]}


def _write_hidden(book: "Workbook", plan: Plan, listed: list[tuple[str, int, Asked]], day: date) -> None:
    """Write what reading back needs: the sheet and the row of every KPI and step."""
    sheet = book.add_worksheet(HIDDEN)
    for i, text in enumerate((FORMAT, plan.id, day.isoformat())):
        sheet.write_string(i, 0, text)
    for i, (name, at, row) in enumerate(listed, 3):
        step, part = row.step.id if row.step else "", ["=".join(row.part)] if row.part else []
        for j, text in enumerate((name, str(at), row.kpi.id, step, row.day.isoformat(), *part)):
            sheet.write_string(i, j, text)
    sheet.protect("")
    sheet.very_hidden()
