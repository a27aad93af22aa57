"""What test_spark.py asks, answered in a process of its own: a session of Spark is of the whole process."""

import json
import sys
from datetime import datetime
from pathlib import Path

from pyspark.sql import SparkSession

from kpi_tracker.league.table import League
from kpi_tracker.many.engine import engine_called
from kpi_tracker.many.run import Survey, check_many
from tests.many.parquet import DAY

INFERRED = "spark.sql.sources.partitionColumnTypeInference.enabled"


def told(league: League) -> list[object]:
    """Return what a league comes to, as plain data."""
    return [
        [one.group.id, one.rank, one.status.value, one.attainment, one.expected, one.coverage]
        for one in league.standings
    ]


def main(data: Path) -> None:
    """Run without a session, which is begun and ended, and within one, which is left as it was."""
    plan, output = data / "plan.yaml", str(data / "spark[1].parquet")
    survey = Survey(str(data / "obs"), "county", engine="spark", master="local[2]")
    answers: dict[str, object] = {"alone": told(check_many(plan, survey, DAY, output=output))}
    answers["ended"] = SparkSession.getActiveSession() is None
    session = SparkSession.builder.master("local[2]").getOrCreate()
    before = session.conf.get(INFERRED)
    answers["known"] = told(check_many(plan, survey, DAY, datetime(2021, 7, 1, 8)))
    answers["again"] = told(check_many(plan, survey, DAY, output=output))
    answers["left"] = session.conf.get(INFERRED) == before
    address = Survey(f"file://{data}/obs/b.parquet", "county", engine="spark")
    answers["address"] = told(check_many(plan, address, DAY))
    engine_called("spark").write(session.range(3).toDF("id"), f"file://{data}/written")
    answers["written"] = engine_called("spark").read(f"file://{data}/written", ["id"]).height
    session.stop()
    print(json.dumps(answers))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
