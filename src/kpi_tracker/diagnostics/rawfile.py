"""A file as bytes, read whole or refused with its fault, and bytes as text."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from kpi_tracker.diagnostics.place import Place
from kpi_tracker.diagnostics.refusal import refusal
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.language import N_, Phrase

__all__ = ["mirrored", "read_bytes", "shown_name", "utf8_text"]

_mirror: ContextVar[tuple[str, str] | None] = ContextVar("mirror", default=None)


@contextmanager
def mirrored(root: str, path: str) -> Iterator[str]:
    """Give where `path` lies in `root`, a folder that stands for the whole file system; messages show it as `path`."""
    copy = root + os.path.splitdrive(os.path.join(os.getcwd(), path))[1]
    before = _mirror.set((copy.rstrip(os.sep), path.rstrip(os.sep)))
    try:
        yield copy
    finally:
        _mirror.reset(before)


def shown_name(path: str) -> str:
    """Return a path as messages show it: with forward slashes, and what is mirrored as it is called at home."""
    mirror = _mirror.get()
    if mirror is not None:
        copy, home = mirror
        if path.startswith(copy):
            path = home + path.removeprefix(copy)
        else:  # by another name: without the detours that `path` may have
            path = os.path.normpath(os.path.join(home, os.path.relpath(path, copy)))
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
        report.add("KT101", place, reason=refusal(error))
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
