"""A league as text, JSON and CSV."""

import csv
import io
import json
from datetime import date, datetime

import jsonschema
import pytest

from kpi_tracker.diagnostics import Diagnostic, Place
from kpi_tracker.language import language
from kpi_tracker.league.group import Group
from kpi_tracker.league.table import League
from kpi_tracker.model.unit import Text
from kpi_tracker.record import changed
from kpi_tracker.reporting.league_schema import league_schema
from kpi_tracker.reporting.leaguecsv import COLUMNS, league_to_csv
from kpi_tracker.reporting.leaguejson import league_faults_to_json, league_to_dict, league_to_json
from kpi_tracker.reporting.leaguetext import times_words, write_league
from tests.league.province import COUNTIES, made_league
from tests.many.province import SILENT, SLIPPED, code

FAULT = Diagnostic("KT374", Place("obs"), {"total": 1, "members": ("x",)})


def text(league: League, lang: str = "en", top: int = 20) -> str:
    file = io.StringIO()
    write_league(league, file, lang, top)
    return file.getvalue()


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", ["60", "140"])
def test_every_county_is_told_of(lang: str, width: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", width)
    told = text(made_league(), lang)
    for i in range(COUNTIES):
        assert (f"第{i + 1}县" if lang == "zh" else f"County {i + 1}") in told
    assert max(len(line) for line in told.splitlines()) <= int(width)


def test_the_report_says_what_is_odd_and_that_it_is_made_up() -> None:
    told = text(made_league())
    assert "with illustrative data, not real results" in told
    assert "1 group is not ranked: too little is known of it" in told
    assert f"County {SLIPPED + 1} {code(SLIPPED)} · New market entities (new-entities)" in told
    assert "times the usual" in told
    assert "Far from the other groups" in told


@pytest.mark.parametrize("width", ["60", "140"])
def test_the_best_and_the_worst_alone(width: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", width)
    league = made_league()
    told = text(league, top=2)
    ranked = [one.group.title.en for one in league.ranked]
    for name in (*ranked[:2], *ranked[-2:]):
        assert f"{name} " in told
    assert f"{len(ranked) - 4} more groups" in told
    assert "more groups" not in text(league, top=0)


def test_of_many_that_are_not_ranked_some_are_shown() -> None:
    league = made_league()
    silent = next(one for one in league.standings if one.group.id == code(SILENT[0]))
    many = tuple(changed(silent, group=Group(f"x{i}", Text(f"x{i}", f"x{i}"))) for i in range(5))
    told = text(changed(league, standings=many, outliers=(), slips=()), top=1)
    assert "5 groups are not ranked" in told
    assert "… 3 more groups" in told


def test_an_empty_league_and_faults() -> None:
    nothing = changed(
        made_league(), standings=(), spreads=(), outliers=(), slips=(), diagnostics=(FAULT,), illustrative=False
    )
    told = text(nothing)
    assert "0 groups" in told
    assert "KT374" in told


def test_a_part_of_the_usual() -> None:
    assert times_words(0.0001, language("en")) == "1/10,000 of the usual"


def test_json_is_as_its_schema_says() -> None:
    league = changed(made_league(), diagnostics=(FAULT,), known_at=datetime(2021, 10, 1, 9))
    document = json.loads(league_to_json(league))
    jsonschema.validate(document, league_schema())
    assert document == league_to_dict(league)
    assert document["known_at"] == "2021-10-01T09:00:00"
    assert len(document["groups"]) == COUNTIES
    assert [one["rank"] for one in document["groups"][:3]] == [1, 2, 3]
    assert document["slips"][0]["path"].endswith("/new-entities")
    assert document["groups"][0]["title"]["zh"].startswith("第")


def test_json_of_a_run_that_could_score_nothing() -> None:
    document = json.loads(league_faults_to_json([FAULT], "zh"))
    jsonschema.validate(document, league_schema())
    assert document["diagnostics"][0]["code"] == "KT374"
    assert document["plan"] is None


def test_json_of_a_day_known_at() -> None:
    assert league_to_dict(changed(made_league(), known_at=date(2021, 10, 1)))["known_at"] == "2021-10-01"


def test_csv_has_a_row_a_group() -> None:
    league = made_league()
    first = changed(league.standings[0], group=Group("=1+1", Text("=x", "\u202ey")))
    rows = list(csv.DictReader(io.StringIO(league_to_csv(changed(league, standings=(first, *league.standings[1:]))))))
    assert len(rows) == COUNTIES
    assert [name.lstrip("\ufeff") for name in rows[0]] == list(COLUMNS)
    assert (rows[0]["group"], rows[0]["title_zh"], rows[0]["title_en"]) == ("'=1+1", "'=x", "\\u202ey")
    assert float(rows[1]["attainment"]) == league.standings[1].attainment
    assert rows[-1]["\ufeffrank"] == ""


def test_of_many_that_are_far_from_the_others_some_are_listed() -> None:
    league = made_league()
    silent = next(one for one in league.standings if one.group.id == code(SILENT[0]))
    calm = changed(league, outliers=league.outliers[:1] * 23, standings=(changed(silent, counts={}), *league.ranked))
    told = text(calm)
    assert "… 3 more" in told
    assert "without a current figure" not in told
