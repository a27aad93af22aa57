"""How a Word file looks: a style for everything in it, so that a bureau can change it in one place."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from docx.document import Document as File

from kpi_tracker.documents.charts.colours import LIGHT
from kpi_tracker.documents.word.elements import Element, element, style_id, swap
from kpi_tracker.documents.word.fonts import FONTS, Fonts, set_fonts

__all__ = ["LINE", "TINT", "TONES", "WIDTH", "set_styles"]

INK, QUIET, AXIS, LINK = (LIGHT[name].lstrip("#").upper() for name in ("ink", "quiet", "axis", "actual"))
TONES = {name: LIGHT[name].lstrip("#").upper() for name in ("good", "warn", "bad", "none")}
LINE, TINT = "C9CFD6", "F1F3F5"
WIDTH = 481.0
"""Of the text between the margins, in points."""


class _Style(NamedTuple):
    """One paragraph style: sizes, spaces and indents in points, line spacing in lines, `mark` the colour of a bar beside it."""

    name: str
    font: str
    size: float
    before: float = 0
    after: float = 0
    line: float = 1.0
    colour: str = INK
    bold: bool = False
    centred: bool = False
    level: int = 0
    keep: bool = False
    indent: float = 0
    mark: str = ""
    tab: bool = False


_STYLES = (
    _Style("Title", "head", 24, 40, 10, 1.25, centred=True, keep=True),
    _Style("Subtitle", "body", 13, 0, 6, 1.2, QUIET, centred=True),
    _Style("Contents", "head", 14, 16, 6, centred=True, keep=True),
    _Style("heading 1", "head", 16, 22, 8, 1.15, level=1, keep=True),
    _Style("heading 2", "second", 13.5, 13, 5, 1.15, bold=True, level=2, keep=True),
    _Style("heading 3", "head", 10.5, 6, 3, 1.1, level=3, keep=True),
    _Style("toc 1", "body", 11.5, 4, 0, 1.0, tab=True),
    _Style("toc 2", "body", 10.5, 1, 0, 1.0, indent=22, tab=True),
    _Style("header", "table", 8.5, colour=QUIET, tab=True),
    _Style("footer", "table", 9, colour=QUIET, centred=True),
    _Style("caption", "table", 9, 6, 3, colour=QUIET, keep=True),
    _Style("Quiet", "body", 10, 0, 5, 1.25, QUIET),
    _Style("Note", "body", 10.5, 2, 6, 1.25, indent=9, mark=AXIS),
    _Style("Warning", "body", 10.5, 2, 6, 1.25, TONES["warn"], indent=9, mark=TONES["warn"]),
    _Style("Banner", "body", 11, 8, 8, 1.25, TONES["warn"], bold=True, centred=True),
    _Style("Verdict", "head", 13, 4, 6, keep=True),
    _Style("Counts", "table", 9.5, 4, 8, 1.3),
    _Style("Picture", "table", 9, 6, 8, centred=True),
    _Style("Cell", "table", 9),
    _Style("Cell Head", "head", 9, bold=True),
    _Style("Cell Detail", "table", 8, colour=QUIET),
    _Style("Gap", "table", 4),
    _Style("Reading", "head", 12.5),
)


def set_styles(file: File, lang: str) -> None:
    """Give `file` our styles in the place of all that its template has, for a text in `lang`."""
    fonts = FONTS[lang]
    body = _Style("Normal", "body", 11 if lang == "zh" else 10.5, 0, 6, 1.3)
    tags = {"val": "en-GB", "eastAsia": "zh-CN"}
    looks = element("w:rPr", None, *_letters(body, fonts), element("w:lang", tags))
    defaults = element("w:docDefaults", None, element("w:rPrDefault", None, looks), element("w:pPrDefault"))
    swap(file.styles.element, defaults, *(_paragraph(style, fonts) for style in (body, *_STYLES)), *_characters(fonts),
         _table())  # fmt: skip
    set_fonts(file, fonts)


def _paragraph(style: _Style, fonts: Mapping[str, Fonts]) -> Element:
    made = element(
        "w:style", {"type": "paragraph", "styleId": style_id(style.name)}, element("w:name", {"val": style.name})
    )
    if style.name == "Normal":
        made.set(_DEFAULT, "1")
    else:
        made.append(element("w:basedOn", {"val": "Normal"}))
        if style.level:
            made.append(element("w:next", {"val": "Normal"}))
    made.append(element("w:qFormat"))
    made.append(element("w:pPr", None, *_space(style)))
    made.append(element("w:rPr", None, *_letters(style, fonts)))
    return made


def _space(style: _Style) -> Iterator[Element]:
    if style.keep:
        yield element("w:keepNext")
        yield element("w:keepLines")
    if style.mark:
        bar: Mapping[str, str | int] = {"val": "single", "sz": 18, "space": 6, "color": style.mark}
        yield element("w:pBdr", None, element("w:left", bar))
    if style.tab:
        leader = "dot" if style.name.startswith("toc") else "none"
        stop: Mapping[str, str | int] = {"val": "right", "pos": round(WIDTH * 20), "leader": leader}
        yield element("w:tabs", None, element("w:tab", stop))
    yield element("w:spacing", {"before": round(style.before * 20), "after": round(style.after * 20),
                                "line": round(style.line * 240), "lineRule": "auto"})  # fmt: skip
    yield element("w:ind", {"left": round(style.indent * 20)})
    yield element("w:jc", {"val": "center" if style.centred else "left"})
    if style.level:
        yield element("w:outlineLvl", {"val": style.level - 1})


def _letters(style: _Style, fonts: Mapping[str, Fonts]) -> Iterator[Element]:
    latin, chinese = fonts[style.font]
    yield element("w:rFonts", {"ascii": latin, "hAnsi": latin, "eastAsia": chinese, "cs": latin})
    yield element("w:b", {"val": int(style.bold)})
    yield element("w:color", {"val": style.colour})
    yield element("w:sz", {"val": round(style.size * 2)})
    yield element("w:szCs", {"val": round(style.size * 2)})


def _characters(fonts: Mapping[str, Fonts]) -> Iterator[Element]:
    latin, chinese = fonts["code"]
    for name, looks in (
        ("Link", (element("w:color", {"val": LINK}),)),
        ("Name", (element("w:color", {"val": QUIET}),)),
        ("Detail", (element("w:color", {"val": QUIET}), element("w:sz", {"val": 16}), element("w:szCs", {"val": 16}))),
        ("Mark", (element("w:color", {"val": TONES["warn"]}),)),
        ("Code", (element("w:rFonts", {"ascii": latin, "hAnsi": latin, "eastAsia": chinese, "cs": latin}),)),
        *((f"Tone {tone}", (element("w:color", {"val": colour}),)) for tone, colour in TONES.items()),
    ):
        yield element("w:style", {"type": "character", "styleId": style_id(name)}, element("w:name", {"val": name}),
                      element("w:qFormat"), element("w:rPr", None, *looks))  # fmt: skip


def _table() -> Element:
    """Return the style of tables: lines between rows only."""
    lines = (
        element(f"w:{side}", {"val": "single", "sz": 4, "space": 0, "color": LINE})
        for side in ("top", "bottom", "insideH")
    )
    room = (element(f"w:{side}", {"w": width, "type": "dxa"}) for side, width in _ROOM.items())
    looks = element("w:tblPr", None, element("w:tblBorders", None, *lines), element("w:tblCellMar", None, *room))
    return element("w:style", {"type": "table", "styleId": "Rows"}, element("w:name", {"val": "Rows"}),
                   element("w:qFormat"), looks)  # fmt: skip


_ROOM = {"top": 45, "left": 50, "bottom": 45, "right": 50}
_DEFAULT = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}default"
