"""A KPI told in a line: where it stands, what it takes, and what is wrong with its data."""

from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.language import N_, Language
from kpi_tracker.model.measure import Status
from kpi_tracker.model.scorecard import GoalScore, KpiScore
from kpi_tracker.reporting.words import STATUS_WORDS, days, difference, fraction, points, reached, target_words

__all__ = ["account", "data_remarks", "standing", "status_word", "title_of"]

GAPS_SHOWN = 3


def account(score: KpiScore, words: Language) -> str:
    """Return the status of a KPI, what is wrong with its data, and its figures."""
    told = " · ".join([*data_remarks(score, words), *standing(score, words)])
    return words.text(N_("{status}: {told}"), status=status_word(score, words), told=told)


def title_of(score: KpiScore, words: Language) -> str:
    """Return the title of a KPI, made harmless."""
    return plain(score.kpi.title.in_language(words.code))


def status_word(score: KpiScore | GoalScore, words: Language) -> str:
    """Return the status in words; a second severity shows as a mark."""
    return words.text(STATUS_WORDS[score.status]) + "!" * max(0, score.severity - 1)


def standing(score: KpiScore, words: Language) -> list[str]:
    """Return the figures of a KPI, as far as it has them: value and target, attainment, lag, what each month has to bring."""
    kpi, target = score.kpi, target_words(score.kpi, words)
    if score.value is None:
        told = [words.text(N_("target {target}"), target=target)]
    else:
        told = [words.text(N_("{value}, target {target}"), value=reached(score, words), target=target)]
    if score.attainment is not None and score.expected is not None:
        share, expected = fraction(score.attainment), fraction(score.expected)
        told.append(words.text(N_("attainment {reached}, expected {expected}"), reached=share, expected=expected))
    if score.lag is not None and score.lag > 0:
        told.append(words.text(N_("lag {lag}"), lag=points(score.lag, words)))
    if score.days_behind is not None and score.days_behind > 0:
        told.append(days(score.days_behind, words))
    if score.outlook.needed is not None:
        needed = difference(score.outlook.needed, kpi.unit, words, signed=False)
        told.append(words.text(N_("{amount} a month needed"), amount=needed))
    return told


def data_remarks(score: KpiScore, words: Language) -> list[str]:
    """Return what is to be said of data that are missing, old or incomplete; nothing where they are all there."""
    told = []
    if score.next_due is not None and score.overdue:
        told.append(words.text(N_("figure was due by {day}"), day=score.next_due.isoformat()))
    elif score.status is Status.NO_DATA:
        told.append(words.phrase(score.reasons.get("value") or score.reasons["expected"]))
    if score.underlying is not None:
        old = words.text(STATUS_WORDS[score.underlying])
        told.append(words.text(N_("the data of {day} said: {status}"), day=score.data_date, status=old))
    if score.rows_left_out:
        told.append(words.count(N_("{n} row left out"), N_("{n} rows left out"), score.rows_left_out))
    if score.gaps:
        missing = (*(day.isoformat() for day in score.gaps[:GAPS_SHOWN]), *("…" for _ in score.gaps[GAPS_SHOWN:][:1]))
        told.append(words.text(N_("no figure for {days}: the sum is short of it"), days=missing))
    if score.discrepancies or score.unreported:
        from kpi_tracker.reporting.parts import part_remarks

        told.extend(part_remarks(score, words))
    return told
