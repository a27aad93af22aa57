"""Frames as they are given: lazily, where they can be asked, and the way back to the kind that they were."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from kpi_tracker.frames.engine import in_connection, quoted
from kpi_tracker.frames.problem import FrameError, fault
from kpi_tracker.language import N_, Phrase

if TYPE_CHECKING:
    import polars as pl
    from narwhals.stable.v2.typing import IntoFrame

__all__ = ["ROW", "Back", "alike", "lazily"]

Back = Callable[..., Any]
"""Takes a result, and the names of columns that have in it what they had; gives it in the kind that the frame was of."""
ROW = "kpi_tracker row"
"""The column by which a row of a table is found again."""
AS_TEXT = ("BIT", "HUGEINT", "UHUGEINT", "INTERVAL", "TIME WITH TIME ZONE", "TIMESTAMP WITH TIME ZONE")
"""Kinds of DuckDB that lose something on the way through another engine, and nothing as text."""
UNION = "UNION("
"""A kind of DuckDB that no other engine has; it becomes text, of which none can be made again."""


def lazily(native: "IntoFrame", name: str, known: Collection[str] | None = None) -> "tuple[nw.LazyFrame[Any], Back]":
    """Return a frame as a lazy one, and the way back to the kind that it was.

    Frames of Polars, DuckDB and PySpark stay where they are. Tables of pandas and PyArrow pass through Polars. With `known`
    only these columns must be readable there: of the others the names go along, and what they hold comes back as it was.

    Raises:
        FrameError: it is no frame that narwhals knows, or holds what no other engine can hold.
    """
    try:
        frame = nw.from_native(native)
    except TypeError:
        raise FrameError([fault("KT360", name, value=type(native).__name__)]) from None
    except Exception as error:  # two columns of one name, say
        raise FrameError([fault("KT371", name, reason=str(error))]) from error
    kind: nw.Implementation = frame.implementation
    if isinstance(frame, nw.LazyFrame):
        frame = frame if known is None or kind is nw.Implementation.POLARS else _called_as_known(frame, known)
        if kind is not nw.Implementation.DUCKDB:
            return frame, lambda result, _=(): result.to_native()
        relation = frame.to_native()
        others = [] if known is None else [column for column in relation.columns if column not in known]
        return _in_text(frame, others), partial(_as_relation, relation, others)
    if kind is nw.Implementation.POLARS:
        return frame.lazy(), lambda result, _=(): result.collect("polars").to_native()
    names: list[object] = [*frame.columns]
    if strange := [str(column) for column in names if not isinstance(column, str)]:
        reason = Phrase(N_("names of columns are text, and these are none: {rows}"), {"rows": tuple(strange)})
        raise FrameError([fault("KT371", name, reason=reason)])
    others = [] if known is None else [column for column in frame.columns if column not in known]
    return _in_polars(frame, others, name), partial(_as_table, frame, others)


def _called_as_known(frame: "nw.LazyFrame[Any]", known: Collection[str]) -> "nw.LazyFrame[Any]":
    """Return a frame of SQL with `known` columns by their names: there `KPI` is `kpi`."""
    there = {column.lower(): column for column in frame.collect_schema()}
    asked = {there[name.lower()]: name for name in known if name.lower() in there}
    renamed = {column: name for column, name in asked.items() if column != name}
    return frame.rename(renamed) if renamed else frame


def _in_text(frame: "nw.LazyFrame[Any]", others: Collection[str]) -> "nw.LazyFrame[Any]":
    """Return a frame of DuckDB in which such columns are text as would not go through unchanged."""
    kinds = _kinds(frame.to_native(), others)
    odd = [column for column, kind in kinds.items() if kind in AS_TEXT or UNION in kind]
    return frame.with_columns(nw.col(*odd).cast(nw.String())) if odd else frame


def _kinds(relation: Any, columns: Collection[str]) -> dict[str, str]:
    """Return of what kinds columns of a relation are, in its own words."""
    there = zip(relation.columns, relation.types, strict=True)
    return {column: str(kind) for column, kind in there if column in columns}


def _as_relation(like: Any, others: Sequence[str], result: "nw.LazyFrame[Any]", kept: Sequence[str] = ()) -> Any:
    """Return a result as a relation of the connection that `like` is of, with columns of the kinds that they are of there."""
    if result.implementation is nw.Implementation.DUCKDB:
        return result.to_native()
    kinds = {column: kind for column, kind in _kinds(like, {*others, *kept}).items() if UNION not in kind}
    columns = (
        f"CAST({quoted(column)} AS {kinds[column]}) AS {quoted(column)}" if column in kinds else quoted(column)
        for column in result.collect_schema()
    )
    return in_connection(like, result.collect("pyarrow").to_native(), ", ".join(columns))


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


def _as_table(
    frame: "nw.DataFrame[Any]", others: Sequence[str], result: "nw.LazyFrame[Any]", kept: Sequence[str] = ()
) -> Any:
    """Return a result as a table, its rows with what they had in `kept` and in the columns that did not go along."""
    table: pl.DataFrame = result.collect("polars").to_native()
    of_pandas = frame.implementation is nw.Implementation.PANDAS
    if ROW not in table.columns:
        return table.to_pandas() if of_pandas else table.to_arrow()
    names = [column for column in table.columns if column != ROW]
    same = [column for column in names if column in {*kept, *others}]
    table = table.sort(ROW)
    whole, made = frame.select(same), table.drop(ROW, *same)
    if len(table) < len(whole):
        whole = whole[table[ROW].to_list()]
    if of_pandas:
        return whole.to_native().reset_index(drop=True).join(made.to_pandas())[names]
    found = whole.to_native()
    for name, column in zip(made.columns, made.to_arrow().columns, strict=True):
        found = found.append_column(name, column)
    return found.select(names)


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
