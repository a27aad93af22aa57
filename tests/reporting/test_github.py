"""Annotations as the runner of GitHub Actions reads them, and the summary of a job as Markdown."""

import os
import re
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt

from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.reporting.checked import Checked
from kpi_tracker.reporting.github import annotations, step_summary, write
from tests.cli.running import ROOT
from tests.reporting.outputs import HOSTILE, NOWHERE, UNREADABLE, golden, hostile, late, showcase, sound

HERE = str(ROOT)


class Command(NamedTuple):
    """A workflow command as the runner takes it."""

    name: str
    properties: dict[str, str]
    message: str


def unescaped(text: str, signs: str) -> str:
    """Undo the escapes that the runner undoes, the one of the percent sign last."""
    for sign in signs:
        text = text.replace(f"%{ord(sign):02X}", sign)
    return text.replace("%25", "%")


def command(line: str) -> Command:
    """Return a line as the runner reads it: up to the second `::` the command, behind its blank the properties."""
    assert line.startswith("::")
    head, message = line[2:].split("::", 1)
    name, _, rest = head.partition(" ")
    pairs = [pair.split("=", 1) for pair in rest.split(",")]
    return Command(name, {key: unescaped(value, "\r\n:,") for key, value in pairs}, unescaped(message, "\r\n"))


def commands(*checked: Checked, lang: str = "en", fail_on: str = "lagging") -> list[Command]:
    """Return the annotations of plans; every line of the output is one."""
    return [command(line) for line in annotations(checked, lang, fail_on, HERE, HERE).split("\n")[:-1]]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_annotations_are_those_that_were_found_good(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Byte for byte what the golden files hold, for one plan and one that cannot be read."""
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    monkeypatch.chdir(ROOT)
    golden(f"github.{lang}.txt", write([showcase(), UNREADABLE], lang, "lagging"))
    golden(f"github-summary.{lang}.md", step_summary([showcase(), UNREADABLE], lang))


def test_each_stands_at_its_file_line_and_column() -> None:
    """A KPI at `fail_on` or worse is an error, one in doubt a warning; the plan itself has a notice."""
    found = {one.properties["title"]: one for one in commands(showcase(), fail_on="breached")}
    broken = found["breached: Accidents (safety/accidents)"]
    assert broken.name == "error"
    assert broken.properties["file"] == "tests/plans/showcase/areas/3-safety.yaml"
    assert (broken.properties["line"], broken.properties["col"]) == ("7", "9")
    assert found["missed: Lifts inspected (safety/elevators-checked)"].name == "warning"
    assert found["Harbour District, plan of work 2021"].name == "notice"


def test_a_kpi_alone_has_its_figures_in_the_notice() -> None:
    """With `--only` a KPI stands for the whole; it has no coverage."""
    assert showcase().scorecard is not None
    one = showcase()._replace(scorecard=showcase().scorecard.only("pilots"))  # type: ignore[union-attr]
    assert commands(one)[-1].message == (
        "as of 2021-09-30 · lagging! · attainment 20% · expected 75% · lag 55 pp · 1 of 1 KPI lags"
    )


def test_files_are_named_from_the_workspace(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that works in a folder of its repository annotates the right files all the same."""
    monkeypatch.chdir(ROOT / "tests")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(ROOT.parent))
    files = {command(line).properties["file"] for line in write([UNREADABLE], "en", "lagging").splitlines()}
    assert files == {f"{ROOT.name}/tests/plans/broken"}


def test_at_most_ten_of_a_level_the_worst_first() -> None:
    """The tenth tells how many more there are; ten need no such line."""
    found = commands(late(25))
    errors = [one for one in found if one.name == "error"]
    assert [one.properties["title"][-5:-1] for one in errors[:2]] == ["k024", "k023"]
    assert (len(errors), errors[-1].message) == (10, "16 more are not shown here")
    assert len([one for one in commands(late(10)) if one.name == "error"]) == 10
    assert "more" not in annotations([late(10)], "en", "lagging", HERE, HERE)


def test_a_sound_plan_has_a_notice_alone() -> None:
    """Nothing is wrong, and that is said."""
    [only] = commands(sound())
    assert only.name == "notice"
    assert only.message.endswith("0 of 1 KPI lags")


@pytest.mark.parametrize("one", [UNREADABLE, NOWHERE], ids=["faults", "nothing"])
def test_a_plan_that_cannot_be_read_is_an_error(one: Checked) -> None:
    """Whatever is asked for, and in the summary too."""
    found = commands(one, fail_on="never")
    assert {each.name for each in found} == {"error"}
    assert found[0].message == "nothing of the plan could be read"
    assert "nothing of the plan could be read" in step_summary([one], "en")


@settings(deadline=None)
@given(HOSTILE)
def test_hostile_text_starts_no_command(words: str) -> None:
    """Every line is an annotation of ours, with the title as it is and the file as it is named."""
    found = commands(hostile(words))
    shown, file = plain(words), os.path.normpath(f"{HERE}/plans/{words}/plan.yaml")
    lagging = next(one for one in found if one.properties["title"].endswith("(g/late)"))
    assert lagging.properties["title"] == f"lagging: {shown} (g/late)"
    assert os.path.normpath(f"{HERE}/{lagging.properties['file']}") == file
    assert [one.name for one in found] == ["error"] * 3 + ["warning"] * 2 + ["notice"]


def test_a_file_name_that_is_no_text_is_shown_all_the_same() -> None:
    """A byte that is not UTF-8 must not keep the output from being written."""
    one = UNREADABLE._replace(source="plans/\udcff")
    assert annotations([one], "en", "lagging", HERE, HERE).encode()


def cells(markdown: str) -> list[list[str]]:
    """Return the rows of the tables of a summary as they are shown, once there is nothing in it but text."""
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown)
    rows: list[list[str]] = []
    for i, token in enumerate(tokens):
        assert token.type != "html_block"
        for child in token.children or []:
            assert child.type in ("text", "text_special"), child
        if token.type == "tr_open":
            rows.append([])
        if token.type == "inline" and tokens[i - 1].type in ("td_open", "th_open"):
            rows[-1].append("".join(child.content for child in token.children or []))
    return rows


@settings(deadline=None)
@given(HOSTILE)
def test_hostile_text_is_no_markdown(words: str) -> None:
    """No link, no emphasis, no markup: each cell shows what the plan says (blanks at its ends aside)."""
    rows = cells(step_summary([hostile(words)], "en"))
    assert [row[0] for row in rows] == ["Status", "lagging", "no data"]
    assert [row[1] for row in rows[1:]] == [f"{plain(words)} (g/{name})".strip() for name in ("late", "none")]


def test_a_long_summary_ends() -> None:
    """GitHub takes a mebibyte of it; what is left out is counted."""
    text = step_summary([late(210)], "en")
    assert len(cells(text)) == 201
    assert re.search(r"^10 more are not shown here$", text, re.MULTILINE)
