"""What `check` does beyond the report: hold a run against history, and send what changed."""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from random import SystemRandom
from typing import Any, NamedTuple

import click

from kpi_tracker.language import N_, Language, Phrase, language
from kpi_tracker.outcome import BROKEN, NOTHING

__all__ = ["BESIDE", "Held", "History", "Notifier"]

BESIDE = "*"
"""Stands for the history beside the plan, where `--history` names no other."""


class Held(NamedTuple):
    """What history says of a plan tonight (None where it could not be asked, for `unknown`), and the exit code for that."""

    known: Any = None
    code: int = NOTHING
    unknown: Phrase | None = None


class History:
    """The histories that a check writes, opened when they are first needed."""

    def __init__(self, where: str, lang: str, tell: str = "nobody") -> None:
        """Write to `where`, or BESIDE each plan; `tell` is a value of kpi_tracker.nightly.memory.Tell."""
        self._tell = tell
        self._where, self._words = where, language(lang)
        self._held: dict[str, str] = {}

    @contextmanager
    def opened(self, plan: str) -> Iterator[Any]:
        """Give the history of the plan at a path."""
        from kpi_tracker.history.store import open_history

        with open_history(self.place(plan)) as history:
            yield history

    def place(self, plan: str) -> str:
        """Return where the history of the plan at a path is kept."""
        from kpi_tracker.history.store import default_history

        return default_history(plan) if self._where == BESIDE else self._where

    @contextmanager
    def _opened_at_least_to_read(self, plan: str) -> Iterator[Any]:
        """Give the history of a plan, also where it cannot be written: what changed can be told all the same."""
        from kpi_tracker.history.problem import HistoryError
        from kpi_tracker.history.store import open_history

        try:
            history = open_history(self.place(plan))
        except HistoryError as refused:
            try:
                history = open_history(self.place(plan), create=False)
            except HistoryError:
                raise refused from None
        with history:
            yield history

    def hold(self, plan: str, card: Any, since: date | int | None) -> Held:
        """Compare tonight's scorecard with the last night's and remember it; what goes wrong is told, and the check goes on.

        Of a plan that could not be read (`card` is None) there is nothing to compare or remember.
        """
        if card is None:
            return Held()
        from kpi_tracker.calendar import moment
        from kpi_tracker.history.problem import HistoryError
        from kpi_tracker.nightly.memory import Tell, remember

        other = self._held.setdefault(card.plan.id, plan)
        if self._where != BESIDE and os.path.realpath(other) != os.path.realpath(plan):
            text = N_(
                "{plan} and {other} have the id “{id}”: history would take them for one plan; the second is not in it"
            )
            mixed = Phrase(text, {"plan": plan, "other": other, "id": card.plan.id})
            click.echo(self._words.phrase(mixed), err=True)
            return Held(None, BROKEN, mixed)
        try:
            with self._opened_at_least_to_read(plan) as history:
                known = remember(history, card, moment(card.plan.time_zone), since, Tell(self._tell))
        except KeyError:
            by_number = N_("there is no run {number} of this plan in history")
            by_day = N_("history has no run of this plan on {number} or before")
            text = self._words.text(by_number if isinstance(since, int) else by_day, number=since)
            raise click.BadParameter(text, param_hint="--since") from None
        except HistoryError as error:
            return self._unwritten(Held(None, BROKEN, error.phrase), error.phrase)
        return Held(known) if known.unwritten is None else self._unwritten(Held(known, BROKEN), known.unwritten)

    def mark(self, plan: str, plan_id: str, day: date) -> Any:
        """Return how far people were told of a plan that cannot be read on `day`; None where history cannot be read."""
        from kpi_tracker.history.mark import mark_at
        from kpi_tracker.history.problem import HistoryError

        try:
            with self.opened(plan) as history:
                return history.mark(plan_id) or mark_at(history.latest(plan_id, before=day))
        except HistoryError:
            return None

    def _unwritten(self, held: Held, why: Phrase) -> Held:
        text = N_("this run was not written to history: {reason}")
        click.echo(self._words.text(text, reason=self._words.phrase(why)), err=True)
        return held


class Notifier:
    """Sends what a night brought to those whom a notify file names."""

    def __init__(self, file: str, history: History, dry_run: bool, lang: str) -> None:
        """Read the notify file; its faults are told at once, and nothing is sent then."""
        from kpi_tracker.kept import kept_folder
        from kpi_tracker.nightly.unreadable import Notes
        from kpi_tracker.notify.reading import read_notify

        self._history, self._dry_run, self._lang = history, dry_run, lang
        self._words: Language = language(lang)
        reading = read_notify(file)
        self._config = reading.config
        self._nights: list[tuple[str, Any, Any]] = []
        self._notes = Notes(kept_folder(os.environ))
        if reading.diagnostics:
            self._faults(reading.diagnostics)

    def add(self, plan: str, found: Any, held: Held, day: date | None) -> None:
        """Take note of the night of one plan."""
        from kpi_tracker.calendar import today
        from kpi_tracker.history.identity import identify
        from kpi_tracker.nightly.telling import broken_night, night_of, told_further

        card = found.scorecard
        if card is None:
            name = identify(plan).plan_id or os.path.basename(os.path.abspath(plan))
            before, tonight = self._history.mark(plan, name, day or today("UTC")), day or today("UTC")
            if before is not None and before.day is not None and tonight < before.day:
                self._past(name, tonight)
                return
            night = broken_night(plan, name, tonight, found.diagnostics, before)
            self._nights.append((plan, night, before and (before, told_further(night, before, None))))
            return
        known, unknown = held.known, held.unknown
        told = unknown is not None and self._notes.told(self._history.place(plan), plan, unknown)
        night = night_of(plan, card, known, unknown, told)
        if known is None:
            self._nights.append((plan, night, None))
            return
        if not self._dry_run:
            self._notes.forget(self._history.place(plan), plan)
        if known.untold is None:
            self._past(card.plan.id, card.as_of)
        else:
            before = known.untold.before
            self._nights.append((plan, night, (before, told_further(night, before, known.run))))

    def _past(self, plan_id: str, day: date) -> None:
        text = N_("{plan}: people were told how it stood later than on {day}; nothing is sent of that day")
        self._say(text, plan=plan_id, day=day)

    def send(self, environ: Mapping[str, str]) -> int:
        """Send, or show, what there is to tell; return the exit code that this alone asks for."""
        if self._config is None:
            return BROKEN
        from kpi_tracker.notify.message import messages
        from kpi_tracker.notify.selection import idle_routes
        from kpi_tracker.notify.senders import missing_secrets

        self._faults(idle_routes(self._config, [night for _, night, _ in self._nights]))
        wanted = [(plan, night, marks, messages(self._config, night)) for plan, night, marks in self._nights]
        code = NOTHING
        for channel, reason in missing_secrets(self._config, environ):
            self._say(N_("channel {channel}: {reason}"), channel=channel, reason=self._words.phrase(reason))
            code = BROKEN
        if self._dry_run:
            from kpi_tracker.notify.dryrun import dry_run

            known = all(night.unknown is None for _, night, _ in self._nights)
            shown = [message for *_, several in wanted for message in several]
            click.echo(dry_run(shown, self._lang, known), err=True)
            return code
        return max((code, *(self._sent(*one, environ) for one in wanted)))

    def _sent(self, plan: str, night: Any, marks: Any, several: Any, environ: Mapping[str, str]) -> int:
        from kpi_tracker.history.problem import HistoryError
        from kpi_tracker.nightly.ledger import HistoryLedger
        from kpi_tracker.notify.ledger import MemoryLedger

        try:
            with self._history.opened(plan) as history:
                ledger = HistoryLedger(history, night.plan, marks)
                code, problem = self._delivered(several, ledger, environ), ledger.problem
        except HistoryError as error:  # better told twice than not at all
            code, problem = self._delivered(several, MemoryLedger(), environ), error.phrase
        if code == NOTHING and night.unknown is not None:
            self._notes.note(self._history.place(plan), plan, night.unknown)
        return self._recorded(code, problem)

    def _recorded(self, code: int, problem: Phrase | None) -> int:
        """Say what kept it from being recorded what was sent."""
        if problem is None:
            return code
        self._say(N_("what was sent could not be recorded: {reason}"), reason=self._words.phrase(problem))
        return max(BROKEN, code)

    def _delivered(self, several: Any, ledger: Any, environ: Mapping[str, str]) -> int:
        from kpi_tracker.notify.delivery import deliver
        from kpi_tracker.notify.senders import senders

        assert self._config is not None  # noqa: S101 - there would be no messages
        ways = senders(self._config, environ)
        code = NOTHING
        for one in deliver(several, ways, ledger, lambda: datetime.now(UTC), time.sleep, SystemRandom().random):
            if one.failed:
                code = BROKEN
                reason = self._words.phrase(one.problem) if one.problem else ""
                self._say(N_("not delivered by {channel}: {reason}"), channel=one.message.channel, reason=reason)
            if one.message.problem is not None:
                self._say(N_("{reason}; ours was used"), reason=self._words.phrase(one.message.problem))
        return code

    def _faults(self, diagnostics: Any) -> None:
        from kpi_tracker.cli.options import faults_aside

        if diagnostics:
            faults_aside(diagnostics, self._lang)

    def _say(self, message: str, **args: object) -> None:
        click.echo(self._words.text(message, **args), err=True)
