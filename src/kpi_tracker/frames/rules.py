"""What the plans of one query share."""

from collections.abc import Iterator

from kpi_tracker.model.goal import Goal, Plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Cadence
from kpi_tracker.model.period import Calendar, Period
from kpi_tracker.model.thresholds import PRESETS, TIMELINE, Thresholds
from kpi_tracker.record import field, record

__all__ = ["Rules"]


@record
class Rules:
    """The rules that hold for every KPI of a query unless its row says otherwise; `presets` are thresholds by name."""

    period: Period
    baseline_year: int
    calendar: Calendar = Calendar.MONTHS
    cadence: Cadence = Cadence.MONTHLY
    grace: int = 10
    thresholds: Thresholds = TIMELINE
    presets: dict[str, Thresholds] = field(factory=lambda: dict(PRESETS))
    coverage_floor: float = 0.8

    @staticmethod
    def of(plan: Plan) -> "Rules":
        """Return the rules of a plan; thresholds that are written at an item get a name of their own in `presets`."""
        presets = dict(plan.presets)
        for thresholds in _written(plan):
            if thresholds not in presets.values():
                presets[f"thresholds-{len(presets) - len(plan.presets) + 1}"] = thresholds
        return Rules(
            plan.period, plan.baseline_year, plan.calendar, plan.cadence, plan.grace, plan.thresholds, presets,
            plan.coverage_floor,
        )  # fmt: skip

    def name_of(self, thresholds: Thresholds) -> str:
        """Return the name of thresholds that are among the presets.

        Raises:
            KeyError: they are not.
        """
        for name, preset in self.presets.items():
            if preset == thresholds:
                return name
        raise KeyError(thresholds.name)


def _written(plan: Plan) -> Iterator[Thresholds]:
    yield plan.thresholds
    for _, item in plan.walk():
        assert isinstance(item, Goal | Kpi)  # noqa: S101 - a plan holds nothing else
        if isinstance(item.thresholds, Thresholds):
            yield item.thresholds
