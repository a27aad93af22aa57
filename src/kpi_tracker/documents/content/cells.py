"""Cells that many pages have: an item with its link, its status, value against target, attainment against expected."""

from kpi_tracker.documents.blocks import Badge, Cell
from kpi_tracker.documents.charts.bullet import bullet_chart, goal_bullet
from kpi_tracker.documents.charts.drawing import Drawing
from kpi_tracker.documents.content.material import Material, Score
from kpi_tracker.documents.content.terms import COMPARED_WORDS
from kpi_tracker.language import N_, Language
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import WORST_FIRST, Basis, Direction, Measure, Status
from kpi_tracker.model.scorecard import KpiScore
from kpi_tracker.model.target import Baseline
from kpi_tracker.reporting.words import (
    BASIS_WORDS,
    NONE,
    STATUS_WORDS,
    a_month,
    days,
    difference,
    fraction,
    lag_words,
    number,
    reached,
    target_value,
    with_unit,
)

__all__ = ["attainment_cell", "badge", "baseline_cell", "baseline_marks", "bullet", "bullet_cell", "comparison_cell",
           "days_cell", "fraction_cell", "item_cell", "lag_cell", "needed_cell", "owner_cell", "reached_cell",
           "score_badge", "signed", "status_cell", "target_cell", "value_cell"]  # fmt: skip


def badge(status: Status, words: Language, severity: int = 0) -> Badge:
    """Return a status in words; a second severity shows as a second mark."""
    return Badge(status, words.text(STATUS_WORDS[status]) + "!" * max(0, severity - 1))


def score_badge(score: Score, words: Language) -> Badge:
    """Return the status of a goal or KPI."""
    return badge(score.status, words, score.severity)


def status_cell(score: Score, words: Language) -> Cell:
    """Return the status; sorted the worst first."""
    return Cell(badge=score_badge(score, words), sort=WORST_FIRST.index(score.status) - score.severity / 10)


def item_cell(path: str, material: Material, detail: str = "") -> Cell:
    """Return an item by its title, with the link to its page."""
    return Cell(material.title(path), detail, material.page(path))


def owner_cell(score: Score, material: Material) -> Cell:
    """Return who answers for an item, as far as the plan says so."""
    item = score.kpi if isinstance(score, KpiScore) else score.goal or material.plan
    return Cell(material.say(item.owner) or NONE)


def value_cell(score: KpiScore, material: Material) -> Cell:
    """Return the value, with its date where that is not the day of the document."""
    words, on = material.words, score.data_date
    detail = ""
    if on is not None and on != material.card.as_of:
        detail = words.text(N_("as of {day}"), day=on.isoformat())
    return Cell(reached(score, words, material.card.known_at), detail, sort=_sortable(score.value, score.kpi))


def target_cell(kpi: Kpi, material: Material) -> Cell:
    """Return the target, marked where the source does not state it."""
    words, target = material.words, kpi.target
    basis = Basis.ASSUMED if material.steps_assumed(kpi) else target.basis if target is not None else Basis.STATED
    marks = (words.text(BASIS_WORDS[basis]),) if basis is not Basis.STATED else ()
    return Cell(target_value(kpi, words), marks=marks, sort=_sortable(target.value, kpi) if target else None)


def baseline_cell(base: Baseline, kpi: Kpi, words: Language) -> Cell:
    """Return a baseline of `kpi`, with its marks."""
    return Cell(with_unit(base.value, kpi.unit, words), marks=baseline_marks(base, words))


def baseline_marks(base: Baseline | None, words: Language) -> tuple[str, ...]:
    """Return the marks of a baseline that is approximate, or of no ordinary year."""
    marks = []
    if base is not None and base.approximate:
        marks.append(words.text(N_("approximate")))
    if base is not None and base.abnormal:
        marks.append(words.text(N_("abnormal year")))
    return tuple(marks)


def reached_cell(score: Score, material: Material) -> Cell:
    """Return the value over the target; nothing for a goal, whose parts are in units of their own."""
    if not isinstance(score, KpiScore):
        return Cell(NONE)
    words = material.words
    return Cell(
        reached(score, words, material.card.known_at),
        material.target(score.kpi),
        sort=_sortable(score.value, score.kpi),
    )


def attainment_cell(score: Score) -> Cell:
    """Return attainment over expected attainment."""
    return Cell(fraction(score.attainment), fraction(score.expected), sort=score.attainment)


def fraction_cell(value: float | None) -> Cell:
    """Return a fraction as a percentage."""
    return Cell(fraction(value), sort=value)


def lag_cell(score: Score, words: Language, detailed: bool = True) -> Cell:
    """Return the lag in percentage points, over the days behind."""
    behind = score.days_behind if isinstance(score, KpiScore) else None
    detail = days(behind, words) if detailed and behind is not None else ""
    return Cell(lag_words(score.lag, words), detail, sort=score.lag)


def days_cell(score: KpiScore, words: Language) -> Cell:
    """Return the days behind, or ahead."""
    return Cell(days(score.days_behind, words), sort=score.days_behind)


def needed_cell(score: KpiScore, material: Material) -> Cell:
    """Return what it takes to still reach the target: so much a month, open steps, or a gap to close."""
    words, kpi, ahead = material.words, score.kpi, score.outlook
    if kpi.measure is Measure.MILESTONE:
        return _open_steps(score, material)
    if score.gap:
        return Cell(difference(score.gap, kpi.unit, words), words.text(N_("gap to the target")))
    budget = kpi.measure is Measure.TOTAL and kpi.direction is Direction.DECREASE
    if kpi.measure is Measure.LIMIT or (budget and ahead.needed is not None and ahead.needed <= 0):
        return _overrun(score, words)
    if ahead.needed is None:
        why = ahead.reason if score.ended and ahead.reason else None
        return Cell(NONE, words.phrase(why) if why else "")
    detail = ""
    if ahead.ratio is not None and ahead.ratio > 0:  # so far it went the other way: no multiple of that
        detail = words.text(N_("{n}× the rate so far"), n=number(ahead.ratio, 1))
    needed = a_month(kpi, ahead.needed, words)
    return Cell(words.text(N_("at most {value}"), value=needed) if budget else needed, detail, sort=ahead.ratio)


def _overrun(score: KpiScore, words: Language) -> Cell:
    """Return by how much a limit is broken, or a budget overspent."""
    value, target = score.value, score.kpi.target
    assert target is not None and not isinstance(target.value, str)  # noqa: S101, PT018 - it was judged by it
    assert value is not None and not isinstance(value, str)  # noqa: S101, PT018 - likewise
    by = difference(abs(value - target.value), score.kpi.unit, words, signed=False)
    return Cell(
        words.text(N_("{value} above the limit") if value > target.value else N_("{value} below the limit"), value=by)
    )


def _open_steps(score: KpiScore, material: Material) -> Cell:
    done = material.steps_done(score)
    late = [step for step in score.kpi.steps if step.due <= material.card.as_of and step.id not in done]
    if not late:
        return Cell(NONE)
    words = material.words
    text = words.count(N_("{n} step overdue"), N_("{n} steps overdue"), len(late))
    return Cell(text, material.listed(material.say(step.title) for step in late))


def comparison_cell(score: KpiScore, words: Language) -> Cell:
    """Return the value against the base year."""
    if not score.comparisons:
        return Cell(NONE)
    found = score.comparisons[0]
    detail, marks = words.text(COMPARED_WORDS[found.kind], year=found.year), baseline_marks(score.kpi.baseline, words)
    if found.relative is None:
        return Cell(difference(found.change, score.kpi.unit, words), detail, marks=marks)
    return Cell(signed(found.relative), detail, marks=marks, sort=found.relative)


def signed(value: float) -> str:
    """Return a fraction as a percentage with its sign."""
    text = fraction(value)
    return f"+{text}" if value > 0 and text != "0%" else text


def bullet_cell(score: Score, material: Material) -> Cell:
    """Return the small picture of attainment against expected."""
    return Cell(drawing=bullet(score, material))


def bullet(score: Score, material: Material) -> Drawing | None:
    """Return the picture of attainment against expected; None for what is out of the count."""
    if isinstance(score, KpiScore):
        return bullet_chart(score, material.words)
    return goal_bullet(score, material.title(score.path), material.words, material.is_illustrative(score))


def _sortable(value: float | str | None, kpi: Kpi) -> float | None:
    """Return what a value is sorted by: a number, or the place of a grade on its scale, the best last."""
    if isinstance(value, str):
        return float(-kpi.scale.index(value)) if value in kpi.scale else None
    return value
