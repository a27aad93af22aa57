"""Faults as text, each under its place with the line as written."""

from collections.abc import Iterable
from typing import IO

from kpi_tracker.diagnostics import Diagnostic
from kpi_tracker.diagnostics.diagnostic import by_place
from kpi_tracker.language import N_, language

__all__ = ["write_faults"]


def write_faults(diagnostics: Iterable[Diagnostic], file: IO[str], lang: str = "en") -> None:
    """Write every fault with its place, its line and a mark; nothing where there is none."""
    found, words = sorted(diagnostics, key=by_place), language(lang)
    if not found:
        return
    file.write(
        words.count(N_("{n} fault in the plan or its data:"), N_("{n} faults in the plan or its data:"), len(found))
    )
    file.write("\n")
    for fault in found:
        file.write(fault.render(lang) + "\n")
