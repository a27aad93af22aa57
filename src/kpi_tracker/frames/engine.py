"""The engines that hold the frames, and the few things that narwhals has no word for in all of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from kpi_tracker.frames.problem import FrameError, fault
from kpi_tracker.language import N_, Phrase

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

__all__ = [
    "Column",
    "Gathered",
    "gathered",
    "in_connection",
    "is_spark",
    "is_sql",
    "near",
    "near_gathered",
    "near_table",
    "quoted",
]

Column = tuple[str, Sequence[Any]]
"""The kind of a column of a small table (a key of `_KINDS`) and its values."""
Gathered = tuple[str, str, str]
"""What to gather of each group: the name of the result, how (a key of `_HOW`), and of which column."""

_HOW: dict[str, str] = {
    "sum": "sum({column})",
    "mean": "avg({column})",
    "max": "max({column})",
    "min": "min({column})",
    "count": "count(*)",
    "newest": "arg_max_null({column}, {by})",
    "oldest": "arg_min_null({column}, {by})",
}
"""How DuckDB is asked for what is gathered."""


def is_spark(frame: "nw.LazyFrame[Any]") -> bool:
    """Tell whether a frame is of Spark, where the query runs part by part in the workers, see `cluster`."""
    return frame.implementation in (nw.Implementation.PYSPARK, nw.Implementation.PYSPARK_CONNECT)


def is_sql(frame: "nw.LazyFrame[Any]") -> bool:
    """Tell whether a frame is of an engine in which days begin where the session is, and `KPI` is `kpi`."""
    return is_spark(frame) or frame.implementation is nw.Implementation.DUCKDB


def near(frame: "nw.LazyFrame[Any]") -> "pl.LazyFrame":
    """Return a frame of one row a KPI where it is judged, which is in Polars: what DuckDB gathered goes there.

    DuckDB works out a relation anew wherever it is used, and every join of a frame with what was made of it doubles
    that. Going through the observations, which are many, is left to it. All others are in Polars already, and what it is
    asked for is put in its own words from here on: to build the query through narwhals takes as long as to run it.
    """
    if frame.implementation is nw.Implementation.DUCKDB:
        kinds = frame.collect_schema()
        zoned = [name for name, kind in kinds.items() if isinstance(kind, nw.Datetime) and kind.time_zone]
        if zoned:  # days begin where the session is
            frame = frame.with_columns(nw.col(*zoned).cast(nw.Datetime("us")))
        frame = frame.collect("polars").lazy()
    found: pl.LazyFrame = frame.to_native()
    return found


def near_table(columns: Mapping[str, Column]) -> "pl.LazyFrame":
    """Return a small table where rows are judged."""
    import polars as pl

    kinds = {"text": pl.String, "float": pl.Float64, "int": pl.Int64, "date": pl.Date, "bool": pl.Boolean}
    made = {name: pl.Series(list(values), dtype=kinds[kind]) for name, (kind, values) in columns.items()}
    return pl.LazyFrame(made)


def in_connection(like: Any, table: "pa.Table", columns: str = "*") -> Any:
    """Return a table as a relation of the connection that the relation `like` is of.

    A relation does not tell its connection. A query on it runs there, and finds the table by its name here.

    Raises:
        FrameError: the connection may not read tables of Python.
    """
    table_of_kpi_tracker = table
    try:
        found = like.query("kpi_tracker_unused", f"SELECT {columns} FROM table_of_kpi_tracker")  # noqa: S608 - quoted
    except Exception as error:  # DuckDB's own
        off = Phrase(N_("DuckDB may not read tables of Python here: its setting python_enable_replacements is off"))
        reason = off if "table_of_kpi_tracker" in str(error) else str(error)
        raise FrameError([fault("KT371", "frames", reason=reason)]) from error
    assert table_of_kpi_tracker is not None  # noqa: S101 - DuckDB looks it up by its name
    return found


def _known(native: Any) -> "nw.LazyFrame[Any]":
    found: nw.LazyFrame[Any] = nw.from_native(native)
    return found


def quoted(name: str) -> str:
    """Return the name of a column for SQL."""
    return '"' + name.replace('"', '""') + '"'


def gathered(frame: "nw.LazyFrame[Any]", keys: Sequence[str], what: Sequence[Gathered], by: str) -> "nw.LazyFrame[Any]":
    """Return one row a group of `keys`, with what is asked for.

    `newest` and `oldest` are the value of a column in the row where the column `by` is greatest and least: narwhals has
    that only as a sort of all rows, which costs twice as much as all the rest.
    """
    native = frame.to_native()
    if frame.implementation is nw.Implementation.POLARS:
        return _known(near_gathered(native, keys, what, by))
    group = ", ".join(map(quoted, keys))
    asked = [
        f"{_HOW[how].format(column=quoted(column), by=quoted(by))} AS {quoted(name)}" for name, how, column in what
    ]
    return _known(native.aggregate(", ".join([group, *asked]), group))


def near_gathered(frame: "pl.LazyFrame", keys: Sequence[str], what: Sequence[Gathered], by: str) -> "pl.LazyFrame":
    """Return the same of a frame that is judged."""
    import polars as pl

    words: dict[str, Callable[[Any], Any]] = {
        "sum": lambda c: c.sum(),
        "mean": lambda c: c.mean(),
        "max": lambda c: c.max(),
        "min": lambda c: c.min(),
        "count": lambda c: pl.len(),
        "newest": lambda c: c.max_by(by),
        "oldest": lambda c: c.min_by(by),
    }
    return frame.group_by(list(keys)).agg([words[how](pl.col(column)).alias(name) for name, how, column in what])
