"""An explanation as text: each figure with its formula, the numbers put in, and where each number was written."""

from typing import IO

from rich.console import Console
from rich.padding import Padding
from rich.text import Text as Styled

from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.explanation import ROLE_WORDS, Explanation
from kpi_tracker.language import N_, Language, Phrase, language
from kpi_tracker.model.measure import Status
from kpi_tracker.model.scorecard import KpiScore, Scorecard
from kpi_tracker.model.thresholds import Thresholds
from kpi_tracker.reporting.console import NARROW, console_for, status_text
from kpi_tracker.reporting.decided import decided_by
from kpi_tracker.reporting.figures import (
    FIGURE_WORDS,
    WRITTEN_WORDS,
    band_range,
    figure_name,
    figure_value,
    formula_words,
    share_role,
)
from kpi_tracker.reporting.listing import INDENT, write_rows
from kpi_tracker.reporting.parts import part_remarks
from kpi_tracker.reporting.words import (
    MEASURE_WORDS,
    NONE,
    STATUS_WORDS,
    amount,
    baseline_words,
    counted,
    exact_target_words,
    number,
    original_words,
)

__all__ = ["write_explanation"]


def write_explanation(explanation: Explanation, scorecard: Scorecard, file: IO[str], lang: str = "en") -> None:
    """Write how the score of one item came about to `file`."""
    words, console = language(lang), console_for(file)
    score = explanation.score
    head = Styled()
    head.append(_title(explanation, scorecard, words) + "  ", style="bold")
    head.append_text(status_text(score.status, words, score.severity))
    console.print(head)
    console.print(score.path or scorecard.plan.id)
    console.print(words.text(N_("as of {day}"), day=scorecard.as_of.isoformat()))
    for told in decided_by(score, scorecard, words):
        console.print(plain(told))
    if isinstance(score, KpiScore):
        _of_kpi(score, words, console)
    for name, place in explanation.written.items():
        console.print(words.text(WRITTEN_WORDS[name], place=plain(str(place))), style="dim")
    console.print()
    _figures(explanation, words, console)
    console.print()
    _thresholds(explanation.thresholds, words, console)
    if isinstance(score, KpiScore):
        _observations(explanation, score, words, console)
        if explanation.parts:
            from kpi_tracker.reporting.explainedparts import write_parts

            write_parts(explanation, scorecard, words, console)
    else:
        _shares(explanation, words, console)


def _of_kpi(score: KpiScore, words: Language, console: Console) -> None:
    """Write what a KPI is, and what is to be known of its data."""
    kpi = score.kpi
    console.print(words.text(N_("measure {measure}, baseline {baseline}, target {target}"),
                             measure=words.text(MEASURE_WORDS[kpi.measure]), baseline=baseline_words(kpi, words),
                             target=exact_target_words(kpi, words)))  # fmt: skip
    if kpi.direction_inferred and kpi.direction:
        shown = words.text({"increase": N_("increase"), "decrease": N_("decrease")}[kpi.direction.value])
        console.print(words.text(N_("direction {direction}, inferred from baseline and target"), direction=shown))
    if score.overdue and score.next_due is not None:
        console.print(words.text(N_("the next figure is overdue since {day}"), day=score.next_due.isoformat()))
    if score.underlying is not None:
        old = words.text(STATUS_WORDS[score.underlying])
        console.print(words.text(N_("what was reported says: {status}"), status=old))
    if score.gaps:
        days = tuple(day.isoformat() for day in score.gaps)
        console.print(words.text(N_("no figure for {days}: the sum is short of it"), days=days))
    if told := original_words(score, words):
        console.print(told)
    for remark in part_remarks(score, words):
        console.print(remark)
    if score.rows_left_out:
        console.print(words.count(N_("{n} row left out"), N_("{n} rows left out"), score.rows_left_out))


def _title(explanation: Explanation, scorecard: Scorecard, words: Language) -> str:
    score = explanation.score
    item = score.kpi if isinstance(score, KpiScore) else score.goal or scorecard.plan
    return plain(item.title.in_language(words.code))


def _figures(explanation: Explanation, words: Language, console: Console) -> None:
    """Write each figure with its formula; in a list the numbers put in stand below it, as an equation."""
    names = (N_("Figure"), N_("Value"), N_("Formula"), N_("With the numbers put in"))
    rows = [
        (figure_name(figure, words), figure_value(figure, explanation.score, words),
         formula_words(figure.formula, words), plain(figure.filled_in))
        for figure in explanation.figures
    ]  # fmt: skip
    if console.width >= NARROW:
        write_rows(names, rows, console, words, roomy=NARROW)
        return
    for name, value, formula, filled in rows:
        console.print(Styled(name, "bold").append(f"  {value}", "not bold"))
        for line in (formula, f"= {filled}" if filled else ""):
            if line:
                console.print(Padding(line, INDENT))


def _thresholds(thresholds: Thresholds, words: Language, console: Console) -> None:
    over = Phrase(FIGURE_WORDS[thresholds.by])
    console.print(words.text(N_("Thresholds “{name}” over {figure}:"), name=plain(thresholds.name), figure=over))
    for band in thresholds.bands:
        console.print(
            f"  {band_range(band)}  {words.text(STATUS_WORDS[Status(band.status)])}{'!' * (band.severity - 1)}"
        )
    if thresholds.lag_floor is not None:
        floor = number(thresholds.lag_floor)
        console.print("  " + words.text(N_("a lag of up to {n} points is on track whatever the pace"), n=floor))
    console.print()


def _observations(explanation: Explanation, score: KpiScore, words: Language, console: Console) -> None:
    if not explanation.observations:
        console.print(words.text(N_("There is no observation.")))
        return
    names = (N_("Date"), N_("Value"), N_("As written"), N_("Recorded"), N_("Part"), N_("Place"), N_("Note"))
    rows: list[tuple[str | Styled, ...]] = []
    for seen in explanation.observations:
        row = seen.observation
        value = ", ".join(row.value) if isinstance(row.value, tuple) else amount(score.kpi, row.value, words)
        recorded = row.recorded_at.isoformat(" ", "minutes") if row.recorded_at else NONE
        rows.append((
            row.date.isoformat(), plain(value) or NONE, plain(row.written), recorded, words.text(ROLE_WORDS[seen.role]),
            plain(str(row.where)), plain(row.note),
        ))  # fmt: skip
    write_rows(names, rows, console, words, right=(1, 2), bare=(4, 5, 6))


def _shares(explanation: Explanation, words: Language, console: Console) -> None:
    score = explanation.score
    assert not isinstance(score, KpiScore)  # noqa: S101
    names = (
        N_("Child"), N_("Status"), N_("Weight"), N_("Share"), N_("Attainment"), N_("Expected"), N_("Coverage"),
        N_("Counts as"),
    )  # fmt: skip
    rows: list[tuple[str | Styled, ...]] = []
    for share in score.shares:
        part = NONE if share.part is None else number(share.part * 100) + "%"
        figures = (
            NONE if one is None else number(one, 6) for one in (share.attainment, share.expected, share.coverage)
        )
        rows.append((
            share.path, status_text(share.status, words), number(share.weight), part, *figures,
            share_role(share, score, words),
        ))  # fmt: skip
    write_rows(names, rows, console, words, right=(2, 3, 4, 5, 6), bare=(7,))
    console.print()
    console.print(counted(score, words))
    for label, paths in (
        (N_("Breached veto KPIs: {names}"), score.veto),
        (N_("Lagging binding KPIs: {names}"), score.binding),
        (N_("Left out because of faults: {names}"), score.incomplete),
    ):
        if paths:
            console.print(words.text(label, names=plain(", ".join(paths))))
