"""The files of a plan as they were at a git revision, laid out in a temporary folder by the git program.

Blobs are taken as they were committed: no hook, filter or attribute of the repository has a part in it, nothing is
fetched, and neither the index nor the working tree is touched. What git does not hold at the revision is not there.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import IO, NamedTuple

from kpi_tracker.diagnostics import Diagnostic, Place
from kpi_tracker.diagnostics.rawfile import mirrored
from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.language import N_, Phrase

__all__ = ["at_revision", "is_revision"]

LINK, FILES = "120000", ("100644", "100755")


def is_revision(name: str) -> bool:
    """Tell whether `name` can be a revision: git would take one with a dash before it as an option."""
    return bool(name) and name.isprintable() and not name.startswith("-")


@contextmanager
def at_revision(path: str, revision: str) -> Iterator[str | Diagnostic]:
    """Give the path of the plan at `path` as of `revision`, or what stands against it; faults show it as `path`."""
    with TemporaryDirectory(prefix="kpi-tracker-") as root, mirrored(os.path.realpath(root), path) as copy:
        try:
            fault = _lay_out(path, revision, copy)
        except (OSError, subprocess.SubprocessError) as error:
            fault = _fault(path, "KT120", reason=_reason(error))
        yield copy if fault is None else fault


class _Blob(NamedTuple):
    mode: str
    oid: str
    name: str


def _lay_out(path: str, revision: str, copy: str) -> Diagnostic | None:
    """Write the plan's folder as of `revision` to where `copy` has it; return why that could not be."""
    if not is_revision(revision):
        return _fault(path, "KT121", value=revision)
    real = os.path.realpath(path)
    home = real
    while not os.path.isdir(home):  # what is a file, or is there no more
        home = os.path.dirname(home)
    top = os.fsdecode(_git(home, "rev-parse", "--show-toplevel")).rstrip("\n")
    found = _git(home, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", known=(0, 1, 128)).decode().strip()
    if not found:
        near = nearest(revision, _names(home))
        return _fault(path, "KT121", value=revision, **({"nearest": near} if near else {}))
    inside = os.path.relpath(real, os.path.realpath(top)).replace(os.sep, "/")
    blobs = list(_blobs(top, found, inside))
    if not blobs:
        return _fault(path, "KT122", value=revision)
    if any(blob.name == inside for blob in blobs):  # a file: what it includes lies beside it
        inside, copy = os.path.dirname(inside) or ".", os.path.dirname(copy)
        blobs = list(_blobs(top, found, inside))
    os.makedirs(copy, exist_ok=True)  # with what a name such as a/../b goes through
    _write(top, blobs, inside, copy)
    return None


def _blobs(top: str, commit: str, inside: str) -> Iterator[_Blob]:
    """Yield the files of a commit at and below a path."""
    listed = _git(top, "ls-tree", "-r", "-z", "--full-tree", commit, "--", *([] if inside == "." else [inside]))
    for entry in listed.split(b"\0")[:-1]:
        about, _, name = entry.partition(b"\t")
        mode, _, oid = about.decode().split(" ")
        shown = os.fsdecode(name)
        if mode in (LINK, *FILES) and ".." not in shown.split("/"):
            yield _Blob(mode, oid, shown)


def _write(top: str, blobs: list[_Blob], inside: str, folder: str) -> None:
    """Write blobs to where they belong in `folder`."""
    with subprocess.Popen(  # noqa: S603 - git, its arguments a list
        _command(top, "cat-file", "--batch"), env=_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as git:  # fmt: skip
        assert git.stdin is not None  # noqa: S101 - both are pipes
        assert git.stdout is not None  # noqa: S101
        for blob in blobs:
            target = os.path.join(os.path.normpath(folder), os.path.relpath(blob.name, inside))
            os.makedirs(os.path.dirname(target), exist_ok=True)
            git.stdin.write(f"{blob.oid}\n".encode())
            git.stdin.flush()
            data = _blob(git.stdout)
            if blob.mode == LINK:
                os.symlink(os.fsdecode(data), target)
            else:
                with open(target, "wb") as file:
                    file.write(data)


def _blob(stream: IO[bytes]) -> bytes:
    """Return the next blob that git tells of: a line with its size, the bytes, the end of a line."""
    header = stream.readline().split()
    if len(header) != 3:  # noqa: PLR2004 - name, kind, size; a blob that is missing has no size
        raise OSError(0, "git does not have all files of the revision")
    data = stream.read(int(header[2]) + 1)
    return data[:-1]


def _names(home: str) -> list[str]:
    """Return the branches and tags."""
    return _git(home, "for-each-ref", "--format=%(refname:short)").decode(errors="replace").split()


def _git(home: str, *arguments: str, known: tuple[int, ...] = (0,)) -> bytes:
    """Return what git prints."""
    done = subprocess.run(  # noqa: S603 - git, its arguments a list
        _command(home, *arguments), env=_environment(), stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if done.returncode not in known:
        raise subprocess.CalledProcessError(done.returncode, "git", done.stdout, done.stderr)
    return done.stdout


def _command(home: str, *arguments: str) -> list[str]:
    return ["git", "--no-replace-objects", "--no-pager", "--literal-pathspecs", "-C", home, *arguments]


def _environment() -> dict[str, str]:
    """Return our environment without another repository (hooks name theirs) and without what would ask or fetch."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}


def _reason(error: OSError | subprocess.SubprocessError) -> Phrase | str:
    if isinstance(error, subprocess.CalledProcessError):
        told = error.stderr.decode(errors="replace").strip().partition("\n")[0].removeprefix("fatal: ")
        return Phrase(N_("it is in no git repository")) if told.startswith("not a git repository") else told
    if isinstance(error, FileNotFoundError) and error.filename == "git":
        return Phrase(N_("the program git was not found"))
    return getattr(error, "strerror", None) or str(error)


def _fault(path: str, code: str, **about: object) -> Diagnostic:
    return Diagnostic(code, Place(path.replace(os.sep, "/")), about)
