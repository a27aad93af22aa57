"""What a picture shows, in sentences: its text for screen readers, and for whoever would rather read."""

from collections.abc import Iterable

from kpi_tracker.course import Course
from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.language import N_, Language, Phrase
from kpi_tracker.model import reasons
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Measure, Status
from kpi_tracker.model.scorecard import GoalScore, KpiScore, Scorecard
from kpi_tracker.reporting.words import NONE, STATUS_WORDS, amount, baseline_words, fraction, target_words
from kpi_tracker.schedule import base_year

__all__ = ["described", "expected_value", "goal_in_brief", "in_brief", "joined", "kpi_title", "status_words"]


def kpi_title(kpi: Kpi, words: Language) -> str:
    """Return the title of `kpi` as harmless text."""
    return plain(kpi.title.in_language(words.code))


def status_words(status: Status, words: Language) -> str:
    """Return the word for `status`."""
    return words.text(STATUS_WORDS[status])


def in_brief(score: KpiScore, words: Language) -> tuple[str, ...]:
    """Return what can be said of a score alone: value or why there is none, status, attainment and what was expected."""
    kpi, status = score.kpi, status_words(score.status, words)
    if score.value is None or score.data_date is None:
        told = [words.text(N_("No value: {reason}; {status}."), reason=_reason(score, "value"), status=status)]
    else:
        value = amount(kpi, score.value, words)
        told = [
            words.text(N_("{value} on {day}: {status}."), value=value, day=score.data_date.isoformat(), status=status)
        ]
        if score.attainment is not None:
            told.append(words.text(N_("Attainment: {share}."), share=fraction(score.attainment)))
        else:
            told.append(words.text(N_("No attainment: {reason}."), reason=_reason(score, "attainment")))
        if score.expected is not None:
            told.append(words.text(N_("Expected by then: {share}."), share=fraction(score.expected)))
        else:
            told.append(words.text(N_("No expected course: {reason}."), reason=_reason(score, "expected")))
    told.append(words.text(N_("Target: {target}."), target=target_words(kpi, words)))
    if score.overdue:
        told.append(words.text(N_("A newer figure is overdue.")))
    return (*told, *_illustrative(score, words))


def goal_in_brief(score: GoalScore, words: Language, illustrative: bool) -> tuple[str, ...]:
    """Return what can be said of a goal alone: status, attainment and what was expected."""
    told = [words.text(N_("Status: {status}."), status=status_words(score.status, words))]
    if score.attainment is not None:
        told.append(words.text(N_("Attainment: {share}."), share=fraction(score.attainment)))
    if score.expected is not None:
        told.append(words.text(N_("Expected by then: {share}."), share=fraction(score.expected)))
    if illustrative:
        told.append(words.text(N_("The data are illustrative.")))
    return tuple(told)


def described(score: KpiScore, card: Scorecard, course: Course, words: Language) -> str:
    """Return everything that the pace chart of `score` shows, in sentences."""
    kpi = score.kpi
    told = list(in_brief(score, words))
    last = told.pop() if score.series.illustrative else ""
    value = expected_value(score, course)
    if value is not None and kpi.measure is not Measure.MILESTONE:
        told.append(words.text(N_("Value expected by then: {value}."), value=amount(kpi, value, words)))
    if kpi.baseline is not None:
        year = base_year(kpi, card.plan)
        told.append(words.text(N_("Baseline {year}: {value}."), year=year, value=baseline_words(kpi, words)))
    landing, end = score.outlook.landing, course.end.isoformat()
    if landing is not None:
        told.append(words.text(N_("At the rate so far: {value} on {day}."), value=amount(kpi, landing, words), day=end))
    elif score.outlook.reason not in (None, reasons.NOT_FOR_MEASURE):
        told.append(words.text(N_("No landing at the rate so far: {reason}."), reason=score.outlook.reason))
    if last:
        told.append(last)
    return joined(told, words)


def expected_value(score: KpiScore, course: Course) -> float | None:
    """Return the value expected at the data date, in the KPI's unit."""
    if score.expected is None:
        return None
    return next((point.value for point in course.points if point.date == score.data_date), None)


def _illustrative(score: KpiScore, words: Language) -> tuple[str, ...]:
    return (words.text(N_("The data are illustrative.")),) if score.series.illustrative else ()


def _reason(score: KpiScore, figure: str) -> Phrase | str:
    return score.reasons.get(figure, NONE)


def joined(told: Iterable[str], words: Language) -> str:
    """Return sentences as one text."""
    return ("" if words.code == "zh" else " ").join(told)
