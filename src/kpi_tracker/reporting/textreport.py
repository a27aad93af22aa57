"""The check as a report for people: the whole, its branches, what lags, what is missing, what is broken."""

from datetime import date, time
from typing import IO, TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Styled

from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.language import N_, Language, language
from kpi_tracker.model.scorecard import GoalScore, KpiScore, Scorecard
from kpi_tracker.reporting.account import data_remarks
from kpi_tracker.reporting.console import NARROW, ROOMY, Sheet, console_for, status_text
from kpi_tracker.reporting.faults import write_faults
from kpi_tracker.reporting.listing import INDENT, table_of
from kpi_tracker.reporting.words import (
    NONE,
    a_month,
    counted,
    course,
    days,
    fraction,
    lag_words,
    number,
    original_words,
    reached,
    target_words,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kpi_tracker.changes import Change
    from kpi_tracker.flags.events import Event
    from kpi_tracker.flags.flag import Flag

__all__ = ["write_report"]


def write_report(
    scorecard: Scorecard, file: IO[str], lang: str = "en", quiet: bool = False,
    changes: "tuple[Change, ...]" = (), since: date | None = None, flags: "Mapping[str, Flag] | None" = None,
    events: "tuple[Event, ...]" = (), by: str | None = None,
) -> None:  # fmt: skip
    """Write the report of `scorecard` to `file`; with `quiet` only what lags, what is missing and what is broken.

    With `by`, the name of a dimension, what its members have stands in place of the branches.

    With `since` it says what changed since the end of that day; with `quiet` too, but only where something did. `flags`
    are those that history keeps, `events` what became of them tonight. A quiet report of a night that history knows the
    one before of is of what is new alone: changes, events and faults, or nothing at all.
    """
    console, words = console_for(file), language(lang)
    if not quiet:
        _head(scorecard, console, words)
        if by is None:
            _branches(scorecard, console, words)
    if by is not None and not (quiet and since is not None and flags is not None):
        _cut(scorecard, by, console, words, quiet)
    if since is not None and (changes or events or not quiet):
        from kpi_tracker.reporting.changedtext import write_changes

        write_changes(changes, since, console, words, bool(events))
    if events:
        from kpi_tracker.reporting.flagged import write_events

        write_events(events, scorecard, console, words)
    if not (quiet and since is not None and flags is not None):
        _lagging(scorecard, console, words)
        if not quiet:
            _amended(scorecard, console, words)
        _problems(scorecard, console, words)
    if flags and not quiet:
        from kpi_tracker.reporting.flagged import write_flags

        console.gap()
        write_flags(flags, scorecard, file, lang)
    if scorecard.diagnostics:
        console.gap()
        write_faults(scorecard.diagnostics, file, lang)
    if not quiet:
        _foot(scorecard, console, words)


def _cut(scorecard: Scorecard, by: str, console: Sheet, words: Language, quiet: bool) -> None:
    from kpi_tracker.cut import cut_by
    from kpi_tracker.reporting.cuttext import write_cut

    write_cut(cut_by(scorecard, by), console, words, quiet)


def _section(console: Sheet, heading: str) -> None:
    console.gap()
    console.print(Styled(heading, style="bold"))


def _title(item: KpiScore | GoalScore, scorecard: Scorecard, words: Language) -> str:
    if isinstance(item, KpiScore):
        return plain(item.kpi.title.in_language(words.code))
    return plain((item.goal or scorecard.plan).title.in_language(words.code))


def _head(scorecard: Scorecard, console: Sheet, words: Language) -> None:
    top = scorecard.top
    console.print(Styled(_title(top, scorecard, words), style="bold"))
    told = [words.text(N_("as of {day}"), day=scorecard.as_of.isoformat())]
    if scorecard.known_until:
        told.append(words.text(N_("as known at {moment}"), moment=scorecard.known_until.isoformat(" ", "minutes")))
    told.append(words.text(N_("against {year}"), year=scorecard.plan.baseline_year))
    console.print(" · ".join(told))
    if scorecard.illustrative:
        warning = words.text(N_("Illustrative data: figures made up to show the product, not real results"))
        console.print(Styled(warning, "bold yellow"))
    line = Styled()
    line.append_text(status_text(top.status, words, top.severity))
    figures = [
        f"{words.text(N_('attainment'))} {fraction(top.attainment)}", f"{words.text(N_('expected'))} {fraction(top.expected)}",
        f"{words.text(N_('lag'))} {NONE}" if top.lag is None else course(top.lag, words),
    ]  # fmt: skip
    if isinstance(top, GoalScore):
        figures.append(f"{words.text(N_('coverage'))} {fraction(top.coverage)}")
    for figure in figures:
        line.append(f" · {figure}")
    console.print(line)
    if isinstance(top, GoalScore):
        if top.counts:  # none where every KPI is broken
            console.print(counted(top, words))
        if top.incomplete:
            console.print(words.text(N_("Left out because of faults: {names}"), names=plain(", ".join(top.incomplete))))


def _branches(scorecard: Scorecard, console: Sheet, words: Language) -> None:
    depth = scorecard.branch.count("/") + 1 if scorecard.branch else 0
    goals = [goal for goal in scorecard.goals if goal.path.count("/") == depth and goal.path != scorecard.branch]
    if not goals:
        return
    console.print()
    if console.width < NARROW:
        for goal in goals:
            line = Styled(_title(goal, scorecard, words) + "  ")
            line.append_text(status_text(goal.status, words, goal.severity))
            console.print(line)
            covered = f"{words.text(N_('coverage'))} {fraction(goal.coverage)}"
            console.print(Padding(f"{fraction(goal.attainment)} / {fraction(goal.expected)} · {covered}", INDENT))
        return
    names = (
        N_("Branch"), N_("Status"), N_("Attainment"), N_("Expected"), N_("Lag"), N_("Coverage"), N_("Worst below"),
        N_("Lagging"),
    )  # fmt: skip
    table = table_of([words.text(name) for name in names], right=(2, 3, 4, 5, 7))
    for goal in goals:
        table.add_row(
            _title(goal, scorecard, words), status_text(goal.status, words, goal.severity), fraction(goal.attainment),
            fraction(goal.expected), lag_words(goal.lag, words), fraction(goal.coverage),
            status_text(goal.worst, words) if goal.worst else NONE, f"{goal.lagging_count} / {goal.judged_count}",
        )  # fmt: skip
    console.print(table)


def _lagging(scorecard: Scorecard, console: Sheet, words: Language) -> None:
    found = scorecard.lagging
    if not found:
        return
    _section(console, words.count(N_("{n} KPI lags, the worst first"), N_("{n} KPIs lag, the worst first"), len(found)))
    if console.width < ROOMY:
        for kpi in found:
            _listed(kpi, scorecard, console, words)
        return
    console.print()
    titles = (  # two lines a row, so that names keep their room
        (N_("KPI"), ""), (N_("Status"), ""), (N_("Value"), N_("Target")), (N_("Attainment"), N_("Expected")),
        (N_("Lag"), N_("Days")), (N_("What it takes"), ""), (N_("Owner"), ""),
    )  # fmt: skip
    table = table_of(["\n".join(words.text(name) for name in pair if name) for pair in titles], right=(2, 3, 4, 5))
    for kpi in found:
        needed = [a_month(kpi.kpi, kpi.outlook.needed, words)]
        if kpi.outlook.ratio is not None and kpi.outlook.ratio > 0:  # so far it went the other way: no multiple of that
            needed.append(f"{number(kpi.outlook.ratio, 1)}×")
        table.add_row(
            Styled(_title(kpi, scorecard, words) + "\n").append(kpi.id, style="dim"),
            status_text(kpi.status, words, kpi.severity),
            f"{reached(kpi, words, scorecard.known_at)}\n{target_words(kpi.kpi, words)}",
            f"{fraction(kpi.attainment)}\n{fraction(kpi.expected)}",
            f"{lag_words(kpi.lag, words)}\n{days(kpi.days_behind, words)}",
            "\n".join(needed),
            plain(kpi.kpi.owner.in_language(words.code)) if kpi.kpi.owner else NONE,
        )
    console.print(table)


def _listed(kpi: KpiScore, scorecard: Scorecard, console: Sheet, words: Language) -> None:
    line = Styled(_title(kpi, scorecard, words) + "  ")
    line.append_text(status_text(kpi.status, words, kpi.severity))
    console.print(line)
    console.print(Padding(kpi.path, INDENT))
    held = reached(kpi, words, scorecard.known_at)
    told = words.text(N_("{value}, target {target}"), value=held, target=target_words(kpi.kpi, words))
    console.print(Padding(told, INDENT))
    shown = []
    if kpi.lag is not None:
        shown.append(f"{fraction(kpi.attainment)} / {fraction(kpi.expected)}")
        shown.append(course(kpi.lag, words))
    if kpi.days_behind is not None:
        shown.append(days(kpi.days_behind, words))
    if kpi.kpi.owner:
        shown.append(plain(kpi.kpi.owner.in_language(words.code)))
    if shown:
        console.print(Padding(" · ".join(shown), INDENT))


def _amended(scorecard: Scorecard, console: Sheet, words: Language) -> None:
    """Tell of every amended KPI how it stands against what was first set, a line each."""
    found = [(kpi, told) for kpi in scorecard.kpis if (told := original_words(kpi, words))]
    if found:
        console.gap()
    for kpi, told in found:
        console.print(Styled(f"{_title(kpi, scorecard, words)} ({kpi.path}) · {told}"))


def _problems(scorecard: Scorecard, console: Sheet, words: Language) -> None:
    found = scorecard.data_problems
    if not found:
        return
    heading = words.count(
        N_("{n} KPI whose data are missing, old or incomplete"),
        N_("{n} KPIs whose data are missing, old or incomplete"),
        len(found),
    )
    _section(console, heading)
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for kpi in found:
        line = Styled(f"{_title(kpi, scorecard, words)} ({kpi.path})")
        for remark in data_remarks(kpi, words):
            line.append(" · " + remark)
        grid.add_row(status_text(kpi.status, words), line)
    console.print(Padding(grid, INDENT))


def _foot(scorecard: Scorecard, console: Sheet, words: Language) -> None:
    if scorecard.kpis:
        console.print()
        told = words.text(N_("How a figure came about: {command}"), command=plain(_command(scorecard)))
        console.print(told, style="dim", soft_wrap=True)


def _command(scorecard: Scorecard) -> str:
    """Return the command that explains a figure of this very scorecard: as of its day, as known then, at its revision."""
    example = (scorecard.lagging or scorecard.kpis)[0]
    command = f"kpi-tracker explain {scorecard.plan.where.file} {example.path} --as-of {scorecard.as_of}"
    if (known := scorecard.known_at) is not None:
        command += f" --known-at {known.date() if known.time() == time.max else known.isoformat(timespec='seconds')}"
    if scorecard.plan_rev is not None:
        from shlex import quote

        command += f" --plan-rev {quote(scorecard.plan_rev)}"
    return command
