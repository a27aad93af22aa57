"""The text of a plan file taken apart: nodes from libyaml's events, and between them the comments and empty lines."""

import re
from collections.abc import Iterator
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from yaml.tokens import AliasToken, AnchorToken, ScalarToken, TagToken

from kpi_tracker.loading.nodes import EventLoader
from kpi_tracker.writing.page import Block, Comment, Entry, Flow, Leaf, Node, Page

__all__ = ["comments_of", "read_page"]

LINE = re.compile(r"[ \t]*(#[^\n]*)?(?:\n|\Z)")
"""An empty line, or one with a comment and nothing else."""
BEHIND = re.compile(r"[ \t]*(#[^\n]*)")
COLON = re.compile(r"\s*:[ \t]*(#[^\n]*)?")
COMMA = re.compile(r"[ \t]*,?[ \t]*(#[^\n]*)?")
DASH = re.compile(r"\s*-[ \t]*(#[^\n]*)?")
PROP = re.compile(r"\s*(?:&[^\s,\[\]{}]+|![^\s,\[\]{}]*)")
STRING_TAG = "tag:yaml.org,2002:str"


def comments_of(text: str) -> list[str]:
    """Return every comment of a YAML text, in its order, found without regard to what it belongs to."""
    found: list[str] = []
    at = 0
    for token in yaml.scan(text, Loader=EventLoader):
        if isinstance(token, ScalarToken | AnchorToken | AliasToken | TagToken):
            found += _comments(text[at : token.start_mark.index])
            at = token.end_mark.index
    return [comment.rstrip() for comment in [*found, *_comments(text[at:])]]


def _comments(outside: str) -> list[str]:
    """Return the comments in what is no scalar."""
    return re.findall(r"#[^\n]*", outside)


def read_page(text: str) -> Page:
    """Return the page of a text that the loader reads without a fault, its lines ended by line feeds.

    Raises:
        yaml.YAMLError: it is not valid YAML.
    """
    return _Reader(text).page()


class _Reader:
    """Walks the events; `at` is the end of what was taken so far, `closed` that of the last collection."""

    def __init__(self, text: str) -> None:
        self._text, self._at, self._closed = text, 0, 0
        self._events: Iterator[Any] = iter(yaml.parse(text, Loader=EventLoader))

    def page(self) -> Page:
        next(self._events)  # the stream
        preamble = self._preamble(next(self._events))
        event = next(self._events)
        above: tuple[Comment, ...] = ()
        if not _is_block(event):
            above = self._above(event.start_mark.index)[0]
        value, _, _, after = self._value(event, -1, BEHIND, inner=False)
        rest = self._text[self._at :]
        self._text, self._at = re.sub(r"(?m)^\.\.\.[ \t]*\n?", "", rest), 0
        return Page(preamble, above, value, after, self._foot(-1, -1, partial=bool(rest) and rest[0] == "\n"))

    def _preamble(self, event: Any) -> tuple[str, ...]:
        """Return the lines before the root of a document that is opened by `---`."""
        if not event.explicit:
            return ()
        end = event.end_mark.index
        self._at = end
        behind = self._behind(BEHIND)
        lines = [line.rstrip() for line in self._text[:end].strip("\n").split("\n")]
        return (*lines[:-1], f"{lines[-1]}  {behind}".rstrip())

    def _node(self, event: Any, outer: int, props: str = "") -> Node:
        """Return the node that `event` starts, in a block at the column `outer`."""
        if isinstance(event, AliasEvent):
            end: Any = event.end_mark
            self._at = end.index
            return Leaf((f"*{event.anchor}",), str(event.anchor), "*")
        if isinstance(event, ScalarEvent):
            return self._leaf(event)
        return self._block(event, outer, props) if _is_block(event) else self._flow(event)

    def _leaf(self, event: Any) -> Leaf:
        props, start = self._props(event)
        end, style = event.end_mark.index, event.style or ""
        if start < end:
            start += len(self._text[start:end]) - len(self._text[start:end].lstrip())
        written = self._text[start:end]
        if style not in ("|", ">"):
            self._at = max(start, end)
            first, *more = written.split("\n")
            return Leaf((_bare(first), *(_bare(line.lstrip(" \t")) for line in more)), event.value, style, props)
        header, _, body = written.partition("\n")
        if "+" in header.partition("#")[0]:
            self._at = end
            lines = body.removesuffix("\n").split("\n")
        else:
            self._at = start + len(written.rstrip())
            lines = body.rstrip().split("\n") if body.strip() else []
        return Leaf((_header(header), *_dedented(lines, event.value)), event.value, style, props)

    def _props(self, event: Any) -> tuple[str, int]:
        """Return anchor and tag of a node as they are written, and where they end."""
        start = event.start_mark.index
        tag = {None: "", STRING_TAG: "!!str"}.get(event.tag, event.tag)
        words = [word for word in (f"&{event.anchor}" if event.anchor else "", tag) if word]
        for _ in words:
            found = PROP.match(self._text, start)
            start = found.end() if found else start
        return " ".join(words), start

    def _block(self, event: Any, outer: int, props: str) -> Block:
        is_map = isinstance(event, MappingStartEvent)
        entries: list[Entry] = []
        column = 0
        for part in self._parts():
            here, entry = self._pair(part, BEHIND) if is_map else self._item(part)
            column = column if entries else here
            entries.append(entry)
        return Block("map" if is_map else "list", tuple(entries), props, self._foot(column, outer))

    def _parts(self) -> Iterator[Any]:
        """Yield the events with which the parts of a collection start, up to its end."""
        while True:
            event = next(self._events)
            if type(event) in (MappingEndEvent, SequenceEndEvent):
                self._closed = event.end_mark.index
                return
            yield event

    def _pair(self, event: Any, behind: re.Pattern[str]) -> tuple[int, Entry]:
        """Return the column of a key, and its entry."""
        start = event.start_mark.index
        above, blank, broken = self._above(start)
        key = self._node(event, 0)
        assert isinstance(key, Leaf)  # noqa: S101 - the loader refuses all other keys
        column = self._column(start)
        head = self._behind(COLON)
        value, inner, late, after = self._value(next(self._events), column, behind)
        return column, Entry(key, value, above, blank, head or late, inner, after, broken)

    def _item(self, event: Any) -> tuple[int, Entry]:
        """Return the column of a dash, and the entry behind it."""
        above, blank, _ = self._above(event.start_mark.index)
        column = self._column(self._text.index("-", self._at))
        head = self._behind(DASH)
        value, inner, late, after = self._value(event, column, BEHIND)
        return column, Entry(None, value, above, blank, head or late, inner, after)

    def _value(
        self, event: Any, column: int, behind: re.Pattern[str], inner: bool = True
    ) -> tuple[Node, tuple[str, ...], str, str]:
        """Return a value, the comments on lines before it, the one behind its anchor, and the one behind it."""
        if _is_block(event):
            props, end = self._props(event)
            late = ""
            if props:
                self._at = end
                late = self._behind(BEHIND)
            return self._node(event, column, props), (), late, ""
        comments = self._above(event.start_mark.index)[0] if inner else ()
        value = self._node(event, column)
        return value, tuple(comment.text for comment in comments), "", self._behind(behind)

    def _flow(self, event: Any) -> Flow:
        props, start = self._props(event)
        start += len(self._text[start:]) - len(self._text[start:].lstrip()) if props else 0
        is_list = isinstance(event, SequenceStartEvent)
        pair = not is_list and self._text[start : start + 1] != "{"
        head = ""
        if not pair:
            self._at = start + 1
            head = self._behind(BEHIND)
        behind = BEHIND if pair else COMMA
        entries = [self._member(part) if is_list else self._pair(part, behind)[1] for part in self._parts()]
        if pair:
            return Flow("pair", tuple(entries), props)
        foot, _, broken = self._above(self._closed - 1)
        self._at = self._closed
        return Flow("list" if is_list else "map", tuple(entries), props, head, foot, broken)

    def _member(self, event: Any) -> Entry:
        """Return an item of a list in brackets."""
        above, _, broken = self._above(event.start_mark.index)
        value, _, _, after = self._value(event, 0, COMMA)
        return Entry(None, value, above, broken=broken, after=after)

    def _column(self, at: int) -> int:
        return at - self._text.rfind("\n", 0, at) - 1

    def _behind(self, pattern: re.Pattern[str]) -> str:
        """Take what `pattern` finds here, and return the comment in it."""
        found = pattern.match(self._text, self._at)
        if not found:
            return ""
        self._at = found.end()
        return (found[1] or "").rstrip()

    def _above(self, start: int) -> tuple[tuple[Comment, ...], bool, bool]:
        """Take the lines before `start`: their comments, whether the last of them is empty, whether there is one at all."""
        comments: list[Comment] = []
        blank = broken = False
        partial = self._partial()
        while self._at < start and (line := LINE.match(self._text, self._at)) and line.end() <= start:
            if line[1]:
                comments.append(Comment(line[1].rstrip(), blank))
            blank = not line[1] and not partial
            self._at, broken, partial = line.end(), True, False
        return tuple(comments), blank, broken

    def _foot(self, column: int, outer: int, partial: bool | None = None) -> tuple[Comment, ...]:
        """Take the comments that stand below a block and as deep as it: deeper than what it stands in."""
        comments: list[Comment] = []
        at, blank = self._at, False
        partial = self._partial() if partial is None else partial
        while at < len(self._text) and (line := LINE.match(self._text, at)):
            if line[1]:
                depth = line.start(1) - at
                if partial or depth < column or depth <= outer:
                    break
                comments.append(Comment(line[1].rstrip(), blank))
                self._at = line.end()
            blank = not line[1] and not partial
            at, partial = line.end(), False
        return tuple(comments)

    def _partial(self) -> bool:
        """Tell whether the line that was reached has begun already."""
        return self._at > 0 and self._text[self._at - 1] != "\n"


def _is_block(event: Any) -> bool:
    return isinstance(event, MappingStartEvent | SequenceStartEvent) and not event.flow_style


def _bare(line: str) -> str:
    """Return a line of a text without the blanks at its end; one that is escaped in double quotes counts."""
    bare = line.rstrip(" \t")
    escapes = len(bare) - len(bare.rstrip("\\"))
    return line[: len(bare) + 1] if escapes % 2 else bare


def _header(header: str) -> str:
    """Return the line that opens a block of text; where it tells the indentation, that is ours from now on."""
    sign, mark, comment = header.partition("#")
    sign = re.sub(r"[1-9]", "2", sign.rstrip())
    return f"{sign}  {mark}{comment}".rstrip() if mark else sign


def _dedented(lines: list[str], value: str) -> tuple[str, ...]:
    """Return the lines of a block of text without its indentation, which what it says tells."""
    first = next((line for line in lines if line.strip(" ")), "")
    said = next((line for line in value.split("\n") if line.strip(" ")), "")
    indent = (len(first) - len(first.lstrip(" "))) - (len(said) - len(said.lstrip(" ")))
    return tuple(line[indent:] for line in lines)
