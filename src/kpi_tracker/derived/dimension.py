"""What a formula's result is measured in: 件 and 户 cannot be added, 件 over 件 is a plain ratio."""

from fractions import Fraction

from kpi_tracker.derived.parsing import Misformed
from kpi_tracker.model.expression import Call, Expression, Negative, Number, Operation, Reference, printed
from kpi_tracker.model.unit import NO_UNIT, Unit, UnitFamily

__all__ = ["check_units", "factors"]

Dimension = dict[str, int]
"""Units by name with their powers: 件 per 户 is {件: 1, 户: -1}, a plain number {}."""


def factors(expression: Expression, units: dict[str, Unit], own: Unit) -> tuple[dict[str, Fraction], Fraction]:
    """Return what values are multiplied with before they are put in, by name, and what the result is divided by.

    One unit is calculated in its base (元 for 万元). A result in several is in those that its inputs are written in
    (万元 per 小时), so nothing is converted there but percentages.
    """
    several = not _single(_dimension(expression, units))
    return {name: _factor(unit, several) for name, unit in units.items()}, _factor(own, several)


def check_units(expression: Expression, units: dict[str, Unit], own: Unit) -> None:
    """Check that what is added or compared is of one unit, and that the result can be in the KPI's `own` unit.

    Raises:
        Misformed: it is not.
    """
    result = _dimension(expression, units)
    if result is None:
        return
    stated, known = _of_unit(own), [_of_unit(unit) for unit in units.values()]
    single = _single(result)
    if not single:
        _refuse_scales(units, expression)
    if stated != result and (stated in known or not stated or (result and single)):
        raise Misformed("KT334", 0, left=shown(result), right=shown(stated), value=printed(expression))


def _single(dimension: Dimension | None) -> bool:
    """Tell whether a result is a plain number or in one unit."""
    return not dimension or list(dimension.values()) == [1]


def _factor(unit: Unit, as_written: bool) -> Fraction:
    if unit.family is UnitFamily.PERCENT:
        return Fraction(1, 100)
    return Fraction(1) if as_written else Fraction(unit.factor)


def _refuse_scales(units: dict[str, Unit], place: Expression) -> None:
    """Refuse 元 beside 万元 where the result is in several units: nobody could say in which of them it is."""
    first: dict[str, Unit] = {}
    for unit in units.values():
        for name in _of_unit(unit):
            other = first.setdefault(name, unit)
            if other.factor != unit.factor:
                raise Misformed("KT334", 0, left=str(other.text), right=str(unit.text), value=printed(place))


def shown(dimension: Dimension) -> str:
    """Return a dimension as text: 件/户; 1 for a plain number."""
    above = "·".join(name for name, power in dimension.items() for _ in range(power))
    below = "·".join(name for name, power in dimension.items() for _ in range(-power))
    return (above or "1") + (f"/{below}" if below else "")


def _of_unit(unit: Unit) -> Dimension:
    if unit == NO_UNIT or unit.family is UnitFamily.PERCENT:
        return {}
    return {"s" if unit.family is UnitFamily.DURATION else unit.names[0]: 1}


def _dimension(expression: Expression, units: dict[str, Unit]) -> Dimension | None:
    """Return the dimension of an expression; None for a 0 and for what is not known, which go with any."""
    match expression:
        case Number():
            return {} if expression.value else None
        case Reference():
            return _of_unit(units[expression.name]) if expression.name in units else None
        case Negative():
            return _dimension(expression.operand, units)
        case Call():
            found: Dimension | None = None
            for part in expression.arguments:
                found = _same(found, _dimension(part, units), expression)
            return found
        case _:
            left, right = _dimension(expression.left, units), _dimension(expression.right, units)
            if expression.sign in "+-":
                return _same(left, right, expression)
            if left is None or right is None:
                return None
            power = 1 if expression.sign == "*" else -1
            both = {name: left.get(name, 0) + power * right.get(name, 0) for name in {**left, **right}}
            return {name: n for name, n in both.items() if n}


def _same(left: Dimension | None, right: Dimension | None, place: Operation | Call) -> Dimension | None:
    if left is not None and right is not None and left != right:
        raise Misformed("KT334", place.at, left=shown(left), right=shown(right), value=printed(place))
    return right if left is None else left
