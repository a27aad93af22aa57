"""The whole of it as one function: what every group has reported goes in, the league comes out."""

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from kpi_tracker.diagnostics import Diagnostic, Place
from kpi_tracker.diagnostics.rawfile import shown_name
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.language import N_, Phrase
from kpi_tracker.league.group import Group
from kpi_tracker.league.table import League, league_of
from kpi_tracker.many.columns import BASIS, fit, has_meaning, uniform
from kpi_tracker.many.engine import Engine, engine_called
from kpi_tracker.many.files import Lot, damaged_in, is_address, lots, of_engine, said
from kpi_tracker.many.groups import groups_named, read_groups
from kpi_tracker.many.inputs import keep_apart
from kpi_tracker.many.output import OutputError, check_output, written_whole
from kpi_tracker.many.owntargets import Own, read_own
from kpi_tracker.many.problem import DamagedFiles, ManyError
from kpi_tracker.many.reach import reach
from kpi_tracker.many.shares import SHARE, shares_of, write_joined
from kpi_tracker.many.targets import targets_of
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.record import changed, record

if TYPE_CHECKING:
    from collections.abc import Iterator

    import narwhals.stable.v2 as nw
    import polars

__all__ = ["STAGES", "Survey", "check_many"]

STAGES = 5
"""The steps of a run that progress counts: plan and lists, files, who has reported what, scores, the league."""
NAMED = 5
"""So many of those that are wrong are named; of the others the number."""
ILLUSTRATIVE = ("illustrative", "示意")
KEPT = ("goal", "weight", "veto", "binding", "target", "baseline", "status", "severity", "value", "data_date", "attainment",
        "expected", "pace", "lag", "days_behind", "met")  # fmt: skip
"""What is kept of a row of scores beside its keys; the whole row stands in the output."""


@record
class Survey:
    """What is to be scored, and by what.

    `observations` is a Parquet file, a folder, a pattern, or an address (s3://…), which goes to the engine unchanged;
    its column `column` tells groups apart. `groups` is a list of all groups, `targets` one of their own figures (CSV or
    Parquet), where there are such. `engine` is polars, duckdb or spark; `master` is where Spark's master is.
    """

    observations: str
    column: str
    groups: str | None = None
    targets: str | None = None
    engine: str = "polars"
    master: str | None = None


def check_many(
    template: str | os.PathLike[str], survey: Survey, as_of: date | None = None,
    known_at: date | datetime | None = None, output: str | None = None, progress: Callable[[int, int], None] | None = None,
) -> League:  # fmt: skip
    """Score what every group has reported against the plan `template`, and return the league.

    `as_of` is today in the plan's time zone if left out. All scores, a row a group and KPI, go to the Parquet file
    `output` where one is given (of Spark it is a folder of such files), whole or not at all. What cannot be used of the
    data is left out and named in `League.diagnostics`.

    Raises:
        ManyError: nothing could be scored; the exception carries every fault.
        MissingEngine: the engine is not installed.
        OSError: `output` cannot be written, or would destroy what is read (OutputError); what stood there is as it was.
    """
    told = progress or (lambda done, whole: None)
    told(0, STAGES)
    report = Report()
    plan, files = _template(template, report)
    groups = None if survey.groups is None else read_groups(survey.groups, survey.column, report)
    if plan is None:
        raise ManyError(report.diagnostics)
    if output is not None:
        lists = (name for name in (survey.groups, survey.targets) if name is not None)
        keep_apart(output, survey.observations, (*files, *lists))
        check_output(output)
    told(1, STAGES)
    if as_of is None:
        from kpi_tracker.calendar import today

        as_of = today(plan.time_zone)
    engine = engine_called(survey.engine, survey.master, plan.time_zone)
    before = tuple(report.diagnostics)
    damaged: dict[str, str] = {}
    try:
        while True:
            run = _Run(plan, survey, engine, report, damaged)
            try:
                return run.league(groups, (as_of, known_at), output, told)
            except DamagedFiles as error:  # only who reads a file to its end finds that it is
                damaged |= error.files
                report.diagnostics[:] = before
    finally:
        engine.close()


def _template(path: str | os.PathLike[str], report: Report) -> tuple[Plan | None, list[str]]:
    """Return the plan, None where it cannot be used, and the files that were read for it."""
    from kpi_tracker.loading.plan import read_plan

    reading = Report()
    plan, faults = read_plan(path, reading)
    report.diagnostics += faults
    return plan, list(reading.read)


def _rolled(scores: "polars.DataFrame", plan: Plan, column: str, as_of: date) -> "polars.DataFrame":
    from kpi_tracker import frames

    rules = frames.Rules.of(plan)
    rolled: polars.DataFrame = frames.roll_up(
        scores, plan.tree_frame(), rules, by=(column,), as_of=as_of, repeatable=True
    )
    return rolled


class _Run:
    """One run with its engine; what an engine says of a failure becomes a fault with its place."""

    def __init__(
        self, plan: Plan, survey: Survey, engine: Engine, report: Report, damaged: Mapping[str, str]
    ) -> None:  # fmt: skip
        self._plan, self._survey, self._engine, self._report = plan, survey, engine, report
        self._place = Place(shown_name(survey.observations))
        self._rows: dict[str, int] = {}
        self._lots: tuple[Lot, ...] = ()
        self._damaged = damaged
        self._kpis = [item.id for _, item in plan.walk() if isinstance(item, Kpi)]

    def league(
        self, groups: tuple[Group, ...] | None, seen: tuple[date, date | datetime | None], output: str | None,
        told: Callable[[int, int], None],
    ) -> League:  # fmt: skip
        """Return the league of all that is in files that are not known to be damaged.

        Raises:
            DamagedFiles: there are others.
            ManyError: nothing could be scored.
            OSError: `output` cannot be written.
        """
        survey, report = self._survey, self._report
        rows = self.rows()
        if rows is None or (groups is None and survey.groups is not None):
            raise ManyError(report.diagnostics)
        told(2, STAGES)
        reported, illustrative = self.reported(rows)
        groups = self.reconciled(groups, reported)
        known = {group.id for group in groups}
        own = {} if survey.targets is None else read_own(survey.targets, survey.column, self._plan, known, report)
        if own is None:
            raise ManyError(report.diagnostics)
        told(3, STAGES)
        scores = self.scores(rows, groups, own, seen, output)
        told(4, STAGES)
        as_of, known_at = seen
        roll = _rolled(scores, self._plan, survey.column, as_of)
        league = league_of(self._plan, survey.column, groups, as_of, scores, roll)
        told(STAGES, STAGES)
        return changed(league, known_at=known_at, illustrative=illustrative, diagnostics=tuple(report.diagnostics))

    def rows(self) -> "nw.LazyFrame[Any] | None":
        """Return all observations under our names; None where there are none that can be used, reported."""
        import narwhals.stable.v2 as nw

        where, column = self._survey.observations, self._survey.column
        if has_meaning(column):
            reason = N_(
                "“{value}” has a meaning of its own in the data and cannot tell groups apart: name another column in --group"
            )
            self._report.add("KT371", self._place, reason=Phrase(reason, {"value": column}))
            return None
        if is_address(where):
            with self._told():
                native = self._engine.address(where)
                schema = dict(nw.from_native(native).collect_schema())
            columns = fit([*schema.items()], column, self._place, self._report)
            return None if columns is None else uniform(native, columns, column, self._plan.time_zone)
        self._lots = lots(where, column, self._report, self._damaged)
        return self._opened(self._lots) if self._lots else None

    def _opened(self, some: Sequence[Lot]) -> "nw.LazyFrame[Any]":
        """Return the rows of files under our names."""
        import narwhals.stable.v2 as nw

        with self._told():
            found = [
                uniform(self._engine.opened(lot), lot.columns, self._survey.column, self._plan.time_zone)
                for lot in some
            ]
        return nw.concat(found, how="vertical") if len(found) > 1 else found[0]

    def _rows_of(self, share: Sequence[str], rows: "nw.LazyFrame[Any]") -> "nw.LazyFrame[Any]":
        """Return the rows of some groups, of those files alone that can have them where their paths tell."""
        import narwhals.stable.v2 as nw

        column = self._survey.column
        some = [kept for lot in self._lots if (kept := lot.of(column, share)).paths]
        return (self._opened(some) if some else rows).filter(nw.col(column).is_in(list(share)))

    def reported(self, rows: "nw.LazyFrame[Any]") -> tuple["polars.DataFrame", bool]:
        """Return which groups have reported which KPIs (a row each, `_within` is 0 where nothing of it can count).

        Beside it is whether some figure is illustrative.
        """
        import narwhals.stable.v2 as nw

        shown = nw.col(BASIS).is_in(ILLUSTRATIVE).fill_null(False).cast(nw.Int64())
        day, within = nw.col("date"), nw.col("date").is_null()
        for first, last in reach(self._plan):
            within = within | ((day >= first) & (day <= last)).fill_null(False)
        marked = rows.with_columns(shown.alias("_shown"), within.cast(nw.Int64()).alias("_within"))
        asked = nw.col("_shown").max(), nw.col("_within").max(), nw.len().alias("_rows")
        with self._told():
            found = self._engine.given(marked.group_by(self._survey.column, "kpi").agg(*asked).to_native())
        counted = found.select(self._survey.column, "_rows").group_by(self._survey.column).sum()
        self._rows = dict(counted.iter_rows())
        return found.drop("_shown", "_rows"), bool(found["_shown"].sum())

    def reconciled(self, groups: tuple[Group, ...] | None, reported: "polars.DataFrame") -> tuple[Group, ...]:
        """Return all groups; those in the data that no list knows are reported and left out, so are KPIs of no plan."""
        column = self._survey.column
        seen = [id for id in reported[column].unique(maintain_order=False).to_list() if id is not None and id.strip()]
        if groups is None:
            groups = groups_named(seen)
            self._stray("KT385", sorted(id for id in seen if id != id.strip()), [])
        known = {group.id for group in groups}
        for name in (column, "kpi"):
            if reported[name].fill_null("").str.strip_chars().eq("").any():
                self._report.add("KT379", self._place, value=name)
        self._stray("KT374", sorted(set(seen) - known), sorted(known))
        kpis = {id for id in reported["kpi"].unique().to_list() if id is not None and id.strip()}
        self._stray("KT375", sorted(kpis - set(self._kpis)), self._kpis)
        outside = reported.filter(
            reported["_within"] == 0, reported[column].is_in(known), reported["kpi"].is_in(self._kpis)
        )
        self._stray("KT388", sorted("/".join(row) for row in outside.select(column, "kpi").iter_rows()), [])
        if not groups:
            self._report.add("KT371", self._place, reason=Phrase(N_("they hold no row, and no list names the groups")))
            raise ManyError(self._report.diagnostics)
        return groups

    def _stray(self, code: str, found: Sequence[str], known: Sequence[str]) -> None:
        if found:
            near = nearest(found[0], list(known)) if len(found) == 1 else ""
            members = tuple(repr(one) if one != one.strip() else one for one in found[:NAMED])
            self._report.add(code, self._place, total=len(found), members=members, nearest=near)

    def scores(
        self, rows: "nw.LazyFrame[Any]", groups: Sequence[Group], own: Mapping[tuple[str, str], Own | None],
        seen: tuple[date, date | datetime | None], output: str | None,
    ) -> "polars.DataFrame":  # fmt: skip
        """Score all, write the scores where that is asked for, and return what the league is made from."""
        import narwhals.stable.v2 as nw
        import polars as pl

        targets = targets_of(self._plan, self._survey.column, groups, own)
        unusable = [key for key, figures in own.items() if figures is None]
        wanted = [self._survey.column, "kpi", *KEPT]
        with self._told(writing=output is not None):
            shares = self._shares([group.id for group in groups])
            scored = (self._in_order(self._scored(share, targets, rows, seen, unusable)) for share in shares)
            if output is None:
                return pl.concat(
                    [self._engine.given(nw.from_native(one).select(*wanted).to_native()) for one in scored]
                )
            with written_whole(output) as path:
                if len(shares) == 1:
                    self._engine.write(next(scored), path)
                else:
                    write_joined(self._engine, scored, path)
            return self._engine.read(output if is_address(output) else os.path.realpath(output), wanted)

    def _shares(self, groups: Sequence[str]) -> list[tuple[str, ...]]:
        return shares_of(sorted(groups), self._rows, SHARE) if self._engine.in_shares else [tuple(groups)]

    def _in_order(self, scores: Any) -> Any:
        """Return scores by group and KPI, so that shares are as one; of a cluster they stay where they are."""
        import narwhals.stable.v2 as nw

        if not self._engine.in_shares:
            return scores
        return nw.from_native(scores).sort(self._survey.column, "kpi").to_native()

    def _scored(
        self, share: Sequence[str], targets: "polars.DataFrame", rows: "nw.LazyFrame[Any]",
        seen: tuple[date, date | datetime | None], unusable: Sequence[tuple[str, str]],
    ) -> Any:  # fmt: skip
        """Return the scores of some groups, in a frame of the engine's; rows that cannot be scored are left out, reported."""
        import narwhals.stable.v2 as nw

        from kpi_tracker import frames

        rows = self._rows_of(share, rows).drop(BASIS).filter(nw.col("kpi").is_in(self._kpis))
        if unusable:
            rows = rows.join(self._beside(unusable), on=[self._survey.column, "kpi"], how="anti")

        column, (as_of, known_at) = self._survey.column, seen
        asked = self._engine.taken(targets.filter(targets[column].is_in(list(share))))
        held = self._engine.held(rows.to_native())
        score = partial(frames.score, asked, as_of=as_of, rules=frames.Rules.of(self._plan), keys=(column, "kpi"),
                        known_at=known_at)  # fmt: skip
        try:
            scores = score(held)
        except frames.FrameError:  # one county's slip is no reason to tell nothing of all the others
            found = frames.usable(asked, held, keys=(column, "kpi"))
            self._report.diagnostics += map(self._placed, found.faults)
            scores = score(found.observations)
        return self._without_figures(scores, unusable) if unusable else scores

    def _beside(self, keys: Sequence[tuple[str, str]]) -> "nw.LazyFrame[Any]":
        """Return groups and KPIs as a frame of the engine's."""
        import narwhals.stable.v2 as nw
        import polars as pl

        names = {self._survey.column: pl.String, "kpi": pl.String}
        found: nw.LazyFrame[Any] = nw.from_native(
            self._engine.taken(pl.DataFrame(keys, schema=names, orient="row"))
        ).lazy()
        return found

    def _without_figures(self, scores: Any, unusable: Sequence[tuple[str, str]]) -> Any:
        """Return scores without the template's figures where a group's own ones, which cannot be used, stand over them."""
        import narwhals.stable.v2 as nw

        told = self._beside(unusable).unique().with_columns(nw.lit(True).alias("_own"))
        found = nw.from_native(scores).lazy()
        names = found.collect_schema().names()
        marked = found.join(told, on=[self._survey.column, "kpi"], how="left")
        figures = (nw.when(nw.col("_own").is_null()).then(nw.col(name)).alias(name) for name in ("baseline", "target"))
        return marked.with_columns(*figures).select(*names).to_native()

    @contextmanager
    def _told(self, writing: bool = False) -> "Iterator[None]":
        """Turn what an engine, or the check of a frame, has to say into faults of the data."""
        from kpi_tracker.frames.problem import FrameError

        try:
            yield
        except FrameError as error:
            raise ManyError((*self._report.diagnostics, *map(self._placed, error.diagnostics))) from error
        except BaseException as error:
            if not of_engine(error) and (writing or not isinstance(error, OSError)):
                raise
            if damaged := damaged_in(self._lots):
                raise DamagedFiles(damaged) from error
            if writing and not is_address(self._survey.observations):
                raise OutputError(Phrase(N_("the engine says: {reason}"), {"reason": said(error)})) from error
            self._report.add("KT371", self._place, reason=said(error))
            raise ManyError(self._report.diagnostics) from error

    def _placed(self, fault: Diagnostic) -> Diagnostic:
        """Return a fault of a frame at the files that it was made from."""
        own = self._survey.targets
        files = {"observations": self._place, "targets": fault.place if own is None else Place(shown_name(own))}
        return changed(fault, place=files.get(fault.place.file, fault.place))
