"""`python -m kpi_tracker` is the command line."""

from kpi_tracker.cli import run

if __name__ == "__main__":
    run()
