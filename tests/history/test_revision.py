"""Which state of the files a run saw."""

import os
import subprocess
from datetime import date
from pathlib import Path

import pytest

import kpi_tracker
from kpi_tracker.history.revision import Revision, revision_of
from tests.history.nights import written_plan


def seen(folder: Path) -> Revision:
    """Return the revision of the plan in a folder."""
    return revision_of(kpi_tracker.check(folder, date(2021, 9, 30)).plan)


def git(folder: Path, *words: str) -> str:
    """Run git in a folder."""
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-C", str(folder), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a plan that is committed."""
    folder = written_plan(tmp_path / "plan")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "plan")
    return folder


def test_revisions_follow_the_content(tmp_path: Path) -> None:
    """Plan and data have digests of their own, whatever the folder is called and whenever they were written."""
    one, other = seen(written_plan(tmp_path / "one")), seen(written_plan(tmp_path / "other"))
    assert one == other
    later = seen(written_plan(tmp_path / "one", target=90))
    assert (later.plan != one.plan, later.data == one.data) == (True, True)
    (tmp_path / "other" / "observations" / "a.csv").write_text("kpi,date,value\na,2021-09-30,41\n")
    changed = seen(tmp_path / "other")
    assert (changed.plan == one.plan, changed.data != one.data) == (True, True)


def test_a_file_that_is_gone_since_counts_as_gone(tmp_path: Path) -> None:
    """It is no reason to fail."""
    plan = kpi_tracker.check(written_plan(tmp_path), date(2021, 9, 30)).plan
    before = revision_of(plan)
    (tmp_path / "observations" / "a.csv").unlink()
    assert revision_of(plan).data != before.data


def test_the_commit_is_that_of_the_work_tree(folder: Path) -> None:
    """The files are as the commit has them; others do not matter, nor does history beside the plan."""
    (folder / "notes.txt").write_text("mine")
    assert seen(folder)[2:] == (git(folder, "rev-parse", "HEAD"), False)


@pytest.mark.parametrize("change", ["edited", "new", "ignored"])
def test_files_that_differ_from_the_commit_are_told(folder: Path, change: str) -> None:
    """Whether they were edited, are not yet in git, or are kept out of it."""
    data = folder / "observations" / "b.csv"
    if change == "edited":
        data = folder / "observations" / "a.csv"
    if change == "ignored":
        (folder / ".gitignore").write_text("b.csv\n")
    data.write_text("kpi,date,value\na,2021-08-31,30\n")
    assert seen(folder)[2:] == (git(folder, "rev-parse", "HEAD"), True)


def test_without_a_commit_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No work tree, no commit in it yet, no git at all."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    folder = written_plan(tmp_path / "plan")
    assert seen(folder)[2:] == (None, None)
    git(folder, "init", "-q")
    assert seen(folder)[2:] == (None, None)
    monkeypatch.setenv("PATH", os.devnull)
    assert seen(folder)[2:] == (None, None)


def test_what_a_repository_sets_to_be_run_is_not_run(folder: Path, tmp_path: Path) -> None:
    """A check reads a plan of whomever; git would start a program that its settings name."""
    git(folder, "config", "core.fsmonitor", f"touch {tmp_path / 'ran'}; false")
    assert seen(folder).commit is not None
    assert not (tmp_path / "ran").exists()
