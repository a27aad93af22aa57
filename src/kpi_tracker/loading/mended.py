"""A plan without what only the whole of it shows to be wrong, so that what is left can be scored."""

from typing import TypeVar

from kpi_tracker.model.goal import Broken, Goal, Plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.record import changed

__all__ = ["mended"]

Holder = TypeVar("Holder", Plan, Goal)
Item = TypeVar("Item", Goal, Kpi)


def mended(plan: Plan, links: set[tuple[str, int]], impossible: set[str]) -> Plan:
    """Return `plan` without `links` (path of the item, which of its own), and with the KPIs at the paths `impossible` broken."""
    return _below("", plan, links, impossible)


def _below(above: str, holder: Holder, links: set[tuple[str, int]], impossible: set[str]) -> Holder:
    goals = [_below(f"{above}{goal.id}/", _linked(above, goal, links), links, impossible) for goal in holder.goals]
    kpis = [_linked(above, kpi, links) for kpi in holder.kpis if above + kpi.id not in impossible]
    broken: list[Broken] = [
        Broken(kpi.id, kpi.weight, kpi.where) for kpi in holder.kpis if above + kpi.id in impossible
    ]
    return changed(holder, goals=tuple(goals), kpis=tuple(kpis), broken=(*holder.broken, *broken))


def _linked(above: str, item: Item, links: set[tuple[str, int]]) -> Item:
    if not item.supports:
        return item
    kept = [link for i, link in enumerate(item.supports) if (above + item.id, i) not in links]
    return changed(item, supports=tuple(kept))
