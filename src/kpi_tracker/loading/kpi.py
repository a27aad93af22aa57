"""One KPI from its mapping, with everything refused that cannot be."""

from typing import Any

from kpi_tracker.language import N_, Phrase
from kpi_tracker.loading.fields import BROKEN, Origin
from kpi_tracker.loading.figures import build_baseline
from kpi_tracker.loading.formulas import refuse_summed
from kpi_tracker.loading.nodes import Mapping
from kpi_tracker.loading.records import KPI
from kpi_tracker.loading.target import build_target, shown_direction
from kpi_tracker.loading.thresholds import build_thresholds
from kpi_tracker.loading.wrong import Reported
from kpi_tracker.model.goal import Broken
from kpi_tracker.model.kpi import Kpi, ProfileKind
from kpi_tracker.model.measure import NUMERIC, Aggregate, Direction, Measure
from kpi_tracker.model.target import Baseline, Target, TargetForm
from kpi_tracker.model.unit import NO_UNIT

__all__ = ["build_kpi"]

GRADE, MILESTONE, MAINTAIN = Measure.GRADE, Measure.MILESTONE, TargetForm.MAINTAIN  # Enum looks a member up for 0.1 µs
ONLY_FOR: dict[str, frozenset[Measure]] = {
    "direction": NUMERIC,
    "aggregate": frozenset({Measure.TOTAL, Measure.LEVEL, Measure.LIMIT}),
    "formula": NUMERIC | {Measure.LIMIT},
    "profile": frozenset({Measure.TOTAL, Measure.LEVEL, Measure.GRADE}),
    "scale": frozenset({Measure.GRADE}),
    "steps": frozenset({Measure.MILESTONE}),
    "baseline": frozenset(Measure) - {Measure.MILESTONE},
    "target": frozenset(Measure) - {Measure.MILESTONE},
}
FOREIGN = {m: frozenset(key for key, measures in ONLY_FOR.items() if m not in measures) for m in Measure}
AGGREGATES: dict[Measure, tuple[Aggregate, ...]] = {
    Measure.TOTAL: (Aggregate.SUM, Aggregate.NEWEST),
    Measure.LEVEL: (Aggregate.NEWEST, Aggregate.MEAN, Aggregate.MAX, Aggregate.MIN),
    Measure.LIMIT: (Aggregate.SUM, Aggregate.NEWEST, Aggregate.MAX, Aggregate.MIN),
}
NEEDS = {
    Measure.LIMIT: (
        ("aggregate", N_("sum, newest, max or min")),
        ("target", N_("at_most or at_least, with its basis")),
    ),
    Measure.MILESTONE: (("steps", N_("a list of steps with id, title and due date")),),
    Measure.GRADE: (("scale", N_("the grades, best first")),),
}


def build_kpi(node: Any, origin: Origin) -> Any:
    """Return the :class:`Kpi` of a mapping, or :class:`Broken` when a fault of it is in the report.

    A KPI without a target comes back without one: the plan's policy is applied when the whole plan is known.
    """
    if type(node) is not Mapping:
        return node
    before = len(origin.report.diagnostics)
    values = KPI.read(node, origin)
    measure = values.get("measure", BROKEN)
    kpi = None
    if measure is not BROKEN:
        _refuse_misplaced(values, measure, node, origin)
        try:
            kpi = _built(values, measure, node, origin, before)
        except Reported:
            kpi = None
    if kpi is not None:
        return kpi
    found = origin.report.diagnostics[before:]
    weight, name = values.get("weight", 1.0), values.get("id", BROKEN)
    for i, diagnostic in enumerate(found):
        if not diagnostic.path and isinstance(name, str):
            origin.report.diagnostics[before + i] = diagnostic.at_path(name)
    line = node.start.start_mark.line + 1
    return Broken(
        name if isinstance(name, str) else f"line-{line}",
        weight if isinstance(weight, float) else 1.0,
        origin.place(node),
        values["supports"] if _good(values, "supports") else (),
    )


def _refuse_misplaced(values: dict[str, Any], measure: Measure, node: Any, origin: Origin) -> None:
    """Report keys that do not go with the measure, and those that it cannot do without."""
    if not FOREIGN[measure].isdisjoint(values):
        for key in values.keys() & FOREIGN[measure]:
            origin.wrong(_key(node, key), "KT310", key=key, measure=measure.value)
    if measure in NEEDS:
        for key, expected in NEEDS[measure]:
            if key not in values:
                origin.wrong(node, "KT316", key=key, measure=measure.value, expected=Phrase(expected))
    if _good(values, "aggregate") and measure in AGGREGATES and values["aggregate"] not in AGGREGATES[measure]:
        words = tuple(word.value for word in AGGREGATES[measure])
        value = values["aggregate"].value
        origin.wrong(_value(node, "aggregate"), "KT204", key="aggregate", value=value, expected=words)


def _built(values: dict[str, Any], measure: Measure, node: Any, origin: Origin, before: int) -> Kpi | None:
    """Return the KPI, unless a fault was reported since the report held `before` of them."""
    get = values.get  # one call less for each of a KPI's parts
    unit = values["unit"] if get("unit", BROKEN) is not BROKEN else NO_UNIT
    scale = values["scale"] if measure is GRADE and get("scale", BROKEN) is not BROKEN else ()
    if measure is GRADE and get("scale", BROKEN) is not BROKEN:
        _refuse_bad_scale(scale, node, origin)
    # What a value means is not known where the unit or the scale is broken, or there is no scale.
    known = values.get("unit") is not BROKEN and (measure is not GRADE or bool(scale))
    baseline = target = None
    if known and get("baseline", BROKEN) is not BROKEN:
        try:
            baseline = values["baseline"] = build_baseline(values["baseline"], unit, scale, origin)
        except Reported:
            values["baseline"] = BROKEN
    declared = values.get("direction")
    if known and get("target", BROKEN) is not BROKEN and measure is not MILESTONE:
        based = BROKEN if values.get("baseline") is BROKEN else baseline
        try:
            target = values["target"] = build_target(values["target"], measure, unit, scale, based, declared, origin)
        except Reported:
            values["target"] = BROKEN
    direction, inferred = None, False
    if known and values.get("baseline") is not BROKEN and values.get("target") is not BROKEN:
        direction, inferred = _direction(measure, declared, baseline, target, values, node, origin)
    if get("formula", BROKEN) is not BROKEN:
        refuse_summed(values["formula"], measure, get("aggregate"), origin)
    if "breakdown" in values and known:
        from kpi_tracker.loading.breakdowns import About, built

        about = About(measure, unit, scale, direction, "formula" in values)
        values["breakdown"] = built(values["breakdown"], about, origin)
    _check_course(values, node, origin)
    if get("thresholds", BROKEN) is not BROKEN:
        values["thresholds"] = build_thresholds(values["thresholds"], origin)
    if len(origin.report.diagnostics) > before:
        return None
    values["direction"], values["direction_inferred"], values["where"] = direction, inferred, origin.place(node)
    return Kpi(**values)


def _check_course(values: dict[str, Any], node: Any, origin: Origin) -> None:
    """Take the profile apart, and report points and steps that cannot be."""
    if values.get("profile", BROKEN) is not BROKEN:
        values["profile"], values["points"] = values["profile"]
        if values["profile"] is ProfileKind.POINTS:
            _refuse_bad_points(values["points"], node, origin)
    if values.get("steps", BROKEN) is not BROKEN:
        _refuse_bad_steps(values["steps"], node, origin)


def _good(values: dict[str, Any], key: str) -> bool:
    return values.get(key, BROKEN) is not BROKEN


def _key(node: Any, key: str) -> Any:
    return next(k for k in node[::2] if k.value == key)


def _value(node: Any, key: str) -> Any:
    return next(v for k, v in zip(node[::2], node[1::2], strict=True) if k.value == key)


def _direction(
    measure: Measure,
    declared: Any,
    baseline: Baseline | None,
    target: Target | None,
    values: dict[str, Any],
    node: Any,
    origin: Origin,
) -> tuple[Direction | None, bool]:
    """Return the direction, and whether it was inferred; refuse targets on the wrong side or on the baseline itself."""
    if measure in NUMERIC:
        if baseline is not None and target is not None and target.form is not MAINTAIN:
            return shown_direction(declared, float(baseline.value), target, origin)
        if declared is None and not any(
            value is BROKEN for value in values.values()
        ):  # a misspelt key may be what is missing
            origin.wrong(node, "KT308")
        return (declared if isinstance(declared, Direction) else None), False
    if measure is GRADE:
        _refuse_bad_grade(values, baseline, target, origin)
    elif target is not None and target.form is TargetForm.AT_LEAST and values.get("aggregate") is Aggregate.SUM:
        origin.wrong(_value(node, "target"), "KT321")
    return None, False


def _refuse_bad_grade(values: dict[str, Any], baseline: Baseline | None, target: Target | None, origin: Origin) -> None:
    if baseline is None or target is None or target.form is MAINTAIN:
        return
    scale = values["scale"]
    base, goal = scale.index(baseline.value), scale.index(target.value)
    if base == goal:
        origin.report.add("KT307", target.where, value=baseline.value)
    elif goal > base:
        better = Phrase(N_("upwards on the scale"))
        origin.report.add(
            "KT306", target.where, target=target.value, direction=better, baseline=baseline.value
        )  # fmt: skip


def _refuse_bad_scale(scale: tuple[str, ...], node: Any, origin: Origin) -> None:
    if len(scale) < 2 or len(set(scale)) < len(scale):  # noqa: PLR2004 - with one grade there is nothing to tell apart
        expected = Phrase(N_("a list of two or more different grades, best first"))
        origin.wrong(_value(node, "scale"), "KT206", key="scale", value=", ".join(scale) or "[]", expected=expected)


def _refuse_bad_points(points: tuple[Any, ...], node: Any, origin: Origin) -> None:
    dates, shares = [p.date for p in points], [p.share for p in points]
    reason = None
    if dates != sorted(set(dates)):
        reason = N_("the dates of the points must ascend")
    elif shares != sorted(shares):
        reason = N_("the shares of the points must not fall")
    elif not shares or shares[-1] != 1:
        reason = N_("the last point must be 100%")
    if reason:
        origin.wrong(_value(node, "profile"), "KT317", reason=Phrase(reason))


def _refuse_bad_steps(steps: tuple[Any, ...], node: Any, origin: Origin) -> None:
    seen: set[str] = set()
    for step in steps:
        if step.id in seen:
            first = Phrase(N_("a step of this KPI has it already"))
            origin.wrong(_value(node, "steps"), "KT301", value=step.id, first=first)
        seen.add(step.id)
    if not any(step.weight for step in steps):
        origin.wrong(_value(node, "steps"), "KT319")
