"""What can be wrong with a plan or its data, as values: a code, a place, arguments; words only when shown."""

from kpi_tracker.diagnostics.diagnostic import Diagnostic, Severity
from kpi_tracker.diagnostics.place import Place

__all__ = ["Diagnostic", "Place", "Severity"]
