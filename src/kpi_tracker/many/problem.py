"""Why nothing could be scored."""

from collections.abc import Iterable, Mapping

from kpi_tracker.diagnostics import Diagnostic
from kpi_tracker.diagnostics.diagnostic import describe
from kpi_tracker.language import language

__all__ = ["DamagedFiles", "ManyError"]


class DamagedFiles(Exception):  # noqa: N818 - the others can be scored
    """Files whose heads can be read, and not all of the rest; `files` has what is said of each."""

    def __init__(self, files: Mapping[str, str]) -> None:
        """Keep them."""
        self.files = files
        super().__init__(", ".join(files))


class ManyError(Exception):
    """The plan or the data are such that nothing could be scored; `diagnostics` has every fault, `str()` all in words."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Keep the faults."""
        self.diagnostics = tuple(diagnostics)
        super().__init__(describe(language("en"), self.diagnostics))
