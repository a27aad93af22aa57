"""Measuring in one process: the least of several runs, and ratios against a floor measured in the same minute."""

import gc
from collections.abc import Callable
from time import perf_counter

__all__ = ["least_seconds", "row"]


def least_seconds(work: Callable[[], object], runs: int = 5) -> float:
    """Return the least time that `work` took in `runs` runs, with the garbage collector paused."""
    times = []
    gc.collect()
    gc.disable()
    try:
        for _ in range(runs):
            started = perf_counter()
            result = work()
            times.append(perf_counter() - started)
            del result
    finally:
        gc.enable()
    return min(times)


def row(*cells: object) -> None:
    """Print one row of a Markdown table."""
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)
