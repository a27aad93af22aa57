"""A page as text, in the one form that plan files have: two blanks a level, one empty line at most, comments in place."""

from collections.abc import Iterable

from kpi_tracker.writing.page import Block, Comment, Entry, Flow, Leaf, Node, Page

__all__ = ["emitted"]

STEP = 2
"""Blanks a level; the dash of a list stands one level below its key."""


def emitted(page: Page) -> str:
    """Return the text of `page`, every line ended by a line feed."""
    lines = list(page.preamble)
    _comments(lines, page.above, "")
    if isinstance(page.root, Block):
        lines += _block(page.root, 0)
    else:
        lines += _behind(_written(page.root, 0, 0), page.after)
    _comments(lines, page.foot, "")
    return "\n".join(lines) + "\n"


def _comments(lines: list[str], comments: Iterable[Comment], indent: str) -> None:
    for comment in comments:
        if comment.blank and lines:
            lines.append("")
        lines.append(indent + comment.text)


def _block(block: Block, level: int) -> list[str]:
    """Return the lines of a block whose keys or dashes stand at the column `level`; none of them is empty at its start."""
    indent = " " * level
    lines: list[str] = []
    for entry in block.entries:
        _comments(lines, entry.above, indent)
        if entry.blank and lines:
            lines.append("")
        lines += _entry(entry, level)
    _comments(lines, block.foot, indent)
    return lines


def _entry(entry: Entry, level: int) -> list[str]:
    """Return the lines of an entry without the comments above it."""
    start = " " * level + (f"{_key(entry.key)}:" if entry.key else "-")
    value = entry.value
    below = level + STEP
    if isinstance(value, Block):
        lines = _block(value, below)
        opens = _behind([f"{start} {value.props}".rstrip()], entry.head)
        within = entry.key or value.props or entry.head or value.entries[0].above
        return [*opens, *lines] if within else [f"{start} {lines[0].lstrip(' ')}", *lines[1:]]
    written = _written(value, below, below)
    if entry.head or entry.inner:
        opens = _behind([start], entry.head)
        opens += [" " * below + comment for comment in entry.inner]
        return [*opens, *_behind([" " * below + written[0], *written[1:]], entry.after)]
    return _behind([" ".join(filter(None, (start, written[0]))), *written[1:]], entry.after)


def _key(key: Leaf) -> str:
    text = _leaf(key, 0)[0]
    return f"{text} " if key.style == "*" else text


def _behind(lines: list[str], comment: str) -> list[str]:
    """Return lines with a comment behind the last of them."""
    return [*lines[:-1], f"{lines[-1]}  {comment}"] if comment else lines


def _written(value: Node, below: int, base: int) -> list[str]:
    """Return the lines of a leaf or a flow collection; the first is not indented, text goes on at `below`."""
    if isinstance(value, Leaf):
        return _leaf(value, below)
    assert isinstance(value, Flow)  # noqa: S101 - there is no block within brackets
    return _flow(value, base).split("\n")


def _leaf(leaf: Leaf, below: int) -> list[str]:
    first, *more = leaf.lines
    return [" ".join(filter(None, (leaf.props, first))), *(" " * below + line if line else "" for line in more)]


def _flow(flow: Flow, base: int) -> str:
    """Return a flow collection, its lines broken where the author broke them; it closes at the column `base`."""
    opens, closes = {"map": "{}", "list": "[]", "pair": ("", "")}[flow.kind]
    inner = base + STEP
    text = f"{flow.props} {opens}".lstrip() + (f"  {flow.head}" if flow.head else "")
    fresh = bool(flow.head)  # the next thing has to start a line
    last = len(flow.entries) - 1
    for i, entry in enumerate(flow.entries):
        for comment in entry.above:
            text += f"\n{' ' * inner}{comment.text}"
        fresh = fresh or bool(entry.above) or (entry.broken and flow.kind != "pair")
        text += f"\n{' ' * inner}" if fresh else " " if i else ""
        text += _member(entry, inner) + ("," if i < last else "")
        text += f"  {entry.after}" if entry.after else ""
        fresh = bool(entry.after)
    for comment in flow.foot:
        text += f"\n{' ' * inner}{comment.text}"
    fresh = fresh or bool(flow.foot) or flow.broken
    return text + (f"\n{' ' * base}" if fresh else "") + closes


def _member(entry: Entry, inner: int) -> str:
    """Return an entry of a flow collection."""
    written = "\n".join(_written(entry.value, inner + STEP, inner))
    if entry.key is None:
        return written
    key = "\n".join(_leaf(entry.key, inner + STEP)) + (" " if entry.key.style == "*" else "")
    comments = [comment for comment in (entry.head, *entry.inner) if comment]
    if comments:
        pad = f"\n{' ' * (inner + STEP)}"
        return f"{key}:  {pad.join(comments)}{pad}{written}"
    return f"{key}: {written}" if written else key
