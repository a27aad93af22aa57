"""What the pages of a league are made from, in one language: titles, addresses of pages, scores by group and by KPI."""

from collections.abc import Mapping
from typing import Any

from kpi_tracker.documents.blocks import Cell
from kpi_tracker.documents.content.cells import badge
from kpi_tracker.documents.naming import GROUP
from kpi_tracker.language import Language
from kpi_tracker.league.standing import Standing
from kpi_tracker.league.table import League
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import WORST_FIRST, Measure, Status
from kpi_tracker.reporting.words import NONE, amount, with_unit

__all__ = ["LeagueMaterial", "Score"]

Score = Mapping[str, Any]
"""One row of scores, by column."""


class LeagueMaterial:
    """A league in one language."""

    def __init__(self, league: League, words: Language) -> None:
        """Give every group its page."""
        self.league, self.words, self.kpis = league, words, league.kpis
        self._pages: dict[str, str] = {}
        taken: set[str] = set()
        for one in sorted(league.standings, key=lambda one: one.group.id):
            page, n = GROUP + _name(one.group.id), 1
            while page in taken:
                n += 1
                page = f"{GROUP}{_name(one.group.id)}~{n}"
            taken.add(page)
            self._pages[one.group.id] = page
        self._groups = {page: id for id, page in self._pages.items()}
        self._standings = league.groups
        self._spreads = {one.path: one for one in league.spreads}
        self._paths = {one.kpi: one.path for one in league.spreads}
        self._by_group = self._rows(league.column)
        self._by_kpi = self._rows("kpi")

    def _rows(self, column: str) -> dict[str, Any]:
        return {str(key[0]): part for key, part in self.league.scores.partition_by(column, as_dict=True).items()}

    def page(self, group: str) -> str:
        """Return the page of a group."""
        return self._pages[group]

    def standing(self, page: str) -> Standing:
        """Return the group that has a page."""
        return self._standings[self._groups[page]]

    def spread(self, path: str) -> Any:
        """Return how the KPI with this path comes out."""
        return self._spreads[path]

    def path(self, kpi: str) -> str:
        """Return the path of a KPI, which is its page."""
        return self._paths[kpi]

    def of_group(self, group: str) -> dict[str, Score]:
        """Return the scores of a group by KPI."""
        found = self._by_group.get(group)
        return {} if found is None else {row["kpi"]: row for row in found.iter_rows(named=True)}

    def of_kpi(self, kpi: str) -> dict[str, Score]:
        """Return the scores of a KPI by group."""
        found = self._by_kpi.get(kpi)
        return {} if found is None else {row[self.league.column]: row for row in found.iter_rows(named=True)}

    def title(self, group: str) -> str:
        """Return the title of a group."""
        return self._standings[group].group.title.in_language(self.words.code)

    def kpi_title(self, kpi: str) -> str:
        """Return the title of a KPI."""
        return self.kpis[kpi].title.in_language(self.words.code)

    def group_cell(self, group: str) -> Cell:
        """Return a group by its title, with the link to its page."""
        title = self.title(group)
        return Cell(title, group if title != group else "", self.page(group))

    def kpi_cell(self, kpi: str) -> Cell:
        """Return a KPI by its title, with the link to its page."""
        return Cell(self.kpi_title(kpi), kpi, self.path(kpi))

    def status_cell(self, status: Status, severity: int = 0) -> Cell:
        """Return a status; sorted the worst first."""
        shown = badge(status, self.words, severity)
        return Cell(badge=shown, sort=WORST_FIRST.index(status) - severity / 10)

    def value_cell(self, score: Score, kpi: Kpi) -> Cell:
        """Return a value over its target."""
        value, target = (None if score[name] is None else _said(score[name], kpi) for name in ("value", "target"))
        aimed = "" if target is None or kpi.measure is Measure.MILESTONE else with_unit(target, kpi.unit, self.words)
        return Cell(amount(kpi, value, self.words), aimed, sort=score["value"])

    def date_cell(self, score: Score) -> Cell:
        """Return the date of the figures."""
        day = score["data_date"]
        return Cell(NONE if day is None else day.isoformat(), sort=None if day is None else day.toordinal())


def _said(value: float, kpi: Kpi) -> float | str:
    """Return a value as a person says it: a place on a scale is a grade."""
    if kpi.scale and 1 <= value <= len(kpi.scale):
        return kpi.scale[int(value) - 1]
    return value


def _name(id: str) -> str:
    """Return what a file system takes of an id that somebody else has chosen."""
    return "".join(c if c.isalnum() or c in "-_" else "_" for c in id) or "_"
