"""Pin what pyproject.toml asks for: requirements/run.txt to run the library, requirements/dev.txt for all work on it.

    python -m tools.lock uv==0.1.2               keep the releases that are pinned, add and remove as needed
    python -m tools.lock uv==0.1.2 --upgrade     take the newest releases

Both files hold for every platform and every supported Python, name a hash for each file, and no place to get it from.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import environment
from tools.environment import ROOT, lock

GROUPS = {"run": ["build"], "dev": ["dev"]}


def main() -> None:
    """Write both locks, with a uv that is gone afterwards."""
    uv_release, *options = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        environment.create(Path(folder))
        environment.install(Path(folder), uv_release)
        for name, groups in GROUPS.items():
            pin(Path(folder) / "bin" / "uv", name, groups, options)


def pin(uv: Path, name: str, groups: list[str], options: list[str]) -> None:
    """Write one lock; the lock for all work agrees with the one to run the library."""
    target = lock(name)
    command = [str(uv), "pip", "compile", "pyproject.toml", "--no-config", "--quiet", "--universal"]
    command += ["--generate-hashes", "--custom-compile-command", "make lock", *options]
    command += ["--output-file", str(target.relative_to(ROOT))]
    command += [part for group in groups for part in ("--group", group)]
    if name != "run":
        command += ["--extra", "all"]
        command += ["--constraint", str(lock("run").relative_to(ROOT))]
    plain = {key: value for key, value in os.environ.items() if not key.startswith("UV_")}
    subprocess.run(command, cwd=ROOT, env=plain, check=True)
    text = target.read_text(encoding="utf-8")
    if addresses := re.findall(r"^.*(?:--(?:extra-)?index-url|--find-links|://).*$", text, re.MULTILINE):
        raise SystemExit(f"{target.name} names a place to download from: {addresses[0]}")


if __name__ == "__main__":
    main()
