"""What a KPI came to in its year: the value that becomes the next year's baseline, and how firm it is."""

from datetime import date
from enum import StrEnum

from kpi_tracker.language import N_
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Aggregate, Cadence, Measure, Status
from kpi_tracker.model.observation import Observation, ObservationBasis
from kpi_tracker.model.scorecard import KpiScore
from kpi_tracker.model.unit import UnitFamily
from kpi_tracker.notation.number import Unreadable, read_number
from kpi_tracker.record import record

__all__ = ["FIRMNESS", "Flaw", "Result", "basis_of", "result_of", "spelled"]

FIRMNESS = {
    ObservationBasis.PROVISIONAL: N_("provisional figures"),
    ObservationBasis.ESTIMATED: N_("estimated figures"),
    ObservationBasis.ILLUSTRATIVE: N_("illustrative figures, no real results"),
}
"""What is said of a result that rests on figures of this kind, from the firmest on."""
PARTS = (("小时", "分", "秒"), ("h", "m", "s"))
SUMMED = (Measure.TOTAL, Measure.LIMIT)


class Flaw(StrEnum):
    """Why a KPI's year is not complete."""

    EXEMPT = "exempt"
    NO_DATA = "no_data"
    UNREAD = "unread"
    GAPS = "gaps"
    SHORT = "short"


@record
class Result:
    """The result of a year; `value` is a number in the KPI's unit or a grade, None where there is none to go by.

    `flaw` tells why the year is not complete. What is not complete and adds up has no value: a part of a sum is no
    result. Where a value is there all the same, it is approximate. `recorded` is when the last figure in it was.
    """

    value: float | str | None
    flaw: Flaw | None = None
    data_date: date | None = None
    recorded: date | None = None
    basis: ObservationBasis = ObservationBasis.REPORTED


def result_of(score: KpiScore, plan: Plan) -> Result:
    """Return what the KPI of `score`, of `plan`, came to."""
    value, day, kpi = score.value, score.data_date, score.kpi
    if score.status is Status.EXEMPT:
        return Result(None, Flaw.EXEMPT)
    if value is None or day is None:
        return Result(None, Flaw.NO_DATA)
    recorded = max((row.recorded_at.date() for row in _used(score, plan) if row.recorded_at), default=None)
    basis = basis_of(score, plan)
    flaw = _flaw(score)
    # What happens now and then may have happened for the last time: the sum so far is more than nothing.
    whole = flaw is None or (flaw is Flaw.SHORT and (kpi.cadence or plan.cadence) is Cadence.IRREGULAR)
    return Result(value if whole or not _adds_up(kpi) else None, flaw, day, recorded, basis)


def basis_of(score: KpiScore, plan: Plan) -> ObservationBasis:
    """Return how firm the figures are that the value of `score` rests on: as the least firm of them."""
    return max((row.basis for row in _used(score, plan)), key=_softness, default=ObservationBasis.REPORTED)


def _flaw(score: KpiScore) -> Flaw | None:
    if score.rows_left_out:
        return Flaw.UNREAD
    if score.gaps:
        return Flaw.GAPS
    return None if score.ended else Flaw.SHORT


def _adds_up(kpi: Kpi) -> bool:
    """Tell whether a value up to some day is only a part of the year's, because it grows from figure to figure."""
    return kpi.measure is Measure.TOTAL or kpi.aggregate is Aggregate.SUM


def _used(score: KpiScore, plan: Plan) -> tuple[Observation, ...]:
    """Return the observations that the value rests on: the later recorded of each day, and only the newest for a state."""
    kpi, last = score.kpi, score.data_date
    if last is None:
        return ()
    first = kpi.start or plan.period.start
    latest = {row.date: row for row in score.series.rows if first <= row.date <= last}
    newest = kpi.aggregate in (None, Aggregate.NEWEST) and kpi.measure not in SUMMED
    return (latest[last],) if newest else tuple(latest.values())


def _softness(basis: ObservationBasis) -> int:
    return [ObservationBasis.REPORTED, *FIRMNESS].index(basis)


def spelled(value: float | str, kpi: Kpi, before: str) -> str:
    """Return a value as the plan would write it: a grade, a share with %, a number with its unit where `before` has it.

    `before` is the baseline that was written last year, "" where there was none.
    """
    if isinstance(value, str):
        return value
    number = text = f"{value:.15g}"
    family, unit = kpi.unit.family, kpi.unit.text.zh
    parts = next((parts for parts in PARTS if sum(part in before for part in parts) > 1), None)
    if family is UnitFamily.DURATION and parts:
        text = _in_parts(value * kpi.unit.factor, parts)
    elif family is UnitFamily.PERCENT:
        text += "%"
    elif unit and before.rstrip().endswith(unit):
        text += unit
    try:
        return text if read_number(text, kpi.unit) == value else number
    except Unreadable:
        return number


def _in_parts(seconds: float, parts: tuple[str, str, str]) -> str:
    """Return a duration in hours, minutes and seconds, without those that are 0."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    amounts = zip((hours, minutes, rest), parts, strict=True)
    return "".join(f"{amount:.15g}{part}" for amount, part in amounts if amount) or f"0{parts[2]}"
