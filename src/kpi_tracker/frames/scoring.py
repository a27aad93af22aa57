"""Scoring over frames: the figures and the status of every KPI of many plans, wherever the data are.

The formulas are those of `kpi_tracker.scoring`, put as one lazy query in the engine that holds the data.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import narwhals.stable.v2 as nw
import polars as pl

from kpi_tracker.frames.attainment import NO, judged, over, sums, value_of
from kpi_tracker.frames.behind import days_behind
from kpi_tracker.frames.checking import check_shape, check_targets
from kpi_tracker.frames.columns import (
    CARRIED,
    DEFAULT_KEYS,
    OBSERVATIONS,
    OURS,
    SCORES,
    TARGETS,
    complete,
    day_in,
    kind_in,
)
from kpi_tracker.frames.comparison import with_comparisons
from kpi_tracker.frames.course import expected_by_base_year, pieces, reached
from kpi_tracker.frames.engine import is_spark, near, near_table
from kpi_tracker.frames.facts import SCHEDULE, Facts, asked, facts_of
from kpi_tracker.frames.given import alike, in_text, lazily
from kpi_tracker.frames.growth import with_growth
from kpi_tracker.frames.keys import same_keys
from kpi_tracker.frames.milestones import steps_of, with_places
from kpi_tracker.frames.moments import Times
from kpi_tracker.frames.native import there
from kpi_tracker.frames.observed import SUMS, Sight, counting, extremes_of_sums, in_spans, state
from kpi_tracker.frames.problem import require_day
from kpi_tracker.frames.rows import check_observations
from kpi_tracker.frames.rules import Rules
from kpi_tracker.frames.standing import at_work, verdict
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.kpi import ProfileKind
from kpi_tracker.model.measure import Measure

if TYPE_CHECKING:
    from narwhals.stable.v2.typing import IntoFrameT

__all__ = ["Query", "score"]


def score(
    targets: "IntoFrameT",
    observations: "IntoFrameT",
    as_of: date,
    rules: Rules | Plan,
    *,
    keys: Sequence[str] = DEFAULT_KEYS,
    known_at: date | datetime | None = None,
    checked: bool = True,
) -> "IntoFrameT":
    """Return a row of scores for every row of `targets`, as of the end of a day, in the kind of frame that `targets` is.

    `keys` are the columns that together tell one KPI from another (`("county", "kpi")`). Of frames that are lazy the
    result is lazy; what occurs in the targets, and whether the input can be scored at all (`checked`), is asked first.
    The columns are described in docs/frames.md. Shares are fractions, `lag` is in percentage points, `days_behind` in
    days; what has no value is null.

    Raises:
        FrameError: a column is missing or of the wrong type, or rows cannot be scored; it names the keys of them.
        TypeError: `as_of` is no date.
        ValueError: `known_at` has an offset.
    """
    require_day(as_of)
    if known_at is not None and not isinstance(known_at, datetime):
        known_at = datetime.combine(known_at, time.max)
    if known_at is not None and known_at.tzinfo is not None:
        raise ValueError("known_at is plan time: give a datetime without offset")
    rules = Rules.of(rules) if isinstance(rules, Plan) else rules
    wanted, back = lazily(targets, "targets", (*keys, *TARGETS))
    rows, _ = lazily(observations, "observations", (*keys, *OBSERVATIONS))
    alike(wanted, rows, "observations")
    check_shape(wanted, rows, keys)
    wanted, rows = same_keys(wanted, rows, keys)
    if checked:
        check_targets(wanted, keys, rules)
        check_observations(complete(wanted, TARGETS), rows, keys)
    sight = Sight(as_of, known_at)
    if is_spark(wanted):
        found = _on_spark(wanted.to_native(), rows.to_native(), keys, rules, sight)
        return cast("IntoFrameT", back(nw.from_native(found), keys))
    query = Query(wanted, rows, keys, rules, sight)
    return cast("IntoFrameT", back(query.scores(), query.kept))


def _on_spark(targets: Any, observations: Any, keys: Sequence[str], rules: Rules, sight: Sight) -> Any:
    """Return scores as a frame of Spark; its schema is that of no rows scored here."""
    from kpi_tracker.frames.cluster import side_by_side

    none = targets.limit(0).toArrow(), observations.limit(0).toArrow()
    work = partial(_share, keys=tuple(keys), rules=rules, sight=sight)
    return side_by_side(targets, observations, keys, work, work(*none).schema)


def _share(targets: Any, observations: Any, keys: Sequence[str], rules: Rules, sight: Sight) -> Any:
    """Return the scores of a share of the rows, as Arrow tables. Runs in a worker, too."""
    local = _local(targets, TARGETS), _local(observations, OBSERVATIONS)
    return score(*local, sight.as_of, rules, keys=keys, known_at=sight.known_at, checked=False)


def _local(table: Any, columns: Iterable[str]) -> Any:
    """Return a table of Arrow with the times of `columns` as the clock of the session shows them."""
    found = pl.DataFrame(table)
    kinds = {name: found.schema[name] for name in columns if name in found.schema}
    zoned = [name for name, kind in kinds.items() if isinstance(kind, pl.Datetime) and kind.time_zone]
    return found.with_columns(pl.col(zoned).dt.replace_time_zone(None)).to_arrow() if zoned else table


class Query:
    """One query while it is put together. `state` is what was seen of every KPI."""

    def __init__(
        self, targets: "nw.LazyFrame[Any]", observations: "nw.LazyFrame[Any]", keys: Sequence[str], rules: Rules,
        sight: Sight,
    ) -> None:  # fmt: skip
        """Ask what occurs in the targets, one row a KPI, which are judged where they are brought; lay out what is seen."""
        self._keys, self._rules, self._sight = tuple(keys), rules, sight
        # Columns that scoring does not know go along under names that none of its own can have.
        names = targets.collect_schema().names()
        self._carried = {OURS + name: name for name in names if name not in {*TARGETS, *keys}}
        brought = near(in_text(targets, self._carried.values())).rename(
            {name: aside for aside, name in self._carried.items()}
        )
        here = asked(complete(nw.from_native(brought), TARGETS).to_native(), rules)
        self._facts: Facts = facts_of(here, rules)
        self._times = Times(self._facts.schedules, rules, sight.as_of)
        self._targets = self._with_spans(here)
        self._observations = observations
        self._seen: pl.LazyFrame | None = None

    @property
    def kept(self) -> list[str]:
        """The columns of targets that scores have as they were: the keys, and those that scoring does not know."""
        return [*self._keys, *self._carried.values()]

    @property
    def state(self) -> pl.LazyFrame:
        """What was seen of every KPI; gathered when it is first asked for, unless it was told."""
        if self._seen is None:
            self._seen = self._state()
        return self._seen

    @state.setter
    def state(self, seen: pl.LazyFrame) -> None:
        """Tell what was seen, so that it is not gathered."""
        self._seen = seen

    def _with_spans(self, targets: pl.LazyFrame) -> pl.LazyFrame:
        """Return targets with what their schedules give: few, so that they are constants or a small table."""
        spans = self._times.spans()
        if len(self._times.schedules) == 1:
            found = targets.join(near_table(spans), how="cross")
        else:
            sorts = ("date", "date", "text", "int", "text", "text", "int")
            columns = list(zip(*self._facts.keys, strict=True)) or [()] * len(SCHEDULE)
            keyed = {name: (sort, values) for name, sort, values in zip(SCHEDULE, sorts, columns, strict=True)}
            found = targets.join(near_table({**keyed, **spans}), on=list(SCHEDULE), how="left")
        if not self._facts.has(Measure.MILESTONE):
            return found
        # A milestone counts every step that is done by the day of the check.
        milestone = pl.col("measure") == Measure.MILESTONE.value
        until = pl.when(milestone).then(pl.lit(self._rules.period.end)).otherwise(pl.col("_last"))
        return found.with_columns(until.alias("_last"))

    def _counting(
        self, observations: "nw.LazyFrame[Any]", window: tuple[date, date] | None = None
    ) -> "nw.LazyFrame[Any]":
        return counting(observations, self._keys, self._facts, self._sight, window)

    def _state(self) -> pl.LazyFrame:
        """Return what was seen of every KPI."""
        facts, keys = self._facts, self._keys
        window = self._times.window(self._rules.period.end if facts.has(Measure.MILESTONE) else None)
        days = None if window else self._targets.select(*keys, "_first", "_last")
        rows = self._counting(self._observations, window)
        spans = None if days is None else there(rows, days)
        found = near(state(in_spans(rows, spans, keys), keys, facts))
        if not facts.has(Measure.LIMIT, *SUMS):
            return found
        # Few, so that going back to them costs less than an engine that works out every use of a frame anew.
        limits = self._targets.filter(pl.col("measure") == Measure.LIMIT.value, sums()).select(*keys)
        few = self._observations.join(there(self._observations, limits), on=list(keys), how="inner")
        columns = [name for name in self._observations.collect_schema().names() if name in OBSERVATIONS]
        rows = self._counting(nw.from_native(near(few.select(*keys, *columns))), window)
        spans = None if days is None else nw.from_native(days)
        extremes = near(extremes_of_sums(in_spans(rows, spans, keys), keys))
        return found.join(extremes, on=list(keys), how="left")

    def scores(self) -> "nw.LazyFrame[Any]":
        """Return the finished rows."""
        keys, facts = self._keys, self._facts
        targets = self._targets
        found = targets.join(self.state, on=list(keys), how="left")
        found = self._at_data_date(found)
        found = found.with_columns(value_of(facts).alias("value"))
        if facts.scales and "_text" in found.collect_schema().names():
            found = with_places(found, facts)
        if facts.has(Measure.MILESTONE):
            found = self._with_steps(found)
        day = day_in(self._observations.collect_schema())
        earlier = self._observations.filter(day <= self._times.last_base_day)
        there_are = earlier.select("date").head(1).collect("polars").shape[0]
        base = near(self._counting(earlier)) if there_are else None
        courses = pieces(targets, base, keys, facts, self._times)
        if facts.follows(ProfileKind.BASELINE_YEAR):
            found = expected_by_base_year(found, courses, keys)
        else:
            found = found.with_columns(NO.alias("_no_course"))
        found = self._judged(found)
        if facts.follows(ProfileKind.POINTS, ProfileKind.BASELINE_YEAR):
            found = reached(found, courses, keys, self._rules)
        found = with_comparisons(found, base, keys)
        found = found.with_columns(days_behind(facts, self._rules).alias("days_behind"))
        found = with_growth(found, facts, self._rules)
        return self._finished(found)

    def _at_data_date(self, found: pl.LazyFrame) -> pl.LazyFrame:
        """Return rows with what holds at their data date. An exempt one has none."""
        out = (pl.col("exempt") <= self._sight.as_of).fill_null(False)
        found = found.with_columns(out.alias("_exempt")).with_columns(
            pl.when(~pl.col("_exempt")).then(pl.col("data_date")).alias("data_date")
        )
        moments = self._times.moments()
        if len(self._times.schedules) == 1:
            del moments["_schedule"]
            on = ["data_date"]
        else:
            on = ["_schedule", "data_date"]
        found = found.join(near_table(moments), on=on, how="left")
        over = pl.col("_over").fill_null(False)
        if self._facts.has(Measure.MILESTONE):
            waits = (pl.col("measure") == Measure.MILESTONE.value) & ~pl.col("data_date").is_null()
            over = over | (waits & pl.col("_over_today"))
        late = pl.when(pl.col("data_date").is_null()).then(pl.col("_late_without") & ~pl.col("_exempt"))
        return found.with_columns(
            over.alias("ended"), late.otherwise(pl.col("_late")).fill_null(False).alias("overdue")
        )

    def _with_steps(self, found: pl.LazyFrame) -> pl.LazyFrame:
        """Return rows with what the steps of milestones come to on the day; a table of numbers tells of none."""
        keys = list(self._keys)
        if "_text" not in found.collect_schema().names():
            found = found.with_columns(pl.lit("").alias("_text"))
        told = found.filter(pl.col("measure") == Measure.MILESTONE.value, ~pl.col("data_date").is_null())
        steps = steps_of(told.select(*keys, "steps", "_text"), keys, self._facts, self._sight.as_of)
        return found.join(steps, on=keys, how="left").with_columns(
            pl.coalesce(pl.col("_done_share"), pl.col("value")).alias("value"),
            pl.col("_late_step").fill_null(False).alias("_late_step"),
        )

    def _judged(self, found: pl.LazyFrame) -> pl.LazyFrame:
        """Return rows with attainment and what follows from it."""
        milestone = pl.col("measure") == Measure.MILESTONE.value
        found = found.with_columns(
            pl.when(~pl.col("data_date").is_null()).then(pl.col("value")).alias("value"),
            (~pl.col("target").is_null() | milestone).alias("_has_target"),
        )
        found = judged(found, self._facts)
        seen = pl.col("_seen")
        a, e = pl.col("attainment"), pl.col("_e")
        found = found.with_columns(
            pl.when(~pl.col("_no_course")).then(e).alias("expected"),
            over(a, e, e > 0).alias("pace"),
            ((e - a) * 100.0).alias("lag"),
        )
        gap = (pl.col("measure") == Measure.RATE.value) & seen
        return found.with_columns(
            pl.when(gap).then(pl.col("value") - pl.col("target")).alias("gap"),
            pl.when(seen & pl.col("_has_target")).then(pl.col("_met")).alias("met"),
        )

    def _finished(self, found: pl.LazyFrame) -> "nw.LazyFrame[Any]":
        """Return rows with their status, and the columns of scores alone."""
        facts = self._facts
        found = found.with_columns(at_work(facts, self._rules).alias("_band"))
        found = found.with_columns(*(expr.alias(name) for name, expr in verdict(facts).items()))
        full, under = pl.col("_full"), pl.col("_underlying")
        known = ~pl.col("_no_course")
        found = found.with_columns(
            without_severity(full).alias("status"),
            severity(full).alias("severity"),
            without_severity(under).alias("underlying"),
            *(pl.when(known).then(pl.col(name)).alias(name) for name in ("pace", "lag")),
        )
        scores = found.select(
            *self._keys,
            *(pl.col(aside).alias(name) for aside, name in self._carried.items()),
            *CARRIED,
            *(pl.col(name).cast(kind_in(pl, kind)) for name, kind in SCORES.items()),
        )
        finished: nw.LazyFrame[Any] = nw.from_native(scores)
        return finished


def without_severity(full: pl.Expr) -> pl.Expr:
    """Return the status of `2lagging`."""
    return full.str.slice(1)


def severity(full: pl.Expr) -> pl.Expr:
    """Return the severity of `2lagging`."""
    return full.str.head(1).cast(pl.Int64)
