"""What ends a command from outside."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

__all__ = ["ended_by_signals"]


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Take a wish to end (SIGTERM, a closed terminal) as Ctrl-C is taken: what was begun is put back first.

    An engine may make of it an error of its own, or a fault of the data; a command that was to end ends all the same.
    """
    import signal

    told: list[int] = []

    def end(number: int, _frame: object) -> None:
        told.append(number)
        _end(number)

    before = {}
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        with suppress(AttributeError, ValueError):  # Windows has no SIGHUP; a host program may not run us in front
            number = getattr(signal, name)
            if signal.getsignal(number) not in (signal.SIG_IGN, None):  # nohup, and a shell's `&`, want it ignored
                before[number] = signal.signal(number, end)
    try:
        yield
    except BaseException as error:
        if told and not isinstance(error, KeyboardInterrupt | SystemExit):
            _end(told[0])
        raise
    else:
        if told:
            _end(told[0])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(number: int) -> None:
    import signal

    if number == signal.SIGINT:
        raise KeyboardInterrupt
    sys.exit(128 + number)
