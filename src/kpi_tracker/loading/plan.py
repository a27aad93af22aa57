"""A whole plan from its files: read, assembled, and checked for what no single item shows."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, NamedTuple

from kpi_tracker.diagnostics import Diagnostic, Place
from kpi_tracker.diagnostics.diagnostic import by_place
from kpi_tracker.diagnostics.rawfile import shown_name
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.language import N_, Phrase
from kpi_tracker.loading.amendments import build_amendments
from kpi_tracker.loading.checks import check_plan
from kpi_tracker.loading.dimensions import Incomplete
from kpi_tracker.loading.fields import BROKEN, Origin, Record, Written, shown
from kpi_tracker.loading.figures import build_fact_value
from kpi_tracker.loading.files import find_files, read_yaml
from kpi_tracker.loading.kpi import build_kpi
from kpi_tracker.loading.nodes import Mapping, read_nodes
from kpi_tracker.loading.records import GOAL, INCLUDED, PLAN
from kpi_tracker.loading.search import inside, matching, plan_file
from kpi_tracker.loading.target import policy_target
from kpi_tracker.loading.thresholds import build_preset, build_thresholds
from kpi_tracker.loading.wrong import Reported, Wrong
from kpi_tracker.model.goal import Broken, Fact, Goal, Kind, Plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Measure
from kpi_tracker.model.period import Period
from kpi_tracker.model.thresholds import PRESETS, TIMELINE, Thresholds
from kpi_tracker.model.unit import NO_UNIT, Text
from kpi_tracker.record import changed

__all__ = ["PlanReading", "read_part", "read_plan"]

MAX_FILES = 2000
OBSERVATIONS = os.path.join("observations", "*.csv")


class PlanReading(NamedTuple):
    """What could be read of a plan (None where not even its period could), and everything that is wrong with it."""

    plan: Plan | None
    diagnostics: tuple[Diagnostic, ...]


class Items(NamedTuple):
    """The lists of a file or of a goal."""

    goals: list[Goal]
    kpis: list[Kpi]
    broken: list[Broken]
    facts: list[Fact]


class Policies(NamedTuple):
    """The plan's target policy, with where it was written."""

    by_measure: dict[str, Any]
    origin: Origin


def read_plan(path: str | os.PathLike[str], report: Report | None = None) -> PlanReading:
    """Read the plan in the folder or file at `path`, never raising for what is wrong with it.

    An empty `report` that is given holds afterwards what the reading rests on.

    Returns:
        A :class:`PlanReading`; its diagnostics are sorted by place.
    """
    report = report or Report()
    with _collector_paused():
        plan = _Loader(report).load(os.fspath(path))
    return PlanReading(plan, tuple(sorted(report.diagnostics, key=by_place)))


def read_part(path: str | os.PathLike[str], report: Report) -> tuple[Diagnostic, ...]:
    """Return what is wrong with the shape of a file that a plan includes, read by itself; its includes are not followed.

    An empty `report` holds afterwards what the reading rests on.
    """
    _Loader(report).load_part(os.fspath(path))
    return tuple(sorted(report.diagnostics, key=by_place))


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Pause the garbage collector: a plan is built at once and holds no cycles, and the cost per KPI stays flat."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Loader:
    """Reads one plan: its file, what that includes, and the whole."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._root = ""
        self._files: list[str] = []
        self._policies: Policies | None = None
        self._amendments: list[tuple[Written, Origin]] = []

    def load(self, path: str) -> Plan | None:
        """Return the plan at `path`, as far as it could be read."""
        file = plan_file(path, self._report)
        if file is None:
            return None
        self._root = os.path.dirname(file) or "."
        read = self._read(file, PLAN)
        if read is None:
            return None
        header, origin, node = read
        items = Items([], [], [], [])
        self._collect(header, origin, node, (os.path.normpath(file),), items)
        return self._plan(header, origin, node, items, file)

    def load_part(self, file: str) -> None:
        """Read one included file by itself."""
        read = self._read(file, INCLUDED)
        if read is not None:
            values, origin, _ = read
            self._items(values, origin, "")

    def _read(self, file: str, record: Record) -> tuple[dict[str, Any], Origin, Any] | None:
        """Return the values of one file by key."""
        self._files.append(file)
        name = shown_name(file)
        origin = Origin(name, self._report)
        data = read_yaml(file, self._report)
        if data is None:
            return None
        before = len(self._report.diagnostics)
        node = read_nodes(data, name, self._report, {"kpis": lambda item: build_kpi(item, origin)})
        if node is None:
            if len(self._report.diagnostics) == before:
                self._report.add("KT102", Place(name))
            return None
        if type(node) is not Mapping:
            origin.wrong(node, "KT203", key=name, expected=_WHOLE_FILE, value=shown(node))
            return None
        return record.read(node, origin), origin, node

    def _collect(self, values: dict[str, Any], origin: Origin, node: Any, chain: tuple[str, ...], items: Items) -> None:
        """Add the items of a file, then those of the files that it includes, depth first in the order of their names."""
        _add(items, self._items(values, origin, ""))
        amendments = values.get("amendments", [])
        self._amendments += [(written, origin) for written in (amendments if amendments is not BROKEN else [])]
        patterns = values.get("include", [])
        if patterns is BROKEN or not patterns:
            return
        written = list(next(v for k, v in zip(node[::2], node[1::2], strict=True) if k.value == "include"))
        for file, at in find_files(patterns, written, os.path.dirname(chain[-1]), self._root, origin).items():
            if file in chain:
                circle = " → ".join(shown_name(f) for f in (*chain[chain.index(file) :], file))
                origin.wrong(at, "KT115", members=circle)
            elif os.path.normpath(file) in map(os.path.normpath, self._files):
                origin.wrong(at, "KT119", value=shown_name(file))
            elif len(self._files) >= MAX_FILES:
                origin.wrong(at, "KT117", limit=MAX_FILES)
                return
            elif (read := self._read(file, INCLUDED)) is not None:
                self._collect(*read, (*chain, file), items)

    def _items(self, values: dict[str, Any], origin: Origin, above: str) -> Items:
        """Return the goals, KPIs and facts of a mapping; what is broken is named, and takes nothing else along."""
        members = values.get("kpis", [])
        members = [] if members is BROKEN else members
        goals = values.get("goals", [])
        facts = values.get("facts", [])
        return Items(
            [self._goal(node, origin, above) for node in (goals if goals is not BROKEN else [])],
            [item for item in members if isinstance(item, Kpi)],
            [item for item in members if isinstance(item, Broken)],
            [fact for w in (facts if facts is not BROKEN else []) if (fact := _fact(w, origin)) is not None],
        )

    def _goal(self, node: Any, origin: Origin, above: str) -> Goal:
        """Return a goal; a fault in one of its own keys leaves that key out, and what is below it is read all the same."""
        found = self._report.diagnostics
        before = len(found)
        values = GOAL.read(node, origin)
        good = {key: value for key, value in values.items() if value is not BROKEN and key in _GOAL_KEYS}
        place = origin.place(node)
        name = good.pop("id", f"line-{place.line}")
        items = self._items(values, origin, f"{above}{name}/")
        if "thresholds" in good:
            try:
                good["thresholds"] = build_thresholds(good["thresholds"], origin)
            except Reported:
                del good["thresholds"]
        title = good.pop("title", Text(name, name))
        if len(found) > before:
            found[before:] = [fault if fault.path else fault.at_path(above + name) for fault in found[before:]]
        return Goal(name, title, **good, **_frozen(items), where=place)

    def _plan(self, header: dict[str, Any], origin: Origin, node: Any, items: Items, file: str) -> Plan | None:
        """Return the plan of its header and its items, checked as a whole."""
        good = {key: value for key, value in header.items() if value is not BROKEN and key not in _LISTS}
        period = _period(good.pop("period", None), origin)
        presets = {**PRESETS, **_presets(good.pop("presets", {}), origin)}
        thresholds = self._plan_thresholds(good.pop("thresholds", None), presets, origin)
        if "target_policy" in good:
            self._policies = Policies(good.pop("target_policy"), origin)
        elif "target_policy" in header:  # what it says is not known, so nobody can be said to lack it
            self._policies = Policies(dict.fromkeys(Measure, BROKEN), origin)
        items = self._with_policy(items)
        observations = self._observation_files(good.pop("observations", None), origin, node, file)
        unknown = frozenset(key for key, value in header.items() if value is BROKEN or isinstance(value, Incomplete))
        if period is None:
            check_plan(_stand_in(items, presets, good.get("kinds", {})), node, origin, self._report, unknown)
            return None
        name = good.pop("id", os.path.basename(os.path.abspath(self._root)))
        plan = Plan(
            name,
            good.pop("title", Text(name, name)),
            period,
            good.pop("time_zone", "UTC"),
            good.pop("baseline_year", max(1, period.start.year - 1)),
            thresholds=thresholds,
            presets=presets,
            files=tuple(shown_name(f) for f in self._files),
            observation_files=tuple(observations),
            where=origin.place(node),
            **{key: value for key, value in good.items() if key in _PLAN_KEYS},
            **_frozen(items),
        )
        plan = check_plan(plan, node, origin, self._report, unknown)
        if sources := good.get("sources"):
            from kpi_tracker.loading.feeding import build_sources

            plan = build_sources(plan, sources, origin, os.path.dirname(file))
        return build_amendments(plan, self._amendments, self._report) if self._amendments else plan

    def _plan_thresholds(self, written: Written | None, presets: dict[str, Thresholds], origin: Origin) -> Thresholds:
        if written is None:
            return TIMELINE
        try:
            chosen = build_thresholds(written, origin)
        except Reported:
            return TIMELINE
        if isinstance(chosen, str):
            if chosen not in presets:
                known = tuple(presets)
                origin.wrong(written.node, "KT322", value=chosen, expected=known, nearest=nearest(chosen, known))
            return presets.get(chosen, TIMELINE)
        return chosen

    def _observation_files(self, patterns: Any, origin: Origin, node: Any, file: str) -> list[str]:
        folder = os.path.dirname(file)
        if patterns is None:
            found = matching(OBSERVATIONS, folder)
            self._report.looked[OBSERVATIONS, folder, self._root] = [m for m in found if inside(m, self._root)]
            for match in found:
                if not inside(match, self._root):
                    self._report.add("KT116", Place(origin.file), value=shown_name(match))
            return [match for match in found if inside(match, self._root)]
        written = next(v for k, v in zip(node[::2], node[1::2], strict=True) if k.value == "observations")
        return list(find_files(patterns, list(written), folder, self._root, origin))

    def _with_policy(self, items: Items) -> Items:
        """Return the items with a target for every KPI that states none; one that can have none is broken."""
        kpis: list[Kpi] = []
        for kpi in items.kpis:
            if kpi.has_target:
                kpis.append(kpi)
            elif (whole := self._policy_applied(kpi)) is not None:
                kpis.append(whole)
            else:
                items.broken.append(Broken(kpi.id, kpi.weight, kpi.where, kpi.supports))
        return Items([self._goal_with_policy(goal) for goal in items.goals], kpis, items.broken, items.facts)

    def _goal_with_policy(self, goal: Goal) -> Goal:
        if all(kpi.has_target for kpi in goal.kpis) and not goal.goals:
            return goal
        with_targets = self._with_policy(Items(list(goal.goals), list(goal.kpis), list(goal.broken), list(goal.facts)))
        return changed(goal, **_frozen(with_targets))

    def _policy_applied(self, kpi: Kpi) -> Kpi | None:
        """Return the KPI with the policy's target; None where a fault says why it has none."""
        if kpi.thresholds == "eurostat" and kpi.measure in (Measure.LEVEL, Measure.RATE):
            return kpi  # that preset judges growth where there is no target
        written = self._policies.by_measure.get(kpi.measure.value) if self._policies else None
        if written is None or written is BROKEN:
            if written is None:
                self._report.add("KT309", kpi.where, path=kpi.id, measure=kpi.measure.value)
            return None
        assert self._policies is not None  # noqa: S101 - a policy was found in it
        target = policy_target(written, kpi, self._policies.origin)
        return None if target is None else changed(kpi, target=target)


_WHOLE_FILE = Phrase(N_("a mapping that starts with “format: kpi-tracker/v1”"))
_LISTS = ("goals", "kpis", "facts", "include", "format")
_GOAL_KEYS = frozenset(GOAL.fields) - {"goals", "kpis", "facts"}
_PLAN_KEYS = frozenset(
    {
        "calendar",
        "coverage_floor",
        "kinds",
        "cadence",
        "grace",
        "flags",
        "dimensions",
        "owner",
        "assumed",
        "source",
        "notes",
    }
)


def _add(items: Items, more: Items) -> None:
    for kept, new in zip(items, more, strict=True):
        kept.extend(new)  # type: ignore[attr-defined]


def _frozen(items: Items) -> dict[str, Any]:
    return {name: tuple(found) for name, found in items._asdict().items()}


def _period(written: Written | None, origin: Origin) -> Period | None:
    if written is None:
        return None
    values = written.values
    if "year" in values:
        return Period(date(values["year"], 1, 1), date(values["year"], 12, 31))
    if values["end"] < values["start"]:
        reason = Phrase(N_("the period ends before it starts"))
        origin.wrong(written.node, "KT317", reason=reason)
        return None
    return Period(values["start"], values["end"])


def _presets(written: dict[str, Written], origin: Origin) -> dict[str, Thresholds]:
    built = {name: build_preset(name, preset, origin) for name, preset in written.items()}
    return {name: preset for name, preset in built.items() if preset is not None}


def _fact(written: Written, origin: Origin) -> Fact | None:
    values = dict(written.values)
    if BROKEN in values.values():
        return None
    try:
        if "value" in values:
            values["value"] = build_fact_value(values["value"], values.get("unit", NO_UNIT), origin)
    except (Reported, Wrong):
        return None
    return Fact(**values, where=origin.place(written.node))


def _stand_in(items: Items, presets: dict[str, Thresholds], kinds: dict[str, Kind]) -> Plan:
    """Return a plan of a year without bounds, so that the items of a plan without a period are checked too."""
    whole = Period(date.min, date.max)
    return Plan("plan", Text("", ""), whole, "UTC", 1, presets=presets, kinds=kinds, **_frozen(items))
