"""The tables of a league: groups, KPIs, what looks odd."""

from collections.abc import Iterable

from kpi_tracker.documents.blocks import Cell, Column, Count, Row, Table, Tiles
from kpi_tracker.documents.content.cells import badge, fraction_cell
from kpi_tracker.documents.national.material import LeagueMaterial, Score
from kpi_tracker.language import N_, Language
from kpi_tracker.league.spread import Spread
from kpi_tracker.league.standing import Standing
from kpi_tracker.model.measure import WORST_FIRST, Status
from kpi_tracker.reporting.leaguetext import times_words
from kpi_tracker.reporting.words import NONE, STATUS_WORDS, amount, days, fraction, lag_words, number

__all__ = ["group_scores", "groups_table", "kpi_scores", "kpis_table", "outliers_table", "slips_table", "tiles"]


def _columns(words: Language, *titles: str | tuple[str, str], numeric: Iterable[int] = ()) -> tuple[Column, ...]:
    pairs = [title if isinstance(title, tuple) else (title, "") for title in titles]
    held = set(numeric)
    return tuple(
        Column(words.text(one), words.text(two) if two else "", i in held) for i, (one, two) in enumerate(pairs)
    )


def tiles(material: LeagueMaterial) -> Tiles:
    """Return every group as a tile, the sets in the order of what they belong to, within a set the best first."""
    words = material.words
    rows = []
    for one in sorted(material.league.standings, key=lambda one: one.group.parent):
        rank = words.text(N_("not ranked")) if one.rank is None else words.text(N_("rank {n}"), n=one.rank)
        place = rank if one.rank is None else f"{rank} · {fraction(one.attainment)}"
        shown = badge(one.status, words, one.severity)
        cell = Cell(material.title(one.group.id), place, material.page(one.group.id), shown)
        rows.append(Row((cell,), one.status, one.group.parent))
    legend = tuple(Count(badge(status, words), n) for status, n in material.league.counts.items())
    return Tiles("map", _columns(words, N_("Group")), tuple(rows), legend=legend)


def groups_table(material: LeagueMaterial) -> Table:
    """Return every group with its place, to search, filter and sort; what has no place stands last."""
    words = material.words
    rows = tuple(_group_row(one, material) for one in material.league.standings)
    heads = _columns(
        words, N_("Group"), N_("Rank"), N_("Status"), N_("Attainment"), N_("Expected"), N_("Lag"), N_("Coverage"),
        N_("Worst below"), (N_("Lagging"), N_("of those judged")), N_("Data problems"), numeric=(1, 3, 4, 5, 6, 8, 9),
    )  # fmt: skip
    return Table("groups", heads, rows, filtered=True, owners=words.text(N_("Belongs to")))


def _group_row(one: Standing, material: LeagueMaterial) -> Row:
    words = material.words
    worst = (
        Cell(NONE)
        if one.worst is None
        else Cell(words.text(STATUS_WORDS[one.worst]), sort=WORST_FIRST.index(one.worst))
    )
    name = Cell(material.title(one.group.id), one.group.parent, material.page(one.group.id))
    cells = (
        name, Cell(NONE if one.rank is None else str(one.rank), sort=one.rank),
        material.status_cell(one.status, one.severity), fraction_cell(one.attainment), fraction_cell(one.expected),
        Cell(lag_words(one.lag, words), sort=one.lag), fraction_cell(one.coverage), worst,
        Cell(f"{one.lagging} / {one.judged}", sort=one.lagging), Cell(str(one.data_problems), sort=one.data_problems),
    )  # fmt: skip
    return Row(cells, one.status, one.group.parent)


def kpis_table(name: str, spreads: Iterable[Spread], material: LeagueMaterial, filtered: bool = False) -> Table:
    """Return KPIs with the number of groups in which they lag or report nothing, and the quartiles of attainment."""
    words = material.words
    rows = []
    for one in spreads:
        worst = Cell(NONE) if one.worst is None else material.status_cell(one.worst)
        counts = (one.lagging, one.without_data, one.on_track)
        cells = (
            material.kpi_cell(one.kpi), worst, *(Cell(str(n), sort=n) for n in counts), fraction_cell(one.least),
            fraction_cell(one.lower), fraction_cell(one.median), fraction_cell(one.upper), fraction_cell(one.greatest),
        )  # fmt: skip
        rows.append(Row(cells, one.worst))
    heads = _columns(
        words, N_("KPI"), N_("Worst"), (N_("Lagging"), N_("groups")), (N_("Without data"), N_("groups")),
        (N_("On track"), N_("groups")), N_("Least"), N_("Lower quarter"), N_("Median"), N_("Upper quarter"), N_("Greatest"),
        numeric=range(2, 10),
    )  # fmt: skip
    return Table(name, heads, tuple(rows), filtered=filtered)


def group_scores(scores: dict[str, Score], material: LeagueMaterial) -> Table:
    """Return the KPIs of one group beside the median of all groups."""
    words, league = material.words, material.league
    odd = {
        one.kpi: one.z for one in league.outliers if scores and one.group == next(iter(scores.values()))[league.column]
    }
    rows = []
    for spread in league.spreads:
        score = scores.get(spread.kpi)
        if score is None:
            continue
        cells = (
            material.kpi_cell(spread.kpi), *_figures(score, spread.kpi, material), fraction_cell(spread.median),
            material.date_cell(score), _odd_cell(odd.get(spread.kpi), words),
        )  # fmt: skip
        rows.append(Row(cells, Status(score["status"])))
    heads = _columns(
        words, N_("KPI"), N_("Status"), (N_("Value"), N_("Target")), (N_("Attainment"), N_("Expected")),
        (N_("Lag"), N_("Days")), (N_("Median"), N_("of all groups")), N_("Data of"), N_("Remark"), numeric=(2, 3, 4, 5),
    )  # fmt: skip
    return Table("kpis", heads, tuple(rows), filtered=True)


def kpi_scores(scores: dict[str, Score], kpi: str, material: LeagueMaterial) -> Table:
    """Return the groups with one KPI, that of the highest attainment first, those without any last."""
    words, league = material.words, material.league
    odd = {one.group: one.z for one in league.outliers if one.kpi == kpi}
    ordered = sorted(
        (one for one in league.standings if one.group.id in scores),
        key=lambda one: (-_attained(scores[one.group.id]), one.group.id),
    )
    rows = []
    for one in ordered:
        score = scores[one.group.id]
        cells = (
            Cell(material.title(one.group.id), one.group.parent, material.page(one.group.id)),
            *_figures(score, kpi, material), material.date_cell(score), _odd_cell(odd.get(one.group.id), words),
        )  # fmt: skip
        rows.append(Row(cells, Status(score["status"]), one.group.parent))
    heads = _columns(
        words, N_("Group"), N_("Status"), (N_("Value"), N_("Target")), (N_("Attainment"), N_("Expected")),
        (N_("Lag"), N_("Days")), N_("Data of"), N_("Remark"), numeric=(2, 3, 4),
    )  # fmt: skip
    return Table("groups", heads, tuple(rows), filtered=True, owners=words.text(N_("Belongs to")))


def _attained(score: Score) -> float:
    found: float | None = score["attainment"]
    return float("-inf") if found is None else found


def _figures(score: Score, kpi: str, material: LeagueMaterial) -> tuple[Cell, ...]:
    words, behind = material.words, score["days_behind"]
    return (
        material.status_cell(Status(score["status"]), score["severity"] or 0),
        material.value_cell(score, material.kpis[kpi]),
        Cell(fraction(score["attainment"]), fraction(score["expected"]), sort=score["attainment"]),
        Cell(lag_words(score["lag"], words), "" if behind is None else days(behind, words), sort=score["lag"]),
    )


def _odd_cell(z: float | None, words: Language) -> Cell:
    return Cell() if z is None else Cell(words.text(N_("far from the others")), f"z {number(z, 1)}", sort=abs(z))


def outliers_table(material: LeagueMaterial) -> Table:
    """Return the attainments that are far from those of the other groups."""
    rows = tuple(
        Row((
            material.group_cell(one.group), material.kpi_cell(one.kpi), fraction_cell(one.attainment),
            fraction_cell(one.median), Cell(number(one.z, 1), sort=one.z),
        ))
        for one in material.league.outliers
    )  # fmt: skip
    heads = _columns(
        material.words,
        N_("Group"),
        N_("KPI"),
        N_("Attainment"),
        N_("Median"),
        N_("Modified z-score"),
        numeric=(2, 3, 4),
    )
    return Table("outliers", heads, rows)


def slips_table(material: LeagueMaterial) -> Table:
    """Return the values that look like slips of a unit."""
    words, league = material.words, material.league
    rows = tuple(
        Row((
            material.group_cell(one.group), material.kpi_cell(one.kpi),
            Cell(amount(material.kpis[one.kpi], one.value, words), sort=one.value), Cell(times_words(one.times, words), sort=one.times),
        ))
        for one in league.slips
    )  # fmt: skip
    heads = _columns(words, N_("Group"), N_("KPI"), N_("Value"), N_("Against its target"), numeric=(2, 3))
    return Table("slips", heads, rows)
