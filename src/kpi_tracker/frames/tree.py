"""Roll-up over frames: every node of a tree, for every group, by the rules of `kpi_tracker.rollup`.

The tree is small and is looked through here; the leaves are many and stay in their engine.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import narwhals.stable.v2 as nw

from kpi_tracker.frames.attainment import NO, choose
from kpi_tracker.frames.engine import is_spark, lazily, table
from kpi_tracker.frames.problem import FrameError, fault
from kpi_tracker.frames.rules import Rules
from kpi_tracker.frames.shape import Edge, Tree, read_links, read_nodes
from kpi_tracker.frames.standing import judge_bands
from kpi_tracker.model.exactness import TOLERANCE
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.measure import LAGGING, UNSCORED, WORST_FIRST, Status

if TYPE_CHECKING:
    from narwhals.stable.v2.typing import IntoFrame, IntoFrameT

__all__ = ["roll_up"]

TOP = ""
OUT = [Status.PENDING.value, Status.EXEMPT.value]
COUNTS = {status: f"n_{status.value}" for status in WORST_FIRST}
WHOLE, SHARE = nw.lit(1).cast(nw.Int64()), nw.lit(0).cast(nw.Int64())


def roll_up(
    scores: "IntoFrameT",
    tree: "IntoFrame",
    rules: Rules | Plan,
    *,
    by: Sequence[str] = (),
    links: "IntoFrame | None" = None,
    as_of: date | None = None,
) -> "IntoFrameT":
    """Return the score of every node of a tree, for every group of `by`, in the kind of frame that `scores` is.

    `scores` are the rows that :func:`score` gives, or those of an earlier roll-up, each with the node in which it stands
    (`goal`) and its `weight` there: counties can be rolled up into provinces. `tree` has a row a node (`node`, `parent`,
    and `weight`, `thresholds`, `exempt`, `missing` where they are not 1 and null); it holds for every group. `links` are
    what counts toward nodes of other branches (`item`, `node`, `weight`). `as_of` is the day at which `exempt` is judged.

    Means are fractions, `lag` is in percentage points; what has no value is null.

    Raises:
        FrameError: a column is missing, a node stands twice or under one that is not there, or a circle of links.
    """
    rules = Rules.of(rules) if isinstance(rules, Plan) else rules
    leaves, back = lazily(scores, "scores")
    there = leaves.collect_schema().names()
    needed = [*by, "goal", "weight", "attainment", "expected"]
    wrong = [fault("KT362", "scores", value=c, expected=", ".join(there)) for c in needed if c not in there]
    if wrong:
        raise FrameError(wrong)
    whole = Tree(read_nodes(tree, as_of), read_links(links))
    if is_spark(leaves):
        from kpi_tracker.frames.cluster import share_by_share

        work = partial(_share, tree=whole, rules=rules, by=tuple(by))
        native = leaves.to_native()
        return cast("IntoFrameT", share_by_share(native, by, work, work(native.limit(0).toArrow()).schema))
    return cast("IntoFrameT", back(_Rolling(leaves, whole, rules, tuple(by)).scores()))


def _share(leaves: Any, tree: Tree, rules: Rules, by: tuple[str, ...]) -> Any:
    """Return the roll-up of a share of the groups, as a table of Arrow. Runs in a worker, too."""
    frame, back = lazily(leaves, "scores")
    return back(_Rolling(frame, tree, rules, by).scores())


class _Rolling:
    """One roll-up while it is put together."""

    def __init__(self, leaves: "nw.LazyFrame[Any]", tree: Tree, rules: Rules, by: tuple[str, ...]) -> None:
        self._tree, self._rules, self._by = tree, rules, by
        self._leaves = self._as_children(leaves)

    def _as_children(self, leaves: "nw.LazyFrame[Any]") -> "nw.LazyFrame[Any]":
        """Return leaves with the figures that they count with; of earlier roll-ups they are there."""
        there = leaves.collect_schema().names()
        floats = {name: nw.col(name).cast(nw.Float64()) for name in ("weight", "attainment", "expected")}
        name = nw.col("kpi") if "kpi" in there else nw.lit("")
        path = nw.when(nw.col("goal") == TOP).then(name).otherwise(nw.concat_str(nw.col("goal"), nw.lit("/"), name))
        leaves = leaves.with_columns(nw.col("goal").fill_null(TOP).alias("goal")).with_columns(
            path.alias("_path"), **floats
        )
        if "coverage" in there:
            return leaves.with_columns(
                nw.col("attainment").alias("_a"), nw.col("expected").fill_null(0.0).alias("_e"),
                nw.col("coverage").cast(nw.Float64()).alias("_c"),
            )  # fmt: skip
        status = nw.col("status")
        out = status.is_in(OUT)
        blind = out | status.is_in([one.value for one in UNSCORED])
        met = nw.when(nw.col("met")).then(nw.lit(1.0)).otherwise(nw.lit(0.0))
        only = nw.when(~nw.col("met").is_null()).then(met)
        a = nw.when(~blind).then(nw.coalesce(nw.col("attainment"), only))
        scored = ~a.is_null()
        return leaves.with_columns(
            nw.when(a > 1).then(nw.lit(1.0)).when(a < 0).then(nw.lit(0.0)).otherwise(a).alias("_a"),
            nw.col("expected").fill_null(0.0).alias("_e"),
            nw.when(~out).then(nw.when(scored).then(nw.lit(1.0)).otherwise(nw.lit(0.0))).alias("_c"),
            *(nw.when(status == one.value).then(WHOLE).otherwise(SHARE).alias(name) for one, name in COUNTS.items()),
            WHOLE.alias("kpis"),
            nw.when(scored).then(WHOLE).otherwise(SHARE).alias("scored"),
            nw.when(nw.col("veto") & (status == Status.BREACHED.value)).then(WHOLE).otherwise(SHARE).alias("vetoed"),
            nw.when(nw.col("binding") & status.is_in([one.value for one in LAGGING])).then(WHOLE).otherwise(SHARE)
            .alias("bound"),
            SHARE.alias("unread"),
        )  # fmt: skip

    def scores(self) -> "nw.LazyFrame[Any]":
        """Return a row a group and node. The top speaks for its own tree; what supports a node counts there alone."""
        shown = self._rolled(with_links=self._tree.linked)
        if self._tree.linked:
            tops = [name for name, node in self._tree.nodes.items() if node.parent is None]
            own = self._rolled(with_links=False).filter(nw.col("node").is_in(tops))
            shown = nw.concat([shown.filter(~nw.col("node").is_in(tops)), own])
        return self._judged(shown)

    def _rolled(self, with_links: bool) -> "nw.LazyFrame[Any]":
        """Return means and coverage of every node, rank by rank, beside the counts of the leaves below."""
        on = [*self._by, "node"]
        direct = self._direct(with_links)
        nodes = self._nodes(with_links)
        found: nw.LazyFrame[Any] | None = None
        for rank in self._tree.ranks(with_links):
            children = [direct.filter(nw.col("node").is_in(rank))]
            edges = [edge for edge in self._tree.edges(with_links) if edge.node in rank]
            if found is not None and edges:
                children.append(self._of_nodes(found, edges))
            here = nw.concat(children).group_by(*on).agg(
                *(nw.col(name).sum() for name in ("_scored", "_sum_a", "_sum_e", "_counting", "_sum_c"))
            )  # fmt: skip
            missing = {n: self._tree.nodes[n].missing or 0.0 for n in rank if not self._tree.nodes[n].exempt}
            here = nodes.filter(nw.col("node").is_in(rank)).join(here, on=on, how="left")
            here = self._means(here, missing)
            found = here if found is None else nw.concat([found, here])
        assert found is not None  # noqa: S101 - a tree without a node has no rank, and `table` refuses it
        return found.join(self._counts(with_links), on=on, how="left")

    def _nodes(self, with_links: bool) -> "nw.LazyFrame[Any]":
        """Return every node for every group, with how many of it and of what is below it could not be read."""
        below = self._tree.below(with_links)
        unread = {
            name: sum(self._tree.nodes[one].missing is not None and not self._tree.nodes[one].exempt for one in items)
            for name, items in below.items()
        }
        nodes = table(self._leaves, {"node": ("text", list(unread)), "_unread": ("int", list(unread.values()))})
        if not self._by:
            return nodes
        return self._leaves.select(*self._by).unique(list(self._by)).join(nodes, how="cross")

    def _direct(self, with_links: bool) -> "nw.LazyFrame[Any]":
        """Return the leaves that stand in each node or support it, as parts of its sums."""
        part = [*self._by, "goal", "_path", "weight", "_a", "_e", "_c"]
        leaves = self._leaves.select(*part)
        found = leaves.with_columns(nw.col("goal").alias("node"))
        if with_links and self._tree.kpi_links:
            links = self._table_of(self._tree.kpi_links)
            linked = leaves.join(links, left_on="_path", right_on="_item", how="inner").with_columns(
                nw.coalesce(nw.col("_weight"), nw.col("weight")).alias("weight")
            )
            found = nw.concat([found.select(*part, "node"), linked.select(*part, "node")])
        return self._parts(found)

    def _of_nodes(self, found: "nw.LazyFrame[Any]", edges: Sequence[Edge]) -> "nw.LazyFrame[Any]":
        """Return nodes that were rolled up as parts of the sums of others."""
        here = found.select(*self._by, nw.col("node").alias("_item"), "_a", "_e", "_c")
        joined = here.join(self._table_of(edges), on="_item", how="inner")
        return self._parts(joined.with_columns(nw.col("_weight").alias("weight")))

    def _table_of(self, edges: Sequence[Edge]) -> "nw.LazyFrame[Any]":
        return table(
            self._leaves,
            {
                "_item": ("text", [edge.item for edge in edges]),
                "node": ("text", [edge.node for edge in edges]),
                "_weight": ("float", [edge.weight for edge in edges]),
            },
        )

    def _parts(self, children: "nw.LazyFrame[Any]") -> "nw.LazyFrame[Any]":
        """Return what each child adds to the sums of its node: only what weighs something counts."""
        weight, nothing = nw.col("weight"), nw.lit(0.0)
        scores = ~nw.col("_a").is_null() & (weight > 0)
        counts = ~nw.col("_c").is_null() & (weight > 0)
        parts = {
            "_scored": nw.when(scores).then(weight), "_sum_a": nw.when(scores).then(weight * nw.col("_a")),
            "_sum_e": nw.when(scores).then(weight * nw.col("_e").fill_null(0.0)),
            "_counting": nw.when(counts).then(weight), "_sum_c": nw.when(counts).then(weight * nw.col("_c")),
        }  # fmt: skip
        return children.select(
            *self._by, "node", *(part.otherwise(nothing).alias(name) for name, part in parts.items())
        )

    def _means(self, here: "nw.LazyFrame[Any]", missing: Mapping[str, float]) -> "nw.LazyFrame[Any]":
        node = nw.col("node")
        lost = choose([(node == name, nw.lit(weight)) for name, weight in missing.items() if weight], nw.lit(0.0))
        scored = nw.when(nw.col("_scored") > 0).then(nw.col("_scored"))
        counting = nw.col("_counting").fill_null(0.0) + lost
        counting = nw.when(counting > 0).then(counting)
        return here.select(
            *self._by, "node", "_unread",
            (nw.col("_sum_a") / scored).alias("_a"), (nw.col("_sum_e") / scored).alias("_e"),
            (nw.col("_sum_c").fill_null(0.0) / counting).alias("_c"),
        )  # fmt: skip

    def _counts(self, with_links: bool) -> "nw.LazyFrame[Any]":
        """Return the counts of the leaves below every node, each leaf once."""
        below = [(name, item) for name, items in self._tree.below(with_links).items() for item in items]
        pairs = table(
            self._leaves, {"node": ("text", [pair[0] for pair in below]), "goal": ("text", [pair[1] for pair in below])}
        )
        names = [*COUNTS.values(), "kpis", "scored", "vetoed", "bound", "unread"]
        leaves = self._leaves.select(*self._by, "goal", "_path", *names)
        found = leaves.join(pairs, on="goal", how="inner")
        if with_links and self._tree.kpi_links:
            above = self._tree.below(with_links)
            linked = [
                Edge(link.item, name, None)
                for link in self._tree.kpi_links for name, items in above.items() if link.node in items
            ]  # fmt: skip
            more = leaves.join(self._table_of(linked), left_on="_path", right_on="_item", how="inner")
            columns = [*self._by, "node", "_path", *names]
            found = nw.concat([found.select(*columns), more.select(*columns)]).unique([*self._by, "node", "_path"])
        return found.group_by(*self._by, "node").agg(*(nw.col(name).sum() for name in names))

    def _judged(self, found: "nw.LazyFrame[Any]") -> "nw.LazyFrame[Any]":
        """Return nodes with pace, lag and status, the first rule that matches."""
        counts = [*COUNTS.values(), "kpis", "scored", "vetoed", "bound"]
        a, e, c = nw.col("attainment"), nw.col("expected"), nw.col("coverage")
        found = found.with_columns(
            nw.col("_a").alias("attainment"), nw.col("_e").alias("expected"), nw.col("_c").alias("coverage"),
            *(nw.col(name).fill_null(0).cast(nw.Int64()).alias(name) for name in counts),
            (nw.col("unread").fill_null(0) + nw.col("_unread")).cast(nw.Int64()).alias("unread"),
        )  # fmt: skip
        found = found.with_columns(
            (a / nw.when(e != 0).then(e)).alias("pace"), ((e - a) * 100.0).alias("lag")
        ).with_columns(self._band().alias("_band"))
        nodes = self._tree.nodes.values()
        exempt = [node.name for node in nodes if node.exempt]
        is_exempt = nw.col("node").is_in(exempt) if exempt else NO
        at_most = nw.lit(f"0{Status.AT_RISK.value}")
        better = nw.col("_band").is_in([f"0{Status.AHEAD.value}", f"0{Status.ON_TRACK.value}"])
        counting = (nw.col("kpis") > nw.col("n_pending") + nw.col("n_exempt")) | (nw.col("unread") > 0)
        vetoed, done, scored = nw.col("vetoed") > 0, nw.col("n_achieved"), nw.col("scored")

        def plain(status: Status) -> nw.Expr:
            return nw.lit(f"0{status.value}")

        nothing = nw.when(vetoed).then(plain(Status.BREACHED)).otherwise(plain(Status.UNKNOWN))
        low = (c < self._rules.coverage_floor - TOLERANCE) | a.is_null()
        status = choose(
            [
                (is_exempt, plain(Status.EXEMPT)), (~counting, plain(Status.PENDING)), (c.is_null(), nothing),
                (low, plain(Status.UNKNOWN)), (vetoed, plain(Status.BREACHED)),
                (scored == done, plain(Status.ACHIEVED)), (scored == done + nw.col("n_missed"), plain(Status.MISSED)),
                ((nw.col("bound") > 0) & better, at_most),
            ],
            nw.col("_band"),
        )  # fmt: skip
        worst = choose([(nw.col(name) > 0, nw.lit(one.value)) for one, name in COUNTS.items()],
                       nw.lit(None).cast(nw.String()))  # fmt: skip
        found = found.with_columns(status.alias("_full"), worst.alias("worst"))
        full = nw.col("_full")
        lagging = full.str.slice(1) == Status.LAGGING.value
        severity = nw.when(lagging).then(full.str.head(1).cast(nw.Int64())).otherwise(SHARE)
        return found.select(
            *self._by, "node", full.str.slice(1).alias("status"), severity.alias("severity"), "attainment", "expected",
            "pace", "lag", "coverage", "worst", *counts, "unread",
        )  # fmt: skip

    def _band(self) -> nw.Expr:
        """Return what pace and lag say by each node's own thresholds."""
        pace, lag, rules = nw.col("pace"), nw.col("lag").fill_null(0.0), self._rules
        named: dict[str, list[str]] = {}
        for node in self._tree.nodes.values():
            if node.thresholds is not None:
                named.setdefault(node.thresholds, []).append(node.name)
        cases = [
            (nw.col("node").is_in(names), judge_bands(pace, lag, rules.presets[name])) for name, names in named.items()
        ]
        return choose(cases, judge_bands(pace, lag, rules.thresholds))
