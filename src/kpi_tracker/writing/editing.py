"""Pages changed in parts: keys set, taken out and looked up, and new values written so that they are read as meant."""

import re
from collections.abc import Callable, Iterable

from kpi_tracker.record import changed
from kpi_tracker.writing.page import Block, Comment, Entry, Flow, Leaf, Node

__all__ = ["anchored", "comments_in", "flow", "holder", "in_brackets", "leaf", "lookup", "mapped", "names_kept", "put",
           "respelled", "scalar", "scalar_of", "taken", "texts"]  # fmt: skip

PLAIN = re.compile(r"[^\W_](?:[\w.\-/%+*;，。；：“”（）· ]*[\w%+。”）])?")
"""What needs no quotes anywhere, in brackets neither."""
WORDS = ("true", "false", "null", "yes", "no", "on", "off", "y", "n")
KEYS = ("goals", "kpis")


def leaf(text: str) -> Leaf:
    """Return a scalar that is read as `text`, quoted where it could be taken for something else."""
    if PLAIN.fullmatch(text) and text.lower() not in WORDS:
        return Leaf((text,), text)
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    escaped = "".join(c if c.isprintable() else f"\\U{ord(c):08X}" for c in escaped)
    return Leaf((f'"{escaped}"',), text, '"')


def respelled(node: Leaf, old: str, new: str) -> Leaf:
    """Return a scalar in which `new` stands wherever `old` did, written as it was; both must be letters or digits."""
    lines = tuple([line.replace(old, new) for line in node.lines])
    return changed(node, lines=lines, value=node.value.replace(old, new))


def scalar(word: str) -> Leaf:
    """Return a plain word of the format, such as `true`."""
    return Leaf((word,), word)


def flow(**values: Node) -> Flow:
    """Return a mapping on one line."""
    return Flow("map", tuple([Entry(leaf(key), value) for key, value in values.items()]))


def texts(zh: str, en: str, in_flow: bool) -> Node:
    """Return a text in both languages."""
    entries = (Entry(leaf("zh"), leaf(zh)), Entry(leaf("en"), leaf(en)))
    return Flow("map", entries) if in_flow else Block("map", entries)


def lookup(node: Node, key: str) -> Node | None:
    """Return the value of a key, or None where the mapping has none, or `node` is no mapping."""
    if isinstance(node, Leaf):
        return None
    return next((entry.value for entry in node.entries if entry.key is not None and entry.name == key), None)


def scalar_of(node: Node, key: str) -> str:
    """Return the text of a key's scalar, "" where there is none."""
    value = lookup(node, key)
    return value.value if isinstance(value, Leaf) and value.style != "*" else ""


def put(node: Block | Flow, key: str, value: Node, comments: Iterable[str] = ()) -> Block | Flow:
    """Return a mapping in which `key` has this value; where there was one, it stands in its place, with its comments.

    `comments` are put above it; a mapping in brackets has no place for them.
    """
    above = tuple(Comment(text) for text in comments) if isinstance(node, Block) else ()
    entries = list(node.entries)
    for i, entry in enumerate(entries):
        if entry.name == key:
            entries[i] = _with_value(entry, value, above)
            break
    else:
        entries.append(Entry(leaf(key), value, above))
    return changed(node, entries=tuple(entries))


def _with_value(entry: Entry, value: Node, above: tuple[Comment, ...]) -> Entry:
    """Return an entry with another value; a block of its own has no place for a comment behind it."""
    own = [text for text in (*entry.inner, entry.after) if text] if isinstance(value, Block) else []
    more = [*above, *(Comment(text) for text in own)]
    if more and entry.blank:  # an empty line stays above what belongs together
        more[0], entry = changed(more[0], blank=True), changed(entry, blank=False)
    entry = changed(entry, value=value, above=(*entry.above, *more))
    return changed(entry, inner=(), after="") if own else entry


def taken(node: Block | Flow, key: str, comments: Iterable[str] = ()) -> Block | Flow:
    """Return a mapping without `key`. Its comments and `comments` stay where it stood; in brackets there is no place."""
    left: list[Comment] = []
    entries: list[Entry] = []
    for entry in node.entries:
        if entry.name == key:
            own = [text for text in (*comments, entry.head, *entry.inner, entry.after) if text]
            left = [*entry.above, *(Comment(text) for text in own)]
            continue
        entries.append(changed(entry, above=(*left, *entry.above)) if isinstance(node, Block) else entry)
        left = []
    foot = (*left, *node.foot) if isinstance(node, Block) else node.foot
    return changed(node, entries=tuple(entries), foot=foot)


def holder(node: Block | Flow) -> Block | Flow:
    """Return a mapping that stands in a block as a block of its own, so that comments have a place in it."""
    if isinstance(node, Block):
        return node
    entries = [changed(entry, broken=False) for entry in node.entries]
    if node.head:
        entries[0] = changed(entries[0], above=(Comment(node.head), *entries[0].above))
    return Block("map", tuple(entries), node.props, node.foot)


def mapped(node: Block | Flow, change: Callable[[str, Block | Flow, bool], Node], above: str = "") -> Block | Flow:
    """Return a plan's mapping with every item of its `goals` and `kpis` changed, the inner ones first.

    `change` is given the path of an item, its mapping, and whether it stands in brackets.
    """
    entries: list[Entry] = []
    for entry in node.entries:
        value = entry.value
        if entry.name in KEYS and not isinstance(value, Leaf):
            within = isinstance(value, Flow)
            items = []
            for item in value.entries:
                path = above + scalar_of(item.value, "id")
                assert not isinstance(item.value, Leaf)  # noqa: S101 - no item is there twice, by an alias
                inner = mapped(item.value, change, f"{path}/")
                items.append(changed(item, value=change(path, inner, within)))
            value = changed(value, entries=tuple(items))
        entries.append(changed(entry, value=value))
    return changed(node, entries=tuple(entries))


def comments_in(node: Node) -> list[str]:
    """Return the comments within a node, in their order."""
    if isinstance(node, Leaf):
        return []
    found: list[str] = []
    for entry in node.entries:
        found += [comment.text for comment in entry.above]
        found += [comment for comment in (entry.head, *entry.inner) if comment]
        found += [*comments_in(entry.value), *([entry.after] if entry.after else [])]
    return found + [comment.text for comment in node.foot]


def names_kept(node: Node, originals: dict[str, Node], seen: set[str], within: bool = False) -> Node:
    """Return a node in which every alias has its anchor before it.

    Where the anchor was taken out, what it stood at takes the place of the first alias. `originals` are the nodes with
    an anchor as they were; `seen` collects the anchors that have been passed; `within` tells that `node` is in brackets.
    """
    if isinstance(node, Leaf) and node.style == "*":
        if node.value in seen or node.value not in originals:
            return node
        original = originals[node.value]
        return names_kept(in_brackets(original) if within else original, originals, seen, within)
    seen.update(word[1:] for word in node.props.split() if word.startswith("&"))
    if isinstance(node, Leaf):
        return node
    inner = within or isinstance(node, Flow)
    entries = [changed(entry, value=names_kept(entry.value, originals, seen, inner)) for entry in node.entries]
    return changed(node, entries=tuple(entries))


def in_brackets(node: Node) -> Node:
    """Return a node as it can stand in brackets, without its comments."""
    if isinstance(node, Leaf):
        return changed(leaf(node.value), props=node.props) if node.block else node
    entries = tuple([Entry(entry.key, in_brackets(entry.value)) for entry in node.entries])
    return Flow(node.kind, entries, node.props)


def anchored(node: Node) -> dict[str, Node]:
    """Return the nodes that have an anchor, by its name."""
    found = {word[1:]: node for word in node.props.split() if word.startswith("&")}
    if not isinstance(node, Leaf):
        for entry in node.entries:
            found.update(anchored(entry.value))
    return found
