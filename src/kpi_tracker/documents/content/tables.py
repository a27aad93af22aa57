"""The tables of items: what lags, what stands in a goal, all KPIs."""

from collections.abc import Iterable

from kpi_tracker.documents.blocks import Cell, Column, Row, Table
from kpi_tracker.documents.content.cells import (
    attainment_cell,
    bullet_cell,
    comparison_cell,
    days_cell,
    fraction_cell,
    item_cell,
    lag_cell,
    needed_cell,
    owner_cell,
    reached_cell,
    status_cell,
    target_cell,
    value_cell,
)
from kpi_tracker.documents.content.material import Material, Score
from kpi_tracker.language import N_, Language
from kpi_tracker.model.goal import Assumed
from kpi_tracker.model.measure import WORST_FIRST
from kpi_tracker.model.scorecard import GoalScore, KpiScore
from kpi_tracker.record import changed
from kpi_tracker.reporting.words import NONE, STATUS_WORDS

__all__ = ["all_kpis", "columns", "goals_table", "items_table", "lagging_table", "owner_head", "row"]


def columns(material: Material, *titles: str | tuple[str, str], numeric: Iterable[int] = ()) -> tuple[Column, ...]:
    """Return columns by their messages; a pair has a second, quieter heading; `numeric` are those that hold numbers."""
    pairs = [title if isinstance(title, tuple) else (title, "") for title in titles]
    words, held = material.words, set(numeric)
    return tuple(
        Column(words.text(title), words.text(detail) if detail else "", i in held)
        for i, (title, detail) in enumerate(pairs)
    )


def owner_head(material: Material) -> tuple[str, str]:
    """Return the heading over owners; quieter below it that they are assumed, where the plan says so."""
    return N_("Owner"), N_("assumed") if Assumed.OWNER in material.plan.assumed else ""


def row(score: Score, material: Material, *cells: Cell) -> Row:
    """Return the row of an item with what it can be filtered by."""
    item = score.kpi if isinstance(score, KpiScore) else score.goal
    owner = material.say(item.owner) if item else ""
    return Row(cells, score.status, owner, material.tags(score.path))


def lagging_table(found: Iterable[KpiScore], material: Material, within: str = "") -> Table:
    """Return the lagging KPIs with what leaders ask first: how far, since when, what it takes, who, why."""
    words = material.words
    rows = [
        row(
            kpi, material,
            item_cell(kpi.path, material, _home(kpi, material, within)), status_cell(kpi, words),
            reached_cell(kpi, material), attainment_cell(kpi), lag_cell(kpi, words), needed_cell(kpi, material),
            owner_cell(kpi, material), _notes_cell(kpi, material),
        )
        for kpi in found
    ]  # fmt: skip
    heads = columns(
        material, N_("KPI"), N_("Status"), (N_("Value"), N_("Target")), (N_("Attainment"), N_("Expected")),
        (N_("Lag"), N_("Days")), N_("What it takes"), owner_head(material), N_("Notes"), numeric=(2, 3, 4),
    )  # fmt: skip
    return Table("lagging", heads, tuple(rows))


def _home(kpi: KpiScore, material: Material, within: str) -> str:
    branch = material.branch(kpi.path)
    return "" if branch in (kpi.path, material.branch(within)) else material.title(branch)


def _notes_cell(kpi: KpiScore, material: Material) -> Cell:
    """Return the newest note of the observations that count, with what the plan notes on the KPI below it."""
    noted, on = "", kpi.data_date
    for seen in reversed(kpi.series.rows):
        known = material.card.known_at is None or seen.recorded() <= material.card.known_at
        if seen.note and known and on is not None and seen.date <= on:
            noted = f"{seen.date.isoformat()} {seen.note}"
            break
    said = material.say(kpi.kpi.notes)
    return Cell(noted, said) if noted else Cell(NONE if not said else "", said)


def goals_table(name: str, goals: Iterable[GoalScore], material: Material, caption: str = "") -> Table:
    """Return goals with their scores, the worst below them, and how many of their KPIs lag."""
    words = material.words
    rows = [
        row(
            goal, material, item_cell(goal.path, material), status_cell(goal, words), fraction_cell(goal.attainment),
            fraction_cell(goal.expected), lag_cell(goal, words), fraction_cell(goal.coverage), _worst_cell(goal, words),
            Cell(f"{goal.lagging_count} / {goal.judged_count}", sort=goal.lagging_count), bullet_cell(goal, material),
        )
        for goal in goals
    ]  # fmt: skip
    heads = columns(
        material, N_("Branch"), N_("Status"), N_("Attainment"), N_("Expected"), N_("Lag"), N_("Coverage"),
        N_("Worst below"), (N_("Lagging"), N_("of those judged")), N_("Picture"), numeric=(2, 3, 4, 5, 7),
    )  # fmt: skip
    return _without_pictures(Table(name, heads, tuple(rows), caption))


def _worst_cell(goal: GoalScore, words: Language) -> Cell:
    if goal.worst is None:
        return Cell(NONE)
    return Cell(words.text(STATUS_WORDS[goal.worst]), sort=WORST_FIRST.index(goal.worst))


def items_table(name: str, scores: Iterable[Score], material: Material, caption: str = "") -> Table:
    """Return goals and KPIs side by side, with a bullet picture of each KPI."""
    words = material.words
    rows = [
        row(
            score, material, item_cell(score.path, material), status_cell(score, words), reached_cell(score, material),
            attainment_cell(score), lag_cell(score, words), owner_cell(score, material), bullet_cell(score, material),
        )
        for score in scores
    ]  # fmt: skip
    heads = columns(
        material, N_("Item"), N_("Status"), (N_("Value"), N_("Target")), (N_("Attainment"), N_("Expected")),
        (N_("Lag"), N_("Days")), owner_head(material), N_("Picture"), numeric=(2, 3, 4),
    )  # fmt: skip
    return _without_pictures(Table(name, heads, tuple(rows), caption))


def _without_pictures(table: Table) -> Table:
    """Return a table whose last column is for pictures; without that column where no row has one."""
    if any(row.cells[-1].drawing for row in table.rows):
        return table
    rows = tuple(changed(row, cells=row.cells[:-1]) for row in table.rows)
    return changed(table, columns=table.columns[:-1], rows=rows)


def all_kpis(material: Material) -> Table:
    """Return every KPI of the plan in a table to search, filter and sort."""
    words = material.words
    rows = [
        row(
            kpi, material, item_cell(kpi.path, material, kpi.kpi.id), status_cell(kpi, words), value_cell(kpi, material),
            target_cell(kpi.kpi, material), fraction_cell(kpi.attainment), fraction_cell(kpi.expected),
            lag_cell(kpi, words, detailed=False), days_cell(kpi, words), comparison_cell(kpi, words),
            owner_cell(kpi, material), _branch_cell(kpi, material), Cell(material.listed(material.tags(kpi.path))),
        )
        for kpi in material.kpis
    ]  # fmt: skip
    heads = columns(
        material, N_("KPI"), N_("Status"), N_("Value"), N_("Target"), N_("Attainment"), N_("Expected"), N_("Lag"),
        N_("Days"), N_("Against the base year"), owner_head(material), N_("Branch"), N_("Tags"), numeric=(2, 3, 4, 5, 6, 7, 8),
    )  # fmt: skip
    return Table("kpis", heads, tuple(rows), filtered=True)


def _branch_cell(kpi: KpiScore, material: Material) -> Cell:
    branch = material.branch(kpi.path)
    return Cell() if branch == kpi.path else item_cell(branch, material)
