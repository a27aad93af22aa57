"""A wish to end from outside ends a command, whatever an engine makes of it on the way."""

import signal
from collections.abc import Iterator

import pytest

from kpi_tracker.cli.signals import ended_by_signals

ENDS = [
    (signal.SIGINT, KeyboardInterrupt, ()),
    (signal.SIGTERM, SystemExit, (143,)),
    (signal.SIGHUP, SystemExit, (129,)),
]
every_end = pytest.mark.parametrize(("number", "kind", "args"), ENDS)


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number, _, _ in ENDS}
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def raised(number: int) -> str:
    """Send a signal to this process, and return what came of it, as an engine does that goes on."""
    try:
        signal.raise_signal(number)
    except BaseException as error:
        return f"counting the rows failed: {error!r}"
    return ""


@every_end
def test_it_ends_at_once(number: int, kind: type[BaseException], args: tuple[int, ...]) -> None:
    with pytest.raises(kind) as caught, ended_by_signals():
        signal.raise_signal(number)
    assert caught.value.args == args
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler, "handlers are as they were"


@every_end
def test_what_an_engine_makes_of_it_is_no_fault(number: int, kind: type[BaseException], args: tuple[int, ...]) -> None:
    """DuckDB raises its own error in place of it, or tells it as a fault of the data and goes on."""
    with pytest.raises(kind) as caught, ended_by_signals():
        raise RuntimeError(raised(number))
    assert caught.value.args == args
    with pytest.raises(kind), ended_by_signals():
        assert "counting the rows failed" in raised(number)


def test_an_error_of_its_own_stays() -> None:
    """Nobody asked for an end."""
    with pytest.raises(ZeroDivisionError), ended_by_signals():
        raise ZeroDivisionError
    with ended_by_signals():
        pass


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT])
def test_what_is_to_be_ignored_is_ignored(number: int) -> None:
    """As with nohup, or behind `&` in a script."""
    signal.signal(number, signal.SIG_IGN)
    with ended_by_signals():
        assert raised(number) == ""
    assert signal.getsignal(number) is signal.SIG_IGN
