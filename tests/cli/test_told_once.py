"""Everything new is told once to everybody: whatever ends a night before it has told, and whatever was broken in it."""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kpi_tracker.history.store import open_history
from kpi_tracker.outcome import BROKEN, NOTHING
from tests.cli.killed_nights import CHANNELS, NIGHTS, PLANS, channels_of, notify_text, write_plan
from tests.cli.running import ROOT, Ran, environment, run
from tests.notify.servers import Answering, Got, Reply, answering

RAISED = {("raised", ""), ("raised", "k")}


@pytest.fixture
def service() -> Iterator[Answering]:
    """Return a service that takes every message."""
    with answering(Reply(200)) as server:
        yield server


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """Return a plan whose KPI lags from the second night on."""
    write_plan(tmp_path / "one", "one")
    return tmp_path / "one"


def told(got: list[Got]) -> Counter[tuple[str, str, str]]:
    """Return what each address was told, and how often: its path, the kind of event or change, and the item."""
    found: Counter[tuple[str, str, str]] = Counter()
    for one in got:
        body = json.loads(one.body)
        found.update((one.path, event["event"], event["path"]) for event in body["events"])
        found.update((one.path, change["kind"], change["path"]) for change in body["changes"])
    return found


def night(plan: Path, day: str, *more: str, env: dict[str, str] | None = None, channels: str = "") -> Ran:
    """Check the plan with a notify file of five channels; `channels` is the address of the service."""
    file = plan.parent / "n.yaml"
    if not file.exists():
        file.write_text(notify_text(("one",)), encoding="utf-8")
    addresses = {f"one_{c}": f"{channels}/{c}" for c in CHANNELS} if channels else {}
    ways = ("--notify", str(file), *more, "--fail-on", "never", "-q", "--history")
    return run("check", str(plan), "--as-of", day, *ways, env={"no_proxy": "127.0.0.1", **addresses, **(env or {})})


def test_a_night_that_is_killed_at_any_step_loses_nothing(tmp_path: Path) -> None:
    """Of two plans and five channels each: once, and twice only where it fell between the answer and its record."""
    with answering(Reply(200)) as server:
        ran = subprocess.run(
            [sys.executable, "-m", "tests.cli.killed_nights", str(tmp_path), server.url],
            cwd=ROOT, env=environment(PYTHONPATH=f"{ROOT / 'src'}:{ROOT}"), capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    steps = json.loads(ran.stdout.splitlines()[-1])
    assert steps["steps"] > 60
    assert len(steps["unsure"]) >= sum(len(channels_of(name)) for name in PLANS)
    found = told(server.got)
    for step in range(steps["steps"]):
        for name in PLANS:
            for channel in channels_of(name):
                for item in ("k", ""):
                    times = found[f"/{step}/{name}/{channel}", "raised", item]
                    assert 1 <= times <= 1 + (step in steps["unsure"]), (step, name, channel, item)


def test_a_notify_file_that_was_broken_for_a_night_loses_nothing(plan: Path, service: Answering) -> None:
    """Also where it was broken on the first night that anybody was to be told."""
    run("check", str(plan), "--as-of", NIGHTS[0], "-q", "--history")
    file = plan.parent / "n.yaml"
    file.write_text("format: kpi-tracker/notify/v1\nchannels: nonsense\n", encoding="utf-8")
    assert night(plan, NIGHTS[1], channels=service.url).code == BROKEN
    assert service.got == []
    file.unlink()
    assert night(plan, NIGHTS[2], channels=service.url).code == NOTHING
    found = told(service.got)
    assert {(kind, path) for _, kind, path in found if kind == "raised"} == RAISED
    assert set(found.values()) == {1}
    assert {path for path, *_ in found} == {f"/{c}" for c in CHANNELS}


def test_a_secret_that_was_missing_for_a_night_loses_nothing(plan: Path, service: Answering) -> None:
    """The others are told that night, and not again; the one without gets what it missed."""
    run("check", str(plan), "--as-of", NIGHTS[0], "-q", "--history")
    first = night(plan, NIGHTS[1], channels=service.url, env={"one_c": ""})
    assert (first.code, "channel one-c" in first.err) == (BROKEN, True)
    assert {path for path, *_ in told(service.got)} == {f"/{c}" for c in CHANNELS if c != "c"}
    assert night(plan, NIGHTS[2], channels=service.url).code == NOTHING
    found = told(service.got)
    assert {path for path, kind, item in found if (kind, item) == ("raised", "k")} == {f"/{c}" for c in CHANNELS}
    assert set(found.values()) == {1}


def test_who_looks_tells_nobody_and_takes_nothing_from_those_who_are_told(plan: Path, service: Answering) -> None:
    """A check without --notify, and a dry run, leave what is new to the next that tells."""
    night(plan, NIGHTS[0], channels=service.url)
    before = len(service.got)
    run("check", str(plan), "--as-of", NIGHTS[1], "-q", "--history")
    for _ in range(2):
        assert "Flags raised" in night(plan, NIGHTS[1], "--dry-run", channels=service.url).err
    assert len(service.got) == before
    night(plan, NIGHTS[2], channels=service.url)
    assert {(kind, item) for _, kind, item in told(service.got[before:])} >= RAISED
    assert "Nothing would be sent" in night(plan, NIGHTS[2], "--dry-run", channels=service.url).err


def test_telling_begins_with_the_first_night_that_tells(plan: Path, service: Answering) -> None:
    """Not with all that ever happened: what was up before is in the digest."""
    for day in NIGHTS[:2]:
        run("check", str(plan), "--as-of", day, "-q", "--history")
    night(plan, NIGHTS[2], channels=service.url)
    assert not [kind for _, kind, _ in told(service.got) if kind == "raised"]
    with open_history(plan / ".kpi-tracker" / "history.sqlite3") as history:
        mark = history.mark("one")
    assert mark is not None
    assert str(mark.day) == NIGHTS[2]


def test_a_past_night_is_told_to_nobody(plan: Path, service: Answering) -> None:
    """They know how it stands now; that nothing is sent is said."""
    for day in NIGHTS:
        night(plan, day, channels=service.url)
    sent = len(service.got)
    ran = night(plan, NIGHTS[1], channels=service.url)
    assert (ran.code, len(service.got)) == (NOTHING, sent)
    assert f"people were told how it stood later than on {NIGHTS[1]}" in ran.err


def test_what_a_corrected_night_changes_is_told(plan: Path, service: Answering) -> None:
    """Against what people were told that day, not once more against the night before."""
    for day in NIGHTS[:2]:
        night(plan, day, channels=service.url)
    sent = len(service.got)
    file = plan / "o.csv"
    file.write_text(file.read_text("utf-8").replace("k,2021-07,-20\n", "k,2021-07,10\n"), encoding="utf-8")
    night(plan, NIGHTS[1], channels=service.url)
    found = told(service.got[sent:])
    assert {(kind, item) for _, kind, item in found} == {("recovered", "k"), ("recovered", "")}
    assert set(found.values()) == {1}


def garbage(plan: Path) -> Path:
    """Put what no database holds in the place of the history, and return where."""
    place = plan / ".kpi-tracker" / "history.sqlite3"
    place.parent.mkdir(exist_ok=True)
    for old in place.parent.glob("history.sqlite3*"):
        old.unlink()
    place.write_bytes(b"nothing that a database would hold" * 100)
    return place


def test_that_history_cannot_be_read_is_told_once(plan: Path, service: Answering, tmp_path: Path) -> None:
    """To everybody; the nights after are quiet until it is mended, and a dry run does not say that nothing changed."""
    place, cache = garbage(plan), {"KPI_TRACKER_CACHE": str(tmp_path / "cache")}
    shown = night(plan, NIGHTS[0], "--dry-run", channels=service.url, env=cache)
    assert "History cannot be read, so what changed is not known" in shown.err
    for day in NIGHTS[:2]:
        ran = night(plan, day, channels=service.url, env=cache)
        assert (ran.code, "this run was not written to history" in ran.err) == (BROKEN, True)
    assert len(service.got) == len(CHANNELS)
    body = json.loads(service.got[0].body)
    assert "it is not a SQLite database" in body["unknown"]
    assert "what changed is not known" in body["text"]
    quiet = night(plan, NIGHTS[1], "--dry-run", channels=service.url, env=cache)
    assert "what changed is not known, and that was told" in quiet.err
    place.unlink()
    assert night(plan, NIGHTS[1], channels=service.url, env=cache).code == NOTHING
    service.got.clear()
    garbage(plan)
    night(plan, NIGHTS[2], channels=service.url, env=cache)
    assert len(service.got) == len(CHANNELS)


def test_where_no_note_can_be_kept_it_is_told_again(plan: Path, service: Answering) -> None:
    """Every night, rather than never; and a digest only on its day, since nobody knows whether one was missed."""
    garbage(plan)
    file = plan.parent / "n.yaml"
    text = notify_text(("one",)).replace("lang: en", "lang: en, digest: saturday")
    file.write_text(text, encoding="utf-8")
    for day, digest in (("2021-07-30", False), ("2021-07-31", True)):
        service.got.clear()
        night(plan, day, channels=service.url)
        assert [json.loads(got.body)["digest"] for got in service.got] == [digest] * len(CHANNELS)


@contextmanager
def nobody() -> Iterator[None]:
    """Own nothing for a while, also where the tests are run by root."""
    own = os.geteuid()
    if own == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(own)


def test_what_changed_is_told_where_history_can_be_read_and_not_written(service: Answering) -> None:
    """A folder that may only be read, tried by somebody who owns nothing: the same changes, and the code says the rest."""
    folder = Path(f"/tmp/kpi-night-{os.getpid()}")
    try:
        write_plan(folder / "one", "one")
        plan = folder / "one"
        run("check", str(plan), "--as-of", NIGHTS[0], "-q", "--history")
        shown = night(plan, NIGHTS[1], "--dry-run", channels=service.url)
        with open_history(plan / ".kpi-tracker" / "history.sqlite3") as history:
            assert len(history.runs("one")) == 2
        shutil.rmtree(plan / ".kpi-tracker")
        run("check", str(plan), "--as-of", NIGHTS[0], "-q", "--history")
        (plan / ".kpi-tracker").chmod(0o555)
        (plan / ".kpi-tracker" / "history.sqlite3").chmod(0o444)
        with nobody():
            dry = night(plan, NIGHTS[1], "--dry-run", channels=service.url)
            real = night(plan, NIGHTS[1], channels=service.url)
    finally:
        (folder / "one" / ".kpi-tracker").chmod(0o755)
        shutil.rmtree(folder)
    assert dry.err.endswith(shown.err)
    assert (real.code, "this run was not written to history" in real.err) == (BROKEN, True)
    assert "what was sent could not be recorded" in real.err
    assert {(kind, item) for _, kind, item in told(service.got)} >= RAISED


def subjects(service: Answering) -> list[str]:
    """Return what the one channel was told, and forget it."""
    said = [json.loads(got.body)["subject"] for got in service.got]
    service.got.clear()
    return said


def test_a_broken_plan_is_told_once_and_when_it_is_mended(plan: Path, service: Answering) -> None:
    """Then only in a digest, with since when; other faults are news, and so is that it can be read again."""
    good = (plan / "plan.yaml").read_text(encoding="utf-8")
    file = plan.parent / "n.yaml"
    file.write_text(
        "format: kpi-tracker/notify/v1\nchannels: {c: {type: webhook, url: {env: one_c}}}\n"
        "routes: [{name: r, channel: c, lang: en, changes: [removed], digest: saturday}]\n", encoding="utf-8",
    )  # fmt: skip
    night(plan, "2021-07-11", channels=service.url)
    assert subjects(service) == ["Plan one: state of all: 0 lagging, 0 with data problems (2021-07-11)"]
    (plan / "plan.yaml").write_text(good.replace("baseline: 0", "baselin: 0"), encoding="utf-8")
    assert "the check failed" in night(plan, "2021-07-12", "--dry-run", channels=service.url).err
    for day in ("2021-07-12", "2021-07-12", "2021-07-13"):
        assert night(plan, day, channels=service.url).code == BROKEN
    first = subjects(service)
    assert len(first) == 1
    assert "the check failed" in first[0]
    night(plan, "2021-07-17", channels=service.url)
    body = json.loads(service.got[0].body)
    assert (body["failed"], body["failing_since"]) == (True, "2021-07-12")
    assert "The check has failed since 2021-07-12" in body["text"]
    assert "the check still fails" in subjects(service)[0]
    (plan / "plan.yaml").write_text(good.replace("title: K", "titel: K"), encoding="utf-8")
    night(plan, "2021-07-19", channels=service.url)
    assert "the check failed" in subjects(service)[0]
    (plan / "plan.yaml").write_text("format: kpi-tracker/v1\nid: one\nperiod: soon\n", encoding="utf-8")
    for day in ("2021-07-20", "2021-07-21"):
        night(plan, day, channels=service.url)
    assert len(subjects(service)) == 1
    assert "people were told how it stood later" in night(plan, "2021-07-20", channels=service.url).err
    (plan / "plan.yaml").write_text(good, encoding="utf-8")
    for day in ("2021-07-22", "2021-07-22", "2021-07-23"):
        night(plan, day, channels=service.url)
    [body] = [json.loads(got.body) for got in service.got]
    assert body["mended"]
    assert "The check had failed since 2021-07-12." in body["text"]
    assert "the check works again" in body["subject"]
