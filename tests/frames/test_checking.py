"""What frames must hold: each fault is named with the keys of its rows, all at once, in both languages."""

from datetime import date, datetime, timedelta
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pytest

from kpi_tracker import frames
from kpi_tracker.model.period import Period
from tests.builders import day
from tests.frames import mixed

RULES = frames.Rules(Period(date(2021, 1, 1), date(2021, 12, 31)), 2020)
TARGET: dict[str, Any] = {"kpi": "a", "measure": "total", "direction": "increase", "target": 9.0}
ROW: dict[str, Any] = {"kpi": "a", "date": day("2021-01-31"), "value": 1.0}


def faults(targets: Any, observations: Any, **more: Any) -> dict[str, str]:
    """Return the faults of frames, by code, in English; every one has words in Chinese too."""
    with pytest.raises(frames.FrameError) as caught:
        frames.score(targets, observations, day("2021-02-01"), RULES, **more)
    assert str(caught.value)
    assert all(fault.message("zh") != fault.message("en") for fault in caught.value.diagnostics)
    return {f"{fault.place} {fault.code}": fault.message("en") for fault in caught.value.diagnostics}


def wrong_target(**changes: Any) -> dict[str, str]:
    """Return what is said about a row of targets."""
    schema = {"aggregate": pl.String, "points": pl.String, "steps": pl.String, "scale": pl.String, "form": pl.String}
    row = {**TARGET, **changes}
    kinds = {name: kind for name, kind in schema.items() if name in row}
    return faults(pl.DataFrame([row], schema_overrides=kinds), pl.DataFrame([ROW]))


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"measure": "totl"}, "KT365", "did you mean “total”"),
        ({"direction": "up"}, "KT365", "increase, decrease"),
        ({"measure": None}, "KT366", "“measure”"),
        ({"target": None}, "KT366", "“target”"),
        ({"direction": None}, "KT366", "“direction”"),
        ({"measure": "limit"}, "KT366", "“form”"),
        ({"measure": "grade"}, "KT366", "“scale”"),
        ({"measure": "milestone"}, "KT366", "“steps”"),
        ({"profile": "points"}, "KT366", "“points”"),
        ({"weight": -1.0}, "KT366", "“weight”"),
        ({"measure": "level", "form": "maintain", "target": 9.0}, "KT366", "“baseline”"),
        ({"measure": "level", "baseline": 9.0}, "KT367", "for a"),
        ({"measure": "level", "baseline": 10.0}, "KT367", "wrong side"),
        ({"measure": "total", "baseline": 9.0 + 1e-12}, "KT367", "for a"),
        ({"measure": "total", "baseline": 10.0}, "KT367", "wrong side"),
        ({"measure": "rate", "baseline": 10.0}, "KT367", "wrong side"),
        ({"measure": "rate", "baseline": 8.0, "direction": "decrease"}, "KT367", "wrong side"),
        ({"profile": "points", "points": "soon 1"}, "KT368", "soon 1"),
        ({"measure": "milestone", "steps": "design"}, "KT368", "design 2021-03-31 1"),
        ({"measure": "grade", "scale": " ; "}, "KT368", "the best first"),
        ({"thresholds": "timline"}, "KT365", "did you mean “timeline”"),
    ],
)
def test_a_row_of_targets_that_cannot_be_scored(changes: dict[str, Any], code: str, words: str) -> None:
    """It is named with its key and what was expected."""
    found = wrong_target(**changes)
    assert words in found[f"targets {code}"]


def test_all_faults_are_told_at_once() -> None:
    """Not the first of them alone."""
    assert len(wrong_target(measure="grade", direction="up", weight=-1.0)) >= 2


@pytest.mark.parametrize(
    ("row", "code", "words"),
    [
        ({"value": None}, "KT366", "“value”"),
        ({"value": float("nan")}, "KT366", "for a"),
        ({"value": float("inf")}, "KT366", "for a"),
        ({"date": None}, "KT366", "“date”"),
        ({"kpi": "b"}, "KT369", "b"),
    ],
)
def test_an_observation_that_cannot_be_scored(row: dict[str, Any], code: str, words: str) -> None:
    """It is named with its key."""
    schema = {"kpi": pl.String, "date": pl.Date, "value": pl.Float64}
    found = faults(pl.DataFrame([TARGET]), pl.DataFrame([{**ROW, **row}], schema=schema))
    assert words in found[f"observations {code}"]


def test_two_figures_of_one_date() -> None:
    """Nothing tells which of them counts; with the time of recording that is told."""
    twice = pl.DataFrame([ROW, {**ROW, "value": 2.0}])
    assert "a/2021-01-31" in faults(pl.DataFrame([TARGET]), twice)["observations KT356"]
    at_once = twice.with_columns(recorded_at=pl.lit(datetime(2021, 2, 1)))
    assert "a/2021-01-31" in faults(pl.DataFrame([TARGET]), at_once)["observations KT356"]
    corrected = twice.with_columns(recorded_at=pl.Series([datetime(2021, 2, 1), None]))
    found = frames.score(pl.DataFrame([TARGET]), corrected, day("2021-02-01"), RULES)
    assert found["value"].to_list() == [1.0]


def test_a_grade_that_is_not_on_its_scale() -> None:
    """The text is shown with its KPI."""
    targets = pl.DataFrame([{"kpi": "a", "measure": "grade", "target": 1.0, "scale": "A; B"}])
    rows = pl.DataFrame([{**ROW, "value": None, "text": "C"}], schema_overrides={"value": pl.Float64})
    assert "a/C" in faults(targets, rows)["observations KT357"]


@pytest.mark.parametrize("engine", ["polars", "duckdb", "pandas"])
def test_a_step_that_the_milestone_does_not_have(engine: str) -> None:
    """Nor is it taken for not done in silence; no step, several, and words for none are good."""
    targets = pl.DataFrame(
        [{"kpi": kpi, "measure": "milestone", "steps": "design 2021-03-31 1; permit 2021-06-30 2"} for kpi in "abcdef"]
    )
    texts = ["design", "design;permit\t", "", "None ", "design; permitt", "无"]
    rows = pl.DataFrame(
        [{**ROW, "kpi": kpi, "value": None, "text": text} for kpi, text in zip("abcdef", texts, strict=True)],
        schema_overrides={"value": pl.Float64},
    )
    given: list[Any] = [targets, rows]
    if engine == "pandas":
        given = [frame.to_pandas() for frame in given]
    elif engine == "duckdb":
        connection = duckdb.connect()
        given = [connection.from_arrow(frame.to_arrow()) for frame in given]
    found = faults(*given)
    assert list(found) == ["observations KT357"]
    assert found["observations KT357"].endswith("e/design; permitt")


@pytest.mark.parametrize("engine", ["polars", "lazy", "duckdb", "pandas"])
def test_what_can_be_used_of_observations(engine: str) -> None:
    """Rows that are refused are left out with their faults, and what is left is scored as if they had not been there."""
    with duckdb.connect() as connection:

        def given(frame: pl.DataFrame) -> Any:
            if engine == "duckdb":
                return connection.from_arrow(frame.to_arrow())
            return {"polars": frame, "lazy": frame.lazy(), "pandas": frame.to_pandas()}[engine]

        asked, rows = given(mixed.TARGETS), given(pl.concat([mixed.GOOD, mixed.BAD]))
        found = frames.usable(asked, rows)
        assert type(found.observations) is type(rows)
        native = found.observations
        left = native.pl() if engine == "duckdb" else native if engine == "pandas" else native.lazy().collect()
        assert mixed.rows(left) == mixed.rows(mixed.GOOD)
        assert [fault.code for fault in found.faults] == mixed.CODES
        assert set(faults(asked, rows)) == {f"observations {code}" for code in mixed.CODES}
        again = frames.usable(asked, found.observations)
        assert again.observations is found.observations
        assert again.faults == ()
        frames.score(asked, found.observations, day("2021-02-01"), RULES)


def test_any_number_of_strange_texts_is_left_out() -> None:
    """A thousand counties have a thousand ways to write a step; a category is a text, and a list of grades is no grade."""
    rows = pl.DataFrame([("m", date(2021, 1, 1 + i), None, f"step-{i}", None) for i in range(20)] + [
        ("m", date(2021, 3, 1) + timedelta(i), None, f"schritt-{i}", None) for i in range(60)] + [
        ("m", date(2021, 2, 1), None, "design", None), ("g", date(2021, 2, 1), None, "A;B", None),
        ("g", date(2021, 2, 2), None, "A", None)], schema=mixed.GOOD.schema, orient="row")  # fmt: skip
    for given in (rows, rows.with_columns(pl.col("text").cast(pl.Categorical))):
        found = frames.usable(mixed.TARGETS, given)
        assert [fault.code for fault in found.faults] == ["KT357"]
        assert "81 in all" in found.faults[0].message("en")
        assert sorted(found.observations["text"].to_list()) == ["A", "design"]
        assert found.observations.schema == given.schema


def told(*rows: tuple[Any, ...], **more: Any) -> list[str]:
    """Return the codes of what is wrong with rows of a KPI, a value and a text, all of one date and time."""
    whole = [(kpi, date(2021, 1, 31), value, text, None) for kpi, value, text in rows]
    frame = pl.DataFrame(whole, schema=mixed.GOOD.schema, orient="row").with_columns(**more)
    found = frames.usable(mixed.TARGETS, frame)
    assert found.observations.columns == frame.columns
    assert frames.usable(mixed.TARGETS, found.observations).faults == ()
    return [fault.code for fault in found.faults]


def test_two_that_say_the_same_are_no_tie() -> None:
    """Steps in another order or by another word, a grade and its place; what differs is a tie, in words and numbers."""
    assert told(("m", None, "design; permit"), ("m", None, "permit;design")) == []
    assert told(("m", None, ""), ("m", None, "none")) == []
    assert told(("g", 2.0, None), ("g", None, "B")) == []
    assert told(("a", 1.0, "of one county"), ("a", 1.0, "of the other")) == []
    assert told(("m", None, "design"), ("m", None, "permit;design")) == ["KT356"]
    assert told(("g", 3.0, None), ("g", None, "B")) == ["KT356"]
    assert told(("g", None, "A"), ("g", None, "B")) == ["KT356"]


def test_columns_of_one_s_own_change_nothing() -> None:
    """Whatever they are called: of observations only the known columns are looked at."""
    own = {
        "measure": pl.lit(1),
        "scale": pl.lit("x"),
        "steps": pl.lit(2.5),
        "suspect": pl.lit(True),
        "_at": pl.lit("y"),
    }
    bad = [("m", 1.0, None), ("g", 9.0, None), ("g", None, "D"), ("m", None, "permitt"), ("a", 1.0, None)]
    assert told(*bad, **own) == ["KT366", "KT366", "KT357"]


def test_each_fault_of_a_row_is_told() -> None:
    """A row of no KPI that has no value has two."""
    rows = pl.DataFrame(
        [("b", None, None)], schema={"kpi": pl.String, "date": pl.Date, "value": pl.Float64}, orient="row"
    )
    assert set(faults(pl.DataFrame([TARGET]), rows)) == {"observations KT366", "observations KT369"}


def test_a_scale_that_ends_with_a_semicolon_has_no_further_place() -> None:
    targets = mixed.TARGETS.with_columns(scale=pl.col("scale") + ";")
    rows = pl.DataFrame([("g", date(2021, 1, 31), 4.0, None, None)], schema=mixed.GOOD.schema, orient="row")
    assert [fault.code for fault in frames.usable(targets, rows).faults] == ["KT366"]


def test_targets_that_cannot_be_read_are_named_there_too() -> None:
    with pytest.raises(frames.FrameError, match="design 2021-03-31 1"):
        frames.usable(mixed.TARGETS.with_columns(steps=pl.lit("design")), mixed.GOOD)


def test_figures_of_one_date_without_a_time_are_left_out_together() -> None:
    """A table that does not say when a figure was recorded cannot hold corrections."""
    rows = pl.DataFrame([ROW, {**ROW, "value": 2.0}, {**ROW, "date": day("2021-01-10")}])
    found = frames.usable(pl.DataFrame([TARGET]), rows)
    assert [fault.code for fault in found.faults] == ["KT356"]
    assert found.observations["date"].to_list() == [day("2021-01-10")]


def test_many_rows_are_counted() -> None:
    """The first five are named."""
    rows = pl.DataFrame({"kpi": [f"x{i}" for i in range(9)], "date": [day("2021-01-31")] * 9, "value": [1.0] * 9})
    found = faults(pl.DataFrame([TARGET]), rows)["observations KT369"]
    assert "x0, x1, x2, x3, x4 and more, 9 in all" in found


def test_two_rows_of_one_key() -> None:
    """`keys` do not tell one from the other."""
    assert "a" in faults(pl.DataFrame([TARGET, TARGET]), pl.DataFrame([ROW]))["targets KT364"]


def test_columns_that_are_missing_or_of_the_wrong_kind() -> None:
    """With the nearest name that is there."""
    found = faults(pl.DataFrame([TARGET]).rename({"measure": "mesure"}), pl.DataFrame([ROW]).rename({"value": "x"}))
    assert "did you mean “mesure”" in found["targets KT362"]
    assert "“value”" in found["observations KT362"]
    found = faults(pl.DataFrame([{**TARGET, "target": "9", "veto": 1}]), pl.DataFrame([{**ROW, "date": "2021"}]))
    assert "Float64" in found["targets KT363"] or "Boolean" in found["targets KT363"]
    assert "Date" in found["observations KT363"]
    lost = faults(pl.DataFrame([TARGET]), pl.DataFrame([ROW]), keys=("county", "kpi"))
    assert "“county”" in lost["targets KT362"]


def test_columns_of_kinds_that_can_be_read() -> None:
    """Categories are texts, whole numbers are numbers, times are dates, and what is all null is anything."""
    targets = pl.DataFrame([{**TARGET, "target": 9, "grace": None}]).with_columns(
        pl.col("measure").cast(pl.Categorical), pl.col("direction").cast(pl.Enum(["increase", "decrease"]))
    )
    rows = pl.DataFrame([{**ROW, "date": datetime(2021, 1, 31), "value": 1}])
    assert frames.score(targets, rows, day("2021-02-01"), RULES)["value"].to_list() == [1.0]


def test_what_is_no_frame() -> None:
    """A list of rows, and an engine that holds something else."""
    assert "“list”" in faults([TARGET], pl.DataFrame([ROW]))["targets KT360"]
    with duckdb.connect() as connection:
        relation = connection.from_arrow(pl.DataFrame([ROW]).to_arrow())
        assert "duckdb" in faults(pl.DataFrame([TARGET]), relation)["observations KT361"]


def test_relations_of_two_connections() -> None:
    """Neither sees what the other has; of one connection they may have one alias, and one that is closed says so."""
    targets, rows = pl.DataFrame([TARGET]).to_arrow(), pl.DataFrame([ROW]).to_arrow()
    with duckdb.connect() as one, duckdb.connect() as other:
        wanted = one.from_arrow(targets).set_alias("a")
        assert "two connections" in faults(wanted, other.from_arrow(rows))["observations KT386"]
        assert "two connections" in faults(wanted, one.cursor().from_arrow(rows))["observations KT386"]
        found = frames.score(wanted, one.from_arrow(rows).set_alias("a"), day("2021-02-01"), RULES)
        assert found.project("value").fetchall() == [(1.0,)]


def test_tables_of_pandas_and_polars_may_be_mixed() -> None:
    """Both pass through Polars; the result is of the kind of the targets."""
    found = frames.score(pl.DataFrame([TARGET]).to_pandas(), pl.DataFrame([ROW]), day("2021-02-01"), RULES)
    assert isinstance(found, pd.DataFrame)


def test_unchecked_input_is_scored_as_it_is() -> None:
    """For who has checked it where it came in."""
    strange = pl.DataFrame([ROW, {**ROW, "kpi": "b"}])
    found = frames.score(pl.DataFrame([TARGET]), strange, day("2021-02-01"), RULES, checked=False)
    assert found["kpi"].to_list() == ["a"]


@pytest.mark.parametrize("name", ["_count", "_day", "_newest", "target", "date", "lag"])
def test_names_that_a_key_cannot_have(name: str) -> None:
    """Those of columns that have a meaning, and those of a query while it is put together."""
    targets, rows = ({**one, name: "x"} for one in (TARGET, {**ROW, "date": day("2021-01-31")}))
    there = pl.DataFrame([targets], strict=False), pl.DataFrame([rows], strict=False)
    assert f"“{name}”" in faults(*there, keys=("kpi", name))["targets KT383"]


@pytest.mark.parametrize("number", [2**63, 2**64 - 1])
@pytest.mark.parametrize("there", [pl.DataFrame, lambda frame: frame.lazy(), lambda frame: frame.to_arrow()])
def test_keys_of_more_than_64_bits(number: int, there: Any) -> None:
    """They are no number of the other frame; smaller ones are, and among themselves they are keys as any."""
    wide = pl.DataFrame([{**TARGET, "kpi": number}], schema_overrides={"kpi": pl.UInt64})
    rows = pl.DataFrame([{**ROW, "kpi": 7}])
    assert f"holds {number}" in faults(there(wide), there(rows))["targets KT363"]
    small = wide.with_columns(kpi=pl.lit(7, pl.UInt64))
    for one, other in ((small, rows), (wide, rows.with_columns(wide["kpi"]))):
        found = frames.score(one.lazy(), other.lazy(), day("2021-02-01"), RULES)
        assert found.collect()["value"].to_list() == [1.0]
    narrow, told = pl.DataFrame([{**TARGET, "kpi": 7}]), rows.with_columns(wide["kpi"])
    assert f"holds {number}" in faults(there(narrow), there(told))["observations KT363"]


@pytest.mark.parametrize("form", ["clone", "to_pandas", "to_arrow"])
@pytest.mark.parametrize(
    ("measure", "row", "key"),
    [({}, {"value": float("nan")}, "value"), ({}, {"value": None, "text": "yes"}, "value"),
     ({"measure": "milestone", "steps": "s 2021-03-31 1"}, {"value": 1.0}, "text"),
     ({"measure": "grade", "scale": "A; B", "target": 1.0}, {"value": 3.0}, "value")],
)  # fmt: skip
def test_a_row_that_cannot_be_used_is_named_with_its_day(form: str, measure: Any, row: Any, key: str) -> None:
    """Among a year of rows nobody would find it by its KPI."""
    targets = pl.DataFrame([{**TARGET, **measure}])
    rows = pl.DataFrame([{**ROW, **row}], schema_overrides={"value": pl.Float64})
    found = faults(getattr(targets, form)(), getattr(rows, form)())
    assert found["observations KT366"] == f"“{key}” has no value that can be used for a/2021-01-31"
