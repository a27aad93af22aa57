"""The keys `dimensions` of a plan and `breakdown` of a KPI: how they are written."""

from typing import TYPE_CHECKING, Any

from kpi_tracker.language import N_, Phrase
from kpi_tracker.loading.fields import (
    BROKEN,
    ENTRY,
    Field,
    Origin,
    Record,
    Type,
    Written,
    choice,
    list_of,
    not_empty,
    shown,
    whole,
)
from kpi_tracker.loading.nodes import Mapping, Scalar, Sequence
from kpi_tracker.loading.scalars import COMMON, FLAG, ID, PLAIN, RAW, TEXT, WEIGHT, WORDS, plain
from kpi_tracker.loading.wrong import Reported, Wrong
from kpi_tracker.model.measure import Adds
from kpi_tracker.model.unit import Text

if TYPE_CHECKING:
    from kpi_tracker.model.breakdown import Dimension, Member, Reference

__all__ = ["DIMENSION", "DIMENSIONS", "MEMBER", "RESERVED", "Incomplete", "breakdowns_of", "part_of"]

RESERVED = ("kpi", "date", "period", "value", "recorded_at", "source", "basis", "note")
"""The columns of observations, which no dimension may be called."""


class Incomplete(tuple["Dimension", ...]):
    """Dimensions of which a part could not be read: what seems to be missing in them may be there."""

    __slots__ = ()


def _kept(record: Record, node: Any, origin: Origin) -> dict[str, Any]:
    """Return the sound values of a mapping that has at least an id.

    Raises:
        Wrong: it is no mapping.
        Reported: its id is not sound.
    """
    values = {
        key: value for key, value in record.read(node, origin).items() if value is not BROKEN and key in record.fields
    }
    if "id" not in values:
        raise Reported
    values.setdefault("title", Text(values["id"], values["id"]))
    return values


def _sound(item: Type, what: str) -> Type:
    """Return the type of a list whose broken items do not take the others with them."""

    def decode(node: Any, origin: Origin) -> tuple[Any, ...]:
        if type(node) is not Sequence:
            raise Wrong("KT203", expected=Phrase(what))
        found = []
        for entry in node:
            try:
                found.append(item.decode(entry, origin))
            except Wrong as wrong:
                origin.wrong(entry, wrong.code, **{"key": ENTRY, "value": shown(entry), **wrong.args_of_fault})
            except Reported:
                pass
        return tuple(found)

    return Type(decode, {"type": "array", "items": item.schema})


def _member(node: Any, origin: Origin) -> "Member":
    from kpi_tracker.model.breakdown import Member

    if type(node) is Scalar:
        name = ID.decode(node, origin)
        return Member(name, Text(name, name), where=origin.place(node))
    return Member(**_kept(MEMBER, node, origin), where=origin.place(node))


def _dimension(node: Any, origin: Origin) -> "Dimension":
    from kpi_tracker.model.breakdown import Dimension

    before = len(origin.report.diagnostics)
    values = {"members": (), **_kept(DIMENSION, node, origin)}
    complete = len(origin.report.diagnostics) == before
    dimension = Dimension(**values, complete=complete, where=origin.place(node))
    if dimension.id.lower() in RESERVED:
        origin.wrong(node, "KT355", value=dimension.id, expected=RESERVED)
        raise Reported
    _refuse_shared_names(dimension, origin)
    return dimension


def _refuse_shared_names(dimension: "Dimension", origin: Origin) -> None:
    """Report what stands for two members, or for a member and for the whole: a row could mean either."""
    taken: dict[str, Member | None] = {word.casefold(): None for word in dimension.whole}
    for member in dimension.members:
        for name in dict.fromkeys(name.casefold() for name in member.names):
            if name in taken:
                other = taken[name]
                first = Phrase(N_("the whole")) if other is None else f"{other.id} ({other.where})"
                origin.report.add("KT352", member.where, value=name, first=first)
            taken.setdefault(name, member)


def _dimensions(node: Any, origin: Origin) -> "tuple[Dimension, ...]":
    before = len(origin.report.diagnostics)
    found: tuple[Dimension, ...] = _LIST.decode(node, origin)
    taken: dict[str, Dimension] = {}
    for dimension in found:
        names = {word.casefold() for word in (dimension.id, dimension.title.zh, dimension.title.en)}
        for name in sorted(names & taken.keys())[:1]:
            first = Phrase(N_("the dimension at {place} has it"), {"place": str(taken[name].where)})
            origin.report.add("KT301", dimension.where, value=name, first=first)
        taken = {**dict.fromkeys(names, dimension), **taken}
    sound = tuple(one for one in found if taken[one.id.casefold()] is one)
    return sound if len(origin.report.diagnostics) == before else Incomplete(sound)


def _reference(node: Any, origin: Origin) -> "Reference":
    from kpi_tracker.model.breakdown import Reference

    return Reference(plain(node, origin), origin.place(node))


def part_of(baseline: Type, target: Type) -> Record:
    """Return the record of what a KPI states for one member, with the types that baselines and targets have."""
    return Record("part", N_("a part"), {
        "target": Field(target, "The member's own target"),
        "baseline": Field(baseline, "The member's own figure of the base year"),
        "weight": Field(WEIGHT, "Its weight in a mean"),
    })  # fmt: skip


def breakdowns_of(part: Record) -> tuple[Record, Type]:
    """Return the record of a breakdown, and the type of the key: one of them, or a list with one for each dimension."""

    def parts(node: Any, origin: Origin) -> dict[str, Written]:
        if type(node) is not Mapping:
            raise Wrong("KT203", expected=Phrase(N_("a mapping from each member to its target and baseline")))
        found: dict[str, Written] = {}
        for key, value in zip(node[::2], node[1::2], strict=True):
            if key.value in found:
                first = found[key.value].node.start_mark.line + 1
                origin.wrong(key, "KT110", value=key.value, first=first)
                raise Reported
            found[key.value] = Written(whole(part, value, origin), key)
        return found

    def one(node: Any, origin: Origin) -> Written:
        values = whole(record, node, origin)
        at = next(v for k, v in zip(node[::2], node[1::2], strict=True) if k.value == "by")
        return Written(values, at)

    def decode(node: Any, origin: Origin) -> tuple[Written, ...]:
        if type(node) is Mapping:
            return (one(node, origin),)
        found: tuple[Written, ...] = several.decode(node, origin)
        return found

    schema = {"type": "object", "additionalProperties": part.reference}
    record = Record("breakdown", N_("a breakdown"), {
        "by": Field(PLAIN, "The dimension that the KPI is taken apart by", required=True),
        "adds": Field(choice(Adds), "How the parts of a date make its total: sum, mean, max, min or none",
                      required=True),
        "weigh_by": Field(PLAIN, "mean: the KPI whose parts are the weights"),
        "tolerance": Field(RAW, "By how much total and parts may differ: an amount or 1%; what rounding explains if left out"),
        "members": Field(list_of(Type(_reference, PLAIN.schema), N_("a list of members")),
                         "The members that it is taken apart into; all if left out"),
        "parts": Field(Type(parts, schema), "What is planned for single members, by id or title"),
        "same_target": Field(FLAG, "true: a member without a target of its own is judged against the KPI's"),
    })  # fmt: skip
    several = list_of(Type(one, record.reference), N_("a breakdown, or a list with one for each dimension"))
    return record, Type(decode, {"anyOf": [record.reference, several.schema]})


MEMBER = Record("member", N_("a member"), {
    "id": Field(ID, "Its name in observations", required=True),
    "title": Field(TEXT, "What it is called; its id if left out. It may stand in observations too"),
    "owner": Field(COMMON, "Who answers for its figures"),
    "formerly": Field(WORDS, "Names that it had before; rows that use them are still read"),
    "optional": Field(FLAG, "true: it reports only where it has something; totals are made without waiting for it"),
}, ID)  # fmt: skip
_MEMBERS = _sound(Type(_member, MEMBER.reference), N_("a list of members"))
DIMENSION = Record("dimension", N_("a dimension"), {
    "id": Field(ID, "Its id, and the name of its column in observations", required=True),
    "title": Field(TEXT, "What it is called; this may head its column too", required=True),
    "whole": Field(WORDS, "What may stand in its column for all of them together: 全市, 合计"),
    "members": Field(not_empty(_MEMBERS, N_("a list of at least one member")),
                     "Its members, in the order in which they are shown", required=True),
})  # fmt: skip
_LIST = _sound(Type(_dimension, DIMENSION.reference), N_("a list of dimensions"))
DIMENSIONS = Type(_dimensions, _LIST.schema)
