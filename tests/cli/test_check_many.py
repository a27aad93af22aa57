"""`check-many` as somebody runs it: reports, exit codes, wrong uses, faults, output and pages."""

import json
from pathlib import Path

import polars as pl
import pytest

from tests.cli.running import Ran, run
from tests.cli.test_chinese import english
from tests.many.parquet import write
from tests.many.province import code, write_province

COUNTIES = 10


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_province(tmp_path_factory.mktemp("province") / "p", COUNTIES)


def check(province: Path, *more: str, lang: str = "en") -> Ran:
    return run(
        "check-many", "--template", "goals/pinghu-2021", "--group", "county", "--observations", str(province / "observations"),
        "--groups", str(province / "groups.csv"), "--as-of", "2021-09-30", "--lang", lang, *more,
    )  # fmt: skip


def test_the_report_and_the_exit_code(province: Path) -> None:
    ran = check(province)
    assert (ran.code, ran.err) == (1, "")
    assert "as of 2021-09-30 · 10 groups · 10 ranked · 0 not ranked" in ran.out
    assert check(province, "--fail-on", "never", "--top", "1").code == 0


def test_in_chinese_no_english_is_left(province: Path) -> None:
    ran = check(province, "--top", "0", lang="zh")
    known = {
        part for one in json.loads(check(province, "--format", "json").out)["kpis"] for part in one["path"].split("/")
    }
    left = [
        word
        for word in english(ran.out + ran.err)
        if word not in ("PCT", "z", "k") and not any(word in name.split("-") for name in known)
    ]
    assert left == []


def test_json_csv_scores_and_pages(province: Path, tmp_path: Path) -> None:
    scores, site = tmp_path / "scores.parquet", tmp_path / "site"
    ran = check(province, "--format", "json", "-o", str(scores), "--docs", str(site))
    document = json.loads(ran.out)
    assert len(document["groups"]) == COUNTIES
    assert pl.read_parquet(scores).height == COUNTIES * len(document["kpis"])
    assert (site / "zh" / "groups" / f"{code(0)}.html").exists()
    assert ran.err.startswith(f"{site}: ")
    table = check(province, "--format", "csv").out
    assert len(table.splitlines()) == COUNTIES + 1


def test_faults_of_the_data_are_told_beside_the_report(province: Path, tmp_path: Path) -> None:
    data = tmp_path / "obs"
    write(data / "a.parquet", county=[code(0), "nobody"])
    (data / "b.parquet").write_text("no Parquet")
    args = ("check-many", "--template", "goals/pinghu-2021", "--group", "county", "--observations", str(data), "--as-of",
            "2021-09-30", "--groups", str(province / "groups.csv"), "--lang", "en")  # fmt: skip
    ran = run(*args)
    assert ran.code == 3
    assert "KT442" in ran.out
    assert "KT374" in ran.out
    assert ran.err == f"groups that could not be judged: {COUNTIES}\n"
    machine = run(*args, "--format", "json")
    assert {one["code"] for one in json.loads(machine.out)["diagnostics"]} == {"KT374", "KT442"}
    assert "KT374" in machine.err


def test_nothing_to_score(tmp_path: Path) -> None:
    args = ("check-many", "--template", "goals/pinghu-2021", "--group", "county", "--observations", str(tmp_path))
    ran = run(*args, "--lang", "en")
    assert (ran.code, ran.out) == (3, "")
    assert "KT370: the observations cannot be found: there is no Parquet file in this folder" in ran.err
    document = json.loads(run(*args, "--format", "json").out)
    assert [one["code"] for one in document["diagnostics"]] == ["KT370"]


def test_wrong_uses(province: Path, tmp_path: Path) -> None:
    ran = check(province, "--master", "local[2]")
    assert ran.code == 2
    assert "it goes with --engine spark" in ran.err
    assert check(province, "--fail-on", "new-lagging").code == 2
    ran = check(province, "-o", str(tmp_path / "gone" / "x.parquet"))
    assert ran.code == 3
    assert "could not be written, it is as it was: there is no such folder" in ran.err
    (tmp_path / "mine.txt").write_text("mine")
    ran = check(province, "-o", str(tmp_path / "mine.txt"))
    assert ran.code == 3
    assert "it is as it was: what stands there is no Parquet file: give a new name, or remove it" in ran.err
    assert "请把结果写到别处" in check(province, "-o", str(province / "observations" / "new.parquet"), lang="zh").err
    ran = check(province, "--docs", str(tmp_path))
    assert ran.code == 3
    assert "holds no documents of kpi-tracker" in ran.err


def test_an_engine_that_is_not_installed(province: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.util

    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: None if name == "duckdb" else found(name, *more)
    )
    ran = check(province, "--engine", "duckdb")
    assert ran.code == 3
    assert ran.err == "--engine duckdb needs what is not installed: pip install 'kpi-tracker[duckdb]'\n"


def test_what_lags_is_certain_where_the_whole_is_not(tmp_path: Path) -> None:
    """One of two KPIs is known, and lags: 1, and the group could not be judged all the same."""
    plan = tmp_path / "plan.yaml"
    kpis = "".join(
        f"  - {{id: {name}, title: T, measure: total, direction: increase, baseline: 100, target: {{value: 120, basis: stated}}}}\n"
        for name in ("new-entities", "other")
    )
    head = "format: kpi-tracker/v1\nid: p\ntitle: P\nperiod: 2021\ntime_zone: Asia/Shanghai\nkpis:\n"
    plan.write_text(head + kpis, encoding="utf-8")
    data = write(tmp_path / "x.parquet")
    ran = run("check-many", "--template", str(plan), "--group", "county", "--observations", data, "--as-of", "2021-07-01",
              "--lang", "en")  # fmt: skip
    assert (ran.code, ran.err) == (1, "groups that could not be judged: 2\n")
