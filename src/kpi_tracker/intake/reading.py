"""What was read of a file: figures that claim to be observations, what was refused, what was left out, each with its cell."""

from datetime import date

from kpi_tracker.intake.book import Cell
from kpi_tracker.language import Phrase
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.observation import Value
from kpi_tracker.record import record

__all__ = ["Claim", "Reading", "Remark"]


@record
class Claim:
    """A figure for a KPI on a day; `cell` is None for one that was typed in.

    `cumulative` is what stands beside the figure of a single period as the sum up to then. `part` is the dimension and the
    member that it is of, empty for the whole.
    """

    kpi: Kpi
    date: date
    value: Value
    cell: Cell | None = None
    note: str = ""
    cumulative: float | None = None
    part: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The KPI's id, with the member that the figure is of."""
        return f"{self.kpi.id} ({self.part[1]})" if self.part else self.kpi.id


@record
class Remark:
    """Something to be said of a cell."""

    cell: Cell | None
    phrase: Phrase


@record
class Reading:
    """A file as read: `claims` in its order, `refused` with reasons, `left_out` without harm, `odd` to be looked at."""

    claims: tuple[Claim, ...] = ()
    refused: tuple[Remark, ...] = ()
    left_out: tuple[Remark, ...] = ()
    odd: tuple[Remark, ...] = ()
