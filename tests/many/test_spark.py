"""The same run on Spark: a session of our own, one that is there already, counties in the path, scores as a folder of parts."""

import json
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

pytest.importorskip("pyspark")

from kpi_tracker.many.run import Survey, check_many
from tests.cli.running import ROOT, environment
from tests.many.on_spark import told
from tests.many.parquet import DAY, write

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
    write(root / "county=0101" / "x[1]*{a}?.parquet", county=None, kpi=["inspections", "share"], value=[70.0, 85.0])
    write(root / "county=%E7%94%B2" / "y.parquet", county=None, kpi=["inspections", "share"], value=[60.0, 84.0])
    moments = pl.Series([datetime(2021, 7, 1, 1)] * 2).dt.replace_time_zone("UTC")
    write(root / "b.parquet", county=["b", "b"], kpi=["inspections", "share"], value=[50, 80], recorded_at=moments)
    return tmp_path


def test_spark_gives_what_polars_gives(data: Path) -> None:
    """Statuses, figures, corrections as known at a time, an address; a session that was there is left as it was."""
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java, which is not installed here")
    command = [sys.executable, "-W", "ignore", "-m", "tests.many.on_spark", str(data)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(SPARK_LOCAL_IP="127.0.0.1"), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout.splitlines()[-1])

    def polars(observations: str, **more: datetime | str) -> list[object]:
        league = check_many(data / "plan.yaml", Survey(observations, "county"), DAY, **more)  # type: ignore[arg-type]
        return json.loads(json.dumps(told(league)))  # type: ignore[no-any-return]

    everything, scores = str(data / "obs"), data / "polars.parquet"
    assert answers["alone"] == answers["again"] == polars(everything, output=str(scores))
    assert [row[0] for row in answers["alone"]] == ["0101", "甲", "b"]
    assert answers["known"] == polars(everything, known_at=datetime(2021, 7, 1, 8))
    assert answers["known"] != answers["alone"]
    assert answers["address"] == polars(str(data / "obs" / "b.parquet"))
    assert (answers["ended"], answers["left"], answers["written"]) == (True, True, 3)
    parts, whole = (
        pl.read_parquet([*(data / "spark[1].parquet").glob("*.parquet")], glob=False),
        pl.read_parquet(scores),
    )
    assert parts.columns == whole.columns
    assert parts.sort("county", "kpi")["attainment"].to_list() == whole.sort("county", "kpi")["attainment"].to_list()
