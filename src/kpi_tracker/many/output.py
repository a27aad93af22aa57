"""The file of all scores: it is there whole, or what stood in its place is as it was."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from kpi_tracker.disk import sync_folder
from kpi_tracker.language import N_, Phrase, language
from kpi_tracker.many.files import is_address

__all__ = ["OutputError", "check_output", "written_whole"]

MADE_BY_SPARK = "_SUCCESS"
BEGINNING = b"PAR1"
"""How every Parquet file begins."""


class OutputError(OSError):
    """Scores may not be written there, and what stands there is as it was; `phrase` says why."""

    def __init__(self, phrase: Phrase) -> None:
        """Keep the reason."""
        self.phrase = phrase
        super().__init__(language("en").phrase(phrase))


def check_output(path: str) -> None:
    """Refuse to write scores where something stands that no run of ours can have written.

    Raises:
        OSError: they cannot be written there, or something of somebody would be lost.
    """
    if not is_address(path):
        _check(os.path.realpath(path))


@contextmanager
def written_whole(path: str) -> Iterator[str]:
    """Give the name of a new file or folder beside `path`, which takes its place when all ends well.

    An address (s3://…) is given as it is: what an engine puts there is seen when it is complete.

    Raises:
        OSError: it cannot be written there; what stood there is as it was.
    """
    if is_address(path):
        yield path
        return
    target = os.path.realpath(path)
    _check(target)
    folder, name = os.path.split(target)
    beside, old = (os.path.join(folder, f".{name}.{os.getpid()}.{word}") for word in ("tmp", "old"))
    try:
        yield beside
        _settle(beside)
        if os.path.isdir(target):
            os.rename(target, old)
        os.replace(beside, target)
        sync_folder(folder)
    except BaseException:
        if os.path.isdir(old) and not os.path.lexists(target):
            os.rename(old, target)
        raise
    finally:
        _remove(beside)
        _remove(old)


def _check(target: str) -> None:
    """Refuse to replace what no run of ours can have written: a folder of somebody, a device."""
    if not os.path.isdir(os.path.dirname(target)):
        raise FileNotFoundError(2, "there is no such folder")
    if os.path.isdir(target) and not os.path.exists(os.path.join(target, MADE_BY_SPARK)):
        raise IsADirectoryError(21, "it is a folder")
    if not os.path.exists(target) or os.path.isdir(target):
        return
    if not os.path.isfile(target):
        raise OutputError(Phrase(N_("it is not a regular file")))
    with open(target, "rb") as file:
        if file.read(len(BEGINNING)) not in (b"", BEGINNING):
            raise OutputError(Phrase(N_("what stands there is no Parquet file: give a new name, or remove it")))


def _settle(path: str) -> None:
    """See to it that all of it has reached the disk."""
    names = [os.path.join(here, name) for here, _, names in os.walk(path) for name in names] or [path]
    for name in names:
        with open(name, "rb+") as file:
            os.fsync(file.fileno())


def _remove(path: str) -> None:
    if os.path.isdir(path):
        shutil.rmtree(path, ignore_errors=True)
        return
    with suppress(OSError):
        os.unlink(path)
