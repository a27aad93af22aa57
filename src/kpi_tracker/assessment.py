"""Scoring a plan: what was seen of every KPI, judged by its measure, made a status, and rolled up the tree."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import NamedTuple, NoReturn

from kpi_tracker import baseyear, calendar
from kpi_tracker.calendar import Profile, Span
from kpi_tracker.diagnostics import Diagnostic
from kpi_tracker.language import Phrase
from kpi_tracker.model import reasons
from kpi_tracker.model.exactness import TOLERANCE
from kpi_tracker.model.goal import Goal, Plan
from kpi_tracker.model.kpi import Kpi, ProfileKind
from kpi_tracker.model.measure import Aggregate, Cadence, Measure, Status
from kpi_tracker.model.observation import EMPTY, Observation, Observations, Series
from kpi_tracker.model.original import as_first_set
from kpi_tracker.model.scorecard import GoalScore, Growth, KpiScore, Original, Scorecard
from kpi_tracker.model.target import TargetForm
from kpi_tracker.model.thresholds import Thresholds
from kpi_tracker.nodes import chosen_thresholds, in_force, leaf_of, score_nodes
from kpi_tracker.record import changed
from kpi_tracker.rollup import Leaf
from kpi_tracker.schedule import YEAR, base_year, profile_of, span_of, years_back
from kpi_tracker.scoring import comparison, grade, growth, level, limit, milestone, outlook, rate, total
from kpi_tracker.scoring.judgement import Case
from kpi_tracker.status import status_of

__all__ = ["score"]

TOTAL, LEVEL, MILESTONE = Measure.TOTAL, Measure.LEVEL, Measure.MILESTONE  # Enum looks a member up for 0.1 µs
BASELINE_YEAR, MAINTAIN = ProfileKind.BASELINE_YEAR, TargetForm.MAINTAIN
JUDGES = {
    TOTAL: total.judge,
    LEVEL: level.judge,
    Measure.RATE: rate.judge,
    Measure.LIMIT: limit.judge,
    MILESTONE: milestone.judge,
    Measure.GRADE: grade.judge,
}


def score(
    plan: Plan,
    observations: Observations | Iterable[Observation],
    as_of: date,
    known_at: date | datetime | None = None,
    rows_left_out: Mapping[str, int] | None = None,
    diagnostics: Iterable[Diagnostic] = (),
) -> Scorecard:
    """Score `plan` with `observations` as of the end of the day `as_of`.

    With `known_at` (a day means its end; a time is plan time) observations recorded later are not seen, so that a past
    night's result can be made again. `rows_left_out` counts, by KPI id, data rows that could not be read.

    Returns:
        A :class:`Scorecard` with the score of every goal and KPI by path.

    Raises:
        TypeError: `as_of` is no date.
        ValueError: an observation is of no KPI of the plan, or of another kind than its measure asks for; `known_at`
            has an offset.
    """
    if type(as_of) is not date:  # a datetime is one too, and would be shown with its time
        raise TypeError(f"as_of must be a datetime.date, not {as_of!r}")
    if not isinstance(observations, Observations):
        observations = Observations(observations)
    if known_at is not None and not isinstance(known_at, datetime):
        known_at = datetime.combine(known_at, time.max)
    if known_at is not None and known_at.tzinfo is not None:
        raise ValueError("known_at is plan time: give a datetime without offset")
    scorer = _Scorer(plan, observations, as_of, known_at, rows_left_out or {})
    return Scorecard(plan, as_of, known_at, scorer.items(), tuple(diagnostics))


def _refuse_misfits(kpi: Kpi, series: Series) -> None:
    """Refuse observations of another kind than the measure asks for: they would fail deep inside a formula."""
    if kpi.measure is MILESTONE:
        good = all(isinstance(row.value, tuple) for row in series.rows)
    elif kpi.measure is Measure.GRADE:
        good = all(row.value in kpi.scale for row in series.rows)
    else:
        good = False
    if not good:
        raise ValueError(f"an observation of {kpi.id!r} is not what the measure {kpi.measure.value!r} asks for")


def _refuse_strangers(plan: Plan, observations: Observations) -> NoReturn:
    """Refuse observations of what is no KPI of the plan: they would be left out in silence."""
    known = {item.id for _, item in plan.walk() if isinstance(item, Kpi)}
    strangers = [name for name in observations if name not in known]
    raise ValueError(f"there are observations of {', '.join(strangers)}, which is no KPI of the plan {plan.id!r}")


class _Moment(NamedTuple):
    """What is the same for all KPIs of one schedule with the same data date."""

    data_date: date | None
    expected: float
    elapsed: float
    next_due: date | None
    overdue: bool
    over: bool
    ends: tuple[int, ...] = ()


class _Cut(NamedTuple):
    """What counts of all series with observations on the same dates: those from `low` up to `high`.

    `complete` tells whether there is one for every period of the cadence, at its end.
    """

    low: int
    high: int
    dates: tuple[int, ...]
    moment: _Moment
    complete: bool


class _Schedule:
    """The dates of a KPI: its span, its expected course, and when its figures are due. Most KPIs share one.

    No figure of a date after `last` counts.
    """

    def __init__(self, span: Span, profile: Profile, cadence: Cadence, grace: int, as_of: int, last: int) -> None:
        self.span, self.profile = span, profile
        self._cadence, self._grace, self._as_of, self._last = cadence, grace, as_of, min(as_of, last)
        self._moments: dict[int | None, _Moment] = {}
        self._cuts: dict[tuple[int, ...], _Cut] = {}

    def cut(self, dates: tuple[int, ...]) -> _Cut:
        """Return what counts of a series with observations on `dates`."""
        cut = self._cuts.get(dates)
        if cut is None:
            low, high = bisect_left(dates, self.span.start), bisect_right(dates, self._last)
            own = dates[low:high]
            moment = self.at(own[-1] if own else None)
            cut = self._cuts[dates] = _Cut(low, high, own, moment, own == moment.ends)
        return cut

    def at(self, data_date: int | None) -> _Moment:
        """Return what holds at a data date (None: before the first observation)."""
        moment = self._moments.get(data_date)
        if moment is None:
            moment = self._moments[data_date] = self._at(data_date)
        return moment

    def _at(self, data_date: int | None) -> _Moment:
        due = calendar.next_due(self._cadence, self._grace, self.span.start, data_date)
        overdue = due is not None and due < self._as_of
        next_due = None if due is None else date.fromordinal(due)
        if data_date is None:
            return _Moment(None, 0.0, 0.0, next_due, overdue, False)
        expected, elapsed = self.profile.expected(data_date), self.span.elapsed(data_date)
        over = data_date >= self.span.end
        ends = calendar.period_ends(self._cadence, self.span.start, data_date)
        return _Moment(date.fromordinal(data_date), expected, elapsed, next_due, overdue and not over, over, ends)


class _Scorer:
    """One run over one plan: what holds for all KPIs, and what was worked out once."""

    def __init__(
        self,
        plan: Plan,
        observations: Observations,
        as_of: date,
        known_at: datetime | None,
        rows_left_out: Mapping[str, int],
    ) -> None:
        self._plan, self._observations, self._known_at = plan, observations, known_at
        self._as_of, self._rows_left_out = as_of.toordinal(), rows_left_out
        self._end = plan.period.end.toordinal()
        self._schedules: dict[object, _Schedule | None] = {}
        self._leaves: dict[str, list[Leaf]] = {}
        self._order: dict[str, KpiScore | GoalScore | None] = {"": None}
        self._used = 0
        self._first_set = as_first_set(plan) if plan.amendments else {}

    def items(self) -> dict[str, KpiScore | GoalScore]:
        """Score every KPI, then every node, and return them in the plan's order, the plan first."""
        plan = self._plan
        self._score_kpis("", plan.goals, plan.kpis, plan.thresholds, exempt=False)
        if self._used < len(self._observations):
            _refuse_strangers(plan, self._observations)
        if self._observations.parts:
            from kpi_tracker.breakdown.standing import refuse_strange_parts

            refuse_strange_parts(plan, self._observations.parts)
        nodes = score_nodes(plan, self._leaves, self._as_of)
        self._order.update(nodes)
        return self._order  # type: ignore[return-value]  # every place in it was filled just now

    def _score_kpis(
        self,
        above: str,
        goals: tuple[Goal, ...],
        kpis: tuple[Kpi, ...],
        thresholds: Thresholds,
        exempt: bool,
    ) -> None:
        for goal in goals:
            own = chosen_thresholds(self._plan, goal.thresholds, thresholds)
            out = exempt or in_force(goal.exempt, self._as_of)
            self._order[above + goal.id] = None
            self._score_kpis(above + goal.id + "/", goal.goals, goal.kpis, own, out)
        found, order, first_set, leaves = self._observations.get, self._order, self._first_set, list[Leaf]()
        self._leaves[above[:-1]] = leaves
        for kpi in kpis:
            path = above + kpi.id
            own = thresholds if kpi.thresholds is None else chosen_thresholds(self._plan, kpi.thresholds, thresholds)
            series = found(kpi.id, EMPTY)
            if series is not EMPTY:
                self._used += 1
                if not series.numeric or kpi.measure in _IN_WORDS:
                    _refuse_misfits(kpi, series)
            if exempt or (kpi.exempt is not None and in_force(kpi.exempt, self._as_of)):
                score = self._without_figures(path, kpi, Status.EXEMPT, own, series, reasons.EXEMPT)
            else:
                score = self._score(path, kpi, own, series)
                if first_set and path in first_set:
                    score = self._with_original(score, first_set[path])
                if kpi.breakdown:
                    score = self._with_parts(score)
            order[path] = score
            leaves.append(leaf_of(score))

    def _score(self, path: str, kpi: Kpi, thresholds: Thresholds, series: Series) -> KpiScore:
        """Return the score of one KPI that is in force."""
        schedule = self._schedule(kpi, series)
        if schedule is None:
            return self._without_course(path, changed(kpi, profile=ProfileKind.ELAPSED), kpi, thresholds, series)
        seen = series.newest if self._known_at is None else series.known(self._known_at)
        cut = schedule.cut(seen.dates)
        low, high, dates, moment, _ = cut
        if not dates:
            status = Status.NO_DATA if moment.overdue else Status.PENDING
            return self._without_figures(path, kpi, status, thresholds, series, reasons.NO_OBSERVATION, moment)
        ended = moment.over or (kpi.measure is MILESTONE and self._as_of >= schedule.span.end)
        values = seen.values[low:high]
        case = tuple.__new__(Case, (kpi, dates, values, moment.expected, ended, self._as_of))  # half the time of Case()
        return self._judged(path, thresholds, series, schedule, cut, case)

    def _with_parts(self, score: KpiScore) -> KpiScore:
        """Return a score with those of its parts."""
        from kpi_tracker.breakdown.standing import with_parts

        as_of = date.fromordinal(self._as_of)
        return with_parts(score, self._plan, self._observations.parts, as_of, self._known_at, self._score)

    def _with_original(self, score: KpiScore, first: Kpi) -> KpiScore:
        """Return a score with how its KPI would stand as it was `first` set."""
        then = self._score(score.path, first, score.thresholds, score.series)
        target, baseline = first.target, first.baseline
        original = Original(
            target.value if target else None, baseline.value if baseline else None, then.status, then.attainment,
            then.expected, then.lag,
        )  # fmt: skip
        return changed(score, original=original)

    def _without_course(self, path: str, plain: Kpi, kpi: Kpi, thresholds: Thresholds, series: Series) -> KpiScore:
        """Return the score of a KPI whose expected course is not known: what it has reached, and no more than that."""
        score = self._score(path, plain, thresholds, series)
        certain = (Status.BREACHED, Status.ACHIEVED, Status.MISSED, Status.PENDING)
        known = score.status in certain
        why = {**score.reasons, **dict.fromkeys(("expected", "pace", "lag", "days_behind"), reasons.NO_SERIES)}
        return changed(
            score, kpi=kpi, status=score.status if known else Status.NO_DATA, underlying=None,
            severity=score.severity if known else 0, expected=None, pace=None, lag=None, days_behind=None, comparisons=(), reasons=why,
        )  # fmt: skip

    def _judged(
        self, path: str, thresholds: Thresholds, series: Series, schedule: _Schedule, cut: _Cut, case: Case
    ) -> KpiScore:
        """Return the score with every derived figure, and a reason for each that has no value."""
        kpi, span, measure, moment = case.kpi, schedule.span, case.kpi.measure, cut.moment
        judged = JUDGES[measure](case)
        value, a, e, met, _, formula, inputs, reason, _, _, gap = judged
        why: dict[str, Phrase] = {}
        pace = lag = days_behind = None
        if a is None:
            why["attainment"] = why["pace"] = why["lag"] = why["days_behind"] = reason or reasons.UNDEFINED_RATIO
        else:
            lag = (e - a) * 100
            if e > 0:
                pace = a / e
            else:
                why["pace"] = reasons.NOTHING_EXPECTED
            days_behind = self._days_behind(schedule.profile, case, a, e, why)
        if gap is None:
            why = {**why, **_NO_GAP} if why else _NO_GAP  # nearly always the only one: shared, not made anew
        grown = self._growth(kpi, value, moment, span, case.dates[-1]) if thresholds.by == "growth" else None
        data_date, _, elapsed, next_due, overdue, _, ends = moment
        ended = case.ended
        status, severity, underlying = status_of(kpi, judged, pace, lag or 0.0, grown, ended, overdue, thresholds)
        then, share = None, moment.expected
        if span.months > YEAR + TOLERANCE:  # the baseline is one year's amount
            share = elapsed * span.months / YEAR
        elif measure is TOTAL and kpi.baseline is not None and cut.low:  # there are figures of before the start
            then = baseyear.same_day(kpi, span, series, years_back(kpi, self._plan), self._known_at, case.dates)
        return KpiScore(
            path, kpi, status, value, data_date, a, e, pace, lag, days_behind, gap,
            met if kpi.has_target else None, severity, underlying,
            comparison.compare(kpi, value, share, self._plan.baseline_year, then),
            outlook.look_ahead(kpi, value, met, elapsed, span.months), grown, ended,
            None if ended else next_due, overdue, formula, inputs, thresholds, why,
            series, self._rows_left_out.get(kpi.id, 0), () if cut.complete or not _sums(kpi) else _gaps(case.dates, ends),
        )  # fmt: skip

    def _without_figures(
        self,
        path: str,
        kpi: Kpi,
        status: Status,
        thresholds: Thresholds,
        series: Series,
        reason: Phrase,
        moment: _Moment | None = None,
    ) -> KpiScore:
        """Return the score of a KPI that has no figure, for one reason."""
        return KpiScore(
            path, kpi, status, thresholds=thresholds, series=series, reasons=dict.fromkeys(FIGURES, reason),
            next_due=moment.next_due if moment else None, overdue=moment.overdue if moment else False,
            rows_left_out=self._rows_left_out.get(kpi.id, 0),
        )  # fmt: skip

    def _days_behind(self, profile: Profile, case: Case, a: float, e: float, why: dict[str, Phrase]) -> int | None:
        target, measure = case.kpi.target, case.kpi.measure
        if measure is MILESTONE:
            return milestone.days_behind(case, a, e)
        held = measure is LEVEL and target is not None and target.form is MAINTAIN
        if held or measure in _ALWAYS:  # what must hold at every date has no course to be behind of
            why["days_behind"] = reasons.NOT_FOR_MEASURE
            return None
        days = profile.days_behind(a, case.dates[-1])
        if days is None:
            why["days_behind"] = reasons.WORSE_THAN_BASELINE if a < 0 else reasons.NEVER_REACHED
        return days

    def _growth(self, kpi: Kpi, value: float | str, moment: _Moment, span: Span, data_date: int) -> Growth:
        """Return growth since the end of the base year."""
        base_end = date(base_year(kpi, self._plan), 12, 31).toordinal()
        return growth.grow(kpi, value, moment.expected, data_date - base_end, span.end - base_end)

    def _schedule(self, kpi: Kpi, series: Series) -> _Schedule | None:
        """Return the KPI's dates; None where it follows a base year whose observations are not complete."""
        if kpi.profile is BASELINE_YEAR:  # each has a course of its own
            return self._made(kpi, series)
        key = (kpi.start, kpi.due, kpi.profile, kpi.points, kpi.cadence, kpi.grace, kpi.measure is MILESTONE)
        schedule = self._schedules.get(key)
        if schedule is None:
            schedule = self._schedules[key] = self._made(kpi, series)
        return schedule

    def _made(self, kpi: Kpi, series: Series) -> _Schedule | None:
        span = span_of(kpi, self._plan)
        profile = profile_of(kpi, self._plan, span, series, self._known_at)
        if profile is None:
            return None
        grace = self._plan.grace if kpi.grace is None else kpi.grace
        cadence = kpi.cadence or self._plan.cadence
        # The figure of the period that covers the end is the last that counts, though it may be dated after the end.
        last = self._end if kpi.measure is MILESTONE else calendar.covering_end(cadence, span.end)
        return _Schedule(span, profile, cadence, grace, self._as_of, last)


def _gaps(dates: tuple[int, ...], ends: tuple[int, ...]) -> tuple[date, ...]:
    """Return the ends of the cadence periods that a sum has no figure for: what is missing there is missing in it."""
    filled = {bisect_left(ends, day) for day in dates}
    return tuple([date.fromordinal(end) for i, end in enumerate(ends) if i not in filled])


def _sums(kpi: Kpi) -> bool:
    """Tell whether the value is a sum, in which a period without a figure is missing."""
    return kpi.aggregate is Aggregate.SUM or (kpi.measure is TOTAL and kpi.aggregate is not Aggregate.NEWEST)


_NO_GAP: dict[str, Phrase] = {"gap": reasons.NOT_FOR_MEASURE}
_IN_WORDS = frozenset({MILESTONE, Measure.GRADE})
_ALWAYS = frozenset({Measure.RATE, Measure.LIMIT})
FIGURES = (
    "value", "data_date", "attainment", "expected", "pace", "lag", "days_behind", "gap", "comparisons", "outlook",
)  # fmt: skip
