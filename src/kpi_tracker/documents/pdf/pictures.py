"""Pictures of a PDF: written as SVG when the renderer asks for them, by addresses that lead nowhere else."""

from kpi_tracker.documents.charts.drawing import Drawing
from kpi_tracker.documents.charts.marks import BOX, status_shape
from kpi_tracker.documents.charts.raster import texts
from kpi_tracker.documents.charts.svg import FLAT, svg
from kpi_tracker.model.measure import Status

__all__ = ["Pictures"]

_SCHEME = "drawing:"
_RENDERED = ".chart .c-halo{stroke:none}"
"""For WeasyPrint, which takes a height of `auto` for none and paints the line around letters over them."""


class Pictures:
    """The pictures of one PDF by their addresses."""

    def __init__(self) -> None:
        """Begin with none but the shapes of the statuses."""
        self._drawings = {f"{_SCHEME}{status.value}": _shape(status) for status in Status}

    def drawing(self, drawing: Drawing) -> str:
        """Return the address of `drawing`, which is drawn later."""
        address = f"{_SCHEME}{len(self._drawings)}"
        self._drawings[address] = drawing
        return address

    def shapes(self) -> str:
        """Return the stylesheet with the shape of each status."""
        return "".join(f".s-{status.value}{{background-image:url({_SCHEME}{status.value})}}" for status in Status)

    def texts(self) -> str:
        """Return every text in the pictures."""
        return "".join(text for drawing in self._drawings.values() for text in texts(drawing))

    def written(self, address: str) -> str:
        """Return the picture at `address` as SVG.

        Raises:
            KeyError: it is not one of these pictures.
        """
        drawing = self._drawings[address]
        return svg(
            drawing, inline=False, style=f"{FLAT}.chart{{width:{drawing.width}px;height:{drawing.height}px}}{_RENDERED}"
        )


def _shape(status: Status) -> Drawing:
    return Drawing(BOX, BOX, "", "", (status_shape(status, 0, 0, BOX),))
