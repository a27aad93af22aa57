"""Pictures of a Word file: PNG, with what they show in words for who cannot see them; never one with boxes for letters."""

import io

from docx.document import Document as File
from docx.oxml.shape import CT_Inline
from docx.shared import Pt

from kpi_tracker.documents.charts.drawing import Drawing
from kpi_tracker.documents.charts.marks import BOX, status_shape
from kpi_tracker.documents.charts.raster import png
from kpi_tracker.documents.columns import POINTS
from kpi_tracker.documents.glyphs import pictures_left_out
from kpi_tracker.documents.printable import printable
from kpi_tracker.documents.word.elements import Element, element, parsed
from kpi_tracker.language import Phrase
from kpi_tracker.model.measure import Status

__all__ = ["Pictures"]

SCALE = 3.0
"""Pixels of a unit: 327 dots an inch."""


class Pictures:
    """The pictures of one file."""

    def __init__(self, file: File) -> None:
        """Put pictures into `file`."""
        self._part = file.part
        self._number = 0
        self._shapes: dict[Status, bytes] = {}
        self._missing: set[str] = set()
        self._left_out = 0

    def run(self, drawing: Drawing, widest: float) -> Element | None:
        """Return a run with `drawing`, no wider than `widest` points; None where a font lacks what is written in it."""
        picture, missing = png(drawing, SCALE)
        if picture is None:
            self._missing.update(missing)
            self._left_out += 1
            return None
        width = min(widest, drawing.width * POINTS)
        made = self._inline(picture, width, width * drawing.height / drawing.width)
        made.docPr.set("title", printable(drawing.title))
        made.docPr.set("descr", printable(drawing.description))
        return element("w:r", None, element("w:drawing", None, made))

    def shape(self, status: Status, side: float) -> Element:
        """Return a run with the shape of `status`, marked as decoration: its word stands beside it."""
        if status not in self._shapes:
            drawing = Drawing(BOX, BOX, "", "", (status_shape(status, 0, 0, BOX),))
            self._shapes[status] = png(drawing, SCALE * 2).png or b""  # there is no text in it that a font could lack
        made = self._inline(self._shapes[status], side, side)
        made.docPr.append(parsed(_DECORATION))
        return element("w:r", None, element("w:rPr", None, element("w:position", {"val": -2})),
                       element("w:drawing", None, made))  # fmt: skip

    def remarks(self) -> tuple[Phrase, ...]:
        """Return what there is to say of the pictures."""
        return (pictures_left_out(self._left_out, self._missing),) if self._left_out else ()

    def _inline(self, picture: bytes, width: float, height: float) -> CT_Inline:
        relation, _ = self._part.get_or_add_image(io.BytesIO(picture))
        self._number += 1
        made = CT_Inline.new_pic_inline(self._number, relation, f"{relation}.png", Pt(width), Pt(height))
        made.attrib.update(dict.fromkeys(("distT", "distB", "distL", "distR"), "0"))
        return made


_DECORATION = (
    '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}">'
    '<adec:decorative xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/>'
    "</a:ext></a:extLst>"
)
