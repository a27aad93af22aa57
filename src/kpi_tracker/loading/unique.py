"""Ids that are taken: each is reported, and leaves the tree with one item to an id, so that nothing is ambiguous."""

from typing import Any, TypeVar

from kpi_tracker.diagnostics import Place
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.goal import Broken, Goal, Plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.record import changed

__all__ = ["with_unique_ids"]

Holder = TypeVar("Holder", Plan, Goal)


def with_unique_ids(plan: Plan, everything: list[Any], report: Report) -> Plan:
    """Return `plan` with one item to an id; `everything` are its goals, KPIs, broken KPIs and facts.

    The first to have an id keeps it. A KPI after it is broken, a fact is left out, and a goal is named by its line, so
    that what is below it still counts.
    """
    return _Ids(plan, everything, report).only_first("", plan)


class _Ids:
    """One run over the tree, with who keeps each id."""

    def __init__(self, plan: Plan, everything: list[Any], report: Report) -> None:
        self._report = report
        order = {file: i for i, file in enumerate(plan.files)}

        def first(item: Any) -> tuple[bool, int, Place]:
            return isinstance(item, Broken), order.get(item.where.file, 0), item.where

        self._keeper: dict[str, Place] = {}
        for item in sorted(everything, key=first):
            self._keeper.setdefault(item.id, item.where)
        self._kept: set[str] = set()

    def only_first(self, above: str, holder: Holder) -> Holder:
        """Return `holder` with what below it keeps its id, and the rest as it has to stand."""
        goals = tuple([self._goal(above, goal) for goal in holder.goals])
        broken = [self._broken(above, item) for item in holder.broken]
        kpis: list[Kpi] = []
        for kpi in holder.kpis:
            if self._keeps(above, kpi):
                kpis.append(kpi)
            else:
                broken.append(Broken(kpi.id, kpi.weight, kpi.where, kpi.supports))
        facts = tuple([fact for fact in holder.facts if self._keeps(above, fact)])
        return changed(holder, goals=goals, kpis=tuple(kpis), broken=tuple(broken), facts=facts)

    def _goal(self, above: str, goal: Goal) -> Goal:
        if not self._keeps(above, goal):
            goal = changed(goal, id=self._by_line(goal.where))
        return self.only_first(f"{above}{goal.id}/", goal)

    def _broken(self, above: str, item: Broken) -> Broken:
        return item if self._keeps(above, item) or not _nameless(item) else changed(item, id=self._by_line(item.where))

    def _keeps(self, above: str, item: Any) -> bool:
        """Tell whether `item` keeps its id; report it where another has that id."""
        keeper = self._keeper[item.id]
        if item.where == keeper and item.id not in self._kept:
            self._kept.add(item.id)
            return True
        if not _nameless(item):
            other = Phrase(N_("the item at {place} has it"), {"place": str(keeper)})
            self._report.add("KT301", item.where, path=above + item.id, value=item.id, first=other)
        return False

    def _by_line(self, where: Place) -> str:
        """Return a name for an item in a line that nothing else has."""
        name, n = f"line-{where.line}", 1
        while name in self._keeper:
            n += 1
            name = f"line-{where.line}-{n}"
        self._keeper[name] = where
        return name


def _nameless(item: Any) -> bool:
    """Tell whether an item without an id of its own was named by its line."""
    return bool(item.id == f"line-{item.where.line}")
