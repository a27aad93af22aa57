"""The result in a few sentences: what is reached, what lags, what is missing, what it takes."""

from collections import Counter
from collections.abc import Iterator

from kpi_tracker.changes import ChangeKind
from kpi_tracker.documents.content.material import Material
from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.exactness import TOLERANCE
from kpi_tracker.model.measure import LAGGING, WORST_FIRST, Direction, Measure, Status
from kpi_tracker.model.scorecard import GoalScore, KpiScore
from kpi_tracker.reporting.words import (
    STATUS_WORDS,
    a_month,
    amount,
    days,
    estimate,
    fraction,
    lag_words,
    number,
    points,
)

__all__ = ["goal_verdict", "kpi_verdict", "worst_branches"]

NAMED = 3
"""So many of the worst are named; the others are in the tables."""


def goal_verdict(score: GoalScore, material: Material) -> tuple[str, ...]:
    """Return how a goal, or the plan, stands, in words that need no table: a paragraph to each question."""
    if score.status is Status.EXEMPT:
        return (material.words.text(N_("It is out of the count.")),)
    parts = (
        (*_course(score, material), *_counts(score, material)), _names(score, material),
        _since(material) if score is material.top else (), _data(score, material),
    )  # fmt: skip
    return tuple(told for told in map(material.told, parts) if told)


def _course(score: GoalScore, material: Material) -> Iterator[str]:
    words, day = material.words, material.card.as_of.isoformat()
    if score.attainment is None or score.expected is None or score.lag is None:
        yield words.text(N_("As of {day}, nothing below it can be scored yet."), day=day)
        return
    figures = {"a": fraction(score.attainment), "e": fraction(score.expected)}
    lag = points(abs(score.lag), words)
    if abs(score.lag) < NEAR:
        message = N_("As of {day}, {a} is attained, as much as is expected by then ({e}).")
    elif score.lag > 0:
        message = N_("As of {day}, {a} is attained where {e} is expected: {lag} behind the expected course.")
    else:
        message = N_("As of {day}, {a} is attained where {e} is expected: {lag} ahead of the expected course.")
    yield words.text(message, day=day, lag=lag, **figures)


NEAR = 0.05  # what one decimal shows as nothing


def _counts(score: GoalScore, material: Material) -> Iterator[str]:
    words, counts = material.words, score.counts
    judged, lagging = score.judged_count, score.lagging_count
    if not judged:
        return
    if not lagging:
        message = N_("None of the {n} KPIs that could be judged lags.")
        yield words.count(N_("The one KPI that could be judged does not lag."), message, judged)
    else:
        parts = tuple(
            Phrase(N_("{status} {n}"), {"status": Phrase(STATUS_WORDS[status]), "n": counts[status]})
            for status in WORST_FIRST
            if status in LAGGING and counts.get(status)
        )
        yield words.count(
            N_("{n} of the {all} KPIs that could be judged lags ({parts})."),
            N_("{n} of the {all} KPIs that could be judged lag ({parts})."),
            lagging,
            all=judged,
            parts=parts,
        )
    risk = counts.get(Status.AT_RISK, 0)
    if risk:
        yield words.count(N_("{n} more is at risk."), N_("{n} more are at risk."), risk)


def _names(score: GoalScore, material: Material) -> Iterator[str]:
    words = material.words
    worst = material.lagging if not score.path else material.lagging_below(score)
    if worst:
        names = tuple(material.title(kpi.path) for kpi in worst[:NAMED])
        yield words.text(N_("To be looked at first: {names}."), names=names)
    branches = worst_branches(score, material)
    if branches:
        named = tuple(
            Phrase(N_("{title} ({lag})"), {"title": material.title(goal.path), "lag": lag_words(goal.lag, words)})
            for goal in branches[:NAMED]
        )
        yield words.text(N_("Furthest behind: {names}."), names=named)


def _since(material: Material) -> Iterator[str]:
    """Yield how many began to lag, and ceased to, since the earlier date."""
    if material.since is None:
        return
    kinds = Counter(change.kind for change in material.changes if isinstance(change.after, KpiScore))
    late, recovered = kinds[ChangeKind.NEWLY_LAGGING], kinds[ChangeKind.RECOVERED]
    day = material.since.as_of.isoformat()
    yield material.words.text(
        N_("Since {day}, KPIs newly lagging: {late}; no longer lagging: {recovered}."),
        day=day, late=late, recovered=recovered,
    )  # fmt: skip


def worst_branches(score: GoalScore, material: Material) -> list[GoalScore]:
    """Return the goals right below that are behind, by more than nothing and by their thresholds, the worst first."""
    goals = [goal for goal in material.below(score.path) if isinstance(goal, GoalScore)]
    behind = [goal for goal in goals if (goal.lag or 0) > 0 and goal.status in BEHIND]
    return sorted(behind, key=lambda goal: (-(goal.lag or 0), goal.path))


BEHIND = LAGGING | {Status.AT_RISK, Status.UNKNOWN}


def _data(score: GoalScore, material: Material) -> Iterator[str]:
    words = material.words
    missing = len(material.problems_below(score) if score.path else material.problems)
    if missing:
        yield words.count(
            N_("For {n} KPI the data are missing, old or incomplete; the figures cover {share} of the weight."),
            N_("For {n} KPIs the data are missing, old or incomplete; the figures cover {share} of the weight."),
            missing,
            share=fraction(score.coverage),
        )


def kpi_verdict(score: KpiScore, material: Material) -> str:
    """Return how a KPI stands, and what it takes."""
    words, kpi = material.words, score.kpi
    if score.status is Status.EXEMPT:
        return words.text(N_("It is out of the count."))
    if score.value is None:
        return words.text(N_("There is no figure yet."))
    day = (score.data_date or material.card.as_of).isoformat()
    reached = {"day": day, "value": amount(kpi, score.value, words), "target": material.target(kpi)}
    if kpi.measure is Measure.MILESTONE:
        done, whole = len(material.steps_done(score)), len(kpi.steps)
        told = [
            words.count(
                N_("By {day}: {done} of {all} step done."), N_("By {day}: {done} of {all} steps done."), whole,
                day=day, done=done, all=whole,
            )
        ]  # fmt: skip
    elif kpi.measure is Measure.LIMIT:
        told = [words.text(N_("By {day}, it stands at {value}; limit: {target}."), **reached)]
    else:
        told = [words.text(N_("By {day}, it stands at {value}; target: {target}."), **reached)]
    return material.told([*told, *_pace(score, material), *_takes(score, material)])


def _pace(score: KpiScore, material: Material) -> Iterator[str]:
    words = material.words
    if score.attainment is None or score.expected is None or score.lag is None or score.kpi.measure is Measure.LIMIT:
        return
    figures = {"a": fraction(score.attainment), "e": fraction(score.expected), "lag": points(abs(score.lag), words)}
    if abs(score.lag) < NEAR:
        yield words.text(N_("{a} is attained, as much as is expected ({e})."), **figures)
    elif score.lag > 0:
        yield words.text(N_("{a} is attained where {e} is expected: {lag} short."), **figures)
    else:
        yield words.text(N_("{a} is attained where {e} is expected: {lag} more."), **figures)
    if score.days_behind:
        yield words.text(N_("That is {days}."), days=days(score.days_behind, words))


def _takes(score: KpiScore, material: Material) -> Iterator[str]:
    words, ahead = material.words, score.outlook
    if ahead.needed is None or not score.lagging:
        return
    # It is the data that say how much is left, so it is counted from their day on.
    day = (score.data_date or material.card.as_of).isoformat()
    needed = a_month(score.kpi, ahead.needed, words)
    if score.kpi.direction is Direction.DECREASE and score.kpi.measure is Measure.TOTAL:
        if ahead.needed > 0:
            yield words.text(N_("From {day} on, what is left of it is {value}."), day=day, value=needed)
    elif ahead.ratio is not None and ahead.ratio > TOLERANCE:
        message = N_("From {day} on, the target takes {needed}, {n} times the rate so far.")
        yield words.text(message, day=day, needed=needed, n=number(ahead.ratio, 1))
    else:
        yield words.text(N_("From {day} on, the target takes {needed}."), day=day, needed=needed)
    if ahead.landing is not None:
        yield words.text(N_("At the rate so far it ends at {value}."), value=estimate(score.kpi, ahead.landing, words))
