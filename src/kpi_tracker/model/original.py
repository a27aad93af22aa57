"""KPIs as they were first set, before the amendments of their targets and baselines."""

from kpi_tracker.model.amendment import Amended, Amendment
from kpi_tracker.model.exactness import TOLERANCE
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Measure
from kpi_tracker.model.target import TargetForm
from kpi_tracker.record import changed

__all__ = ["as_first_set"]


def as_first_set(plan: Plan) -> dict[str, Kpi]:
    """Return every KPI whose target or baseline was amended, as it was before the first amendment, by path.

    One whose first target would equal its first baseline is left out: there was no way to go.
    """
    first: dict[str, dict[Amended, Amendment]] = {}
    for amendment in plan.amendments:  # by date
        if amendment.what in (Amended.TARGET, Amended.BASELINE):
            first.setdefault(amendment.item, {}).setdefault(amendment.what, amendment)
    if not first:
        return {}
    kpis = {path: item for path, item in plan.walk() if isinstance(item, Kpi) and path in first}
    found = {path: _before(kpi, first[path]) for path, kpi in kpis.items()}
    return {path: kpi for path, kpi in found.items() if _has_a_way(kpi)}


def _before(kpi: Kpi, first: dict[Amended, Amendment]) -> Kpi:
    target, baseline = kpi.target, kpi.baseline
    if baseline is not None and (old := first.get(Amended.BASELINE)) is not None and old.before is not None:
        baseline = changed(baseline, value=old.before)
        if target is not None and target.form is TargetForm.MAINTAIN:
            target = changed(target, value=old.before)
    if target is not None and (old := first.get(Amended.TARGET)) is not None and old.before is not None:
        form = TargetForm.VALUE if target.form is TargetForm.MAINTAIN else target.form
        target = changed(target, value=old.before, form=form)
    return changed(kpi, target=target, baseline=baseline)


def _has_a_way(kpi: Kpi) -> bool:
    """Tell whether a level's way from baseline to target is of some length."""
    if kpi.measure is not Measure.LEVEL or kpi.target is None or kpi.baseline is None:
        return True
    b, t = float(kpi.baseline.value), float(kpi.target.value)
    return kpi.target.form is TargetForm.MAINTAIN or abs(t - b) > TOLERANCE * (1.0 + abs(b))
