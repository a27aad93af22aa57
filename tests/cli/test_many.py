"""One check of many plans: one report, one exit code, one plan's faults never stop the others."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import kpi_tracker
from kpi_tracker.cli.main import INTERRUPTED
from kpi_tracker.outcome import BROKEN, NOTHING, REPORTED, USAGE
from kpi_tracker.reporting.scorecard_schema import scorecard_schema, scorecards_schema
from tests.cli.running import COMMAND, ROOT, SHOWCASE, begun, environment, pages, run, start
from tests.cli.test_commands import AT, plan

MACHINES = ("json", "junit", "sarif", "prometheus", "nagios", "csv", "github")


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    """Return a folder of plans: one in order, one that lags, one that is broken."""
    folder = tmp_path / "plans"
    plan(folder / "a-good")
    plan(folder / "b-late", two="2")
    plan(folder / "c-broken", text="format: kpi-tracker/v1\n")
    (folder / "README.md").write_text("Ours\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("names", "code"),
    [("a-good a-good", NOTHING), ("a-good b-late", REPORTED), ("b-late a-good", REPORTED), ("c-broken a-good", BROKEN),
     ("b-late c-broken", BROKEN), ("a-good nope", BROKEN)],
)  # fmt: skip
@pytest.mark.parametrize("form", ["text", *MACHINES])
def test_the_worst_plan_decides_the_exit_code(plans: Path, names: str, code: int, form: str) -> None:
    """3 before 1 before 0, whatever comes first, in every format."""
    ran = run("check", *(str(plans / name) for name in names.split()), *AT, "--format", form)
    assert (ran.code, "Traceback" in ran.out + ran.err) == (code, False)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", ["60", "140"])
def test_the_report_has_every_plan_and_a_table(plans: Path, lang: str, width: str) -> None:
    """In the order given, the broken one with its faults, and the table closes it."""
    ran = run("check", str(plans / "*"), *AT, "--lang", lang, env={"COLUMNS": width})
    heads = [line for line in ran.out.splitlines() if line.startswith("▌")]
    assert heads == [f"▌{plans}/{name}" for name in ("a-good", "b-late", "c-broken")]
    assert ("KT202" in ran.out, ran.err) == (True, "")
    table = ran.out.rpartition({"en": "\n3 plans\n", "zh": "\n3个计划\n"}[lang])[2]
    ends = {"en": ("0: in order", "1: something to report", "3: broken"), "zh": ("0: 正常", "1: 有上报项", "3: 有错")}[
        lang
    ]
    assert [table.find(end) >= 0 for end in ends] == [True] * 3


def test_quiet_leaves_out_what_is_in_order(plans: Path) -> None:
    """And says nothing where that is every plan."""
    rows = "".join(f"{kpi},2021-0{month},1\n" for kpi in ("one", "two") for month in range(1, 10))
    (plans / "a-good" / "observations" / "a.csv").write_text("kpi,period,value\n" + rows, encoding="utf-8")
    ran = run("check", str(plans / "a-good"), str(plans / "b-late"), *AT, "--quiet")
    assert [line for line in ran.out.splitlines() if line.startswith("▌")] == [f"▌{plans}/b-late"]
    ran = run("check", str(plans / "a-good"), str(plans / "a-good" / "plan.yaml"), *AT, "--quiet")
    assert ran == (NOTHING, "", "")


def test_several_plans_as_json(plans: Path) -> None:
    """Each scorecard is the one that its plan gives alone."""
    ran = run("check", str(plans / "a-good"), str(plans / "c-broken"), *AT, "--format", "json")
    document = json.loads(ran.out)
    jsonschema.validate(document, scorecards_schema())
    alone = run("check", str(plans / "a-good"), *AT, "--format", "json")
    assert document["scorecards"][0]["scorecard"] == json.loads(alone.out)


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_same_bytes_however_many_work(plans: Path, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One after the other or side by side."""
    given = ("check", str(plans / "*"), SHOWCASE, *AT, "--format", form)
    found = []
    for number in (1, 2, 7):
        monkeypatch.setattr("kpi_tracker.workers.worthwhile", lambda n=number: n)
        found.append(run(*given))
    assert found[1:] == found[:1] * 2


def test_a_fault_of_the_program_is_that_plans_fault(plans: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan that crashes the check is named; the others are checked."""
    real = kpi_tracker.pipeline.run

    def crashing(path: str, *rest: Any) -> object:
        if path.endswith("b-late"):
            raise RecursionError("too deep")
        return real(path, *rest)

    monkeypatch.setattr("kpi_tracker.pipeline.run", crashing)
    found = list(kpi_tracker.check_all([plans / "a-good", plans / "b-late", plans / "a-good"], date(2021, 9, 30)))
    assert [one.scorecard is None for one in found] == [False, True, False]
    assert found[1].diagnostics[0].message() == "the check of this plan broke off: RecursionError: too deep"


def test_of_more_plans_than_processes_all_are_checked(plans: Path) -> None:
    """In order and with the same figures, though a process checks several of them and the broken ones are between."""
    many = [plans / name for name in ("a-good", "b-late", "c-broken")] * 34
    day = date(2021, 9, 30)
    alone, beside = (
        [
            (one.scorecard and one.scorecard.items, one.diagnostics)
            for one in kpi_tracker.check_all(many, day, workers=n)
        ]
        for n in (1, 2)
    )
    assert beside == alone
    assert len(beside) == len(many)


def test_only_needs_to_be_in_one_plan(plans: Path) -> None:
    """Plans without it are passed over; in none it is a wrong use; where faults hid it they are shown."""
    showcase = str(ROOT / SHOWCASE)
    ran = run("check", str(plans / "a-good"), showcase, *AT, "--only", "permits")
    assert (ran.code, str(plans) in ran.out, showcase in ran.out) == (REPORTED, False, True)
    ran = run("check", str(plans / "a-good"), showcase, *AT, "--only", "permit")
    assert (ran.code, ran.out, "did you mean “permits”?" in ran.err) == (USAGE, "", True)
    hidden = plans / "d"
    text = (plans / "a-good" / "plan.yaml").read_text("utf-8").replace("value: 12", "value: x", 1)
    plan(hidden, text=text)
    ran = run("check", str(plans / "a-good"), str(hidden), *AT, "--only", "one")
    assert (ran.code, "KT205" in ran.out) == (BROKEN, True)


def test_a_pattern_names_plans(plans: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders and YAML files, by name, each once; a plan that cannot be read is not passed over."""
    monkeypatch.chdir(plans)
    from kpi_tracker.cli.planpaths import plan_paths

    assert plan_paths(["*"]) == ("a-good", "b-late", "c-broken")
    assert plan_paths(["b-late", "*", "./b-late/", "a-good/*.yaml"]) == (
        "b-late",
        "a-good",
        "c-broken",
        "a-good/plan.yaml",
    )
    (plans / "x[1]").mkdir()
    assert plan_paths(["x[1]"]) == ("x[1]",)
    ran = run("check", str(plans / "z*"))
    assert (ran.code, "z*”" in ran.err) == (USAGE, True)


def test_a_folder_of_plans_is_no_plan(plans: Path) -> None:
    """It names the first that it holds; a folder with neither says so."""
    ran = run("check", str(plans))
    assert (ran.code, f"as “{plans}/a-good”" in ran.err) == (BROKEN, True)
    ran = run("check", str(plans / "a-good" / "observations"))
    assert (ran.code, "KT118" in ran.err) == (BROKEN, True)
    assert run("validate", str(plans / "a-good"), str(plans / "b-late")).code == 0
    assert run("validate", str(plans / "*")).code == BROKEN


def test_a_folder_that_may_not_be_looked_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has no plan.yaml that could be seen."""

    def refused(_path: str) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "scandir", refused)
    assert run("validate", str(tmp_path)).code == BROKEN


def halted(folder: Path) -> None:
    """Give a plan figures of nine months of which one KPI has none after June."""
    rows = "".join(f"one,2021-0{month},1\ntwo,2021-0{month},{int(month < 7)}\n" for month in range(1, 10))
    (folder / "observations" / "a.csv").write_text("kpi,period,value\n" + rows, encoding="utf-8")


def test_since_tells_what_changed(plans: Path) -> None:
    """In text, in JSON, for one plan and for several; without it nothing is said of changes."""
    halted(plans / "b-late")
    late, at = str(plans / "b-late"), (*AT, "--since", "2021-06-30")
    told = run("check", late, *at)
    assert "What changed since 2021-06-30\n  Newly lagging\n    Two (two): on track 6 (50% / 50% " in told.out
    assert " → lagging 6 (50% / 75% · lag 25 pp" in told.out
    document = json.loads(run("check", late, *at, "--format", "json").out)
    jsonschema.validate(document, scorecard_schema())
    change = next(change for change in document["changes"] if change["path"] == "two")
    assert (change["kind"], change["before"]["value"], change["after"]["value"]) == ("newly_lagging", 6, 6)
    assert "changes" not in json.loads(run("check", late, *AT, "--format", "json").out)
    both = run("check", str(plans / "a-good"), late, *at)
    assert both.out.count("What changed since 2021-06-30") == 2
    quiet = run("check", late, *AT, "--since", "2021-09-29", "--quiet", "--only", "one")
    assert quiet.out == ""
    assert (
        "Nothing changed that calls for a word."
        in run("check", late, *AT, "--since", "2021-09-29", "--only", "one").out
    )


def test_new_lagging_fails_only_what_is_new(plans: Path) -> None:
    """It needs a day to compare with, and that day must be before."""
    late = str(plans / "b-late")
    halted(plans / "b-late")
    at = (*AT, "--fail-on", "new-lagging")
    assert run("check", late, *at, "--since", "2021-06-30").code == REPORTED
    assert run("check", late, *at, "--since", "2021-09-29").code == NOTHING
    assert run("check", late, *at, "--since", "2021-09-29", "--format", "junit").code == NOTHING
    ran = run("check", late, *at)
    assert (ran.code, "needs --since" in ran.err) == (USAGE, True)
    for since in ("2021-09-30", "today", "2022-01-01"):
        assert run("check", late, *at, "--since", since).code == USAGE
    assert run("check", late, "--since", "9999-12-30").code == USAGE


@pytest.mark.parametrize("form", ["text", "json", "prometheus"])
@pytest.mark.parametrize("names", [("b-late",), ("a-good", "b-late"), ("nope",)])
def test_output_goes_into_a_file_whole(plans: Path, tmp_path: Path, form: str, names: tuple[str, ...]) -> None:
    """The same bytes as on standard output, with nothing beside it."""
    given = ("check", *(str(plans / name) for name in names), *AT, "--format", form)
    out = tmp_path / "out" / "report"
    out.parent.mkdir()
    out.write_text("before", encoding="utf-8")
    shown, ran = run(*given), run(*given, "-o", str(out))
    assert (ran.code, ran.out, [*out.parent.iterdir()]) == (shown.code, "", [out])
    assert out.read_text("utf-8") == shown.out or (
        form == "text" and names == ("nope",) and out.read_text("utf-8") == shown.err
    )


def test_output_that_cannot_be_written_is_said(plans: Path, tmp_path: Path) -> None:
    """The file is as it was, and the code is 3; what is not a file is not replaced."""
    (tmp_path / "folder").mkdir()
    for out in (tmp_path / "no" / "report", tmp_path / "folder", Path(os.devnull)):
        ran = run("check", str(plans / "a-good"), *AT, "-o", str(out))
        assert (ran.code, ran.out, f"{out} could not be written" in ran.err) == (BROKEN, "", True)
    assert not Path(os.devnull).is_file()
    out = tmp_path / "kept"
    out.write_text("before", encoding="utf-8")
    assert run("check", str(plans / "a-good"), *AT, "--only", "x", "-o", str(out)).code == USAGE
    assert out.read_text("utf-8") == "before"


def test_auto_goes_by_where_it_runs(plans: Path) -> None:
    """Annotations on GitHub, text elsewhere."""
    given = ("check", str(plans / "b-late"), *AT, "--format", "auto")
    assert run(*given, env={"GITHUB_ACTIONS": "true"}).out.startswith("::")
    assert run(*given, env={"GITHUB_ACTIONS": ""}).out.startswith("P\n")


def test_a_reader_may_leave_early(plans: Path) -> None:
    """A pipe to `head`: the plans that were not shown still decide the exit code."""
    reading, writing = os.pipe()
    os.close(reading)
    many = [str(plans / "a-good"), SHOWCASE, str(plans / "c-broken")]
    with os.fdopen(writing, "wb") as pipe:
        done = subprocess.run(
            [*COMMAND, "check", *many, *AT],
            cwd=ROOT,
            env=environment(),
            stdout=pipe,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (done.returncode, done.stderr) == (BROKEN, b"")


@pytest.mark.parametrize("command", ["validate", "fmt"])
def test_a_reader_may_leave_the_first_of_many(command: str, plans: Path) -> None:
    """What comes after it is read, or written anew, all the same, and decides the exit code."""
    text = (plans / "a-good" / "plan.yaml").read_text("utf-8")
    first, last = plans / "a-good" / "plan.yaml", plans / "b-late" / "plan.yaml"
    broken = {"validate": "nonsense: 1\n" * 5000, "fmt": "# x\n\n\n" * 5000}[command]
    first.write_text(f"{broken}{text}", encoding="utf-8")
    last.write_text(f"\n\n\n{text}" if command == "fmt" else text, encoding="utf-8")
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        given = [*COMMAND, command, str(first.parent), str(last.parent)]
        done = subprocess.run(given, cwd=ROOT, env=environment(), stdout=pipe, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == ({"validate": BROKEN, "fmt": NOTHING}[command], b"")
    assert last.read_text("utf-8").startswith("format:")


@pytest.mark.parametrize("number", [1, 2])
def test_ctrl_c_ends_all(number: int, plans: Path) -> None:
    """130, no traceback, and no process of ours is left, whether one reads or several."""
    rows = "".join(f"one,2021-01-{1 + i % 28:02d},{i},2021-02-{1 + i % 28:02d}\n" for i in range(400_000))
    (plans / "a-good" / "observations" / "b.csv").write_text("kpi,date,value,recorded_at\n" + rows, encoding="utf-8")
    script = (
        f"import kpi_tracker.workers as w\nw.worthwhile = lambda: {number}\nfrom kpi_tracker.cli.main import run\nrun()"
    )
    arguments = ["check", str(plans / "a-good"), str(plans / "a-good" / "plan.yaml"), *AT]
    command = [sys.executable, "-c", script, *arguments]
    process = begun(command, stdout=subprocess.PIPE, start_new_session=True)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    until = time.monotonic() + 60
    while time.monotonic() < until:
        readers = list(map(int, children.read_text("ascii").split())) if number > 1 else [process.pid]
        if len(readers) == number and all(pages(reader) > 20_000 for reader in readers):  # they read their rows by then
            break
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    try:
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    assert (process.returncode, errors) == (INTERRUPTED, b"\n")
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_as_a_process_it_is_the_same(plans: Path) -> None:
    """What is left to be written is written before the process ends, once."""
    given = ("check", str(plans / "*"), *AT)
    assert start(*given) == run(*given)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(shell: str) -> None:
    """For each shell that click knows."""
    ran = run("completion", shell)
    assert (ran.code, "_KPI_TRACKER_COMPLETE" in ran.out) == (0, True)
