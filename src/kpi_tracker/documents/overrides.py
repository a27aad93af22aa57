"""The folder where a user keeps templates that take the place of ours: what in it does nothing is named."""

import os
import os.path
from collections.abc import Iterator

from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.language import N_, Phrase

__all__ = ["idle_files", "replaceable"]

HERE = os.path.dirname(__file__)
SOURCES = ("html/templates", "markdown/templates", "pdf/templates")
SHEETS = ("style.css", "print.css")
ENDS = (".j2", ".css")


def replaceable() -> list[str]:
    """Return the names of ours that a file of a user can take the place of."""
    names = {name for folder in SOURCES for name in os.listdir(os.path.join(HERE, folder)) if name.endswith(ENDS)}
    return sorted(names.union(SHEETS))


def idle_files(folder: str) -> tuple[Phrase, ...]:
    """Return a remark on each template or stylesheet in `folder` that neither replaces one of ours nor is named by another.

    A misspelt name would otherwise do nothing without a word. What is named in another file of the folder, a piece that
    several templates include, is in use.
    """
    ours = replaceable()
    texts = {path: _text(os.path.join(folder, path)) for path in _files(folder)}
    remarks = []
    for path in sorted(texts):
        used = path in ours or any(path in text for other, text in texts.items() if other != path)
        if used:
            continue
        near = nearest(path.rpartition("/")[2], ours)
        values = {"file": plain(os.path.join(folder, *path.split("/"))), "name": near}
        text = N_("{file} does nothing: no template or stylesheet of ours has that name; did you mean {name}?")
        remarks.append(
            Phrase(text if near else N_("{file} does nothing: no template or stylesheet of ours has that name"), values)
        )
    return tuple(remarks)


def _files(folder: str) -> Iterator[str]:
    """Yield the templates and stylesheets of a folder with slashes, not what is hidden."""
    for above, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if name.endswith(ENDS) and not name.startswith("."):
                yield os.path.relpath(os.path.join(above, name), folder).replace(os.sep, "/")


def _text(path: str) -> str:
    """Return what a file says; nothing where it cannot be read: that is told where it is used."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""
