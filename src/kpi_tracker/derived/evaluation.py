"""The value of a formula, calculated in exact fractions."""

from collections.abc import Callable, Mapping
from fractions import Fraction

from kpi_tracker.model.expression import Call, Expression, Negative, Number, Reference

__all__ = ["evaluate"]

FUNCTIONS: dict[str, Callable[[list[Fraction]], Fraction]] = {
    "min": min, "max": max, "sum": lambda parts: sum(parts, Fraction(0)),
}  # fmt: skip


def evaluate(expression: Expression, values: Mapping[str, Fraction]) -> Fraction:
    """Return the value of `expression` with `values` for the KPIs that it names.

    Raises:
        ZeroDivisionError: it divides by 0.
    """
    match expression:
        case Number():
            return expression.value
        case Reference():
            return values[expression.name]
        case Negative():
            return -evaluate(expression.operand, values)
        case Call():
            parts = [evaluate(part, values) for part in expression.arguments]
            return FUNCTIONS[expression.function](parts)
        case _:
            left, right = evaluate(expression.left, values), evaluate(expression.right, values)
            match expression.sign:
                case "+":
                    return left + right
                case "-":
                    return left - right
                case "*":
                    return left * right
                case _:
                    return left / right
