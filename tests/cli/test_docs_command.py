"""The command that writes documents: its options, what it says, what it ends with, and ends that come too early."""

import os
import signal
import time
from pathlib import Path

import pytest

from kpi_tracker.cli.main import INTERRUPTED
from kpi_tracker.cli.progress import shown_progress
from kpi_tracker.documents.folder import write_folder
from kpi_tracker.outcome import BROKEN, NOTHING, USAGE
from tests.cli.running import COMMAND, SHOWCASE, begun, run
from tests.cli.test_commands import GOOD, plan
from tests.cli.test_terminals import ANSI, interrupted, on_terminal
from tests.documents.killed import content
from tests.reporting.showcase import DAY

AT = ("--as-of", DAY)
MARKDOWN = ("--format", "markdown")


def test_it_writes_and_says_how_much(tmp_path: Path) -> None:
    """One line on standard output; the second time it says what is new."""
    out = str(tmp_path / "out")
    first = run("docs", SHOWCASE, "-o", out, *AT, *MARKDOWN)
    files = len(content(out))
    assert (first.code, first.err) == (NOTHING, "")
    assert first.out == f"{out}: 28 pages, {files} files, {files} new or changed, 0 removed\n"
    again = run("docs", SHOWCASE, "--out", out, *AT, *MARKDOWN)
    assert again.out == f"{out}: 28 pages, {files} files, 0 new or changed, 0 removed\n"
    less = run("docs", SHOWCASE, "--out", out, *AT, *MARKDOWN, "--lang", "en")
    assert less.out.startswith(f"{out}: 28 pages, ")
    assert not less.out.endswith(" 0 removed\n")


def test_a_mistyped_folder_that_holds_another_plan_is_refused(tmp_path: Path) -> None:
    """The site of the other plan is what it was; the message is in the user's language."""
    out = tmp_path / "out"
    assert run("docs", SHOWCASE, "-o", str(out), *AT, *MARKDOWN).code == NOTHING
    before = content(out)
    ran = run("docs", plan(tmp_path / "p"), "-o", str(out), *AT, *MARKDOWN)
    assert (ran.code, ran.out) == (BROKEN, "")
    assert (
        ran.err
        == f"{out} holds the documents of the plan showcase, not of p: give a folder of its own, or empty this one\n"
    )
    assert content(out) == before


@pytest.mark.parametrize(
    ("options", "env", "languages", "chinese"),
    [
        ((), {}, {"zh", "en"}, False),
        ((), {"LC_ALL": "zh_CN.UTF-8"}, {"zh", "en"}, True),
        (("--lang", "both"), {}, {"zh", "en"}, False),
        (("--lang=both",), {"LC_ALL": "zh_CN.UTF-8"}, {"zh", "en"}, True),
        (("--lang", "zh"), {}, {"zh"}, True),
        (("--lang", "en"), {"LC_ALL": "zh_CN.UTF-8"}, {"en"}, False),
    ],
)
def test_the_language_of_the_documents_and_that_of_the_messages(
    options: tuple[str, ...], env: dict[str, str], languages: set[str], chinese: bool, tmp_path: Path
) -> None:
    """Both languages are written unless one is asked for, which then is that of the messages too."""
    ran = run("docs", SHOWCASE, "-o", str(tmp_path / "out"), *AT, *options, env=env)
    assert ran.code == NOTHING
    assert {path.partition("/")[0] for path in content(tmp_path / "out") if "/" in path} - {"assets"} == languages
    assert ("pages" not in ran.out) == chinese


def test_a_language_given_before_the_command_is_that_of_the_messages(tmp_path: Path) -> None:
    """The documents are written in both."""
    ran = run("--lang", "zh", "docs", SHOWCASE, "-o", str(tmp_path / "out"), *AT)
    assert "pages" not in ran.out
    assert {"zh/index.html", "en/index.html"} < content(tmp_path / "out").keys()


@pytest.mark.parametrize(
    "options",
    [
        ("--format", "html,markdown"),
        ("--format", "markdown", "--format", "html"),
        ("--format", " html , markdown,html"),
    ],
)
def test_formats_can_be_listed_or_repeated(options: tuple[str, ...], tmp_path: Path) -> None:
    """In whatever order; HTML alone if left out."""
    run("docs", SHOWCASE, "-o", str(tmp_path / "out"), *AT, *options)
    assert {"en/index.html", "en/README.md"} < content(tmp_path / "out").keys()
    run("docs", SHOWCASE, "-o", str(tmp_path / "out"), *AT)
    assert "en/README.md" not in content(tmp_path / "out")


WRONG: tuple[tuple[tuple[str, ...], str], ...] = (
    (("--format", "htm"), "“htm” is none of the formats html, markdown, docx, pdf; did you mean “html”?"),
    (
        ("--format", "html,Markdow"),
        "“Markdow” is none of the formats html, markdown, docx, pdf; did you mean “markdown”?",
    ),
    (("--format", "html,"), "“” is none of the formats html, markdown, docx, pdf\n"),
    (("--format", "xlsx"), "“xlsx” is none of the formats html, markdown, docx, pdf\n"),
    (("--lang", "fr"), "'fr'"),
    (("--since", "soon"), "“soon” is not a date"),
    (("--since", DAY), "2021-09-30 is not before 2021-09-30"),
    (("--since", "2021-Q4"), "2021-12-31 is not before 2021-09-30"),
    (("--since", "today"), "today is not before 2021-09-30"),
)


@pytest.mark.parametrize(
    ("options", "message"), WRONG, ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_a_wrong_use_is_2_and_writes_nothing(options: tuple[str, ...], message: str, tmp_path: Path) -> None:
    """With what was meant, where that is near."""
    ran = run("docs", SHOWCASE, "-o", str(tmp_path / "out"), *AT, *options)
    assert (ran.code, ran.out) == (USAGE, "")
    assert message in ran.err
    assert not (tmp_path / "out").exists()
    assert run("--lang", "zh", "docs", SHOWCASE, "-o", str(tmp_path / "out"), *AT, *options).code == USAGE


def test_where_to_write_must_be_said() -> None:
    """There is no default folder."""
    ran = run("docs", SHOWCASE, *AT)
    assert (ran.code, "--out" in ran.err) == (USAGE, True)


def test_since_is_what_was_seen_then(tmp_path: Path) -> None:
    """The correction of 20 September is a change since the 19th: it had not been recorded. `--known-at` hides it in both."""
    both = run("docs", SHOWCASE, "-o", str(tmp_path / "a"), *AT, *MARKDOWN, "--lang", "en", "--since", "2021-09-19")
    assert both.code == NOTHING
    assert "What changed since 2021-09-19" in content(tmp_path / "a")["en/README.md"]
    then = ("--known-at", "2021-09-01", "--since", "2021-08-31")
    run("docs", SHOWCASE, "-o", str(tmp_path / "b"), *AT, *MARKDOWN, "--lang", "en", *then)
    assert "What changed since 2021-08-31" in content(tmp_path / "b")["en/README.md"]
    assert content(tmp_path / "a")["en/README.md"] != content(tmp_path / "b")["en/README.md"]


def test_a_plan_with_faults_is_written_with_them_and_ends_with_3(tmp_path: Path) -> None:
    """What could be read is documented; the faults stand beside it and in it."""
    ran = run("docs", plan(tmp_path / "p", "x"), "-o", str(tmp_path / "out"), *AT, *MARKDOWN)
    assert ran.code == BROKEN
    assert "KT406" in ran.err
    assert "KT406" not in ran.out
    assert "KT406" in content(tmp_path / "out")["en/README.md"]


def test_a_plan_that_cannot_be_read_is_3_and_nothing_is_written(tmp_path: Path) -> None:
    """Its faults are named."""
    ran = run("docs", str(tmp_path), "-o", str(tmp_path / "out"), *AT)
    assert (ran.code, ran.out) == (BROKEN, "")
    assert "KT118" in ran.err
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_not_ours_is_3_with_one_line(tmp_path: Path) -> None:
    """No traceback; in the language that was asked for."""
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    ran = run("docs", SHOWCASE, "-o", str(tmp_path), *AT)
    assert (ran.code, ran.out, ran.err.count("\n")) == (BROKEN, "", 1)
    assert f"{tmp_path} is not empty" in ran.err
    chinese = run("docs", SHOWCASE, "-o", str(tmp_path), *AT, "--lang", "zh")
    assert chinese.code == BROKEN
    assert str(tmp_path) in chinese.err


def test_a_broken_template_is_3_with_its_place(tmp_path: Path) -> None:
    """File and line of the user's own file."""
    path = Path(plan(tmp_path / "p", text=GOOD))
    (path / "templates").mkdir()
    (path / "templates" / "page.md.j2").write_text("\n{{ x", encoding="utf-8")
    ran = run("docs", str(path), "-o", str(tmp_path / "out"), *AT, *MARKDOWN)
    assert (ran.code, ran.out) == (BROKEN, "")
    assert "page.md.j2:2" in ran.err


def test_remarks_are_told_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no font has the characters, as on a machine without Chinese fonts, Word goes without its pictures."""
    for module in ("fonts", "charts.raster"):
        monkeypatch.setattr(f"kpi_tracker.documents.{module}.installed", lambda: ())
    ran = run("docs", plan(tmp_path / "p"), "-o", str(tmp_path / "out"), *AT, "--format", "docx", "--lang", "en")
    assert ran.code == NOTHING
    assert "picture" in ran.err
    assert ran.err.count("\n") == len(set(ran.err.splitlines()))


def test_without_a_font_there_is_no_pdf_and_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """3, in one line, rather than boxes."""
    monkeypatch.setattr("kpi_tracker.documents.fonts.installed", lambda: ())
    ran = run("docs", plan(tmp_path / "p"), "-o", str(tmp_path / "out"), *AT, "--format", "html,pdf")
    assert (ran.code, ran.out, ran.err.count("\n")) == (BROKEN, "", 1)
    assert "no font here has" in ran.err
    assert not (tmp_path / "out").exists()


# Terminals and signals.


def long_plan(folder: Path) -> str:
    """Write a plan of a thousand KPIs, whose documents take a while; return its path."""
    kpi = "  - {{id: k{0}, title: K{0}, measure: total, direction: increase, target: {{value: 5, basis: stated}}}}\n"
    return plan(folder, "", "", GOOD + "".join(kpi.format(n) for n in range(998)))


def test_a_long_run_shows_how_far_it_is_on_a_terminal_only(tmp_path: Path) -> None:
    """A bar that is gone at the end; a pipe shows none."""
    given = ("docs", long_plan(tmp_path / "p"), "--lang", "en", *AT)
    code, shown = on_terminal(*given, "-o", str(tmp_path / "long"))
    assert code == NOTHING
    assert "Writing documents" in shown
    assert "/1002" in ANSI.sub("", shown)
    ran = run(*given, "-o", str(tmp_path / "long"))
    assert (ran.err, ran.out.count("\n")) == ("", 1)


def test_what_is_done_before_patience_is_over_shows_no_bar(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """However slow the machine: an hour of patience is not over."""
    monkeypatch.setattr("kpi_tracker.cli.progress.PATIENCE", 3600.0)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with shown_progress("Writing") as tell:
        assert tell is not None
        tell(1, 2)
    assert "Writing" not in capsys.readouterr().err


def test_ctrl_c_in_this_process_is_130(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And signals are afterwards what they were."""
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr("kpi_tracker.documents.writing.document", interrupted)
    ran = run("docs", SHOWCASE, "-o", str(tmp_path / "out"), *AT)
    assert (ran.code, "Traceback" in ran.err) == (INTERRUPTED, False)
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_signal_in_this_process_ends_it_with_its_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """143 is what a shell makes of SIGTERM too; the folder is as it was."""

    def ended(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr("kpi_tracker.documents.writing.document", ended)
    assert run("docs", SHOWCASE, "-o", str(tmp_path / "out"), *AT).code == 128 + signal.SIGTERM
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, INTERRUPTED), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGKILL, -9)],
)
def test_a_process_that_is_ended_leaves_the_documents_as_they_were(
    number: signal.Signals, code: int, tmp_path: Path
) -> None:
    """The real process, in the middle of its work; after SIGKILL the next run removes what it left."""
    path, out = long_plan(tmp_path / "p"), tmp_path / "out"
    write_folder(str(out), [("index.html", b"before")])
    command = [*COMMAND, "docs", path, "-o", str(out), *AT]
    process = begun(command)
    staged = out / ".kpi-tracker-docs.writing" / "new" / "zh" / "kpis"
    until = time.monotonic() + 60
    while time.monotonic() < until and not (staged.is_dir() and len(list(staged.iterdir())) > 20):
        time.sleep(0.01)
    process.send_signal(number)
    errors = process.communicate(timeout=60)[1].decode()
    assert (process.returncode, "Traceback" in errors) == (code, False)
    assert content(out) == {"index.html": "before"}
    assert (number == signal.SIGKILL) == staged.exists()
    assert run("docs", SHOWCASE, "-o", str(out), *AT, *MARKDOWN).code == NOTHING
    assert not staged.exists()
    assert "index.html" not in content(out)
