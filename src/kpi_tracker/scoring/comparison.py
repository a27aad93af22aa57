"""A value against its base year, and against a second one where the first was no ordinary year."""

from kpi_tracker.model import reasons
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Aggregate, Measure
from kpi_tracker.model.scorecard import Comparison

__all__ = ["compare"]

TOTAL, SUM = Measure.TOTAL, Aggregate.SUM


def compare(
    kpi: Kpi, x: float | str, expected: float, baseline_year: int, same_day: float | None = None
) -> tuple[Comparison, ...]:
    """Return the comparison of `x` with the baseline, and with the second base year of an abnormal one.

    What accumulates is compared with the base year's own figure on the same day where `same_day` gives it, else with
    the baseline pro rata (b · e0); all else with the baseline itself.
    """
    base = kpi.baseline
    if base is None:
        return ()
    accumulates = kpi.measure is TOTAL or kpi.aggregate is SUM
    share = expected if accumulates else None
    first = _against(base.year or baseline_year, base.value, x, share, same_day)
    second = base.abnormal
    if second is None or second.year is None or second.value is None:
        return (first,)
    return (first, _against(second.year, second.value, x, share))


def _against(
    year: int, base: float | str, x: float | str, share: float | None, same_day: float | None = None
) -> Comparison:
    if isinstance(base, str) or isinstance(x, str):
        return Comparison(year, base, "plain", base, reason=reasons.NOT_NUMERIC)
    if same_day is not None:
        kind, reference = "same_day", same_day
    elif share is not None:
        kind, reference = "pro_rata", base * share
    else:
        kind, reference = "plain", base
    if reference > 0:  # nearly every KPI has one: this takes half the time of Comparison()
        return tuple.__new__(Comparison, (year, base, kind, reference, x - reference, x / reference - 1, None))
    reason = reasons.BASE_NOT_POSITIVE if base <= 0 or kind == "same_day" else reasons.NOTHING_EXPECTED
    return Comparison(year, base, kind, reference, x - reference, None, reason)
