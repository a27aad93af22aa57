"""Pipes, terminals, encodings and signals: the real command, in a process of its own."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kpi_tracker.cli import main
from kpi_tracker.cli.main import BROKEN, INTERRUPTED
from kpi_tracker.cli.output import writing
from tests.cli.running import COMMAND, ROOT, SHOWCASE, begun, environment, pages, run, start
from tests.reporting.showcase import DAY

CHECK = ("check", SHOWCASE, "--as-of", DAY)
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def on_terminal(*arguments: str, columns: int = 140, **env: str) -> tuple[int, str]:
    """Run the command on a terminal of its own; return the code and what it showed."""
    import fcntl
    import struct
    import termios

    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    settings = environment(TERM="xterm-256color", **env)
    process = subprocess.Popen(
        [*COMMAND, *arguments], cwd=ROOT, env=settings, stdin=follower, stdout=follower, stderr=follower
    )
    os.close(follower)
    shown = b""
    while True:
        select.select([leader], [], [], 30)
        try:
            part = os.read(leader, 65536)
        except OSError:  # Linux says so when the other end is closed
            break
        if not part:
            break
        shown += part
    os.close(leader)
    return process.wait(30), shown.decode().replace("\r\n", "\n")


def test_colours_are_for_terminals() -> None:
    """A terminal gets colours, a pipe the same words without."""
    code, shown = on_terminal(*CHECK)
    assert code == 1
    assert ANSI.search(shown)
    piped = start(*CHECK)
    assert "\x1b" not in piped.out
    words = [line.rstrip() for line in ANSI.sub("", shown).splitlines()]
    assert words == piped.out.splitlines()


def test_no_color_is_respected_on_a_terminal() -> None:
    """NO_COLOR: not one escape."""
    _, shown = on_terminal(*CHECK, NO_COLOR="1")
    assert "\x1b" not in shown
    assert "8 KPIs lag" in shown


@pytest.mark.parametrize("columns", [40, 80, 140])
def test_a_terminal_is_not_written_past_its_edge(columns: int) -> None:
    """On a narrow terminal lists take the place of tables; nothing is cut off."""
    from rich.cells import cell_len

    _, shown = on_terminal(*CHECK, "--lang", "zh", columns=columns)
    lines = ANSI.sub("", shown).splitlines()
    assert max(cell_len(line) for line in lines if "kpi-tracker explain" not in line) <= columns
    assert "办理许可" in shown


def test_a_narrow_pipe_is_narrow() -> None:
    """COLUMNS=40 holds for pipes."""
    ran = start(*CHECK, env={"COLUMNS": "40"})
    assert max(len(line) for line in ran.out.splitlines() if "kpi-tracker explain" not in line) <= 40
    assert "Permits handled  lagging" in ran.out


def test_no_color_changes_nothing_in_a_pipe() -> None:
    """The bytes of a pipe are the same everywhere."""
    plain = start(*CHECK)
    for env in ({"NO_COLOR": "1"}, {"FORCE_COLOR": "1"}, {"TERM": "dumb"}, {"LC_ALL": "C"}, {"TZ": "America/New_York"}):
        assert start(*CHECK, env=env) == plain


def test_the_locale_chooses_the_language_of_the_process() -> None:
    """LC_ALL=zh_CN.UTF-8 speaks Chinese, installed on the machine or not."""
    ran = start(*CHECK, env={"LC_ALL": "zh_CN.UTF-8"})
    assert (ran.code, "截至" in ran.out) == (1, True)


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "latin-1"])
def test_a_poor_encoding_gets_question_marks_not_a_traceback(encoding: str) -> None:
    """Text that cannot be shown is replaced; the code stays."""
    ran = start(*CHECK, "--lang", "zh", env={"PYTHONIOENCODING": encoding}, encoding=encoding)
    assert (ran.code, ran.err) == (1, "")
    assert "safety/accidents" in ran.out


def test_json_is_utf_8_whatever_the_encoding() -> None:
    """For machines nothing is replaced."""
    plain = start(*CHECK, "--format", "json")
    assert start(*CHECK, "--format", "json", env={"PYTHONIOENCODING": "ascii"}) == plain
    assert json.loads(plain.out)["plan"]["title"]["zh"] == "滨海区二〇二一年工作计划"
    schema = start("schema", "--lang", "zh", env={"PYTHONIOENCODING": "ascii"})
    assert schema == start("schema", "--lang", "zh")


def big_plan(folder: Path, rows: int) -> str:
    """Write a plan with many KPIs, or many rows; return its path."""
    kpi = "  - {{id: k{0}, title: K{0}, measure: total, direction: increase, target: {{value: 5, basis: stated}}}}\n"
    (folder / "observations").mkdir(parents=True)
    text = "format: kpi-tracker/v1\nid: p\ntitle: P\nperiod: 2021\ntime_zone: UTC\nkpis:\n"
    (folder / "plan.yaml").write_text(text + "".join(kpi.format(n) for n in range(3000)), encoding="utf-8")
    lines = "".join(f"k{n % 3000},2021-09-30,1,2021-{1 + n // 3000 % 9:02}-01\n" for n in range(rows))
    (folder / "observations" / "a.csv").write_text("kpi,date,value,recorded_at\n" + lines, encoding="utf-8")
    return str(folder)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("check",), 1), (("check", "--format", "json"), 1), (("show",), 0), (("validate",), 0), (("explain",), 0)],
)
def test_a_reader_who_leaves_early_changes_nothing(arguments: tuple[str, ...], code: int, tmp_path: Path) -> None:
    """`| head -1`: no traceback, no complaint, and the code of what was found."""
    path = big_plan(tmp_path / "p", 3000)
    command, *rest = arguments
    day = [] if command == "validate" else ["--as-of", DAY]
    given = [*COMMAND, command, path, *rest, *day]
    with subprocess.Popen(
        given, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        errors = process.stderr.read().decode()
        assert (process.wait(60), errors) == (code, "")


def test_output_to_a_closed_pipe_ends_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process: what is written to a pipe without a reader goes nowhere."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        with writing():
            stream.write("x" * 100_000)
        stream.write("and more")
        stream.flush()
        assert os.fstat(stream.fileno()).st_rdev == Path(os.devnull).stat().st_rdev
        monkeypatch.undo()


def interrupted(*_: object) -> None:
    """Be interrupted, as by Ctrl-C."""
    raise KeyboardInterrupt


def test_ctrl_c_is_130_not_a_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupted check says neither that something lags nor that all is well."""
    monkeypatch.setattr("kpi_tracker.loading.plan.read_plan", interrupted)
    ran = run("check", SHOWCASE, "--as-of", DAY)
    assert ran.code == INTERRUPTED
    assert "Traceback" not in ran.err


def test_ctrl_c_before_the_command_begins_is_130_too() -> None:
    """Interrupted while modules load: the same code, and no traceback."""
    script = (
        "import sys, kpi_tracker.cli\nm = sys.modules['kpi_tracker.cli.main']\n"
        "def main(): raise KeyboardInterrupt\nm.main = main\nm.run()"
    )
    done = subprocess.run([sys.executable, "-c", script], env=environment(), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (INTERRUPTED, b"")


def test_ctrl_c_ends_the_process_with_130(tmp_path: Path) -> None:
    """The real process, interrupted while it reads."""
    path = big_plan(tmp_path / "p", 400_000)
    command = [*COMMAND, "check", path, "--as-of", DAY]
    process = begun(command)
    until = time.monotonic() + 20
    while time.monotonic() < until and pages(process.pid) < 20_000:  # it reads its rows by then
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == INTERRUPTED
    assert b"Traceback" not in errors


def test_streams_that_cannot_be_set_up_are_left_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream of a host program that is no text file of Python's own still gets the output."""
    import io

    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setenv("LANGUAGE", "en")
    with pytest.raises(SystemExit) as ended:
        main(["check", str(ROOT / SHOWCASE), "--as-of", DAY, "--lang", "en"])
    assert ended.value.code == 1
    assert "8 KPIs lag" in out.getvalue()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("arguments", [CHECK, (*CHECK, "--format", "json"), ("--help",)], ids=" ".join)
def test_a_full_disk_is_not_a_verdict(arguments: tuple[str, ...]) -> None:
    """Output that cannot be written is 3: never 0, and never 1 as if something had been reported."""
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        done = subprocess.run(
            [*COMMAND, *arguments], cwd=ROOT, env=environment(), stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 3, done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert b"no room is left on the disk" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_ends_this_process_with_3_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same in this process, where the stream is one that can be seen."""
    monkeypatch.setenv("LANGUAGE", "en")
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123 - a device
        monkeypatch.setattr(sys, "stdout", full)
        with pytest.raises(SystemExit) as ended:
            main(["check", str(ROOT / SHOWCASE), "--as-of", DAY, "--lang", "en"])
        monkeypatch.undo()
    assert ended.value.code == 3
    assert capsys.readouterr().err == "kpi-tracker: no room is left on the disk\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_faults_that_could_not_be_said_are_3(tmp_path: Path) -> None:
    """Where standard error is full the tree came through, but what is wrong with it did not."""
    text = (ROOT / SHOWCASE / "plan.yaml").read_text(encoding="utf-8").replace("include:\n  - areas/*.yaml\n", "")
    (tmp_path / "plan.yaml").write_text(text, encoding="utf-8")
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        given = [*COMMAND, "show", str(tmp_path), "--as-of", DAY]
        done = subprocess.run(given, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=full, check=False)
    assert (done.returncode, b"[showcase]" in done.stdout) == (3, True)


def test_pitfall_d7_a_broken_installation_is_3(tmp_path: Path) -> None:
    """D7: a library that cannot be loaded must not look like a KPI that lags."""
    (tmp_path / "yaml.py").write_text("raise ImportError('broken on purpose')\n", encoding="utf-8")
    done = subprocess.run(
        [*COMMAND, *CHECK],
        cwd=ROOT,
        env={**environment(), "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT / "src")])},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (3, b"")
    assert b"broken on purpose" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_what_a_host_program_left_to_write_counts_too() -> None:
    """Text still in the buffer at the end that finds no room: 3, whatever the command ended with."""
    program = "import sys; from kpi_tracker.cli.main import run; sys.stdout.write('x'); run()"
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        given = [sys.executable, "-c", program, "chek"]
        done = subprocess.run(given, cwd=ROOT, env=environment(), stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 3
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["check", "show", "explain"])
def test_a_report_to_a_closed_pipe_keeps_its_code_in_this_process(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However the text is buffered, and whoever flushes it."""
    monkeypatch.setenv("LANGUAGE", "en")
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", encoding="utf-8", buffering=1) as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        with pytest.raises(SystemExit) as ended:
            main([command, str(ROOT / SHOWCASE), "--as-of", DAY, "--lang", "en"])
        monkeypatch.undo()
    assert ended.value.code == (1 if command == "check" else 0)


@pytest.mark.parametrize("closed", ["1", "2"])
def test_a_closed_stream_is_not_a_verdict(closed: str) -> None:
    """Started with standard output or standard error closed, the check can say nothing: 3, and no traceback."""
    command = " ".join([*COMMAND, *CHECK]) + f" {closed}>&-"
    done = subprocess.run(["/bin/sh", "-c", command], cwd=ROOT, env=environment(), capture_output=True, check=False)
    assert done.returncode == BROKEN
    assert b"Traceback" not in done.stderr
