"""The check as a report for people: the whole, its branches, what lags, what is missing, what is broken."""

from typing import IO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.language import N_, Language, language
from kpi_tracker.model.measure import LAGGING
from kpi_tracker.model.scorecard import GoalScore, KpiScore, Scorecard
from kpi_tracker.reporting.faults import write_faults
from kpi_tracker.reporting.console import NARROW, console_for, status_text
from kpi_tracker.reporting.words import (
    NONE,
    STATUS_WORDS,
    amount,
    days,
    fraction,
    number,
    points,
    target_words,
    with_unit,
)

__all__ = ["write_report"]


def write_report(scorecard: Scorecard, file: IO[str], lang: str = "en", quiet: bool = False) -> None:
    """Write the report of `scorecard` to `file`; with `quiet` only what lags, what is missing and what is broken."""
    console, words = console_for(file), language(lang)
    if not quiet:
        _head(scorecard, console, words)
        _branches(scorecard, console, words)
    _lagging(scorecard, console, words)
    _problems(scorecard, console, words)
    write_faults(scorecard.diagnostics, file, lang)
    if not quiet:
        _foot(scorecard, console, words)


def _title(item: KpiScore | GoalScore, scorecard: Scorecard, words: Language) -> str:
    if isinstance(item, KpiScore):
        return plain(item.kpi.title.in_language(words.code))
    return plain((item.goal or scorecard.plan).title.in_language(words.code))


def _head(scorecard: Scorecard, console: Console, words: Language) -> None:
    top = scorecard.top
    console.print(Styled(_title(top, scorecard, words), style="bold"))
    told = [words.text(N_("as of {day}"), day=scorecard.as_of.isoformat())]
    if scorecard.known_at:
        told.append(words.text(N_("as known at {moment}"), moment=scorecard.known_at.isoformat(" ", "minutes")))
    told.append(words.text(N_("against {year}"), year=scorecard.plan.baseline_year))
    console.print(" · ".join(told))
    if scorecard.illustrative:
        console.print(Styled(words.text(N_("Illustrative data: figures made up to show the product, not real results")), "bold yellow"))
    line = Styled()
    line.append_text(status_text(top.status, words, top.severity))
    figures = [
        (N_("attainment"), fraction(top.attainment)), (N_("expected"), fraction(top.expected)),
        (N_("lag"), points(top.lag, words)),
    ]  # fmt: skip
    if isinstance(top, GoalScore):
        figures.append((N_("coverage"), fraction(top.coverage)))
    for name, value in figures:
        line.append(f" · {words.text(name)} {value}")
    console.print(line)
    if isinstance(top, GoalScore):
        counted = " · ".join(f"{words.text(STATUS_WORDS[status])} {n}" for status, n in top.counts.items())
        console.print(words.text(N_("KPIs: {counts}"), counts=counted))
        if top.incomplete:
            console.print(words.text(N_("Left out because of faults: {names}"), names=plain(", ".join(top.incomplete))))
    console.print()


def _branches(scorecard: Scorecard, console: Console, words: Language) -> None:
    depth = scorecard.branch.count("/") + 1 if scorecard.branch else 0
    goals = [goal for goal in scorecard.goals if goal.path.count("/") == depth and goal.path != scorecard.branch]
    if not goals:
        return
    if console.width < NARROW:
        for goal in goals:
            line = Styled(_title(goal, scorecard, words) + "  ")
            line.append_text(status_text(goal.status, words, goal.severity))
            console.print(line)
            console.print(f"  {fraction(goal.attainment)} / {fraction(goal.expected)} · {words.text(N_('coverage'))} {fraction(goal.coverage)}")
        console.print()
        return
    names = (N_("Branch"), N_("Status"), N_("Attainment"), N_("Expected"), N_("Lag"), N_("Coverage"), N_("Worst below"), N_("Lagging"))
    table = _table(words, names, right=(2, 3, 4, 5, 7))
    for goal in goals:
        lagging = sum(n for status, n in goal.counts.items() if status in LAGGING)
        whole = sum(goal.counts.values())
        table.add_row(
            _title(goal, scorecard, words), status_text(goal.status, words, goal.severity), fraction(goal.attainment),
            fraction(goal.expected), points(goal.lag, words), fraction(goal.coverage),
            status_text(goal.worst, words) if goal.worst else NONE, f"{lagging} / {whole}",
        )  # fmt: skip
    console.print(table)


def _lagging(scorecard: Scorecard, console: Console, words: Language) -> None:
    found = scorecard.lagging
    if not found:
        return
    heading = words.count(N_("{n} KPI lags, the worst first"), N_("{n} KPIs lag, the worst first"), len(found))
    console.print(Styled(heading, style="bold"))
    if console.width < NARROW:
        for kpi in found:
            _listed(kpi, scorecard, console, words)
        return
    names = (N_("KPI"), N_("Status"), N_("Value"), N_("Target"), N_("Attainment"), N_("Expected"), N_("Lag"), N_("Days"), N_("Needed a month"), N_("Owner"))
    table = _table(words, names, right=(2, 3, 4, 5, 6, 8))
    for kpi in found:
        owner = plain(kpi.kpi.owner.in_language(words.code)) if kpi.kpi.owner else NONE
        table.add_row(
            f"{_title(kpi, scorecard, words)}\n{kpi.path}", status_text(kpi.status, words, kpi.severity),
            _value(kpi, words), target_words(kpi.kpi, words), fraction(kpi.attainment), fraction(kpi.expected),
            points(kpi.lag, words), days(kpi.days_behind, words), _needed(kpi, words), owner,
        )  # fmt: skip
    console.print(table)


def _value(kpi: KpiScore, words: Language) -> str:
    return amount(kpi.kpi, kpi.value, words)


def _needed(kpi: KpiScore, words: Language) -> str:
    """Return the rate a month that still reaches the target, and how many times the rate so far that is."""
    if kpi.outlook.needed is None:
        return NONE
    text = with_unit(kpi.outlook.needed, kpi.kpi.unit, words)
    return text if kpi.outlook.ratio is None else f"{text} ({number(kpi.outlook.ratio, 1)}×)"


def _listed(kpi: KpiScore, scorecard: Scorecard, console: Console, words: Language) -> None:
    line = Styled(_title(kpi, scorecard, words) + "  ")
    line.append_text(status_text(kpi.status, words, kpi.severity))
    console.print(line)
    console.print(f"  {kpi.path}")
    reached = words.text(N_("{value}, target {target}"), value=_value(kpi, words), target=target_words(kpi.kpi, words))
    console.print(f"  {reached}")
    if kpi.lag is not None:
        behind = [words.text(N_("lag {lag}"), lag=points(kpi.lag, words))]
        if kpi.days_behind is not None:
            behind.append(days(kpi.days_behind, words))
        console.print("  " + " · ".join(behind))


def _problems(scorecard: Scorecard, console: Console, words: Language) -> None:
    found = scorecard.data_problems
    if not found:
        return
    heading = words.count(N_("{n} KPI without current data"), N_("{n} KPIs without current data"), len(found))
    console.print(Styled(heading, style="bold"))
    for kpi in found:
        line = Styled("  ")
        line.append_text(status_text(kpi.status, words))
        line.append(f" · {_title(kpi, scorecard, words)} ({kpi.path})")
        if kpi.next_due is not None and kpi.overdue:
            line.append(" · " + words.text(N_("figure was due by {day}"), day=kpi.next_due.isoformat()))
        if kpi.underlying is not None:
            old = words.text(STATUS_WORDS[kpi.underlying])
            line.append(" · " + words.text(N_("the data of {day} said: {status}"), day=kpi.data_date, status=old))
        if kpi.rows_left_out:
            line.append(" · " + words.count(N_("{n} row left out"), N_("{n} rows left out"), kpi.rows_left_out))
        console.print(line)
    console.print()


def _foot(scorecard: Scorecard, console: Console, words: Language) -> None:
    if scorecard.kpis:
        example = (scorecard.lagging or scorecard.kpis)[0]
        console.print(
            words.text(N_("How a figure came about: kpi-tracker explain PLAN {path}"), path=example.path), style="dim"
        )  # fmt: skip


def _table(words: Language, names: tuple[str, ...], right: tuple[int, ...]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for i, name in enumerate(names):
        table.add_column(words.text(name), justify="right" if i in right else "left", overflow="fold")
    return table

