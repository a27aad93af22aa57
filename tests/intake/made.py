"""A plan with one KPI of each kind, its figures up to September 2021, and files as people send them."""

import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter import Workbook  # type: ignore[import-untyped]

from kpi_tracker.intake.transaction import Done, Terms, import_file
from kpi_tracker.language import language

__all__ = [
    "NOW",
    "PLAN_TEXT",
    "converted",
    "csv_file",
    "ledger",
    "plan_in",
    "refused",
    "taken",
    "taken_values",
    "workbook",
]

NOW = datetime(2021, 11, 5, 1, 30, tzinfo=UTC)
PLAN_TEXT = """\
format: kpi-tracker/v1
id: town
title: {zh: 镇计划, en: Town plan}
period: 2021
time_zone: Asia/Shanghai
owner: {zh: 办公室, en: Office}
goals:
  - id: g
    title: G
    owner: {zh: 执法队, en: Brigade}
    kpis:
      - {id: cases, title: {zh: 办结案件, en: Cases closed}, measure: total, unit: 件, direction: increase,
         baseline: 1100, target: {value: 1200, basis: stated}}
      - {id: sales, title: {zh: 销售额, en: Sales}, measure: total, aggregate: newest, unit: 万元, direction: increase,
         target: {value: 9000, basis: stated}}
      - {id: share, title: {zh: 合格率, en: Pass rate}, measure: level, unit: "%", direction: increase,
         target: {value: 90, basis: stated}}
      - {id: accidents, title: {zh: 事故, en: Accidents}, measure: limit, aggregate: sum, unit: 起,
         target: {at_most: 2, basis: stated}}
kpis:
  - {id: grade, title: {zh: 考核等次, en: Grade}, measure: grade, scale: [A, B, C], target: {value: A, basis: stated},
     cadence: irregular, notes: {zh: 年底, en: At the end}}
  - {id: road, title: {zh: 道路, en: Road}, measure: milestone, cadence: quarterly, owner: {zh: 建设科, en: Works},
     steps: [{id: draft, title: {zh: 草案, en: Draft}, due: 2021-03-31}, {id: build, title: {zh: 施工, en: Building}, due: 2021-12-31}]}
  - {id: north, title: {zh: 抽检, en: Checks}, measure: total, unit: 批, direction: increase, target: {value: 9, basis: stated}}
  - {id: south, title: {zh: 抽检, en: Checks}, measure: total, unit: 批, direction: increase, target: {value: 9, basis: stated}}
"""
ROWS = """\
kpi,date,value,recorded_at,basis
cases,2020-10-31,95,2020-11-03,reported
cases,2021-07-31,101,2021-08-03,reported
cases,2021-08-31,98,2021-09-03,illustrative
cases,2021-09-30,103,2021-10-03,reported
sales,2021-07-31,4000,2021-08-03,reported
sales,2021-08-31,4600,2021-09-03,reported
sales,2021-09-30,5100,2021-10-03,reported
share,2021-07-31,81.5,2021-08-03,reported
share,2021-08-31,82,2021-09-03,reported
share,2021-09-30,82.5,2021-10-03,provisional
"""
LEDGER = "observations/ledger.csv"


def plan_in(folder: Path, rows: str = ROWS, text: str = PLAN_TEXT) -> Path:
    """Write the plan with its figures below `folder` and return where it stands."""
    plan = folder / "plan"
    (plan / "observations").mkdir(parents=True)
    (plan / "plan.yaml").write_text(text, encoding="utf-8")
    (plan / "observations" / "2021.csv").write_text(rows, encoding="utf-8")
    return plan


def workbook(path: Path, *sheets: tuple[str, Sequence[Sequence[Any]]], **settings: Any) -> Path:
    """Write a workbook: text as text, numbers as numbers, days as date cells, `(value, format)` as a formatted number."""
    book = Workbook(path, {"strings_to_formulas": False, "default_date_format": "yyyy-mm-dd", **settings})
    for name, rows in sheets:
        sheet = book.add_worksheet(name)
        for i, row in enumerate(rows):
            for j, value in enumerate(row):
                if isinstance(value, tuple):
                    sheet.write_number(i, j, value[0], book.add_format({"num_format": value[1]}))
                elif isinstance(value, date):
                    sheet.write_datetime(i, j, value)
                elif value is not None:
                    sheet.write(i, j, value)
    book.close()
    return path


def csv_file(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """Write a CSV file."""
    path.write_bytes(text.encode(encoding))
    return path


def converted(kind: str, *paths: Path) -> list[Path]:
    """Return files as LibreOffice saves them in another format."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    out = paths[0].parent / kind
    profile = f"-env:UserInstallation={(out.parent / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(out), *map(str, paths)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return [out / f"{path.stem}.{kind}" for path in paths]


def taken(plan: Path, file: Path, now: datetime = NOW, on: date | None = None, **terms: Any) -> Done:
    """Import a file."""
    return import_file(str(file), str(plan), now, Terms(**terms), on)


def taken_values(done: Done) -> dict[tuple[str, str], Any]:
    """Return the values of the draft by KPI and day."""
    return {(entry.claim.kpi.id, str(entry.claim.date)): entry.claim.value for entry in done.draft.entries}


def refused(done: Done) -> list[tuple[str, str]]:
    """Return the cells that were refused, with the reasons."""
    return [(str(one.cell or ""), language("en").phrase(one.phrase)) for one in done.draft.refused]


def ledger(plan: Path) -> list[str]:
    """Return the rows of the ledger, without its heading."""
    file = plan / LEDGER
    return file.read_text("utf-8").splitlines()[1:] if file.exists() else []
