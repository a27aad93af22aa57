"""That history cannot be read is told once, not every night: where that is remembered, since history cannot hold it.

The note is a small file in the user's cache. Where it cannot be kept people are told again, which is the lesser evil.
"""

import os
from contextlib import suppress
from hashlib import sha256

from kpi_tracker.language import Phrase, language

__all__ = ["Notes"]


class Notes:
    """What was told of histories that cannot be read."""

    def __init__(self, folder: str | None) -> None:
        """Keep the notes in `folder`; None: nowhere."""
        self._folder = folder

    def told(self, where: str, plan: str, reason: Phrase) -> bool:
        """Tell whether people know that the history at `where` cannot be read, for this reason."""
        with suppress(OSError, UnicodeError), open(self._file(where, plan), encoding="utf-8") as file:
            return file.read() == _text(reason)
        return False

    def note(self, where: str, plan: str, reason: Phrase) -> None:
        """Take note that people were told."""
        with suppress(OSError):
            os.makedirs(self._folder or "", 0o700, exist_ok=True)
            with open(self._file(where, plan), "w", encoding="utf-8") as file:
                file.write(_text(reason))

    def forget(self, where: str, plan: str) -> None:
        """Forget it: history was read. Should it break again, that is news."""
        with suppress(OSError):
            os.unlink(self._file(where, plan))

    def _file(self, where: str, plan: str) -> str:
        if self._folder is None:
            raise FileNotFoundError
        place = where if "://" in where else os.path.abspath(where)
        return os.path.join(
            self._folder, sha256(f"{place}\n{os.path.realpath(plan)}".encode()).hexdigest()[:40] + ".told"
        )


def _text(reason: Phrase) -> str:
    return language("en").phrase(reason) + "\n"
