"""Work done side by side: a process for each piece, a few at a time, the results in the order of the pieces.

Each piece has a process of its own that ends with it. So a piece that crashes (out of memory, say) is known for what it
is and takes nothing along, and where this process is killed no other is left waiting for work.
"""

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkProcess

__all__ = ["Crash", "in_order", "worthwhile"]

Piece = TypeVar("Piece")
Result = TypeVar("Result")


class Crash(NamedTuple):
    """A piece of work that did not end as it should: what was raised, or how its process ended."""

    reason: str


def worthwhile() -> int:
    """Return how many processes to use: one for each processor that we may use, one alone where there are only two.

    To fork and to send a scorecard back costs as much again as to make it (measured): two processors would gain nothing.
    """
    found = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return found if found > 2 else 1  # noqa: PLR2004 - see above


def in_order(work: Callable[[Piece], Result], pieces: Sequence[Piece], workers: int) -> Iterator[Result | Crash]:
    """Yield the result of each piece, in order; at most `workers` are under way or waiting to be taken.

    One after the other where there is one worker or one piece, where the system cannot fork, or where other threads run
    (to fork then is not safe).
    """
    if min(workers, len(pieces)) < 2 or not hasattr(os, "fork") or threading.active_count() > 1:  # noqa: PLR2004 - side by side
        yield from (_tried(work, piece) for piece in pieces)
        return
    begun: deque[tuple[ForkProcess, Connection]] = deque()
    waiting = iter(pieces)
    try:
        for piece in waiting:
            begun.append(_begin(work, piece))
            if len(begun) == workers:
                yield _next(begun)
        while begun:
            yield _next(begun)
    finally:
        for process, end in begun:  # Ctrl-C, or nobody wants the rest
            process.terminate()
            process.join()
            end.close()


def _tried(work: Callable[[Piece], Result], piece: Piece) -> Result | Crash:
    try:
        return work(piece)
    except Exception as error:
        return Crash(f"{type(error).__name__}: {error}")


def _begin(work: Callable[[Piece], Result], piece: Piece) -> "tuple[ForkProcess, Connection]":
    from multiprocessing import get_context

    context = get_context("fork")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(work, piece, sending), daemon=True)
    process.start()
    sending.close()
    return process, receiving


def _send(work: Callable[[Piece], Result], piece: Piece, sending: "Connection") -> None:
    """Be the process of a piece."""
    import signal

    for name in (signal.SIGINT, signal.SIGTERM):  # to be ended is no news here
        signal.signal(name, signal.SIG_DFL)
    sending.send(_tried(work, piece))


def _next(begun: "deque[tuple[ForkProcess, Connection]]") -> Any:
    """Return what the first gives, which is waited for as long as it is not through."""
    result = _end(*begun[0])
    begun.popleft()
    return result


def _end(process: "ForkProcess", receiving: "Connection") -> Any:
    """Return what a process sends, once it does."""
    with receiving:
        try:
            result = receiving.recv()
        except EOFError:
            result = None
    process.join()
    return Crash(f"process ended with {process.exitcode}") if result is None else result
