"""Build the wheel and try it where nothing but its own dependencies is installed, away from the source."""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from tools import environment
from tools.environment import ROOT

PACKAGE = ROOT / "src" / "kpi_tracker"


def main() -> None:
    """Build, look inside, install, run."""
    run(str(environment.PYTHON), "-m", "hatchling", "build", "--target", "wheel", cwd=ROOT)
    wheel = max((ROOT / "dist").glob("*.whl"), key=lambda file: file.stat().st_mtime)
    missing = {
        file.relative_to(PACKAGE.parent).as_posix()
        for file in PACKAGE.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    } - set(zipfile.ZipFile(wheel).namelist())
    if missing:
        sys.exit(f"not in {wheel.name}: {', '.join(sorted(missing))}")
    with tempfile.TemporaryDirectory() as folder:
        environment.create(Path(folder))
        environment.install(Path(folder), "--require-hashes", "-r", str(environment.lock("run")))
        environment.install(Path(folder), "--no-deps", str(wheel))
        command = str(Path(folder) / "bin" / "kpi-tracker")
        run(command, "--version", cwd=folder)
        run(command, "--lang", "zh", "validate", str(ROOT / "goals" / "pinghu-2021"), cwd=folder)


def run(*command: str, cwd: str | Path) -> None:
    """Run a command in a folder; end where it fails."""
    if subprocess.run(command, cwd=cwd, check=False).returncode:
        sys.exit(f"failed: {' '.join(command)}")


if __name__ == "__main__":
    main()
