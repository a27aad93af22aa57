"""The course of a KPI as a chart draws it: what was expected by when, and what was there by when."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from kpi_tracker.assessment import JUDGES
from kpi_tracker.baseyear import shifted
from kpi_tracker.calendar import Profile, Span
from kpi_tracker.language import Phrase
from kpi_tracker.model import reasons
from kpi_tracker.model.kpi import Kpi, ProfileKind
from kpi_tracker.model.measure import Direction, Measure
from kpi_tracker.model.observation import Seen, Value
from kpi_tracker.model.period import days_in_month
from kpi_tracker.model.scorecard import KpiScore, Scorecard
from kpi_tracker.model.target import TargetForm
from kpi_tracker.record import record
from kpi_tracker.schedule import profile_of, span_of, within_a_year, years_back
from kpi_tracker.scoring.judgement import Case

__all__ = ["MOST", "Course", "Point", "Reading", "actuals", "base_year_actuals", "course", "steps_done"]

MOST = 400
"""No picture shows more readings than this: of a longer series the last reading of each stretch is drawn."""


class Point(NamedTuple):
    """What is expected by the end of a day: the share of the way (0 … 1), and the same as a value of the KPI."""

    date: date
    share: float
    value: float | None


class Reading(NamedTuple):
    """What the value of a KPI was at the end of a day, everything up to that day taken together."""

    date: date
    value: float | str


@record
class Course:
    """The days on which a KPI runs, and its expected course between them.

    `points` ascend by date, the first is the day before `start`; between two of them the course is drawn straight.
    Without points `reason` says why. `floor` is the value that a KPI to be maintained may not fall behind.
    """

    start: date
    end: date
    points: tuple[Point, ...] = ()
    reason: Phrase | None = None
    floor: float | None = None


def course(score: KpiScore, card: Scorecard) -> Course:
    """Return the expected course of `score` over its span, at the ends of months and wherever it bends."""
    kpi, plan = score.kpi, card.plan
    span = span_of(kpi, plan)
    start, end = date.fromordinal(span.start), date.fromordinal(span.end)
    if kpi.measure is not Measure.MILESTONE and kpi.target is None:
        return Course(start, end, reason=reasons.NO_TARGET)
    profile = profile_of(kpi, plan, span, score.series, card.known_at)
    if profile is None:
        return Course(start, end, reason=reasons.NO_SERIES)
    days = {day for day in _days(score, card, span) if span.start - 1 <= day <= span.end}
    points = []
    for day in sorted(days):
        share = _expected(kpi, profile, day)
        points.append(Point(date.fromordinal(day), share, _value(kpi, share)))
    return Course(start, end, tuple(points), floor=_floor(kpi))


def _days(score: KpiScore, card: Scorecard, span: Span) -> Iterator[int]:
    """Yield the ends of the span, those of the months in it, today, and the days before and at which the course bends."""
    yield from (span.start - 1, span.end, card.as_of.toordinal())
    if score.data_date is not None:
        yield score.data_date.toordinal()
    start, end = date.fromordinal(span.start), date.fromordinal(span.end)
    first, last = start.year * 12 + start.month - 1, end.year * 12 + end.month - 1
    for month in range(first, last, 1 + (last - first) // MOST):
        yield date(month // 12, month % 12 + 1, days_in_month(month // 12, month % 12 + 1)).toordinal()
    kpi = score.kpi
    bends = [point.date.toordinal() for point in kpi.points] + [step.due.toordinal() for step in kpi.steps]
    if kpi.profile is ProfileKind.AT_END:
        bends.append(span.end)
    elif kpi.profile is ProfileKind.BASELINE_YEAR:
        back = years_back(kpi, card.plan)
        bends.extend(shifted(day, back) for day in _then(score, card, span, back).dates)
    for bend in bends:
        yield from (bend - 1, bend)


def _expected(kpi: Kpi, profile: Profile, day: int) -> float:
    """Return the share that the measure of `kpi` expects by the end of `day`."""
    nothing: Value = () if kpi.measure is Measure.MILESTONE else kpi.scale[-1] if kpi.scale else 0.0
    # What was seen has no part in what was expected, so the formula is asked with a stand-in for it.
    return JUDGES[kpi.measure](Case(kpi, (day,), (nothing,), profile.expected(day), False, day)).expected


def _value(kpi: Kpi, share: float) -> float | None:
    """Return the value whose attainment is `share`; None where there is none in numbers."""
    if kpi.measure is Measure.MILESTONE:
        return share
    assert kpi.target is not None  # noqa: S101 - a course has one
    if isinstance(kpi.target.value, str):
        return None
    target = float(kpi.target.value)
    if kpi.measure is Measure.TOTAL:
        return share * target
    if kpi.measure is not Measure.LEVEL or kpi.target.form is TargetForm.MAINTAIN:
        return target
    if kpi.baseline is not None:
        base = float(kpi.baseline.value)
        return base + share * (target - base)
    if kpi.direction is Direction.DECREASE:  # a = t / x
        return target / share if share > 0 else None
    return share * target


def _floor(kpi: Kpi) -> float | None:
    """Return the worst value at which a level with a tolerance still counts as maintained."""
    target, base = kpi.target, kpi.baseline
    if kpi.measure is not Measure.LEVEL or target is None or base is None or target.tolerance is None:
        return None
    value = float(base.value)
    slack = target.tolerance.of(value)
    return value + slack if kpi.direction is Direction.DECREASE else value - slack


def actuals(score: KpiScore, card: Scorecard) -> tuple[Reading, ...]:
    """Return the value as of every observation that counts: sums and extremes as they built up, else each reading.

    The last is the value of the score at its data date; empty where it has none.
    """
    if score.data_date is None:
        return ()
    first = span_of(score.kpi, card.plan).start
    return _readings(score.kpi, score.series.seen(first, score.data_date.toordinal(), card.known_at), 0)


def base_year_actuals(score: KpiScore, card: Scorecard) -> tuple[Reading, ...]:
    """Return the same of the base year, laid over this one; empty where nothing was written down or spans are longer."""
    kpi, span = score.kpi, span_of(score.kpi, card.plan)
    back = years_back(kpi, card.plan)
    if back < 1 or not score.series.numeric or not within_a_year(span):
        return ()
    return _readings(kpi, _then(score, card, span, back), back)


def steps_done(score: KpiScore, card: Scorecard) -> Mapping[str, date] | None:
    """Return the steps that the newest observation of a milestone counts as done, each with the day it was first told.

    None where there is no observation.
    """
    if score.data_date is None:
        return None
    first = span_of(score.kpi, card.plan).start
    seen = score.series.seen(first, score.data_date.toordinal(), card.known_at)
    told: dict[str, date] = {}
    for day, steps in zip(seen.dates, seen.values, strict=True):
        assert isinstance(steps, tuple)  # noqa: S101 - the sources read steps as a tuple of ids
        told = {step: told.get(step, date.fromordinal(day)) for step in steps}
    return told


def _then(score: KpiScore, card: Scorecard, span: Span, back: int) -> Seen:
    return score.series.seen(shifted(span.start, -back), shifted(span.end, -back), card.known_at)


def _readings(kpi: Kpi, seen: Seen, years: int) -> tuple[Reading, ...]:
    judge, every = JUDGES[kpi.measure], -(-len(seen.dates) // MOST)
    found = []
    for count in range(len(seen.dates), 0, -every) if every else ():
        case = Case(kpi, seen.dates[:count], seen.values[:count], 0.0, False, seen.dates[count - 1])
        day = shifted(case.as_of, years) if years else case.as_of
        found.append(Reading(date.fromordinal(day), judge(case).value))
    return tuple(reversed(found))
