"""The letters that pictures bring along, so that they are right inside an image tag where no font has them."""

from collections.abc import Iterable

from kpi_tracker.documents.blocks import Document
from kpi_tracker.documents.charts.drawing import Drawing, Element
from kpi_tracker.documents.fonts import cover, missing_glyphs, needed, reduced, subset
from kpi_tracker.documents.glyphs import letters_left_out
from kpi_tracker.language import Phrase

__all__ = ["Letters"]


class Letters:
    """The letters of all pictures of some documents, of which each picture takes its own.

    They come from one font of this machine. What that lacks is left to the fonts of whoever looks at the picture.
    """

    def __init__(self, documents: Iterable[Document]) -> None:
        """Find the font, and keep of it what stands anywhere in `documents`: taking parts of that is quick.

        Raises:
            MissingExtra: the extra `fonts` is not installed.
        """
        found = frozenset[str]().union(*(needed(repr(page)) for each in documents for page in each.pages))
        every = "".join(sorted(found))
        fonts = cover(every).fonts
        self._font = reduced(fonts[0], every) if fonts else None
        lacking = missing_glyphs(every, fonts[0]) if fonts else every
        self.remarks: tuple[Phrase, ...] = (letters_left_out(lacking),) if lacking else ()

    def of(self, drawing: Drawing) -> str:
        """Return the letters of a picture, as WOFF2 in base64; nothing where there is no font."""
        return "" if self._font is None else subset(self._font, "".join(_texts(drawing.elements)))


def _texts(elements: Iterable[Element]) -> Iterable[str]:
    for element in elements:
        yield element.text
        yield from _texts(element.children)
