"""The PDF of a document: a page of its own laid out for A4, rendered without a look at anything outside."""

import os.path
import re

from markupsafe import Markup
from weasyprint import HTML  # type: ignore[import-untyped]
from weasyprint.urls import URLFetcher, URLFetcherResponse  # type: ignore[import-untyped]

from kpi_tracker.documents.blocks import Block, Document
from kpi_tracker.documents.columns import (
    POINTS,
    STEP,
    abreast,
    facts_widths,
    notes_apart,
    readings_widths,
    table_widths,
    tree_columns,
    tree_widths,
    walk,
)
from kpi_tracker.documents.glyphs import drawable
from kpi_tracker.documents.paper import ANNEX, Paper
from kpi_tracker.documents.pdf.pictures import Pictures
from kpi_tracker.documents.printable import printable
from kpi_tracker.documents.templates import Templates
from kpi_tracker.documents.tones import tone
from kpi_tracker.language import Phrase
from kpi_tracker.reporting.words import NONE

__all__ = ["made_file"]

SMALLER = 8 / 9
"""The size of the text in tables over that which columns are measured for."""
ROOM = 481.0 / SMALLER
"""Points between the margins that `print.css` sets, as if the text were not smaller."""
HERE = os.path.dirname(__file__)


def made_file(document: Document, overrides: str | None = None) -> tuple[bytes, tuple[Phrase, ...]]:
    """Return the PDF of `document` and what there is to say of it.

    Raises:
        BrokenTemplateError: a file in `overrides` cannot be used.
        NoFontError: the fonts of this machine lack most letters of a script.
    """
    pictures = Pictures()
    page = _page(Paper(document), pictures, overrides)
    instead, remarks = drawable(page + pictures.texts())
    html = HTML(string=page.translate(instead), base_url=_NOWHERE, url_fetcher=_Fetcher(pictures, instead))
    return html.write_pdf(**_OPTIONS), remarks


_NOWHERE = "drawing:"
_OPTIONS = {"pdf_tags": True}


class _Fetcher(URLFetcher):  # type: ignore[misc]
    """Gives the pictures of the document to the renderer and fetches nothing."""

    def __init__(self, pictures: Pictures, instead: dict[int, str]) -> None:
        super().__init__(allowed_protocols=())
        self._pictures, self._instead = pictures, instead

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        return URLFetcherResponse(
            url, self._pictures.written(url).translate(self._instead), {"Content-Type": "image/svg+xml"}
        )


def _page(paper: Paper, pictures: Pictures, overrides: str | None) -> str:
    templates = Templates(
        (os.path.join(HERE, "templates"), HERE), overrides,
        kind=_kind, tone=tone, picture=pictures.drawing, abreast=abreast, facts_widths=facts_widths,
        notes_apart=notes_apart, readings_widths=readings_widths, table_widths=table_widths, tree_columns=tree_columns,
        tree_widths=tree_widths, walk=walk, ANNEX=ANNEX, NONE=NONE, POINTS=POINTS, ROOM=ROOM, SMALLER=SMALLER, STEP=STEP,
    )  # fmt: skip
    style = Markup(pictures.shapes() + templates.source("print.css"))  # noqa: S704 - a stylesheet, ours or the user's
    head, body, text = templates.render("print.html.j2", document=paper.document, paper=paper, style=style).partition(
        "<body>"
    )
    return printable(head + body + _TEXT.sub(_breakable, text))


def _breakable(found: re.Match[str]) -> str:
    """Return a text whose very long words can be broken: the renderer takes minutes for the letters of 10,000 otherwise."""
    return _LONG.sub(lambda word: word[0] + "\u200b", found[0])


_TEXT = re.compile(r"(?<=>)[^<>]+(?=<)")
_LONG = re.compile(r"(?:&[#\w]{1,8};|[^\s&\u2e80-\uffef]){40}")


def _kind(block: Block) -> str:
    return type(block).__name__.lower()
