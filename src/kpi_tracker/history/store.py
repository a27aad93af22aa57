"""History: the runs of any number of plans, with the acknowledgements and messages that belong to them."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, Self

from kpi_tracker.history import acknowledgement, delivery, mark
from kpi_tracker.history.acknowledgement import Acknowledgement
from kpi_tracker.history.appending import append
from kpi_tracker.history.database import Database, Row, failure
from kpi_tracker.history.delivery import Delivery, Wanted
from kpi_tracker.history.mark import Mark
from kpi_tracker.history.memory import Item, Memory, recalled, recalled_score
from kpi_tracker.history.problem import HistoryError
from kpi_tracker.history.revision import Revision, revision_of
from kpi_tracker.history.run import Appended, Point, Run
from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.scorecard import Scorecard

__all__ = ["History", "default_history", "open_history"]

FILE = "history.sqlite3"
RUN = """
    SELECT id, plan, as_of, turn, known_at, made_at, plan_revision, data_revision, commit_id, dirty, version, digest FROM run
"""
ITEMS = """
    SELECT path.path, definition.content, score.content FROM item
    JOIN path ON path.id = item.path
    JOIN state AS definition ON definition.id = item.definition
    JOIN state AS score ON score.id = item.score
    WHERE item.run = :run
"""
WHOLE = """
    SELECT header.content, layout.content, faults.content FROM run
    JOIN state AS header ON header.id = run.header
    JOIN state AS layout ON layout.id = run.layout
    JOIN state AS faults ON faults.id = run.faults
    WHERE run.id = :run
"""
FLAGS = """
    SELECT path.path, flag.content FROM item
    JOIN path ON path.id = item.path
    JOIN state AS flag ON flag.id = item.flag
    WHERE item.run = :run ORDER BY path.path
"""
COURSE = """
    SELECT item.run, item.definition, item.score, item.flag FROM run
    JOIN item ON item.run = run.id AND item.path = (SELECT id FROM path WHERE plan = :plan AND path = :path)
    WHERE run.plan = :plan AND run.as_of >= :since
"""
STATES = "SELECT id, content FROM state WHERE id IN (SELECT {column} FROM (" + COURSE + ") AS course)"  # noqa: S608 - a column of ours


def default_history(plan: str | os.PathLike[str]) -> str:
    """Return where the history of the plan at a path is kept where nothing else is asked for: beside the plan's file."""
    path = os.fspath(plan)
    from kpi_tracker.history.sqlite import STATE_FOLDER

    return os.path.join(path if os.path.isdir(path) else os.path.dirname(path), STATE_FOLDER, FILE)


def open_history(where: str | os.PathLike[str], create: bool = True) -> "History":
    """Open the history in the file, or at the `postgresql://` address, `where`; make it if it is not there and may be made.

    Raises:
        HistoryError: it cannot be opened, and why.
    """
    from kpi_tracker.history.server import SCHEMES, Server
    from kpi_tracker.history.sqlite import SqliteFile

    place = os.fspath(where)
    scheme, address, _ = place.partition("://")
    if not address:
        return History(SqliteFile(place, create))
    if scheme.partition("+")[0] not in SCHEMES:
        raise HistoryError(
            N_("history is kept in a file or at postgresql://…; there is no way to {scheme}://"), scheme=scheme
        )
    return History(Server(place, create))


class History:
    """The runs that a database remembers. Every method may raise a HistoryError, which says in words what is wrong."""

    def __init__(self, database: Database) -> None:
        """Use a database whose tables are there."""
        self._database = database

    def __enter__(self) -> Self:
        """Return the history itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the database."""
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    @property
    def where(self) -> str:
        """Where it is kept, as it may be shown."""
        return self._database.where

    def append(
        self, scorecard: Scorecard, made_at: datetime, flags: Mapping[str, Mapping[str, Any]] | None = None,
        revision: Revision | None = None,
    ) -> Appended:  # fmt: skip
        """Add a run, unless the last one of its day has found the same; whole or not at all.

        `flags` has a JSON object for each path that has a flag. `revision` is that of the plan's files as they are now,
        if left out.

        Raises:
            ValueError: the scorecard is that of a branch, or there is a flag for what is not in it.
        """
        seen = revision_of(scorecard.plan) if revision is None else revision
        return append(self._database, scorecard, made_at, flags or {}, seen)

    def runs(self, plan_id: str, since: date = date.min) -> tuple[Run, ...]:
        """Return all runs of a plan from a day on, by day and then in the order in which they were made."""
        return self._runs(
            "WHERE plan = :plan AND as_of >= :since ORDER BY as_of, turn", plan=plan_id, since=since.isoformat()
        )

    def run(self, run_id: int) -> Run:
        """Return a run.

        Raises:
            KeyError: there is none with this number.
        """
        found = self._runs("WHERE id = :id", id=run_id)
        if not found:
            raise KeyError(run_id)
        return found[0]

    def latest(self, plan_id: str, before: date | None = None) -> Run | None:
        """Return the run that speaks for the newest day there is, or the newest before a day."""
        end = "9999-12-32" if before is None else before.isoformat()  # the last day itself is before it
        return self._last("as_of < :end", plan_id, end)

    def on_or_before(self, plan_id: str, day: date) -> Run | None:
        """Return the run that speaks for a day, or where there was none that of the newest day before it."""
        return self._last("as_of <= :end", plan_id, day.isoformat())

    def plans(self) -> tuple[str, ...]:
        """Return the ids of the plans that have runs."""
        with self._database.transaction() as statements:
            return tuple(plan for (plan,) in statements.rows("SELECT DISTINCT plan FROM run ORDER BY plan"))

    def paths(self, plan_id: str) -> tuple[str, ...]:
        """Return the paths of all items that any run of a plan had, in the order in which they came to be known."""
        with self._database.transaction() as statements:
            rows = statements.rows("SELECT path FROM path WHERE plan = :plan ORDER BY id", plan=plan_id)
        return tuple(path for (path,) in rows)

    def scorecard(self, run: Run) -> Scorecard:
        """Return what a run found: its scorecard, without observations."""
        with self._database.transaction() as statements:
            ((header, layout, faults),) = statements.rows(WHOLE, run=run.id)
            items = {path: Item(path, *texts) for path, *texts in statements.rows(ITEMS, run=run.id)}
        with self._readable(run):
            memory = Memory(header, tuple(items[path] for path in json.loads(layout)), faults)
            return recalled(memory, run.as_of, run.known_at)

    def flags(self, run: Run) -> dict[str, dict[str, Any]]:
        """Return the flags that a run was appended with, by path."""
        with self._database.transaction() as statements:
            rows = statements.rows(FLAGS, run=run.id)
        with self._readable(run):
            return {path: json.loads(flag) for path, flag in rows}

    def path_of(self, plan_id: str, path: str, since: date = date.min) -> tuple[Point, ...]:
        """Return how an item stood from a day on, by day: the last run of each day speaks for it; "" is the plan."""
        which = {"plan": plan_id, "path": path, "since": since.isoformat()}
        with self._database.transaction() as statements:
            rows = statements.rows(COURSE, **which)
            states = {
                number: text for column in ("definition", "score", "flag")
                for number, text in statements.rows(STATES.format(column=column), **which)
            }  # fmt: skip
        speaking = {run.as_of: run for run in self.runs(plan_id, since)}
        found = {run: rest for run, *rest in rows}

        points = []
        for run in speaking.values():
            if run.id in found:
                definition, score, flag = (states.get(state, "{}") for state in found[run.id])
                with self._readable(run):
                    points.append(Point(run, recalled_score(Item(path, definition, score)), json.loads(flag)))
        return tuple(points)

    def acknowledge(self, plan_id: str, given: Acknowledgement) -> None:
        """Add an acknowledgement."""
        acknowledgement.acknowledge(self._database, plan_id, given)

    def acknowledgements(self, plan_id: str) -> tuple[Acknowledgement, ...]:
        """Return all acknowledgements of a plan in the order in which they were given, those withdrawn too."""
        return acknowledgement.acknowledgements(self._database, plan_id)

    def claim(
        self, plan_id: str, key: str, channel: str, route: str, made_at: datetime,
        abandoned_before: datetime | None = None, content: str = "",
    ) -> bool:  # fmt: skip
        """Tell whether the caller may send the message `key`: nobody has sent it, and nobody else is about to.

        A claim from before `abandoned_before` is taken for that of a run that was killed, and given anew. `content` is
        what would be sent; it is kept until it was.
        """
        wanted = Wanted(key, channel, route, content)
        return delivery.claim(self._database, plan_id, wanted, made_at, abandoned_before)

    def mark(self, plan_id: str) -> Mark | None:
        """Return how far people have been told of a plan, or None where nobody was to be told yet."""
        return mark.mark_of(self._database, plan_id)

    def begin(self, plan_id: str, first: Mark) -> None:
        """Begin to tell people of a plan from `first` on, unless that was begun before."""
        mark.begin(self._database, plan_id, first)

    def tell(
        self, plan_id: str, marks: tuple[Mark, Mark], wanted: Sequence[Wanted], made_at: datetime,
        abandoned_before: datetime,
    ) -> frozenset[str]:  # fmt: skip
        """Claim all messages of a night and move the mark on, both or neither; return the keys that are to be sent."""
        return mark.tell(self._database, plan_id, marks, wanted, made_at, abandoned_before)

    def finish(self, plan_id: str, key: str, error: str = "") -> None:
        """Record that the message `key` was sent, or with `error` that it was not and may be claimed again."""
        delivery.finish(self._database, plan_id, key, error)

    def give_up(self, plan_id: str, key: str) -> None:
        """Record that the message `key`, which the caller has claimed, will not be sent any more."""
        delivery.give_up(self._database, plan_id, key)

    def deliveries(self, plan_id: str) -> tuple[Delivery, ...]:
        """Return all messages of a plan in the order in which they were first claimed."""
        return delivery.deliveries(self._database, plan_id)

    def _last(self, condition: str, plan_id: str, end: str) -> Run | None:
        where = f"WHERE plan = :plan AND {condition} ORDER BY as_of DESC, turn DESC LIMIT 1"
        return next(iter(self._runs(where, plan=plan_id, end=end)), None)

    def _runs(self, where: str, **parameters: object) -> tuple[Run, ...]:
        with self._database.transaction() as statements:
            return tuple(_run(row) for row in statements.rows(RUN + where, **parameters))

    @contextmanager
    def _readable(self, run: Run) -> Iterator[None]:
        try:
            yield
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            reason = N_(
                "run {run} of {day} holds what this version of kpi-tracker cannot read; version {version} wrote it"
            )
            args = {"run": run.id, "day": run.as_of, "version": run.version}
            raise failure(self.where, Phrase(reason, args)) from error


def _run(row: Row) -> Run:
    number, plan, as_of, turn, known_at, made_at, plan_revision, data_revision, commit, dirty, version, digest = row
    return Run(
        number, plan, date.fromisoformat(as_of), turn, datetime.fromisoformat(known_at) if known_at else None,
        datetime.fromisoformat(made_at), plan_revision, data_revision, commit, None if dirty is None else bool(dirty),
        version, digest,
    )  # fmt: skip
