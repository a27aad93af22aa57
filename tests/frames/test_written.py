"""What is written in one text of a column is read again as it was, whatever stands in it."""

from datetime import date
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tracker import frames
from kpi_tracker.frames.written import joined, listed
from kpi_tracker.model.measure import Measure
from kpi_tracker.model.observation import Observations
from tests.builders import card, kpi, obs, plan
from tests.frames.comparing import differing

GRADES = ("A; excellent", "“B”; good", '"C"', " D ", "E")


@given(st.lists(st.text(alphabet='ab;" \n\t优', max_size=5)))
def test_parts_are_read_as_they_were_written(parts: list[str]) -> None:
    """Also with semicolons, quotes, spaces and nothing in them."""
    assert listed(joined(parts)) == parts


@pytest.mark.parametrize(
    ("written", "parts"),
    [("A; B;C", ["A", "B", "C"]), ("A;B;", ["A", "B"]), (" ;; ", []), ('"A;1"; B', ["A;1", "B"]), ('"A" B; C', ['"A" B', "C"]),
     ('"A', ['"A']), ('"A ""1""";B', ['A "1"', "B"])],
)  # fmt: skip
def test_parts(written: str, parts: list[str]) -> None:
    """Quotes count where they hold a whole part; plain parts stay plain."""
    assert listed(written) == parts


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("grade", GRADES)
def test_a_grade_with_a_semicolon_is_one_place(engine: str, grade: str) -> None:
    """Both engines see the same place on the scale."""
    whole = plan(kpi("g", Measure.GRADE, b=GRADES[-1], t=GRADES[0], scale=GRADES))
    rows = [obs("g", "2021-06-30", grade)]
    at = date(2021, 7, 1)
    targets: Any = whole.to_frame()
    observed: Any = Observations(rows).to_frame()
    with duckdb.connect() as connection:
        if engine == "duckdb":
            targets, observed = (connection.from_arrow(frame.to_arrow()) for frame in (targets, observed))
        found = frames.score(targets, observed, at, whole)
        scores = found.pl() if isinstance(found, duckdb.DuckDBPyRelation) else found
    assert differing(card(whole, rows, at.isoformat()), scores) == []
    assert scores["value"].item() == GRADES.index(grade) + 1.0
    assert whole.to_frame()["scale"].item() == '"A; excellent"; "“B”; good"; """C"""; " D "; E'


def test_steps_have_no_quotes() -> None:
    """Their names are plain; one in quotes is that of no step, in the targets and in what is told."""
    steps = pl.DataFrame({"kpi": ["m"], "measure": ["milestone"], "steps": ["s1 2021-03-31 1; s2 2021-06-30 1"]})
    told = pl.DataFrame(
        {"kpi": ["m"], "date": [date(2021, 7, 1)], "value": [None], "text": ['"s1"; s2']},
        schema_overrides={"value": pl.Float64},
    )
    rules = frames.Rules.of(plan())
    assert [fault.code for fault in frames.usable(steps, told).faults] == ["KT357"]
    with pytest.raises(frames.FrameError, match="name a step"):
        frames.score(steps, told, date(2021, 9, 30), rules)
    odd = steps.with_columns(steps=pl.lit('"de;sign 2021-03-31 1"'))
    with pytest.raises(frames.FrameError, match="cannot be read"):
        frames.score(odd, told.clear(), date(2021, 9, 30), rules)
