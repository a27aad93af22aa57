"""The way to a PDF, for machines with the extra and those without it, or without the library that it needs."""

from kpi_tracker.documents.blocks import Document
from kpi_tracker.documents.extras import MissingExtra, MissingLibrary
from kpi_tracker.language import Phrase

__all__ = ["pdf_file"]


def pdf_file(document: Document, overrides: str | None = None) -> tuple[bytes, tuple[Phrase, ...]]:
    """Return `document` as a PDF with its fonts embedded, and remarks on characters that no font here has.

    `overrides` is a folder of the user: `print.html.j2`, `block.html.j2` or `print.css` in it take the place of ours.
    The same document gives the same bytes on a machine with the same fonts.

    Raises:
        MissingExtra: the extra `pdf` is not installed, or (MissingLibrary) Pango is not.
        BrokenTemplateError: a file in `overrides` cannot be used.
        NoFontError: the fonts of this machine lack most letters of a script that the document is written in.
    """
    try:
        from kpi_tracker.documents.pdf.file import made_file
    except ImportError as error:
        if (error.name or "").partition(".")[0] != "weasyprint":
            raise
        raise MissingExtra("pdf", "PDF") from error
    except OSError as error:  # what WeasyPrint raises where it does not find Pango
        raise MissingLibrary("pdf", "PDF", "Pango") from error
    return made_file(document, overrides)
