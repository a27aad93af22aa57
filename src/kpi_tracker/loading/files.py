"""The files of a plan: found by name or glob inside the plan's folder, and read as text with limits."""

import os
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from glob import escape, glob, has_magic

from kpi_tracker.diagnostics import Place
from kpi_tracker.diagnostics.rawfile import read_bytes, shown_name, utf8_text
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.loading.fields import Origin

__all__ = ["MAX_BYTES", "PLAN_FILE", "find_files", "inside", "plan_file", "read_yaml"]

PLAN_FILE = "plan.yaml"
MAX_BYTES = 256 * 1024 * 1024


def plan_file(path: str, report: Report) -> str | None:
    """Return the plan file of a folder, or the file itself; None when there is none, reported."""
    if not os.path.isdir(path):
        return path
    for name in (PLAN_FILE, "plan.yml"):
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
    return next((folder for folder in folders if os.path.isfile(os.path.join(folder, PLAN_FILE))), "")


def find_files(patterns: list[str], nodes: list[object], folder: str, root: str, origin: Origin) -> dict[str, object]:
    """Return the files that `patterns` name, relative to `folder`, globs in the order of names, each with its node.

    Faults are reported.
    """
    found: dict[str, object] = {}
    for pattern, node in zip(patterns, nodes, strict=True):
        if not pattern.isprintable():  # no file of a plan is called so, and the system takes no zero byte
            origin.wrong(node, "KT114", value=pattern)
            continue
        target = os.path.join(folder, pattern)
        magic = os.path.join(escape(folder), pattern)
        matches = sorted(glob(magic, recursive=True)) if has_magic(pattern) else [target] * os.path.exists(target)
        matches = [match for match in matches if not os.path.isdir(match)]
        if not inside(target if not matches else matches[0], root) or os.path.isabs(pattern):
            origin.wrong(node, "KT116", value=pattern)
        elif not matches:
            origin.wrong(node, "KT114", value=pattern, nearest=_near(target))
        else:
            outside = [match for match in matches if not inside(match, root)]
            if outside:
                origin.wrong(node, "KT116", value=outside[0])
            for match in matches:
                if match not in outside:
                    found.setdefault(os.path.normpath(match), node)
    return found


def _near(target: str) -> str:
    folder = os.path.dirname(target)
    try:
        names = sorted(os.listdir(folder))
    except OSError:  # the folder does not exist either, or may not be read
        names = []
    return nearest(os.path.basename(target), names)


def inside(path: str, root: str) -> bool:
    """Tell whether `path`, links followed, lies in the folder `root`."""
    real, base = os.path.realpath(path), os.path.realpath(root)
    return real == base or real.startswith(base.rstrip(os.sep) + os.sep)


def read_yaml(path: str, report: Report) -> bytes | None:
    """Return the bytes of a YAML file without a byte order mark, or None when it cannot be one; the fault is reported.

    That they are UTF-8 is left to the parser to find out.
    """
    data = read_bytes(path, MAX_BYTES, report)
    if data is None:
        return None
    data, name = data.removeprefix(BOM_UTF8), shown_name(path)
    report.file(name, data)
    if data[:2] in (BOM_UTF16_LE, BOM_UTF16_BE):  # the parser would follow them
        utf8_text(data, name, report)
        return None
    if not data or data.isspace():
        report.add("KT102", Place(name))
        return None
    return data
