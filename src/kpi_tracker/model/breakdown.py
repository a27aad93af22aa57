"""Dimensions by which figures are taken apart (district, unit), and how the parts of a KPI add up to its total."""

from kpi_tracker.diagnostics.place import NOWHERE, Place
from kpi_tracker.model.measure import Adds
from kpi_tracker.model.target import Baseline, Target, Tolerance
from kpi_tracker.model.unit import Text
from kpi_tracker.record import field, record

__all__ = ["Breakdown", "Dimension", "Member", "OwnPlan", "Reference", "members_of"]


@record
class Member:
    """One member of a dimension. `formerly` are names that it had before; an `optional` one need not report."""

    id: str
    title: Text
    owner: Text | None = None
    formerly: tuple[str, ...] = ()
    optional: bool = False
    where: Place = field(default=NOWHERE, eq=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that it may be called: its id, its title in both languages, and what it was called before."""
        return self.id, self.title.zh, self.title.en, *self.formerly


@record
class Dimension:
    """What figures are taken apart by, with its members in order; `whole` are the words for all of them together.

    It is not `complete` where one of its members could not be read: no total is made of the others then.
    """

    id: str
    title: Text
    members: tuple[Member, ...]
    whole: tuple[str, ...] = ()
    complete: bool = True
    where: Place = field(default=NOWHERE, eq=False)

    def find(self, word: str) -> Member | None:
        """Return the member that `word` names, letters of either case; None where none is called so."""
        folded = word.casefold()
        return next((m for m in self.members if any(name.casefold() == folded for name in m.names)), None)


@record
class Reference:
    """A member by the name that the plan gives it, with the place where it does."""

    name: str
    where: Place = field(default=NOWHERE, eq=False)


@record
class OwnPlan:
    """What the plan states of a KPI for one member: its own target and baseline, and its weight in a mean."""

    name: str
    target: Target | None = None
    baseline: Baseline | None = None
    weight: float | None = None
    where: Place = field(default=NOWHERE, eq=False)


@record
class Breakdown:
    """How a KPI is taken apart by one dimension.

    `members` are those that it is taken apart into, all of them where it is empty. `weigh_by` names the KPI whose parts
    weigh those of a mean. Total and parts may differ by `tolerance`; None stands for what rounding explains.
    `same_target`: a member without a target of its own is judged against the KPI's.
    """

    by: str
    adds: Adds
    weigh_by: str = ""
    tolerance: Tolerance | None = None
    members: tuple[Reference, ...] = ()
    parts: tuple[OwnPlan, ...] = ()
    same_target: bool = False
    where: Place = field(default=NOWHERE, eq=False)

    def own(self, member: Member) -> OwnPlan:
        """Return what the plan states for `member`."""
        found = next((part for part in self.parts if _named(part.name, member)), None)
        return found or OwnPlan(member.id)


def members_of(breakdown: Breakdown, dimension: Dimension) -> tuple[Member, ...]:
    """Return the members of `dimension` that `breakdown` takes its KPI apart into, in the order of the dimension."""
    if not breakdown.members:
        return dimension.members
    return tuple(m for m in dimension.members if any(_named(one.name, m) for one in breakdown.members))


def _named(word: str, member: Member) -> bool:
    folded = word.casefold()
    return any(name.casefold() == folded for name in member.names)
