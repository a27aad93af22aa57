"""Scoring KPIs with twelve observations each, and a bare loop that does the arithmetic of one measure and no more."""

import sys
from datetime import date
from functools import partial

from bench.measuring import least_in_turns, row
from bench.plans import plan_and_observations
from kpi_tracker.assessment import score
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.observation import Observations

LIMIT = 20.0
RUNS = 9
AS_OF = date(2021, 9, 30)


def main() -> None:
    """Print one row a size."""
    sizes = [int(size) for size in sys.argv[1:]] or [10_000, 100_000]
    row("KPIs", "bare loop, µs a KPI", "score, µs a KPI", "ratio", f"at most {LIMIT:g} µs")
    row("---:", "---:", "---:", "---:", "---")
    for kpis in sizes:
        plan, rows = plan_and_observations(kpis)
        observations = Observations(rows)
        works = partial(bare, plan, observations), partial(score, plan, observations, AS_OF)
        floor, ours = least_in_turns(*works, runs=RUNS)
        each = ours / kpis * 1e6
        row(
            f"{kpis:,}",
            f"{floor / kpis * 1e6:.1f}",
            f"{each:.1f}",
            f"{ours / floor:.1f}",
            "yes" if each <= LIMIT else "NO",
        )


def bare(plan: Plan, observations: Observations) -> list[tuple[float, float, float, float, str]]:
    """Sum what was seen of each KPI and divide: no correction, no calendar, no record of anything."""
    found = []
    for goal in plan.goals:
        for kpi in goal.kpis:
            x = sum((float(row.value) for row in observations[kpi.id].rows if row.date <= AS_OF), 0.0)  # type: ignore[arg-type]
            a = x / float(kpi.target.value)  # type: ignore[union-attr]
            pace, lag = a / 0.75, (0.75 - a) * 100
            status = "ahead" if pace >= 1.1 else "on_track" if pace >= 0.95 or lag <= 3 else "at_risk"
            found.append((x, a, pace, lag, status if pace >= 0.8 or lag <= 3 else "lagging"))
    return found


if __name__ == "__main__":
    main()
