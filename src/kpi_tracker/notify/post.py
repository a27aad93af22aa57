"""A JSON body sent by HTTP: redirects are not followed, and no answer is too long or takes too long."""

from collections.abc import Callable, Mapping
from http.client import HTTPException
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from kpi_tracker import __version__
from kpi_tracker.language import N_
from kpi_tracker.notify.outcome import Outcome, failed, network_failure

__all__ = ["Answer", "post"]

SECONDS = 10.0
"""How long each step may take: to connect, to send, to wait for the next bytes."""
MOST_BYTES = 64 * 1024
"""Robots answer with a line; no more than this is read."""
TOO_MANY, TIMED_OUT, BROKEN = 429, 408, 500
REDIRECTS, REFUSED = 300, 400
PATIENCE = 600.0


class Answer(NamedTuple):
    """What a server answered with a status below 300."""

    status: int
    body: bytes


class _Unredirected(HTTPRedirectHandler):
    """Another address may be anybody's: the message and its signature are not sent on."""

    def redirect_request(self, *_: Any) -> None:
        return None


def post(url: str, body: bytes, headers: Mapping[str, str], judge: Callable[[Answer], Outcome]) -> Outcome:
    """Send `body` to `url` and return what `judge` says of the answer, or what kept it from coming."""
    parts = urlsplit(url) if url.isascii() and url.isprintable() and " " not in url else urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return failed(N_("the address is none of http or https"))
    every = {"Content-Type": "application/json; charset=utf-8", "User-Agent": f"kpi-tracker/{__version__}", **headers}
    request = Request(url, body, every, method="POST")  # noqa: S310 - the scheme was looked at
    try:
        with build_opener(_Unredirected).open(request, timeout=SECONDS) as answer:
            data = answer.read(MOST_BYTES + 1)
            status = answer.status
    except HTTPError as error:
        with error:
            return _refused(error.code, error.headers.get("Retry-After", ""))
    except (OSError, HTTPException, ValueError) as error:
        return network_failure(error)
    if len(data) > MOST_BYTES:
        return failed(N_("the answer is too long to be one"))
    return judge(Answer(status, data))


def _refused(status: int, wait: str) -> Outcome:
    """Return what a status of 300 or more comes to."""
    if status < REFUSED:
        return failed(
            N_("the server sends us to another address (HTTP {status}), which is not followed"), status=status
        )
    again = status in (TOO_MANY, TIMED_OUT) or status >= BROKEN
    seconds = float(wait) if wait.isdecimal() and wait.isascii() and len(wait) <= len("86400") else None
    return failed(N_("the server answered HTTP {status}"), again, seconds, status=status)
