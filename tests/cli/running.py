"""The command line run in this process, or as a process of its own."""

import gettext
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any, NamedTuple

from kpi_tracker.cli import main

__all__ = ["COMMAND", "ROOT", "SHOWCASE", "Ran", "begun", "environment", "pages", "run", "start", "unmeasured"]

ROOT = Path(__file__).resolve().parents[2]
SHOWCASE = "tests/plans/showcase"
COMMAND = (sys.executable, "-m", "kpi_tracker")
OURS = (
    "LC_ALL",
    "LC_MESSAGES",
    "LANG",
    "LANGUAGE",
    "COLUMNS",
    "LINES",
    "NO_COLOR",
    "FORCE_COLOR",
    "TERM",
    "TZ",
    "PYTHONIOENCODING",
    "PYTHONUNBUFFERED",
)


class Ran(NamedTuple):
    """What a run ended with and wrote."""

    code: int
    out: str
    err: str


def environment(**settings: str) -> dict[str, str]:
    """Return the environment without what changes our output, with `settings` and the source on the path."""
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    return {**kept, "PYTHONPATH": str(ROOT / "src"), **settings}


def unmeasured(**settings: str) -> dict[str, str]:
    """Return the environment of a process that is to be ended by a signal: without coverage.

    A signal that comes while coverage holds its lock would wait for itself; what is killed leaves a broken measurement.
    """
    return {name: value for name, value in environment(**settings).items() if not name.startswith("COVERAGE")}


def hearing() -> None:
    """Let a process that begins hear the signals that end it, whatever whoever runs the tests ignores (nohup, `&`)."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def begun(command: Sequence[str], **more: Any) -> "subprocess.Popen[bytes]":
    """Begin a process that is to be ended by a signal, and hears it."""
    heard = {"env": unmeasured(), "cwd": ROOT, "stderr": subprocess.PIPE, "preexec_fn": hearing, **more}
    return subprocess.Popen(command, **heard)


def pages(process: int) -> int:
    """Return how many pages of memory a process holds; 0 once it is gone."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    except OSError:
        return 0


def run(*arguments: str, env: Mapping[str, str] | None = None) -> Ran:
    """Run the command line in this process, at the root of the repository."""
    out, err = TextIOWrapper(BytesIO(), "utf-8"), TextIOWrapper(BytesIO(), "utf-8")
    before, folder, domain = dict(os.environ), Path.cwd(), gettext.textdomain()
    code: object = None
    try:
        os.environ.clear()
        os.environ.update(environment(**(env or {})))
        os.chdir(ROOT)
        with redirect_stdout(out), redirect_stderr(err):
            main(arguments)
    except SystemExit as ended:
        code = ended.code
    finally:
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(before)
        gettext.textdomain(domain)
    assert isinstance(code, int)
    return Ran(code, _text(out), _text(err))


def _text(stream: TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, BytesIO)
    return buffer.getvalue().decode()


def start(*arguments: str, env: Mapping[str, str] | None = None, encoding: str = "utf-8") -> Ran:
    """Run the command line as a process of its own, at the root of the repository."""
    settings = environment(**(env or {}))
    done = subprocess.run([*COMMAND, *arguments], cwd=ROOT, env=settings, capture_output=True, check=False, timeout=60)
    return Ran(done.returncode, done.stdout.decode(encoding), done.stderr.decode(encoding))
