"""A shape for every status: told apart by form, at 14 pixels and without colour."""

from kpi_tracker.documents.charts.drawing import Element
from kpi_tracker.model.measure import Status

__all__ = ["BOX", "status_shape"]

BOX = 16.0
"""The side of the square in which the shapes are drawn."""


def status_shape(status: Status, x: float, y: float, size: float) -> Element:
    """Return the shape of `status` in the square of `size` whose upper left corner is at `x`, `y`.

    It takes on the colour of the text around it; inside a chart its class gives it the colour of its status.
    """
    move = f"translate({x:.2f} {y:.2f}) scale({size / BOX:.4f})"
    return Element("g", {"class": f"c-{status.value}", "transform": move}, children=_SHAPES[status])


def _filled(path: str) -> Element:
    return Element("path", {"class": "c-fill", "fill-rule": "evenodd", "d": path})


def _line(path: str, width: float = 2.0, dashes: str = "") -> Element:
    more: dict[str, str | float] = {"stroke-dasharray": dashes} if dashes else {}
    return Element("path", {"class": "c-line", "d": path, "stroke-width": width, **more})


_CIRCLE = "M8 2a6 6 0 1 1 0 12a6 6 0 1 1 0-12z"
_SHAPES: dict[Status, tuple[Element, ...]] = {
    Status.ON_TRACK: (_filled("M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 1 1 0-13z"),),
    Status.AHEAD: (_filled("M8 1L15.5 14.5H.5z"),),
    Status.ACHIEVED: (_line("M1.8 8.6L6.2 13L14.4 3.2", 3),),
    Status.AT_RISK: (_filled("M8 .4L15.6 8L8 15.6L.4 8z"),),
    Status.LAGGING: (_filled("M8 15L.5 1.5H15.5z"),),
    Status.REGRESSING: (_line("M6 2.8h4.4a3.9 3.9 0 0 1 0 7.8H3M6.6 6.6L2.4 10.6l4.2 4"),),
    Status.MISSED: (_line("M1.5 1.5h13v13h-13zM5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6", 1.8),),
    Status.BREACHED: (_filled("M.5.5h15v15H.5zM4 5.6L6.4 8L4 10.4L5.6 12L8 9.6L10.4 12L12 10.4L9.6 8L12 5.6L10.4 4L8 6.4L5.6 4z"),),
    Status.NO_DATA: (_line(_CIRCLE, dashes="1 3.71"),),
    Status.STALE: (_line(_CIRCLE + "M8 4.8V8.2L10.6 9.8", 1.7),),
    Status.PENDING: (_line(_CIRCLE),),
    Status.UNKNOWN: (_line("M4.6 5.2a3.4 3.4 0 1 1 5.4 2.7c-1.3.9-2 1.4-2 2.6M8 13.9v.1"),),
    Status.EXEMPT: (_line("M2.5 8h11", 2.6),),
}  # fmt: skip
