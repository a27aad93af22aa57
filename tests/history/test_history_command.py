"""The commands: runs, the course of an item, export; and what is said where there is nothing to show."""

import csv
import os
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars
import pytest

import kpi_tracker
from kpi_tracker.history.store import default_history, open_history
from kpi_tracker.record import changed
from tests.cli.running import Ran, run
from tests.history.nights import FILES, written_plan
from tests.reporting.showcase import PLAN

GOLDEN = Path(__file__).with_name("golden")
MADE = datetime(2021, 10, 1, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a history of the showcase: twelve nights of October, the last with uncommitted changes, one without git."""
    place = str(tmp_path_factory.mktemp("history") / "h.sqlite3")
    with open_history(place) as history:
        for days in range(0, 36, 3):
            day = date(2021, 9, 28) + timedelta(days=days)
            revision = FILES._replace(dirty=days == 33) if days else FILES._replace(commit=None, dirty=None)
            history.append(kpi_tracker.check(PLAN, day), MADE + timedelta(days=days), revision=revision)
    return place


def shown(place: str, *words: str, lang: str = "en") -> Ran:
    """Return what `history` shows of the showcase."""
    return run("history", str(PLAN), *words, "--history", place, "--lang", lang)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(("name", "words"), [
    ("runs", ()), ("since", ("--since", "2021-10-20")), ("kpi", ("permits",)), ("goal", ("safety",)),
])  # fmt: skip
def test_history_shows_what_it_always_showed(name: str, words: tuple[str, ...], lang: str, place: str) -> None:
    """Byte for byte what the golden file holds; KPI_TRACKER_UPDATE_GOLDEN=1 writes them anew."""
    found = shown(place, *words, lang=lang)
    assert (found.code, found.err) == (0, "")
    file = GOLDEN / f"{name}.{lang}.txt"
    if os.environ.get("KPI_TRACKER_UPDATE_GOLDEN"):
        file.write_text(found.out, encoding="utf-8")
    assert found.out == file.read_text("utf-8")


def test_options_may_come_first(place: str) -> None:
    """What is no command is a plan, wherever it stands."""
    expected = shown(place).out
    assert run("history", "--history", place, str(PLAN)).out == expected
    assert run("history", "show", str(PLAN), "--history", place).out == expected
    assert run("--lang", "zh", "history", str(PLAN), "--history", place).out == shown(place, lang="zh").out


def test_the_help_names_both_commands() -> None:
    """Also in Chinese."""
    for lang, word in (("en", "Show what nightly runs have found"), ("zh", "查看每晚检查留下的记录")):
        found = run("history", "--help", env={"LC_ALL": lang})
        assert (found.code, word in found.out, "export" in found.out) == (0, True, True)
    assert run("history").code == 2


@pytest.mark.parametrize(("words", "code", "said"), [
    (("nothing",), 2, "no run knows a goal or KPI “nothing”\n"),
    (("permit",), 2, "no run knows a goal or KPI “permit”; did you mean “permits”?\n"),
    (("--since", "2022-01-01"), 3, "there is no run from 2022-01-01 on\n"),
    (("--since", "today"), 3, f"there is no run from {date.today()} on\n"),
    (("--since", "soon"), 2, "“soon” is not a date, such as 2021-09-30\n"),
])  # fmt: skip
def test_what_there_is_not_is_said(words: tuple[str, ...], code: int, said: str, place: str) -> None:
    """With the nearest there is."""
    found = shown(place, *words)
    assert (found.code, found.out) == (code, "")
    assert found.err.endswith(said)


def test_a_plan_without_history_is_told(tmp_path: Path, place: str) -> None:
    """No history at all, none of this plan, no plan."""
    folder = str(written_plan(tmp_path))
    found = run("history", folder)
    assert (found.code, found.err) == (3, f"history at {default_history(folder)}: there is none yet\n")
    found = run("history", folder, "--history", place)
    assert (found.code, found.err) == (3, f"history at {place} has no run of the plan “small”\n")
    found = run("history", str(tmp_path / "gone"), "--history", place)
    assert found.code == 3
    assert "KT101" in found.err


@pytest.mark.parametrize(("line", "found"), [
    ("id: small # ours", True), ("id: 'small'", True), ('id: "small"', True), ("id: [small]", False), ("", False),
])  # fmt: skip
def test_a_broken_plan_still_shows_its_history(line: str, found: bool, tmp_path: Path) -> None:
    """Where the id can be read in its line; its faults are told beside it."""
    folder = written_plan(tmp_path)
    with open_history(default_history(folder)) as history:
        history.append(kpi_tracker.check(folder, date(2021, 9, 30)), MADE)
    (folder / "plan.yaml").write_text(f"format: kpi-tracker/v1\n{line}\nkpis: {{[\n")
    shows = run("history", str(folder), "a")
    assert shows.code == (0 if found else 3)
    assert ("2021-09-30" in shows.out) == found
    assert "KT1" in shows.err


def test_an_item_that_the_plan_no_longer_has_is_shown(tmp_path: Path) -> None:
    """What a run knew can be looked at."""
    folder = written_plan(tmp_path)
    with open_history(default_history(folder)) as history:
        history.append(kpi_tracker.check(folder, date(2021, 9, 30)), MADE)
    plan = folder / "plan.yaml"
    plan.write_text(plan.read_text().replace("id: a,", "id: b,"))
    found = run("history", str(folder), "a")
    assert (found.code, "40" in found.out) == (0, True)


def cells(file: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_what_has_no_figure_yet_has_no_sparkline(tmp_path: Path) -> None:
    """The status says why."""
    folder = written_plan(tmp_path)
    (folder / "observations" / "a.csv").write_text("kpi,date,value\n")
    with open_history(default_history(folder)) as history:
        history.append(kpi_tracker.check(folder, date(2021, 1, 5)), MADE)
    found = run("history", str(folder))
    assert (found.code, "pending" in found.out, "attainment –" in found.out, "▁" in found.out) == (
        0,
        True,
        False,
        False,
    )


def test_csv_has_a_row_for_each_item_of_each_run(place: str, tmp_path: Path) -> None:
    """Numbers are numbers, and every figure is that of the scorecard."""
    out = tmp_path / "h.csv"
    found = run("history", "export", str(PLAN), "-o", str(out), "--history", place, "--since", "2021-10-25")
    last = kpi_tracker.check(PLAN, date(2021, 10, 31))
    assert (found.code, found.out) == (0, f"{out}: {3 * len(last.items)} rows\n")
    rows = [row for row in cells(out) if row["as_of"] == "2021-10-31"]
    assert [row["path"] for row in rows] == list(last.items)
    for row in rows:
        score = last.items[row["path"]]
        assert row["status"] == score.status.value
        assert row["lag"] == ("" if score.lag is None else repr(float(score.lag)))
        assert (row["kind"] == "kpi") == hasattr(score, "kpi")


def test_csv_carries_no_formula(tmp_path: Path) -> None:
    """A cell that a spreadsheet would run begins with an apostrophe; a number below 0 stays one."""
    folder = written_plan(tmp_path)
    card = kpi_tracker.check(folder, date(2021, 9, 30))
    with open_history(default_history(folder)) as history:
        history.append(changed(card, items={**card.items, "a": changed(card.items["a"], lag=-3.5)}), MADE)
    assert run("history", "export", str(folder), "-o", str(tmp_path / "h.csv"), "--lang", "zh").out.endswith("：2 行\n")
    rows = cells(tmp_path / "h.csv")
    assert (rows[1]["title_zh"], rows[1]["lag"], rows[1]["value"]) == ("'=1+1", "-3.5", "40.0")


def test_parquet_holds_the_same(place: str, tmp_path: Path) -> None:
    """Dates are dates and figures numbers, whatever the first rows hold."""
    files = [tmp_path / "h.csv", tmp_path / "h.data"]
    assert run("history", "export", str(PLAN), "-o", str(files[0]), "--history", place).code == 0
    assert run("history", "export", str(PLAN), "-o", str(files[1]), "--history", place, "--format", "parquet").code == 0
    frame = polars.read_parquet(files[1])
    rows = cells(files[0])
    assert frame.columns == list(rows[0])
    assert (frame.schema["as_of"], frame.schema["lag"], frame.schema["dirty"]) == (
        polars.Date, polars.Float64, polars.Boolean,
    )  # fmt: skip
    for name in ("path", "as_of", "status", "attainment", "lag", "target", "grade", "severity", "commit", "dirty"):
        assert ["" if cell is None else str(cell) for cell in frame[name].to_list()] == [row[name] for row in rows]


def test_an_export_that_cannot_be_written_leaves_nothing(place: str, tmp_path: Path) -> None:
    """Nor does it touch what is there."""
    arguments = ("--history", place, "-o")
    for name, why in (("no/h.csv", "there is no such folder"), ("folder.csv", "it is a folder")):
        (tmp_path / "folder.csv").mkdir(exist_ok=True)
        found = run("history", "export", str(PLAN), *arguments, str(tmp_path / name))
        assert (found.code, found.err) == (3, f"{tmp_path / name} could not be written: {why}\n")
        assert [file.name for file in tmp_path.iterdir()] == ["folder.csv"]
    found = run("history", "export", str(PLAN), *arguments, "h.xlsx")
    assert (found.code, "“h.xlsx” does not end in .csv or .parquet" in found.err) == (2, True)


def test_parquet_without_its_extra_is_named(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the line that installs it."""
    monkeypatch.setitem(sys.modules, "polars", None)
    found = run("history", "export", str(PLAN), "--history", place, "-o", str(tmp_path / "h.parquet"))
    assert (found.code, found.err) == (3, "Parquet needs what is not installed: pip install 'kpi-tracker[parquet]'\n")
    assert list(tmp_path.iterdir()) == []
