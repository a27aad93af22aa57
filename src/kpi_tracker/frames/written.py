"""What is written in one text of a column: several parts with semicolons between them."""

import re
from collections.abc import Iterable
from datetime import date
from math import isfinite

__all__ = ["joined", "listed", "parts_of", "points_in", "steps_in"]

QUOTED = r'"(?:[^"]|"")*"'
PART = re.compile(rf"\s*(?P<part>{QUOTED}(?=\s*(?:;|$))|[^;]*)\s*(?:;|$)")
PLAIN = re.compile(r'[^;"\s](?:[^;]*[^;\s])?')


def parts_of(written: str) -> list[str]:
    """Return the parts of a text with semicolons, of which none can have one in it: points, steps and their names."""
    return [part.strip() for part in written.split(";") if part.strip()]


def joined(parts: Iterable[str]) -> str:
    """Return parts as one text, from which :func:`listed` reads the same again.

    One that would be read as something else stands in quotes, as in CSV: ``"A; excellent"; B``.
    """
    return "; ".join(part if PLAIN.fullmatch(part) else '"' + part.replace('"', '""') + '"' for part in parts)


def listed(written: str) -> list[str]:
    """Return the parts of a text with semicolons; one in quotes is what stands between them, semicolons and all."""
    parts = (found["part"].strip() for found in PART.finditer(written))
    return [_unquoted(part) for part in parts if part]


def _unquoted(part: str) -> str:
    return part[1:-1].replace('""', '"') if re.fullmatch(QUOTED, part) else part


def points_in(written: str) -> list[tuple[date, float]]:
    """Return the points of "2021-03-31 0.1; 2021-12-31 1".

    Raises:
        ValueError: it is not written so.
    """
    return [(date.fromisoformat(day), _finite(share)) for day, share in (part.split() for part in parts_of(written))]


def steps_in(written: str) -> list[tuple[str, date, float]]:
    """Return the steps of "design 2021-03-31 1; permit 2021-06-30 2".

    Raises:
        ValueError: it is not written so.
    """
    parts = (part.split() for part in parts_of(written))
    return [(name, date.fromisoformat(day), _finite(weight)) for name, day, weight in parts]


def _finite(written: str) -> float:
    number = float(written)
    if not isfinite(number):
        raise ValueError(f"{written} is no finite number")
    return number
