"""A SELECT as text: placeholders are found where a database would find them, and a slip before it is sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tracker.notation.sql import Piece, Unselective, pieces, placeholders


@pytest.mark.parametrize(
    ("select", "names"),
    [
        ("SELECT 1", ()),
        ("select a from b where c = :year and d <= :as_of or c = :year", ("year", "as_of")),
        ("SELECT ':no', \":no\", `:no`, $$:no$$, $x$ :no; $$ $x$, a::date, b[1:n] FROM c -- :no ; 'x\nWHERE d = :yes /* :no */", ("yes",)),
        ("WITH a AS (SELECT 1) SELECT :年 FROM a;", ("年",)),
        ("(SELECT :a) UNION SELECT \"update\", last_update, 'it''s; :b' FROM c ; -- done; 'really\n /* yes; */ ", ("a",)),
    ],
)  # fmt: skip
def test_placeholders(select: str, names: tuple[str, ...]) -> None:
    """Not within quotes and comments, nor in casts and slices; and the parts together are the whole."""
    assert placeholders(select) == names
    whole = "".join(f":{piece.text}" if piece.placeholder else piece.text for piece in pieces(select))
    assert select.startswith(whole)


def test_the_parts_stand_in_their_order() -> None:
    """Text and placeholders in turn."""
    assert pieces("SELECT :a + :b") == (Piece("SELECT "), Piece("a", True), Piece(" + "), Piece("b", True))


@pytest.mark.parametrize(
    "select",
    [
        "",
        "  ",
        "1",
        "VALUES (1)",
        "SELECT 1; SELECT 2",
        "SELECT 1 FOR UPDATE",
        "SELECT %(a)s",
        "SELECT $1",
        "SELECT a FROM b -- those of this year WHERE c = :year",
    ],
)
def test_what_is_no_single_reading_statement(select: str) -> None:
    """Each is refused with a reason."""
    with pytest.raises(Unselective):
        pieces(select)


@given(st.text(), st.sampled_from(["'", '"', "--", "/*", "$$"]))
def test_law_any_text_is_refused_or_read_to_its_end(text: str, sign: str) -> None:
    """Whatever stands there, nothing but a refusal comes out, and nothing of the statement is lost."""
    select = f"SELECT {text}{sign}{text}"
    try:
        found = pieces(select)
    except Unselective:
        return
    assert select.startswith("".join(f":{piece.text}" if piece.placeholder else piece.text for piece in found))
