"""From leaves to nodes: weighted means, coverage, the worst below, counts, veto and binding.

A node that stands in the tree rolls up what it contains. Toward the plan's own score every KPI counts once, in the
branch where it stands; what a node shows for itself also counts what supports it from other branches.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from math import fsum
from typing import NamedTuple

from kpi_tracker.model.exactness import TOLERANCE
from kpi_tracker.model.measure import LAGGING, UNSCORED, WORST_FIRST, Status

__all__ = ["Child", "Leaf", "Roll", "clip", "roll_up"]

ASIDE = (Status.PENDING, Status.EXEMPT)
BREACHED = Status.BREACHED


class Leaf(NamedTuple):
    """One KPI in roll-up, and a child of the node that it stands in or supports.

    `attainment` is the score that it counts with, within [0, 1], and None where it is unscored; `coverage` is then 0,
    and None where the KPI is outside every mean.
    """

    path: str
    status: Status
    weight: float
    attainment: float | None
    expected: float | None
    coverage: float | None
    veto: bool = False
    binding: bool = False


class Roll(NamedTuple):
    """What has been found for a node: the means, the coverage, and the leaves below, each once.

    `incomplete` are the paths of what could not be read below, `vetoed` those of veto KPIs that are breached, `bound` those
    of binding KPIs that lag.
    """

    attainment: float | None
    expected: float | None
    coverage: float | None
    leaves: Mapping[str, Leaf]
    incomplete: tuple[str, ...]
    vetoed: tuple[str, ...]
    bound: tuple[str, ...]

    @property
    def counts(self) -> dict[Status, int]:
        """The number of leaves by status, the worst status first."""
        found = Counter(leaf.status for leaf in self.leaves.values())
        return {status: found[status] for status in WORST_FIRST if found[status]}


class Child(NamedTuple):
    """A node that was rolled up, as a child of another: its figures and the weight that it has here."""

    path: str
    status: Status
    weight: float
    attainment: float | None
    expected: float | None
    coverage: float | None
    leaves: Collection[Leaf]
    incomplete: tuple[str, ...] = ()


def clip(attainment: float) -> float:
    """Return `attainment` within [0, 1]: above or below, it neither hides nor drags the others."""
    return 0.0 if attainment <= 0 else 1.0 if attainment >= 1 else attainment


def leaf(
    path: str, status: Status, weight: float, attainment: float | None, expected: float | None,
    veto: bool = False, binding: bool = False,
) -> Leaf:  # fmt: skip
    """Return a KPI with the weight that it has here; pending and exempt ones are outside every mean."""
    if status in ASIDE:
        return Leaf(path, status, weight, None, None, None, veto, binding)
    if attainment is None or status in UNSCORED:
        return Leaf(path, status, weight, None, None, 0.0, veto, binding)
    # Every KPI has one: this takes half the time of Leaf().
    return tuple.__new__(Leaf, (path, status, weight, clip(attainment), expected, 1.0, veto, binding))


def missing_child(path: str, weight: float) -> Child:
    """Return a KPI that could not be read as a child: unscored, and named."""
    return Child(path, Status.NO_DATA, weight, None, None, 0.0, (), (path,))


def roll_child(path: str, status: Status, weight: float, roll: Roll) -> Child:
    """Return a node that was rolled up as a child with `weight`; `status` is what it shows."""
    return Child(
        path, status, weight, roll.attainment, roll.expected, roll.coverage, roll.leaves.values(), roll.incomplete
    )


def roll_up(children: Iterable[Child | Leaf]) -> Roll:
    """Return the means over the scored children, and the coverage over all that count, by weight."""
    children = tuple(children)
    scored = [child for child in children if child.attainment is not None and child.weight > 0]
    counting = [child for child in children if child.coverage is not None and child.weight > 0]
    leaves: dict[str, Leaf] = {}
    incomplete: dict[str, None] = {}
    for child in children:
        if isinstance(child, Leaf):
            leaves[child.path] = child
        else:
            leaves.update([(leaf.path, leaf) for leaf in child.leaves])
            incomplete.update(dict.fromkeys(child.incomplete))
    whole = fsum([child.weight for child in scored])
    counted = fsum([child.weight for child in counting])
    return Roll(
        fsum([c.weight * c.attainment for c in scored if c.attainment is not None]) / whole if scored else None,
        fsum([c.weight * (c.expected or 0.0) for c in scored]) / whole if scored else None,
        fsum([c.weight * (c.coverage or 0.0) for c in counting]) / counted if counting else None,
        leaves,
        tuple(incomplete),
        tuple([path for path, leaf in leaves.items() if leaf.veto and leaf.status is BREACHED]),
        tuple([path for path, leaf in leaves.items() if leaf.binding and leaf.status in LAGGING]),
    )


def node_status(roll: Roll, floor: float, band: Status) -> Status:
    """Return a node's status, the first rule that matches; `band` is what its pace and lag say by the thresholds."""
    counting = any(leaf.status not in ASIDE for leaf in roll.leaves.values())
    if not counting and not roll.incomplete:
        return Status.PENDING
    if roll.coverage is None:  # what is scored below weighs nothing; a veto needs no weight
        return Status.BREACHED if roll.vetoed else Status.UNKNOWN
    if roll.coverage < floor - TOLERANCE or roll.attainment is None:
        return Status.UNKNOWN
    if roll.vetoed:
        return Status.BREACHED
    scored = {leaf.status for leaf in roll.leaves.values() if leaf.attainment is not None}
    if scored <= {Status.ACHIEVED}:
        return Status.ACHIEVED
    if scored <= {Status.ACHIEVED, Status.MISSED}:
        return Status.MISSED
    if roll.bound and band in (Status.AHEAD, Status.ON_TRACK):
        return Status.AT_RISK
    return band
