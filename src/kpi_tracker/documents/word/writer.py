"""The way to a Word file, for machines with the extra and those without it."""

from kpi_tracker.documents.blocks import Document
from kpi_tracker.documents.extras import MissingExtra
from kpi_tracker.language import Phrase

__all__ = ["word_file"]

_LIBRARIES = frozenset({"docx", "lxml"})


def word_file(document: Document) -> tuple[bytes, tuple[Phrase, ...]]:
    """Return `document` as a Word file, and remarks on what is not in it as it should be: pictures left out for a font.

    The same document gives the same bytes.

    Raises:
        MissingExtra: the extra `docx` is not installed.
    """
    try:
        from kpi_tracker.documents.word.file import made_file
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in _LIBRARIES:
            raise
        raise MissingExtra("docx", "Word") from error
    return made_file(document)
