"""The canonical form of a page: keys in the order in which the format declares them, and one kind of quotes."""

from collections.abc import Iterable, Iterator
from typing import Any

from kpi_tracker.loading.records import INCLUDED, PLAN, RECORDS
from kpi_tracker.record import changed
from kpi_tracker.writing.page import Block, Entry, Flow, Leaf, Node, Page

__all__ = ["canonical", "is_whole_plan"]

BY_REFERENCE = {f"#/definitions/{record.name}": record for record in RECORDS}
LISTS = ("goals", "kpis", "facts", "amendments")
"""What these hold stays where the author put it, after all other keys."""


def canonical(page: Page) -> Page:
    """Return `page` in canonical form. Keys whose order cannot be changed without harm stay as they are."""
    root = PLAN if is_whole_plan(page) else INCLUDED
    return changed(page, root=_node(page.root, root.reference))


def is_whole_plan(page: Page) -> bool:
    """Tell whether a page is a plan; otherwise it is what a plan includes."""
    return not isinstance(page.root, Leaf) and any(entry.name == "id" for entry in page.root.entries)


def _node(node: Node, schema: Any) -> Node:
    """Return a node of the type `schema` in canonical form."""
    if isinstance(node, Leaf):
        return _quoted(node)
    if node.kind == "list":
        below: Any = next((part["items"] for part in _forms(schema) if "items" in part), {})
        entries = [changed(entry, value=_node(entry.value, below)) for entry in node.entries]
        return changed(node, entries=tuple(entries))
    mapping: Any = next((part for part in _forms(schema) if part.get("type") == "object"), {})
    known, others = mapping.get("properties", {}), mapping.get("additionalProperties") or {}
    entries = [
        changed(entry, key=_quoted(entry.key), value=_node(entry.value, known.get(entry.name, others)))
        for entry in node.entries
        if entry.key is not None
    ]
    return changed(node, entries=_sorted(node, entries, list(known)))


def _forms(schema: Any) -> Iterator[Any]:
    """Yield what a value of the type `schema` may be."""
    if "$ref" in schema:
        record = BY_REFERENCE.get(schema["$ref"])
        yield from _forms(record.schema) if record else ()
    for part in (*schema.get("anyOf", ()), *schema.get("allOf", ())):
        yield from _forms(part)
    yield schema


def _sorted(node: Block | Flow, entries: list[Entry], known: list[str]) -> tuple[Entry, ...]:
    ranks = {key: len(known) if key in LISTS else i for i, key in enumerate(known)}
    if not all(entry.name in ranks for entry in entries):
        return tuple(entries)
    ordered = sorted(entries, key=lambda entry: ranks[entry.name])
    if ordered == entries or not _may_move(node) or not _anchors_first(entries, ordered):
        return tuple(entries)
    if isinstance(node, Block):  # the empty line at the start of a block was none
        first = entries[0]
        ordered = [changed(entry, blank=False) if entry is first and not entry.above else entry for entry in ordered]
    return tuple(ordered)


def _may_move(node: Block | Flow) -> bool:
    """Tell whether entries may change places: in brackets only on one line, where no comment could be torn from its own."""
    if isinstance(node, Block):
        return True
    return not node.head and not node.foot and not any(e.broken or e.above or e.after for e in node.entries)


def _anchors_first(before: list[Entry], after: list[Entry]) -> bool:
    """Tell whether every alias still means the anchor that it meant."""
    names = [name for entry in before for name, alias in _marks(entry) if not alias]
    return len(names) == len(set(names)) and all(_follow(entries, names) for entries in (before, after))


def _follow(entries: Iterable[Entry], names: Iterable[str]) -> bool:
    """Tell whether aliases of these names come after the anchors only."""
    waited = set(names)
    for entry in entries:
        for name, alias in _marks(entry):
            if alias and name in waited:
                return False
            waited -= set() if alias else {name}
    return True


def _marks(part: Entry | Node) -> Iterator[tuple[str, bool]]:
    """Yield the names of the anchors and, as such, of the aliases in a part of a page, in their order."""
    if isinstance(part, Entry):
        if part.key is not None:
            yield from _marks(part.key)
        yield from _marks(part.value)
        return
    if isinstance(part, Leaf) and part.style == "*":
        yield part.value, True
        return
    anchor = next((word[1:] for word in part.props.split() if word.startswith("&")), "")
    if anchor:
        yield anchor, False
    if not isinstance(part, Leaf):
        for entry in part.entries:
            yield from _marks(entry)


def _quoted(leaf: Leaf) -> Leaf:
    """Return a leaf in double quotes where it is in single ones and needs no escape for that."""
    if leaf.style != "'" or len(leaf.lines) > 1 or any(sign in leaf.value for sign in '"\\'):
        return leaf
    return changed(leaf, lines=(f'"{leaf.value}"',), style='"')
