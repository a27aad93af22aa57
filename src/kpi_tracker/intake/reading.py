"""What was read of a file: figures that claim to be observations, what was refused, what was left out, each with its cell."""

from datetime import date

from kpi_tracker.intake.book import Cell
from kpi_tracker.language import Phrase
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.observation import Value
from kpi_tracker.record import record

__all__ = ["Claim", "Reading", "Remark", "Spot"]


@record
class Spot:
    """A row of a source, as it is shown; `name` is what its figure is accepted by, whatever row it may come in next."""

    text: str
    name: str = ""

    def __str__(self) -> str:
        """Return the address as it is shown."""
        return self.text


@record
class Claim:
    """A figure for a KPI on a day; `cell` is None for one that was typed in.

    `cumulative` is what stands beside the figure of a single period as the sum up to then. `part` is the dimension and the
    member that it is of, empty for the whole.
    """

    kpi: Kpi
    date: date
    value: Value
    cell: Cell | Spot | None = None
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

    cell: Cell | Spot | None
    phrase: Phrase


@record
class Reading:
    """A file as read: `claims` in its order, `refused` with reasons, `left_out` without harm, `odd` to be looked at.

    `known` counts figures that are the same in the observations already, and are no claims for that.
    """

    claims: tuple[Claim, ...] = ()
    refused: tuple[Remark, ...] = ()
    left_out: tuple[Remark, ...] = ()
    odd: tuple[Remark, ...] = ()
    known: int = 0
