"""Which KPI a name in a formula means, and in which order KPIs are calculated."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from kpi_tracker.derived.parsing import parse
from kpi_tracker.model.expression import references
from kpi_tracker.model.goal import names
from kpi_tracker.model.kpi import Formula

__all__ = ["circle", "inputs_of", "ordered"]


def inputs_of(formula: Formula, paths: Iterable[str]) -> dict[str, str | None]:
    """Return the path of each KPI that `formula` names, by the name; None where nothing has it."""
    known = list(paths)
    mentioned = dict.fromkeys(reference.name for reference in references(parse(formula.text)))
    return {name: next((path for path in known if names(path, name)), None) for name in mentioned}


def ordered(needs: Mapping[str, set[str]]) -> list[str]:
    """Return the paths so that each stands behind those that it needs."""
    return list(TopologicalSorter(needs).static_order())


def circle(needs: Mapping[str, set[str]]) -> list[str]:
    """Return the members of a circle, the first again at the end; nothing where there is none."""
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        members: list[str] = error.args[1]
        return members[::-1]
    return []
