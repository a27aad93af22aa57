"""The JUnit report: valid by the schema of Jenkins' xUnit plugin, and nothing in it passes that was not judged."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from lxml import etree  # type: ignore[import-untyped]

from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.reporting.junit import write
from tests.builders import card, exempt, kpi, obs, plan
from tests.reporting.outputs import HOSTILE, NOWHERE, UNREADABLE, checked, golden, hostile, showcase, sound

SCHEMA = Path(__file__).parent / "schemas" / "junit-10.xsd"
VERDICTS = ("failure", "error", "skipped")


@cache
def schema() -> Any:
    """Return the schema that Jenkins takes reports by."""
    return etree.XMLSchema(etree.parse(str(SCHEMA)))


def parsed(text: str) -> Any:
    """Return a report as a tree, once it is valid and its counts are those of its cases."""
    root = etree.fromstring(text.encode())
    schema().assertValid(root)
    for suite in root:
        cases = suite.findall("testcase")
        found = {verdict: len(suite.findall(f"testcase/{verdict}")) for verdict in VERDICTS}
        assert [suite.get(name) for name in ("tests", "failures", "errors", "skipped")] == [
            str(n) for n in (len(cases), found["failure"], found["error"], found["skipped"])
        ]
    return root


def verdicts(text: str) -> dict[str, str]:
    """Return what became of each case of a report, by class and name: passed, or the element and its type."""
    found = {}
    for case in parsed(text).iter("testcase"):
        told = [f"{child.tag} {child.get('type', '')}".strip() for child in case if child.tag in VERDICTS]
        found[f"{case.get('classname')} {case.get('name')}"] = "".join(told) or "passed"
    return found


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_report_is_the_one_that_was_found_good(lang: str) -> None:
    """Byte for byte what the golden file holds, for one plan and one that cannot be read."""
    text = write([showcase(), UNREADABLE], lang, "lagging")
    parsed(text)
    golden(f"junit.{lang}.xml", text)


def test_every_kpi_is_a_case_by_its_status() -> None:
    """What is at `fail_on` or worse fails; what lacks data is an error, never passed; pending and exempt are skipped."""
    found = verdicts(write([showcase()], "en", "missed"))
    ids = {name.rpartition("[")[2].rstrip("]"): verdict for name, verdict in found.items()}
    assert ids["accidents"] == "failure breached"
    assert ids["elevators-checked"] == "failure missed"
    assert ids["permits"] == "passed"  # it lags, which is not asked for
    assert (ids["scans"], ids["samples"]) == ("error no_data", "error stale")
    assert ids["visits"] == "error on_track"  # a sum with a gap may look better than it is
    assert (ids["festival"], ids["inspections"]) == ("skipped", "skipped")
    assert ids["lifts"] == "passed"
    assert found["showcase The plan as a whole"] == "error not_judged"


def test_a_case_tells_where_it_is_written_and_what_it_takes() -> None:
    """The class is the goal's path; file and line are in the output of the case, as the schema has no place for them."""
    root = parsed(write([showcase()], "en", "lagging"))
    [case] = [case for case in root.iter("testcase") if case.get("name").endswith("[pilots]")]
    assert case.get("classname") == "showcase.growth.reform"
    assert case.findtext("system-out") == "tests/plans/showcase/areas/2-growth.yaml:53:13"
    message = case.find("failure").get("message")
    assert all(part in message for part in ("lagging", "lag 55 pp", "201 days behind", "21.33 pp a month needed"))


def test_a_sound_plan_passes() -> None:
    """No case of it fails, and the day is the one that was scored."""
    root = parsed(write([sound()], "en", "lagging"))
    assert verdicts(write([sound()], "en", "lagging")) == {"p k [k]": "passed"}
    assert root[0].get("timestamp") == "2021-06-30T00:00:00"


def test_what_was_asked_for_is_among_the_properties() -> None:
    """A branch and a past night are named."""
    import kpi_tracker
    from tests.reporting.showcase import AS_OF, PLAN

    scorecard = kpi_tracker.check(PLAN, AS_OF, date(2021, 9, 20)).only("growth")
    found = {
        p.get("name"): p.get("value") for p in parsed(write([checked(scorecard)], "en", "lagging")).iter("property")
    }
    assert found == {
        "source": "plans/p", "plan": "showcase", "as_of": "2021-09-30", "known_at": "2021-09-20T23:59:59.999999",
        "branch": "growth", "status": scorecard.top.status.value,
    }  # fmt: skip


@pytest.mark.parametrize("one", [UNREADABLE, NOWHERE], ids=["faults", "nothing"])
def test_a_plan_that_cannot_be_read_never_passes(one: Any) -> None:
    """There is an error even where there is no fault to tell."""
    found = verdicts(write([one], "en", "never"))
    assert found
    assert all(verdict.startswith("error") for verdict in found.values())


def test_a_plan_of_which_nothing_is_due_does_not_pass() -> None:
    """All its KPIs are skipped; the plan as a whole is an error, as the exit code says."""
    scorecard = card(
        plan(kpi("k", b=1.0, t=2.0, exempt=exempt("2021-01-01"))), [obs("k", "2021-06-30", 1.0)], "2021-06-30"
    )
    assert verdicts(write([checked(scorecard)], "en", "lagging")) == {
        "p The plan as a whole": "error not_judged", "p k [k]": "skipped",
    }  # fmt: skip


@settings(deadline=None)
@given(HOSTILE)
def test_hostile_text_stays_text(words: str) -> None:
    """The report stays valid, and gives back every title with its control characters made visible."""
    root = parsed(write([hostile(words)], "zh", "lagging"))
    names = [case.get("name") for case in root.iter("testcase")]
    assert [f"{plain(words)} [{name}]" for name in ("late", "fine", "none")] == names[-3:]
    assert root[0].get("name") == plain(words)
    assert plain(words) in root.findtext("testsuite/system-err")
