"""Run as a script: one of several processes that append to one history at once."""

import sys

from kpi_tracker.history.store import open_history
from tests.history.nights import FILES, NOW, night

if __name__ == "__main__":
    place, number, nights = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    sys.stdin.read()  # until all are ready
    with open_history(place) as history:
        for days in range(nights):
            assert history.append(night(days, 10.0 + number), NOW, revision=FILES).new
