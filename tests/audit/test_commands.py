"""The commands audit and ack, as an operator runs them."""

import json
import subprocess
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from kpi_tracker import check
from tests.cli.running import run
from tests.loading.written import HEAD

ROW = "kpis: [{{id: k, title: 量, measure: total, direction: increase, target: {{value: {target}, basis: stated}}}}]\n"


def written(folder: Path, target: float = 120, head: str = HEAD) -> str:
    """Write a plan with one KPI that lags in June, and return its folder."""
    (folder / "observations").mkdir(exist_ok=True)
    (folder / "plan.yaml").write_text(head + ROW.format(target=target), encoding="utf-8")
    (folder / "observations" / "2021.csv").write_text("kpi,date,value\nk,2021-05-31,10\n", encoding="utf-8")
    return str(folder)


def store() -> Any:
    """Return history, where it is there."""
    return pytest.importorskip("kpi_tracker.history.store")


def remember(plan: str) -> None:
    """Let the night of 5 June see the plan."""
    history = store()
    with history.open_history(history.default_history(plan)) as memory:
        found = check(plan, date(2021, 6, 5))
        import_module("kpi_tracker.nightly.memory").remember(memory, found, datetime(2021, 6, 5, 2))


def test_a_plan_without_a_past_is_looked_at_as_it_is(tmp_path: Path) -> None:
    """Nothing is found, and it says what it could not be held against."""
    done = run("audit", written(tmp_path), "--as-of", "2021-06-05")
    assert (done.code, done.err) == (0, "")
    assert done.out == "A plan · as of 2021-06-05 · there are no earlier runs to hold it against · 0 findings\n"


def test_git_is_asked_where_there_is_no_history(tmp_path: Path) -> None:
    """A target that was changed in the folder and not explained ends with 1."""
    plan = written(tmp_path)
    who = ["-c", "user.name=Li", "-c", "user.email=li@example.org"]
    for words in (["init", "--quiet"], ["add", "--all"], [*who, "commit", "--quiet", "--message", "x"]):
        subprocess.run(["git", "-C", plan, *words], check=True, capture_output=True)
    written(tmp_path, 200)
    done = run("audit", plan, "--format", "json")
    document = json.loads(done.out)
    assert (done.code, document["past"]) == (1, "git")
    assert "KA101" in [finding["code"] for finding in document["findings"]]


def test_a_plan_with_faults_ends_with_3(tmp_path: Path) -> None:
    """What is found is written all the same."""
    plan = written(tmp_path, head=HEAD + "colour: red\n")
    done = run("audit", plan, "--as-of", "2021-06-05")
    assert done.code == 3
    assert "0 findings" in done.out
    assert "KT201" in done.err


def test_history_is_what_a_plan_is_held_against(tmp_path: Path) -> None:
    """The file beside the plan if nothing else is said."""
    plan, history = written(tmp_path), store()
    with history.open_history(history.default_history(plan)) as memory:
        memory.append(check(plan, date(2021, 6, 5)), datetime(2021, 6, 5, 2))
    written(tmp_path, 60)
    done = run("audit", plan, "--as-of", "2021-06-30")
    assert done.code == 1
    assert "held against the runs in history · 2 findings" in done.out


def test_a_history_that_is_not_there_ends_with_3(tmp_path: Path) -> None:
    """A name that was mistyped is no clean bill."""
    store()
    done = run("audit", written(tmp_path), "--history", str(tmp_path / "nowhere.sqlite3"))
    assert done.code == 3
    assert "nowhere.sqlite3" in done.err


def test_an_acknowledgement_is_kept_in_history(tmp_path: Path) -> None:
    """With who, why and until when; and taken back."""
    plan, history = written(tmp_path), store()
    remember(plan)
    given = ["ack", plan, "k", "--by", "Li", "--why", "in court"]
    assert run(*given).out == "k: acknowledged by Li\n"
    assert run(*given, "--until", "9999-12-30").out == "k: acknowledged by Li until 9999-12-30\n"
    assert run(*given, "--until", "today").code == 0
    assert run("--lang", "zh", *given, "--withdraw").out == "k：知悉已撤回\n"
    with history.open_history(history.default_history(plan)) as memory:
        kept = memory.acknowledgements("p")
    assert [(ack.path, ack.who, ack.why, ack.withdrawn) for ack in kept] == [
        ("k", "Li", "in court", withdrawn) for withdrawn in (False, False, False, True)
    ]
    assert kept[1].until == date(9999, 12, 30)
    assert import_module("kpi_tracker.history.acknowledgement").Acknowledgement is type(kept[0])


def test_a_wrong_item_and_a_day_that_is_over_are_refused(tmp_path: Path) -> None:
    """Before anything is kept."""
    plan = written(tmp_path)
    given = ["--by", "Li", "--why", "in court"]
    wrong = run("ack", plan, "j", *given)
    assert (wrong.code, "there is no goal or KPI “j”" in wrong.err) == (2, True)
    for blank in (("--by", " ", "--why", "x"), ("--by", "Li", "--why", "")):
        assert "it must not be empty" in run("ack", plan, "k", *blank).err
    late = run("ack", plan, "k", *given, "--until", "2021-01-01")
    assert (late.code, "2021-01-01 is over" in late.err) == (2, True)


def test_what_does_not_lag_is_not_acknowledged(tmp_path: Path) -> None:
    """It would count for nothing, and whoever gave it would believe that it did; nor is what was never given taken back."""
    plan = written(tmp_path, target=5)
    given = ["ack", plan, "k", "--by", "Li", "--why", "in court"]
    refused = run(*given)
    assert (refused.code, "k does not lag and no flag stands on it" in refused.err) == (2, True)
    nothing = run(*given, "--withdraw")
    assert (nothing.code, "there is nothing to withdraw" in nothing.err) == (2, True)
    remember(written(tmp_path))
    written(tmp_path, target=5)
    assert run(*given).out == "k: acknowledged by Li\n"
