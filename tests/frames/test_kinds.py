"""Kinds of columns: keys that can be compared, times that are days, and what no engine says in a user's words."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pytest

from kpi_tracker import frames
from kpi_tracker.frames.observed import Sight
from kpi_tracker.frames.scoring import _share
from tests.builders import day
from tests.frames.test_edges import AT, RULES, TARGET, rows_of

TARGETS = pl.DataFrame([TARGET, {**TARGET, "kpi": "b"}])
ROWS = rows_of(a=50.0, b=20.0)
CONNECTION = duckdb.connect()
ENGINES: dict[str, Callable[[pl.DataFrame], Any]] = {
    "polars": lambda frame: frame.lazy(),
    "pandas": lambda frame: frame.to_pandas(),
    "pyarrow": lambda frame: frame.to_arrow(),
    "duckdb": lambda frame: CONNECTION.from_arrow(frame.to_arrow()),
}
every_engine = pytest.mark.parametrize("engine", ENGINES)


def back(found: Any) -> pl.DataFrame:
    """Return a frame of any engine as one of Polars."""
    if isinstance(found, pl.LazyFrame):
        return found.collect()
    return found.pl() if isinstance(found, duckdb.DuckDBPyRelation) else pl.DataFrame(found)


def scored(engine: str, targets: pl.DataFrame, rows: pl.DataFrame, **more: Any) -> list[tuple[Any, ...]]:
    """Return key, status and value of each KPI."""
    given = ENGINES[engine]
    found = back(frames.score(given(targets), given(rows), AT, RULES, **more))
    return found.sort("kpi").select("kpi", "status", "value").rows()


def refused(engine: str, targets: pl.DataFrame, rows: pl.DataFrame, **more: Any) -> list[tuple[str, str]]:
    """Return code and message of each fault."""
    with pytest.raises(frames.FrameError) as caught:
        scored(engine, targets, rows, **more)
    return [(fault.code, fault.message("en")) for fault in caught.value.diagnostics]


@every_engine
@pytest.mark.parametrize(
    ("here", "there"),
    [(pl.String, pl.Categorical), (pl.Categorical, pl.String), (pl.String, pl.Enum(["a", "b"])),
     (pl.Enum(["a", "b"]), pl.Enum(["b", "a", "c"]))],
)  # fmt: skip
def test_keys_are_compared_as_text_where_one_frame_has_categories(engine: str, here: Any, there: Any) -> None:
    """An engine would not join them."""
    targets, rows = (frame.with_columns(pl.col("kpi").cast(kind)) for frame, kind in ((TARGETS, here), (ROWS, there)))
    assert scored(engine, targets, rows) == [("a", "lagging", 50.0), ("b", "lagging", 20.0)]


@every_engine
def test_keys_are_compared_as_numbers_of_whatever_width(engine: str) -> None:
    """A KPI by number is the same in both frames."""
    targets, rows = (frame.with_columns(kpi=pl.Series([1, 2])) for frame in (TARGETS, ROWS))
    targets = targets.with_columns(pl.col("kpi").cast(pl.Int32))
    assert scored(engine, targets, rows) == [(1, "lagging", 50.0), (2, "lagging", 20.0)]


@every_engine
@pytest.mark.parametrize(("here", "there"), [([1, 2], ["1", "2"]), ([1, 2], [1.0, 2.0]), (["1", "2"], [1, 2])])
def test_keys_of_two_kinds_are_refused(engine: str, here: list[Any], there: list[Any]) -> None:
    """Whether 1 is “1” would be a guess."""
    targets, rows = TARGETS.with_columns(kpi=pl.Series(here)), ROWS.with_columns(kpi=pl.Series(there))
    (fault,) = refused(engine, targets, rows)
    assert fault[0] == "KT363"
    assert "“kpi” holds" in fault[1]
    with pytest.raises(frames.FrameError):
        frames.usable(ENGINES[engine](targets), ENGINES[engine](rows))
    with pytest.raises(frames.FrameError):
        frames.next_night(ENGINES[engine](targets), ENGINES[engine](rows), AT, RULES)


@pytest.mark.parametrize("engine", ["polars", "pyarrow"])
def test_no_observation_at_all(engine: str) -> None:
    """A frame without rows has columns of no kind."""
    none = pl.DataFrame({"kpi": [], "date": [], "value": []})
    assert scored(engine, TARGETS, none) == [("a", "no_data", None), ("b", "no_data", None)]
    none_planned = pl.DataFrame({"kpi": [], "measure": [], "direction": [], "target": []})
    assert scored(engine, none_planned, none) == []


def test_nothing_in_a_column_of_pandas_is_nothing() -> None:
    """A column of objects that are all None is of no kind, and so is one of no rows."""
    targets = TARGETS.to_pandas().assign(baseline=None, veto=None, exempt=None, weight=None, due=None, remark=None)
    found = frames.score(targets, ROWS.to_pandas().assign(recorded_at=None), AT, RULES)
    assert found.sort_values("kpi")["status"].to_list() == ["lagging", "lagging"]
    assert found["weight"].to_list() == [1.0, 1.0]
    assert found["remark"].isna().all()
    found = frames.score(targets, pd.DataFrame(columns=["kpi", "date", "value"]), AT, RULES)
    assert found["status"].to_list() == ["no_data", "no_data"]


@pytest.mark.parametrize("period", ["2021-06", "2021Q2", "2021-06-30"])
def test_a_date_of_pandas_that_is_a_period_is_its_last_day(period: str) -> None:
    """As the period of a row of a CSV is. No period is no date; the user's own table stays as it was."""
    rows = ROWS.to_pandas().assign(date=pd.PeriodIndex([pd.Period(period)] * 2))
    found = frames.score(TARGETS.to_pandas(), rows, AT, RULES)
    assert list(found["data_date"]) == [pd.Timestamp("2021-06-30")] * 2
    assert str(rows["date"].dtype).startswith("period")
    rows.loc[1, "date"] = pd.NaT
    with pytest.raises(frames.FrameError, match="“date” has no value that can be used for b"):
        frames.score(TARGETS.to_pandas(), rows, AT, RULES)


def test_a_column_of_no_kind_that_holds_something_is_refused() -> None:
    """In place of an engine's words: intervals of pandas, objects of Polars, bits of DuckDB."""
    at = pd.IntervalIndex.from_breaks([0, 1, 2])
    objects = ROWS.with_columns(pl.Series("value", [object(), None], dtype=pl.Object))
    bits = CONNECTION.sql("SELECT 'a' AS kpi, DATE '2021-06-30' AS date, '1'::BIT AS value")
    for targets, rows, column in (
        (TARGETS.to_pandas(), ROWS.to_pandas().assign(date=at), "date"),
        (TARGETS, objects, "value"),
        (ENGINES["duckdb"](TARGETS), bits, "value"),
    ):
        with pytest.raises(frames.FrameError) as caught:
            frames.score(targets, rows, AT, RULES)
        assert [(one.code, one.args["key"]) for one in caught.value.diagnostics] == [("KT363", column)]


def test_what_pandas_alone_can_hold_is_refused() -> None:
    """Numbers and text in one column that is read, and two columns of one name."""
    targets, rows = TARGETS.to_pandas(), ROWS.to_pandas()
    for odd in (targets.assign(target=[1, "x"]), pd.concat([targets, targets[["kpi"]]], axis=1)):
        with pytest.raises(frames.FrameError) as caught:
            frames.score(odd, rows, AT, RULES)
        assert [fault.code for fault in caught.value.diagnostics] == ["KT371"]


@every_engine
def test_two_times_of_one_day_are_figures_of_one_date(engine: str) -> None:
    """Nothing tells which of them counts, whatever the clock says; with the times of record the later one does."""
    twice = pl.DataFrame(
        {"kpi": ["a", "a"], "date": [datetime(2021, 9, 30, 1), datetime(2021, 9, 30, 12)], "value": [50.0, 20.0]}
    )
    assert [code for code, _ in refused(engine, TARGETS, twice)] == ["KT356"]
    found = frames.usable(ENGINES[engine](TARGETS), ENGINES[engine](twice))
    assert [fault.code for fault in found.faults] == ["KT356"]
    assert back(found.observations).is_empty()
    recorded = twice.with_columns(recorded_at=pl.Series([datetime(2021, 10, 2), datetime(2021, 10, 1)]))
    assert scored(engine, TARGETS, recorded) == [("a", "lagging", 50.0), ("b", "no_data", None)]


@every_engine
@pytest.mark.parametrize(
    ("written", "value"),
    [(117_439_024.0, 117_439_024.0), (98_765_432.0, 98_765_432.0), (2_332_960.75, 2_332_960.75), (84.7, 84.7), (9586.712, 9586.712),
     (1234.5678, 1234.5677490234375), (0.000123, 0.000123), (1e-12, 9.999999960041972e-13), (-99_999.12, -99_999.12)],
)  # fmt: skip
def test_what_32_bits_hold_for_certain_is_not_altered(engine: str, written: float, value: float) -> None:
    """Seven digits are; where a number is none of seven it is what it is, in every engine."""
    level = {"kpi": "a", "measure": "level", "direction": "increase", "target": 1e9, "baseline": None}
    rows = rows_of(a=0.0).with_columns(value=pl.Series([written], dtype=pl.Float32))
    assert scored(engine, pl.DataFrame([level], schema_overrides={"baseline": pl.Float64}), rows)[0][
        2
    ] == pytest.approx(value, rel=1e-14)


@every_engine
@pytest.mark.parametrize("value", [0.1, 84.7, -0.3, 1e-5, 16_777_216.0, 0.0])
def test_a_number_of_32_bits_is_what_it_is_written_as(engine: str, value: float) -> None:
    """0.1 of 32 bits is 0.100000001 of 64, and breaks a bound of 0.1; a bound of 32 bits is none that is wider."""
    limit = {"kpi": "a", "measure": "limit", "form": "at_most", "target": value, "baseline": None}
    targets = pl.DataFrame([limit], schema_overrides={"target": pl.Float64})
    rows = rows_of(a=value)
    narrow = rows.with_columns(pl.col("value").cast(pl.Float32))
    assert scored(engine, targets, narrow) == scored(engine, targets, rows) == [("a", "on_track", value)]
    assert scored(engine, targets.with_columns(pl.col("target").cast(pl.Float32)), rows) == [("a", "on_track", value)]
    gap = narrow.with_columns(value=pl.Series([float("nan")], dtype=pl.Float32))
    assert [code for code, _ in refused(engine, targets, gap)] == ["KT366"]
    tree = pl.DataFrame({"node": [""], "parent": [None]})
    means = pl.DataFrame(
        {"status": "on_track", "attainment": [value], "expected": [1.0]}, schema_overrides={"attainment": pl.Float32}
    )
    nodes = back(frames.roll_up(ENGINES[engine](means), tree, RULES))
    assert nodes["attainment"].to_list() == [min(max(value, 0.0), 1.0)]


@every_engine
@pytest.mark.parametrize("kind", [pl.Int8, pl.Int16, pl.Int64, pl.Float32])
def test_two_figures_are_a_tie_however_far_apart(engine: str, kind: Any) -> None:
    """Their difference may be more than their kind can hold."""
    most = {pl.Int8: 100, pl.Int16: 30_000, pl.Int64: 2**62}.get(kind, 1)
    values = pl.Series("value", [most, -most], dtype=kind)
    twice = pl.DataFrame(
        {"kpi": ["a"] * 2, "date": [day("2021-09-30")] * 2, "recorded_at": [datetime(2021, 10, 1)] * 2}
    )
    assert [code for code, _ in refused(engine, TARGETS, twice.with_columns(values))] == ["KT356"]


@pytest.mark.parametrize("engine", ["polars", "pyarrow", "duckdb"])
def test_a_day_of_record_means_its_end(engine: str) -> None:
    """As it does wherever a day is asked for; pandas has no days."""
    rows = pl.DataFrame({"kpi": ["a", "a"], "date": [AT, AT], "value": [50.0, 20.0], "recorded_at": [None, AT]})
    assert [code for code, _ in refused(engine, TARGETS, rows)] == ["KT356"]
    one = rows.tail(1)
    assert scored(engine, TARGETS, one, known_at=AT)[0] == ("a", "lagging", 20.0)
    assert scored(engine, TARGETS, one, known_at=datetime(2021, 9, 30, 20))[0] == ("a", "no_data", None)


@pytest.mark.parametrize("engine", ["polars", "pandas", "pyarrow"])
@pytest.mark.parametrize("column", ["date", "recorded_at"])
def test_times_with_a_zone_are_refused(engine: str, column: str) -> None:
    """On which day of the plan they are is not known: midnight in Pinghu is the day before in Greenwich."""
    times = pl.Series([datetime(2021, 9, 30)] * 2).dt.replace_time_zone("Asia/Shanghai")
    faults = refused(engine, TARGETS, ROWS.with_columns(times.alias(column)))
    assert [code for code, _ in faults] == ["KT363"]
    assert f"“{column}” holds" in faults[0][1]


@every_engine
def test_times_of_the_last_day_of_the_base_year_count(engine: str) -> None:
    """The same day of the base year is found by its day."""
    targets = TARGETS.with_columns(baseline=80.0)
    then = [datetime(2020, m, 28, 12) for m in (3, 6, 9)]
    now = [datetime(2021, m, 28, 12) for m in (3, 6, 9)]
    rows = pl.DataFrame({"kpi": ["a"] * 6, "date": [*then, *now], "value": [10.0] * 3 + [20.0] * 3})
    given = ENGINES[engine]
    on_days = rows.with_columns(pl.col("date").cast(pl.Date))
    ours = [
        back(frames.score(given(targets), given(some), AT, RULES))
        .sort("kpi")
        .select("reference", "change", "value")
        .rows()
        for some in (rows, on_days)
    ]
    assert ours[0] == ours[1]


@every_engine
def test_names_that_scoring_has_itself_are_refused(engine: str) -> None:
    """A target cannot carry a status, and a KPI cannot be told by its value."""
    assert [code for code, _ in refused(engine, TARGETS.with_columns(status=pl.lit("x")), ROWS)] == ["KT383"]
    faults = refused(
        engine, TARGETS.with_columns(goal=pl.lit("g")), ROWS.with_columns(goal=pl.lit("g")), keys=("goal", "kpi")
    )
    assert [code for code, _ in faults] == ["KT383"]


def test_keys_are_a_sequence_of_different_names() -> None:
    """A single text would be taken for a key a letter."""
    for keys, error in (("kpi", TypeError), ((), ValueError), (("kpi", "kpi"), ValueError)):
        with pytest.raises(error, match="keys must be"):
            frames.score(TARGETS, ROWS, AT, RULES, keys=keys)


def test_the_next_night_knows_what_changed_by_keys_of_another_kind() -> None:
    """Numbers of another width, and times instead of days."""
    targets = TARGETS.with_columns(kpi=pl.Series([1, 2]))
    early = ROWS.with_columns(kpi=pl.Series([1, 2]), date=pl.lit(datetime(2021, 8, 31, 12)))
    night = frames.next_night(targets, early, day("2021-08-31"), RULES)
    late = early.with_columns(date=pl.lit(datetime(2021, 9, 30, 12)), value=pl.lit(30.0)).head(1)
    mended = pl.concat([early.with_columns(value=pl.Series([50.0, 25.0])), late])
    changed = pl.DataFrame({"kpi": pl.Series([2], dtype=pl.Int16)})
    found = frames.next_night(targets, mended, AT, RULES, before=night, changed=changed).scores
    whole = frames.score(targets, mended, AT, RULES)
    assert found.sort("kpi").equals(whole.sort("kpi"))
    assert whole.sort("kpi")["value"].to_list() == [80.0, 25.0]
    assert whole["data_date"].max() == date(2021, 9, 30)


def test_a_worker_of_spark_reads_times_by_the_clock_of_the_session() -> None:
    """Spark gives every time a zone, that of the session: midnight there begins the day."""
    times = pl.Series([datetime(2021, 9, 30)] * 2).dt.replace_time_zone("Asia/Shanghai")
    rules, rows = RULES, ROWS.with_columns(date=times, recorded_at=times, remark=times)
    found = pl.DataFrame(_share(TARGETS.to_arrow(), rows.to_arrow(), ("kpi",), rules, Sight(AT)))
    assert found["data_date"].to_list() == [AT, AT]


def test_a_table_of_the_user_s_does_not_stand_in_for_the_scores() -> None:
    """DuckDB looks a name up in the database first."""
    with duckdb.connect() as connection:
        for name in ("found", "result", "rows", "scores"):
            connection.execute(f"CREATE TABLE {name} AS SELECT 42 AS x")
        targets, rows = (connection.from_arrow(frame.to_arrow()) for frame in (TARGETS, ROWS))
        assert frames.score(targets, rows, AT, RULES).order("kpi").project("kpi, value").fetchall() == [
            ("a", 50.0),
            ("b", 20.0),
        ]
