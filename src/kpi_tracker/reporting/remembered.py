"""What history remembers, in words: the runs of a plan, and how one item stood from night to night."""

from collections.abc import Sequence
from itertools import groupby
from typing import IO

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text as Styled

from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.history.run import Point, Run
from kpi_tracker.language import N_, Language, language
from kpi_tracker.model.measure import LAGGING, UNSCORED
from kpi_tracker.model.scorecard import GoalScore, KpiScore
from kpi_tracker.reporting.console import Sheet, console_for, status_text
from kpi_tracker.reporting.words import NONE, fraction, points, reached, target_words

__all__ = ["sparkline", "write_course", "write_runs"]

BLOCKS = "▁▂▃▄▅▆▇█"
GAP = "·"
SPARK_WIDTH = 60
"""A sparkline has at most so many signs; where there are more nights, each stands for the last of several."""
COMMIT = 10
"""How many digits of a commit tell it from others."""


def write_runs(course: Sequence[Point], file: IO[str], lang: str = "en") -> None:
    """Write the runs of a plan, one a day: how the whole stood in each."""
    words, console = language(lang), console_for(file)
    console.print(Styled(plain(course[-1].run.plan), style="bold"))
    table = _table(words, (N_("as of"), N_("status"), N_("attainment"), N_("expected"), N_("coverage"), N_("lagging"),
                           N_("data problems"), N_("commit"), N_("version")), {2, 3, 4, 5, 6})  # fmt: skip
    for point in course:
        score = point.score
        assert isinstance(score, GoalScore)  # noqa: S101 - it is the plan's own
        lagging, missing = (sum(score.counts.get(one, 0) for one in some) for some in (LAGGING, UNSCORED))
        table.add_row(
            point.run.as_of.isoformat(), status_text(score.status, words, score.severity), fraction(score.attainment),
            fraction(score.expected), fraction(score.coverage), str(lagging), str(missing), _commit(point.run, words),
            plain(point.run.version),
        )  # fmt: skip
    console.print(table)
    _spark(course, console, words)


def write_course(course: Sequence[Point], file: IO[str], lang: str = "en") -> None:
    """Write how one item stood: a row for each stretch of nights in which nothing of it changed."""
    words, console, last = language(lang), console_for(file), course[-1].score
    item = last.kpi if isinstance(last, KpiScore) else last.goal
    assert item is not None  # noqa: S101 - of the whole plan the runs are shown
    console.print(
        Styled(plain(item.title.in_language(words.code)), style="bold"), Styled(f"[{plain(last.path)}]", "dim")
    )
    table = _table(words, (N_("from"), N_("to"), N_("status"), N_("value"), N_("target"), N_("attainment"), N_("expected"),
                           N_("lag")), {3, 4, 5, 6, 7})  # fmt: skip
    for _, same in groupby(course, lambda point: _shown(point.score, words)):
        stretch = list(same)
        score = stretch[0].score
        status = status_text(score.status, words, score.severity)
        days = (stretch[0].run.as_of.isoformat(), stretch[-1].run.as_of.isoformat())
        table.add_row(*days, status, *_shown(score, words)[1:])
    console.print(table)
    _spark(course, console, words)


def _shown(score: KpiScore | GoalScore, words: Language) -> tuple[str, ...]:
    """Return the cells of an item."""
    value, target = NONE, NONE
    if isinstance(score, KpiScore):
        value, target = reached(score, words), target_words(score.kpi, words)
    return (f"{score.status}{score.severity}", value, target, fraction(score.attainment), fraction(score.expected),
            points(score.lag, words))  # fmt: skip


def _commit(run: Run, words: Language) -> str:
    if run.commit is None:
        return NONE
    commit = run.commit[:COMMIT]
    return words.text(N_("{commit} and changes"), commit=commit) if run.dirty else commit


def _table(words: Language, heads: Sequence[str], right: set[int]) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for i, head in enumerate(heads):
        table.add_column(words.text(head), justify="right" if i in right else "left", no_wrap=i < 2, overflow="fold")  # noqa: PLR2004
    return table


def _spark(course: Sequence[Point], console: Sheet, words: Language) -> None:
    figures = [point.score.attainment for point in course]
    known = [figure for figure in figures if figure is not None]
    if known:
        span = words.text(N_("attainment {low} … {high}"), low=fraction(min(known)), high=fraction(max(known)))
        console.gap()
        console.print(f"{sparkline(figures)}  {span}")


def sparkline(figures: Sequence[float | None]) -> str:
    """Return figures as a line of blocks, the least of them the lowest; what has no figure is a dot."""
    step = -(-len(figures) // SPARK_WIDTH)
    kept = [figures[min(i + step, len(figures)) - 1] for i in range(0, len(figures), step or 1)]
    known = [figure for figure in kept if figure is not None]
    low, height = (min(known), max(known) - min(known)) if known else (0.0, 0.0)
    top = len(BLOCKS) - 1
    return "".join(
        GAP if figure is None else BLOCKS[round((figure - low) / height * top) if height else 0] for figure in kept
    )
