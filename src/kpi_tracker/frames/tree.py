"""Roll-up over frames: from the rows of scores to every goal of a tree, as `kpi_tracker.rollup` and `nodes` decide.

The query is one chain: rows are summed by goal in one pass, and the few sums are sent up the tree, level by level. What
is sent is no mean but what it is made of, so that a node's figures are the same however its rows were gathered.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from kpi_tracker.frames.attainment import choose
from kpi_tracker.frames.engine import is_sql
from kpi_tracker.frames.given import lazily
from kpi_tracker.frames.grown import Grown, grown, same_groups
from kpi_tracker.frames.leaves import COUNTS, EXEMPT_COUNT, INT, KNOWN, SUMS, check_leaves, leaves
from kpi_tracker.frames.native import beside
from kpi_tracker.frames.problem import require_day
from kpi_tracker.frames.rules import Rules
from kpi_tracker.frames.standing import judge_bands
from kpi_tracker.model.exactness import TOLERANCE
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.measure import WORST_FIRST, Status

if TYPE_CHECKING:
    from narwhals.stable.v2.typing import IntoFrameT

__all__ = ["roll_up"]

Lazy = nw.LazyFrame[Any]
NODES = ("node", "status", "severity", "attainment", "expected", "pace", "lag", "coverage", "worst", *COUNTS)
"""The columns of the result, beside those that it is `by`."""
GOOD = (Status.AHEAD.value, Status.ON_TRACK.value)
NO_NUMBER, NO_WORD = nw.lit(None).cast(nw.Float64()), nw.lit(None).cast(nw.String())
FLOATS, WHOLES = SUMS, COUNTS
GRID, LIGHT, PLACES = 2.0**40, 2.0**-6, 12


def roll_up(
    scores: "IntoFrameT",
    tree: Any,
    rules: Rules | Plan,
    *,
    by: Sequence[str] = (),
    as_of: date | None = None,
    links: Any = None,
    checked: bool = True,
    repeatable: bool = False,
) -> "IntoFrameT":
    """Return a row for every node of `tree` (and every group of the columns `by`), in the kind of frame that `scores` is.

    `scores` are rows of KPIs as `score` gives them, or nodes from an earlier roll-up with the columns `goal`, the node
    that they stand below now, and `weight`. `tree` and `links`, frames of any engine, are small and read at once; they
    hold for every group unless they have columns of `by`. Without `as_of` no goal of the tree may be exempt. What the
    columns hold is described in docs/frames.md.

    With `checked`, the goals, statuses and weights of `scores`, and whether it has what links name, are looked at first,
    which runs a query; without it, rows of goals that the tree does not have are left out. With `repeatable` means have
    twelve places and come out the same in whatever order rows come, which no engine promises: for files that are
    compared from night to night.

    Raises:
        FrameError: a column is missing or of the wrong kind, the tree leads in a circle or nowhere, there are goals
            or statuses in `scores` that nothing is known of, weights that are none, or links of what is not there.
        TypeError: `by` is a single text, or `as_of` no date.
        ValueError: a name stands in `by` twice, is one of the result's own columns, or begins with `_`.
    """
    if isinstance(by, str):
        raise TypeError(f"by must be a sequence of names, not {by!r}")
    require_day(as_of or date.min)
    require_groups(by)
    rules = Rules.of(rules) if isinstance(rules, Plan) else rules
    given, back = lazily(scores, "scores", (*by, *KNOWN))
    if is_sql(given):
        require_groups([name.lower() for name in by])
    by = tuple(by)
    made = grown(tree, links, by, rules, as_of)
    alike, same = same_groups(given, by, made)
    rows = leaves(alike, by, with_paths=bool(made.inflows.height))
    if checked:
        check_leaves(alike, rows, made, by)
    return back(_Query(rows, made, by, rules, repeatable).nodes(), same)  # type: ignore[no-any-return]


def require_groups(by: Sequence[str]) -> None:
    """Refuse names of groups that are not apart from each other and from the columns of nodes.

    Raises:
        ValueError: they are not.
    """
    if len({*by, *NODES}) < len(by) + len(NODES) or any(name.startswith("_") for name in by):
        own = ", ".join(NODES)
        raise ValueError(f"by must be different names, none that begins with _, and none of {own}; it is {tuple(by)!r}")


class _Query:
    """One query while it is put together."""

    def __init__(self, rows: Lazy, made: Grown, by: tuple[str, ...], rules: Rules, repeatable: bool) -> None:
        self._rows, self._made, self._by, self._rules = rows, made, by, rules
        self._repeatable = repeatable
        self._of_tree = list(made.by)

    def nodes(self) -> Lazy:
        """Return the finished rows."""
        found = self._spread(self._by_goal())
        found = self._shared(found)
        for step in self._made.steps:
            found = self._lifted(found, step)
        return self._finished(found)

    def _part(self, weight: nw.Expr, share: nw.Expr | None = None) -> nw.Expr:
        """Return what is added up. For a sum that repeats it is a multiple of 1 / GRID, so that no order shows in it.

        That moves a mean by less than 1e-10, which its rounding to PLACES takes back for weights of 1 and more. Very small
        weights are left as they are, and where weights sum up to more than 2**13 there is noise, mostly below PLACES.
        """
        part = weight if share is None else weight * share
        if not self._repeatable:
            return part
        return nw.when(weight >= LIGHT).then((part * GRID).round(0) / GRID).otherwise(part)

    def _mean(self, part: str, whole: str) -> nw.Expr:
        """Return one sum over another as it is shown."""
        mean = mean_of(part, whole)
        return mean.round(PLACES) if self._repeatable else mean

    def _beside(self, table: Any) -> Lazy:
        """Return a table of the tree where the rows are; the groups in it are of the kinds that they are of there."""
        small = beside(self._rows, table)
        schema = self._rows.collect_schema()
        kinds = [nw.col(name).cast(schema[name]) for name in self._of_tree if name in table.columns]
        return small.with_columns(*kinds) if kinds else small

    def _summed(self, found: Lazy, keys: Sequence[str]) -> Lazy:
        """Return the sums of all that is summed, by group and `keys`."""
        return found.group_by(*self._by, *keys).agg(
            *(nw.col(name).sum() for name in FLOATS), *(nw.col(name).sum().cast(INT) for name in WHOLES)
        )

    def _by_goal(self) -> Lazy:
        """Return the sums by goal, the only pass over all rows; a row that links name goes more than one way."""
        found = self._rows
        if not self._made.inflows.height:
            found = found.with_columns(nw.lit(0).cast(INT).alias("_way"))
        else:
            inflows = self._beside(self._made.inflows)
            found = found.join(inflows, on=[*self._of_tree, "_path"], how="left").with_columns(
                nw.coalesce(nw.col("_to"), nw.col("_goal")).alias("_goal"),
                nw.col("_way").fill_null(0),
                nw.coalesce(nw.col("_own"), nw.col("_weight")).alias("_weight"),
            )
        weight = nw.col("_weight")
        scored = (weight > 0) & ~nw.col("_a").is_null()
        counting = (weight > 0) & ~nw.col("_c").is_null()
        zero = nw.lit(0.0)
        found = found.with_columns(
            nw.when(scored).then(self._part(weight)).otherwise(zero).alias("_w"),
            nw.when(scored).then(self._part(weight, nw.col("_a"))).otherwise(zero).alias("_wa"),
            nw.when(scored).then(self._part(weight, nw.col("_e"))).otherwise(zero).alias("_we"),
            nw.when(counting).then(self._part(weight)).otherwise(zero).alias("_all"),
            nw.when(counting).then(self._part(weight, nw.col("_c"))).otherwise(zero).alias("_covered"),
        )
        return self._summed(found, ["_goal", "_way"])

    def _spread(self, found: Lazy) -> Lazy:
        """Return the sums by node: in the mean of the goal where they stand, in the counts of all above."""
        found = found.join(self._beside(self._made.routes), on=[*self._of_tree, "_goal", "_way"], how="inner")
        inside, out = nw.col("_out") == 0, nw.col("_out") == 1
        mean = (nw.col("_mean") == 1) & inside
        counted = nw.col("_count") == 1
        none = nw.lit(0).cast(INT)
        whole: dict[str, nw.Expr] = {
            name: nw.when(counted & inside).then(nw.col(name)).otherwise(none) for name in WHOLES if name != "kpis"
        }
        # What stands below a goal that is out of the count is out of it too.
        whole[EXEMPT_COUNT] = choose([(counted & out, nw.col("kpis")), (counted, nw.col(EXEMPT_COUNT))], none, nw)
        whole["kpis"] = nw.when(counted).then(nw.col("kpis")).otherwise(none)
        found = found.with_columns(
            *(nw.when(mean).then(nw.col(name)).otherwise(nw.lit(0.0)).alias(name) for name in FLOATS),
            *(expr.alias(name) for name, expr in whole.items()),
        )
        columns = [*self._by, "_node", *FLOATS, *WHOLES]
        found = found.select(*columns)
        if self._made.groups is not None:
            found = nw.concat([found, self._nothing().select(*columns)], how="vertical")
        return self._summed(found, ["_node"])

    def _nothing(self) -> Lazy:
        """Return a row of nothing for every group that the tree names, so that it is there though nothing is scored."""
        return self._beside(self._made.groups).with_columns(
            *(nw.lit(0.0).alias(name) for name in FLOATS), *(nw.lit(0).cast(INT).alias(name) for name in WHOLES)
        )

    def _shared(self, found: Lazy) -> Lazy:
        """Return all nodes of each group, with what could not be read below them."""
        found = found.join(self._beside(self._made.shares), on=[*self._of_tree, "_node"], how="inner").with_columns(
            (nw.col("_all") + nw.col("_broken_weight")).alias("_all"),
            (nw.col("unread") + nw.col("_missing")).alias("unread"),
            nw.col("_to").alias("_node"),
        )
        return self._summed(found.drop("_to", "_missing", "_broken_weight"), ["_node"])

    def _lifted(self, found: Lazy, step: Any) -> Lazy:
        """Return the sums after the nodes of one height have counted toward those above."""
        found = found.join(self._beside(step), on=[*self._of_tree, "_node"], how="inner")
        stays, own = nw.col("_own").is_null(), nw.col("_own")
        scored, counting = (nw.col("_w") > 0) & (own > 0), (nw.col("_all") > 0) & (own > 0)
        zero = nw.lit(0.0)

        def sent(condition: nw.Expr, value: nw.Expr, name: str) -> nw.Expr:
            return choose([(stays, nw.col(name)), (condition, value)], zero, nw).alias(name)

        found = found.with_columns(
            sent(scored, self._part(own), "_w"),
            sent(scored, self._part(own, mean_of("_wa", "_w")), "_wa"),
            sent(scored, self._part(own, mean_of("_we", "_w")), "_we"),
            sent(counting, self._part(own), "_all"),
            sent(counting, self._part(own, mean_of("_covered", "_all")), "_covered"),
            *(nw.when(stays).then(nw.col(name)).otherwise(nw.lit(0).cast(INT)).alias(name) for name in WHOLES),
            nw.col("_to").alias("_node"),
        )
        return self._summed(found.drop("_to", "_own"), ["_node"])

    def _finished(self, found: Lazy) -> Lazy:
        """Return the nodes that are shown, with their figures and their status."""
        found = found.join(self._beside(self._made.finals), on=[*self._of_tree, "_node"], how="inner")
        found = found.with_columns(
            self._mean("_wa", "_w").alias("attainment"),
            self._mean("_we", "_w").alias("expected"),
            self._mean("_covered", "_all").alias("coverage"),
        )
        a, e = nw.col("attainment"), nw.col("expected")
        found = found.with_columns(
            (a / nw.when(e != 0).then(e).otherwise(NO_NUMBER)).alias("pace"), ((e - a) * 100.0).alias("lag")
        )
        found = found.with_columns(self._band().alias("_band"))
        found = found.with_columns(self._status().alias("status"))
        lagging = nw.col("status") == Status.LAGGING.value
        severity = nw.when(lagging).then(nw.col("_band").str.slice(0, 1).cast(INT)).otherwise(nw.lit(0).cast(INT))
        worst = choose([(nw.col(f"n_{one.value}") > 0, nw.lit(one.value)) for one in WORST_FIRST], NO_WORD, nw)
        return found.select(
            *self._by, nw.col("_path").alias("node"), "status", severity.alias("severity"), "attainment", "expected",
            "pace", "lag", "coverage", worst.alias("worst"), *WHOLES,
        )  # fmt: skip

    def _band(self) -> nw.Expr:
        """Return what pace and lag say by the thresholds of each node."""
        pace, lag = nw.col("pace"), nw.col("lag").fill_null(0.0)
        named = [
            (nw.col("_thresholds") == name, judge_bands(pace, lag, self._rules.presets[name], nw))
            for name in self._made.thresholds
        ]
        return choose(named, judge_bands(pace, lag, self._rules.thresholds, nw), nw)

    def _status(self) -> nw.Expr:
        """Return the status: the first rule of `rollup.node_status` that matches."""
        n: Mapping[Status, nw.Expr] = {one: nw.col(f"n_{one.value}") for one in WORST_FIRST}
        counting = nw.col("kpis") - n[Status.PENDING] - n[Status.EXEMPT]
        vetoed, coverage = nw.col("vetoed") > 0, nw.col("coverage")
        unfinished = nw.col("scored") - n[Status.ACHIEVED] - n[Status.MISSED]
        low = (coverage < self._rules.coverage_floor - TOLERANCE) | nw.col("attainment").is_null()
        band = nw.col("_band").str.slice(1)

        def word(status: Status) -> nw.Expr:
            return nw.lit(status.value)

        return choose(
            [
                (nw.col("_out") == 1, word(Status.EXEMPT)),
                ((counting <= 0) & (nw.col("unread") <= 0), word(Status.PENDING)),
                (coverage.is_null() & vetoed, word(Status.BREACHED)),
                (coverage.is_null() | low, word(Status.UNKNOWN)),
                (vetoed, word(Status.BREACHED)),
                ((unfinished <= 0) & (n[Status.MISSED] <= 0), word(Status.ACHIEVED)),
                (unfinished <= 0, word(Status.MISSED)),
                ((nw.col("bound") > 0) & band.is_in(GOOD), word(Status.AT_RISK)),
            ],
            band,
            nw,
        )


def mean_of(part: str, whole: str) -> nw.Expr:
    """Return one sum over another, null where that is 0."""
    return nw.col(part) / nw.when(nw.col(whole) > 0).then(nw.col(whole)).otherwise(NO_NUMBER)
