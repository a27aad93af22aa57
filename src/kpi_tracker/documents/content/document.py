"""A scorecard as a document: its pages in one language."""

from kpi_tracker.diagnostics import Severity
from kpi_tracker.documents.blocks import Document, Entry, Page, Pages, Section
from kpi_tracker.documents.content.about import dated, made_by
from kpi_tracker.documents.content.chrome import chrome_words
from kpi_tracker.documents.content.goal import goal_page
from kpi_tracker.documents.content.kpi import kpi_page
from kpi_tracker.documents.content.material import Material
from kpi_tracker.documents.content.plan import plan_page
from kpi_tracker.documents.content.tables import all_kpis
from kpi_tracker.documents.naming import LIST, PLAN
from kpi_tracker.language import N_, language
from kpi_tracker.model.scorecard import GoalScore, KpiScore, Scorecard

__all__ = ["document"]


def document(card: Scorecard, lang: str, since: Scorecard | None = None) -> Document:
    """Return the progress document of `card` in `lang` (`zh` or `en`), with what changed since an earlier scorecard.

    Its pages are made one by one when they are read.

    Raises:
        ValueError: `lang` is neither.
    """
    material = Material(card, language(lang), since)
    words, top = material.words, material.top
    title = material.title(top.path)
    index = tuple(_index(material, title))
    goals = [score for score in material.below(top.path) if isinstance(score, GoalScore)]
    contents = [(PLAN, title), (LIST, words.text(N_("All KPIs")))]
    contents += [(material.page(goal.path) or "", material.title(goal.path)) for goal in goals]
    return Document(
        lang, title, dated(material), card.as_of, material.plan.id, Pages(index, lambda entry: _page(entry, material)),
        _banners(material), material.illustrative, tuple(contents), made_by(), chrome_words(words), index,
    )  # fmt: skip


def _index(material: Material, title: str) -> list[Entry]:
    found = [Entry(PLAN, "plan", title), Entry(LIST, "list", material.words.text(N_("All KPIs")))]
    for path, score in material.card.items.items():
        if path:
            kind = "kpi" if isinstance(score, KpiScore) else "goal"
            found.append(Entry(material.page(path) or path, kind, material.title(path)))
    return found


def _page(entry: Entry, material: Material) -> Page:
    if entry.kind == "plan":
        return plan_page(material)
    if entry.kind == "list":
        return _list_page(entry, material)
    score = material.card.items[material.path(entry.id)]
    if isinstance(score, KpiScore):
        return kpi_page(score, material)
    assert score.goal is not None  # noqa: S101 - only the plan has none, and it has a page of its own
    return goal_page(score, score.goal, material)


def _list_page(entry: Entry, material: Material) -> Page:
    n = len(material.kpis)
    words = material.words
    section = Section("all", words.count(N_("{n} KPI"), N_("{n} KPIs"), n), (all_kpis(material),))
    return Page(LIST, "list", entry.title, (section,), dated(material), ((PLAN, material.title(material.top.path)),))


def _banners(material: Material) -> tuple[str, ...]:
    words = material.words
    found = []
    if material.illustrative:
        found.append(words.text(N_("Illustrative data: figures made up to show the product, not real results")))
    errors = sum(fault.severity is Severity.ERROR for fault in material.card.diagnostics)
    if errors:
        found.append(
            words.count(
                N_("{n} fault in the plan or its data: what could not be read is left out"),
                N_("{n} faults in the plan or its data: what could not be read is left out"),
                errors,
            )
        )
    return tuple(found)
