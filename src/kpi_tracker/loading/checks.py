"""What only the whole plan shows: ids that are taken, references that lead nowhere or in circles, a shape not kept."""

import os
import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any

from kpi_tracker.diagnostics.report import Report
from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.language import N_, Phrase
from kpi_tracker.loading.fields import Origin
from kpi_tracker.loading.formulas import wrong_formulas
from kpi_tracker.loading.mended import mended
from kpi_tracker.loading.pointing import Pointer
from kpi_tracker.loading.unique import with_unique_ids
from kpi_tracker.model.goal import Broken, Goal, Plan, names, within
from kpi_tracker.model.kpi import Kpi, Support
from kpi_tracker.record import changed

__all__ = ["check_plan"]


def check_plan(plan: Plan, node: Any, origin: Origin, report: Report, unknown: frozenset[str]) -> Plan:
    """Report every fault of `plan` as a whole, and return it with one item to an id.

    `node` is the mapping of its own file, `unknown` are the keys of it that could not be read: nothing contradicts them.
    """
    items = list(plan.walk())
    holders = _holders(plan, items)
    everything: list[Any] = [item for _, item in items] + [item for _, h in holders for item in (*h.broken, *h.facts)]
    if len({item.id for item in everything}) < len(everything):
        plan = with_unique_ids(plan, everything, report)
        items = list(plan.walk())
        holders = _holders(plan, items)
    goals = {path: item for path, item in items if isinstance(item, Goal)}
    kpis = [(path, item) for path, item in items if isinstance(item, Kpi)]
    broken = [(above + item.id, item) for above, holder in holders for item in holder.broken]
    _paths(broken, report)
    faulty = _references(items, broken, goals, report)
    if "kinds" not in unknown:
        _kinds(plan, items, node, origin, report)
    if "presets" not in unknown:
        _presets(plan, items, report)
    if "baseline_year" not in unknown and plan.baseline_year > plan.period.start.year:
        at = next(v for k, v in zip(node[::2], node[1::2], strict=True) if k.value == "baseline_year")
        origin.wrong(at, "KT317", reason=_too_late(plan.baseline_year, plan.period.start.year))
    pointer = Pointer(report)
    impossible = _dates(plan, kpis, report, pointer)
    if any(kpi.formula is not None for _, kpi in kpis):
        impossible |= wrong_formulas(kpis, [path for path, _ in broken], report)
    if "dimensions" not in unknown and any(kpi.breakdown for _, kpi in kpis):
        from kpi_tracker.loading.breakdowns import wrong_breakdowns

        impossible |= wrong_breakdowns(plan, kpis, report)
    _weights(holders, report, pointer)
    if not kpis and not broken:
        origin.wrong(node, "KT315")
    if faulty or impossible:
        plan = mended(plan, faulty, impossible)
    return _in_known_zone(plan, node, origin)


def _holders(plan: Plan, items: list[tuple[str, Goal | Kpi]]) -> list[tuple[str, Plan | Goal]]:
    """Return what holds items, with what their paths start with."""
    return [("", plan), *((path + "/", item) for path, item in items if isinstance(item, Goal))]


def _paths(broken: list[tuple[str, Broken]], report: Report) -> None:
    """Give the faults of KPIs, found before it was known what holds them, the whole path."""
    if not broken:
        return
    whole = {item.id: path for path, item in broken}
    found = report.diagnostics
    found[:] = [fault.at_path(whole[fault.path]) if fault.path in whole else fault for fault in found]


Links = dict[str, dict[str, tuple[int, Support]]]
"""By the path of the goal and that of what supports it: the link, and which of its item's it is."""


def _references(
    items: list[tuple[str, Goal | Kpi]], broken: list[tuple[str, Broken]], goals: dict[str, Goal], report: Report
) -> set[tuple[str, int]]:
    """Check every `supports`: it leads to a goal of another branch, each once, and never round in a circle.

    Returns:
        The links that do not, as the path of the item and which of its links it is.
    """
    by_id = {goal.id: path for path, goal in goals.items()}
    links: Links = {}
    faulty: set[tuple[str, int]] = set()
    everything: list[tuple[str, Goal | Kpi | Broken]] = [*items, *broken]
    for path, item in everything:
        for i, link in enumerate(item.supports):
            target = by_id.get(link.to.rpartition("/")[2])
            near = code = ""
            if target is None or not names(target, link.to):
                code, near = "KT302", nearest(link.to.rpartition("/")[2], [goal.id for goal in goals.values()])
            elif within(path, target) or within(target, path):
                code = "KT305"
            elif path in links.setdefault(target, {}):
                code = "KT303"
            else:
                links[target][path] = i, link
                continue
            report.add(code, link.where, len(link.to), path, value=link.to, nearest=near)
            faulty.add((path, i))
    return faulty | _circles(goals, links, report) if links else faulty


def _circles(goals: dict[str, Goal], links: Links, report: Report) -> set[tuple[str, int]]:
    """Report goals that count toward themselves: through what stands in them and what supports them.

    Returns:
        The links that close a circle; without them there is none.
    """
    faulty: set[tuple[str, int]] = set()
    below: dict[str, list[str]] = {path: [] for path in goals}
    for path in goals:
        above = path.rpartition("/")[0]
        if above:
            below[above].append(path)
    for target, supporters in links.items():
        below[target] += [path for path in supporters if path in goals]
    done: set[str] = set()
    for start in goals:
        while circle := _circle_from(start, below, done):
            closing = [(target, path) for target, path in pairwise(circle) if path in links.get(target, {})]
            target, path = closing[0]
            _, link = links[target][path]
            members = " → ".join(reversed(circle))  # from what counts to what it counts toward
            report.add("KT304", link.where, len(link.to), path, members=members)
            for target, path in closing:
                below[target].remove(path)
                faulty.add((path, links[target][path][0]))
    return faulty


def _circle_from(start: str, below: dict[str, list[str]], done: set[str]) -> list[str]:
    """Return a circle that can be reached from `start`, or nothing; walks without recursion."""
    trail: list[tuple[str, Iterator[str]]] = []
    on_trail: list[str] = []
    if start not in done:
        trail.append((start, iter(below[start])))
        on_trail.append(start)
    while trail:
        path, rest = trail[-1]
        following = next(rest, None)
        if following is None:
            done.add(path)
            trail.pop()
            on_trail.pop()
        elif following in on_trail:
            return [*on_trail[on_trail.index(following) :], following]
        elif following not in done:
            trail.append((following, iter(below[following])))
            on_trail.append(following)
    return []


def _kinds(plan: Plan, items: list[tuple[str, Goal | Kpi]], node: Any, origin: Origin, report: Report) -> None:
    """Check that kinds are declared, and that the plan holds as many of each as it says it must."""
    counts: dict[str, int] = {}
    known = tuple(plan.kinds)
    for path, item in items:
        if not item.kind:
            continue
        counts[item.kind] = counts.get(item.kind, 0) + 1
        if item.kind not in plan.kinds:
            near = nearest(item.kind, known)
            report.add("KT314", item.where, path=path, value=item.kind, expected=known, nearest=near)
    for name, kind in plan.kinds.items():
        if kind.count is not None and counts.get(name, 0) != kind.count:
            at = next(k for k in node[::2] if k.value == "kinds")
            title = f"{kind.title} ({name})"
            origin.wrong(at, "KT313", expected=kind.count, kind=title, value=counts.get(name, 0))


def _presets(plan: Plan, items: list[tuple[str, Goal | Kpi]], report: Report) -> None:
    known = tuple(plan.presets)
    for path, item in items:
        if isinstance(item.thresholds, str) and item.thresholds not in plan.presets:
            near = nearest(item.thresholds, known)
            report.add("KT322", item.where, path=path, value=item.thresholds, expected=known, nearest=near)


def _dates(plan: Plan, kpis: list[tuple[str, Kpi]], report: Report, pointer: Pointer) -> set[str]:
    """Check that the dates of KPIs lie in the plan's period, and that none ends before it starts; return the others."""
    impossible = set()
    first = plan.period.start.year
    for path, kpi in kpis:
        if kpi.baseline is not None and kpi.baseline.year is not None and kpi.baseline.year > first:
            report.add("KT317", kpi.baseline.where, path=path, reason=_too_late(kpi.baseline.year, first))
            impossible.add(path)
        if kpi.start or kpi.due or kpi.steps or kpi.points:
            found = _impossible(kpi, plan.period.start, plan.period.end)
            if found:
                reason, keys = found
                report.add("KT317", *pointer.at(kpi.where, *keys), path, reason=reason)
                impossible.add(path)
    return impossible


def _too_late(year: int, first: int) -> Phrase:
    return Phrase(
        N_("the base year {year} lies after {first}, in which the plan begins"), {"year": year, "first": first}
    )


def _impossible(kpi: Kpi, start: date, end: date) -> tuple[Phrase, tuple[str | int, ...]] | None:
    """Return what is wrong with the dates of a KPI in a plan from `start` to `end`, and the keys that lead to it."""
    own_start, own_due = kpi.start or start, kpi.due or end
    if own_due < own_start:
        return Phrase(N_("it is due before it starts")), ("due" if kpi.due else "start",)
    days: list[tuple[date, tuple[str | int, ...]]] = [
        (own_start, ("start",)), (own_due, ("due",)),
        *((step.due, ("steps", i, "due")) for i, step in enumerate(kpi.steps)),
        *((point.date, ("profile", i, "date")) for i, point in enumerate(kpi.points)),
    ]  # fmt: skip
    first, last = (own_start, own_due) if start <= own_start <= own_due <= end else (start, end)
    for day, keys in days:
        if not first <= day <= last:
            words = {"day": day.isoformat(), "start": first.isoformat(), "end": last.isoformat()}
            return Phrase(N_("{day} lies outside the period from {start} to {end}"), words), keys
    return None


def _in_known_zone(plan: Plan, node: Any, origin: Origin) -> Plan:
    if known_zone(plan.time_zone):
        return plan
    value = next(v for k, v in zip(node[::2], node[1::2], strict=True) if k.value == "time_zone")
    origin.wrong(value, "KT318", value=plan.time_zone, nearest=_nearest_zone(plan.time_zone))
    return changed(plan, time_zone="UTC")


def _nearest_zone(name: str) -> str:
    """Return the zone that is most likely meant: China's goes by the name of Shanghai, and is often called otherwise."""
    from zoneinfo import available_timezones

    if re.fullmatch(r".*beijing|.*peking|.*北京.*|.*中国.*|china.*|(utc|gmt)? ?\+0?8(:?00)?", name.lower()):
        return "Asia/Shanghai"
    zones = sorted(available_timezones())
    return "" if any(zone.startswith(f"{name}/") for zone in zones) else nearest(name, zones)


def known_zone(name: str) -> bool:
    """Tell whether the machine's time zone list, or the one that comes along, has `name`."""
    if not name.isascii() or name.startswith((".", "/")) or os.path.normpath(name) != name:
        return False
    for folder in ZONES:
        file = os.path.join(folder, name)
        if os.path.isfile(file):
            with open(file, "rb") as opened:
                return opened.read(4) == b"TZif"  # the folder has lists of zones too
    from zoneinfo import available_timezones

    return name in available_timezones()


ZONES = ("/usr/share/zoneinfo", "/usr/lib/zoneinfo")


def _weights(holders: list[tuple[str, Plan | Goal]], report: Report, pointer: Pointer) -> None:
    """Report nodes whose children all weigh nothing."""
    for path, holder in holders:
        weights = [*(item.weight for item in holder.children), *(item.weight for item in holder.broken)]
        vetoes = any(isinstance(item, Kpi) and (item.veto or item.binding) for item in holder.children)
        if weights and not any(weights) and not vetoes:
            first = (*holder.children, *holder.broken)[0]
            report.add("KT319", *pointer.at(first.where, "weight"), path.rstrip("/"))
