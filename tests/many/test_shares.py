"""What is scored share after share is what is scored at once."""

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from kpi_tracker.many import run
from kpi_tracker.many.polarsengine import PolarsEngine
from kpi_tracker.many.run import Survey, check_many
from kpi_tracker.many.shares import shares_of
from tests.many.province import LAST, TEMPLATE, code, write_province

COUNTIES, FEW = 12, 500


def test_groups_are_taken_together_up_to_a_bound() -> None:
    rows = {"a": 3, "b": 3, "c": 9, "d": 1, "f": 4}
    assert shares_of("abcdef", rows, 6) == [("a", "b"), ("c",), ("d", "e", "f")]
    assert shares_of("cab", rows, 6) == [("c",), ("a", "b")]
    assert shares_of("", rows, 6) == [()]


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a province in which two counties have rows that cannot be scored."""
    folder = write_province(tmp_path_factory.mktemp("province") / "p", COUNTIES)
    row = {"kpi": "new-entities", "date": LAST, "value": None, "text": None, "recorded_at": datetime(2021, 10, 9),
           "basis": "reported"}  # fmt: skip
    wrong = pl.DataFrame([{"county": code(i), **row} for i in (0, COUNTIES - 1)])
    whole = pl.read_parquet(folder / "observations" / "city-00.parquet")
    pl.concat([whole, wrong.select(whole.columns).cast(whole.schema)]).write_parquet(
        folder / "observations" / "city-00.parquet"
    )
    return folder


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_shares_give_what_one_gives(
    engine: str, province: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Figures, order, the file of all scores; what is wrong is named by each share. Nothing is left beside the file."""
    survey = Survey(str(province / "observations"), "county", str(province / "groups.csv"), engine=engine)
    once, scores = tmp_path / "once.parquet", tmp_path / "scores.parquet"
    whole = check_many(TEMPLATE, survey, LAST, output=str(once))
    monkeypatch.setattr(run, "SHARE", FEW)
    written = check_many(TEMPLATE, survey, LAST, output=str(scores))
    held = check_many(TEMPLATE, survey, LAST)
    for league in (written, held):
        assert league.standings == whole.standings
        assert league.scores.equals(whole.scores)
        assert [fault.code for fault in league.diagnostics] == ["KT366", "KT366"]
    assert pl.read_parquet(scores).equals(pl.read_parquet(once))
    assert [fault.code for fault in whole.diagnostics] == ["KT366"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["once.parquet", "scores.parquet"]


def test_an_engine_that_has_shares_of_its_own_gets_all_at_once(
    province: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey = Survey(str(province / "observations"), "county", str(province / "groups.csv"))
    whole = check_many(TEMPLATE, survey, LAST)
    monkeypatch.setattr(PolarsEngine, "in_shares", False)
    monkeypatch.setattr(run, "SHARE", FEW)
    league = check_many(TEMPLATE, survey, LAST)
    assert league.standings == whole.standings
    assert league.diagnostics == whole.diagnostics
