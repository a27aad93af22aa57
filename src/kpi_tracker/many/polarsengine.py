"""Polars: on one machine; a share of the observations is in memory at a time, beside a row for each group and KPI."""

from collections.abc import Sequence
from typing import Literal

import polars

from kpi_tracker.many.files import Lot

__all__ = ["PolarsEngine", "opened_engine"]

FILE = "kpi_tracker file"
"""The column by which a row tells its file."""
STREAMING: Literal["streaming"] = "streaming"


class PolarsEngine:
    """The engine that comes along."""

    name = "polars"
    in_shares = True

    def opened(self, lot: Lot) -> polars.LazyFrame:
        """Return the rows of files of one shape."""
        named = FILE if lot.parts else None
        rows = polars.scan_parquet(list(lot.paths), glob=False, hive_partitioning=False, include_file_paths=named)
        return rows.join(lot.by_file(FILE).lazy(), on=FILE).drop(FILE) if named else rows

    def address(self, address: str) -> polars.LazyFrame:
        """Return the rows at an address."""
        return polars.scan_parquet(address)

    def taken(self, table: polars.DataFrame) -> polars.LazyFrame:
        """Return a table as a lazy frame."""
        return table.lazy()

    def held(self, frame: polars.LazyFrame) -> polars.LazyFrame:
        """Bring the rows into memory, so that the files are not read again for every question."""
        return frame.collect(engine=STREAMING).lazy()

    def given(self, frame: polars.LazyFrame) -> polars.DataFrame:
        """Work out a frame."""
        return frame.collect(engine=STREAMING)

    def write(self, frame: polars.LazyFrame, path: str) -> None:
        """Work out a frame while it is written."""
        frame.sink_parquet(path, engine=STREAMING)

    def read(self, path: str, columns: Sequence[str]) -> polars.DataFrame:
        """Return columns of what was written."""
        return polars.scan_parquet(path, glob=False, hive_partitioning=False).select(columns).collect(engine=STREAMING)

    def close(self) -> None:
        """Nothing is held."""


def opened_engine(_master: str | None, _time_zone: str) -> PolarsEngine:
    """Return the engine."""
    return PolarsEngine()
