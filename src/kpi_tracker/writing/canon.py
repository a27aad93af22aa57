"""The text of a plan file in canonical form, proved to say the same as before."""

from collections import Counter
from typing import Any

from kpi_tracker.diagnostics.report import Report
from kpi_tracker.language import N_, Phrase
from kpi_tracker.loading.nodes import Mapping, Scalar, read_nodes
from kpi_tracker.writing.emission import emitted
from kpi_tracker.writing.order import canonical
from kpi_tracker.writing.page import Page
from kpi_tracker.writing.problem import WritingError
from kpi_tracker.writing.reading import comments_of, read_page

__all__ = ["formatted", "opened", "says_the_same"]

ODD_BREAKS = ("\x85", "\u2028", "\u2029")
"""YAML 1.1 ends a line at these, which no editor shows."""


def formatted(text: str, file: str) -> str:
    """Return the text of a plan file in canonical form; its line ends stay as they are, line feeds or CR LF.

    `file` is what the text is called in messages. The text must be one that the loader reads without a fault of its
    YAML or of its structure.

    Raises:
        WritingError: it could not be written anew without changing what it says or losing a comment.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    anew = emitted(canonical(opened(plain, file)))
    if not says_the_same(plain, anew) or emitted(canonical(read_page(anew))) != anew:
        raise _left(file, Phrase(N_("written anew it would not say the same")))
    return anew.replace("\n", "\r\n") if "\r\n" in text else anew


def opened(plain: str, file: str) -> Page:
    """Return the page of a text whose lines are ended by line feeds.

    Raises:
        WritingError: it has signs that end a line unseen.
    """
    for sign in ODD_BREAKS:
        if sign in plain:
            text = N_("the sign U+{code} in line {line} ends a line unseen; replace it")
            line = plain[: plain.index(sign)].count("\n") + 1
            raise _left(file, Phrase(text, {"code": f"{ord(sign):04X}", "line": line}))
    return read_page(plain)


def says_the_same(before: str, after: str) -> bool:
    """Tell whether two texts hold the same values under the same keys, as the loader reads them, and the same comments."""
    return _said(before) == _said(after) and Counter(comments_of(before)) == Counter(comments_of(after))


def _said(text: str) -> Any:
    report = Report()
    node = read_nodes(text.encode(), "", report, {})
    return None if report.diagnostics else _meaning(node)


def _meaning(node: Any) -> Any:
    """Return what a node says: its words and whether they are quoted, or its parts, those of a mapping in no order."""
    if isinstance(node, Scalar):
        block = node.style in ("|", ">")
        return (node.value.rstrip("\n") if block else node.value, bool(node.style))
    parts = [_meaning(part) for part in node]
    return (
        sorted(zip(parts[::2], parts[1::2], strict=True), key=lambda pair: pair[0])
        if isinstance(node, Mapping)
        else parts
    )


def _left(file: str, reason: Phrase) -> WritingError:
    return WritingError(Phrase(N_("{file} is left as it is: {reason}"), {"file": file, "reason": reason}))
