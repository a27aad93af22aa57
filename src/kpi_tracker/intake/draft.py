"""What an import comes to before anything is written: new, corrected, unchanged, refused, suspicious."""

import os
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from tempfile import TemporaryDirectory

from kpi_tracker.diagnostics import Diagnostic
from kpi_tracker.diagnostics.faults import FAULTS
from kpi_tracker.diagnostics.rawfile import shown_name
from kpi_tracker.intake.book import Cell
from kpi_tracker.intake.doubts import RECENT, Dated, doubts, misfit
from kpi_tracker.intake.ledger import Origin, columns_of, row_of, rows_text
from kpi_tracker.intake.reading import Claim, Reading, Remark, Spot
from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.observation import EMPTY, Observation, Observations
from kpi_tracker.record import changed, record
from kpi_tracker.sources.observations import ObservationReading, read_observations

__all__ = ["Change", "Draft", "Entry", "drafted"]


class Change(StrEnum):
    """What an accepted figure does to the ledger."""

    NEW = "new"
    CORRECTED = "corrected"
    UNCHANGED = "unchanged"


@record
class Entry:
    """A figure that can be taken, the observation that it supersedes or repeats, and what is suspicious about it."""

    change: Change
    claim: Claim
    before: Observation | None = None
    doubts: tuple[Phrase, ...] = ()


@record
class Draft:
    """Everything that is to be shown before it is taken; `known` counts unchanged figures that are no entries."""

    entries: tuple[Entry, ...]
    refused: tuple[Remark, ...] = ()
    left_out: tuple[Remark, ...] = ()
    odd: tuple[Remark, ...] = ()
    known: int = 0

    def of(self, change: Change) -> tuple[Entry, ...]:
        """Return the entries of one kind."""
        return tuple(entry for entry in self.entries if entry.change is change)

    @property
    def fresh(self) -> tuple[Entry, ...]:
        """The entries that are to be written."""
        return tuple(entry for entry in self.entries if entry.change is not Change.UNCHANGED)

    def open_doubts(self, accepted: Iterable[str]) -> tuple[Cell | Spot | None, ...]:
        """Return the cells that are suspicious and that nobody accepted; `all` accepts every one."""
        words = frozenset(accepted)
        found = [entry.claim.cell for entry in self.entries if entry.doubts]
        found += [remark.cell for remark in self.odd] if self.fresh else []
        return tuple(cell for cell in found if "all" not in words and not words & _names(cell, found))


def _names(cell: Cell | Spot | None, all_cells: list[Cell | Spot | None]) -> set[str]:
    """Return what a cell may be called: without its sheet too, where no other sheet has one of that address."""
    if isinstance(cell, Spot):
        return {cell.name}
    full = str(cell)
    short = full.rpartition("!")[2]
    alone = sum(str(other).rpartition("!")[2] == short for other in all_cells) == 1
    return {full, short} if alone else {full}


def drafted(plan: Plan, reading: Reading, known: ObservationReading, now: datetime, origin: Origin) -> Draft:
    """Return what taking `reading` at `now` (plan time) would do to a plan of which `known` was observed."""
    claims, refused = _one_a_day(reading.claims)
    before = _newest(known.observations, claims)
    entries = [_entry(claim, before.get(_key(claim))) for claim in claims]
    wrong = _rehearsed(
        plan, [entry.claim for entry in entries if entry.change is not Change.UNCHANGED], known, now, origin
    )
    entries = [entry for entry in entries if _key(entry.claim) not in wrong]
    refused += [Remark(claim.cell, wrong[_key(claim)]) for claim in claims if _key(claim) in wrong]
    figures = _figures(entries, before)
    doubted = tuple(_doubted(plan, entry, figures, now.date()) for entry in entries)
    return Draft(doubted, (*reading.refused, *refused), reading.left_out, reading.odd, reading.known)


Key = tuple[str, tuple[str, ...], date]
"""What a figure speaks for: its KPI, the part of it, and the day."""


def _key(claim: Claim) -> Key:
    return claim.kpi.id, claim.part, claim.date


def _one_a_day(claims: Iterable[Claim]) -> tuple[list[Claim], list[Remark]]:
    """Return one claim for each KPI and day; several that differ are refused, all of them."""
    grouped: dict[Key, list[Claim]] = {}
    for claim in claims:
        grouped.setdefault(_key(claim), []).append(claim)
    refused = []
    for group in grouped.values():
        if any(claim.value != group[0].value for claim in group):
            for claim in group:
                others = tuple(str(other.cell) for other in group if other is not claim)
                args = {"kpi": claim.name, "date": str(claim.date), "others": others}
                text = N_("{kpi} has another value for {date} in {others}; neither is used")
                refused.append(Remark(claim.cell, Phrase(text, args)))
    kept = [group[0] for group in grouped.values() if all(claim.value == group[0].value for claim in group)]
    return kept, refused


def _newest(observations: Observations, claims: Iterable[Claim]) -> dict[Key, Observation]:
    """Return the observations that count of the KPIs of `claims`: of one KPI and day the one recorded last."""
    found = {(claim.kpi.id, claim.part) for claim in claims}
    series = {
        (name, part): observations.parts.get(name, {}).get(part, EMPTY) if part else observations.get(name, EMPTY)
        for name, part in found
    }  # fmt: skip
    return {(*named, row.date): row for named, one in series.items() for row in one.rows}


def _entry(claim: Claim, before: Observation | None) -> Entry:
    if before is None:
        return Entry(Change.NEW, claim)
    return Entry(Change.UNCHANGED if before.value == claim.value else Change.CORRECTED, claim, before)


def _rehearsed(
    plan: Plan, claims: list[Claim], known: ObservationReading, now: datetime, origin: Origin
) -> dict[Key, Phrase]:
    """Read the rows as they would be written, beside all others; return those that would not count, with the reason."""
    if not claims:  # nothing is to be written, and reading a large ledger takes a while
        return {}
    with TemporaryDirectory() as folder:
        file = os.path.join(folder, "rows.csv")
        with open(file, "w", encoding="utf-8", newline="") as out:
            columns = columns_of(claims)
            out.write(rows_text([columns, *(row_of(claim, now, origin, columns) for claim in claims)]))
        after = read_observations(plan, beside=[file])
    paths = {item.id: path for path, item in plan.walk() if isinstance(item, Kpi)}
    before = {(fault.code, fault.place) for fault in known.diagnostics}
    wrong = {}
    for fault in after.diagnostics:
        if fault.place.file == shown_name(file) and fault.place.line > 1:
            wrong[_key(claims[fault.place.line - 2])] = _phrase(fault)
        elif (fault.code, fault.place) not in before:  # an older row that would no longer count
            spoilt = Phrase(N_("beside it the row at {place} would no longer count"), {"place": str(fault.place)})
            wrong |= {_key(claim): spoilt for claim in claims if paths[claim.kpi.id] == fault.path}
    counting = _newest(after.observations, claims)
    for claim in claims:
        if _key(claim) not in wrong and (newest := counting[_key(claim)]).value != claim.value:
            args = {"value": newest.written, "recorded": f"{newest.recorded():%Y-%m-%d %H:%M:%S}"}
            wrong[_key(claim)] = Phrase(
                N_("it would not count beside {value}, which was recorded later ({recorded})"), args
            )
    return wrong


def _phrase(fault: Diagnostic) -> Phrase:
    return Phrase(FAULTS[fault.code].message, fault.args)


def _figures(entries: Iterable[Entry], before: Mapping[Key, Observation]) -> dict[tuple[str, ...], list[Dated]]:
    """Return the numbers of every KPI, and of every part, as they would be, with their days, in order."""
    values = {key: row.value for key, row in before.items()}
    values |= {_key(entry.claim): entry.claim.value for entry in entries}
    figures: dict[tuple[str, ...], list[Dated]] = {}
    for (name, part, day), value in sorted(values.items(), key=lambda item: item[0]):
        if isinstance(value, float):
            figures.setdefault((name, *part), []).append((day, value))
    return figures


def _doubted(plan: Plan, entry: Entry, figures: Mapping[tuple[str, ...], list[Dated]], today: date) -> Entry:
    claim = entry.claim
    if entry.change is Change.UNCHANGED:
        return entry
    found: list[Phrase] = []
    if claim.date > today:
        found.append(Phrase(N_("{date} is still to come"), {"date": str(claim.date)}))
    if isinstance(claim.value, float):
        known = figures[claim.kpi.id, *claim.part]
        at = bisect_left(known, (claim.date, claim.value))
        following = known[at + 1] if at + 1 < len(known) else None
        kpi = _of_part(claim, plan)
        found.extend(doubts(kpi, plan, claim.date, claim.value, known[max(0, at - RECENT) : at], following))
        if claim.cumulative is not None and (odd := misfit(kpi, plan, claim.date, claim.cumulative, known)):
            found.append(odd)
    return Entry(entry.change, claim, entry.before, tuple(found))


def _of_part(claim: Claim, plan: Plan) -> Kpi:
    """Return the KPI of a claim, for a part with the member's own baseline: that of the whole says nothing of it."""
    if not claim.part:
        return claim.kpi
    by, name = claim.part
    dimension = plan.dimension(by)
    member = dimension.find(name) if dimension else None
    breakdown = next((one for one in claim.kpi.breakdown if one.by == by), None)
    return changed(claim.kpi, baseline=breakdown.own(member).baseline if member and breakdown else None)
