"""Laws that hold for every plan and every series of observations."""

import math
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import attr
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import kpi_tracker
from kpi_tracker.calendar import Profile, Span, at_end, elapsed, points
from kpi_tracker.model.goal import Broken, Goal, Plan
from kpi_tracker.model.kpi import Kpi, Point, ProfileKind, Step, Support
from kpi_tracker.model.measure import Aggregate, Cadence, Direction, Measure, Status
from kpi_tracker.model.observation import Observation, Value
from kpi_tracker.model.period import Calendar
from kpi_tracker.model.scorecard import GoalScore, Growth, KpiScore, Scorecard
from kpi_tracker.model.target import Abnormal, Baseline, Target, TargetForm, Tolerance
from kpi_tracker.model.thresholds import EUROSTAT, TIMELINE, TRAFFIC_LIGHT, Thresholds, timeline
from kpi_tracker.rollup import Leaf, leaf, node_status, roll_up
from kpi_tracker.scoring.judgement import Judgement
from kpi_tracker.status import band_of, judge_bands, status_of
from tests.builders import exempt, goal, kpi, plan, score_of, scored, target, text

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a whole plan takes its time to draw
FIRST, LAST = date(2021, 1, 1), date(2021, 12, 31)
SCALE = ("A", "B", "C", "D")
NUMBERS = st.floats(-1e9, 1e9, allow_nan=False).map(lambda x: 0.0 if abs(x) < 1e-9 else x)
AMOUNTS = st.floats(1e-3, 1e9)
WEIGHTS = st.floats(0.0, 100.0).map(lambda x: 0.0 if x < 1e-6 else x)
SHARES = st.floats(0.0, 1.0)
DAYS = st.dates(FIRST, LAST)
LATER = st.dates(date(2020, 12, 1), date(2022, 6, 30))
SECOND_YEAR = st.builds(Abnormal, st.just(text("pandemic")), st.just(2019), NUMBERS)
PRESETS = st.sampled_from([TIMELINE, EUROSTAT, TRAFFIC_LIGHT, timeline(1.5, 0.9, 0.5, 0.0)])
PROFILES = st.sampled_from([ProfileKind.ELAPSED, ProfileKind.AT_END, ProfileKind.POINTS, ProfileKind.BASELINE_YEAR])


# time


@st.composite
def spans(draw: st.DrawFn) -> Span:
    """Draw a span of up to some years."""
    start = draw(st.dates(date(1999, 1, 1), date(2030, 12, 31)))
    end = start + timedelta(days=draw(st.integers(0, 2500)))
    return Span(start, end, draw(st.sampled_from(Calendar)))


@given(spans(), st.integers(-400, 3000))
def test_elapsed_is_bounded_and_never_falls(span: Span, offset: int) -> None:
    """Elapsed is 0 before the start, 1 at the end and after it, and within the span it grows every day."""
    day = span.start + offset
    share, following = span.elapsed(day), span.elapsed(day + 1)
    assert 0 <= share <= following <= 1
    assert (share == 0) is (day < span.start)
    assert (share == 1) is (day >= span.end)
    assert share < following or not span.start - 1 <= day < span.end


@given(spans(), st.integers(0, 2500))
def test_day_at_is_the_inverse_of_elapsed(span: Span, offset: int) -> None:
    """The day at which the share of a day has passed is that day."""
    day = min(span.start + offset, span.end)
    assert span.day_at(span.elapsed(day)) == day


@given(spans(), SHARES)
def test_day_at_is_the_first_day_at_whose_end_a_share_has_passed(span: Span, share: float) -> None:
    """On the day at a share it has passed, and the day before it had not, but for noise."""
    day = span.day_at(share)
    assert span.start - 1 <= day <= span.end
    assert span.elapsed(day) >= share - 2e-9
    assert day == span.start - 1 or span.elapsed(day - 1) < share + 1e-9


@st.composite
def profiles(draw: st.DrawFn) -> Profile:
    """Draw a course of any shape through 2021."""
    span = Span(FIRST, LAST, draw(st.sampled_from(Calendar)))
    days = sorted(draw(st.sets(st.integers(span.start, span.end - 1), max_size=4)))
    shares = sorted(draw(st.lists(st.integers(0, 20).map(lambda n: n / 20), min_size=len(days), max_size=len(days))))
    declared = (*zip(days, shares, strict=True), (span.end, 1.0))
    return draw(st.sampled_from([elapsed(span), at_end(span), points(span, declared)]))


@given(profiles(), st.integers(0, 364))
def test_every_course_is_bounded_and_never_falls(profile: Profile, offset: int) -> None:
    """What is expected is 0 before the start, never less on a later day, and 1 at the end."""
    day = profile.span.start + offset
    assert profile.expected(profile.span.start - 1) == 0
    assert 0 <= profile.expected(day) <= profile.expected(day + 1) + 1e-12
    assert profile.expected(day) <= 1
    assert profile.expected(profile.span.end) == profile.expected(profile.span.end + 99) == 1


@given(profiles(), st.integers(0, 364))
def test_exactly_as_expected_is_0_days_behind(profile: Profile, offset: int) -> None:
    """On every course and every day, attaining what is expected is neither late nor early."""
    day = profile.span.start + offset
    assert profile.days_behind(profile.expected(day), day) == 0


@given(profiles(), st.integers(0, 364), SHARES, SHARES)
def test_attaining_more_is_never_further_behind(profile: Profile, offset: int, one: float, other: float) -> None:
    """Days behind fall, or stay, as attainment rises; late is above 0 only below what is expected, early the reverse."""
    day = profile.span.start + offset
    less, more = sorted((one, other))
    behind, less_behind = profile.days_behind(less, day), profile.days_behind(more, day)
    assert behind is not None
    assert less_behind is not None
    assert behind >= less_behind
    assert behind <= 0 or less < profile.expected(day)
    assert behind >= 0 or less > profile.expected(day)


# attainment


def judged(one: Kpi, x: Value, day: date) -> KpiScore:
    """Return the score with one value, on its own day."""
    return scored(one, {day.isoformat(): x}, day.isoformat())


def assert_never_falls(worse: KpiScore, better: KpiScore) -> None:
    """Assert that the better value has not the smaller attainment."""
    assert (worse.attainment is None) is (better.attainment is None) or better.met
    if worse.attainment is not None and better.attainment is not None:
        assert worse.attainment <= better.attainment * (1 + 1e-9 * math.copysign(1, better.attainment)) + 1e-9
    assert bool(worse.met) <= bool(better.met)


@given(st.sampled_from([Measure.TOTAL, Measure.RATE]), st.sampled_from(Direction), NUMBERS, NUMBERS, NUMBERS, DAYS)
def test_total_and_rate_rise_with_what_is_better(
    measure: Measure, direction: Direction, t: float, one: float, other: float, day: date
) -> None:
    """More of what is to grow, and less of what is to fall, is never attained less."""
    low, high = sorted((one, other))
    worse, better = (low, high) if direction is Direction.INCREASE else (high, low)
    assume(direction is Direction.INCREASE or better > 0)  # at and below 0 spending, e itself stands in
    item = kpi(measure=measure, t=t, direction=direction)
    assume(measure is Measure.TOTAL or direction is Direction.INCREASE or t >= 0)  # t / x turns round below 0
    assert_never_falls(judged(item, worse, day), judged(item, better, day))


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS, DAYS)
def test_level_rises_toward_its_target(b: float, t: float, one: float, other: float, day: date) -> None:
    """The nearer to the target, or the further beyond it, the more is attained, in both directions."""
    assume(abs(t - b) > 1e-3)
    worse, better = sorted((one, other), reverse=t < b)
    item = kpi(measure=Measure.LEVEL, b=b, t=t)
    found = judged(item, worse, day), judged(item, better, day)
    assert_never_falls(*found)
    assert judged(item, b, day).attainment == 0
    assert judged(item, t, day).attainment == 1


@given(NUMBERS, st.floats(0, 100), st.booleans(), NUMBERS, NUMBERS, st.booleans())
def test_maintained_level_rises_with_what_is_better(
    b: float, amount: float, relative: bool, one: float, other: float, down: bool
) -> None:
    """Of what is to be held the better is never attained less, and never more than wholly."""
    tolerance = Tolerance(amount / 100 if relative else amount, relative)
    direction = Direction.DECREASE if down else Direction.INCREASE
    item = kpi(measure=Measure.LEVEL, b=b, t=target(b, TargetForm.MAINTAIN, tolerance), direction=direction)
    worse, better = sorted((one, other), reverse=down)
    found = judged(item, worse, LAST), judged(item, better, LAST)
    assert_never_falls(*found)
    assert all(score.attainment is not None and score.attainment <= 1 for score in found)


@given(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3), st.integers(0, 3))
def test_grade_rises_toward_its_target(b: int, t: int, one: int, other: int) -> None:
    """A better grade is never attained less."""
    assume(t < b)
    better, worse = sorted((one, other))
    item = kpi(measure=Measure.GRADE, scale=SCALE, b=SCALE[b], t=SCALE[t])
    assert_never_falls(judged(item, SCALE[worse], LAST), judged(item, SCALE[better], LAST))


@given(st.lists(st.tuples(DAYS, WEIGHTS), min_size=1, max_size=6), st.data())
def test_milestone_rises_with_every_step(due_and_weight: list[tuple[date, float]], data: st.DataObject) -> None:
    """One step more is never attained less, and all steps are 1."""
    assume(any(weight for _, weight in due_and_weight))
    steps = tuple(Step(f"s{i}", text("s"), due, weight) for i, (due, weight) in enumerate(due_and_weight))
    item = kpi(measure=Measure.MILESTONE, steps=steps)
    ids = tuple(step.id for step in steps)
    done = data.draw(st.lists(st.sampled_from(ids), unique=True))
    more = (*done, *[name for name in ids if name not in done][:1])
    assert_never_falls(judged(item, tuple(done), LAST), judged(item, more, LAST))
    assert judged(item, ids, LAST).status is Status.ACHIEVED


@given(
    st.sampled_from([None, *set(Aggregate) - {Aggregate.MEAN}]),
    st.booleans(),
    NUMBERS,
    st.lists(NUMBERS, min_size=1, max_size=6),
)
def test_a_bound_once_broken_stays_broken(
    by: Aggregate | None, at_most: bool, bound: float, values: list[float]
) -> None:
    """However the values go on, a limit that was breached on one day is breached on every later one."""
    form = TargetForm.AT_MOST if at_most else TargetForm.AT_LEAST
    item = kpi(measure=Measure.LIMIT, t=target(bound, form), aggregate=by)
    days = [FIRST + timedelta(days=i) for i in range(len(values))]
    rows: dict[str, Value] = {day.isoformat(): value for day, value in zip(days, values, strict=True)}
    broken = [scored(item, rows, day.isoformat()).status is Status.BREACHED for day in days]
    assert broken == sorted(broken)


# whole plans


@st.composite
def kpis(draw: st.DrawFn, name: str, goals: tuple[str, ...]) -> Kpi:
    """Draw a KPI of any measure, as a plan could hold it."""
    measure = draw(st.sampled_from(Measure))
    more: dict[str, Any] = {
        "cadence": draw(st.sampled_from([None, *Cadence])),
        "weight": draw(WEIGHTS),
        "veto": draw(st.booleans()),
        "binding": draw(st.booleans()),
        "exempt": draw(st.sampled_from([None, None, None, exempt("2021-07-01")])),
        "thresholds": draw(st.sampled_from([None, None, "eurostat", "traffic-light"])),
        "supports": tuple(
            Support(to, draw(st.none() | WEIGHTS)) for to in draw(st.lists(st.sampled_from(goals), max_size=1))
        ),
    }
    if draw(st.booleans()):
        more["start"], more["due"] = sorted((draw(DAYS), draw(DAYS)))
    if measure is Measure.MILESTONE:
        due = draw(st.lists(st.dates(more.get("start", FIRST), more.get("due", LAST)), min_size=1, max_size=4))
        more["steps"] = tuple(Step(f"s{i}", text("s"), at, 1.0 + i) for i, at in enumerate(due))
        return kpi(name, measure, **more)
    if measure is Measure.LIMIT:
        form = draw(st.sampled_from([TargetForm.AT_MOST, TargetForm.AT_LEAST]))
        by = draw(st.sampled_from([Aggregate.SUM, Aggregate.NEWEST, Aggregate.MAX, Aggregate.MIN]))
        return kpi(name, measure, t=target(draw(NUMBERS), form), aggregate=by, **more)
    if measure is Measure.GRADE:
        goal_ = draw(st.sampled_from(SCALE))
        base = draw(st.sampled_from([None, *SCALE[SCALE.index(goal_) + 1 :]]))
        profile = draw(st.sampled_from([ProfileKind.ELAPSED, ProfileKind.AT_END, ProfileKind.BASELINE_YEAR]))
        return kpi(name, measure, b=base, t=goal_, scale=SCALE, profile=profile, **more)
    baseline = draw(st.none() | st.builds(Baseline, NUMBERS, abnormal=st.none() | SECOND_YEAR))
    if measure is not Measure.RATE:
        more["profile"] = draw(PROFILES)
        if more["profile"] is ProfileKind.POINTS:
            start, due_on = more.get("start", FIRST), more.get("due", LAST)
            first = (Point(start, draw(SHARES) / 2),) if start < due_on else ()
            more["points"] = (*first, Point(due_on, 1.0))
    if measure is Measure.TOTAL:
        more["aggregate"] = draw(st.sampled_from([Aggregate.SUM, Aggregate.NEWEST]))
    if measure is Measure.LEVEL:
        more["aggregate"] = draw(
            st.sampled_from([None, Aggregate.NEWEST, Aggregate.MEAN, Aggregate.MAX, Aggregate.MIN])
        )
    t: Target | float = draw(NUMBERS)
    if more["thresholds"] == "eurostat" and measure in (Measure.LEVEL, Measure.RATE) and draw(st.booleans()):
        return kpi(name, measure, b=baseline, direction=draw(st.sampled_from(Direction)), **more)
    if baseline is not None and draw(st.booleans()):
        t = target(
            baseline.value, TargetForm.MAINTAIN, draw(st.none() | st.builds(Tolerance, st.floats(0, 10), st.booleans()))
        )
    elif baseline is not None and abs(float(baseline.value) - float(t)) < 1e-3:  # type: ignore[arg-type]
        t = float(baseline.value) + 1.0
    if baseline is None or isinstance(t, Target):
        more["direction"] = draw(st.sampled_from(Direction))
    return kpi(name, measure, b=baseline, t=t, **more)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Draw a plan with goals in goals, links between branches, and something broken."""
    names = iter(range(1000))

    def some(most: int, goals: tuple[str, ...]) -> list[Kpi]:
        return [draw(kpis(f"k{next(names)}", goals)) for _ in range(draw(st.integers(0, most)))]

    inner = goal(
        "inner", *some(3, ("other",)), weight=draw(WEIGHTS), exempt=draw(st.sampled_from([None, exempt("2021-10-01")]))
    )
    outer = goal("outer", inner, *some(2, ("other",)), broken=draw(st.sampled_from([(), (Broken("torn"),)])))
    other = goal("other", *some(3, ("inner",)), thresholds=draw(st.none() | PRESETS))
    links = (Support("guideline"),)
    last = goal("guideline", *some(1, ("outer",)), supports=())
    supporting = Goal("helper", text("helper"), kpis=tuple(some(2, ("inner",))), supports=links)
    return plan(
        outer, other, last, supporting, *some(2, ("guideline",)),
        thresholds=draw(PRESETS), calendar=draw(st.sampled_from(Calendar)), coverage_floor=draw(SHARES),
    )  # fmt: skip


@st.composite
def values(draw: st.DrawFn, one: Kpi) -> Value:
    """Draw a value that a KPI can have."""
    if one.measure is Measure.GRADE:
        return draw(st.sampled_from(SCALE))
    if one.measure is Measure.MILESTONE:
        return tuple(draw(st.lists(st.sampled_from([step.id for step in one.steps]), unique=True)))
    return draw(NUMBERS)


@st.composite
def observed(draw: st.DrawFn) -> tuple[Plan, list[Observation]]:
    """Draw a plan and observations of it, of the period and of the year before, some of them corrected."""
    whole = draw(plans())
    rows: list[Observation] = []
    for _, item in whole.walk():
        if not isinstance(item, Kpi):
            continue
        for at in draw(st.lists(DAYS, max_size=4, unique=True)):
            rows.append(Observation(item.id, at, draw(values(item))))
            if draw(st.integers(0, 4)) == 0:
                later = datetime(2022, 1, 1) + timedelta(days=draw(st.integers(0, 90)))
                rows.append(Observation(item.id, at, draw(values(item)), later))
        if draw(st.booleans()):
            for at in (date(2020, 3, 31), date(2020, 6, 30), date(2020, 12, 31)):
                rows.append(Observation(item.id, at, draw(values(item))))
    return whole, rows


def numbers(thing: object) -> Iterator[complex]:
    """Yield every number in what a score holds, at whatever depth, but for the plan and the data that went in."""
    if isinstance(thing, int | float | complex):
        yield thing
    elif isinstance(thing, dict):
        for part in thing.values():
            yield from numbers(part)
    elif isinstance(thing, tuple | list):
        for part in thing:
            yield from numbers(part)
    elif attr.has(kind := type(thing)) and not isinstance(thing, Kpi | Goal | Thresholds):
        for attribute in attr.fields(kind):
            if attribute.name != "series":
                yield from numbers(getattr(thing, attribute.name))


KPI_FIGURES = ("value", "data_date", "attainment", "expected", "pace", "lag", "days_behind", "gap")
NODE_FIGURES = ("attainment", "expected", "pace", "lag", "coverage")


def unexplained(card: Scorecard) -> list[str]:
    """Return the figures of a scorecard that are null without a reason."""
    found: list[str] = []
    for path, item in card.items.items():
        figures = KPI_FIGURES if isinstance(item, KpiScore) else NODE_FIGURES
        found += [f"{path}.{name}" for name in figures if getattr(item, name) is None and name not in item.reasons]
        if isinstance(item, GoalScore):
            continue
        found += [f"{path}.against {c.year}" for c in item.comparisons if c.relative is None and c.reason is None]
        ahead = (item.outlook.needed, item.outlook.so_far, item.outlook.ratio, item.outlook.landing)
        if None in ahead and item.outlook.reason is None and "outlook" not in item.reasons:
            found.append(f"{path}.outlook")
        if item.growth is not None and item.growth.ratio is None and item.growth.reason is None:
            found.append(f"{path}.growth")
    return found


@UNHURRIED
@given(observed(), LATER)
def test_every_item_has_a_status_and_every_figure_a_value_or_a_reason(
    found: tuple[Plan, list[Observation]], at: date
) -> None:
    """Whatever is planned and observed, nothing raises, nothing is missing, no figure is NaN, infinite or complex."""
    whole, rows = found
    card = kpi_tracker.score(whole, rows, at)
    assert list(card.items) == ["", *(path for path, _ in whole.walk())]
    assert all(isinstance(item.status, Status) for item in card.items.values())
    assert all(item.status is not Status.UNKNOWN for item in card.kpis if item.met is not None)
    found_numbers = [x for item in card.items.values() for x in numbers(item)]
    assert all(math.isfinite(x.real) and not isinstance(x, complex) for x in found_numbers)
    assert unexplained(card) == []


@UNHURRIED
@given(observed(), LATER, st.randoms(use_true_random=False))
def test_the_order_of_observations_does_not_matter(
    found: tuple[Plan, list[Observation]], at: date, random: Any
) -> None:
    """Rows can be read in any order."""
    whole, rows = found
    shuffled = random.sample(rows, len(rows))
    assert kpi_tracker.score(whole, rows, at) == kpi_tracker.score(whole, shuffled, at)


def without_series(card: Scorecard) -> list[tuple[Any, ...]]:
    """Return all that a scorecard says, but for the rows that it was made from."""
    return [
        tuple(getattr(item, name) for name in vars(type(item))["__slots__"] if name != "series")
        for item in card.items.values()
    ]


@UNHURRIED
@given(observed(), DAYS, st.integers(1, 200), st.data())
def test_an_observation_after_as_of_changes_nothing(
    found: tuple[Plan, list[Observation]], at: date, days: int, data: st.DataObject
) -> None:
    """What is dated later than the report is not in it."""
    whole, rows = found
    items = [item for _, item in whole.walk() if isinstance(item, Kpi)]
    newer = datetime(2023, 1, 1)  # so that it corrects, and never contradicts, what stands there
    more = [Observation(one.id, at + timedelta(days=days), data.draw(values(one)), newer) for one in items]
    before = kpi_tracker.score(whole, rows, at)
    assert without_series(kpi_tracker.score(whole, rows + more, at)) == without_series(before)


@UNHURRIED
@given(observed(), LATER, st.data())
def test_a_correction_recorded_after_known_at_changes_nothing(
    found: tuple[Plan, list[Observation]], at: date, data: st.DataObject
) -> None:
    """A past night's report can be made again whatever was corrected since."""
    whole, rows = found
    known = date(2022, 6, 30)
    items = {item.id: item for _, item in whole.walk() if isinstance(item, Kpi)}
    later = datetime(2022, 7, 1, 0, 0)
    fixed = dict.fromkeys((row.kpi, row.date) for row in rows)
    fixes = [Observation(name, when, data.draw(values(items[name])), later) for name, when in fixed]
    before = kpi_tracker.score(whole, rows, at, known)
    assert without_series(kpi_tracker.score(whole, rows + fixes, at, known)) == without_series(before)
    assert without_series(kpi_tracker.score(whole, rows, at)) == without_series(before)


@UNHURRIED
@given(observed(), LATER)
def test_every_node_is_bounded_and_consistent(found: tuple[Plan, list[Observation]], at: date) -> None:
    """Means and coverage lie in [0, 1], the counts are those of the leaves, and the worst is one of them."""
    whole, rows = found
    card = kpi_tracker.score(whole, rows, at)
    for node in card.items.values():
        if not isinstance(node, GoalScore):
            continue
        assert all(-1e-12 <= x <= 1 + 1e-12 for x in (node.attainment, node.expected, node.coverage) if x is not None)
        assert node.worst is next(iter(node.counts), None)
        parts = [share.part for share in node.shares if share.part is not None]
        assert node.attainment is None or math.isclose(sum(parts), 1.0)
    top = card.items[""]
    assert isinstance(top, GoalScore)
    assert sum(top.counts.values()) == len(card.kpis)


# status and bands


@given(st.none() | NUMBERS, NUMBERS, PRESETS)
def test_bands_cover_everything(pace: float | None, lag: float, thresholds: Thresholds) -> None:
    """Every pace and every lag has a band, and no better pace has a worse one."""
    found = judge_bands(pace, lag, thresholds)
    assert found.status in (Status.AHEAD, Status.ON_TRACK, Status.AT_RISK, Status.LAGGING, Status.REGRESSING)


@given(PRESETS, NUMBERS, NUMBERS)
def test_bands_do_not_overlap(thresholds: Thresholds, one: float, other: float) -> None:
    """The better of two figures never has a worse band."""
    by_lag = thresholds.by == "lag"
    worse, better = sorted((one, other), reverse=by_lag)
    place = thresholds.bands.index
    assert place(band_of(better, thresholds.bands, by_lag)) <= place(band_of(worse, thresholds.bands, by_lag))


@given(
    st.sampled_from([kpi(), kpi(t=100.0), kpi(measure=Measure.LEVEL, b=1.0, t=2.0)]),
    st.builds(
        Judgement, NUMBERS, st.none() | NUMBERS, NUMBERS, st.booleans(), st.booleans(), st.just(""),
        broken=st.booleans(), at_least_at_risk=st.booleans(),
    ),
    st.none() | NUMBERS, NUMBERS, st.builds(Growth, st.none() | NUMBERS, st.none(), st.none() | NUMBERS),
    st.booleans(), st.booleans(), PRESETS,
)  # fmt: skip
def test_every_judgement_has_a_verdict(
    one: Kpi, judged: Judgement, pace: float | None, lag: float, grown: Growth, ended: bool, overdue: bool,
    thresholds: Thresholds,
) -> None:  # fmt: skip
    """The first rule that matches decides: a breach before all else, and only lagging items have a severity."""
    found = status_of(one, judged, pace, lag, grown if thresholds.by == "growth" else None, ended, overdue, thresholds)
    assert (found.status is Status.BREACHED) is judged.broken
    assert (found.severity > 0) is (found.status in (Status.BREACHED, Status.MISSED, Status.REGRESSING, Status.LAGGING))
    assert (found.underlying is not None) is (found.status is Status.STALE)


# roll-up

LEAF_STATUSES = st.sampled_from([status for status in Status if status is not Status.UNKNOWN])


@st.composite
def leaves(draw: st.DrawFn) -> list[Leaf]:
    """Draw leaves as a goal could hold them."""
    found = []
    for i in range(draw(st.integers(0, 8))):
        a = draw(st.none() | st.floats(-5, 5))
        found.append(
            leaf(f"k{i}", draw(LEAF_STATUSES), draw(WEIGHTS), a, draw(SHARES), draw(st.booleans()), draw(st.booleans()))
        )
    return found


def rolled(found: list[Leaf], scale: float = 1.0) -> tuple[tuple[float | None, ...], Any, Any, Status]:
    """Return the figures of a node over leaves, what it counts, what is vetoed and bound, and its status."""
    roll = roll_up([one._replace(weight=one.weight * scale) for one in found])
    figures = tuple(None if x is None else round(x, 9) for x in (roll.attainment, roll.expected, roll.coverage))
    held = {*roll.vetoed}, {*roll.bound}
    return figures, roll.counts, held, node_status(roll, 0.8, Status.AHEAD)


@given(leaves())
def test_roll_up_is_bounded(found: list[Leaf]) -> None:
    """However far above or below its children are, a node stays within [0, 1]."""
    figures, counts, _, _ = rolled(found)
    assert all(0 <= x <= 1 for x in figures if x is not None)
    assert sum(counts.values()) == len(found)


@given(leaves(), st.randoms(use_true_random=False))
def test_the_order_of_siblings_does_not_matter(found: list[Leaf], random: Any) -> None:
    """A node is the same in whatever order its children stand."""
    assert rolled(random.sample(found, len(found))) == rolled(found)


@given(leaves(), st.floats(0.01, 1000))
def test_scaling_all_weights_does_not_matter(found: list[Leaf], scale: float) -> None:
    """Only the proportions of weights count."""
    assume(all(leaf.weight == 0 or leaf.weight > 1e-3 for leaf in found))
    figures, counts, held, status = rolled(found, scale)
    plain_figures, plain_counts, plain_held, plain_status = rolled(found)
    assert all(
        (x is None) is (y is None) and (x is None or y is None or math.isclose(x, y, abs_tol=1e-8))
        for x, y in zip(figures, plain_figures, strict=True)
    )
    assert (counts, held, status) == (plain_counts, plain_held, plain_status)


@given(AMOUNTS, DAYS)
def test_spending_as_expected_is_a_pace_of_1(t: float, day: date) -> None:
    """A budget spent exactly along its course is exactly on it, at every date."""
    budget = kpi(t=t, direction=Direction.DECREASE)
    expected = score_of(kpi_tracker.score(plan(budget), [Observation("k", day, 1.0)], day), "k").expected
    assert expected is not None
    found = judged(budget, t * expected, day)
    assert found.pace is not None
    assert math.isclose(found.pace, 1.0, rel_tol=1e-9)
