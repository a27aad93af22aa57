"""docs/progress is what the tool makes of the plan that ships with it, byte for byte.

`KPI_TRACKER_UPDATE=1 pytest tests/documents/test_progress.py` writes it anew; the difference is then read by a person.
It is what this command writes, from the root of the repository:

    kpi-tracker docs goals/pinghu-2021 -o docs/progress --as-of 2021-09-30 --since 2021-08-31 --format markdown
"""

import os
from pathlib import Path

from kpi_tracker.documents.staging import MANIFEST
from tests.cli.running import ROOT, run

PROGRESS = ROOT / "docs" / "progress"
UPDATE = os.environ.get("KPI_TRACKER_UPDATE") == "1"
COMMAND = ("docs", "goals/pinghu-2021", "--as-of", "2021-09-30", "--since", "2021-08-31", "--format", "markdown")


def files(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder by its path, with line ends as they are written."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_the_progress_pages_are_up_to_date(tmp_path: Path) -> None:
    """Nothing is missing, nothing is left over, nothing differs; all of it is listed as ours."""
    ran = run(*COMMAND, "-o", str(PROGRESS if UPDATE else tmp_path / "progress"))
    assert (ran.code, ran.err) == (0, "")
    made, kept = files(PROGRESS if UPDATE else tmp_path / "progress"), files(PROGRESS)
    assert sorted(kept) == sorted(made)
    assert [path for path in made if made[path] != kept[path]] == []
    assert MANIFEST in kept


def test_no_page_is_too_long_to_be_shown() -> None:
    """GitHub shows no Markdown file above half a megabyte."""
    assert [path for path, content in files(PROGRESS).items() if len(content) > 500_000] == []
