"""What changed since an earlier check, as text for people."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from rich.padding import Padding
from rich.text import Text as Styled

from kpi_tracker.changes import Change
from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.language import N_, Language
from kpi_tracker.reporting.changed import CHANGE_WORDS, altered, altered_words, sides
from kpi_tracker.reporting.console import Sheet, status_text

__all__ = ["write_changes"]


def write_changes(changes: Sequence[Change], since: date, console: Sheet, words: Language, more: bool = False) -> None:
    """Write what changed since the end of the day `since`, by kind; that nothing did is said too, if nothing `more` is."""
    console.gap()
    console.print(Styled(words.text(N_("What changed since {day}"), day=since.isoformat()), style="bold"))
    if not changes and not more:
        console.print(Padding(words.text(N_("Nothing changed that calls for a word.")), (0, 0, 0, 2)))
    found = altered(changes)
    for kind, group in groupby(changes, key=lambda change: change.kind):
        console.print(Padding(words.text(CHANGE_WORDS[kind]), (0, 0, 0, 2)))
        for change in group:
            console.print(Padding(_line(change, words, altered_words(change, found, words)), (0, 0, 0, 4)))


def _line(change: Change, words: Language, mark: str) -> Styled:
    title = plain(change.title.in_language(words.code))
    line = Styled(f"{title} ({change.path})" if change.path else title)
    if mark:
        line.append(f"（{mark}）" if words.code == "zh" else f" ({mark})")
    scores = (": ", change.before), (" → ", change.after)
    for (sign, score), told in zip(scores, sides(change, words), strict=True):
        line.append(sign)
        if told.judged and score is not None:
            line.append_text(status_text(score.status, words, score.severity)).append(" ")
        line.append(f"{told.text} ({told.detail})" if told.detail else told.text)
    return line
