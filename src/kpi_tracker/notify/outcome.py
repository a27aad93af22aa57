"""How one attempt to send a message ended."""

import socket
import ssl
from collections.abc import Callable
from threading import Thread
from typing import NamedTuple
from urllib.error import URLError

from kpi_tracker.language import N_, Phrase

__all__ = ["SENT", "Outcome", "failed", "network_failure", "within"]


class Outcome(NamedTuple):
    """`problem` is None where the message was taken; else `again` says whether it is worth trying again, after `wait`."""

    problem: Phrase | None = None
    again: bool = False
    wait: float | None = None


SENT = Outcome()


def failed(message: str, again: bool = False, wait: float | None = None, **args: object) -> Outcome:
    """Return a failure in words of the catalogue."""
    return Outcome(Phrase(message, args), again, wait)


def network_failure(error: Exception) -> Outcome:
    """Return what a failure of the network comes to. Its own text is not used where it could hold an address."""
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, ssl.SSLCertVerificationError):
        return failed(N_("the certificate of the server is not trusted: {reason}"), reason=reason.verify_message)
    if isinstance(reason, TimeoutError):
        return failed(N_("no answer in time"), again=True)
    if isinstance(reason, socket.gaierror):
        return failed(N_("the name of the server is not known"), again=True)
    said = reason.strerror if isinstance(reason, OSError) and reason.strerror else type(reason).__name__
    return failed(N_("the connection failed: {reason}"), again=True, reason=said)


def within(seconds: float, attempt: Callable[[], Outcome]) -> Outcome:
    """Return what `attempt` comes to, or that it did not end in time.

    The time limit of a socket is one of each step: a server that sends a byte now and then, or a look-up of a name, may
    take for ever. The attempt runs beside, and is left alone when its time is over.
    """
    ended: list[Outcome] = []

    def run() -> None:
        try:
            ended.append(attempt())
        except Exception as error:  # a fault of ours: its text may hold anything, so its type is all that is told
            ended.append(failed(N_("the message could not be sent: {reason}"), reason=type(error).__name__))

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    return ended[0] if ended else failed(N_("no answer in time"), again=True)
