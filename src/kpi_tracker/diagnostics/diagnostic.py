"""The one Diagnostic type."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from kpi_tracker.diagnostics.faults import FAULTS
from kpi_tracker.diagnostics.place import Place
from kpi_tracker.language import N_, Language, language
from kpi_tracker.record import changed, field, record

__all__ = ["Diagnostic", "Severity"]


class Severity(StrEnum):
    """`error`: something was left out; `warning`: everything was read, but it looks wrong."""

    ERROR = "error"
    WARNING = "warning"


SEVERITY_WORDS = {Severity.ERROR: N_("error"), Severity.WARNING: N_("warning")}


@record
class Diagnostic:
    """One fault of a plan or of its data.

    `code` is stable (KT203) and names the message in :mod:`kpi_tracker.diagnostics.faults`; `path` is the path of the
    item by ids where it is known; `excerpt` is the line as written and `length` the width of what is marked in it.
    """

    code: str
    place: Place
    args: Mapping[str, Any] = field(factory=dict)
    path: str = ""
    excerpt: str = ""
    length: int = 1

    def at_path(self, path: str) -> "Diagnostic":
        """Return the same fault with the path of the item that it was found in."""
        return changed(self, path=path)

    @property
    def severity(self) -> Severity:
        """The severity that the catalogue gives to the code."""
        return Severity.WARNING if FAULTS[self.code].warning else Severity.ERROR

    def message(self, lang: str = "en") -> str:
        """Return the message in one line: what is wrong, the value, what was expected, the nearest valid spelling."""
        words = language(lang)
        text = words.text(FAULTS[self.code].message, **self.args)
        if nearest := self.args.get("nearest"):
            text += words.text(N_("; did you mean “{nearest}”?"), nearest=nearest)
        return plain(text)

    def render(self, lang: str = "en") -> str:
        """Return the message under its place, with the line as written and a mark below what is meant."""
        words = language(lang)
        head = f"{self.place}: {words.text(SEVERITY_WORDS[self.severity])} {self.code}: {self.message(lang)}"
        about = f"\n  {words.text(N_('in {path}'), path=plain(self.path))}" if self.path else ""
        return head + about + self._marked()

    def _marked(self) -> str:
        if not self.excerpt.strip() or not self.place.column:
            return ""
        gutter = f"  {self.place.line} | "
        before, marked, after = self._cut()
        indent = " " * (len(gutter) + _cells(before))
        return f"\n{gutter}{plain(before + marked + after)}\n{indent}{'^' * max(1, _cells(marked))}"

    def _cut(self) -> tuple[str, str, str]:
        """Return what stands before the place, at it and after it; a very long line is cut on both sides."""
        at = max(self.place.column - 1, 0)
        start, end = max(0, at - EXCERPT_BEFORE), at + EXCERPT_AFTER
        until = min(at + self.length, end)
        before = ("…" if start else "") + self.excerpt[start:at]
        return before, self.excerpt[at:until], self.excerpt[until:end] + ("…" if end < len(self.excerpt) else "")

    def to_dict(self, lang: str = "en") -> dict[str, object]:
        """Return what JSON outputs hold of it, so that a tool need not take the message or the file apart."""
        words = language(lang)
        said = {name: words.argument(self.args[name]) for name in ("value", "expected", "nearest") if name in self.args}
        cut = self._cut()
        return {
            "code": self.code,
            "severity": self.severity.value,
            "file": self.place.file,
            "line": self.place.line or None,
            "column": self.place.column or None,
            "path": self.path or None,
            "message": self.message(lang),
            "value": said.get("value"),
            "expected": said.get("expected"),
            "nearest": said.get("nearest") or None,
            "excerpt": "".join(cut) or None,
            "marked": (cut[1] if self.place.column else "") or None,
        }


EXCERPT_BEFORE = 60
EXCERPT_AFTER = 60


def plain(text: str) -> str:
    """Make text from a file harmless on a terminal: control characters, also the bidirectional ones, are escaped."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else " " if c == "\t" else c.encode("unicode_escape").decode() for c in text)


def _cells(text: str) -> int:
    """Return how many columns `text` takes on a terminal (a wide character takes two)."""
    if text.isascii():
        return len(plain(text))
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in plain(text))


def by_place(diagnostic: Diagnostic) -> tuple[str, int, int, str]:
    """Sort key: by file, line, column, then code."""
    return (*diagnostic.place, diagnostic.code)


def describe(lang: Language, diagnostics: tuple[Diagnostic, ...]) -> str:
    """Return all `diagnostics` as one text, sorted by place."""
    return "\n".join(diagnostic.render(lang.code) for diagnostic in sorted(diagnostics, key=by_place))
