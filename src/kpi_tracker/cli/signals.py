"""What ends a command from outside."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

__all__ = ["ended_by_signals"]


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Take a wish to end (SIGTERM, a closed terminal) as Ctrl-C is taken: what was begun is put back first."""
    import signal

    def end(number: int, _frame: object) -> None:
        sys.exit(128 + number)

    before = {}
    for name in ("SIGTERM", "SIGHUP"):
        with suppress(AttributeError, ValueError):  # Windows has no SIGHUP; a host program may not run us in front
            before[getattr(signal, name)] = signal.signal(getattr(signal, name), end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
