"""Amendments: what a plan says about the changes that were made to it."""

from datetime import date
from enum import StrEnum

from kpi_tracker.diagnostics.place import NOWHERE, Place
from kpi_tracker.model.unit import Text
from kpi_tracker.record import field, record

__all__ = ["Amended", "Amendment"]


class Amended(StrEnum):
    """What of an item was changed."""

    TARGET = "target"
    BASELINE = "baseline"
    WEIGHT = "weight"
    STEPS = "steps"
    TERMS = "terms"
    REMOVED = "removed"


@record
class Amendment:
    """A change of the plan with its reason and the document that decided it.

    `item` is its path, empty for the plan itself; for one that was removed, the reference as written. `before` and
    `after` are the values of a target, a baseline (in the KPI's unit, or grades) or a weight; None for what has no one value.
    """

    item: str
    date: date
    what: Amended
    reason: Text
    reference: str
    before: float | str | None = None
    after: float | str | None = None
    where: Place = field(default=NOWHERE, eq=False)
