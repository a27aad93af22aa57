"""The roll-up on Spark: many generated plans in one frame, each with a tree and links of its own."""

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
from hypothesis import Phase, given, settings

import kpi_tracker
from kpi_tracker import frames
from kpi_tracker.frames.rules import Rules
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.measure import WORST_FIRST
from kpi_tracker.model.observation import Observation
from kpi_tracker.model.scorecard import Scorecard
from kpi_tracker.record import changed
from tests.frames.test_tree_laws import assert_same
from tests.test_laws import UNHURRIED, observed

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

AT = date(2021, 10, 31)
FLOOR = 0.7


def drawn() -> list[Scorecard]:
    """Return the scorecards of some generated plans that share their rules, as the plans of one query do."""
    cards: list[Scorecard] = []

    @settings(UNHURRIED, max_examples=40, phases=[Phase.generate], database=None, derandomize=True)
    @given(observed())
    def collect(found: tuple[Plan, list[Observation]]) -> None:
        whole, rows = found
        standard = Rules(whole.period, whole.baseline_year)
        whole = changed(whole, coverage_floor=FLOOR, thresholds=standard.thresholds)
        cards.append(kpi_tracker.score(whole, rows, AT))

    collect()
    return cards


def test_spark_agrees_on_many_plans_at_once(spark: "SparkSession") -> None:
    """One query over all plans; the result is a frame of Spark."""
    cards = drawn()
    rules = Rules.of(cards[0].plan)
    presets = {name: preset for card in cards for name, preset in Rules.of(card.plan).presets.items()}

    def named(number: int, frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns(pl.lit(f"p{number}").alias("plan"))

    scores = pl.concat([named(i, card.to_frame()) for i, card in enumerate(cards)])
    tree = pl.concat([named(i, card.plan.tree_frame()) for i, card in enumerate(cards)])
    links = pl.concat([named(i, card.plan.links_frame()) for i, card in enumerate(cards)])
    found = frames.roll_up(
        spark.createDataFrame(scores.to_arrow()),
        tree,
        changed(rules, presets=presets),
        by=("plan",),
        as_of=AT,
        links=links,
    )
    assert type(found).__module__.startswith("pyspark.sql")
    table = pl.from_arrow(found.toArrow())
    assert isinstance(table, pl.DataFrame)
    assert set(table["plan"]) == {f"p{i}" for i in range(len(cards))}
    for i, card in enumerate(cards):
        assert_same(table.filter(pl.col("plan") == f"p{i}").drop("plan").to_dicts(), card)
    assert len(set(table["status"]) & {one.value for one in WORST_FIRST}) > 4  # they are no plans of one kind
