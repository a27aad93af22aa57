"""Where observations lie, and what is wrong with a file: located, in our words, all at once."""

from pathlib import Path

import polars as pl
import pytest

from kpi_tracker.diagnostics.report import Report
from kpi_tracker.many.columns import has_meaning, kind_of
from kpi_tracker.many.files import Lot, damaged_in, is_address, lots, of_engine, said
from tests.many.parquet import DAY, spoil, write


def told(report: Report) -> list[str]:
    return [fault.render("en") for fault in report.diagnostics]


def found(path: Path | str, report: Report | None = None) -> tuple[Lot, ...]:
    return lots(str(path), "county", report or Report())


def names(found: tuple[Lot, ...]) -> list[list[str]]:
    return [[Path(path).name for path in lot.paths] for lot in found]


def test_a_file_a_folder_and_a_pattern(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet")
    write(tmp_path / "deep" / "b.PARQUET")
    write(tmp_path / "_hidden" / "c.parquet")
    write(tmp_path / ".d.parquet")
    (tmp_path / "notes.txt").write_text("no data")
    assert names(found(tmp_path / "a.parquet")) == [["a.parquet"]]
    assert names(found(tmp_path)) == [["a.parquet", "b.PARQUET"]]
    assert names(found(tmp_path / "*.parquet")) == [["a.parquet"]]
    assert names(found(tmp_path / "de*")) == [["b.PARQUET"]]
    assert names(found(tmp_path / "**" / "b.PARQUET")) == [["b.PARQUET"]]


def test_files_of_different_shapes_are_apart(tmp_path: Path) -> None:
    write(tmp_path / "1.parquet")
    write(tmp_path / "2.parquet", value=[1, 2])
    write(tmp_path / "3.parquet")
    assert names(found(tmp_path)) == [["1.parquet", "3.parquet"], ["2.parquet"]]


def test_the_path_tells_the_county(tmp_path: Path) -> None:
    write(tmp_path / "year=2021" / "county=010001" / "x.parquet", county=None)
    one = found(tmp_path)[0]
    assert (one.parts, one.root) == (("year", "county"), str(tmp_path))
    assert one.columns["county"] == "county"


def test_what_stands_above_the_folder_tells_what_no_file_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A snapshot of a day, a county's own folder: a file's own columns count, wherever one stands; a pattern is no other way."""
    place = tmp_path / "YWJj==" / "COUNTY=z" / "county=z" / "date=2021-09-30" / "obs"
    write(place / "a.parquet")
    write(place / "county=y" / "b.parquet", county=None)
    for path in (place, place / "**" / "*.parquet", f"{place}/"):
        plain, split = found(path)
        assert (plain.parts, split.parts, split.told) == ((), ("county",), (("y",),))
        assert Path(split.root) == place
    monkeypatch.chdir(place)
    assert [lot.parts for lot in found(".")] == [(), ("county",)]
    for one in ("a.parquet", place / "a.parquet"):
        assert (found(one)[0].parts, found(one)[0].columns["county"]) == ((), "county")
    for path in (
        place / "county=y",
        place / "county=y" / "*.parquet",
        place / "county=y" / "b.parquet",
        place / "county=[y]",
    ):
        assert [lot.told for lot in found(path)] == [(("y",),)]


@pytest.mark.parametrize("folder", ["county=a/county=b", "county=a/County=b"])
def test_two_folders_that_tell_of_one_column(folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """DuckDB and Spark look at no case; nor does a column of the file by another one."""
    monkeypatch.chdir(tmp_path)
    write(Path("obs") / folder / "x.parquet", county=None)
    write(Path("own/county=a/x.parquet"), county=None, County=["r", "r"])
    report = Report()
    assert found("obs", report) == found("own", report) == ()
    assert [fault.code for fault in report.diagnostics] == ["KT417", "KT417"]


def test_a_county_told_by_path_and_by_column_is_told_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which of them is meant would be a guess. A file given by its own name needs no folder to tell it."""
    monkeypatch.chdir(tmp_path)
    one = write(Path("obs/county=甲/a.parquet"))
    report = Report()
    assert found("obs", report) == ()
    assert told(report) == ["obs/county=甲/a.parquet: error KT417: the column “county = county” stands twice"]
    assert found(one)[0].parts == ()
    assert found(write(Path("obs/county=乙/b.parquet"), county=None))[0].told == (("乙",),)


def test_the_files_of_some_groups_alone() -> None:
    """Where their paths tell; else any of them may have a row of theirs."""
    lot = Lot(("x", "y", "z"), {"county": "县", "kpi": "kpi"}, ("year", "县"), (("1", "甲"), ("2", "乙"), ("3", "甲")))
    assert lot.of("county", {"甲"}) == lot._replace(paths=("x", "z"), told=(("1", "甲"), ("3", "甲")))
    assert lot.of("county", {"丙"}).paths == ()
    assert lot.of("kpi", {"丙"}) == lot
    assert lot.by_file("file").rows() == [("x", "1", "甲"), ("y", "2", "乙"), ("z", "3", "甲")]


def test_folders_in_which_engines_read_otherwise_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files in them are left out, and all others are read."""
    monkeypatch.chdir(tmp_path)
    for folder in ("county=a", "county=b=c", "county=", "county=d%3De", "=f"):
        write(Path("obs") / folder / "x.parquet", county=["x", "y"] if folder == "=f" else None)
    report = Report()
    kept = found("obs", report)
    assert sorted(Path(path).parent.name for lot in kept for path in lot.paths) == ["=f", "county=a", "county=d%3De"]
    assert told(report) == [
        "obs/county=/x.parquet: error KT442: the Parquet file cannot be read: its folder “county=” has nothing after “=”",
        "obs/county=b=c/x.parquet: error KT442: the Parquet file cannot be read: its folder “county=b=c” has “=” more than "
        "once; in a name it is written %3D",
    ]


@pytest.mark.parametrize("path", ["gone.parquet", "gone*", "empty"])
def test_nothing_there_is_said(tmp_path: Path, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    report = Report()
    assert found(path, report) == ()
    why = "there is no Parquet file in this folder" if path == "empty" else "there is no such file or folder"
    assert told(report) == [f"{path}: error KT370: the observations cannot be found: {why}"]


def test_every_file_that_cannot_serve_is_named_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(Path("data/1-good.parquet"))
    Path("data/2-text.parquet").write_text("kpi,date,value\n")
    write(Path("data/3-lacks.parquet"), kpi=None, date=None, kpl=["x", "y"])
    write(Path("data/4-wrong.parquet"), date=["2021-06-30"] * 2, value=["1", "2"], county=[True, False])
    Path("data/5-empty.parquet").write_bytes(b"")
    report = Report()
    assert names(found("data", report)) == [["1-good.parquet"]]
    lines = told(report)
    assert [line.split(": ")[0] for line in lines] == [
        "data/2-text.parquet", *["data/3-lacks.parquet"] * 2, *["data/4-wrong.parquet"] * 3, "data/5-empty.parquet",
    ]  # fmt: skip
    assert "KT442: the Parquet file cannot be read" in lines[0]
    assert lines[1].endswith("KT372: the column “kpi” is missing; there are: county, value, kpl; did you mean “kpl”?")
    assert lines[3].endswith("KT373: the column “county” must hold texts or whole numbers, it holds Boolean")
    assert lines[4].endswith("KT373: the column “date” must hold dates, it holds texts")
    assert lines[5].endswith("KT373: the column “value” must hold numbers, it holds texts")


def test_grades_alone_need_no_values(tmp_path: Path) -> None:
    write(tmp_path / "x.parquet", value=None, text=["A", "B"])
    report = Report()
    assert len(found(tmp_path, report)) == 1
    assert report.diagnostics == []


def test_columns_may_be_called_in_chinese(tmp_path: Path) -> None:
    write(tmp_path / "x.parquet", kpi=None, date=None, value=None, 指标=["k", "k"], 日期=[DAY] * 2, 数值=[1, 2])
    assert found(tmp_path)[0].columns == {"county": "county", "kpi": "指标", "date": "日期", "value": "数值"}


def test_two_columns_of_one_meaning_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing tells which of them counts. What no column of observations is called, may be there as often as it likes."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "x.parquet", 数值=[3, 4], 名称=["x", "y"], title_zh=["x", "y"])
    write(tmp_path / "y.parquet", 名称=["x", "y"], title_zh=["x", "y"])
    report = Report()
    assert names(found(".", report)) == [["y.parquet"]]
    assert told(report) == ["./x.parquet: error KT417: the column “value = 数值” stands twice"]


@pytest.mark.parametrize(
    "group", ["kpi", "指标", "value", "basis", "weight", "status", "parent", "_rows", "n_missed", "Status"]
)
def test_what_has_a_meaning_tells_no_groups_apart(group: str) -> None:
    assert has_meaning(group)


@pytest.mark.parametrize("group", ["county", "名称", "单位", "id"])
def test_any_other_column_does(group: str) -> None:
    assert not has_meaning(group)


def test_files_that_cannot_be_read_to_their_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their heads can; what a path tells need not be read, and a slip of ours is none of theirs."""
    good, bad = (
        write(tmp_path / "county=a" / "x.parquet", county=None),
        write(tmp_path / "county=b" / "y.parquet", county=None),
    )
    spoil(Path(bad))
    kept = found(tmp_path)
    damaged = damaged_in(kept)
    assert [*damaged] == [bad]
    report = Report()
    assert [lot.paths for lot in lots(str(tmp_path), "county", report, damaged)] == [(good,)]
    assert [(fault.code, fault.place.file) for fault in report.diagnostics] == [("KT442", bad)]

    def broken(_: pl.DataFrame) -> pl.DataFrame:
        raise ZeroDivisionError

    monkeypatch.setattr(pl, "scan_parquet", lambda *_, **__: pl.LazyFrame({"kpi": [1]}).map_batches(broken))
    with pytest.raises(ZeroDivisionError):
        damaged_in([Lot(("x",), {"kpi": "kpi"})])


@pytest.mark.parametrize(
    ("dtype", "kind"),
    [(pl.Int32(), "whole"), (pl.Float32(), "number"), (pl.Decimal(10, 2), "number"), (pl.Datetime("us", "UTC"), "time"),
     (pl.Categorical(), "text"), (pl.Null(), "nothing"), (pl.List(pl.String), "List")],
)  # fmt: skip
def test_kinds_of_columns(dtype: pl.DataType, kind: str) -> None:
    assert kind_of(dtype) == kind


def test_what_an_engine_says_is_one_line() -> None:
    assert said(ValueError("two\n lines")) == "two lines"
    assert said(ValueError()) == "ValueError"
    assert of_engine(pl.exceptions.ComputeError("x"))
    assert not of_engine(KeyboardInterrupt())
    assert is_address("s3://bucket/x")
    assert not is_address("folder/x")


def test_a_slip_of_ours_is_not_taken_for_the_file_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: str, **__: bool) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(pl, "scan_parquet", broken)
    with pytest.raises(ZeroDivisionError):
        found(write(tmp_path / "x.parquet"))
