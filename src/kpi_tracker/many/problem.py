"""Why nothing could be scored."""

from collections.abc import Iterable

from kpi_tracker.diagnostics import Diagnostic
from kpi_tracker.diagnostics.diagnostic import describe
from kpi_tracker.language import language

__all__ = ["ManyError"]


class ManyError(Exception):
    """The plan or the data are such that nothing could be scored; `diagnostics` has every fault, `str()` all in words."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Keep the faults."""
        self.diagnostics = tuple(diagnostics)
        super().__init__(describe(language("en"), self.diagnostics))
