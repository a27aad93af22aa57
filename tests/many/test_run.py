"""The whole run: what the frames give is what the object engine gives, county by county, whatever holds the data."""

import os
import subprocess
import sys
from datetime import date, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest

from kpi_tracker.diagnostics import Diagnostic, Place
from kpi_tracker.diagnostics.diagnostic import Severity
from kpi_tracker.league.table import League
from kpi_tracker.many.engine import MissingEngine, engine_called
from kpi_tracker.many.problem import ManyError
from kpi_tracker.many.reach import reach
from kpi_tracker.many.run import STAGES, Survey, check_many
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Cadence, Measure
from kpi_tracker.model.target import Baseline
from tests.builders import kpi
from tests.builders import plan as model_plan
from tests.cli.running import run
from tests.league.made import cards_of, league_from
from tests.many.bucket import BUCKET, serving
from tests.many.parquet import DAY, spoil, write
from tests.many.province import LAST, TEMPLATE, code, county_rows, plan, write_province

COUNTIES = 12
ENGINES = ("polars", "duckdb")


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_province(tmp_path_factory.mktemp("province") / "p", COUNTIES)


def survey(folder: Path, engine: str = "polars", **more: Any) -> Survey:
    return Survey(
        str(folder / "observations"), "county", **{"groups": str(folder / "groups.csv"), "engine": engine, **more}
    )


@pytest.fixture(scope="module", params=ENGINES)
def scored(request: pytest.FixtureRequest, province: Path) -> tuple[League, Path]:
    """Return the league of the province, and the file of all scores, by each engine once."""
    output = province / f"{request.param}.parquet"
    return check_many(TEMPLATE, survey(province, request.param), LAST, output=str(output)), output


@cache
def expected() -> League:
    random = Random(1)
    rows = [row for i in range(COUNTIES) for row in county_rows(i, random)]
    return league_from(cards_of(plan(), rows, LAST, [code(i) for i in range(COUNTIES)]), plan(), LAST)


def near(one: float | None, other: float | None) -> bool:
    return one == other or (one is not None and other is not None and one == pytest.approx(other, abs=1e-9, rel=1e-9))


def test_every_county_stands_as_the_object_engine_says(scored: tuple[League, Path]) -> None:
    league, model = scored[0], expected()
    assert league.diagnostics == ()
    assert league.illustrative
    assert [(one.group.id, one.rank, one.status, one.counts) for one in league.standings] == [
        (one.group.id, one.rank, one.status, one.counts) for one in model.standings
    ]
    for one, other in zip(league.standings, model.standings, strict=True):
        for name in ("attainment", "expected", "lag", "coverage"):
            assert near(getattr(one, name), getattr(other, name)), (one.group.id, name)


def test_every_score_is_that_of_the_object_engine(scored: tuple[League, Path]) -> None:
    output = scored[1]
    rows = {(row["county"], row["kpi"]): row for row in pl.read_parquet(output).iter_rows(named=True)}
    model = {(row["county"], row["kpi"]): row for row in expected().scores.iter_rows(named=True)}
    assert set(rows) == set(model)
    for key, row in model.items():
        assert (rows[key]["status"], rows[key]["data_date"]) == (row["status"], row["data_date"]), key
        for name in ("attainment", "expected", "lag", "pace"):
            assert near(rows[key][name], row[name]), (key, name)


def test_the_scores_have_the_same_columns_whatever_has_written_them(scored: tuple[League, Path]) -> None:
    from kpi_tracker.frames.columns import CARRIED, SCORES

    assert {*pl.read_parquet_schema(scored[1])} >= {"county", "kpi", *CARRIED, *SCORES}


@pytest.mark.parametrize("engine", ENGINES)
def test_counties_in_the_path_and_files_of_several_shapes(engine: str, tmp_path: Path) -> None:
    """Codes that begin with 0 stay as they are; whole numbers, times and zones are taken for what they are."""
    root = tmp_path / "obs"
    write(root / "county=0101" / "x.parquet", county=None, kpi=["new-entities", "new-entity-growth"])
    write(root / "0202.parquet", county=["0202"] * 2, value=[3, 4], date=[datetime(2021, 5, 31), datetime(2021, 6, 30)])
    write(root / "303.parquet", county=[303, 303], kpi=["new-entities", "new-entity-growth"], recorded_at=[DAY, DAY])
    league = check_many(TEMPLATE, Survey(str(root), "county", engine=engine), date(2021, 7, 1))
    assert sorted(league.groups) == ["0101", "0202", "303"]
    values = {row["county"]: row["value"] for row in league.scores.filter(kpi="new-entities").iter_rows(named=True)}
    assert values["303"] == 1.0
    assert values["0202"] in (4.0, 7.0)


@pytest.mark.parametrize("engine", ENGINES)
def test_numbers_of_32_bits_are_what_they_are_written_as(engine: str, tmp_path: Path) -> None:
    """9586.7 of 32 bits is 9586.7001953125 of 64; a target of 9586.7 is reached, and by no more."""
    path = write(tmp_path / "x.parquet", value=pl.Series([9586.7, 0.1], dtype=pl.Float32))
    league = check_many(TEMPLATE, Survey(path, "county", engine=engine), DAY)
    found = league.scores.filter(kpi="new-entities").sort("county")
    assert found["value"].to_list() == [9586.7, 0.1]


@pytest.mark.parametrize("engine", ENGINES)
def test_figures_of_which_none_lies_in_reach_are_told(engine: str, tmp_path: Path) -> None:
    """A county with its dates in the wrong year seems to have told nothing; the base year, and older figures, are no fault."""
    dates = [date(2031, 6, 30), DAY, date(2020, 6, 30), date(2012, 6, 30), DAY]
    path = write(
        tmp_path / "x.parquet", county=["a", "b", "c", "d", "d"], kpi=["new-entities"] * 5, date=dates, value=[1.0] * 5
    )
    league = check_many(TEMPLATE, Survey(path, "county", engine=engine), DAY)
    (fault,) = league.diagnostics
    assert (fault.code, fault.severity) == ("KT388", Severity.WARNING)
    assert (fault.args["members"], fault.args["total"]) == (("a/new-entities",), 1)
    assert not league.broken


def test_the_days_of_which_figures_count() -> None:
    """Those of the period, as long as a figure of its last days may be dated, and of every base year."""
    whole = model_plan(kpi("a", b=Baseline(1.0, 2019), t=9.0), kpi("b", cadence=Cadence.WEEKLY))
    assert reach(whole) == [
        (date(2021, 1, 1), date(2022, 1, 2)), (date(2019, 1, 1), date(2019, 12, 31)), (date(2020, 1, 1), date(2020, 12, 31)),
    ]  # fmt: skip
    assert reach(model_plan())[0] == (date(2021, 1, 1), date(2021, 12, 31))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_file_of_which_the_middle_is_damaged_is_left_out_alone(engine: str, tmp_path: Path) -> None:
    """Its end, by which it is known, is whole: that the rest is not is found while it is read."""
    kpis = ["new-entities", "new-entity-growth"]
    write(tmp_path / "obs" / "a.parquet", county=["a", "a"], kpi=kpis)
    bad = write(tmp_path / "obs" / "b.parquet", county=["b", "b"], kpi=kpis)
    spoil(Path(bad))
    output = tmp_path / "s.parquet"
    league = check_many(TEMPLATE, Survey(str(tmp_path / "obs"), "county", engine=engine), DAY, output=str(output))
    assert [(fault.code, fault.place.file) for fault in league.diagnostics] == [("KT442", bad)]
    assert [*league.groups] == ["a"]
    assert set(pl.read_parquet(output)["county"]) == {"a"}
    assert faults(lambda: check_many(TEMPLATE, Survey(bad, "county", engine=engine), DAY)) == ["KT442"]


@pytest.mark.parametrize("engine", ENGINES)
def test_scores_in_a_folder_that_tells_something(engine: str, tmp_path: Path) -> None:
    """What it tells is not taken for a column of theirs when they are read again."""
    path = write(tmp_path / "x.parquet")
    (tmp_path / "county=z").mkdir()
    output = str(tmp_path / "county=z" / ".." / "county=z" / "s.parquet")
    league = check_many(TEMPLATE, Survey(path, "county", engine=engine), DAY, output=output)
    assert sorted(league.scores["county"].unique()) == ["a", "b"]


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of the size of files there")
@pytest.mark.parametrize("engine", ENGINES)
def test_a_disk_that_is_full_is_no_fault_of_the_data(engine: str, tmp_path: Path) -> None:
    """The scores could not be written; what stood there is as it was."""
    path, output = write(tmp_path / "x.parquet"), tmp_path / "s.parquet"
    check_many(TEMPLATE, Survey(path, "county", engine=engine), DAY, output=str(output))
    before = output.read_bytes()
    asked = ["check-many", "--template", TEMPLATE, "--observations", path, "--group", "county", "--engine", engine,
             "--as-of", "2021-06-30", "--output", str(output), "--lang", "en"]  # fmt: skip
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        done = run(*asked)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert done.code == 3
    assert done.err.startswith(f"{output} could not be written, it is as it was: the engine says: ")
    assert "KT371" not in done.err
    assert output.read_bytes() == before


@pytest.mark.parametrize("engine", ENGINES)
def test_files_whose_names_look_like_patterns(engine: str, tmp_path: Path) -> None:
    """Each is itself and no other, the file of scores too."""
    odd = ["o[2021]", "a*b", "q?", "{a,b}", "c%5B", "it's", '"', "[", "浙江 平湖", "p=q"]
    for name in (*odd, "o2", "aXb"):
        write(tmp_path / "obs" / f"{name}.parquet", county=[name] * 2, kpi=["new-entities", "new-entity-growth"])
    write(
        tmp_path / "obs" / "kpi_tracker_file=x" / "y.parquet",
        county=["own"] * 2,
        kpi_tracker_file=None,
        kpi=["new-entities", "new-entity-growth"],
    )
    for folder in ("%3D[x]", "a*", "b?c", "{d}", "%E7%94%B2", "乙", "it's"):
        write(
            tmp_path / "obs" / f"county={folder}" / "*.parquet", county=None, kpi=["new-entities", "new-entity-growth"]
        )
    output = tmp_path / "s[1]*.parquet"
    league = check_many(TEMPLATE, Survey(str(tmp_path / "obs"), "county", engine=engine), DAY, output=str(output))
    assert league.diagnostics == ()
    assert sorted(league.groups) == sorted([*odd, "o2", "aXb", "=[x]", "a*", "b?c", "{d}", "甲", "乙", "own"])
    one = check_many(TEMPLATE, Survey(str(tmp_path / "obs" / "o[2021].parquet"), "county", engine=engine), DAY)
    assert [*one.groups] == ["o[2021]"]
    assert output.exists()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("known_at", "value"), [(datetime(2021, 7, 1, 9, 30), 5.0), (datetime(2021, 7, 1, 8, 59), None)]
)
def test_a_time_with_an_offset_is_the_time_in_the_plan_s_zone(
    engine: str, known_at: datetime, value: float | None, tmp_path: Path
) -> None:
    """01:00 in Greenwich is 09:00 in Shanghai."""
    moment = pl.Series([datetime(2021, 7, 1, 1)]).dt.replace_time_zone("UTC")
    path = write(
        tmp_path / "x.parquet", county=["a"], kpi=["new-entities"], date=[DAY], value=[5.0], recorded_at=moment
    )
    league = check_many(TEMPLATE, Survey(path, "county", engine=engine), date(2021, 7, 2), known_at)
    assert league.scores.filter(kpi="new-entities")["value"].to_list() == [value]
    assert league.known_at == known_at


@pytest.mark.parametrize("engine", ENGINES)
def test_own_targets_count(province: Path, engine: str) -> None:
    league = check_many(TEMPLATE, survey(province, engine, targets=str(province / "targets.csv")), LAST)
    rows = {row["county"]: row["target"] for row in league.scores.filter(kpi="new-entities").iter_rows(named=True)}
    assert (rows[code(0)], rows[code(1)], rows[code(2)]) == (pytest.approx(8800.0), 9000.0, pytest.approx(9586.5))


@pytest.mark.parametrize("engine", ENGINES)
def test_strangers_are_named_and_left_out(engine: str, tmp_path: Path) -> None:
    path = write(
        tmp_path / "x.parquet", county=["a", "b", "c", None], kpi=["new-entities", "new-entitys", "new-entities", "new-entities"],
        date=[DAY] * 4, value=[1.0] * 4,
    )  # fmt: skip
    (tmp_path / "groups.csv").write_text("county\na\nd\n")
    league = check_many(TEMPLATE, Survey(path, "county", str(tmp_path / "groups.csv"), engine=engine), DAY)
    assert sorted(league.groups) == ["a", "d"]
    assert [fault.message() for fault in league.diagnostics] == [
        "rows without “county” are not used",
        "groups in the data that the list of groups does not have, 2 in all: b, c; their rows are not used",
        "KPIs in the data that the plan does not have, 1 in all: new-entitys; their rows are not used; did you mean "
        "“new-entities”?",
    ]
    assert league.broken


def faults(run: Any) -> list[str]:
    with pytest.raises(ManyError) as caught:
        run()
    assert str(caught.value)
    return [fault.code for fault in caught.value.diagnostics]


@pytest.mark.parametrize("engine", ENGINES)
def test_nothing_that_could_be_scored(engine: str, tmp_path: Path) -> None:
    good = write(tmp_path / "x.parquet")
    empty = write(tmp_path / "empty.parquet", county=pl.Series([], dtype=pl.String), kpi=pl.Series([], dtype=pl.String),
                  date=pl.Series([], dtype=pl.Date), value=pl.Series([], dtype=pl.Float64))  # fmt: skip
    assert faults(lambda: check_many("gone", Survey(good, "county", engine=engine), DAY)) == ["KT101"]
    assert faults(lambda: check_many(TEMPLATE, Survey("gone", "county", "gone.csv", engine=engine), DAY)) == [
        "KT101",
        "KT370",
    ]
    assert faults(lambda: check_many(TEMPLATE, Survey(good, "county", "gone.csv", engine=engine), DAY)) == ["KT101"]
    assert faults(lambda: check_many(TEMPLATE, Survey(empty, "county", engine=engine), DAY)) == ["KT371"]


@pytest.mark.parametrize("engine", ENGINES)
def test_an_address_goes_to_the_engine_and_what_it_says_is_told(engine: str, tmp_path: Path) -> None:
    good = write(tmp_path / "x.parquet")
    league = check_many(TEMPLATE, Survey(f"file://{good}", "county", engine=engine), DAY)
    assert sorted(league.groups) == ["a", "b"]
    assert faults(lambda: check_many(TEMPLATE, Survey("file:///gone.parquet", "county", engine=engine), DAY)) == [
        "KT371"
    ]
    other = write(tmp_path / "other.parquet", county=None)
    assert faults(lambda: check_many(TEMPLATE, Survey(f"file://{other}", "county", engine=engine), DAY)) == ["KT372"]


def said(province: Path, where: str, *more: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Return what the command says in a process of its own."""
    command = [sys.executable, "-m", "kpi_tracker", "check-many", "--template", TEMPLATE, "--group", "county"]
    command += ["--as-of", str(LAST), "--groups", str(province / "groups.csv"), "--observations", where, *more]
    return subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, check=False, timeout=120
    )  # fmt: skip


def test_a_bucket_is_read_as_a_folder_is(province: Path) -> None:
    """Over HTTP; variables say where the store is. Its parts, a pattern, and a bucket that is not there."""
    here = said(province, str(province / "observations"), "--format", "csv")
    assert here.stdout
    with serving(province) as address:
        there = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_REGION": "r",
                 "AWS_ENDPOINT_URL": address, "AWS_ALLOW_HTTP": "true"}  # fmt: skip
        for where in (f"s3://{BUCKET}/observations/", f"s3://{BUCKET}/observations/*.parquet"):
            found = said(province, where, "--format", "csv", **there)
            assert (found.returncode, found.stdout) == (here.returncode, here.stdout), found.stderr.decode()
        missing = said(province, "s3://nobody/observations/", **there)
        assert missing.returncode == 3
        assert b"KT371" in missing.stdout + missing.stderr


def test_the_same_data_give_the_same_bytes(province: Path) -> None:
    """No engine promises an order of rows, nor do two promise the same one; the sums do not show it."""
    where = str(province / "observations")
    runs = [said(province, where, "--format", "json", "--engine", engine) for engine in (*ENGINES, *ENGINES)]
    assert {run.returncode for run in runs} == {1}
    assert len({run.stdout for run in runs}) == 1


@pytest.mark.parametrize("engine", ENGINES)
def test_a_file_that_is_torn_inside_is_the_data_s_fault(engine: str, tmp_path: Path) -> None:
    """The footer is sound, the pages are not: only the engine sees that."""
    path = Path(write(tmp_path / "x.parquet", county=[f"c{i}" for i in range(2000)], kpi=["new-entities"] * 2000,
                      date=[DAY] * 2000, value=[float(i) for i in range(2000)]))  # fmt: skip
    data = bytearray(path.read_bytes())
    data[4:400] = bytes(396)
    path.write_bytes(data)
    assert faults(lambda: check_many(TEMPLATE, Survey(str(path), "county", engine=engine), DAY)) == ["KT442"]


def test_today_and_progress(province: Path) -> None:
    done: list[int] = []
    league = check_many(TEMPLATE, survey(province), progress=lambda n, whole: done.append(n))
    assert done == list(range(STAGES + 1))
    assert league.as_of > date(2021, 12, 31)


def test_an_output_that_cannot_be_written(province: Path, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="folder"):
        check_many(TEMPLATE, survey(province), LAST, output=str(tmp_path / "gone" / "x.parquet"))


def test_an_engine_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(MissingEngine, match=r"kpi-tracker\[duckdb\]"):
        engine_called("duckdb")


@pytest.mark.parametrize("engine", ENGINES)
def test_what_the_frames_refuse_is_told_at_the_data(engine: str, tmp_path: Path) -> None:
    """Two values of one date, and nothing tells which of them counts; the figures of all others do count."""
    path = write(tmp_path / "x.parquet", county=["a", "a", "b"], date=[DAY] * 3, kpi=["new-entities"] * 3,
                 value=[1.0, 2.0, 3.0])  # fmt: skip
    league = check_many(TEMPLATE, Survey(path, "county", engine=engine), DAY)
    assert [(fault.code, fault.place.file) for fault in league.diagnostics] == [("KT356", path)]
    values = {(row["county"], row["kpi"]): row["value"] for row in league.scores.iter_rows(named=True)}
    assert (values["a", "new-entities"], values["b", "new-entities"]) == (None, 3.0)


@pytest.mark.parametrize("engine", ENGINES)
def test_own_figures_that_cannot_be_any_cost_only_their_kpi(engine: str, tmp_path: Path) -> None:
    """It is not scored by the template's, and is without data; another KPI, and other groups, are as they were."""
    kpis = ["company-setup-time", "new-entities"] * 2
    path, targets = (
        write(tmp_path / "x.parquet", county=["a", "a", "b", "b"], kpi=kpis, date=[DAY] * 4, value=[1.0] * 4),
        tmp_path / "targets.csv",
    )
    targets.write_text("county,kpi,baseline,target\na,company-setup-time,50,60\n")
    league = check_many(TEMPLATE, Survey(path, "county", targets=str(targets), engine=engine), DAY)
    assert [(fault.code, fault.place.file, fault.place.line) for fault in league.diagnostics] == [
        ("KT367", str(targets), 2)
    ]
    values = {(row["county"], row["kpi"]): row["value"] for row in league.scores.iter_rows(named=True)}
    assert [values[county, kpi] for county, kpi in zip("aabb", kpis, strict=True)] == [None, 1.0, 1.0, 1.0]
    held = league.scores.filter(kpi="company-setup-time").sort("county").select("baseline", "target").rows()
    assert held[0] == (None, None), "what the template has is not what it is held to"
    assert None not in held[1]
    assert league.broken


def test_what_the_frames_say_of_targets_is_told_at_their_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kpi_tracker import frames

    def refused(*_: Any, **__: Any) -> None:
        raise frames.FrameError([Diagnostic("KT367", Place("targets"), {"rows": "a/x"})])

    monkeypatch.setattr(frames, "score", refused)
    path, targets = write(tmp_path / "x.parquet"), tmp_path / "targets.csv"
    targets.write_text("county,kpi,target\na,new-entities,20000\n")
    with pytest.raises(ManyError) as caught:
        check_many(TEMPLATE, Survey(path, "county", targets=str(targets)), DAY)
    assert [(fault.code, fault.place.file) for fault in caught.value.diagnostics] == [("KT367", str(targets))]


def test_own_figures_of_a_group_that_reports_nothing_are_told_without_a_list_too(tmp_path: Path) -> None:
    path, targets = write(tmp_path / "x.parquet"), tmp_path / "targets.csv"
    targets.write_text("county,kpi,target\na,new-entities,9000\nc,new-entities,9000\n")
    league = check_many(TEMPLATE, Survey(path, "county", targets=str(targets)), DAY)
    assert [(fault.code, fault.place.line) for fault in league.diagnostics] == [("KT377", 3)]


@pytest.mark.parametrize("engine", ENGINES)
def test_names_with_spaces_are_told(engine: str, tmp_path: Path) -> None:
    """Without a list each is a group of its own, with one it is a stranger. A name that is empty is none."""
    path = write(tmp_path / "x.parquet", county=["a", "a ", "　a", "", " "], kpi=["new-entities"] * 5, date=[DAY] * 5,
                 value=[1.0] * 5)  # fmt: skip
    league = check_many(TEMPLATE, Survey(path, "county", engine=engine), DAY)
    assert [fault.message() for fault in league.diagnostics] == [
        "names of groups that begin or end with a space, 2 in all: 'a ', '\\u3000a'; each counts as a group of its own",
        "rows without “county” are not used",
    ]
    assert len(league.groups) == 3
    (tmp_path / "groups.csv").write_text("county\na\n")
    league = check_many(TEMPLATE, Survey(path, "county", str(tmp_path / "groups.csv"), engine=engine), DAY)
    assert [fault.code for fault in league.diagnostics] == ["KT379", "KT374"]


def test_a_column_that_has_a_meaning_tells_no_groups_apart(tmp_path: Path) -> None:
    with pytest.raises(ManyError, match="“kpi” has a meaning of its own in the data and cannot tell groups apart"):
        check_many(TEMPLATE, Survey(write(tmp_path / "x.parquet"), "kpi"), DAY)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_slip_of_one_county_changes_nothing_for_the_others(engine: str, province: Path, tmp_path: Path) -> None:
    """Whatever is wrong with a row: it is named and left out, and the others stand where they stood without it."""
    whole = pl.concat([pl.read_parquet(path) for path in sorted((province / "observations").glob("*.parquet"))])
    first, second = code(0), code(1)
    row = {"county": first, "kpi": "new-entities", "date": LAST, "value": 1.0, "text": None, "recorded_at": None,
           "basis": "reported"}  # fmt: skip
    grade, steps = (next(item.id for _, item in plan().walk() if isinstance(item, Kpi) and item.measure is measure)
                    for measure in (Measure.GRADE, Measure.MILESTONE))  # fmt: skip
    late = datetime(2021, 10, 9)
    wrong = [
        {**row, "date": None}, {**row, "value": None}, {**row, "value": float("nan")},
        {**row, "value": None, "text": "很多"},
        {**row, "recorded_at": late}, {**row, "recorded_at": late, "value": 2.0},
        {**row, "kpi": grade, "value": None, "text": "没有这个等级"}, {**row, "kpi": grade, "value": 99.0},
        {**row, "kpi": steps, "value": None, "text": "没有这一步"}, {**row, "kpi": steps, "value": 1.0},
    ]  # fmt: skip
    path = tmp_path / "all.parquet"
    pl.concat([whole, pl.DataFrame(wrong, schema=whole.schema)]).write_parquet(path)
    league = check_many(TEMPLATE, Survey(str(path), "county", str(province / "groups.csv"), engine=engine), LAST)
    assert sorted(fault.code for fault in league.diagnostics) == ["KT356", "KT357"] + ["KT366"] * 5
    assert all(first in fault.message("en") and second not in fault.message("en") for fault in league.diagnostics)
    clean = check_many(TEMPLATE, Survey(str(province / "observations"), "county", str(province / "groups.csv"),
                                        engine=engine), LAST)  # fmt: skip
    assert clean.diagnostics == ()
    assert league.scores.sort("county", "kpi").equals(clean.scores.sort("county", "kpi"))
    assert [one.group.id for one in league.standings] == [one.group.id for one in clean.standings]


def test_a_slip_of_ours_is_not_taken_for_the_data_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kpi_tracker.many.polarsengine import PolarsEngine

    def broken(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(PolarsEngine, "given", broken)
    with pytest.raises(ZeroDivisionError):
        check_many(TEMPLATE, Survey(write(tmp_path / "x.parquet"), "county"), DAY)


@pytest.mark.parametrize("engine", ENGINES)
def test_nobody_is_ranked_where_a_list_of_own_figures_cannot_serve(engine: str, tmp_path: Path) -> None:
    """A slip in its name, say: by the template's figures alone all would be ranked wrongly."""
    path, output = write(tmp_path / "x.parquet"), tmp_path / "s.parquet"
    gone = Survey(path, "county", targets=str(tmp_path / "owm.csv"), engine=engine)
    assert faults(lambda: check_many(TEMPLATE, gone, DAY, output=str(output))) == ["KT101"]
    assert not output.exists()


@pytest.mark.parametrize("engine", ENGINES)
def test_an_address_at_which_nothing_is(engine: str, tmp_path: Path) -> None:
    """The engine says so; no file of ours is looked for."""
    away = Survey((tmp_path / "gone.parquet").as_uri(), "county", engine=engine)
    assert faults(lambda: check_many(TEMPLATE, away, DAY)) == ["KT371"]
