"""Run as a script: runs that are killed at random instants while they append, and what is found after each; told as JSON."""

import json
import os
import random
import signal
import sqlite3
import sys
import time
from pathlib import Path

from kpi_tracker.history.store import open_history
from tests.history.nights import FILES, NOW, PLAN, night

__all__ = ["main"]

LONGEST = 0.04
"""Within so many seconds a run is killed; it opens history and appends a few nights in that time."""


def killed(place: str, first: int, after: float) -> list[int]:
    """Append night after night in a process that is killed; return the nights that it reported as written."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        with open_history(place) as history:
            for days in range(first, first + 1000):
                history.append(night(days), NOW, revision=FILES)
                os.write(into, b"%d\n" % days)
        os._exit(0)
    os.close(into)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(out, "rb") as reported:
        return [int(line) for line in reported.read().split()]


def recorded(place: str) -> list[int]:
    """Return the nights that history holds; the last of them is whole: its figures can be read."""
    with open_history(place) as history:
        runs = history.runs(PLAN)
        if runs:
            assert set(history.scorecard(runs[-1]).items) == set(night().items)
        return [(run.as_of - night().as_of).days for run in runs]


def main(folder: Path) -> None:
    """Kill runs that go on with one history, then runs that begin one, and print what was lost, doubled or damaged."""
    with open_history(folder / "warm.sqlite3") as history:  # what is compiled at first use, is so before any is killed
        history.append(night(), NOW, revision=FILES)
    chance = random.Random(4)
    lost, doubled, unreported, known = 0, 0, 0, set[int]()
    place = str(folder / "history.sqlite3")
    for _ in range(int(sys.argv[2])):
        reported = killed(place, max(known, default=-1) + 1, chance.random() * LONGEST)
        found = recorded(place)
        lost += len((known | set(reported)) - set(found))
        doubled += len(found) - len(set(found))
        unreported += len(set(found) - known - set(reported))
        known = set(found)
    begun = 0
    for number in range(int(sys.argv[3])):
        fresh = str(folder / f"{number}.sqlite3")
        reported = killed(fresh, 0, chance.random() * LONGEST * 2)
        found = recorded(fresh)
        lost += len(set(reported) - set(found))
        begun += bool(found)
    with sqlite3.connect(place) as connection:
        ((sound,),) = connection.execute("PRAGMA integrity_check").fetchall()
    connection.close()
    told = {
        "lost": lost,
        "doubled": doubled,
        "unreported": unreported,
        "runs": len(known),
        "begun": begun,
        "sound": sound,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
