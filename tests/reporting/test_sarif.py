"""The SARIF log: valid by its schema, with rules in both languages, places, and fingerprints that outlive moved lines."""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
from hypothesis import given, settings

import kpi_tracker
from kpi_tracker.diagnostics import Diagnostic, Place
from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.model.unit import Text
from kpi_tracker.record import changed
from kpi_tracker.reporting.checked import Checked
from kpi_tracker.reporting.sarif import RULES, log, write
from tests.builders import card, kpi, obs, plan
from tests.cli.running import ROOT
from tests.reporting.outputs import HOSTILE, NOWHERE, UNREADABLE, checked, golden, hostile, showcase, sound

SCHEMA = Path(__file__).parent / "schemas" / "sarif-2.1.0-rtm.5.json"
HERE = str(ROOT)


@cache
def validator() -> jsonschema.Draft4Validator:
    """Return the validator of SARIF 2.1.0."""
    return jsonschema.Draft4Validator(json.loads(SCHEMA.read_text("utf-8")))


def valid(*plans: Checked, lang: str = "en", fail_on: str = "lagging") -> dict[str, Any]:
    """Return the only run of a log, once it is valid and its rules are found by their index."""
    found = log(plans, lang, fail_on, HERE, HERE)
    assert [error.message for error in validator().iter_errors(found)] == []
    [run] = found["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert [rules[result["ruleIndex"]] for result in run["results"]] == [result["ruleId"] for result in run["results"]]
    assert isinstance(run, dict)
    return run


def results(run: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the results about KPIs by path."""
    return {result["properties"]["path"]: result for result in run["results"] if "properties" in result}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_log_is_the_one_that_was_found_good(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Byte for byte what the golden file holds, but for the version, for one plan and one that cannot be read."""
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    text = write([showcase(), UNREADABLE], lang, "lagging")
    assert json.loads(text)["runs"][0] == valid(showcase(), UNREADABLE, lang=lang)
    golden(f"sarif.{lang}.json", text.replace(f'"version": "{kpi_tracker.__version__}"', '"version": "0"'))


def test_each_result_has_its_rule_level_place_and_figures() -> None:
    """What is at `fail_on` or worse is an error, what is in doubt a warning; what is fine is not there."""
    found = results(valid(showcase(), fail_on="missed"))
    rules = {path.rpartition("/")[2]: (one["ruleId"], one["level"]) for path, one in found.items()}
    assert rules["accidents"] == ("breached", "error")
    assert rules["permits"] == ("lagging", "warning")
    assert rules["scans"] == ("no_data", "warning")
    assert rules["visits"] == ("incomplete", "warning")
    assert not {"lifts", "festival", "inspections"} & set(rules)
    [place] = found["growth/reform/pilots"]["locations"]
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": "tests/plans/showcase/areas/2-growth.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 53, "startColumn": 13},
    }
    figures = found["growth/reform/pilots"]["properties"]
    assert (figures["plan"], figures["value"], figures["attainment"], figures["asOf"]) == (
        "showcase",
        16.0,
        0.2,
        "2021-09-30",
    )


def test_every_rule_has_help_in_both_languages() -> None:
    """All statuses that are told, and the codes of the faults that were found."""
    run = valid(UNREADABLE, lang="zh")
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert set(rules) == {*RULES, "KT101"}
    for rule in rules.values():
        english, chinese = rule["help"]["text"].split("\n")
        assert english.isascii()
        assert rule["shortDescription"]["text"] == chinese != english
    assert (rules["KT101"]["defaultConfiguration"]["level"], run["tool"]["driver"]["language"]) == ("error", "zh-CN")


def prints(run: dict[str, Any]) -> list[str]:
    """Return the fingerprints of a run."""
    return [result["partialFingerprints"]["kpiTracker/v1"] for result in run["results"]]


def test_a_fingerprint_outlives_moved_lines_and_another_language() -> None:
    """It is of the rule and the item; two faults alike in one item are told apart."""
    one = kpi(b=100.0, t=120.0, where=Place("a.yaml", 3, 5))
    moved = changed(one, where=Place("b.yaml", 90, 1), title=Text("新", "new"))
    twice = (
        Diagnostic("KT405", Place("d.csv", 2), {"value": "x"}),
        Diagnostic("KT405", Place("d.csv", 9), {"value": "x"}),
    )

    def run(item: Any, lang: str) -> dict[str, Any]:
        scorecard = card(plan(item), [obs("k", "2021-06-30", 1.0)], "2021-06-30")
        return valid(Checked("p", scorecard, twice), lang=lang)

    before, after = prints(run(one, "en")), prints(run(moved, "zh"))
    assert before == after
    assert len(set(before)) == len(before) == 3


def test_a_sound_plan_has_no_result() -> None:
    """And its run was successful."""
    run = valid(sound())
    assert (run["results"], run["invocations"]) == ([], [{"executionSuccessful": True}])


@pytest.mark.parametrize("one", [UNREADABLE, NOWHERE], ids=["faults", "nothing"])
def test_a_plan_that_cannot_be_read_is_no_success(one: Checked) -> None:
    """There is an error even where there is no fault to tell, and beside a sound plan too."""
    run = valid(sound(), one, fail_on="never")
    assert run["invocations"] == [{"executionSuccessful": False}]
    assert {result["level"] for result in run["results"]} == {"error"}
    assert run["results"][0]["ruleId"] == "not_judged"


def test_a_file_outside_the_repository_is_named_in_full() -> None:
    """By an absolute URI, without a base."""
    one = checked(changed(card(plan(kpi()), [], "2021-06-30"), branch=""))
    assert one.scorecard is not None
    outside = changed(one.scorecard, plan=changed(one.scorecard.plan, where=Place("/srv/计划/plan.yaml")))
    [result, *_] = valid(checked(outside))["results"]
    location = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": "file:///srv/%E8%AE%A1%E5%88%92/plan.yaml"}


@settings(deadline=None)
@given(HOSTILE)
def test_hostile_text_stays_text(words: str) -> None:
    """The log stays valid, and gives back the titles as they are and the files by their URI."""
    found = json.loads(json.dumps(log([hostile(words)], "en", "lagging", HERE, HERE)))
    assert [error.message for error in validator().iter_errors(found)] == []
    [run] = found["runs"]
    late = results(run)["g/late"]
    assert late["properties"]["titleZh"] == words
    assert late["message"]["text"].startswith(plain(words) + " · ")
    uri = late["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.isascii()
    assert os.path.normpath(f"{HERE}/{unquote(uri)}") == os.path.normpath(f"{HERE}/plans/{words}/plan.yaml")
