"""What scoring does not know goes through as it came: kinds and figures of columns, whatever engine holds them."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from kpi_tracker import frames
from tests.builders import day
from tests.frames.test_checking import faults
from tests.frames.test_edges import AT, RULES, TARGET, rows_of

TARGETS = pl.DataFrame([TARGET, {**TARGET, "kpi": "b"}])
ROWS = rows_of(a=50.0, b=20.0)
BIG = 2**53 + 1
"""A number that a float does not hold."""

OF_PANDAS: dict[str, Any] = {
    "whole numbers of which one is missing": pd.array([BIG, None], dtype="Int64"),
    "the same as objects": pd.Series([BIG, None], dtype=object),
    "truths": pd.array([True, None], dtype="boolean"),
    "categories of which one does not occur": pd.Categorical(["x", None], categories=["y", "x"], ordered=True),
    "categories that are numbers": pd.Categorical([1, 2]),
    "texts": pd.array(["x", None], dtype="string"),
    "seconds": pd.Series(pd.to_datetime(["2021-01-01", None])).astype("datetime64[s]"),
    "days": pd.Series([day("2021-01-01"), None], dtype=object),
    "lists": pd.Series([[1], None], dtype=object),
    "numbers and texts": pd.Series(["x", 1], dtype=object),
    "complex numbers": pd.Series([1j, 2]),
    "numbers of arrow": pd.array([BIG, None], dtype=pd.ArrowDtype(pa.int64())),
    "identities": pd.Series([uuid.UUID(int=5), None], dtype=object),
}


@pytest.mark.parametrize("kind", OF_PANDAS)
def test_columns_of_pandas(kind: str) -> None:
    """Also those that no other engine could hold; rows come in the order of the targets."""
    targets = TARGETS.to_pandas().assign(remark=OF_PANDAS[kind]).set_index(pd.Index([7, 7]))
    found = frames.score(targets, ROWS.to_pandas(), AT, RULES)
    pd.testing.assert_series_equal(found["remark"], targets["remark"].reset_index(drop=True))
    assert list(found["kpi"]) == ["a", "b"]
    assert found["kpi"].dtype == targets["kpi"].dtype
    assert list(found.columns)[:2] == ["kpi", "remark"]


def test_keys_of_pandas() -> None:
    """They are compared as what the other frame has, and come back as they were."""
    targets = TARGETS.to_pandas().astype({"kpi": "category"})
    found = frames.score(targets, ROWS.to_pandas(), AT, RULES)
    assert found["kpi"].dtype == targets["kpi"].dtype
    assert list(found["value"]) == [50.0, 20.0]


def test_a_column_of_pandas_whose_name_is_no_text() -> None:
    """There numbers can be names, and no other engine has such."""
    targets = TARGETS.to_pandas().assign(remark=1).rename(columns={"remark": 2021})
    assert faults(targets, ROWS.to_pandas())["targets KT371"].endswith("and these are none: 2021")
    assert list(frames.score(targets.rename(columns=str), ROWS.to_pandas(), AT, RULES)["2021"]) == [1, 1]


OF_ARROW: dict[str, pa.Array] = {
    "texts": pa.array(["x", None]),
    "views": pa.array(["x", None], pa.string_view()),
    "dictionaries": pa.array(["x", None]).dictionary_encode(),
    "decimals of 50 places": pa.array([Decimal("1.50"), None], pa.decimal256(50, 2)),
    "seconds": pa.array([0, None], pa.timestamp("s")),
    "times of an offset": pa.array([0, None], pa.timestamp("us", "+08:00")),
    "days as times": pa.array([0, None], pa.date64()),
    "bytes": pa.array([b"x", None], pa.binary(1)),
    "lists": pa.array([[1], None]),
    "stretches": pa.array([(1, 2, 3), None], pa.month_day_nano_interval()),
}


@pytest.mark.parametrize("kind", OF_ARROW)
def test_columns_of_arrow(kind: str) -> None:
    """Their kinds stay, with all that Polars does not have."""
    targets = TARGETS.to_arrow().append_column("remark", OF_ARROW[kind])
    found = frames.score(targets, ROWS.to_arrow(), AT, RULES)
    assert found["remark"].type == targets["remark"].type
    assert found["remark"].to_pylist() == targets["remark"].to_pylist()
    assert found["kpi"].type == targets["kpi"].type
    assert found["kpi"].to_pylist() == ["a", "b"]


OF_DUCKDB = {
    "bits": "'0101'::BIT",
    "categories": "'x'::ENUM('x', 'it''s')",
    "huge numbers": "170141183460469231731687303715884105727::HUGEINT",
    "huge numbers without a sign": "5::UHUGEINT",
    "times with a zone": "'2021-11-07 01:30:00-05'::TIMESTAMPTZ",
    "times of a day": "'10:00:00+08'::TIMETZ",
    "stretches": "INTERVAL 3 MONTH",
    "seconds": "'2021-01-01'::TIMESTAMP_S",
    "identities": "'00000000-0000-0000-0000-000000000005'::UUID",
    "records": "{'x': 1, 'y': '00000000-0000-0000-0000-000000000005'::UUID}",
    "lists": "[5::HUGEINT]",
    "bits in lists": "['0101'::BIT]",
    "stretches in records": "{'x': INTERVAL 3 MONTH, 'y': 'it''s, \"so\" [1] {2}'}",
    "times in lists": "['10:00:00+08'::TIMETZ]",
    "decimals": "1.5::DECIMAL(38, 10)",
}


@pytest.mark.parametrize("kind", OF_DUCKDB)
def test_columns_of_duckdb(kind: str) -> None:
    """Also those of which Arrow has another kind or none, and a time that a zone has twice."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'America/New_York'")
        connection.register("wanted", TARGETS.to_arrow())
        column = f"CASE kpi WHEN 'a' THEN {OF_DUCKDB[kind]} END"
        targets = connection.sql(f'SELECT *, {column} AS "a re""mark" FROM wanted ORDER BY kpi')
        found = frames.score(targets, connection.from_arrow(ROWS.to_arrow()), AT, RULES).order("kpi")
        kept, came = targets.project('"a re""mark"'), found.project('"a re""mark"')
        assert str(came.types) == str(kept.types)
        assert came.fetchall() == kept.fetchall()


@pytest.mark.parametrize("kind", [*OF_DUCKDB, "union"])
def test_usable_rows_of_duckdb_are_as_they_came(kind: str) -> None:
    """Under the names that they had, whatever was wrong with others."""
    column = OF_DUCKDB.get(kind, "union_value(x := 5)")
    with duckdb.connect() as connection:
        connection.register("seen", ROWS.to_arrow())
        rows = connection.sql(
            f"SELECT kpi::ENUM('a', 'b', 'zz') AS KPI, date AS \"Date\", value, {column} AS odd FROM seen"
        )
        stranger = rows.project("'zz'::ENUM('a', 'b', 'zz') AS KPI, * EXCLUDE KPI")
        found = frames.usable(connection.from_arrow(TARGETS.to_arrow()), rows.union(stranger))
        assert [fault.code for fault in found.faults] == ["KT369"]
        assert str(found.observations.types) == str(rows.types)
        assert found.observations.columns == rows.columns
        assert sorted(map(str, found.observations.fetchall())) == sorted(map(str, rows.fetchall()))


def test_usable_rows_of_arrow_with_views() -> None:
    """PyArrow cannot take rows of such; the rows that stay are as they were."""
    rows = pl.concat([ROWS, ROWS.head(1)]).with_columns(seen=pl.lit("x")).to_arrow(compat_level=pl.CompatLevel.newest())
    assert rows.schema.field("kpi").type == pa.string_view()
    found = frames.usable(TARGETS.to_arrow(), rows)
    assert [fault.code for fault in found.faults] == ["KT356"]
    assert found.observations.schema == rows.schema
    assert found.observations.to_pylist() == rows.slice(1, 1).to_pylist()


@pytest.mark.parametrize("kind", [pl.Categorical, pl.Enum(["b", "a"]), pl.String])
@pytest.mark.parametrize("lazy", [False, True])
def test_keys_of_polars(kind: Any, lazy: bool) -> None:
    """They are compared as texts or long numbers, and come back as they were."""
    targets, rows = (
        TARGETS.with_columns(pl.col("kpi").cast(kind)),
        pl.concat([ROWS, ROWS.with_columns(kpi=pl.lit("a"))]),
    )
    given: Any = targets.lazy() if lazy else targets
    found: Any = frames.score(given, ROWS.lazy() if lazy else ROWS, AT, RULES)
    assert isinstance(found, pl.LazyFrame) is lazy
    assert found.lazy().collect_schema()["kpi"] == targets.schema["kpi"]
    narrow = rows.with_columns(pl.col("kpi").cast(kind))
    kept = frames.usable(TARGETS, narrow)
    assert kept.faults
    assert kept.observations.schema == narrow.schema
    wide = targets.with_columns(kpi=pl.Series([1, 2], dtype=pl.Int16))
    scores = frames.score(wide, ROWS.with_columns(kpi=pl.Series([1, 2])), AT, RULES)
    assert scores.schema["kpi"] == pl.Int16


@pytest.mark.parametrize(
    "key", ["'01'::BIT", "TIMESTAMPTZ '2021-01-01'", "[1]", "INTERVAL 3 MONTH", "{'x': 1}", "'2021-01-01'::TIME"]
)
def test_keys_of_a_kind_that_engines_do_not_compare_alike_are_refused(key: str) -> None:
    """Texts, whole numbers and days are keys."""
    with duckdb.connect() as connection:
        columns = "'total' AS measure, 'increase' AS direction, 9.0 AS target"
        targets = connection.sql(f"SELECT {key} AS kpi, {columns}")
        rows = connection.sql(f"SELECT {key} AS kpi, DATE '2021-01-31' AS date, 1.0 AS value")
        assert "“kpi” holds" in faults(targets, rows)["observations KT363"]


def test_identities_are_keys_in_duckdb() -> None:
    """They are compared as they are written, with texts too, and come back as what they were."""
    one = "00000000-0000-0000-0000-000000000005"
    with duckdb.connect() as connection:
        targets = connection.sql(
            f"SELECT '{one}'::UUID AS kpi, 'total' AS measure, 'increase' AS direction, 9.0 AS target"
        )
        for kind in ("UUID", "VARCHAR"):
            rows = connection.sql(f"SELECT '{one}'::{kind} AS kpi, DATE '2021-01-31' AS date, 1.0 AS value")
            found = frames.score(targets, rows, AT, RULES)
            assert str(found.types[0]) == "UUID"
            assert found.project("value").fetchall() == [(1.0,)]


def test_huge_keys_of_duckdb() -> None:
    """A sum of numbers is one; those that are no longer than 64 bits are compared, and come back."""
    with duckdb.connect() as connection:
        columns = "'total' AS measure, 'increase' AS direction, 9.0 AS target"
        seen = "DATE '2021-01-31' AS date, 1.0 AS value"
        targets = connection.sql(f"SELECT 5::HUGEINT AS kpi, {columns}")
        found = frames.score(targets, connection.sql(f"SELECT 5::HUGEINT AS kpi, {seen}"), AT, RULES)
        assert str(found.types[0]) == "HUGEINT"
        assert found.project("kpi, value").fetchall() == [(5, 1.0)]
        far = connection.sql(f"SELECT 170141183460469231731687303715884105727::HUGEINT AS kpi, {seen}")
        assert "64 bits" in faults(targets, far)["observations KT363"]


@pytest.mark.parametrize("form", ["to_pandas", "to_arrow", "clone", "lazy"])
@pytest.mark.parametrize("name", ["kpi_tracker row", "kpi_tracker suspect"])
def test_names_that_are_ours_for_a_while_are_refused(form: str, name: str) -> None:
    """Rows would be mixed up by a column that stands in the place of our own."""
    targets, rows = (getattr(frame.with_columns(pl.lit(1).alias(name)), form)() for frame in (TARGETS, ROWS))
    plain = getattr(ROWS, form)(), getattr(TARGETS, form)()
    assert f"“{name}”" in faults(targets, plain[0])["targets KT383"]
    assert f"“{name}”" in faults(plain[1], rows)["observations KT383"]


def test_keys_by_names_that_were_ours_once() -> None:
    """A row is left out for what is wrong with it, whatever its key is called; a column x may stand beside a key “carried x”."""
    for name in ("suspect", "carried x"):
        targets = TARGETS.with_columns(pl.lit("u").alias(name), x=pl.lit(7))
        rows = ROWS.with_columns(pl.lit("u").alias(name), text=pl.Series([None, "word"]), value=pl.Series([50.0, None]))
        found = frames.usable(targets, rows, keys=(name, "kpi"))
        assert found.observations["kpi"].to_list() == ["a"]
        scores = frames.score(targets, found.observations, AT, RULES, keys=(name, "kpi"))
        assert scores.sort("kpi").select("x", "value").rows() == [(7, 50.0), (7, None)]


def test_a_union_of_duckdb_becomes_text() -> None:
    """No other engine has such a kind, and of text none can be made."""
    with duckdb.connect() as connection:
        connection.register("wanted", TARGETS.head(1).to_arrow())
        targets = connection.sql("SELECT *, union_value(x := 5) AS remark FROM wanted")
        found = frames.score(targets, connection.from_arrow(ROWS.head(1).to_arrow()), AT, RULES)
        assert found.project("remark").fetchall() == [("5",)]


def test_what_observations_have_beside_is_not_looked_at() -> None:
    """It may be of any kind. Left out are whole rows; the others stay as they are."""
    rows = ROWS.to_pandas().assign(remark=["x", 1], code=pd.array([BIG, None], dtype="Int64"))
    targets = TARGETS.to_pandas()
    assert list(frames.score(targets, rows, AT, RULES)["value"]) == [50.0, 20.0]
    rows.loc[1, "value"] = np.inf
    found = frames.usable(targets, rows)
    assert [fault.code for fault in found.faults] == ["KT366"]
    pd.testing.assert_frame_equal(found.observations, rows.head(1))


@pytest.mark.parametrize("county", [[BIG, None], ["x", "y"]])
def test_groups_of_a_roll_up_in_duckdb_stay_of_their_kind(county: list[Any]) -> None:
    """They are asked for in the engine."""
    scores = pl.DataFrame(
        {"county": county, "kpi": ["a", "b"], "status": "on_track", "attainment": 0.5, "expected": 0.5}
    )
    tree = pl.DataFrame({"node": [""], "parent": [None]})
    with duckdb.connect() as connection:
        kind = "HUGEINT" if county[1] is None else "ENUM('y', 'x')"
        connection.register("found", scores.to_arrow())
        relation = connection.sql(f"SELECT * REPLACE (county::{kind} AS county), union_value(x := 5) AS odd FROM found")
        nodes = frames.roll_up(relation, tree, RULES, by=("county",))
        assert str(nodes.types[0]) == kind
        assert set(nodes.project("county").fetchall()) == {(one,) for one in county}


def test_columns_of_sql_by_whatever_case() -> None:
    """There `KPI` is `kpi`, in the targets, the observations and the scores; and `Status` is one of ours."""
    with duckdb.connect() as connection:
        targets = connection.sql(
            "SELECT 'a' AS KPI, 'total' AS Measure, 'increase' AS direction, 9.0 AS TARGET, 'g' AS Goal"
        )
        rows = connection.sql(
            "SELECT 'a' AS Kpi, DATE '2021-01-31' AS Date, 1 AS Value, TIMESTAMP '2021-02-05' AS Recorded_At"
        )
        found = frames.score(targets, rows, AT, RULES)
        assert found.project("kpi, goal, value").fetchall() == [("a", "g", 1.0)]
        assert found.columns[:2] == ["kpi", "goal"]
        known = frames.score(targets, rows, AT, RULES, known_at=dt.datetime(2021, 2, 4))
        assert known.project("status").fetchall() == [("no_data",)]
        nodes = frames.roll_up(
            found.project('*, status AS "STATUS_"'), pl.DataFrame({"node": ["", "g"], "parent": [None, ""]}), RULES
        )
        assert nodes.filter("node = 'g'").project("kpis").fetchall() == [(1,)]
        shouted = connection.sql(
            f"SELECT {', '.join(f'{name} AS {name.upper()}' for name in found.columns)} FROM found"
        )
        assert frames.roll_up(shouted, pl.DataFrame({"node": ["g"], "parent": [None]}), RULES).project(
            "kpis"
        ).fetchall() == [(1,)]
        assert "“Status”" in faults(targets.project("*, 1 AS Status"), rows)["targets KT383"]
    assert "Status" in frames.score(TARGETS.with_columns(Status=pl.lit(1)), ROWS, AT, RULES).columns


def test_a_connection_that_may_not_read_tables_of_python() -> None:
    """What stands in the way is said, where DuckDB tells of a table that nobody knows."""
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE targets AS SELECT 'a' AS kpi, 'total' AS measure, 'increase' AS direction, 9.0 AS target"
        )
        connection.execute("CREATE TABLE rows AS SELECT 'a' AS kpi, DATE '2021-01-31' AS date, 1.0 AS value")
        connection.execute("SET python_enable_replacements = false")
        found = faults(connection.table("targets"), connection.table("rows"))
        assert "python_enable_replacements" in found["frames KT371"]
