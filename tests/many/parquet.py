"""Small Parquet files with observations of many groups."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

__all__ = ["DAY", "observed", "spoil", "write"]

DAY = date(2021, 6, 30)


def observed(**columns: Any) -> pl.DataFrame:
    """Return two rows of observations, with other columns where they are given; None takes one away."""
    held = {"county": ["a", "b"], "kpi": ["new-entities"] * 2, "date": [DAY] * 2, "value": [1.0, 2.0], **columns}
    return pl.DataFrame({name: values for name, values in held.items() if values is not None})


def write(path: Path, **columns: Any) -> str:
    """Write them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:  # a path may look like a pattern
        observed(**columns).write_parquet(file)
    return str(path)


def spoil(path: Path) -> None:
    """Overwrite the first bytes of what it holds, and leave the end, by which a Parquet file is known."""
    data = bytearray(path.read_bytes())
    data[8:60] = b"\xff" * 52
    path.write_bytes(data)
