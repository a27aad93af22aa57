"""Observations of which some can be scored and some cannot, for one reason each."""

from datetime import date, datetime
from typing import Any

import polars as pl

TARGETS = pl.DataFrame([
    {"kpi": "a", "measure": "total", "direction": "increase", "target": 9.0, "scale": None, "steps": None},
    {"kpi": "g", "measure": "grade", "target": 1.0, "scale": "A; B; C"},
    {"kpi": "m", "measure": "milestone", "steps": "design 2021-03-31 1; permit 2021-06-30 2"},
])  # fmt: skip
_KINDS: dict[str, Any] = {"kpi": pl.String, "date": pl.Date, "value": pl.Float64, "text": pl.String,
                          "recorded_at": pl.Datetime("us")}  # fmt: skip
_END = date(2021, 1, 31)
_NUMBER = ("a", _END, 1.0, None, None)
GOOD = pl.DataFrame([
    _NUMBER, ("a", date(2020, 12, 31), 1.0, None, None), ("g", date(2021, 1, 10), 2.0, None, None),
    ("g", _END, None, "B", None), ("m", _END, None, "design", None),
], schema=_KINDS, orient="row")  # fmt: skip
BAD = pl.DataFrame([
    ("a", None, 1.0, None, None), ("a", _END, None, None, None),
    ("b", _END, 1.0, None, None), (None, _END, 1.0, None, None),
    ("a", _END, None, "many", None), ("m", _END, 1.0, None, None), ("g", _END, 4.0, None, None), ("g", _END, 1.5, None, None),
    ("g", _END, None, "D", None), ("m", _END, None, "permitt", None),
    ("g", _END, None, "B", datetime(2021, 2, 1)), ("g", _END, None, "A", datetime(2021, 2, 1)),
], schema=_KINDS, orient="row")  # fmt: skip
CODES = ["KT366"] * 2 + ["KT369"] + ["KT366"] * 3 + ["KT357", "KT356"]


def rows(frame: Any) -> list[tuple[Any, ...]]:
    """Return what is in a table of Polars or pandas, in an order of its own."""
    table = pl.DataFrame(frame).select("kpi", pl.col("date").cast(pl.Date), "value", "text")
    return sorted(table.rows(), key=str)
