"""One measurement of scores over frames, in a process of its own: `python -m bench.frames_child ENGINE WHO FOLDER RUNS`.

It prints the least seconds of its runs and its peaks of memory in MB, after its input was loaded and at the end, and
leaves the scores in the folder.
"""

import json
import resource
import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl

from bench.handwritten import duckdb_query, polars_query
from bench.measuring import least_seconds
from bench.national import AS_OF, KEYS
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.period import Period
from kpi_tracker.model.unit import Text

RULES = Plan("p", Text("p", "p"), Period(date(2021, 1, 1), date(2021, 12, 31)), "Asia/Shanghai", 2020)


def main() -> None:
    """Load the input, run the query and tell what it took."""
    engine, who, place, runs = sys.argv[1:]
    folder = Path(place)
    made, kept = (of_duckdb if engine == "duckdb" else partial(of_polars, engine.partition("-")[2] or "auto"))(
        who, folder
    )
    loaded = peak()
    last: list[Any] = []

    def once() -> None:
        last.clear()  # so that two results are never held at once
        last.append(made())

    seconds = least_seconds(once, int(runs))
    print(json.dumps([seconds, loaded, peak()]))
    kept(last[0]).write_parquet(folder / f"{engine}-{who}.parquet")


def peak() -> float:
    """Return the most memory that this process had so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def ours(targets: Any, observations: Any) -> Any:
    """Return our scores of frames."""
    return import_module("kpi_tracker.frames.scoring").score(
        targets, observations, AS_OF, RULES, keys=KEYS, checked=False
    )


def of_polars(engine: Any, who: str, folder: Path) -> tuple[Callable[[], Any], Callable[[Any], pl.DataFrame]]:
    """Return the query over frames in memory, collected by the engine that Polars takes (`auto`), or one by name."""
    targets, rows = (pl.read_parquet(folder / f"{name}.parquet") for name in ("targets", "observations"))
    query = polars_query if who == "hand" else ours
    return lambda: query(targets.lazy(), rows.lazy()).collect(engine=engine), lambda found: found


def of_duckdb(who: str, folder: Path) -> tuple[Callable[[], Any], Callable[[Any], pl.DataFrame]]:
    """Return the query over two tables of a database in memory, read into Arrow."""
    connection = import_module("duckdb").connect()
    for name in ("targets", "observations"):
        connection.execute(f"CREATE TABLE {name} AS FROM '{folder / name}.parquet'")

    def run() -> Any:
        if who == "hand":
            return duckdb_query(connection).to_arrow_table()
        return ours(connection.table("targets"), connection.table("observations")).to_arrow_table()

    return run, lambda found: pl.DataFrame(pl.from_arrow(found))


if __name__ == "__main__":
    main()
