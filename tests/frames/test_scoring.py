"""The frame engine and the object engine give the same scores, on every engine that can be had here."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kpi_tracker
from kpi_tracker import frames
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.kpi import Kpi, Point, ProfileKind
from kpi_tracker.model.measure import Aggregate, Measure, Status
from kpi_tracker.model.observation import Observation, Observations, Value
from kpi_tracker.model.period import Period
from kpi_tracker.model.target import Baseline
from tests.builders import card, day, exempt, goal, held, kpi, limit, obs, plan, steps, target, text
from tests.frames.comparing import differing, differing_nodes
from tests.test_laws import LATER, UNHURRIED, observed

SHIPPED = "goals/pinghu-2021"
Conversion = tuple[Callable[[pl.DataFrame], Any], Callable[[Any], pl.DataFrame]]


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """Return a DuckDB in memory."""
    with duckdb.connect() as opened:
        yield opened


def in_duckdb(connection: duckdb.DuckDBPyConnection) -> Conversion:
    """Return the way into DuckDB and back."""
    return lambda frame: connection.from_arrow(frame.to_arrow()), lambda relation: relation.pl()


def dated(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame that was one of pandas, which has times and no dates."""
    return frame.with_columns(pl.col(name).cast(pl.Date) for name in ("data_date",) if name in frame.columns)


EAGER: Conversion = (lambda frame: frame, lambda frame: frame)
LAZY: Conversion = (lambda frame: frame.lazy(), lambda frame: frame.collect())
PANDAS: Conversion = (lambda frame: frame.to_pandas(), lambda frame: dated(pl.from_pandas(frame)))
ARROW: Conversion = (lambda frame: frame.to_arrow(), lambda table: pl.DataFrame(pl.from_arrow(table)))


def scored(
    whole: Plan, rows: list[Observation], at: date, way: Conversion = EAGER, **more: Any
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the scores of a plan and of its nodes by way of frames."""
    there, back = way
    scores = frames.score(there(whole.to_frame()), there(Observations(rows).to_frame()), at, whole, **more)
    nodes = frames.roll_up(scores, whole.tree_frame(), whole, links=whole.links_frame(), as_of=at)
    return back(scores), back(nodes)


def assert_same(
    whole: Plan, rows: list[Observation], at: date, known: date | None = None, way: Conversion = EAGER
) -> None:
    """Assert that both engines give the same of every KPI and node."""
    scorecard = kpi_tracker.score(whole, rows, at, known)
    scores, nodes = scored(whole, rows, at, way, known_at=known)
    assert differing(scorecard, scores) == []
    assert differing_nodes(scorecard, nodes) == []


@settings(UNHURRIED, max_examples=40)
@given(observed(), LATER, st.none() | LATER)
def test_both_engines_agree_on_every_plan(found: tuple[Plan, list[Observation]], at: date, known: date | None) -> None:
    """Whatever is planned, observed and corrected: the same status and figures within 1e-9, on Polars."""
    assert_same(*found, at, known)


@pytest.mark.parametrize(
    ("way", "examples"), [(LAZY, 10), (PANDAS, 12), (ARROW, 10)], ids=["lazy", "pandas", "pyarrow"]
)
def test_both_engines_agree_by_way_of(way: Conversion, examples: int) -> None:
    """The same with lazy frames, with pandas, in which what is missing is NaN or NaT, and with tables of PyArrow."""

    @settings(UNHURRIED, max_examples=examples)
    @given(observed(), LATER, st.none() | LATER)
    def agree(found: tuple[Plan, list[Observation]], at: date, known: date | None) -> None:
        assert_same(*found, at, known, way)

    agree()


def test_both_engines_agree_on_duckdb(connection: duckdb.DuckDBPyConnection) -> None:
    """The same on relations of DuckDB."""

    @settings(UNHURRIED, max_examples=10)
    @given(observed(), LATER, st.none() | LATER)
    def agree(found: tuple[Plan, list[Observation]], at: date, known: date | None) -> None:
        assert_same(*found, at, known, in_duckdb(connection))

    agree()


@pytest.mark.parametrize("at", ["2021-01-05", "2021-09-30", "2021-11-11", "2022-02-01"])
def test_both_engines_agree_on_the_shipped_plan(at: str) -> None:
    """The whole of it, on days on which figures are due, late and final."""
    whole = kpi_tracker.load_plan(SHIPPED)
    rows = [row for series in kpi_tracker.load_observations(whole).values() for row in series.rows]
    assert_same(whole, rows, day(at))


def test_the_worked_examples() -> None:
    """Figures of the documentation of scoring, by way of frames."""
    whole = plan(
        kpi("cases", b=4632.0, t=5095.2),
        kpi("rank", Measure.LEVEL, b=10.0, t=5.0, cadence=None),
        kpi("share", Measure.LEVEL, b=84.6, t=90.0),
        limit("accidents", at_most=0, veto=True),
        kpi("hall", Measure.MILESTONE, steps=steps(("2021-03-31", 1), ("2021-06-30", 1), ("2021-12-31", 2))),
        kpi("growth", Measure.RATE, t=7.0),
    )
    rows = [
        obs("cases", "2021-09-30", 3100.0), obs("rank", "2021-06-30", 8.0), obs("share", "2021-06-30", 83.9),
        obs("accidents", "2021-06-30", 1.0), obs("hall", "2021-06-30", ("s1",)), obs("growth", "2021-09-30", 6.1),
    ]  # fmt: skip
    found = {row["kpi"]: row for row in scored(whole, rows, day("2021-10-05"))[0].to_dicts()}
    assert found["cases"]["attainment"] == pytest.approx(0.608416, abs=1e-6)
    assert (found["cases"]["expected"], found["cases"]["status"]) == (0.75, "at_risk")
    assert found["rank"]["underlying"] == "at_risk"
    assert found["share"]["underlying"] == "regressing"
    assert (found["accidents"]["status"], found["accidents"]["attainment"]) == ("breached", 0.0)
    assert found["hall"]["attainment"] == 0.25
    assert found["growth"]["gap"] == pytest.approx(-0.9)


COURSES: dict[str, tuple[Kpi, dict[str, Value]]] = {
    "points with a plateau": (
        kpi(
            t=100.0, profile=ProfileKind.POINTS,
            points=(Point(day("2021-03-31"), 0.5), Point(day("2021-06-30"), 0.5), Point(day("2021-12-31"), 1.0)),
        ),
        {"2021-05-31": 50.0},
    ),
    "all at the end, early": (kpi(t=100.0, profile=ProfileKind.AT_END), {"2021-05-31": 20.0}),
    "all at the end, nothing": (kpi(t=100.0, profile=ProfileKind.AT_END), {"2021-12-31": 0.0}),
    "last year's course": (
        kpi(b=100.0, t=110.0, profile=ProfileKind.BASELINE_YEAR),
        {"2020-03-31": 10.0, "2020-06-30": 40.0, "2020-12-31": 50.0, "2021-05-31": 60.0},
    ),
    "last year's course fell": (
        kpi(b=100.0, t=110.0, profile=ProfileKind.BASELINE_YEAR),
        {"2020-03-31": 10.0, "2020-06-30": -4.0, "2020-12-31": 50.0, "2021-05-31": 60.0},
    ),
    "last year's course is not known, and the bound is broken": (
        limit(at_most=0, profile=ProfileKind.BASELINE_YEAR), {"2021-05-31": 2.0},
    ),
    "last year's cumulative figures": (
        kpi(b=100.0, t=110.0, aggregate=Aggregate.NEWEST),
        {"2020-01-31": 10.0, "2020-02-29": 40.0, "2021-01-31": 20.0, "2021-02-28": 50.0},
    ),
    "nothing of it": (kpi(t=5.0), {}),
    "held": (held(1.0, down=True), {"2021-05-31": 1.0}),
    "given up": (kpi(t=5.0, exempt=exempt("2021-02-01")), {"2021-05-31": 1.0}),
    "a run of its own": (kpi(t=5.0, start=day("2021-04-01"), due=day("2021-06-15")), {"2021-05-31": 1.0}),
    "worst first": (limit(at_least=3, by=Aggregate.MAX), {"2021-04-30": 2.0, "2021-05-31": 9.0}),
    "best first": (limit(at_most=3, by=Aggregate.MIN), {"2021-04-30": 4.0, "2021-05-31": 1.0}),
}  # fmt: skip


@pytest.mark.parametrize("case", COURSES)
@pytest.mark.parametrize("at", ["2021-06-05", "2022-02-01"])
def test_both_engines_agree_on_courses_of_every_shape(case: str, at: str) -> None:
    """Each alone, so that the query is built for it."""
    one, rows = COURSES[case]
    assert_same(plan(one), [obs(one.id, when, value) for when, value in rows.items()], day(at))


def test_a_plan_of_several_years_and_two_base_years() -> None:
    """A baseline is one year's amount, whatever the length of the plan."""
    whole = plan(
        kpi("a", b=100.0, t=400.0), kpi("b", b=Baseline(100.0, year=2019), t=400.0, thresholds="eurostat"),
        kpi("c", b=Baseline(100.0, year=2018), t=300.0),
        period=Period(date(2021, 1, 1), date(2023, 12, 31)), baseline_year=2020,
    )  # fmt: skip
    rows = [obs(name, when, 30.0) for name in "abc" for when in ("2021-06-30", "2022-06-30")]
    assert_same(whole, rows, day("2022-07-05"))


@pytest.mark.parametrize("way", [LAZY, PANDAS, ARROW])
def test_the_result_is_of_the_kind_of_the_input(way: Conversion) -> None:
    """Lazy stays lazy, pandas stays pandas."""
    there, _ = way
    whole, rows = plan(kpi("a", t=9.0)), [obs("a", "2021-01-31", 1.0)]
    given = there(whole.to_frame())
    found = frames.score(given, there(Observations(rows).to_frame()), day("2021-02-05"), whole)
    assert type(found) is type(given)
    assert type(frames.roll_up(found, whole.tree_frame(), whole)) is type(given)


def test_many_plans_at_once_and_columns_that_are_carried() -> None:
    """Keys tell the KPIs of one county from those of another; what scoring does not know stays beside the scores."""
    targets = pl.DataFrame(
        {
            "county": ["x", "y"], "kpi": ["k", "k"], "measure": ["total"] * 2, "direction": ["increase"] * 2,
            "target": [100, 200], "province": ["p", "q"],
        }
    )  # fmt: skip
    observations = pl.DataFrame(
        {"county": ["x", "y", "x"], "kpi": ["k"] * 3, "date": [day("2021-06-30")] * 2 + [day("2021-05-31")],
         "value": [20, 20, 40]}
    )  # fmt: skip
    rules = frames.Rules(Period(date(2021, 1, 1), date(2021, 12, 31)), 2020)
    found = frames.score(targets, observations, day("2021-07-05"), rules, keys=("county", "kpi")).sort("county")
    assert found["attainment"].to_list() == [0.6, 0.1]
    assert found["province"].to_list() == ["p", "q"]
    assert found.columns[:3] == ["county", "kpi", "province"]


@pytest.mark.parametrize(
    ("known", "value"),
    [(None, 9.0), (datetime(2021, 3, 1), None), (date(2021, 3, 1), 9.0), (datetime(2021, 3, 2), 9.0)],
)
def test_without_a_time_of_recording_a_figure_is_known_at_the_end_of_its_day(known: Any, value: float | None) -> None:
    """As it is for the object engine."""
    targets = plan(kpi("a", t=9.0)).to_frame()
    observations = pl.DataFrame({"kpi": ["a"], "date": [day("2021-03-01")], "value": [9.0]})
    found = frames.score(targets, observations, day("2021-03-05"), plan(), known_at=known)
    assert found["value"].to_list() == [value]


def test_places_of_grades_may_be_given_as_numbers() -> None:
    """Where there are no texts, the value is the place on the scale."""
    one = kpi("g", Measure.GRADE, scale=("A", "B", "C"), b="C", t="A")
    observations = pl.DataFrame({"kpi": ["g"], "date": [day("2021-12-31")], "value": [2.0]})
    found = frames.score(plan(one).to_frame(), observations, day("2021-12-31"), plan()).to_dicts()[0]
    assert (found["value"], found["attainment"], found["status"]) == (2.0, 0.5, "missed")


def test_milestones_that_were_not_checked_have_done_nothing_without_texts() -> None:
    """A table of numbers says nothing of steps; where input is checked it is refused."""
    one = kpi("m", Measure.MILESTONE, steps=steps(("2021-03-31", 1)))
    observations = pl.DataFrame({"kpi": ["m"], "date": [day("2021-03-31")], "value": [1.0]})
    found = frames.score(plan(one).to_frame(), observations, day("2021-04-05"), plan(), checked=False).to_dicts()[0]
    assert (found["attainment"], found["status"], found["days_behind"]) == (0.0, "lagging", 5)
    with pytest.raises(frames.FrameError, match="“text” has no value that can be used for m"):
        frames.score(plan(one).to_frame(), observations, day("2021-04-05"), plan())


def test_no_targets_give_no_scores() -> None:
    """An empty frame is scored, to an empty one."""
    found = frames.score(plan().to_frame(), Observations().to_frame(), day("2021-04-05"), plan())
    assert found.height == 0
    assert "days_behind" in found.columns


def test_misuse_is_refused() -> None:
    """What is no input but a mistake in a script."""
    whole = plan(kpi("a", t=9.0))
    observations = Observations().to_frame()
    with pytest.raises(TypeError, match="as_of must be"):
        frames.score(whole.to_frame(), observations, datetime(2021, 3, 1), whole)
    aware = datetime.fromisoformat("2021-03-01T00:00:00+08:00")
    with pytest.raises(ValueError, match="plan time"):
        frames.score(whole.to_frame(), observations, day("2021-03-01"), whole, known_at=aware)
    with pytest.raises(AttributeError, match="no attribute 'scores'"):
        frames.scores  # noqa: B018


def test_goals_that_are_exempt_take_their_kpis_along() -> None:
    """From the earlier of both dates."""
    whole = plan(goal("g", kpi("a", t=9.0), kpi("b", t=9.0, exempt=exempt("2021-06-01")), exempt=exempt("2021-03-01")))
    found = whole.to_frame()
    assert found["exempt"].to_list() == [day("2021-03-01")] * 2
    assert card(whole, [], "2021-04-01").to_frame()["status"].to_list() == [Status.EXEMPT.value] * 2
    assert text("a").zh == found["title_zh"][0]
    assert target(9.0).value == found["target"][0]


def test_thresholds_of_an_item_get_a_name() -> None:
    """They are found by it in the rules of the plan."""
    from kpi_tracker.model.thresholds import timeline

    strict = timeline(1.2, 1.0, 0.9)
    whole = plan(kpi("a", t=9.0, thresholds=strict), kpi("b", t=9.0))
    rules = frames.Rules.of(whole)
    assert [rules.presets[name] for name in whole.to_frame()["thresholds"]] == [strict, whole.thresholds]
    with pytest.raises(KeyError):
        rules.name_of(timeline(9.0, 8.0, 7.0))
