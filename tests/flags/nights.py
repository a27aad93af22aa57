"""Nights made by hand: a scorecard in which each item has the status that a test wants, and the flags after it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from kpi_tracker.diagnostics import Diagnostic, Place
from kpi_tracker.flags.flag import Flag
from kpi_tracker.flags.lifecycle import advance
from kpi_tracker.model.flagging import Clearing, FlagRules, Flapping, Level, Raising, Rung
from kpi_tracker.model.measure import Status
from kpi_tracker.model.scorecard import GoalScore, KpiScore, Scorecard
from tests.builders import kpi, plan, text

START = date(2021, 3, 1)
LADDER = (
    Rung(0, Level.NOTICE, (text("owner"),)),
    Rung(7, Level.YELLOW, (text("owner"), text("deputy"))),
    Rung(14, Level.ORANGE, (text("deputy"),)),
    Rung(30, Level.RED, (text("chief"),)),
)
RULES = FlagRules(Raising(days=3), Clearing(after_days=2), Flapping(4, 30), LADDER)
AT_ONCE = FlagRules(escalation=LADDER)


class Ack(NamedTuple):
    """An acknowledgement as history gives it."""

    path: str
    who: str
    why: str
    made_at: datetime
    until: date | None = None
    withdrawn: bool = False


class Seen(NamedTuple):
    """What a night says of an item."""

    status: Status
    lag: float | None = None
    pace: float | None = None
    severity: int = 0
    unread: int = 0


def night(number: int) -> date:
    """Return the date of a night, counted from START."""
    return START + timedelta(number)


def card(items: Mapping[str, Status | Seen], number: int = 0, broken: bool = False, branch: str = "") -> Scorecard:
    """Return a scorecard with the items of a night; `broken` where something of the plan could not be read."""
    found: dict[str, KpiScore | GoalScore] = {}
    for path, status in items.items():
        seen = status if isinstance(status, Seen) else Seen(status)
        name = path.rpartition("/")[2]
        found[path] = KpiScore(
            path, kpi(name, t=1.0), seen.status, lag=seen.lag, pace=seen.pace, severity=seen.severity,
            rows_left_out=seen.unread,
        )  # fmt: skip
    faults = (Diagnostic("KT102", Place("plan.yaml")),) if broken else ()
    return Scorecard(plan(), night(number), None, found, faults, branch)


def after(
    previous: Mapping[str, Flag], status: Status | Seen, number: int, rules: FlagRules = RULES, *acks: Ack
) -> dict[str, Flag]:
    """Return the flags after a night that saw the item `k` with a status."""
    return advance(previous, card({"k": status}, number), rules, acks, night(number))


def course(*statuses: Status | Seen | None, rules: FlagRules = RULES) -> dict[str, Flag]:
    """Return the flags after nights that saw the item `k` like this, one after another; None is a night without a run."""
    flags: dict[str, Flag] = {}
    for number, status in enumerate(statuses):
        if status is not None:
            flags = after(flags, status, number, rules)
    return flags
