"""Frames as they are given: lazily, where they can be asked, and the way back to the kind that they were."""

import re
from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from kpi_tracker.frames.columns import OURS
from kpi_tracker.frames.engine import in_connection, quoted
from kpi_tracker.frames.problem import FrameError, fault
from kpi_tracker.language import N_, Phrase

if TYPE_CHECKING:
    import polars as pl
    from narwhals.stable.v2.typing import IntoFrame

__all__ = ["ROW", "Back", "alike", "in_text", "lazily"]

Back = Callable[..., Any]
"""Takes a result, and the names of its columns that are to be as they came; gives it in the kind that the frame was of."""
ROW = OURS + "row"
"""The column by which a row of a table is found again."""
AS_TEXT = ("BIT", "HUGEINT", "INTERVAL", "WITH TIME ZONE")
"""Kinds of DuckDB that lose something on the way through another engine, and nothing as text."""
PLAIN = re.compile(r"U?Int\d+|Float\d+|boolean|string|datetime64\[.*\]|.*\[pyarrow\]")
"""Kinds of pandas of which a column is made again from its values."""
UNION = "UNION("
"""A kind of DuckDB that no other engine has; it becomes text, of which none can be made again."""


def lazily(native: "IntoFrame", name: str, known: Sequence[str] | None = None) -> "tuple[nw.LazyFrame[Any], Back]":
    """Return a frame as a lazy one, and the way back to the kind that it was.

    Frames of Polars, DuckDB and PySpark stay where they are. Tables of pandas and PyArrow pass through Polars. With `known`
    only these columns must be readable there: of the others the names go along, and what they hold comes back as it was.
    In SQL they may be of any case; of two that are meant by one column the first counts.

    Raises:
        FrameError: it is no frame that narwhals knows, holds what no other engine can hold, or has a column by a name of ours.
    """
    try:
        frame = nw.from_native(native)
        columns: list[object] = [*frame.collect_schema()]
    except TypeError:
        raise FrameError([fault("KT360", name, value=type(native).__name__)]) from None
    except Exception as error:  # two columns of one name, say
        raise FrameError([fault("KT371", name, reason=str(error))]) from error
    if strange := [str(column) for column in columns if not isinstance(column, str)]:
        reason = Phrase(N_("names of columns are text, and these are none: {rows}"), {"rows": tuple(strange)})
        raise FrameError([fault("KT371", name, reason=reason)])
    if ours := [str(column) for column in columns if str(column).startswith(OURS)]:
        raise FrameError(fault("KT383", name, value=column) for column in ours)
    kind: nw.Implementation = frame.implementation
    if kind is nw.Implementation.POLARS:
        return frame.lazy(), partial(_as_polars, frame)
    if isinstance(frame, nw.LazyFrame):
        named = frame if known is None else _called_as_known(frame, known)
        if kind is not nw.Implementation.DUCKDB:
            return named, partial(_as_spark, named)
        ids = [column for column, sort in _kinds(named.to_native(), known or ()).items() if sort == "UUID"]
        read = named.with_columns(nw.col(*ids).cast(nw.String())) if ids else named
        return read, partial(_as_relation, frame, named)
    others = [] if known is None else [column for column in frame.columns if column not in known]
    return _in_polars(frame, others, name), partial(_as_table, frame)


def _called_as_known(frame: "nw.LazyFrame[Any]", known: Sequence[str]) -> "nw.LazyFrame[Any]":
    """Return a frame of SQL with `known` columns by their names: there `KPI` is `kpi`."""
    there = {column.lower(): column for column in frame.collect_schema()}
    asked: dict[str, str] = {}
    for name in known:
        if name.lower() in there:
            asked.setdefault(there[name.lower()], name)
    renamed = {column: name for column, name in asked.items() if column != name}
    return frame.rename(renamed) if renamed else frame


def in_text(frame: "nw.LazyFrame[Any]", columns: Collection[str]) -> "nw.LazyFrame[Any]":
    """Return a frame, of DuckDB, in which those of `columns` are text that would not go through another engine unchanged."""
    if frame.implementation is not nw.Implementation.DUCKDB:
        return frame
    kinds = _kinds(frame.to_native(), columns)
    odd = [column for column, kind in kinds.items() if any(word in kind for word in (*AS_TEXT, UNION))]
    return frame.with_columns(nw.col(*odd).cast(nw.String())) if odd else frame


def _kinds(relation: Any, columns: Collection[str]) -> dict[str, str]:
    """Return of what kinds columns of a relation are, in its own words."""
    there = zip(relation.columns, relation.types, strict=True)
    return {column: str(kind) for column, kind in there if column in columns}


def _as_relation(
    frame: "nw.LazyFrame[Any]", named: "nw.LazyFrame[Any]", result: "nw.LazyFrame[Any]", kept: Sequence[str] = ()
) -> Any:
    """Return a result as a relation of the connection of `frame`, its columns `kept` of the kinds that they are of there.

    Rows of it that have only become fewer have the names that they have there, too.
    """
    like, relation = named.to_native(), result.to_native()
    kinds = {column: kind for column, kind in _kinds(like, kept).items() if UNION not in kind}
    in_duckdb = result.implementation is nw.Implementation.DUCKDB
    there = _kinds(relation, kinds) if in_duckdb else {}
    same_rows = in_duckdb and relation.columns == like.columns
    before = dict(zip(like.columns, frame.collect_schema(), strict=True)) if same_rows else {}
    columns = ", ".join(
        (f"CAST({quoted(name)} AS {kinds[name]})" if name in kinds and there.get(name) != kinds[name] else quoted(name))
        + f" AS {quoted(before.get(name, name))}"
        for name in result.collect_schema()
    )
    if in_duckdb:
        return relation.project(columns)
    return in_connection(like, result.collect("pyarrow").to_native(), columns)


def _as_polars(frame: Any, result: "nw.LazyFrame[Any]", kept: Sequence[str] = ()) -> Any:
    """Return a result as a frame of Polars, eager as `frame` is, with columns of the kinds that keys are compared as in theirs."""
    import polars as pl

    found: pl.LazyFrame = result.to_native()
    kinds = frame.to_native().collect_schema()
    odd = {
        name: kind for name in kept
        if name in kinds and (kind := kinds[name]) != pl.Int64 and (kind.is_integer() or kind in (pl.Categorical, pl.Enum))
    }  # fmt: skip
    found = found.cast(odd) if odd else found  # type: ignore[arg-type]
    return found if isinstance(frame, nw.LazyFrame) else found.collect()


def _as_spark(frame: "nw.LazyFrame[Any]", result: "nw.LazyFrame[Any]", kept: Sequence[str] = ()) -> Any:
    """Return a result as a frame of Spark, with columns `kept` of the kinds that they are of there."""
    there = frame.to_native().schema
    found = result.to_native()
    for name in kept:
        if name in found.columns and found.schema[name].dataType != there[name].dataType:
            found = found.withColumn(name, found[name].cast(there[name].dataType))
    return found


def _in_polars(frame: "nw.DataFrame[Any]", others: Sequence[str], name: str) -> "nw.LazyFrame[Any]":
    """Return a table as a frame of Polars, with nothing but their names of `others`, and the number of every row.

    Of pandas a column of objects that holds nothing is of no kind, as in the other engines, and a date that is a period
    (a month, say) is the last day of it.

    Raises:
        FrameError: it holds what no other engine can hold, such as numbers and text in one column.
    """
    empty = [*others]
    try:
        read = frame.drop(others)
        if frame.implementation is nw.Implementation.PANDAS:
            native = read.to_native()
            if str(getattr(native.get("date"), "dtype", "")).startswith("period"):
                read = nw.from_native(native.assign(date=native["date"].dt.end_time.dt.normalize()))
            empty += [column for column in native if native[column].dtype == object and native[column].isna().all()]
        found = read.with_row_index(ROW).lazy("polars")
    except Exception as error:  # each library says in its own way what it cannot take
        raise FrameError([fault("KT371", name, reason=str(error))]) from error
    return found.with_columns(nw.lit(None).alias(column) for column in empty) if empty else found


def _as_table(frame: "nw.DataFrame[Any]", result: "nw.LazyFrame[Any]", kept: Sequence[str] = ()) -> Any:
    """Return a result as a table. Where its rows are rows of the table, they have in columns `kept` what they had there."""
    table: pl.DataFrame = result.collect("polars").to_native()
    of_pandas = frame.implementation is nw.Implementation.PANDAS
    names = [column for column in table.columns if column != ROW]
    same = [column for column in names if column in kept]
    if ROW not in table.columns:
        like = frame.select(same).to_native()
        return _pandas_of_kinds(table, like) if of_pandas else _arrow_of_kinds(table, like)
    table = table.sort(ROW)
    whole, made = frame.select(same), table.drop(ROW, *same)
    if len(table) < len(whole):
        whole = _taken(whole, table[ROW].to_list())
    if of_pandas:
        return whole.to_native().reset_index(drop=True).join(made.to_pandas())[names]
    found = whole.to_native()
    for name, column in zip(made.columns, made.to_arrow().columns, strict=True):
        found = found.append_column(name, column)
    return found.select(names)


def _taken(table: "nw.DataFrame[Any]", rows: list[int]) -> "nw.DataFrame[Any]":
    """Return some rows of a table; of PyArrow also where it has kinds that it cannot take from, such as views of text."""
    try:
        return table[rows]
    except NotImplementedError:
        import pyarrow as pa

        native = table.to_native()
        columns = [pa.array([column[i].as_py() for i in rows], type=column.type) for column in native.columns]
        return nw.from_native(pa.table(columns, schema=native.schema), eager_only=True)


def _pandas_of_kinds(table: "pl.DataFrame", like: Any) -> Any:
    """Return a table as one of pandas, its columns of the kinds that they are of in `like` where they can be made so again."""
    found = table.to_pandas()
    for name in like:
        kind = like[name].dtype
        choices = getattr(kind, "categories", None)
        try:
            if not (PLAIN.fullmatch(str(kind)) if choices is None else {*table[name].drop_nulls()} <= {*choices}):
                continue
            found[name] = type(like[name])(table[name].to_list(), dtype=kind)
        except (TypeError, ValueError):  # as of intervals, which passed through as records
            continue
    return found


def _arrow_of_kinds(table: "pl.DataFrame", like: Any) -> Any:
    """Return the same as a table of PyArrow."""
    found = table.to_arrow()
    for name in like.column_names:
        try:
            column = found[name].cast(like[name].type)
        except (ValueError, NotImplementedError):  # as of dictionaries of numbers
            continue
        found = found.set_column(found.column_names.index(name), name, column)
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
