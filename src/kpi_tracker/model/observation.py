"""What was observed: single observations, and the series of one KPI."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from math import fsum, isfinite
from typing import TYPE_CHECKING, Any

from kpi_tracker.diagnostics.place import NOWHERE, Place
from kpi_tracker.record import field, record

if TYPE_CHECKING:
    import polars

__all__ = [
    "EMPTY",
    "Observation",
    "ObservationBasis",
    "Observations",
    "PartObservation",
    "Parts",
    "Seen",
    "Series",
    "Value",
]

Value = float | str | tuple[str, ...]
NO_PART: tuple[str, ...] = ()


class ObservationBasis(StrEnum):
    """How firm an observation is; `illustrative` ones are made up to show the product."""

    REPORTED = "reported"
    PROVISIONAL = "provisional"
    ESTIMATED = "estimated"
    ILLUSTRATIVE = "illustrative"


@record
class Observation:
    """A value for one KPI, speaking for the end of the day `date`.

    `value` is a number in the KPI's unit, a grade, or the ids of the steps done. `recorded_at` is plan time without
    offset; None means the end of `date`.
    """

    kpi: str
    date: date
    value: Value
    recorded_at: datetime | None = None
    basis: ObservationBasis = ObservationBasis.REPORTED
    source: str = ""
    note: str = ""
    written: str = ""
    where: Place = field(default=NOWHERE, eq=False)
    part = NO_PART  # no field: it would cost each of a million rows its share

    def recorded(self) -> datetime:
        """Return when it was recorded: the end of its own day where that is not stated."""
        return self.recorded_at or datetime(self.date.year, self.date.month, self.date.day, 23, 59, 59, 999_999)

    def of_part(self, *part: str) -> "PartObservation":
        """Return the same of one part: the dimension and the member."""
        return PartObservation(
            self.kpi, self.date, self.value, self.recorded_at, self.basis, self.source, self.note, self.written, self.where,
            part,
        )  # fmt: skip


@record
class PartObservation(Observation):
    """An observation of one part of a KPI, or a total that was made of its parts.

    `part` is the dimension and the member (`("district", "zhapu")`); for a total that was made, the dimension alone.
    """

    part: tuple[str, ...] = ()


@record
class Seen:
    """The part of a series that counts at a date: one row a date, ascending. `dates` are proleptic ordinals."""

    dates: tuple[int, ...]
    values: tuple[Value, ...]


NOTHING_SEEN = Seen((), ())


@lru_cache(maxsize=4096)
def _once(dates: tuple[int, ...]) -> tuple[int, ...]:
    """Return the tuple that was first given with these dates: most KPIs report on the same days as many others."""
    return dates


@record
class Series:
    """All observations of one KPI, corrections included, by date and then by when they were recorded.

    `numeric` tells whether every value is a number; grades and steps done are not.
    """

    rows: tuple[Observation, ...]
    newest: Seen
    corrected: bool
    illustrative: bool
    numeric: bool = True

    @staticmethod
    def of(rows: Iterable[Observation]) -> "Series":
        """Return the series of `rows`, in whatever order they come.

        Raises:
            ValueError: a value is not a finite number (what is not known must be left out, not written as NaN), or two
                values of one date were recorded at the same time.
        """
        ordered = sorted(rows, key=_when)
        values = tuple([row.value for row in ordered])
        numeric = {float, int}.issuperset(map(type, values))
        if numeric and not _finite(values):
            raise ValueError(f"the observations of {ordered[0].kpi} hold a value that is not a finite number")
        dates = [row.date.toordinal() for row in ordered]
        corrected = len(set(dates)) < len(dates)
        if corrected:
            _refuse_ties(ordered)
        seen = _newest(ordered) if corrected else Seen(_once(tuple(dates)), values)
        illustrative = any(row.basis is ObservationBasis.ILLUSTRATIVE for row in ordered)
        return Series(tuple(ordered), seen, corrected, illustrative, numeric)

    def known(self, known_at: datetime | None) -> Seen:
        """Return what counted of all dates when the time was `known_at`; None: what counts now."""
        return self.newest if known_at is None else _newest([r for r in self.rows if r.recorded() <= known_at])

    def seen(self, first: int, last: int, known_at: datetime | None = None) -> Seen:
        """Return what counts from day `first` to day `last` (ordinals, inclusive), as it was known at `known_at`."""
        seen = self.known(known_at)
        dates = seen.dates
        if not dates or (dates[0] >= first and dates[-1] <= last):
            return seen
        low, high = bisect_left(dates, first), bisect_right(dates, last)
        return Seen(dates[low:high], seen.values[low:high])

    def superseded(self, known_at: datetime | None = None) -> tuple[Observation, ...]:
        """Return the rows that a later recorded one replaces."""
        known = [row for row in self.rows if known_at is None or row.recorded() <= known_at]
        latest = {row.date: row for row in known}
        return tuple(row for row in known if latest[row.date] is not row)


def _finite(values: tuple[Value, ...]) -> bool:
    try:
        return isfinite(fsum(values))  # type: ignore[arg-type]
    except (OverflowError, ValueError):  # beyond the largest number together, or infinities that cancel
        return False


def _refuse_ties(ordered: list[Observation]) -> None:
    """Refuse two values of one date recorded at the same time: which of them counts would be a guess."""
    for one, other in pairwise(ordered):
        if _when(one) == _when(other) and one.value != other.value:
            raise ValueError(f"two observations of {one.kpi} on {one.date} were recorded at the same time")


def _when(row: Observation) -> tuple[date, datetime]:
    return row.date, row.recorded()


def _newest(ordered: list[Observation]) -> Seen:
    latest = {row.date.toordinal(): row.value for row in ordered}
    return Seen(_once(tuple(latest)), tuple(latest.values()))


EMPTY = Series((), NOTHING_SEEN, corrected=False, illustrative=False)


Parts = Mapping[str, Mapping[tuple[str, ...], Series]]
"""The series of parts: by KPI id, then by dimension and member."""


class Observations(Mapping[str, Series]):
    """The series of every KPI that has one, by KPI id; those of their parts stand aside, in `parts`."""

    parts: Parts

    def __init__(self, rows: Iterable[Observation] = ()) -> None:
        """Group `rows` by KPI, and those of parts by part."""
        grouped: dict[str, list[Observation]] = {}
        apart: list[Observation] = []
        for row in rows:
            if row.part and row.part[1:]:
                apart.append(row)
            else:
                grouped.setdefault(row.kpi, []).append(row)
        self._series = {kpi: Series.of(group) for kpi, group in grouped.items()}
        self.parts = _grouped_parts(apart) if apart else {}

    @staticmethod
    def of(series: Mapping[str, Series], parts: Parts | None = None) -> "Observations":
        """Return the observations that are these series, by KPI id, and those of parts."""
        whole = Observations()
        whole._series = dict(series)
        whole.parts = parts or {}
        return whole

    def to_frame(self) -> "polars.DataFrame":
        """Return a row an observation, those of `kpi_tracker.frames.score`; needs the extra `frames`."""
        from kpi_tracker.frames.conversion import observations_of

        return observations_of(self)

    def __getitem__(self, kpi: str) -> Series:
        """Return the series of the KPI with the id `kpi`."""
        return self._series[kpi]

    def get(self, kpi: str, default: Any = None) -> Any:
        """Return the series of the KPI with the id `kpi`, or `default`."""
        return self._series.get(kpi, default)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the ids of the KPIs that have observations."""
        return iter(self._series)

    def __len__(self) -> int:
        """Return the number of KPIs that have observations."""
        return len(self._series)

    def __repr__(self) -> str:
        """Return a short description."""
        return f"<Observations: {sum(len(s.rows) for s in self._series.values())} rows of {len(self)} KPIs>"


def _grouped_parts(rows: Iterable[Observation]) -> Parts:
    grouped: dict[str, dict[tuple[str, ...], list[Observation]]] = {}
    for row in rows:
        grouped.setdefault(row.kpi, {}).setdefault(row.part, []).append(row)
    return {kpi: {part: Series.of(some) for part, some in parts.items()} for kpi, parts in grouped.items()}
