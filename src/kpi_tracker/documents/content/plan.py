"""The page of the plan: how it goes, what lags, its branches, what changed, what is missing, the tree of everything."""

from collections.abc import Iterator

from kpi_tracker.documents.blocks import Block, Branch, Cell, Page, Paragraph, Section, Tree
from kpi_tracker.documents.content.about import about_section, dated
from kpi_tracker.documents.content.amended import amendments_section
from kpi_tracker.documents.content.cells import score_badge
from kpi_tracker.documents.content.changed import changes_section
from kpi_tracker.documents.content.material import Material, Score
from kpi_tracker.documents.content.overview import goal_overview, kpi_overview
from kpi_tracker.documents.content.parts import cut_sections
from kpi_tracker.documents.content.problems import faults_section, problems_section
from kpi_tracker.documents.content.recorded import facts_of, facts_section
from kpi_tracker.documents.content.tables import goals_table, items_table, lagging_table
from kpi_tracker.documents.naming import PLAN
from kpi_tracker.language import N_
from kpi_tracker.model.measure import UNSAID
from kpi_tracker.model.scorecard import GoalScore
from kpi_tracker.reporting.words import fraction, lag_words, reached

__all__ = ["lagging_heading", "plan_page"]


def plan_page(material: Material) -> Page:
    """Return the page that leaders start from."""
    top = material.top
    sections = tuple(section for section in _sections(material) if section is not None)
    badge = score_badge(top, material.words)
    return Page(PLAN, "plan", material.title(top.path), sections, dated(material), badge=badge)


def _sections(material: Material) -> Iterator[Section | None]:
    words, top = material.words, material.top
    over = goal_overview(top, material) if isinstance(top, GoalScore) else kpi_overview(top, material)
    yield Section("overview", words.text(N_("At a glance")), over)
    yield Section("lagging", lagging_heading(len(material.lagging), material), _lagging(material))
    yield _branches(material)
    yield from cut_sections(material)
    yield changes_section(material)
    yield amendments_section(None, material)
    yield problems_section(material.problems, material)
    yield _tree(material)
    yield facts_section(facts_of(material), material, homes=True)
    yield faults_section(material.card.diagnostics, material)
    yield about_section(material)


def lagging_heading(n: int, material: Material) -> str:
    """Return the heading over the lagging items."""
    words = material.words
    if not n:
        return words.text(N_("What lags"))
    return words.count(N_("{n} KPI lags, the worst first"), N_("{n} KPIs lag, the worst first"), n)


def _lagging(material: Material) -> tuple[Block, ...]:
    if material.lagging:
        return (lagging_table(material.lagging, material),)
    judged = any(kpi.status not in UNSAID for kpi in material.kpis)
    message = (
        N_("No KPI that could be judged lags.")
        if judged
        else N_("Nothing could be judged: no KPI has a current figure.")
    )
    return (Paragraph(material.words.text(message), "plain" if judged else "warning"),)


def _branches(material: Material) -> Section | None:
    """Return the goals of the first level, those of a kind in a table under the kind's own title."""
    kinds: dict[str, list[GoalScore]] = {}
    alone: list[Score] = []
    for score in material.below(material.top.path):
        if isinstance(score, GoalScore):
            kinds.setdefault(score.goal.kind if score.goal else "", []).append(score)
        else:
            alone.append(score)
    words, known = material.words, material.plan.kinds
    blocks: list[Block] = []
    for i, (kind, goals) in enumerate(kinds.items()):
        title = material.say(known[kind].title) if kind in known else words.text(N_("Goals"))
        blocks.append(goals_table(f"branches-{i + 1}", goals, material, title))
    if alone:
        blocks.append(items_table("branches-kpis", alone, material, words.text(N_("KPIs of the plan itself"))))
    return Section("branches", words.text(N_("Branches")), tuple(blocks)) if blocks else None


def _tree(material: Material) -> Section | None:
    words = material.words
    titles = (words.text(N_("Attainment")), words.text(N_("Expected")), words.text(N_("Lag")))
    top = [_branch(score, material) for score in material.below(material.top.path)]
    return Section("tree", words.text(N_("The whole plan")), (Tree(tuple(top), titles),)) if top else None


def _branch(score: Score, material: Material) -> Branch:
    words = material.words
    cell = Cell(
        material.title(score.path),
        _remark(score, material),
        material.page(score.path),
        score_badge(score, words),
    )
    figures = (fraction(score.attainment), fraction(score.expected), lag_words(score.lag, words))
    return Branch(cell, figures, tuple(_branch(below, material) for below in material.below(score.path)))


def _remark(score: Score, material: Material) -> str:
    """Return what stands beside a title in the tree: what a KPI has reached, how many items support a goal."""
    words = material.words
    if isinstance(score, GoalScore):
        n = sum(share.support for share in score.shares)
        return words.count(N_("{n} item supports it"), N_("{n} items support it"), n) if n else ""
    if score.value is None:
        return ""
    value, target = reached(score, words, material.card.known_at), material.target(score.kpi)
    return words.text(N_("{value}, target {target}"), value=value, target=target)
