"""What a league comes to: the exit code, by the rules that hold for the check of several plans."""

from typing import TYPE_CHECKING

from kpi_tracker.language import N_, Phrase
from kpi_tracker.league.table import League
from kpi_tracker.model.measure import UNSCORED, WORST_FIRST, Status
from kpi_tracker.outcome import BROKEN, NEVER, NOTHING, REPORTED, worst

if TYPE_CHECKING:
    import polars

__all__ = ["league_exit_code", "unjudged_groups"]


def league_exit_code(league: League, fail_on: str = Status.LAGGING.value) -> int:
    """Return what the check of many groups ends with; of all groups the worst counts, as of several plans.

    A group comes to 3 where nothing of it could be judged, to 1 where a KPI is at `fail_on` or worse, to 3 where too
    little is known for its whole to be judged, else to 0. Data or a plan of which something had to be left out make 3.
    """
    if league.broken or not league.standings:
        return BROKEN
    judged, reported = _judged(league), _reported(league, fail_on)

    def code(id: str, status: Status) -> int:
        if id not in judged:
            return BROKEN
        if id in reported:
            return REPORTED
        return BROKEN if status is Status.UNKNOWN else NOTHING

    return worst(code(one.group.id, one.status) for one in league.standings)


def unjudged_groups(league: League) -> Phrase | None:
    """Return how many groups could not be judged; None where all could."""
    judged = _judged(league)
    n = sum(one.group.id not in judged or one.status is Status.UNKNOWN for one in league.standings)
    return Phrase(N_("groups that could not be judged: {n}"), {"n": n}) if n else None


def _judged(league: League) -> set[str]:
    """Return the groups of which at least one KPI has a current figure that says something."""
    import polars as pl

    says = pl.col("attainment").is_not_null() | pl.col("met").is_not_null()
    return _groups(league, says & ~pl.col("status").is_in([status.value for status in UNSCORED]))


def _reported(league: League, fail_on: str) -> set[str]:
    """Return the groups in which a KPI is at `fail_on` or worse."""
    import polars as pl

    if fail_on == NEVER:
        return set()
    bad = WORST_FIRST[: WORST_FIRST.index(Status(fail_on)) + 1]
    return _groups(league, pl.col("status").is_in([status.value for status in bad]))


def _groups(league: League, rows: "polars.Expr") -> set[str]:
    return set(league.scores.filter(rows)[league.column].unique().to_list())
