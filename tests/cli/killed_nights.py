"""Run as a script: nights that are killed at each step on their way, every one followed by a night that is not.

`killed_nights.py FOLDER ADDRESS`. Two plans, five channels; the channel that is told at the step N is ADDRESS/N/PLAN/CHANNEL. Prints
the steps, and those that fell between the answer of a service and its being written down.
"""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from kpi_tracker.cli import main
from kpi_tracker.history.sqlite import SqliteFile
from kpi_tracker.nightly import ledger
from kpi_tracker.notify.senders import Sender
from tests.cli.running import environment

__all__ = ["CHANNELS", "NIGHTS", "PLANS", "channels_of", "notify_text", "write_plan"]

PLANS, CHANNELS = ("one", "two"), tuple("abcde")
NIGHTS = ("2021-06-30", "2021-07-31", "2021-08-31")


def write_plan(folder: Path, name: str) -> None:
    """Write a plan whose KPI is on track at the first night and lags from the second on."""
    folder.mkdir(parents=True)
    (folder / "plan.yaml").write_text(
        f"format: kpi-tracker/v1\nid: {name}\ntitle: Plan {name}\nperiod: 2021\ntime_zone: UTC\n"
        "flags: {raise_after: {days: 0}}\n"
        "kpis:\n  - {id: k, title: K, measure: total, baseline: 0, target: {value: 120, basis: stated}}\n"
        "observations: [o.csv]\n", encoding="utf-8",
    )  # fmt: skip
    (folder / "o.csv").write_text(
        "kpi,period,value\n" + "".join(f"k,2021-{m:02},{10 if m < 7 else -20}\n" for m in range(1, 9)), encoding="utf-8"
    )


def channels_of(plan: str) -> tuple[str, ...]:
    """Return the channels that are told of a plan: of the second one alone."""
    return CHANNELS if plan == PLANS[0] else CHANNELS[:1]


def notify_text(plans: tuple[str, ...] = PLANS) -> str:
    """Return a notify file with five channels for one plan and one for the other, whose addresses are in the environment."""
    names = [(plan, channel) for plan in plans for channel in channels_of(plan)]
    ways = "".join(f"  {p}-{c}: {{type: webhook, url: {{env: {p}_{c}}}}}\n" for p, c in names)
    routes = "".join(f"  - {{name: {p}-{c}, channel: {p}-{c}, plan: [{p}], lang: en}}\n" for p, c in names)
    return f"format: kpi-tracker/notify/v1\nchannels:\n{ways}routes:\n{routes}"


def check(folder: Path, day: str, address: str, *more: str) -> None:
    """Check both plans in this process."""
    os.environ.clear()
    os.environ.update(environment(no_proxy="127.0.0.1"))
    os.environ.update({f"{p}_{c}": f"{address}/{p}/{c}" for p in PLANS for c in CHANNELS})
    try:
        main(["check", *(str(folder / plan) for plan in PLANS), "--as-of", day, *more, "-q", "--fail-on", "never"])
    except SystemExit as end:
        if end.code != 0:
            raise


def forked(act: Callable[[], None]) -> int:
    """Do something in a process of its own, and return how that ended."""
    child = os.fork()
    if child == 0:
        sys.stdout = sys.stderr
        try:
            act()
        except BaseException as error:
            print(repr(error), file=sys.stderr)
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


class Steps:
    """Ends the process at one of its steps: before and after each transaction, and before and after each answer."""

    def __init__(self, last: int) -> None:
        """End at the step `last`."""
        self.last, self.count = last, 0

    def step(self, unsure: bool = False) -> None:
        """Count a step; what a service has taken and nobody has written down yet is marked."""
        if self.count == self.last:
            if unsure:
                os.write(2, b"unsure\n")
            os.kill(os.getpid(), signal.SIGKILL)
        self.count += 1

    def watch(self) -> None:
        """Have the transactions and the answers of this process counted."""
        transaction, send = SqliteFile.transaction, Sender.send
        answered = [False]

        @contextmanager
        def counted(file: SqliteFile, write: bool = False) -> Iterator[Any]:
            self.step(answered[0])
            with transaction(file, write) as statements:
                yield statements
                self.step(answered[0])
            if write:
                answered[0] = False
            self.step()

        def sent(sender: Sender, message: Any, now: datetime) -> Any:
            self.step()
            outcome = send(sender, message, now)
            answered[0] = True
            self.step(unsure=True)
            return outcome

        SqliteFile.transaction, Sender.send = counted, sent  # type: ignore[method-assign, assignment]


def main_(folder: Path, address: str) -> None:
    """Kill one night after the other, each at a later step, until one comes to its end."""
    vars(ledger)["LEASE"] = timedelta(0)  # the next night need not wait for a quarter of an hour
    start = folder / "start"
    for name in PLANS:
        write_plan(start / name, name)
    (start / "n.yaml").write_text(notify_text(), encoding="utf-8")
    warm = Path(shutil.copytree(start, folder / "warm"))  # what is loaded at first use, is so before any is killed
    for day in NIGHTS[:2]:
        check(warm, day, f"{address}/warm", "--notify", str(warm / "n.yaml"), "--history")
    assert forked(lambda: check(start, NIGHTS[0], address, "--history")) == 0
    unsure, last, ended = [], 0, False
    while not ended:
        place = Path(shutil.copytree(start, folder / str(last)))
        told = ("--notify", str(place / "n.yaml"), "--history")
        mark = folder / "mark"

        def killed(place: Path = place, number: int = last, told: Any = told, mark: Path = mark) -> None:
            os.dup2(os.open(mark, os.O_CREAT | os.O_WRONLY | os.O_TRUNC), 2)
            Steps(number).watch()
            check(place, NIGHTS[1], f"{address}/{number}", *told)

        def whole(place: Path = place, number: int = last, told: Any = told) -> None:
            check(place, NIGHTS[2], f"{address}/{number}", *told)

        ended = forked(killed) == 0
        if mark.read_bytes().endswith(b"unsure\n"):
            unsure.append(last)
        assert forked(whole) == 0, last
        shutil.rmtree(place)
        last += 1
    print(json.dumps({"steps": last, "unsure": unsure}))


if __name__ == "__main__":
    main_(Path(sys.argv[1]), sys.argv[2])
