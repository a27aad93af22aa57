"""YAML as located nodes, from libyaml's events.

A scalar is the event itself; a mapping is a flat list of keys and values; a sequence a list. Nothing is resolved: what
a scalar means is decided by the field that it fills. Items of the lists named in `reducers` are handed over as soon as
they are complete and replaced by what comes back, so that a plan of any length holds one item's events at a time.
"""

from collections.abc import Callable
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from kpi_tracker.diagnostics import Place
from kpi_tracker.diagnostics.rawfile import utf8_text
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.language import N_, Phrase

__all__ = ["MAX_ALIASES", "MAX_DEPTH", "Mapping", "Node", "Scalar", "Sequence", "place_of", "read_nodes"]

MAX_DEPTH = 60
MAX_ALIASES = 200
MAX_REPEATED = 20_000
"""How many nodes all aliases together may repeat: a document cannot grow without end by naming itself again."""

Scalar = ScalarEvent
EventLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Mapping(list[Any]):
    """Keys and values in turn; `start` is the event that opened it, `size` counts the nodes in it."""

    __slots__ = ("start",)
    start: Any


class Sequence(list[Any]):
    """Items; `start` as in a mapping, and what to do with each finished item."""

    __slots__ = ("reduce", "start")
    start: Any
    reduce: "Reducer | None"


Node = Scalar | Mapping | Sequence
Reducer = Callable[[Any], Any]


class TooMuch(Exception):  # noqa: N818 - ends the reading of one file, after its fault was reported
    """Reading cannot go on."""


def place_of(file: str, node: Any) -> Place:
    """Return where `node` starts."""
    mark: Any = (node if type(node) is ScalarEvent else node.start).start_mark
    return tuple.__new__(Place, (file, mark.line + 1, mark.column + 1))  # every item has one: half the time of Place()


def length_of(node: Any) -> int:
    """Return how many characters of its first line a node takes."""
    event: Any = node if isinstance(node, ScalarEvent) else node.start
    start, end = event.start_mark, event.end_mark
    return max(1, end.column - start.column) if end.line == start.line else 1


def read_nodes(data: bytes, file: str, report: Report, reducers: dict[str, Reducer]) -> Node | None:
    """Return the root node of the one document in `data`, or None where it has none; faults go to `report`.

    A fault of the YAML itself ends the reading of this file: what stands before it is returned where it is complete.
    A file that is not UTF-8 has that fault only.
    """
    before = len(report.diagnostics)
    tree = _Tree(file, report, reducers)
    try:
        tree.read(data)
    except TooMuch:
        return None
    except yaml.YAMLError as error:
        found = report.diagnostics[before:]
        del report.diagnostics[before:]
        text = utf8_text(data, file, report)
        if text is None:
            return None
        report.diagnostics += found
        report.add("KT106", _error_place(file, text, error), problem=_problem(error, text))
        return None
    return tree.root[0] if tree.root else None


class _Tree:
    """The nodes of one document while they grow."""

    def __init__(self, file: str, report: Report, reducers: dict[str, Reducer]) -> None:
        self._file, self._report, self._reducers = file, report, reducers
        self._anchors: dict[str, Any] = {}
        self._open: set[str] = set()
        self._aliases = self._repeated = 0
        self.root: list[Any] = []

    def read(self, data: bytes) -> None:
        """Run through the events of `data`; this loop takes most of the time of loading a plan."""
        loader = EventLoader(data)
        get_event = loader.get_event
        stack: list[Any] = []
        current: Any = self.root
        marked = b"&" in data or b"!" in data  # no anchor and no tag without them
        while True:
            event = get_event()
            kind = type(event)
            if kind is ScalarEvent:
                if marked and (event.tag is not None or event.anchor is not None):
                    self._marked(event, event, event)
                current.append(event)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                new = Mapping() if kind is MappingStartEvent else self._sequence(current)
                new.start = event
                too_deep = len(stack) >= MAX_DEPTH
                if too_deep or (type(current) is Mapping and not len(current) % 2):
                    self._stop(*(("KT107", event, MAX_DEPTH) if too_deep else ("KT111", event)))
                if marked and (event.tag is not None or event.anchor is not None):
                    self._marked(event, new, event)
                current.append(new)
                stack.append(current)
                current = new
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                done, current = current, stack.pop()
                if marked and done.start.anchor is not None:
                    self._open.discard(done.start.anchor)
                if type(current) is Sequence and current.reduce is not None:
                    current[-1] = current.reduce(done)
                    del done  # the memory of an item's events serves the next one's while the processor has it at hand
            elif kind is AliasEvent:
                current.append(self._followed(event, current))
            elif kind is DocumentStartEvent and self.root:
                self._stop("KT113", event)
            elif kind is StreamEndEvent:
                return

    def _sequence(self, parent: Any) -> Sequence:
        """Return a new list; where it is the value of a key, with what the items of such a list are handed to."""
        new = Sequence()
        keyed = type(parent) is Mapping and parent and type(parent[-1]) is ScalarEvent
        new.reduce = self._reducers.get(parent[-1].value) if keyed else None
        return new

    def _marked(self, event: Any, node: Any, at: Any) -> None:
        """Take note of an anchor; refuse a tag (`!` and `!!str` say no more than quotes do)."""
        if event.tag is not None and event.tag not in ("!", "tag:yaml.org,2002:str"):
            self._report.add("KT112", place_of(self._file, at if at is node else node), value=event.tag)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
            if node is not event:
                self._open.add(event.anchor)

    def _followed(self, event: Any, parent: Any) -> Any:
        """Return the node that an alias stands for."""
        self._aliases += 1
        node = self._anchors.get(event.anchor)
        place = Place(self._file, event.start_mark.line + 1, event.start_mark.column + 1)
        if node is None or event.anchor in self._open:
            self._report.add("KT109", place, len(event.anchor) + 1, value=event.anchor)
            raise TooMuch
        self._repeated += _size(node)
        if self._aliases > MAX_ALIASES or self._repeated > MAX_REPEATED:
            self._stop("KT108", event, MAX_ALIASES)
        is_key = type(parent) is Mapping and not len(parent) % 2
        if is_key and type(node) is not ScalarEvent:
            self._stop("KT111", event)
        return parent.reduce(node) if type(parent) is Sequence and parent.reduce is not None else node

    def _stop(self, code: str, event: Any, limit: int | None = None) -> None:
        mark = event.start_mark
        args: dict[str, Any] = {} if limit is None else {"limit": limit}
        self._report.add(code, Place(self._file, mark.line + 1, mark.column + 1), **args)
        raise TooMuch


def _size(node: Any) -> int:
    """Return how many nodes hang below `node`; what aliases repeat is counted each time it is repeated."""
    count, waiting = 0, [node]
    while waiting and count <= MAX_REPEATED:
        found = waiting.pop()
        count += 1
        if isinstance(found, (Mapping, Sequence)):
            waiting.extend(found)
    return count


def _error_place(file: str, text: str, error: yaml.YAMLError) -> Place:
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        if mark.line >= len(text.splitlines()):  # at the end of the file: what was never closed stands where it opened
            mark = getattr(error, "context_mark", None) or mark
        return Place(file, mark.line + 1, mark.column + 1)
    position = getattr(
        error, "position", 0
    )  # of a forbidden character, counted in bytes by libyaml, else in characters
    in_bytes = EventLoader is not yaml.SafeLoader
    before = text.encode()[:position].decode(errors="ignore") if in_bytes else text[:position]
    before = before.replace("\r\n", "\n").replace("\r", "\n")
    return Place(file, before.count("\n") + 1, len(before) - before.rfind("\n"))


def _problem(error: yaml.YAMLError, text: str) -> Phrase:
    """Return libyaml's problem as a phrase of the catalogue, with the usual cause where it is known."""
    mark = getattr(error, "problem_mark", None)
    said = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "")
    if mark is not None and _character(text, mark.line, mark.column) == "\t":
        return Phrase(N_("a tab stands where only blanks may indent"))
    if mark is not None and any(
        "：" in line and ": " not in line for line in text.splitlines()[max(0, mark.line - 1) : mark.line + 1]
    ):
        return Phrase(N_("a full-width “：” stands in this line or the one above; YAML needs “:” and a blank"))
    if mark is not None and said.startswith(UNCLOSED) and "，" in "".join(text.splitlines()[mark.line : mark.line + 1]):
        return Phrase(N_("a full-width “，” stands in this line; inside { } and [ ] YAML needs “,” and a blank"))
    return Phrase(YAML_PROBLEMS.get(said, N_("the text breaks off or a sign is out of place")))


def _character(text: str, line: int, column: int) -> str:
    lines = text.splitlines()
    return lines[line][column : column + 1] if line < len(lines) else ""


# libyaml's words (the parser in Python differs in a few) and ours, which say what to do.
YAML_PROBLEMS = {
    "mapping values are not allowed in this context": N_(
        "a “:” followed by a blank stands inside a text, or this line is indented too far; put the text in quotes"
    ),
    "mapping values are not allowed here": N_(
        "a “:” followed by a blank stands inside a text, or this line is indented too far; put the text in quotes"
    ),
    "could not find expected ':'": N_("a key without “:” stands here"),
    "did not find expected key": N_("this line does not line up with the keys above it"),
    "expected <block end>, but found '<block mapping start>'": N_("this line does not line up with the keys above it"),
    "expected <block end>, but found '<scalar>'": N_("this line does not line up with the keys above it"),
    "did not find expected '-' indicator": N_("this line does not line up with the list items above it"),
    "did not find expected ',' or ']'": N_("a list in [ ] is not closed, or a comma is missing"),
    "did not find expected ',' or '}'": N_("a mapping in { } is not closed, or a comma is missing"),
    "did not find expected node content": N_("a value is missing or a sign is out of place"),
    "found unexpected end of stream": N_("a quote or a bracket is never closed"),
    "found character that cannot start any token": N_("a text may not start with this sign; put it in quotes"),
    "found unknown escape character": N_("this \\ escape does not exist; use single quotes for a text with \\"),
    "found undefined tag handle": N_("a text may not start with “!”; put it in quotes"),
    "control characters are not allowed": N_("there is a control character in the text"),
    "special characters are not allowed": N_("there is a control character in the text"),
}
UNCLOSED = ("did not find expected ',' or", "expected ',' or")
"""How both parsers begin to say that a bracket is not closed, or a comma is missing."""
