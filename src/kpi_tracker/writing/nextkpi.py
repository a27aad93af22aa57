"""One item of a plan as it stands in the next year's."""

from datetime import date
from enum import IntEnum

from kpi_tracker.baseyear import shifted
from kpi_tracker.language import N_, Phrase, language
from kpi_tracker.model.goal import Goal, Plan
from kpi_tracker.model.kpi import ExemptKind, Kpi, ProfileKind
from kpi_tracker.model.measure import Basis, Measure
from kpi_tracker.model.observation import ObservationBasis
from kpi_tracker.model.scorecard import KpiScore, Scorecard
from kpi_tracker.model.target import TargetForm
from kpi_tracker.notation.date import read_date
from kpi_tracker.record import changed, record
from kpi_tracker.writing.editing import comments_in, flow, holder, leaf, lookup, put, scalar, scalar_of, taken, texts
from kpi_tracker.writing.page import Block, Flow, Leaf, Node
from kpi_tracker.writing.remark import Matter, Remark
from kpi_tracker.writing.result import FIRMNESS, Flaw, Result, basis_of, result_of, spelled

__all__ = ["Aim", "Move", "moved_goal", "moved_kpi"]

BOUNDS = (TargetForm.AT_MOST, TargetForm.AT_LEAST)
FLAWS = {
    Flaw.EXEMPT: N_("exempt"),
    Flaw.NO_DATA: N_("no figures"),
    Flaw.UNREAD: N_("rows that could not be read"),
    Flaw.GAPS: N_("figures missing in between"),
    Flaw.SHORT: N_("figures up to {date}"),
}


class Aim(IntEnum):
    """Where a KPI's target comes from: tried one after the other, until the loader takes the plan."""

    POLICY = 0
    LAST_YEAR = 1
    HOLD = 2


@record
class Move:
    """What is the same for all items: the old plan with its scores, and by how many years it moves."""

    plan: Plan
    scorecard: Scorecard
    years: int

    def day(self, day: date) -> date:
        """Return the day that answers to `day` in the new plan."""
        return date.fromordinal(shifted(day.toordinal(), self.years))

    def dates(self, node: Block | Flow, *keys: str) -> Block | Flow:
        """Return a mapping in which the dates under these keys, where it has them, are moved."""
        for key in keys:
            value = lookup(node, key)
            if isinstance(value, Leaf):
                node = put(node, key, self.date(value))
        return node

    def date(self, node: Leaf) -> Leaf:
        """Return a written date that many years later, spelled as it was; an alias stays one."""
        day = read_date(node.value)
        if day is None:
            return node
        new = self.day(day)
        text = node.value.replace(f"{day.year:04d}", f"{new.year:04d}", 1)
        return changed(leaf(text if read_date(text) == new else new.isoformat()), props=node.props)


def moved_goal(move: Move, goal: Goal, path: str, node: Block | Flow) -> tuple[Node, list[Remark]]:
    """Return a goal's mapping for the next year: without its facts, which are of the year before."""
    node, remarks = _exemption(goal, path, taken(node, "facts"))
    return node, remarks


def moved_kpi(move: Move, kpi: Kpi, path: str, node: Block | Flow, within: bool, aim: Aim) -> tuple[Node, list[Remark]]:
    """Return a KPI's mapping for the next year, and what is to be looked at; `within` tells that it is in brackets."""
    score = move.scorecard.items[path]
    assert isinstance(score, KpiScore)  # noqa: S101 - it is the score of a KPI
    body = node if within else holder(node)
    body, remarks = _exemption(kpi, path, body)
    body = move.dates(body, "start", "due")
    points = lookup(body, "profile")
    body = body if points is None else put(body, "profile", _moved_items(move, points, "date"))
    if kpi.measure is Measure.MILESTONE:
        body, more = _steps(move, score, kpi, path, body)
        return body, remarks + more
    result = result_of(score, move.plan)
    # The target first: what is left of a baseline stands above it then.
    body, more = _with_target(move, kpi, path, body, result, aim)
    body, others = _with_baseline(move, kpi, path, body, result, within)
    remarks += others
    if kpi.direction is not None and lookup(body, "direction") is None:
        body = put(body, "direction", scalar(kpi.direction.value))
    if kpi.profile is ProfileKind.BASELINE_YEAR:
        more = [*more, Remark(Matter.NO_COURSE, path)]
    return body, remarks + more


def _exemption(item: Goal | Kpi, path: str, node: Block | Flow) -> tuple[Block | Flow, list[Remark]]:
    """Return a mapping in which what was postponed counts again; what is cancelled or merged stays exempt."""
    if item.exempt is None:
        return node, []
    if item.exempt.kind is ExemptKind.POSTPONED:
        return taken(node, "exempt"), [Remark(Matter.RETURNED, path)]
    return node, [Remark(Matter.EXEMPT, path)]


def _moved_items(move: Move, items: Node, key: str) -> Node:
    """Return a list of mappings in which the date under `key` is moved in each."""
    if isinstance(items, Leaf):
        return items
    entries = [
        entry if isinstance(entry.value, Leaf) else changed(entry, value=move.dates(entry.value, key))
        for entry in items.entries
    ]
    return changed(items, entries=tuple(entries))


def _steps(move: Move, score: KpiScore, kpi: Kpi, path: str, node: Block | Flow) -> tuple[Block | Flow, list[Remark]]:
    """Return a milestone with the steps that are open, or with all of them where none or nobody knows which is."""
    done = score.steps_done()
    open_steps = [step for step in kpi.steps if step.id not in done]
    steps = lookup(node, "steps")
    assert steps is not None  # noqa: S101 - a milestone has them, of its own by now
    assert not isinstance(steps, Leaf)  # noqa: S101
    matter = Matter.STEPS_OPEN
    gone: list[str] = []
    if not open_steps:
        matter = Matter.STEPS_ANEW
    elif not done:
        matter = Matter.STEPS_UNKNOWN if score.data_date is None else Matter.STEPS_OPEN
    elif any(step.weight for step in open_steps):
        gone = [step.id for step in kpi.steps if step.id in done]
        kept = [entry for entry in steps.entries if scalar_of(entry.value, "id") not in gone]
        steps = changed(steps, entries=tuple(kept))
    year = move.plan.period.start.year
    said = [f"# {year}: ✓ {', '.join(gone)}"] if gone else []
    remarks = [Remark(matter, path), *_not_firm(basis_of(score, move.plan), path)]
    return put(node, "steps", _moved_items(move, steps, "due"), said), remarks


def _with_baseline(
    move: Move, kpi: Kpi, path: str, node: Block | Flow, result: Result, within: bool
) -> tuple[Block | Flow, list[Remark]]:
    """Return a mapping whose baseline is the result of the year, with its source; without one where there is no result."""
    old = lookup(node, "baseline")
    before = _in_one_line("" if old is None else old.value if isinstance(old, Leaf) else scalar_of(old, "value"))
    if result.value is None:
        assert result.flaw is not None  # noqa: S101 - a year that is complete has a value
        said = _flaw_text(result, result.flaw)
        year = (kpi.baseline.year if kpi.baseline else None) or move.plan.baseline_year
        comments = [f"# {year}: baseline {before}"] if before and old is not None else []
        inner = comments_in(old) if old is not None else []
        return taken(node, "baseline", [*comments, *inner]), [Remark(Matter.NO_BASELINE, path, said)]
    remarks: list[Remark] = []
    values: dict[str, Node] = {"value": leaf(spelled(result.value, kpi, before))}
    if result.flaw:
        values["approximate"] = scalar("true")
        remarks.append(Remark(Matter.APPROXIMATE, path, _flaw_text(result, result.flaw)))
    remarks += _not_firm(result.basis, path)
    values["source"] = flow(document=leaf(move.plan.id), section=leaf(kpi.id))
    zh, en = (_origin(move, result, code) for code in ("zh", "en"))
    values["notes"] = texts(zh, en, within)
    made = flow(**values)
    inner = comments_in(old) if old is not None else []
    return put(node, "baseline", made if within else Block("map", made.entries), inner), remarks


def _not_firm(basis: ObservationBasis, path: str) -> list[Remark]:
    return [Remark(Matter.NOT_FIRM, path, Phrase(FIRMNESS[basis]))] if basis in FIRMNESS else []


def _flaw_text(result: Result, flaw: Flaw) -> Phrase:
    return Phrase(FLAWS[flaw], {"date": str(result.data_date)})


def _origin(move: Move, result: Result, code: str) -> str:
    """Return where a baseline comes from, for its notes, in one language."""
    words = language(code)
    parts = [words.text(N_("result of {year} as of {date}"), year=move.plan.period.start.year, date=result.data_date)]
    if result.recorded:
        parts.append(words.text(N_("recorded {date}"), date=result.recorded))
    if result.flaw in (Flaw.GAPS, Flaw.UNREAD, Flaw.SHORT):
        parts.append(words.text(N_("not complete: {reason}"), reason=_flaw_text(result, result.flaw)))
    if result.basis in FIRMNESS:
        parts.append(words.text(FIRMNESS[result.basis]))
    return ("；" if code == "zh" else "; ").join(parts)


def _with_target(
    move: Move, kpi: Kpi, path: str, node: Block | Flow, result: Result, aim: Aim
) -> tuple[Block | Flow, list[Remark]]:
    """Return a mapping with the target for the next year: a bound and what is to be held stay, all else is the policy's."""
    target = kpi.target
    if target is None:
        return node, []
    written = lookup(node, "target")
    held = target.form is TargetForm.MAINTAIN and not target.by_policy and result.value is not None
    if (target.form in BOUNDS or held) and aim is Aim.POLICY:
        if written is None or isinstance(written, Leaf):  # an alias of a bound, which is changed where it stands
            return node, []
        return put(node, "target", put(written, "basis", scalar(Basis.ASSUMED.value))), []
    said = [] if written is None else [_target_said(move, kpi), *comments_in(written)]
    if aim is Aim.POLICY and result.value is not None:
        return taken(node, "target", said), []
    hold = aim is Aim.HOLD and result.value is not None
    value = _in_one_line(target.written) if target.form is TargetForm.VALUE else spelled(target.value, kpi, "")
    form = {"maintain": scalar("true")} if hold else {"value": leaf(value)}
    made = flow(**form, basis=scalar(Basis.ASSUMED.value))
    return put(node, "target", made, said), [Remark(Matter.OLD_TARGET, path)]


def _target_said(move: Move, kpi: Kpi) -> str:
    """Return the comment that keeps a target of last year."""
    assert kpi.target is not None  # noqa: S101 - it was written
    target = kpi.target
    return f"# {move.plan.period.start.year}: target {target.form.value} {_in_one_line(target.written)} ({target.basis.value})"


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
