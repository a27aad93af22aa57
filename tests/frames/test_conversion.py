"""A plan, observations and a scorecard as frames."""

import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

import kpi_tracker
from kpi_tracker import frames
from kpi_tracker.frames.problem import MissingExtraError
from kpi_tracker.frames.rules import Rules
from kpi_tracker.model.goal import Broken, Goal
from kpi_tracker.model.kpi import Point, ProfileKind, Support
from kpi_tracker.model.measure import Aggregate, Cadence, Measure
from kpi_tracker.model.observation import ObservationBasis, Observations
from kpi_tracker.model.scorecard import Scorecard
from kpi_tracker.model.target import Abnormal, Baseline, TargetForm, Tolerance
from kpi_tracker.model.thresholds import EUROSTAT, TIMELINE, TRAFFIC_LIGHT, timeline
from kpi_tracker.model.unit import Text, Unit
from kpi_tracker.record import changed
from tests.builders import card, day, exempt, goal, held, kpi, limit, obs, plan, steps, target, text

ROOT = Path(__file__).resolve().parents[2]
SCALE = ("A", "B", "C")
STRICT = timeline(1.2, 1.0, 0.9, 0.0)


def targets(*items: Goal | kpi_tracker.Kpi, **more: object) -> dict[str, dict[str, object]]:
    """Return the rows of a plan's targets by KPI."""
    return {row["kpi"]: row for row in plan(*items, **more).to_frame().iter_rows(named=True)}


def test_a_target_is_a_row() -> None:
    """What the KPI states, in the kinds that the contract gives; what the plan gives is null."""
    second = Baseline(100.0, year=2019, abnormal=Abnormal(text("flood"), 2018, 90.0))
    one = kpi("k", b=second, t=110.0, unit=Unit(Text("户", "entities")), owner=Text("科", "section"), weight=2.0)
    row = targets(goal("g", one))["k"]
    assert (row["title_zh"], row["title_en"]) == ("k", "k")
    assert (row["unit"], row["owner"], row["goal"], row["weight"]) == ("户", "科", "g", 2.0)
    assert (row["measure"], row["direction"], row["target"], row["form"]) == ("total", "increase", 110.0, "value")
    assert (row["baseline"], row["baseline_year"]) == (100.0, 2019)
    assert (row["abnormal_year"], row["abnormal_value"]) == (2018, 90.0)
    assert (row["profile"], row["veto"], row["binding"]) == ("elapsed", False, False)
    empty = (
        "tolerance",
        "aggregate",
        "points",
        "start",
        "due",
        "cadence",
        "grace",
        "scale",
        "steps",
        "exempt",
    )
    assert [row[name] for name in empty] == [None] * len(empty)


def test_grades_are_places_on_their_scale() -> None:
    """1 is the best; the scale stands beside it."""
    row = targets(kpi("k", Measure.GRADE, b="C", t="A", scale=SCALE))["k"]
    assert (row["target"], row["baseline"], row["scale"]) == (1.0, 3.0, "A; B; C")


def test_steps_points_and_dates_are_written_exactly() -> None:
    """Figures come back as they were."""
    rows = targets(
        kpi("m", Measure.MILESTONE, steps=steps(("2021-03-31", 0.1), ("2021-06-30", 1 / 3))),
        kpi("p", t=1.0, profile=ProfileKind.POINTS, points=(Point(day("2021-06-30"), 0.1), Point(day("2021-12-31"), 1.0)),
            start=day("2021-02-01"), due=day("2021-12-31"), cadence=Cadence.QUARTERLY, grace=5, aggregate=Aggregate.NEWEST),
    )  # fmt: skip
    assert rows["m"]["steps"] == f"s1 2021-03-31 0.1; s2 2021-06-30 {1 / 3!r}"
    assert rows["m"]["form"] is None
    assert rows["p"]["points"] == "2021-06-30 0.1; 2021-12-31 1.0"
    assert (rows["p"]["start"], rows["p"]["due"]) == (day("2021-02-01"), day("2021-12-31"))
    assert (rows["p"]["cadence"], rows["p"]["grace"], rows["p"]["aggregate"]) == ("quarterly", 5, "newest")


def test_forms_and_tolerances() -> None:
    """A tolerance is an amount; a change is the value that it was worked out to."""
    rows = targets(
        changed(held(200.0, tolerance=Tolerance(0.05, relative=True)), id="held"),
        limit("bound", at_most=3.0),
        kpi("change", b=10.0, t=target(11.0, TargetForm.CHANGE)),
    )
    assert (rows["held"]["form"], rows["held"]["tolerance"]) == ("maintain", 10.0)
    assert (rows["bound"]["form"], rows["bound"]["direction"]) == ("at_most", None)
    assert (rows["change"]["form"], rows["change"]["target"]) == ("value", 11.0)


def test_what_a_goal_gives_stands_in_the_row() -> None:
    """The earliest exemption of those above, and the thresholds that judge it, by name."""
    inner = goal("inner", kpi("a", t=1.0, exempt=exempt("2021-02-01")), kpi("b", t=1.0), exempt=exempt("2021-05-01"))
    outer = goal("outer", inner, exempt=exempt("2021-09-01"), thresholds="eurostat")
    rows = targets(outer, kpi("c", t=1.0, thresholds="traffic-light"), kpi("d", t=1.0))
    days = {"a": day("2021-02-01"), "b": day("2021-05-01"), "c": None, "d": None}
    assert {name: row["exempt"] for name, row in rows.items()} == days
    names = {"a": "eurostat", "b": "eurostat", "c": "traffic-light", "d": "timeline"}
    assert {name: row["thresholds"] for name, row in rows.items()} == names


def test_thresholds_that_are_written_out_have_a_name_in_the_rules() -> None:
    """A preset keeps its name; what an item writes itself gets one."""
    own = changed(STRICT, name="own")
    whole = plan(
        goal("a", kpi("k", t=1.0), thresholds=STRICT), goal("b", thresholds=own), goal("c", thresholds=TRAFFIC_LIGHT),
        goal("d", kpi("back", t=1.0, thresholds="timeline"), thresholds="eurostat"),
    )  # fmt: skip
    rules = Rules.of(whole)
    judged = {row["node"]: rules.presets[row["thresholds"]] for row in whole.tree_frame().iter_rows(named=True)}
    assert judged == {"": TIMELINE, "a": STRICT, "b": own, "c": TRAFFIC_LIGHT, "d": EUROSTAT}
    assert [rules.presets[name] for name in whole.to_frame()["thresholds"]] == [STRICT, TIMELINE]
    assert (rules.thresholds, rules.coverage_floor) == (TIMELINE, whole.coverage_floor)
    with pytest.raises(KeyError):
        Rules.of(plan()).name_of(STRICT)


def test_the_tree_has_the_plan_and_every_goal() -> None:
    """With what could not be read right below: the weight, and how many."""
    inner = goal("inner", weight=3.0, exempt=exempt("2021-05-01"), broken=(Broken("x", 2.0), Broken("y")))
    rows = plan(goal("outer", inner), broken=(Broken("z"),)).tree_frame().rows(named=True)
    assert [(row["node"], row["parent"]) for row in rows] == [("", None), ("outer", ""), ("outer/inner", "outer")]
    assert [(row["unread"], row["missing"]) for row in rows] == [(1, 1.0), (0, None), (2, 3.0)]
    assert (rows[2]["weight"], rows[2]["exempt"], rows[2]["title_en"]) == (3.0, day("2021-05-01"), "inner")


def test_links_lead_from_paths_to_paths() -> None:
    """One that leads nowhere is a fault of the plan, told there."""
    whole = plan(
        goal("a", kpi("k", t=1.0, supports=(Support("inner", 2.0), Support("nowhere"))), supports=(Support("b"),)),
        goal("b", goal("inner")),
    )
    assert whole.links_frame().rows() == [("a", "b", 1.0), ("a/k", "b/inner", 2.0)]
    assert plan().links_frame().columns == ["item", "node", "weight"]


def test_observations_are_rows_with_their_corrections() -> None:
    """A number, a grade or the steps that are done; parts are left out."""
    whole = [
        obs("n", "2021-03-31", 5), obs("n", "2021-03-31", 6.0, "2021-04-02T09:30"), obs("g", "2021-03-31", "B"),
        obs("m", "2021-03-31", ("s1", "s2")), changed(obs("m", "2021-02-28", ()), basis=ObservationBasis.ILLUSTRATIVE),
        obs("n", "2021-03-31", 1.0).of_part("district", "zhapu"),
    ]  # fmt: skip
    frame = Observations(whole).to_frame()
    assert frame.rows() == [
        ("n", day("2021-03-31"), 5.0, None, None, "reported"),
        ("n", day("2021-03-31"), 6.0, None, datetime(2021, 4, 2, 9, 30), "reported"),
        ("g", day("2021-03-31"), None, "B", None, "reported"),
        ("m", day("2021-02-28"), None, "", None, "illustrative"),
        ("m", day("2021-03-31"), None, "s1; s2", None, "reported"),
    ]
    assert list(frame.schema.values()) == [pl.String, pl.Date, pl.Float64, pl.String, pl.Datetime("us"), pl.String]
    assert Observations().to_frame().schema == frame.schema


def test_a_scorecard_is_a_row_for_every_kpi() -> None:
    """Every figure of the score, a grade as its place."""
    whole = plan(
        goal("g", kpi("t", b=Baseline(1000.0, abnormal=Abnormal(text("flood"), 2019, 800.0)), t=1200.0, veto=True)),
        kpi("grade", Measure.GRADE, b="C", t="A", scale=SCALE),
        kpi("r", Measure.LEVEL, b=100.0, t=110.0, thresholds="eurostat"),
        kpi("none", t=1.0, binding=True),
    )  # fmt: skip
    rows = [obs("t", "2021-06-30", 660.0), obs("grade", "2021-06-30", "B"), obs("r", "2021-06-30", 104.0)]
    found = card(whole, rows, "2021-07-01")
    frame = found.to_frame()
    by_kpi = {row["kpi"]: row for row in frame.iter_rows(named=True)}
    one = by_kpi["t"]
    assert (one["goal"], one["veto"], one["status"], one["value"], one["data_date"]) == (
        "g", True, "ahead", 660.0, day("2021-06-30")
    )  # fmt: skip
    assert (one["comparison"], one["reference"], one["change"], one["change_abnormal"]) == (
        "pro_rata",
        500.0,
        160.0,
        260.0,
    )
    assert one["relative_abnormal"] == pytest.approx(0.65)
    assert (by_kpi["grade"]["value"], by_kpi["grade"]["target"], by_kpi["grade"]["baseline"]) == (2.0, 1.0, 3.0)
    assert (by_kpi["grade"]["comparison"], by_kpi["grade"]["reference"]) == ("plain", None)
    score = found.find("r")
    assert isinstance(score, kpi_tracker.KpiScore)
    assert score.growth is not None
    assert (by_kpi["r"]["growth"], by_kpi["r"]["growth_ratio"]) == (score.growth.observed, score.growth.ratio)
    assert (by_kpi["none"]["status"], by_kpi["none"]["attainment"], by_kpi["none"]["binding"]) == (
        "no_data",
        None,
        True,
    )
    assert Scorecard(whole, day("2021-07-01"), None, {}).to_frame().schema == frame.schema


def test_the_shipped_plan_goes_into_frames() -> None:
    """All of it, and the roll-up finds what the check finds."""
    found = kpi_tracker.check(ROOT / "goals" / "pinghu-2021", as_of=date(2021, 9, 30))
    assert found.to_frame().height == found.plan.to_frame().height == len(found.kpis)
    nodes = frames.roll_up(
        found.to_frame(), found.plan.tree_frame(), found.plan, as_of=found.as_of, links=found.plan.links_frame()
    )
    top = nodes.row(by_predicate=pl.col("node") == "", named=True)
    assert isinstance(found.top, kpi_tracker.GoalScore)
    assert (top["status"], top["kpis"]) == (found.top.status.value, len(found.kpis))
    assert top["attainment"] == pytest.approx(found.top.attainment)


def test_without_what_it_needs_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what to install, in both languages."""
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(MissingExtraError, match=r"polars needs .* pip install 'kpi-tracker\[frames\]'") as found:
        plan().to_frame()
    assert found.value.diagnostics[0].message("zh") == "polars所需组件未安装：pip install 'kpi-tracker[frames]'"
    monkeypatch.setitem(sys.modules, "kpi_tracker.frames.scoring", None)
    monkeypatch.delitem(vars(frames), "score", raising=False)
    with pytest.raises(MissingExtraError, match="pip install"):
        frames.score  # noqa: B018


def test_the_package_of_frames_loads_nothing_until_it_is_asked() -> None:
    """`from kpi_tracker import frames` is free; its names are there, and no others."""
    code = (
        "import sys\nfrom kpi_tracker import frames\n"
        "assert not {'narwhals', 'polars', 'duckdb', 'pyspark'} & set(sys.modules)\n"
        "assert frames.Rules is frames.Rules and set(dir(frames)) == set(frames.__all__)\n"
        "assert not {'narwhals', 'polars'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT / "src", timeout=60)
    assert all(getattr(frames, name) for name in frames.__all__)
    assert dir(frames) == frames.__all__
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        frames.nothing  # noqa: B018
