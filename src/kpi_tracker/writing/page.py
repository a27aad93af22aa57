"""A plan file as it is written: its nodes with every scalar as the author spelled it, and every comment at its place."""

from typing import Literal

from kpi_tracker.record import record

__all__ = ["Block", "Comment", "Entry", "Flow", "Leaf", "Node", "Page"]


@record
class Comment:
    """A comment on a line of its own, from its `#` on; `blank` tells that an empty line stands above it."""

    text: str
    blank: bool = False


@record
class Leaf:
    """A scalar or an alias: its lines as written, those after the first without what indents them.

    `value` is what it says, `style` is `'`, `"`, `|`, `>`, `*` for an alias, or "". `props` is its anchor and tag.
    """

    lines: tuple[str, ...]
    value: str
    style: str = ""
    props: str = ""

    @property
    def block(self) -> bool:
        """Whether it is a literal or folded block, whose line ends count."""
        return self.style in ("|", ">")


@record
class Entry:
    """A key with its value, or an item of a list, which has no key.

    `above` are the comments over it and `blank` tells of an empty line right over it; `head` is the comment that stands
    behind the key or dash where the value starts on a later line, `inner` are those on lines between the two, `after`
    is the comment behind the value. `broken` tells that an entry of a flow collection starts a line.
    """

    key: Leaf | None
    value: "Node"
    above: tuple[Comment, ...] = ()
    blank: bool = False
    head: str = ""
    inner: tuple[str, ...] = ()
    after: str = ""
    broken: bool = False

    @property
    def name(self) -> str:
        """The key as a word, "" for an item of a list."""
        return self.key.value if self.key else ""


@record
class Block:
    """A mapping or a list over lines; `foot` are the comments below its last entry."""

    kind: Literal["map", "list"]
    entries: tuple[Entry, ...]
    props: str = ""
    foot: tuple[Comment, ...] = ()


@record
class Flow:
    """A mapping in { } or a list in [ ]; a `pair` is one key in a list, without braces.

    `head` is the comment behind the opening bracket, `foot` are those before the closing one, which starts a line where
    it is `broken`.
    """

    kind: Literal["map", "list", "pair"]
    entries: tuple[Entry, ...]
    props: str = ""
    head: str = ""
    foot: tuple[Comment, ...] = ()
    broken: bool = False


Node = Leaf | Block | Flow


@record
class Page:
    """A whole file: what stands before its root as written (directives, `---`), the root, and the comments around it."""

    preamble: tuple[str, ...]
    above: tuple[Comment, ...]
    root: Node
    after: str = ""
    foot: tuple[Comment, ...] = ()
