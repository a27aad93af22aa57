"""The site: every page of every document as an HTML file, the shared stylesheet and script beside them."""

import os.path
import re
from collections.abc import Iterator, Sequence
from typing import Any

from markupsafe import Markup

from kpi_tracker.documents.blocks import Document
from kpi_tracker.documents.charts.drawing import Drawing
from kpi_tracker.documents.charts.svg import STYLE, svg
from kpi_tracker.documents.html.view import Choices, Folder, View, kind, long, looks, sort_key, tags, unfolded
from kpi_tracker.documents.html.words import NAMES, site_words
from kpi_tracker.documents.naming import LIST, PLAN
from kpi_tracker.documents.templates import Templates

__all__ = ["CSP", "site_files"]

HERE = os.path.dirname(__file__)
ASSETS = ("style.css", "site.js", "icon.svg")
CSP = (
    "default-src 'none'; style-src 'self' file:; script-src 'self' file:; img-src 'self' file:; "
    "base-uri 'none'; form-action 'none'"
)
"""Nothing but the files beside the page: `file:` says so to browsers that take `'self'` for no file at all."""

NAMES_IN_TEMPLATES: dict[str, Any] = {
    "csp": CSP, "names": NAMES, "PLAN": PLAN, "LIST": LIST, "kind": kind, "sort_key": sort_key, "choices": Choices,
    "tags": tags, "looks": looks, "long": long, "unfolded": unfolded,
}  # fmt: skip


def site_files(documents: Sequence[Document], overrides: str | None = None) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the site, path and content, one page at a time.

    `overrides` is a folder of the user: a template or `style.css` in it takes the place of ours of the same name.

    Raises:
        BrokenTemplateError: a file in `overrides` cannot be used.
    """
    templates = Templates((os.path.join(HERE, "templates"), HERE), overrides, picture=_picture, **NAMES_IN_TEMPLATES)
    for name in ASSETS:
        text = templates.source(name)
        yield f"assets/{name}", (STYLE + text if name == "style.css" else text).encode()
    folders = {document.lang: Folder(document.lang, document.index) for document in documents}
    for document in documents:
        yield from _pages(document, folders, templates)
    yield (
        "index.html",
        _bytes(templates.render("index.html.j2", documents=documents, words=site_words(documents[0].lang))),
    )


def _pages(document: Document, folders: dict[str, Folder], templates: Templates) -> Iterator[tuple[str, bytes]]:
    words, folder = site_words(document.lang), folders[document.lang]
    others = {lang: other for lang, other in folders.items() if lang != document.lang}
    for page in document.pages:
        here = View(page.id, folder, others)
        text = templates.render("page.html.j2", document=document, page=page, here=here, words=words)
        yield f"{document.lang}/{folder.files[page.id]}", _bytes(text)


def _picture(drawing: Drawing) -> Markup:
    return Markup(svg(drawing, inline=True))  # noqa: S704 - its texts are escaped there


def _bytes(page: str) -> bytes:
    """Return a page as a file, with characters that would steer the reader's screen written out (see `plain`)."""
    return _STEERING.sub(_written_out, page).encode()


_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def _written_out(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()
