"""New things take the place of old ones all together: what was begun and not ended is put back by the next run.

The new and the old lie in a work folder inside the folder that they belong to, so that every step is one rename on one
file system, nothing outside is touched, and a server or a container that holds the folder keeps it. A journal, written
to disk before the first rename and removed after the last one, names what is exchanged.
"""

import json
import os
import os.path
from typing import Any

from kpi_tracker.disk import sync_folder

__all__ = ["NEW", "JournalError", "exchange", "restore"]

NEW = "new"
OLD = "old"
JOURNAL = "journal.json"


class JournalError(Exception):
    """The journal in a work folder is not one of ours; `file` is its path."""

    def __init__(self, file: str) -> None:
        """Keep the path."""
        self.file = file
        super().__init__(f"{file} is no journal")


def exchange(folder: str, work: str, names: list[str]) -> None:
    """Let what `work`/new has under each of `names` take the place of what `folder` has, if anything.

    Raises:
        OSError: a rename failed; :func:`restore` puts everything back.
    """
    new, old = os.path.join(work, NEW), os.path.join(work, OLD)
    arriving = [name for name in names if os.path.lexists(os.path.join(new, name))]
    os.mkdir(old)
    _write_journal(work, {"names": names, "arriving": arriving})
    for name in names:
        here = os.path.join(folder, name)
        if os.path.lexists(here):
            os.rename(here, os.path.join(old, name))
        if name in arriving:
            os.rename(os.path.join(new, name), here)
    sync_folder(folder)
    _remove_journal(work)


def restore(folder: str, work: str) -> None:
    """Put back what an exchange that did not end has taken away; without a journal there is nothing to do.

    Raises:
        JournalError: there is a journal, and it is not one of ours.
        OSError: a rename failed; it can be tried again.
    """
    journal = _read_journal(work)
    if journal is None:
        return
    names, arriving = journal
    new, old = os.path.join(work, NEW), os.path.join(work, OLD)
    for name in reversed(names):
        here, arrived, before = os.path.join(folder, name), os.path.join(new, name), os.path.join(old, name)
        if name in arriving and not os.path.lexists(arrived) and os.path.lexists(here):
            os.rename(here, arrived)
        if os.path.lexists(before):
            os.rename(before, here)
    sync_folder(folder)
    _remove_journal(work)


def _write_journal(work: str, content: dict[str, Any]) -> None:
    draft, final = os.path.join(work, JOURNAL + ".draft"), os.path.join(work, JOURNAL)
    with open(draft, "w", encoding="utf-8") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, final)
    sync_folder(work)


def _read_journal(work: str) -> tuple[list[str], list[str]] | None:
    path = os.path.join(work, JOURNAL)
    try:
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
        names, arriving = content["names"], content["arriving"]
        if not all(_is_name(name) for name in (*names, *arriving)):
            raise JournalError(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise JournalError(path) from error
    return names, arriving


def _is_name(name: object) -> bool:
    """Tell whether `name` is that of something right in a folder: a journal must not lead out of it."""
    return isinstance(name, str) and name not in ("", ".", "..") and os.path.basename(name) == name


def _remove_journal(work: str) -> None:
    os.unlink(os.path.join(work, JOURNAL))
    sync_folder(work)
