"""What is wrong with frames, in words that can be shown in either language, and that name the rows."""

from collections.abc import Iterable
from typing import Any

from kpi_tracker.diagnostics import Diagnostic, Place

__all__ = ["FrameError", "MissingExtraError", "fault"]


class FrameError(Exception):
    """Frames cannot be scored; `diagnostics` has every fault, each at the frame (`targets`, `tree`) that it was found in."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Keep the faults."""
        self.diagnostics = tuple(diagnostics)
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        """Return all faults in English, one a line."""
        return self.message()

    def message(self, lang: str = "en") -> str:
        """Return all faults in a language, one a line."""
        return "\n".join(f"{one.place}: {one.code}: {one.message(lang)}" for one in self.diagnostics)


class MissingExtraError(FrameError):
    """What frames are made with is not installed; the message says how to get it."""

    def __init__(self, name: str, extra: str) -> None:
        """Tell that a frame of the kind `name` needs the extra of the name `extra`."""
        super().__init__([fault("KT365", "frames", format=name, extra=extra)])


def fault(code: str, frame: str, **args: Any) -> Diagnostic:
    """Return a fault of the frame that is called `frame` in the signature."""
    return Diagnostic(code, Place(frame), args)
