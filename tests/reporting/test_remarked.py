"""What history knows, in the outputs for machines: the level of a flag, since when, who has taken note, what changed."""

import os
from datetime import date, datetime
from functools import cache
from pathlib import Path

import pytest

from kpi_tracker.changes import compare
from kpi_tracker.flags.flag import Acknowledged, Flag, Phase
from kpi_tracker.model.flagging import Level
from kpi_tracker.model.measure import Status
from kpi_tracker.pipeline import run
from kpi_tracker.record import changed
from kpi_tracker.reporting import csvfile, github, junit, nagios, prometheus
from kpi_tracker.reporting.checked import Checked
from tests.cli.running import ROOT, SHOWCASE
from tests.reporting.outputs import UNREADABLE, golden, showcase, sound
from tests.reporting.test_csv import rows
from tests.reporting.test_github import commands
from tests.reporting.test_junit import parsed
from tests.reporting.test_nagios import read
from tests.reporting.test_prometheus import one, samples
from tests.reporting.test_sarif import results, valid

BEFORE = date(2021, 7, 31)
PATH = "growth/reform/pilots"


@cache
def remembered() -> Checked:
    """Return the showcase with two flags up, one of them acknowledged, one that waits, and what changed in two months."""
    before = Path.cwd()
    os.chdir(ROOT)
    try:
        earlier = run(SHOWCASE, BEFORE).scorecard
    finally:
        os.chdir(before)
    now = showcase()
    assert earlier is not None
    assert now.scorecard is not None
    day = now.scorecard.as_of
    held = Acknowledged("李伟", "招标|中", datetime(2021, 9, 2, 8), date(2021, 10, 31), Status.LAGGING)
    flags = {
        PATH: Flag(PATH, Phase.RAISED, date(2021, 8, 3), day, Status.LAGGING, level=Level.ORANGE, raised_on=date(2021, 8, 6),
                   acknowledged=held),
        "": Flag("", Phase.RAISED, date(2021, 9, 1), day, Status.UNKNOWN),
        "service/permits": Flag("service/permits", Phase.PENDING, day, day, Status.LAGGING),
    }  # fmt: skip
    return now._replace(flags=flags, changes=compare(earlier, now.scorecard), since=BEFORE)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_outputs_of_a_night_are_those_that_were_found_good(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Byte for byte what the golden files hold."""
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    plans = [remembered(), UNREADABLE]
    golden(f"night-nagios.{lang}.txt", nagios.write(plans, lang, "lagging"))
    golden(f"night-prometheus.{lang}.prom", prometheus.write(plans, lang, "lagging"))
    golden(f"night-junit.{lang}.xml", junit.write(plans, lang, "lagging"))
    golden(f"night-github.{lang}.txt", github.write(plans, lang, "lagging"))
    golden(f"night-table.{lang}.csv", csvfile.write(plans, lang, "lagging"))


def test_the_table_has_columns_for_it() -> None:
    """At the end, so that no column moved; empty where there is nothing, or no history."""
    table = {row["path"]: row for row in rows(remembered()) if row["type"] in ("kpi", "plan")}
    row = table[PATH]
    assert [row[name] for name in csvfile.COLUMNS[-7:]] == [
        "orange", "2021-08-06", "2021-08-03", "李伟", "2021-10-31", row["changes"], row["changes_since"],
    ]  # fmt: skip
    assert table[""]["flag"] == "notice"
    assert table[""]["flag_since"] == "2021-09-01"
    assert table["service/permits"]["flag"] == ""
    moved = [row for row in table.values() if row["changes"]]
    assert moved
    assert {row["changes_since"] for row in moved} == {"2021-07-31"}
    assert all(not row[name] for row in rows(showcase()) for name in csvfile.COLUMNS[-7:])


def test_the_gauges_are_those_of_flags_that_are_up() -> None:
    """With level, day and whether somebody knows; a flag that waits, or a check without history, has none."""
    found = samples(remembered(), UNREADABLE)
    assert one(found["flag"], path=PATH, level="orange", plan="showcase") == 1
    assert one(found["flag_since_timestamp_seconds"], path=PATH) == 1628265599  # 2021-08-06T23:59:59+08:00
    assert one(found["flag_acknowledged"], path=PATH) == 1
    assert {sample.labels["path"] for sample in found["flag"]} == {PATH, ""}
    assert "flag" not in samples(showcase())


def test_the_words_are_in_what_fails() -> None:
    """In JUnit's failures, GitHub's annotations and the lines of a plugin; and as properties in SARIF."""
    told = "flag orange card since 2021-08-06 · acknowledged by 李伟 until 2021-10-31"
    cases = {
        str(case.get("name")): case for case in parsed(junit.write([remembered()], "en", "lagging")).iter("testcase")
    }
    [failure] = cases["Share of units in the pilot [pilots]"].iter("failure")
    assert told in failure.get("message")
    assert any(told in command.message for command in commands(remembered()))
    assert told in nagios.write([remembered()], "en", "lagging")
    assert "since 2021-07-31: " in nagios.write([remembered()], "en", "lagging")
    properties = results(valid(remembered()))[PATH]["properties"]
    assert (properties["flag"], properties["flagSince"], properties["acknowledgedBy"]) == (
        "orange",
        "2021-08-06",
        "李伟",
    )
    assert "flag" not in results(valid(showcase()))[PATH]["properties"]


def test_who_acknowledged_for_good_is_named_without_a_day() -> None:
    """Until the flag is cleared."""
    flags = remembered().flags
    assert flags is not None
    flag = flags[PATH]
    assert flag.acknowledged is not None
    for_good = changed(flag, acknowledged=changed(flag.acknowledged, until=None))
    told = nagios.write([remembered()._replace(flags={PATH: for_good})], "en", "lagging")
    assert "acknowledged by 李伟\n" in told or "acknowledged by 李伟 · " in told


def test_a_plugin_counts_flags_and_keeps_plans_apart() -> None:
    """Figures of each plan by its id, never of two plans mixed; how many could not be read is said."""
    _, data, _ = read(nagios.write([remembered()], "en", "lagging"))
    assert (data["flags"], data["attainment"]) == (2, 0.569877)
    text = nagios.write([remembered(), sound(), UNREADABLE], "en", "lagging")
    _, data, _ = read(text)
    assert (data["plans_not_read"], data["showcase.attainment"], data["p.coverage"]) == (1, 0.569877, 1)
    assert not {"attainment", "expected", "coverage"} & data.keys()
    assert "1 of 3 plans could not be read, " in text.splitlines()[0]
    assert "2 flags are up" in text.splitlines()[0]
