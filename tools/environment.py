"""Make the environment that the Makefile works in, or find that it is there already.

    python3 -m tools.environment run    what the library needs to run
    python3 -m tools.environment dev    everything for work on it as well

Everything comes from the lock in requirements/, checked by its hash. A stamp inside the environment holds a sum of
what it was made from, so that a second run ends at once and a changed lock, Python or folder is noticed.
Needs nothing but Python and, where Python cannot install pip into a new environment by itself, a pip of its own.
Written so that a Python that is too old still gets as far as saying so.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LEVELS = ("run", "dev")
OLDEST = (3, 11)


def digest(*parts: str) -> str:
    """Return a sum over some texts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def base() -> str:
    """Return the sum that an environment stands on: another Python or another folder needs a new one."""
    return digest(sys.version, sys.base_prefix, str(ROOT))


def content(level: str) -> str:
    """Return the sum over what is installed at a level."""
    return digest(base(), *(file.read_text(encoding="utf-8") for file in (lock(level), ROOT / "pyproject.toml")))


def stamp(name: str) -> Path:
    """Return the file in the environment that holds a sum."""
    return VENV / f".stamp-{name}"


def stands(name: str, value: str) -> bool:
    """Tell whether the stamp holds this sum and the environment can be used."""
    return PYTHON.exists() and stamp(name).exists() and stamp(name).read_text(encoding="utf-8") == value


def has(module: str) -> bool:
    """Tell whether this Python has a module that works."""
    found = subprocess.run([sys.executable, "-c", f"import {module}"], stderr=subprocess.DEVNULL, check=False)
    return found.returncode == 0


def create(folder: Path) -> None:
    """Make an environment, with pip in it if this Python can do that."""
    own_pip = has("ensurepip")
    if not has("venv") or not (own_pip or has("pip")):
        sys.exit("Python has neither ensurepip nor pip here. On Debian: apt-get install python3-venv")
    run(sys.executable, "-m", "venv", *([] if own_pip else ["--without-pip"]), str(folder))


def install(folder: Path, *what: str) -> None:
    """Install into an environment, with its own pip or with that of the Python outside."""
    python = str(folder / "bin" / "python")
    own_pip = (folder / "bin" / "pip").exists()
    pip = [python, "-m", "pip"] if own_pip else [sys.executable, "-m", "pip", "--python", python]
    run(*pip, "install", "--quiet", "--disable-pip-version-check", *what)


def lock(level: str) -> Path:
    """Return the file that pins what is installed at a level."""
    return ROOT / "requirements" / f"{level}.txt"


def run(*command: str) -> None:
    """Run a command; end where it fails, as it has said why."""
    if subprocess.run(command, check=False).returncode:
        sys.exit(f"could not be done: {' '.join(command)}")


def dotted(version: Sequence[object]) -> str:
    """Return a version as people write it."""
    return f"{version[0]}.{version[1]}"


def main() -> None:
    """Make the environment, or leave it be."""
    if sys.version_info < OLDEST:
        sys.exit(
            f"kpi_tracker needs Python {dotted(OLDEST)} or later, this is {dotted(sys.version_info)}; "
            "name another: make … PYTHON=/path/to/python3"
        )
    wanted = sys.argv[1]
    if any(stands(level, content(level)) for level in LEVELS[LEVELS.index(wanted) :]):
        return
    print(f"Setting up .venv ({wanted}) …", flush=True)
    os.chdir(str(ROOT))
    if not stands("base", base()):
        shutil.rmtree(VENV, ignore_errors=True)
        create(VENV)
        stamp("base").write_text(base(), encoding="utf-8")
    for level in LEVELS:
        if stamp(level).exists():
            stamp(level).unlink()
    install(VENV, "--require-hashes", "-r", str(lock(wanted)))
    install(VENV, "--no-deps", "--no-build-isolation", "-e", ".")
    stamp(wanted).write_text(content(wanted), encoding="utf-8")


if __name__ == "__main__":
    main()
