"""The examples of the documentation do what the pages say: files are written, commands run, Python is evaluated.

A page is run from top to bottom in an empty folder that holds the shipped plan as ``goals``:

- ``<!-- file: NAME -->`` before a fenced block: the block is the file NAME;
- a ``console`` block: each ``$ kpi-tracker …`` prints exactly the lines below it (blanks at line ends aside);
  ``$ echo $?`` prints the exit code of the command above it;
- a ``pycon`` block: a doctest; the blocks of a page share their names.

Run this file as a script to write what the commands print into the pages; read the difference before you keep it.
"""

import doctest
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from traceback import format_exception_only
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(
    r"(?:<!-- file: (?P<name>\S+) -->\n)?^```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE
)
RUN = ("console", "pycon")
COLUMNS = {"explain": "120", "history": "120"}


class Block(NamedTuple):
    """A block that is run, with the line it starts in and where its body stands in the page."""

    kind: str
    name: str
    body: str
    line: int
    start: int


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a page that are run."""
    for found in BLOCK.finditer(text):
        if found["name"] or found["kind"] in RUN:
            kind = "file" if found["name"] else found["kind"]
            line = text.count("\n", 0, found.start()) + 1
            yield Block(kind, found["name"] or "", found["body"], line, found.start("body"))


def pages() -> list[Path]:
    """Return the pages that hold examples."""
    every = sorted([*ROOT.glob("README*.md"), *(ROOT / "docs").glob("*.md")])
    return [page for page in every if any(blocks(page.read_text("utf-8")))]


class Shell:
    """Runs the commands of a page in a folder and remembers the last exit code."""

    def __init__(self, folder: Path) -> None:
        """Prepare an empty folder: the shipped plan is there as `goals`."""
        self._folder, self._code = folder, 0
        (folder / "goals").symlink_to(ROOT / "goals")
        (folder / "docs").symlink_to(ROOT / "docs")

    def run(self, command: str) -> str:
        """Return what `command` prints, errors included."""
        if command == "echo $?":
            return f"{self._code}\n"
        program, *words = shlex.split(command)
        assert program == "kpi-tracker", f"only kpi-tracker is run here, not {command!r}"
        source = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
        environ = {**os.environ, "PYTHONPATH": source, "LC_ALL": "en", "COLUMNS": COLUMNS.get(words[0], "90")}
        done = subprocess.run(
            [sys.executable, "-m", "kpi_tracker", *words],
            cwd=self._folder, env={**environ, "PYTHONIOENCODING": "utf-8"}, encoding="utf-8", check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self._code = done.returncode
        return done.stdout

    def session(self, body: str) -> str:
        """Return a console block with what its commands print now."""
        commands = [line[2:] for line in body.splitlines() if line.startswith("$ ")]
        return "".join(f"$ {command}\n{_trimmed(self.run(command))}" for command in commands)


def _trimmed(text: str) -> str:
    """Return `text` without the blanks at line ends and without empty lines at its end."""
    lines = "\n".join(line.rstrip() for line in text.splitlines()).rstrip("\n")
    return lines + "\n" if lines else ""


def write_file(folder: Path, block: Block) -> None:
    """Write a file of the page."""
    path = folder / block.name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block.body, encoding="utf-8")


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_page_does_what_it_says(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command of a page prints what the page shows, and every Python line gives what stands below it."""
    monkeypatch.chdir(tmp_path)
    shell, names = Shell(tmp_path), dict[str, Any]()
    for block in blocks(page.read_text("utf-8")):
        if block.kind == "file":
            write_file(tmp_path, block)
        elif block.kind == "console":
            assert shell.session(block.body) == block.body, f"{page.name}, line {block.line}"
        else:
            told: list[str] = []
            parsed = doctest.DocTestParser().get_doctest(block.body, names, page.name, str(page), block.line)
            result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(parsed, out=told.append, clear_globs=False)
            names.update(parsed.globs)
            assert result.attempted > 0, f"{page.name}, line {block.line}: nothing to evaluate"
            assert not result.failed, "".join(told)


def evaluated(body: str, names: dict[str, Any]) -> str:
    """Return a doctest block with what its lines give now."""
    written = []
    for example in doctest.DocTestParser().get_examples(body):
        prompts = ["... " if i else ">>> " for i in range(example.source.count("\n"))]
        lines = [(prompt + line).rstrip() for prompt, line in zip(prompts, example.source.splitlines(), strict=True)]
        printed = io.StringIO()
        try:
            with redirect_stdout(printed):
                exec(compile(example.source, "<docs>", "single"), names)
        except Exception as error:
            if example.exc_msg is None:
                raise
            printed.write("Traceback (most recent call last):\n    ...\n" + "".join(format_exception_only(error)))
        written.append("\n".join(lines) + "\n" + _trimmed(printed.getvalue()))
    return "".join(written)


def refreshed(text: str, folder: Path) -> str:
    """Return a page with what its commands print and its Python lines give now."""
    shell, names, moved = Shell(folder), dict[str, Any](), 0
    for block in list(blocks(text)):
        if block.kind == "file":
            write_file(folder, block)
            continue
        new = shell.session(block.body) if block.kind == "console" else evaluated(block.body, names)
        start = block.start + moved
        text = text[:start] + new + text[start + len(block.body) :]
        moved += len(new) - len(block.body)
    return text


if __name__ == "__main__":
    for found in pages():
        with TemporaryDirectory() as empty, chdir(empty):
            found.write_text(refreshed(found.read_text("utf-8"), Path(empty)), encoding="utf-8")
