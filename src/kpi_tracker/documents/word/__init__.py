"""Word: a document as bureaus circulate it, made of an excerpt of its pages."""

from kpi_tracker.documents.word.writer import word_file

__all__ = ["word_file"]
