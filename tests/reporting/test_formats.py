"""The registry of formats, what `auto` means, JSON of several plans, and what fails a check."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings

import kpi_tracker
from kpi_tracker.changes import Change, ChangeKind
from kpi_tracker.diagnostics import Diagnostic, Place
from kpi_tracker.loading.schema import schema_text
from kpi_tracker.outcome import NEW_LAGGING
from kpi_tracker.reporting.checked import Checked
from kpi_tracker.reporting.formats import FORMATS, chosen
from kpi_tracker.reporting.headline import headline
from kpi_tracker.reporting.jsonfile import faults_to_json, to_json
from kpi_tracker.reporting.repository import path_in_repository
from kpi_tracker.reporting.scorecard_schema import scorecard_schema, scorecards_schema
from tests.cli.running import ROOT, environment
from tests.reporting.outputs import HOSTILE, NOWHERE, UNREADABLE, checked, hostile, late, showcase, sound

PLANS = [[showcase()], [UNREADABLE], [NOWHERE], [sound(), UNREADABLE, hostile("a|b")], []]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", list(FORMATS))
@pytest.mark.parametrize("fail_on", ["at_risk", "never", NEW_LAGGING])
def test_every_format_writes_every_check(name: str, lang: str, fail_on: str) -> None:
    """One plan, several, none, and those that cannot be read: text that ends with a line, the same every time."""
    for plans in PLANS:
        text = FORMATS[name](plans, lang, fail_on)
        assert text == FORMATS[name](plans, lang, fail_on)
        assert text.endswith("\n") or not plans
        assert text or not plans


def test_a_format_is_loaded_when_it_is_used() -> None:
    """Neither the registry nor the writers of other formats cost a check anything."""
    code = (
        "import sys; from kpi_tracker.reporting.formats import FORMATS; FORMATS['nagios']([], 'en', 'lagging');"
        "print(*sorted(m for m in sys.modules if m.startswith('kpi_tracker.reporting.')))"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=True)
    loaded = {name.rpartition(".")[2] for name in done.stdout.split()}
    assert loaded & {"junit", "github", "sarif", "prometheus", "csvfile", "scorecards", "textreport"} == set()
    assert "nagios" in loaded


@pytest.mark.parametrize(
    ("environ", "is_terminal", "name"),
    [
        ({"GITHUB_ACTIONS": "true"}, False, "github"), ({"GITHUB_ACTIONS": "true"}, True, "text"), ({"CI": "true"}, False, "text"),
        ({"GITHUB_ACTIONS": "false"}, False, "text"), ({}, True, "text"), ({}, False, "text"),
    ],
)  # fmt: skip
def test_auto_picks_by_environment(environ: dict[str, str], is_terminal: bool, name: str) -> None:
    """Annotations where GitHub Actions reads the output; a report for people everywhere else."""
    assert chosen(environ, is_terminal) == name


def test_json_of_one_plan_is_its_scorecard() -> None:
    """Byte for byte what it was before there were several."""
    one = showcase()
    assert one.scorecard is not None
    assert FORMATS["json"]([one], "zh", "lagging") == to_json(one.scorecard, "zh")
    assert FORMATS["json"]([UNREADABLE], "zh", "lagging") == faults_to_json(UNREADABLE.diagnostics, "zh")


def test_json_of_several_plans_is_one_document() -> None:
    """As its schema says; each scorecard is the one that its plan has alone, and none is left out."""
    plans = [showcase(), UNREADABLE, NOWHERE]
    document = json.loads(FORMATS["json"](plans, "en", "lagging"))
    jsonschema.Draft7Validator.check_schema(scorecards_schema())
    jsonschema.Draft7Validator(scorecards_schema()).validate(document)
    assert [member["source"] for member in document["scorecards"]] == [one.source for one in plans]
    alone = [json.loads(FORMATS["json"]([one], "en", "lagging")) for one in plans]
    assert [member["scorecard"] for member in document["scorecards"]] == alone


def test_the_schema_file_is_the_schema() -> None:
    """docs/schema holds the schema of today."""
    file = ROOT / "docs" / "schema" / "kpi-tracker-scorecards-v1.schema.json"
    assert file.read_text("utf-8") == schema_text(scorecards_schema())
    assert scorecards_schema()["properties"]["scorecards"]["items"]["properties"]["scorecard"] == {
        key: value for key, value in scorecard_schema().items() if key != "$schema"
    }


def test_new_lagging_fails_what_came_to_lag() -> None:
    """What lagged before is in doubt, not failing."""
    scorecard = late(3).scorecard
    assert scorecard is not None
    new, old = scorecard.kpis[0], scorecard.kpis[1]
    changes = tuple(
        Change(kind, kpi.path, kpi.kpi.title, None, kpi)
        for kind, kpi in ((ChangeKind.NEWLY_LAGGING, new), (ChangeKind.WORSE, old))
    )
    findings = late(3)._replace(changes=changes).findings(NEW_LAGGING)
    assert [kpi.path for kpi in findings.failing] == ["k000"]
    assert [kpi.path for kpi in findings.doubtful] == ["k002", "k001"]


def test_findings_are_told_the_worst_first() -> None:
    """By status, then by lag in points; what fails is not in doubt as well."""
    findings = showcase().findings("lagging")
    assert [kpi.id for kpi in findings.failing[:4]] == ["accidents", "elevators-checked", "rank", "pilots"]
    assert [kpi.id for kpi in findings.doubtful] == ["scanners", "scans", "samples", "visits"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_headline_never_reads_well_where_nothing_is_known(lang: str) -> None:
    """A plan that cannot be read says so, and counts no KPI that would not lag."""
    from kpi_tracker.language import language

    told = headline([NOWHERE], language(lang))
    assert told == {"en": "nothing of the plan could be read", "zh": "计划无法读取"}[lang]
    assert headline([], language(lang)) == {"en": "no plan was checked", "zh": "未检查任何计划"}[lang]


@pytest.mark.parametrize("name", ["junit", "github", "sarif", "prometheus", "nagios", "csv"])
def test_made_up_data_are_told_in_every_format(name: str) -> None:
    """The shipped plan has figures that were made up to show the product."""
    one = checked(kpi_tracker.check(ROOT / "goals" / "pinghu-2021", date(2021, 9, 30)))
    marks = {
        "junit": 'name="illustrative" value="true"',
        "prometheus": 'kpi_tracker_plan_illustrative{source="plans/p",plan=',
    }
    text = FORMATS[name]([one], "en", "lagging")
    assert marks.get(name, "llustrative") in text
    assert "illustrative" not in FORMATS[name]([sound()], "en", "lagging") or name in ("prometheus", "csv")


@pytest.mark.parametrize(
    ("file", "folder", "root", "named"),
    [
        ("plans/a.yaml", "/w", "/w", "plans/a.yaml"),
        ("../a.yaml", "/w/sub", "/w", "a.yaml"),
        ("a.yaml", "/w/sub", "/w/", "sub/a.yaml"),
        ("/w/plans/a.yaml", "/elsewhere", "/w", "plans/a.yaml"),
        ("/other/a.yaml", "/w", "/w", "/other/a.yaml"),
        ("../wide/a.yaml", "/w", "/w", "../wide/a.yaml"),
        ("a.yaml", "/w", "relative", "a.yaml"),
        ("", "/w", "/w", ""),
    ],
)
def test_files_are_named_from_the_repository(file: str, folder: str, root: str, named: str) -> None:
    """What lies outside keeps its name; `/wide` is not inside `/w`."""
    assert path_in_repository(file, folder, root) == named


@settings(deadline=None)
@given(HOSTILE)
def test_hostile_names_of_plans_stay_in_the_json(words: str) -> None:
    """The document can be read whatever the plans are called."""
    document = json.loads(FORMATS["json"]([hostile(words), Checked(words, None)], "en", "lagging"))
    assert document["scorecards"][0]["scorecard"]["plan"]["title"]["zh"] == words


def test_no_golden_file_is_left_over() -> None:
    """Each is what a format writes in one of the languages."""
    names = {f"{name}.{lang}.{ending}" for lang in ("en", "zh") for name, ending in (
        ("junit", "xml"), ("github", "txt"), ("github-summary", "md"), ("sarif", "json"), ("prometheus", "prom"), ("nagios", "txt"),
        ("table", "csv"), ("night-junit", "xml"), ("night-github", "txt"), ("night-prometheus", "prom"), ("night-nagios", "txt"),
        ("night-table", "csv"),
    )}  # fmt: skip
    assert {file.name for file in (Path(__file__).parent / "golden").iterdir()} == names


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_file_name_that_is_no_text_stops_no_format(name: str) -> None:
    """A byte that is not UTF-8 in the name of a plan must not keep the output from being written."""
    name_of_bytes = "plans/\udcff"
    one = Checked(name_of_bytes, None, (Diagnostic("KT118", Place(name_of_bytes)),))
    for plans in ([one], [one, sound()]):
        text = FORMATS[name](plans, "en", "lagging")
        assert text.encode()
    assert name != "json" or json.loads(text)["scorecards"][0]["source"] == name_of_bytes
