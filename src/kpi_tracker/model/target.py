"""Targets and baselines."""

from enum import StrEnum

from kpi_tracker.diagnostics.place import NOWHERE, Place
from kpi_tracker.model.exactness import TOLERANCE
from kpi_tracker.model.measure import Basis, Direction
from kpi_tracker.model.unit import Text
from kpi_tracker.record import field, record

__all__ = ["Abnormal", "Baseline", "Source", "Target", "TargetForm", "Tolerance", "shown_by"]

INCREASE, DECREASE = Direction.INCREASE, Direction.DECREASE  # Enum looks a member up for 0.1 µs


@record
class Source:
    """Where a figure comes from: the document, the section in it, and the figure as printed there."""

    section: str
    document: str = ""
    printed: str = ""


@record
class Abnormal:
    """Why a base year is no ordinary one, with a second base year to compare with."""

    reason: Text
    year: int | None = None
    value: float | None = None


@record
class Baseline:
    """The figure of the base year; `value` is a number in the KPI's unit, or a grade.

    `year` is None for the plan's own baseline year. An approximate value ("more than 3,700") is the printed number.
    """

    value: float | str
    year: int | None = None
    approximate: bool = False
    abnormal: Abnormal | None = None
    source: Source | None = None
    notes: Text | None = None
    where: Place = field(default=NOWHERE, eq=False)


class TargetForm(StrEnum):
    """How a target was written."""

    VALUE = "value"
    CHANGE = "change"
    IMPROVE = "improve"
    MAINTAIN = "maintain"
    AT_MOST = "at_most"
    AT_LEAST = "at_least"


@record
class Tolerance:
    """How much worse than the baseline still counts as maintained: a share of its absolute value, or an amount."""

    amount: float
    relative: bool = False

    def of(self, base: float) -> float:
        """Return the tolerated amount for a baseline of `base`."""
        return abs(base) * self.amount if self.relative else self.amount


@record
class Target:
    """What is to be reached: `value` in the KPI's unit (or a grade), worked out from the form in which it was written."""

    value: float | str
    basis: Basis
    form: TargetForm = TargetForm.VALUE
    written: str = ""
    tolerance: Tolerance | None = None
    by_policy: bool = False
    source: Source | None = None
    notes: Text | None = None
    where: Place = field(default=NOWHERE, eq=False)


def shown_by(target: float, baseline: float) -> Direction | None:
    """Return the direction that a target shows against its baseline; None where it is the baseline, but for noise."""
    if abs(target - baseline) <= TOLERANCE * (1.0 + abs(baseline)):
        return None
    return INCREASE if target > baseline else DECREASE
