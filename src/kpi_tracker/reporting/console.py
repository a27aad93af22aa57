"""The console that text reports are written to: colours on a terminal only, wide characters counted as two."""

import os
from typing import IO

from rich.console import Console
from rich.text import Text as Styled

from kpi_tracker.language import Language
from kpi_tracker.model.measure import Status
from kpi_tracker.reporting.words import STATUS_WORDS

__all__ = ["NARROW", "console_for", "status_text"]

PIPED_WIDTH = 140
"""Columns of a report that goes to a file or a pipe, so that the same input gives the same bytes everywhere."""
NARROW = 100
"""Below this width tables give way to lists."""

STYLES = {
    Status.BREACHED: "bold white on red", Status.MISSED: "bold red", Status.REGRESSING: "bold red",
    Status.LAGGING: "red", Status.NO_DATA: "magenta", Status.STALE: "magenta", Status.UNKNOWN: "magenta",
    Status.AT_RISK: "yellow", Status.ON_TRACK: "green", Status.AHEAD: "green", Status.ACHIEVED: "bold green",
    Status.PENDING: "dim", Status.EXEMPT: "dim",
}  # fmt: skip


def console_for(file: IO[str]) -> Console:
    """Return a console that writes to `file`; a pipe gets neither colours nor the width of some terminal."""
    is_terminal = file.isatty()
    width = None if is_terminal else int(columns) if (columns := os.environ.get("COLUMNS", "")).isdigit() else PIPED_WIDTH
    color = is_terminal and not os.environ.get("NO_COLOR")
    return Console(
        file=file, width=width, color_system="auto" if color else None, highlight=False, emoji=False, markup=False,
        force_terminal=is_terminal, legacy_windows=False,
    )  # fmt: skip


def status_text(status: Status, words: Language, severity: int = 0) -> Styled:
    """Return a status as a coloured word; a second severity shows as a second mark."""
    mark = "!" * max(0, severity - 1)
    return Styled(words.text(STATUS_WORDS[status]) + mark, style=STYLES[status])
