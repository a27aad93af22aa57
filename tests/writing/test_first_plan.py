"""A first plan: in both languages it reads, checks and explains itself, and nothing that was there is lost."""

from datetime import date
from pathlib import Path

import pytest

import kpi_tracker
from kpi_tracker.cli import init_command
from kpi_tracker.loading.plan import read_plan
from kpi_tracker.model.measure import Status
from kpi_tracker.writing.first_plan import begin_plan
from kpi_tracker.writing.problem import WritingError
from tests.cli.running import run

FILES = ("README.md", "kpi-tracker-v1.schema.json", "observations/2027.csv", "plan.yaml")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_first_plan_is_sound(tmp_path: Path, lang: str) -> None:
    """It has no fault, is in canonical form, and its sample figures, marked as such, judge three KPIs."""
    begun = kpi_tracker.begin_plan(str(tmp_path / "new" / "plan"), 2027, lang)
    assert begun.files == FILES
    assert read_plan(begun.folder).diagnostics == ()
    assert run("fmt", "--check", begun.folder).code == 0
    ran = run("check", begun.folder, "--as-of", "2027-01-31", "--lang", lang)
    assert ran.code == 0
    assert ("示意数据" if lang == "zh" else "Illustrative data") in ran.out
    scorecard = kpi_tracker.check(begun.folder)
    assert [kpi.id for kpi in scorecard.kpis] == ["applications", "on-time-rate", "new-hall"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_missing_later_is_not_green(tmp_path: Path, lang: str) -> None:
    """In March nothing newer than January's samples makes them stale, and the check ends with 3."""
    begin_plan(str(tmp_path), 2027, lang)
    ran = run("check", str(tmp_path), "--as-of", "2027-03-15")
    assert ran.code == 3
    statuses = {kpi.id: kpi.status for kpi in kpi_tracker.check(tmp_path, as_of=date(2027, 3, 15)).kpis}
    assert statuses["applications"] is statuses["on-time-rate"] is Status.STALE


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_readme_names_what_is_there(tmp_path: Path, lang: str) -> None:
    """Every file and every command that it speaks of."""
    begin_plan(str(tmp_path), 2027, lang)
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in text for name in FILES if name != "README.md")
    for command in ("validate", "form", "import", "check", "explain", "fmt", "carry-over"):
        assert f"`kpi-tracker {command} " in text.replace("\n", " ")


def test_the_years_of_the_examples_are_the_one_asked_for(tmp_path: Path) -> None:
    """The plan's, the one before it, the names of files: none is left of another year."""
    begin_plan(str(tmp_path), 2031, "en")
    texts = [path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.*") if path.is_file()]
    assert not [text for text in texts if "2027" in text or "2026" in text]
    assert "Annual report 2030" in (tmp_path / "plan.yaml").read_text(encoding="utf-8")
    assert (tmp_path / "observations" / "2031.csv").exists()


@pytest.mark.parametrize(
    "name", ["plan.yaml", "plan.yml", "README.md", "observations/2027.csv", "kpi-tracker-v1.schema.json"]
)
def test_nothing_is_overwritten(tmp_path: Path, name: str) -> None:
    """Where one of its files is there, not even the others are written."""
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("mine", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(WritingError, match="is there already and is left as it is"):
        begin_plan(str(tmp_path), 2027)
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / name).read_text(encoding="utf-8") == "mine"


def test_other_files_do_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A repository with other things in it gets a plan where one stands."""
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "observations").mkdir()
    monkeypatch.chdir(tmp_path)
    assert begin_plan(".", 2027).files == FILES
    assert begin_plan("below", 2027).folder == "below"


def test_a_failure_takes_back_what_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full after the second file, in folders that were made for it."""
    calls: list[str] = []
    real = open

    def failing(path: str, *args: object, **more: object) -> object:
        if "x" in args:
            calls.append(path)
            if len(calls) == 3:
                raise OSError(28, "No space left on device")
        return real(path, *args, **more)  # type: ignore[call-overload]

    monkeypatch.setattr("builtins.open", failing)
    with pytest.raises(WritingError, match="could not be written, and nothing was: no room is left on the disk"):
        begin_plan(str(tmp_path / "a" / "b"), 2027)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("year", [1, 10_000])
def test_years_that_cannot_be(tmp_path: Path, year: int) -> None:
    """A plan's year has four digits, and so have those before and after it."""
    with pytest.raises(WritingError, match="the year must be from 1001 to 9998"):
        begin_plan(str(tmp_path), year)


def test_init_says_what_comes_next(tmp_path: Path) -> None:
    """The commands are those that work on the new plan."""
    folder = tmp_path / "my plan"
    ran = run("init", str(folder), "--year", "2027")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        f"{folder}: README.md, kpi-tracker-v1.schema.json, observations/2027.csv, plan.yaml\n"
        "next, when plan.yaml says what you want:\n"
        f"  kpi-tracker validate '{folder}'\n"
        f"  kpi-tracker check '{folder}' --as-of 2027-01-31\n"
        f"  kpi-tracker explain '{folder}' applications\n"
        f"  kpi-tracker fmt '{folder}'\n"
    )
    again = run("init", str(folder), "--year", "2027", "--lang", "zh")
    assert (again.code, again.out) == (3, "")
    assert "已经存在，保持原样" in again.err


def test_init_is_for_this_year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The year is that of today where the plan's days are."""
    zones: list[str] = []

    def today(zone: str) -> date:
        zones.append(zone)
        return date(2030, 1, 1)

    monkeypatch.setattr("kpi_tracker.calendar.today", today)
    assert run("init", str(tmp_path / "a"), "--lang", "zh").code == 0
    assert zones == [init_command.ZONE["zh"]]
    assert (tmp_path / "a" / "observations" / "2030.csv").exists()
