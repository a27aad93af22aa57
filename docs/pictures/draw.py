"""Draw check.zh.svg: the first lines of the real Chinese check of the shipped plan, as a terminal shows them.

Run from anywhere, with kpi_tracker importable. The picture names fonts of the reader's machine only; every run of
characters is stretched to its cells, so that columns line up whichever of the fonts is there.
"""

import io
import unicodedata
from collections.abc import Iterator
from datetime import date
from html import escape
from itertools import groupby
from pathlib import Path
from unittest.mock import patch

from rich.cells import cell_len
from rich.console import Console
from rich.style import Style
from rich.terminal_theme import SVG_EXPORT_THEME
from rich.text import Text

import kpi_tracker
from kpi_tracker.reporting import textreport
from kpi_tracker.reporting.console import Sheet

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
DAY = "2021-10-20"
WIDTH, LINES = 140, 38
CELL, LINE, SIZE, MARGIN, BAR = 9.0, 20.0, 15.0, 18.0, 34.0
FONTS = (
    "'Sarasa Mono SC', 'Noto Sans Mono CJK SC', 'Source Han Mono SC', 'Noto Sans CJK SC', 'PingFang SC', "
    "'Microsoft YaHei', monospace"
)
BACKGROUND, FOREGROUND = "#292929", "#d8d8d8"


def report() -> list[Text]:
    """Return the lines of the report with their styles."""
    written = io.StringIO()
    console = Sheet(
        file=written, width=WIDTH, force_terminal=True, color_system="truecolor", highlight=False, legacy_windows=False
    )
    with patch.object(textreport, "console_for", lambda _file: console):
        scorecard = kpi_tracker.check(ROOT / "goals/pinghu-2021", as_of=date.fromisoformat(DAY))
        textreport.write_report(scorecard, written, "zh")
    lines = [Text.from_ansi(line) for line in written.getvalue().splitlines()[:LINES]]
    command = Text(f"$ kpi-tracker check goals/pinghu-2021 --as-of {DAY} --lang zh", style="dim")
    return [command, *lines, Text("…", style="dim")]


def kind(character: str) -> str:
    """Return what a character is drawn together with: wide ones, plain ones, and those that fonts disagree about."""
    width = unicodedata.east_asian_width(character)
    return "wide" if width in "WF" else "odd" if width == "A" else "plain"


def runs(text: str) -> Iterator[tuple[int, str]]:
    """Yield the parts of `text` that are drawn at once, with their first cell; blanks are not drawn."""
    at = 0
    for _, group in groupby(text, key=lambda character: (kind(character), character.isspace())):
        part = "".join(group)
        if not part.isspace():
            yield at, part
        at += cell_len(part)


def css(style: Style) -> tuple[str, str | None]:
    """Return the attributes of a style and its background."""
    theme = SVG_EXPORT_THEME
    color = style.color.get_truecolor(theme).hex if style.color and not style.color.is_default else FOREGROUND
    behind = style.bgcolor.get_truecolor(theme, foreground=False).hex if style.bgcolor else None
    attributes = (
        f'fill="{color}"' + (' font-weight="bold"' if style.bold else "") + (' opacity="0.6"' if style.dim else "")
    )
    return attributes, behind


def draw(lines: list[Text]) -> str:
    """Return the picture."""
    console = Console(width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    wide, high = WIDTH * CELL + 2 * MARGIN, len(lines) * LINE + BAR + MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:g} {high:g}" font-size="{SIZE:g}"'
        f' font-family="{FONTS}" xml:space="preserve">',
        f"<title>kpi-tracker check goals/pinghu-2021 --as-of {DAY} --lang zh</title>",
        f'<rect width="{wide:g}" height="{high:g}" rx="8" fill="{BACKGROUND}"/>',
        *(
            f'<circle cx="{20 + 20 * i}" cy="17" r="6" fill="{fill}"/>'
            for i, fill in enumerate(("#ff5f57", "#febc2e", "#28c840"))
        ),
    ]
    for number, line in enumerate(lines):
        top, at = BAR + number * LINE, 0
        for segment in line.render(console):
            text = segment.text.rstrip("\n")
            attributes, behind = css(segment.style or Style())
            if behind:
                box = f'x="{MARGIN + at * CELL:g}" y="{top:g}" width="{cell_len(text) * CELL:g}" height="{LINE:g}"'
                parts.append(f'<rect {box} fill="{behind}"/>')
            for first, run in runs(text):
                place = f'x="{MARGIN + (at + first) * CELL:g}" y="{top + 15:g}" textLength="{cell_len(run) * CELL:g}"'
                parts.append(f'<text {place} lengthAdjust="spacingAndGlyphs" {attributes}>{escape(run)}</text>')
            at += cell_len(text)
    return "\n".join([*parts, "</svg>", ""])


if __name__ == "__main__":
    (HERE / "check.zh.svg").write_text(draw(report()), encoding="utf-8")
