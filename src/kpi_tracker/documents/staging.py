"""A folder as it is going to be, made beside the one that is: what stays the same is the same file."""

import json
import os
import os.path
import shutil
import stat
from collections.abc import Iterator
from typing import NamedTuple

from kpi_tracker.disk import sync_folder

__all__ = ["MANIFEST", "ForeignFileError", "Manifest", "ManifestError", "Stage", "read_manifest"]

MANIFEST = ".kpi-tracker-docs.json"
FORMAT = "kpi-tracker-docs/v1"


class ManifestError(Exception):
    """The list of what we wrote is damaged, or of a version to come; `file` is its path."""

    def __init__(self, file: str) -> None:
        """Keep the path."""
        self.file = file
        super().__init__(f"{file} cannot be read")


class ForeignFileError(Exception):
    """Something that we did not write stands where a file of ours should; `file` is its path."""

    def __init__(self, file: str) -> None:
        """Keep the path."""
        self.file = file
        super().__init__(f"{file} is in the way")


class Manifest(NamedTuple):
    """What we wrote the last time: the files, and the id of the plan; "" where the list is older than that, or none."""

    files: frozenset[str] = frozenset()
    plan: str = ""


def read_manifest(folder: str) -> Manifest:
    """Return what we wrote into `folder` the last time; nothing where there is no list.

    Raises:
        ManifestError: the list cannot be understood.
    """
    path = os.path.join(folder, MANIFEST)
    try:
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
    except FileNotFoundError:
        return Manifest()
    except ValueError as error:
        raise ManifestError(path) from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ManifestError(path)
    files, plan = content.get("files"), content.get("plan", "")
    if not isinstance(files, list) or not all(isinstance(name, str) and _is_path(name) for name in files):
        raise ManifestError(path)
    if not isinstance(plan, str):
        raise ManifestError(path)
    return Manifest(frozenset(files), plan)


class Stage:
    """The new content of a folder while it is made."""

    def __init__(self, folder: str, new: str, before: frozenset[str], plan: str = "") -> None:
        """Make the folder `new` for what `folder` is going to hold; `before` lists what in it is ours, `plan` is whose."""
        self._folder, self._new, self._before, self._plan = folder, new, before, plan
        self._parents: set[str] = set()
        self._fresh: list[str] = []
        self.files: list[str] = []
        self.changed: list[str] = []
        self.removed: list[str] = []
        os.mkdir(new)

    def put(self, path: str, content: bytes) -> None:
        """Add a file.

        Raises:
            ValueError: `path` leads out of the folder, or is not well-formed.
            FileExistsError: there is a file of this name already.
            ForeignFileError: what stands there is not ours.
        """
        parts = path.split("/")
        if path == MANIFEST or not _is_path(path):
            raise ValueError(f"{path!r} is not a path in a folder")
        self._prepare(parts[:-1])
        if not self._write(path, content, ours=path in self._before):
            self.changed.append(path)
        self.files.append(path)

    def complete(self) -> list[str]:
        """Add what else the folder holds; return the names of the entries of the folder that are going to change."""
        whole = sorted(self.files)
        self.removed = sorted(self._before.difference(whole))
        names = {path.partition("/")[0] for path in (*self.changed, *self.removed)}
        names = {name for name in names if not self._foreign(name)}
        whose = {"plan": self._plan} if self._plan else {}
        listed = json.dumps({"format": FORMAT, **whose, "files": whole}, indent=1, ensure_ascii=False) + "\n"
        if not self._write(MANIFEST, listed.encode(), ours=True):
            names.add(MANIFEST)
        for name in names:
            self._carry(name)
        self._settle()
        return sorted(names)

    def _settle(self) -> None:
        """See to it that all that was written has reached the disk: many files at once are five times faster."""
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(16) as pool:
            list(pool.map(_sync_file, [os.path.join(self._new, path) for path in self._fresh]))
            list(pool.map(sync_folder, [os.path.join(self._new, path) for path in (*self._parents, "")]))

    def _prepare(self, above: list[str]) -> None:
        """Make the folders above a file; a link or a file of somebody in their place must not lead elsewhere."""
        for i in range(len(above)):
            path = "/".join(above[: i + 1])
            if path in self._parents:
                continue
            here = os.path.join(self._folder, path)
            if os.path.lexists(here) and _kind(here) != stat.S_IFDIR and path not in self._before:
                raise ForeignFileError(here)
            os.mkdir(os.path.join(self._new, path))
            self._parents.add(path)

    def _write(self, path: str, content: bytes, ours: bool) -> bool:
        """Write a file into the new folder; return whether the present one holds just that, and is taken over."""
        here, there = os.path.join(self._folder, path), os.path.join(self._new, path)
        if os.path.lexists(here):
            kind = _kind(here)
            if not (self._all_ours(path) if kind == stat.S_IFDIR else ours):
                raise ForeignFileError(here)
            if kind == stat.S_IFREG and _holds(here, content):
                _take_over(here, there)
                return True
        with open(there, "xb") as file:
            file.write(content)
        self._fresh.append(path)
        return False

    def _foreign(self, name: str) -> bool:
        """Tell whether an entry is no folder, as ours was, but a file or a link that somebody has put there since."""
        here = os.path.join(self._folder, name)
        return os.path.lexists(here) and _kind(here) != stat.S_IFDIR and name not in self._before

    def _all_ours(self, path: str) -> bool:
        """Tell whether all that stands below the folder `path` was written by us."""
        return all(each in self._before for each in self._below(path))

    def _carry(self, name: str) -> None:
        """Take over what somebody else has put below an entry of ours."""
        for path in self._below(name):
            if path in self._before or os.path.lexists(os.path.join(self._new, path)):
                continue
            here, there = os.path.join(self._folder, path), os.path.join(self._new, path)
            if _kind(here) == stat.S_IFDIR:
                os.makedirs(there)
                continue
            os.makedirs(os.path.dirname(there), exist_ok=True)
            _take_over(here, there)

    def _below(self, name: str) -> Iterator[str]:
        """Yield the files, the links and the empty folders below the folder `name`; nothing if it is none."""
        here = os.path.join(self._folder, name)
        if not os.path.lexists(here) or _kind(here) != stat.S_IFDIR:
            return
        for within in sorted(os.listdir(here)):
            path = f"{name}/{within}"
            inside = os.path.join(self._folder, path)
            if _kind(inside) == stat.S_IFDIR and os.listdir(inside):
                yield from self._below(path)
            else:
                yield path


def _is_path(path: str) -> bool:
    """Tell whether a path stays within its folder, on every system."""
    return all(part not in ("", ".", "..") for part in path.split("/")) and not any(sign in path for sign in "\\:\0")


def _kind(path: str) -> int:
    return stat.S_IFMT(os.lstat(path).st_mode)


def _holds(path: str, content: bytes) -> bool:
    if os.path.getsize(path) != len(content):
        return False
    with open(path, "rb") as file:
        return file.read() == content


def _take_over(here: str, there: str) -> None:
    """Let `there` be the same file as `here`, or a copy with its times where that cannot be."""
    try:
        os.link(here, there, follow_symlinks=False)
    except OSError:
        shutil.copy2(here, there, follow_symlinks=False)


def _sync_file(path: str) -> None:
    with open(path, "rb+") as file:
        os.fsync(file.fileno())
