"""What somebody has to look at in a plan that was carried over."""

from enum import StrEnum

from kpi_tracker.language import N_, Phrase
from kpi_tracker.record import record

__all__ = ["Matter", "Remark"]


class Matter(StrEnum):
    """What the remark is about; in the order in which remarks are shown."""

    NO_BASELINE = "no_baseline"
    APPROXIMATE = "approximate"
    NOT_FIRM = "not_firm"
    OLD_TARGET = "old_target"
    STEPS_ANEW = "steps_anew"
    STEPS_OPEN = "steps_open"
    STEPS_UNKNOWN = "steps_unknown"
    EXEMPT = "exempt"
    RETURNED = "returned"
    NO_COURSE = "no_course"

    @property
    def message(self) -> str:
        """What is said above the items."""
        return MESSAGES[self]


MESSAGES = {
    Matter.NO_BASELINE: N_("no baseline, because the year's result is not known whole; to be filled in"),
    Matter.APPROXIMATE: N_("baseline approximate, because the figures end before the year does or have gaps"),
    Matter.NOT_FIRM: N_("baseline or steps from figures that are not firm"),
    Matter.OLD_TARGET: N_("last year's target, or to hold the baseline, because the policy gives none; to be set"),
    Matter.STEPS_ANEW: N_("all steps were done; they start anew, a year later"),
    Matter.STEPS_OPEN: N_("only the open steps go on, a year later"),
    Matter.STEPS_UNKNOWN: N_("nothing was reported; all steps go on, a year later"),
    Matter.EXEMPT: N_("still exempt; to be struck where it is gone for good"),
    Matter.RETURNED: N_("was postponed and counts again"),
    Matter.NO_COURSE: N_("its course follows the base year: put that year's figures into the observations"),
}


@record
class Remark:
    """Something about the item at `path`; `detail` says more, in no language yet."""

    matter: Matter
    path: str
    detail: Phrase | None = None
