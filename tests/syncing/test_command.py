"""The command, as it is used: what it prints and ends with, and that no secret is in any of it."""

import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

import kpi_tracker
from kpi_tracker.history.revision import revision_of
from tests.cli.running import COMMAND, environment, run, unmeasured
from tests.gitrepository import commit, repository
from tests.syncing.made import CASES, HEAD, KPIS, LEDGER, database, ledger, plan_in
from tests.test_architecture import loaded

SECRET = "hunter2-Geheim"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_it_prints(lang: str, tmp_path: Path) -> None:
    """The same act in both languages; a second run finds everything in the ledger."""
    plan, environ = plan_in(tmp_path), database(tmp_path / "c.db")
    first = run("sync", str(plan), "--by", "Li", "--lang", lang, env=environ)
    assert (first.code, first.err) == (0, "")
    assert {"en": "cases:1  all  2021-09-30  103 件", "zh": "cases:1  all  2021-09-30  103件"}[lang] in first.out
    again = run("sync", str(plan), "--source", "cases", "--lang", lang, env=environ)
    assert again.code == 0
    assert again.out.splitlines()[0] == {"en": "unchanged: 3", "zh": "无变化：3 项"}[lang]
    wrong = run("sync", str(plan), "--source", "case", "--lang", lang, env=environ)
    assert (wrong.code, wrong.out) == (3, "")
    assert {"en": "did you mean “cases”?", "zh": "是否指“cases”"}[lang] in wrong.err


def test_the_day_is_that_of_the_option_or_today(tmp_path: Path) -> None:
    """`:as_of`, in the plan's time zone."""
    sources = CASES.replace("FROM report ORDER BY n", "FROM report WHERE month <= :as_of")
    plan, environ = plan_in(tmp_path, sources), database(tmp_path / "c.db")
    assert run("sync", str(plan), "--as-of", "2021-08", env=environ).code == 3
    assert run("sync", str(plan), "--as-of", "today", "--dry-run", env=environ).code == 0


def test_what_is_suspicious_waits_and_is_accepted_as_it_is_said(tmp_path: Path) -> None:
    """The option that the text names does it."""
    plan = plan_in(tmp_path)
    run("sync", str(plan), env=database(tmp_path / "c.db", [("M", f"2021-0{m}", 1000 + m, None) for m in range(1, 4)]))
    environ = database(tmp_path / "c.db", [("M", "2021-04", 900, None)])
    held = run("sync", str(plan), env=environ)
    assert held.code == 1
    option = held.out.split("say so with ")[1].split()
    assert option == ["--accept", "money@2021-04-30=900"]
    assert run("sync", str(plan), *option, env=environ).code == 0


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_secret_is_in_any_output(lang: str, tmp_path: Path) -> None:
    """Of sync, check, validate and history, of a plan that is right and of one that holds the secret itself."""
    addresses = [
        f"postgresql://me:{SECRET}@127.0.0.1:1/db", f"postgresql://me:{SECRET}@@h/db", f"{SECRET}", f"oracle://me:{SECRET}@h/db",
        f"postgresql://me@127.0.0.1:1/db?password={SECRET}", f"postgresql://me:{SECRET}@h:x/db", f"postgres:{SECRET}",
        f"postgresql://me:{SECRET}%40@127.0.0.1:1/db",
    ]  # fmt: skip
    outputs = []
    plan = plan_in(tmp_path)
    for address in addresses:
        done = run("sync", str(plan), "--lang", lang, env={"CASE_DB_URL": address})
        assert done.code == 3
        assert "Traceback" not in done.err
        outputs.append(done)
    written = [
        f'url: "postgresql://me:{SECRET}@h/db"', f"url: postgresql://me:{SECRET}@h/db: x", f"url: {{env: {SECRET}}}",
        f'url: {{file: "postgresql://me:{SECRET}@h/db"}}', f"url: {{evn: {SECRET}}}", f"url: [{SECRET}]", f"url: {{{SECRET}: x}}",
        f'url: {{env: A}}\n    urll: "postgresql://me:{SECRET}@h/db"', f'select: "postgresql://me:{SECRET}@h/db"',
    ]  # fmt: skip
    for line in written:
        (plan / "plan.yaml").write_text(HEAD + CASES.replace("url: {env: CASE_DB_URL}", line) + KPIS, "utf-8")
        for command in (["sync"], ["validate"], ["check", "--as-of", "2021-10-01"], ["check", "--as-of", "2021-10-01", "--format", "json"],
                        ["check", "--as-of", "2021-10-01", "--format", "sarif", "--history", str(tmp_path / "h.sqlite3")]):  # fmt: skip
            outputs.append(run(*command, str(plan), "--lang", lang))
    for done in outputs:
        assert SECRET not in done.out + done.err
    assert SECRET.encode() not in (tmp_path / "h.sqlite3").read_bytes()


def slow(plan: Path, folder: Path) -> dict[str, str]:
    """Write a plan whose source takes seconds, and return the environment for it."""
    sources = CASES.replace("FROM report ORDER BY n", "FROM report, (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                            "WHERE i < 3000000000) SELECT max(i) FROM n)")  # fmt: skip
    plan_in(folder, sources)
    return database(folder / "c.db")


def test_a_kill_while_the_database_is_read_leaves_nothing(tmp_path: Path) -> None:
    """Neither a ledger nor a lock that would hold the next one back; the database is free."""
    plan = tmp_path / "plan"
    environ = slow(plan, tmp_path)
    process = subprocess.Popen([*COMMAND, "sync", str(plan)], env=unmeasured(**environ), stdout=subprocess.DEVNULL)
    time.sleep(1.5)
    assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (plan / LEDGER).exists()
    plan_in(tmp_path)
    connection = sqlite3.connect(tmp_path / "c.db", isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    connection.close()
    assert run("sync", str(plan), env=environ).code == 0
    assert len(ledger(plan)) == 3


def test_several_at_once_take_each_figure_once(tmp_path: Path) -> None:
    """Whoever comes second finds the figures in the ledger: it is asked under the lock, after the database was read."""
    plan, environ = plan_in(tmp_path), database(tmp_path / "c.db")
    started = [
        subprocess.Popen([*COMMAND, "sync", str(plan)], env={**environment(), **environ}, stdout=subprocess.DEVNULL)
        for _ in range(4)
    ]
    assert [process.wait() for process in started] == [0] * 4
    assert len(ledger(plan)) == 3
    kpi_tracker.load_observations(kpi_tracker.load_plan(plan))


WATCHED = "sources:\n  - {id: f, kind: jsonl, files: [in/*.jsonl], watch: true, columns: {kpi: k, date: d, value: v}}\n"


def test_what_is_watched_belongs_to_the_revision_of_the_data(tmp_path: Path) -> None:
    """History tells when it changed, and an earlier revision of the plan has the files of that time."""
    plan = plan_in(tmp_path, WATCHED)
    text = (plan / "plan.yaml").read_text("utf-8").replace("observations: [observations/ledger.csv]\n", "")
    (plan / "plan.yaml").write_text(text, "utf-8")
    (plan / "in").mkdir()
    file = plan / "in" / "1.jsonl"
    file.write_text('{"k": "all", "d": "2021-01-31", "v": 1}\n')
    repository(tmp_path)
    commit(tmp_path, "first")
    first = revision_of(kpi_tracker.load_plan(plan))
    assert first.dirty is False
    file.write_text('{"k": "all", "d": "2021-01-31", "v": 2}\n')
    second = revision_of(kpi_tracker.load_plan(plan))
    assert (second.plan, second.data != first.data, second.dirty) == (first.plan, True, True)
    then = run("check", str(plan), "--as-of", "2021-02-01", "--plan-rev", "HEAD", "--format", "json")
    assert '"value": 1.0' in then.out


def test_a_check_without_sources_loads_nothing_of_them(tmp_path: Path) -> None:
    """Nor does one that watches CSV load polars or SQLAlchemy."""
    plan = plan_in(tmp_path, WATCHED)
    (plan / "in").mkdir()
    code = "from kpi_tracker.cli import main\ntry:\n    main(['check', {0!r}, '--format', 'json'])\nexcept SystemExit:\n    pass"
    found = loaded(code.format(str(plan)))
    assert not {"polars", "sqlalchemy", "psycopg", "sqlite3"} & {name.partition(".")[0] for name in found}
    assert not {
        name for name in loaded(code.format("tests/plans/showcase")) if name.startswith("kpi_tracker.sources.w")
    }
