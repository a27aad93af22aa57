"""History: what it adds to a check, and ten years of nightly runs of the shipped plan in one file."""

import os
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter

import kpi_tracker
from bench.measuring import least_seconds, row
from kpi_tracker.history.revision import Revision, revision_of
from kpi_tracker.history.store import open_history

ROOT = Path(__file__).parent.parent
PLAN = ROOT / "goals" / "pinghu-2021"
YEARS = 10
DAY = date(2021, 9, 30)
NOW = datetime(2021, 10, 1, 2, 0, tzinfo=UTC)
ITEM = "integration/one-trip-reform/market-vitality/new-entities"
CHECK = """
import sys
from datetime import date, datetime, timedelta, timezone
import kpi_tracker
card = kpi_tracker.check({plan!r}, date(2021, 10, 1) + timedelta(days=int(sys.argv[1])))
if sys.argv[2:]:
    from kpi_tracker.history.store import open_history
    with open_history(sys.argv[2]) as history:
        history.append(card, datetime.now(timezone.utc))
"""


def main() -> None:
    """Print what appending costs and how large and fast ten years are."""
    with tempfile.TemporaryDirectory() as folder:
        appending(Path(folder))
        ten_years(Path(folder) / "years.sqlite3")


def appending(folder: Path) -> None:
    """Print the time of a check alone and with a new run appended, in a process that goes on and in one of its own."""
    place, days = folder / "history.sqlite3", iter(range(1_000_000))
    with open_history(place) as history:

        def both() -> None:
            card = kpi_tracker.check(PLAN, DAY)
            seen = revision_of(card.plan)._replace(plan=str(next(days)))  # so that it is another run every time
            history.append(card, NOW, revision=seen)

        rounds = [(least_seconds(lambda: kpi_tracker.check(PLAN, DAY), 3), least_seconds(both, 3)) for _ in range(10)]
        alone, with_run = map(min, zip(*rounds, strict=True))
    row("", "check, ms", "with a run appended, ms", "ratio")
    row("---", "---:", "---:", "---:")
    row("in a process that goes on", f"{alone * 1e3:.1f}", f"{with_run * 1e3:.1f}", f"{with_run / alone:.2f}")
    rounds = [(whole_process(n), whole_process(n, str(place))) for n in range(15)]
    alone, with_run = map(min, zip(*rounds, strict=True))
    row("a process of its own", f"{alone * 1e3:.1f}", f"{with_run * 1e3:.1f}", f"{with_run / alone:.2f}")


def whole_process(days: int, *place: str) -> float:
    """Return the time of a process that checks a day, and appends it where a place is given."""
    command = [sys.executable, "-c", CHECK.format(plan=str(PLAN)), str(days), *place]
    started = perf_counter()
    subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, check=True)
    return perf_counter() - started


def ten_years(place: Path) -> None:
    """Append a run a night, the shipped year again and again under later dates, and print size and times.

    The plan is amended at each turn of a year (another revision, the same items); its figures come monthly.
    """
    year = [DAY.replace(month=1, day=1) + timedelta(days=days) for days in range(365)]
    cards = [kpi_tracker.check(PLAN, day) for day in year]
    with open_history(place) as history:
        started = perf_counter()
        for number in range(YEARS):
            seen = Revision(f"plan of year {number}", f"data of year {number}", "c0ffee" * 6, dirty=False)
            for card in cards:
                later = shifted(card, number)
                history.append(later, NOW + timedelta(days=number * 365), revision=seen)
        append = (perf_counter() - started) / (YEARS * len(cards))
        plan_id = cards[0].plan.id
        runs = len(history.runs(plan_id))
    with open_history(place, create=False) as history:
        started = perf_counter()
        points = history.path_of(plan_id, ITEM)
        cold = perf_counter() - started
        warm = least_seconds(lambda: history.path_of(plan_id, ITEM))
        whole = least_seconds(lambda: history.path_of(plan_id, ""))
        newest = history.runs(plan_id)[-1]
        recall = least_seconds(lambda: history.scorecard(newest))
    size = sum(file.stat().st_size for file in place.parent.glob(place.name + "*"))
    row("", "")
    row("---", "---:")
    row("runs", f"{runs:,}")
    row("items a run", len(cards[0].items))
    row("size of the file, MB", f"{size / 1e6:.1f}")
    row("an append, ms", f"{append * 1e3:.1f}")
    row(f"one item's path ({len(points):,} nights), the first time, ms", f"{cold * 1e3:.0f}")
    row("the same again, ms", f"{warm * 1e3:.0f}")
    row("the plan's own path, ms", f"{whole * 1e3:.0f}")
    row("the newest run's scorecard, its items read before, ms", f"{recall * 1e3:.1f}")


def shifted(card: kpi_tracker.Scorecard, number: int) -> kpi_tracker.Scorecard:
    """Return a scorecard of the same day so many years later, with other figures: no two years are alike."""
    from kpi_tracker.record import changed

    day = card.as_of + timedelta(days=365 * number)
    items = {
        path: item if item.attainment is None else changed(item, attainment=item.attainment + number / 1000)
        for path, item in card.items.items()
    }
    return changed(card, as_of=day, items=items)


if __name__ == "__main__":
    main()
