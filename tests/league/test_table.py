"""The league as a whole, and what it ends with."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from kpi_tracker.diagnostics import Diagnostic, Place
from kpi_tracker.language import language
from kpi_tracker.league.group import Group
from kpi_tracker.league.table import League
from kpi_tracker.league.verdict import league_exit_code, unjudged_groups
from kpi_tracker.model.measure import LAGGING, Status
from kpi_tracker.model.unit import Text
from kpi_tracker.record import changed
from tests.league.made import SCORES
from tests.league.province import COUNTIES, made_league
from tests.league.test_standing import rolled, table
from tests.many.province import SILENT, SLIPPED, code, plan


def test_every_group_and_every_kpi_is_in_it() -> None:
    league = made_league()
    assert set(league.groups) == {code(i) for i in range(COUNTIES)}
    assert [one.kpi for one in league.spreads] == list(league.kpis)
    assert sum(league.counts.values()) == COUNTIES
    assert len(league.ranked) + len(league.unranked) == COUNTIES


def test_a_silent_county_is_listed_and_not_ranked() -> None:
    assert [one.group.id for one in made_league().unranked] == [code(SILENT[0])]


def test_lagging_kpis_are_in_the_order_of_the_groups_in_which_they_lag() -> None:
    found = [one.lagging for one in made_league().lagging_kpis]
    assert found == sorted(found, reverse=True)
    assert found[-1] > 0


def test_the_slip_is_found_and_stands_far_from_the_others_too() -> None:
    league = made_league()
    assert [(one.group, one.kpi) for one in league.slips] == [(code(SLIPPED), "new-entities")]
    assert (code(SLIPPED), "new-entities") in {(one.group, one.kpi) for one in league.outliers}


def made(*groups: tuple[str, str], top: str = "on_track", attainment: float | None = 0.7) -> League:
    """Return a league of one KPI: a group and the status of its KPI each."""
    rows = [
        {"county": id, "kpi": "k", "status": status, "attainment": None if status in ("no_data", "pending") else 0.7}
        for id, status in groups
    ]
    whole = table(*(rolled(id, attainment, 1.0 if attainment is not None else 0.0, top) for id, _ in groups))
    frame = pl.DataFrame(rows, schema=SCORES)
    return League(plan(), "county", date(2021, 9, 30), whole, (), (), (), frame)


@pytest.mark.parametrize(
    ("groups", "settings", "fail_on", "code"),
    [
        ((("a", "on_track"), ("b", "ahead")), {}, "lagging", 0),
        ((("a", "on_track"), ("b", "lagging")), {}, "lagging", 1),
        ((("a", "on_track"), ("b", "lagging")), {}, "never", 0),
        ((("a", "on_track"), ("b", "lagging")), {}, "missed", 0),
        ((("a", "on_track"), ("b", "at_risk")), {}, "at_risk", 1),
        ((("a", "lagging"), ("b", "no_data")), {}, "lagging", 3),
        ((("a", "on_track"),), {"top": "unknown"}, "lagging", 3),
        ((("a", "lagging"),), {"top": "unknown"}, "lagging", 1),
        ((("a", "stale"),), {}, "lagging", 3),
        ((("a", "pending"),), {"top": "pending", "attainment": None}, "lagging", 3),
        ((), {}, "lagging", 3),
    ],
)
def test_exit_code_is_that_of_several_plans(groups: Any, settings: Any, fail_on: str, code: int) -> None:
    assert league_exit_code(made(*groups, **settings), fail_on) == code


def test_a_fault_of_the_data_goes_before_all_else() -> None:
    league = changed(
        made(("a", "on_track")), diagnostics=(Diagnostic("KT374", Place("x"), {"total": 1, "members": ("z",)}),)
    )
    assert league.broken
    assert league_exit_code(league) == 3


def test_who_could_not_be_judged_is_counted() -> None:
    reason = unjudged_groups(made(("a", "no_data"), ("b", "on_track")))
    assert reason is not None
    assert language("en").phrase(reason) == "groups that could not be judged: 1"
    assert unjudged_groups(made(("b", "on_track"))) is None


def test_lagging_groups_the_worst_first() -> None:
    rows = (rolled("a", 0.5, status="lagging", lag=5.0), rolled("b", 0.4, status="lagging", lag=9.0),
            rolled("c", 0.9, status="breached"), rolled("d", 0.9))  # fmt: skip
    league = changed(made(), standings=table(*rows))
    assert [one.group.id for one in league.lagging_groups] == ["c", "b", "a"]
    assert all(one.status in LAGGING for one in league.lagging_groups)


def test_a_group_knows_its_titles() -> None:
    group = Group("330482", Text("平湖市", "Pinghu"))
    assert (group.title.in_language("zh"), group.parent, Status.UNKNOWN.value) == ("平湖市", "", "unknown")
