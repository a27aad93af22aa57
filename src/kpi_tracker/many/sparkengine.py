"""Spark: on this machine, or on the cluster that `--master` or spark-submit names."""

import os
import sys
from collections.abc import Sequence
from typing import Any

import polars
from pyspark.sql import DataFrame, SparkSession, functions
from pyspark.sql.types import TimestampType

from kpi_tracker.many.engine import absolute
from kpi_tracker.many.files import Lot, escaped, is_address

__all__ = ["SparkEngine", "opened_engine"]

AS_TEXT = "spark.sql.sources.partitionColumnTypeInference.enabled"
"""Whether columns in paths become numbers; the code of a county may begin with 0."""


MAGIC = "*?[]{}\\"
"""What makes a pattern of a path."""


class SparkEngine:
    """A session of Spark: one that there is already, or a new one."""

    name = "spark"
    in_shares = False

    def __init__(self, master: str | None, time_zone: str) -> None:
        """Find or begin a session; times with an offset are taken to the plan's time zone."""
        self._found = SparkSession.getActiveSession() is not None
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # else workers run whatever Python is first on the path
        builder = SparkSession.builder.appName("kpi-tracker check-many")
        self._session = (builder.master(master) if master and not self._found else builder).getOrCreate()
        self._time_zone = time_zone
        self._before = self._session.conf.get(AS_TEXT)
        self._session.conf.set(AS_TEXT, "false")
        if not self._found:
            self._session.sparkContext.setLogLevel("ERROR")

    def opened(self, lot: Lot) -> DataFrame:
        """Return the rows of files of one shape."""
        reader = self._session.read
        if lot.parts:
            reader = reader.option("basePath", _located(lot.root or "."))
        frame = reader.parquet(*(escaped(_located(path), MAGIC, "\\{}") for path in lot.paths))
        return self._without_offset(_read_rightly(frame, lot))

    def address(self, address: str) -> DataFrame:
        """Return the rows at an address."""
        return self._without_offset(self._session.read.parquet(address))

    def _without_offset(self, frame: DataFrame) -> DataFrame:
        """Return a frame with its times as times of the plan's zone.

        A session's own zone is left alone: Spark takes a time in a query for one of the driver's zone, not of the session's.
        """
        session_zone = functions.lit(self._session.conf.get("spark.sql.session.timeZone"))
        for field in frame.schema.fields:
            if isinstance(field.dataType, TimestampType):
                there = functions.col(f"`{field.name}`").cast("timestamp_ntz")
                taken = functions.convert_timezone(session_zone, functions.lit(self._time_zone), there)
                frame = frame.withColumn(field.name, taken)
        return frame

    def taken(self, table: polars.DataFrame) -> DataFrame:
        """Return a table as a frame of the session."""
        return self._session.createDataFrame(table.to_arrow())

    def held(self, frame: DataFrame) -> DataFrame:
        """Leave a frame as it is: the workers hold its shares."""
        return frame

    def given(self, frame: DataFrame) -> polars.DataFrame:
        """Work out a frame and bring its rows here."""
        found = polars.from_arrow(frame.toArrow())
        assert isinstance(found, polars.DataFrame)  # noqa: S101 - of a table it is one
        return found

    def write(self, frame: DataFrame, path: str) -> None:
        """Work out a frame while its parts are written."""
        frame.write.parquet(path if is_address(path) else _located(path))

    def read(self, path: str, columns: Sequence[str]) -> polars.DataFrame:
        """Return columns of what was written."""
        where = path if is_address(path) else escaped(_located(path), MAGIC, "\\{}")
        return self.given(self.address(where).select(*columns))

    def close(self) -> None:
        """End the session where we began it; else leave it as it was found."""
        if not self._found:
            self._session.stop()
            return
        self._session.conf.set(AS_TEXT, self._before or "true")


def _located(path: str) -> str:
    """Return a path as an address that means the same to every machine that has the folder."""
    return "file://" + absolute(path)


def _read_rightly(frame: DataFrame, lot: Lot) -> DataFrame:
    """Return a frame with what the paths tell as they tell it: Spark takes every byte of %E7%94%B2 for a character."""
    for i, part in enumerate(lot.parts):
        frame = frame.withColumnRenamed(_byte_by_byte(part), part)
        wrong: dict[Any, Any] = {_byte_by_byte(told[i]): told[i] for told in lot.told}
        wrong = {read: told for read, told in wrong.items() if read != told}
        frame = frame.replace(wrong, subset=[f"`{part}`"]) if wrong else frame
    return frame


def _byte_by_byte(told: str) -> str:
    return told.encode().decode("latin-1")


def opened_engine(master: str | None, time_zone: str) -> SparkEngine:
    """Return the engine."""
    return SparkEngine(master, time_zone)
