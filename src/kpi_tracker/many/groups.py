"""The list of all groups: one that reports nothing stands in it all the same."""

from collections.abc import Iterable

from kpi_tracker.diagnostics.report import Report
from kpi_tracker.league.group import Group
from kpi_tracker.many.sheet import read_sheet
from kpi_tracker.model.unit import Text

__all__ = ["groups_named", "read_groups"]


def read_groups(path: str, column: str, report: Report) -> tuple[Group, ...] | None:
    """Return the groups that a list (CSV or Parquet) names in `column`, in its order; None where it cannot serve.

    It may have title_zh, title_en and parent. A row without an id, or with one that stands above, is reported and left out.
    """
    lines = read_sheet(path, (column,), ("title_zh", "title_en", "parent"), report)
    if lines is None:
        return None
    found: dict[str, Group] = {}
    first: dict[str, int] = {}
    for line in (line for line in lines if line.whole):
        id = line.cells[column]
        if not id:
            report.add("KT379", line.at(column, report), value=column)
        elif id in found:
            report.add("KT376", line.at(column, report), len(id), value=id, first=first[id])
        else:
            zh, en = line.cells.get("title_zh", ""), line.cells.get("title_en", "")
            first[id] = line.place.line
            found[id] = Group(id, Text(zh or en or id, en or zh or id), line.cells.get("parent", ""))
    return tuple(found.values())


def groups_named(ids: Iterable[str]) -> tuple[Group, ...]:
    """Return groups of which nothing but the id is known, in the order of the ids."""
    return tuple(Group(id, Text(id, id)) for id in sorted(ids))
