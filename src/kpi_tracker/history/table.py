"""History as one table for other programs: a row for each item of each run."""

import csv
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from kpi_tracker.diagnostics.refusal import refusal
from kpi_tracker.history.problem import HistoryError
from kpi_tracker.history.run import Run
from kpi_tracker.history.store import History
from kpi_tracker.language import N_
from kpi_tracker.model.scorecard import GoalScore, KpiScore, Scorecard

__all__ = ["COLUMNS", "FORMATS", "export", "rows"]

FORMATS = ("csv", "parquet")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would take for a formula."""

Item = KpiScore | GoalScore
Cell = str | float | int | date | bool | None


def _defined(scorecard: Scorecard, item: Item) -> Any:
    return item.kpi if isinstance(item, KpiScore) else item.goal or scorecard.plan


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None


def _word(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _target(item: Item) -> object:
    return item.kpi.target.value if isinstance(item, KpiScore) and item.kpi.target else None


# What each column holds, and its type: the same for every row, whatever the first of them hold.
COLUMNS: dict[str, tuple[type, Callable[[Run, Scorecard, Item], Cell]]] = {
    "plan": (str, lambda run, _, __: run.plan),
    "run": (int, lambda run, _, __: run.id),
    "as_of": (date, lambda run, _, __: run.as_of),
    "turn": (int, lambda run, _, __: run.turn),
    "made_at": (str, lambda run, _, __: run.made_at.isoformat()),
    "path": (str, lambda _, __, item: item.path),
    "kind": (str, lambda _, __, item: "kpi" if isinstance(item, KpiScore) else "goal" if item.path else "plan"),
    "title_zh": (str, lambda _, card, item: _defined(card, item).title.zh),
    "title_en": (str, lambda _, card, item: _defined(card, item).title.en),
    "owner_zh": (str, lambda _, card, item: getattr(_defined(card, item).owner, "zh", None)),
    "owner_en": (str, lambda _, card, item: getattr(_defined(card, item).owner, "en", None)),
    "status": (str, lambda _, __, item: item.status.value),
    "value": (float, lambda _, __, item: _number(getattr(item, "value", None))),
    "grade": (str, lambda _, __, item: _word(getattr(item, "value", None))),
    "target": (float, lambda _, __, item: _number(_target(item))),
    "target_grade": (str, lambda _, __, item: _word(_target(item))),
    "data_date": (date, lambda _, __, item: getattr(item, "data_date", None)),
    "attainment": (float, lambda _, __, item: item.attainment),
    "expected": (float, lambda _, __, item: item.expected),
    "pace": (float, lambda _, __, item: item.pace),
    "lag": (float, lambda _, __, item: item.lag),
    "days_behind": (int, lambda _, __, item: getattr(item, "days_behind", None)),
    "coverage": (float, lambda _, __, item: getattr(item, "coverage", None)),
    "severity": (int, lambda _, __, item: item.severity),
    "plan_revision": (str, lambda run, _, __: run.plan_revision),
    "data_revision": (str, lambda run, _, __: run.data_revision),
    "commit": (str, lambda run, _, __: run.commit),
    "dirty": (bool, lambda run, _, __: run.dirty),
    "version": (str, lambda run, _, __: run.version),
}


def rows(history: History, plan_id: str, since: date = date.min) -> Iterator[dict[str, Cell]]:
    """Yield a row for each item of each run from a day on, those too that a later run of the day has replaced."""
    for run in history.runs(plan_id, since):
        scorecard = history.scorecard(run)
        for score in scorecard.walk():
            found = {name: (kind, cell(run, scorecard, score)) for name, (kind, cell) in COLUMNS.items()}
            yield {name: float(v) if kind is float and v is not None else v for name, (kind, v) in found.items()}  # type: ignore[arg-type]


def export(table: Iterable[Mapping[str, Cell]], file: str, form: str) -> int:
    """Write a table to `file` as `csv` or `parquet`, whole or not at all, and return the number of its rows.

    Raises:
        HistoryError: the file could not be written, or Parquet needs what is not installed.
    """
    write = {"csv": _write_csv, "parquet": _write_parquet}[form]
    unfinished = f"{file}.writing"
    try:
        try:
            count = write(table, unfinished)
            os.replace(unfinished, file)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(unfinished)
    except OSError as error:
        raise HistoryError(
            N_("{file} could not be written: {reason}"), file=file, reason=refusal(error, writing=True)
        ) from error
    return count


def _write_csv(table: Iterable[Mapping[str, Cell]], file: str) -> int:
    count = 0
    with open(file, "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in table:
            writer.writerow([_harmless(cell) for cell in row.values()])
            count += 1
    return count


def _harmless(cell: Cell) -> Cell:
    """Return a cell so that a spreadsheet runs nothing of what a plan says."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _write_parquet(table: Iterable[Mapping[str, Cell]], file: str) -> int:
    try:
        import polars
    except ImportError:
        raise HistoryError(
            N_("{format} needs what is not installed: pip install 'kpi-tracker[{extra}]'"),
            format="Parquet", extra="parquet",
        ) from None  # fmt: skip
    types = {str: polars.String, int: polars.Int64, float: polars.Float64, date: polars.Date, bool: polars.Boolean}
    columns: dict[str, list[Cell]] = {name: [] for name in COLUMNS}
    for row in table:
        for name, cell in row.items():
            columns[name].append(cell)
    frame = polars.DataFrame(columns, schema={name: types[kind] for name, (kind, _) in COLUMNS.items()})
    frame.write_parquet(file)
    return frame.height
