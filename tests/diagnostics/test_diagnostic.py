"""A fault as a value, and as the words and the mark that a person sees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tracker.diagnostics import Diagnostic, Place, Severity
from kpi_tracker.diagnostics.diagnostic import by_place, describe, plain
from kpi_tracker.diagnostics.faults import FAULTS
from kpi_tracker.diagnostics.place import NOWHERE
from kpi_tracker.language import Phrase, language

ID = {"value": "major cases", "limit": 100}


def fault(excerpt: str = "", column: int = 0, length: int = 1, path: str = "", code: str = "KT210") -> Diagnostic:
    """Return a fault in line 7 of a plan."""
    return Diagnostic(code, Place("plan.yaml", 7, column), ID, path, excerpt, length)


def test_fault_shows_its_line_and_marks_the_place() -> None:
    """File, line, column, severity, code and message; the path; the line as written; a mark under what is meant."""
    assert fault("    - id: major cases", 11, 11, "enforcement").render("en") == (
        "plan.yaml:7:11: error KT210: “major cases” cannot be an id: letters, digits, “-”, “_” and “.” only, no blanks,"
        " at most 100 characters\n"
        "  in enforcement\n"
        "  7 |     - id: major cases\n"
        "                ^^^^^^^^^^^"
    )


def test_fault_of_a_whole_file_has_no_excerpt() -> None:
    """Without a column there is nothing to mark, and without a line none is printed."""
    whole = Diagnostic("KT102", Place("plan.yaml"))
    assert (
        whole.render("en")
        == "plan.yaml: error KT102: the file is empty; a plan file starts with “format: kpi-tracker/v1”"
    )
    assert fault("text", 0).render("en").count("\n") == 0
    assert fault("   ", 2).render("en").count("\n") == 0


def test_mark_stands_under_wide_characters() -> None:
    """A Chinese character takes two columns of a terminal, a combining one none."""
    marked = fault("  - {标题: é坏}", 10, 2).render("en").splitlines()
    assert marked[1] == "  7 |   - {标题: é坏}"
    assert marked[2] == "                 ^^^"
    combined = fault("e\u0301x: 坏", 6, 1).render("en").splitlines()
    assert combined[2] == " " * len("  7 | ") + " " * len("ex: ") + "^^"


def test_mark_stands_under_what_is_shown_escaped() -> None:
    """A control character is shown as four characters, and the mark moves with it."""
    shown, mark = fault("a\x1b[31m: x", 9, 1).render("en").splitlines()[1:]
    assert shown == "  7 | a\\x1b[31m: x"
    assert mark.index("^") == shown.index("x", 14)


def test_long_line_is_cut_on_both_sides() -> None:
    """What is marked is seen, with three dots where something is left out."""
    shown, mark = fault("a" * 200 + "HERE" + "b" * 200, 201, 4).render("en").splitlines()[1:]
    assert shown == "  7 | …" + "a" * 60 + "HERE" + "b" * 56 + "…"
    assert mark.index("^") == shown.index("HERE")
    assert mark.count("^") == 4
    assert fault("a" * 70 + "b", 71, 1).render("en").splitlines()[1].endswith("ab")


def test_nearest_spelling_is_suggested() -> None:
    """The nearest valid word ends the message, in both languages."""
    near = Diagnostic("KT302", NOWHERE, {"value": "aera", "nearest": "area"})
    assert near.message("en") == "there is no goal “aera” in this plan; did you mean “area”?"
    assert near.message("zh").count("area") == 1
    none = Diagnostic("KT302", NOWHERE, {"value": "aera", "nearest": ""})
    assert none.message("en") == "there is no goal “aera” in this plan"


def test_fault_in_chinese_keeps_the_data_as_written() -> None:
    """Code, place and the plan's own words are the same in both languages; the message is not."""
    wrong = fault("id: major cases", 5, 11, "enforcement")
    assert "KT210" in wrong.render("zh")
    assert "major cases" in wrong.message("zh")
    assert wrong.message("zh") != wrong.message("en")


def test_phrases_and_lists_in_arguments_are_translated() -> None:
    """An argument may be a phrase, and a tuple is written with commas."""
    args = {"of": Phrase("a target"), "expected": ("value", "change"), "value": Phrase("none")}
    missing = Diagnostic("KT209", NOWHERE, args)
    assert missing.message("en") == "a target needs exactly one of value, change; it has none"
    assert "a target" not in missing.message("zh")


def test_fault_knows_its_severity() -> None:
    """Most faults are errors; a warning leaves nothing out."""
    assert fault().severity is Severity.ERROR
    assert Diagnostic("KT412", NOWHERE, {"date": "2019-01-01"}).severity is Severity.WARNING
    assert "warning KT412" in Diagnostic("KT412", Place("a.csv", 2), {"date": "2019-01-01"}).render("en")


def test_fault_as_json_has_null_for_what_is_not_known() -> None:
    """A fault of a file has neither line, column nor path."""
    assert fault("id: x", 5, 1, "a/b").to_dict("en") == {
        "code": "KT210", "severity": "error", "file": "plan.yaml", "line": 7, "column": 5, "path": "a/b",
        "message": fault().message("en"), "value": "major cases", "expected": None, "nearest": None, "excerpt": "id: x", "marked": "x",
    }  # fmt: skip
    whole = Diagnostic("KT102", Place("plan.yaml")).to_dict("zh")
    names = ("line", "column", "path", "value", "expected", "nearest", "excerpt", "marked")
    assert [whole[name] for name in names] == [None] * len(names)


def test_fault_as_json_says_in_words_what_its_message_does() -> None:
    """Value, expectation and nearest spelling, in the language asked for; a very long line is cut."""
    args = {"key": "basis", "value": "statd", "expected": ("stated", "derived"), "nearest": "stated"}
    wrong = Diagnostic("KT204", Place("plan.yaml", 1, 301), args, "", "x" * 300 + "statd" + "y" * 300, 5).to_dict("zh")
    assert [wrong[name] for name in ("value", "expected", "nearest")] == ["statd", "stated、derived", "stated"]
    assert (wrong["excerpt"], wrong["marked"]) == ("…" + "x" * 60 + "statd" + "y" * 55 + "…", "statd")


def test_path_is_set_on_a_copy() -> None:
    """Faults are values: what was given out does not change."""
    before = fault()
    assert before.at_path("a/b").path == "a/b"
    assert before.path == ""


def test_faults_are_described_in_the_order_of_their_places() -> None:
    """By file, then by line as a number, then by column, then by code."""
    places = [
        Place("b.yaml", 1, 1),
        Place("a.yaml", 10, 1),
        Place("a.yaml", 9, 2),
        Place("a.yaml", 9, 1),
        Place("a.yaml"),
    ]
    faults = tuple(Diagnostic("KT102", place) for place in places)
    assert [str(found.place) for found in sorted(faults, key=by_place)] == [
        "a.yaml", "a.yaml:9:1", "a.yaml:9:2", "a.yaml:10:1", "b.yaml:1:1",
    ]  # fmt: skip
    assert [line.split(": ")[0] for line in describe(language("en"), faults).splitlines()] == [
        "a.yaml", "a.yaml:9:1", "a.yaml:9:2", "a.yaml:10:1", "b.yaml:1:1",
    ]  # fmt: skip


@given(st.text(max_size=60))
def test_nothing_from_a_file_reaches_the_terminal_as_a_control(text: str) -> None:
    """Escape sequences and marks that turn the direction of writing are shown, not obeyed."""
    assert plain(text).isprintable()
    assert plain("\u202e\x1b[2J\t") == "\\u202e\\x1b[2J "


@given(st.text(max_size=150), st.integers(1, 160), st.integers(1, 80))
def test_any_line_can_be_marked(text: str, column: int, length: int) -> None:
    """Whatever a line holds and wherever it is marked, there are at most two more lines, all printable."""
    for code in ("en", "zh"):
        lines = fault(text, column, length).render(code).split("\n")
        assert len(lines) in (1, 3)
        assert all(line.isprintable() for line in lines)


@pytest.mark.parametrize("code", sorted(FAULTS))
def test_message_fills_in_all_that_it_names(code: str) -> None:
    """Each message is one sentence that starts small and ends without a stop, in both languages."""
    names = ("value", "source", "reason", "position", "limit", "problem", "first", "members", "of", "expected", "key", "unit",
             "target", "direction", "baseline", "measure", "kind", "kpi", "date", "line", "member", "what", "left", "right",
             "total", "parts", "difference", "allowed", "rows", "format", "extra",
             "encoding")  # fmt: skip
    args: dict[str, str] = dict.fromkeys(names, "⟨x⟩")
    for lang in ("en", "zh"):
        message = Diagnostic(code, NOWHERE, args).message(lang)
        assert "{" not in message
        assert not message.endswith((".", "。"))
        assert "\n" not in message
