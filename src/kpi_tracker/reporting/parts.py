"""Parts in words: where they do not make their total, who has not reported, and what each is called."""

from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.language import N_, Language
from kpi_tracker.model.part import Discrepancy, Unreported
from kpi_tracker.model.scorecard import KpiScore
from kpi_tracker.reporting.words import difference, with_unit

__all__ = ["listed", "part_remarks"]

SHOWN = 3


def listed(names: "tuple[str, ...]", words: Language) -> str:
    """Return names as one list."""
    return ("、" if words.code == "zh" else ", ").join(plain(name) for name in names)


def part_remarks(score: KpiScore, words: Language) -> list[str]:
    """Return on which dates parts do not make their total, and for which a total is missing because somebody is."""
    told = [_gap(gap, score, words) for gap in score.discrepancies[:SHOWN]]
    told += [_lack(lack, words) for lack in score.unreported[:SHOWN]]
    more = max(0, len(score.discrepancies) - SHOWN) + max(0, len(score.unreported) - SHOWN)
    return [*told, *(words.count(N_("and {n} more date"), N_("and {n} more dates"), more) for _ in range(min(1, more)))]


def _gap(gap: Discrepancy, score: KpiScore, words: Language) -> str:
    unit = score.kpi.unit
    return words.text(
        N_("total of {day}: {total}, but its parts make {parts} ({difference})"), day=gap.date.isoformat(),
        total=with_unit(gap.total, unit, words), parts=with_unit(gap.parts, unit, words),
        difference=difference(gap.difference, unit, words),
    )  # fmt: skip


def _lack(lack: Unreported, words: Language) -> str:
    who = listed(tuple(member.title.in_language(words.code) for member in lack.members), words)
    return words.text(N_("no total for {day}: not reported by {members}"), day=lack.date.isoformat(), members=who)
