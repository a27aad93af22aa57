"""Find the programs, libraries and fonts that the tests drive for real, and get what is missing.

    python3 -m tools.programs

A browser opens the pages, LibreOffice the Word files and the workbooks, Pango lays out the PDF, the fonts hold Chinese,
systemd reads its units, and Spark runs on Java. As root on Debian what is missing is installed; elsewhere it is named, and
the tests that need it are skipped with the reason.
Written so that a Python that is too old still gets as far as saying so.
"""

import ctypes.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

__all__ = ["main", "missing"]


def _program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


def _library(name: str) -> Callable[[], bool]:
    return lambda: ctypes.util.find_library(name) is not None


def _chinese_font() -> bool:
    folders = ("/usr/share/fonts", "/usr/local/share/fonts", str(Path.home() / ".fonts"))
    return any(next(Path(folder).rglob("NotoSansCJK*"), None) for folder in folders)


def _calc() -> bool:
    """Tell whether LibreOffice has its spreadsheets: they come as a package of their own."""
    found = shutil.which("soffice")
    return found is not None and (Path(found).resolve().parent / "libsclo.so").exists()


NEEDED: dict[str, Callable[[], bool]] = {
    "chromium": _program("chromium", "chromium-browser", "google-chrome"),
    "libreoffice-writer-nogui": _program("soffice", "libreoffice"),
    "libreoffice-calc-nogui": _calc,
    "poppler-utils": _program("pdftotext"),
    "libpangoft2-1.0-0": _library("pangoft2-1.0"),
    "libharfbuzz-subset0": _library("harfbuzz-subset"),
    "fontconfig": _program("fc-list"),
    "fonts-noto-cjk": _chinese_font,
    "systemd": _program("systemd-analyze"),
    "default-jre-headless": _program("java"),
}


def missing() -> list[str]:
    """Return the Debian packages of what is not there."""
    return [package for package, there in NEEDED.items() if not there()]


def main() -> None:
    """Install what is missing where that can be done, and say what is missing where it cannot."""
    packages = missing()
    if not packages:
        return
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        sys.stderr.write(f"not found, tests that need them are skipped: {', '.join(packages)} (Debian's names)\n")
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", *command], check=True, env=quiet, stdout=subprocess.DEVNULL)  # noqa: S607 - apt's own place


if __name__ == "__main__":
    main()
