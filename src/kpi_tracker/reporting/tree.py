"""The tree of a plan with the status of everything in it."""

from typing import IO

from rich.text import Text as Styled
from rich.tree import Tree

from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.language import N_, Language, language
from kpi_tracker.model.measure import Basis
from kpi_tracker.model.scorecard import GoalScore, KpiScore, Scorecard
from kpi_tracker.reporting.console import console_for, status_text
from kpi_tracker.reporting.words import baseline_words, fraction, reached, target_words

__all__ = ["write_tree"]


def write_tree(scorecard: Scorecard, file: IO[str], lang: str = "en") -> None:
    """Write the tree of goals and KPIs to `file`: status, attainment against what is expected, baseline and target."""
    words, console = language(lang), console_for(file)
    top = scorecard.top
    branches = {top.path: Tree(_line(top, scorecard, words), guide_style="dim")}
    for item in scorecard.walk():
        if item is not top:
            above = item.path.rpartition("/")[0]
            branches[item.path] = branches[above].add(_line(item, scorecard, words))
    console.print(branches[top.path])


def _line(item: KpiScore | GoalScore, scorecard: Scorecard, words: Language) -> Styled:
    line = Styled()
    line.append_text(status_text(item.status, words, item.severity))
    if isinstance(item, KpiScore):
        kpi = item.kpi
        line.append(f"  {plain(kpi.title.in_language(words.code))}")
        line.append(f"  [{item.path.rpartition('/')[2]}]", style="dim")
        if item.value is not None:
            line.append(f"  {reached(item, words)}")
        course = f"{baseline_words(kpi, words)} → {target_words(kpi, words)}"
        line.append(f"  {course}", style="yellow" if kpi.target and kpi.target.basis is Basis.ASSUMED else "")
        return line
    goal = item.goal
    title = (goal or scorecard.plan).title.in_language(words.code)
    line.append(f"  {plain(title)}", style="bold")
    line.append(f"  [{goal.id if goal else scorecard.plan.id}]", style="dim")
    line.append(f"  {fraction(item.attainment)} / {fraction(item.expected)}")
    if item.coverage is not None and item.coverage < 1:
        line.append("  " + words.text(N_("coverage {share}"), share=fraction(item.coverage)), style="magenta")
    supporting = sum(share.support for share in item.shares)
    if supporting:
        line.append("  " + words.count(N_("{n} item supports it"), N_("{n} items support it"), supporting), style="dim")
    return line
