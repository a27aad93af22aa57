"""What is not installed with the package itself: the extras that Word and PDF files need."""

from kpi_tracker.documents.problem import DocumentsError
from kpi_tracker.language import N_, Phrase

__all__ = ["MissingExtra", "MissingLibrary"]


class MissingExtra(DocumentsError):  # noqa: N818 - it names what is missing; nothing failed yet
    """A format needs an extra of the package; `phrase` says which and how to get it."""

    def __init__(self, extra: str, format: str) -> None:
        """Tell that `format` (Word, PDF) needs the extra of the name `extra`."""
        self.extra = extra
        self.phrase = Phrase(
            N_("{format} needs what is not installed: pip install 'kpi-tracker[{extra}]'"),
            {"format": format, "extra": extra},
        )
        super().__init__(f"{format} needs kpi-tracker[{extra}]")


class MissingLibrary(MissingExtra):
    """The extra is installed, but not a library of the system that it needs, which pip cannot bring."""

    def __init__(self, extra: str, format: str, library: str) -> None:
        """Tell that `format` needs `library` of the system."""
        super().__init__(extra, format)
        self.phrase = Phrase(
            N_("{format} needs {library}, which pip does not install: on Debian and Ubuntu apt install libpango-1.0-0 "
               "libpangoft2-1.0-0 libharfbuzz-subset0; for others see “First Steps” in the manual of WeasyPrint"),
            {"format": format, "library": library},
        )  # fmt: skip
