"""A bar on a terminal that shows how far a long run has come; nothing in a pipe, nothing where it is soon done."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer

__all__ = ["shown_progress"]

PATIENCE = 1.0
"""Seconds that nobody minds to wait."""


@contextmanager
def shown_progress(label: str) -> Iterator[Callable[[int, int], None] | None]:
    """Give a function that takes how much is done and how much there is, or None where nobody would see it."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task(label, total=None)
    begin = Timer(PATIENCE, bar.start)
    begin.start()
    try:
        yield lambda done, whole: bar.update(task, completed=done, total=whole)
    finally:
        begin.cancel()
        begin.join()  # it may have been about to begin
        bar.stop()
