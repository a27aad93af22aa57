"""What was found wrong while reading, collected with the places and lines of the files."""

from typing import Any

from kpi_tracker.diagnostics import Diagnostic, Place

__all__ = ["Report", "Wrong", "nearest"]


class Wrong(Exception):  # noqa: N818 - caught by the mapping that reads the field, never shown as an error of ours
    """A value that cannot be what its field asks for; carries the fault until the place is known."""

    def __init__(self, code: str, **args: Any) -> None:
        """Keep the code of the catalogue and its arguments."""
        super().__init__(code)
        self.code, self.args_of_fault = code, args


class Reported(Exception):  # noqa: N818 - as above
    """A value that is broken and whose faults are in the report already."""


class Report:
    """Faults found so far, and the lines of the files that they mark."""

    def __init__(self) -> None:
        """Start with nothing found."""
        self.diagnostics: list[Diagnostic] = []
        self._texts: dict[str, str | list[str]] = {}

    def file(self, name: str, text: str | list[str]) -> None:
        """Remember the text or the lines of a file, so that a fault in it can show its line."""
        self._texts[name] = text

    def add(self, code: str, place: Place, length: int = 1, path: str = "", **args: Any) -> None:
        """Add a fault at `place`, marking `length` characters."""
        self.diagnostics.append(Diagnostic(code, place, args, path, self.line(place), length))

    def line(self, place: Place) -> str:
        """Return the line of a file that `place` is in, or "" where it is not known."""
        lines = self._texts.get(place.file, [])
        if isinstance(lines, str):
            lines = self._texts[place.file] = lines.splitlines()
        return lines[place.line - 1].rstrip("\r\n") if 0 < place.line <= len(lines) else ""


def nearest(word: str, known: "list[str] | tuple[str, ...]") -> str:
    """Return the known word that `word` most likely means, or "" where none is close."""
    from difflib import get_close_matches  # only where something is wrong

    found = get_close_matches(word, known, 1, 0.6)
    if found:
        return found[0]
    folded = {k.lower().replace("-", "_"): k for k in known}
    return folded.get(word.lower().replace("-", "_").replace(" ", "_"), "")
