"""What is wrong with frames, in words that name the keys."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from kpi_tracker.diagnostics import Diagnostic, Place

__all__ = ["SHOWN", "FrameError", "MissingExtraError", "fault", "first", "require_day"]


class FrameError(Exception):
    """Frames cannot be scored; `diagnostics` has every fault."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Keep the faults."""
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(one.message() for one in self.diagnostics))


class MissingExtraError(FrameError):
    """What frames are made with is not installed; the message says how to get it."""

    def __init__(self, error: ImportError) -> None:
        """Tell that the extra is missing, which the import of a library of it found out."""
        super().__init__([fault("KT380", "frames", format=error.name or str(error), extra="frames")])


def fault(code: str, name: str, **args: Any) -> Diagnostic:
    """Return a fault of the frame `name`."""
    return Diagnostic(code, Place(name), args)


SHOWN = 5
"""So many of those that are wrong are named."""


def first(rows: Iterable[str]) -> str:
    """Return the first few of `rows`."""
    several = list(rows)
    return ", ".join(several[:SHOWN]) + (", …" if len(several) > SHOWN else "")


def require_day(as_of: object) -> None:
    """Refuse what is no day; a datetime is one of Python's dates, and would be compared with them.

    Raises:
        TypeError: it is no date.
    """
    if type(as_of) is not date:
        raise TypeError(f"as_of must be a datetime.date, not {as_of!r}")
