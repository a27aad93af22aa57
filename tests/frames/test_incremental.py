"""Night after night only what changed is gathered again, and every night is that of a full run."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_tracker import frames
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.measure import Aggregate, Cadence, Measure
from kpi_tracker.model.observation import Observation, Observations
from kpi_tracker.model.period import Period
from kpi_tracker.model.thresholds import PRESETS
from kpi_tracker.record import changed
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
        told = Observations(rows[arrived : arrived + more]).to_frame().select("kpi").unique()
        arrived = min(len(rows), arrived + more)
        now = Observations(rows[:arrived]).to_frame()
        night = frames.next_night(targets, now, at, whole, before=night, changed=told)
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


def test_a_kpi_that_is_new_is_found() -> None:
    """With figures that had been there before it; they count within its own days, not those of the others."""
    old, new = kpi("a", t=9.0), kpi("b", t=9.0, start=day("2021-01-15"))
    rows = Observations(
        [obs("a", "2021-01-31", 1.0), obs("b", "2021-01-10", 5.0), obs("b", "2021-01-31", 2.0)]
    ).to_frame()
    night = frames.next_night(plan(old).to_frame(), rows, day("2021-02-01"), plan(old))
    whole = plan(old, new)
    night = frames.next_night(whole.to_frame(), rows, day("2021-02-02"), whole, before=night)
    assert ordered(night.scores) == ordered(frames.score(whole.to_frame(), rows, day("2021-02-02"), whole))
    assert night.scores.sort("kpi")["value"].to_list() == [1.0, 2.0]


def test_a_row_that_was_deleted_is_gone() -> None:
    """Its KPI is told as changed, and has nothing left."""
    whole = plan(kpi("a", t=9.0))
    rows = Observations([obs("a", "2021-01-31", 1.0)]).to_frame()
    night = frames.next_night(whole.to_frame(), rows, day("2021-02-01"), whole)
    told = pl.DataFrame({"kpi": ["a"]})
    night = frames.next_night(whole.to_frame(), rows.clear(), day("2021-02-02"), whole, before=night, changed=told)
    assert night.scores["value"].to_list() == [None]


def test_a_new_measure_asks_for_what_was_not_seen() -> None:
    """Then everything is gathered, as on the first night."""
    old, new = kpi("a", t=9.0), kpi("b", Measure.LEVEL, t=9.0, aggregate=Aggregate.MEAN)
    rows = Observations([obs("a", "2021-01-31", 1.0), obs("b", "2021-01-31", 2.0)]).to_frame()
    night = frames.next_night(plan(old).to_frame(), rows, day("2021-02-01"), plan(old))
    assert "_mean" not in night.state.columns
    whole = plan(old, new)
    night = frames.next_night(whole.to_frame(), rows, day("2021-02-02"), whole, before=night)
    assert ordered(night.scores) == ordered(frames.score(whole.to_frame(), rows, day("2021-02-02"), whole))


A, B = "2021-02-01", "2021-03-01"
WHOLE = plan(kpi("a", t=9.0), kpi("b", t=9.0))
TARGETS = WHOLE.to_frame()
ROWS = Observations([obs("a", "2021-01-31", 1.0), obs("a", "2021-02-28", 2.0), obs("b", "2021-01-31", 1.0)]).to_frame()


def night_of(at: str, rules: Plan = WHOLE, **more: Any) -> frames.Night:
    """Return a night of the two KPIs."""
    return frames.next_night(TARGETS, ROWS, day(at), rules, **more)


def refused(at: str, **more: Any) -> list[tuple[str, str]]:
    """Return the code and the words of what a night refuses."""
    with pytest.raises(frames.FrameError) as caught:
        night_of(at, **more)
    assert all(fault.message("zh") != fault.message("en") for fault in caught.value.diagnostics)
    return [(f"{fault.place} {fault.code}", fault.message("en")) for fault in caught.value.diagnostics]


@pytest.mark.parametrize(
    "rules",
    [changed(WHOLE, period=Period(day("2021-01-01"), day("2021-06-30"))), changed(WHOLE, cadence=Cadence.QUARTERLY)],
)
def test_a_state_of_other_rules_is_refused(rules: Plan) -> None:
    """Other figures would count."""
    assert [place for place, _ in refused(B, rules=rules, before=night_of(A))] == ["state KT387"]


def test_a_state_of_a_later_day_is_refused() -> None:
    """It has seen what is not there yet."""
    ((place, words),) = refused(A, before=night_of(B))
    assert place == "state KT387"
    assert "2021-03-01, which is after 2021-02-01" in words
    said = night_of(B)._replace(as_of=day(A))  # whoever puts a night together again may take the wrong file
    ((_, words),) = refused(B, before=said)
    assert "of “2021-03-01, 2021-01-01 to 2021-12-31, monthly, kpi”" in words
    unsaid = night_of(A)
    assert [place for place, _ in refused(B, before=unsaid._replace(state=unsaid.state.drop("_of")))] == ["state KT387"]


def test_a_state_by_other_keys_or_with_a_kpi_twice_is_refused() -> None:
    """It would give a KPI more than one row of scores."""
    targets, rows = (pl.concat([frame.with_columns(county=pl.lit(name)) for name in "xy"]) for frame in (TARGETS, ROWS))
    night = frames.next_night(targets, rows, day(A), WHOLE, keys=("county", "kpi"))
    ((place, words),) = refused(B, before=night)
    assert place == "state KT387"
    assert "monthly, county/kpi”" in words
    once = night_of(A)
    ((place, words),) = refused(B, before=once._replace(state=pl.concat([once.state, once.state])))
    assert place == "state KT387"
    assert words.endswith("it has more than one row of a KPI")


def test_a_state_that_holds_something_else_is_refused() -> None:
    """As one that went through a file of text."""
    before = night_of(A)
    text = before.state.with_columns(pl.col("data_date").cast(pl.String))
    ((place, words),) = refused(B, before=before._replace(state=text))
    assert place == "state KT363"
    assert "“data_date” holds String, and Date is expected" in words


def test_a_night_in_duckdb_with_columns_like_those_of_the_state() -> None:
    """They are the user's own, and no part of what was seen; observations of a stranger are none of its KPIs'."""
    with duckdb.connect() as connection:
        connection.register("wanted", TARGETS.to_arrow())
        connection.register("seen", ROWS.with_columns(pl.col("value") + 0.4).to_arrow())
        own = "1::TINYINT AS _sum, 7 AS _of, 'x' AS _count, kpi::ENUM('a', 'b') AS kpi"
        targets = connection.sql(f"SELECT * EXCLUDE kpi, {own} FROM wanted")
        rows = connection.sql("FROM seen UNION ALL BY NAME SELECT 'zz' AS kpi, DATE '2021-01-31' AS date, 5.0 AS value")
        night = frames.next_night(targets, rows, day(A), WHOLE)
        assert set(night.state.project("kpi").fetchall()) == {("a",), ("b",)}
        night = frames.next_night(targets, rows, day(B), WHOLE, before=night)
        assert night.scores.order("kpi").project("kpi, value, _sum, _of, _count").fetchall() == [
            ("a", 3.8, 1, 7, "x"), ("b", 1.4, 1, 7, "x"),
        ]  # fmt: skip


def test_a_state_whose_days_became_times() -> None:
    """As pandas keeps them: keys that are days, or times of another unit, are the same."""
    for key in (pl.lit(day("2021-01-01")), pl.lit(datetime(2021, 1, 1), pl.Datetime("ms"))):
        targets, rows = TARGETS.head(1).with_columns(kpi=key), ROWS.head(2).with_columns(kpi=key)
        night = frames.next_night(targets, rows, day(A), WHOLE)
        kept = night._replace(state=night.state.to_pandas())
        scores = frames.next_night(targets, rows, day(B), WHOLE, before=kept).scores
        assert scores["value"].to_list() == [3.0]


def test_a_quiet_night_of_pandas() -> None:
    """Nothing has changed, of whatever kind nothing is; a row without a key is none of a KPI."""
    none = pd.DataFrame({"kpi": []})
    assert ordered(night_of(B, before=night_of(A), changed=none).scores) == ordered(night_of(B).scores)
    numbers = {"a": 1, "b": 2}
    targets = TARGETS.to_pandas().assign(kpi=pd.array([1, 2], dtype="Int64"))
    rows = ROWS.to_pandas()
    rows = rows.assign(kpi=pd.array([numbers[name] for name in rows["kpi"][:-1]] + [None], dtype="Int64"))
    night = frames.next_night(targets, rows, day(A), WHOLE)
    night = frames.next_night(targets, rows, day(B), WHOLE, before=night)
    assert list(night.scores["value"])[:1] == [3.0]
    assert night.scores["kpi"].dtype == "Int64"


def test_the_same_day_once_more() -> None:
    """As after a figure has been corrected."""
    again = night_of(B, before=night_of(B), changed=pl.DataFrame({"kpi": ["a"]}))
    assert ordered(again.scores) == ordered(night_of(B).scores)


def test_other_thresholds_go_on() -> None:
    """What was seen does not depend on how it is judged."""
    judged = changed(WHOLE, thresholds=PRESETS["traffic-light"], grace=3)
    found = night_of(B, rules=judged, before=night_of(A)).scores
    assert ordered(found) == ordered(frames.score(TARGETS, ROWS, day(B), judged))


def test_where_nothing_was_seen_everything_is_gathered() -> None:
    """Of nothing it is not known by which rules it is; figures of another year may be there."""
    early = night_of("2020-12-31")
    assert early.state.is_empty()
    other = changed(WHOLE, period=Period(day("2020-01-01"), day("2021-12-31")))
    assert ordered(night_of(B, rules=other, before=early).scores) == ordered(frames.score(TARGETS, ROWS, day(B), other))


def test_a_state_of_more_measures_than_there_are_now() -> None:
    """What is not asked for any more is left aside."""
    before = night_of(A)
    more = before._replace(state=before.state.with_columns(_mean=pl.lit(1.0)))
    assert ordered(night_of(B, before=more).scores) == ordered(night_of(B).scores)


@pytest.mark.parametrize("kind", [pl.Categorical, pl.Enum(["b", "a"])])
def test_what_changed_may_come_from_anywhere(kind: Any) -> None:
    """It is small; its keys are compared as those of the observations are."""
    told = pl.DataFrame({"kpi": ["a"], "why": ["corrected"]}).with_columns(pl.col("kpi").cast(kind))
    full = ordered(night_of(B).scores)
    with duckdb.connect() as connection:
        for one in (told, told.lazy(), told.to_pandas(), told.to_arrow(), connection.from_arrow(told.to_arrow())):
            assert ordered(night_of(B, before=night_of(A), changed=one).scores) == full
        wide = (
            TARGETS.with_columns(kpi=pl.Series([1, 2], dtype=pl.Int32)),
            ROWS.with_columns(kpi=pl.Series([1, 1, 2], dtype=pl.Int32)),
        )
        first = frames.next_night(*wide, day(A), WHOLE)
        told = pl.DataFrame({"kpi": [1, 2**40]})
        night = frames.next_night(*wide, day(B), WHOLE, before=first, changed=told)
        assert ordered(night.scores) == ordered(frames.score(*wide, day(B), WHOLE))


def test_what_changed_without_keys_is_refused() -> None:
    """With the name that is missing, or the kind that cannot be one; a list is no frame."""
    before = night_of(A)
    ((place, words),) = refused(B, before=before, changed=pl.DataFrame({"kpis": ["a"]}))
    assert place == "changed KT362"
    assert "“kpi”" in words
    assert [place for place, _ in refused(B, before=before, changed=pl.DataFrame({"kpi": [1]}))] == ["changed KT363"]
    assert [place for place, _ in refused(B, before=before, changed=["a"])] == ["changed KT360"]
    numbers = before._replace(state=before.state.with_columns(kpi=pl.lit(1)))
    assert [place for place, _ in refused(B, before=numbers)] == ["state KT363"]


def test_a_night_is_a_day() -> None:
    """A datetime is one of Python's dates, and no day of a plan."""
    with pytest.raises(TypeError, match=r"as_of must be a datetime\.date"):
        frames.next_night(TARGETS, ROWS, datetime(2021, 2, 1), WHOLE)
    with pytest.raises(TypeError, match=r"as_of must be a datetime\.date"):
        night_of(B, before=frames.Night("2021-02-01", None, night_of(A).state))  # type: ignore[arg-type]


@pytest.mark.parametrize("engine", ["polars", "pandas", "pyarrow", "duckdb"])
def test_a_state_that_was_kept_as_parquet(engine: str, tmp_path: Path) -> None:
    """It says itself of what it is, and goes on in whatever engine the figures are held by now."""
    night_of(A).state.write_parquet(tmp_path / "state.parquet")
    before = frames.Night(day(A), None, pl.scan_parquet(tmp_path / "state.parquet"))
    with duckdb.connect() as connection:
        ways: dict[str, Callable[[pl.DataFrame], Any]] = {
            "polars": lambda frame: frame.lazy(), "pandas": lambda frame: frame.to_pandas(),
            "pyarrow": lambda frame: frame.to_arrow(), "duckdb": lambda frame: connection.from_arrow(frame.to_arrow()),
        }  # fmt: skip
        there = ways[engine]
        night = frames.next_night(there(TARGETS), there(ROWS), day(B), WHOLE, before=before)
        next_one = frames.next_night(there(TARGETS), there(ROWS), day("2021-04-01"), WHOLE, before=night)
        found = next_one.scores
        scores = found.collect() if engine == "polars" else found.pl() if engine == "duckdb" else pl.DataFrame(found)
    columns = ["kpi", "status", "value", "lag"]
    full = frames.score(TARGETS, ROWS, day("2021-04-01"), WHOLE).select(columns).sort("kpi")
    assert scores.select(columns).sort("kpi").rows() == full.rows()


def test_nights_in_duckdb() -> None:
    """The state stays in the engine."""
    whole = plan(kpi("a", t=9.0))
    rows = Observations([obs("a", "2021-01-31", 1.0), obs("a", "2021-02-28", 2.0)]).to_frame()
    with duckdb.connect() as connection:
        targets, held = connection.from_arrow(whole.to_frame().to_arrow()), connection.from_arrow(rows.to_arrow())
        night = frames.next_night(targets, held, day("2021-02-01"), whole)
        night = frames.next_night(targets, held, day("2021-03-01"), whole, before=night)
        assert night.scores.pl()["value"].to_list() == [3.0]
