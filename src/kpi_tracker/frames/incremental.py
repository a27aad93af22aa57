"""Night after night: what was seen of a KPI is gathered again only where its rows changed.

What a status asks of the day (is the next figure overdue, has the period ended) is worked out anew for every KPI; that
costs little. Going through the observations is what costs, and that is done for the changed ones alone.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import narwhals.stable.v2 as nw
import polars as pl

from kpi_tracker.frames.checking import check_shape, same_keys
from kpi_tracker.frames.columns import DEFAULT_KEYS, day_in
from kpi_tracker.frames.engine import alike, is_spark, lazily, near
from kpi_tracker.frames.observed import Sight
from kpi_tracker.frames.problem import FrameError, fault
from kpi_tracker.frames.rules import Rules
from kpi_tracker.frames.scoring import Query
from kpi_tracker.model.goal import Plan

if TYPE_CHECKING:
    from narwhals.stable.v2.typing import IntoFrameT

__all__ = ["Night", "next_night"]


class Night(NamedTuple):
    """The scores of a night, and the `state` that the next one goes on from: keep it, as Parquet say."""

    as_of: date
    scores: Any
    state: Any


def next_night(
    targets: "IntoFrameT",
    observations: "IntoFrameT",
    as_of: date,
    rules: Rules | Plan,
    *,
    before: Night | None = None,
    changed: "IntoFrameT | None" = None,
    keys: Sequence[str] = DEFAULT_KEYS,
) -> Night:
    """Return a night's scores, the same as :func:`score` gives, from those of the night `before` and what changed since.

    `changed` has the keys of the KPIs whose observations, or whose row of targets, are not what they were: new, corrected
    and deleted. KPIs with an observation dated after the night before are found here. Without `before` everything is
    gathered. The input is not checked: check it where it comes in. Frames of Spark are not taken: there a full run is
    spread over the workers.

    Raises:
        FrameError: a frame is of Spark, or the state is of other rules or columns.
    """
    rules = Rules.of(rules) if isinstance(rules, Plan) else rules
    wanted, back = lazily(targets, "targets")
    rows, _ = lazily(observations, "observations")
    alike(wanted, rows, "observations")
    if is_spark(wanted):
        raise FrameError([fault("KT360", "targets", value="Spark")])
    check_shape(wanted, rows, keys)
    wanted, rows = same_keys(wanted, rows, keys)
    query = Query(wanted, rows, keys, rules, Sight(as_of))
    if before is None:
        return Night(as_of, back(query.scores()), back(nw.from_native(query.state)))
    kept = near(lazily(before.state, "state")[0])
    on = list(keys)
    day = day_in(rows.collect_schema())
    fresh = rows.filter(day > before.as_of, day <= as_of).select(*on)
    if changed is not None:
        told, _ = same_keys(lazily(changed, "changed")[0], rows, keys)
        fresh = nw.concat([fresh, told.select(*on)])
    fresh = fresh.unique(on)
    again = Query(wanted, rows.join(fresh, on=on, how="inner"), keys, rules, Sight(as_of)).state
    kinds = again.collect_schema()
    there, asked = kept.collect_schema().names(), kinds.names()
    if there != asked:
        raise FrameError([fault("KT362", "state", value=", ".join(asked), expected=", ".join(there))])
    # What was kept in pandas comes back with days as times.
    query.state = pl.concat([kept.cast(kinds).join(near(fresh), on=on, how="anti"), again])
    return Night(as_of, back(query.scores()), back(nw.from_native(query.state)))
