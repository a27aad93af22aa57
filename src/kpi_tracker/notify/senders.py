"""The senders of a notify file: each reads its secrets when it sends, and tells nothing of them."""

from collections.abc import Callable, Mapping
from datetime import datetime

from kpi_tracker.language import Phrase
from kpi_tracker.notify.config import Channel, ChannelKind, NotifyConfig
from kpi_tracker.notify.mail import mail
from kpi_tracker.notify.message import Message
from kpi_tracker.notify.outcome import Outcome, within
from kpi_tracker.notify.robots import dingtalk, feishu, slack, webhook, wecom
from kpi_tracker.notify.services import apprise
from kpi_tracker.secret import NoSecretError, Secret, censored

__all__ = ["Sender", "missing_secrets", "senders"]

ATTEMPT_SECONDS = 30.0
"""How long one attempt may take in all."""
SPEAKERS: dict[ChannelKind, Callable[[Message, str, str, datetime], Outcome]] = {
    ChannelKind.DINGTALK: dingtalk,
    ChannelKind.WECOM: wecom,
    ChannelKind.FEISHU: feishu,
    ChannelKind.SLACK: slack,
    ChannelKind.WEBHOOK: webhook,
    ChannelKind.APPRISE: apprise,
}


class Sender:
    """Sends messages by one channel."""

    def __init__(self, channel: Channel, environ: Mapping[str, str], seconds: float = ATTEMPT_SECONDS) -> None:
        """Send by `channel` with the secrets that `environ` and files hold; an attempt ends after `seconds`."""
        self.kind = channel.kind
        self._channel, self._environ, self._seconds = channel, environ, seconds

    def send(self, message: Message, now: datetime) -> Outcome:
        """Try once to send a message; every failure is a value, and none of its words is a secret."""
        try:
            url, secret = (one.read(self._environ) if one else "" for one in _secrets(self._channel))
        except NoSecretError as error:
            return Outcome(error.phrase)
        channel = self._channel

        def attempt() -> Outcome:
            if channel.mail is not None:
                return mail(message, channel.mail, secret, now)
            return SPEAKERS[channel.kind](message, url, secret, now)

        outcome = within(self._seconds, attempt)
        return outcome._replace(problem=_censored(outcome.problem, url, secret)) if outcome.problem else outcome


def senders(config: NotifyConfig, environ: Mapping[str, str]) -> dict[str, Sender]:
    """Return the sender of every channel, by its name."""
    return {channel.name: Sender(channel, environ) for channel in config.channels}


def missing_secrets(config: NotifyConfig, environ: Mapping[str, str]) -> tuple[tuple[str, Phrase], ...]:
    """Return the channels whose secrets cannot be read, each with the reason; what is read is dropped at once."""
    found = []
    for channel in config.channels:
        for secret in _secrets(channel):
            try:
                if secret is not None:
                    secret.read(environ)
            except NoSecretError as error:
                found.append((channel.name, error.phrase))
    return tuple(found)


def _secrets(channel: Channel) -> tuple[Secret | None, Secret | None]:
    return channel.url, channel.mail.password if channel.mail else channel.secret


def _censored(phrase: Phrase, *secrets: str) -> Phrase:
    """Return a phrase whose arguments hold no secret, should a server have said one back to us."""
    args = {key: censored(value, *secrets) if isinstance(value, str) else value for key, value in phrase.args.items()}
    return Phrase(phrase.message, args)
