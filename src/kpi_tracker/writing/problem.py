"""Why a plan is not written: nothing was changed."""

from kpi_tracker.diagnostics import Diagnostic
from kpi_tracker.diagnostics.diagnostic import describe
from kpi_tracker.language import Phrase, language

__all__ = ["WritingError"]


class WritingError(Exception):
    """Nothing was written; `phrase` says why, `diagnostics` have the faults of the plan and its data behind it."""

    def __init__(self, phrase: Phrase, diagnostics: tuple[Diagnostic, ...] = ()) -> None:
        """Keep the reason as a phrase, to be shown in the user's language."""
        self.phrase, self.diagnostics = phrase, diagnostics
        words = language("en")
        super().__init__("\n".join(part for part in (words.phrase(phrase), describe(words, diagnostics)) if part))
