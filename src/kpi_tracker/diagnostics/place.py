"""Where something was written."""

from typing import NamedTuple

__all__ = ["NOWHERE", "Place"]


class Place(NamedTuple):
    """A place in a text file; lines and columns count characters from 1, 0 stands for the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Return `file:line:column` as compilers print it, without the parts that are 0."""
        return ":".join(str(part) for part in self if part)


NOWHERE = Place("")
