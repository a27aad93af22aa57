"""The shape of a tree: its nodes, what counts toward which, and in which order they can be rolled up."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from kpi_tracker.frames.engine import lazily
from kpi_tracker.frames.problem import FrameError, fault

if TYPE_CHECKING:
    from narwhals.stable.v2.typing import IntoFrame

__all__ = ["Edge", "Node", "Tree", "read_links", "read_nodes"]


class Node(NamedTuple):
    """A node of the tree: where it stands, its weight there, and what is known to be missing of it."""

    name: str
    parent: str | None
    weight: float
    thresholds: str | None
    exempt: bool
    missing: float | None


class Edge(NamedTuple):
    """An item that counts toward a node, with the weight that it has there."""

    item: str
    node: str
    weight: float | None


class Tree:
    """The nodes, what counts toward each, and in which order they can be rolled up."""

    def __init__(self, nodes: Sequence[Node], links: Sequence[Edge]) -> None:
        """Look through the tree.

        Raises:
            FrameError: a node stands twice, has a parent that is none, or there is a cycle.
        """
        self.nodes = {node.name: node for node in nodes}
        parents = {node.parent for node in nodes if node.parent is not None}
        wrong = [fault("KT364", "tree", rows=name) for name in _twice([node.name for node in nodes])]
        wrong += [fault("KT359", "tree", value=name) for name in sorted(parents - set(self.nodes))]
        if wrong:
            raise FrameError(wrong)
        self._members: dict[str, list[str]] = {name: [] for name in self.nodes}
        for node in nodes:
            if node.parent is not None:
                self._members[node.parent].append(node.name)
        open_links = [link for link in links if link.node in self.nodes and not self.nodes[link.node].exempt]
        self.links = [link for link in open_links if link.item in self.nodes]
        self.kpi_links = [link for link in open_links if link.item not in self.nodes]

    @property
    def linked(self) -> bool:
        """Whether something counts toward a node of another branch."""
        return bool(self.links or self.kpi_links)

    def edges(self, with_links: bool) -> list[Edge]:
        """Return what nodes count toward which."""
        own = [Edge(n.name, n.parent, n.weight) for n in self.nodes.values() if n.parent is not None]
        weighed = [Edge(*link[:2], self.nodes[link.item].weight if link.weight is None else link.weight)
                   for link in self.links] if with_links else []  # fmt: skip
        return own + weighed

    def ranks(self, with_links: bool) -> list[list[str]]:
        """Return the nodes rank by rank: what counts toward a node is in an earlier one.

        Raises:
            FrameError: nodes count toward each other in a circle.
        """
        below: dict[str, set[str]] = {name: set() for name in self.nodes}
        for edge in self.edges(with_links):
            below[edge.node].add(edge.item)
        found: list[list[str]] = []
        done: set[str] = set()
        while len(done) < len(below):
            ready = [name for name, items in below.items() if name not in done and items <= done]
            if not ready:
                circle = ", ".join(sorted(name for name in below if name not in done))
                raise FrameError([fault("KT358", "tree", rows=circle)])
            found.append(ready)
            done.update(ready)
        return found

    def below(self, with_links: bool) -> dict[str, set[str]]:
        """Return for every node the nodes whose own leaves count in it, itself among them."""
        edges: dict[str, list[str]] = {}
        for edge in self.edges(with_links):
            edges.setdefault(edge.node, []).append(edge.item)
        found: dict[str, set[str]] = {}
        for name in (name for rank in self.ranks(with_links) for name in rank):
            found[name] = {name}.union(*(found[item] for item in edges.get(name, ())))
        return found


def _twice(names: Sequence[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []


def _rows(frame: "IntoFrame", name: str, columns: Sequence[str], needed: Sequence[str]) -> list[Mapping[str, Any]]:
    """Return the rows of a small frame; a column that is not there is null."""
    found, _ = lazily(frame, name)
    there = found.collect_schema().names()
    wrong = [fault("KT362", name, value=c, expected=", ".join(there)) for c in needed if c not in there]
    if wrong:
        raise FrameError(wrong)
    rows = found.select(*(c for c in columns if c in there)).collect("polars").rows(named=True)
    return [{**dict.fromkeys(columns), **row} for row in rows]


def read_nodes(tree: "IntoFrame", as_of: date | None) -> list[Node]:
    """Return the nodes that a frame has; `exempt` is judged at `as_of`.

    Raises:
        FrameError: a column is missing.
    """
    columns = ("node", "parent", "weight", "thresholds", "exempt", "missing")
    return [
        Node(
            row["node"], row["parent"], 1.0 if row["weight"] is None else float(row["weight"]), row["thresholds"],
            as_of is not None and row["exempt"] is not None and row["exempt"] <= as_of, row["missing"],
        )
        for row in _rows(tree, "tree", columns, ("node", "parent"))
    ]  # fmt: skip


def read_links(links: "IntoFrame | None") -> list[Edge]:
    """Return the links that a frame has.

    Raises:
        FrameError: a column is missing.
    """
    if links is None:
        return []
    columns = ("item", "node", "weight")
    return [Edge(row["item"], row["node"], row["weight"]) for row in _rows(links, "links", columns, columns[:2])]
