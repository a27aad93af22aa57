"""Targets that no plan could hold: what the loader of plans refuses of a KPI is refused of its row."""

from typing import Any

import duckdb
import polars as pl
import pytest

from kpi_tracker import frames
from tests.builders import day
from tests.frames.test_checking import ROW, RULES, TARGET


def refused(targets: Any, observations: Any, **more: Any) -> dict[str, str]:
    """Return what is said of targets, by code; nothing is said twice, and all of it in Chinese too."""
    with pytest.raises(frames.FrameError) as caught:
        frames.score(targets, observations, day("2021-02-01"), RULES, **more)
    found = caught.value.diagnostics
    assert all(fault.message("zh") != fault.message("en") for fault in found)
    said = {fault.message("en"): fault.code for fault in found}
    assert len(said) == len(found)
    return {code: words for words, code in said.items()}


INF = float("inf")
GRADE: dict[str, Any] = {"measure": "grade", "direction": None, "target": 1.0, "scale": "A; B; C"}
MILESTONE: dict[str, Any] = {"measure": "milestone", "direction": None, "target": None}
FALLING = "with days that ascend and shares that do not fall, up to 1, are expected"
UNFIT: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a place that the scale has not": ({**GRADE, "target": 7.0}, ["KT366 “target”"]),
    "a place below the first": ({**GRADE, "target": 0.0}, ["KT366 “target”"]),
    "a place between two": ({**GRADE, "target": 1.5}, ["KT366 “target”"]),
    "a baseline off the scale": ({**GRADE, "baseline": 4.0}, ["KT366 “baseline”"]),
    "a grade that is its own baseline": ({**GRADE, "baseline": 1.0}, ["KT367 for a"]),
    "a grade worse than the baseline": ({**GRADE, "target": 3.0, "baseline": 2.0}, ["KT367 for a"]),
    "a scale of one": ({**GRADE, "scale": "A"}, ["KT368 two or more different grades"]),
    "a grade twice": ({**GRADE, "scale": "A; B; A"}, ["KT368 two or more different grades"]),
    "due before the start": ({"start": day("2021-06-30"), "due": day("2021-05-31")}, ["KT384 due before it starts"]),
    "a start before the period": ({"start": day("2020-12-31")}, ["KT384 “start” cannot be used for a: it lies outside"]),
    "due after the period": ({"due": day("2022-01-01")}, ["KT384 from 2021-01-01 to 2021-12-31"]),
    "due before the period": ({"due": day("2020-06-30")}, ["KT384 “due” cannot be used for a: it lies outside"]),
    "grace below 0": ({"grace": -1}, ["KT366 “grace”"]),
    "a tolerance below 0": ({"tolerance": -1.0}, ["KT366 “tolerance”"]),
    "points out of order": ({"points": "2021-06-30 0.5; 2021-03-31 1"}, [f"KT368 {FALLING}"]),
    "two points of one day": ({"points": "2021-06-30 0.5; 2021-06-30 1"}, [f"KT368 {FALLING}"]),
    "shares that fall": ({"points": "2021-03-31 0.6; 2021-06-30 0.5; 2021-12-31 1"}, [f"KT368 {FALLING}"]),
    "a share below 0": ({"points": "2021-03-31 -0.6; 2021-12-31 1"}, [f"KT368 {FALLING}"]),
    "a last point below 1": ({"points": "2021-03-31 0.1; 2021-12-31 0.9"}, [f"KT368 {FALLING}"]),
    "a share that is infinite": ({"points": "2021-03-31 inf; 2021-12-31 1"}, [f"KT368 {FALLING}"]),
    "a share that is no number": ({"points": "nan 2021-03-31; 2021-12-31 nan"}, [f"KT368 {FALLING}"]),
    "no points": ({"points": " ; "}, [f"KT368 {FALLING}"]),
    "points after the day when it is due": (
        {"due": day("2021-06-30"), "profile": "points", "points": "2021-03-31 0.5; 2021-07-01 1"},
        ["KT384 “points” cannot be used for a: a day in it lies before the start or after"],
    ),
    "a step before the start": (
        {**MILESTONE, "start": day("2021-04-01"), "steps": "design 2021-03-31 1"}, ["KT384 “steps” cannot be used for a"],
    ),
    "steps that all weigh nothing": ({**MILESTONE, "steps": "design 2021-03-31 0"}, ["KT368 not all 0"]),
    "a step below 0": ({**MILESTONE, "steps": "design 2021-03-31 2; permit 2021-04-30 -1"}, ["KT368 not all 0"]),
    "a step that is no number": ({**MILESTONE, "steps": "design 2021-03-31 nan"}, ["KT368 not all 0"]),
    "a step twice": ({**MILESTONE, "steps": "design 2021-03-31 1; design 2021-04-30 1"}, ["KT368 each once"]),
    **{
        f"{name} that is infinite": ({"measure": "level", "baseline": 1.0, name: value}, [f"KT366 “{name}” has no value"])
        for name, value in {"target": INF, "baseline": -INF, "tolerance": INF, "weight": INF, "abnormal_value": INF}.items()
    },
    "no key": ({"kpi": None}, ["KT366 “kpi” has no value that can be used for null"]),
}  # fmt: skip


@pytest.mark.parametrize("engine", ["polars", "duckdb", "pandas"])
def test_what_the_plan_of_a_row_cannot_hold(engine: str) -> None:
    """Each is refused with its code and words; the loader of plans refuses the same."""
    kinds = {
        **dict.fromkeys(("kpi", "measure", "direction", "profile", "points", "scale", "steps"), pl.String),
        **dict.fromkeys(("start", "due"), pl.Date), "grace": pl.Int64,
        **dict.fromkeys(("target", "baseline", "tolerance", "weight", "abnormal_value"), pl.Float64),
    }  # fmt: skip
    rows = pl.DataFrame([ROW])
    with duckdb.connect() as connection:

        def there(frame: pl.DataFrame) -> Any:
            if engine == "duckdb":
                return connection.from_arrow(frame.to_arrow())
            return frame.to_pandas() if engine == "pandas" else frame

        for what, (changes, expected) in UNFIT.items():
            row = {**TARGET, **changes}
            targets = pl.DataFrame([row], schema={name: kind for name, kind in kinds.items() if name in row})
            found = refused(there(targets), there(rows))
            for code, _, words in (one.partition(" ") for one in expected):
                assert words in found.get(code, ""), (what, found)
            assert [*found] == [one[:5] for one in expected], what


@pytest.mark.parametrize("engine", ["polars", "duckdb", "pandas"])
def test_what_looks_unfit_and_is_not(engine: str) -> None:
    """Missing numbers, points and steps of the first and the last day, a grade that is kept, texts that do not count."""
    targets = pl.DataFrame([
        {"kpi": "a", "measure": "total", "direction": "increase", "target": 9.0, "weight": float("nan"),
         "start": day("2021-03-31"), "due": day("2021-12-31"), "profile": "points", "points": "2021-03-31 0; 2021-12-31 1"},
        {"kpi": "b", "measure": "milestone", "steps": "x 2021-01-01 0; y 2021-12-31 1", "start": None, "grace": 0},
        {"kpi": "c", "measure": "grade", "scale": "A; B", "target": 2.0, "baseline": 2.0, "form": "maintain"},
        {"kpi": "d", "measure": "grade", "scale": "A; B", "target": 1.0, "baseline": 2.0},
        {"kpi": "e", "measure": "total", "direction": "increase", "target": 9.0, "due": day("2021-01-01"),
         "start": day("2021-01-01"), "points": "2021-12-31 1"},
    ], infer_schema_length=None)  # fmt: skip
    rows = pl.DataFrame([ROW])
    asked, seen = (frame.to_pandas() if engine == "pandas" else frame for frame in (targets, rows))
    with duckdb.connect() as connection:
        if engine == "duckdb":
            asked, seen = (connection.from_arrow(frame.to_arrow()) for frame in (targets, rows))
        assert len(frames.score(asked, seen, day("2021-02-01"), RULES)) == 5


def test_a_key_that_is_a_number_is_missing_where_it_is_none() -> None:
    """With the other keys of its row."""
    targets = pl.DataFrame([{**TARGET, "year": 2021.0}, {**TARGET, "year": float("nan")}, {**TARGET, "year": None}])
    found = refused(targets, pl.DataFrame([{**ROW, "year": 2021.0}]), keys=("year", "kpi"))
    assert found == {"KT366": "“year” has no value that can be used for nan/a, null/a"}
