"""A league as a table for spreadsheets: a row a group, in the order of the ranks.

As the table of a check it starts with a byte order mark, names of columns do not depend on the language, numbers are
unrounded, and text never becomes a formula.
"""

import csv
import io

from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.league.standing import Standing
from kpi_tracker.league.table import League
from kpi_tracker.model.measure import WORST_FIRST
from kpi_tracker.notation.spreadsheet import harmless

__all__ = ["COLUMNS", "league_to_csv"]

COLUMNS = (
    "rank", "group", "title_zh", "title_en", "parent", "as_of", "status", "severity", "attainment", "expected", "lag",
    "coverage", "worst", "kpis", "lagging", "judged", "data_problems", "veto_breached", "binding_lagging",
    *(f"n_{status.value}" for status in WORST_FIRST),
)  # fmt: skip


def league_to_csv(league: League) -> str:
    """Return the table of all groups."""
    file = io.StringIO()
    table = csv.writer(file)  # lines end as RFC 4180 has it
    table.writerow(COLUMNS)
    for one in league.standings:
        table.writerow([_cell(value) for value in _row(one, league)])
    return "\ufeff" + file.getvalue()


def _row(one: Standing, league: League) -> tuple[object, ...]:
    group = one.group
    return (
        one.rank, group.id, group.title.zh, group.title.en, group.parent, league.as_of.isoformat(), one.status.value,
        one.severity, one.attainment, one.expected, one.lag, one.coverage, one.worst.value if one.worst else None,
        one.kpis, one.lagging, one.judged, one.data_problems, one.vetoed, one.bound,
        *(one.counts.get(status, 0) for status in WORST_FIRST),
    )  # fmt: skip


def _cell(value: object) -> object:
    return harmless(plain(value)) if isinstance(value, str) else value
