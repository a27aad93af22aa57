"""Text in a picture: how wide it will be, about, what is left of it where there is less room, and where it stands."""

import re
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate
from unicodedata import combining, east_asian_width

from kpi_tracker.documents.charts.drawing import Element

__all__ = ["LARGE", "NORMAL", "SMALL", "fitted", "label", "width", "wrapped"]

LARGE, NORMAL, SMALL = 16.0, 13.0, 12.0
"""The sizes of text in a picture; the classes of :func:`label` have them too."""
_SIZES = {"c-title": LARGE, "c-strong": NORMAL, "c-text": NORMAL, "c-small": SMALL, "c-tick": SMALL}
_NARROW = re.compile("[ijl.,:;'|!()\\[\\] ftrI1-]")


@lru_cache(maxsize=4096)
def width(text: str, size: float = NORMAL) -> float:
    """Return about how wide `text` is, rather more than less: wide characters are as wide as they are high."""
    return size * sum(_share(c) for c in text)


def _share(character: str) -> float:
    if character.isascii():
        if character.isdigit():
            return 0.58
        return 0.36 if _NARROW.match(character) else 0.72 if character.isupper() or character in "%mwMW@&" else 0.57
    if combining(character):
        return 0.0
    return 1.0 if east_asian_width(character) in "WFA" else 0.65


def fitted(text: str, room: float, size: float = NORMAL) -> str:
    """Return `text`, shortened with an ellipsis where it needs more than `room`; line breaks become spaces."""
    text = " ".join(text[:MOST].split())
    if width(text, size) <= room:
        return text
    widths = list(accumulate(_share(character) * size for character in text))
    return text[: bisect_right(widths, room - width("…", size))].rstrip() + "…"


MOST = 1000
"""No line has room for more characters than this, so no more are measured."""


def wrapped(text: str, room: float, size: float = NORMAL, lines: int = 2) -> tuple[str, ...]:
    """Return `text` in at most so many lines, broken at spaces or between wide characters; the last one is shortened."""
    words = re.findall(
        r"\s*(?:[^\s\u2e80-\uffef]+|（[^（）]{1,9}）|[\u2e80-\uffef][，。、；：）”]?)", " ".join(text[:MOST].split())
    )
    found: list[str] = []
    line = ""
    for i, word in enumerate(words):
        if line and width((line + word).strip(), size) > room:
            if len(found) == lines - 1:
                return (*found, fitted((line + "".join(words[i:])).strip(), room, size))
            found.append(line.strip())
            line = ""
        line += word
    return (*found, fitted(line.strip(), room, size))


def label(text: str, x: float, y: float, kind: str = "c-text", anchor: str = "") -> Element:
    """Return `text` on the baseline `y`; `anchor` is `middle` or `end` where it does not start at `x`."""
    attributes: dict[str, str | float] = {"class": kind, "x": x, "y": y}
    if anchor:
        attributes["text-anchor"] = anchor
    return Element("text", attributes, text)
