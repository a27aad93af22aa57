"""What is asked of a database and what comes of it: rows in batches, or the reason why there are none."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.datasource import Parameter

__all__ = ["BATCH", "NOT_UNDERSTOOD", "Query", "Rows", "SourceProblemError", "said", "too_slow"]

BATCH = 5000
"""So many rows are held at a time."""
NOT_UNDERSTOOD = N_(
    "the address of a database reads postgresql://user:password@host:5432/name or sqlite:///file; this one cannot be "
    "understood (in a password @ is written %40)"
)


class SourceProblemError(Exception):
    """A source cannot be read; `phrase` says why, and never holds a secret."""

    def __init__(self, message: str, **args: object) -> None:
        """Keep the reason: a message of the catalogue with its arguments."""
        super().__init__(message)
        self.phrase = Phrase(message, args)


class Query(NamedTuple):
    """What is asked: the select, the values of its placeholders, and for how many seconds at most."""

    select: str
    parameters: Mapping[str, Parameter]
    seconds: float


class Rows(NamedTuple):
    """The names of the columns, and the rows in batches."""

    columns: tuple[str, ...]
    batches: Iterator[list[tuple[object, ...]]]


def too_slow(seconds: float) -> SourceProblemError:
    """Return the error that says that the time limit was reached."""
    return SourceProblemError(N_("the database took longer than {n} seconds (“timeout”)"), n=f"{seconds:g}")


def said(detail: object) -> SourceProblemError:
    """Return the error that repeats what the database says, in one line."""
    return SourceProblemError(N_("the database says: {detail}"), detail=" ".join(str(detail).split()))
