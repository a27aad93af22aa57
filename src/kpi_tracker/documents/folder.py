"""The folder of documents: written whole or not at all, and nothing touched that is not ours.

Everything is made in a work folder inside it first, where what has not changed is the same file as before. Then the
new takes the place of the old, entry by entry of the folder itself: a handful of renames. A run that fails, or is
interrupted, before or within them leaves what was there; one that is killed within them is put right by the next.
A list of what we wrote stays in the folder: all else in it is somebody's, and is kept.
"""

import os
import os.path
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import NamedTuple

from kpi_tracker.diagnostics.refusal import refusal
from kpi_tracker.documents.exchange import NEW, JournalError, exchange, restore
from kpi_tracker.documents.problem import DocumentsError
from kpi_tracker.documents.staging import MANIFEST, ForeignFileError, ManifestError, Stage, read_manifest
from kpi_tracker.language import N_, Phrase, language

__all__ = ["FolderError", "Written", "write_folder"]

WORK = ".kpi-tracker-docs.writing"
LOCK = ".kpi-tracker-docs.lock"


class FolderError(DocumentsError):
    """The folder was left as it was; `phrase` says where and why."""

    def __init__(self, phrase: Phrase) -> None:
        """Keep the phrase."""
        self.phrase = phrase
        super().__init__(language("en").phrase(phrase))


class Written(NamedTuple):
    """What was written: all files, those that are new or have changed, those that were removed, remarks to show."""

    files: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    remarks: tuple[Phrase, ...] = ()


def write_folder(
    out: str, files: Iterable[tuple[str, bytes]], progress: Callable[[str], None] | None = None,
    apart: Iterable[str] = (), plan: str = "",
) -> Written:  # fmt: skip
    """Let the folder `out` hold `files` (path with slashes, content), and what else it holds that we did not write.

    Files of ours that are not among `files` are removed, those changed by hand are written anew. `progress` is called
    with the path of each file. `out` must be new, empty (but for names that begin with a dot) or written by us, and
    neither be nor hold one of the folders `apart`, or the home folder. Documents of another plan than that with the id
    `plan` are not replaced: a mistyped `out` must not delete what others read.

    Raises:
        FolderError: it cannot be written, or is not ours; it is as it was.
    """
    folder = os.path.realpath(out)
    with _told(out):
        _check_place(out, folder, (os.path.expanduser("~"), *apart))
        _check_ours(out, folder, begun=WORK)
    with _held(out, folder) as work:
        with _told(out):
            _check_ours(out, folder)
            before = read_manifest(folder)
            _check_plan(out, before.plan, plan)
            stage = Stage(folder, os.path.join(work, NEW), before.files, plan or before.plan)
        for path, content in files:
            with _told(os.path.join(out, path)):
                stage.put(path, content)
            if progress is not None:
                progress(path)
        with _told(out):
            names = stage.complete()
            if names:
                exchange(folder, work, names)
    return Written(tuple(stage.files), tuple(stage.changed), tuple(stage.removed))


@contextmanager
def _held(out: str, folder: str) -> Iterator[str]:
    """Hold the folder alone, put right what a killed run has left, and give a work folder in it; leave no trace."""
    from filelock import FileLock, Timeout

    lock, work = FileLock(os.path.join(folder, LOCK), timeout=0), os.path.join(folder, WORK)
    with ExitStack() as after:
        with _told(out):
            for missing in _missing(folder):
                after.callback(_remove_empty, missing)
                with suppress(FileExistsError):  # made by another run at the same time
                    os.mkdir(missing)
            try:
                lock.acquire()
            except Timeout:
                raise FolderError(Phrase(N_("{folder}: another run is writing there"), {"folder": out})) from None
            after.callback(_let_go, lock.lock_file, lock.release)
            restore(folder, work)
            _remove(work)
            after.callback(_tidy, out, folder, work)
            os.mkdir(work)
            with open(os.path.join(work, ".gitignore"), "w", encoding="utf-8") as file:
                file.write("*\n")  # what a killed run leaves must not be committed
        yield work


def _tidy(out: str, folder: str, work: str) -> None:
    """Put back what an exchange took away that was broken off, and remove the work folder."""
    with _told(out):
        restore(folder, work)
    with suppress(OSError):  # on Windows, a file that somebody reads: the next run removes it
        _remove(work)


def _remove(folder: str) -> None:
    with suppress(FileNotFoundError):
        shutil.rmtree(folder)


def _missing(folder: str) -> list[str]:
    """Return the folder and those above it that are not there, the outermost first."""
    missing: list[str] = []
    while not os.path.isdir(folder) and folder not in missing:
        missing.insert(0, folder)
        folder = os.path.dirname(folder)
    return missing


def _remove_empty(folder: str) -> None:
    with suppress(OSError):  # it is not empty: all went well
        os.rmdir(folder)


def _let_go(file: str, release: Callable[[], None]) -> None:
    """Release the lock and leave no file behind; where an open file cannot be removed, as on Windows, after that."""
    with suppress(OSError):
        os.unlink(file)
    release()
    if os.name == "nt":  # pragma: no cover
        with suppress(OSError):
            os.unlink(file)


def _check_place(out: str, folder: str, apart: Iterable[str]) -> None:
    if os.path.exists(folder) and not os.path.isdir(folder):
        raise FolderError(Phrase(N_("{folder} is a file, not a folder"), {"folder": out}))
    for other in apart:
        if os.path.join(os.path.realpath(other), "").startswith(os.path.join(folder, "")):
            text = N_("documents are not written to {folder}: it is or holds {other}")
            raise FolderError(Phrase(text, {"folder": out, "other": other}))


def _check_ours(out: str, folder: str, begun: str = MANIFEST) -> None:
    """Refuse a folder that holds something and was not written by us, or at least `begun`: that is looked at later."""
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        return
    if MANIFEST in names or begun in names or all(name.startswith(".") for name in names):
        return
    text = N_("{folder} is not empty and holds no documents of kpi-tracker ({file} is missing): give a new folder")
    raise FolderError(Phrase(text, {"folder": out, "file": MANIFEST}))


def _check_plan(out: str, before: str, plan: str) -> None:
    """Refuse the documents of another plan; a list from before lists named their plan is anybody's."""
    if before and plan and before != plan:
        text = N_(
            "{folder} holds the documents of the plan {other}, not of {plan}: give a folder of its own, or empty this one"
        )
        raise FolderError(Phrase(text, {"folder": out, "other": before, "plan": plan}))


@contextmanager
def _told(path: str) -> Iterator[None]:
    """Turn what goes wrong into a sentence about `path`."""
    try:
        yield
    except ForeignFileError as error:
        text = N_("{file} is in the way: kpi-tracker did not write it")
        raise FolderError(Phrase(text, {"file": error.file})) from error
    except (JournalError, ManifestError) as error:
        text = N_("{file} cannot be read: restore it, or empty the folder")
        raise FolderError(Phrase(text, {"file": error.file})) from error
    except OSError as error:
        reason = refusal(error, writing=True)
        raise FolderError(Phrase(N_("{path}: {reason}"), {"path": path, "reason": reason})) from error
