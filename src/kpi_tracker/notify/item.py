"""One line of a message: an item with how it stands, since when, who answers for it and what it takes."""

from typing import NamedTuple
from urllib.parse import quote

from kpi_tracker.changes import Change, ChangeKind
from kpi_tracker.diagnostics import Diagnostic
from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.documents.naming import page_files
from kpi_tracker.language import N_, Language
from kpi_tracker.model.exactness import TOLERANCE
from kpi_tracker.model.measure import Direction, Measure
from kpi_tracker.model.scorecard import GoalScore, KpiScore
from kpi_tracker.model.unit import Text
from kpi_tracker.notify.night import FlagEvent, Level, Night
from kpi_tracker.notify.selection import Owners
from kpi_tracker.reporting.words import (
    NONE,
    STATUS_WORDS,
    baseline_words,
    difference,
    fraction,
    number,
    points,
    reached,
    target_words,
)

__all__ = ["IN_STATUS", "Item", "Teller", "short"]

LONGEST = 160
"""The characters of a title, an owner or a fault; a message is read on a telephone."""
LEVEL_WORDS = {Level.NOTICE: N_("notice"), Level.YELLOW: N_("yellow"), Level.ORANGE: N_("orange"), Level.RED: N_("red")}
Score = KpiScore | GoalScore


class Item(NamedTuple):
    """What a template shows of an item, in words; what is not known is empty. `facts` are all but title and link."""

    title: str
    path: str = ""
    status: str = ""
    level: str = ""
    change: str = ""
    figures: str = ""
    lag: str = ""
    since: str = ""
    owner: str = ""
    takes: str = ""
    link: str = ""

    @property
    def facts(self) -> tuple[str, ...]:
        """What is known of it, in the order in which it is told."""
        told = (self.level, self.change or self.status, self.figures, self.lag, self.since, self.owner, self.takes)
        return tuple(fact for fact in told if fact)


class Teller:
    """Puts the items of a night into the words of one language."""

    def __init__(self, night: Night, owner_of: Owners, link: str, words: Language) -> None:
        """Keep what all items are told from."""
        self._night, self._owners, self._link, self.words = night, owner_of, link, words

    def say(self, text: Text | None) -> str:
        """Return what the plan says in this language, in one line of bounded length."""
        return short(text.in_language(self.words.code)) if text else ""

    def event(self, event: FlagEvent) -> Item:
        """Return the event of a flag; its item may no longer be in the plan."""
        score = self._night.scorecard.items.get(event.path) if self._night.scorecard else None
        level = self.words.text(LEVEL_WORDS[event.level])
        names = [role.in_language(self.words.code) for role in event.roles]
        roles = "、".join(names) if self.words.code == "zh" else ", ".join(names)
        if roles:
            level = self.words.text(N_("{level}, to {roles}"), level=level, roles=short(roles))
        since = self.words.text(N_("since {day}"), day=event.since.isoformat())
        shown = self.score(score) if score is not None else Item(event.path, event.path)
        return shown._replace(level=level, since=since)

    def change(self, change: Change) -> Item:
        """Return a change with both values; how the item stands where that is what changed."""
        then, now = (self._side(side, change.kind) for side in (change.before, change.after))
        shown = self.score(change.after) if change.after is not None else Item("", change.path)
        if change.kind in IN_STATUS and change.after is not None and change.before is not None:
            return shown._replace(change=then if then == now else f"{then} → {now}")
        item = Item(self.say(change.title), change.path, owner=shown.owner or self._owner(change.path), link=shown.link)
        return item._replace(change=f"{then} → {now}")

    def fault(self, fault: Diagnostic) -> Item:
        """Return a fault of the plan, with its place."""
        return Item(short(fault.message(self.words.code)), change=short(str(fault.place)), status=fault.code)

    def score(self, score: Score) -> Item:
        """Return how an item stands."""
        words = self.words
        kpi = score if isinstance(score, KpiScore) else None
        title = kpi.kpi.title if kpi else (score.goal or self._night).title if isinstance(score, GoalScore) else None
        since = self._night.lasting.get(score.path)
        behind = score.lag is not None and score.lag > 0
        return Item(
            self.say(title),
            score.path,
            words.text(STATUS_WORDS[score.status]),
            figures=self._figures(kpi) if kpi else "",
            lag=words.text(N_("lag {lag}"), lag=points(score.lag, words)) if behind else "",
            since=words.text(N_("since {day}"), day=since.isoformat()) if since else "",
            owner=self._owner(score.path),
            takes=_takes(kpi, words) if kpi and kpi.lagging else "",
            link=self.link(score.path, "kpi" if kpi else "goal"),
        )

    def link(self, path: str, kind: str) -> str:
        """Return the address of an item's page among the published documents; "" where none are."""
        if not self._link:
            return ""
        file = page_files([(path, kind if path else "plan")])[path]
        return f"{self._link}/{self.words.code}/{quote(file)}.html"

    def _owner(self, path: str) -> str:
        owner = self.say(self._owners.get(path))
        return self.words.text(N_("owner: {owner}"), owner=owner) if owner else ""

    def _figures(self, score: KpiScore) -> str:
        if score.value is None:
            return ""
        value, target = (reached(score, self.words), target_words(score.kpi, self.words))
        day = score.data_date.isoformat() if score.data_date else self._night.as_of.isoformat()
        return self.words.text(
            N_("{value} on {day}, target {target}"), value=short(value), day=day, target=short(target)
        )

    def _side(self, score: Score | None, kind: ChangeKind) -> str:
        """Return one side of a change: what of the plan was changed, else the status."""
        if score is None:
            return NONE
        item = score.kpi if isinstance(score, KpiScore) else score.goal
        if kind is ChangeKind.WEIGHT_CHANGED and item is not None:
            return number(item.weight)
        if kind is ChangeKind.OWNER_CHANGED and item is not None:
            return self.say(item.owner) or NONE
        if isinstance(score, KpiScore) and kind is ChangeKind.TARGET_MOVED:
            return short(target_words(score.kpi, self.words))
        if isinstance(score, KpiScore) and kind is ChangeKind.BASELINE_CHANGED:
            return short(baseline_words(score.kpi, self.words))
        status = self.words.text(STATUS_WORDS[score.status])
        return f"{status} {fraction(score.attainment)}" if score.attainment is not None else status


IN_STATUS = frozenset(
    {
        ChangeKind.NEWLY_LAGGING, ChangeKind.WORSE, ChangeKind.NEW_DATA_PROBLEM, ChangeKind.RECOVERED,
        ChangeKind.BETTER, ChangeKind.DATA_ARRIVED,
    }
)  # fmt: skip


def short(text: str) -> str:
    """Return a text of the plan in one line of bounded length, without signs that show nothing."""
    line = plain(" ".join(text.split()))
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def _takes(score: KpiScore, words: Language) -> str:
    """Return the rate that the target takes from now on."""
    ahead = score.outlook
    if ahead.needed is None or (score.kpi.direction is Direction.DECREASE and score.kpi.measure is Measure.TOTAL):
        return ""
    needed = difference(ahead.needed, score.kpi.unit, words, signed=False)
    if ahead.ratio is None or ahead.ratio <= TOLERANCE:
        return words.text(N_("takes {needed} a month"), needed=short(needed))
    times = number(ahead.ratio, 1)
    return words.text(N_("takes {needed} a month, {n} times the rate so far"), needed=short(needed), n=times)
