"""The key `flags` of a plan: when a flag is raised and cleared, and the ladder by which it is escalated."""

from itertools import pairwise
from typing import Any

from kpi_tracker.language import N_, Phrase
from kpi_tracker.loading.fields import Field, Origin, Record, Type, choice, list_of, whole
from kpi_tracker.loading.scalars import COMMON, COUNT, plain
from kpi_tracker.loading.wrong import Reported, Wrong
from kpi_tracker.model.flagging import LEVELS, Clearing, FlagRules, Flapping, Level, Raising, Rung
from kpi_tracker.model.measure import Status
from kpi_tracker.model.unit import NO_UNIT
from kpi_tracker.notation.number import Unreadable, read_number

__all__ = ["FLAGGING", "FLAGS"]

CLEAR = (Status.AT_RISK, Status.ON_TRACK, Status.AHEAD, Status.ACHIEVED)
MOST_CHANGES = 20
"""So many raises and clears of a flag are remembered."""


def _number(node: Any, origin: Origin) -> float:
    text = plain(node, origin)
    try:
        return read_number(text, NO_UNIT)
    except Unreadable as unreadable:
        raise Wrong("KT205", value=text, unit="", reason=unreadable.reason) from None


def _from(least: int, most: int | None, expected: str) -> Type:
    """Return the type of a whole number within bounds."""

    def decode(node: Any, origin: Origin) -> int:
        number: int = COUNT.decode(node, origin)
        if number < least or (most is not None and number > most):
            raise Wrong("KT206", value=node.value, expected=Phrase(expected))
        return number

    return Type(decode, {**COUNT.schema, "minimum": least, **({} if most is None else {"maximum": most})})


_FIGURE = Type(_number, {"type": ["number", "string"]})
_ONE_OR_MORE = _from(1, None, N_("a whole number that is 1 or more"))
RAISING = Record("raise_after", N_("raise_after"), {
    "days": Field(COUNT, "Raised when it has lagged for so many days: 0, at once"),
    "runs": Field(_ONE_OR_MORE, "Raised when runs of so many days saw it lag; with days, whichever comes first"),
})  # fmt: skip
CLEARING = Record("clear", N_("clear"), {
    "status": Field(choice(CLEAR), "Cleared from this status on: at_risk, on_track, ahead or achieved (on_track)"),
    "pace": Field(_FIGURE, "Cleared from this pace on: 1.0"),
    "lag": Field(_FIGURE, "Cleared from a lag of so many percentage points down: 0"),
    "after_days": Field(COUNT, "When all that is asked for has held for so many days: 0, at once"),
})  # fmt: skip
FLAPPING = Record("flapping", N_("flapping"), {
    "changes": Field(_from(2, MOST_CHANGES, N_("a whole number from 2 to 20")),
                     "Raised and cleared so many times, together: 4 …"),
    "within_days": Field(_ONE_OR_MORE, "… within so many days: 30"),
})  # fmt: skip
RUNG = Record("rung", N_("a step of the ladder"), {
    "after_days": Field(COUNT, "From so many days after the flag was raised", required=True),
    "level": Field(choice(Level), "notice (提示), yellow (黄牌), orange (橙牌) or red (红牌)", required=True),
    "roles": Field(list_of(COMMON, N_("a list of roles")), "Who is told at this level"),
})  # fmt: skip


def _raising(node: Any, origin: Origin) -> Raising:
    return Raising(**whole(RAISING, node, origin) or {"days": 0})


def _ladder(node: Any, origin: Origin) -> tuple[Rung, ...]:
    rungs: tuple[Rung, ...] = _RUNGS.decode(node, origin)
    for lower, higher in pairwise(rungs):
        if higher.after_days <= lower.after_days or LEVELS.index(higher.level) <= LEVELS.index(lower.level):
            reason = Phrase(
                N_("{level} after {days} days must stand before a higher level and more days"),
                {"level": lower.level.value, "days": lower.after_days},
            )
            origin.wrong(node, "KT323", reason=reason)
            raise Reported
    return rungs


_RUNGS = list_of(
    Type(lambda node, origin: Rung(**whole(RUNG, node, origin)), RUNG.reference), N_("a list of levels")
)  # fmt: skip
_CLEARING = Type(lambda node, origin: Clearing(**whole(CLEARING, node, origin)), CLEARING.reference)
_FLAPPING = Type(lambda node, origin: Flapping(**whole(FLAPPING, node, origin)), FLAPPING.reference)
RULES = Record("flags", N_("flags"), {
    "raise_after": Field(Type(_raising, RAISING.reference),
                         "How long an item must lag until its flag is raised; at once if left out"),
    "clear": Field(_CLEARING, "What clears a flag; the status on_track if left out"),
    "flapping": Field(_FLAPPING, "When a flag that is raised and cleared again and again is called flapping"),
    "escalation": Field(Type(_ladder, _RUNGS.schema), "The ladder, from the lowest level to the highest"),
})  # fmt: skip


def _rules(node: Any, origin: Origin) -> FlagRules:
    values = whole(RULES, node, origin)
    return FlagRules(**{_ATTRIBUTES.get(key, key): value for key, value in values.items()})


_ATTRIBUTES = {"raise_after": "raising", "clear": "clearing"}
FLAGS = Type(_rules, RULES.reference)
FLAGGING = (RULES, RAISING, CLEARING, FLAPPING, RUNG)
