"""Which state of the files a run saw: digests of their content, and the git commit where there is one."""

import os
from hashlib import sha256
from typing import NamedTuple

from kpi_tracker.model.goal import Plan

__all__ = ["Revision", "revision_of"]

GIT_SECONDS = 20


class Revision(NamedTuple):
    """The digests of the plan's files and of its observation files, the commit, and whether the files differ from it."""

    plan: str
    data: str
    commit: str | None = None
    dirty: bool | None = None


def revision_of(plan: Plan) -> Revision:
    """Return the revision of the files that `plan` names, as they are now."""
    home = os.path.dirname(plan.where.file) or os.curdir
    data = (*plan.observation_files, *(file for source in plan.sources for file in source.files))
    commit, dirty = _git(home, [*plan.files, *data])
    return Revision(_digest(plan.files, home), _digest(data, home), commit, dirty)


def _digest(files: tuple[str, ...], home: str) -> str:
    """Return one digest of all files, with their names as seen from `home`; one that is gone counts as gone."""
    whole = sha256()
    for file in files:
        try:
            with open(file, "rb") as content:
                part = sha256(content.read()).hexdigest()
        except OSError:
            part = ""
        name = os.path.relpath(file, home).replace(os.sep, "/")
        whole.update(f"{name}\0{part}\n".encode("utf-8", "surrogateescape"))
    return whole.hexdigest()


def _git(home: str, files: list[str]) -> tuple[str | None, bool | None]:
    """Return the commit and whether `files` are as it has them; None for both where there is no git or no commit."""
    import subprocess

    # What a repository sets to be run while its status is read is not run.
    command = ["git", "-c", "core.fsmonitor=false", "-C", home, "--literal-pathspecs", "status", "--porcelain=v2", "--branch",
               "--ignored", "--untracked-files=all", "-z", "--", *(os.path.abspath(file) for file in files)]  # fmt: skip
    environ = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
    try:
        done = subprocess.run(command, env=environ, capture_output=True, check=True, timeout=GIT_SECONDS)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return None, None
    lines = done.stdout.split(b"\0")
    oid = next(
        (line.removeprefix(b"# branch.oid ") for line in lines if line.startswith(b"# branch.oid ")), b"(initial)"
    )
    if oid == b"(initial)":
        return None, None
    return oid.decode(), any(line and not line.startswith(b"#") for line in lines)
