"""The nouns of a picture: a drawing and the elements in it, before they are written as SVG."""

from kpi_tracker.record import field, record

__all__ = ["Drawing", "Element"]


@record
class Element:
    """One SVG element. Looks come from its class alone: the stylesheet of the charts holds every colour and font."""

    tag: str
    attributes: dict[str, str | float] = field(factory=dict)
    text: str = ""
    children: "tuple[Element, ...]" = ()


@record
class Drawing:
    """A picture of `width` × `height` user units; `title` names it, `description` says in words what it shows."""

    width: float
    height: float
    title: str
    description: str
    elements: tuple[Element, ...]
    lang: str = "en"
