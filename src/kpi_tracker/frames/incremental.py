"""Night after night: what was seen of a KPI is gathered again only where its rows changed.

What a status asks of the day (is the next figure overdue, has the period ended) is worked out anew for every KPI; that
costs little. Going through the observations is what costs, and that is done for the changed ones alone.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import narwhals.stable.v2 as nw
import polars as pl

from kpi_tracker.frames.checking import check_shape
from kpi_tracker.frames.columns import DEFAULT_KEYS, OBSERVATIONS, TARGETS, day_in
from kpi_tracker.frames.engine import is_spark, near
from kpi_tracker.frames.given import alike, lazily
from kpi_tracker.frames.keys import same_keys, with_keys_of
from kpi_tracker.frames.native import at_hand, there
from kpi_tracker.frames.observed import SEEN, Sight
from kpi_tracker.frames.problem import FrameError, fault, require_day
from kpi_tracker.frames.rules import Rules
from kpi_tracker.frames.scoring import Query
from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.goal import Plan

if TYPE_CHECKING:
    from narwhals.stable.v2.typing import IntoFrameT

__all__ = ["Night", "next_night"]

Lazy = nw.LazyFrame[Any]
OF = "_of"
"""The column of a state that tells of which day and rules it is; they are part of it wherever it is kept."""


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
    changed: Any = None,
    keys: Sequence[str] = DEFAULT_KEYS,
) -> Night:
    """Return a night's scores, the same as :func:`score` gives, from those of the night `before` and what changed since.

    `changed`, a small frame of any engine, has the keys of the KPIs whose observations, or whose row of targets, are not
    what they were: new, corrected and deleted. KPIs with an observation dated after the night before, and those of which
    nothing had been seen, are found here.
    Without `before` everything is gathered. The input is not checked: check it where it comes in. Frames of Spark are not
    taken: there a full run is spread over the workers.

    Raises:
        FrameError: a frame is of Spark; the state is of another or a later day, of another period, cadence or other keys, or
            cannot be read; `changed` does not have the keys.
        TypeError: `as_of` is no date.
    """
    require_day(as_of)
    rules = Rules.of(rules) if isinstance(rules, Plan) else rules
    wanted, back = lazily(targets, "targets", (*keys, *TARGETS))
    rows, _ = lazily(observations, "observations", (*keys, *OBSERVATIONS))
    alike(wanted, rows, "observations")
    if is_spark(wanted):
        raise FrameError([fault("KT360", "targets", value="Spark")])
    check_shape(wanted, rows, keys)
    wanted, rows = same_keys(wanted, rows, keys)
    query = Query(wanted, rows, keys, rules, Sight(as_of))
    asked = near(wanted.select(*keys))
    if before is not None:
        kept = _kept(before, rows, keys, as_of, rules)
        unseen = asked.join(kept.lazy(), on=[*keys], how="anti")
        fresh = pl.concat([_fresh(rows, keys, before.as_of, as_of, changed), unseen]).unique(keys)
        some = rows.join(there(rows, fresh), on=[*keys], how="inner")
        again = Query(wanted, some, keys, rules, Sight(as_of)).state
        if len(kept) and {*again.collect_schema()} <= {*kept.columns}:
            query.state = _gone_on(kept, fresh, again, keys)
        # Else everything is gathered: of nothing it is not known by which rules, and a new measure asks for what was not seen.
    # What is of no KPI yet was seen within the days of the others.
    state = query.state.join(asked, on=[*keys], how="semi").with_columns(pl.lit(_told(as_of, rules, keys)).alias(OF))
    return Night(as_of, back(query.scores(), query.kept), back(nw.from_native(state), keys))


def _told(as_of: date, rules: Rules, keys: Sequence[str]) -> str:
    """Return what a state depends on beside targets and observations."""
    return f"{as_of}, {rules.period.start} to {rules.period.end}, {rules.cadence.value}, {'/'.join(keys)}"


def _kept(before: Night, rows: Lazy, keys: Sequence[str], as_of: date, rules: Rules) -> pl.DataFrame:
    """Return what was seen by the night `before`.

    Raises:
        FrameError: it is of another day than it is said to be, of a day after this one, of other rules or keys, or twice there.
    """
    require_day(before.as_of)
    table = at_hand(before.state, "state", (*keys, OF, *SEEN))
    there_are = table.get_column(OF).unique().to_list() if OF in table.columns else [""]
    expected = _told(before.as_of, rules, keys)
    other = N_("it is of “{value}”, and one of “{expected}” is asked for")
    later = N_("it is of {day}, which is after {as_of}")
    reasons = [Phrase(other, {"value": one, "expected": expected}) for one in there_are if one != expected]
    if before.as_of > as_of:
        reasons.append(Phrase(later, {"day": before.as_of.isoformat(), "as_of": as_of.isoformat()}))
    if not reasons and len(kept := with_keys_of(rows, keys, table, "state")) > kept.n_unique(keys):
        reasons.append(Phrase(N_("it has more than one row of a KPI")))
    if reasons:
        raise FrameError([fault("KT387", "state", reason=reason) for reason in reasons])
    return kept


def _fresh(rows: Lazy, keys: Sequence[str], then: date, as_of: date, changed: Any) -> pl.LazyFrame:
    """Return the keys of what must be gathered again.

    Raises:
        FrameError: `changed` does not have them.
    """
    day = day_in(rows.collect_schema())
    found = near(rows.filter(day > then, day <= as_of).select(*keys))
    if changed is not None:
        told = with_keys_of(rows, keys, at_hand(changed, "changed", keys), "changed")
        found = pl.concat([found, told.select(keys).lazy()])
    return found


def _gone_on(kept: pl.DataFrame, fresh: pl.LazyFrame, again: pl.LazyFrame, keys: Sequence[str]) -> pl.LazyFrame:
    """Return what was seen: `again` where something is `fresh`, else what was `kept`.

    Raises:
        FrameError: what was kept holds something else.
    """
    faults, columns = [], []
    for name, kind in again.collect_schema().items():
        try:
            columns.append(kept.get_column(name).cast(kind))  # what was kept in pandas comes back with days as times
        except pl.exceptions.PolarsError:
            faults.append(fault("KT363", "state", key=name, value=str(kept.schema[name]), expected=str(kind)))
    if faults:
        raise FrameError(faults)
    return pl.concat([pl.LazyFrame(columns).join(fresh, on=list(keys), how="anti"), again])
