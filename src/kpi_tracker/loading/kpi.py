"""One KPI from its mapping: numbers in its unit, its target worked out, and everything that cannot be refused."""

from typing import Any

from kpi_tracker.language import N_, Phrase
from kpi_tracker.loading.fields import BROKEN, Origin
from kpi_tracker.loading.nodes import Mapping, Scalar
from kpi_tracker.loading.records import KPI, Written
from kpi_tracker.loading.report import Reported, Wrong, nearest
from kpi_tracker.loading.scalars import FLAG_SPELLINGS
from kpi_tracker.loading.thresholds import build_thresholds
from kpi_tracker.model.exactness import TOLERANCE, exact
from kpi_tracker.model.goal import Broken
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Aggregate, Basis, Direction, Measure
from kpi_tracker.model.target import Abnormal, Baseline, Target, TargetForm, Tolerance
from kpi_tracker.model.unit import NO_UNIT, Unit
from kpi_tracker.notation.number import Unreadable, read_change, read_number, unit_of

__all__ = ["build_fact_value", "build_kpi", "policy_target", "value_in_unit"]

NUMERIC = frozenset({Measure.TOTAL, Measure.LEVEL, Measure.RATE})
ONLY_FOR: dict[str, frozenset[Measure]] = {
    "direction": NUMERIC,
    "aggregate": frozenset({Measure.TOTAL, Measure.LEVEL, Measure.LIMIT}),
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
FORMS: dict[Measure, tuple[str, ...]] = {
    Measure.TOTAL: ("value", "change", "maintain"),
    Measure.LEVEL: ("value", "change", "maintain"),
    Measure.RATE: ("value", "change", "maintain"),
    Measure.LIMIT: ("at_most", "at_least"),
    Measure.GRADE: ("value", "maintain"),
}
NEEDS = {
    Measure.LIMIT: (("aggregate", N_("sum, newest, max or min")), ("target", N_("at_most or at_least, with its basis"))),
    Measure.MILESTONE: (("steps", N_("a list of steps with id, title and due date")),),
    Measure.GRADE: (("scale", N_("the grades, best first")),),
}
FORM_OF = {form.value: form for form in TargetForm}


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
    )


def _refuse_misplaced(values: dict[str, Any], measure: Measure, node: Any, origin: Origin) -> None:
    """Report keys that do not go with the measure, and those that it cannot do without."""
    if not FOREIGN[measure].isdisjoint(values):
        for key in values.keys() & FOREIGN[measure]:
            origin.wrong(_key(node, key), "KT310", key=key, measure=measure.value)
    for key, expected in NEEDS.get(measure, ()):
        if key not in values:
            origin.wrong(node, "KT316", key=key, measure=measure.value, expected=Phrase(expected))
    aggregate = values.get("aggregate")
    if isinstance(aggregate, Aggregate) and measure in AGGREGATES and aggregate not in AGGREGATES[measure]:
        expected_words = tuple(word.value for word in AGGREGATES[measure])
        origin.wrong(_value(node, "aggregate"), "KT204", key="aggregate", value=aggregate.value, expected=expected_words)


def _built(values: dict[str, Any], measure: Measure, node: Any, origin: Origin, before: int) -> Kpi | None:
    """Return the KPI, unless a fault was reported since the report held `before` of them."""
    unit = NO_UNIT
    if _good(values, "unit"):
        unit = values["unit"] = unit_of(values["unit"].zh, values["unit"].en)
    scale = values["scale"] if measure is Measure.GRADE and _good(values, "scale") else ()
    baseline = target = None
    if _good(values, "baseline"):
        baseline = values["baseline"] = _baseline(values["baseline"], unit, scale, measure, origin)
    declared = values.get("direction")
    if _good(values, "target") and measure is not Measure.MILESTONE:
        target = values["target"] = _target(values["target"], measure, unit, scale, baseline, declared, origin)
    direction, inferred = _direction(measure, declared, baseline, target, values, node, origin)
    if _good(values, "profile"):
        values["profile"], values["points"] = values["profile"]
        _refuse_bad_points(values["points"], node, origin)
    if _good(values, "steps"):
        _refuse_bad_steps(values["steps"], node, origin)
    if _good(values, "thresholds"):
        values["thresholds"] = build_thresholds(values["thresholds"], origin)
    if len(origin.report.diagnostics) > before:
        return None
    values["direction"] = direction
    return Kpi(**values, direction_inferred=inferred, where=origin.place(node))


def _good(values: dict[str, Any], key: str) -> bool:
    return key in values and values[key] is not BROKEN


def _key(node: Any, key: str) -> Any:
    return next(k for k in node[::2] if k.value == key)


def _value(node: Any, key: str) -> Any:
    return next(v for k, v in zip(node[::2], node[1::2], strict=True) if k.value == key)


def value_in_unit(node: Any, unit: Unit, scale: tuple[str, ...], key: str, origin: Origin) -> float | str:
    """Return the number of a scalar in `unit`, or its grade where there is a scale.

    Raises:
        Reported: it is neither; the fault is in the report.
    """
    text: str = node.value
    if scale:
        if text not in scale:
            origin.wrong(node, "KT320", value=text, expected=scale, nearest=nearest(text, scale))
            raise Reported
        return text
    try:
        return read_number(text, unit)
    except Unreadable as unreadable:
        origin.wrong(node, "KT205", key=key, value=text, unit=_in(unit), reason=unreadable.reason)
        raise Reported from None


def _in(unit: Unit) -> Phrase | str:
    return Phrase(N_(" in {unit}"), {"unit": str(unit.text)}) if unit.text.zh else ""


def build_fact_value(node: Any, unit: Unit, origin: Origin) -> float | str:
    """Return the value of a fact: a number in its unit, or a word as written."""
    if not any(c.isdigit() for c in node.value):
        return str(node.value)
    return value_in_unit(node, unit, (), "value", origin)


def _baseline(
    written: Written, unit: Unit, scale: tuple[str, ...], measure: Measure, origin: Origin
) -> Baseline | None:
    values = written.values
    if measure is Measure.GRADE and not scale:
        return None
    values["value"] = value_in_unit(values["value"], unit, scale, "baseline", origin)
    if "abnormal" in values:
        odd = values["abnormal"].values
        compare = odd.get("compare")
        second = value_in_unit(compare["value"], unit, scale, "compare", origin) if compare else None
        values["abnormal"] = Abnormal(odd["reason"], compare["year"] if compare else None, second)  # type: ignore[arg-type]
    return Baseline(**values, where=origin.place(written.node))


def _target(
    written: Written,
    measure: Measure,
    unit: Unit,
    scale: tuple[str, ...],
    baseline: Baseline | None,
    direction: Any,
    origin: Origin,
) -> Target:
    values = written.values
    form = written.form
    node = values.pop(form)
    if form not in FORMS[measure]:
        origin.wrong(node, "KT310", key=form, measure=measure.value)
        raise Reported
    kind = FORM_OF[form]
    value, tolerance = _work_out(kind, node, measure, unit, scale, baseline, direction, origin)
    where = origin.place(written.node)
    return Target(value, form=kind, written=node.value, tolerance=tolerance, where=where, **values)


def _work_out(
    form: TargetForm,
    node: Any,
    measure: Measure,
    unit: Unit,
    scale: tuple[str, ...],
    baseline: Baseline | None,
    direction: Any,
    origin: Origin,
) -> tuple[float | str, Tolerance | None]:
    """Return the value of a target, and the tolerance of one that is to be maintained."""
    if form in (TargetForm.CHANGE, TargetForm.MAINTAIN):
        if baseline is None:
            origin.wrong(node, "KT311", key=form.value)
            raise Reported
        if form is TargetForm.CHANGE:
            return _changed(node, unit, float(baseline.value), origin), None
        tolerance = _tolerance(node, unit, origin)
        base = baseline.value
        if isinstance(base, str) or measure is Measure.LEVEL or tolerance is None:
            return base, tolerance
        slack = tolerance.of(base)
        return (base + slack if direction is Direction.DECREASE else base - slack), tolerance
    return value_in_unit(node, unit, scale, form.value, origin), None


def _changed(node: Any, unit: Unit, base: float, origin: Origin) -> float:
    try:
        value, relative = read_change(node.value, base, unit)
    except Unreadable as unreadable:
        origin.wrong(node, "KT205", key="change", value=node.value, unit="", reason=unreadable.reason)
        raise Reported from None
    if relative and base <= 0:
        origin.wrong(node, "KT312", value=_number(base))
        raise Reported
    return value


def _tolerance(node: Any, unit: Unit, origin: Origin) -> Tolerance | None:
    """Return the tolerance of `maintain`: none for `true`, a share for `5%`, else an amount in the KPI's unit."""
    text = node.value.strip()
    if text == "true":
        return None
    expected = Phrase(N_("true, a tolerance such as 5%, or an amount in the KPI's unit"))
    if text in FLAG_SPELLINGS or not text:
        origin.wrong(node, "KT206", key="maintain", value=text, expected=expected)
        raise Reported
    try:
        relative = text.endswith(("%", "％"))
        amount = exact(read_number(text[:-1], NO_UNIT) / 100) if relative else read_number(text, unit)
    except Unreadable:
        amount = -1.0
    if amount < 0:
        origin.wrong(node, "KT206", key="maintain", value=text, expected=expected)
        raise Reported
    return Tolerance(amount, relative)


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
    if measure is Measure.GRADE:
        _refuse_bad_grade(values, baseline, target, origin)
        return None, False
    if measure is Measure.LIMIT:
        by_sum = values.get("aggregate") is Aggregate.SUM
        if target is not None and target.form is TargetForm.AT_LEAST and by_sum:
            origin.wrong(_value(node, "target"), "KT321")
        return None, False
    if measure is Measure.MILESTONE:
        return None, False
    moving = baseline is not None and target is not None and target.form is not TargetForm.MAINTAIN
    if moving:
        return _moving(declared, baseline.value, target, unit=values, origin=origin)  # type: ignore[union-attr, arg-type]
    if declared is None and "direction" not in values and (target is not None or "target" not in values):
        origin.wrong(node, "KT308")
    return (declared if isinstance(declared, Direction) else None), False


def _moving(declared: Any, b: Any, target: Target, unit: Any, origin: Origin) -> tuple[Direction | None, bool]:
    t = float(target.value)
    length = max(1, len(target.written))
    if abs(t - b) <= TOLERANCE * max(1.0, abs(b)):
        origin.report.add("KT307", target.where, length, value=_number(b))
        return None, False
    shows = Direction.INCREASE if t > b else Direction.DECREASE
    if isinstance(declared, Direction) and declared is not shows:
        direction = declared.value
        origin.report.add(
            "KT306", target.where, length, target=_number(t), direction=direction, baseline=_number(b)
        )  # fmt: skip
    return shows, declared is None


def _refuse_bad_grade(
    values: dict[str, Any], baseline: Baseline | None, target: Target | None, origin: Origin
) -> None:
    if baseline is None or target is None or not _good(values, "scale") or target.form is TargetForm.MAINTAIN:
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


def _refuse_bad_points(points: tuple[Any, ...], node: Any, origin: Origin) -> None:
    if not points:
        return
    dates, shares = [p.date for p in points], [p.share for p in points]
    reason = None
    if dates != sorted(set(dates)):
        reason = N_("the dates of the points must ascend")
    elif shares != sorted(shares):
        reason = N_("the shares of the points must not fall")
    elif shares[-1] != 1:
        reason = N_("the last point must be 100%")
    if reason:
        origin.wrong(_value(node, "profile"), "KT317", reason=Phrase(reason))


def _refuse_bad_steps(steps: tuple[Any, ...], node: Any, origin: Origin) -> None:
    if not steps:
        return
    seen: set[str] = set()
    for step in steps:
        if step.id in seen:
            first = Phrase(N_("a step of this KPI has it already"))
            origin.wrong(_value(node, "steps"), "KT301", value=step.id, first=first)
        seen.add(step.id)
    if not any(step.weight for step in steps):
        origin.wrong(_value(node, "steps"), "KT319")


def policy_target(written: Written, kpi: Kpi, origin: Origin) -> Target | None:
    """Return the target that the plan's policy gives a KPI without one; None where the fault is in the report."""
    base, given = kpi.baseline, written.values[written.form]
    if base is None:
        origin.report.add("KT311", kpi.where, path=kpi.id, key=written.form)
        return None
    form = FORM_OF[written.form]
    tolerance = None
    if form is TargetForm.IMPROVE:
        if isinstance(base.value, str) or base.value <= 0:
            shown = base.value if isinstance(base.value, str) else _number(base.value)
            origin.report.add("KT312", kpi.where, path=kpi.id, value=shown)
            return None
        sign = -1 if kpi.direction is Direction.DECREASE else 1
        value: float | str = exact(base.value + sign * base.value * given)
        as_written = f"{exact(given * 100):g}%"
    else:
        as_written = given.value
        try:
            value, tolerance = _work_out(
                form, given, kpi.measure, kpi.unit, kpi.scale, base, kpi.direction, origin
            )  # fmt: skip
        except Reported:
            return None
    where = origin.place(written.node)
    return Target(value, Basis.ASSUMED, form, as_written, tolerance, by_policy=True, where=where)


def _number(value: float) -> str:
    return f"{value:.15g}"


