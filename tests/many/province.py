"""A province made up: the observations of the shipped plan, a little different in every county; nothing in it is real.

`python -m tests.many.province FOLDER [COUNTIES]` writes `observations/` (a file a city), `groups.csv` and `targets.csv`.
"""

import sys
from datetime import date, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import polars as pl

from kpi_tracker import load_observations, load_plan
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Direction, Measure

__all__ = ["COUNTIES", "LAST", "SILENT", "TEMPLATE", "plan", "write_province"]

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = str(ROOT / "goals" / "pinghu-2021")
COUNTIES, LAST = 90, date(2021, 9, 30)
SILENT = (13, 47)
"""These report nothing."""
EARLY = (21, 66)
"""These have stopped to report in June."""
SLIPPED, BEHIND = 5, 30
"""One that reports a total in another unit, and one that is far behind in one KPI."""
CITIES = (("东江市", "Dongjiang"), ("南湖市", "Nanhu"), ("西山市", "Xishan"), ("北港市", "Beigang"), ("海宁州", "Haining"),
          ("云溪市", "Yunxi"), ("石门市", "Shimen"), ("长川市", "Changchuan"), ("松原州", "Songyuan"))  # fmt: skip
Row = tuple[str, str, date, float | None, str | None, datetime | None, str]


@cache
def plan() -> Plan:
    """Return the template."""
    return load_plan(TEMPLATE)


@cache
def _rows() -> tuple[tuple[Kpi, date, float | str, datetime | None], ...]:
    observations = load_observations(plan())
    kpis = {item.id: item for _, item in plan().walk() if isinstance(item, Kpi)}
    found: list[tuple[Kpi, date, float | str, datetime | None]] = []
    for kpi, series in observations.items():
        for row in series.rows:
            if row.date <= LAST:
                value = "; ".join(row.value) if isinstance(row.value, tuple) else row.value
                found.append((kpis[kpi], row.date, value, row.recorded_at))
    return tuple(found)


def code(i: int) -> str:
    """Return the code of a county, which begins with 0."""
    return f"{10_001 + i:06}"


def county_rows(i: int, random: Random) -> list[Row]:
    """Return what county `i` reports."""
    if i in SILENT:
        return []
    zeal = random.gauss(1.0, 0.06)
    own = {item.id: zeal * random.gauss(1.0, 0.05) for _, item in plan().walk() if isinstance(item, Kpi)}
    rows: list[Row] = []
    for kpi, day, value, recorded in _rows():
        if i in EARLY and day > date(2021, 6, 30):
            continue
        if isinstance(value, str):
            rows.append((code(i), kpi.id, day, None, value, recorded, "illustrative"))
            continue
        factor = own[kpi.id] if kpi.measure in (Measure.TOTAL, Measure.LEVEL) else 1.0
        if kpi.direction is Direction.DECREASE:
            factor = 2.0 - factor
        if i == SLIPPED and kpi.id == "new-entities":
            factor *= 10_000
        if i == BEHIND and kpi.id == "new-entities":
            factor = 0.02
        rows.append((code(i), kpi.id, day, round(value * factor, 4), None, recorded, "illustrative"))
    return rows


def write_province(folder: Path, counties: int = COUNTIES, seed: int = 1) -> Path:
    """Write the data of a province into `folder` and return it."""
    random = Random(seed)
    (folder / "observations").mkdir(parents=True)
    schema: dict[str, Any] = {"county": pl.String, "kpi": pl.String, "date": pl.Date, "value": pl.Float64, "text": pl.String,
              "recorded_at": pl.Datetime("us"), "basis": pl.String}  # fmt: skip
    size = max(1, -(-counties // len(CITIES)))
    for start in range(0, counties, size):
        rows = [row for i in range(start, min(counties, start + size)) for row in county_rows(i, random)]
        frame = pl.DataFrame(rows, schema=schema, orient="row")
        frame.write_parquet(folder / "observations" / f"city-{start // size:02}.parquet")
    lines = ["county,title_zh,title_en,parent"]
    for i in range(counties):
        zh, en = CITIES[i // size]
        lines.append(f"{code(i)},{zh}{i % size + 1}县（示意）,{en} county {i % size + 1} (made up),{zh}")
    (folder / "groups.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    targets = f"county,kpi,baseline,target\n{code(0)},new-entities,8000,\n{code(1)},new-entities,,9000\n"
    (folder / "targets.csv").write_text(targets, encoding="utf-8")
    return folder


if __name__ == "__main__":
    write_province(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else COUNTIES)
