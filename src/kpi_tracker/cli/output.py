"""Where output goes: bytes that are the same everywhere, and a reader who leaves early."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO

__all__ = ["drop_the_rest", "whole_file", "write_utf8", "writing"]


@contextmanager
def writing() -> Iterator[None]:
    """Let a reader of standard output leave early (a pipe to `head`): what was found still decides the exit code."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        drop_the_rest()


def drop_the_rest() -> None:
    """Send what is still to be written to standard output nowhere: there is no one to take it."""
    with suppress(OSError):  # a stream of a host program has no number
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def write_utf8(text: str) -> None:
    """Write `text` as UTF-8 with plain line ends, whatever the terminal's encoding: it is for machines."""
    import click

    click.echo(text.encode(), nl=False)


@contextmanager
def whole_file(path: str) -> Iterator[IO[str]]:
    """Give a stream that becomes the file `path` when it ends well; until then, and else, the file is as it was.

    Raises:
        OSError: it cannot be written.
    """
    target = os.path.realpath(path)
    if os.path.exists(target) and not os.path.isfile(target):  # /dev/null is not ours to replace
        raise OSError(0, "it is not a regular file")
    beside = os.path.join(os.path.dirname(target), f".{os.path.basename(target)}.{os.getpid()}.tmp")
    try:
        with open(beside, "w", encoding="utf-8", newline="\n") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(beside)
        raise
