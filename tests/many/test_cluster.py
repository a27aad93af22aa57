"""The same command on a cluster: a master of Spark and two workers on this machine, each a process of its own."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("pyspark")

from tests.cli.running import ROOT, environment
from tests.many.parquet import DAY, write
from tests.many.test_spark import PLAN

CLASSES = "org.apache.spark.deploy"
WAIT = 60.0


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@pytest.fixture
def master(tmp_path: Path) -> Iterator[str]:
    """Start a master and two workers; return the address of the master."""
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java, which is not installed here")
    import pyspark

    home = Path(pyspark.__file__).parent
    port, page = free_port(), free_port()
    address = f"spark://127.0.0.1:{port}"
    settings = environment(
        SPARK_HOME=str(home), SPARK_LOCAL_IP="127.0.0.1", SPARK_NO_DAEMONIZE="1", PYSPARK_PYTHON=sys.executable,
        SPARK_WORKER_DIR=str(tmp_path / "work"), SPARK_LOCAL_DIRS=str(tmp_path / "local"),
    )  # fmt: skip
    settings["PATH"] = os.environ["PATH"]
    start = [str(home / "bin" / "spark-class")]
    log = (tmp_path / "spark.log").open("wb")
    commands = [
        [*start, f"{CLASSES}.master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", str(page)],
        *([*start, f"{CLASSES}.worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "1200m", address],)
        * 2,
    ]
    running = [subprocess.Popen(one, env=settings, stdout=log, stderr=log) for one in commands]
    try:
        registered(tmp_path / "spark.log")
        yield address
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(30)
        log.close()


def registered(log: Path) -> None:
    """Wait until both workers have told the master of themselves."""
    for _ in range(int(WAIT * 10)):
        if log.read_text(encoding="utf-8", errors="replace").count("Successfully registered with master") == 2:
            return
        time.sleep(0.1)
    raise AssertionError(log.read_text(encoding="utf-8", errors="replace"))


def test_the_same_command_on_a_cluster_of_two_workers(master: str, tmp_path: Path) -> None:
    """Its report is that of this machine alone, and its scores lie where they were asked for."""
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    counties = [f"c{i:02}" for i in range(30)]
    write(
        tmp_path / "obs" / "all.parquet", county=[c for c in counties for _ in range(2)],
        kpi=["inspections", "share"] * 30, date=[DAY] * 60,
        value=[float(40 + i) for i in range(60)],
    )  # fmt: skip

    def league(*more: str) -> dict[str, object]:
        command = [
            sys.executable, "-W", "ignore", "-m", "kpi_tracker", "check-many", "--template", str(tmp_path / "plan.yaml"),
            "--observations", str(tmp_path / "obs"), "--group", "county", "--as-of", "2021-07-05", "--format", "json",
            *more,
        ]  # fmt: skip
        settings = environment(SPARK_LOCAL_IP="127.0.0.1")
        settings["PATH"] = os.environ["PATH"]
        done = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False, timeout=200)
        assert done.stdout, done.stderr
        found: dict[str, object] = json.loads(done.stdout)
        return found

    on_cluster = league("--engine", "spark", "--master", master, "--output", str(tmp_path / "scores.parquet"))
    assert on_cluster == league()
    assert (tmp_path / "scores.parquet").exists()
    log = (tmp_path / "spark.log").read_text(encoding="utf-8", errors="replace")
    assert log.count("Asked to launch executor") >= 2
