"""The shapes of statuses: drawn once in a page, used by reference wherever a status stands."""

from collections.abc import Iterable
from functools import cache

from kpi_tracker.documents.charts.drawing import Drawing, Element
from kpi_tracker.documents.charts.marks import BOX, status_shape
from kpi_tracker.documents.charts.svg import svg
from kpi_tracker.model.measure import Status

__all__ = ["shape_id", "shapes"]


def shape_id(status: Status) -> str:
    """Return the id of the symbol of `status`."""
    return f"s-{status.value}"


def shapes(statuses: Iterable[Status]) -> str:
    """Return a hidden picture that holds the symbols of `statuses`."""
    return _picture(frozenset(statuses))


@cache
def _picture(statuses: frozenset[Status]) -> str:
    symbols = tuple(
        Element(
            "symbol",
            {"id": shape_id(status), "viewBox": f"0 0 {BOX:g} {BOX:g}"},
            children=(status_shape(status, 0, 0, BOX),),
        )
        for status in Status
        if status in statuses
    )
    return f"<div hidden>{svg(Drawing(BOX, BOX, '', '', symbols), inline=True)}</div>" if symbols else ""
