"""The formats of a check's output for machines. Each has a writer in the module of its name, loaded when it is used."""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kpi_tracker.reporting.checked import Checked

__all__ = ["AUTO", "FORMATS", "TEXT", "Writer", "chosen"]

AUTO, TEXT = "auto", "text"

Writer = Callable[[Sequence["Checked"], str, str], str]
"""What a format is written by: the plans, the language, and the status that fails the check give the whole output."""


def _writer(module: str) -> Writer:
    def write(checked: "Sequence[Checked]", lang: str, fail_on: str) -> str:
        writer: Writer = import_module(f"kpi_tracker.reporting.{module}").write
        return writer(checked, lang, fail_on)

    return write


FORMATS: Mapping[str, Writer] = {
    "json": _writer("scorecards"),
    "junit": _writer("junit"),
    "github": _writer("github"),
    "sarif": _writer("sarif"),
    "prometheus": _writer("prometheus"),
    "nagios": _writer("nagios"),
    "csv": _writer("csvfile"),
}


def chosen(environ: Mapping[str, str], is_terminal: bool) -> str:
    """Return what `auto` means: annotations where GitHub Actions reads the output, else the report for people."""
    return "github" if environ.get("GITHUB_ACTIONS") == "true" and not is_terminal else TEXT
