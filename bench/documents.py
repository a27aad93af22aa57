"""The HTML site of generated plans, as a ratio to rendering one template a page with Jinja2 alone, and how cost grows.

The floor gets what it shows for nothing: a template with the name, ten figures, a table of twelve rows and a picture
of the size that a KPI's page holds, filled from a dict that is there already.
"""

import sys
from collections.abc import Iterator
from datetime import date
from functools import partial

from bench.measuring import least_seconds, row
from bench.plans import plan_and_observations
from kpi_tracker import Scorecard, score
from kpi_tracker.documents.charts.pace import pace_chart
from kpi_tracker.documents.charts.svg import svg
from kpi_tracker.documents.content.document import document
from kpi_tracker.documents.html.site import site_files
from kpi_tracker.language import language
from kpi_tracker.model.scorecard import KpiScore

FLAT = 1.25
PAGE = """\
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head><body><h1>{{ title }}</h1>
<dl>{% for name, value in figures %}<dt>{{ name }}</dt><dd>{{ value }}</dd>{% endfor %}</dl>{{ picture|safe }}
<table>{% for cells in rows %}<tr>{% for cell in cells %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table></body></html>
"""


def main() -> None:
    """Print one row a size; the time a page of the largest may be a quarter above that of the smallest."""
    sizes = [int(size) for size in sys.argv[1:]] or [100, 5_000]
    row("KPIs", "pages", "MB", "Jinja2 alone, ms a page", "ours, ms a page", "ratio", f"flat within {FLAT}")
    row("---:", "---:", "---:", "---:", "---:", "---:", "---")
    first = 0.0
    for kpis in sizes:
        plan, observations = plan_and_observations(kpis)
        card = score(plan, observations, date(2021, 9, 30))
        pages, size = counted(card)
        runs = 5 if kpis <= 1_000 else 2
        floor = least_seconds(partial(alone, card), runs) / kpis
        ours = least_seconds(partial(counted, card), runs) / pages
        first = first or ours
        verdict = "yes" if ours <= FLAT * first else "NO"
        row(f"{kpis:,}", f"{pages:,}", f"{size / 1e6:.1f}", f"{floor * 1e3:.2f}", f"{ours * 1e3:.2f}",
            f"{ours / floor:.1f}", verdict)  # fmt: skip


def site(card: Scorecard) -> Iterator[tuple[str, bytes]]:
    """Return the files of the English site."""
    return site_files([document(card, "en")])


def counted(card: Scorecard) -> tuple[int, int]:
    """Make the site; return its pages and their bytes."""
    sizes = [len(data) for name, data in site(card) if name.endswith(".html")]
    return len(sizes), sum(sizes)


def alone(card: Scorecard) -> int:
    """Render one template a KPI with Jinja2 and nothing else; return the bytes."""
    import jinja2

    template = jinja2.Environment(autoescape=True).from_string(PAGE)
    words = language("en")
    sample = card.kpis[0]
    assert isinstance(sample, KpiScore)  # noqa: S101 - the generated plans have KPIs
    drawing = pace_chart(sample, card, words)
    picture = svg(drawing, inline=True) if drawing is not None else ""
    figures = [(f"figure {n}", n * 1.5) for n in range(10)]
    rows = [(f"2021-{n:02}-28", n, "reported", "a source", "used", "") for n in range(1, 13)]
    size = 0
    for kpi in card.kpis:
        size += len(template.render(title=kpi.id, figures=figures, rows=rows, picture=picture).encode())
    return size


if __name__ == "__main__":
    main()
