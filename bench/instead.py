"""What a user would pick instead of scoring over frames: a pandas loop over the indicators, and the package kpi-engine.

All are given the same figures of the same counties. The loop does the whole work, and it is checked that its figures are
those of the hand-written query. kpi-engine knows sums, means and last values of a month or a quarter, the same of an
earlier one, and alerts; it knows no target, no course, no corrections and no status. It is asked for what it can do: the
value of the quarter, the change from the last one, and one alert, of figures that were corrected and laid out for it
beforehand. Nothing installs it: where it is not there, a row says so (`pip install "kpi-engine[alerts]"` with this
package's own `frames` into an environment that can be thrown away, and run this there).
"""

import contextlib
import io
import sys
import tempfile
import warnings
from collections.abc import Callable
from functools import partial
from importlib import import_module
from math import ceil, floor
from pathlib import Path
from typing import Any

import polars as pl

from bench.frames import different
from bench.frames_child import ours
from bench.handwritten import COLUMNS, polars_query
from bench.measuring import least_seconds, row
from bench.national import AS_OF, KEYS, objects, write
from kpi_tracker.assessment import score

SIZES = (1_000, 10_000)
FAST = ("our frames, Polars", "hand-written query, Polars", "our object engine")
TOL, NOISE = 1e-9, 1e-12
Row = dict[str, Any]


def main() -> None:
    """Print one row a way and size."""
    row("KPIs", "way", "whole work", "seconds", "µs a KPI", "× our frames on Polars")
    row("---:", "---", "---", "---:", "---:", "---:")
    for kpis in [int(size) for size in sys.argv[1:]] or SIZES:
        with tempfile.TemporaryDirectory() as folder:
            write(kpis, Path(folder))
            targets, rows = (pl.read_parquet(Path(folder) / f"{name}.parquet") for name in ("targets", "observations"))
        plan, observations = objects(targets, rows)
        ways: dict[str, Callable[[], Any] | str] = {
            "our frames, Polars": partial(_ours, targets, rows),
            "hand-written query, Polars": polars_query(targets.lazy(), rows.lazy()).collect,
            "our object engine": partial(score, plan, observations, AS_OF),
            "pandas, a loop over the KPIs": looped(targets, rows),
            "kpi-engine": engine(targets, rows),
        }
        floor = 0.0
        for name, way in ways.items():
            if isinstance(way, str):
                row(f"{kpis:,}", name, way, "", "", "")
                continue
            seconds = least_seconds(way, 3 if kpis <= 1_000 or name in FAST else 1)
            floor = floor or seconds
            row(f"{kpis:,}", name, "no" if name == "kpi-engine" else "yes", f"{seconds:.3f}", f"{seconds / kpis * 1e6:.1f}",
                f"{seconds / floor:.1f}")  # fmt: skip


def _ours(targets: pl.DataFrame, rows: pl.DataFrame) -> Any:
    return ours(targets.lazy(), rows.lazy()).collect()


def looped(targets: pl.DataFrame, rows: pl.DataFrame) -> Callable[[], Any] | str:
    """Return the loop over pandas frames, its figures checked."""
    try:
        pandas = import_module("pandas")
    except ImportError:
        return "pandas is not installed"
    wanted, seen = (pandas.DataFrame(frame.to_dict(as_series=False)) for frame in (targets, rows))
    found = pl.DataFrame(loop(pandas, wanted, seen), [*KEYS, *COLUMNS], orient="row", infer_schema_length=None)
    wrong = different(polars_query(targets.lazy(), rows.lazy()).collect(), found)
    if wrong:
        raise SystemExit(f"the loop differs in {', '.join(wrong)}")
    return partial(loop, pandas, wanted, seen)


def loop(pandas: Any, targets: Any, observations: Any) -> list[tuple[Any, ...]]:
    """Score one KPI after another: its rows picked, corrected and summed with pandas, the rest worked out in Python."""
    day = pandas.to_datetime(observations["date"])
    rows = observations.assign(
        date=day, recorded=observations["recorded_at"].fillna(day + pandas.Timedelta("86399999999us"))
    )
    rows = rows[rows["date"].between("2021-01-01", "2021-09-30")]
    groups = {key: group for key, group in rows.groupby(list(KEYS))}  # noqa: C416 - a user's way to look them up
    found = []
    for target in targets.astype(object).where(targets.notna(), None).to_dict("records"):
        key = (target["county"], target["kpi"])
        group = groups.get(key)
        if group is None:
            found.append((*key, "no_data", 0, *[None] * 10, False, True, *[None] * 6))
            continue
        newest = group.sort_values(["date", "recorded"]).drop_duplicates("date", keep="last")
        found.append((*key, *_figures(target, newest)))
    return found


def _figures(target: Row, newest: Any) -> tuple[Any, ...]:  # noqa: PLR0912, PLR0915 - written as a user writes it
    """Return the columns of one KPI; `newest` has one row a date, ascending."""
    measure, form, down = target["measure"], target["form"], target["direction"] == "decrease"
    t, b = target["target"], target["baseline"]
    day = newest["date"].iloc[-1].date()
    e0 = day.month / 12  # every date is the end of a month
    late = broken = False
    behind: int | None = None
    e = 1.0 if measure in ("rate", "limit") or form == "maintain" else e0
    if measure == "total" or target["aggregate"] == "sum":
        x = float(newest["value"].sum())
    elif measure == "grade":
        x = target["scale"].split("; ").index(newest["text"].iloc[-1]) + 1.0
    elif measure == "milestone":
        done = newest["text"].iloc[-1].split("; ")
        x, e, met, late, behind = _steps(target["steps"], done)
    else:
        x = float(newest["value"].iloc[-1])
    if measure == "total":
        met = not_above(x, t) if down else not_below(x, t)
        a = (e0 if x <= 0 else e0 * e0 * t / x) if down else x / t
    elif form == "maintain":
        slack = target["tolerance"] or 0.0
        met = not_above(x, b + slack) if down else not_below(x, b - slack)
        a = 1.0 if met else 1 - abs(x - b) / abs(b)
    elif measure == "limit":
        course = newest["value"].cumsum() if target["aggregate"] == "sum" else newest["value"]
        met = not_above(course.max(), t) if form == "at_most" else not_below(course.min(), t)
        a, broken = float(met), not met
    elif measure == "grade":
        met = x <= t
        a = 1.0 if met else (b - x) / (b - t) if b > t else 0.0
    elif measure == "milestone":
        a = x
    else:
        met = not_above(x, t) if down else not_below(x, t)
        a = (t / x if x > 0 else None) if down else x / t
        if measure == "level" and b is not None:
            a = (x - b) / (t - b)
    achieved = met and not (form == "maintain" or measure in ("rate", "limit") or (measure == "total" and down))
    pace, lag = (a / e if a is not None and e > 0 else None), (None if a is None else (e - a) * 100)
    if measure != "milestone":
        free = form == "maintain" or measure in ("rate", "limit")
        behind = None if free or a is None else _days_behind(a, e, day)
    band = _band(a, pace, lag, met)
    if measure == "level" and a is not None and a < -TOL:
        band = "regressing"
    elif late and band in ("ahead", "on_track"):
        band = "at_risk"
    overdue = day < AS_OF.replace(month=8, day=21)  # August's figures are due on 10 September
    status = "breached" if broken else "achieved" if achieved else "stale" if overdue else band
    odd = target["abnormal_value"]
    share = e0 if measure == "total" else 1.0
    reference = None if b is None or measure == "grade" else b * share
    return (
        status, int(status in ("breached", "regressing", "lagging")), band if status == "stale" else None, x, day, a, e, pace,
        lag, behind, x - t if measure == "rate" else None, bool(met), False, overdue,
        None if b is None else "pro_rata" if measure == "total" else "plain", *_against(x, reference, whole=True),
        *_against(x, None if odd is None else odd * share, whole=False),
    )  # fmt: skip


def _against(x: float, reference: float | None, whole: bool) -> tuple[float | None, ...]:
    if reference is None:
        return (None,) * (3 if whole else 2)
    found = (x - reference, x / reference - 1 if reference > 0 else None)
    return (reference, *found) if whole else found


def _steps(written: str, done: list[str]) -> tuple[float, float, bool, bool, int]:
    """Return the share done, the share due, whether all are done, whether one is late, and by how many days."""
    from datetime import date

    steps = [
        (name, date.fromisoformat(due), float(weight)) for name, due, weight in map(str.split, written.split("; "))
    ]
    whole = sum(weight for _, _, weight in steps)
    x = sum(weight for name, _, weight in steps if name in done) / whole
    e = sum(weight for _, due, weight in steps if due <= AS_OF) / whole
    open_ = [due for name, due, _ in steps if due < AS_OF and name not in done]
    late = any(due <= AS_OF and name not in done for name, due, _ in steps)
    if open_:
        behind = (AS_OF - min(open_)).days
    else:
        behind = 0 if x <= e + TOL else (AS_OF - max(due for name, due, _ in steps if name in done)).days
    return x, e, all(name in done for name, _, _ in steps), late, behind


def _days_behind(a: float, e: float, day: Any) -> int | None:
    from datetime import date

    if a < 0 or a > 1 + TOL:
        return None
    if abs(e - a) <= TOL:
        return 0
    if a <= TOL:
        return int((day - date(2020, 12, 31)).days)
    position = (a - TOL) * 12
    month = floor(position)
    if month == 12:
        return int((day - date(2021, 12, 31)).days)
    days = (date(2021 + (month + 1) // 12, (month + 1) % 12 + 1, 1) - date(2021, month + 1, 1)).days
    return int((day - date(2021, month + 1, max(1, ceil((position - month) * days)))).days)


def _band(a: float | None, pace: float | None, lag: float | None, met: bool) -> str:
    if a is None or pace is None or lag is None:
        return "on_track" if met or a is not None else "lagging"
    if pace >= 1.1 - TOL:
        return "ahead"
    if pace >= 0.95 - TOL or lag <= 3 + TOL:
        return "on_track"
    return "at_risk" if pace >= 0.8 - TOL else "lagging"


def not_below(x: float, bound: float) -> bool:
    """Tell whether x ≥ bound, noise allowed for."""
    return x >= bound - NOISE * (1.0 + abs(bound))


def not_above(x: float, bound: float) -> bool:
    """Tell whether x ≤ bound, noise allowed for."""
    return x <= bound + NOISE * (1.0 + abs(bound))


def engine(targets: pl.DataFrame, rows: pl.DataFrame) -> Callable[[], Any] | str:
    """Return a run of kpi-engine over a frame a county with a column a KPI: its own way to hold figures in frames."""
    try:
        package, pandas = import_module("kpi_engine"), import_module("pandas")
    except ImportError:
        return "not installed"
    kept = rows.filter(pl.col("value").is_not_null()).sort("date", "recorded_at", nulls_last=False)
    kept = kept.unique([*KEYS, "date"], keep="last", maintain_order=True)
    frames = {}
    for (county,), part in kept.group_by("county"):
        wide = part.sort("date").pivot("kpi", index="date", values="value")
        frame = pandas.DataFrame(wide.to_dict(as_series=False))
        frame["date"] = pandas.to_datetime(frame["date"])
        frames[str(county)] = frame
    how = {"total": "sum", "limit": "sum"}
    definitions = [
        package.KPIDefinition(
            name=f"{t['county']}.{t['kpi']}", label=t["kpi"], source="dataframe", aggregation=how.get(t["measure"], "last"),
            query=f"{t['county']}.{t['kpi']}", compare=["QoQ"], alerts=[package.Alert(f"< {(t['target'] or 0) * 0.75}")],
            polarity="lower_is_better" if t["direction"] == "decrease" else "higher_is_better",
        )
        for t in targets.iter_rows(named=True)
    ]  # fmt: skip

    def run() -> Any:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            return package.KPIEngine(kpis=definitions, dataframes=frames).run("2021-Q3")

    return run


if __name__ == "__main__":
    main()
