"""The same scores as an analyst would query them for one year of monthly figures, in Polars and in DuckDB.

Nothing here is general: the year, the calendar, the bounds of the bands and the days of grace are written out; there
is one course (as much as time has passed), and what no KPI declares is not looked for. Noise of binary fractions is
allowed for as by scoring.
"""

from typing import Any

import polars as pl

__all__ = ["COLUMNS", "duckdb_query", "polars_query"]

COLUMNS = (
    "status", "severity", "underlying", "value", "data_date", "attainment", "expected", "pace", "lag", "days_behind",
    "gap", "met", "ended", "overdue", "comparison", "reference", "change", "relative", "change_abnormal",
    "relative_abnormal",
)  # fmt: skip
KEYS = ("county", "kpi")
TOL, NOISE = 1e-9, 1e-12


def polars_query(targets: pl.LazyFrame, observations: pl.LazyFrame) -> pl.LazyFrame:
    """Return the scores as of 30 September 2021."""
    as_of = pl.date(2021, 9, 30)
    end_of_day = pl.col("date").cast(pl.Datetime("us")).dt.offset_by("86399999999us")
    newest = (
        observations.filter(pl.col("date").is_between(pl.date(2021, 1, 1), as_of))
        .with_columns(pl.coalesce("recorded_at", end_of_day).alias("recorded"))
        .group_by(*KEYS, "date")
        .agg(pl.col("value", "text").max_by("recorded"))
    )
    seen = newest.group_by(KEYS).agg(
        pl.col("date").max().alias("data_date"),
        pl.col("value").sum().alias("sum"),
        pl.col("value").max_by("date").alias("newest"),
        pl.col("value").min().alias("lowest"),
        pl.col("text").max_by("date").alias("done"),
    )
    limits = (
        newest.join(targets.filter(pl.col("form") == "at_most").select(KEYS), on=KEYS, how="semi")
        .group_by(KEYS)
        .agg(pl.col("value").sort_by("date").cum_sum().max().alias("highest"))
    )
    places = (
        targets.filter(pl.col("measure") == "grade")
        .select(*KEYS, pl.col("scale").str.split("; ").alias("done"))
        .with_columns(pl.int_ranges(1, pl.col("done").list.len() + 1).alias("place"))
        .explode("done", "place")
    )
    rows = (
        targets.join(seen, on=KEYS, how="left")
        .join(limits, on=KEYS, how="left")
        .join(places, on=[*KEYS, "done"], how="left")
        .join(_steps(targets, seen), on=KEYS, how="left")
    )
    return _judged(rows)


def _steps(targets: pl.LazyFrame, seen: pl.LazyFrame) -> pl.LazyFrame:
    """Return what the steps of each milestone come to."""
    part = pl.col("step").str.split(" ").list
    step = (
        targets.filter(pl.col("measure") == "milestone")
        .select(*KEYS, pl.col("steps").str.split("; ").alias("step"))
        .join(seen.select(*KEYS, "done"), on=KEYS)
        .explode("step")
        .select(
            *KEYS,
            part.get(1).str.to_date().alias("due"),
            part.get(2).cast(pl.Float64).alias("w"),
            pl.col("done").str.split("; ").list.contains(part.get(0)).alias("is_done"),
        )
    )
    done, as_of = pl.col("is_done"), pl.date(2021, 9, 30)
    return step.group_by(KEYS).agg(
        (pl.col("w").filter(done).sum() / pl.col("w").sum()).alias("share"),
        (pl.col("w").filter(pl.col("due") <= as_of).sum() / pl.col("w").sum()).alias("share_due"),
        done.all().alias("all_done"),
        ((pl.col("due") <= as_of) & ~done).any().alias("step_late"),
        pl.col("due").filter((pl.col("due") < as_of) & ~done).min().alias("oldest_open"),
        pl.col("due").filter(done).max().alias("newest_done"),
    )


def _judged(rows: pl.LazyFrame) -> pl.LazyFrame:
    measure, down = pl.col("measure"), pl.col("direction") == "decrease"
    total, level, rate = measure == "total", measure == "level", measure == "rate"
    limit, grade, milestone = measure == "limit", measure == "grade", measure == "milestone"
    maintain, at_most = pl.col("form") == "maintain", pl.col("form") == "at_most"
    x, t, b, day = pl.col("value"), pl.col("target"), pl.col("baseline"), pl.col("data_date")
    slack = NOISE * (1.0 + t.abs())
    tolerated = pl.col("tolerance").fill_null(0.0)
    seen = day.is_not_null()
    as_of = pl.date(2021, 9, 30)
    rows = rows.with_columns(
        pl.when(total | (pl.col("aggregate") == "sum")).then("sum").when(grade).then(pl.col("place").cast(pl.Float64))
        .when(milestone).then("share").otherwise("newest").alias("value"),
        ((day.dt.month() - 1 + day.dt.day() / day.dt.days_in_month()) / 12).alias("e0"),
        ((day >= pl.date(2021, 12, 31)) | (seen & milestone & (as_of >= pl.date(2021, 12, 31))))
        .fill_null(value=False).alias("ended"),
        (seen.not_() | ((day.dt.offset_by("1d").dt.month_end().dt.offset_by("10d")) < as_of)).alias("overdue"),
    ).with_columns(pl.when(seen).then("value").alias("value"))  # fmt: skip
    ratio = pl.when(down).then(pl.when(x > 0).then(t / x)).otherwise(pl.when(t > 0).then(x / t))
    e0, ended = pl.col("e0"), pl.col("ended")
    no_worse = pl.when(down).then(x <= t + slack).otherwise(x >= t - slack)
    base_slack = NOISE * (1.0 + b.abs())
    kept = pl.when(down).then(x <= b + tolerated + base_slack).otherwise(x >= b - tolerated - base_slack)
    inside = pl.when(at_most).then(pl.col("highest") <= t + slack).otherwise(pl.col("lowest") >= t - slack)
    rows = rows.with_columns(
        pl.when(maintain).then(kept).when(limit).then(inside).when(grade).then(x <= t).when(milestone).then("all_done")
        .otherwise(no_worse).alias("met"),
        pl.when(maintain | limit | rate).then(1.0).when(milestone).then("share_due").otherwise(e0).alias("expected"),
    )  # fmt: skip
    met, expected = pl.col("met"), pl.col("expected")
    rows = rows.with_columns(
        pl.when(total & down).then(pl.when(x <= 0).then(pl.when(ended).then(1.0).otherwise(e0)).otherwise(e0 * e0 * t / x))
        .when(total).then(pl.when(t > 0).then(x / t))
        .when(maintain).then(pl.when(met).then(1.0).when(b == 0).then(0.0).otherwise(1 - (x - b).abs() / b.abs()))
        .when(rate | (level & b.is_null())).then(ratio)
        .when(limit).then(met.cast(pl.Float64))
        .when(grade).then(pl.when(met).then(1.0).when(b > t).then((b - x) / (b - t)).otherwise(0.0))
        .when(milestone).then(x)
        .otherwise((x - b) / (t - b)).alias("attainment"),
        pl.when(seen).then(expected).alias("expected"),
        (met & (ended | ~(maintain | rate | limit | (total & down)))).alias("achieved"),
    )  # fmt: skip
    a = pl.col("attainment")
    rows = rows.with_columns(
        pl.when(expected > 0).then(a / expected).alias("pace"),
        ((expected - a) * 100).alias("lag"),
        pl.when(rate & seen).then(x - t).alias("gap"),
        pl.when(b.is_not_null() & seen)
        .then(pl.when(total).then(pl.lit("pro_rata")).otherwise(pl.lit("plain")))
        .alias("comparison"),
        pl.when(~grade & seen).then(pl.when(total).then(b * e0).otherwise(b)).alias("reference"),
        pl.when(total).then(pl.col("abnormal_value") * e0).otherwise("abnormal_value").alias("abnormal"),
    )
    reference, abnormal = pl.col("reference"), pl.col("abnormal")
    return rows.with_columns(
        (x - reference).alias("change"),
        pl.when(reference > 0).then(x / reference - 1).alias("relative"),
        (x - abnormal).alias("change_abnormal"),
        pl.when(abnormal > 0).then(x / abnormal - 1).alias("relative_abnormal"),
        _days_behind(a, pl.col("expected"), measure, maintain).alias("days_behind"),
        _band(level & (a < -TOL), milestone & pl.col("step_late")).alias("band"),
    ).pipe(_finished)


def _days_behind(a: pl.Expr, e: pl.Expr, measure: pl.Expr, maintain: pl.Expr) -> pl.Expr:
    """Return by how many days the data date is past the day on which as much was expected."""
    position = (a - TOL) * 12
    month = position.floor().cast(pl.Int32)
    start = pl.date(2021 + month // 12, month % 12 + 1, 1)
    within = ((position - month) * start.dt.days_in_month()).ceil().clip(1).cast(pl.Int32)
    reached = pl.min_horizontal(start + pl.duration(days=within - 1), pl.date(2021, 12, 31))
    day = pl.when(a <= TOL).then(pl.date(2020, 12, 31)).otherwise(reached)
    as_of, open_, done = pl.date(2021, 9, 30), pl.col("oldest_open"), pl.col("newest_done")
    milestone = (
        pl.when(open_.is_not_null()).then((as_of - open_).dt.total_days())
        .when(a <= e + TOL).then(0).otherwise((as_of - done).dt.total_days())
    )  # fmt: skip
    return (
        pl.when(maintain | measure.is_in(["rate", "limit"]) | a.is_null()).then(None)
        .when(measure == "milestone").then(milestone)
        .when((a < 0) | (a > 1 + TOL)).then(None)
        .when((e - a).abs() <= TOL).then(0)
        .otherwise((pl.col("data_date") - day).dt.total_days())
    )  # fmt: skip


def _band(worse: pl.Expr, late: pl.Expr) -> pl.Expr:
    a, pace, lag, met = pl.col("attainment"), pl.col("pace"), pl.col("lag"), pl.col("met")
    band = (
        pl.when(a.is_null()).then(pl.when(met).then(pl.lit("on_track")).otherwise(pl.lit("lagging")))
        .when(pace.is_null()).then(pl.lit("on_track"))
        .when(pace >= 1.1 - TOL).then(pl.lit("ahead"))
        .when((pace >= 0.95 - TOL) | (lag <= 3 + TOL)).then(pl.lit("on_track"))
        .when(pace >= 0.8 - TOL).then(pl.lit("at_risk")).otherwise(pl.lit("lagging"))
    )  # fmt: skip
    better = band.is_in(["ahead", "on_track"])
    return pl.when(worse).then(pl.lit("regressing")).when(late & better).then(pl.lit("at_risk")).otherwise(band)


def _finished(rows: pl.LazyFrame) -> pl.LazyFrame:
    seen, overdue, band = pl.col("data_date").is_not_null(), pl.col("overdue"), pl.col("band")
    broken = (pl.col("measure") == "limit") & ~pl.col("met")
    decided = (
        pl.when(~seen).then(pl.lit("no_data"))
        .when(broken).then(pl.lit("breached"))
        .when(pl.col("achieved")).then(pl.lit("achieved"))
        .when(pl.col("ended")).then(pl.lit("missed"))
    )  # fmt: skip
    stale = decided.is_null() & overdue
    status = pl.coalesce(decided, pl.when(overdue).then(pl.lit("stale")).otherwise(band))
    severe = pl.col("status").is_in(["breached", "missed", "regressing", "lagging"])
    return (
        rows.with_columns(status.alias("status"), pl.when(stale).then(band).alias("underlying"))
        .with_columns(severe.cast(pl.Int64).alias("severity"), pl.when(seen).then("met").alias("met"))
        .select(*KEYS, "goal", "weight", "target", "baseline", *COLUMNS)
    )


SQL = """
WITH newest AS (
  SELECT county, kpi, date,
         arg_max(value, recorded) AS value, arg_max(text, recorded) AS text
  FROM (SELECT county, kpi, date, value, text,
               coalesce(recorded_at, date + INTERVAL 1 DAY - INTERVAL 1 MICROSECOND) AS recorded
        FROM observations WHERE date BETWEEN DATE '2021-01-01' AND DATE '2021-09-30')
  GROUP BY county, kpi, date
), seen AS (
  SELECT county, kpi, max(date) AS data_date, sum(value) AS sum, arg_max(value, date) AS newest,
         min(value) AS lowest, arg_max(text, date) AS done
  FROM newest GROUP BY county, kpi
), limits AS (
  SELECT county, kpi, max(sum) AS highest FROM (
    SELECT n.county, n.kpi, sum(n.value) OVER (PARTITION BY n.county, n.kpi ORDER BY n.date) AS sum
    FROM newest n SEMI JOIN (SELECT county, kpi FROM targets WHERE form = 'at_most') t USING (county, kpi))
  GROUP BY county, kpi
), step AS (
  SELECT county, kpi, split_part(step, ' ', 2)::DATE AS due, split_part(step, ' ', 3)::DOUBLE AS w,
         list_contains(string_split(done, '; '), split_part(step, ' ', 1)) AS is_done
  FROM (SELECT county, kpi, done, unnest(string_split(steps, '; ')) AS step
        FROM targets JOIN seen USING (county, kpi) WHERE measure = 'milestone')
), steps AS (
  SELECT county, kpi, coalesce(sum(w) FILTER (is_done), 0) / sum(w) AS share,
         coalesce(sum(w) FILTER (due <= DATE '2021-09-30'), 0) / sum(w) AS share_due, bool_and(is_done) AS all_done,
         bool_or(due <= DATE '2021-09-30' AND NOT is_done) AS step_late,
         min(due) FILTER (due < DATE '2021-09-30' AND NOT is_done) AS oldest_open, max(due) FILTER (is_done) AS newest_done
  FROM step GROUP BY county, kpi
), valued AS (
  SELECT t.*, s.data_date, l.highest, s.lowest, p.share_due, p.all_done, p.step_late, p.oldest_open, p.newest_done,
         data_date IS NOT NULL AS seen, coalesce(direction = 'decrease', false) AS down,
         CASE WHEN measure = 'total' OR aggregate = 'sum' THEN s.sum
              WHEN measure = 'grade' THEN list_position(string_split(scale, '; '), done)::DOUBLE
              WHEN measure = 'milestone' THEN p.share ELSE s.newest END AS value,
         (month(data_date) - 1 + day(data_date) / day(last_day(data_date))) / 12 AS e0,
         coalesce(data_date >= DATE '2021-12-31'
                  OR measure = 'milestone' AND DATE '2021-09-30' >= DATE '2021-12-31', false) AS ended,
         data_date IS NULL OR last_day(data_date + 1) + 10 < DATE '2021-09-30' AS overdue
  FROM targets t LEFT JOIN seen s USING (county, kpi) LEFT JOIN limits l USING (county, kpi)
  LEFT JOIN steps p USING (county, kpi)
), met AS (
  SELECT *,
         CASE WHEN form = 'maintain' THEN
                CASE WHEN down THEN value <= baseline + coalesce(tolerance, 0) + 1e-12 * (1 + abs(baseline))
                     ELSE value >= baseline - coalesce(tolerance, 0) - 1e-12 * (1 + abs(baseline)) END
              WHEN measure = 'limit' THEN
                CASE WHEN form = 'at_most' THEN highest <= target + 1e-12 * (1 + abs(target))
                     ELSE lowest >= target - 1e-12 * (1 + abs(target)) END
              WHEN measure = 'grade' THEN value <= target
              WHEN measure = 'milestone' THEN all_done
              WHEN down THEN value <= target + 1e-12 * (1 + abs(target))
              ELSE value >= target - 1e-12 * (1 + abs(target)) END AS is_met,
         CASE WHEN NOT seen THEN NULL WHEN form = 'maintain' OR measure IN ('limit', 'rate') THEN 1.0::DOUBLE
              WHEN measure = 'milestone' THEN share_due ELSE e0 END AS expected
  FROM valued
), attained AS (
  SELECT *,
         CASE WHEN measure = 'total' AND down THEN
                CASE WHEN value <= 0 THEN CASE WHEN ended THEN 1 ELSE e0 END ELSE e0 * e0 * target / value END
              WHEN measure = 'total' THEN CASE WHEN target > 0 THEN value / target END
              WHEN form = 'maintain' THEN CASE WHEN is_met THEN 1 WHEN baseline = 0 THEN 0
                                               ELSE 1 - abs(value - baseline) / abs(baseline) END
              WHEN measure = 'rate' OR measure = 'level' AND baseline IS NULL THEN
                CASE WHEN down THEN CASE WHEN value > 0 THEN target / value END
                     WHEN target > 0 THEN value / target END
              WHEN measure = 'limit' THEN is_met::DOUBLE
              WHEN measure = 'grade' THEN CASE WHEN is_met THEN 1 WHEN baseline > target
                                               THEN (baseline - value) / (baseline - target) ELSE 0 END
              WHEN measure = 'milestone' THEN value
              ELSE (value - baseline) / (target - baseline) END AS attainment,
         is_met AND (ended OR NOT (form = 'maintain' OR measure IN ('rate', 'limit')
                                   OR measure = 'total' AND down)) AS achieved
  FROM met
), paced AS (
  SELECT *, CASE WHEN expected > 0 THEN attainment / expected END AS pace, (expected - attainment) * 100 AS lag,
         CASE WHEN measure = 'rate' AND seen THEN value - target END AS gap,
         CASE WHEN baseline IS NOT NULL AND seen
              THEN CASE WHEN measure = 'total' THEN 'pro_rata' ELSE 'plain' END END AS comparison,
         CASE WHEN measure <> 'grade' AND seen
              THEN CASE WHEN measure = 'total' THEN baseline * e0 ELSE baseline END END AS reference,
         CASE WHEN measure = 'total' THEN abnormal_value * e0 ELSE abnormal_value END AS abnormal,
         (attainment - 1e-9) * 12 AS position
  FROM attained
), banded AS (
  SELECT *,
         CASE WHEN measure = 'level' AND attainment < -1e-9 THEN 'regressing'
              WHEN measure = 'milestone' AND step_late AND (pace IS NULL OR pace >= 0.95 - 1e-9 OR lag <= 3 + 1e-9)
                THEN 'at_risk'
              WHEN attainment IS NULL THEN CASE WHEN is_met THEN 'on_track' ELSE 'lagging' END
              WHEN pace IS NULL THEN 'on_track'
              WHEN pace >= 1.1 - 1e-9 THEN 'ahead'
              WHEN pace >= 0.95 - 1e-9 OR lag <= 3 + 1e-9 THEN 'on_track'
              WHEN pace >= 0.8 - 1e-9 THEN 'at_risk' ELSE 'lagging' END AS band,
         CASE WHEN NOT seen THEN 'no_data' WHEN measure = 'limit' AND NOT is_met THEN 'breached'
              WHEN achieved THEN 'achieved' WHEN ended THEN 'missed' END AS decided,
         CASE WHEN form = 'maintain' OR measure IN ('rate', 'limit') OR attainment IS NULL THEN NULL
              WHEN measure = 'milestone' THEN
                CASE WHEN oldest_open IS NOT NULL THEN DATE '2021-09-30' - oldest_open
                     WHEN attainment <= expected + 1e-9 THEN 0 ELSE DATE '2021-09-30' - newest_done END
              WHEN attainment < 0 OR attainment > 1 + 1e-9 THEN NULL
              WHEN abs(expected - attainment) <= 1e-9 THEN 0
              WHEN attainment <= 1e-9 THEN data_date - DATE '2020-12-31'
              ELSE data_date - least(DATE '2021-12-31', month_start - 1 + greatest(1,
                     ceil((position - floor(position)) * day(last_day(month_start)))::INTEGER)) END AS days_behind
  FROM (SELECT *, CASE WHEN position BETWEEN 0 AND 12.1 THEN
               make_date(2021 + floor(position)::INTEGER // 12, floor(position)::INTEGER % 12 + 1, 1) END AS month_start
        FROM paced)
), judged AS (
  SELECT *, coalesce(decided, CASE WHEN overdue THEN 'stale' ELSE band END) AS status FROM banded
)
SELECT county, kpi, goal, weight, target, baseline, status,
       (status IN ('breached', 'missed', 'regressing', 'lagging'))::BIGINT AS severity,
       CASE WHEN decided IS NULL AND overdue THEN band END AS underlying, value, data_date, attainment, expected, pace, lag,
       days_behind, gap, CASE WHEN seen THEN is_met END AS met, ended, overdue, comparison, reference,
       value - reference AS change, CASE WHEN reference > 0 THEN value / reference - 1 END AS relative,
       value - abnormal AS change_abnormal, CASE WHEN abnormal > 0 THEN value / abnormal - 1 END AS relative_abnormal
FROM judged
"""


def duckdb_query(connection: Any) -> Any:
    """Return the same as a relation over the tables `targets` and `observations` of a connection."""
    return connection.sql(SQL)
