"""Flags as text: how high each is, since when, who is told, who has taken note; and events in words."""

from collections.abc import Iterable, Iterator, Mapping
from typing import IO

from rich.padding import Padding
from rich.text import Text as Styled

from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.flags.events import Event, EventKind
from kpi_tracker.flags.flag import Flag, Phase
from kpi_tracker.language import N_, Language, Phrase, language
from kpi_tracker.model.flagging import LEVELS, Level
from kpi_tracker.model.scorecard import KpiScore, Scorecard
from kpi_tracker.reporting.console import Sheet, console_for
from kpi_tracker.reporting.words import STATUS_WORDS

__all__ = ["LEVEL_WORDS", "event_words", "write_events", "write_flags"]

LEVEL_WORDS = {
    Level.NOTICE: N_("notice"),
    Level.YELLOW: N_("yellow card"),
    Level.ORANGE: N_("orange card"),
    Level.RED: N_("red card"),
}
STYLES = {Level.NOTICE: "yellow", Level.YELLOW: "bold yellow", Level.ORANGE: "bold red", Level.RED: "bold white on red"}
EVENT_WORDS = {
    EventKind.RAISED: N_("raised: {level}"),
    EventKind.ESCALATED: N_("escalated to {level}"),
    EventKind.ACK_EXPIRED: N_("the acknowledgement has ended: {level}"),
    EventKind.FLAPPING: N_("is raised and cleared again and again"),
    EventKind.ACKNOWLEDGED: N_("acknowledged by {who}"),
    EventKind.CLEARED: N_("cleared"),
    EventKind.CLOSED: N_("closed: the item is out of the count"),
}


def event_words(event: Event) -> Phrase:
    """Return what happened to a flag, without its item."""
    held = event.after.acknowledged
    return Phrase(
        EVENT_WORDS[event.kind], {"level": Phrase(LEVEL_WORDS[event.after.level]), "who": held.by if held else ""}
    )


def write_events(events: Iterable[Event], scorecard: Scorecard, console: Sheet, words: Language) -> None:
    """Write what became of flags tonight, a line each, the worst kind first."""
    for event in events:
        line = Styled(f"{_title(event.after, scorecard, words)} ({event.path or scorecard.plan.id}): ")
        line.append(words.text(N_("flag {event}"), event=event_words(event)))
        console.print(Padding(line, (0, 0, 0, 2)))


def write_flags(flags: Mapping[str, Flag], scorecard: Scorecard, file: IO[str], lang: str = "en") -> None:
    """Write the flags that are up, the highest first, and those that wait; nothing where there are none."""
    console, words = console_for(file), language(lang)
    shown = sorted((f for f in flags.values() if f.phase in (Phase.RAISED, Phase.PENDING)), key=_highest_first)
    if not shown:
        return
    up = sum(flag.raised for flag in shown)
    console.print(Styled(words.count(N_("{n} flag is up"), N_("{n} flags are up"), up), style="bold"))
    for flag in shown:
        line = Styled()
        if flag.raised:
            line.append(words.text(LEVEL_WORDS[flag.level]), style=STYLES[flag.level])
        else:
            line.append(words.text(N_("not raised yet")), style="dim")
        line.append(f"  {_title(flag, scorecard, words)} ({flag.path or scorecard.plan.id})")
        console.print(line)
        console.print(Padding(" · ".join(_told(flag, words)), (0, 0, 0, 2)))


def _highest_first(flag: Flag) -> tuple[bool, int, str, str]:
    return not flag.raised, -LEVELS.index(flag.level), flag.since.isoformat(), flag.path


def _title(flag: Flag, scorecard: Scorecard, words: Language) -> str:
    score = scorecard.items.get(flag.path)
    if score is None:  # it could not be read tonight
        return plain(flag.path)
    item = score.kpi if isinstance(score, KpiScore) else score.goal or scorecard.plan
    return plain(item.title.in_language(words.code))


def _told(flag: Flag, words: Language) -> Iterator[str]:
    status = words.text(STATUS_WORDS[flag.status])
    yield words.text(N_("began to lag on {day}, now {status}"), status=status, day=flag.since)
    if flag.raised_on and flag.level_since:
        yield words.text(N_("raised on {day}"), day=flag.raised_on)
        if flag.level_since != flag.raised_on:
            yield words.text(N_("at this level since {day}"), day=flag.level_since)
    if flag.roles and not flag.acknowledged:  # then its escalation is not told
        yield words.text(
            N_("to be told: {roles}"), roles=tuple(plain(role.in_language(words.code)) for role in flag.roles)
        )
    if held := flag.acknowledged:
        message = N_("acknowledged by {who} until {day}: {why}") if held.until else N_("acknowledged by {who}: {why}")
        yield words.text(message, who=plain(held.by), day=held.until, why=plain(held.why))
    if flag.flapping:
        yield words.text(EVENT_WORDS[EventKind.FLAPPING])
    if flag.kept_without_data:
        yield words.text(N_("kept without current data since {day}"), day=flag.kept_without_data)
