"""A plan's files written in the one canonical form, comments kept."""

import os
from typing import NamedTuple

import yaml

from kpi_tracker.diagnostics import Diagnostic, Severity
from kpi_tracker.diagnostics.rawfile import shown_name
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.language import N_, Phrase
from kpi_tracker.loading.nodes import EventLoader
from kpi_tracker.loading.plan import read_part, read_plan
from kpi_tracker.writing.canon import formatted
from kpi_tracker.writing.files import replace_files
from kpi_tracker.writing.problem import WritingError

__all__ = ["Formatted", "format_plan"]

OF_TEXT, OF_SHAPE, OF_MEANING = "KT114", "KT2", "KT3"
"""The first codes that are not of a file's YAML; of the structure; of what a plan means."""
NO_PLAN = ("KT118", "KT123")


class Formatted(NamedTuple):
    """What became of one file: its text before and after, without a byte order mark."""

    file: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        """Whether its text is another one now, or would be."""
        return self.before != self.after


def format_plan(path: str | os.PathLike[str], write: bool = True) -> tuple[Formatted, ...]:
    """Write the plan at `path`, its file and all that it includes, in canonical form; an included file by itself.

    Without `write` nothing is changed, and what is returned tells what would be.

    Returns:
        A :class:`Formatted` for every file, in the order in which the plan reads them.

    Raises:
        WritingError: a file has faults of its YAML or of its structure, or cannot be written; all are as they were.
    """
    report = Report()
    path = os.fspath(path)
    whole = os.path.isdir(path) or _has_id(path)
    faults = read_plan(path, report).diagnostics if whole else read_part(path, report)
    wrong = tuple(fault for fault in faults if _of_shape(fault))
    if wrong:
        text = N_("{file} is left as it is: it has faults that must be mended first")
        raise WritingError(Phrase(text, {"file": shown_name(path)}), wrong)
    found: list[Formatted] = []
    changes: dict[str, tuple[bytes, bytes]] = {}
    for file, data in report.read.items():
        before = data.decode("utf-8-sig")
        after = formatted(before, shown_name(file))
        marked = data.startswith(b"\xef\xbb\xbf")
        found.append(Formatted(shown_name(file), "\ufeff" * marked + before, after))
        if found[-1].changed:
            changes[os.path.realpath(file)] = (data, after.encode())
    if write:
        replace_files(changes)
    return tuple(found)


def _of_shape(fault: Diagnostic) -> bool:
    """Tell whether a fault is of the YAML or the structure of a plan: the rest does not keep its text from being written anew."""
    code = fault.code
    return fault.severity is Severity.ERROR and (code < OF_TEXT or OF_SHAPE <= code < OF_MEANING or code in NO_PLAN)


def _has_id(path: str) -> bool:
    """Tell whether a file is a plan, which has an id, and not what one includes."""
    depth = 0
    try:
        with open(path, "rb") as file:
            for event in yaml.parse(file.read(), Loader=EventLoader):
                depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
                if depth == 1 and isinstance(event, yaml.ScalarEvent) and event.value in ("id", "period"):
                    return True
    except (OSError, ValueError, yaml.YAMLError):  # what is wrong is told when it is read as a part
        return False
    return False
