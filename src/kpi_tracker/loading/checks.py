"""What only the whole plan shows: ids that are taken, references that lead nowhere or in circles, a shape not kept."""

import os
from collections.abc import Iterator
from datetime import date
from typing import Any

from kpi_tracker.diagnostics import Place
from kpi_tracker.language import N_, Phrase
from kpi_tracker.loading.fields import Origin
from kpi_tracker.loading.report import Report, nearest
from kpi_tracker.model.goal import Broken, Goal, Plan, names, within
from kpi_tracker.model.kpi import Kpi

__all__ = ["check_plan"]


def check_plan(plan: Plan, node: Any, origin: Origin, report: Report) -> None:
    """Report every fault of `plan` as a whole; `node` is the mapping of its own file."""
    items = list(plan.walk())
    _ids(plan, items, report)
    _references(items, report)
    _kinds(plan, items, node, origin, report)
    _presets(plan, items, report)
    _dates(plan, items, report)
    _time_zone(plan, node, origin)
    _weights(plan, report)
    if not any(isinstance(item, Kpi) for _, item in items) and not _broken(plan):
        origin.wrong(node, "KT315")


def _broken(plan: Plan) -> list[tuple[str, Broken]]:
    """Return every broken KPI with its path."""
    found = [(item.id, item) for item in plan.broken]
    for path, goal in plan.walk():
        if isinstance(goal, Goal):
            found += [(f"{path}/{item.id}", item) for item in goal.broken]
    return found


def _ids(plan: Plan, items: list[tuple[str, Goal | Kpi]], report: Report) -> None:
    everything: list[tuple[str, Any]] = [*items, *_broken(plan), *((fact.id, fact) for fact in _facts(plan))]
    taken: dict[str, Place] = {}
    for path, item in everything:
        if item.id in taken:
            first = Phrase(N_("it was given first at {place}"), {"place": str(taken[item.id])})
            report.add("KT301", item.where, path=path, value=item.id, first=first)
        else:
            taken[item.id] = item.where


def _facts(plan: Plan) -> Iterator[Any]:
    yield from plan.facts
    for _, item in plan.walk():
        if isinstance(item, Goal):
            yield from item.facts


def _references(items: list[tuple[str, Goal | Kpi]], report: Report) -> None:
    """Check every `supports`: it leads to a goal of another branch, and never round in a circle."""
    goals = {path: item for path, item in items if isinstance(item, Goal)}
    by_id = {goal.id: path for path, goal in goals.items()}
    links: dict[str, list[str]] = {}
    for path, item in items:
        for link in item.supports:
            target = by_id.get(link.to.rpartition("/")[2])
            if target is None or not names(target, link.to):
                known = [goal.id for goal in goals.values()]
                report.add("KT302", link.where, len(link.to), path, value=link.to, nearest=nearest(link.to, known))
            elif within(path, target) or within(target, path):
                report.add("KT305", link.where, len(link.to), path, value=link.to)
            else:
                links.setdefault(target, []).append(path)
    _circles(items, goals, links, report)


def _circles(
    items: list[tuple[str, Goal | Kpi]], goals: dict[str, Goal], links: dict[str, list[str]], report: Report
) -> None:
    """Report goals that count toward themselves: through what stands in them and what supports them."""
    if not links:
        return
    below: dict[str, list[str]] = {path: [] for path in goals}
    for path in goals:
        above = path.rpartition("/")[0]
        if above:
            below[above].append(path)
    for target, supporters in links.items():
        below[target] += [path for path in supporters if path in goals]
    done: set[str] = set()
    for start in goals:
        circle = _circle_from(start, below, done)
        if circle:
            members = " → ".join(circle)
            report.add("KT304", goals[circle[0]].where, path=circle[0], members=members)


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
            done.update(on_trail)
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


def _dates(plan: Plan, items: list[tuple[str, Goal | Kpi]], report: Report) -> None:
    """Check that the dates of KPIs lie in the plan's period, and that none ends before it starts."""
    start, end = plan.period.start, plan.period.end
    for path, item in items:
        if not isinstance(item, Kpi):
            continue
        own_start, own_due = item.start or start, item.due or end
        days: list[date] = [own_start, own_due, *(s.due for s in item.steps), *(p.date for p in item.points)]
        reason = None
        if own_due < own_start:
            reason = Phrase(N_("it is due before it starts"))
        elif outside := [day for day in days if not start <= day <= end]:
            words = {"day": outside[0].isoformat(), "start": start.isoformat(), "end": end.isoformat()}
            reason = Phrase(N_("{day} lies outside the period from {start} to {end}"), words)
        elif item.points and item.points[-1].date > own_due:
            reason = Phrase(N_("the last point comes after the due date"))
        if reason:
            report.add("KT317", item.where, path=path, reason=reason)


def _time_zone(plan: Plan, node: Any, origin: Origin) -> None:
    if known_zone(plan.time_zone):
        return
    from zoneinfo import available_timezones

    value = next((v for k, v in zip(node[::2], node[1::2], strict=True) if k.value == "time_zone"), None)
    if value is not None:
        near = nearest(plan.time_zone, sorted(available_timezones()))
        origin.wrong(value, "KT318", value=plan.time_zone, nearest=near)


def known_zone(name: str) -> bool:
    """Tell whether the machine's time zone list, or the one that comes along, has `name`."""
    if not name.isascii() or name.startswith((".", "/")) or ".." in name:
        return False
    if any(os.path.isfile(os.path.join(folder, name)) for folder in ("/usr/share/zoneinfo", "/usr/lib/zoneinfo")):
        return True
    from zoneinfo import available_timezones

    return name in available_timezones()


def _weights(plan: Plan, report: Report) -> None:
    """Report nodes whose children all weigh nothing."""
    nodes: list[tuple[str, Any]] = [("", plan), *((p, g) for p, g in plan.walk() if isinstance(g, Goal))]
    for path, holder in nodes:
        weights = [item.weight for item in (*holder.goals, *holder.kpis, *holder.broken)]
        if weights and not any(weights):
            report.add("KT319", holder.where, path=path)


