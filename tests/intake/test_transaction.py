"""The import is one act: all rows or none, whatever happens while it runs."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import kpi_tracker
from kpi_tracker.intake import ledger as ledger_module
from kpi_tracker.intake.problem import IntakeError
from kpi_tracker.intake.transaction import Terms, record_value
from kpi_tracker.language import language
from tests.cli.running import COMMAND, unmeasured
from tests.intake.made import LEDGER, NOW, PLAN_TEXT, csv_file, ledger, plan_in, refused, taken

OCTOBER = "kpi,date,value,note\ncases,2021-10-31,105,=1+1\nshare,2021-10-31,83,\n"

HOLD = """\
import sys, time, filelock
lock = filelock.FileLock(sys.argv[1])
lock.acquire()
print(flush=True)
time.sleep(60)
"""


def why(plan: Path, file: Path, **terms: Any) -> str:
    """Return why an import cannot be."""
    with pytest.raises(IntakeError) as caught:
        taken(plan, file, **terms)
    return language("en").phrase(caught.value.phrase)


def test_rows_say_where_they_come_from_and_hold_no_formula(tmp_path: Path) -> None:
    """Source is file, cell and who; somebody's text that would be a formula is made harmless."""
    plan = plan_in(tmp_path)
    done = taken(plan, csv_file(tmp_path / "=x.csv", OCTOBER), by="Li\tHua")
    assert (done.code, done.written) == (0, True)
    assert ledger(plan) == [
        "cases,2021-10-31,105,2021-11-05 09:30:00,'=x.csv C2 · Li Hua,'=1+1",
        "share,2021-10-31,83,2021-11-05 09:30:00,'=x.csv C3 · Li Hua,",
    ]
    assert kpi_tracker.load_observations(kpi_tracker.load_plan(plan))["cases"].rows[-1].value == 105


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    """Neither ledger nor lock nor folder."""
    plan = plan_in(tmp_path)
    before = sorted(plan.rglob("*"))
    done = taken(plan, csv_file(tmp_path / "t.csv", OCTOBER), dry_run=True)
    assert (done.code, done.written, sorted(plan.rglob("*"))) == (0, False, before)


def test_the_same_file_twice_changes_nothing_and_a_correction_keeps_the_old_value(tmp_path: Path) -> None:
    """Both values stay with when they came and from whom; what was known before the correction can still be seen."""
    plan = plan_in(tmp_path)
    file = csv_file(tmp_path / "t.csv", OCTOBER)
    taken(plan, file, by="Li")
    first = (plan / LEDGER).read_bytes()
    again = taken(plan, file, NOW + timedelta(days=1))
    assert (again.code, again.written, (plan / LEDGER).read_bytes()) == (0, False, first)
    csv_file(file, OCTOBER.replace("105", "106"))
    taken(plan, file, NOW + timedelta(days=2), by="Wang")
    assert (plan / LEDGER).read_bytes().startswith(first)
    assert len(ledger(plan)) == 3
    assert ledger(plan)[-1].startswith("cases,2021-10-31,106,2021-11-07 09:30:00,t.csv C2 · Wang")
    series = kpi_tracker.load_observations(kpi_tracker.load_plan(plan))["cases"]
    assert series.newest.values[-1] == 106
    assert [row.value for row in series.superseded()] == [105]


def test_one_refused_row_holds_back_the_others_unless_partial(tmp_path: Path) -> None:
    """Refused: 3 and nothing; with partial the rest is taken and 1 says that something is left."""
    plan = plan_in(tmp_path)
    file = csv_file(tmp_path / "t.csv", OCTOBER + "share,2021-10-31,x,\n")
    assert (taken(plan, file).code, ledger(plan)) == (3, [])
    done = taken(plan, file, partial=True)
    assert (done.code, done.written, len(ledger(plan))) == (1, True, 2)
    nothing = csv_file(tmp_path / "n.csv", "kpi,date,value\nshare,2021-10-31,x\n")
    assert taken(plan, nothing, partial=True).code == 3
    assert taken(plan, csv_file(tmp_path / "e.csv", "kpi,date,value\nshare,2021-10-31,\n")).code == 3


def test_what_would_not_count_is_refused(tmp_path: Path) -> None:
    """A later recorded value would win, one recorded the same second would contradict, a quarter would count twice."""
    rows = "kpi,date,period,value,recorded_at\ncases,2021-10-31,,90,2021-12-01\nnorth,,2021-Q4,9,\nnorth,,2021-08,1,\n"
    plan = plan_in(tmp_path, rows)
    file = csv_file(
        tmp_path / "t.csv", "kpi,date,value\ncases,2021-10-31,105\nnorth,2021-10-31,3\nsouth,2021-10-31,3\n"
    )
    assert refused(taken(plan, file)) == [
        ("C2", "it would not count beside 90, which was recorded later (2021-12-01 23:59:59)"),
        ("C3", f"beside it the row at {plan}/observations/2021.csv:3:1 would no longer count"),
    ]
    record_value(str(plan), "south", "3", date(2021, 10, 31), NOW)
    again = record_value(str(plan), "south", "4", date(2021, 10, 31), NOW)
    assert again.code == 3
    assert refused(again)[0][1].startswith("two values for south on 2021-10-31, 3 and 4, recorded at the same time")


def test_the_plan_must_be_whole_and_must_read_the_ledger(tmp_path: Path) -> None:
    """What is appended must count: a plan that does not look for the ledger is told what to add."""
    file = csv_file(tmp_path / "t.csv", OCTOBER)
    assert why(tmp_path / "none", file) == "the plan has an error; nothing is taken before it is mended"
    other = plan_in(tmp_path / "a", text=PLAN_TEXT + "observations: [observations/2021.csv]\n")
    assert why(other, file) == (
        f"the plan does not read {other}/observations/ledger.csv, to which imports are appended; "
        "add observations/ledger.csv to its “observations”"
    )
    named = plan_in(tmp_path / "b", text=PLAN_TEXT + "observations: [observations/2021.csv, observations/ledger.csv]\n")
    assert taken(named, file).written
    missing = plan_in(tmp_path / "c", text=PLAN_TEXT + "observations: [observations/2020.csv, observations/*.csv]\n")
    assert why(missing, file) == "the plan has an error; nothing is taken before it is mended"


def test_a_ledger_that_is_not_ours_or_damaged_is_left_alone(tmp_path: Path) -> None:
    """Rows are appended to what we wrote, and not after an open quote; a last line end that is missing is made good."""
    plan, file = plan_in(tmp_path), csv_file(tmp_path / "t.csv", OCTOBER)
    target = csv_file(plan / LEDGER, "kpi,date,value\n")
    assert "was not written by an import: its first row must be kpi,date,value,recorded_at,source,note" in why(
        plan, file
    )
    csv_file(target, 'kpi,date,value,recorded_at,source,note\nnorth,2021-10-31,1,,"x,\n')
    assert why(plan, file) == "the ledger is damaged; nothing is taken before it is mended"
    target.write_bytes(b"kpi,date,value,recorded_at,source,note\nnorth,2021-10-31,1,,x,\xff\n")
    assert why(plan, file) == "the ledger is damaged; nothing is taken before it is mended"
    csv_file(target, "\ufeffkpi,date,value,recorded_at,source,note\r\nnorth,2021-10-31,1,,x,")
    target.chmod(0o640)
    assert taken(plan, file).written
    assert len(ledger(plan)) == 3
    assert target.stat().st_mode & 0o777 == 0o640
    elsewhere = target.rename(tmp_path / "ledger.csv")
    target.symlink_to(plan / "observations" / "2021.csv")
    assert "leads elsewhere" in why(plan, csv_file(file, OCTOBER.replace("105", "107")))
    assert elsewhere.exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """Where a file stands in the place of the folder nothing can be locked."""
    plan = plan_in(tmp_path, text=PLAN_TEXT)
    (plan / "observations" / "2021.csv").unlink()
    (plan / "observations").rmdir()
    (plan / "observations").write_text("", encoding="utf-8")
    assert "could not be written, and is as it was" in why(plan, csv_file(tmp_path / "t.csv", OCTOBER))


def test_another_import_that_does_not_end_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two at once never write; the second says whom it waits for."""
    plan, file = plan_in(tmp_path), csv_file(tmp_path / "t.csv", OCTOBER)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(plan / "observations" / ledger_module.LOCK)], stdout=subprocess.PIPE,
    )  # fmt: skip
    assert holder.stdout is not None
    holder.stdout.readline()
    monkeypatch.setattr(ledger_module, "PATIENCE", 0.1)
    try:
        assert "is being written by another import, which does not end" in why(plan, file)
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()


def started(plan: Path, file: Path, **more: object) -> "subprocess.Popen[bytes]":
    """Start an import as a process of its own."""
    command = [*COMMAND, "import", str(file), "--plan", str(plan), "--accept", "all", "--lang", "en"]
    return subprocess.Popen(command, env=unmeasured(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **more)  # type: ignore[call-overload,no-any-return]


def whole(plan: Path, sizes: dict[str, int]) -> None:
    """Assert that every file's rows are in the ledger all together or not at all, and that the ledger can be read."""
    rows = ledger(plan)
    for name, size in sizes.items():
        assert sum(f",{name} " in row for row in rows) in (0, size)
    assert not kpi_tracker.read_observations(kpi_tracker.load_plan(plan)).diagnostics


def test_imports_at_once_are_both_whole(tmp_path: Path) -> None:
    """Six processes write six months; every row is there once."""
    plan = plan_in(tmp_path)
    sizes = {}
    running = []
    for month in range(1, 7):
        name = f"{month}.csv"
        file = csv_file(
            tmp_path / name, f"kpi,period,value\ncases,2021-0{month},{100 + month}\nnorth,2021-0{month},1\n"
        )
        sizes[name] = 2
        running.append(started(plan, file))
    told = [process.communicate()[0].decode() for process in running]
    assert [process.returncode for process in running] == [0] * 6, told
    whole(plan, sizes)
    assert len(ledger(plan)) == 12


KILLED = """\
import os, signal, sys
from datetime import datetime, timedelta, UTC
from kpi_tracker.intake.transaction import Terms, import_file
plan, file, kills = sys.argv[1:]
for step in range(1, int(kills) + 1):
    child = os.fork()
    if child == 0:
        steps = 0
        def counted(real):
            def call(*a, **k):
                global steps
                steps += 1
                if steps == STEP:
                    os.kill(os.getpid(), signal.SIGKILL)
                return real(*a, **k)
            return call
        STEP = (step - 1) % 40 + 1
        for name in ("replace", "fsync", "open", "unlink", "makedirs", "chmod", "mkdir", "fdopen", "truncate"):
            setattr(os, name, counted(getattr(os, name)))
        text = open(file).read().replace("100", str(100 + step))
        mine = os.path.join(os.path.dirname(file), f"k{step}.csv")
        with open(mine, "w") as out:
            out.write(text)
        import_file(mine, plan, datetime(2021, 11, 5, tzinfo=UTC) + timedelta(hours=step), Terms(accept=("all",)))
        os._exit(0)
    print(os.waitpid(child, 0)[1], flush=True)
"""


def test_a_kill_at_any_step_leaves_all_rows_or_none(tmp_path: Path) -> None:
    """120 imports are killed, each before another step of its writing: the ledger is always whole, and goes on."""
    plan = plan_in(tmp_path)
    file = csv_file(tmp_path / "t.csv", "kpi,date,value\ncases,2021-10-31,100\nnorth,2021-10-31,100\n")
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(plan), str(file), "120"],
        env=unmeasured(),
        capture_output=True,
        text=True,
        check=True,
    )
    codes = [int(line) for line in done.stdout.split()]
    assert signal.SIGKILL in codes
    assert 0 in codes
    whole(plan, {f"k{n}.csv": 2 for n in range(1, 121)})
    assert taken(plan, file, NOW + timedelta(days=30), accept=("all",)).written
    assert sorted(path.name for path in (plan / "observations").iterdir()) == [".ledger.lock", "2021.csv", "ledger.csv"]


def test_kill_9_from_outside_at_any_time_leaves_all_rows_or_none(tmp_path: Path) -> None:
    """Twelve processes are killed after a while that grows."""
    plan = plan_in(tmp_path)
    rows = "".join(f"north,2021-{m:02}-{d:02},{m}\n" for m in range(1, 11) for d in range(1, 29))
    for n in range(12):
        file = csv_file(tmp_path / f"f{n}.csv", "kpi,date,value\n" + rows.replace("\n", f".{n}1\n"))
        process = started(plan, file)
        time.sleep(0.1 + n * 0.05)
        process.kill()
        process.communicate()
        whole(plan, {f"f{i}.csv": 280 for i in range(n + 1)})


def test_a_full_disk_leaves_the_ledger_as_it_was(tmp_path: Path) -> None:
    """The limit of a file's size stands in for a disk that is full: the reason is told, and nothing is left behind."""
    plan, file = plan_in(tmp_path), csv_file(tmp_path / "t.csv", OCTOBER)
    taken(plan, file, by="A name of some length, so that the ledger is longer than all else")
    before = (plan / LEDGER).read_bytes()
    csv_file(file, OCTOBER.replace("105", "107"))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 40, hard))
    try:
        reason = why(plan, file, now=NOW + timedelta(days=1))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert reason.endswith("could not be written, and is as it was: it would be too large")
    assert (plan / LEDGER).read_bytes() == before
    assert not (plan / "observations" / ledger_module.NEW).exists()
    assert taken(plan, file, NOW + timedelta(days=1)).written


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_a_folder_without_permission_is_named(tmp_path: Path) -> None:
    """Somebody who may read the plan but not write it is told so."""
    plan, file = plan_in(tmp_path), csv_file(tmp_path / "t.csv", OCTOBER)
    program = (
        "import os, sys, json\nfrom datetime import datetime, UTC\nfrom kpi_tracker.intake.transaction import *\n"
        "from kpi_tracker.intake.problem import IntakeError\nimport kpi_tracker.intake.plaintable, kpi_tracker.intake.draft\n"
        "import filelock, csv, tempfile, yaml\n"
        "plan, file = sys.argv[1:]\nos.chdir(plan)\nimport_file(file, '.', datetime.now(UTC), Terms(dry_run=True))\nos.setuid(65534)\n"
        "try:\n    import_file(file, '.', datetime.now(UTC))\nexcept IntakeError as error:\n    print(json.dumps(error.phrase.args))\n"
    )
    for folder in (tmp_path, plan, plan / "observations"):
        folder.chmod(0o755)
    file.chmod(0o644)
    outside = tmp_path.parent
    outside.chmod(0o755)
    outside.parent.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-c", program, str(plan), f"../{file.name}"], env=unmeasured(),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout)["reason"][0] == "it is not allowed to write there"
    assert not (plan / LEDGER).exists()


def test_a_value_can_be_recorded_alone(tmp_path: Path) -> None:
    """By title, with note and who; a name, a value or a grade that is none is refused."""
    plan = plan_in(tmp_path)
    record = record_value(str(plan), "考核等次", "B", date(2021, 10, 31), NOW, Terms("Li"), "note")
    assert (record.code, ledger(plan)) == (0, ["grade,2021-10-31,B,2021-11-05 09:30:00,Li,note"])
    assert refused(record_value(str(plan), "grate", "B", date(2021, 10, 31), NOW)) == [
        ("", "there is no KPI “grate” in this plan; did you mean “grade”?")
    ]
    assert refused(record_value(str(plan), "grade", "E", date(2021, 10, 31), NOW)) == [
        ("", "“E” is not on the scale A, B, C")
    ]
    assert record_value(str(plan), "road", "draft; 施工", date(2021, 12, 31), NOW, Terms(accept=("all",))).written
    assert ledger(plan)[-1].startswith("road,2021-12-31,draft; build,")
    assert record_value(str(plan), "road", "none", date(2021, 9, 30), NOW).written
    assert ledger(plan)[-1].startswith("road,2021-09-30,none,")
