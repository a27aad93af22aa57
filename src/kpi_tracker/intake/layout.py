"""How a form is laid out: where it keeps what it needs to be read back, and the columns that are to be filled."""

from kpi_tracker.language import N_

__all__ = ["DONE", "FORMAT", "HIDDEN", "ID", "NOTE", "NOT_DONE", "STEP_WORDS", "VALUE", "label"]

FORMAT = "kpi-tracker-form/v1"
HIDDEN = "_kpi_tracker"
"""The hidden sheet: format, plan and the day of the form in its first rows, then one row for each row to be filled:
sheet, row (from 1), KPI, step, day, and of a part the dimension and the member (district=zhapu)."""
ID, VALUE, NOTE = 0, 9, 10
"""The columns of a sheet that are read back, from 0."""
DONE, NOT_DONE = N_("done"), N_("not done")
STEP_WORDS = {"done": True, "已完成": True, "not done": False, "未完成": False}


def label(kpi: str, part: tuple[str, ...], step: str) -> str:
    """Return what stands in the first column of a row: the KPI, the member that it is of, and the step."""
    return kpi + "".join(f" [{member}]" for member in part[1:]) + (f": {step}" if step else "")
