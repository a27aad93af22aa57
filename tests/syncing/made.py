"""A plan with sources, a database as another system keeps it, and what a sync makes of them."""

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from kpi_tracker.intake.shown import shown_import
from kpi_tracker.intake.sync import sync
from kpi_tracker.intake.transaction import Done, Terms
from kpi_tracker.language import language

__all__ = [
    "CASES",
    "COLUMNS",
    "HEAD",
    "KPIS",
    "LEDGER",
    "NOW",
    "ROWS",
    "database",
    "ledger",
    "plan_in",
    "refused",
    "said",
    "synced",
    "values",
]

NOW = datetime(2021, 11, 5, 1, 30, tzinfo=UTC)
LEDGER = "observations/ledger.csv"
KPIS = """\
goals:
  - id: g
    title: G
    kpis:
      - {id: all, title: {zh: 全部案件, en: All cases}, measure: total, unit: 件, direction: increase, baseline: 100,
         target: {value: 1000, basis: stated}}
      - {id: major, title: Major, measure: total, unit: 件, direction: increase, target: {value: 100, basis: stated}}
      - {id: money, title: Money, measure: total, aggregate: newest, unit: 万元, direction: increase,
         target: {value: 9000, basis: stated}}
kpis:
  - {id: share, title: Share, measure: level, unit: "%", direction: increase, target: {value: 90, basis: stated}}
  - {id: depth, title: Depth, measure: level, cadence: daily, direction: increase, target: {value: 9, basis: stated}}
  - {id: quarter, title: Quarter, measure: level, cadence: quarterly, direction: increase, target: {value: 9, basis: stated}}
  - {id: seldom, title: Seldom, measure: level, cadence: irregular, direction: increase, target: {value: 9, basis: stated}}
  - {id: grade, title: Grade, measure: grade, scale: [A, B], target: {value: A, basis: stated}}
  - {id: road, title: Road, measure: milestone, steps: [{id: draft, title: Draft, due: 2021-03-31}]}
  - {id: ratio, title: Ratio, measure: rate, direction: increase, target: {value: 9, basis: stated}, formula: major / all}
"""
HEAD = """\
format: kpi-tracker/v1
id: town
title: Town
period: 2021
time_zone: Asia/Shanghai
observations: [observations/ledger.csv]
"""
COLUMNS = "{kpi: indicator, period: month, value: figure, note: remark}"
CASES = f"""\
sources:
  - id: cases
    kind: sql
    url: {{env: CASE_DB_URL}}
    select: SELECT indicator, month, figure, remark FROM report ORDER BY n
    columns: {COLUMNS}
    kpis: {{A01: g/all, A02: major, M: money}}
"""
ROWS = (("A01", "2021-09", 103, "first"), ("A02", "2021-09", 12, None), ("M", "2021-09", 5100.5, None))


def plan_in(folder: Path, sources: str = CASES, kpis: str = KPIS) -> Path:
    """Write the plan into `folder` and return its path."""
    plan = folder / "plan"
    plan.mkdir(exist_ok=True)
    (plan / "plan.yaml").write_text(HEAD + sources + kpis, encoding="utf-8")
    return plan


def database(file: Path, rows: Iterable[tuple[Any, ...]] = ROWS) -> dict[str, str]:
    """Write the table `report` of a SQLite file anew; return the environment that names it."""
    file.unlink(missing_ok=True)
    connection = sqlite3.connect(file)
    with connection:
        connection.execute("CREATE TABLE report (n INTEGER PRIMARY KEY, indicator, month, figure, remark)")
        connection.executemany("INSERT INTO report (indicator, month, figure, remark) VALUES (?, ?, ?, ?)", rows)
    connection.close()
    return {"CASE_DB_URL": f"sqlite:///{file}"}


def synced(
    plan: Path, environ: Mapping[str, str], now: datetime = NOW, only: tuple[str, ...] = (), as_of: date | None = None,
    **terms: Any,
) -> Done:  # fmt: skip
    """Run a sync."""
    return sync(str(plan), now, environ, Terms(**terms), only, as_of)


def refused(done: Done) -> list[tuple[str, str]]:
    """Return what was refused, with the reasons."""
    return [(str(one.cell or ""), language("en").phrase(one.phrase)) for one in done.draft.refused]


def said(done: Done, lang: str = "en", **terms: Any) -> str:
    """Return what a sync tells."""
    return "\n".join(shown_import(done, Terms(**terms), language(lang)))


def values(done: Done) -> dict[tuple[str, str], Any]:
    """Return the values of the draft by KPI and day."""
    return {(entry.claim.kpi.id, str(entry.claim.date)): entry.claim.value for entry in done.draft.entries}


def ledger(plan: Path) -> list[str]:
    """Return the rows of the ledger, without its heading."""
    file = plan / LEDGER
    return file.read_text("utf-8").splitlines()[1:] if file.exists() else []
