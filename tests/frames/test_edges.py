"""What lies at the edges of the formulas over frames: words that do not go with a measure, extremes, names, kinds of columns."""

from datetime import date
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pytest

from kpi_tracker import frames
from kpi_tracker.model.period import Period
from tests.builders import day

RULES = frames.Rules(Period(date(2021, 1, 1), date(2021, 12, 31)), 2020)
AT = day("2021-09-30")
TARGET: dict[str, Any] = {"kpi": "a", "measure": "total", "direction": "increase", "target": 100.0}
BOUND: dict[str, Any] = {"kpi": "b", "measure": "limit", "form": "at_least", "aggregate": "newest", "target": 5.0}


def rows_of(**values: float) -> pl.DataFrame:
    """Return one observation of each KPI, on the day of the check."""
    return pl.DataFrame({"kpi": list(values), "date": [AT] * len(values), "value": list(values.values())})


def scored(targets: list[dict[str, Any]], rows: pl.DataFrame, **more: Any) -> dict[str, dict[str, Any]]:
    """Return the scores by KPI."""
    found = frames.score(pl.DataFrame(targets, infer_schema_length=None), rows, AT, RULES, **more)
    return {row["kpi"]: row for row in found.iter_rows(named=True)}


def test_a_direction_says_nothing_of_a_limit_nor_a_form_of_a_total() -> None:
    """Each measure asks for its own word, whatever stands in the other column."""
    found = scored([{**BOUND, "direction": "decrease"}, {**TARGET, "form": "at_most"}], rows_of(a=90.0, b=9.0))
    assert (found["a"]["attainment"], found["a"]["status"]) == (0.9, "ahead")
    assert found["b"]["status"] == "on_track"
    found = scored([{**BOUND, "form": "at_most"}], rows_of(b=9.0))
    assert found["b"]["status"] == "breached"


@pytest.mark.parametrize("column", ["_end", "_months", "_long", "_late", "_sum", "_met", "_schedule", "carried _end"])
def test_a_column_of_any_name_goes_along(column: str) -> None:
    """It is not taken for one of ours."""
    found = scored([{**TARGET, column: "theirs"}], rows_of(a=50.0))["a"]
    assert found[column] == "theirs"
    assert {**found, column: 0} == {**scored([TARGET], rows_of(a=50.0))["a"], column: 0}


def test_far_beyond_a_target() -> None:
    """No engine is asked for a day that no calendar has."""
    found = scored([{**TARGET, "target": 1e-12}, {**TARGET, "kpi": "b"}], rows_of(a=1e12, b=75.0))
    assert (found["a"]["attainment"], found["a"]["days_behind"]) == (1e24, None)
    assert found["b"]["days_behind"] == 0


def test_times_with_a_zone_are_those_of_the_session_in_duckdb() -> None:
    """Days begin where the session is; what was recorded too late for `known_at` breaks no bound."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'Asia/Shanghai'")
    connection.execute("""CREATE TABLE targets AS SELECT 'a' AS kpi, 'limit' AS measure, 'at_most' AS form, 'sum' AS aggregate,
        5.0::DOUBLE AS target, TIMESTAMPTZ '2021-09-30 00:00+08' AS due""")
    connection.execute("""CREATE TABLE observations AS SELECT 'a' AS kpi, TIMESTAMPTZ '2021-01-01 00:00+08' AS date, 9.0::DOUBLE AS value,
        TIMESTAMPTZ '2021-01-03 20:00+08' AS recorded_at, INTERVAL 1 DAY AS span""")

    def status(known_at: Any) -> Any:
        targets, observations = (connection.table(name) for name in ("targets", "observations"))
        found = frames.score(targets, observations, AT, RULES, known_at=known_at, checked=False)
        return found.project("status, data_date, ended").fetchall()

    assert status(None) == [("breached", date(2021, 1, 1), False)]
    assert status(day("2021-01-02")) == [("no_data", None, False)]


def test_the_next_night_goes_on_from_a_state_in_pandas() -> None:
    """Which gives days back as times."""
    targets = pd.DataFrame([TARGET, {**TARGET, "kpi": "b"}])
    early, late = rows_of(a=10.0, b=5.0).with_columns(date=pl.lit(day("2021-08-31"))), rows_of(a=20.0)
    night = frames.next_night(targets, early.to_pandas(), day("2021-08-31"), RULES)
    now = pl.concat([early, late]).to_pandas()
    night = frames.next_night(targets, now, AT, RULES, before=night)
    assert dict(zip(night.scores["kpi"], night.scores["value"], strict=True)) == {"a": 30.0, "b": 5.0}


@pytest.mark.parametrize("weight", [1.0, 0.3, 12_345.6])
def test_the_order_of_rows_does_not_show_in_a_mean(weight: float) -> None:
    """Of 20,000 rows that are shuffled."""
    scores = pl.DataFrame(
        {
            "kpi": [f"k{i}" for i in range(20_000)],
            "goal": "",
            "weight": weight,
            "status": "on_track",
            "attainment": [(i * 7919 % 1000) / 1000 for i in range(20_000)],
            "expected": 0.7,
            "met": False,
            "veto": False,
            "binding": False,
        }
    )
    tree = pl.DataFrame({"node": [""], "parent": [None]}, schema_overrides={"parent": pl.String})
    found = [
        frames.roll_up(scores.sample(fraction=1.0, shuffle=True, seed=seed), tree, RULES, repeatable=True).row(0)
        for seed in range(4)
    ]
    assert len(set(found)) == 1
    one = frames.roll_up(scores.head(1).with_columns(attainment=0.7), tree, RULES, repeatable=True)
    assert (one["attainment"].item(), one["lag"].item()) == (0.7, 0.0)
