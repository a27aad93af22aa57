"""All scores are there, or what stood in their place is."""

import os
from pathlib import Path

import pytest

from kpi_tracker.many.output import OutputError, check_output, written_whole


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_a_new_file_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "scores.parquet"
    target.write_text("PAR1 old")
    with written_whole(str(target)) as beside:
        Path(beside).write_text("new")
        assert target.read_text() == "PAR1 old"
    assert target.read_text() == "new"
    assert names(tmp_path) == ["scores.parquet"]


def test_a_run_that_breaks_off_leaves_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "scores.parquet"
    target.write_text("PAR1 old")
    with pytest.raises(KeyboardInterrupt), written_whole(str(target)) as beside:
        raise KeyboardInterrupt(Path(beside).write_text("half"))
    assert target.read_text() == "PAR1 old"
    assert names(tmp_path) == ["scores.parquet"]


def spark_like(folder: str | Path, text: str) -> None:
    Path(folder).mkdir()
    (Path(folder) / "_SUCCESS").touch()
    (Path(folder) / "part-0.parquet").write_text(text)


def test_a_folder_of_parts_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "scores.parquet"
    spark_like(target, "old")
    with written_whole(str(target)) as beside:
        spark_like(beside, "new")
    assert (target / "part-0.parquet").read_text() == "new"
    assert names(tmp_path) == ["scores.parquet"]


def test_a_folder_comes_back_where_the_exchange_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "scores.parquet"
    spark_like(target, "old")

    def refused(_: str, __: str) -> None:
        raise OSError(13, "refused")

    monkeypatch.setattr(os, "replace", refused)
    with pytest.raises(OSError, match="refused"), written_whole(str(target)) as beside:
        spark_like(beside, "new")
    assert (target / "part-0.parquet").read_text() == "old"
    assert names(tmp_path) == ["scores.parquet"]


def test_what_is_not_ours_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    for path in (tmp_path / "mine", tmp_path / "gone" / "x.parquet", Path(os.devnull)):
        with pytest.raises(OSError, match=r"folder|regular"), written_whole(str(path)):
            raise AssertionError


def test_what_is_no_parquet_file_is_not_replaced(tmp_path: Path) -> None:
    mine, empty = tmp_path / "plan.yaml", tmp_path / "empty"
    mine.write_text("format: kpi-tracker/v1")
    empty.touch()
    with pytest.raises(OutputError, match="is no Parquet file"):
        check_output(str(mine))
    for path in (str(empty), str(tmp_path / "new.parquet"), "s3://bucket/scores.parquet"):
        check_output(path)


def test_an_address_is_given_as_it_is() -> None:
    with written_whole("s3://bucket/scores.parquet") as path:
        assert path == "s3://bucket/scores.parquet"
