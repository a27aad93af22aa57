"""A league as a report for people: who stands where, what lags in many groups, and figures to look at before they are believed."""

from collections.abc import Sequence
from typing import IO

from rich import box
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Styled

from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.language import N_, Language, language
from kpi_tracker.league.outlier import Outlier, Slip
from kpi_tracker.league.standing import Standing
from kpi_tracker.league.table import League
from kpi_tracker.reporting.console import NARROW, Sheet, console_for, status_text
from kpi_tracker.reporting.faults import write_faults
from kpi_tracker.reporting.words import NONE, amount, fraction, lag_words, number

__all__ = ["SHOWN", "times_words", "write_league"]

SHOWN = 20
"""So many of the best and so many of the worst stand in the table, unless more are asked for."""
MOST_ODD = 20
"""So many outliers are listed; the JSON has all."""
INDENT = (0, 0, 0, 2)


def write_league(league: League, file: IO[str], lang: str = "en", top: int = SHOWN) -> None:
    """Write the league to `file`: at most the first `top` and the last `top` groups, all of them with 0."""
    console, words = console_for(file), language(lang)
    _head(league, console, words)
    _table_of_groups(league, console, words, top)
    _unranked(league, console, words, top)
    _kpis(league, console, words)
    _odd(league, console, words)
    if league.diagnostics:
        console.gap()
        write_faults(league.diagnostics, file, lang)


def _section(console: Sheet, heading: str) -> None:
    console.gap()
    console.print(Styled(heading, style="bold"))


def _head(league: League, console: Sheet, words: Language) -> None:
    console.print(Styled(plain(league.plan.title.in_language(words.code)), style="bold"))
    n = len(league.standings)
    told = [
        words.text(N_("as of {day}"), day=league.as_of.isoformat()),
        words.count(N_("{n} group"), N_("{n} groups"), n),
        words.text(N_("{n} ranked"), n=len(league.ranked)),
        words.text(N_("{n} not ranked"), n=len(league.unranked)),
    ]
    console.print(" · ".join(told))
    line = Styled()
    for status, count in league.counts.items():
        line.append(" · " if line else "")
        line.append_text(status_text(status, words))
        line.append(f" {count}")
    console.print(line)
    if league.illustrative:
        console.print(words.text(N_("with illustrative data, not real results")), style="magenta")


def _name(one: Standing, words: Language, apart: str = "\n") -> Styled:
    title = plain(one.group.title.in_language(words.code))
    line = Styled(title)
    if title != one.group.id:
        line.append(apart)
        line.append(plain(one.group.id), style="dim")
    return line


def _table_of_groups(league: League, console: Sheet, words: Language, top: int) -> None:
    ranked = league.ranked
    if not ranked:
        return
    console.print()
    first, last = (ranked, ()) if not top or len(ranked) <= 2 * top else (ranked[:top], ranked[-top:])
    if console.width < NARROW:
        _listed(first, last, len(ranked), console, words)
        return
    heads = (N_("Rank"), N_("Group"), N_("Status"), N_("Attainment"), N_("Expected"), N_("Lag"), N_("Coverage"),
             N_("Worst below"), N_("Lagging"), N_("Data problems"))  # fmt: skip
    table = _grid([words.text(head) for head in heads], right=(0, 3, 4, 5, 6, 8, 9))
    for one in first:
        table.add_row(*_cells(one, words))
    if last:
        table.add_row("…", _between(len(ranked) - 2 * top, words))
        for one in last:
            table.add_row(*_cells(one, words))
    console.print(table)


def _between(n: int, words: Language) -> str:
    return words.count(N_("{n} more group"), N_("{n} more groups"), n)


def _cells(one: Standing, words: Language) -> tuple[str | Styled, ...]:
    return (
        str(one.rank), _name(one, words, "  "), status_text(one.status, words, one.severity), fraction(one.attainment),
        fraction(one.expected), lag_words(one.lag, words), fraction(one.coverage),
        status_text(one.worst, words) if one.worst else NONE, f"{one.lagging} / {one.judged}", str(one.data_problems),
    )  # fmt: skip


def _listed(
    first: Sequence[Standing], last: Sequence[Standing], whole: int, console: Sheet, words: Language
) -> None:  # fmt: skip
    for i, one in enumerate((*first, *last)):
        if last and i == len(first):
            console.print(f"… {_between(whole - len(first) - len(last), words)}")
        line = Styled(f"{one.rank}. ").append_text(_name(one, words, "  ")).append("  ")
        console.print(line.append_text(status_text(one.status, words, one.severity)))
        covered = f"{words.text(N_('coverage'))} {fraction(one.coverage)}"
        lagging = f"{words.text(N_('Lagging'))} {one.lagging} / {one.judged}"
        figures = f"{fraction(one.attainment)} / {fraction(one.expected)}"
        console.print(Padding(" · ".join((figures, covered, lagging)), INDENT))


def _unranked(league: League, console: Sheet, words: Language, top: int) -> None:
    found = league.unranked
    if not found:
        return
    heading = words.count(N_("{n} group is not ranked: too little is known of it"),
                          N_("{n} groups are not ranked: too little is known of them"), len(found))  # fmt: skip
    _section(console, heading)
    shown = found if not top else found[: 2 * top]
    for one in shown:
        line = status_text(one.status, words, one.severity).append("  ").append_text(_name(one, words, "  "))
        line.append(f" · {words.text(N_('coverage'))} {fraction(one.coverage)}")
        if nothing := one.data_problems:
            told = words.count(N_("{n} KPI without a current figure"), N_("{n} KPIs without a current figure"), nothing)
            line.append(f" · {told}")
        console.print(Padding(line, INDENT))
    if len(found) > len(shown):
        console.print(Padding(f"… {_between(len(found) - len(shown), words)}", INDENT))


def _kpis(league: League, console: Sheet, words: Language) -> None:
    found = league.lagging_kpis
    if not found:
        return
    _section(console, words.count(N_("{n} KPI lags in some group, that of most groups first"),
                                  N_("{n} KPIs lag in some group, that of most groups first"), len(found)))  # fmt: skip
    if console.width < NARROW:
        for one in found:
            title = plain(league.kpis[one.kpi].title.in_language(words.code))
            told = words.text(N_("lags in {n} of {groups}"), n=one.lagging, groups=one.groups)
            median = f"{words.text(N_('Median'))} {fraction(one.median)}"
            console.print(Padding(f"{title} · {told} · {median}", INDENT))
        return
    console.print()
    heads = (N_("KPI"), N_("Groups lagging"), N_("Without data"), N_("On track"), N_("Lower quarter"), N_("Median"),
             N_("Upper quarter"))  # fmt: skip
    table = _grid([words.text(head) for head in heads], right=(1, 2, 3, 4, 5, 6))
    for one in found:
        name = Styled(plain(league.kpis[one.kpi].title.in_language(words.code)))
        table.add_row(
            name.append("  ").append(one.kpi, style="dim"), str(one.lagging), str(one.without_data), str(one.on_track),
            fraction(one.lower), fraction(one.median), fraction(one.upper),
        )  # fmt: skip
    console.print(table)


def _odd(league: League, console: Sheet, words: Language) -> None:
    """List what is to be looked at before it is believed."""
    if league.slips:
        heading = N_("Likely slips of the unit: the value against its target, compared with the other groups")
        _section(console, words.text(heading))
        for slip in league.slips[:MOST_ODD]:
            console.print(Padding(_slip(slip, league, words), INDENT))
        _and_more(len(league.slips), console, words)
    if league.outliers:
        heading = N_("Far from the other groups (modified z-score of 3.5 or more)")
        _section(console, words.text(heading))
        for outlier in league.outliers[:MOST_ODD]:
            console.print(Padding(_outlier(outlier, league, words), INDENT))
        _and_more(len(league.outliers), console, words)


def _and_more(n: int, console: Sheet, words: Language) -> None:
    if n > MOST_ODD:
        console.print(Padding("… " + words.text(N_("{n} more"), n=n - MOST_ODD), INDENT))


def _about(group: str, kpi: str, league: League, words: Language) -> str:
    name = _name(league.groups[group], words, " ").plain
    return f"{name} · {plain(league.kpis[kpi].title.in_language(words.code))} ({kpi})"


def _slip(slip: Slip, league: League, words: Language) -> str:
    value = amount(league.kpis[slip.kpi], slip.value, words)
    return f"{_about(slip.group, slip.kpi, league, words)} · {value} · {times_words(slip.times, words)}"


def times_words(times: float, words: Language) -> str:
    """Return how many times the usual something is, or what part of it."""
    if times >= 1:
        return words.text(N_("{n} times the usual"), n=number(times, 0))
    return words.text(N_("1/{n} of the usual"), n=number(1 / times, 0))


def _outlier(outlier: Outlier, league: League, words: Language) -> str:
    told = words.text(
        N_("attainment {reached}, median {median}, z {z}"), reached=fraction(outlier.attainment),
        median=fraction(outlier.median), z=number(outlier.z, 1),
    )  # fmt: skip
    return f"{_about(outlier.group, outlier.kpi, league, words)} · {told}"


def _grid(names: list[str], right: tuple[int, ...]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    for i, name in enumerate(names):
        table.add_column(name, justify="right" if i in right else "left", overflow="fold")
    return table
