"""The page of a goal: how it stands, what lags in it, what stands below it, what supports it, how its score came about."""

from collections.abc import Iterator

from kpi_tracker.documents.blocks import Block, Cell, Chart, Facts, Page, Paragraph, Row, Section, Table
from kpi_tracker.documents.content.amended import amendments_section
from kpi_tracker.documents.content.cells import bullet, fraction_cell, item_cell, score_badge, status_cell
from kpi_tracker.documents.content.material import Material
from kpi_tracker.documents.content.overview import goal_overview
from kpi_tracker.documents.content.plan import lagging_heading
from kpi_tracker.documents.content.problems import problems_section
from kpi_tracker.documents.content.provenance import decided_blocks, figures_table, shares_table, thresholds_blocks
from kpi_tracker.documents.content.recorded import facts_section, notes, source_text
from kpi_tracker.documents.content.tables import columns, items_table, lagging_table
from kpi_tracker.documents.content.trail import subtitle, trail
from kpi_tracker.explanation import explain
from kpi_tracker.language import N_
from kpi_tracker.model.goal import Assumed, Goal
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.scorecard import GoalScore, KpiScore
from kpi_tracker.reporting.words import number

__all__ = ["goal_page", "supports_section"]


def goal_page(score: GoalScore, goal: Goal, material: Material) -> Page:
    """Return the page of a goal."""
    words = material.words
    sections = tuple(section for section in _sections(score, goal, material) if section is not None)
    return Page(
        material.page(score.path) or score.path, "goal", material.say(goal.title), sections, subtitle(goal, material),
        trail(score.path, material), score_badge(score, words),
    )  # fmt: skip


def _sections(score: GoalScore, goal: Goal, material: Material) -> Iterator[Section | None]:
    words = material.words
    drawn = bullet(score, material)
    picture = (Chart("bullet", drawn),) if drawn is not None else ()
    over = (*goal_overview(score, material), *picture, *notes(goal.notes, material))
    yield Section("overview", words.text(N_("At a glance")), over)
    lagging = material.lagging_below(score)
    if lagging:
        yield Section(
            "lagging", lagging_heading(len(lagging), material), (lagging_table(lagging, material, score.path),)
        )
    below = material.below(score.path)
    if below:
        yield Section("below", words.text(N_("What stands in it")), (items_table("below", below, material),))
    if any(isinstance(child, GoalScore) for child in below) and (kpis := tuple(_kpis(score.path, material))):
        yield Section("kpis", words.text(N_("All KPIs below it")), (items_table("kpis", kpis, material),))
    if any(share.support for share in score.shares):
        yield Section(
            "supporters", words.text(N_("What supports it")), (shares_table(score, material, supporting=True),)
        )
    yield supports_section(score.path, goal, material)
    yield amendments_section(score.path, material)
    yield problems_section(material.problems_below(score), material)
    yield _score_section(score, material)
    yield facts_section([(score.path, fact) for fact in goal.facts], material)
    yield Section("record", words.text(N_("On record")), (Facts(tuple(_record(goal, material))),))


def _kpis(path: str, material: Material) -> Iterator[KpiScore]:
    """Yield the KPIs at any depth below the goal at `path`, in the plan's order."""
    for score in material.below(path):
        if isinstance(score, KpiScore):
            yield score
        else:
            yield from _kpis(score.path, material)


def supports_section(path: str, item: Goal | Kpi, material: Material) -> Section | None:
    """Return the goals of other branches that an item counts toward; None where there is none."""
    words = material.words
    rows = []
    for link in item.supports:
        home = material.home(link.to)
        score = material.card.items.get(home)
        status = status_cell(score, words) if score else Cell()
        share = material.support(path, home)
        part = share.part if share else None
        weight = item.weight if link.weight is None else link.weight
        rows.append(Row((item_cell(home, material), status, Cell(number(weight), sort=weight), fraction_cell(part))))
    if not rows:
        return None
    heads = columns(material, N_("Goal"), N_("Status"), N_("Weight"), N_("Share"), numeric=(2, 3))
    told = words.text(N_("The links are assumed: the source does not give them."))
    note = (Paragraph(told, "quiet"),) if Assumed.SUPPORTS in material.plan.assumed else ()
    return Section("supports", words.text(N_("What it supports")), (Table("supports", heads, tuple(rows)), *note))


def _score_section(score: GoalScore, material: Material) -> Section:
    only_support = all(share.support for share in score.shares)  # these stand in a section of their own
    blocks: tuple[Block, ...] = (
        *(() if only_support else (shares_table(score, material),)),
        figures_table(explain(material.card, score.path), material),
        *decided_blocks(score, material),
        *thresholds_blocks(score.thresholds, material),
    )
    return Section("score", material.words.text(N_("How the score came about")), blocks)


def _record(goal: Goal, material: Material) -> Iterator[tuple[str, Cell]]:
    words = material.words
    yield words.text(N_("Id")), Cell(goal.id, code=True)
    if goal.kind:
        kind = material.plan.kinds.get(goal.kind)
        yield words.text(N_("Kind")), Cell(material.say(kind.title) if kind else goal.kind)
    yield words.text(N_("Weight")), Cell(number(goal.weight), marks=material.assumed(Assumed.WEIGHT))
    if goal.owner:
        yield words.text(N_("Owner")), Cell(material.say(goal.owner), marks=material.assumed(Assumed.OWNER))
    if goal.tags:
        yield words.text(N_("Tags")), Cell(material.listed(goal.tags))
    if goal.source:
        yield words.text(N_("Where it comes from")), Cell(source_text(goal.source, material))
    yield words.text(N_("Place")), Cell(material.place(goal.where), code=True)
