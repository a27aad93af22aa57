"""What the tests of loading share: plans written into a folder, and what was found in them in few words."""

from pathlib import Path

from kpi_tracker.loading.plan import PlanReading, read_plan
from kpi_tracker.model.goal import Goal, Plan

PLANS = Path(__file__).parents[1] / "plans"
SHIPPED = Path(__file__).parents[2] / "goals" / "pinghu-2021"
HEAD = """\
format: kpi-tracker/v1
id: p
title: A plan
period: 2021
time_zone: Asia/Shanghai
"""
SOUND = "  - {id: sound, title: 量, measure: total, baseline: 10, target: {value: 20, basis: stated}}\n"
WHOLE = HEAD + "kpis:\n" + SOUND


def read(folder: Path, text: str | bytes = WHOLE, **more: str) -> PlanReading:
    """Read the plan `text` with further files (`area__a` is `area/a.yaml`) from `folder`."""
    for name, content in more.items():
        file = folder / (name.replace("__", "/") + ".yaml")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    (folder / "plan.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_plan(folder)


def codes(reading: PlanReading) -> list[str]:
    """Return the codes of the faults, in their order."""
    return [fault.code for fault in reading.diagnostics]


def places(reading: PlanReading) -> list[tuple[str, int, int]]:
    """Return the code, line and column of every fault."""
    return [(fault.code, fault.place.line, fault.place.column) for fault in reading.diagnostics]


def plan_of(reading: PlanReading) -> Plan:
    """Return the plan of a reading that has one."""
    assert reading.plan is not None
    return reading.plan


def paths(plan: Plan) -> list[str]:
    """Return the path of every goal and KPI."""
    return [path for path, _ in plan.walk()]


def broken(plan: Plan) -> list[str]:
    """Return the path of every KPI that could not be read."""
    holders: list[tuple[str, Plan | Goal]] = [("", plan)]
    holders += [(f"{path}/", item) for path, item in plan.walk() if isinstance(item, Goal)]
    return [above + item.id for above, holder in holders for item in holder.broken]
