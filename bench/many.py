"""Checking the plans of 2,844 counties, copies of a small plan and of the shipped one: one process after another, and side by side.

`python -m bench.many 300` takes other numbers of plans. Each measurement is a process of its own; what was found is
dropped plan by plan, as a report that is written as it goes would do.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from time import perf_counter

from bench.measuring import row

ROOT = Path(__file__).parent.parent
COUNTIES = 2_844
AS_OF = date(2021, 9, 30)
SMALL = """\
format: kpi-tracker/v1
id: county-%(n)05d
title: {zh: 县级计划, en: Plan of a county}
period: 2021
time_zone: Asia/Shanghai
observations: [observations.csv]
goals:
- id: economy
  title: {zh: 经济, en: Economy}
  kpis:
  - {id: output, title: {zh: 产值, en: Output}, measure: total, direction: increase, unit: {zh: 亿元, en: bn},
     baseline: {value: 100}, target: {value: 120, basis: stated}}
  - {id: firms, title: {zh: 企业, en: Firms}, measure: level, direction: increase, unit: {zh: 家, en: firms},
     baseline: {value: 400}, target: {value: 440, basis: stated}}
- id: life
  title: {zh: 民生, en: Life}
  kpis:
  - {id: jobs, title: {zh: 新增就业, en: New jobs}, measure: total, direction: increase, unit: {zh: 人, en: people},
     baseline: {value: 900}, target: {value: 1000, basis: stated}}
  - {id: deaths, title: {zh: 事故, en: Accidents}, measure: limit, aggregate: sum, unit: {zh: 起, en: accidents},
     target: {at_most: 12, basis: stated}}
"""


def main() -> None:
    """Print one row a plan and number of workers."""
    if sys.argv[1:2] == ["child"]:
        child(Path(sys.argv[2]), int(sys.argv[3]))
        return
    counts = [int(count) for count in sys.argv[1:]] or [COUNTIES]
    row(
        "plan",
        "plans",
        "workers",
        "seconds",
        "plans a second",
        "× one worker",
        "ms of processor a plan",
        "peak of this process, MB",
        "of the largest worker, MB",
    )
    row("---", *["---:"] * 8)
    for count in counts:
        for name, make in (("small, 4 KPIs", small), ("shipped, 88 KPIs", shipped)):
            with tempfile.TemporaryDirectory() as folder:
                make(Path(folder), count)
                single = 0.0
                for workers in (1, 2):
                    seconds, used, own, largest = measured(folder, workers)
                    single = single or seconds
                    row(name, f"{count:,}", workers, f"{seconds:.1f}", f"{count / seconds:.0f}", f"{single / seconds:.2f}",
                        f"{used / count * 1e3:.2f}", f"{own:.0f}", f"{largest:.0f}" if workers > 1 else "")  # fmt: skip


def small(folder: Path, count: int) -> None:
    """Write so many small plans with nine months of figures."""
    months = [f"2021-{month:02}-28" for month in range(1, 10)]
    for n in range(count):
        place = folder / f"{n:05}"
        place.mkdir()
        (place / "plan.yaml").write_text(SMALL % {"n": n}, encoding="utf-8")
        figures = {"output": 8 + n % 5, "firms": 410 + n % 30, "jobs": 70 + n % 20, "deaths": n % 2}
        lines = [f"{kpi},{day},{value}" for kpi, value in figures.items() for day in months]
        (place / "observations.csv").write_text("kpi,date,value\n" + "\n".join(lines) + "\n", encoding="utf-8")


def shipped(folder: Path, count: int) -> None:
    """Copy the plan that comes with the project so many times."""
    for n in range(count):
        shutil.copytree(ROOT / "goals" / "pinghu-2021", folder / f"{n:05}")


def measured(folder: str, workers: int) -> tuple[float, float, float, float]:
    """Check all plans in a folder; return the seconds, those of all processors, and the peaks of memory of both kinds of process."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([*filter(None, sys.path), str(ROOT)])}
    command = [sys.executable, "-m", "bench.many", "child", folder, str(workers)]
    done = subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True, text=True)
    seconds, used, own, largest = json.loads(done.stdout)
    return seconds, used, own, largest


def child(folder: Path, workers: int) -> None:
    """Check all plans and print what it took."""
    from kpi_tracker.pipeline import check_all

    paths = sorted(folder.iterdir())
    started = perf_counter()
    scored = sum(run.scorecard is not None and not run.broken for run in check_all(paths, AS_OF, workers=workers))
    seconds = perf_counter() - started
    if scored != len(paths):
        raise SystemExit(f"only {scored} of {len(paths)} plans could be scored")
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    used = sum(one.ru_utime + one.ru_stime for one in usage)
    print(json.dumps([seconds, used, *(one.ru_maxrss / 1024 for one in usage)]))


if __name__ == "__main__":
    main()
