"""What a formula says: numbers, other KPIs, operations and functions; and how it is written."""

from collections.abc import Iterator
from fractions import Fraction

from kpi_tracker.record import field, record

__all__ = ["Call", "Expression", "Negative", "Number", "Operation", "Reference", "printed", "references"]


@record
class Number:
    """A number that the formula states; not negative, and a decimal one."""

    value: Fraction


@record
class Reference:
    """Another KPI by its id or the last segments of its path; `at` is its place in the formula, from 0."""

    name: str
    at: int = field(default=0, eq=False)


@record
class Negative:
    """The operand with the other sign."""

    operand: "Expression"


@record
class Operation:
    """`sign` is one of + - * /."""

    sign: str
    left: "Expression"
    right: "Expression"
    at: int = field(default=0, eq=False)


@record
class Call:
    """`function` is min, max or sum."""

    function: str
    arguments: "tuple[Expression, ...]"
    at: int = field(default=0, eq=False)


Expression = Number | Reference | Negative | Operation | Call


RANK = {"+": 1, "-": 1, "*": 2, "/": 2}
OF_NEGATIVE = 3
OF_SINGLE = 4


def printed(expression: Expression, words: "dict[str, str] | None" = None) -> str:
    """Return `expression` as one would write it; a name that is in `words` is shown as what stands there."""
    match expression:
        case Number():
            return _decimal(expression.value)
        case Reference():
            return (words or {}).get(expression.name, expression.name)
        case Negative():
            return "-" + _within(expression.operand, OF_NEGATIVE, words)
        case Operation():
            rank = RANK[expression.sign]
            left, right = _within(expression.left, rank, words), _within(expression.right, rank + 1, words)
            return f"{left} {expression.sign} {right}"
        case _:
            return f"{expression.function}({', '.join(printed(part, words) for part in expression.arguments)})"


def references(expression: Expression) -> Iterator[Reference]:
    """Yield every mention of a KPI, from left to right."""
    match expression:
        case Reference():
            yield expression
        case Negative():
            yield from references(expression.operand)
        case Operation():
            yield from references(expression.left)
            yield from references(expression.right)
        case Call():
            for part in expression.arguments:
                yield from references(part)


def _within(part: Expression, rank: int, words: "dict[str, str] | None") -> str:
    """Return a part, in parentheses where it binds less than `rank` asks for."""
    own = RANK[part.sign] if isinstance(part, Operation) else OF_NEGATIVE if isinstance(part, Negative) else OF_SINGLE
    return printed(part, words) if own >= rank else f"({printed(part, words)})"


def _decimal(value: Fraction) -> str:
    """Return a decimal number with all its digits."""
    digits = 0
    while value.denominator > 1 and (value * 10**digits).denominator > 1:
        digits += 1
    whole = str(int(value * 10**digits)).rjust(digits + 1, "0")
    return f"{whole[:-digits]}.{whole[-digits:]}" if digits else whole
