"""Pictures as files of their own: charts, and the shapes of the statuses."""

import re
from collections.abc import Iterable, Iterator

from kpi_tracker.documents.charts.colours import DARK, LIGHT, themes
from kpi_tracker.documents.charts.drawing import Drawing, Element
from kpi_tracker.documents.charts.marks import BOX, status_shape
from kpi_tracker.documents.charts.svg import STYLE, svg
from kpi_tracker.model.measure import Status

__all__ = ["picture_file", "status_files", "status_name"]

_RULE = re.compile(r"[^{}]+\{[^{}]*\}")
_COLOUR = re.compile(r"var\(--c-([\w-]+)\)")
_CLASS = re.compile(r"\.(c-[\w-]+)")


def picture_file(drawing: Drawing, font: str = "") -> bytes:
    """Return the picture as an SVG file, with the part of the stylesheet that it uses, and with the font that it brings."""
    used = {"c-paper", *_classes(drawing.elements)}
    return svg(drawing, inline=False, style=_style(used), font=font).encode()


def status_files() -> Iterator[tuple[str, bytes]]:
    """Yield the file of every status: its shape in its colour, on no ground."""
    for status in Status:
        shape = Drawing(BOX, BOX, status.value.replace("_", " "), "", (status_shape(status, 0, 0, BOX),))
        used = _style(_classes(shape.elements)) + ".c-paper{fill:none}"
        yield status_name(status), svg(shape, inline=False, style=used).encode()


def status_name(status: Status) -> str:
    """Return the file of a status, from the folder of all documents."""
    return f"pictures/status-{status.value}.svg"


def _classes(elements: Iterable[Element]) -> set[str]:
    """Return the classes of `elements` and of all that stands in them."""
    found = set()
    for element in elements:
        found.update(str(element.attributes.get("class", "")).split())
        found |= _classes(element.children)
    return found


def _style(used: set[str]) -> str:
    """Return the rules for the classes `used`, and the colours in them for light and dark screens."""
    every = _RULE.findall(STYLE.removeprefix(themes()))
    rules = "".join(rule for rule in every if not (of := _of(rule)) or used.intersection(of))
    names = sorted(set(_COLOUR.findall(rules)))
    light, dark = (";".join(f"--c-{name}:{theme[name]}" for name in names) for theme in (LIGHT, DARK))
    return f".chart{{{light}}}@media screen and (prefers-color-scheme:dark){{.chart{{{dark}}}}}{rules}"


def _of(rule: str) -> list[str]:
    """Return the classes that a rule is about."""
    return _CLASS.findall(rule.partition("{")[0])
