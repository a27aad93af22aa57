"""The columns of observations that say of which part a row is: one for each dimension of the plan."""

from collections.abc import Callable, Mapping

from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.model.breakdown import Dimension, Member, members_of
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.kpi import Kpi

__all__ = ["PartColumns", "headings"]

Wrong = Callable[..., None]


def headings(plan: Plan) -> Mapping[str, str]:
    """Return what may head the column of each dimension, in small letters, with the dimension's id."""
    return {
        word.lower(): one.id for one in plan.dimensions for word in (one.title.en, one.title.zh, one.id) if word
    }  # fmt: skip


class PartColumns:
    """Reads the part that a row is of; the same few names stand in most rows."""

    def __init__(self, plan: Plan) -> None:
        """Take the dimensions of `plan`."""
        self._dimensions = plan.dimensions
        self._found: dict[tuple[str, str], Member | None] = {}
        self._whole = {one.id: frozenset(word.casefold() for word in one.whole) for one in plan.dimensions}

    def part(self, fields: Mapping[str, str], kpi: Kpi, wrong: Wrong) -> tuple[str, ...]:
        """Return the dimension and the member of a row, or nothing for one of the whole; `wrong` is told of faults."""
        given = [
            (one, word) for one in self._dimensions
            if (word := fields.get(one.id, "")) and word.casefold() not in self._whole[one.id]
        ]  # fmt: skip
        if not given:
            return ()
        if len(given) > 1:
            wrong(given[1][0].id, "KT451", members=tuple(f"{one.id} “{word}”" for one, word in given))
            return ()
        dimension, word = given[0]
        breakdown = next((one for one in kpi.breakdown if one.by == dimension.id), None)
        if breakdown is None:
            wrong(dimension.id, "KT452", kpi=kpi.id, of=dimension.id)
            return ()
        among = members_of(breakdown, dimension)
        member = self._member(dimension, word)
        if member is None or member not in among:
            near = nearest(word, [name for one in among for name in one.names])
            titles = tuple(str(one.title) for one in among)
            wrong(dimension.id, "KT450", value=word, of=dimension.id, expected=titles, nearest=near)
            return ()
        return dimension.id, member.id

    def _member(self, dimension: Dimension, word: str) -> Member | None:
        key = (dimension.id, word)
        if key not in self._found:
            self._found[key] = dimension.find(word)
        return self._found[key]

    def told(self, kpi: str, part: tuple[str, ...]) -> str:
        """Return the KPI, with the member that a row of it is of, as messages name it."""
        dimension = next((one for one in self._dimensions if part[:1] == (one.id,)), None)
        member = dimension.find(part[1]) if dimension else None
        return f"{kpi} ({member.title})" if member else kpi
