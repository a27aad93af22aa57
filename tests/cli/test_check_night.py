"""The whole night by the command line: history, what changed, flags, messages that really arrive, and every accident."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from kpi_tracker.history.store import open_history
from kpi_tracker.outcome import BROKEN, NOTHING, REPORTED, USAGE
from kpi_tracker.reporting.scorecard_schema import scorecard_schema
from tests.cli.running import ROOT, SHOWCASE, Ran, run
from tests.notify.servers import Answering, Reply, answering

EARLY, LATE = ("--as-of", "2021-08-31", "--known-at", "2021-08-31"), ("--as-of", "2021-09-30")
TAKEN = Reply(200, b'{"errcode": 0}')
REFUSED = Reply(200, b'{"errcode": 310000, "errmsg": "sign not match"}')


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """Return a copy of the showcase, which history may stand beside."""
    return Path(shutil.copytree(ROOT / SHOWCASE, tmp_path / "plan"))


@pytest.fixture
def robot() -> Iterator[Answering]:
    """Return a DingTalk robot that takes every message."""
    with answering(TAKEN) as server:
        yield server


def notify_file(folder: Path) -> Path:
    """Return a notify file with one robot, whose address is in the environment."""
    file = folder / "notify.yaml"
    file.write_text(
        "format: kpi-tracker/notify/v1\nchannels:\n  office: {type: dingtalk, url: {env: ROBOT}}\n"
        "routes:\n  - {name: all, channel: office, lang: zh}\n",
        encoding="utf-8",
    )
    return file


def nightly(plan: Path, *more: str, env: dict[str, str] | None = None) -> Ran:
    """Run the check with history beside the plan, which has the last word on the line."""
    return run("check", str(plan), *more, "--history", env=env)


def runs(plan: Path) -> int:
    """Return how many runs history holds of the showcase."""
    with open_history(plan / ".kpi-tracker" / "history.sqlite3", create=False) as history:
        return len(history.runs("showcase"))


def test_a_night_says_what_changed_since_the_last(plan: Path) -> None:
    """The first has nothing to compare with; the second tells the changes with both sides, and the flags that are up."""
    first = nightly(plan, *EARLY)
    assert "What changed" not in first.out
    assert "flags are up" in first.out or "flag is up" in first.out or "not raised yet" in first.out
    second = nightly(plan, *LATE)
    assert "What changed since 2021-08-31" in second.out
    assert runs(plan) == 2


def test_a_quiet_night_tells_what_is_new_and_nothing_else(plan: Path) -> None:
    """Changes and what became of flags; what is known already is no reason for a mail from cron every night."""
    assert "worst first" in nightly(plan, *EARLY, "-q").out  # the first night knows nothing yet
    news = nightly(plan, *LATE, "-q").out
    assert "What changed since 2021-08-31" in news
    assert "flag raised: notice" in news
    assert "worst first" not in news
    known = nightly(plan, "--as-of", "2021-10-01", "-q")
    assert (known.out, known.code) == ("", REPORTED)
    both = run("check", str(plan), str(plan), "--as-of", "2021-10-01", "--history", "-q")
    assert both.out == ""


def test_a_day_before_the_first_run_is_no_first_night(plan: Path) -> None:
    """Everything would look new."""
    assert nightly(plan, *EARLY, "--since", "2021-01-01").code == REPORTED  # there is none at all
    ran = nightly(plan, *LATE, "--since", "2021-01-01")
    assert (ran.code, "no run of this plan on 2021-01-01 or before" in ran.err) == (USAGE, True)


def test_the_same_night_twice_is_the_same_byte_for_byte_and_adds_nothing(plan: Path) -> None:
    """Also when it is run because nobody knows whether it ran."""
    nightly(plan, *EARLY)
    assert nightly(plan, *LATE) == nightly(plan, *LATE)
    assert runs(plan) == 2


def test_the_json_has_changes_and_flags_and_keeps_to_its_schema(plan: Path) -> None:
    """Both are there with history alone."""
    nightly(plan, *EARLY)
    document = json.loads(nightly(plan, *LATE, "--format", "json").out)
    assert document["since"] == "2021-08-31"
    assert {flag["path"] for flag in document["flags"]} >= set(document["lagging"])
    Draft7Validator(scorecard_schema()).validate(document)
    assert "flags" not in json.loads(run("check", str(plan), *LATE, "--format", "json").out)


def test_what_newly_lags_fails_the_check_and_what_is_known_does_not(plan: Path) -> None:
    """On the first night all that lags is new."""
    new = ("--fail-on", "new-lagging")
    assert nightly(plan, *LATE, *new).code == REPORTED
    rows = sorted((plan / "observations").iterdir())
    assert rows
    assert nightly(plan, "--as-of", "2021-10-01", *new).code in (
        NOTHING,
        BROKEN,
    )  # too little may be known for a verdict


def test_several_plans_are_each_held_against_their_own_history(plan: Path) -> None:
    """Each beside its plan; the closing table and the machine formats go by it too."""
    other = Path(shutil.copytree(plan, plan.parent / "other"))
    run("check", str(plan), str(other), *EARLY, "--history")
    both = run("check", str(plan), str(other), *LATE, "--history")
    assert both.out.count("What changed since 2021-08-31") == 2
    listed = run("check", str(plan), str(other), *LATE, "--format", "json", "--history")
    assert [one["scorecard"]["since"] for one in json.loads(listed.out)["scorecards"]] == ["2021-08-31"] * 2
    shared = plan.parent / "shared.sqlite3"
    assert run("check", str(plan), *LATE, "--history", str(shared)).code == REPORTED
    assert shared.exists()


def test_two_plans_of_one_id_are_not_mixed_in_one_history(plan: Path) -> None:
    """A folder copied from last year's: the figures of one would look like a change of the other."""
    other = Path(shutil.copytree(plan, plan.parent / "copy"))
    shared = ("--history", str(plan.parent / "shared.sqlite3"))
    ran = run("check", str(plan), str(other), *EARLY, *shared)
    assert (ran.code, "history would take them for one plan" in ran.err) == (BROKEN, True)
    again = run("check", str(plan), str(plan), *LATE, *shared)
    assert "one plan" not in again.err


def test_a_run_to_compare_with_by_its_number(plan: Path) -> None:
    """An unknown one, or what is none, is a wrong use of the command."""
    nightly(plan, *EARLY)
    assert "What changed since 2021-08-31" in nightly(plan, *LATE, "--since", "run:1").out
    assert nightly(plan, *LATE, "--since", "2021-09-01").out.count("What changed since 2021-08-31") == 1
    unknown = nightly(plan, *LATE, "--since", "run:99")
    assert (unknown.code, "there is no run 99 of this plan" in unknown.err) == (USAGE, True)
    wrong = nightly(plan, *LATE, "--since", "run:last")
    assert (wrong.code, "is not a run of history" in wrong.err) == (USAGE, True)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--notify", "n.yaml"), "it needs --history"),
        (("--dry-run",), "it goes with --notify"),
        (("--since", "run:1"), "with --history alone"),
        (("--fail-on", "new-lagging"), "needs --since or --history"),
        (("--only", "service", "--history"), "whole plans"),
        (("--plan-rev", "HEAD", "--history"), "not what was at a revision"),
    ],
)
def test_options_that_do_not_go_together(options: tuple[str, ...], told: str) -> None:
    """Refused with the reason, before anything is done."""
    ran = run("check", SHOWCASE, *LATE, *options)
    assert ran.code == USAGE
    assert told in " ".join(ran.err.split())


def test_history_that_cannot_be_written_is_told_and_the_check_goes_on(plan: Path) -> None:
    """The report is whole, the reason stands beside it, and the exit code is not that of a check that passed."""
    folder = plan / ".kpi-tracker"
    folder.mkdir()
    (folder / "history.sqlite3").write_bytes(b"nothing that a database would hold" * 100)
    ran = nightly(plan, *LATE)
    assert ran.code == BROKEN
    assert "this run was not written to history" in ran.err
    assert ran.out.startswith(run("check", str(plan), *LATE).out[:200])
    assert nightly(plan, *LATE, "--fail-on", "new-lagging").code == BROKEN
    several = run(
        "check", str(plan), SHOWCASE, *LATE, "--format", "nagios", "--history", str(folder / "history.sqlite3")
    )
    assert several.code == BROKEN


def test_what_changed_is_sent_once(plan: Path, robot: Answering) -> None:
    """Nothing twice for the same night, and the text says what newly lags, in Chinese as the route asks."""
    ways, env = ("--notify", str(notify_file(plan.parent))), {"ROBOT": robot.url}
    nightly(plan, *EARLY)
    assert nightly(plan, *LATE, *ways, env=env).code == REPORTED
    sent = len(robot.got)
    assert sent == 1
    assert "新发预警" in json.loads(robot.got[0].body)["markdown"]["text"]
    nightly(plan, *LATE, *ways, env=env)
    assert len(robot.got) == sent


def test_pitfall_of_http_200_a_refused_message_never_looks_like_a_passed_check(plan: Path) -> None:
    """It is told, the exit code says so, and the next run sends it."""
    ways = ("--notify", str(notify_file(plan.parent)))
    nightly(plan, *EARLY)
    with answering(REFUSED) as server:
        ran = nightly(plan, *LATE, *ways, "--fail-on", "never", env={"ROBOT": server.url})
        assert (ran.code, "not delivered by office" in ran.err) == (BROKEN, True)
        assert server.url not in ran.out + ran.err
    with answering(TAKEN) as server:
        ran = nightly(plan, *LATE, *ways, "--fail-on", "never", env={"ROBOT": server.url})
        assert (len(server.got), "not delivered" in ran.err) == (1, False)


def test_a_dry_run_shows_what_would_be_sent_and_sends_nothing(plan: Path, robot: Answering) -> None:
    """Also without the secret, which would be missing tonight: that is said, and the code says so."""
    nightly(plan, *EARLY)
    ways = ("--notify", str(notify_file(plan.parent)), "--dry-run")
    ran = nightly(plan, *LATE, *ways, env={"ROBOT": robot.url})
    missing = nightly(plan, *LATE, *ways)
    assert (ran.code, missing.code, "channel office" in ran.err, "channel office" in missing.err) == (
        REPORTED, BROKEN, False, True,
    )  # fmt: skip
    assert "新发预警" in missing.err
    assert "新发预警" in ran.err
    assert (robot.got, robot.url in ran.err) == ([], False)


def test_a_secret_that_is_not_there_is_told_by_its_channel(plan: Path) -> None:
    """And fails the check, since nobody would hear of anything."""
    nightly(plan, *EARLY)
    ran = nightly(plan, *LATE, "--notify", str(notify_file(plan.parent)))
    assert (ran.code, "channel office" in ran.err) == (BROKEN, True)


def test_a_notify_file_with_a_fault_sends_nothing(plan: Path) -> None:
    """Its faults are told with their places, and the check has its report all the same."""
    file = notify_file(plan.parent)
    file.write_text(file.read_text(encoding="utf-8").replace("channel: office", "channel: ofice"), encoding="utf-8")
    ran = nightly(plan, *LATE, "--notify", str(file))
    assert ran.code == BROKEN
    assert "did you mean “office”?" in ran.err
    assert "lag" in ran.out


@pytest.mark.parametrize("named", [True, False])
def test_a_plan_that_cannot_be_read_is_told(plan: Path, robot: Answering, named: bool) -> None:
    """By its id where the file still says it, else by its folder."""
    lines = [] if not named else ["id: showcase"]
    (plan / "plan.yaml").write_text("\n".join(["format: kpi-tracker/v1", *lines, "period: soon"]), encoding="utf-8")
    ran = nightly(plan, *LATE, "--notify", str(notify_file(plan.parent)), env={"ROBOT": robot.url})
    assert ran.code == BROKEN
    assert ("showcase" if named else "plan") in json.loads(robot.got[0].body)["markdown"]["text"]


def test_messages_go_out_where_history_cannot_be_written(plan: Path, robot: Answering) -> None:
    """Rather told twice than not at all; that it could not be recorded is told too."""
    place = plan.parent / "broken.sqlite3"
    place.write_bytes(b"nothing that a database would hold" * 100)
    (plan / "plan.yaml").write_text("format: kpi-tracker/v1\nid: showcase\n", encoding="utf-8")
    ran = run("check", str(plan), *LATE, "--notify", str(notify_file(plan.parent)), "--history", str(place),
              env={"ROBOT": robot.url})  # fmt: skip
    assert (ran.code, len(robot.got)) == (BROKEN, 1)
    assert "what was sent could not be recorded" in ran.err


def test_a_broken_template_is_told_and_ours_is_used(plan: Path, robot: Answering) -> None:
    """The message arrives."""
    folder = plan.parent / "notify-templates"
    folder.mkdir()
    (folder / "markdown.j2").write_text("{{ nothing.at.all }}", encoding="utf-8")
    nightly(plan, *EARLY)
    ran = nightly(plan, *LATE, "--notify", str(notify_file(plan.parent)), env={"ROBOT": robot.url})
    assert len(robot.got) == 1
    assert "ours was used" in ran.err


def test_the_database_holds_no_secret(plan: Path, robot: Answering) -> None:
    """Not even in what it keeps of messages."""
    nightly(plan, *EARLY)
    nightly(plan, *LATE, "--notify", str(notify_file(plan.parent)), env={"ROBOT": robot.url})
    with closing(sqlite3.connect(plan / ".kpi-tracker" / "history.sqlite3")) as connection:
        assert robot.url not in "\n".join(connection.iterdump())


def test_the_codes_of_monitoring_plugins(plan: Path) -> None:
    """Critical goes before unknown; history that was not written, or a message not delivered, is unknown at least."""

    def codes(*more: str, env: dict[str, str] | None = None) -> int:
        return run("check", *more, "--format", "nagios", "--plugin-codes", env=env).code

    assert codes(SHOWCASE, *LATE) == 2
    assert codes(SHOWCASE, *LATE, "--fail-on", "never") == 3  # too little is known for a verdict
    good = "tests/plans/positive/smallest"
    assert codes(good, "--as-of", "2021-01-05") == 3  # nothing could be judged
    assert codes(SHOWCASE, good, *LATE) == 2
    lost = plan.parent / "lost.sqlite3"
    lost.write_bytes(b"nothing that a database would hold" * 100)
    assert codes(str(plan), *LATE, "--history", str(lost)) == 2
    ways = ("--notify", str(notify_file(plan.parent)), "--history")
    with answering(REFUSED) as server:
        assert codes(str(plan), *LATE, *ways, env={"ROBOT": server.url}) == 2
    text = run("check", SHOWCASE, *LATE, "--plugin-codes")
    assert (text.code, "1 plan" in text.out) == (2, True)


def test_a_job_on_github_gets_its_summary(tmp_path: Path) -> None:
    """Added to what other steps have written."""
    page = tmp_path / "summary.md"
    page.write_text("before\n", encoding="utf-8")
    run("check", SHOWCASE, *LATE, "--format", "github", env={"GITHUB_STEP_SUMMARY": str(page)})
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert r"Permits handled \(service/permits\)" in text
