"""Loading generated plans, as a ratio to PyYAML's own event parse of the same file (libyaml's parser, events dropped)."""

import sys
import tempfile
from functools import partial
from pathlib import Path

import yaml

from bench.measuring import least_in_turns, row
from bench.plans import plan_text
from kpi_tracker.loading.plan import read_plan

LIMIT = 1.75


def main() -> None:
    """Print one row a size."""
    sizes = [int(size) for size in sys.argv[1:]] or [1_000, 20_000, 100_000]
    row("KPIs", "MB", "event parse, µs a KPI", "loading, µs a KPI", "ratio", f"at most {LIMIT}")
    row("---:", "---:", "---:", "---:", "---:", "---")
    with tempfile.TemporaryDirectory() as folder:
        for kpis in sizes:
            path = Path(folder) / "plan.yaml"
            path.write_text(plan_text(kpis), encoding="utf-8")
            runs = 11 if kpis <= 20_000 else 5
            floor, ours = least_in_turns(partial(events, path), partial(loaded, path), runs=runs)
            size = path.stat().st_size / 1e6
            row(f"{kpis:,}", f"{size:.1f}", f"{floor / kpis * 1e6:.1f}", f"{ours / kpis * 1e6:.1f}",
                f"{ours / floor:.2f}", "yes" if ours <= LIMIT * floor else "NO")  # fmt: skip


def events(path: Path) -> None:
    """Parse the file into events, as PyYAML offers it, and drop them."""
    for _ in yaml.parse(path.read_bytes().decode(), Loader=yaml.CSafeLoader):
        pass


def loaded(path: Path) -> object:
    """Load the plan, and make sure that nothing was wrong with it."""
    reading = read_plan(path)
    if reading.diagnostics or reading.plan is None:
        raise SystemExit(reading.diagnostics[0].render())
    return reading


if __name__ == "__main__":
    main()
