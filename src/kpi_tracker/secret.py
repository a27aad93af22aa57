"""Secrets: where they are, and how they are read at the moment they are used; what is read is kept nowhere."""

import os
import stat
from collections.abc import Mapping

from kpi_tracker.language import N_, Phrase
from kpi_tracker.record import record

__all__ = ["NoSecretError", "Secret", "censored"]

MOST_BYTES = 16 * 1024
HIDDEN = "***"
SHORTEST = 6
"""A part of an address that is shorter is no token, and stays readable."""


class NoSecretError(Exception):
    """A secret cannot be read; `phrase` says why, and never holds it."""

    def __init__(self, phrase: Phrase) -> None:
        """Keep the phrase."""
        super().__init__(phrase.message)
        self.phrase = phrase


@record
class Secret:
    """Where a secret is: in an environment variable, or in a file that nobody else can read."""

    env: str = ""
    file: str = ""

    def read(self, environ: Mapping[str, str]) -> str:
        """Return the secret.

        Raises:
            NoSecretError: it is not there, or others could have read it.
        """
        if self.file:
            return _from_file(self.file)
        if not (value := environ.get(self.env, "").strip()):
            raise NoSecretError(Phrase(N_("the environment variable {name} is not set"), {"name": self.env}))
        return value


def _from_file(path: str) -> str:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise _unusable(path, reason) from None
    try:
        facts = os.fstat(handle)  # of what was opened: nobody can put another file in its place between
        if not stat.S_ISREG(facts.st_mode):
            raise _unusable(path, Phrase(N_("it is not a regular file")))
        if facts.st_uid != os.geteuid() or facts.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise _unusable(path, Phrase(N_("others may read it; make it yours alone: chmod 600")))
        data = os.read(handle, MOST_BYTES + 1)
    finally:
        os.close(handle)
    try:
        value = data.decode("utf-8").strip()
    except UnicodeDecodeError:
        value = ""
    if not value or len(data) > MOST_BYTES:
        raise _unusable(path, Phrase(N_("it does not hold a line of text")))
    return value


def _unusable(path: str, reason: Phrase | str) -> NoSecretError:
    message = N_("the secret in the file {file} cannot be used: {reason}")
    return NoSecretError(Phrase(message, {"file": path, "reason": reason}))


def censored(text: str, *secrets: str) -> str:
    """Return `text` without any of the secrets; of an address every part that could be a token is one."""
    parts = {part for secret in secrets for part in (secret, *_parts(secret)) if part}
    for part in sorted(parts, key=len, reverse=True):
        text = text.replace(part, HIDDEN)
    return text


def _parts(secret: str) -> list[str]:
    """Return the parts of an address that may be tokens: behind the host, the names of a path and the values of a query."""
    from urllib.parse import unquote

    path, _, query = secret.partition("://")[2].partition("/")[2].partition("?")
    found = [*path.split("/"), *(pair.partition("=")[2] for pair in query.split("&"))]
    return [part for one in found if len(one) >= SHORTEST for part in (one, unquote(one))]
