"""Why an intake as a whole cannot be: the file, the plan or the disk, not a single row."""

from kpi_tracker.diagnostics import Diagnostic
from kpi_tracker.language import N_, Phrase

__all__ = ["EXCEL", "IntakeError", "needs_excel"]

EXCEL = "Excel"


class IntakeError(Exception):
    """Nothing was written; `phrase` says why, `diagnostics` have the faults of the plan and its data behind it."""

    def __init__(self, phrase: Phrase, diagnostics: tuple[Diagnostic, ...] = ()) -> None:
        """Keep the reason as a phrase, to be shown in the user's language."""
        super().__init__(phrase.message)
        self.phrase, self.diagnostics = phrase, diagnostics


def needs_excel() -> IntakeError:
    """Return the error that says which extra workbooks need."""
    text = N_("{format} needs what is not installed: pip install 'kpi-tracker[{extra}]'")
    return IntakeError(Phrase(text, {"format": EXCEL, "extra": "excel"}))
