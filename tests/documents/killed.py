"""Run as a script: a run that is killed before each of its steps in turn, and what the next run finds; told as JSON."""

import json
import os
import signal
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

from kpi_tracker.documents.folder import write_folder

__all__ = ["AFTER", "BEFORE", "content", "files"]

BEFORE = {
    "index.html": "1",
    "README.md": "1",
    "zh/a.html": "1",
    "zh/b/c.html": "same",
    "en/a.html": "1",
    "en/d.html": "1",
}
AFTER = {
    "index.html": "2",
    "zh/a.html": "2",
    "zh/b/c.html": "same",
    "zh/e/f.html": "2",
    "en/a.html": "2",
    "fr/g.html": "2",
}
STEPS = ("rename", "replace", "link", "unlink", "mkdir", "rmdir", "fsync", "open", "scandir", "listdir")


def files(version: dict[str, str]) -> list[tuple[str, bytes]]:
    """Return the files of a version as they are given to a run."""
    return [(path, text.encode()) for path, text in version.items()]


def content(folder: str | Path) -> dict[str, str]:
    """Return what a reader finds in a folder: every file that is not hidden."""
    found = {path.relative_to(folder): path for path in Path(folder).rglob("*") if path.is_file()}
    return {
        path.as_posix(): file.read_text("utf-8")
        for path, file in found.items()
        if not any(part.startswith(".") for part in path.parts)
    }


def killed_at(step: int, out: str) -> bool:
    """Write the second version in a process that is killed before its `step`-th step; return whether it came to that."""
    child = os.fork()
    if child == 0:
        steps = 0

        def counted(real: Any) -> Any:
            def call(*arguments: Any, **settings: Any) -> Any:
                nonlocal steps
                steps += 1
                if steps == step:
                    os.kill(os.getpid(), signal.SIGKILL)
                return real(*arguments, **settings)

            return call

        for name in STEPS:
            setattr(os, name, counted(getattr(os, name)))
        write_folder(out, files(AFTER))
        os._exit(0)
    return os.waitpid(child, 0)[1] != 0


def failing() -> Iterator[tuple[str, bytes]]:
    """Fail at the first file."""
    yield from ()
    raise RuntimeError("no file today")


def main(folder: Path) -> None:
    """Kill a run at every step; print for each what was found after it, after a run that failed, and after a good one."""
    told = []
    for step in count(1):
        out = folder / str(step)
        write_folder(str(out), files(BEFORE))
        (out / "zh" / "b" / "mine.txt").write_text("mine", encoding="utf-8")
        if not killed_at(step, str(out)):
            break
        found = [content(out)]
        try:
            write_folder(str(out), failing())
        except RuntimeError:
            found.append(content(out))
        hidden = sorted(path.name for path in out.iterdir() if path.name.startswith("."))
        write_folder(str(out), files(AFTER))
        told.append({"found": [*found, content(out)], "hidden": hidden})
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
