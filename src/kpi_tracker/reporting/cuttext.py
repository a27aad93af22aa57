"""A cut by a dimension as text: each member with its part of every KPI, and who has not reported."""

from rich import box
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Styled

from kpi_tracker.cut import Cut, MemberCut, Standing
from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.language import N_, Language
from kpi_tracker.model.measure import LAGGING, Measure, Status
from kpi_tracker.model.scorecard import KpiScore
from kpi_tracker.reporting.console import Sheet, status_text
from kpi_tracker.reporting.parts import listed
from kpi_tracker.reporting.words import NONE, STATUS_WORDS, amount, difference, fraction, number, target_words

__all__ = ["against_base_year", "counts_words", "part_status", "part_target", "part_value", "write_cut"]

ROOMY = 100
INDENT = (0, 0, 0, 2)
NOT_JUDGED = N_("no target")


def write_cut(cut: Cut, console: Sheet, words: Language, quiet: bool = False) -> None:
    """Write a section for each member; with `quiet` only what lags in it and what it has not reported."""
    console.gap()
    heading = words.text(N_("By {dimension}"), dimension=plain(cut.dimension.title.in_language(words.code)))
    console.print(Styled(heading, style="bold"))
    if not cut.kpis:
        console.print(Padding(words.text(N_("No KPI is taken apart by it.")), INDENT))
    for member in cut.members:
        shown = [one for one in member.standings if not quiet or _calls(one)]
        if shown:
            console.gap()
            _write_member(member, shown, console, words)


def _calls(one: Standing) -> bool:
    return one.unreported or one.part.score.status in LAGGING


def _write_member(member: MemberCut, shown: list[Standing], console: Sheet, words: Language) -> None:
    head = Styled(plain(member.member.title.in_language(words.code)), style="bold")
    owner = member.member.owner
    told = [*([plain(owner.in_language(words.code))] if owner else []), counts_words(member, words)]
    head.append("".join(f" · {part}" for part in told), style="not bold")
    console.print(head)
    if missing := member.unreported:
        names = listed(tuple(one.whole.kpi.title.in_language(words.code) for one in missing), words)
        console.print(Padding(Styled(words.text(N_("not reported: {names}"), names=names), "yellow"), INDENT))
    if console.width < ROOMY:
        for one in shown:
            _listed(one, console, words)
    else:
        console.print(Padding(_table(shown, words), INDENT))


def _table(shown: list[Standing], words: Language) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    names = (N_("KPI"), N_("Status"), N_("Value"), N_("Target"), N_("Attainment"), N_("Expected"), N_("Share of the total"),
             N_("Against the base year"), N_("As of"))  # fmt: skip
    for i, name in enumerate(names):
        table.add_column(words.text(name), justify="right" if 2 <= i <= 7 else "left", overflow="fold")  # noqa: PLR2004
    for one in shown:
        score = one.part.score
        table.add_row(
            plain(one.whole.kpi.title.in_language(words.code)), part_status(score, words), part_value(score, words),
            part_target(score, words), fraction(score.attainment), fraction(score.expected), fraction(one.part.share),
            against_base_year(score, words), score.data_date.isoformat() if score.data_date else NONE,
        )  # fmt: skip
    return table


def _listed(one: Standing, console: Sheet, words: Language) -> None:
    score = one.part.score
    line = Styled(plain(one.whole.kpi.title.in_language(words.code)) + "  ")
    line.append_text(part_status(score, words))
    console.print(Padding(line, INDENT))
    told = [
        words.text(N_("{value}, target {target}"), value=part_value(score, words), target=part_target(score, words))
    ]
    if score.attainment is not None:
        told.append(f"{fraction(score.attainment)} / {fraction(score.expected)}")
    if one.part.share is not None:
        told.append(words.text(N_("{share} of the total"), share=fraction(one.part.share)))
    if score.comparisons:
        told.append(words.text(N_("{change} against the base year"), change=against_base_year(score, words)))
    console.print(Padding(" · ".join(told), (0, 0, 0, 4)))


def part_status(score: KpiScore, words: Language) -> Styled:
    """Return the status of a part; of one that nothing is planned for, nothing."""
    return Styled(NONE) if score.status is Status.UNKNOWN else status_text(score.status, words, score.severity)


def part_value(score: KpiScore, words: Language) -> str:
    """Return what a part has reached."""
    return amount(score.kpi, score.value, words)


def part_target(score: KpiScore, words: Language) -> str:
    """Return the member's own target; nothing where the plan states none."""
    return (
        NONE
        if score.kpi.target is None and score.kpi.measure is not Measure.MILESTONE
        else target_words(score.kpi, words)
    )


def against_base_year(score: KpiScore, words: Language) -> str:
    """Return the change against the member's own baseline, in per cent where that has a meaning."""
    if not score.comparisons:
        return NONE
    first = score.comparisons[0]
    if first.relative is None:
        return difference(first.change, score.kpi.unit, words)
    return ("+" if first.relative > 0 else "") + number(first.relative * 100, 1) + "%"


def counts_words(member: MemberCut, words: Language) -> str:
    """Return how many parts of a member have each status, and how many are not judged for want of a target."""
    told = [
        f"{words.text(NOT_JUDGED if status is Status.UNKNOWN else STATUS_WORDS[status])} {n}"
        for status, n in member.counts.items()
    ]
    return words.text(N_("KPIs: {counts}"), counts=" · ".join(told) or NONE)
