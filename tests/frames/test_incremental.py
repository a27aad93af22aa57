"""Night after night only what changed is gathered again, and every night is that of a full run."""

from datetime import date, timedelta
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_tracker import frames
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.observation import Observation, Observations
from tests.builders import day, kpi, obs, plan
from tests.test_laws import LATER, UNHURRIED, observed


def ordered(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Return rows in an order that does not depend on the engine."""
    return frame.sort("goal", "kpi").to_dicts()


@settings(UNHURRIED, max_examples=15)
@given(observed(), LATER, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 5)), min_size=1, max_size=3))
def test_every_night_is_that_of_a_full_run(
    found: tuple[Plan, list[Observation]], start: date, nights: list[tuple[int, int]]
) -> None:
    """Whatever arrives between nights, late or in time, and whatever becomes due."""
    whole, rows = found
    at, arrived = start, len(rows) // 2
    targets = whole.to_frame()
    night = frames.next_night(targets, Observations(rows[:arrived]).to_frame(), at, whole)
    for days, more in nights:
        at += timedelta(days=days)
        changed = Observations(rows[arrived : arrived + more]).to_frame().select("kpi").unique()
        arrived = min(len(rows), arrived + more)
        now = Observations(rows[:arrived]).to_frame()
        night = frames.next_night(targets, now, at, whole, before=night, changed=changed)
        assert ordered(night.scores) == ordered(frames.score(targets, now, at, whole))


def test_figures_dated_ahead_are_seen_when_their_day_has_come() -> None:
    """Nothing has changed, but the night is another."""
    whole = plan(kpi("a", t=9.0), kpi("b", t=9.0))
    rows = Observations(
        [obs("a", "2021-01-31", 1.0), obs("a", "2021-02-28", 2.0), obs("b", "2021-01-31", 1.0)]
    ).to_frame()
    night = frames.next_night(whole.to_frame(), rows, day("2021-02-01"), whole)
    assert sorted(night.scores["value"].to_list()) == [1.0, 1.0]
    night = frames.next_night(whole.to_frame(), rows, day("2021-03-01"), whole, before=night)
    assert sorted(night.scores["value"].to_list()) == [1.0, 3.0]
    assert night.as_of == day("2021-03-01")


def test_a_row_that_was_deleted_is_gone() -> None:
    """Its KPI is told as changed, and has nothing left."""
    whole = plan(kpi("a", t=9.0))
    rows = Observations([obs("a", "2021-01-31", 1.0)]).to_frame()
    night = frames.next_night(whole.to_frame(), rows, day("2021-02-01"), whole)
    changed = pl.DataFrame({"kpi": ["a"]})
    night = frames.next_night(whole.to_frame(), rows.clear(), day("2021-02-02"), whole, before=night, changed=changed)
    assert night.scores["value"].to_list() == [None]


def test_a_state_of_other_kpis_is_refused() -> None:
    """It lacks what a new measure asks for."""
    whole = plan(kpi("a", t=9.0))
    rows = Observations([obs("a", "2021-01-31", 1.0)]).to_frame()
    night = frames.next_night(whole.to_frame(), rows, day("2021-02-01"), whole)
    other = night._replace(state=night.state.drop("_sum"))
    with pytest.raises(frames.FrameError) as caught:
        frames.next_night(whole.to_frame(), rows, day("2021-02-02"), whole, before=other)
    assert [fault.code for fault in caught.value.diagnostics] == ["KT362"]


def test_nights_in_duckdb() -> None:
    """The state stays in the engine."""
    whole = plan(kpi("a", t=9.0))
    rows = Observations([obs("a", "2021-01-31", 1.0), obs("a", "2021-02-28", 2.0)]).to_frame()
    with duckdb.connect() as connection:
        targets, held = connection.from_arrow(whole.to_frame().to_arrow()), connection.from_arrow(rows.to_arrow())
        night = frames.next_night(targets, held, day("2021-02-01"), whole)
        night = frames.next_night(targets, held, day("2021-03-01"), whole, before=night)
        assert night.scores.pl()["value"].to_list() == [3.0]
