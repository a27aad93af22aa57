"""A message in the words of one language, before it is set in the signs of a channel."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from kpi_tracker.changes import AMENDMENTS
from kpi_tracker.language import N_, Language
from kpi_tracker.model.scorecard import GoalScore, KpiScore
from kpi_tracker.notify.item import IN_STATUS, Item, Teller, short
from kpi_tracker.notify.night import FlagWord, Night
from kpi_tracker.notify.selection import Told
from kpi_tracker.reporting.changed import CHANGE_WORDS
from kpi_tracker.reporting.words import NONE, STATUS_WORDS, counted, course, fraction

__all__ = ["Letter", "Section", "letter"]

MOST = 300
"""So many items are told, whatever a channel takes: nobody reads more, and the documents have them all."""
FLAG_WORDS = {
    FlagWord.ESCALATED: N_("Flags escalated"),
    FlagWord.RAISED: N_("Flags raised"),
    FlagWord.FLAPPING: N_("Flags that come and go"),
    FlagWord.ACK_EXPIRED: N_("Acknowledgements that ran out"),
    FlagWord.CLEARED: N_("Flags cleared"),
}


class Section(NamedTuple):
    """Items under a heading; `all` counts those that are left out as well."""

    heading: str
    items: tuple[Item, ...]
    all: int


class Letter(NamedTuple):
    """What a template is given: `subject` for a title, `notes` that belong at the head, and the sections.

    `more` is "and 12 more" where items were left out, `link` the address of the plan's page.
    """

    lang: str
    subject: str
    title: str
    notes: tuple[str, ...]
    sections: tuple[Section, ...]
    link: str = ""
    more: str = ""
    total: int = 0

    @property
    def size(self) -> int:
        """How many items it has in words; `total` counts those beyond MOST too."""
        return sum(len(section.items) for section in self.sections)

    def cut(self, keep: int, words: Language) -> "Letter":
        """Return it with its first `keep` items, and how many were left out."""
        left, kept = keep, []
        for section in self.sections:
            if left > 0:
                kept.append(section._replace(items=section.items[:left]))
            left -= len(section.items)
        missing = self.total - keep
        more = words.count(N_("and {n} more"), N_("and {n} more"), missing) if missing > 0 else ""
        return self._replace(sections=tuple(kept), more=more)


def letter(told: Told, night: Night, teller: Teller) -> Letter:
    """Return what is told of a night, the worst first."""
    words = teller.words
    title = teller.say(night.title)
    sections, left = [], MOST
    for heading, tell, found in _sections(told, night, teller):
        if found:
            sections.append(Section(heading, tuple(map(tell, found[:left])), len(found)))
            left = max(0, left - len(found))
    total = sum(section.all for section in sections)
    message = N_("{title}: {what} ({day})")
    subject = words.text(message, title=title, what=_summary(told, words), day=night.as_of.isoformat())
    if night.illustrative:
        subject = words.text(N_("[illustrative data] {subject}"), subject=subject)
    notes, link = _notes(told, night, teller), teller.link("", "plan")
    return Letter(words.code, subject, title, notes, tuple(sections), link, total=total)


def _sections(told: Told, night: Night, teller: Teller) -> Iterator[tuple[str, Callable[[Any], Item], Sequence[Any]]]:
    """Yield each heading with what stands under it, and how that is told."""
    words = teller.words
    if told.failed or told.still:
        yield words.text(N_("What is wrong")), teller.fault, night.faults
    for event, flags in groupby(told.events, key=lambda flag: flag.event):
        yield words.text(FLAG_WORDS[event]), teller.event, tuple(flags)
    for kind, changes in groupby(told.changes, key=lambda change: change.kind):
        yield words.text(CHANGE_WORDS[kind]), teller.change, tuple(changes)
    if told.digest:  # what stands above with its change is not listed again
        said = {flag.path for flag in told.events} | {
            change.path for change in told.changes if change.kind in IN_STATUS
        }
        rest = [kpi for kpi in told.lagging if kpi.path not in said]
        all_of_it = len(rest) == len(told.lagging)
        yield words.text(N_("All that lags") if all_of_it else N_("What else lags")), teller.score, rest
        missing = [kpi for kpi in told.problems if kpi.path not in said]
        heading = N_("Data missing, old or incomplete")
        if len(missing) < len(told.problems):
            heading = N_("Other data missing, old or incomplete")
        yield words.text(heading), teller.score, missing


def _summary(told: Told, words: Language) -> str:
    """Return the counts in a few words."""
    parts = [words.text(N_("the check failed"))] if told.failed else []
    if told.still:
        parts.append(words.text(N_("the check still fails")))
    if told.mended:
        parts.append(words.text(N_("the check works again")))
    if told.unknown:
        parts.append(words.text(N_("what changed is not known")))
    if told.digest:
        figures = {"lagging": len(told.lagging), "missing": len(told.problems)}
        parts.append(words.text(N_("state of all: {lagging} lagging, {missing} with data problems"), **figures))
    for event, flags in groupby(told.events, key=lambda flag: flag.event):
        parts.append(f"{words.text(FLAG_WORDS[event])} {len(list(flags))}")
    for kind, changes in groupby((c for c in told.changes if c.kind not in AMENDMENTS), key=lambda change: change.kind):
        parts.append(f"{words.text(CHANGE_WORDS[kind])} {len(list(changes))}")
    if amended := sum(change.kind in AMENDMENTS for change in told.changes):
        parts.append(f"{words.text(N_('The plan was amended'))} {amended}")
    return " · ".join(parts)


def _state(top: KpiScore | GoalScore, words: Language) -> Iterator[str]:
    """Yield how the whole stands: its figures, and how many KPIs have which status."""
    figures = [
        words.text(STATUS_WORDS[top.status]),
        f"{words.text(N_('attainment'))} {fraction(top.attainment)}",
        f"{words.text(N_('expected'))} {fraction(top.expected)}",
        f"{words.text(N_('lag'))} {NONE}" if top.lag is None else course(top.lag, words),
    ]
    if isinstance(top, GoalScore):
        figures.append(f"{words.text(N_('coverage'))} {fraction(top.coverage)}")
    yield words.text(N_("The whole plan: {state}"), state=" · ".join(figures))
    if isinstance(top, GoalScore):
        yield counted(top, words)


def _notes(told: Told, night: Night, teller: Teller) -> tuple[str, ...]:
    words, notes = teller.words, []
    if night.illustrative:
        notes.append(words.text(N_("The data are illustrative: they show how it works, not how things stand.")))
    if night.scorecard is None:
        notes.append(
            words.text(N_("The plan could not be read, so nothing was judged: {source}"), source=short(night.source))
        )
    elif told.digest:
        notes.extend(_state(night.scorecard.top, words))
    if night.scorecard is not None and night.verdict is not None:
        notes.append(words.phrase(night.verdict))
    if night.still is not None:
        notes.append(words.text(N_("The check has failed since {day}, as was told then."), day=night.still.isoformat()))
    if night.mended is not None:
        notes.append(words.text(N_("The check had failed since {day}."), day=night.mended.isoformat()))
    if night.unknown is not None:
        text = N_("History cannot be read, so what changed is not known: {reason}")
        notes.append(words.text(text, reason=short(words.phrase(night.unknown))))
    if night.since is not None and night.changes:
        notes.append(words.text(N_("What changed since {day}"), day=night.since.isoformat()))
    return tuple(notes)
