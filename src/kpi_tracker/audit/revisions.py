"""The past of a plan in the revisions of its files, where they are under git: each commit as a run of its day."""

import io
import os
import subprocess
import tarfile
from collections.abc import Iterator
from datetime import date, datetime
from tempfile import TemporaryDirectory
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kpi_tracker.assessment import score
from kpi_tracker.completion import completed
from kpi_tracker.diagnostics import Severity
from kpi_tracker.loading.plan import read_plan
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.scorecard import Scorecard
from kpi_tracker.sources.observations import read_observations

__all__ = ["Revision", "Revisions", "revisions"]

SECONDS = 60


class Revision(NamedTuple):
    """A commit that changed the plan or its data."""

    commit: str
    as_of: date
    made_at: datetime
    scorecard: Scorecard


class Revisions:
    """The commits of a plan's folder whose plan could be read without a fault, scored as of their day."""

    def __init__(self, found: tuple[Revision, ...]) -> None:
        """Keep them."""
        self._found = found

    def runs(self, plan_id: str) -> tuple[Revision, ...]:
        """Return those of a plan, which may have had another id."""
        return tuple(revision for revision in self._found if revision.scorecard.plan.id == plan_id)

    def scorecard(self, run: Revision) -> Scorecard:
        """Return how the plan stood at a commit."""
        return run.scorecard


def revisions(plan: Plan) -> Revisions | None:
    """Return the revisions of the plan's files; None where they are not under git."""
    home = os.path.dirname(plan.where.file) or os.curdir
    listed = _git(home, "log", "--reverse", "--format=%H %ct", "--", os.curdir)
    if not listed:
        return None
    name, zone = os.path.basename(plan.where.file), ZoneInfo(plan.time_zone)
    commits = [line.split() for line in listed.decode().splitlines()]
    made = [(commit, datetime.fromtimestamp(int(seconds), zone).replace(tzinfo=None)) for commit, seconds in commits]
    return Revisions(tuple(_revisions(home, name, made)))


def _unpack(packed: tarfile.TarFile, folder: str) -> None:
    """Put an archive of git's into a folder.

    Raises:
        tarfile.TarError: it holds links that lead out of it; before Python 3.11.4, which cannot tell, any link.
    """
    if hasattr(tarfile, "data_filter"):
        packed.extractall(folder, filter="data")
    elif all(member.isfile() or member.isdir() for member in packed):
        packed.extractall(folder)  # noqa: S202 - git takes no names that lead out
    else:
        raise tarfile.TarError


def _revisions(home: str, name: str, commits: list[tuple[str, datetime]]) -> Iterator[Revision]:
    for commit, made_at in commits:
        archive = _git(home, "archive", "--format=tar", commit, os.curdir)
        with TemporaryDirectory(prefix="kpi-tracker-") as folder:
            try:
                with tarfile.open(fileobj=io.BytesIO(archive or b"")) as packed:
                    _unpack(packed, folder)
            except tarfile.TarError:  # the folder was not there yet, or holds links that lead out of it
                continue
            plan, faults = read_plan(os.path.join(folder, name))
            if plan is None or any(fault.severity is Severity.ERROR for fault in faults):
                continue
            observed = read_observations(plan)
            observations, _ = completed(plan, observed.observations)
            scorecard = score(plan, observations, made_at.date(), None, observed.left_out)
        yield Revision(commit, made_at.date(), made_at, scorecard)


def _git(home: str, *arguments: str) -> bytes | None:
    """Return what git prints, or None where it cannot; nothing that a repository sets is run."""
    command = ["git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-C", home, *arguments]
    try:
        done = subprocess.run(command, capture_output=True, check=True, timeout=SECONDS)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout
