"""What keeps history from being read or written, in words that can be shown in either language."""

from kpi_tracker.language import Phrase, language

__all__ = ["HistoryError"]


class HistoryError(Exception):
    """History could not be read or written, and holds what it held before; `phrase` says why."""

    def __init__(self, message: str, **args: object) -> None:
        """Keep the reason: a message of the catalogue with its arguments."""
        self.phrase = Phrase(message, args)
        super().__init__(language("en").phrase(self.phrase))
