"""What is kept from one run to the next: used where nothing changed, byte for byte, and as good as absent otherwise."""

import os
import pickle
import shutil
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from zlib import crc32

import pytest

from kpi_tracker import kept
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.kept import ENTRIES, SETTING, Kept, kept_folder
from kpi_tracker.pipeline import Run, run
from kpi_tracker.reporting.jsonfile import to_json
from tests.cli.running import ROOT, SHOWCASE, start

DAY = date(2021, 9, 30)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """Return a plan of several files, with observations, that may be changed."""
    return Path(shutil.copytree(ROOT / SHOWCASE, tmp_path / "plan"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder for what is kept; it is not there yet."""
    return tmp_path / "kept" / "here"


def checked(plan: Path, folder: Path | None) -> str:
    """Return everything that a check says."""
    found = run(plan, DAY, kept=str(folder) if folder else None)
    return _said(found)


def _said(found: Run) -> str:
    return "".join(fault.render() for fault in found.diagnostics) + (
        to_json(found.scorecard) if found.scorecard else ""
    )


def read_again(plan: Path, folder: Path) -> list[str]:
    """Return which parts of a plan a run reads for their meaning."""
    again: list[str] = []
    memory = Kept(str(folder), str(plan))

    def read(name: str, files: list[Path], report: Report) -> tuple[str, bool]:
        again.append(name)
        for file in files:
            report.read[str(file)] = file.read_bytes()
        return name, True

    assert memory.part(lambda report: read("plan", [plan / "plan.yaml"], report)) == "plan"
    assert memory.part(lambda report: read("rows", sorted(plan.glob("*.csv")), report)) == "rows"
    memory.close()
    return again


def entry(folder: Path) -> Path:
    """Return the one entry of a folder."""
    (file,) = folder.iterdir()
    return file


def test_a_second_check_says_the_same_byte_for_byte(plan: Path, folder: Path) -> None:
    """With what was kept, without it, and where nothing is kept at all."""
    assert checked(plan, folder) == checked(plan, folder) == checked(plan, None)
    assert entry(folder).stat().st_size > 0
    assert folder.stat().st_mode & 0o777 == 0o700


def test_unchanged_files_are_not_read_for_their_meaning_again(plan: Path, folder: Path) -> None:
    """Rows that arrive do not make the plan be parsed again; another plan may see other things in the same rows."""
    (plan / "rows.csv").write_text("a", encoding="utf-8")
    assert read_again(plan, folder) == ["plan", "rows"]
    assert read_again(plan, folder) == []
    (plan / "rows.csv").write_text("b", encoding="utf-8")
    assert read_again(plan, folder) == ["rows"]
    assert read_again(plan, folder) == []
    (plan / "plan.yaml").write_text("other", encoding="utf-8")
    assert read_again(plan, folder) == ["plan", "rows"]


@pytest.mark.parametrize(
    "change", ["edit", "same size and time", "add a file", "remove a file", "rows", "new rows", "link"]
)
def test_pitfall_of_old_answers_any_change_is_seen(plan: Path, folder: Path, change: str) -> None:
    """Whatever changes in the files, or in which files there are, the check says what it says without a memory."""
    before = checked(plan, folder)
    areas, rows = sorted((plan / "areas").iterdir()), sorted((plan / "observations").iterdir())
    if change in ("edit", "same size and time"):
        times = areas[0].stat()
        text = areas[0].read_text(encoding="utf-8")
        areas[0].write_text(text.replace("title", "titel", 1), encoding="utf-8")
        if change != "edit":
            os.utime(areas[0], ns=(times.st_atime_ns, times.st_mtime_ns))
    elif change == "add a file":
        (plan / "areas" / "9-new.yaml").write_text("format: kpi-tracker/v1\nkpis: [{id: n}]\n", encoding="utf-8")
    elif change == "remove a file":
        areas[0].unlink()
    elif change == "rows":
        rows[0].write_text(rows[0].read_text(encoding="utf-8") + "nothing,2021-01,1\n", encoding="utf-8")
    elif change == "new rows":
        (plan / "observations" / "new.csv").write_text("kpi,date,value\nnothing,2021-01-31,1\n", encoding="utf-8")
    else:
        outside = plan.parent / "outside.yaml"
        areas[0].rename(outside)
        areas[0].symlink_to(outside)
    after = checked(plan, folder)
    assert after != before
    assert after == checked(plan, None)


def test_a_plan_file_that_goes_before_the_other_is_seen(tmp_path: Path, folder: Path) -> None:
    """plan.yaml is read where there is a plan.yml as well."""
    plan = Path(shutil.copytree(ROOT / "tests/plans/positive/smallest", tmp_path / "small"))
    (plan / "plan.yaml").rename(plan / "plan.yml")
    before = checked(plan, folder)
    assert checked(plan, folder) == before
    (plan / "plan.yaml").write_text("format: kpi-tracker/v1\n", encoding="utf-8")
    assert checked(plan, folder) == checked(plan, None) != before


def test_what_has_a_fault_is_not_kept(plan: Path, folder: Path) -> None:
    """A fault may rest on more than the bytes of files; and somebody is about to mend it."""
    (plan / "areas" / "9-new.yaml").write_text("format: kpi-tracker/v1\nkpis: [{id: n}]\n", encoding="utf-8")
    assert checked(plan, folder) == checked(plan, folder) == checked(plan, None)
    assert not folder.exists()


def test_nothing_is_kept_of_a_plan_that_cannot_be_read(tmp_path: Path, folder: Path) -> None:
    """A plan that is not there is told as ever."""
    assert "KT101" in checked(tmp_path / "nowhere", folder)
    assert not folder.exists()


def test_large_plans_are_not_kept(plan: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a size the copy of the files costs more than it saves."""
    monkeypatch.setattr(kept, "LARGEST", 100)
    assert checked(plan, folder) == checked(plan, None)
    assert not folder.exists()


def test_another_installation_of_the_same_version_reads_anew(
    plan: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One installed from a repository changes under its version; one in an archive has no time of its own."""
    (plan / "rows.csv").write_text("a", encoding="utf-8")
    for code in (tmp_path / "installed.py", tmp_path / "archive.pyz" / "kept.py"):
        (tmp_path / "installed.py").touch()
        monkeypatch.setattr("kpi_tracker.kept.__file__", str(code))
        assert [read_again(plan, folder), read_again(plan, folder)] == [["plan", "rows"], []]


@pytest.mark.parametrize("spoilt", ["empty", "cut", "garbage", "another version", "other classes"])
def test_a_spoilt_entry_is_as_good_as_none(plan: Path, folder: Path, spoilt: str) -> None:
    """Nothing is raised, nothing of it is used, and it is written anew."""
    expected = checked(plan, folder)
    file = entry(folder)
    whole = file.read_bytes()
    head, parts = _parts(whole[4:])
    if spoilt == "other classes":
        parts[1] = parts[1].replace(b"kpi_tracker.model.goal", b"kpi_tracker.model.gaol")
    other = pickle.dumps(("kpi_tracker", 0) if spoilt == "another version" else head, 5) + pickle.dumps(parts, 5)
    data = {"empty": b"", "cut": whole[:-9], "garbage": os.urandom(2000)}.get(spoilt) or (
        b"" if spoilt == "empty" else crc32(other).to_bytes(4, "big") + other
    )
    file.write_bytes(data)
    assert checked(plan, folder) == expected
    assert len(file.read_bytes()) == len(whole)


def _parts(data: bytes) -> tuple[object, list[bytes]]:
    stream = BytesIO(data)
    return pickle.load(stream), pickle.load(stream)


@pytest.mark.parametrize("mode", [0o720, 0o702])
def test_pitfall_of_trust_a_folder_that_others_can_write_is_not_used(plan: Path, folder: Path, mode: int) -> None:
    """Somebody else could have put there what a check then says, or runs."""
    folder.mkdir(parents=True)
    folder.chmod(mode)
    assert checked(plan, folder) == checked(plan, None)
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_no_fault(plan: Path, tmp_path: Path) -> None:
    """The check says what it says without one."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert checked(plan, tmp_path / "file" / "below") == checked(plan, None)


def test_an_entry_that_cannot_be_put_in_place_leaves_nothing(plan: Path, folder: Path) -> None:
    """What was half written is taken away."""
    checked(plan, folder)
    file = entry(folder)
    file.unlink()
    file.mkdir()
    assert checked(plan, folder) == checked(plan, None)
    assert entry(folder) == file


def test_the_oldest_entries_are_forgotten(plan: Path, folder: Path) -> None:
    """There are never more than so many, and what is not ours stays."""
    folder.mkdir(parents=True)
    for i in range(ENTRIES):
        file = folder / f"old-{i}.reading"
        file.write_bytes(b"")
        os.utime(file, (i, i))
    (folder / "somebody's").write_bytes(b"")
    checked(plan, folder)
    names = {file.name for file in folder.iterdir()}
    assert len(names) == ENTRIES + 1
    assert "old-0.reading" not in names
    assert {"old-1.reading", "somebody's"} <= names


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({SETTING: "/somewhere"}, "/somewhere"),
        ({SETTING: "off"}, None),
        ({SETTING: "", "XDG_CACHE_HOME": "/x"}, "/x/kpi_tracker"),
        ({"LOCALAPPDATA": "/y"}, "/y/kpi_tracker"),
        ({}, "/home/of/.cache/kpi_tracker"),
    ],
)
def test_where_it_is_kept(environ: Mapping[str, str], expected: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder that is named, else the user's own cache, for a package that is installed."""
    monkeypatch.setenv("HOME", "/home/of")
    monkeypatch.setattr(kept, "__file__", "/lib/python/site-packages/kpi_tracker/kept.py")
    assert kept_folder(environ) == expected


def test_without_a_home_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service may have none."""
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    monkeypatch.setattr(kept, "__file__", "/lib/python/site-packages/kpi_tracker/kept.py")
    assert kept_folder({}) is None


def test_a_checkout_keeps_nothing_unless_a_folder_is_named(folder: Path) -> None:
    """Its code changes without a new version."""
    assert kept_folder({"XDG_CACHE_HOME": "/x"}) is None
    cold = start("check", SHOWCASE, "--as-of", "2021-09-30", env={SETTING: str(folder)})
    warm = start("check", SHOWCASE, "--as-of", "2021-09-30", env={SETTING: str(folder)})
    assert cold == warm
    assert entry(folder).exists()
