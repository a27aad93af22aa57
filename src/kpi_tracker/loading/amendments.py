"""The key `amendments` of a plan: each change with its item, its values in that item's unit, its reason and document."""

from itertools import groupby, pairwise
from typing import Any

from kpi_tracker.diagnostics.report import Report
from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.language import N_, Phrase
from kpi_tracker.loading.fields import BROKEN, Field, Origin, Record, Written, choice, items_of
from kpi_tracker.loading.figures import shown_number, value_in_unit
from kpi_tracker.loading.scalars import DATE, PLAIN, RAW, TEXT
from kpi_tracker.loading.wrong import Reported
from kpi_tracker.model.amendment import Amended, Amendment
from kpi_tracker.model.exactness import same
from kpi_tracker.model.goal import Goal, Plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Measure
from kpi_tracker.model.unit import NO_UNIT
from kpi_tracker.record import changed

__all__ = ["AMENDMENT", "AMENDMENTS", "build_amendments"]

VALUED = frozenset({Amended.TARGET, Amended.BASELINE, Amended.WEIGHT})
AMENDMENT = Record("amendment", N_("an amendment"), {
    "item": Field(PLAIN, "What was changed: an id, or the last segments of a path", required=True),
    "date": Field(DATE, "From when on", required=True),
    "what": Field(choice(Amended), "target, baseline, weight, steps, terms or removed", required=True),
    "from": Field(RAW, "target, baseline, weight: the value before, in the KPI's unit"),
    "to": Field(RAW, "target, baseline, weight: the value since then"),
    "reason": Field(TEXT, "Why", required=True),
    "reference": Field(PLAIN, "The document that decided it", required=True),
})  # fmt: skip
AMENDMENTS = items_of(
    N_("a list of amendments"), lambda node, origin: Written(AMENDMENT.read(node, origin), node), "amendment"
)


def build_amendments(plan: Plan, written: list[tuple[Written, Origin]], report: Report) -> Plan:
    """Return `plan` with its amendments, by date; those with a fault are reported and left out."""
    found = []
    first: dict[tuple[object, ...], Amendment] = {}
    for one, origin in written:
        try:
            amendment = _built(plan, one, origin)
        except Reported:
            continue
        key = (amendment.item, amendment.date, amendment.what)
        if key in first:
            origin.wrong(one.node, "KT325", first=str(first[key].where))
            continue
        found.append(first.setdefault(key, amendment))
    found.sort(key=lambda amendment: amendment.date)
    _chains(plan, found, report)
    return changed(plan, amendments=tuple(found))


def _built(plan: Plan, written: Written, origin: Origin) -> Amendment:
    values, node = dict(written.values), written.node
    if BROKEN in values.values():
        raise Reported
    what, day = values["what"], values["date"]
    if not plan.period.start <= day <= plan.period.end:
        words = {"day": day.isoformat(), "start": plan.period.start.isoformat(), "end": plan.period.end.isoformat()}
        reason = Phrase(N_("{day} lies outside the period from {start} to {end}"), words)
        origin.wrong(_value(node, "date"), "KT317", reason=reason)
        raise Reported
    before, after = values.pop("from", None), values.pop("to", None)
    if what is Amended.TERMS and values["item"] == plan.id:
        values["item"] = ""
    elif what is not Amended.REMOVED:
        values["item"], item = _item(plan, values["item"], node, origin)
        if what in VALUED or what is Amended.STEPS:
            _refuse_misfit(what, item, node, origin)
    for key, figure in (("from", before), ("to", after)):
        if figure is None and what in VALUED:
            expected = Phrase(AMENDMENT.fields[key].doc)
            origin.wrong(node, "KT202", of=AMENDMENT.title, key=key, expected=expected)
            raise Reported
        if figure is not None and what not in VALUED:
            origin.wrong(figure, "KT327", key=key, value=what.value)
            raise Reported
    if what in VALUED:
        before, after = (_figure(item, what, figure, key, origin) for key, figure in (("from", before), ("to", after)))
    return Amendment(**values, before=before, after=after, where=origin.place(node))


def _value(node: Any, key: str) -> Any:
    return next(v for k, v in zip(node[::2], node[1::2], strict=True) if k.value == key)


def _item(plan: Plan, reference: str, node: Any, origin: Origin) -> tuple[str, Goal | Kpi]:
    """Return the path and the item that an amendment is of."""
    try:
        return plan.find(reference)
    except KeyError:
        holders: list[Plan | Goal] = [plan, *(item for _, item in plan.walk() if isinstance(item, Goal))]
        last = reference.rpartition("/")[2]
        if any(broken.id == last for holder in holders for broken in holder.broken):
            raise Reported from None  # its own fault is in the report
        near = nearest(last, [item.id for _, item in plan.walk()])
        origin.wrong(_value(node, "item"), "KT324", value=reference, nearest=near)
        raise Reported from None


def _refuse_misfit(what: Amended, item: Goal | Kpi, node: Any, origin: Origin) -> None:
    """Refuse what an item of its kind does not have."""
    held: object = what is Amended.WEIGHT
    if isinstance(item, Kpi) and not held:
        held = {Amended.TARGET: item.target, Amended.BASELINE: item.baseline, Amended.STEPS: item.steps}[what]
    if not held:
        origin.wrong(_value(node, "what"), "KT327", key=what.value, value=item.id)
        raise Reported


def _figure(item: Goal | Kpi, what: Amended, node: Any, key: str, origin: Origin) -> float | str:
    if what is Amended.WEIGHT or isinstance(item, Goal):
        return value_in_unit(node, NO_UNIT, (), key, origin)
    return value_in_unit(node, item.unit, item.scale if item.measure is Measure.GRADE else (), key, origin)


def _chains(plan: Plan, amendments: list[Amendment], report: Report) -> None:
    """Warn where an amendment starts from another value than the one before it ended with, or the plan says another."""
    items = dict(plan.walk())
    valued = [amendment for amendment in amendments if amendment.what in VALUED]
    for _, group in groupby(sorted(valued, key=_which), _which):
        chain = list(group)
        for one, following in pairwise(chain):
            if not same(one.after, following.before):
                _warn(following, one.after, following.before, report)
        stands = _stands(items[chain[-1].item], chain[-1].what)
        if not same(chain[-1].after, stands):
            _warn(chain[-1], stands, chain[-1].after, report)


def _which(amendment: Amendment) -> tuple[str, str]:
    return amendment.item, amendment.what.value


def _stands(item: Goal | Kpi, what: Amended) -> float | str:
    """Return the value that the plan has now."""
    if what is Amended.WEIGHT:
        return item.weight
    assert isinstance(item, Kpi)  # noqa: S101 - a goal has neither target nor baseline
    held = item.target if what is Amended.TARGET else item.baseline
    assert held is not None  # noqa: S101 - it was looked for before
    return held.value


def _warn(amendment: Amendment, expected: float | str | None, value: float | str | None, report: Report) -> None:
    shown = [shown_number(v) if isinstance(v, float | int) else v for v in (expected, value)]
    report.add("KT326", amendment.where, path=amendment.item, expected=shown[0], value=shown[1])
