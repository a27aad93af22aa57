"""Roll-up over frames: examples by hand, and what is refused."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import duckdb
import narwhals.stable.v2 as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from kpi_tracker import frames
from kpi_tracker.frames.problem import FrameError
from kpi_tracker.frames.rules import Rules
from kpi_tracker.frames.tree import NODES
from kpi_tracker.model.period import Period
from kpi_tracker.model.thresholds import TRAFFIC_LIGHT, timeline

RULES = Rules(Period(date(2021, 1, 1), date(2021, 12, 31)), 2020)
TREE = pl.DataFrame({"node": ["", "a", "b"], "parent": [None, "", ""]})
ON = "on_track"


def scores(*rows: tuple[Any, ...], **more: list[Any]) -> pl.DataFrame:
    """Return scores of (goal, status, attainment), all expected at 0.5."""
    goal, status, attainment = ([row[i] for row in rows] for i in range(3))
    return pl.DataFrame(
        {"kpi": [f"k{i}" for i in range(len(rows))], "goal": goal, "status": status, "attainment": attainment,
         "expected": [0.5] * len(rows), **more},
        schema_overrides={"attainment": pl.Float64, "expected": pl.Float64, "goal": pl.String, "status": pl.String},
    )  # fmt: skip


FOUR = scores(("a", ON, 0.5), ("a", "lagging", 0.1), ("b", ON, 0.6), ("b", "no_data", None))


def nodes(frame: pl.DataFrame, tree: Any = TREE, rules: Rules = RULES, **more: Any) -> dict[str, dict[str, Any]]:
    """Return the nodes by path."""
    return {row["node"]: row for row in frames.roll_up(frame, tree, rules, **more).iter_rows(named=True)}


def refused(*args: Any, **more: Any) -> list[str]:
    """Return what roll-up says is wrong."""
    with pytest.raises(FrameError) as error:
        frames.roll_up(*args, **more)
    return [f"{one.place}: {one.code}: {one.message()}" for one in error.value.diagnostics]


def test_a_node_is_the_weighted_mean_of_what_is_scored() -> None:
    """And its coverage is the scored share of the weight."""
    found = nodes(FOUR.with_columns(weight=pl.Series([3.0, 1.0, 1.0, 1.0])))
    assert found["a"]["attainment"] == pytest.approx(0.4)
    assert (found["a"]["coverage"], found["b"]["coverage"], found[""]["coverage"]) == (1.0, 0.5, 0.75)
    assert (found["a"]["status"], found["b"]["status"], found[""]["status"]) == ("at_risk", "unknown", "unknown")
    assert found[""]["attainment"] == pytest.approx(0.5)
    assert (found[""]["worst"], found[""]["kpis"], found[""]["scored"], found[""]["n_no_data"]) == ("lagging", 4, 3, 1)


def test_the_columns_are_those_of_the_contract() -> None:
    """In their order, and of these kinds."""
    found = frames.roll_up(FOUR, TREE, RULES)
    figures = ["attainment", "expected", "pace", "lag", "coverage"]
    assert found.columns[:9] == ["node", "status", "severity", *figures, "worst"]
    assert found.columns == [*NODES], "what by refuses as names"
    counts = found.columns[9:]
    assert len(counts) == 13 + 5
    assert counts[-5:] == ["kpis", "scored", "vetoed", "bound", "unread"]
    kinds = {name: found.schema[name] for name in found.columns}
    assert {kinds[name] for name in figures} == {pl.Float64}
    assert {kinds[name] for name in ("severity", *counts)} == {pl.Int64}
    assert {kinds[name] for name in ("node", "status", "worst")} == {pl.String}


@pytest.mark.parametrize(
    ("by", "error"),
    [("county", TypeError), (("county", "county"), ValueError), (("node",), ValueError), (("status",), ValueError),
     (("n_lagging",), ValueError), (("_node",), ValueError)],
)  # fmt: skip
def test_groups_that_cannot_be_told_apart_by_name(by: Any, error: type[Exception]) -> None:
    """A single text, a name twice, or one of the result's own columns."""
    frame = pl.DataFrame(schema={"goal": pl.String, "status": pl.String})
    with pytest.raises(error, match=r"^by must be"):
        frames.roll_up(frame, TREE, RULES, by=by)


def test_what_is_attained_beyond_the_target_hides_nothing() -> None:
    """Each is within 0 and 1 in the mean."""
    found = nodes(scores(("a", "ahead", 7.0), ("a", "regressing", -3.0)))
    assert found["a"]["attainment"] == 0.5


def test_what_is_only_met_or_not_counts_whole_or_not_at_all() -> None:
    """No figure but a yes or a no."""
    found = nodes(scores(("a", ON, None), ("a", ON, None), ("a", "lagging", None), met=[True, None, False]))
    assert (found["a"]["attainment"], found["a"]["scored"]) == (0.5, 2)
    assert found["a"]["coverage"] == pytest.approx(2 / 3)


def test_veto_and_binding_reach_every_node_above() -> None:
    """Also where the means are good."""
    tree = pl.DataFrame({"node": ["", "a", "a/x", "b"], "parent": [None, "", "a", ""]})
    vetoed = scores(("a/x", "breached", 0.0), ("a/x", ON, 1.0), ("b", "lagging", 1.0), veto=[True, True, False],
                    binding=[False, False, True])  # fmt: skip
    found = nodes(vetoed, tree)
    assert [found[name]["status"] for name in ("", "a", "a/x", "b")] == ["breached", "breached", "breached", "at_risk"]
    assert [found[name]["vetoed"] for name in ("", "a", "a/x", "b")] == [1, 1, 1, 0]
    assert (found[""]["bound"], found["b"]["bound"]) == (1, 1)


def test_a_breach_shows_where_what_is_scored_weighs_nothing() -> None:
    """A veto needs no weight; without one nothing is known."""
    zero = scores(("a", "breached", 0.0), ("b", ON, 1.0), veto=[True, False], weight=[0.0, 0.0])
    found = nodes(zero)
    assert (found["a"]["status"], found["b"]["status"], found["b"]["coverage"]) == ("breached", "unknown", None)


def test_all_achieved_or_missed() -> None:
    """Then bands say nothing any more."""
    rows = scores(("a", "achieved", 1.0), ("b", "missed", 0.2))
    found = nodes(rows)
    assert (found["a"]["status"], found["b"]["status"], found[""]["status"]) == ("achieved", "missed", "missed")
    assert nodes(rows.filter(goal="a"))["b"] == {
        **found["b"], "status": "pending", "attainment": None, "expected": None, "pace": None, "lag": None,
        "coverage": None, "worst": None, "kpis": 0, "scored": 0, "n_missed": 0,
    }  # fmt: skip


def test_thresholds_of_a_node_are_those_it_names() -> None:
    """Here by lag in points, with a second severity of lagging, and bounds of one's own without a floor."""
    rules = Rules(RULES.period, 2020, presets={"traffic-light": TRAFFIC_LIGHT, "own": timeline(3.0, 2.0, 1.5, 0.0)})
    tree = TREE.with_columns(thresholds=pl.Series([None, "traffic-light", "own"]))
    found = nodes(scores(("a", ON, 0.1), ("b", ON, 0.6)), tree, rules)
    assert (found["a"]["status"], found["a"]["severity"]) == ("lagging", 2)
    assert (found["b"]["status"], found["b"]["severity"]) == ("on_track", 0)  # within the floor of 0 points
    by_growth = nodes(scores(("a", ON, 0.1)), TREE.with_columns(thresholds=pl.lit("eurostat")))
    assert by_growth["a"]["status"] == "lagging"
    nothing_due = nodes(
        scores(("a", ON, 0.0)).with_columns(expected=0.0), TREE.with_columns(thresholds=pl.lit("eurostat"))
    )
    assert (nothing_due["a"]["status"], nothing_due["a"]["pace"]) == (ON, None)


def test_what_could_not_be_read_lowers_the_coverage() -> None:
    """And is counted apart, up to the top."""
    tree = TREE.with_columns(unread=pl.Series([0, 2, None]), missing=pl.Series([0.0, 3.0, None]))
    found = nodes(scores(("a", ON, 0.5), ("b", ON, 0.5)), tree)
    assert (found["a"]["coverage"], found["a"]["unread"], found["a"]["status"]) == (0.25, 2, "unknown")
    assert (found[""]["unread"], found["b"]["unread"], found["b"]["status"]) == (2, 0, ON)


def test_an_exempt_goal_takes_what_is_below_out_of_the_count() -> None:
    """From its day on; also rows that were scored as if nothing had been."""
    tree = pl.DataFrame(
        {"node": ["", "a", "a/x", "b"], "parent": [None, "", "a", ""], "exempt": [None, date(2021, 7, 1), None, None],
         "unread": [0, 1, 1, 0], "missing": [0.0, 1.0, 1.0, 0.0]}
    )  # fmt: skip
    rows = scores(("a/x", "breached", 0.0), ("b", ON, 0.5), veto=[True, False])
    out = nodes(rows, tree, as_of=date(2021, 7, 1))
    assert [out[name]["status"] for name in ("", "a", "a/x", "b")] == [ON, "exempt", "exempt", ON]
    assert (out[""]["n_exempt"], out[""]["n_breached"], out[""]["vetoed"], out[""]["unread"]) == (1, 0, 0, 0)
    assert (out["a"]["worst"], out["a"]["coverage"]) == ("exempt", None)
    before = nodes(rows, tree, as_of=date(2021, 6, 30))
    assert (before[""]["status"], before["a"]["unread"]) == ("unknown", 2)


def test_a_link_counts_toward_another_goal_and_not_toward_the_plan_again() -> None:
    """A KPI with a weight of its own there, and a goal; each is counted once."""
    rows = scores(("a", ON, 0.2), ("a", ON, 0.4), ("b", ON, 1.0))
    links = pl.DataFrame({"item": ["a/k0"], "node": ["b"], "weight": [3.0]})
    found = nodes(rows, links=links)
    assert found["b"]["attainment"] == pytest.approx((1.0 + 3 * 0.2) / 4)
    assert (found["b"]["kpis"], found["a"]["kpis"], found[""]["kpis"]) == (2, 2, 3)
    assert found[""]["attainment"] == pytest.approx((0.3 + 1.0) / 2)
    whole = nodes(rows, links=pl.DataFrame({"item": ["a", "a/k0"], "node": ["b", "b"], "weight": [None, None]}))
    assert whole["b"]["attainment"] == pytest.approx((1.0 + 0.3 + 0.2) / 3)
    assert (whole["b"]["kpis"], whole[""]["kpis"]) == (3, 3)


def test_a_linked_row_of_an_exempt_goal_is_counted_and_no_more() -> None:
    """It is out of the count where it leads to, too; and nothing counts toward what is out."""
    tree = TREE.with_columns(exempt=pl.Series([None, date(2021, 1, 1), None]))
    rows = scores(("a", "breached", 0.0), ("b", ON, 0.5), veto=[True, False])
    found = nodes(rows, tree, as_of=date(2021, 7, 1), links=pl.DataFrame({"item": ["a/k0"], "node": ["b"]}))
    assert (found["b"]["n_exempt"], found["b"]["vetoed"], found["b"]["attainment"]) == (1, 0, 0.5)
    other = nodes(rows, tree, as_of=date(2021, 7, 1), links=pl.DataFrame({"item": ["b/k1", "b"], "node": ["a", "a"]}))
    assert (other["a"]["kpis"], other["a"]["status"]) == (1, "exempt")


def test_groups_stand_apart_and_have_trees_of_their_own() -> None:
    """A county without a row is there, with nothing to show; links may differ too."""
    rows = FOUR.with_columns(county=pl.Series(["x", "x", "y", "y"]), year=pl.lit(2021))
    same = frames.roll_up(rows, TREE, RULES, by=("county",))
    assert same.height == 6
    tree = pl.DataFrame(
        {"county": ["x", "x", "x", "y", "y", "z"], "node": ["", "a", "a/in", "", "b", ""],
         "parent": [None, "", "a", None, "", None]}
    )  # fmt: skip
    links = pl.DataFrame({"county": ["y"], "item": ["b/k3"], "node": ["b"]})
    found = frames.roll_up(rows, tree, RULES, by=("county",), links=links).sort("county", "node")
    assert found.select("county", "node").rows() == [
        ("x", ""),
        ("x", "a"),
        ("x", "a/in"),
        ("y", ""),
        ("y", "b"),
        ("z", ""),
    ]
    assert found["kpis"].to_list() == [2, 2, 0, 2, 2, 0]
    assert found.filter(county="z")["status"].to_list() == ["pending"]
    by_two = frames.roll_up(rows, tree, RULES, by=("county", "year"), links=links.drop("county").clear())
    assert by_two.filter(node="").select("county", "year", "kpis").sort("county").rows() == [
        ("x", 2021, 2),
        ("y", 2021, 2),
    ]


def test_counties_go_on_into_provinces_and_the_nation() -> None:
    """Nodes are leaves of a wider tree, by a weight if they have one; none is lost on the way."""
    rows = pl.concat([FOUR.with_columns(county=pl.lit(name)) for name in "pqr"])
    plans = frames.roll_up(rows, TREE, RULES, by=("county",)).filter(node="")
    wider = pl.DataFrame({"node": ["cn", "cn/1", "cn/2"], "parent": [None, "cn", "cn"]})
    provinces = {"p": "cn/1", "q": "cn/1", "r": "cn/2"}
    counties = plans.with_columns(goal=pl.col("county").replace_strict(provinces), node=pl.col("county"))
    found = nodes(counties, wider)
    assert {name: row["kpis"] for name, row in found.items()} == {"cn": 12, "cn/1": 8, "cn/2": 4}
    assert found["cn"]["coverage"] == pytest.approx(0.75)
    linked = nodes(counties, wider, links=pl.DataFrame({"item": ["cn/1/p"], "node": ["cn/2"]}))
    assert (linked["cn/2"]["kpis"], linked["cn"]["kpis"]) == (8, 12)


def test_a_tree_may_have_several_tops() -> None:
    """Nobody has to add up what does not belong together."""
    found = nodes(FOUR, pl.DataFrame({"node": ["a", "b"], "parent": [None, None]}))
    assert set(found) == {"a", "b"}
    assert found["a"]["attainment"] == pytest.approx(0.3)


def test_a_status_that_is_missing_is_missing_data() -> None:
    """And a goal that is missing is the plan."""
    found = nodes(scores((None, None, 0.9)))
    assert (found[""]["n_no_data"], found[""]["attainment"], found[""]["status"]) == (1, None, "unknown")


def test_no_figure_is_not_a_number() -> None:
    """What is NaN or infinite in the input is missing."""
    found = nodes(scores(("a", ON, float("nan")), ("a", ON, float("inf")), ("a", ON, 0.5)))
    assert (found["a"]["attainment"], found["a"]["scored"]) == (0.5, 1)


def test_whole_numbers_are_numbers() -> None:
    """Weights and shares that happen to be whole come as integers."""
    rows = scores(("a", ON, 1.0), ("a", "lagging", 0.0)).with_columns(
        pl.col("attainment").cast(pl.Int64), weight=pl.Series([3, 1])
    )
    assert nodes(rows)["a"]["attainment"] == 0.75


@pytest.mark.parametrize("kind", ["pandas", "pyarrow", "lazy", "duckdb"])
def test_the_result_is_of_the_kind_that_came(kind: str) -> None:
    """Lazy where that is lazy."""
    ways: dict[str, Callable[[], Any]] = {
        "pandas": FOUR.to_pandas, "pyarrow": FOUR.to_arrow, "lazy": FOUR.lazy, "duckdb": lambda: FOUR,
    }  # fmt: skip
    given = ways[kind]()
    expected = frames.roll_up(FOUR, TREE, RULES).sort("node")
    if kind == "duckdb":
        with duckdb.connect() as connection:
            found = frames.roll_up(connection.sql("SELECT * FROM given"), TREE.to_pandas(), RULES)
            assert isinstance(found, duckdb.DuckDBPyRelation)
            assert found.pl().sort("node").equals(expected)
        return
    found = frames.roll_up(given, TREE.lazy(), RULES)
    assert type(found) is type(given)
    assert nw.from_native(found).lazy().collect("polars").to_native().sort("node").rows() == expected.rows()


def test_a_pandas_frame_with_dates_as_pandas_has_them() -> None:
    """A tree of pandas has timestamps and NaN."""
    tree = pd.DataFrame(
        {
            "node": ["", "a"],
            "parent": [None, ""],
            "exempt": [pd.NaT, datetime(2021, 7, 1)],
            "weight": [float("nan"), 1.0],
        }
    )
    found = frames.roll_up(FOUR.filter(goal="a").to_pandas(), tree, RULES, as_of=date(2021, 7, 1)).set_index("node")
    assert found.loc["a", "status"] == "exempt"


def test_no_scores_at_all_is_a_tree_of_nothing() -> None:
    """Every node is there and waits."""
    found = nodes(FOUR.clear())
    assert {row["status"] for row in found.values()} == {"pending"}


def test_what_is_no_frame_is_refused() -> None:
    """By the name of its type."""
    assert refused([1], TREE, RULES) == [
        "scores: KT360: “list” is no frame: one of Polars, pandas, PyArrow, DuckDB or PySpark is expected"
    ]
    assert refused(FOUR, {"node": [""]}, RULES)[0].startswith("tree: KT360: ")
    assert refused(pl.Series([1]), TREE, RULES)[0].startswith("scores: KT360: “Series”")


def test_columns_that_are_missing_or_wrong_are_named_all_at_once() -> None:
    """Of scores, tree and links."""
    wrong = FOUR.drop("status").with_columns(attainment=pl.lit("much"))
    assert refused(wrong, TREE, RULES, by=("county",)) == [
        "scores: KT362: the column “county” is missing; there are: kpi, goal, attainment, expected",
        "scores: KT362: the column “status” is missing; there are: kpi, goal, attainment, expected",
        "scores: KT363: the column “attainment” holds String, and numbers is expected",
    ]
    assert refused(FOUR, TREE.drop("parent"), RULES) == ["tree: KT362: the column “parent” is missing; there are: node"]
    links = pl.DataFrame({"item": ["a"]})
    assert refused(FOUR, TREE, RULES, links=links) == ["links: KT362: the column “node” is missing; there are: item"]
    table = TREE.with_columns(weight=pl.lit("x")).to_arrow()
    assert refused(FOUR, table, RULES)[0].startswith("tree: KT363: the column “weight” holds String")


def test_rows_that_nothing_is_known_of_are_named() -> None:
    """Goals that the tree has not, and statuses that are none; unchecked, such rows are left out."""
    strange = scores(("a", ON, 0.5), *((f"z{i}", ON, 0.5) for i in range(7)), ("a", "late", 0.5))
    assert refused(strange, TREE, RULES) == [
        "scores: KT382: goals that the tree does not have, 7 in all: “z0”, “z1”, “z2”, “z3”, “z4”, …",
        "scores: KT365: “status” is late for “a”; it can be: breached, missed, regressing, lagging, no_data, stale, unknown, "
        "at_risk, on_track, ahead, achieved, pending, exempt",
    ]
    assert nodes(strange, checked=False)[""]["kpis"] == 2
    tree = TREE.with_columns(county=pl.lit("x"))
    assert refused(FOUR.with_columns(county=pl.lit("y")), tree, RULES, by=("county",)) == [
        "scores: KT382: goals that the tree does not have, 2 in all: y/“a”, y/“b”"
    ]


@pytest.mark.parametrize(
    ("nodes_", "parents", "more", "said"),
    [
        ([], [], {}, ["it has no row"]),
        (["", "a", "a"], [None, "", ""], {}, ["“a” stands in it twice"]),
        (["", "a"], [None, "x"], {}, ["KT359: the tree has no node “x”, under which others stand"]),
        (["a", "b", "c"], ["b", "a", None], {}, ["KT358: these count toward each other in a circle: a → b → a"]),
        (["", "a"], [None, ""], {"weight": [1.0, -2.0]}, ["the weight of “a” is -2; a weight is 0 or more"]),
        ([""], [None], {"missing": [-1.0]}, ["the weight of “” is -1; a weight is 0 or more"]),
        ([""], [None], {"exempt": [date(2021, 1, 1)]},
         ["goals in it are out of the count from a day on: give as_of, the day of the check"]),
        ([""], [None], {"thresholds": ["timelime"]},
         ["the rules have no thresholds “timelime”; they have: timeline, eurostat, traffic-light; did you mean “timeline”?"]),
    ],
)  # fmt: skip
def test_a_tree_that_cannot_be_used(
    nodes_: list[str], parents: list[str | None], more: dict[str, list[Any]], said: list[str]
) -> None:
    """Every reason is given, with the node."""
    tree = pl.DataFrame(
        {"node": nodes_, "parent": parents, **more}, schema_overrides={"node": pl.String, "parent": pl.String}
    )
    assert refused(FOUR, tree, RULES) == [
        f"tree: {one}" if one.startswith("KT") else f"tree: KT381: the tree cannot be used: {one}" for one in said
    ]


@pytest.mark.parametrize(
    ("item", "node", "said"),
    [
        ("a", "x", "“a” counts toward “x”, and one of the two is not in it"),
        ("x/k", "a", "“x/k” counts toward “a”, and one of the two is not in it"),
        ("a", "", "“a” counts toward “” already, which is the top: no link is needed"),
        ("a", "a", "a → a"),
    ],
)
def test_links_that_cannot_be_used(item: str, node: str, said: str) -> None:
    """A link to the top would count twice."""
    links = pl.DataFrame({"item": [item], "node": [node]})
    (found,) = refused(FOUR, TREE, RULES, links=links)
    assert found.endswith(said)


def test_links_with_a_weight_below_zero_and_circles_across_branches() -> None:
    """The members of a circle are named in their order."""
    links = pl.DataFrame({"item": ["a", "b"], "node": ["b", "a"], "weight": [-1.0, None]})
    assert refused(FOUR, TREE, RULES, links=links)[0].endswith("the weight of “a” is -1; a weight is 0 or more")
    links = links.with_columns(weight=1.0)
    assert refused(FOUR, TREE, RULES, links=links)[0].endswith("circle: a → b → a")


@pytest.mark.parametrize("engine", ["polars", "pandas", "duckdb"])
def test_weights_of_scores_that_are_none(engine: str) -> None:
    """Below 0 or infinite, with the paths of their rows; what is missing is 1."""
    missing = float("nan") if engine == "pandas" else None
    rows = FOUR.with_columns(weight=pl.Series([-1.0, float("inf"), 2.0, missing]), county=pl.lit("x"))
    given: Any = rows.to_pandas() if engine == "pandas" else rows
    with duckdb.connect() as connection:
        if engine == "duckdb":
            given = connection.from_arrow(rows.to_arrow())
        said = "scores: KT366: “weight” has no value that can be used for"
        assert refused(given, TREE, RULES) == [f"{said} a/k0, a/k1"]
        assert refused(given, TREE, RULES, by=("county",)) == [f"{said} x/a/k0, x/a/k1"]
    nameless = rows.drop("kpi").with_columns(weight=pl.Series([1, -1, 0, None]))
    assert refused(nameless, TREE, RULES) == [f"{said} a"]
    assert nodes(nameless.with_columns(weight=pl.lit(None)))["a"]["attainment"] == pytest.approx(0.3)


@pytest.mark.parametrize("engine", ["polars", "pandas", "duckdb"])
def test_links_of_a_row_that_no_group_has(engine: str) -> None:
    """Though its goal has rows. Where none came of the goal, or the row is in another group, nothing can be said."""
    rows = pl.concat([FOUR.with_columns(county=pl.lit("x")), FOUR.head(1).with_columns(county=pl.lit("y"))])
    links = pl.DataFrame({"item": ["a/k9", "a/k1", "a/k9"], "node": ["b", "b", "b"], "weight": [1.0, 2.0, 3.0]})
    given: Any = rows.to_pandas() if engine == "pandas" else rows
    with duckdb.connect() as connection:
        if engine == "duckdb":
            given = connection.from_arrow(rows.to_arrow())
        assert refused(given, TREE, RULES, by=("county",), links=links) == [
            "links: KT381: the tree cannot be used: “a/k9” counts toward “b”, and is neither in it nor among the scores"
        ]
        frames.roll_up(given, TREE, RULES, by=("county",), links=links, checked=False)
        frames.roll_up(given, TREE, RULES, by=("county",), links=links.filter(item="a/k1"))
    assert nodes(FOUR.filter(goal="b"), links=links)["b"]["kpis"] == 2


def test_a_fault_of_one_group_names_it() -> None:
    """Of thousands of trees one may be torn."""
    tree = pl.DataFrame({"county": ["x", "y"], "node": ["", "a"], "parent": [None, "q"]})
    with pytest.raises(FrameError) as error:
        frames.roll_up(FOUR.with_columns(county=pl.lit("x")), tree, RULES, by=("county",))
    (fault,) = error.value.diagnostics
    assert (fault.path, fault.place.file) == ("y", "tree")


@pytest.mark.parametrize("column", ["veto", "binding", "met"])
@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_truths_that_are_words_are_refused(column: str, engine: str) -> None:
    """Whether “no” is true would be a guess; 1 and 0 are none."""
    rows = FOUR.with_columns(pl.lit("no").alias(column))
    numbers = FOUR.with_columns(pl.lit(0).alias(column))
    with duckdb.connect() as connection:
        there: Callable[[pl.DataFrame], Any] = (
            (lambda frame: frame) if engine == "polars" else lambda frame: connection.from_arrow(frame.to_arrow())
        )
        (said,) = refused(there(rows), TREE, RULES)
        assert said.startswith("scores: KT363: ")
        assert f"“{column}” holds String" in said
        assert len(frames.roll_up(there(numbers), TREE, RULES)) == 3
    assert len(frames.roll_up(FOUR.with_columns(pl.lit(None).alias(column)), TREE, RULES)) == 3


def test_a_tree_with_days_in_words() -> None:
    """They are no days; a time is one."""
    tree = TREE.with_columns(exempt=pl.Series([None, "2021-01-01", None]))
    (said,) = refused(FOUR, tree, RULES, as_of=date(2021, 7, 1))
    assert said.startswith("tree: KT363: the column “exempt” holds String, and dates")
    times = TREE.with_columns(exempt=pl.Series([None, datetime(2021, 1, 1), None]))
    assert nodes(FOUR, times, as_of=date(2021, 7, 1))["a"]["status"] == "exempt"


def test_the_day_of_a_roll_up_is_a_day() -> None:
    """A datetime is one of Python's dates, and no day of a plan."""
    with pytest.raises(TypeError, match=r"as_of must be a datetime\.date"):
        frames.roll_up(FOUR, TREE, RULES, as_of=datetime(2021, 7, 1))


def test_what_scores_have_beside_is_not_looked_at() -> None:
    """In pandas it may be what no other engine can hold; what is missing is named among all that is there."""
    rows = FOUR.to_pandas().assign(odd=["x", 1, None, 2])
    assert sorted(frames.roll_up(rows, TREE, RULES)["node"]) == ["", "a", "b"]
    (said,) = refused(rows.drop(columns="status"), TREE, RULES)
    assert said.endswith("there are: kpi, goal, attainment, expected, odd")


TOP = pl.DataFrame({"node": [""], "parent": [None]}, schema_overrides={"parent": pl.String})


@pytest.mark.parametrize("form", ["clone", "lazy", "to_pandas", "to_arrow"])
def test_rows_of_no_group_are_refused_where_trees_are_of_groups(form: str) -> None:
    """Nothing joins them with a tree; with one tree for all they are a group."""
    rows = FOUR.with_columns(county=pl.Series([None, "x", "x", "x"]))
    given = getattr(rows, form)()
    (said,) = refused(given, tree_of_each("x"), RULES, by=("county",))
    assert said == "scores: KT366: “county” has no value that can be used for “a”"
    assert len(frames.roll_up(rows, TREE, RULES, by=("county",))) == 6
    odd = pl.concat([tree_of_each("x"), TOP.with_columns(county=pl.lit(None, pl.String))])
    (said,) = refused(FOUR.with_columns(county=pl.lit("x")), odd, RULES, by=("county",))
    assert said == "tree: KT366: “county” has no value that can be used for “”"


def tree_of_each(*counties: str) -> pl.DataFrame:
    """Return the tree for each county."""
    return pl.concat([TREE.with_columns(county=pl.lit(name)) for name in counties])


@pytest.mark.parametrize(
    "kind", [pl.Enum(["x"]), pl.Categorical, pl.Enum(["x", "y"])],
)  # fmt: skip
@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_group_of_the_tree_alone_may_be_no_category_of_the_rows(kind: Any, engine: str) -> None:
    """It is there all the same, with nothing to show."""
    rows = FOUR.with_columns(county=pl.lit("x").cast(kind))
    with duckdb.connect() as connection:
        given: Any = rows if engine == "polars" else connection.from_arrow(rows.to_arrow())
        found = frames.roll_up(given, tree_of_each("x", "y"), RULES, by=("county",))
        nodes = found if isinstance(found, pl.DataFrame) else found.pl()
    tops = nodes.filter(node="").with_columns(pl.col("county").cast(pl.String)).sort("county")
    assert tops.select("county", "status").rows() == [("x", "unknown"), ("y", "pending")]


def test_groups_that_are_numbers() -> None:
    """One of the tree may be too large for the rows' kind; texts are none of them, and texts no days."""
    rows = FOUR.with_columns(county=pl.lit(7, pl.Int8))
    tree = pl.concat([TREE.with_columns(county=pl.lit(one)) for one in (7, 330482)])
    assert set(frames.roll_up(rows, tree, RULES, by=("county",))["county"]) == {7, 330482}
    (said,) = refused(rows, tree_of_each("7"), RULES, by=("county",))
    assert said == "tree: KT363: the column “county” holds String, and Int8 is expected"
    days = FOUR.with_columns(county=pl.lit(date(2021, 1, 1)))
    (said,) = refused(days, TREE.with_columns(county=pl.lit("2021-01-01")), RULES, by=("county",))
    assert said.startswith("tree: KT363: the column “county” holds String")


def test_groups_of_tables_come_back_as_they_were() -> None:
    """Numbers of which one is missing, and categories with all that does not occur."""
    codes = pd.array([2**53, 2**53 + 1, None, None], dtype="Int64")
    order = pd.Categorical(["x", "x", "y", "y"], categories=["z", "y", "x"], ordered=True)
    found = frames.roll_up(FOUR.to_pandas().assign(code=codes, order=order), TREE, RULES, by=("code", "order"))
    assert found["code"].dtype == "Int64"
    assert set(found["code"].dropna()) == {2**53, 2**53 + 1}
    assert found["order"].dtype == order.dtype
    table = FOUR.to_arrow().append_column("code", pa.array(["x", None, "y", "y"]).dictionary_encode())
    nodes = frames.roll_up(table, TREE, RULES, by=("code",))
    assert nodes["code"].type == table["code"].type
    assert set(nodes["code"].to_pylist()) == {"x", None, "y"}


def test_groups_that_nothing_can_be_made_of_again_are_what_they_became() -> None:
    """Stretches of numbers, months: their kinds are lost on the way, and no group is."""
    rows = FOUR.to_pandas()
    for groups in (pd.cut(pd.Series([1, 1, 5, 9]), [0, 3, 10]), pd.PeriodIndex(["2021-01", "2021-01", "2021-02", "2021-02"], freq="M"),
                   pd.IntervalIndex.from_breaks([0, 1, 2, 3, 4])):  # fmt: skip
        found = frames.roll_up(rows.assign(band=groups), TREE, RULES, by=("band",))
        assert found["band"].notna().all()
        assert found["band"].astype(str).nunique() == pd.Series(groups).astype(str).nunique()
    table = FOUR.to_arrow().append_column("code", pa.array([1, 2, 1, 1]).dictionary_encode())
    assert set(frames.roll_up(table, TREE, RULES, by=("code",))["code"].to_pylist()) == {1, 2}


def test_groups_that_are_too_large_for_the_tree() -> None:
    """They are none of its numbers, and told so."""
    rows = FOUR.with_columns(county=pl.Series([1, 2, 1, 2**64 - 1], dtype=pl.UInt64))
    tree = pl.concat([TREE.with_columns(county=pl.lit(one)) for one in (1, 2)])
    (said,) = refused(rows, tree, RULES, by=("county",))
    assert said.startswith(f"scores: KT363: the column “county” holds {2**64 - 1}, and whole numbers of 64 bits")


def test_groups_of_duckdb_that_are_sums() -> None:
    """A sum of whole numbers is a huge one, in the rows and in the tree; it comes back as such."""
    with duckdb.connect() as connection:
        connection.register("scores", FOUR.to_arrow())
        connection.register("tree", TREE.to_arrow())
        rows = connection.sql("SELECT *, 7::HUGEINT AS county FROM scores")
        for kind in ("HUGEINT", "BIGINT", "TINYINT"):
            tree = connection.sql(f"SELECT *, 7::{kind} AS county FROM tree")
            found = frames.roll_up(rows, tree, RULES, by=("county",))
            assert str(found.types[0]) == "HUGEINT"
            assert found.filter("node = ''").project("county, kpis").fetchall() == [(7, 4)]


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_groups_that_are_times(unit: Any) -> None:
    """Of whatever unit, a day is its midnight; zoned ones are those of the tree if they are of one kind."""
    at = datetime(2021, 1, 1)
    rows = FOUR.with_columns(county=pl.lit(at, pl.Datetime("us")))
    for one in (pl.lit(at, pl.Datetime(unit)), pl.lit(at.date())):
        found = frames.roll_up(rows, TREE.with_columns(county=one), RULES, by=("county",))
        assert found.filter(node="")["kpis"].to_list() == [4]
    zoned = pl.lit(at, pl.Datetime("us")).dt.replace_time_zone("UTC")
    found = frames.roll_up(FOUR.with_columns(county=zoned), TREE.with_columns(county=zoned), RULES, by=("county",))
    assert found.filter(node="")["kpis"].to_list() == [4]


def test_a_tree_of_duckdb_by_whatever_case_and_with_columns_that_nobody_reads() -> None:
    """As everywhere in SQL; links too."""
    with duckdb.connect() as connection:
        connection.register("tree", TREE.to_arrow())
        tree = connection.sql(
            "SELECT node AS Node, parent AS PARENT, INTERVAL 3 MONTH AS span, [INTERVAL 3 MONTH] AS spans FROM tree"
        )
        links = connection.sql("SELECT 'a/k0' AS Item, 'b' AS NODE")
        assert nodes(FOUR, tree, links=links)["b"]["kpis"] == 3
        rows = connection.from_arrow(FOUR.to_arrow())
        for name in ("Worst", "STATUS", "Kpis"):
            with pytest.raises(ValueError, match=r"^by must be"):
                frames.roll_up(rows, TREE, RULES, by=(name,))
        found = frames.roll_up(rows, TREE, RULES, by=("Kpi",))
        assert found.columns[:2] == ["Kpi", "node"]
    (said,) = refused(FOUR, TREE.drop("parent").with_columns(parnt=pl.lit("x")), RULES)
    assert said.endswith("the column “parent” is missing; there are: node, parnt")


@pytest.mark.parametrize("unread", [float("inf"), float("nan"), -1.0])
def test_a_number_of_kpis_that_is_none(unread: float) -> None:
    """That could not be read."""
    (said,) = refused(FOUR, TREE.with_columns(unread=pl.Series([0.0, unread, 0.0])), RULES)
    assert "of “a”" in said
    assert said.endswith("that is no number of them")
