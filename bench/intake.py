"""Importing a large workbook, as a ratio to calamine's bare read of the same file into Python values."""

import tempfile
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook  # type: ignore[import-untyped]

from bench.measuring import least_seconds, row
from kpi_tracker.intake.book import read_book
from kpi_tracker.intake.plaintable import read_plain
from kpi_tracker.intake.transaction import Terms, import_file
from kpi_tracker.loading.plan import read_plan

ROWS = 50_000
KPIS = 200
NOW = datetime(2022, 2, 1, tzinfo=UTC)


def main() -> None:
    """Print one row a step: reading cells, reading figures, the whole import as a trial and for real."""
    with tempfile.TemporaryDirectory() as folder:
        plan, book = Path(folder) / "plan", Path(folder) / "book.xlsx"
        _write_plan(plan)
        _write_book(book)
        model = read_plan(str(plan)).plan
        if model is None:
            raise SystemExit("the plan cannot be read")
        floor = least_seconds(partial(bare, book), 3)
        trial = Terms(accept=("all",), dry_run=True)
        steps = {
            "calamine alone": floor,
            "cells, percentages and formulas": least_seconds(partial(read_book, str(book)), 3),
            "figures of KPIs": least_seconds(lambda: read_plain(read_book(str(book)), model, None), 3),
            "trial (`--dry-run`)": least_seconds(lambda: import_file(str(book), str(plan), NOW, trial), 2),
        }
        row("step", "seconds", "× calamine alone")
        row("---", "---:", "---:")
        for name, seconds in steps.items():
            row(name, f"{seconds:.2f}", f"{seconds / floor:.1f}")


def bare(path: Path) -> int:
    """Read every sheet into Python values."""
    book = CalamineWorkbook.from_path(path)
    return sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)


def _write_plan(folder: Path) -> None:
    (folder / "observations").mkdir(parents=True)
    kpis = "".join(
        f"  - {{id: k{n}, title: KPI {n}, measure: level, cadence: daily, direction: increase, target: {{value: 9, basis: stated}}}}\n"
        for n in range(KPIS)
    )
    head = "format: kpi-tracker/v1\nid: p\ntitle: P\nperiod: 2021\ntime_zone: UTC\nkpis:\n"
    (folder / "plan.yaml").write_text(head + kpis, encoding="utf-8")


def _write_book(path: Path) -> None:
    book = Workbook(path, {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("data")
    sheet.write_row(0, 0, ["指标", "日期", "数值", "备注"])
    for i in range(ROWS):
        day = date(2021, 1, 1) + timedelta(days=i // KPIS)
        sheet.write_row(i + 1, 0, [f"k{i % KPIS}", day.isoformat(), 100 + i % 97 / 7, "note"])
    book.close()


if __name__ == "__main__":
    main()
