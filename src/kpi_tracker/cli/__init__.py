"""The command line: each command parses its options, calls one function of the library, and hands on to a reporter."""

from kpi_tracker.cli.main import main

__all__ = ["main"]
