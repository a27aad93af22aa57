"""The figures of a plan in their units: values, grades, baselines."""

from typing import Any

from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.language import N_, Phrase
from kpi_tracker.loading.fields import Origin, Written
from kpi_tracker.loading.wrong import Reported
from kpi_tracker.model.target import Abnormal, Baseline
from kpi_tracker.model.unit import Unit
from kpi_tracker.notation.number import Unreadable, read_number

__all__ = ["build_baseline", "build_fact_value", "shown_number", "value_in_unit"]


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


def build_baseline(written: Written, unit: Unit, scale: tuple[str, ...], origin: Origin) -> Baseline:
    """Return a baseline with its figures in `unit`, or on `scale`.

    Raises:
        Reported: a figure is neither; the fault is in the report.
    """
    values = written.values
    values["value"] = value_in_unit(values["value"], unit, scale, "baseline", origin)
    if "abnormal" in values:
        odd = values["abnormal"].values
        compare = odd.get("compare")
        second = value_in_unit(compare["value"], unit, scale, "compare", origin) if compare else None
        values["abnormal"] = Abnormal(odd["reason"], compare["year"] if compare else None, second)  # type: ignore[arg-type]
    values["where"] = origin.place(written.node)
    return Baseline(**values)


def shown_number(value: float) -> str:
    """Return a number as messages show it."""
    return f"{value:.10g}"
