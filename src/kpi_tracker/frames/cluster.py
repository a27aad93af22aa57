"""Scoring on a Spark cluster: every worker scores its share of the KPIs with the same query, in Polars.

One query in Spark's own plan was tried first: a plan of 88 KPIs took Catalyst minutes, since it puts every formula into
every place that uses it. Here Spark does what it is good at, bringing the rows of a KPI together.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from warnings import catch_warnings, simplefilter

__all__ = ["side_by_side"]

BUCKET = "_kpi_tracker_bucket"
Table = Any
"""A table of PyArrow, which has no types."""
Work = Callable[[Table, Table], Table]


def side_by_side(one: Any, other: Any, keys: Sequence[str], work: Work, like: Any) -> Any:
    """Return what `work` makes of the rows of two Spark frames that agree in `keys`, share by share, lazily.

    There are as many shares as Spark is set to have (`spark.sql.shuffle.partitions`); one must fit into a worker's memory.
    `like` is the schema of what `work` returns. The workers need this package with its extra `frames`.
    """
    from pyspark.sql import functions as f
    from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

    kind = from_arrow_schema(like)
    shares = int(one.sparkSession.conf.get("spark.sql.shuffle.partitions"))
    columns = [f.col(f"`{key}`") for key in keys]
    share = f.pmod(f.hash(*columns), f.lit(shares)) if keys else f.lit(0)
    left, right = (frame.withColumn(BUCKET, share).groupBy(BUCKET) for frame in (one, other))
    with catch_warnings():
        simplefilter("ignore", FutureWarning)  # of the release of pandas, which has no part in this
        return left.cogroup(right).applyInArrow(partial(_worked, work, to_arrow_schema(kind)), kind)


def _worked(work: Work, like: Any, one: Table, other: Table) -> Table:
    """Return the work on one share. Runs in a worker; a share without rows on one side is an empty table there."""
    if not one.num_rows:
        return like.empty_table()
    return work(one.drop_columns([BUCKET]), other.drop_columns([BUCKET])).select(like.names).cast(like)
