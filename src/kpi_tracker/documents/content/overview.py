"""The result at a glance: the headline of a page, and what must be said beside it."""

from collections.abc import Iterator

from kpi_tracker.documents.blocks import Block, Chart, Count, Headline, Paragraph, Reading
from kpi_tracker.documents.charts.counts import counts_bar
from kpi_tracker.documents.content.cells import badge, score_badge
from kpi_tracker.documents.content.material import Material
from kpi_tracker.documents.content.problems import data_remarks
from kpi_tracker.documents.content.verdict import goal_verdict, kpi_verdict
from kpi_tracker.language import N_
from kpi_tracker.model.kpi import Exempt
from kpi_tracker.model.measure import WORST_FIRST, Status
from kpi_tracker.model.scorecard import GoalScore, KpiScore
from kpi_tracker.reporting.decided import exempt_words
from kpi_tracker.reporting.words import days, fraction, lag_words, reached

__all__ = ["goal_overview", "kpi_overview"]


def goal_overview(score: GoalScore, material: Material) -> tuple[Block, ...]:
    """Return the headline of a goal or of the plan with its counts, the verdict in words, and what holds it down."""
    words = material.words
    unsaid = sum(score.counts.values()) - score.judged_count
    not_judged = words.count(N_("{n} more not judged"), N_("{n} more not judged"), unsaid) if unsaid else ""
    readings = (
        Reading(words.text(N_("Attainment")), fraction(score.attainment), _reason(score, "attainment", material)),
        Reading(words.text(N_("Expected")), fraction(score.expected)),
        Reading(words.text(N_("Lag")), lag_words(score.lag, words)),
        Reading(words.text(N_("Coverage")), fraction(score.coverage)),
        Reading(words.text(N_("Lagging of those judged")), f"{score.lagging_count} / {score.judged_count}", not_judged),
    )
    counts = tuple(
        Count(badge(status, words), score.counts[status]) for status in WORST_FIRST if score.counts.get(status)
    )
    bar: tuple[Block, ...] = (
        (Chart("counts", counts_bar({c.badge.status: c.number for c in counts}, words, material.illustrative)),)
        if counts
        else ()
    )
    said = tuple(Paragraph(told) for told in goal_verdict(score, material))
    first = _too_little(score, material) if score.status is Status.UNKNOWN else ()
    return (
        *first,
        Headline(score_badge(score, words), readings, counts),
        *bar,
        *said,
        *_goal_warnings(score, material),
    )


def _too_little(score: GoalScore, material: Material) -> tuple[Paragraph, ...]:
    """Return the warning that stands before figures which say too little."""
    told = N_("Too much is missing for a verdict on the whole: the figures below cover {share} of the weight.")
    return (Paragraph(material.words.text(told, share=fraction(score.coverage)), "warning"),)


def _goal_warnings(score: GoalScore, material: Material) -> Iterator[Paragraph]:
    words = material.words
    if score.goal and score.goal.exempt:
        yield _exempt(score.goal.exempt, material)
    for message, paths in (
        (N_("Breached veto KPIs: {names}"), score.veto),
        (N_("Lagging binding KPIs: {names}"), score.binding),
    ):
        if paths:
            yield Paragraph(words.text(message, names=tuple(map(material.title, paths))), "warning")
    if score.incomplete:
        yield Paragraph(words.text(N_("Left out because of faults: {names}"), names=score.incomplete), "warning")


def kpi_overview(score: KpiScore, material: Material) -> tuple[Block, ...]:
    """Return the headline of a KPI, how it stands in words, and what is to be known of its data."""
    words, kpi = material.words, score.kpi
    on = score.data_date.isoformat() if score.data_date else ""
    dated = words.text(N_("as of {day}"), day=on) if on else _reason(score, "value", material)
    behind = "" if score.days_behind is None else days(score.days_behind, words)
    old = words.text(N_("old: as of {day}"), day=on) if score.status is Status.STALE else ""
    readings = (
        Reading(words.text(N_("Value")), reached(score, words, material.card.known_at), dated),
        Reading(words.text(N_("Target")), material.target(kpi)),
        Reading(
            words.text(N_("Attainment")), fraction(score.attainment), _reason(score, "attainment", material, on) or old
        ),
        Reading(words.text(N_("Expected")), fraction(score.expected), old),
        Reading(words.text(N_("Lag")), lag_words(score.lag, words), " · ".join(part for part in (behind, old) if part)),
    )
    said = Paragraph(kpi_verdict(score, material))
    headline = Headline(score_badge(score, words), readings)
    warnings, remarks = tuple(_data_warnings(score, material)), tuple(_kpi_notes(score, material))
    if score.status is Status.STALE:  # what the figures rest on is to be read before them
        return (*warnings, headline, said, *remarks)
    return (headline, said, *warnings, *remarks)


def _data_warnings(score: KpiScore, material: Material) -> Iterator[Paragraph]:
    """Yield what is wrong with the data that the figures rest on."""
    if score.overdue and score.next_due:
        overdue = material.words.text(N_("the next figure is overdue since {day}"), day=score.next_due.isoformat())
        yield Paragraph(material.remark(overdue), "warning")
    for remark in data_remarks(score, material):
        yield Paragraph(material.remark(remark), "warning")


def _kpi_notes(score: KpiScore, material: Material) -> Iterator[Paragraph]:
    words = material.words
    if score.kpi.exempt:
        yield _exempt(score.kpi.exempt, material)
    if score.kpi.veto:
        yield Paragraph(words.text(N_("A veto: where it is breached, everything above it is.")), "note")
    if score.kpi.binding:
        yield Paragraph(words.text(N_("Binding: while it lags, what stands above it is at risk at best.")), "note")
    if score.illustrative:
        told = words.text(N_("The data are illustrative."))
        yield Paragraph(told, "quiet")


def _exempt(exempt: Exempt, material: Material) -> Paragraph:
    return Paragraph(exempt_words(exempt, material.words), "note")


def _reason(score: GoalScore | KpiScore, figure: str, material: Material, told: str = " ") -> str:
    """Return why a figure has no value, unless that is told already where nothing was observed."""
    why = score.reasons.get(figure)
    return material.words.phrase(why) if why and told else ""
