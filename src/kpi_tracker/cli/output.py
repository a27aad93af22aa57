"""Where output goes: bytes that are the same everywhere, and a reader who leaves early."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

__all__ = ["drop_the_rest", "write_utf8", "writing"]


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
