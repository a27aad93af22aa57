"""Files replaced all together: at any time each holds its old text or its new one, and a failure puts all back."""

import os
from collections.abc import Mapping
from contextlib import suppress
from errno import EACCES

from kpi_tracker.diagnostics.refusal import refusal
from kpi_tracker.language import N_, Phrase
from kpi_tracker.writing.problem import WritingError

__all__ = ["replace_files"]


def replace_files(files: Mapping[str, tuple[bytes, bytes]]) -> None:
    """Let every file, by its path, hold the second content where it still holds the first.

    A link stays a link: what it leads to is replaced. Permissions stay.

    Raises:
        WritingError: a file holds something else by now, or cannot be written; all are as they were.
    """
    drafts: dict[str, str] = {}
    done: list[str] = []
    path = ""
    try:
        for path, (before, after) in files.items():
            drafts[path] = _draft(path, before, after)
        for path, draft in drafts.items():
            os.replace(draft, os.path.realpath(path))
            done.append(path)
    except OSError as error:
        for one in done:
            _put_back(one, files[one][0])
        raise _unwritten(path, refusal(error, writing=True)) from error
    finally:
        for draft in drafts.values():
            with suppress(OSError):
                os.unlink(draft)


def _draft(path: str, before: bytes, after: bytes) -> str:
    """Write the new content beside the old one; return where."""
    target = os.path.realpath(path)
    with open(target, "rb") as file:
        if file.read() != before:
            raise _unwritten(path, Phrase(N_("it was changed in the meantime")))
    if not os.access(target, os.W_OK):
        raise PermissionError(EACCES, os.strerror(EACCES))
    draft = _beside(target)
    try:
        with open(draft, "xb") as new:
            new.write(after)
            new.flush()
            os.fsync(new.fileno())
        os.chmod(draft, os.stat(target).st_mode)
    except OSError:
        with suppress(OSError):
            os.unlink(draft)
        raise
    return draft


def _beside(target: str) -> str:
    return os.path.join(os.path.dirname(target), f".{os.path.basename(target)}.{os.getpid()}.tmp")


def _put_back(path: str, content: bytes) -> None:
    """Give a file its old content; where even that fails, its new one says the same."""
    with suppress(OSError):
        target = os.path.realpath(path)
        draft = _beside(target)
        with open(draft, "wb") as file:
            file.write(content)
        os.chmod(draft, os.stat(target).st_mode)
        os.replace(draft, target)


def _unwritten(path: str, reason: Phrase | str) -> WritingError:
    text = N_("{file} could not be written, and all is as it was: {reason}")
    return WritingError(Phrase(text, {"file": path, "reason": reason}))
