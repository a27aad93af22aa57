"""What stands at the right of a chart, where a line ends: its name, its value, and the marks that belong to them."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kpi_tracker.documents.charts.drawing import Element
from kpi_tracker.documents.charts.labels import spread
from kpi_tracker.documents.charts.plot import line
from kpi_tracker.documents.charts.texts import NORMAL, SMALL, fitted, label, wrapped
from kpi_tracker.language import N_, Language
from kpi_tracker.model.measure import Basis
from kpi_tracker.model.target import Baseline, Target, TargetForm
from kpi_tracker.reporting.words import BASIS_WORDS

__all__ = ["COLUMN", "End", "baseline_end", "sidelines", "target_name"]

COLUMN = 104.0
"""The width of the column at the right."""
_NAME, _VALUE, _GAP = 14.0, 16.0, 7.0


class End(NamedTuple):
    """What a line is called where it ends, at the height `y`, and its value in words."""

    y: float
    name: str
    value: str
    kind: str


def sidelines(ends: Sequence[End], x: float, top: float, bottom: float) -> Iterator[Element]:
    """Yield names and values beside the ends at `x`, one below the other, each with the way to its line."""
    names = [wrapped(end.name, COLUMN, SMALL) for end in ends]
    sizes = [len(name) * _NAME + _VALUE + _GAP for name in names]
    places = spread([end.y for end in ends], sizes, top, bottom)
    for end, name, size, place in zip(ends, names, sizes, places, strict=True):
        yield line("c-lead", x + 1, end.y, x + 8, place)
        y = place - size / 2 + _GAP / 2 - 3
        for text in name:
            y += _NAME
            yield label(text, x + 12, y, f"c-small {end.kind}")
        yield label(fitted(end.value, COLUMN, NORMAL), x + 12, y + _VALUE - 1, f"c-strong {end.kind}")


def target_name(target: Target, words: Language) -> str:
    """Return what the line of the target is called, with where the target comes from if its source does not state it."""
    name = words.text(_TARGETS.get(target.form, N_("target")))
    if target.basis is Basis.STATED:
        return name
    return words.text(N_("{value} ({basis})"), value=name, basis=words.text(BASIS_WORDS[target.basis]))


_TARGETS = {
    TargetForm.AT_MOST: N_("at most"), TargetForm.AT_LEAST: N_("at least"), TargetForm.MAINTAIN: N_("to be held"),
}  # fmt: skip


def baseline_end(base: Baseline, year: int, y: float, value: str, words: Language) -> End:
    """Return the end of the line of the baseline: its year and value, with the marks that belong to them."""
    name = words.text(N_("{year} baseline"), year=year)
    if base.abnormal:
        name = words.text(N_("{value} (abnormal year)"), value=name)
    return End(y, name, words.text(N_("about {value}"), value=value) if base.approximate else value, "c-of-base")
