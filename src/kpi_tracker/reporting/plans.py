"""The check of several plans as one report for people: each plan's own report, and a table that closes it."""

from collections.abc import Iterable
from typing import IO, NamedTuple

from rich import box
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Styled

from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.language import N_, Language, language
from kpi_tracker.model.scorecard import GoalScore
from kpi_tracker.outcome import BROKEN, NOTHING, REPORTED
from kpi_tracker.reporting.checked import Checked
from kpi_tracker.reporting.console import ROOMY, Sheet, console_for, status_text
from kpi_tracker.reporting.faults import write_faults
from kpi_tracker.reporting.textreport import write_report
from kpi_tracker.reporting.words import NONE, fraction, points

__all__ = ["write_plans"]

CODE_WORDS = {NOTHING: N_("in order"), REPORTED: N_("something to report"), BROKEN: N_("broken or not judged")}


class _Line(NamedTuple):
    """What the closing table says of a plan."""

    source: str
    status: Styled
    attainment: str
    expected: str
    lag: str
    coverage: str
    lagging: str
    problems: str
    code: int


def write_plans(checked: Iterable[Checked], file: IO[str], lang: str, fail_on: str, quiet: bool = False) -> None:
    """Write the reports one after the other as they come, then the table.

    With `quiet` a plan without anything to tell is left out, and where that is all of them nothing is written.
    """
    words = language(lang)
    lines: list[_Line] = []
    told = False
    for one in checked:
        line = _line(one, words, fail_on)
        if not quiet or _tells(one) or line.code == BROKEN:
            if told:
                file.write("\n")
            told = True
            _write_one(one, file, lang, quiet)
        lines.append(line)
    if told:
        _write_table(lines, console_for(file), words)


def _tells(one: Checked) -> bool:
    """Tell whether a quiet report has something to say."""
    card = one.scorecard
    known = one.since is not None and one.flags is not None  # what lags still was told when it was new
    left = card and not known and (card.lagging or card.data_problems)
    return bool(one.diagnostics or one.changes or one.events or left)


def _write_one(one: Checked, file: IO[str], lang: str, quiet: bool) -> None:
    console = console_for(file)
    console.print(Styled(f"▌{plain(one.source)}", style="bold"), soft_wrap=True)
    if one.scorecard is None:
        write_faults(one.diagnostics, file, lang)
    else:
        write_report(one.scorecard, file, lang, quiet, one.changes, one.since, one.flags, one.events)
    if one.obstacle is not None:
        console.print(language(lang).phrase(one.obstacle))


def _line(one: Checked, words: Language, fail_on: str) -> _Line:
    code, source = one.code(fail_on), plain(one.source)
    card = one.scorecard
    if card is None:
        return _Line(source, Styled(NONE), NONE, NONE, NONE, NONE, NONE, NONE, code)
    top = card.top
    return _Line(
        source, status_text(top.status, words, top.severity), fraction(top.attainment), fraction(top.expected),
        points(top.lag, words), fraction(top.coverage) if isinstance(top, GoalScore) else NONE,
        f"{len(card.lagging)} / {len(card.kpis)}", str(len(card.data_problems)), code,
    )  # fmt: skip


def _write_table(lines: list[_Line], console: Sheet, words: Language) -> None:
    heading = words.count(N_("{n} plan"), N_("{n} plans"), len(lines))
    console.print()
    console.print(Styled(heading, style="bold"))
    if console.width < ROOMY:
        for line in lines:
            console.print(Styled(f"{line.source}  ").append_text(line.status))
            console.print(Padding(f"{line.attainment} / {line.expected} · {_end(line, words)}", (0, 0, 0, 2)))
        return
    names = (
        N_("Plan"), N_("Status"), N_("Attainment"), N_("Expected"), N_("Lag"), N_("Coverage"), N_("Lagging"),
        N_("Data problems"), N_("Ends with"),
    )  # fmt: skip
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    for i, name in enumerate(names):
        table.add_column(words.text(name), justify="right" if 2 <= i <= 7 else "left", overflow="fold")  # noqa: PLR2004 - figures
    for line in lines:
        table.add_row(*line[:-1], _end(line, words))
    console.print(table)


def _end(line: _Line, words: Language) -> str:
    return f"{line.code}: {words.text(CODE_WORDS[line.code])}"
