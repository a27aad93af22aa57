"""The line of a monitoring plugin: read by the expressions of the guidelines, and never OK where something is not known."""

import re

import pytest
from hypothesis import given, settings

from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.reporting.checked import Checked
from kpi_tracker.reporting.nagios import CRITICAL, OK, UNKNOWN, WARNING, nagios_exit_code, write
from tests.builders import card, exempt, kpi, obs, plan
from tests.reporting.outputs import HOSTILE, NOWHERE, UNREADABLE, checked, golden, hostile, late, showcase, sound

NUMBER = r"-?\d+(?:\.\d+)?"
# 'label'=value[UOM];[warn];[crit];[min];[max]: https://www.monitoring-plugins.org/doc/guidelines.html#AEN201
DATUM = re.compile(rf"(?P<label>[^\s='|]+)=(?P<value>{NUMBER})(?:;(?:{NUMBER})?){{0,4}}")
FIRST = re.compile(r"KPI (?P<state>OK|WARNING|CRITICAL|UNKNOWN) - (?P<told>[^|]+) \| (?P<data>[^|]+)")


def read(text: str) -> tuple[str, dict[str, float], list[str]]:
    """Return the state, the performance data and the further lines of an output, as a monitoring system takes it."""
    first, *lines = text.removesuffix("\n").split("\n")
    found = FIRST.fullmatch(first)
    assert found, first
    data = [DATUM.fullmatch(datum) for datum in found["data"].split(" ")]
    assert all(data)
    assert not [line for line in lines if "|" in line or not line.isprintable()]
    assert len(text.encode()) < 8192
    return found["state"], {datum["label"]: float(datum["value"]) for datum in data if datum}, lines


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_output_is_the_one_that_was_found_good(lang: str) -> None:
    """Byte for byte what the golden file holds, for one plan and one that cannot be read."""
    golden(f"nagios.{lang}.txt", write([showcase(), UNREADABLE], lang, "lagging"))


def test_the_data_are_the_counts_and_figures() -> None:
    """What fails, lags, lacks data and is at risk; the figures of the plan."""
    state, data, lines = read(write([showcase()], "en", "missed"))
    assert state == "CRITICAL"
    assert data == {
        "failing": 2, "lagging": 8, "data_problems": 4, "at_risk": 0, "faults": 0, "attainment": 0.569877, "expected": 0.76375,
        "coverage": 0.75,
    }  # fmt: skip
    assert [line.split(":")[0] for line in lines] == ["UNKNOWN", *["CRITICAL"] * 2, *["WARNING"] * 10]


def state(*plans: Checked, fail_on: str = "lagging") -> int:
    """Return the exit code, once the first line says the same."""
    code = nagios_exit_code(plans, fail_on)
    assert read(write(plans, "en", fail_on))[0] == ("OK", "WARNING", "CRITICAL", "UNKNOWN")[code]
    return code


def test_the_state_is_the_worst_of_all_plans() -> None:
    """CRITICAL goes before UNKNOWN: what is known to be bad must not hide behind what is not known."""
    assert state(sound()) == OK
    assert state(late(2)) == CRITICAL
    assert state(late(2), fail_on="never") == WARNING
    assert state(sound(), UNREADABLE) == UNKNOWN
    assert state(UNREADABLE, late(2)) == CRITICAL
    assert state(late(2), UNREADABLE, fail_on="never") == UNKNOWN
    assert state() == UNKNOWN


def test_missing_data_are_never_ok() -> None:
    """Of one KPI in ten: a warning; of all: unknown; a gap in a sum: a warning."""
    names = [f"k{i}" for i in range(10)]
    rows = [obs(name, f"2021-0{month}-28", 10.0) for name in names for month in range(1, 7)]
    whole = plan(*(kpi(name, b=100.0, t=120.0) for name in names))
    assert state(checked(card(whole, rows, "2021-06-30"))) == OK
    assert state(checked(card(whole, rows[6:], "2021-06-30"))) == WARNING
    assert state(checked(card(whole, [*rows[:2], obs("k0", "2021-03-29", 10.0), *rows[4:]], "2021-06-30"))) == WARNING
    assert state(checked(card(whole, [], "2021-06-30"))) == UNKNOWN


def test_a_plan_of_which_nothing_is_due_is_unknown() -> None:
    """Nothing could be judged."""
    scorecard = card(plan(kpi("k", b=1.0, t=2.0, exempt=exempt("2021-01-01"))), [], "2021-06-30")
    assert state(checked(scorecard)) == UNKNOWN


@pytest.mark.parametrize("one", [UNREADABLE, NOWHERE], ids=["faults", "nothing"])
def test_a_plan_that_cannot_be_read_is_unknown(one: Checked) -> None:
    """Whatever is asked for."""
    assert state(one, fail_on="never") == UNKNOWN
    assert "nothing of the plan could be read" in write([one], "en", "never").splitlines()[0]


def test_many_lines_end_before_the_system_cuts_them() -> None:
    """What is left out is counted."""
    _, data, lines = read(write([late(200)], "zh", "lagging"))
    assert data["failing"] == 200
    shown = len(lines) - 1
    assert lines[-1] == f"另有{200 - shown}条未列出"
    assert shown > 20


@settings(deadline=None)
@given(HOSTILE)
def test_hostile_text_begins_no_performance_data(words: str) -> None:
    """Bars are broken, control characters visible, long lines cut; the rest is as in the plan."""
    state, data, lines = read(write([hostile(words)], "en", "lagging"))
    assert (state, data["failing"], data["faults"]) == ("CRITICAL", 1, 2)
    [line] = [line for line in lines if line.startswith("CRITICAL: ")]
    title = plain(words).replace("|", "¦")
    assert line.startswith(f"CRITICAL: {title} (g/late): lagging" if len(title) < 200 else f"CRITICAL: {title[:200]}")
