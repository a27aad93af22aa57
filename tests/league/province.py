"""A league of counties that are made up, from scorecards of the object engine: figures of every kind in few rows."""

from functools import cache
from random import Random

from kpi_tracker.league.group import Group
from kpi_tracker.league.table import League
from kpi_tracker.model.unit import Text
from kpi_tracker.record import changed
from tests.league.made import cards_of, league_from
from tests.many.province import LAST, code, county_rows, plan

__all__ = ["COUNTIES", "made_league"]

COUNTIES = 16
PARENTS = ("东江市", "南湖市", "")
"""The fourteenth reports nothing, the sixth a value in another unit."""


@cache
def made_league() -> League:
    """Return the league of the first counties of the province."""
    random = Random(1)
    rows = [row for i in range(COUNTIES) for row in county_rows(i, random)]
    groups = [
        Group(code(i), Text(f"第{i + 1}县", f"County {i + 1}"), PARENTS[i * 3 // COUNTIES]) for i in range(COUNTIES)
    ]
    cards = cards_of(plan(), rows, LAST, [group.id for group in groups])
    return changed(league_from(cards, plan(), LAST, groups), illustrative=True)
