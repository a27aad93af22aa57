"""The tree that frames are rolled up: what counts toward what, laid out once as small tables that the rows are joined with.

A goal is there twice where links cross the tree: as it is shown, over all that counts toward it, and as it counts toward
the plan, over what stands in it alone. So every row counts toward the plan once, in the branch where it stands.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from math import isfinite
from typing import NamedTuple

from kpi_tracker.diagnostics import Diagnostic
from kpi_tracker.frames.problem import fault
from kpi_tracker.language import N_, Phrase

__all__ = ["NOBODY", "OF_ITSELF", "Branches", "Final", "Inflow", "Item", "Link", "Route", "Share", "Step", "lay_out"]

NOBODY = -1
"""A place that every row is sent to: from there each node hears of each group, though no row of the group be below it."""
OF_ITSELF, BY_LINK, COUNTED, COUNTED_OUT = 0, 1, 2, 3
"""How a row comes to a node: it stands there; a link leads there; it is but counted there; the same, out of the count."""
Wrong = Callable[[Diagnostic], None]


class Item(NamedTuple):
    """A row of a tree."""

    node: str
    parent: str | None
    weight: float
    thresholds: str | None = None
    exempt: date | None = None
    unread: float = 0.0
    missing: float = 0.0


class Link(NamedTuple):
    """A row of links: `item` is a goal, or the path of a row of scores; without a weight it has its own there."""

    item: str
    node: str
    weight: float | None = None


class Inflow(NamedTuple):
    """A row of scores by its path, to where it comes, how, and its weight there."""

    path: str
    goal: str
    way: int
    weight: float | None


class Route(NamedTuple):
    """From where a row comes, and how, to a node: whether it has a part in its mean, is counted, is out of the count."""

    goal: str
    way: int
    node: int
    mean: int
    counted: int
    out: int


class Share(NamedTuple):
    """What reaches a node from NOBODY: KPIs that could not be read, and their weight; or what a node has itself."""

    node: int
    to: int
    missing: int
    weight: float


class Step(NamedTuple):
    """From a node that is finished to one above; without a weight it keeps what it has."""

    node: int
    to: int
    weight: float | None


class Final(NamedTuple):
    """A node that is shown."""

    node: int
    path: str
    thresholds: str | None
    out: int


class Branches(NamedTuple):
    """A tree laid out; `steps` is by height, the lowest first, `leaves` are the paths that links name."""

    inflows: tuple[Inflow, ...]
    routes: tuple[Route, ...]
    shares: tuple[Share, ...]
    steps: tuple[tuple[Step, ...], ...]
    finals: tuple[Final, ...]


def lay_out(items: Sequence[Item], links: Sequence[Link], as_of: date | None, wrong: Wrong) -> Branches | None:
    """Return a tree laid out; None where it cannot be used, and each reason is given to `wrong`."""
    known = {item.node: item for item in items}
    faults = [*_faults(items, known, as_of), *_strange(links, known)]
    for one in faults:
        wrong(one)
    if faults:
        return None
    made = _Layout(known, links, as_of)
    if made.circle:
        members = " → ".join([*made.circle, made.circle[0]])
        wrong(fault("KT358", "tree", rows=members))
        return None
    return made.branches()


def _faults(items: Sequence[Item], known: Mapping[str, Item], as_of: date | None) -> Iterable[Diagnostic]:
    if not items:
        yield _unusable("tree", N_("it has no row"))
    seen = set()
    for item in items:
        if item.node in seen:
            yield _unusable("tree", N_("“{value}” stands in it twice"), value=item.node)
        seen.add(item.node)
        if item.parent is not None and item.parent not in known:
            yield fault("KT359", "tree", value=item.parent)
        if not _is_weight(item.unread):
            why = N_("of “{value}” {number} KPIs could not be read; that is no number of them")
            yield _unusable("tree", why, value=item.node, number=f"{item.unread:g}")
        for weight in (item.weight, item.missing):
            if not _is_weight(weight):
                yield _no_weight("tree", item.node, weight)
    if as_of is None and any(item.exempt for item in items):
        yield _unusable("tree", N_("goals in it are out of the count from a day on: give as_of, the day of the check"))


def _strange(links: Sequence[Link], known: Mapping[str, Item]) -> Iterable[Diagnostic]:
    for link in links:
        target = known.get(link.node)
        if target is None or (link.item not in known and link.item.rpartition("/")[0] not in known):
            why = N_("“{value}” counts toward “{node}”, and one of the two is not in it")
            yield _unusable("links", why, value=link.item, node=link.node)
        elif target.parent is None:
            why = N_("“{value}” counts toward “{node}” already, which is the top: no link is needed")
            yield _unusable("links", why, value=link.item, node=link.node)
        if link.weight is not None and not _is_weight(link.weight):
            yield _no_weight("links", link.item, link.weight)


def _is_weight(weight: float) -> bool:
    return isfinite(weight) and weight >= 0


def _no_weight(frame: str, item: str, weight: float) -> Diagnostic:
    why = N_("the weight of “{value}” is {weight}; a weight is 0 or more")
    return _unusable(frame, why, value=item, weight=f"{weight:g}")


def _unusable(frame: str, why: str, **values: object) -> Diagnostic:
    return fault("KT381", frame, reason=Phrase(why, values))


class _Layout:
    """One tree while it is laid out."""

    def __init__(self, known: Mapping[str, Item], links: Sequence[Link], as_of: date | None) -> None:
        self._known = known
        self._number = {path: i for i, path in enumerate(known)}
        self._below: dict[str, list[str]] = {path: [] for path in known}
        for path, item in known.items():
            if item.parent is not None:
                self._below[item.parent].append(path)
        self.circle: list[str] = []
        lower = self._in_order(self._below)
        self._order = lower
        if self.circle:
            return
        self._out: set[str] = set()
        for path in reversed(lower):
            item = known[path]
            since = as_of is not None and item.exempt is not None and item.exempt <= as_of
            if since or item.parent in self._out:
                self._out.add(path)
        links = [link for link in links if link.node not in self._out]  # nothing counts toward what is out of the count
        self._of_goals = [link for link in links if link.item in known]
        self._of_leaves = [link for link in links if link.item not in known]
        self._twice = bool(links)
        self._toward: dict[str, list[str]] = {path: list(below) for path, below in self._below.items()}
        for link in self._of_goals:
            self._toward[link.node].append(link.item)
        self._order = self._in_order(self._toward)

    def _in_order(self, toward: Mapping[str, Sequence[str]]) -> list[str]:
        """Return the nodes so that what counts toward another comes first; what is left over then is a circle."""
        above: dict[str, list[str]] = {path: [] for path in toward}
        for path, below in toward.items():
            for one in below:
                above[one].append(path)
        waits = {path: len(below) for path, below in toward.items()}
        order = [path for path, count in waits.items() if not count]
        for path in order:  # grows meanwhile
            for one in above[path]:
                waits[one] -= 1
                if not waits[one]:
                    order.append(one)
        if len(order) < len(waits):
            left = {path for path in toward if waits[path]}
            path, trail = next(path for path in toward if path in left), []
            while path not in trail:
                trail.append(path)
                path = next(one for one in toward[path] if one in left)
            self.circle = trail[trail.index(path) :]
        return order

    def _shown(self, path: str) -> int:
        """Return the number of a node as it is shown."""
        number = self._number[path]
        return number + len(self._number) if self._twice and self._known[path].parent is not None else number

    def branches(self) -> Branches:
        """Return the tables."""
        reach: dict[str, set[str]] = {}  # by node, the nodes that it counts the rows of
        for path in self._order:
            toward = self._toward[path] if self._known[path].parent is not None else self._below[path]
            reach[path] = {path}.union(*(reach[one] for one in toward))
        inflows, by_link = self._inflows(reach)
        routes = [*self._own_routes(reach), *by_link]
        finals = (
            Final(self._shown(path), path, item.thresholds, int(path in self._out))
            for path, item in self._known.items()
        )
        return Branches(tuple(inflows), tuple(routes), tuple(self._shares(reach)), self._steps(), tuple(finals))

    def _own_routes(self, reach: Mapping[str, set[str]]) -> Iterable[Route]:
        """Yield the ways of rows from the goal in which they stand."""
        counting: dict[str, set[int]] = {path: set() for path in self._known}
        for path, below in reach.items():
            for one in below:
                counting[one].add(self._shown(path))
        for path, nodes in counting.items():
            own = {self._number[path], self._shown(path)}
            out = int(path in self._out)
            yield Route(path, OF_ITSELF, NOBODY, 0, 0, out)
            for node in sorted(nodes | own):
                yield Route(path, OF_ITSELF, node, int(node in own), int(node in nodes), out)

    def _inflows(self, reach: Mapping[str, set[str]]) -> tuple[list[Inflow], list[Route]]:
        """Return where the rows go that links name, and the ways from there."""
        inflows, ways = [], set()
        for path in dict.fromkeys(link.item for link in self._of_leaves):
            goal = path.rpartition("/")[0]
            inflows.append(Inflow(path, goal, OF_ITSELF, None))
            links = [link for link in self._of_leaves if link.item == path]
            out = goal in self._out
            for link in links if not out else ():
                inflows.append(Inflow(path, link.node, BY_LINK, link.weight))
                ways.add((link.node, BY_LINK))
            for node, below in reach.items():
                if self._known[node].parent is None or goal in below:
                    continue
                if any(link.node in below for link in links):
                    way = COUNTED_OUT if out else COUNTED
                    inflows.append(Inflow(path, node, way, None))
                    ways.add((node, way))
        routes = [
            Route(node, way, self._shown(node), int(way == BY_LINK), int(way != BY_LINK), int(way == COUNTED_OUT))
            for node, way in sorted(ways)
        ]  # fmt: skip
        return inflows, routes

    def _shares(self, reach: Mapping[str, set[str]]) -> Iterable[Share]:
        """Yield what could not be read below each node."""
        for path in self._known:
            missing = sum(int(self._known[one].unread) for one in reach[path] - self._out)
            weight = 0.0 if path in self._out else self._known[path].missing
            for node in sorted({self._number[path], self._shown(path)}):
                yield Share(node, node, 0, 0.0)
                yield Share(NOBODY, node, missing, weight)

    def _steps(self) -> tuple[tuple[Step, ...], ...]:
        """Return the ways upward by the height of the node that they begin at."""
        ways: dict[int, list[tuple[int, float]]] = {}
        height: dict[int, int] = {}
        for path in self._order:
            for number, below in ((self._number[path], self._below[path]), (self._shown(path), self._toward[path])):
                inner = [self._number[one] if number < len(self._number) else self._shown(one) for one in below]
                height[number] = 1 + max((height[one] for one in inner), default=-1)
        for path, item in self._known.items():
            if item.parent is not None:
                ways.setdefault(self._number[path], []).append((self._number[item.parent], item.weight))
                if self._twice and self._known[item.parent].parent is not None:
                    ways.setdefault(self._shown(path), []).append((self._shown(item.parent), item.weight))
        for link in self._of_goals:
            weight = self._known[link.item].weight if link.weight is None else link.weight
            ways.setdefault(self._shown(link.item), []).append((self._shown(link.node), weight))
        steps = []
        for level in range(max(height.values())):
            kept = [Step(number, number, None) for number in height]
            sent = [Step(n, to, w) for n, targets in ways.items() if height[n] == level for to, w in targets]
            steps.append((*kept, *sent))
        return tuple(steps)
