"""A small plan in memory's reach, and CSV files of bytes read for it."""

from pathlib import Path
from typing import NamedTuple

from kpi_tracker import ObservationReading, Plan, load_plan, read_observations

__all__ = ["PLAN_TEXT", "Found", "faults", "plan_in", "read"]

PLAN_TEXT = """\
format: kpi-tracker/v1
id: p
title: P
period: 2021
time_zone: Asia/Shanghai
baseline_year: 2019
goals:
  - id: g
    title: G
    kpis:
      - {id: cases, title: Cases, measure: total, unit: 件, direction: increase, target: {value: 10, basis: stated}}
      - {id: money, title: Money, measure: total, unit: 万元, direction: increase, target: {value: 9, basis: stated}}
      - {id: time, title: Time, measure: level, unit: 秒, direction: decrease, target: {value: 9, basis: stated}}
      - {id: mark, title: Mark, measure: grade, scale: [A, B, C], target: {value: A, basis: stated}}
      - id: road
        title: Road
        measure: milestone
        steps: [{id: draft, title: Draft, due: 2021-03-31}, {id: approve, title: Approve, due: 2021-06-30}]
"""


class Found(NamedTuple):
    """A fault as a test compares it."""

    code: str
    line: int
    column: int
    path: str


def plan_in(folder: Path) -> Plan:
    """Write the plan into `folder` and load it."""
    (folder / "plan.yaml").write_text(PLAN_TEXT, encoding="utf-8")
    return load_plan(folder)


def read(folder: Path, content: str | bytes, name: str = "rows.csv") -> ObservationReading:
    """Write a CSV file into `folder` and read it for the plan."""
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_observations(plan_in(folder), [file])


def faults(reading: ObservationReading) -> list[Found]:
    """Return the faults of a reading in their order."""
    return [Found(fault.code, fault.place.line, fault.place.column, fault.path) for fault in reading.diagnostics]
