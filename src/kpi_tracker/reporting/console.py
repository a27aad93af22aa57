"""The console that text reports are written to: colours on a terminal only, wide characters counted as two."""

import os
import re
from typing import IO, Any, Literal

from rich.console import Console
from rich.text import Text as Styled

from kpi_tracker.language import Language
from kpi_tracker.model.measure import Status
from kpi_tracker.reporting.words import STATUS_WORDS

__all__ = ["NARROW", "ROOMY", "Sheet", "console_for", "status_text"]

PIPED_WIDTH = 140
"""Columns of a report that goes to a file or a pipe, so that the same input gives the same bytes everywhere."""
NARROW = 100
"""Below this width tables give way to lists."""
ROOMY = 120
"""Below this width a table with long names, paths or places is a list too: they need their room."""

NARROWEST = 20
"""No report is laid out for fewer columns than these."""

STYLES = {
    Status.BREACHED: "bold white on red", Status.MISSED: "bold red", Status.REGRESSING: "bold red",
    Status.LAGGING: "red", Status.NO_DATA: "magenta", Status.STALE: "magenta", Status.UNKNOWN: "magenta",
    Status.AT_RISK: "yellow", Status.ON_TRACK: "green", Status.AHEAD: "green", Status.ACHIEVED: "bold green",
    Status.PENDING: "dim", Status.EXEMPT: "dim",
}  # fmt: skip


ColorSystem = Literal["auto"] | None
PLAIN: dict[str, Any] = {"highlight": False, "emoji": False, "markup": False, "legacy_windows": False}
TRAILING = re.compile(r"[ \t]+$", re.MULTILINE)


class Sheet(Console):
    """A console whose piped lines end where their words end, and that leaves a closed pipe to the caller."""

    _has_text = False

    def gap(self) -> None:
        """Print an empty line where something stands above it."""
        if self._has_text:
            self.print()

    def on_broken_pipe(self) -> None:
        """Leave it to the caller, who knows what to exit with; rich would exit with 1."""
        raise  # noqa: PLE0704 - rich calls this while it handles the BrokenPipeError

    def print(self, *objects: Any, **settings: Any) -> None:
        """Print `objects`."""
        with self.capture() as captured:
            super().print(*objects, **settings)
        text = captured.get()
        self._has_text = True
        self.file.write(text if self.is_terminal else TRAILING.sub("", text))


def console_for(file: IO[str]) -> Sheet:
    """Return a console that writes to `file`; a pipe gets neither colours nor the width of some terminal."""
    if file.isatty():
        color: ColorSystem = None if os.environ.get("NO_COLOR") else "auto"
        return Sheet(file=file, color_system=color, force_terminal=True, **PLAIN)
    columns = os.environ.get("COLUMNS", "")
    wanted = max(NARROWEST, int(columns)) if columns.isdecimal() and int(columns) else PIPED_WIDTH
    return Sheet(file=file, width=wanted, height=100, color_system=None, force_terminal=False, **PLAIN)


def status_text(status: Status, words: Language, severity: int = 0) -> Styled:
    """Return a status as a coloured word; a second severity shows as a second mark."""
    mark = "!" * max(0, severity - 1)
    return Styled(words.text(STATUS_WORDS[status]) + mark, style=STYLES[status])
