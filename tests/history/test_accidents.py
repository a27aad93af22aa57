"""What happens to a nightly run that happens to history: kills, company, full disks, locks, damage. Nothing is lost."""

import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock

from kpi_tracker.history.problem import HistoryError
from kpi_tracker.history.sqlite import SqliteFile
from kpi_tracker.history.store import History, open_history
from kpi_tracker.language import language
from tests.history.nights import FILES, NOW, PLAN, night

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65534


def refused(place: str | Path, act: Callable[[History], object] = lambda _: None, create: bool = True) -> str:
    """Return what is said where history cannot be opened, or something cannot be done with it; in Chinese too."""
    with pytest.raises(HistoryError) as caught, open_history(place, create) as history:
        act(history)
    assert language("zh").phrase(caught.value.phrase).startswith("历史记录")
    assert language("en").phrase(caught.value.phrase) == str(caught.value)
    return str(caught.value).removeprefix(f"history at {place}: ")


def append(history: History, days: int = 0) -> bool:
    """Append a night."""
    return history.append(night(days), NOW, revision=FILES).new


def filled(place: Path, nights: int = 3) -> bytes:
    """Make a history and return its bytes."""
    with open_history(place) as history:
        for days in range(nights):
            append(history, days)
    return place.read_bytes()


def script(name: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a script of these tests."""
    command = [sys.executable, "-m", f"tests.history.{name}", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def test_runs_killed_at_any_instant_lose_and_double_nothing(tmp_path: Path) -> None:
    """After 200 kills every night that was reported as written is there, once and whole, and the file is sound."""
    process = script("killed", tmp_path, 200, 20)
    told = json.loads(process.communicate()[0])
    assert process.returncode == 0
    assert (told["lost"], told["doubled"], told["sound"]) == (0, 0, "ok")
    assert told["runs"] > 20
    assert told["unreported"] > 0  # some were killed between writing and saying so: written all the same


def test_four_at_once_append_all_they_have(where: str) -> None:
    """Four processes that begin a history together and append 50 nights each, all to the same days, lose none."""
    processes = [script("together", where, number, 50) for number in range(4)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.close()
    for process in processes:
        assert process.wait(120) == 0
        assert process.stdout is not None
        process.stdout.close()
    with open_history(where) as history:
        runs = history.runs(PLAN)
        assert [run.turn for run in runs] == [1, 2, 3, 4] * 50
        assert len({(run.as_of, run.digest) for run in runs}) == 200


def fill_up(file: Path) -> None:
    """Write to a file until its disk is full."""
    number = os.open(file, os.O_CREAT | os.O_WRONLY)
    while _room(number):
        pass
    os.close(number)


def _room(number: int) -> bool:
    try:
        return os.write(number, bytes(512)) > 0
    except OSError:
        return False


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of 600 kB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=600k", "none", str(disk)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip(f"no disk can be mounted here: {done.stderr.decode()}")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_is_said_and_leaves_what_was_there(small_disk: Path) -> None:
    """The run that found no room is not written at all, those before are; once there is room, it goes on."""
    place = small_disk / "history.sqlite3"
    ballast = small_disk / "ballast"
    filled(place)
    fill_up(ballast)
    written = 3

    def fill(history: History) -> None:
        nonlocal written
        for days in range(3, 1000):
            append(history, days)
            written += 1

    assert refused(place, fill) == "no room is left on the disk"
    ballast.unlink()
    with open_history(place) as history:
        assert len(history.runs(PLAN)) == written
        assert append(history, 2000)


def test_a_disk_full_from_the_start_is_said(small_disk: Path) -> None:
    """No history can be begun; no file of it is taken for one later."""
    ballast = small_disk / "ballast"
    fill_up(ballast)
    assert refused(small_disk / ".kpi-tracker" / "history.sqlite3", append) == "no room is left on the disk"
    ballast.unlink()
    with open_history(small_disk / ".kpi-tracker" / "history.sqlite3") as history:
        assert append(history)


def test_a_limit_on_the_size_of_files_is_said(tmp_path: Path) -> None:
    """So is a quota-like limit."""
    place = tmp_path / "history.sqlite3"
    filled(place)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        said = refused(place, lambda history: append(history, 9))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert said == "no room is left on the disk"
    with open_history(place) as history:
        assert len(history.runs(PLAN)) == 3


def as_nobody(code: str, folder: Path) -> str:
    """Run Python as a user who owns nothing, and return what it prints."""
    if os.getuid() == 0:
        code = f"import os\nos.setgid({NOBODY})\nos.setuid({NOBODY})\n{code}"
    program = f"import sys\nsys.path[:0] = {[str(ROOT), *sys.path]!r}\nimport kpi_tracker.history.store, tests.history.nights\n"
    program += "import kpi_tracker.history.sqlite, kpi_tracker.history.server, filelock, tests.history.test_accidents\n"
    done = subprocess.run(
        [sys.executable, "-c", program + code], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


TRY = """
from kpi_tracker.history.problem import HistoryError
from tests.history.test_accidents import append
try:
    with kpi_tracker.history.store.open_history("history.sqlite3", create={create}) as history:
        {act}
except HistoryError as error:
    print(error)
"""


@pytest.fixture
def public() -> Iterator[Path]:
    """Return a folder that everybody may read."""
    folder = Path(f"/tmp/kpi-history-{os.getpid()}")
    folder.mkdir(mode=0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_folder_that_may_not_be_written_is_said_and_can_be_read(public: Path) -> None:
    """A run is refused in words; whoever only looks sees all that is there."""
    filled(public / "history.sqlite3")
    public.chmod(0o555)
    (public / "history.sqlite3").chmod(0o444)
    denied = "history at history.sqlite3: it is not allowed to write there"
    assert as_nobody(TRY.format(create=True, act="append(history, 9)"), public) == denied
    look = "print(len(history.runs('p')), len(history.path_of('p', 'a')))"
    assert as_nobody(TRY.format(create=False, act=look), public) == "3 3"


def test_no_history_is_begun_where_it_may_not_be(public: Path) -> None:
    """Neither the file nor its folder."""
    public.chmod(0o555)
    denied = "it is not allowed to write there"
    assert as_nobody(TRY.format(create=True, act="pass"), public) == f"history at history.sqlite3: {denied}"
    there = "history at .kpi-tracker/history.sqlite3: " + denied
    code = TRY.format(create=True, act="pass").replace('"history.sqlite3"', '".kpi-tracker/history.sqlite3"')
    assert as_nobody(code, public) == there


def test_a_file_that_may_not_be_read_is_said(public: Path) -> None:
    """Also where the folder may be written."""
    filled(public / "history.sqlite3")
    (public / "history.sqlite3").chmod(0o000)
    denied = "history at history.sqlite3: it is not allowed to write there"
    if os.getuid() == 0:
        assert as_nobody(TRY.format(create=False, act="print(history.plans())"), public) == denied


NOT_OURS = {
    "garbage": b"\xde\xad\xbe\xef" * 5000,
    "text": b"run,as_of\n1,2021-09-30\n" * 100,
    "zeros": bytes(20_000),
}


@pytest.mark.parametrize("kind", NOT_OURS)
def test_a_file_that_is_none_of_ours_is_left_alone(kind: str, tmp_path: Path) -> None:
    """Whatever is in it: it is named, and stays as it is."""
    place = tmp_path / "history.sqlite3"
    place.write_bytes(NOT_OURS[kind])
    for create in (True, False):
        assert refused(place, create=create) == "the file is no history: it is not a SQLite database"
    assert place.read_bytes() == NOT_OURS[kind]


def test_a_truncated_file_is_named_and_left_alone(tmp_path: Path) -> None:
    """A file that lost its end is damaged: it is neither repaired nor written to."""
    place = tmp_path / "history.sqlite3"
    whole = filled(place)
    place.write_bytes(whole[: len(whole) // 2])
    damaged = "the file is damaged: put a copy in its place, or move it away and a new history is begun"
    for act in (append, lambda history: history.scorecard(history.runs(PLAN)[0])):
        assert refused(place, act) == damaged
    assert place.read_bytes() == whole[: len(whole) // 2]


def test_an_empty_file_is_a_history_that_was_not_begun(tmp_path: Path) -> None:
    """As a run that was killed leaves it; whoever only looks finds none."""
    place = tmp_path / "history.sqlite3"
    place.touch()
    assert refused(place, create=False) == "there is none yet"
    with open_history(place) as history:
        assert append(history)


def test_a_folder_is_no_history(tmp_path: Path) -> None:
    """Nor is a place in a folder that is not there."""
    assert refused(tmp_path) == "it is a folder"
    assert refused(tmp_path / "no" / "h.sqlite3") == f"there is no folder {tmp_path / 'no'}"
    assert not (tmp_path / "no").exists()


def test_a_link_that_leads_nowhere_is_said(tmp_path: Path) -> None:
    """Nothing can be made at its end; and a reader finds nothing there."""
    place = tmp_path / "history.sqlite3"
    place.symlink_to(tmp_path / "gone" / "history.sqlite3")
    assert refused(place) == "it is not allowed to write there"
    assert refused(place, create=False) == "there is none yet"


def test_a_disk_that_is_read_only_can_be_read(small_disk: Path) -> None:
    """A reader sees what is there, as long as nothing was left beside the file that belongs into it."""
    place = small_disk / "history.sqlite3"
    filled(place)
    remount = ["mount", "-o", "remount,ro", str(small_disk)]
    subprocess.run(remount, check=True)
    with open_history(place, create=False) as history:
        assert len(history.runs(PLAN)) == 3
    assert refused(place, append) == "it is not allowed to write there"
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    (small_disk / "history.sqlite3-wal").write_bytes(b"left by a run that was killed")
    subprocess.run(remount, check=True)
    assert refused(place, create=False) == "it is not allowed to write there"


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    """Its tables are not ours."""
    place = tmp_path / "history.sqlite3"
    with closing(sqlite3.connect(place)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    before = place.read_bytes()
    assert refused(place) == "it is a database of another program"
    assert place.read_bytes() == before


def test_a_lock_that_is_not_let_go_is_said(tmp_path: Path) -> None:
    """Whoever waits for another too long says so; who reads waits for none."""
    place = tmp_path / "history.sqlite3"
    filled(place)
    with closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with History(SqliteFile(str(place), wait=0.2)) as history:
            assert len(history.runs(PLAN)) == 3
            with pytest.raises(HistoryError, match=r"another program has kept it locked for more than 0\.2 seconds"):
                append(history, 9)
        other.execute("ROLLBACK")


def test_a_history_that_another_begins_for_too_long_is_said(tmp_path: Path) -> None:
    """The tables are made by one process at a time."""
    place = str(tmp_path / "history.sqlite3")
    with FileLock(place + ".lock"), pytest.raises(HistoryError, match=r"kept it locked for more than 0\.1 seconds"):
        SqliteFile(place, wait=0.1)


def test_a_second_that_begins_finds_what_the_first_has_made(tmp_path: Path) -> None:
    """Who waited while another made the tables uses those."""
    place = str(tmp_path / "history.sqlite3")
    with FileLock(place + ".lock"):
        process = script("together", place, 1, 1)
        assert process.stdin is not None
        process.stdin.close()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1.5)
        shutil.copy(tmp_path / made(tmp_path), place)
    assert process.wait(60) == 0
    assert process.stdout is not None
    process.stdout.close()
    with open_history(place) as history:
        assert len(history.runs(PLAN)) == 1


def made(folder: Path) -> str:
    """Make an empty history in a folder, and return its name."""
    with open_history(folder / "made.sqlite3"):
        pass
    return "made.sqlite3"
