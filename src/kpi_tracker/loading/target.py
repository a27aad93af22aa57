"""Targets worked out from the form in which they are written: a value, a change, what is to be maintained, a policy."""

from typing import Any

from kpi_tracker.language import N_, Phrase
from kpi_tracker.loading.fields import BROKEN, Origin, Written
from kpi_tracker.loading.figures import shown_number, value_in_unit
from kpi_tracker.loading.wrong import Reported
from kpi_tracker.model.exactness import added, exact
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Basis, Direction, Measure
from kpi_tracker.model.target import Baseline, Target, TargetForm, Tolerance, shown_by
from kpi_tracker.model.unit import NO_UNIT, Unit
from kpi_tracker.notation.number import Unreadable, read_change, read_number

__all__ = ["build_target", "build_tolerance", "policy_target", "shown_direction"]

CHANGE, MAINTAIN = TargetForm.CHANGE, TargetForm.MAINTAIN  # Enum looks a member up for 0.1 µs
DECREASE = Direction.DECREASE
FORMS: dict[Measure, tuple[str, ...]] = {
    Measure.TOTAL: ("value", "change", "maintain"),
    Measure.LEVEL: ("value", "change", "maintain"),
    Measure.RATE: ("value", "change", "maintain"),
    Measure.LIMIT: ("at_most", "at_least"),
    Measure.GRADE: ("value", "maintain"),
}
FORM_OF = {form.value: form for form in TargetForm}


def build_target(
    written: Written,
    measure: Measure,
    unit: Unit,
    scale: tuple[str, ...],
    baseline: Baseline | None,
    direction: Any,
    origin: Origin,
) -> Target:
    """Return the target that is written for a KPI of `measure`, worked out in its unit or on its scale.

    Raises:
        Reported: it cannot be one; the fault is in the report.
    """
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
    if form in (CHANGE, MAINTAIN):
        if baseline is BROKEN:
            raise Reported
        if baseline is None:
            origin.wrong(node, "KT311", key=form.value)
            raise Reported
        if form is CHANGE:
            return _changed(node, unit, float(baseline.value), origin), None
        tolerance = _tolerance(node, unit, origin)
        base = baseline.value
        if isinstance(base, str) and tolerance is not None:
            expected = Phrase(N_("true: a grade has no tolerance"))
            origin.wrong(node, "KT206", key="maintain", value=node.value, expected=expected)
            raise Reported
        if isinstance(base, str) or measure is Measure.LEVEL or tolerance is None:
            return base, tolerance
        slack = tolerance.of(base)
        return added(base, slack if direction is DECREASE else -slack), tolerance
    return value_in_unit(node, unit, scale, form.value, origin), None


def _changed(node: Any, unit: Unit, base: float, origin: Origin) -> float:
    try:
        value, relative = read_change(node.value, base, unit)
    except Unreadable as unreadable:
        origin.wrong(node, "KT205", key="change", value=node.value, unit="", reason=unreadable.reason)
        raise Reported from None
    if relative and base <= 0:
        origin.wrong(node, "KT312", value=shown_number(base))
        raise Reported
    return value


def _tolerance(node: Any, unit: Unit, origin: Origin) -> Tolerance | None:
    """Return the tolerance of `maintain`: none for `true`, a share for `5%`, else an amount in the KPI's unit."""
    text = node.value.strip()
    if text == "true":
        return None
    expected = Phrase(N_("true, a tolerance such as 5%, or an amount in the KPI's unit"))
    return _read_tolerance(node, unit, "maintain", expected, origin)


def build_tolerance(node: Any, unit: Unit, origin: Origin) -> Tolerance:
    """Return the tolerance of a breakdown: a share of the total for `1%`, else an amount in the KPI's unit.

    Raises:
        Reported: it is neither; the fault is in the report.
    """
    expected = Phrase(N_("a tolerance such as 1%, or an amount in the KPI's unit"))
    return _read_tolerance(node, unit, "tolerance", expected, origin)


def _read_tolerance(node: Any, unit: Unit, key: str, expected: Phrase, origin: Origin) -> Tolerance:
    text = node.value.strip()
    try:
        relative = text.endswith(("%", "％"))
        amount = exact(read_number(text[:-1], NO_UNIT) / 100) if relative else read_number(text, unit)
    except Unreadable:
        amount = -1.0
    if amount < 0:
        origin.wrong(node, "KT206", key=key, value=text, expected=expected)
        raise Reported
    return Tolerance(amount, relative)


def shown_direction(
    declared: Any, b: float, target: Target, origin: Origin, kpi: Kpi | None = None
) -> tuple[Direction | None, bool]:
    """Return the direction that a target shows against its baseline, and whether that is all there is to tell it.

    A target by policy is wrong where its `kpi` stands.
    """
    t = float(target.value)
    where, path = (target.where, "") if kpi is None else (kpi.where, kpi.id)
    shows = shown_by(t, b)
    if shows is None:
        origin.report.add("KT307", where, path=path, value=shown_number(b))
        return None, False
    if declared is None:
        return shows, True
    if declared is not shows and isinstance(declared, Direction):
        origin.report.add(
            "KT306", where, path=path, target=shown_number(t), direction=declared.value, baseline=shown_number(b)
        )  # fmt: skip
    return shows, False


def policy_target(written: Written, kpi: Kpi, origin: Origin) -> Target | None:
    """Return the target that the plan's policy gives a KPI without one; None where the fault is in the report."""
    base, given = kpi.baseline, written.values[written.form]
    if base is None:
        origin.report.add("KT311", kpi.where, path=kpi.id, key=written.form)
        return None
    form = FORM_OF[written.form]
    tolerance = None
    diagnostics = origin.report.diagnostics
    before = len(diagnostics)
    if form is TargetForm.IMPROVE:
        number = float(base.value)  # a policy for grades cannot improve by a share
        if number <= 0:
            origin.report.add("KT312", kpi.where, path=kpi.id, value=shown_number(number))
            return None
        sign = -1 if kpi.direction is DECREASE else 1
        value: float | str = added(number, sign * number * given)
        as_written = f"{exact(given * 100):g}%"
    else:
        as_written = given.value
        try:
            value, tolerance = _work_out(
                form, given, kpi.measure, kpi.unit, kpi.scale, base, kpi.direction, origin
            )  # fmt: skip
        except Reported:
            diagnostics[before:] = [fault.at_path(kpi.id) for fault in diagnostics[before:]]
            return None
    where = origin.place(written.node)
    target = Target(value, Basis.ASSUMED, form, as_written, tolerance, by_policy=True, where=where)
    if form is not MAINTAIN:
        shown_direction(kpi.direction, float(base.value), target, origin, kpi)
    return target if len(diagnostics) == before else None
