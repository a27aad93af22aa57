"""A real git repository, made by the git program, for tests that look into the past."""

import os
import subprocess
from pathlib import Path

__all__ = ["commit", "git", "repository"]

AUTHOR = {
    "GIT_AUTHOR_NAME": "Planner", "GIT_AUTHOR_EMAIL": "planner@example.org", "GIT_COMMITTER_NAME": "Planner",
    "GIT_COMMITTER_EMAIL": "planner@example.org", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
}  # fmt: skip


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder and return what it prints."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(["git", *arguments], cwd=folder, env={**kept, **AUTHOR}, capture_output=True, check=True)
    return done.stdout.decode().strip()


def repository(folder: Path) -> Path:
    """Make an empty repository in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "main")
    return folder


def commit(folder: Path, message: str) -> str:
    """Commit all that lies in a repository; return the commit."""
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", message)
    return git(folder, "rev-parse", "HEAD")
