"""Small factories for plans and observations in memory; what a test does not state is the most ordinary choice."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import kpi_tracker
from kpi_tracker.model.goal import Goal, Plan
from kpi_tracker.model.kpi import Exempt, ExemptKind, Kpi, Step
from kpi_tracker.model.measure import Aggregate, Basis, Direction, Measure
from kpi_tracker.model.observation import Observation, Value
from kpi_tracker.model.period import Period
from kpi_tracker.model.scorecard import GoalScore, KpiScore, Scorecard
from kpi_tracker.model.target import Baseline, Target, TargetForm, Tolerance
from kpi_tracker.model.unit import Text

NUMERIC = (Measure.TOTAL, Measure.LEVEL, Measure.RATE)
YEAR = Period(date(2021, 1, 1), date(2021, 12, 31))


def text(words: str) -> Text:
    """Return `words` as a text that is the same in both languages."""
    return Text(words, words)


def day(iso: str) -> date:
    """Return the day written `2021-09-30`."""
    return date.fromisoformat(iso)


def target(value: float | str, form: TargetForm = TargetForm.VALUE, tolerance: Tolerance | None = None) -> Target:
    """Return a stated target."""
    return Target(value, Basis.STATED, form, tolerance=tolerance)


def kpi(
    name: str = "k",
    measure: Measure = Measure.TOTAL,
    *,
    b: float | str | Baseline | None = None,
    t: float | str | Target | None = None,
    **more: Any,
) -> Kpi:
    """Return a KPI with baseline `b` and target `t`; the direction follows from them, else it is `increase`."""
    baseline = Baseline(b) if isinstance(b, float | int | str) else b
    goal = target(t) if isinstance(t, float | int | str) else t
    if measure in NUMERIC and "direction" not in more:
        both = baseline is not None and goal is not None
        falls = both and float(goal.value) < float(baseline.value)  # type: ignore[union-attr]
        more["direction"] = Direction.DECREASE if falls else Direction.INCREASE
    return Kpi(name, text(name), measure, baseline=baseline, target=goal, **more)


def held(b: float | str, *, down: bool = False, tolerance: Tolerance | None = None, **more: Any) -> Kpi:
    """Return a level that is to be maintained at `b`."""
    direction = Direction.DECREASE if down else Direction.INCREASE
    t = target(b, TargetForm.MAINTAIN, tolerance)
    return kpi(measure=Measure.LEVEL, b=b, t=t, direction=direction, **more)


def limit(
    name: str = "k",
    *,
    at_most: float | None = None,
    at_least: float | None = None,
    by: Aggregate | None = Aggregate.SUM,
    **more: Any,
) -> Kpi:
    """Return a bound that must never break."""
    bound = target(at_most, TargetForm.AT_MOST) if at_most is not None else target(at_least or 0.0, TargetForm.AT_LEAST)
    return kpi(name, Measure.LIMIT, t=bound, aggregate=by, **more)


def steps(*due_and_weight: tuple[str, float]) -> tuple[Step, ...]:
    """Return the steps s1, s2, … of a milestone, each with its due day and weight."""
    return tuple(Step(f"s{i}", text(f"s{i}"), day(due), weight) for i, (due, weight) in enumerate(due_and_weight, 1))


def goal(name: str, *items: Goal | Kpi, **more: Any) -> Goal:
    """Return a goal that holds `items`."""
    return Goal(name, text(name), **_below(items), **more)


def plan(*items: Goal | Kpi, **more: Any) -> Plan:
    """Return a plan of 2021 that holds `items`."""
    more.setdefault("period", YEAR)
    more.setdefault("baseline_year", more["period"].start.year - 1)
    return Plan("p", text("p"), time_zone="Asia/Shanghai", **_below(items), **more)


def _below(items: tuple[Goal | Kpi, ...]) -> dict[str, Any]:
    goals = tuple(item for item in items if isinstance(item, Goal))
    return {"goals": goals, "kpis": tuple(item for item in items if isinstance(item, Kpi))}


def exempt(since: str) -> Exempt:
    """Return the note that an item is out of the count since a day."""
    return Exempt(ExemptKind.CANCELLED, text("dropped"), day(since))


def obs(name: str, when: str, value: Value, recorded: str | None = None) -> Observation:
    """Return an observation of the KPI `name`."""
    return Observation(name, day(when), value, datetime.fromisoformat(recorded) if recorded else None)


def scored(one: Kpi, rows: Mapping[str, Value], as_of: str, **more: Any) -> KpiScore:
    """Return the score of a KPI that is alone in a plan of 2021, with its observations by day."""
    return score_of(card(plan(one, **more), (obs(one.id, when, value) for when, value in rows.items()), as_of), one.id)


def card(whole: Plan, rows: Iterable[Observation], as_of: str) -> Scorecard:
    """Return the scorecard of a plan."""
    return kpi_tracker.score(whole, rows, day(as_of))


def score_of(scorecard: Scorecard, name: str) -> KpiScore:
    """Return the score of a KPI."""
    item = scorecard.find(name)
    assert isinstance(item, KpiScore)
    return item


def node_of(scorecard: Scorecard, name: str = "") -> GoalScore:
    """Return the score of a goal, or of the plan."""
    item = scorecard.find(name)
    assert isinstance(item, GoalScore)
    return item
