"""The git revisions of a plan as its past."""

import os
import subprocess
import tarfile
from datetime import date
from pathlib import Path

import pytest

from kpi_tracker import check
from kpi_tracker.audit.inspection import audit
from kpi_tracker.audit.revisions import _unpack, revisions
from tests.loading.written import HEAD

ROW = (
    "kpis:\n  - {{id: k, title: 量, measure: total, direction: increase, target: {{value: {target}, basis: stated}}}}\n"
)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository, whatever the user has set for git."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    git(tmp_path, "init", "--quiet")
    (tmp_path / "README").write_text("A repository of plans\n", encoding="utf-8")
    commit(tmp_path, "2021-01-01")
    return tmp_path


def git(folder: Path, *arguments: str, **env: str) -> None:
    """Run git."""
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, env={**os.environ, **env}, capture_output=True)


def commit(folder: Path, day: str) -> None:
    """Commit everything as of noon of a day."""
    git(folder, "add", "--all")
    who = ["-c", "user.name=Li", "-c", "user.email=li@example.org"]
    git(folder, *who, "commit", "--quiet", "--message", "x", GIT_COMMITTER_DATE=f"{day}T12:00:00+08:00")


def write(folder: Path, target: float | None, rows: str = "k,2021-02-28,10\n") -> Path:
    """Write the plan with its target, or a broken one, and its data."""
    plan = folder / "plan"
    (plan / "observations").mkdir(parents=True, exist_ok=True)
    text = HEAD + (ROW.format(target=target) if target is not None else "kpis: 7\n")
    (plan / "plan.yaml").write_text(text, encoding="utf-8")
    (plan / "observations" / "2021.csv").write_text("kpi,date,value\n" + rows, encoding="utf-8")
    return plan


def test_commits_are_the_runs_of_their_days(repository: Path) -> None:
    """What changed between them without an amendment is found, and so is a figure changed in place."""
    plan = write(repository, 120)
    commit(repository, "2021-03-05")
    write(repository, 60)
    commit(repository, "2021-04-05")
    write(repository, 60, "k,2021-02-28,14\n")
    found = audit(check(plan, date(2021, 4, 6)), revisions(check(plan, date(2021, 4, 6)).plan))
    assert [(finding.code, finding.before, finding.after) for finding in found] == [
        ("KA101", 120.0, 60.0), ("KA103", 120.0, 60.0), ("KA106", 10.0, 14.0),
    ]  # fmt: skip


def test_commits_that_cannot_be_read_are_passed_over(repository: Path) -> None:
    """A plan that was broken, was not there, or had links that lead out of its folder."""
    plan = write(repository, None)
    commit(repository, "2021-03-01")
    write(repository, 120)
    (plan / "out").symlink_to("/etc/hostname")
    commit(repository, "2021-03-05")
    (plan / "out").unlink()
    (plan / "plan.yaml").rename(plan / "other.yaml")
    commit(repository, "2021-03-07")
    (plan / "other.yaml").rename(plan / "plan.yaml")
    commit(repository, "2021-03-09")
    found = revisions(check(plan, date(2021, 3, 10)).plan)
    assert found is not None
    assert [run.as_of for run in found.runs("p")] == [date(2021, 3, 9)]
    assert found.runs("other") == ()


def test_a_folder_that_was_removed_and_came_back(repository: Path) -> None:
    """The commit without it is no run."""
    plan = write(repository, 120)
    commit(repository, "2021-03-01")
    git(repository, "rm", "-r", "--quiet", "plan")
    commit(repository, "2021-03-02")
    write(repository, 120)
    commit(repository, "2021-03-03")
    found = revisions(check(plan, date(2021, 3, 10)).plan)
    assert found is not None
    assert [run.as_of.day for run in found.runs("p")] == [1, 3]


def test_what_was_never_committed_has_no_past(repository: Path) -> None:
    """Its folder lies in a repository that does not know it."""
    plan = write(repository, 120)
    assert revisions(check(plan, date(2021, 3, 10)).plan) is None


def test_without_git_there_is_no_past(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program may not be there."""
    plan = write(repository, 120)
    commit(repository, "2021-03-01")
    monkeypatch.setenv("PATH", "")
    assert revisions(check(plan, date(2021, 3, 10)).plan) is None


def test_a_link_with_a_path_that_leads_nowhere_is_harmless(repository: Path) -> None:
    """What cannot be unpacked is no run, and nothing is written beside the folder made for it."""
    plan = write(repository, 120)
    (plan / "up").symlink_to("../../..")
    commit(repository, "2021-03-01")
    found = revisions(check(plan, date(2021, 3, 10)).plan)
    assert found is not None
    assert found.runs("p") == ()


def test_totals_are_made_of_their_parts_at_each_commit(repository: Path) -> None:
    """As the check of that day did: no figure seems to come or go."""
    plan = write(repository, 60, "")
    text = (plan / "plan.yaml").read_text("utf-8").replace("stated}}", "stated}, breakdown: {by: town, adds: sum}}")
    towns = "dimensions: [{id: town, title: Town, members: [east, west]}]\n"
    (plan / "plan.yaml").write_text(text + towns, "utf-8")
    (plan / "observations" / "2021.csv").write_text(
        "kpi,date,town,value\nk,2021-02-28,east,6\nk,2021-02-28,west,4\n", "utf-8"
    )
    commit(repository, "2021-03-05")
    past = revisions(check(plan, date(2021, 4, 6)).plan)
    assert past is not None
    (made,) = past.runs("p")
    assert made.scorecard.find("k").value == 10.0  # type: ignore[union-attr]


def test_an_archive_is_unpacked_by_an_older_python_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before 3.11.4 links cannot be told apart: an archive with one is refused, any other is as it is."""
    monkeypatch.delattr(tarfile, "data_filter", raising=False)
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / "link").symlink_to("a.txt")
    for name, names in (("plain.tar", ["a.txt"]), ("linked.tar", ["a.txt", "link"])):
        with tarfile.open(tmp_path / name, "w") as archive:
            for one in names:
                archive.add(tmp_path / one, one)
    with tarfile.open(tmp_path / "plain.tar") as packed:
        _unpack(packed, str(tmp_path / "out"))
    assert (tmp_path / "out" / "a.txt").read_text() == "a"
    with tarfile.open(tmp_path / "linked.tar") as packed, pytest.raises(tarfile.TarError):
        _unpack(packed, str(tmp_path / "other"))
    assert not (tmp_path / "other").exists()
