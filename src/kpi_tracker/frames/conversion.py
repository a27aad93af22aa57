"""Plans, observations and scorecards as frames of Polars, with the columns that scoring over frames knows."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from kpi_tracker.frames.problem import MissingExtraError
from kpi_tracker.frames.rules import Rules
from kpi_tracker.frames.written import joined
from kpi_tracker.model.goal import Goal, Plan
from kpi_tracker.model.kpi import Exempt, Kpi
from kpi_tracker.model.measure import Measure
from kpi_tracker.model.observation import Observation, Observations
from kpi_tracker.model.scorecard import KpiScore, Scorecard
from kpi_tracker.model.target import TargetForm
from kpi_tracker.model.thresholds import Thresholds
from kpi_tracker.nodes import chosen_thresholds

if TYPE_CHECKING:
    import polars as pl

__all__ = ["links_of", "observations_of", "scores_of", "targets_of", "tree_of"]

Row = dict[str, Any]
_FORMS = (TargetForm.MAINTAIN, TargetForm.AT_MOST, TargetForm.AT_LEAST)
"""A change or an improvement was worked out to a value when the plan was read."""


class _Above:
    """What an item takes from those above it."""

    def __init__(self, path: str, thresholds: Thresholds, exempt: date | None) -> None:
        self.path, self.thresholds, self.exempt = path, thresholds, exempt

    def below(self, plan: Plan, item: Goal | Kpi) -> "_Above":
        """Return the same for what stands in `item`, with what that says itself."""
        path = f"{self.path}/{item.id}" if self.path else item.id
        return _Above(
            path, chosen_thresholds(plan, item.thresholds, self.thresholds), _earlier(self.exempt, item.exempt)
        )


def _earlier(above: date | None, own: Exempt | None) -> date | None:
    days = [day for day in (above, own.date if own else None) if day is not None]
    return min(days, default=None)


def _walk(plan: Plan) -> Iterator[tuple[_Above, Goal | Kpi, _Above]]:
    """Yield every item between what it takes from above and what holds for itself."""

    def under(above: _Above, holder: Plan | Goal) -> Iterator[tuple[_Above, Goal | Kpi, _Above]]:
        for item in holder.children:
            own = above.below(plan, item)
            yield above, item, own
            if isinstance(item, Goal):
                yield from under(own, item)

    yield from under(_Above("", plan.thresholds, None), plan)


def targets_of(plan: Plan) -> "pl.DataFrame":
    """Return a row a KPI of the plan, as `frames.score` takes it; thresholds are named as in `Rules.of(plan)`."""
    _need_polars()
    import polars as pl

    rules = Rules.of(plan)
    rows = [
        _target(item, above.path, own.exempt, rules.name_of(own.thresholds))
        for above, item, own in _walk(plan) if isinstance(item, Kpi)
    ]  # fmt: skip
    kinds = {str: pl.String, float: pl.Float64, int: pl.Int64, date: pl.Date, bool: pl.Boolean}
    return pl.DataFrame(rows, schema={name: kinds[kind] for name, kind in _TARGET.items()})


_TARGET: Mapping[str, type] = {
    "kpi": str, "measure": str, "direction": str, "target": float, "form": str, "tolerance": float, "baseline": float,
    "baseline_year": int, "abnormal_year": int, "abnormal_value": float, "aggregate": str, "profile": str,
    "points": str, "start": date, "due": date, "cadence": str, "grace": int, "scale": str, "steps": str,
    "thresholds": str, "weight": float, "veto": bool, "binding": bool, "exempt": date, "goal": str, "title_zh": str,
    "title_en": str, "unit": str, "owner": str,
}  # fmt: skip


def _number(kpi: Kpi, value: float | str | None) -> float | None:
    """Return a figure; of a grade its place on the scale, 1 the best."""
    if value is None:
        return None
    return float(kpi.scale.index(str(value)) + 1) if kpi.measure is Measure.GRADE else float(value)


def _form(form: TargetForm) -> str:
    return (form if form in _FORMS else TargetForm.VALUE).value


def _target(kpi: Kpi, goal: str, exempt: date | None, thresholds: str) -> Row:
    target, baseline = kpi.target, kpi.baseline
    abnormal = baseline.abnormal if baseline else None
    second = abnormal if abnormal and abnormal.year is not None and abnormal.value is not None else None
    tolerance = target.tolerance if target else None
    return {
        "kpi": kpi.id, "measure": kpi.measure.value, "direction": kpi.direction and kpi.direction.value,
        "target": _number(kpi, target.value if target else None), "form": target and _form(target.form),
        "tolerance": tolerance.of(float(baseline.value)) if tolerance and baseline else None,
        "baseline": _number(kpi, baseline.value if baseline else None), "baseline_year": baseline and baseline.year,
        "abnormal_year": second and second.year, "abnormal_value": second and second.value,
        "aggregate": kpi.aggregate and kpi.aggregate.value, "profile": kpi.profile.value,
        "points": "; ".join(f"{point.date} {point.share!r}" for point in kpi.points) or None,
        "start": kpi.start, "due": kpi.due, "cadence": kpi.cadence and kpi.cadence.value, "grace": kpi.grace,
        "scale": joined(kpi.scale) or None,
        "steps": "; ".join(f"{step.id} {step.due} {step.weight!r}" for step in kpi.steps) or None,
        "thresholds": thresholds, "weight": kpi.weight, "veto": kpi.veto, "binding": kpi.binding, "exempt": exempt,
        "goal": goal, "title_zh": kpi.title.zh, "title_en": kpi.title.en, "unit": kpi.unit.text.zh,
        "owner": kpi.owner and kpi.owner.zh,
    }  # fmt: skip


def tree_of(plan: Plan) -> "pl.DataFrame":
    """Return a row a goal, and one for the plan itself, as `frames.roll_up` takes it."""
    _need_polars()
    import polars as pl

    rules = Rules.of(plan)
    rows: list[Row] = [_node("", None, plan, 1.0, rules.name_of(plan.thresholds), None)]
    for above, item, own in _walk(plan):
        if isinstance(item, Goal):
            name = rules.name_of(own.thresholds)
            rows.append(_node(own.path, above.path, item, item.weight, name, own.exempt))
    kinds = {str: pl.String, float: pl.Float64, int: pl.Int64, date: pl.Date}
    return pl.DataFrame(rows, schema={name: kinds[kind] for name, kind in _NODE.items()})


_NODE: Mapping[str, type] = {
    "node": str, "parent": str, "weight": float, "thresholds": str, "exempt": date, "missing": float, "unread": int,
    "title_zh": str, "title_en": str,
}  # fmt: skip


def _node(path: str, parent: str | None, item: Goal | Plan, weight: float, thresholds: str, exempt: date | None) -> Row:
    missing = sum(one.weight for one in item.broken) if item.broken else None
    return {
        "node": path, "parent": parent, "weight": weight, "thresholds": thresholds, "exempt": exempt,
        "missing": missing, "unread": len(item.broken), "title_zh": item.title.zh, "title_en": item.title.en,
    }  # fmt: skip


def links_of(plan: Plan) -> "pl.DataFrame":
    """Return a row a link of `supports`: the path of the item, the node that it counts toward, and its weight there."""
    _need_polars()
    import polars as pl

    items = list(_walk(plan))
    paths = {item.id: own.path for _, item, own in items if isinstance(item, Goal)}
    rows = [
        {"item": own.path, "node": node, "weight": item.weight if link.weight is None else link.weight}
        for _, item, own in items for link in item.supports
        if (node := paths.get(link.to.rpartition("/")[2])) is not None
    ]  # fmt: skip
    return pl.DataFrame(rows, schema={"item": pl.String, "node": pl.String, "weight": pl.Float64})


def observations_of(observations: Observations) -> "pl.DataFrame":
    """Return a row an observation, corrections included; grades and steps done stand in `text`."""
    _need_polars()
    import polars as pl

    rows = [_observation(row) for series in observations.values() for row in series.rows]
    names = ("kpi", "date", "value", "text", "recorded_at", "basis")
    kinds = (pl.String, pl.Date, pl.Float64, pl.String, pl.Datetime("us"), pl.String)
    return pl.DataFrame(rows, schema=dict(zip(names, kinds, strict=True)))


def _observation(row: Observation) -> Row:
    value = row.value
    text = "; ".join(value) if isinstance(value, tuple) else value if isinstance(value, str) else None
    number = float(value) if isinstance(value, int | float) else None
    return {"kpi": row.kpi, "date": row.date, "value": number, "text": text, "recorded_at": row.recorded_at,
            "basis": row.basis.value}  # fmt: skip


def scores_of(scorecard: Scorecard) -> "pl.DataFrame":
    """Return a row a KPI of the scorecard, with the columns that `frames.score` gives for it."""
    _need_polars()
    import polars as pl

    plan = scorecard.plan
    rows = [_score(score) for score in scorecard.kpis]
    kinds = {str: pl.String, float: pl.Float64, int: pl.Int64, date: pl.Date, bool: pl.Boolean}
    frame = pl.DataFrame(rows, schema={name: kinds[kind] for name, kind in _SCORE.items()})
    extra = targets_of(plan).select("goal", "kpi", "title_zh", "title_en", "unit", "owner")
    return frame.join(extra, on=["goal", "kpi"], how="left", maintain_order="left")


_SCORE: Mapping[str, type] = {
    "kpi": str, "goal": str, "weight": float, "veto": bool, "binding": bool, "baseline": float, "target": float,
    "status": str, "severity": int, "underlying": str, "value": float, "data_date": date, "attainment": float,
    "expected": float, "pace": float, "lag": float, "days_behind": int, "gap": float, "met": bool, "ended": bool,
    "overdue": bool, "comparison": str, "reference": float, "change": float, "relative": float,
    "change_abnormal": float, "relative_abnormal": float, "growth": float, "growth_required": float,
    "growth_ratio": float,
}  # fmt: skip


def _score(score: KpiScore) -> Row:
    kpi = score.kpi
    first, second = (*score.comparisons, None, None)[:2]
    reference = first.reference if first else None
    grown = score.growth
    return {
        "kpi": kpi.id, "goal": score.path.rpartition("/")[0], "weight": kpi.weight, "veto": kpi.veto,
        "binding": kpi.binding, "baseline": _number(kpi, kpi.baseline.value if kpi.baseline else None),
        "target": _number(kpi, kpi.target.value if kpi.target else None), "status": score.status.value,
        "severity": score.severity, "underlying": score.underlying and score.underlying.value,
        "value": _number(kpi, score.value), "data_date": score.data_date, "attainment": score.attainment,
        "expected": score.expected, "pace": score.pace, "lag": score.lag, "days_behind": score.days_behind,
        "gap": score.gap, "met": score.met, "ended": score.ended, "overdue": score.overdue,
        "comparison": first and first.kind, "reference": None if isinstance(reference, str) else reference,
        "change": first and first.change, "relative": first and first.relative,
        "change_abnormal": second and second.change, "relative_abnormal": second and second.relative,
        "growth": grown and grown.observed, "growth_required": grown and grown.required,
        "growth_ratio": grown and grown.ratio,
    }  # fmt: skip


def _need_polars() -> None:
    """Refuse to go on without Polars.

    Raises:
        MissingExtraError: it is not installed.
    """
    try:
        import polars  # noqa: F401
    except ImportError as error:
        raise MissingExtraError(error) from error
