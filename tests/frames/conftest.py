"""A Spark of this machine for the tests that run on it, started once a module."""

import os
import shutil
import sys
import threading
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[SparkSession]":
    """Start a small Spark in this process and stop it in the end; its workers run this Python."""
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        pytest.skip("Spark needs Java, which is not installed here")
    pyspark = pytest.importorskip("pyspark.sql")
    folder = tmp_path_factory.mktemp("spark")
    before = set(threading.enumerate())
    os.environ["PYSPARK_PYTHON"] = sys.executable
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of sockets and threads that py4j leaves to the collector
        session = (
            pyspark.SparkSession.builder.master("local[1]")
            .appName("kpi-tracker tests")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.sql.shuffle.partitions", "1")
            .config("spark.driver.memory", "1g")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
            .config("spark.local.dir", str(folder))
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.execution.arrow.pyspark.enabled", "true")
            .config("spark.driver.extraJavaOptions", f"-Dderby.system.home={folder} -Dlog4j2.level=ERROR")
            .getOrCreate()
        )
        session.sparkContext.setLogLevel("ERROR")
    try:
        yield session
    finally:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            gateway = session.sparkContext._gateway
            session.stop()
            if gateway is not None:  # it would outlive the tests
                gateway.shutdown()
                process = gateway.proc
                process.stdin.close()
                process.wait(30)
            context = type(session.sparkContext)
            context._gateway = context._jvm = None  # so that another module can start one
            for thread in set(threading.enumerate()) - before:
                thread.join(10)  # no other test shall find threads: a check forks where there is none
