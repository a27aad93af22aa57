"""The plan as of a git revision: a past night comes out byte for byte, and what stands against it is a fault."""

import json
import re
import shlex
import stat
from datetime import date
from pathlib import Path

import pytest

import kpi_tracker
from kpi_tracker.diagnostics import Diagnostic
from kpi_tracker.pipeline import run as checked
from kpi_tracker.revision import at_revision
from tests.cli.running import run
from tests.gitrepository import commit, git, repository

PLAN = """\
format: kpi-tracker/v1
id: p
title: P
period: 2021
time_zone: Asia/Shanghai
include: [more/*.yaml]
kpis:
  - {{id: one, title: One, measure: total, direction: increase, target: {{value: {target}, basis: stated}}}}
"""
MORE = """\
kpis:
  - {id: two, title: Two, measure: level, baseline: 10, target: {value: 5, basis: stated}}
"""
NIGHTS = (
    ("2021-03-15", 12, "one,2021-01-31,1,2021-02-08\none,2021-02-28,1,2021-03-08\ntwo,2021-02-28,9,2021-03-08\n", MORE),
    ("2021-05-15", 24, "one,2021-01-31,2,2021-02-08\none,2021-02-28,1,2021-03-08\none,2021-04-30,x,2021-05-08\n", MORE),
    (
        "2021-07-15",
        6,
        "one,2021-06-30,3,2021-07-08\ntwo,2021-06-30,7,2021-07-08\n",
        MORE.replace("two", "two2") + "  - {}\n",
    ),
)
FORMS = ((), ("--lang", "zh"), ("--format", "json"), ("--quiet",), ("--format", "csv"))


def write(folder: Path, target: int, rows: str, more: str) -> None:
    """Write the plan of a night."""
    for inner in ("more", "observations"):
        (folder / inner).mkdir(parents=True, exist_ok=True)
    (folder / "plan.yaml").write_text(PLAN.format(target=target), encoding="utf-8")
    (folder / "more" / "a.yaml").write_text(more, encoding="utf-8")
    (folder / "observations" / "2021.csv").write_text("kpi,date,value,recorded_at\n" + rows, encoding="utf-8")


@pytest.fixture
def past(tmp_path: Path) -> Path:
    """Return a repository with a commit a night, the plan in a folder with a Chinese name and a blank."""
    top = repository(tmp_path / "repo")
    for day, *written in NIGHTS:
        write(top / "计划 a", *written)  # type: ignore[arg-type]
        commit(top, day)
        git(top, "tag", f"night-{day}")
    return top


@pytest.mark.parametrize("form", FORMS, ids=" ".join)
def test_each_past_night_comes_out_byte_for_byte(tmp_path: Path, form: tuple[str, ...]) -> None:
    """Plan, includes and figures that were edited in place: what was printed then is printed now, faults included."""
    top, stored = repository(tmp_path / "repo"), []
    plan = str(top / "计划 a")
    for day, *written in NIGHTS:
        write(Path(plan), *written)  # type: ignore[arg-type]
        commit(top, day)
        git(top, "tag", f"night-{day}")
        at = ("--as-of", day, "--known-at", day, *form)
        stored.append((at, day, run("check", plan, *at), run("explain", plan, "one", *at[:4])))
    assert len({told.out for _, _, told, _ in stored}) == len(NIGHTS)
    for at, day, told, explained in stored:
        again = run("check", plan, *at, "--plan-rev", f"night-{day}")
        assert again._replace(out=again.out.replace(f" --plan-rev night-{day}\n", "\n")) == told  # of the last line
        assert run("explain", plan, "one", *at[:4], "--plan-rev", f"night-{day}") == explained


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ((), "--as-of 2021-07-15"),
        (("--known-at", "2021-07-14"), "--as-of 2021-07-15 --known-at 2021-07-14"),
        (("--known-at", "2021-07-15"), "--as-of 2021-07-15 --known-at 2021-07-15"),
        (("--known-at", "2021-07-14 09:30"), "--as-of 2021-07-15 --known-at 2021-07-14T09:30:00"),
        (("--plan-rev", "HEAD~1"), "--as-of 2021-07-15 --plan-rev 'HEAD~1'"),
        (
            ("--known-at", "2021-07-14", "--plan-rev", "main"),
            "--as-of 2021-07-15 --known-at 2021-07-14 --plan-rev main",
        ),
    ],
)
def test_the_command_at_the_end_explains_the_figure_that_is_shown(
    past: Path, options: tuple[str, ...], hint: str
) -> None:
    """It keeps every option that changes figures, so that it takes apart what was shown and nothing else."""
    plan = past / "计划 a"
    text = run("check", str(plan), "--as-of", "2021-07-15", "--only", "one", *options).out
    command = text.splitlines()[-1].partition("kpi-tracker ")[2]
    assert command == f"explain {plan / 'plan.yaml'} one {hint}"
    explained = run("explain", str(plan / "plan.yaml"), "one", *shlex.split(hint))
    assert explained.code == 0
    card = run("check", str(plan), "--as-of", "2021-07-15", *options, "--format", "json").out
    (attainment,) = {kpi["attainment"] for kpi in json.loads(card)["kpis"] if kpi["id"] == "one"}
    assert re.search(rf"^attainment a +{attainment:.6g} ", explained.out, re.MULTILINE)


@pytest.mark.parametrize("spelling", ["计划 a", "./计划 a/", "计划 a/plan.yaml", "more/../计划 a", "../repo/计划 a"])
def test_places_are_shown_as_the_plan_was_named(past: Path, monkeypatch: pytest.MonkeyPatch, spelling: str) -> None:
    """Relative, with dots, as a file, from beside: as without a revision."""
    (past / "more").mkdir()
    monkeypatch.chdir(past)
    day = date(2021, 7, 15)
    assert checked(spelling, day, plan_rev="HEAD")[:2] == checked(spelling, day)[:2]
    assert kpi_tracker.to_json(kpi_tracker.check(spelling, day, plan_rev="main")) == kpi_tracker.to_json(
        kpi_tracker.check(spelling, day)
    )


def test_a_plan_at_the_top_and_within_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its folder gives it its name where it has no id of its own."""
    top = repository(tmp_path / "named")
    write(top, *NIGHTS[0][1:])
    (top / "plan.yaml").write_text(PLAN.format(target=12).replace("id: p\n", ""), encoding="utf-8")
    commit(top, "plan")
    monkeypatch.chdir(top)
    card = kpi_tracker.check(".", date(2021, 3, 15), plan_rev="HEAD")
    assert (card.plan.id, card.plan.where.file) == ("named", "./plan.yaml")


def test_a_plan_that_is_gone_can_still_be_seen(past: Path) -> None:
    """Renamed or deleted since: the name that it had then is the one to give."""
    git(past, "mv", "计划 a", "b")
    commit(past, "renamed")
    assert run("show", str(past / "计划 a"), "--plan-rev", "night-2021-03-15", "--as-of", "2021-03-15").code == 0
    ran = run("check", str(past / "计划 a"), "--plan-rev", "HEAD", "--as-of", "2021-03-15")
    assert (ran.code, "KT122" in ran.err, "HEAD" in ran.err) == (3, True, True)


def test_nothing_of_the_repository_runs_or_changes(past: Path, tmp_path: Path) -> None:
    """Filters, attributes and hooks have no part in it, a half-made change stays as it is, links stay inside."""
    ran = tmp_path / "ran"
    git(past, "config", "filter.evil.smudge", f"touch '{ran}'")
    git(past, "config", "core.fsmonitor", f"touch '{ran}'")
    (past / ".gitattributes").write_text("*.yaml filter=evil export-ignore text eol=crlf\n", encoding="utf-8")
    (past / "计划 a" / "linked").symlink_to("/etc")
    git(past, "update-index", "--add", "--cacheinfo", f"160000,{git(past, 'rev-parse', 'HEAD')},计划 a/submodule")
    git(past, "add", ".gitattributes", "计划 a/linked")
    git(past, "commit", "-q", "-m", "attributes")
    ran.unlink(missing_ok=True)
    (past / "计划 a" / "plan.yaml").write_text("half", encoding="utf-8")
    before = {path: path.stat().st_mtime_ns for path in (past / ".git").rglob("*")}
    found = checked(str(past / "计划 a"), date(2021, 7, 15), plan_rev="HEAD")
    assert found.scorecard is not None
    assert not ran.exists()
    assert {path: path.stat().st_mtime_ns for path in (past / ".git").rglob("*")} == before


def test_the_repository_of_a_hook_is_not_ours(past: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """git gives its hooks GIT_DIR; the plan's own repository counts."""
    monkeypatch.setenv("GIT_DIR", str(repository(tmp_path / "other") / ".git"))
    assert checked(str(past / "计划 a"), date(2021, 7, 15), plan_rev="night-2021-07-15").scorecard is not None


def code(path: Path | str, revision: str) -> tuple[str, str]:
    """Return the code and the message of the fault that stands against a revision."""
    (fault,) = checked(str(path), date(2021, 7, 15), plan_rev=revision).diagnostics
    return fault.code, fault.message()


def test_what_stands_against_it_is_a_fault(past: Path, tmp_path: Path) -> None:
    """No repository, no such revision with the nearest, nothing there at the revision."""
    assert code(tmp_path, "HEAD") == (
        "KT120", "the plan as of a revision cannot be read: it is in no git repository",
    )  # fmt: skip
    kind, told = code(past / "计划 a", "night-2021-03-16")
    assert (kind, "did you mean “night-2021-03-15”?" in told) == ("KT121", True)
    assert code(past / "计划 a", "zzz")[0] == "KT121"
    assert code(past / "计划 a", "HEAD:计划 a/plan.yaml")[0] == "KT121"
    assert code(past / "计划 a", "--output=x")[0] == "KT121"
    assert code(past / "nope", "HEAD")[0] == "KT122"


def test_an_empty_commit_holds_no_plan(tmp_path: Path) -> None:
    """Not even at the top."""
    top = repository(tmp_path / "repo")
    commit(top, "nothing")
    assert code(top, "HEAD")[0] == "KT122"


def test_without_git_it_is_said(past: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program may not be installed."""
    monkeypatch.setenv("PATH", str(past))
    assert code(past / "计划 a", "HEAD") == (
        "KT120", "the plan as of a revision cannot be read: the program git was not found",
    )  # fmt: skip


def test_a_repository_with_holes_is_said(past: Path) -> None:
    """A blob that is gone (a partial clone, a broken disk) is not an empty file."""
    oid = git(past, "rev-parse", "HEAD:计划 a/plan.yaml")
    blob = past / ".git" / "objects" / oid[:2] / oid[2:]
    blob.chmod(stat.S_IWUSR | stat.S_IRUSR)
    blob.unlink()
    assert code(past / "计划 a", "HEAD")[1].endswith("git does not have all files of the revision")


@pytest.mark.parametrize("revision", ["-x", "--help", "", "a\nb"])
@pytest.mark.parametrize("command", ["check", "show", "explain"])
def test_what_cannot_be_a_revision_is_a_wrong_use(past: Path, command: str, revision: str) -> None:
    """git would take it as an option."""
    ran = run(command, str(past / "计划 a"), f"--plan-rev={revision}")
    assert (ran.code, "cannot be a git revision" in ran.err) == (2, True)


def test_what_lies_outside_the_plan_is_shown_from_here(past: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy is gone afterwards, whatever was found."""
    monkeypatch.chdir(past)
    with at_revision("计划 a", "HEAD") as copy:
        assert not isinstance(copy, Diagnostic)
        assert (Path(copy) / "plan.yaml").is_file()
    assert not Path(copy).exists()
