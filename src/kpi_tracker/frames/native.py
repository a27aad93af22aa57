"""Small frames: brought here, checked for their columns, and put beside a large one in the engine that holds that."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from kpi_tracker.frames.engine import in_connection
from kpi_tracker.frames.given import ROW, lazily
from kpi_tracker.frames.problem import FrameError, fault
from kpi_tracker.language import N_, Phrase

if TYPE_CHECKING:
    import polars as pl

__all__ = ["ANY", "DAY", "NUMBER", "TRUTH", "WORD", "at_hand", "beside", "require", "there"]

NUMBER, WORD, TRUTH, DAY, ANY = N_("numbers"), N_("text"), N_("true or false"), N_("dates"), ""


def at_hand(native: Any, name: str, known: Sequence[str]) -> "pl.DataFrame":
    """Return a small frame of any engine as a table of Polars; of columns beside the `known` ones, no more than their names.

    Raises:
        FrameError: it is no frame.
    """
    import polars as pl

    frame = lazily(native, name, known)[0].drop(ROW, strict=False)
    columns = [nw.col(one) if one in known else nw.lit(None).alias(one) for one in frame.collect_schema()]
    table: pl.DataFrame = frame.select(*columns).collect("polars").to_native()
    # Of DuckDB the whole numbers of a sum come as decimals.
    whole = [name for name, kind in table.schema.items() if str(kind).endswith("scale=0)") or str(kind) == "Int128"]
    made = {name: table[name].cast(pl.Int64, strict=False) for name in whole}
    return table.with_columns(one for name, one in made.items() if one.null_count() == table[name].null_count())


def beside(like: "nw.LazyFrame[Any]", table: "pl.DataFrame") -> "nw.LazyFrame[Any]":
    """Return a small table in the engine, and the session, of the frame `like`."""
    native = like.to_native()
    found: Any
    if like.implementation is nw.Implementation.POLARS:
        found = table.lazy()
    elif like.implementation is nw.Implementation.DUCKDB:
        found = in_connection(native, table.to_arrow())
    else:
        found = native.sparkSession.createDataFrame(table.to_arrow())
    frame: nw.LazyFrame[Any] = nw.from_native(found)
    return frame


def there(like: "nw.LazyFrame[Any]", frame: "pl.LazyFrame") -> "nw.LazyFrame[Any]":
    """Return a frame of Polars in the engine of the frame `like`, lazily where that is Polars too."""
    if like.implementation is nw.Implementation.POLARS:
        found: nw.LazyFrame[Any] = nw.from_native(frame)
        return found
    return beside(like, frame.collect())


def require(frame: str, schema: Mapping[str, Any], columns: Mapping[str, str], optional: Sequence[str] = ()) -> None:
    """Refuse a frame that lacks columns, or has them of another kind: NUMBER, WORD, TRUTH, DAY, or ANY.

    Raises:
        FrameError: it has every column that is missing and every one that holds what it must not.
    """
    there = ", ".join(column for column in schema if column != ROW)
    missing = [column for column in columns if column not in schema and column not in optional]
    faults = [fault("KT362", frame, value=column, expected=there) for column in missing]
    for column, kind in columns.items():
        found = schema.get(column)
        if found is None or found == nw.Unknown or kind == ANY:  # a column of nothing is of no kind in Polars
            continue
        if not _holds(found, kind):
            faults.append(fault("KT363", frame, key=column, value=str(found), expected=Phrase(kind)))
    if faults:
        raise FrameError(faults)


def _holds(found: Any, kind: str) -> bool:
    """Tell whether a column is of a kind; 1 and 0 are true and false, a time is of a day."""
    if kind in (NUMBER, TRUTH):
        return bool(found.is_numeric() or (kind == TRUTH and found == nw.Boolean))
    return found in ((nw.Date, nw.Datetime) if kind == DAY else (nw.String, nw.Categorical, nw.Enum))
