"""Groups in shares of so many rows, scored one after the other: what is held does not grow with all the rows."""

import os
import tempfile
from collections.abc import Iterable, Mapping
from typing import Any

from kpi_tracker.many.engine import Engine
from kpi_tracker.many.files import Lot, is_address

__all__ = ["SHARE", "shares_of", "write_joined"]

SHARE = 1_000_000
"""So many rows are held at a time, by measurement: docs/performance.md."""


def shares_of(groups: Iterable[str], rows: Mapping[str, int], most: int) -> list[tuple[str, ...]]:
    """Return the groups in shares that have no more than `most` rows together, in their order; a larger one is alone."""
    shares: list[list[str]] = [[]]
    held = 0
    for group in groups:
        held += rows.get(group, 0)
        if held > most and shares[-1]:
            shares.append([])
            held = rows.get(group, 0)
        shares[-1].append(group)
    return [tuple(share) for share in shares]


def write_joined(engine: Engine, shares: Iterable[Any], path: str) -> None:
    """Write frames of which each is worked out when its turn comes to the one new file `path`, in their order."""
    beside = None if is_address(path) else os.path.dirname(path)
    with tempfile.TemporaryDirectory(prefix=".kpi-tracker-", dir=beside) as folder:
        parts = []
        for i, share in enumerate(shares):
            parts.append(os.path.join(folder, f"{i:06}.parquet"))
            engine.write(share, parts[-1])
        engine.write(engine.opened(Lot(tuple(parts), {})), path)
