"""PDF: a document to be printed, or read where it was sent, made of an excerpt of its pages."""

from kpi_tracker.documents.pdf.writer import pdf_file

__all__ = ["pdf_file"]
