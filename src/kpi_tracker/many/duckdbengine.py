"""DuckDB: an embedded database; a share of the observations is in it at a time, on the disk where it does not fit into memory."""

import tempfile
from collections.abc import Sequence

import duckdb
import polars

from kpi_tracker.many.files import Lot, escaped

__all__ = ["DuckdbEngine", "opened_engine"]


FILE = "kpi_tracker file"
"""The column by which a row tells its file."""


class DuckdbEngine:
    """A database in memory of its own, with a folder for what does not fit."""

    name = "duckdb"
    in_shares = True

    def __init__(self, time_zone: str) -> None:
        """Open the database; times without offset are of the plan's zone. Rows keep their order, as scores have one."""
        self._room = tempfile.TemporaryDirectory(prefix="kpi-tracker-")
        self._base = duckdb.connect(config={"temp_directory": self._room.name})
        self._base.execute(f"SET TimeZone = {_quoted(time_zone)}")

    def opened(self, lot: Lot) -> duckdb.DuckDBPyRelation:
        """Return the rows of files of one shape."""
        files = ", ".join(_quoted(_as_it_is(path)) for path in lot.paths)
        named = f", filename = '{FILE}'" if lot.parts else ""
        rows = self._base.sql(f"SELECT * FROM read_parquet([{files}], hive_partitioning = false{named})")  # noqa: S608 - quoted
        if not lot.parts:
            return rows
        told = self.taken(lot.by_file(FILE))
        joined = self._base.sql(f'SELECT * EXCLUDE "{FILE}" FROM rows JOIN told USING ("{FILE}")')  # noqa: S608 - a name of ours
        assert told is not None  # noqa: S101 - DuckDB looks it up by its name
        return joined

    def address(self, address: str) -> duckdb.DuckDBPyRelation:
        """Return the rows at an address."""
        return self._base.read_parquet(address)

    def taken(self, table: polars.DataFrame) -> duckdb.DuckDBPyRelation:
        """Return a table as a relation."""
        return self._base.from_arrow(table.to_arrow())

    def held(self, frame: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
        """Put the rows into a table, in the place of those that were held before."""
        self._base.execute("DROP TABLE IF EXISTS held")
        frame.create("held")
        return self._base.table("held")

    def given(self, frame: duckdb.DuckDBPyRelation) -> polars.DataFrame:
        """Work out a relation."""
        found: polars.DataFrame = frame.pl()
        return found

    def write(self, frame: duckdb.DuckDBPyRelation, path: str) -> None:
        """Work out a relation while it is written."""
        frame.write_parquet(path, compression="zstd")

    def read(self, path: str, columns: Sequence[str]) -> polars.DataFrame:
        """Return columns of what was written."""
        return self.given(
            self._base.read_parquet(_as_it_is(path), hive_partitioning=False).select(
                *[duckdb.ColumnExpression(name) for name in columns]
            )
        )

    def close(self) -> None:
        """Close the database and remove its folder."""
        self._base.close()
        self._room.cleanup()


def _as_it_is(path: str) -> str:
    return escaped(path, "*?[", "[{}]")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def opened_engine(_master: str | None, time_zone: str) -> DuckdbEngine:
    """Return the engine."""
    return DuckdbEngine(time_zone)
