"""Work side by side: in order, a few at a time, a crash for what it is, nothing left behind."""

import multiprocessing
import os
import signal
import threading
import time
from multiprocessing import Pipe

import pytest

from kpi_tracker import workers
from kpi_tracker.workers import Crash, in_order, worthwhile

PIECES = ["a", "bb", "", "dddd"]


@pytest.fixture(autouse=True)
def _without_threads_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread that an earlier test has left behind in this process (a server that is stopping, say) does not count.

    Where it did, the pieces would be worked on in this process, and what kills one of them would kill all tests.
    """
    end = time.monotonic() + 5
    while threading.active_count() > 1 and time.monotonic() < end:
        time.sleep(0.05)
    left, count = threading.active_count() - 1, threading.active_count
    monkeypatch.setattr(threading, "active_count", lambda: count() - left)


@pytest.mark.parametrize("number", [1, 2, 3, 9])
def test_results_come_in_the_order_of_the_pieces(number: int) -> None:
    """However many work at once, and whichever is done first."""

    def slow(piece: str) -> int:
        time.sleep(0.05 if piece == "a" else 0)
        return len(piece)

    assert list(in_order(slow, PIECES, number)) == [1, 2, 0, 4]


def test_pieces_have_processes_of_their_own_and_few_at_a_time() -> None:
    """At most as many as there are workers, and none is left."""

    def where(_piece: str) -> int:
        return os.getpid()

    found = in_order(where, PIECES, 2)
    assert next(found) != os.getpid()
    assert len(multiprocessing.active_children()) <= 2
    assert len({*found}) == 3
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("number", [1, 3])
def test_a_piece_that_raises_is_a_crash(number: int) -> None:
    """And the others are done all the same."""

    def fails(piece: str) -> int:
        return 12 // len(piece)

    assert list(in_order(fails, PIECES, number)) == [
        12,
        6,
        Crash("ZeroDivisionError: integer division or modulo by zero"),
        3,
    ]


def test_a_piece_that_is_killed_is_a_crash() -> None:
    """Out of memory, say: only that piece is lost."""

    def dies(piece: str) -> int:
        if not piece:
            os.kill(os.getpid(), signal.SIGKILL)
        return len(piece)

    assert list(in_order(dies, PIECES, 2)) == [1, 2, Crash("process ended with -9"), 4]


@pytest.mark.parametrize("number", [2, 3, 5])
def test_of_many_pieces_a_process_does_several(number: int) -> None:
    """In order too; fewer processes than pieces, and never more at a time than there are workers."""
    pieces = list(range(200))

    def where(piece: int) -> tuple[int, int]:
        return piece, os.getpid()

    found = []
    for result in in_order(where, pieces, number):
        assert not isinstance(result, Crash)
        assert len(multiprocessing.active_children()) <= number
        found.append(result)
    assert [piece for piece, _ in found] == pieces
    assert number <= len({pid for _, pid in found}) <= 2 * number * workers.SHARES
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("signals", [(signal.SIGKILL,), (signal.SIGTERM,)])
def test_what_a_killed_process_had_still_to_do_is_done_by_another(signals: tuple[signal.Signals]) -> None:
    """Only the piece that it was at is lost, wherever among the others that is."""
    pieces = list(range(120))

    def dies(piece: int) -> int:
        if piece in {0, 1, 57, 58, 59, 119}:
            os.kill(os.getpid(), signals[0])
        return -piece

    lost = Crash(f"process ended with -{signals[0].value}")
    assert list(in_order(dies, pieces, 2)) == [lost if p in {0, 1, 57, 58, 59, 119} else -p for p in pieces]


def test_what_is_sent_in_part_is_a_crash() -> None:
    """A process that is killed while its result is on the way: more than a pipe holds."""

    def large(piece: int) -> bytes:
        if piece == 1:
            threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGKILL)).start()
        return bytes(1_000_000)

    found = in_order(large, [0, 1, 2], 2)
    assert next(found) == bytes(1_000_000)
    time.sleep(0.5)
    assert [len(one) if isinstance(one, bytes) else one for one in found] == [Crash("process ended with -9"), 1_000_000]


def test_what_nobody_wants_any_more_is_ended() -> None:
    """Ctrl-C, or the caller stops: no process is left."""
    found = in_order(lambda piece: time.sleep(len(piece) * 60), ["", "a", "b"], 2)
    next(found)
    found.close()  # type: ignore[attr-defined]
    assert multiprocessing.active_children() == []


def test_beside_other_threads_nothing_is_forked() -> None:
    """To fork is not safe then; it takes longer, and gives the same."""
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    try:
        assert set(in_order(lambda _: os.getpid(), PIECES, 2)) == {os.getpid()}
    finally:
        done.set()
        other.join()


def test_a_worker_sends_what_its_pieces_give() -> None:
    """As a process of its own does; signals end it as they end any program."""
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    receiving, sending = Pipe(duplex=False)
    try:
        workers._send(len, ["a", "bb"], sending)
        assert [receiving.recv(), receiving.recv()] == [1, 2]
        assert signal.getsignal(signal.SIGINT) == signal.SIG_DFL
    finally:
        for number, handler in zip((signal.SIGINT, signal.SIGTERM), before, strict=True):
            signal.signal(number, handler)


@pytest.mark.parametrize(("processors", "number"), [(1, 1), (2, 1), (3, 3), (16, 16)])
def test_two_processors_are_not_worth_it(monkeypatch: pytest.MonkeyPatch, processors: int, number: int) -> None:
    """What it costs to send a result back would eat the gain; also where the system does not tell what we may use."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(processors)), raising=False)
    assert worthwhile() == number
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    assert worthwhile() == number
