"""What other services there are, reached by Apprise, which the extra `notify` brings."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from kpi_tracker.language import N_
from kpi_tracker.notify.markup import DIALECTS
from kpi_tracker.notify.message import Message
from kpi_tracker.notify.outcome import SENT, Outcome, failed

__all__ = ["apprise"]


def apprise(message: Message, url: str, _secret: str, _now: datetime) -> Outcome:
    """Send a message by Apprise; all that it says is whether the service took it."""
    try:
        from apprise import Apprise, NotifyFormat
    except ImportError:
        return failed(N_("Apprise is not installed: pip install 'kpi-tracker[notify]'"))
    service = Apprise()
    with _silenced():
        if not service.add(url):
            return failed(N_("the address is none that Apprise knows"))
        title = DIALECTS[message.kind].escape(message.subject)
        taken = service.notify(message.text, title, body_format=NotifyFormat.TEXT)
    return SENT if taken else failed(N_("Apprise says that the service did not take it"), again=True)


@contextmanager
def _silenced() -> Iterator[None]:
    """Keep Apprise and what it sends with from logging addresses, which hold tokens: without a set-up, to stderr."""
    before = [(log, log.disabled) for log in map(logging.getLogger, LOGS)]
    for log, _ in before:
        log.disabled = True
    try:
        yield
    finally:
        for log, was in before:
            log.disabled = was


LOGS = ("apprise", "urllib3.connectionpool")
