"""The files for cron, systemd, GitHub Actions, pre-commit and shells, read by the programs that read them for real."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from kpi_tracker.cli.commands import named
from kpi_tracker.notify.reading import read_notify
from tests.cli.running import ROOT, environment, run

SETUP = ROOT / "docs" / "setup"


def commands_in(text: str) -> list[list[str]]:
    """Return the arguments of every call of our command in a file."""
    lines = text.replace("\\\n", " ").replace("%S", "/var/lib").splitlines()
    found = [line[line.index("kpi-tracker ") :] for line in lines if "kpi-tracker check" in line]
    return [shlex.split(call)[1:] for call in found]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
@pytest.mark.parametrize("unit", ["kpi-tracker.service", "kpi-tracker.timer"])
def test_systemd_takes_the_units(unit: str) -> None:
    """`systemd-analyze verify` finds nothing to say."""
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(SETUP / unit)], capture_output=True, check=False, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_the_timer_goes_off_in_the_zone_of_the_plans() -> None:
    """At half past six in Shanghai, which is 22:30 in UTC."""
    when = next(line for line in (SETUP / "kpi-tracker.timer").read_text("utf-8").splitlines() if "OnCalendar" in line)
    done = subprocess.run(
        ["systemd-analyze", "calendar", when.partition("=")[2]], capture_output=True, check=True, text=True,
        env={**os.environ, "TZ": "UTC", "LC_ALL": "C"},
    )  # fmt: skip
    assert "22:30:00 UTC" in done.stdout


def test_the_workflow_fits_the_schema_of_github() -> None:
    """As check-jsonschema brings it along."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows"]
    done = subprocess.run([*command, str(SETUP / "github-workflow.yml")], capture_output=True, check=False, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["crontab", "kpi-tracker.service", "github-workflow.yml"])
def test_the_commands_are_ours(name: str) -> None:
    """Each line that is run takes the options that there are."""
    for arguments in commands_in((SETUP / name).read_text("utf-8")):
        command = named(arguments[0])
        assert command.make_context(arguments[0], list(arguments[1:])).params["plans"]


def test_the_notify_file_is_sound() -> None:
    """It is what the unit names, and its secrets are those of the environment."""
    reading = read_notify(SETUP / "notify.yaml")
    assert reading.config is not None
    assert (reading.diagnostics, [route.name for route in reading.config.routes]) == ((), ["everything"])
    assert "/etc/kpi-tracker/notify.yaml" in (SETUP / "kpi-tracker.service").read_text("utf-8")


def test_the_nights_are_remembered() -> None:
    """Each of the recipes keeps a history, so that it says what is new."""
    for name in ("crontab", "kpi-tracker.service", "github-workflow.yml"):
        first = commands_in((SETUP / name).read_text("utf-8"))[0]
        assert named("check").make_context("check", first[1:]).params["history"].endswith("history.sqlite3")


def test_the_page_shows_the_crontab() -> None:
    """What stands in docs/setup.md is the file."""
    assert (SETUP / "crontab").read_text("utf-8") in (ROOT / "docs" / "setup.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("id", "said"), [("kpi-tracker-validate", "no fault found"), ("kpi-tracker-fmt", "canonical form")]
)
def test_the_hooks_work_on_plans(tmp_path: Path, id: str, said: str) -> None:
    """Entry and arguments, run as pre-commit runs them: at the top of a repository, by a shell's rules."""
    hooks = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))}
    config = yaml.safe_load((SETUP / "pre-commit-config.yaml").read_text("utf-8"))
    assert hooks.keys() == {one["id"] for repo in config["repos"] for one in repo["hooks"]}
    hook = hooks[id]
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "a").symlink_to(ROOT / "goals" / "pinghu-2021")
    entry = [sys.executable, "-m", "kpi_tracker", *shlex.split(hook["entry"])[1:], *hook["args"]]
    done = subprocess.run(entry, cwd=tmp_path, env=environment(), capture_output=True, check=False, text=True)
    assert (done.returncode, said in done.stdout) == (0, True)


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed")
def test_bash_completes(tmp_path: Path) -> None:
    """The script is sourced by a real bash, which then completes a command and an option."""
    program = tmp_path / "kpi-tracker"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m kpi_tracker "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    (tmp_path / "script").write_text(run("completion", "bash").out, encoding="utf-8")

    def completed(*words: str) -> list[str]:
        script = (
            f"source {tmp_path}/script; COMP_WORDS=({shlex.join(words)}); COMP_CWORD={len(words) - 1}; "
            '_kpi_tracker_completion kpi-tracker; printf "%s\\n" "${COMPREPLY[@]}"'
        )
        path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
        settings = {**environment(), "PATH": path}
        done = subprocess.run(["bash", "-c", script], env=settings, capture_output=True, check=True, text=True)
        return done.stdout.split()

    assert completed("kpi-tracker", "val") == ["validate"]
    assert "--plan-rev" in completed("kpi-tracker", "check", "--pl")
