"""Nights and notify files made by hand."""

from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

import kpi_tracker
from kpi_tracker import Scorecard
from kpi_tracker.changes import Change, compare
from kpi_tracker.model.unit import Text
from kpi_tracker.notify.config import Channel, ChannelKind, Mailbox, NotifyConfig, Route, Security
from kpi_tracker.notify.message import Message, messages
from kpi_tracker.notify.night import FlagEvent, FlagWord, Level, Night
from kpi_tracker.record import changed
from kpi_tracker.secret import Secret
from tests.builders import card, kpi, obs, plan, text

__all__ = ["NOW", "channel", "config", "message", "night", "one_kpi", "route", "showcase", "showcase_night"]

NOW = datetime(2021, 10, 1, 3, 0, tzinfo=timezone(timedelta(hours=8)))
PLAN = Path(__file__).resolve().parents[1] / "plans" / "showcase"
EARLIER = date(2021, 7, 31)
AS_OF = date(2021, 9, 30)


@cache
def showcase(day: date = AS_OF) -> Scorecard:
    """Return the showcase at a day."""
    return kpi_tracker.check(PLAN, day)


def night(scorecard: Scorecard | None = None, **more: Any) -> Night:
    """Return a night of `scorecard`, in which nothing happened."""
    known = scorecard.plan if scorecard else None
    day = scorecard.as_of if scorecard else AS_OF
    values = {"plan": known.id if known else "p", "title": known.title if known else Text("计划", "Plan"), "as_of": day}
    return Night(**{"source": "plans/p", "scorecard": scorecard, **values, **more})


@cache
def showcase_changes() -> tuple[Change, ...]:
    """Return what changed in the showcase in two months."""
    return compare(showcase(EARLIER), showcase())


def showcase_night(**more: Any) -> Night:
    """Return a night of the showcase in which much happened."""
    events = (
        FlagEvent(
            "safety/accidents", FlagWord.ESCALATED, Level.RED, date(2021, 9, 1), (Text("分管副区长", "deputy head"),)
        ),
        FlagEvent("growth/fund", FlagWord.RAISED, Level.YELLOW, date(2021, 9, 12)),
        FlagEvent("service/setup-time", FlagWord.CLEARED, Level.ORANGE, date(2021, 8, 20)),
    )
    values = {"changes": showcase_changes(), "events": events, "since": EARLIER,
              "lasting": {"service/rank": date(2021, 5, 31)}, "illustrative": True}  # fmt: skip
    return night(showcase(), **{**values, **more})


def channel(kind: ChannelKind = ChannelKind.WEBHOOK, name: str = "c", **more: Any) -> Channel:
    """Return a channel whose address is in the variable URL and whose key, if any, in SECRET."""
    if kind is ChannelKind.MAIL:
        box = Mailbox("127.0.0.1", "plan@example.org", more.pop("to", ("a@example.org",)), more.pop("port", 25),
                      more.pop("security", Security.NONE), **more)  # fmt: skip
        return Channel(name, kind, mail=box)
    return Channel(name, kind, Secret("URL"), Secret("SECRET") if more.get("signed") else None)


def route(to: Channel | None = None, name: str = "r", **more: Any) -> Route:
    """Return a route."""
    return Route(name, to or channel(), **more)


def config(*routes: Route, **more: Any) -> NotifyConfig:
    """Return a notify file with these routes."""
    return NotifyConfig(routes, tuple(dict.fromkeys(one.channel for one in routes)), **more)


def one_kpi(title: str = "One", value: float = 10.0, **more: Any) -> Scorecard:
    """Return the scorecard of a plan with one KPI, which lags unless `value` is near 75."""
    one = changed(kpi("one", t=100, **more), title=text(title))
    return card(plan(one), [obs("one", "2021-09-30", value)], "2021-09-30")


def message(kind: ChannelKind = ChannelKind.WEBHOOK, **more: Any) -> Message:
    """Return the one message of a night in which a KPI came to lag."""
    happened = more.pop("night", None) or night(one_kpi(), changes=compare(one_kpi(value=80.0), one_kpi()))
    to = more.pop("channel", None) or channel(kind)
    [found] = messages(config(route(to, **more)), happened)
    return found
