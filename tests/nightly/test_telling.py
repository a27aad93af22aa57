"""What a night brought, as messages are made from it."""

from datetime import date

from kpi_tracker.flags.events import Event, EventKind
from kpi_tracker.flags.flag import Flag, Phase
from kpi_tracker.history.mark import Mark
from kpi_tracker.model.flagging import Level
from kpi_tracker.model.measure import Status
from kpi_tracker.model.unit import Text
from kpi_tracker.nightly.memory import Remembered, Untold
from kpi_tracker.nightly.telling import broken_night, night_of
from kpi_tracker.notify.night import FlagEvent, FlagWord
from kpi_tracker.notify.night import Level as Told
from tests.builders import card, kpi, obs, plan, text

DAY = date(2021, 6, 30)
FLAG = Flag("k", Phase.RAISED, date(2021, 3, 1), DAY, Status.LAGGING, level=Level.YELLOW, raised_on=date(2021, 3, 4),
            roles=(text("director"), Text("局长", "head")))  # fmt: skip


def test_people_are_told_what_they_can_act_on() -> None:
    """Raised with level, day and roles; not that somebody acknowledged, nor that an item is out of the count."""
    kinds = (EventKind.RAISED, EventKind.ACKNOWLEDGED, EventKind.CLOSED)
    happened = tuple(Event(kind, "k", None, FLAG) for kind in kinds)
    untold = Untold(Mark(), (), date(2021, 5, 31), happened)
    known = Remembered((), date(2021, 6, 29), {"k": FLAG}, (), new=True, untold=untold)
    night = night_of("plan", card(plan(kpi("k", t=1.0)), [obs("k", "2021-06-30", 0.0)], "2021-06-30"), known)
    assert night.events == (FlagEvent("k", FlagWord.RAISED, Told.YELLOW, date(2021, 3, 4), FLAG.roles),)
    assert (night.since, dict(night.lasting)) == (date(2021, 5, 31), {"k": date(2021, 3, 1)})


def test_without_history_a_night_has_no_past() -> None:
    """The scorecard alone; and of a plan that could not be read not even that."""
    score = card(plan(kpi("k", t=1.0)), [], "2021-06-30")
    night = night_of("plan", score, None)
    assert (night.changes, night.events, night.since, night.scorecard) == ((), (), None, score)
    assert broken_night("plan", "p", DAY, ()).failed
