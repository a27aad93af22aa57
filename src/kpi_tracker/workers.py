"""Work done side by side: a few processes at a time, the results in the order of the pieces.

Of few pieces each has a process of its own that ends with it; of thousands, of which a process for each would cost more
than the work, a process does a few dozen, every result sent as soon as it is there. A piece that crashes (out of memory,
say) is known for what it is and takes nothing along: what its process had still to do begins in another. Where this
process is killed no other is left waiting for work.
"""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkProcess

__all__ = ["Crash", "in_order", "side_by_side", "worthwhile"]

MOST = 32
"""So many pieces at most one process does before another takes its place: what it left in memory is gone with it."""
SHARES = 8
"""So many processes at least work after one another in the place of one worker, where there are that many pieces."""
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
    """Yield the result of each piece, in order; `workers` processes are under way, each at most one result ahead.

    One after the other where there is one worker or one piece, where the system cannot fork, or where other threads run
    (to fork then is not safe).
    """
    if not side_by_side(len(pieces), workers):
        yield from (_tried(work, piece) for piece in pieces)
        return
    lanes = [_Lane(work, pieces[first::workers], len(pieces) // (workers * SHARES)) for first in range(workers)]
    try:
        for lane in lanes:
            lane.begin()
        for i in range(len(pieces)):
            yield lanes[i % workers].take()
    finally:
        for lane in lanes:  # Ctrl-C, or nobody wants the rest
            lane.stop()


def side_by_side(pieces: int, workers: int) -> bool:
    """Tell whether so many pieces are worked on by processes of their own."""
    return min(workers, pieces) >= 2 and hasattr(os, "fork") and threading.active_count() == 1  # noqa: PLR2004 - side by side


def _tried(work: Callable[[Piece], Result], piece: Piece) -> Result | Crash:
    try:
        return work(piece)
    except Exception as error:
        return Crash(f"{type(error).__name__}: {error}")


class _Lane(Generic[Piece, Result]):
    """The pieces of one worker, done by one process after another."""

    def __init__(self, work: Callable[[Piece], Result], pieces: Sequence[Piece], share: int) -> None:
        self._work, self._pieces, self._share = work, pieces, min(max(share, 1), MOST)
        self._next = self._until = 0
        self._process: ForkProcess | None = None
        self._receiving: Connection | None = None

    def begin(self) -> None:
        """Start a process for the next pieces, if there are any left."""
        if self._next == len(self._pieces):
            return
        from multiprocessing import get_context

        context = get_context("fork")
        self._until = min(self._next + self._share, len(self._pieces))
        self._receiving, sending = context.Pipe(duplex=False)
        args = (self._work, self._pieces[self._next : self._until], sending)
        self._process = context.Process(target=_send, args=args, daemon=True)
        self._process.start()
        sending.close()

    def take(self) -> Any:
        """Return the result of the next piece, which is waited for, and see that the one after it is under way."""
        process, receiving = self._process, self._receiving
        assert process is not None and receiving is not None  # noqa: S101, PT018 - there is a piece left, so it was begun
        self._next += 1
        result = None
        with suppress(EOFError, OSError):  # it ended in the middle of its work, or of what it sent
            result = receiving.recv()
        if result is None or self._next == self._until:
            receiving.close()
            process.join()
            self._process = None
            self.begin()
        return Crash(f"process ended with {process.exitcode}") if result is None else result

    def stop(self) -> None:
        """End what is under way."""
        if self._process is not None and self._receiving is not None:
            self._process.terminate()
            self._process.join()
            self._receiving.close()


def _send(work: Callable[[Piece], Result], pieces: Sequence[Piece], sending: "Connection") -> None:
    """Be the process of some pieces."""
    import signal

    for name in (signal.SIGINT, signal.SIGTERM):  # to be ended is no news here
        signal.signal(name, signal.SIG_DFL)
    for piece in pieces:
        sending.send(_tried(work, piece))
