"""Where a part of an item is written, for faults that are found when only its values are left."""

from kpi_tracker.diagnostics import Place
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.loading.fields import length_of
from kpi_tracker.loading.nodes import Mapping, Node, Scalar, Sequence, place_of, read_nodes

__all__ = ["Pointer"]


class Pointer:
    """The files of a plan, read once more where something in them must be pointed at: no item keeps a place for each key."""

    def __init__(self, report: Report) -> None:
        """Point into what `report` has read."""
        self._report = report
        self._items: dict[str, dict[Place, Mapping]] = {}

    def at(self, item: Place, *keys: str | int) -> tuple[Place, int]:
        """Return where the value stands that `keys` lead to in the item at a place, and its length.

        The item itself is meant where they lead nowhere, as where a part is left out or is an alias of another.
        """
        if item.file not in self._items:
            self._items[item.file] = self._read(item.file)
        node: Node | None = self._items[item.file].get(item)
        for key in keys:
            if isinstance(node, Mapping) and isinstance(key, str):
                node = next((v for k, v in zip(node[::2], node[1::2], strict=True) if k.value == key), None)
            elif isinstance(node, Sequence) and isinstance(key, int):
                node = node[key]
            else:
                node = None
        return (item, 1) if node is None else (place_of(item.file, node), length_of(node))

    def _read(self, file: str) -> dict[Place, Mapping]:
        """Return every mapping of a file by its place."""
        found: dict[Place, Mapping] = {}
        rest = [read_nodes(self._report.text(file), file, Report(), {})]
        while rest:
            node = rest.pop()
            if isinstance(node, Mapping):
                found[place_of(file, node)] = node
            if node is not None and not isinstance(node, Scalar):
                rest += node
        return found
