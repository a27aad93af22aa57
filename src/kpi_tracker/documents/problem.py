"""What keeps documents from being written, in words that can be shown in either language."""

from kpi_tracker.language import Phrase

__all__ = ["DocumentsError"]


class DocumentsError(Exception):
    """The documents were not written, and those that are there are as they were; `phrase` says why."""

    phrase: Phrase
