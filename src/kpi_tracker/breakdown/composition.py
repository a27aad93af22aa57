"""Totals made of their parts, where nobody reported them; and what does not add up."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

from kpi_tracker.breakdown.parts import Known, PartsOf, parts_of
from kpi_tracker.breakdown.reconciliation import discrepancies, totals_known, unreported
from kpi_tracker.derived.derivation import derive, least_firm
from kpi_tracker.diagnostics import Diagnostic
from kpi_tracker.language import Phrase
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Adds
from kpi_tracker.model.observation import EMPTY, Observation, Observations, Parts, Series
from kpi_tracker.model.part import Discrepancy, Unreported
from kpi_tracker.record import changed

__all__ = ["compose"]

MANY = 12
SYMBOLS = {Adds.SUM: "Σ", Adds.MEAN: "mean", Adds.MAX: "max", Adds.MIN: "min"}


def compose(plan: Plan, observations: Observations) -> tuple[Observations, tuple[Diagnostic, ...]]:
    """Return `observations` with the totals that parts make where nobody reported one, and what does not add up.

    A total is made on each date on which every member that has to report did; it counts as recorded when the last of
    them was, and a correction of a part is one of it. From when on a total is reported, that one counts.
    """
    parts, faults = _with_derived_parts(plan, observations)
    series = {name: observations[name] for name in observations}
    for path, kpi in plan.walk():
        if not isinstance(kpi, Kpi) or not kpi.breakdown or kpi.id not in parts:
            continue
        taken_apart = [one for one in parts_of(plan, kpi, parts) if one.breakdown.adds is not Adds.NONE]
        own = series.get(kpi.id, EMPTY)
        made: list[Observation] = []
        for one in taken_apart:
            for found in _made(one, own, {row.date for row in made}):
                if isinstance(found, Observation):
                    made.append(found)
                else:
                    faults.append(found.at_path(path))
        if made:
            series[kpi.id] = Series.of((*own.rows, *made))
        faults += [fault.at_path(path) for fault in _faults(taken_apart, series.get(kpi.id, EMPTY))]
    return Observations.of(series, parts), tuple(faults)


def _with_derived_parts(plan: Plan, observations: Observations) -> tuple[Parts, list[Diagnostic]]:
    """Return the series of parts, with those that a formula gives for a member whose inputs have a figure."""
    derived = [item for _, item in plan.walk() if isinstance(item, Kpi) and item.formula and item.breakdown]
    parts = {kpi: dict(some) for kpi, some in observations.parts.items()}
    faults: list[Diagnostic] = []
    members = {
        (dimension.id, member.id): member
        for dimension in plan.dimensions for member in dimension.members
        if any(breakdown.by == dimension.id for kpi in derived for breakdown in kpi.breakdown)
    }  # fmt: skip
    for part, member in members.items():
        of_part = {kpi: some[part] for kpi, some in observations.parts.items() if part in some}
        found, wrong = derive(plan, Observations.of(of_part))
        for fault in wrong:
            name = f"{fault.args['kpi']} ({member.title})"
            faults.append(changed(fault, args={**fault.args, "kpi": name}))
        for kpi in derived:
            if kpi.id in found and any(breakdown.by == part[0] for breakdown in kpi.breakdown):
                rows = [row.of_part(*part) for row in found[kpi.id].rows]
                parts.setdefault(kpi.id, {})[part] = Series.of(rows)
            else:
                parts.get(kpi.id, {}).pop(part, None)
    return parts, faults


def _made(parts: PartsOf, own: Series, taken: Iterable[date]) -> Iterator[Observation | Diagnostic]:
    """Yield the totals that parts make on the dates that are not `taken`, as they were first known and corrected."""
    reported: dict[date, datetime] = {}
    for row in own.rows:
        reported.setdefault(row.date, row.recorded())
    for day in parts.days:
        if day in taken:
            continue
        until = reported.get(day)
        before: float | None = None
        for moment in parts.moments(day):
            if until is not None and moment >= until:
                break
            known = parts.known(day, moment)
            value = parts.made(known)
            if isinstance(value, Phrase):
                args = {"kpi": parts.kpi.id, "date": day.isoformat(), "reason": value}
                yield Diagnostic("KT431", next(iter(known.rows.values())).where, args)
                break
            if value is not None and value != before:
                yield _total(parts, day, moment, value, known)
                before = value


def _total(parts: PartsOf, day: date, moment: datetime, value: float, known: Known) -> Observation:
    breakdown = parts.breakdown
    weighed = any(weight != 1 for weight in known.weights.values())
    figures = [
        f"{name} {row.value:.15g}" + (f" × {known.weights[name]:.15g}" if weighed else "")
        for name, row in known.rows.items()
    ]  # fmt: skip
    shown = " · ".join((*figures[:MANY], *("…" for _ in figures[MANY:][:1])))
    basis = least_firm((*known.rows.values(), *known.weighing))
    made = Observation(
        parts.kpi.id, day, value, moment, basis, note=f"{SYMBOLS[breakdown.adds]} {breakdown.by}: {shown}",
        where=breakdown.where,
    )  # fmt: skip
    return made.of_part(breakdown.by)


def _faults(taken_apart: list[PartsOf], whole: Series) -> Iterator[Diagnostic]:
    """Yield what does not add up as far as everything is known, and who is missing where there is no total."""
    totals = totals_known(whole)
    for parts in taken_apart:
        for gap in discrepancies(parts, totals):
            yield _gap(parts, gap)
        for lack in unreported(parts, totals):
            yield _lack(parts, lack)


def _gap(parts: PartsOf, gap: Discrepancy) -> Diagnostic:
    figures = {"total": gap.total, "parts": gap.parts, "difference": gap.difference, "allowed": gap.allowed}
    args: Mapping[str, str] = {name: f"{value:.15g}" for name, value in figures.items()}
    return Diagnostic(
        "KT453", gap.where, {"kpi": parts.kpi.id, "date": gap.date.isoformat(), "of": gap.dimension, **args}
    )  # fmt: skip


def _lack(parts: PartsOf, lack: Unreported) -> Diagnostic:
    known = parts.known(lack.date)
    members = tuple(str(member.title) for member in lack.members)
    where = next(iter(known.rows.values())).where
    return Diagnostic(
        "KT454", where, {"kpi": parts.kpi.id, "date": lack.date.isoformat(), "of": lack.dimension, "members": members}
    )  # fmt: skip
