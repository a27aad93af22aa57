"""The groups that follow one plan: counties, units, branches."""

from kpi_tracker.model.unit import Text
from kpi_tracker.record import record

__all__ = ["Group"]


@record
class Group:
    """One group: its id as data name it, its title, and what it belongs to (a province), "" where that is not told."""

    id: str
    title: Text
    parent: str = ""
