"""The same run on Spark: a session of our own, one that is there already, counties in the path, scores as a folder of parts."""

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

pytest.importorskip("kpi_tracker.frames")
pytest.importorskip("pyspark")

from pyspark.sql import SparkSession

from kpi_tracker.many.engine import engine_called
from kpi_tracker.many.run import Survey, check_many
from tests.many.parquet import DAY, write

pytestmark = pytest.mark.filterwarnings("ignore")

INFERRED = "spark.sql.sources.partitionColumnTypeInference.enabled"
PLAN = """\
format: kpi-tracker/v1
id: small
title: Two KPIs
period: 2021
time_zone: Asia/Shanghai
kpis:
  - {id: inspections, title: Inspections, measure: total, unit: 次, baseline: 100, target: {value: 120, basis: stated}}
  - {id: share, title: Share, measure: level, unit: "%", baseline: 80, target: {value: 90, basis: stated}}
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    root = tmp_path / "obs"
    write(root / "county=0101" / "x.parquet", county=None, kpi=["inspections", "share"], value=[70.0, 85.0])
    moments = pl.Series([datetime(2021, 7, 1, 1)] * 2).dt.replace_time_zone("UTC")
    write(root / "b.parquet", county=["b", "b"], kpi=["inspections", "share"], value=[50, 80], recorded_at=moments)
    return tmp_path


def survey(data: Path, engine: str) -> Survey:
    return Survey(str(data / "obs"), "county", engine=engine, master="local[2]" if engine == "spark" else None)


def test_spark_gives_what_polars_gives_and_leaves_a_session_as_it_was(data: Path) -> None:
    """First without a session: it is begun and ended; then within one."""
    plan, day = data / "plan.yaml", DAY
    alone = check_many(plan, survey(data, "spark"), day, output=str(data / "first.parquet"))
    assert SparkSession.getActiveSession() is None
    session = SparkSession.builder.master("local[2]").getOrCreate()
    before = session.conf.get(INFERRED)
    try:
        within = check_many(plan, survey(data, "spark"), day, datetime(2021, 7, 1, 8))
        assert session.conf.get(INFERRED) == before
        again = check_many(plan, survey(data, "spark"), day, output=str(data / "first.parquet"))
        with_address = engine_called("spark").address(f"file://{data}/obs/b.parquet").count()
    finally:
        session.stop()
    model = check_many(plan, survey(data, "polars"), day, output=str(data / "polars.parquet"))
    assert alone.standings == again.standings == model.standings
    assert within.standings == check_many(plan, survey(data, "polars"), day, datetime(2021, 7, 1, 8)).standings
    assert within.standings != model.standings
    assert with_address == 2
    parts, whole = pl.read_parquet(data / "first.parquet" / "*.parquet"), pl.read_parquet(data / "polars.parquet")
    assert parts.columns == whole.columns
    assert parts.sort("county", "kpi")["attainment"].to_list() == whole.sort("county", "kpi")["attainment"].to_list()
    assert (data / "first.parquet" / "_SUCCESS").exists()
