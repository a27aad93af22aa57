"""The files of a plan as they stand in the next year's: the header moved on, every item changed, what was last year's left behind."""

from collections.abc import Mapping
from datetime import date

from kpi_tracker.baseyear import shifted
from kpi_tracker.calendar import Span
from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.goal import Goal, Plan
from kpi_tracker.record import changed
from kpi_tracker.schedule import within_a_year
from kpi_tracker.writing.editing import (
    anchored,
    in_brackets,
    leaf,
    lookup,
    mapped,
    names_kept,
    put,
    respelled,
    scalar,
    taken,
)
from kpi_tracker.writing.nextkpi import Aim, Move, moved_goal, moved_kpi
from kpi_tracker.writing.page import Block, Flow, Leaf, Node, Page
from kpi_tracker.writing.problem import WritingError
from kpi_tracker.writing.remark import Remark

__all__ = ["base_year_of", "moved_page", "renamed", "with_year", "years_to"]

LAST_YEAR = 9999


def years_to(plan: Plan, year: int | None) -> int:
    """Return by how many years a plan is moved so that it starts in `year`; if left out, in the first after it has ended.

    Raises:
        WritingError: the plan still runs then, or there is no such year.
    """
    first, last = plan.period.start, plan.period.end
    if year is None:
        year = last.year + ((last.month, last.day) >= (first.month, first.day))
    if not first.year < year <= LAST_YEAR - (last.year - first.year):
        text = N_("the year must be after {year}, in which the plan starts, not {value}")
        raise WritingError(Phrase(text, {"year": first.year, "value": year}))
    start = date.fromordinal(shifted(first.toordinal(), year - first.year))
    if start <= last:
        text = N_("the plan runs until {date}; the next one cannot start on {start}")
        raise WritingError(Phrase(text, {"date": str(last), "start": str(start)}))
    return year - first.year


def base_year_of(plan: Plan) -> int:
    """Return the year whose results `plan` leaves: that in which it starts, of a plan for several years the last."""
    span = Span(plan.period.start, plan.period.end, plan.calendar)
    return plan.period.start.year if within_a_year(span) else plan.period.end.year


def renamed(name: str, old: int, new: int) -> str:
    """Return a name in which the last mention of the year `old` is `new`; a name without it gets that at its end."""
    before, found, after = name.rpartition(str(old))
    return f"{before}{new}{after}" if found else f"{name}-{new}"


def with_year(text: str, old: int, new: int) -> str:
    """Return a text in which `new` stands wherever `old` did."""
    return text.replace(str(old), str(new))


def moved_page(move: Move, page: Page, aims: Mapping[str, Aim], header: bool) -> tuple[Page, list[Remark]]:
    """Return a page for the next year and what is to be looked at; `header` tells that it is the plan's own file.

    `aims` say, by path, where a KPI's target comes from if not from the policy.
    """
    remarks: list[Remark] = []
    items = dict(move.plan.walk())
    originals = anchored(page.root)

    def change(path: str, node: Block | Flow, within: bool) -> Node:
        item = items[path]
        if isinstance(item, Goal):
            anew, more = moved_goal(move, item, path, node)
        else:
            own = _own_steps(node, originals, within)
            anew, more = moved_kpi(move, item, path, own, within, aims.get(path, Aim.POLICY))
        remarks.extend(more)
        return anew

    assert not isinstance(page.root, Leaf)  # noqa: S101 - the loader has read a mapping
    root = mapped(page.root, change, "")
    for key in ("facts", "amendments"):
        root = taken(root, key)
    if header:
        root = _header(move, root)
    back = {name: _as_assumed(node) for name, node in originals.items()}
    return changed(page, root=names_kept(root, back, set())), remarks


def _own_steps(node: Block | Flow, originals: Mapping[str, Node], within: bool) -> Block | Flow:
    """Return a KPI's mapping with steps of its own, where they were shared by an alias: not all may have done the same."""
    steps = lookup(node, "steps")
    if not isinstance(steps, Leaf) or steps.value not in originals:
        return node
    shared = originals[steps.value]
    within = within or isinstance(node, Flow)
    return put(node, "steps", changed(in_brackets(shared) if within else shared, props=""))


def _as_assumed(node: Node) -> Node:
    """Return what an anchor stood at as it may come back: a target that comes back is assumed."""
    if isinstance(node, Leaf) or lookup(node, "basis") is None:
        return node
    return put(node, "basis", scalar("assumed"))


def _header(move: Move, root: Block | Flow) -> Block | Flow:
    """Return the plan's own keys for the next year."""
    plan = move.plan
    old, new = plan.period.start.year, plan.period.start.year + move.years
    root = put(root, "id", leaf(renamed(plan.id, old, new)))
    for key in ("title", "observations"):
        value = lookup(root, key)
        if value is not None:
            root = put(root, key, _with_year(value, old, new))
    period = lookup(root, "period")
    if isinstance(period, Block | Flow):
        root = put(root, "period", move.dates(period, "start", "end"))
    else:
        root = put(root, "period", scalar(str(new)))
    if lookup(root, "baseline_year") is not None or base_year_of(plan) != new - 1:
        root = put(root, "baseline_year", scalar(str(base_year_of(plan))))
    return root


def _with_year(node: Node, old: int, new: int) -> Node:
    """Return a text, in one language or in both, or a list of words, with the new year where it has the old one."""
    if isinstance(node, Leaf):
        return node if node.style == "*" else respelled(node, str(old), str(new))
    entries = [changed(entry, value=_with_year(entry.value, old, new)) for entry in node.entries]
    return changed(node, entries=tuple(entries))
