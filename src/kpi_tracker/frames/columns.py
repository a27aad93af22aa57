"""The columns of the frames: what goes in, by name and kind, and what comes out."""

from collections.abc import Mapping
from typing import Any

import narwhals.stable.v2 as nw

__all__ = [
    "CARRIED", "DEFAULT_KEYS", "OBSERVATIONS", "OURS", "SCORES", "TARGETS", "as_written", "complete", "day_in", "kind_in",
    "plainly", "read", "readable", "recorded_in", "zoned",
]  # fmt: skip

TEXT, FLOAT, INT, DAY, TRUTH = nw.String(), nw.Float64(), nw.Int64(), nw.Date(), nw.Boolean()
TIME = nw.Datetime("us")

TARGETS: dict[str, nw.dtypes.DType] = {
    "measure": TEXT,
    "direction": TEXT,
    "target": FLOAT,
    "form": TEXT,
    "tolerance": FLOAT,
    "baseline": FLOAT,
    "baseline_year": INT,
    "abnormal_year": INT,
    "abnormal_value": FLOAT,
    "aggregate": TEXT,
    "profile": TEXT,
    "points": TEXT,
    "start": DAY,
    "due": DAY,
    "cadence": TEXT,
    "grace": INT,
    "scale": TEXT,
    "steps": TEXT,
    "thresholds": TEXT,
    "weight": FLOAT,
    "veto": TRUTH,
    "binding": TRUTH,
    "exempt": DAY,
    "goal": TEXT,
}
"""The columns of targets beside the keys; of those that are left out every value is null."""

OBSERVATIONS: dict[str, nw.dtypes.DType] = {
    "date": DAY,
    "value": FLOAT,
    "text": TEXT,
    "recorded_at": TIME,
}
"""The columns of observations beside the keys; `text` and `recorded_at` may be left out."""

SCORES: dict[str, nw.dtypes.DType] = {
    "status": TEXT,
    "severity": INT,
    "underlying": TEXT,
    "value": FLOAT,
    "data_date": DAY,
    "attainment": FLOAT,
    "expected": FLOAT,
    "pace": FLOAT,
    "lag": FLOAT,
    "days_behind": INT,
    "gap": FLOAT,
    "met": TRUTH,
    "ended": TRUTH,
    "overdue": TRUTH,
    "comparison": TEXT,
    "reference": FLOAT,
    "change": FLOAT,
    "relative": FLOAT,
    "change_abnormal": FLOAT,
    "relative_abnormal": FLOAT,
    "growth": FLOAT,
    "growth_required": FLOAT,
    "growth_ratio": FLOAT,
}
"""What scoring adds, in this order."""

OURS = "kpi_tracker "
"""How the names of columns begin that are put beside a user's own for a while; no frame that is given may have such."""
END_OF_DAY = "86399999999us"

DEFAULT_KEYS = ("kpi",)
"""What tells one KPI from another, in the frames of one plan."""

CARRIED = ("goal", "weight", "veto", "binding", "baseline", "target")
"""The columns of targets that scores have too; so have they every column that scoring does not know."""

DEFAULTS: dict[str, float | bool | str] = {"weight": 1.0, "veto": False, "binding": False, "goal": ""}


def readable(found: nw.dtypes.DType, wanted: nw.dtypes.DType) -> bool:
    """Tell whether a column of one kind can be read as another without a guess; one that is all null is of no kind."""
    if found == wanted or found == nw.Unknown():
        return True
    if wanted in (nw.Float64(), nw.Int64()):
        return found.is_numeric()
    if wanted == nw.String():
        return found in (nw.Categorical(), nw.Enum) or isinstance(found, nw.Enum)
    return wanted != nw.Boolean() and isinstance(found, nw.Date | nw.Datetime) and not zoned(found)


def zoned(kind: nw.dtypes.DType) -> bool:
    """Tell whether times have a zone: which day of the plan they are in is not known then."""
    return isinstance(kind, nw.Datetime) and kind.time_zone is not None


def complete(frame: "nw.LazyFrame[Any]", columns: dict[str, nw.dtypes.DType]) -> "nw.LazyFrame[Any]":
    """Return a frame with all of `columns`, each of its kind; what it has beside them stays."""
    rows, words = plainly(frame)
    found: nw.LazyFrame[Any] = nw.from_native(rows.with_columns(*read(frame.collect_schema(), columns, words).values()))
    return found


def plainly(frame: "nw.LazyFrame[Any]") -> tuple[Any, Any]:
    """Return a frame and the library in whose words it is asked: Polars in its own.

    Those of narwhals are the same, but to ask Polars through it takes twenty times as long, a quarter of a whole query.
    """
    if frame.implementation is not nw.Implementation.POLARS:
        return frame, nw
    import polars as pl

    return frame.to_native(), pl


def kind_in(words: Any, kind: nw.dtypes.DType) -> Any:
    """Return a kind of column as a library calls it."""
    return kind if words is nw else getattr(words, type(kind).__name__)


def read(there: Mapping[str, Any], columns: dict[str, nw.dtypes.DType], words: Any) -> dict[str, Any]:
    """Return by name how each of `columns` is read from a frame that has the columns `there`, and need not have it."""
    made = {}
    for name, kind in columns.items():
        if name not in there:
            default = DEFAULTS.get(name)
            made[name] = words.lit(default).cast(kind_in(words, kind)).alias(name)
            continue
        column = words.col(name)
        if there[name] != kind:
            column = as_written(column, there[name], words).cast(kind_in(words, kind))
            if there[name] == DAY and kind == TIME:  # a day as a time means its end
                column = column.dt.offset_by(END_OF_DAY)
        if kind == FLOAT and there[name].is_float():
            column = words.when(column.is_finite()).then(column)  # what pandas calls missing is NaN
        if name in DEFAULTS:
            column = column.fill_null(DEFAULTS[name])
        made[name] = column.alias(name)
    return made


DIGITS = 7
"""So many digits does a number of 32 bits have for certain."""


def as_written(column: Any, found: nw.dtypes.DType, words: Any) -> Any:
    """Return a number of 32 bits as the decimal of DIGITS digits that it stands for: 0.1 of them is 0.100000001 of 64.

    Where there is no such decimal, the number is what it is; so are all other numbers.
    """
    if found != nw.Float32():
        return column
    exact = column.cast(kind_in(words, FLOAT))
    scale = words.lit(None).cast(kind_in(words, FLOAT))
    for size in range(DIGITS, -DIGITS, -1):
        scale = words.when(exact.abs() < 10.0**size).then(words.lit(10.0 ** (DIGITS - size))).otherwise(scale)
    decimal = (exact * scale).round(0) / scale
    same = decimal.cast(kind_in(words, nw.Float32())) == column
    return words.when(same.fill_null(False)).then(decimal).otherwise(exact)


def day_in(there: Mapping[str, Any]) -> nw.Expr:
    """Return the day of an observation in a frame that has the columns `there`, where it may be a time."""
    day: nw.Expr = read(there, {"date": DAY}, nw)["date"]
    return day


def recorded_in(there: Mapping[str, Any], words: Any) -> Any:
    """Return when an observation was recorded: by the end of its day where that is not said."""
    known = read(there, {"date": DAY, "recorded_at": TIME}, words)
    end = known["date"].cast(kind_in(words, TIME)).dt.offset_by(END_OF_DAY)
    return words.coalesce(known["recorded_at"], end)
