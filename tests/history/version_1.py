"""Run as a script: write a history of the first version of the tables as SQL, which later versions have to read."""

import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from kpi_tracker.history.acknowledgement import Acknowledgement
from kpi_tracker.history.store import open_history
from tests.history.nights import FILES, NOW, PLAN, night

__all__ = ["DUMP"]

DUMP = Path(__file__).with_name("version-1.sql")

if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        place = Path(folder) / "h.sqlite3"
        with open_history(place) as history:
            history.append(night(), NOW, {"a": {"state": "raised"}}, FILES)
            history.append(night(1, 50.0), NOW, revision=FILES)
            history.acknowledge(PLAN, Acknowledgement("a", "Li", "known", NOW))
            history.claim(PLAN, "m1", "mail", "owner", NOW)
        with closing(sqlite3.connect(place)) as connection:
            DUMP.write_text("\n".join(connection.iterdump()) + "\n", encoding="utf-8")
