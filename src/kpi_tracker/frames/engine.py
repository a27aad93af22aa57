"""The engines that hold the frames, and the few things that narwhals has no word for in all of them."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from kpi_tracker.frames.problem import FrameError, fault

if TYPE_CHECKING:
    import polars as pl
    from narwhals.stable.v2.typing import IntoFrame

__all__ = ["Column", "Gathered", "alike", "gathered", "is_spark", "lazily", "near", "near_gathered", "near_table"]

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


def lazily(native: "IntoFrame", name: str) -> "tuple[nw.LazyFrame[Any], Callable[[nw.LazyFrame[Any]], Any]]":
    """Return a frame as a lazy one, and the way back to the kind that it was.

    Frames of Polars, DuckDB and PySpark stay where they are. Tables of pandas and PyArrow pass through Polars.

    Raises:
        FrameError: it is no frame that narwhals knows.
    """
    try:
        frame = nw.from_native(native)
    except TypeError:
        raise FrameError([fault("KT360", name, value=type(native).__name__)]) from None
    except Exception as error:  # two columns of one name, say
        raise FrameError([fault("KT371", name, reason=str(error))]) from error
    kind: nw.Implementation = frame.implementation
    if isinstance(frame, nw.LazyFrame):
        if kind is nw.Implementation.DUCKDB:
            return frame, partial(_in_connection, frame.to_native())
        return frame, lambda result: result.to_native()
    back: dict[nw.Implementation, Callable[[Any], Any]] = {
        nw.Implementation.POLARS: lambda found: found,
        nw.Implementation.PANDAS: lambda found: found.to_pandas(),
    }
    given = back.get(kind, lambda found: found.to_arrow())
    return _in_polars(frame, name), lambda result: given(result.collect("polars").to_native())


def _in_polars(frame: "nw.DataFrame[Any]", name: str) -> "nw.LazyFrame[Any]":
    """Return a table as a frame of Polars.

    Of pandas a column of objects that holds nothing is of no kind, as in the other engines, and a date that is a period
    (a month, say) is the last day of it.

    Raises:
        FrameError: it holds what no other engine can hold, such as numbers and text in one column.
    """
    empty: list[str] = []
    try:
        if frame.implementation is nw.Implementation.PANDAS:
            native = frame.to_native()
            if str(getattr(native.get("date"), "dtype", "")).startswith("period"):
                frame = nw.from_native(native.assign(date=native["date"].dt.end_time.dt.normalize()))
            empty = [column for column in native if native[column].dtype == object and native[column].isna().all()]
        found = frame.lazy("polars")
    except Exception as error:  # each library says in its own way what it cannot take
        raise FrameError([fault("KT371", name, reason=str(error))]) from error
    return found.with_columns(nw.lit(None).alias(column) for column in empty) if empty else found


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


def _in_connection(like: Any, result: "nw.LazyFrame[Any]") -> Any:
    """Return a result as a relation of the connection that `like` is of; a query on `like` finds what stands here."""
    if result.implementation is nw.Implementation.DUCKDB:
        return result.to_native()
    scores_of_kpi_tracker = result.collect("pyarrow").to_native()  # a table of the user's would go before it
    assert scores_of_kpi_tracker is not None  # noqa: S101 - DuckDB looks it up by its name
    return like.query("kpi_tracker_unused", "SELECT * FROM scores_of_kpi_tracker")


def _known(native: Any) -> "nw.LazyFrame[Any]":
    found: nw.LazyFrame[Any] = nw.from_native(native)
    return found


def alike(one: "nw.LazyFrame[Any]", other: "nw.LazyFrame[Any]", name: str) -> None:
    """Refuse two frames of different engines, or of two connections: neither could see the other's rows.

    Raises:
        FrameError: they are not of one engine, or of two connections of DuckDB.
    """
    if one.implementation is not other.implementation:
        first, second = str(one.implementation.value), str(other.implementation.value)
        raise FrameError([fault("KT361", name, value=second, expected=first)])
    if one.implementation is nw.Implementation.DUCKDB and one is not other:
        try:
            one.to_native().set_alias("one").cross(other.to_native().set_alias("other"))
        except Exception as error:  # nothing is worked out for it
            two = "different connections" in str(error)
            raise FrameError([fault("KT386", name) if two else fault("KT371", name, reason=str(error))]) from error


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
