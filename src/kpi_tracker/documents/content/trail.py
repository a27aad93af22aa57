"""Where a page stands in the plan: the way down to it, and the line below its title."""

from kpi_tracker.documents.content.about import dated
from kpi_tracker.documents.content.material import Material
from kpi_tracker.documents.naming import PLAN
from kpi_tracker.model.goal import Goal
from kpi_tracker.model.kpi import Kpi

__all__ = ["subtitle", "trail"]


def trail(path: str, material: Material) -> tuple[tuple[str, str], ...]:
    """Return the way from the plan to the item at `path`: page and title of everything above it."""
    top = material.top.path
    above = [(PLAN, material.title(top))]
    for goal in material.above(path):
        page = material.page(goal)
        if page is not None and goal != top:
            above.append((page, material.title(goal)))
    return tuple(above)


def subtitle(item: Goal | Kpi, material: Material) -> str:
    """Return the kind of an item, who answers for it, and the dates of the document."""
    kind = material.plan.kinds.get(item.kind)
    parts = (material.say(kind.title) if kind else "", material.say(item.owner), dated(material))
    return " · ".join(part for part in parts if part)
