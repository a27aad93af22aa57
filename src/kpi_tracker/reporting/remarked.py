"""What history adds to an item for machines: its flag with since when, who has taken note, and what changed about it."""

from collections.abc import Iterator
from typing import Any

from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.flags.flag import Flag
from kpi_tracker.language import N_, Language
from kpi_tracker.model.flagging import Level
from kpi_tracker.model.scorecard import KpiScore
from kpi_tracker.reporting.account import account
from kpi_tracker.reporting.changed import CHANGE_WORDS
from kpi_tracker.reporting.checked import Checked

__all__ = ["figures_of", "told_of"]

LEVEL_WORDS = {
    Level.NOTICE: N_("notice"),
    Level.YELLOW: N_("yellow card"),
    Level.ORANGE: N_("orange card"),
    Level.RED: N_("red card"),
}
"""As in reporting/flagged.py, which loads what makes tables for people."""


def told_of(one: Checked, kpi: KpiScore, words: Language) -> str:
    """Return the account of a KPI with its flag and what changed, as far as history says."""
    return " · ".join([account(kpi, words), *_remarks(one, kpi.path, words)])


def _remarks(one: Checked, path: str, words: Language) -> Iterator[str]:
    flag = one.flag(path)
    if flag is not None:
        level, day = words.text(LEVEL_WORDS[flag.level]), _raised_on(flag)
        yield words.text(N_("flag {level} since {day}"), level=level, day=day)
        if held := flag.acknowledged:
            message = N_("acknowledged by {who} until {day}") if held.until else N_("acknowledged by {who}")
            yield words.text(message, who=plain(held.by), day=held.until)
    kinds = one.changes_of(path)
    if kinds and one.since is not None:
        told = " · ".join(words.text(CHANGE_WORDS[kind]) for kind in kinds)
        yield words.text(N_("since {day}: {changes}"), day=one.since.isoformat(), changes=told)


def figures_of(one: Checked, path: str) -> dict[str, Any]:
    """Return the same as values: level, days as ISO 8601, names, kinds of changes; what there is none of is None."""
    flag = one.flag(path)
    held = flag.acknowledged if flag else None
    kinds = one.changes_of(path)
    return {
        "flag": flag.level.value if flag else None,
        "flag_since": _raised_on(flag) if flag else None,
        "lags_since": flag.since.isoformat() if flag else None,
        "acknowledged_by": held.by if held else None,
        "acknowledged_until": held.until.isoformat() if held and held.until else None,
        "changes": tuple(kind.value for kind in kinds) or None,
        "changes_since": one.since.isoformat() if kinds and one.since else None,
    }


def _raised_on(flag: Flag) -> str:
    return (flag.raised_on or flag.since).isoformat()
