"""Whose history is asked for: the id of a plan, also where the plan is too broken to be read."""

import os
import re
from typing import NamedTuple

from kpi_tracker.diagnostics import Diagnostic
from kpi_tracker.diagnostics.rawfile import read_bytes
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.loading.files import MAX_BYTES
from kpi_tracker.loading.plan import read_plan
from kpi_tracker.loading.search import plan_file

__all__ = ["Identity", "identify"]

ID = re.compile(r"""^id:[ ]+(["']?)(?P<id>[^\s"'#]+)\1\s*(?:#.*)?$""", re.MULTILINE)


class Identity(NamedTuple):
    """The id of a plan, or None where it cannot be told; and the faults of a plan that is too broken to be read."""

    plan_id: str | None
    diagnostics: tuple[Diagnostic, ...]


def identify(path: str | os.PathLike[str]) -> Identity:
    """Return the id of the plan at `path`: as the plan is read, else from the line that states it."""
    plan, diagnostics = read_plan(path)
    return Identity(plan.id, ()) if plan else Identity(_stated(os.fspath(path)), diagnostics)


def _stated(path: str) -> str | None:
    aside = Report()  # what is wrong with the file has been said
    file = plan_file(path, aside)
    data = read_bytes(file, MAX_BYTES, aside) if file else None
    found = ID.search((data or b"").decode("utf-8", "replace"))
    return found["id"] if found else None
