"""The command line: each command parses its options, calls one function of the library, and hands on to a reporter."""

from kpi_tracker.cli.main import main, run

__all__ = ["main", "run"]
