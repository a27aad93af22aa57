"""The columns of a form, and what stands in them."""

from typing import NamedTuple

from kpi_tracker.forms.asked import Asked, marks
from kpi_tracker.intake.layout import DONE, NOT_DONE, label
from kpi_tracker.language import N_, Language
from kpi_tracker.model.observation import Observation
from kpi_tracker.reporting.words import baseline_words, target_words, with_unit

__all__ = ["COLUMNS", "cells_of", "remark_of"]


class Column(NamedTuple):
    """A column: its heading, and its width in characters."""

    head: str
    width: float


COLUMNS = (
    Column(N_("Id"), 14), Column(N_("Indicator"), 34), Column(N_("Unit"), 9), Column(N_("To enter"), 18),
    Column(N_("Last value"), 15), Column(N_("Its date"), 11), Column(N_("Same day, baseline year"), 15),
    Column(N_("Target"), 16), Column(N_("Due"), 11), Column(N_("Value"), 15), Column(N_("Note"), 26),
)  # fmt: skip


def cells_of(row: Asked, words: Language) -> list[tuple[str, str]]:
    """Return text and style of the cells that stand before the ones to be filled."""
    kpi, step = row.kpi, row.step
    title = _both(kpi.title.zh, kpi.title.en)
    title += "".join(f"\n▸ {below.title}" for below in (row.member, step) if below)
    return [
        (label(kpi.id, row.part, step.id if step else ""), "small"),
        (title, "text"),
        (kpi.unit.text.in_language(words.code), "text"),
        (words.phrase(row.wanted), "text"),
        (_observed(row, row.last, words), "number"),
        (row.last.date.isoformat() if row.last else "", "text"),
        (_observed(row, row.then, words), "number"),
        (step.due.isoformat() if step else target_words(kpi, words), "number"),
        (row.due.isoformat() if row.due else "", "text"),
    ]


def _both(zh: str, en: str) -> str:
    return zh if zh == en else f"{zh}\n{en}"


def _observed(row: Asked, seen: Observation | None, words: Language) -> str:
    if seen is None:
        return ""
    if row.step is not None:
        text = words.text(DONE if row.step.id in seen.value else NOT_DONE)  # type: ignore[operator]
    else:
        text = with_unit(seen.value, row.kpi.unit, words)  # type: ignore[arg-type]
    said = [words.phrase(mark) for mark in marks(seen)]
    return text + "".join(f" [{mark}]" for mark in said)


def remark_of(row: Asked, words: Language) -> str:
    """Return what the comment of a row says: the baseline, and the plan's own notes."""
    parts = []
    if row.kpi.baseline is not None:
        parts.append(words.text(N_("Baseline: {value}"), value=baseline_words(row.kpi, words)))
    if row.kpi.notes is not None:
        parts.append(row.kpi.notes.in_language(words.code))
    return "\n".join(parts)
