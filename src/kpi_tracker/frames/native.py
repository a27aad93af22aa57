"""Small frames: brought here, checked for their columns, and put beside a large one in the engine that holds that."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from kpi_tracker.frames.engine import lazily
from kpi_tracker.frames.problem import FrameError, fault
from kpi_tracker.language import N_, Phrase

if TYPE_CHECKING:
    import polars as pl

__all__ = ["ANY", "NUMBER", "WORD", "at_hand", "beside", "require", "there"]

NUMBER, WORD, ANY = N_("numbers"), N_("text"), ""


def at_hand(native: Any, name: str) -> "pl.DataFrame":
    """Return a small frame of any engine as a table of Polars.

    Raises:
        FrameError: it is no frame.
    """
    table: pl.DataFrame = lazily(native, name)[0].collect("polars").to_native()
    return table


def beside(like: "nw.LazyFrame[Any]", table: "pl.DataFrame") -> "nw.LazyFrame[Any]":
    """Return a small table in the engine, and the session, of the frame `like`."""
    native = like.to_native()
    found: Any
    if like.implementation is nw.Implementation.POLARS:
        found = table.lazy()
    elif like.implementation is nw.Implementation.DUCKDB:
        # A relation does not tell its connection. A query on the relation runs in it, and finds the table by its name here.
        small_table_of_kpi_tracker = table.to_arrow()  # noqa: F841
        found = native.query("kpi_tracker_unused", "SELECT * FROM small_table_of_kpi_tracker")
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
    """Refuse a frame that lacks columns, or has them of another kind: NUMBER, WORD, or ANY.

    Raises:
        FrameError: it has every column that is missing and every one that holds what it must not.
    """
    there = ", ".join(schema)
    missing = [column for column in columns if column not in schema and column not in optional]
    faults = [fault("KT362", frame, value=column, expected=there) for column in missing]
    for column, kind in columns.items():
        found = schema.get(column)
        if found is None or found == nw.Unknown or kind == ANY:  # a column of nothing is of no kind in Polars
            continue
        if not (found.is_numeric() if kind == NUMBER else found in (nw.String, nw.Categorical, nw.Enum)):
            faults.append(fault("KT363", frame, key=column, value=str(found), expected=Phrase(kind)))
    if faults:
        raise FrameError(faults)
