"""The parts behind a KPI as text: how each stands, and every observation of them with its place."""

from rich.console import Console
from rich.text import Text as Styled

from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.explanation import ROLE_WORDS, ExplainedPart, Explanation
from kpi_tracker.language import N_, Language
from kpi_tracker.model.measure import Adds
from kpi_tracker.model.scorecard import KpiScore, Scorecard
from kpi_tracker.reporting.cuttext import part_status, part_target, part_value
from kpi_tracker.reporting.listing import write_rows
from kpi_tracker.reporting.words import NONE, amount, fraction

__all__ = ["ADDS_WORDS", "write_parts"]

ADDS_WORDS = {
    Adds.SUM: N_("the total is their sum"),
    Adds.MEAN: N_("the total is their mean"),
    Adds.MAX: N_("the total is the largest of them"),
    Adds.MIN: N_("the total is the smallest of them"),
    Adds.NONE: N_("they are not added up"),
}


def write_parts(explanation: Explanation, scorecard: Scorecard, words: Language, console: Console) -> None:
    """Write the parts of a KPI, dimension by dimension, and below them the observations that they rest on."""
    score = explanation.score
    assert isinstance(score, KpiScore)  # noqa: S101 - goals have no parts
    for breakdown in score.kpi.breakdown:
        parts = [one for one in explanation.parts if one.part.dimension == breakdown.by]
        dimension = scorecard.plan.dimension(breakdown.by)
        if dimension is None or not parts:
            continue
        console.print()
        title, adds = plain(dimension.title.in_language(words.code)), words.text(ADDS_WORDS[breakdown.adds])
        console.print(Styled(words.text(N_("Parts by {dimension}: {adds}"), dimension=title, adds=adds), style="bold"))
        _standing(parts, words, console)
        console.print()
        _observations(parts, words, console)


def _standing(parts: list[ExplainedPart], words: Language, console: Console) -> None:
    names = (N_("Member"), N_("Status"), N_("Value"), N_("Target"), N_("Attainment"), N_("Expected"), N_("Share of the total"),
             N_("As of"))  # fmt: skip
    rows: list[tuple[str | Styled, ...]] = []
    for one in parts:
        score = one.part.score
        rows.append((
            plain(one.part.member.title.in_language(words.code)), part_status(score, words), part_value(score, words),
            part_target(score, words), fraction(score.attainment), fraction(score.expected), fraction(one.part.share),
            score.data_date.isoformat() if score.data_date else NONE,
        ))  # fmt: skip
    write_rows(names, rows, console, words, right=(2, 3, 4, 5, 6))


def _observations(parts: list[ExplainedPart], words: Language, console: Console) -> None:
    names = (
        N_("Date"),
        N_("Member"),
        N_("Value"),
        N_("As written"),
        N_("Recorded"),
        N_("Part"),
        N_("Place"),
        N_("Note"),
    )
    rows: list[tuple[str | Styled, ...]] = []
    seen = [(row.observation.date, i, one, row) for i, one in enumerate(parts) for row in one.observations]
    for day, _, one, found in sorted(seen, key=lambda entry: entry[:2]):
        row = found.observation
        value = ", ".join(row.value) if isinstance(row.value, tuple) else amount(one.part.score.kpi, row.value, words)
        recorded = row.recorded_at.isoformat(" ", "minutes") if row.recorded_at else NONE
        rows.append((
            day.isoformat(), plain(one.part.member.title.in_language(words.code)), plain(value) or NONE, plain(row.written),
            recorded, words.text(ROLE_WORDS[found.role]), plain(str(row.where)), plain(row.note),
        ))  # fmt: skip
    write_rows(names, rows, console, words, right=(2, 3), bare=(5, 6, 7), lead=3)
