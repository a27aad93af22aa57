"""The check as JSON: as its schema says, the same bytes every time, and no null without a reason."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import kpi_tracker
from kpi_tracker import Scorecard, to_dict, to_json
from kpi_tracker.reporting.jsonfile import FORMAT, faults_to_json
from kpi_tracker.reporting.scorecard_schema import scorecard_schema
from tests.reporting.showcase import AS_OF, PLAN, scored

FIGURES = ("value", "data_date", "attainment", "expected", "pace", "lag", "days_behind", "gap")
DATES = [date(2020, 12, 31), date(2021, 1, 31), AS_OF, date(2021, 12, 31), date(2023, 1, 1)]


def valid(document: object) -> None:
    """Assert that a document is what the schema says."""
    schema = scorecard_schema()
    jsonschema.Draft7Validator.check_schema(schema)
    errors = [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(document)]
    assert errors == []


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("as_of", DATES)
def test_the_json_is_what_its_schema_says(as_of: date, lang: str) -> None:
    """Before, in and after the period, in both languages."""
    document = json.loads(to_json(kpi_tracker.check(PLAN, as_of), lang))
    valid(document)
    assert (document["format"], document["as_of"]) == (FORMAT, as_of.isoformat())


def test_the_schema_refuses_what_is_not_declared() -> None:
    """Every object is closed: a figure that is added needs a version or a place in the schema."""
    document = to_dict(scored())
    document["kpis"][0]["surplus"] = 1
    errors = list(jsonschema.Draft7Validator(scorecard_schema()).iter_errors(document))
    assert len(errors) == 1


def test_a_branch_and_a_past_night_are_in_the_json() -> None:
    """`branch` and `known_at` say what was asked for."""
    scorecard = kpi_tracker.check(PLAN, AS_OF, date(2021, 9, 10)).only("growth/reform")
    document = to_dict(scorecard)
    valid(document)
    assert (document["branch"], document["known_at"]) == ("growth/reform", "2021-09-10T23:59:59.999999")
    assert [kpi["path"] for kpi in document["kpis"]] == ["growth/reform/pilots", "growth/reform/registers"]


def test_the_same_input_gives_the_same_bytes() -> None:
    """Two runs do not differ."""
    assert to_json(kpi_tracker.check(PLAN, AS_OF)) == to_json(kpi_tracker.check(PLAN, AS_OF))


def test_the_text_is_the_dictionary_an_item_a_line() -> None:
    """Lists have an element a line, so that two nights can be compared line by line."""
    text = to_json(scored())
    assert json.loads(text) == to_dict(scored())
    assert [line for line in text.splitlines() if '"path": "service/permits", "id"' in line][0].startswith("  {")  # noqa: RUF015
    assert text.endswith("}\n")


def refuse(constant: str) -> float:
    """Refuse what JSON has no word for."""
    raise AssertionError(f"{constant} in the JSON")


@pytest.mark.parametrize("as_of", DATES)
def test_pitfall_b2_no_number_is_not_one(as_of: date) -> None:
    """B2: NaN and infinity never occur."""
    assert json.loads(to_json(kpi_tracker.check(PLAN, as_of)), parse_constant=refuse)["kpis"]


def unexplained(scorecard: Scorecard) -> list[tuple[str, str]]:
    """Return the null figures that have no reason, by path and name."""
    document: dict[str, Any] = to_dict(scorecard)
    found = []
    for item in [*document["goals"], *document["kpis"]]:
        names = FIGURES if "measure" in item else ("attainment", "expected", "pace", "lag", "coverage")
        found += [(item["path"], name) for name in names if item[name] is None and not item["reasons"].get(name)]
        if "measure" not in item:
            continue
        ahead = item["outlook"]
        if None in (ahead["needed"], ahead["so_far"], ahead["ratio"], ahead["landing"]):
            found += [] if item["reasons"].get("outlook") or ahead["reason"] else [(item["path"], "outlook")]
        for compared in item["comparisons"]:
            found += [
                (item["path"], n) for n in ("change", "relative") if compared[n] is None and not compared["reason"]
            ]
        if item["growth"] and item["growth"]["ratio"] is None and not item["growth"]["reason"]:
            found.append((item["path"], "growth"))
    return found


@pytest.mark.parametrize("as_of", DATES)
def test_every_null_figure_has_a_reason(as_of: date) -> None:
    """What has no value says why."""
    assert unexplained(kpi_tracker.check(PLAN, as_of)) == []


def test_reasons_are_in_the_language_asked_for() -> None:
    """Messages are translated, data are not."""
    english, chinese = to_dict(scored(), "en"), to_dict(scored(), "zh")
    assert english["kpis"][2]["reasons"] != chinese["kpis"][2]["reasons"]
    titles = {"zh": "开办企业指数全市排名", "en": "Index of opening a business: rank in the city"}
    assert english["kpis"][2]["title"] == chinese["kpis"][2]["title"] == titles


def test_every_status_and_measure_is_in_the_showcase() -> None:
    """D13: every kind is counted; the plan of these tests has them all."""
    document = to_dict(scored())
    statuses = {item["status"] for item in [*document["goals"], *document["kpis"]]}
    assert statuses | {"ahead"} == {status.value for status in kpi_tracker.Status}
    assert {item["measure"] for item in document["kpis"]} == {measure.value for measure in kpi_tracker.Measure}
    counted: dict[str, int] = document["goals"][0]["counts"]
    assert sum(counted.values()) == len(document["kpis"])


def test_without_a_plan_the_json_holds_the_faults_alone(tmp_path: Path) -> None:
    """What cannot be read gives a document of the same form."""
    reading = kpi_tracker.read_plan(tmp_path)
    document = json.loads(faults_to_json(reading.diagnostics, "zh"))
    valid(document)
    assert (document["plan"], [fault["code"] for fault in document["diagnostics"]]) == (None, ["KT118"])
