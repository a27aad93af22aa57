"""A SELECT as text: where its placeholders stand, and what makes it something else than one reading statement.

That nothing is written is seen to by the database; here a slip is found before it is sent there.
"""

from collections.abc import Iterator
from typing import NamedTuple

from kpi_tracker.language import N_, Phrase
from kpi_tracker.notation.folding import pattern

__all__ = ["Piece", "Unselective", "pieces", "placeholders"]

TOKEN = pattern(r"""(?sx)
    (?P<skip> --[^\n]* | /\*.*?\*/ | '(?:[^']|'')*' | "(?:[^"]|"")*" | `[^`]*` | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$ | :: )
  | (?P<open> /\* | ' | " | ` )
  | (?P<name> (?<![:\w]):[^\W\d]\w* )
  | (?P<end> ; )
  | (?P<other> \? | %\(\w+\)s | \$\d+ )
  | (?P<word> [^\W\d][\w$]* )
""")
CLAUSE = pattern(r"(?i)\b(?:from|where|and|or|join|union|group|having|order|limit)\b")
WRITING = frozenset({
    "insert", "update", "delete", "merge", "drop", "alter", "create", "truncate", "grant", "revoke", "call", "copy",
    "into", "vacuum", "attach", "detach", "pragma",
})  # fmt: skip


class Unselective(Exception):  # noqa: N818 - it is caught next door, never shown as an error of ours
    """The text is not one reading statement; `reason` says why."""

    def __init__(self, reason: Phrase) -> None:
        """Keep the reason as a phrase, to be shown in the user's language."""
        super().__init__(reason.message)
        self.reason = reason


class Piece(NamedTuple):
    """A part of a statement: text as it stands, or the name of a placeholder."""

    text: str
    placeholder: bool = False


def pieces(select: str) -> tuple[Piece, ...]:
    """Return the parts of a statement; `:name` is a placeholder, but not within quotes and comments, nor `::type`.

    Raises:
        Unselective: it is no statement, several, or one that would write.
    """
    return tuple(_pieces(select))


def placeholders(select: str) -> tuple[str, ...]:
    """Return the names of the placeholders, each once.

    Raises:
        Unselective: as :func:`pieces`.
    """
    return tuple(dict.fromkeys(piece.text for piece in pieces(select) if piece.placeholder))


def _pieces(select: str) -> Iterator[Piece]:
    before, first, ended = 0, "", False
    for token in TOKEN().finditer(select):
        kind, text = token.lastgroup, token[0]
        if kind == "skip":
            _refuse_swallowed(text, token.end() == len(select))
        if kind == "skip" and not (ended and not text.startswith(("--", "/*"))):
            continue
        if kind == "open":
            raise Unselective(Phrase(N_("what {value} opens is not closed"), {"value": text}))
        if ended:
            raise Unselective(Phrase(N_("there is more than one statement")))
        if kind == "end":
            yield Piece(select[before : token.start()])
            before, ended = len(select), True
        elif kind == "other":
            raise Unselective(
                Phrase(N_("“{value}” is no placeholder here; write it as a name: :year"), {"value": text})
            )
        elif kind == "name":
            yield Piece(select[before : token.start()])
            yield Piece(text[1:], placeholder=True)
            before = token.end()
        else:
            _refuse_unless_reading(text, bool(first))
            first = first or text
    if not first:
        raise _not_a_select(select.strip()[:20])
    if before < len(select):
        yield Piece(select[before:])


def _refuse_swallowed(text: str, last: bool) -> None:
    """Refuse a comment that goes on to the end and holds what looks like the rest of the statement."""
    if last and text.startswith("--") and CLAUSE().search(text):
        message = N_("the comment -- goes on to its end; write the select with “|”, so that its lines stay lines")
        raise Unselective(Phrase(message))


def _refuse_unless_reading(word: str, begun: bool) -> None:
    """Refuse a statement that does not begin as one that reads, or holds a word of one that writes."""
    if not begun and word.lower() not in ("select", "with"):
        raise _not_a_select(word)
    if word.lower() in WRITING:
        message = N_(
            "“{value}” would write; only what reads can be a source (a column of this name is written in quotes)"
        )
        raise Unselective(Phrase(message, {"value": word}))


def _not_a_select(beginning: str) -> Unselective:
    return Unselective(Phrase(N_("it begins with “{value}”, not with SELECT or WITH"), {"value": beginning}))
