"""Why an item has its status where no band of the thresholds gave it."""

from collections.abc import Iterator

from kpi_tracker.language import N_, Language
from kpi_tracker.model.kpi import Exempt, ExemptKind
from kpi_tracker.model.measure import Measure, Status
from kpi_tracker.model.scorecard import GoalScore, KpiScore, Scorecard
from kpi_tracker.reporting.words import fraction

__all__ = ["EXEMPT_WORDS", "decided_by", "exempt_words"]

EXEMPT_WORDS = {
    ExemptKind.CANCELLED: N_("cancelled"),
    ExemptKind.MERGED: N_("merged into another"),
    ExemptKind.POSTPONED: N_("postponed"),
}
OF_A_KPI = {
    Status.BREACHED: N_("A bound that must never break was broken."),
    Status.MISSED: N_("The end has come and the target is not met."),
    Status.ACHIEVED: N_("The target is met."),
    Status.PENDING: N_("No figure is due yet."),
}
OF_A_GOAL = {
    Status.MISSED: N_("All that is scored below it is at its end, and a target was missed."),
    Status.ACHIEVED: N_("All that is scored below it is achieved."),
    Status.PENDING: N_("No figure is due yet."),
}


def decided_by(score: KpiScore | GoalScore, scorecard: Scorecard, words: Language) -> Iterator[str]:
    """Yield what decided the status before the thresholds were asked, or against them; nothing where they decided it.

    Of a goal that a veto or a binding KPI holds down, these are named elsewhere.
    """
    if isinstance(score, KpiScore):
        yield from _of_kpi(score, words)
        return
    if score.goal and score.goal.exempt and score.status is Status.EXEMPT:
        yield exempt_words(score.goal.exempt, words)
    elif score.status is Status.UNKNOWN and score.coverage is not None:
        told = N_("Coverage {share} is too little for a verdict, which needs {floor}.")
        yield words.text(told, share=fraction(score.coverage), floor=fraction(scorecard.plan.coverage_floor))
    elif score.status in OF_A_GOAL and not (score.status is Status.PENDING and Status.PENDING not in score.counts):
        yield words.text(OF_A_GOAL[score.status])


def _of_kpi(score: KpiScore, words: Language) -> Iterator[str]:
    if score.kpi.exempt and score.status is Status.EXEMPT:
        yield exempt_words(score.kpi.exempt, words)
    elif score.status is Status.REGRESSING and score.attainment is not None and score.attainment < 0:
        yield words.text(N_("The value is worse than where it started."))
    elif score.status is Status.AT_RISK and score.kpi.measure is Measure.MILESTONE and (score.days_behind or 0) > 0:
        yield words.text(N_("A step is past its day: at risk at best."))
    elif score.status in OF_A_KPI:
        yield words.text(OF_A_KPI[score.status])


def exempt_words(exempt: Exempt, words: Language) -> str:
    """Return since when, how and why an item is out of the count."""
    return words.text(
        N_("Out of the count from {day}, {kind}: {reason}"), day=exempt.date.isoformat(),
        kind=words.text(EXEMPT_WORDS[exempt.kind]), reason=exempt.reason.in_language(words.code),
    )  # fmt: skip
