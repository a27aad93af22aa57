"""The sources of a plan checked against it: what goes together, the KPIs that they feed, and their files."""

import os
from contextlib import suppress
from typing import Any

from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.language import N_, Phrase
from kpi_tracker.loading.datasources import COLUMNS, DATA_SOURCE
from kpi_tracker.loading.fields import BROKEN, Origin, Written
from kpi_tracker.loading.search import inside, matching
from kpi_tracker.loading.wrong import Reported
from kpi_tracker.model.datasource import OFFERED, DataSource, Role, SourceKind
from kpi_tracker.model.goal import Goal, Plan, names
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Measure
from kpi_tracker.notation.number import Unreadable, is_unit, read_number
from kpi_tracker.record import changed

__all__ = ["build_sources"]

OF_SQL = ("url", "select", "parameters", "timeout")
OF_FILES = ("files", "folder", "watch")


def build_sources(plan: Plan, written: list[Written], origin: Origin, folder: str) -> Plan:
    """Return `plan`, whose file lies in `folder`, with its sources; those with a fault are reported and left out."""
    taken: dict[str, int] = {}
    found = []
    for one in written:
        try:
            source = _Source(plan, one, origin, folder).built()
        except Reported:
            continue
        if source.id in taken:
            first = Phrase(N_("the source in line {line} has it"), {"line": taken[source.id]})
            origin.wrong(_value(one.node, "id"), "KT301", value=source.id, first=first)
            continue
        taken[source.id] = source.where.line
        found.append(source)
    return changed(plan, sources=tuple(found))


def _value(node: Any, key: str) -> Any:
    return next(v for k, v in zip(node[::2], node[1::2], strict=True) if k.value == key)


class _Source:
    """One source while it is checked: all that is wrong with it is reported."""

    def __init__(self, plan: Plan, written: Written, origin: Origin, home: str) -> None:
        self._home, self._plan, self._values, self._node, self._origin = (
            home,
            plan,
            written.values,
            written.node,
            origin,
        )
        self._before = len(origin.report.diagnostics)
        self._paths = {item.id: (path, item) for path, item in plan.walk() if isinstance(item, Kpi)}

    def built(self) -> DataSource:
        """Return the source.

        Raises:
            Reported: something is wrong with it.
        """
        values = {key: value for key, value in self._values.items() if value is not BROKEN}
        if "kind" in values:
            self._keys(values)
        if "columns" in values:
            self._roles(values)
        values["kpis"] = self._kpis(values.get("kpis", {}))
        if "unit" in values:
            self._unit(values["unit"], values["kpis"])
        if "select" in values and values.get("kind") is SourceKind.SQL:
            self._select(values["select"], values.get("parameters", {}))
        patterns = values.get("files", ())
        files = self._files(patterns, values) if patterns else ()
        torn = len(values.keys() & self._values.keys()) < len(self._values)
        if torn or len(self._origin.report.diagnostics) > self._before:
            raise Reported
        values.pop("files", None)
        return DataSource(**values, patterns=tuple(patterns), files=files, where=self._origin.place(self._node))

    def _wrong(self, at: str, code: str, **args: Any) -> None:
        self._origin.wrong(_value(self._node, at), code, **args)

    def _keys(self, values: dict[str, Any]) -> None:
        """Check that the keys are those of its kind, and that those are there without which it cannot be."""
        kind = values["kind"]
        foreign, needed = (OF_FILES, ("url", "select")) if kind is SourceKind.SQL else (OF_SQL, ("files",))
        for key in foreign:
            if key in values:
                self._wrong(key, "KT344", key=key, value=f"kind: {kind.value}")
        for key in needed:
            if not self._values.get(key):
                doc = Phrase(DATA_SOURCE.fields[key].doc)
                self._origin.wrong(self._node, "KT202", of=DATA_SOURCE.title, key=key, expected=doc)
        if "folder" in values and values.get("watch"):
            self._wrong("watch", "KT344", key="watch", value="folder")

    def _roles(self, values: dict[str, Any]) -> None:
        columns = values["columns"]
        with suppress(Reported):
            COLUMNS.given(columns, _value(self._node, "columns"), self._origin)
        for role in (Role.BASIS, Role.RECORDED_AT):
            if role in columns and not values.get("watch"):
                at = _value(_value(self._node, "columns"), role.value)
                self._origin.wrong(at, "KT345", key=role.value)

    def _kpis(self, written: dict[str, Any]) -> dict[str, str]:
        """Return the paths of the KPIs by the source's codes."""
        found = {}
        lost = {item.id for holder in _holders(self._plan) for item in holder.broken}
        for code, node in written.items():
            reference = node.value.strip()
            path, kpi = self._paths.get(reference.rpartition("/")[2], ("", None))
            if kpi is None or not names(path, reference):
                if reference.rpartition("/")[2] not in lost:  # its own fault is in the report
                    near = nearest(reference.rpartition("/")[2], list(self._paths))
                    self._origin.wrong(node, "KT340", value=reference, nearest=near)
            elif kpi.formula is not None:
                self._origin.wrong(node, "KT346", kpi=reference)
            else:
                found[code] = path
        return found

    def _unit(self, unit: str, kpis: dict[str, str]) -> None:
        """Check that the unit is one that the KPIs can be given in."""
        if not is_unit(unit):
            expected = Phrase(N_("a unit without a number, such as 万元"))
            self._wrong("unit", "KT206", key="unit", value=unit, expected=expected)
            return
        for path in kpis.values():
            kpi = self._paths[path.rpartition("/")[2]][1]
            if kpi.measure in (Measure.MILESTONE, Measure.GRADE):
                continue
            try:
                read_number(f"1{unit}", kpi.unit)
            except Unreadable as unreadable:
                self._wrong("unit", "KT347", value=unit, kpi=kpi.id, reason=unreadable.reason)
                return

    def _select(self, select: str, parameters: dict[str, Any]) -> None:
        """Check that the select is one statement that reads, and that its placeholders and parameters fit."""
        from kpi_tracker.notation.sql import Unselective, placeholders

        try:
            named = placeholders(select)
        except Unselective as wrong:
            self._wrong("select", "KT341", reason=wrong.reason)
            return
        for name in named:
            if name not in parameters and name not in OFFERED and self._values.get("parameters") is not BROKEN:
                known = (*parameters, *OFFERED)
                self._wrong("select", "KT342", value=name, expected=OFFERED, nearest=nearest(name, known))
        for name in parameters:
            if name in OFFERED or name not in named:
                reason = N_("every select is offered it") if name in OFFERED else N_("the select does not name it")
                at = next(k for k in _value(self._node, "parameters")[::2] if k.value == name)
                near = "" if name in OFFERED else nearest(name, named)
                self._origin.wrong(at, "KT343", value=name, reason=Phrase(reason), nearest=near)

    def _files(self, patterns: tuple[str, ...], values: dict[str, Any]) -> tuple[str, ...]:
        """Check the names of files; return the files that there are where the check itself reads them."""
        folder = values.get("folder", self._home)
        if "folder" in values and not os.path.isabs(folder):
            expected = Phrase(N_("a whole path, such as /srv/figures; files in the plan's folder need none"))
            self._wrong("folder", "KT206", key="folder", value=folder, expected=expected)
            return ()
        found: dict[str, None] = {}
        for pattern, node in zip(patterns, _value(self._node, "files"), strict=True):
            target = os.path.join(folder, pattern)
            if not pattern.isprintable():  # no file of a plan is called so, and the system takes no zero byte
                self._origin.wrong(node, "KT114", value=pattern)
            elif os.path.isabs(pattern) or not inside(target, folder or "."):
                self._origin.wrong(node, "KT116", value=pattern)
            elif values.get("watch"):
                found |= dict.fromkeys(self._watched(pattern, node, folder))
        return tuple(found)

    def _watched(self, pattern: str, node: Any, folder: str) -> list[str]:
        """Return the files that a name or glob finds now. A folder may be empty; a file or folder must be there."""
        root = folder or "."
        matches = matching(pattern, folder)
        within = [match for match in matches if inside(match, root)]
        self._origin.report.looked[pattern, folder, root] = within
        for match in matches:
            if match not in within:
                self._origin.wrong(node, "KT116", value=match)
        fixed = pattern
        while any(sign in fixed for sign in "*?["):
            fixed = os.path.dirname(fixed)
        if not matches and not os.path.exists(os.path.join(folder, fixed)):
            self._origin.wrong(node, "KT114", value=pattern)
        return [os.path.normpath(match) for match in within]


def _holders(plan: Plan) -> list[Plan | Goal]:
    return [plan, *(item for _, item in plan.walk() if isinstance(item, Goal))]
