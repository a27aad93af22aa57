"""Readings kept from one run to the next: files that are what they were are not read for their meaning again.

An entry holds the bytes of every file that a reading rests on, and the answer to every search for files. Each time all
files are read and all searches made anew, and the entry is used only where everything is the same, byte for byte: what
it gives can never be old. It lies in the user's own cache, which must be writable for nobody else, as Python's compiled
files are; where it cannot be written or used, the reading is made as if there were none.
"""

import os
import pickle
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from io import BytesIO
from typing import Any, TypeVar
from zlib import crc32

from kpi_tracker import __version__
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.loading.search import inside, matching, plan_file

__all__ = ["SETTING", "Kept", "kept_folder"]

SETTING = "KPI_TRACKER_CACHE"
MADE_BY = ("kpi_tracker", 2, __version__, sys.version)
ENTRIES = 64
LARGEST = 64 * 1024 * 1024  # bytes of files: beyond, twice that on the disk is no bargain
SUFFIX = ".reading"
T = TypeVar("T")
Evidence = tuple[dict[str, bytes], dict[tuple[str, str, str], list[str]]]


def kept_folder(environ: Mapping[str, str]) -> str | None:
    """Return the folder for what is kept: the one that KPI_TRACKER_CACHE names (`off`: none), else the user's cache.

    Where the package runs from a checkout its code changes under what was kept, so that there is none unless named.
    """
    named = environ.get(SETTING)
    if named:
        return None if named == "off" else named
    package = os.path.dirname(os.path.abspath(__file__))
    if os.path.exists(os.path.join(package, "..", "..", "pyproject.toml")):
        return None
    home = os.path.expanduser("~")
    own = os.path.join(home, ".cache") if os.path.isabs(home) else ""
    base = environ.get("XDG_CACHE_HOME") or environ.get("LOCALAPPDATA") or own
    return os.path.join(base, "kpi_tracker") if base else None


class Kept:
    """The parts of one reading, in the order in which they are asked for; what is new among them is kept at the end.

    A part may rest on those before it (rows are read by the plan): once one has changed, all that follow are read anew.
    """

    def __init__(self, folder: str | None, path: str) -> None:
        """Open the entry of the plan at `path`, as far as there is one."""
        self._path, self._folder = path, folder
        whole = os.path.abspath(path)
        self._head = (*MADE_BY, _installed(), path, whole)
        name = f"{os.path.basename(whole)[:40]}-{crc32(whole.encode('utf-8', 'replace')):08x}{SUFFIX}"
        self._file = os.path.join(folder, name) if folder else ""
        self._parts = self._open() if folder else iter(())
        self._kept: list[bytes] | None = []
        self._new = False

    def part(self, read: Callable[[Report], tuple[T, bool]]) -> T:
        """Return the next part: the kept one where it still holds, else what `read` returns; that tells if it is sound."""
        stored = next(self._parts, None)
        if stored is not None:
            with suppress(Exception):  # made by another state of the same version: as good as none
                value: T = self._stored(*stored)
                self._keep(stored)
                return value
        self._parts = iter(())
        report = Report()
        value, sound = read(report)
        evidence: Evidence = (report.read, report.looked)
        if sound and self._folder and sum(map(len, report.read.values())) <= LARGEST:
            self._new = True
            self._keep((pickle.dumps(evidence, 5), pickle.dumps(value, 5)))
        else:
            self._kept = None
        return value

    def _stored(self, evidence: bytes, value: bytes) -> Any:
        """Return what was kept; an exception says that it does not hold."""
        if not self._holds(pickle.loads(evidence)):  # noqa: S301 - from a folder that only we can write
            raise LookupError
        return pickle.loads(value)  # noqa: S301

    def _keep(self, part: tuple[bytes, bytes]) -> None:
        if self._kept is not None:
            self._kept.extend(part)

    def _holds(self, evidence: Evidence) -> bool:
        """Tell whether every file is what it was, and every search finds what it found."""
        read, looked = evidence
        first = next(iter(read), None)
        if self._kept == [] and first != plan_file(self._path, Report()):  # a plan.yaml came beside the plan.yml
            return False
        return all(_bytes(path) == data for path, data in read.items()) and all(
            [match for match in matching(pattern, folder) if inside(match, root)] == found
            for (pattern, folder, root), found in looked.items()
        )

    def _open(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield the parts of the entry; nothing where there is none, it is another's, or it was cut short."""
        if not _ours(self._folder):
            return
        data = _bytes(self._file) or b""
        if len(data) < 4 or crc32(data[4:]).to_bytes(4, "big") != data[:4]:  # noqa: PLR2004 - the length of the sum
            return
        stream = BytesIO(data[4:])
        if pickle.load(stream) == self._head:  # noqa: S301
            parts: list[bytes] = pickle.load(stream)  # noqa: S301
            yield from zip(parts[::2], parts[1::2], strict=True)

    def close(self) -> None:
        """Keep what was read anew; that it cannot be kept is no fault."""
        if not self._new or not self._kept or self._folder is None:
            return
        with suppress(OSError):
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
            if not _ours(self._folder):
                return
            data = pickle.dumps(self._head, 5) + pickle.dumps(self._kept, 5)
            beside = f"{self._file}.{os.getpid()}"
            try:
                with open(beside, "wb") as file:
                    file.write(crc32(data).to_bytes(4, "big") + data)
                os.replace(beside, self._file)
            except OSError:
                with suppress(OSError):
                    os.unlink(beside)
            self._forget_the_oldest()

    def _forget_the_oldest(self) -> None:
        assert self._folder is not None  # noqa: S101 - something was written there just now
        entries = [entry for entry in os.scandir(self._folder) if SUFFIX in entry.name]
        for entry in sorted(entries, key=lambda entry: entry.stat().st_mtime, reverse=True)[ENTRIES:]:
            os.unlink(entry.path)


def _installed() -> float:
    """Return when this code was installed: what is installed from a repository changes under one version."""
    try:
        return os.stat(__file__).st_mtime
    except OSError:  # it runs from an archive
        return 0.0


def _bytes(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except (OSError, ValueError):
        return None


def _ours(folder: Any) -> bool:
    """Tell whether a folder is there and nobody else can write into it: what is in it is run as it stands."""
    try:
        found = os.stat(folder)
    except OSError:
        return False
    return os.name == "nt" or (found.st_uid == os.geteuid() and not found.st_mode & 0o022)
