"""What the tests of breakdowns share: a city with three towns, and figures of it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from kpi_tracker.assessment import score
from kpi_tracker.breakdown.composition import compose
from kpi_tracker.diagnostics import Diagnostic
from kpi_tracker.model.breakdown import Breakdown, Dimension, Member, OwnPlan, Reference
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Adds
from kpi_tracker.model.observation import Observation, ObservationBasis, Observations
from kpi_tracker.model.scorecard import KpiScore, PartScore, Scorecard
from tests.builders import day, plan, text

__all__ = ["TOWNS", "by", "city", "codes", "made", "own", "part", "parts", "rows", "scored", "values", "whole"]

TOWNS = ("east", "west", "port")


def by(adds: Adds = Adds.SUM, *parts: OwnPlan, **more: Any) -> tuple[Breakdown, ...]:
    """Return a breakdown by town."""
    if "members" in more:
        more["members"] = tuple(Reference(name) for name in more["members"])
    return (Breakdown("town", adds, parts=parts, **more),)


def own(name: str, **more: Any) -> OwnPlan:
    """Return what is planned for one town."""
    return OwnPlan(name, **more)


def city(*items: Kpi, optional: str = "", towns: Iterable[str] = TOWNS, **more: Any) -> Plan:
    """Return a plan of 2021 with the dimension `town`."""
    members = tuple(Member(name, text(name.title()), optional=name == optional) for name in towns)
    return plan(*items, dimensions=(Dimension("town", text("Town"), members), *more.pop("further", ())), **more)


def whole(name: str, when: str, value: float, recorded: str | None = None, **more: Any) -> Observation:
    """Return a row of the whole."""
    return Observation(name, day(when), value, datetime.fromisoformat(recorded) if recorded else None, **more)


def part(name: str, when: str, town: str, value: Any, recorded: str | None = None, *, by: str = "town",
         illustrative: bool = False, written: str = "") -> Observation:  # fmt: skip
    """Return a row of one town."""
    basis = ObservationBasis.ILLUSTRATIVE if illustrative else ObservationBasis.REPORTED
    moment = datetime.fromisoformat(recorded) if recorded else None
    return Observation(name, day(when), value, moment, basis, written=written).of_part(by, town)


def rows(name: str, when: str, *values: float, recorded: str | None = None) -> list[Observation]:
    """Return the rows of all towns on one date, in their order."""
    return [part(name, when, town, value, recorded) for town, value in zip(TOWNS, values, strict=False)]


def made(whole: Plan, *given: Observation) -> Observations:
    """Return observations with the totals that were made."""
    return compose(whole, Observations(given))[0]


def codes(whole: Plan, *given: Observation) -> list[str]:
    """Return the codes of what does not add up."""
    return [fault.code for fault in faults(whole, *given)]


def faults(whole: Plan, *given: Observation) -> tuple[Diagnostic, ...]:
    """Return what does not add up."""
    return compose(whole, Observations(given))[1]


def values(whole: Plan, *given: Observation, name: str = "k") -> dict[str, object]:
    """Return the total of each date as it is known last."""
    found = made(whole, *given)
    return {row.date.isoformat(): row.value for row in found[name].rows} if name in found else {}


def scored(whole: Plan, given: Iterable[Observation], as_of: str, known_at: str | None = None) -> Scorecard:
    """Return the scorecard of a plan with its totals made."""
    known = datetime.fromisoformat(known_at) if known_at else None
    return score(whole, made(whole, *given), date.fromisoformat(as_of), known)


def parts(kpi: KpiScore) -> dict[str, PartScore]:
    """Return the parts of a KPI by member."""
    return {one.member.id: one for one in kpi.parts}
