"""What roll-up needs of each row: of a KPI, or of a node that was rolled up before."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from kpi_tracker.diagnostics import Diagnostic
from kpi_tracker.frames.attainment import choose
from kpi_tracker.frames.branches import BY_LINK
from kpi_tracker.frames.checking import rows_of, word
from kpi_tracker.frames.columns import as_written
from kpi_tracker.frames.grown import Grown
from kpi_tracker.frames.native import ANY, NUMBER, TRUTH, WORD, require
from kpi_tracker.frames.problem import SHOWN, FrameError, fault, first
from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.measure import LAGGING, UNSCORED, WORST_FIRST, Status

if TYPE_CHECKING:
    import polars as pl

__all__ = ["COUNTS", "EXEMPT_COUNT", "INT", "KNOWN", "SUMS", "check_leaves", "leaves"]

INT = nw.Int64()
FLOAT = nw.Float64()
SUMS = ("_w", "_wa", "_we", "_all", "_covered")
"""The weight that is scored, attained and expected by it; all weight that counts, and its covered part."""
STATUSES = tuple(f"n_{one.value}" for one in WORST_FIRST)
EXEMPT_COUNT = f"n_{Status.EXEMPT.value}"
COUNTS = (*STATUSES, "kpis", "scored", "vetoed", "bound", "unread")
TRUTHS = ("veto", "binding", "met")
KNOWN = ("goal", "kpi", "node", "weight", "status", "attainment", "expected", "coverage", *TRUTHS, *COUNTS)
"""The columns that rows are read from, beside those of groups."""
NONE = nw.lit(None).cast(FLOAT)
NO_WORD = nw.lit(None).cast(nw.String())
OUTSIDE = (Status.PENDING.value, Status.EXEMPT.value)


def leaves(rows: "nw.LazyFrame[Any]", by: Sequence[str], with_paths: bool) -> "nw.LazyFrame[Any]":
    """Return rows with `_goal`, `_weight`, `_a` (attainment within [0, 1]), `_e`, `_c` (coverage), and COUNTS.

    `_a` is null where nothing is scored, `_c` where nothing counts, `_unfit` is 1 where a weight cannot be used.
    `_path` is there where it is asked for.

    Raises:
        FrameError: a column is missing or of the wrong kind.
    """
    schema = rows.collect_schema()
    of_nodes = "coverage" in schema
    ours = {"goal": WORD, "weight": NUMBER, "status": WORD, "attainment": NUMBER, "expected": NUMBER}
    if of_nodes:
        ours = {**ours, **dict.fromkeys(("coverage", *COUNTS), NUMBER)}
    else:
        ours = {**ours, **dict.fromkeys(TRUTHS, TRUTH), **({"kpi": WORD} if with_paths else {})}
    optional = ("weight",) if of_nodes else ("goal", "weight", *TRUTHS)
    require("scores", schema, {**dict.fromkeys(by, ANY), **ours}, optional)
    names = set(schema)
    goal = nw.col("goal").cast(nw.String()).fill_null("") if "goal" in names else nw.lit("")
    weight = number(schema, "weight").fill_null(1.0) if "weight" in names else nw.lit(1.0)
    unfit = one(_no_weight(schema)) if "weight" in names else nw.lit(0).cast(INT)
    found = rows.with_columns(goal.alias("_goal"), weight.alias("_weight"), unfit.alias("_unfit"))
    found = _of_nodes(found, schema) if of_nodes else _of_kpis(found, schema)
    path = []
    if with_paths:
        name = nw.col(_name_in(schema)).cast(nw.String())
        above = nw.when(nw.col("_goal") == "").then(nw.lit("")).otherwise(nw.concat_str(nw.col("_goal"), nw.lit("/")))
        path = [nw.concat_str(above, name).alias("_path")]
    return found.select(*by, "_goal", "_weight", "_status", "_a", "_e", "_c", *COUNTS, "_unfit", *path)


def _name_in(schema: Mapping[str, Any]) -> str:
    """Return the column that names the rows below their goal."""
    return "node" if "coverage" in schema else "kpi"


def _no_weight(schema: Mapping[str, Any]) -> nw.Expr:
    """Return where a weight is below 0 or infinite; what pandas calls missing is NaN."""
    weight = nw.col("weight")
    below = weight < 0
    return below | (~weight.is_finite() & ~weight.is_nan()) if schema["weight"].is_float() else below


def number(schema: Mapping[str, Any], name: str) -> nw.Expr:
    """Return a column of numbers, null where one is not finite: what pandas calls missing is NaN."""
    column = nw.col(name)
    written = as_written(column, schema[name], nw).cast(FLOAT)
    return nw.when(column.is_finite()).then(written).otherwise(NONE) if schema[name].is_float() else written


def _of_kpis(rows: "nw.LazyFrame[Any]", schema: Mapping[str, Any]) -> "nw.LazyFrame[Any]":
    """Return rows of KPIs, each counted by its status; one that is only met or not met counts with 1 or 0."""
    names = set(schema)

    def truth(name: str) -> nw.Expr:
        return nw.col(name).cast(nw.Boolean()).fill_null(False) if name in names else nw.lit(False)

    status = nw.col("status").cast(nw.String()).fill_null(Status.NO_DATA.value)
    a = number(schema, "attainment")
    if "met" in names:
        met = nw.col("met").cast(nw.Boolean())
        only = choose([(met, nw.lit(1.0)), (~met, nw.lit(0.0))], NONE, nw)
        a = nw.coalesce(a, only)
    rows = rows.with_columns(
        status.alias("_status"), a.alias("_a"), number(schema, "expected").fill_null(0.0).alias("_e")
    )
    outside = nw.col("_status").is_in(OUTSIDE)
    unscored = outside | nw.col("_status").is_in([one.value for one in UNSCORED])
    rows = rows.with_columns(nw.when(unscored).then(NONE).otherwise(nw.col("_a").clip(0.0, 1.0)).alias("_a"))
    scored = ~nw.col("_a").is_null()
    vetoed = truth("veto") & (nw.col("_status") == Status.BREACHED.value)
    bound = truth("binding") & nw.col("_status").is_in(sorted(one.value for one in LAGGING))
    return rows.with_columns(
        choose([(outside, NONE), (scored, nw.lit(1.0))], nw.lit(0.0), nw).alias("_c"),
        *(one(nw.col("_status") == name[2:]).alias(name) for name in STATUSES),
        nw.lit(1).cast(INT).alias("kpis"), one(scored).alias("scored"), nw.lit(0).cast(INT).alias("unread"),
        one(vetoed).alias("vetoed"), one(bound).alias("bound"),
    )  # fmt: skip


def one(condition: nw.Expr) -> nw.Expr:
    """Return 1 where a condition holds, else 0."""
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0)).cast(INT)


def _of_nodes(rows: "nw.LazyFrame[Any]", schema: Mapping[str, Any]) -> "nw.LazyFrame[Any]":
    """Return nodes of an earlier roll-up: their counts go on, and their means count with the coverage that they have."""
    return rows.with_columns(
        nw.col("status").cast(nw.String()).fill_null(Status.UNKNOWN.value).alias("_status"),
        number(schema, "attainment").clip(0.0, 1.0).alias("_a"),
        number(schema, "expected").fill_null(0.0).alias("_e"),
        number(schema, "coverage").alias("_c"),
        *(nw.col(name).fill_null(0).cast(INT) for name in COUNTS),
    )


def check_leaves(scores: "nw.LazyFrame[Any]", rows: "nw.LazyFrame[Any]", made: Grown, by: Sequence[str]) -> None:
    """Refuse rows of goals that the tree does not have, statuses that nobody knows, weights that are none, stray links.

    `rows` are the leaves of `scores`. Runs a query, and where weights are wrong one more, to name them.

    Raises:
        FrameError: there are such; the first of them are named.
    """
    columns = [*made.by, "_goal", "_status"]
    paths = sorted(set(made.inflows["_path"]))
    if paths:
        linked = nw.when(nw.col("_path").is_in(paths)).then(nw.col("_path")).otherwise(NO_WORD)
        rows = rows.with_columns(linked.alias("_linked"))
    asked = [*columns, "_linked"] if paths else columns
    table = rows.group_by(*asked).agg(nw.col("_unfit").max()).collect("polars").to_native()
    known = {one.value for one in WORST_FIRST}
    strange: dict[str, None] = {}
    unheard: dict[str, dict[str, None]] = {}
    groupless = [name for name in made.by if table[name].null_count()]
    for *group, goal, status in table.select(columns).drop_nulls(list(made.by)).sort(columns).iter_rows():
        named = "/".join([*map(word, group), f"“{goal}”"])
        if (*map(word, group), goal) not in made.goals:
            strange[named] = None
        if status not in known:
            unheard.setdefault(status, {})[named] = None
    faults = [fault("KT366", "scores", key=name, rows=_goals(table, name)) for name in groupless]
    faults += [fault("KT382", "scores", total=len(strange), rows=first(strange))] if strange else []
    expected = ", ".join(one.value for one in WORST_FIRST)
    faults += [
        fault("KT365", "scores", key="status", value=word, rows=first(goals), expected=expected)
        for word, goals in list(unheard.items())[:SHOWN]
    ]
    if table["_unfit"].sum():
        faults += _weightless(scores, by)
    if paths:
        faults += _stray(made, set(table["_goal"]), set(table["_linked"]))
    if faults:
        raise FrameError(faults)


def _goals(table: "pl.DataFrame", name: str) -> str:
    """Return the first goals whose rows have nothing in a column."""
    return first(f"“{goal}”" for goal in table.filter(table[name].is_null())["_goal"].unique().sort())


def _weightless(scores: "nw.LazyFrame[Any]", by: Sequence[str]) -> list[Diagnostic]:
    """Return that there are weights which cannot be used, with the paths of their rows, or the goals of rows without a name."""
    schema = scores.collect_schema()
    with_paths = _name_in(schema) in schema
    bad = leaves(scores, by, with_paths).filter(nw.col("_unfit") == 1)
    return rows_of(bad, "scores", [*by, "_path" if with_paths else "_goal"], "KT366", key="weight")


def _stray(made: Grown, goals: set[str], paths: set[str]) -> list[Diagnostic]:
    """Return that links name a row which no group has, though there are rows of its goal."""
    links = sorted(
        {(path, to) for path, to, way in made.inflows.select("_path", "_to", "_way").rows() if way == BY_LINK}
    )
    why = N_("“{value}” counts toward “{node}”, and is neither in it nor among the scores")
    stray = [link for link in links if link[0] not in paths and link[0].rpartition("/")[0] in goals]
    return [fault("KT381", "links", reason=Phrase(why, {"value": path, "node": node})) for path, node in stray[:SHOWN]]
