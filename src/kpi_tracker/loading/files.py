"""The files that a plan names, inside its folder, and their bytes, read with limits."""

import os
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE

from kpi_tracker.diagnostics import Place
from kpi_tracker.diagnostics.rawfile import read_bytes, shown_name, utf8_text
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.loading.fields import Origin
from kpi_tracker.loading.search import inside, matching

__all__ = ["MAX_BYTES", "find_files", "read_yaml"]

MAX_BYTES = 256 * 1024 * 1024


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
        matches = matching(pattern, folder)
        origin.report.looked[pattern, folder, root] = [match for match in matches if inside(match, root)]
        if not inside(target if not matches else matches[0], root) or os.path.isabs(pattern):
            origin.wrong(node, "KT116", value=pattern)
        elif not matches:
            origin.wrong(node, "KT114", value=pattern, nearest=_near(pattern, target))
        else:
            outside = [match for match in matches if not inside(match, root)]
            if outside:
                origin.wrong(node, "KT116", value=outside[0])
            for match in matches:
                if match not in outside:
                    found.setdefault(os.path.normpath(match), node)
    return found


def _near(pattern: str, target: str) -> str:
    """Return the nearest file there is, as the pattern would have to be written; of a folder what is in it."""
    if os.path.isdir(target):
        kinds = [os.path.splitext(name)[1] for name in _names(target)]
        return os.path.join(pattern, f"*{next(filter(None, kinds), '')}")
    near = nearest(os.path.basename(target), _names(os.path.dirname(target)))
    return near and os.path.join(os.path.dirname(pattern), near)


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:  # the folder does not exist either, or may not be read
        return []


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
