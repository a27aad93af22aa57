"""`python -m kpi_tracker` is the command line."""

from kpi_tracker.cli import run

run()
