"""What a run reads: scores that were written there would destroy it, or be taken for observations by the next run."""

import os
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from glob import has_magic
from urllib.parse import unquote

from kpi_tracker.diagnostics.rawfile import shown_name
from kpi_tracker.language import N_, Phrase
from kpi_tracker.many.files import is_address, parquet_files
from kpi_tracker.many.output import OutputError

__all__ = ["keep_apart"]

LOCAL = "file://"
ANY_DEPTH = "**"


def keep_apart(output: str, observations: str, others: Iterable[str]) -> None:
    """Refuse an `output` that is one of the files read, by whatever name, or lies where observations are looked for.

    Raises:
        OutputError: it is one; nothing was changed.
    """
    target, source = _plain(output), _plain(observations)
    if is_address(target) or is_address(source):
        if _within(target, source) or _within(source, target):
            raise _refused(observations)
        files = list(others)
    else:
        if _looked_for(os.path.realpath(target), source) or _looked_for(os.path.abspath(target), source):
            raise _refused(observations)
        files = [*others, *parquet_files(source)[0]]
    for file in files:
        if _is(target, file):
            raise _refused(file)


def _refused(file: str) -> OutputError:
    return OutputError(Phrase(N_("the run reads {file}: give a name elsewhere"), {"file": shown_name(file)}))


def _plain(path: str) -> str:
    """Return a path; an address of a file of this machine is one too."""
    return unquote(path.removeprefix(LOCAL)) if path.startswith(LOCAL) else path


def _is(target: str, file: str) -> bool:
    """Tell whether a file is the target, by whatever name, or lies in it, where that is a folder."""
    if not os.path.exists(target):
        return os.path.realpath(target) == os.path.realpath(file)
    return os.path.exists(file) and (
        os.path.samefile(target, file) or _within(os.path.realpath(file), os.path.realpath(target))
    )


def _within(path: str, folder: str) -> bool:
    folder = folder.rstrip("/" + os.sep)
    return path == folder or path.startswith((folder + "/", folder + os.sep))


def _looked_for(path: str, source: str) -> bool:
    """Tell whether observations would be looked for at `path`, should there be a file."""
    if os.path.isdir(source):
        return _within(path, os.path.realpath(source))
    return has_magic(source) and _matches(path.split(os.sep), os.path.abspath(source).split(os.sep))


def _matches(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Tell whether a pattern matches a path, or a folder that it lies in."""
    if not pattern:
        return True
    if pattern[0] == ANY_DEPTH:
        return any(_matches(parts[i:], pattern[1:]) for i in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], pattern[0]) and _matches(parts[1:], pattern[1:])
