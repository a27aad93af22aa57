"""The language of formulas: what is written is what is meant, and what cannot be is refused where it stands."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tracker.derived.evaluation import evaluate
from kpi_tracker.derived.parsing import MAX_DEPTH, MAX_LENGTH, Misformed, parse
from kpi_tracker.model.expression import (
    Call,
    Expression,
    Negative,
    Number,
    Operation,
    Reference,
    printed,
    references,
)

VALUES = {"a": Fraction(3), "b-c": Fraction(-7, 2), "x/y": Fraction(5)}
numbers = st.builds(lambda n, digits: Number(Fraction(n, 10**digits)), st.integers(0, 9999), st.integers(0, 3))
leaves = st.one_of(numbers, st.builds(Reference, st.sampled_from(list(VALUES))))


def _grown(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.one_of(
        st.builds(Negative, parts),
        st.builds(Operation, st.sampled_from("+-*/"), parts, parts),
        st.builds(Call, st.sampled_from(["min", "max", "sum"]), st.lists(parts, min_size=1, max_size=3).map(tuple)),
    )


trees = st.recursive(leaves, _grown, max_leaves=12)


def by_hand(tree: Expression) -> Fraction:
    """Return the value of a tree by Python's own operators."""
    match tree:
        case Number():
            return tree.value
        case Reference():
            return VALUES[tree.name]
        case Negative():
            return -by_hand(tree.operand)
        case Call():
            parts = [by_hand(part) for part in tree.arguments]
            least, greatest = sorted(parts)[0], sorted(parts)[-1]
            return {"min": least, "max": greatest, "sum": sum(parts, Fraction(0))}[tree.function]
        case Operation():
            left, right = by_hand(tree.left), by_hand(tree.right)
            return {"+": left.__add__, "-": left.__sub__, "*": left.__mul__, "/": left.__truediv__}[tree.sign](right)


def fits(text: str) -> bool:
    """Tell whether a formula is within the caps."""
    return len(text) <= MAX_LENGTH and text.count("(") + text.count("-") <= MAX_DEPTH


@given(trees)
def test_a_formula_printed_and_read_is_the_same(tree: Expression) -> None:
    """What is printed is read as what it was."""
    text = printed(tree)
    if fits(text):
        assert parse(text) == tree


@given(trees)
def test_evaluation_is_that_of_fractions(tree: Expression) -> None:
    """Every tree has the value that exact fractions give, or none where they divide by zero."""
    try:
        expected = by_hand(tree)
    except ZeroDivisionError:
        with pytest.raises(ZeroDivisionError):
            evaluate(tree, VALUES)
    else:
        assert evaluate(tree, VALUES) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7), ("(1 + 2)×3", 9), ("8 ÷ 2 / 2", 2), ("7 - 2 - 1", 4), ("-a + 5", 2), ("--a", 3),
        ("5−1", 4), ("50% * 8", 4), ("sum(1，2, a)", 6), ("max(a, 0.5)", 3), ("min（1, x/y）", 1), ("x/y / a", Fraction(5, 3)),
        ("b-c - a", Fraction(-13, 2)), ("-3", -3),
    ],
)  # fmt: skip
def test_formulas_mean_what_they_say(text: str, value: Fraction) -> None:
    """Precedence, signs, full-width marks, paths with slashes and ids with hyphens."""
    assert evaluate(parse(text), VALUES) == value


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        ("", "KT330", 0), ("a +", "KT330", 3), ("a b", "KT330", 2), ("(a", "KT330", 2), ("a)", "KT330", 1),
        ("a / / b", "KT330", 4), ("a/ b", "KT330", 0), ("sum()", "KT330", 4), ("a = b", "KT330", 2),
        ("mix(a, b)", "KT332", 0), ("__import__(a)", "KT332", 0), ("1" * (MAX_LENGTH + 1), "KT331", 0),
        ("(" * 30 + "a" + ")" * 30, "KT331", MAX_DEPTH + 1),
    ],
)  # fmt: skip
def test_pitfall_d14_what_is_no_formula_is_refused_where_it_stands(text: str, code: str, at: int) -> None:
    """D14: nothing is ever evaluated by Python; what the little language does not know is a located fault."""
    with pytest.raises(Misformed) as refused:
        parse(text)
    assert (refused.value.code, refused.value.at) == (code, at)


@given(st.text("ab1 .%+-*/()×÷−,min", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text does anything else than parse or be refused."""
    try:
        found = parse(text)
    except Misformed as refused:
        places = [refused.at]
    else:
        places = [reference.at for reference in references(found)]
    assert all(0 <= at <= len(text) for at in places)
