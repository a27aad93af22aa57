"""Scoring a plan: what was seen of every KPI, judged by its measure, made a status, and rolled up the tree."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

from kpi_tracker import calendar
from kpi_tracker.calendar import Profile, Span
from kpi_tracker.diagnostics import Diagnostic
from kpi_tracker.language import Phrase
from kpi_tracker.model import reasons
from kpi_tracker.model.exactness import TOLERANCE, total_of
from kpi_tracker.model.goal import Broken, Goal, Plan
from kpi_tracker.model.kpi import Exempt, Kpi, ProfileKind, Support
from kpi_tracker.model.measure import Aggregate, Measure, Status
from kpi_tracker.model.observation import EMPTY, Observation, Observations, Seen, Series
from kpi_tracker.model.scorecard import GoalScore, KpiScore, Scorecard, Share
from kpi_tracker.model.thresholds import TIMELINE, Thresholds
from kpi_tracker.rollup import Child, Leaf, Roll, clip, leaf_child, missing_child, node_status, roll_child, roll_up
from kpi_tracker.scoring import comparison, grade, growth, level, limit, milestone, outlook, rate, total
from kpi_tracker.scoring.judgement import Case, Judgement
from kpi_tracker.status import Evidence, judge_bands, status_of

__all__ = ["score"]

JUDGES = {
    Measure.TOTAL: total.judge,
    Measure.LEVEL: level.judge,
    Measure.RATE: rate.judge,
    Measure.LIMIT: limit.judge,
    Measure.MILESTONE: milestone.judge,
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
    """
    if not isinstance(observations, Observations):
        observations = Observations(observations)
    if known_at is not None and not isinstance(known_at, datetime):
        known_at = datetime.combine(known_at, time.max)
    scorer = _Scorer(plan, observations, as_of, known_at, rows_left_out or {})
    return Scorecard(plan, as_of, known_at, scorer.items(), tuple(diagnostics))


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
        self._profiles: dict[object, Profile] = {}
        self._spans: dict[tuple[date, date], Span] = {}
        self._scores: dict[str, KpiScore] = {}

    def items(self) -> dict[str, KpiScore | GoalScore]:
        """Score every KPI, then every node, and return them in the plan's order, the plan first."""
        plan = self._plan
        self._score_kpis("", plan.goals, plan.kpis, plan.thresholds, None)
        nodes = _Nodes(plan, self._scores, self._as_of).roll()
        return {path: self._scores.get(path) or nodes[path] for path in ("", *(path for path, _ in plan.walk()))}

    def _score_kpis(
        self,
        above: str,
        goals: tuple[Goal, ...],
        kpis: tuple[Kpi, ...],
        thresholds: Thresholds,
        exempt: Exempt | None,
    ) -> None:
        for goal in goals:
            own = _chosen(self._plan, goal.thresholds, thresholds)
            self._score_kpis(above + goal.id + "/", goal.goals, goal.kpis, own, exempt or self._in_force(goal.exempt))
        for kpi in kpis:
            path = above + kpi.id
            own = _chosen(self._plan, kpi.thresholds, thresholds)
            if exempt or self._in_force(kpi.exempt):
                series = self._observations.get(kpi.id, EMPTY)
                why = dict.fromkeys(FIGURES, reasons.EXEMPT)
                self._scores[path] = KpiScore(path, kpi, Status.EXEMPT, thresholds=own, reasons=why, series=series)
            else:
                self._scores[path] = self._score(path, kpi, own)

    def _in_force(self, exempt: Exempt | None) -> Exempt | None:
        return exempt if exempt and exempt.date.toordinal() <= self._as_of else None

    def _score(self, path: str, kpi: Kpi, thresholds: Thresholds) -> KpiScore:
        """Return the score of one KPI that is in force."""
        span = self._span(kpi.start or self._plan.period.start, kpi.due or self._plan.period.end)
        series = self._observations.get(kpi.id, EMPTY)
        seen = series.seen(span.start, min(self._as_of, span.end), self._known_at)
        data_date = seen.dates[-1] if seen.dates else None
        cadence = kpi.cadence or self._plan.cadence
        due = calendar.next_due(cadence, self._plan.grace if kpi.grace is None else kpi.grace, span.start, data_date)
        overdue = due is not None and due < self._as_of
        left_out = self._rows_left_out.get(kpi.id, 0)
        if data_date is None:
            return self._unseen(path, kpi, thresholds, series, span, due, overdue, left_out)
        profile = self._profile(kpi, span, series)
        if profile is None:
            return KpiScore(
                path, kpi, Status.NO_DATA, data_date=date.fromordinal(data_date), thresholds=thresholds, series=series,
                reasons=dict.fromkeys(FIGURES, reasons.NO_SERIES), rows_left_out=left_out,
            )  # fmt: skip
        is_milestone = kpi.measure is Measure.MILESTONE
        ended = (self._as_of if is_milestone else data_date) >= span.end
        e0 = profile.expected(data_date)
        case = Case(kpi, seen.dates, seen.values, e0, ended, self._as_of)
        judged = JUDGES[kpi.measure](case)
        return self._assembled(path, kpi, thresholds, series, span, profile, case, judged, due, overdue, left_out)

    def _assembled(
        self,
        path: str,
        kpi: Kpi,
        thresholds: Thresholds,
        series: Series,
        span: Span,
        profile: Profile,
        case: Case,
        judged: Judgement,
        due: int | None,
        overdue: bool,
        left_out: int,
    ) -> KpiScore:
        """Return the score with every derived figure, and a reason for each that has no value."""
        why: dict[str, Phrase] = {}
        a, e, data_date = judged.attainment, judged.expected, case.dates[-1]
        pace = lag = days_behind = None
        if a is None:
            why["attainment"] = why["pace"] = why["lag"] = why["days_behind"] = judged.reason or reasons.UNDEFINED_RATIO
        else:
            lag = (e - a) * 100
            if e > 0:
                pace = a / e
            else:
                why["pace"] = reasons.NOTHING_EXPECTED
            days_behind = self._days_behind(kpi, profile, case, a, e, why)
        if judged.gap is None:
            why["gap"] = reasons.NOT_FOR_MEASURE
        grown = None
        if thresholds.by == "growth":
            first = date(self._base_year(kpi), 12, 31).toordinal()
            grown = growth.grow(kpi, judged.value, case.expected, data_date - first, span.end - first)
        verdict = status_of(
            Evidence(
                a, pace, lag, judged.met, judged.achieved, judged.broken, case.ended, overdue,
                kpi.measure is Measure.LEVEL, judged.at_least_at_risk,
                grown.ratio if grown else None, grown.observed if grown else None,
                kpi.target is not None or kpi.measure is Measure.MILESTONE,
            ),
            thresholds,
        )  # fmt: skip
        expected_total = case.expected
        same_day = self._same_day(kpi, series, data_date)
        target = kpi.target
        return KpiScore(
            path, kpi, verdict.status, judged.value, date.fromordinal(data_date), a, e, pace, lag, days_behind,
            judged.gap, judged.met if target is not None or kpi.steps else None, verdict.severity, verdict.underlying,
            comparison.compare(kpi, judged.value, expected_total, self._plan.baseline_year, same_day),
            outlook.look_ahead(kpi, judged.value, span.elapsed(data_date), span.months),
            grown, case.ended, date.fromordinal(due) if due is not None and not case.ended else None,
            overdue, judged.formula, judged.inputs, thresholds, why, series, left_out,
        )  # fmt: skip

    def _unseen(
        self,
        path: str,
        kpi: Kpi,
        thresholds: Thresholds,
        series: Series,
        span: Span,
        due: int | None,
        overdue: bool,
        left_out: int,
    ) -> KpiScore:
        """Return the score of a KPI with no observation to see."""
        return KpiScore(
            path, kpi, Status.NO_DATA if overdue else Status.PENDING, thresholds=thresholds, series=series,
            next_due=date.fromordinal(due) if due is not None else None, overdue=overdue,
            reasons=dict.fromkeys(FIGURES, reasons.NO_OBSERVATION), rows_left_out=left_out,
        )  # fmt: skip

    def _days_behind(
        self, kpi: Kpi, profile: Profile, case: Case, a: float, e: float, why: dict[str, Phrase]
    ) -> int | None:
        if kpi.measure is Measure.MILESTONE:
            return milestone.days_behind(case, a, e)
        if e != case.expected:  # what must hold at every date has no course to be behind of
            why["days_behind"] = reasons.NOT_FOR_MEASURE
            return None
        if kpi.measure in (Measure.RATE, Measure.LIMIT):
            why["days_behind"] = reasons.NOT_FOR_MEASURE
            return None
        days = profile.days_behind(a, case.dates[-1])
        if days is None:
            why["days_behind"] = reasons.WORSE_THAN_BASELINE if a < 0 else reasons.NEVER_REACHED
        return days

    def _base_year(self, kpi: Kpi) -> int:
        return (kpi.baseline.year if kpi.baseline else None) or self._plan.baseline_year

    def _span(self, start: date, end: date) -> Span:
        span = self._spans.get((start, end))
        if span is None:
            span = self._spans[start, end] = Span(start, end, self._plan.calendar)
        return span

    def _profile(self, kpi: Kpi, span: Span, series: Series) -> Profile | None:
        """Return the KPI's expected course; None where it follows a base year whose observations are not complete."""
        if kpi.profile is ProfileKind.BASELINE_YEAR:
            return self._baseline_shape(kpi, span, series)
        key = (span.start, span.end, kpi.profile, kpi.points)
        profile = self._profiles.get(key)
        if profile is None:
            if kpi.profile is ProfileKind.POINTS:
                profile = calendar.points(span, tuple((p.date.toordinal(), p.share) for p in kpi.points))
            else:
                profile = calendar.at_end(span) if kpi.profile is ProfileKind.AT_END else calendar.elapsed(span)
            self._profiles[key] = profile
        return profile

    def _baseline_shape(self, kpi: Kpi, span: Span, series: Series) -> Profile | None:
        seen = self._baseline_seen(kpi, span, series)
        if not seen.dates or seen.dates[-1] != _shifted(span.end, -self._years_back(kpi)):
            return None
        cumulative = [_accumulated(kpi, seen.values[: i + 1]) for i in range(len(seen.values))]
        whole = cumulative[-1]
        steps = zip(cumulative, cumulative[1:], strict=False)
        if whole <= 0 or cumulative[0] < 0 or any(later < earlier for earlier, later in steps):
            return None
        back = self._years_back(kpi)
        return calendar.points(
            span, tuple((_shifted(d, back), c / whole) for d, c in zip(seen.dates, cumulative, strict=True))
        )

    def _years_back(self, kpi: Kpi) -> int:
        return self._plan.period.start.year - self._base_year(kpi)

    def _baseline_seen(self, kpi: Kpi, span: Span, series: Series) -> Seen:
        """Return what was observed over the base year's stretch of days that answers to the KPI's own span."""
        back = -self._years_back(kpi)
        return series.seen(_shifted(span.start, back), _shifted(span.end, back), self._known_at)

    def _same_day(self, kpi: Kpi, series: Series, data_date: int) -> float | None:
        """Return what had accumulated on the same day of the base year, where that year's series is complete up to it."""
        if kpi.measure is not Measure.TOTAL or not series.rows or kpi.baseline is None:
            return None
        span = self._span(kpi.start or self._plan.period.start, kpi.due or self._plan.period.end)
        if series.rows[0].date.toordinal() >= span.start:
            return None
        seen = self._baseline_seen(kpi, span, series)
        day = _shifted(data_date, -self._years_back(kpi))
        values = tuple(value for when, value in zip(seen.dates, seen.values, strict=True) if when <= day)
        return _accumulated(kpi, values) if values and day in seen.dates else None


FIGURES = (
    "value", "data_date", "attainment", "expected", "pace", "lag", "days_behind", "gap", "comparisons", "outlook",
)  # fmt: skip


def _accumulated(kpi: Kpi, values: tuple[object, ...]) -> float:
    """Return what has accumulated after `values`: their sum, or the newest where reports are cumulative."""
    if kpi.aggregate is Aggregate.NEWEST or kpi.measure is not Measure.TOTAL:
        return float(values[-1])  # type: ignore[arg-type]
    return total_of(values)  # type: ignore[arg-type]


def _shifted(day: int, years: int) -> int:
    """Return the same day of another year; 29 February answers to the 28th."""
    d = date.fromordinal(day)
    if (d + timedelta(days=1)).day == 1:  # the last day of a month answers to the last day of that month
        first = date(d.year + years + (d.month == 12), d.month % 12 + 1, 1)
        return first.toordinal() - 1
    return date(d.year + years, d.month, d.day).toordinal()


def _chosen(plan: Plan, written: Thresholds | str | None, inherited: Thresholds) -> Thresholds:
    if written is None:
        return inherited
    return plan.presets.get(written, inherited) if isinstance(written, str) else written


class _Nodes:
    """Rolls the scores of KPIs up to every node of a plan."""

    def __init__(self, plan: Plan, scores: Mapping[str, KpiScore], as_of: int) -> None:
        self._plan, self._scores, self._as_of = plan, scores, as_of
        self._paths = {item.id: path for path, item in plan.walk()}
        self._goals = {path: item for path, item in plan.walk() if isinstance(item, Goal)}
        self._leaves = {path: _leaf(path, kpi_score) for path, kpi_score in scores.items()}
        self._supporters: dict[str, list[tuple[str, float]]] = {}
        for path, item in plan.walk():
            for link in item.supports:
                self._supporters.setdefault(self._target(link), []).append((path, _weight(link, item)))
        self._shown: dict[str, Roll] = {}
        self._own: dict[str, Roll] = {}

    def _target(self, link: Support) -> str:
        return self._paths[link.to.rpartition("/")[2]]

    def roll(self) -> dict[str, GoalScore]:
        """Return the score of every goal by path, and of the plan under ""."""
        plan = self._plan
        own = [self._own_child(path, kind) for path, kind in self._members("", plan.goals, plan.kpis)]
        whole = roll_up([*(child for _, child in own), *self._missing("", plan.broken)])
        found = {"": self._score("", None, whole, own, (), plan.thresholds)}
        self._thresholds(plan.goals, "", plan.thresholds, found)
        return found

    def _thresholds(
        self, goals: tuple[Goal, ...], above: str, thresholds: Thresholds, found: dict[str, GoalScore]
    ) -> None:
        for goal in goals:
            path, own = above + goal.id, _chosen(self._plan, goal.thresholds, thresholds)
            children = self._shown_children(path, goal)
            supports = {supporter for supporter, _ in self._supporters.get(path, ())}
            found[path] = self._score(path, goal, self._show(path), children, supports, own)
            self._thresholds(goal.goals, path + "/", own, found)

    def _members(
        self, above: str, goals: tuple[Goal, ...], kpis: tuple[Kpi, ...]
    ) -> list[tuple[str, Goal | Kpi]]:
        return [(above + item.id, item) for item in (*goals, *kpis)]

    def _missing(self, above: str, broken: tuple[Broken, ...]) -> list[Child]:
        return [missing_child(above + item.id, item.weight) for item in broken]

    def _own_child(self, path: str, item: Goal | Kpi) -> tuple[str, Child]:
        if isinstance(item, Kpi):
            return path, leaf_child(self._leaves[path], item.weight)
        return path, roll_child(self._contained(path, item), item.weight)

    def _contained(self, path: str, goal: Goal) -> Roll:
        """Return the roll-up of what stands in `goal`, without what supports it from elsewhere."""
        if path not in self._own:
            children = [self._own_child(p, item)[1] for p, item in self._members(path + "/", goal.goals, goal.kpis)]
            self._own[path] = roll_up([*children, *self._missing(path + "/", goal.broken)])
        return self._own[path]

    def _shown_child(self, path: str, weight: float) -> tuple[str, Child]:
        if path in self._leaves:
            return path, leaf_child(self._leaves[path], weight)
        return path, roll_child(self._show(path), weight)

    def _shown_children(self, path: str, goal: Goal) -> list[tuple[str, Child]]:
        members = self._members(path + "/", goal.goals, goal.kpis)
        return [
            *(self._shown_child(p, item.weight) for p, item in members),
            *(self._shown_child(p, weight) for p, weight in self._supporters.get(path, ())),
        ]

    def _show(self, path: str) -> Roll:
        """Return the roll-up of a goal as it is shown: what stands in it and what supports it."""
        if path not in self._shown:
            goal = self._goals[path]
            children = [child for _, child in self._shown_children(path, goal)]
            self._shown[path] = roll_up([*children, *self._missing(path + "/", goal.broken)])
        return self._shown[path]

    def _score(
        self,
        path: str,
        goal: Goal | None,
        roll: Roll,
        children: list[tuple[str, Child]],
        supports: Iterable[str],
        thresholds: Thresholds,
    ) -> GoalScore:
        a, e = roll.attainment, roll.expected
        lag = (e - a) * 100 if a is not None and e is not None else None
        pace = a / e if a is not None and e else None
        band = judge_bands(pace, lag or 0.0, thresholds)
        status = node_status(roll, self._plan.coverage_floor, band.status)
        if goal is not None and goal.exempt and goal.exempt.date.toordinal() <= self._as_of:
            status = Status.EXEMPT
        why: dict[str, Phrase] = {}
        if a is None:
            why = dict.fromkeys(("attainment", "expected", "pace", "lag"), reasons.NOTHING_SCORED)
        elif pace is None:
            why["pace"] = reasons.NOTHING_EXPECTED
        if roll.coverage is None:
            why["coverage"] = reasons.NOTHING_SCORED
        whole = sum(child.weight for _, child in children if child.attainment is not None)
        shares = tuple(
            Share(
                child_path, child.weight, child.weight / whole if child.attainment is not None and whole else None,
                child.attainment, child.expected, self._status_of(child_path), child_path in supports,
            )
            for child_path, child in children
        )  # fmt: skip
        severity = band.severity if status is Status.LAGGING else 0
        return GoalScore(
            path, goal, status, a, e, pace, lag, roll.coverage, roll.worst, roll.counts, roll.vetoed, roll.bound,
            roll.incomplete, shares, severity, thresholds, why,
        )  # fmt: skip

    def _status_of(self, path: str) -> Status:
        if path in self._leaves:
            return self._leaves[path].status
        roll = self._show(path)
        pace = roll.attainment / roll.expected if roll.attainment is not None and roll.expected else None
        lag = (roll.expected - roll.attainment) * 100 if roll.attainment is not None and roll.expected else 0.0
        return node_status(roll, self._plan.coverage_floor, judge_bands(pace, lag, TIMELINE).status)


def _weight(link: Support, item: Goal | Kpi) -> float:
    return item.weight if link.weight is None else link.weight


def _leaf(path: str, kpi_score: KpiScore) -> Leaf:
    """Return what roll-up needs of a KPI; one that is only met or not met counts with 1 or 0."""
    kpi, a = kpi_score.kpi, kpi_score.attainment
    if a is None and kpi_score.status not in (Status.PENDING, Status.EXEMPT, Status.NO_DATA):
        a = float(bool(kpi_score.met)) if kpi_score.met is not None else None
    attainment = None if a is None or kpi_score.status is Status.STALE else clip(a)
    return Leaf(path, kpi_score.status, kpi.weight, attainment, kpi_score.expected, kpi.veto, kpi.binding)
