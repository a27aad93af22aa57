"""What was found wrong while reading, with the places and lines of the files, and what the reading rests on."""

from typing import Any

from kpi_tracker.diagnostics.diagnostic import Diagnostic
from kpi_tracker.diagnostics.place import Place

__all__ = ["Report"]


class Report:
    """Faults found so far, and the lines of the files that they mark.

    `read` has the bytes of every file by its path, and `looked` the answer to every search for files: while these
    are what they were, a second reading would find the same.
    """

    def __init__(self) -> None:
        """Start with nothing found."""
        self.diagnostics: list[Diagnostic] = []
        self.read: dict[str, bytes] = {}
        self.looked: dict[tuple[str, str, str], list[str]] = {}
        self._texts: dict[str, bytes | list[str]] = {}

    def file(self, name: str, text: bytes | list[str]) -> None:
        """Remember the text (in UTF-8) or the lines of a file, so that a fault in it can show its line."""
        self._texts[name] = text

    def add(self, code: str, place: Place, length: int = 1, path: str = "", **args: Any) -> None:
        """Add a fault at `place`, marking `length` characters. A password in an address is shown nowhere."""
        args = {key: _discreet(value) if isinstance(value, str) else value for key, value in args.items()}
        self.diagnostics.append(Diagnostic(code, place, args, path, _discreet(self.line(place)), length))

    def text(self, name: str) -> bytes:
        """Return the text of a file in UTF-8."""
        text = self._texts[name]
        return text if isinstance(text, bytes) else "\n".join(text).encode()

    def line(self, place: Place) -> str:
        """Return the line of a file that `place` is in, or "" where it is not known."""
        lines = self._texts.get(place.file, [])
        if isinstance(lines, bytes):
            lines = self._texts[place.file] = lines.decode("utf-8", "replace").splitlines()
        return lines[place.line - 1].rstrip("\r\n") if 0 < place.line <= len(lines) else ""


def _discreet(text: str) -> str:
    """Return a text of the same length in which nobody is named before the host of an address, and no password."""
    if "://" not in text or "@" not in text:
        return text
    from re import sub  # only where there is one

    return sub(r"(?<=://)[^\s@]+(?=@)", lambda found: "*" * len(found[0]), text)
