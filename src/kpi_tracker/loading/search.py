"""Where the files of a plan are looked for: by name or glob, inside the plan's folder. Loads nothing of the format."""

import os
from glob import escape, glob, has_magic

from kpi_tracker.diagnostics import Place
from kpi_tracker.diagnostics.rawfile import shown_name
from kpi_tracker.diagnostics.report import Report

__all__ = ["PLAN_FILES", "inside", "matching", "plan_file"]

PLAN_FILES = ("plan.yaml", "plan.yml")


def plan_file(path: str, report: Report) -> str | None:
    """Return the plan file of a folder, or the file itself; None when there is none, reported."""
    if not os.path.isdir(path):
        return path
    for name in PLAN_FILES:
        if os.path.isfile(os.path.join(path, name)):
            return os.path.join(path, name)
    name, within = shown_name(path), _plan_within(path)
    if within:
        report.add("KT123", Place(name), value=shown_name(within))
    else:
        report.add("KT118", Place(name))
    return None


def _plan_within(path: str) -> str:
    """Return the first of the folders in `path` that holds a plan, or "" where none does."""
    try:
        folders = sorted(entry.path for entry in os.scandir(path) if entry.is_dir())
    except OSError:  # it may not be looked into
        return ""
    return next((folder for folder in folders if os.path.isfile(os.path.join(folder, PLAN_FILES[0]))), "")


def matching(pattern: str, folder: str) -> list[str]:
    """Return the files that a name or a glob, relative to `folder`, stands for, in the order of their names."""
    target = os.path.join(folder, pattern)
    magic = os.path.join(escape(folder), pattern)
    matches = sorted(glob(magic, recursive=True)) if has_magic(pattern) else [target] * os.path.exists(target)
    return [match for match in matches if not os.path.isdir(match)]


def inside(path: str, root: str) -> bool:
    """Tell whether `path`, links followed, lies in the folder `root`."""
    real, base = os.path.realpath(path), os.path.realpath(root)
    return real == base or real.startswith(base.rstrip(os.sep) + os.sep)
