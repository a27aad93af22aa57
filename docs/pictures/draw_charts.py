"""Draw the pictures of charts.md and charts of the README: the shipped plan at the end of September, in both languages.

Run from anywhere, with kpi_tracker importable.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import kpi_tracker
from kpi_tracker.documents.charts.bullet import bullet_chart
from kpi_tracker.documents.charts.counts import counts_bar
from kpi_tracker.documents.charts.described import status_words
from kpi_tracker.documents.charts.drawing import Drawing, Element
from kpi_tracker.documents.charts.marks import status_shape
from kpi_tracker.documents.charts.pace import pace_chart as pace_of
from kpi_tracker.documents.charts.svg import svg
from kpi_tracker.documents.charts.texts import label
from kpi_tracker.language import Language, language
from kpi_tracker.model.measure import WORST_FIRST
from kpi_tracker.model.scorecard import GoalScore, KpiScore, Scorecard

HERE = Path(__file__).resolve().parent
LAGGING, STEPS, BROKEN = "pct-applications", "metrology-services", "overdue-complaints"


def main() -> None:
    """Write the pictures beside this file."""
    card = kpi_tracker.check(HERE.parents[1] / "goals" / "pinghu-2021", date(2021, 9, 30))
    for lang in ("zh", "en"):
        for name, drawing in pictures(card, language(lang)):
            (HERE / f"{name}.{lang}.svg").write_text(svg(drawing, inline=False), encoding="utf-8")


def pictures(card: Scorecard, words: Language) -> Iterator[tuple[str, Drawing]]:
    """Yield the name and the drawing of every picture."""
    charts = (
        ("pace", LAGGING, pace_of),
        ("steps", STEPS, pace_of),
        ("limit", BROKEN, pace_of),
        ("bullet", LAGGING, bullet_of),
    )
    for name, item, drawn in charts:
        drawing = next(drawn(score, card, words) for score in card.kpis if score.id == item)
        if drawing is not None:
            yield name, drawing
    if isinstance(card.top, GoalScore):
        yield "counts", counts_bar(card.top.counts, words, card.illustrative)
    yield "shapes", shapes(words)


def bullet_of(score: KpiScore, _: Scorecard, words: Language) -> Drawing | None:
    """Return the bullet chart, asked for as a pace chart is."""
    return bullet_chart(score, words)


def shapes(words: Language) -> Drawing:
    """Return every status with its shape and its word, the worst first."""
    elements: list[Element] = []
    for i, status in enumerate(WORST_FIRST):
        x, y = 8.0 + i % 5 * 100, 10.0 + i // 5 * 28
        elements += [status_shape(status, x, y, 16), label(status_words(status, words), x + 24, y + 13)]
    told = ", ".join(status_words(status, words) for status in WORST_FIRST)
    return Drawing(510, 92, told, told, tuple(elements), words.code)


if __name__ == "__main__":
    main()
