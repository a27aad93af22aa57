"""What a formula is given, and what it finds."""

from collections.abc import Mapping
from typing import NamedTuple

from kpi_tracker.language import Phrase
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.observation import Value

__all__ = ["Case", "Judgement"]

NO_INPUTS: Mapping[str, float | str] = {}


class Case(NamedTuple):
    """One KPI at its data date: what it is, what was seen (by date, ascending), and what is expected.

    `expected` is the profile's e0 at the data date; `ended` tells whether the data date is at or after the KPI's end;
    `as_of` is an ordinal.
    """

    kpi: Kpi
    dates: tuple[int, ...]
    values: tuple[Value, ...]
    expected: float
    ended: bool
    as_of: int


class Judgement(NamedTuple):
    """The value, its attainment and the attainment expected, and whether the target is met.

    `achieved` is what the status asks: met, and for what must hold to the end, over as well. `at_least_at_risk` keeps
    the status down (a step past due). `formula` is the rule in symbols and `inputs` what they stand for.
    """

    value: float | str
    attainment: float | None
    expected: float
    met: bool
    achieved: bool
    formula: str
    inputs: Mapping[str, float | str] = NO_INPUTS
    reason: Phrase | None = None
    broken: bool = False
    at_least_at_risk: bool = False
    gap: float | None = None
