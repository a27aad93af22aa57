"""A drawing written as SVG: live text, a title and a description for screen readers, nothing that is loaded or run."""

import os.path
import re

from kpi_tracker.documents.charts.colours import LIGHT, themes
from kpi_tracker.documents.charts.drawing import Drawing, Element

__all__ = ["FLAT", "FONT", "HALO", "STYLE", "number", "svg"]

FONT = "KPI charts"
"""The name of the font that a file may bring along; the stylesheet puts it before every other."""
_TAGS = {"zh": "zh-CN"}
_INVALID = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 does not allow even as a reference, and controls that it only discourages."""


def _rules() -> str:
    with open(os.path.join(os.path.dirname(__file__), "style.css"), encoding="utf-8") as file:
        return file.read()


STYLE = themes() + _rules()
"""The stylesheet of all charts: every colour as a custom property, for light and dark."""
_PLAIN = re.sub(r"var\(--c-([\w-]+)\)", lambda found: LIGHT[found[1]], _rules())
FLAT = re.sub("^@.*\n", "", _PLAIN, flags=re.MULTILINE)
"""The same for paper, for renderers that know no custom properties: the light colours put in where they are used.

Without the halo of labels: where `paint-order` is not known, the letters would vanish below it.
"""
HALO = "".join(re.findall(r"^@supports.*?\{(.*)\}$", _PLAIN, flags=re.MULTILINE))
"""The halo, for a renderer without custom properties that does know `paint-order`."""


def svg(drawing: Drawing, inline: bool, style: str = STYLE, font: str = "") -> str:
    """Return `drawing` as SVG.

    For an HTML page (`inline`) it comes without a stylesheet, which the page has once; nothing in it has an id, so that
    it can stand there as often as it is wanted. As a file of its own it brings `style`, paper below it, and the font
    `font` (WOFF2 in base64) where one is given.
    """
    size = f'width="{number(drawing.width)}" height="{number(drawing.height)}"'
    box = f'viewBox="0 0 {number(drawing.width)} {number(drawing.height)}"'
    lang = _escaped(_TAGS.get(drawing.lang, drawing.lang))
    space = "" if inline else f' xmlns="http://www.w3.org/2000/svg" xml:lang="{lang}"'
    parts = [f'<svg{space} class="chart" {size} {box} role="img" lang="{lang}">']
    parts.append(f"<title>{_escaped(drawing.title)}</title><desc>{_escaped(drawing.description)}</desc>")
    if not inline:
        parts.append(f"<style>{_font_face(font)}{style}</style>")
        parts.append(f'<rect class="c-paper" {size}/>')
    parts.extend(_written(element) for element in drawing.elements)
    parts.append("</svg>")
    return "".join(parts) if inline else "".join(parts) + "\n"


def number(value: float) -> str:
    """Return a coordinate with at most two decimals, and none where they are zeros."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _written(element: Element) -> str:
    attributes = "".join(
        f' {name}="{_escaped(value) if isinstance(value, str) else number(value)}"'
        for name, value in element.attributes.items()
    )
    inside = _escaped(element.text) + "".join(_written(child) for child in element.children)
    return f"<{element.tag}{attributes}>{inside}</{element.tag}>" if inside else f"<{element.tag}{attributes}/>"


def _escaped(text: str) -> str:
    text = _INVALID.sub("", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _font_face(font: str) -> str:
    return f'@font-face{{font-family:"{FONT}";src:url(data:font/woff2;base64,{font})}}' if font else ""
