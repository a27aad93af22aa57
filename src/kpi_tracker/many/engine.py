"""What an engine does for us: it opens Parquet, takes in small tables, writes scores, and hands over what is asked for."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from kpi_tracker.language import N_, Phrase
from kpi_tracker.many.files import Lot

if TYPE_CHECKING:
    import polars

__all__ = ["ENGINES", "Engine", "MissingEngine", "engine_called"]


class Engine(Protocol):
    """One engine. Frames are its own: a LazyFrame of Polars, a relation of DuckDB, a DataFrame of Spark."""

    name: str
    in_shares: bool
    """Whether rows are given to it in shares, since it holds in memory what it works on."""

    def opened(self, lot: Lot) -> Any:
        """Return the rows of files of one shape; columns that stand in their paths are texts."""

    def address(self, address: str) -> Any:
        """Return the rows at an address (s3://…), which is handed on unchanged."""

    def taken(self, table: "polars.DataFrame") -> Any:
        """Return a table as a frame of this engine."""

    def held(self, frame: Any) -> Any:
        """Return the rows of a frame, worked out once, for as long as no other is held."""

    def given(self, frame: Any) -> "polars.DataFrame":
        """Work out a frame and return its rows."""

    def write(self, frame: Any, path: str) -> None:
        """Work out a frame and write it to the new Parquet file `path` (of Spark: a folder of them)."""

    def read(self, path: str, columns: Sequence[str]) -> "polars.DataFrame":
        """Return columns of what :meth:`write` has written."""

    def close(self) -> None:
        """Give back what the engine holds."""


ENGINES = ("polars", "duckdb", "spark")
_EXTRAS = {"polars": "frames", "duckdb": "duckdb", "spark": "spark"}
_MODULES = {"polars": ("narwhals", "polars"), "duckdb": ("narwhals", "polars", "duckdb"),
            "spark": ("narwhals", "polars", "pyspark")}  # fmt: skip


class MissingEngine(Exception):  # noqa: N818 - it names what is missing; nothing failed yet
    """An engine is not installed; `phrase` says how to get it."""

    def __init__(self, name: str) -> None:
        """Name the extra that the engine `name` comes with."""
        text = N_("{format} needs what is not installed: pip install 'kpi-tracker[{extra}]'")
        self.phrase = Phrase(text, {"format": f"--engine {name}", "extra": _EXTRAS[name]})
        super().__init__(f"{name} needs kpi-tracker[{_EXTRAS[name]}]")


def engine_called(name: str, master: str | None = None, time_zone: str = "UTC") -> Engine:
    """Return the engine of a name in ENGINES; `master` is the address of Spark's master, where nothing else says it.

    Raises:
        MissingEngine: it is not installed.
    """
    from importlib import import_module
    from importlib.util import find_spec

    if any(find_spec(module) is None for module in _MODULES[name]):
        raise MissingEngine(name)
    module = import_module(f"kpi_tracker.many.{name}engine")
    made: Engine = module.opened_engine(master, time_zone)
    return made


def absolute(path: str) -> str:
    """Return a path as other processes find it too."""
    return os.path.abspath(path)
