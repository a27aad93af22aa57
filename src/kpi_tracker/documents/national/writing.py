"""The one function that writes the pages of a league: a folder, whole or not at all."""

import os
from collections.abc import Callable, Sequence

from kpi_tracker.documents.folder import Written, write_folder
from kpi_tracker.documents.html.site import site_files
from kpi_tracker.documents.national.document import league_document
from kpi_tracker.language import LANGUAGES
from kpi_tracker.league.table import League

__all__ = ["write_league_pages"]


def write_league_pages(
    league: League, out: str, *, languages: Sequence[str] = LANGUAGES,
    progress: Callable[[int, int], None] | None = None,
) -> Written:  # fmt: skip
    """Write the pages of `league` into the folder `out`, whole or not at all; all else in it is kept.

    `progress` is called with the number of pages written so far and of all.

    Raises:
        FolderError: `out` is not ours, holds the documents of something else, or cannot be written; it is as it was.
    """
    documents = [league_document(league, lang) for lang in dict.fromkeys(languages)]
    whole, done = sum(len(one.pages) for one in documents), 0

    def told(path: str) -> None:
        nonlocal done
        if progress is not None and path.count("/") and path.endswith(".html"):
            done += 1
            progress(done, whole)

    file = league.plan.where.file
    apart = (os.path.dirname(file) or os.curdir,) if file else ()
    return write_folder(out, site_files(documents), told, apart, f"{league.plan.id} · {league.column}")
