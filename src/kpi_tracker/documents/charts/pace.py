"""The pace chart of a KPI: what was reached over time against what was expected, the target, and the base year."""

from kpi_tracker.documents.charts.drawing import Drawing
from kpi_tracker.documents.charts.grades import grade_chart
from kpi_tracker.documents.charts.lines import line_chart
from kpi_tracker.documents.charts.timeline import timeline
from kpi_tracker.language import Language
from kpi_tracker.model.measure import Measure
from kpi_tracker.model.scorecard import KpiScore, Scorecard

__all__ = ["pace_chart"]

_CHARTS = {Measure.MILESTONE: timeline, Measure.GRADE: grade_chart}


def pace_chart(score: KpiScore, card: Scorecard, words: Language) -> Drawing | None:
    """Return the pace chart of `score` in `card`: lines for numbers, steps over a scale for grades, steps with dates.

    None where there is nothing that could be drawn: neither a figure nor a target nor a baseline.
    """
    return _CHARTS.get(score.kpi.measure, line_chart)(score, card, words)
