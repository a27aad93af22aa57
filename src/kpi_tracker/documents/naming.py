"""Where each page is written: the names of its files, the same in every language."""

from collections.abc import Iterable, Mapping

__all__ = ["GROUP", "LIST", "PLAN", "page_files"]

PLAN = ""
LIST = "kpis"
GROUP = "~"
"""How the ids of pages of groups begin: no id of a goal or KPI does."""
DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³")},
)
"""Names that Windows keeps for itself, whatever ending follows."""
LONGEST, SHORTENED = 200, 180
"""The bytes that a name may have, and what is kept of a longer one: file systems take 255, endings included."""


def page_files(pages: Iterable[tuple[str, str] | tuple[str, str, str]]) -> Mapping[str, str]:
    """Return the file of each page (id, kind, perhaps title) without its ending, below the folder of its language.

    The plan is `index` and the list of all KPIs `kpis`; a goal or KPI with the path `a/b` is `goals/a/b` or
    `kpis/a/b`. Where two names differ in case only, as no file system of Windows or macOS can hold, the later is
    numbered; a name that Windows keeps for a device gets a mark, and a very long one is
    shortened. An id that begins with GROUP is no path but the name of a group: `groups/330482`.
    """
    from unicodedata import normalize

    files: dict[str, str] = {}
    taken: set[str] = set()
    for page, kind, *_ in pages:
        name = {"plan": "index", "list": LIST}.get(kind) or f"{kind}s/{_allowed(page.removeprefix(GROUP))}"
        free, number = name, 1
        while (key := normalize("NFC", free).casefold()) in taken:
            number += 1
            free = f"{name}~{number}"
        taken.add(key)
        files[page] = free
    return files


def _allowed(path: str) -> str:
    """Return `path` with every part such that all file systems take it."""
    return "/".join(map(_part, path.split("/")))


def _part(name: str) -> str:
    if name.casefold() in DEVICES:
        return f"{name}~"
    data = name.encode()
    if len(data) <= LONGEST:
        return name
    from hashlib import sha256  # of a shortened name a sum tells which it was

    kept = data[:SHORTENED].decode(errors="ignore")
    return f"{kept}~{sha256(data).hexdigest()[:8]}"
