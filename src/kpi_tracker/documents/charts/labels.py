"""Where labels go in a picture, so that they cover neither lines nor each other."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

__all__ = ["Box", "Segment", "clearest", "free_place", "segments", "spread"]


class Box(NamedTuple):
    """A rectangle: its edges."""

    left: float
    top: float
    right: float
    bottom: float


class Segment(NamedTuple):
    """A straight line from one point to another."""

    x1: float
    y1: float
    x2: float
    y2: float


def segments(points: Sequence[tuple[float, float]]) -> tuple[Segment, ...]:
    """Return the segments of the line through `points`."""
    return tuple(Segment(*one, *two) for one, two in pairwise(points))


def spread(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> tuple[float, ...]:
    """Return middles as near to the `wanted` ones as can be, so that nothing of these `sizes` overlaps.

    All stay between `low` and `high` while there is room, in the order wanted; those that touch move as a block.
    """
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    blocks: list[_Block] = []
    for i in order:
        blocks.append(_settled([i], sizes[i], wanted[i] - sizes[i] / 2, low, high))
        while len(blocks) > 1 and blocks[-2].top + blocks[-2].size > blocks[-1].top:
            below, above = blocks.pop(), blocks.pop()
            asked = above.asked + below.asked - len(below.members) * above.size
            blocks.append(_settled(above.members + below.members, above.size + below.size, asked, low, high))
    found = [0.0] * len(wanted)
    for block in blocks:
        top = block.top
        for i in block.members:
            found[i] = top + sizes[i] / 2
            top += sizes[i]
    return tuple(found)


class _Block(NamedTuple):
    """What touches: its members, its size, its top, and the sum of what each member asks its top to be."""

    members: list[int]
    size: float
    top: float
    asked: float


def _settled(members: list[int], size: float, asked: float, low: float, high: float) -> _Block:
    return _Block(members, size, max(low, min(asked / len(members), high - size)), asked)


def clearest(boxes: Sequence[Box], lines: Sequence[Segment]) -> Box:
    """Return the first of `boxes` that the fewest lines cross."""
    return min(boxes, key=lambda box: sum(_crosses(box, line) for line in lines))


def free_place(
    at: tuple[float, float], size: tuple[float, float], below: bool, within: Box, lines: Sequence[Segment],
    faint: Sequence[Segment], taken: Sequence[Box],
) -> Box:  # fmt: skip
    """Return the box of a label of `size` near the point `at` that covers no other label and as few lines as can be.

    It would rather be on the wrong side of the point (`below` or not) than cross a line, and over a `faint` line than
    on the wrong side.
    """
    best, least = Box(0, 0, 0, 0), float("inf")
    for rank, (right, down, away) in enumerate(_AROUND):
        box = _beside(at, size, right, down, away)
        outside = max(
            0.0, within.left - box.left, box.right - within.right, within.top - box.top, box.bottom - within.bottom
        )
        cost = rank * 0.1 + outside * 5 + (0 if down == (1 if below else -1) else 2)
        cost += 50 * sum(_overlap(box, other) for other in taken)
        if cost < least:
            cost += 3 * sum(_crosses(box, line) for line in lines) + 2 * sum(_crosses(box, line) for line in faint)
        if cost < least:
            best, least = box, cost
    return best


# On which side of the point (−1 left, 0 above or below its middle, 1 right), and how far from it.
_AROUND = tuple((right, down, away) for away in (8.0, 22.0, 40.0, 62.0)
                for right, down in ((-1, -1), (1, 1), (1, -1), (-1, 1), (0, -1), (0, 1), (1, 0), (-1, 0)))  # fmt: skip


def _beside(at: tuple[float, float], size: tuple[float, float], right: int, down: int, away: float) -> Box:
    (x, y), (wide, high) = at, size
    left = x - wide / 2 if right == 0 else x + 8 if right > 0 else x - 8 - wide
    top = y - high / 2 if down == 0 else y + away if down > 0 else y - away - high
    return Box(left, top, left + wide, top + high)


def _overlap(one: Box, two: Box) -> bool:
    return one.left < two.right and two.left < one.right and one.top < two.bottom and two.top < one.bottom


def _crosses(box: Box, line: Segment) -> bool:
    """Tell whether `line` runs through `box`: it reaches it, and its corners are not all on one side."""
    x1, y1, x2, y2 = line
    if max(x1, x2) < box.left or min(x1, x2) > box.right or max(y1, y2) < box.top or min(y1, y2) > box.bottom:
        return False
    dx, dy = x2 - x1, y2 - y1
    sides = [dx * (y - y1) - dy * (x - x1) for x in (box.left, box.right) for y in (box.top, box.bottom)]
    return min(sides) <= 0 <= max(sides)
