"""Figures of many counties as frames: targets of all measures and their monthly observations, as many as asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

__all__ = ["AS_OF", "A_COUNTY", "KEYS", "OBSERVATIONS", "objects", "observations", "targets", "write"]

AS_OF = date(2021, 9, 30)
KEYS = ("county", "kpi")
A_COUNTY = 200
"""So many KPIs has the plan of a county."""
OBSERVATIONS = 12
"""So many months are reported of each KPI; as of AS_OF the last three of them are not seen."""
GRADES = "I; II; III; IV; V"
STEPS = "design 2021-03-31 1; permit 2021-06-30 1; build 2021-09-30 2; open 2021-12-31 1"
DONE = ("", "design", "design; permit", "design; permit; build")
MISSING, LATE, CORRECTED = 0.01, 0.04, 0.05
"""Shares: KPIs without a figure, KPIs whose figures end in May, and figures that are corrected a month later."""


@dataclass(frozen=True)
class Kind:
    """KPIs of one sort: how many of a county's 200, and what they declare; `baseline`: whether they have one."""

    count: int
    measure: str
    direction: str | None
    form: str = "value"
    aggregate: str | None = None
    baseline: bool = True


KINDS = (
    Kind(70, "total", "increase"),
    Kind(10, "total", "decrease"),
    Kind(40, "level", "increase"),
    Kind(20, "level", "decrease"),
    Kind(6, "level", "increase", baseline=False),
    Kind(10, "level", "increase", form="maintain"),
    Kind(6, "level", "decrease", form="maintain"),
    Kind(14, "rate", "increase", baseline=False),
    Kind(4, "rate", "decrease", baseline=False),
    Kind(8, "limit", None, form="at_most", aggregate="sum", baseline=False),
    Kind(4, "limit", None, form="at_least", aggregate="newest", baseline=False),
    Kind(4, "grade", None),
    Kind(4, "milestone", None, baseline=False),
)


def _columns(name: str) -> np.ndarray[Any, Any]:
    """Return what each KPI of a county declares under `name`."""
    return np.repeat(np.array([getattr(kind, name) for kind in KINDS], object), [kind.count for kind in KINDS])


def targets(kpis: int) -> pl.DataFrame:
    """Return the targets: one row a KPI, the same two hundred in every county, with a county's own figures."""
    random = np.random.default_rng(20210930)
    n = np.arange(kpis)
    measure, direction, form, aggregate, based = (
        np.resize(_columns(name), kpis) for name in ("measure", "direction", "form", "aggregate", "baseline")
    )
    base = random.integers(100, 10_000, kpis) / 4
    down = direction == "decrease"
    target = np.round(base * np.where(down, 0.9, 1.12), 1)
    target[form == "at_most"] = np.round(base[form == "at_most"] * 0.8)
    target[form == "at_least"] = np.round(base[form == "at_least"] * 0.05, 1)
    target[form == "maintain"] = base[form == "maintain"]
    grade, milestone = measure == "grade", measure == "milestone"
    base[grade], target[grade] = 4.0, 2.0
    odd = based.astype(bool) & ~grade & (random.random(kpis) < 0.02)
    none = np.full(kpis, None, object)
    frame = pl.DataFrame(
        {
            "county": pl.Series((n // A_COUNTY).astype(str)).str.zfill(5),
            "kpi": pl.Series((n % A_COUNTY).astype(str)).str.zfill(3),
            "measure": pl.Series(measure.tolist(), dtype=pl.String),
            "direction": pl.Series(direction.tolist(), dtype=pl.String),
            "form": pl.Series(form.tolist(), dtype=pl.String),
            "aggregate": pl.Series(aggregate.tolist(), dtype=pl.String),
            "target": pl.Series(target),
            "baseline": pl.Series(base),
            "tolerance": pl.Series(np.where(form == "maintain", np.round(np.abs(base) * 0.02, 2), np.nan)).fill_nan(
                None
            ),
            "abnormal_value": pl.Series(np.where(odd, np.round(base * 0.8, 1), np.nan)).fill_nan(None),
            "scale": pl.Series(np.where(grade, GRADES, none).tolist(), dtype=pl.String),
            "steps": pl.Series(np.where(milestone, STEPS, none).tolist(), dtype=pl.String),
            "based": pl.Series(based.astype(bool)),
            "milestone": pl.Series(milestone),
            "odd": pl.Series(odd),
        }
    )
    return frame.select(
        *KEYS, "measure", "direction", "form", "aggregate", "tolerance", "abnormal_value", "scale", "steps",
        pl.when(~pl.col("milestone")).then("target").alias("target"), pl.when("based").then("baseline").alias("baseline"),
        pl.when("odd").then(pl.lit(2019)).alias("abnormal_year"), pl.lit("").alias("goal"), pl.lit(1.0).alias("weight"),
    )  # fmt: skip


def observations(some: pl.DataFrame, first: int = 0) -> pl.DataFrame:
    """Return twelve monthly observations of each of `some` targets, with corrections; `first` is the row of the first.

    A total gets a twelfth of its target a month, more or less; a level is on its way; grades rise and steps are done.
    """
    random = np.random.default_rng(first)
    kpis = len(some)
    month = np.tile(np.arange(1, OBSERVATIONS + 1), kpis)
    fate = np.repeat(random.random(kpis), OBSERVATIONS)
    keep = (fate >= MISSING) & ((fate >= MISSING + LATE) | (month <= 5))
    pace = np.repeat(random.uniform(0.5, 1.25, kpis), OBSERVATIONS)
    measure, form = (np.repeat(some[name].to_numpy(), OBSERVATIONS) for name in ("measure", "form"))
    target = np.repeat(some["target"].fill_null(0.0).to_numpy(), OBSERVATIONS)
    base = np.repeat(some["baseline"].fill_null(some["target"]).fill_null(0.0).to_numpy(), OBSERVATIONS)
    noise = random.uniform(-0.3, 0.3, kpis * OBSERVATIONS)
    value = target / 12 * (pace + noise)  # totals and limits
    moving = np.isin(measure, ("level", "rate"))
    value[moving] = (base + (target - base) * month / 12 * pace + target * noise / 6)[moving]
    value[form == "maintain"] = (base * (1 + noise / 10))[form == "maintain"]
    value[form == "at_least"] = (target * (1.25 + noise))[form == "at_least"]
    steps = np.minimum(month * pace / 3, 3).astype(int)
    place = np.clip(5 - (month * pace / 3).astype(int), 1, 5) - 1
    text = np.where(measure == "grade", np.array(GRADES.split("; "), object)[place], np.array(DONE, object)[steps])
    text[~np.isin(measure, ("grade", "milestone"))] = None
    row = np.flatnonzero(keep)
    corrected = row[random.random(len(row)) < CORRECTED]
    row, late = np.concatenate([row, corrected]), np.arange(len(row) + len(corrected)) >= len(row)
    shift = np.where(late, 1 + random.uniform(-0.05, 0.05, len(row)), 1.0)
    ends = (
        np.array([date(2021 + m // 12, m % 12 + 1, 1).toordinal() - 1 for m in range(1, 13)])
        - date(1970, 1, 1).toordinal()
    )
    day = ends[month[row] - 1]
    frame = pl.DataFrame(
        {
            "of": (row // OBSERVATIONS).astype(np.uint32),
            "date": pl.Series(day.astype(np.int32)).cast(pl.Date),
            "value": pl.Series(np.round(value[row] * shift, 2)),
            "text": pl.Series(text[row].tolist(), dtype=pl.String),
            "recorded_at": pl.Series((day + 20) * 86_400_000_000).cast(pl.Datetime("us")),
            "late": late,
        }
    )
    keys = some.select(KEYS)
    known = pl.when("late").then("recorded_at").alias("recorded_at")
    return frame.select(
        keys["county"].gather(frame["of"]), keys["kpi"].gather(frame["of"]), "date",
        pl.when(pl.col("text").is_null()).then("value").alias("value"), "text", known,
    )  # fmt: skip


def write(kpis: int, folder: Path) -> None:
    """Write targets.parquet and observations.parquet; the rows of the observations come in no order."""
    whole = targets(kpis)
    whole.write_parquet(folder / "targets.parquet")
    parts = [observations(whole[at : at + 100_000], at) for at in range(0, kpis, 100_000)]
    pl.concat(parts).sample(fraction=1.0, shuffle=True, seed=1).write_parquet(folder / "observations.parquet")


def objects(some: pl.DataFrame, rows: pl.DataFrame) -> "tuple[Any, list[Any]]":
    """Return the same as a plan of one goal a county, ids made of both keys, and its observations."""
    from kpi_tracker.model.goal import Goal, Plan
    from kpi_tracker.model.observation import Observation
    from kpi_tracker.model.period import Period
    from kpi_tracker.model.unit import Text

    goals = [
        Goal(f"g{county}", Text(county, county), kpis=tuple(_kpis(part)))
        for (county,), part in some.group_by("county", maintain_order=True)
    ]
    plan = Plan(
        "p", Text("p", "p"), Period(date(2021, 1, 1), date(2021, 12, 31)), "Asia/Shanghai", 2020, goals=tuple(goals)
    )
    graded = {f"c{t['county']}-{t['kpi']}" for t in some.iter_rows(named=True) if t["measure"] == "grade"}

    def seen() -> Iterator[Any]:
        for row in rows.iter_rows(named=True):
            name, recorded = f"c{row['county']}-{row['kpi']}", row["recorded_at"]
            value = row["value"]
            if row["text"] is not None:
                value = row["text"] if name in graded else tuple(filter(None, row["text"].split("; ")))
            assert recorded is None or isinstance(recorded, datetime)  # noqa: S101 - for mypy
            yield Observation(name, row["date"], value, recorded)

    return plan, list(seen())


def _kpis(part: pl.DataFrame) -> Iterator[Any]:
    from kpi_tracker.model.kpi import Kpi, Step
    from kpi_tracker.model.measure import Aggregate, Basis, Direction, Measure
    from kpi_tracker.model.target import Abnormal, Baseline, Target, TargetForm, Tolerance
    from kpi_tracker.model.unit import NO_UNIT, Text

    for row in part.iter_rows(named=True):
        name = f"c{row['county']}-{row['kpi']}"
        scale = tuple(row["scale"].split("; ")) if row["scale"] else ()
        steps = tuple(
            Step(id, Text(id, id), date.fromisoformat(due), float(weight))
            for id, due, weight in (step.split() for step in (row["steps"] or "").split("; ") if step)
        )
        base, target = (scale[int(row[n]) - 1] if scale else row[n] for n in ("baseline", "target"))
        odd = row["abnormal_value"]
        abnormal = None if odd is None else Abnormal(Text("x", "x"), row["abnormal_year"], odd)
        yield Kpi(
            name, Text(name, name), Measure(row["measure"]), NO_UNIT,
            Direction(row["direction"]) if row["direction"] else None,
            baseline=None if base is None else Baseline(base, abnormal=abnormal),
            target=None if target is None else Target(
                target, Basis.STATED, TargetForm(row["form"]),
                tolerance=None if row["tolerance"] is None else Tolerance(row["tolerance"]),
            ),
            aggregate=Aggregate(row["aggregate"]) if row["aggregate"] else None, scale=scale, steps=steps,
        )  # fmt: skip
