"""What all plans of one query share: the period, the calendar, and the thresholds by name."""

from kpi_tracker.model.goal import Plan
from kpi_tracker.model.measure import Cadence
from kpi_tracker.model.period import Calendar, Period
from kpi_tracker.model.thresholds import PRESETS, TIMELINE, Thresholds
from kpi_tracker.nodes import chosen_thresholds
from kpi_tracker.record import field, record

__all__ = ["Rules", "threshold_names"]


@record
class Rules:
    """What holds for every KPI of a set of plans, unless its row says otherwise.

    `grace` is in days; `thresholds` judge what names none of the `presets`; `coverage_floor` is a share (0 … 1).
    """

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
        """Return the rules of a plan; thresholds that an item of it writes out have a name among the presets."""
        return Rules(
            plan.period, plan.baseline_year, plan.calendar, plan.cadence, plan.grace, plan.thresholds,
            _named(plan)[1], plan.coverage_floor,
        )  # fmt: skip


def threshold_names(plan: Plan) -> dict[str, str | None]:
    """Return by path the preset, of `Rules.of(plan)`, that judges a goal or KPI; None where the plan's own thresholds do.

    What an item inherits is resolved; the plan itself stands under "".
    """
    return _named(plan)[0]


def _named(plan: Plan) -> tuple[dict[str, str | None], dict[str, Thresholds]]:
    presets = dict(plan.presets)
    names: dict[str, str | None] = {"": None}
    chosen = {"": plan.thresholds}
    for path, item in plan.walk():
        found = chosen_thresholds(plan, item.thresholds, chosen[path.rpartition("/")[0]])
        chosen[path] = found
        name = None
        if found != plan.thresholds:
            name = next((one for one, preset in presets.items() if preset == found), None)
            if name is None:  # written out in the plan; another of its name may be there already
                name = found.name if found.name not in presets else f"{found.name} ({path})"
                presets[name] = found
        names[path] = name
    return names, presets
