"""Sending messages: claimed before and finished after, tried again with growing pauses, and never without an end."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from kpi_tracker.language import N_, Phrase, language
from kpi_tracker.notify.config import ChannelKind
from kpi_tracker.notify.ledger import Ledger, Unsent, Wanted
from kpi_tracker.notify.message import Message, from_json, to_json
from kpi_tracker.notify.outcome import Outcome, failed

__all__ = ["Delivered", "Sends", "deliver"]

ATTEMPTS = 4
PAUSES = (2.0, 10.0, 60.0)
"""The seconds before another attempt, where the service names none; each is shortened by up to a half, by chance."""
BUDGET = timedelta(minutes=10)
"""How long one run sends in all; what is left then is sent by the next."""
GIVEN_UP = timedelta(days=7)
"""What could not be sent for so long is no news any more."""


class Sends(Protocol):
    """Sends by one channel, once; :class:`kpi_tracker.notify.senders.Sender` is one."""

    @property
    def kind(self) -> ChannelKind:
        """What the channel speaks."""

    def send(self, message: Message, now: datetime) -> Outcome:
        """Try once; a failure is a value."""


class Delivered(NamedTuple):
    """What became of one message: `sent`, `known` (sent before), or neither, and `problem` says why."""

    message: Message
    sent: bool
    known: bool = False
    problem: Phrase | None = None
    attempts: int = 0

    @property
    def failed(self) -> bool:
        """Whether it was to be sent, and was not."""
        return not (self.sent or self.known)


def deliver(
    messages: Sequence[Message], senders: Mapping[str, Sends], ledger: Ledger,
    now: Callable[[], datetime], sleep: Callable[[float], None], chance: Callable[[], float],
) -> tuple[Delivered, ...]:  # fmt: skip
    """Send what earlier runs left, then `messages`, and return what became of each.

    `now` gives the time with its zone, `sleep` waits, `chance` is from 0 up to 1. All messages are claimed in the ledger,
    with their texts, before the first is sent, and each is finished after. A run that dies between leaves the claims; a
    later one makes them good, which may send one a second time: where it was taken and the run died before that was
    written. A message that stays unsent for a week is given up, which is a failure, told once.
    """
    left = {entry.key: entry for entry in ledger.unsent()}
    fresh = [message for message in messages if message.key not in left]
    wanted = [Wanted(one.key, one.channel, one.route, to_json(one)) for one in fresh]
    ours = ledger.claim_all(wanted, now())
    sending = _Sending(senders, ledger, now, sleep, chance)
    return (*sending.left(left.values()), *(sending.deliver(message, message.key in ours) for message in fresh))


class _Sending:
    """One run of sending, which ends after BUDGET."""

    def __init__(
        self, senders: Mapping[str, Sends], ledger: Ledger, now: Callable[[], datetime],
        sleep: Callable[[float], None], chance: Callable[[], float],
    ) -> None:  # fmt: skip
        self._senders, self._ledger = senders, ledger
        self._now, self._sleep, self._chance = now, sleep, chance
        self._until = now() + BUDGET

    def left(self, entries: Iterable[Unsent]) -> Iterator[Delivered]:
        """Yield what became of the messages that earlier runs left."""
        for entry in entries:
            message = from_json(entry.message)
            ours = self._ledger.claim(entry.key, entry.channel, entry.route, self._now(), entry.message)
            if ours and self._now() - entry.first >= GIVEN_UP:
                self._ledger.give_up(entry.key)
                problem = Phrase(
                    N_("given up after {n} days: {subject}"), {"n": GIVEN_UP.days, "subject": message.subject}
                )
                yield Delivered(message, sent=False, problem=problem)
            else:
                yield self.deliver(message, ours)

    def deliver(self, message: Message, ours: bool) -> Delivered:
        """Send a message that this run has claimed, and write down how that ended."""
        if not ours:
            return self._not_ours(message)
        outcome, attempts = self._tried(message)
        error = language("en").phrase(outcome.problem) if outcome.problem else ""
        self._ledger.finish(message.key, outcome.problem is None, error, self._now())
        return Delivered(message, outcome.problem is None, problem=outcome.problem, attempts=attempts)

    def _not_ours(self, message: Message) -> Delivered:
        """Return what became of a message that cannot be claimed: sent before, or in the hands of a run that may be dead."""
        if all(entry.key != message.key for entry in self._ledger.unsent()):
            return Delivered(message, sent=False, known=True)
        problem = Phrase(N_("another run claimed it and has not said how that ended; a later run sends it"))
        return Delivered(message, sent=False, problem=problem)

    def _tried(self, message: Message) -> tuple[Outcome, int]:
        """Return how the last attempt ended, and how many there were."""
        sender = self._senders.get(message.channel)
        if sender is None or sender.kind is not message.kind:
            return failed(N_("the notify file no longer has this channel: {channel}"), channel=message.channel), 0
        attempts = 0
        while True:
            if self._now() >= self._until:
                return failed(N_("there was no time left to send it; the next run will")), attempts
            outcome = sender.send(message, self._now())
            attempts += 1
            if outcome.problem is None or not outcome.again or attempts == ATTEMPTS:
                return outcome, attempts
            pause = outcome.wait if outcome.wait is not None else PAUSES[attempts - 1] * (1 - self._chance() / 2)
            if self._now() + timedelta(seconds=pause) >= self._until:
                return outcome, attempts
            self._sleep(pause)
