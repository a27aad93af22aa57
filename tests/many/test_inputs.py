"""Scores are never written over what a run reads, whatever name it is called by, nor where observations are looked for."""

import os
from pathlib import Path

import pytest

from kpi_tracker.many.inputs import keep_apart
from kpi_tracker.many.output import OutputError
from kpi_tracker.many.run import Survey, check_many
from tests.many.parquet import DAY, write
from tests.many.test_lists import RULES


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a folder with a plan, observations, lists, and other names of some of them."""
    (tmp_path / "plan.yaml").write_text(RULES, encoding="utf-8")
    write(tmp_path / "obs" / "2021" / "a.parquet", kpi=["set", "set"])
    (tmp_path / "groups.csv").write_text("county\na\nb\n")
    (tmp_path / "targets.csv").write_text("county,kpi,target\na,set,200\n")
    (tmp_path / "soft.parquet").symlink_to(tmp_path / "obs" / "2021" / "a.parquet")
    os.link(tmp_path / "obs" / "2021" / "a.parquet", tmp_path / "hard.parquet")
    (tmp_path / "other").symlink_to(tmp_path / "obs")
    (tmp_path / "out").mkdir()
    return tmp_path


def refused(observations: str | Path, output: str | Path, *others: str | Path) -> bool:
    try:
        keep_apart(str(output), str(observations), map(str, others))
    except OutputError:
        return True
    return False


@pytest.mark.parametrize(
    ("observations", "output"),
    [("obs", "soft.parquet"), ("obs", "hard.parquet"), ("obs", "obs/2021/a.parquet"), ("obs", "obs/new.parquet"),
     ("obs", "other/new.parquet"), ("obs", "obs"), ("other", "obs/new.parquet"), ("obs/2021/a.parquet", "hard.parquet"),
     ("obs/**/*.parquet", "obs/2021/new.parquet"), ("ob*", "obs/new.parquet"), ("obs/2021/*.parquet", "obs/2021/b.parquet"),
     ("obs/2021/a.parquet", "obs/2021"), ("groups.csv/", "groups.csv")],
)  # fmt: skip
def test_what_is_read_is_not_written(data: Path, observations: str, output: str) -> None:
    assert refused(data / observations, data / output, data / "plan.yaml", data / "groups.csv")


@pytest.mark.parametrize(
    ("observations", "output"),
    [("obs", "scores.parquet"), ("obs", "out/scores.parquet"), ("obs/2021/*.parquet", "obs/new.parquet"), ("obs", "out"),
     ("obs/2021/a.parquet", "obs/2021/b.parquet"), ("obs/**/*.parquet", "obs.parquet"), ("gone", "scores.parquet")],
)  # fmt: skip
def test_what_is_not_read_may_be_written(data: Path, observations: str, output: str) -> None:
    assert not refused(data / observations, data / output, data / "plan.yaml", data / "gone.csv")


def test_addresses(data: Path) -> None:
    assert refused("s3://bucket/2021/", "s3://bucket/2021/scores.parquet")
    assert refused("s3://bucket/2021/x.parquet", "s3://bucket/2021")
    assert not refused("s3://bucket/2021/", "s3://bucket/2021-scores.parquet", data / "plan.yaml")
    assert not refused("s3://bucket/2021/", data / "scores.parquet", data / "plan.yaml")
    assert refused("s3://bucket/2021/", data / "plan.yaml", data / "plan.yaml")
    assert refused(f"file://{data}/obs/2021/a.parquet", data / "hard.parquet")


@pytest.mark.parametrize("output", ["plan.yaml", "groups.csv", "targets.csv", "hard.parquet", "obs/new.parquet"])
def test_a_run_that_would_destroy_what_it_reads_is_refused(data: Path, output: str) -> None:
    """The lists may be Parquet, too; what is not is refused as what it is."""
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    survey = Survey(str(data / "obs"), "county", str(data / "groups.csv"), str(data / "targets.csv"))
    with pytest.raises(OutputError, match=r"the run reads|is no Parquet file"):
        check_many(data / "plan.yaml", survey, DAY, output=str(data / output))
    assert {path: path.read_bytes() for path in data.rglob("*") if path.is_file()} == before
