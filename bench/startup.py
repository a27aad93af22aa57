"""Start-up of an installed wheel with compiled files, as multiples of `python -c pass`, whole processes."""

import os
import subprocess
import sys
import tempfile
import venv
from functools import partial
from pathlib import Path

from bench.measuring import least_in_turns, row

ROOT = Path(__file__).parent.parent
PLAN = ROOT / "goals" / "pinghu-2021"
RUNS = 25


def main() -> None:
    """Build the wheel, install it in a fresh environment, compile everything, and print one row a command."""
    with tempfile.TemporaryDirectory() as folder:
        python = installed(Path(folder))
        command = str(Path(python).with_name("kpi-tracker"))
        check = [command, "check", str(PLAN), "--as-of", "2021-09-30", "--format", "json"]
        commands: dict[str, tuple[list[str], float | None]] = {
            "`python -c pass`": (["-c", "pass"], None),
            "`import kpi_tracker`": (["-c", "import kpi_tracker"], 1.15),
            "attrs, click, PyYAML, csv and json imported, nothing else": (
                ["-c", "import attr, click, yaml, csv, json"],
                None,
            ),
            "check of the shipped plan as JSON": (check, 8.0),
            "the same, nothing kept from a run before": (check, None),
            "check of the shipped plan as text": (check[:-2], None),
        }
        kept = {name: "off" if "nothing kept" in name else str(Path(folder) / "kept") for name in commands}
        works = [partial(once, [python, *arguments], kept[name]) for name, (arguments, _) in commands.items()]
        floor, *_ = times = least_in_turns(*works, runs=RUNS)
        row("command", "ms", "× `python -c pass`", "at most")
        row("---", "---:", "---:", "---")
        for (name, (_, limit)), seconds in zip(commands.items(), times, strict=True):
            verdict = "" if limit is None else f"{limit:g}: {'yes' if seconds <= limit * floor else 'NO'}"
            row(name, f"{seconds * 1e3:.1f}", f"{seconds / floor:.2f}", verdict)


def installed(folder: Path) -> str:
    """Return the python of a fresh environment with the wheel of this checkout in it, everything compiled."""
    wheel_options = ["--no-deps", "--no-build-isolation", "-w", str(folder), str(ROOT)]
    _run([sys.executable, "-m", "pip", "wheel", "-q", *wheel_options])
    venv.create(folder / "env", with_pip=True)
    python = str(folder / "env" / "bin" / "python")
    wheel = str(next(folder.glob("*.whl")))
    _run([python, "-m", "pip", "install", "-q", "--require-hashes", "-r", str(ROOT / "requirements" / "run.txt")])
    _run([python, "-m", "pip", "install", "-q", "--no-deps", wheel])
    _run([python, "-m", "compileall", "-q", str(folder / "env" / "lib")])
    return python


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def once(command: list[str], kept: str) -> None:
    """Run a command in a process of its own, with what earlier ones `kept` in a folder."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COVERAGE"))}
    environment["KPI_TRACKER_CACHE"] = kept
    subprocess.run(command, stdout=subprocess.DEVNULL, env=environment, check=False)


if __name__ == "__main__":
    main()
