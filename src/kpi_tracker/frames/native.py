"""The engines that hold frames: a frame as a lazy one, the way back, and small tables beside it."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from kpi_tracker.frames.problem import FrameError, MissingExtraError, fault
from kpi_tracker.language import N_, Phrase

if TYPE_CHECKING:
    import polars as pl

__all__ = ["ANY", "NUMBER", "WORD", "at_hand", "beside", "lazily", "require"]

BACK: dict[nw.Implementation, Callable[[Any], Any]] = {
    nw.Implementation.POLARS: lambda found: found,
    nw.Implementation.PANDAS: lambda found: found.to_pandas(),
    nw.Implementation.PYARROW: lambda found: found.to_arrow(),
}
LAZY = (
    nw.Implementation.POLARS,
    nw.Implementation.DUCKDB,
    nw.Implementation.PYSPARK,
    nw.Implementation.PYSPARK_CONNECT,
)
NUMBER, WORD, ANY = N_("numbers"), N_("text"), ""


def lazily(native: Any, name: str) -> "tuple[nw.LazyFrame[Any], Callable[[nw.LazyFrame[Any]], Any]]":
    """Return a frame as a lazy one, and the way back to the kind that it was.

    Frames of Polars, DuckDB and PySpark stay where they are. Tables of pandas and PyArrow pass through Polars.

    Raises:
        FrameError: it is no frame of these.
    """
    frame = _known(native, name)
    if isinstance(frame, nw.LazyFrame):
        return frame, lambda result: result.to_native()
    back = BACK[frame.implementation]
    return frame.lazy("polars"), lambda result: back(result.collect("polars").to_native())


def at_hand(native: Any, name: str) -> "pl.DataFrame":
    """Return a small frame of any engine as a table of Polars.

    Raises:
        FrameError: it is no frame, or Polars is not installed.
    """
    frame = _known(native, name)
    table: pl.DataFrame = frame.collect("polars").to_native() if isinstance(frame, nw.LazyFrame) else frame.to_polars()
    return table


def _known(native: Any, name: str) -> "nw.DataFrame[Any] | nw.LazyFrame[Any]":
    try:
        import polars as pl  # noqa: F401 - what is no frame of it is told apart from what is missing
    except ImportError as error:
        raise MissingExtraError("Polars", "frames") from error
    try:
        frame: nw.DataFrame[Any] | nw.LazyFrame[Any] = nw.from_native(native)
    except TypeError:
        raise FrameError([fault("KT360", name, value=type(native).__name__)]) from None
    if frame.implementation not in (LAZY if isinstance(frame, nw.LazyFrame) else BACK):
        raise FrameError([fault("KT360", name, value=type(native).__name__)])
    return frame


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


def require(schema: Mapping[str, Any], name: str, columns: dict[str, str], optional: Sequence[str] = ()) -> None:
    """Refuse a frame that lacks columns, or has them of another kind: NUMBER, WORD, or ANY.

    Raises:
        FrameError: it has every column that is missing and every one that holds what it must not.
    """
    there = ", ".join(schema)
    missing = [column for column in columns if column not in schema and column not in optional]
    faults = [fault("KT367", name, value=column, expected=there) for column in missing]
    for column, kind in columns.items():
        found = schema.get(column)
        if found is None or found == nw.Unknown or kind == ANY:  # a column of nothing is of no kind in Polars
            continue
        if not (found.is_numeric() if kind == NUMBER else found in (nw.String, nw.Categorical, nw.Enum)):
            faults.append(fault("KT368", name, value=column, expected=Phrase(kind), found=str(found)))
    if faults:
        raise FrameError(faults)
