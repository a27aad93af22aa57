"""A drawing as a PNG, for what cannot hold SVG; or the characters that no font here has, and no picture: never boxes."""

from collections.abc import Iterator
from typing import NamedTuple

from kpi_tracker.documents.charts.drawing import Drawing, Element
from kpi_tracker.documents.charts.svg import FLAT, HALO, svg
from kpi_tracker.documents.extras import MissingExtra
from kpi_tracker.documents.fonts import Font, cover, installed

__all__ = ["Raster", "png", "texts"]


class Raster(NamedTuple):
    """A picture; or none, where the characters in `missing` could only have been drawn as boxes."""

    png: bytes | None
    missing: str = ""


def png(drawing: Drawing, scale: float = 3.0, fonts: tuple[Font, ...] | None = None) -> Raster:
    """Return `drawing` with `scale` pixels a unit, on white paper, drawn with the fonts of this machine (or `fonts`).

    Raises:
        MissingExtra: the extra `docx` or `fonts` is not installed.
    """
    try:
        import resvg_py
    except ImportError as error:
        raise MissingExtra("docx", "PNG") from error
    known = installed() if fonts is None else fonts
    written = "".join(texts(drawing))
    covered = cover(written, known) if written else None
    if covered and covered.missing:
        return Raster(None, covered.missing)
    used = covered.fonts if covered else ()
    families = {font.family for font in used}
    files = sorted({font.path for font in known if font.family in families} | {font.path for font in used})
    family = ",".join(f"'{font.family}'" for font in used)
    picture = resvg_py.svg_to_bytes(
        svg_string=svg(drawing, inline=False, style=f"{FLAT}{HALO}.chart{{font-family:{family or 'sans-serif'}}}"),
        zoom=scale, skip_system_fonts=True, font_files=files,
    )  # fmt: skip
    return Raster(bytes(picture))


def texts(drawing: Drawing) -> Iterator[str]:
    """Yield every text that stands in the picture of `drawing`, so that a font can be asked for its characters."""
    return _texts(drawing.elements)


def _texts(elements: tuple[Element, ...]) -> Iterator[str]:
    for element in elements:
        yield element.text
        yield from _texts(element.children)
