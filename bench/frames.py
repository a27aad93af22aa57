"""Scores over frames: ours against the query that an analyst would write for the same engine, and what a user would pick instead.

Every measurement is a process of its own, so that the peaks of memory do not mix; it is checked that all of them give the
same figures before a ratio is printed. `python -m bench.frames 10000 100000` measures other sizes than the usual ones,
`--repeat 3` everything so many times, in turns, and `--only polars,duckdb` some engines.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import NamedTuple

import polars as pl

from bench.handwritten import COLUMNS, polars_query
from bench.measuring import row
from bench.national import AS_OF, KEYS, OBSERVATIONS, objects, write
from kpi_tracker.assessment import score
from kpi_tracker.model.scorecard import KpiScore

ROOT = Path(__file__).parent.parent
SIZES = (10_000, 100_000, 1_000_000)
LIMIT, LINEAR = 1.5, 1.2
RUNS = 3
CHECKED = 2_000
"""So many KPIs are scored by the object engine too."""
TOLERANCE = 1e-9


class Measured(NamedTuple):
    """What one process found: the least seconds of its runs, and its peak of memory before and after them in MB."""

    seconds: float
    loaded: float
    peak: float


def main() -> None:
    """Print one row a size and engine."""
    options = argparse.ArgumentParser("bench.frames")
    options.add_argument("sizes", nargs="*", type=int)
    options.add_argument("--repeat", type=int, default=1)
    options.add_argument("--only", default="polars,polars-in-memory,duckdb")
    chosen = options.parse_args()
    sizes, engines = chosen.sizes or list(SIZES), chosen.only.split(",")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        check_against_objects(folder)
        print(f"the hand-written queries give the figures of the object engine ({CHECKED:,} KPIs)\n")
        row("engine", "KPIs", "rows", "hand-written, s", "ours, s", "ratio", f"at most {LIMIT}", "ours, µs a KPI",
            f"growth within {LINEAR}", "input, MB", "peak of hand-written, MB", "peak of ours, MB")  # fmt: skip
        row("---", "---:", "---:", "---:", "---:", "---:", "---", "---:", "---:", "---:", "---:", "---:")
        first: dict[str, tuple[int, float]] = {}
        for kpis in sizes:
            write(kpis, folder)
            for engine in engines:
                compared(folder, engine, kpis, chosen.repeat, first)


def compared(folder: Path, engine: str, kpis: int, repeat: int, first: dict[str, tuple[int, float]]) -> None:
    """Measure ours and the hand-written query in turns, and print their row; `first` keeps the smallest size of an engine."""
    rounds = [(alone(folder, engine, "hand", kpis), alone(folder, engine, "ours", kpis)) for _ in range(repeat)]
    wrong = differences(folder, engine)
    if wrong:
        raise SystemExit(f"{engine}: the figures differ in {', '.join(wrong)}")
    hands, ours = zip(*rounds, strict=True)
    hand, our = (min(one.seconds for one in all_of) for all_of in (hands, ours))
    ratios = sorted(o.seconds / h.seconds for h, o in rounds)
    ratio = median(ratios)
    spread = f" ({ratios[0]:.2f}-{ratios[-1]:.2f})" if repeat > 1 else ""
    size, least = first.setdefault(engine, (kpis, our))
    growth = (our / kpis) / (least / size)
    at = "" if size == kpis else f"{growth:.2f}{'' if growth <= LINEAR else ' NO'}"
    row(engine, f"{kpis:,}", f"{kpis * OBSERVATIONS:,}", f"{hand:.3f}", f"{our:.3f}", f"{ratio:.2f}{spread}",
        "yes" if ratio <= LIMIT else "NO", f"{our / kpis * 1e6:.2f}", at, f"{min(o.loaded for o in ours):,.0f}",
        f"{min(h.peak for h in hands):,.0f}", f"{min(o.peak for o in ours):,.0f}")  # fmt: skip


def alone(folder: Path, engine: str, who: str, kpis: int) -> Measured:
    """Return what a process of its own measures."""
    runs = 2 if kpis > 500_000 else RUNS if kpis > 50_000 else 3 * RUNS
    command = [sys.executable, "-m", "bench.frames_child", engine, who, str(folder), str(runs)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([*filter(None, sys.path), str(ROOT)])}
    done = subprocess.run(command, env=environment, cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{engine}, {who}: {done.stderr}")
    return Measured(*json.loads(done.stdout))


def check_against_objects(folder: Path) -> None:
    """Make sure that what ours is held against is right: the figures of the hand-written query are those of the object engine."""
    write(CHECKED, folder)
    targets, rows = (pl.read_parquet(folder / f"{name}.parquet") for name in ("targets", "observations"))
    plan, observations = objects(targets, rows)
    card = score(plan, observations, AS_OF)
    scored = pl.DataFrame(
        [figures(kpi) for kpi in card.kpis], [*KEYS, *COLUMNS], orient="row", infer_schema_length=None
    )
    wrong = different(scored, polars_query(targets.lazy(), rows.lazy()).collect())
    if wrong:
        raise SystemExit(f"the hand-written query differs from the object engine in {', '.join(wrong)}")


def figures(kpi: KpiScore) -> tuple[object, ...]:
    """Return the keys and the columns of one score of the object engine."""
    county, _, own = kpi.id[1:].partition("-")
    value = kpi.kpi.scale.index(kpi.value) + 1.0 if isinstance(kpi.value, str) else kpi.value
    one, other = (*kpi.comparisons, None, None)[:2]
    reference = one.reference if one and not isinstance(one.reference, str) else None
    return (
        county, own, kpi.status.value, kpi.severity, kpi.underlying.value if kpi.underlying else None, value, kpi.data_date,
        kpi.attainment, kpi.expected, kpi.pace, kpi.lag, kpi.days_behind, kpi.gap, kpi.met, kpi.ended, kpi.overdue,
        one.kind if one else None, reference, one.change if one else None, one.relative if one else None,
        other.change if other else None, other.relative if other else None,
    )  # fmt: skip


def different(one: pl.DataFrame, other: pl.DataFrame) -> list[str]:
    """Return the columns in which two tables of scores differ, by more than noise where they are numbers."""
    if len(one) != len(other):
        return [f"the number of rows: {len(one):,} and {len(other):,}"]
    both = one.select(*KEYS, *COLUMNS).join(other.select(*KEYS, *COLUMNS), on=KEYS, suffix="_other", validate="1:1")
    if len(both) != len(one):
        return list(KEYS)
    wrong = []
    for name in COLUMNS:
        a, b = both[name], both[f"{name}_other"]
        same = (a == b) | (a.is_null() & b.is_null())
        if a.dtype.is_float():
            same = same.fill_null(value=False) | ((a - b).abs() <= TOLERANCE * (1 + a.abs()))
        if not same.fill_null(value=False).all():
            wrong.append(name)
    return wrong


def differences(folder: Path, engine: str) -> list[str]:
    """Return the columns in which our figures of an engine differ from those that its hand-written query gave."""
    return different(*(pl.read_parquet(folder / f"{engine}-{who}.parquet") for who in ("hand", "ours")))


if __name__ == "__main__":
    main()
