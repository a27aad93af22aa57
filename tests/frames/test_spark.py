"""Scores on Spark: many generated plans in one frame, and the work of one worker."""

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings

import kpi_tracker
from kpi_tracker import frames
from kpi_tracker.frames.cluster import BUCKET, _worked
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.observation import Observation, Observations
from kpi_tracker.model.period import Calendar
from kpi_tracker.model.thresholds import PRESETS, TIMELINE, Thresholds
from kpi_tracker.record import changed
from tests.builders import day, kpi, plan
from tests.frames import mixed
from tests.frames.comparing import differing
from tests.test_laws import UNHURRIED, observed

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

AT = date(2021, 9, 30)


def arrow(frame: Any) -> pl.DataFrame:
    """Return a Spark frame here."""
    found = pl.from_arrow(frame.toArrow())
    assert isinstance(found, pl.DataFrame)
    return found


def drawn() -> list[tuple[Plan, list[Observation]]]:
    """Return some dozens of plans with KPIs and their observations."""
    found = []

    @settings(UNHURRIED, max_examples=30, database=None)
    @given(observed())
    def draw(one: tuple[Plan, list[Observation]]) -> None:
        if not one[0].to_frame().is_empty():
            found.append(one)

    draw()
    return found


@pytest.mark.parametrize(
    ("calendar", "thresholds", "known"),
    [(Calendar.MONTHS, TIMELINE, None), (Calendar.DAYS, PRESETS["eurostat"], date(2021, 7, 15))],
)
def test_both_engines_agree_on_spark(
    spark: "SparkSession", calendar: Calendar, thresholds: Thresholds, known: date | None
) -> None:
    """Some dozens of generated plans at once, each with its own KPIs, courses and corrections."""
    plans = [(changed(whole, calendar=calendar, thresholds=thresholds), rows) for whole, rows in drawn()]
    named = [(f"p{i}", whole, rows) for i, (whole, rows) in enumerate(plans)]
    targets = pl.concat([whole.to_frame().with_columns(plan=pl.lit(name)) for name, whole, _ in named])
    observations = pl.concat([Observations(rows).to_frame().with_columns(plan=pl.lit(name)) for name, _, rows in named])
    rules = frames.Rules.of(plans[0][0])
    presets = {name: preset for _, whole, _ in named for name, preset in frames.Rules.of(whole).presets.items()}
    there = spark.createDataFrame(targets.to_arrow()), spark.createDataFrame(observations.to_arrow())
    scores = frames.score(*there, AT, changed(rules, presets=presets), keys=("plan", "kpi"), known_at=known)
    assert isinstance(scores, type(there[0]))
    here = arrow(scores)
    for name, whole, rows in named:
        mine = here.filter(pl.col("plan") == name).drop("plan")
        assert differing(kpi_tracker.score(whole, rows, AT, known), mine) == []


def test_what_spark_does_not_do(spark: "SparkSession") -> None:
    """Nights that go on from a state are for one machine; there a full run is spread over the workers."""
    targets = spark.createDataFrame(plan(kpi("a", t=9.0)).to_frame().to_arrow())
    rows = spark.createDataFrame(Observations().to_frame().to_arrow())
    with pytest.raises(frames.FrameError) as caught:
        frames.next_night(targets, rows, day("2021-02-01"), plan())
    assert "Spark" in str(caught.value)


def test_what_can_be_used_of_observations_on_spark(spark: "SparkSession") -> None:
    """As on every engine: rows that are refused are left out with their faults."""
    targets = spark.createDataFrame(mixed.TARGETS.to_arrow())
    rows = spark.createDataFrame(pl.concat([mixed.GOOD, mixed.BAD]).to_arrow())
    found = frames.usable(targets, rows)
    assert isinstance(found.observations, type(rows))
    assert [fault.code for fault in found.faults] == mixed.CODES
    assert mixed.rows(arrow(found.observations)) == mixed.rows(mixed.GOOD)
    assert frames.usable(targets, found.observations).faults == ()


def test_the_work_of_one_worker() -> None:
    """It gets its share of both frames, and gives rows of the kinds that were agreed; a share may have no targets."""
    share = pa.table({BUCKET: [0, 0], "kpi": ["a", "b"]})
    like = pa.schema([("kpi", pa.large_string()), ("n", pa.int64())])

    def work(one: Any, other: Any) -> Any:
        return one.append_column("n", pa.array([other.num_rows] * one.num_rows, pa.int32()))

    found = _worked(work, like, share, share)
    assert (found.schema, found.column("n").to_pylist()) == (like, [2, 2])
    assert _worked(work, like, share.slice(0, 0), share).num_rows == 0


def test_keys_come_back_as_they_were(spark: "SparkSession") -> None:
    """They are compared as long numbers, and are of the kind of the targets in the scores."""
    whole = plan(kpi("a", t=9.0))
    rows = pl.DataFrame({"kpi": [7], "date": [day("2021-01-31")], "value": [1.0]})
    targets = whole.to_frame().with_columns(kpi=pl.lit(7, pl.Int32)).select("kpi", "measure", "direction", "target")
    wanted, seen = (spark.createDataFrame(frame.to_arrow()) for frame in (targets, rows))
    found = frames.score(wanted, seen, AT, whole)
    assert found.schema["kpi"].dataType == wanted.schema["kpi"].dataType
    assert arrow(found).select("kpi", "value").rows() == [(7, 1.0)]
