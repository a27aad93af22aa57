"""The folder of documents: whole or not at all, whatever happens, and nothing touched that is not ours."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from kpi_tracker.documents.exchange import exchange, restore
from kpi_tracker.documents.folder import FolderError, write_folder
from kpi_tracker.documents.staging import MANIFEST
from tests.cli.running import environment
from tests.documents.killed import AFTER, BEFORE, content, files

KILLED = Path(__file__).with_name("killed.py")
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None


def names(folder: Path) -> list[str]:
    """Return the names of all that stands right in a folder."""
    return sorted(path.name for path in folder.iterdir())


def unmeasured() -> dict[str, str]:
    """Return an environment without coverage: what is measured in a process that is killed, or may write little, is lost."""
    return {name: value for name, value in environment().items() if not name.startswith("COVERAGE")}


def tree(folder: Path) -> dict[str, bytes | str]:
    """Return all that a folder holds, hidden or not: files with their bytes, links with what they lead to."""
    return {
        path.relative_to(folder).as_posix(): str(path.readlink())
        if path.is_symlink()
        else path.read_bytes()
        if path.is_file()
        else "folder"
        for path in folder.rglob("*")
    }


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder that holds the first version, written by us."""
    write_folder(str(tmp_path / "out"), files(BEFORE))
    return tmp_path / "out"


def test_what_is_written_is_there_and_nothing_else(tmp_path: Path) -> None:
    """The files, and the list of them; no lock, no work folder; folders above are made."""
    out = tmp_path / "new" / "out"
    seen: list[str] = []
    written = write_folder(str(out), files(BEFORE), seen.append)
    assert content(str(out)) == BEFORE
    assert [name for name in names(out) if name.startswith(".")] == [MANIFEST]
    assert json.loads((out / MANIFEST).read_text("utf-8"))["files"] == sorted(BEFORE)
    assert (written.files, written.changed, written.removed) == (tuple(BEFORE), tuple(BEFORE), ())
    assert seen == list(BEFORE)


def test_a_second_run_tells_what_changed_and_removes_what_is_gone(out: Path) -> None:
    """Files of pages that no longer exist go, with the folders that they leave empty."""
    written = write_folder(str(out), files(AFTER))
    assert content(str(out)) == AFTER
    assert written.files == tuple(AFTER)
    assert written.changed == ("index.html", "zh/a.html", "zh/e/f.html", "en/a.html", "fr/g.html")
    assert written.removed == ("README.md", "en/d.html")
    write_folder(str(out), [("index.html", b"2")])
    assert tree(out).keys() == {MANIFEST, "index.html"}


def test_what_has_not_changed_is_the_same_file(out: Path) -> None:
    """rsync and git see real change only: time and inode of the others stay."""
    for path in out.rglob("*.html"):
        os.utime(path, (1_000_000, 1_000_000))
    before = {path: (path.stat().st_mtime, path.stat().st_ino) for path in out.rglob("*.html")}
    folder = out.stat().st_ino
    write_folder(str(out), files({**BEFORE, "zh/a.html": "new"}))
    changed = {path for path, seen in before.items() if (path.stat().st_mtime, path.stat().st_ino) != seen}
    assert changed == {out / "zh/a.html"}
    assert out.stat().st_ino == folder, "who holds the folder (a server, a container) keeps it"


def test_a_run_without_change_touches_nothing(out: Path) -> None:
    """Not even the folders are made anew."""
    before = {path: (path.stat().st_ino, path.stat().st_mtime) for path in out.rglob("*")}
    written = write_folder(str(out), files(BEFORE))
    assert (written.changed, written.removed) == ((), ())
    assert {path: (path.stat().st_ino, path.stat().st_mtime) for path in out.rglob("*")} == before


def test_files_of_others_are_kept(out: Path, tmp_path: Path) -> None:
    """Beside ours, among ours, links, empty folders, hidden ones: all that we did not write stays as it was."""
    away = tmp_path / "away"
    away.mkdir()
    (away / "treasure").write_text("gold", encoding="utf-8")
    (out / "CNAME").write_text("kpi.example", encoding="utf-8")
    (out / ".git" / "refs").mkdir(parents=True)
    (out / "zh" / "b" / "notes.txt").write_text("mine", encoding="utf-8")
    (out / "zh" / "empty" / "deep").mkdir(parents=True)
    (out / "en" / "link").symlink_to(away)
    (out / "en" / "broken").symlink_to("nowhere")
    (out / "en" / "own").mkdir()
    (out / "en" / "own" / "page.html").write_text("mine", encoding="utf-8")
    write_folder(str(out), [("zh/a.html", b"2")])
    assert tree(out) == {
        MANIFEST: (out / MANIFEST).read_bytes(), "CNAME": b"kpi.example", ".git": "folder", ".git/refs": "folder",
        "zh": "folder", "zh/a.html": b"2", "zh/b": "folder", "zh/b/notes.txt": b"mine", "zh/empty": "folder",
        "zh/empty/deep": "folder", "en": "folder", "en/link": str(away), "en/broken": "nowhere", "en/own": "folder",
        "en/own/page.html": b"mine",
    }  # fmt: skip
    assert (away / "treasure").read_text("utf-8") == "gold"


def test_ours_that_were_changed_by_hand_are_written_anew(out: Path, tmp_path: Path) -> None:
    """Also where a link took the place of a file: the file that it leads to is not ours to write."""
    secret = tmp_path / "secret"
    secret.write_text("1", encoding="utf-8")
    (out / "index.html").write_text("by hand", encoding="utf-8")
    (out / "zh" / "a.html").write_text("!", encoding="utf-8")
    (out / "en" / "a.html").unlink()
    (out / "en" / "a.html").symlink_to(secret)
    (out / "en" / "d.html").unlink()
    written = write_folder(str(out), files({**BEFORE, "en/a.html": "2"}))
    assert content(str(out)) == {**BEFORE, "en/a.html": "2"}
    assert written.changed == ("index.html", "zh/a.html", "en/a.html", "en/d.html")
    assert secret.read_text("utf-8") == "1"


def test_a_page_can_become_a_folder_and_a_folder_a_page(out: Path) -> None:
    """As long as there is nothing of anybody else in it."""
    write_folder(str(out), files({"zh": "page", "index.html/a": "below", "en/a.html/x": "below"}))
    assert content(str(out)) == {"zh": "page", "index.html/a": "below", "en/a.html/x": "below"}
    write_folder(str(out), files(BEFORE))
    assert content(str(out)) == BEFORE


@pytest.mark.parametrize("where", ["index.html", "zh/own.html", "zh/own", "zh/link/a.html", "top/a.html"])
def test_a_file_of_somebody_in_the_place_of_ours_is_not_overwritten(where: str, tmp_path: Path) -> None:
    """It is named, and nothing is written."""
    out = tmp_path / "out"
    write_folder(str(out), [("zh/a.html", b"1")])
    (out / "index.html").write_text("mine", encoding="utf-8")
    (out / "zh" / "own.html").write_text("mine", encoding="utf-8")
    (out / "zh" / "own").mkdir()
    (out / "zh" / "own" / "page").write_text("mine", encoding="utf-8")
    (out / "zh" / "link").symlink_to(tmp_path)
    (out / "top").write_text("mine", encoding="utf-8")
    before = tree(out)
    with pytest.raises(FolderError, match="is in the way: kpi-tracker did not write it"):
        write_folder(str(out), [("zh/a.html", b"2"), (where, b"2")])
    assert tree(out) == before


def test_a_link_or_file_put_in_the_place_of_one_of_our_folders_is_kept(out: Path, tmp_path: Path) -> None:
    """It is not ours any more; where we need its place, that is told."""
    (out / "zh").rename(tmp_path / "zh")
    (out / "zh").symlink_to(tmp_path / "zh")
    with pytest.raises(FolderError, match="in the way"):
        write_folder(str(out), files(AFTER))
    write_folder(str(out), [("index.html", b"2")])
    assert str((out / "zh").readlink()) == str(tmp_path / "zh")
    assert (tmp_path / "zh" / "a.html").read_text("utf-8") == "1"


@pytest.mark.parametrize("path", ["", "/etc/x", "../x", "a/../../x", "a//b", "./a", "a\\..\\x", "c:x", "a\0", MANIFEST])
def test_a_path_that_leads_out_is_refused(path: str, out: Path) -> None:
    """A fault of ours is no reason to write anywhere else."""
    before = tree(out)
    with pytest.raises(ValueError, match="is not a path in a folder"):
        write_folder(str(out), [(path, b"2")])
    assert tree(out) == before


def test_a_file_given_twice_is_a_fault(out: Path) -> None:
    """Neither of the two is written."""
    before = tree(out)
    with pytest.raises(FolderError, match="exists"):
        write_folder(str(out), [("a", b"1"), ("a", b"2")])
    assert tree(out) == before


def test_a_folder_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    """Rather than emptied; one with nothing but hidden names is as good as empty."""
    out = tmp_path / "out"
    (out / ".git").mkdir(parents=True)
    (out / "photos.txt").write_text("mine", encoding="utf-8")
    before = tree(tmp_path)
    with pytest.raises(FolderError, match=r"is not empty and holds no documents of kpi-tracker \(.*json is missing\)"):
        write_folder(str(out), files(BEFORE))
    assert tree(tmp_path) == before
    (out / "photos.txt").unlink()
    write_folder(str(out), files(BEFORE))
    assert content(str(out)) == BEFORE


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    """Neither as OUT nor above it."""
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    with pytest.raises(FolderError, match="is a file, not a folder"):
        write_folder(str(tmp_path / "out"), files(BEFORE))
    with pytest.raises(FolderError, match="a part of its path is no folder"):
        write_folder(str(tmp_path / "out" / "below"), files(BEFORE))
    assert (tmp_path / "out").read_text("utf-8") == "mine"


@pytest.mark.parametrize("place", ["/", "~", "~/..", "plan", "plan/..", "plan/../link"])
def test_places_that_hold_what_is_dear_are_refused(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan's folder, the home folder and all above them; a link to them is the same."""
    (tmp_path / "home").mkdir()
    (tmp_path / "plan").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "plan")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    out = str(Path(place).expanduser() if place.startswith(("/", "~")) else tmp_path / place)
    with pytest.raises(FolderError, match="it is or holds"):
        write_folder(out, files(BEFORE), apart=[str(tmp_path / "plan")])
    assert not tree(tmp_path / "home")
    assert not tree(tmp_path / "plan")


def test_a_folder_inside_that_of_the_plan_or_home_is_fine(tmp_path: Path) -> None:
    """`plan/docs` is where many want it; `planned` is not inside `plan`."""
    (tmp_path / "plan").mkdir()
    for place in ("plan/docs", "planned", "pla"):
        write_folder(str(tmp_path / place), files(BEFORE), apart=[str(tmp_path / "plan")])
        assert content(str(tmp_path / place)) == BEFORE


def test_a_link_to_a_folder_is_followed(tmp_path: Path) -> None:
    """And stays a link; one that leads nowhere yet gets its folder."""
    for name in ("real", "later"):
        link = tmp_path / f"link-{name}"
        link.symlink_to(tmp_path / name)
        if name == "real":
            (tmp_path / name).mkdir()
        write_folder(str(link), files(BEFORE))
        assert link.is_symlink()
        assert content(str(tmp_path / name)) == BEFORE


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"format": "kpi-tracker-docs/v2", "files": []}', '{"format": "kpi-tracker-docs/v1"}',
             '{"format": "kpi-tracker-docs/v1", "files": [1]}',
             '{"format": "kpi-tracker-docs/v1", "plan": 1, "files": []}', "<<<<<<< HEAD\n", b"\xff\xfe"],
)  # fmt: skip
def test_a_damaged_list_is_named_and_nothing_is_written(text: str | bytes, out: Path) -> None:
    """A merge conflict in it, or a version to come."""
    (out / MANIFEST).write_bytes(text if isinstance(text, bytes) else text.encode())
    before = tree(out)
    with pytest.raises(FolderError, match=f"{MANIFEST} cannot be read: restore it, or empty the folder"):
        write_folder(str(out), files(AFTER))
    assert tree(out) == before


def test_the_documents_of_another_plan_are_not_replaced(tmp_path: Path) -> None:
    """The list names the plan; a run for another is refused before a file is made, and the site stays as it is."""
    out = tmp_path / "out"
    write_folder(str(out), files(BEFORE), plan="a")
    assert json.loads((out / MANIFEST).read_text("utf-8"))["plan"] == "a"
    before = tree(out)
    with pytest.raises(
        FolderError, match="holds the documents of the plan a, not of b: give a folder of its own, or empty"
    ):
        write_folder(str(out), iter(lambda: pytest.fail("a file was made"), None), plan="b")
    assert tree(out) == before
    write_folder(str(out), files(AFTER), plan="a")
    assert content(str(out)) == AFTER


def test_an_older_list_names_no_plan_and_gets_the_one_that_is_written(out: Path) -> None:
    """Who does not say which plan it is keeps the name that is there."""
    write_folder(str(out), files(AFTER), plan="a")
    write_folder(str(out), files(BEFORE))
    with pytest.raises(FolderError, match="of the plan a, not of b"):
        write_folder(str(out), files(AFTER), plan="b")


@pytest.mark.parametrize("name", ["../precious", "/etc/hostname", "..", "zh/../../precious", "", "zh\\\\..\\\\x"])
def test_a_list_that_leads_out_is_not_followed(name: str, out: Path, tmp_path: Path) -> None:
    """What it names is not in the folder, so it is not ours to remove."""
    (tmp_path / "precious").write_text("gold", encoding="utf-8")
    (out / MANIFEST).write_text(f'{{"format": "kpi-tracker-docs/v1", "files": ["{name}"]}}', encoding="utf-8")
    before = tree(tmp_path)
    with pytest.raises(FolderError, match="cannot be read"):
        write_folder(str(out), files(AFTER))
    assert tree(tmp_path) == before


# Runs that come to no good end.


@pytest.mark.parametrize("fault", [RuntimeError("no"), KeyboardInterrupt(), SystemExit(143), OSError(5, "input error")])
@pytest.mark.parametrize("after", [0, 1, 4])
def test_a_run_that_fails_leaves_what_was_there(fault: BaseException, after: int, out: Path, tmp_path: Path) -> None:
    """Ctrl-C, a signal, a fault in a page: the folder is as it was; the fault is told as it came."""

    def failing() -> Iterator[tuple[str, bytes]]:
        yield from files(AFTER)[:after]
        raise fault

    before = tree(tmp_path)
    for place in (out, tmp_path / "new" / "out"):
        with pytest.raises(type(fault)) as caught:
            write_folder(str(place), failing())
        assert caught.value is fault
        assert tree(tmp_path) == before


@pytest.mark.parametrize("step", range(1, 13))
def test_a_fault_in_the_exchange_is_put_back(step: int, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever rename fails: the folder is as it was, and the next run succeeds."""
    before, real, count = tree(out), os.rename, 0

    def rename(source: str, target: str) -> None:
        nonlocal count
        count += 1
        if count == step:
            raise KeyboardInterrupt if step % 2 else OSError(16, "Device or resource busy")
        real(source, target)

    monkeypatch.setattr(os, "rename", rename)
    with suppress(KeyboardInterrupt, FolderError):
        write_folder(str(out), files(AFTER))
    assert count >= min(step, 10)
    if count >= step:
        assert tree(out) == before
    monkeypatch.undo()
    write_folder(str(out), files(AFTER))
    assert content(str(out)) == AFTER


def test_killed_at_any_step_the_folder_is_whole_after_the_next_run() -> None:
    """A real process, killed before each of its steps in turn: the old or the new, a mixture only within the renames.

    A next run that fails puts the mixture right; one that succeeds leaves no trace of the other.
    """
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        done = subprocess.run(
            [sys.executable, KILLED, folder], env=unmeasured(), capture_output=True, check=True, timeout=120
        )
    mine = {"zh/b/mine.txt": "mine"}
    old, new = {**BEFORE, **mine}, {**AFTER, **mine}
    told = json.loads(done.stdout)
    assert len(told) > 50
    kinds = [["old" if one == old else "new" if one == new else "mixed" for one in each["found"]] for each in told]
    assert {kind[1] for kind in kinds} == {"old", "new"}, "put right by a run that wrote nothing"
    assert {kind[2] for kind in kinds} == {"new"}
    assert 0 < sum(kind[0] == "mixed" for kind in kinds) < 12
    assert [kind[0] for kind in kinds] == sorted((kind[0] for kind in kinds), key=["old", "mixed", "new"].index)
    assert {tuple(each["hidden"]) for each in told} == {(MANIFEST,)}


def test_a_work_folder_left_behind_is_no_hindrance(out: Path) -> None:
    """It is ours by its name; what is in it goes."""
    work = out / ".kpi-tracker-docs.writing"
    (work / "new").mkdir(parents=True)
    (work / "new" / "half").write_text("x", encoding="utf-8")
    (out / MANIFEST).unlink()
    for path in ("index.html", "README.md", "zh", "en"):
        subprocess.run(["rm", "-r", str(out / path)], check=True)
    write_folder(str(out), files(AFTER))
    assert content(str(out)) == AFTER
    assert not work.exists()


def test_a_work_folder_does_not_make_a_folder_ours(tmp_path: Path) -> None:
    """What a killed first run left among files of others is removed, and the folder refused."""
    out = tmp_path / "out"
    (out / ".kpi-tracker-docs.writing").mkdir(parents=True)
    (out / "photos.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(FolderError, match="is not empty"):
        write_folder(str(out), files(AFTER))
    assert tree(out) == {"photos.txt": b"mine"}


@pytest.mark.parametrize(
    "journal",
    ["{", "[]", "{}", '{"names": ["../precious"], "arriving": []}', '{"names": [".."], "arriving": []}',
     '{"names": [1], "arriving": []}', '{"names": ["zh"], "arriving": ["/etc"]}', '{"names": 1, "arriving": []}'],
)  # fmt: skip
def test_a_journal_that_is_not_ours_is_not_followed(journal: str, out: Path, tmp_path: Path) -> None:
    """It is named; nothing is moved."""
    work = out / ".kpi-tracker-docs.writing"
    (work / "old").mkdir(parents=True)
    (work / "old" / "x").write_text("x", encoding="utf-8")
    (tmp_path / "precious").write_text("gold", encoding="utf-8")
    (work / "journal.json").write_text(journal, encoding="utf-8")
    before = tree(tmp_path)
    with pytest.raises(FolderError, match=r"journal.json cannot be read"):
        write_folder(str(out), files(AFTER))
    assert tree(tmp_path) == before


def test_what_was_taken_away_by_hand_after_a_kill_does_not_stop_the_next_run(tmp_path: Path) -> None:
    """Only what is there is put back."""
    folder, work = tmp_path / "out", tmp_path / "out" / "work"
    (work / "old").mkdir(parents=True)
    (work / "new").mkdir()
    (work / "old" / "a").write_text("old", encoding="utf-8")
    (work / "journal.json").write_text('{"names": ["a", "b"], "arriving": ["a", "b"]}', encoding="utf-8")
    restore(str(folder), str(work))
    assert content(str(folder)) == {"a": "old"}
    assert not (work / "journal.json").exists()


def test_an_exchange_is_of_what_changes_only(tmp_path: Path) -> None:
    """Entries come, go, and are replaced; others stay."""
    folder, work = tmp_path / "out", tmp_path / "out" / ".work"
    (work / "new").mkdir(parents=True)
    for path, text in {
        "stays": "1",
        "goes": "1",
        "changes": "1",
        ".work/new/changes": "2",
        ".work/new/comes": "2",
    }.items():
        (folder / path).write_text(text, encoding="utf-8")
    exchange(str(folder), str(work), ["changes", "comes", "goes"])
    assert content(str(folder)) == {"stays": "1", "changes": "2", "comes": "2"}


# Two at once.


def test_two_runs_at_once_do_not_mix(out: Path) -> None:
    """The second is told at once, and the first goes on."""

    def while_another_writes() -> Iterator[tuple[str, bytes]]:
        yield from files(AFTER)[:2]
        with pytest.raises(FolderError, match="another run is writing there"):
            write_folder(str(out), files(BEFORE))
        yield from files(AFTER)[2:]

    write_folder(str(out), while_another_writes())
    assert content(str(out)) == AFTER


RACE = """
import sys
from kpi_tracker.documents.folder import FolderError, write_folder
name, out = sys.argv[1:]
told = []
for turn in range(40):
    try:
        write_folder(out, [(f"{folder}/{n}.html", f"{name} {turn}".encode()) for folder in "ab" for n in range(5)])
        told.append("written")
    except FolderError as error:
        told.append("busy" if "another run" in str(error) else str(error))
print("\\n".join(told))
"""


def test_two_processes_at_once_do_not_mix(tmp_path: Path) -> None:
    """Each run is written whole or refused; at the end all files are of one and the same run."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        out = Path(folder) / "out"
        runs = [
            subprocess.Popen(
                [sys.executable, "-c", RACE, name, out], env=environment(), stdout=subprocess.PIPE, text=True
            )
            for name in ("one", "two")
        ]
        told = [run.communicate(timeout=120)[0].split("\n")[:-1] for run in runs]
        assert [len(each) for each in told] == [40, 40]
        assert {*told[0], *told[1]} <= {"written", "busy"}
        assert len(set(content(out).values())) == 1
        assert names(out) == [MANIFEST, "a", "b"]


# The disk.

LIMITED = """
import resource, sys
from kpi_tracker.documents.folder import FolderError, write_folder
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    write_folder(sys.argv[1], [("a.html", b"x" * 10_000), ("b.html", b"x" * 30_000)])
except FolderError as error:
    print(error)
"""


def test_a_file_that_cannot_be_written_leaves_what_was_there(out: Path) -> None:
    """A real limit of the system, met in the middle of a file."""
    before = tree(out)
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, out], env=unmeasured(), capture_output=True, text=True, check=True
    )
    assert done.stdout == f"{out}/b.html: it would be too large\n"
    assert tree(out) == before


def test_a_full_disk_is_told_and_leaves_what_was_there(tmp_path: Path) -> None:
    """A small file system of its own, where the machine lets us have one."""
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", small], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only root can mount a small file system to fill")
    try:
        out = small / "out"
        write_folder(str(out), files(BEFORE))
        before = tree(out)
        with pytest.raises(FolderError, match=r"big\d.html: no room is left on the disk"):
            write_folder(str(out), [(f"big{n}.html", b"x" * 50_000) for n in range(9)])
        assert tree(out) == before
    finally:
        subprocess.run(["umount", small], check=True)


READ_ONLY = """
import os, sys
from kpi_tracker.documents.folder import FolderError, write_folder
import filelock
if os.geteuid() == 0:
    os.seteuid(65534)
for out in sys.argv[1:]:
    try:
        write_folder(out, [("a.html", b"1")])
    except FolderError as error:
        print(error)
"""


def test_a_folder_that_may_not_be_written_is_told() -> None:
    """One of ours that is read-only, one below a read-only folder, and one that may not even be read."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_folder(str(folder / "ours"), files(BEFORE))
        (folder / "closed").mkdir()
        places = [folder / "ours", folder / "new", folder / "closed" / "below"]
        for path, mode in ((folder / "closed", 0o000), (folder / "ours", 0o555), (folder, 0o555)):
            path.chmod(mode)
        done = subprocess.run(
            [sys.executable, "-c", READ_ONLY, *places], env=environment(), capture_output=True, text=True, check=True
        )
        folder.chmod(0o755)
        (folder / "closed").chmod(0o755)
        (folder / "ours").chmod(0o755)
        assert done.stdout.splitlines() == [f"{path}: it is not allowed to write there" for path in places]
        assert content(str(folder / "ours")) == BEFORE
        assert names(folder) == ["closed", "ours"]


def test_where_files_cannot_be_shared_they_are_copied_with_their_times(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a memory stick; links of others are copied as links."""

    def no_links(*_: object, **__: object) -> None:
        raise OSError(1, "Operation not permitted")

    (out / "zh" / "link").symlink_to("a.html")
    os.utime(out / "zh" / "b" / "c.html", (1_000_000, 1_000_000))
    monkeypatch.setattr(os, "link", no_links)
    write_folder(str(out), files(AFTER))
    assert (out / "zh" / "b" / "c.html").stat().st_mtime == 1_000_000
    assert str((out / "zh" / "link").readlink()) == "a.html"


def test_the_message_is_there_in_both_languages(tmp_path: Path) -> None:
    """The phrase of a fault can be shown in the user's language."""
    from kpi_tracker.language import language

    (tmp_path / "x").write_text("", encoding="utf-8")
    with pytest.raises(FolderError) as caught:
        write_folder(str(tmp_path), [])
    assert str(tmp_path) in language("zh").phrase(caught.value.phrase)
    assert str(caught.value) == language("en").phrase(caught.value.phrase)
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL, "a library leaves the signals alone"
