"""A file as bytes, read whole or refused with its fault, and bytes as text."""

import os

from kpi_tracker.diagnostics.place import Place
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.language import N_, Phrase

__all__ = ["read_bytes", "shown_name", "utf8_text"]


def shown_name(path: str) -> str:
    """Return a path as messages show it: with forward slashes."""
    return path.replace(os.sep, "/")


def read_bytes(path: str, limit: int, report: Report) -> bytes | None:
    """Return the bytes of a text file of at most `limit` bytes, or None where the reason is in the report."""
    place = Place(shown_name(path))
    try:
        if not os.path.isfile(path) and os.path.exists(path):  # a folder, or a pipe that would never end
            report.add("KT101", place, reason=Phrase(N_("it is not a regular file")))
            return None
        size = os.path.getsize(path)
        if size > limit:
            report.add("KT105", place, value=size, limit=limit)
            return None
        with open(path, "rb") as file:
            data = file.read()
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the path
        report.add("KT101", place, reason=_reason(error))
        return None
    report.read[path] = data
    if b"\x00" in data:
        report.add("KT103", place, reason=Phrase(N_("it holds a zero byte")))
        return None
    return data


def utf8_text(data: bytes, name: str, report: Report) -> str | None:
    """Return the text that `data` of the file `name` is in UTF-8, or None where it is not; the byte is reported."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        lines = [*data[: error.start].decode("utf-8").splitlines(keepends=True), ""]
        line = lines[-2] if len(lines) > 1 and not lines[-2].endswith(("\n", "\r")) else ""
        report.add("KT104", Place(name, len(lines) - bool(line), len(line) + 1), value=f"0x{data[error.start]:02X}")
        return None


def _reason(error: OSError | ValueError) -> Phrase | str:
    if isinstance(error, FileNotFoundError):
        return Phrase(N_("there is no such file"))
    if isinstance(error, PermissionError):
        return Phrase(N_("no permission"))
    return getattr(error, "strerror", None) or str(error)
