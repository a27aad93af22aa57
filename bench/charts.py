"""Charts of generated plans: the time and the size of one, how cost grows, and matplotlib beside it where it is there."""

import io
import sys
from datetime import date
from functools import partial
from importlib import import_module

from bench.measuring import least_seconds, row
from bench.plans import plan_and_observations
from kpi_tracker import Scorecard, score
from kpi_tracker.course import actuals, course
from kpi_tracker.documents.charts.bullet import bullet_chart
from kpi_tracker.documents.charts.pace import pace_chart
from kpi_tracker.documents.charts.svg import svg
from kpi_tracker.language import language
from kpi_tracker.model.scorecard import KpiScore

WORDS = language("zh")
SAMPLE = 20
"""So many charts are drawn with matplotlib: it takes its time."""


def main() -> None:
    """Print one row a kind of chart and size of plan, then one for matplotlib."""
    sizes = [int(size) for size in sys.argv[1:]] or [100, 5_000]
    row("chart", "KPIs", "ms a chart", "kB a chart", "s for all")
    row("---", "---:", "---:", "---:", "---:")
    for kpis in sizes:
        plan, observations = plan_and_observations(kpis)
        card = score(plan, observations, date(2021, 9, 30))
        for name, drawn in (("pace", paced), ("bullet", bulleted)):
            seconds = least_seconds(partial(drawn, card), 5 if kpis <= 1_000 else 2)
            size = drawn(card) / kpis / 1e3
            row(name, f"{kpis:,}", f"{seconds / kpis * 1e3:.2f}", f"{size:.1f}", f"{seconds:.1f}")
        if kpis == sizes[0]:
            beside(card)


def paced(card: Scorecard) -> int:
    """Draw and write the pace chart of every KPI; return the bytes of all."""
    return sum(len(svg(drawing, inline=True).encode()) for k in card.kpis if (drawing := pace_chart(k, card, WORDS)))


def bulleted(card: Scorecard) -> int:
    """Draw and write the bullet chart of every KPI; return the bytes of all."""
    return sum(len(svg(drawing, inline=True).encode()) for k in card.kpis if (drawing := bullet_chart(k, WORDS)))


def beside(card: Scorecard) -> None:
    """Print the row of matplotlib, drawing the same lines and labels of the first KPIs; or that it is not there."""
    try:
        mpl = import_module("matplotlib")
    except ImportError:
        row("matplotlib is not installed", "", "", "", "")
        return
    mpl.use("svg")
    mpl.rcParams["svg.fonttype"] = "none"
    chosen = [k for k in card.kpis if isinstance(k.value, float)][:SAMPLE]
    seconds = least_seconds(lambda: [plotted(k, card) for k in chosen], 2) / len(chosen)
    size = sum(len(plotted(k, card).encode()) for k in chosen) / len(chosen) / 1e3
    row("matplotlib, live text", len(chosen), f"{seconds * 1e3:.2f}", f"{size:.1f}", "")


def plotted(score: KpiScore, card: Scorecard) -> str:
    """Return the lines and labels of a pace chart as matplotlib writes them."""
    figure = import_module("matplotlib.figure").Figure(figsize=(5.2, 3.1))
    axes = figure.add_subplot()
    expected = [point for point in course(score, card).points if point.value is not None]
    axes.plot([point.date for point in expected], [point.value for point in expected], label="expected")
    readings = [reading for reading in actuals(score, card) if isinstance(reading.value, float)]
    axes.plot([reading.date for reading in readings], [reading.value for reading in readings], marker="o")
    axes.axvline(card.as_of, linestyle=":")
    for name, value in (("target", score.kpi.target), ("baseline", score.kpi.baseline)):
        if value is not None and isinstance(value.value, float):
            axes.axhline(value.value, linestyle=":")
            axes.text(readings[-1].date, value.value, f"{name} {value.value:,.2f}")
    axes.set_title(score.kpi.title.in_language("en"), loc="left")
    written = io.StringIO()
    figure.savefig(written, format="svg")
    return written.getvalue()


if __name__ == "__main__":
    main()
