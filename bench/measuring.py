"""Measuring in one process: the least of several runs, and ratios against a floor measured in the same minute."""

import gc
from collections.abc import Callable
from time import perf_counter

__all__ = ["least_in_turns", "least_seconds", "row"]


def least_seconds(work: Callable[[], object], runs: int = 5) -> float:
    """Return the least time that `work` took in `runs` runs, with the garbage collector paused."""
    return least_in_turns(work, runs=runs)[0]


def least_in_turns(*works: Callable[[], object], runs: int = 5) -> list[float]:
    """Return the least time of each of `works`, which take turns: a machine that slows down is no slower for one of them."""
    times: list[list[float]] = [[] for _ in works]
    gc.collect()
    gc.disable()
    try:
        for _ in range(runs):
            for own, work in zip(times, works, strict=True):
                started = perf_counter()
                result = work()
                own.append(perf_counter() - started)
                del result
    finally:
        gc.enable()
    return [min(own) for own in times]


def row(*cells: object) -> None:
    """Print one row of a Markdown table."""
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)
