"""outputs.md leaves nothing out: every format, column, metric, rule and state."""

from pathlib import Path

from kpi_tracker.reporting.csvfile import COLUMNS
from kpi_tracker.reporting.formats import AUTO, FORMATS, TEXT
from kpi_tracker.reporting.nagios import STATES
from kpi_tracker.reporting.prometheus import HELP
from kpi_tracker.reporting.sarif import RULES

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "outputs.md").read_text("utf-8")


def test_everything_that_an_output_names_is_explained() -> None:
    """Each stands on the page as code."""
    metrics = [f"kpi_tracker_{name}" for name in HELP]
    assert not [name for name in (AUTO, TEXT, *FORMATS, *COLUMNS, *metrics, *RULES, *STATES) if f"`{name}`" not in PAGE]
