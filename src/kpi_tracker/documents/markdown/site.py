"""The pages of every document as Markdown files, with their pictures, and a page to choose the language."""

import os.path
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from kpi_tracker.documents.blocks import Document
from kpi_tracker.documents.letters import Letters
from kpi_tracker.documents.markdown.escaping import alt, code, lines, md
from kpi_tracker.documents.markdown.pictures import status_files
from kpi_tracker.documents.markdown.view import FRONT, NAMES, Folder, View, about, kind
from kpi_tracker.documents.naming import LIST, PLAN
from kpi_tracker.documents.templates import Templates

__all__ = ["markdown_files"]

HERE = os.path.dirname(__file__)


def markdown_files(
    documents: Sequence[Document], overrides: str | None = None, letters: Letters | None = None
) -> Iterator[tuple[str, bytes]]:
    """Yield the files, path and content, one page at a time, each followed by the pictures that are new with it.

    With `letters` each picture brings its own along. `overrides` is a folder of the user: a template in it takes the
    place of ours of the same name.

    Raises:
        BrokenTemplateError: a file in `overrides` cannot be used.
    """
    templates = _Templates(
        (os.path.join(HERE, "templates"),), overrides, filters={"lines": lines, "code": code, "alt": alt},
        kind=kind, about=about, indent=_indent, names=NAMES, PLAN=PLAN, LIST=LIST, FRONT=FRONT,
        br=Markup("<br>"), blank=Markup(" "), nbsp=Markup("&nbsp;"),
    )  # fmt: skip
    folders = {document.lang: Folder(document.lang, document.index) for document in documents}
    for document in documents:
        yield from _pages(document, folders, templates, letters)
    yield from status_files()
    yield f"{FRONT}.md", _tidied(templates.render("index.md.j2", documents=documents))


class _Templates(Templates):
    """Templates in which every text is escaped for Markdown, not for HTML."""

    def __init__(self, folders: Sequence[str], overrides: str | None, **more: object) -> None:
        super().__init__(folders, overrides, **more)  # type: ignore[arg-type]
        self._environment.finalize = md


def _pages(
    document: Document, folders: dict[str, Folder], templates: Templates, letters: Letters | None
) -> Iterator[tuple[str, bytes]]:
    folder = folders[document.lang]
    for page in document.pages:
        here = View(page.id, folder, folders, letters)
        text = templates.render("page.md.j2", document=document, page=page, here=here)
        yield f"{document.lang}/{folder.files[page.id]}.md", _tidied(text)
        yield from here.pictures()


def _indent(depth: int) -> Markup:
    """Return what stands before an item of a list: Python-Markdown wants four blanks for each level, GitHub takes them."""
    return Markup("    ") * depth


def _tidied(text: str) -> bytes:
    """Return a page without blanks at line ends, and with one empty line where there are more."""
    kept: list[str] = []
    for line in map(str.rstrip, text.split("\n")):
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).rstrip("\n").encode() + b"\n"
