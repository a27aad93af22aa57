"""Templates of a user: they take the place of ours, run in a sandbox, and a broken one is told by file and line."""

from pathlib import Path

import jinja2
import pytest

from kpi_tracker.documents.templates import BrokenTemplateError, Templates
from kpi_tracker.language import language


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Return a folder of ours with two templates, and an empty one of a user."""
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    ours.mkdir()
    theirs.mkdir()
    (ours / "page.j2").write_text("{% block body %}<p>{{ text }}</p>{% endblock %}", "utf-8")
    (ours / "list.j2").write_text('{% include "item.j2" %}', "utf-8")
    (ours / "item.j2").write_text("item {{ text }}", "utf-8")
    return ours, theirs


def templates(folders: tuple[Path, Path]) -> Templates:
    return Templates((str(folders[0]),), str(folders[1]))


def broken(folders: tuple[Path, Path], text: str, name: str = "page.j2") -> BrokenTemplateError:
    """Return the error that a template of the user ends in."""
    (folders[1] / name).write_text(text, "utf-8")
    with pytest.raises(BrokenTemplateError) as caught:
        templates(folders).render("list.j2" if name == "item.j2" else name, text="t", numbers=[1])
    return caught.value


def test_ours_are_used_where_the_user_has_none(folders: tuple[Path, Path]) -> None:
    assert templates(folders).render("page.j2", text="<b>") == "<p>&lt;b&gt;</p>"


def test_text_is_not_escaped_where_the_format_does_it(folders: tuple[Path, Path]) -> None:
    plain = Templates((str(folders[0]),), autoescape=False, filters={"up": str.upper}, text="<b>")
    assert plain.render("page.j2") == "<p><b></p>"


def test_filters_and_names_are_known_to_every_template(folders: tuple[Path, Path]) -> None:
    (folders[0] / "item.j2").write_text("{{ word|up }}", "utf-8")
    assert Templates((str(folders[0]),), filters={"up": str.upper}, word="a").render("list.j2") == "A"


def test_a_folder_that_is_not_there_changes_nothing(folders: tuple[Path, Path]) -> None:
    found = Templates((str(folders[0]),), str(folders[1] / "no such folder"))
    assert found.render("list.j2", text="t") == "item t"


def test_a_template_of_the_user_takes_the_place_of_ours_also_below_others(folders: tuple[Path, Path]) -> None:
    (folders[1] / "item.j2").write_text("theirs {{ text }}", "utf-8")
    assert templates(folders).render("list.j2", text="t") == "theirs t"


def test_a_template_of_the_user_can_extend_the_one_that_it_replaces(folders: tuple[Path, Path]) -> None:
    (folders[1] / "page.j2").write_text(
        '{% extends "ours/page.j2" %}{% block body %}!{{ super() }}{% endblock %}', "utf-8"
    )
    assert templates(folders).render("page.j2", text="t") == "!<p>t</p>"


def test_a_fault_of_syntax_is_told_by_file_and_line(folders: tuple[Path, Path]) -> None:
    error = broken(folders, "one\n{% if %}\n")
    assert str(error).startswith(f"{folders[1] / 'page.j2'}:2: ")
    told = language("en").phrase(error.phrase)
    assert told.startswith(f"the template {folders[1] / 'page.j2'}:2 cannot be used: ")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("one\n\n{{ nothing }}", "'nothing' is undefined"),
        ("one\n\n{{ 1 // 0 }}", "by zero"),
        ('\n\n{% include "missing.j2" %}', "missing.j2"),
        ("\n\n{{ text.__class__.__mro__ }}", "unsafe"),
        ("\n\n{{ numbers.append(2) }}", "unsafe"),
    ],
)
def test_what_fails_while_writing_is_told_by_file_and_line(folders: tuple[Path, Path], text: str, problem: str) -> None:
    error = broken(folders, text, "item.j2")
    assert str(error).startswith(f"{folders[1] / 'item.j2'}:3: ")
    assert problem in str(error)


def test_an_error_without_words_is_told_by_its_name(folders: tuple[Path, Path]) -> None:
    (folders[1] / "item.j2").write_text("{{ fail() }}", "utf-8")

    def fail() -> None:
        raise ArithmeticError

    with pytest.raises(BrokenTemplateError, match=r"item\.j2:1: ArithmeticError"):
        templates(folders).render("list.j2", fail=fail)


def test_a_file_that_is_not_utf8_is_told(folders: tuple[Path, Path]) -> None:
    (folders[1] / "item.j2").write_bytes("标题".encode("gb18030"))
    with pytest.raises(BrokenTemplateError, match=r"item\.j2: 'utf-8' codec can't decode"):
        templates(folders).render("list.j2", text="t")
    with pytest.raises(BrokenTemplateError, match=r"item\.j2: 'utf-8' codec can't decode"):
        templates(folders).source("item.j2")


def test_a_file_outside_the_folder_cannot_be_included(folders: tuple[Path, Path]) -> None:
    (folders[1].parent / "secret").write_text("secret", "utf-8")
    error = broken(folders, '{% include "../secret" %}')
    assert "secret" in str(error)


def test_a_fault_of_ours_is_not_blamed_on_the_user(folders: tuple[Path, Path]) -> None:
    with pytest.raises(jinja2.UndefinedError):
        templates(folders).render("page.j2")
    (folders[0] / "page.j2").write_text("{% if %}", "utf-8")
    with pytest.raises(jinja2.TemplateSyntaxError):
        templates(folders).render("page.j2")
    with pytest.raises(jinja2.TemplateSyntaxError):
        Templates((str(folders[0]),)).render("page.j2")


def test_a_template_that_ours_cannot_call_is_told(folders: tuple[Path, Path]) -> None:
    (folders[0] / "page.j2").write_text('{% from "item.j2" import item %}{{ item(1) }}', "utf-8")
    (folders[1] / "item.j2").write_text("{% macro item() %}{% endmacro %}", "utf-8")
    with pytest.raises(BrokenTemplateError, match=r"item\.j2: macro 'item' takes"):
        templates(folders).render("page.j2")


def test_a_file_is_given_as_it_is(folders: tuple[Path, Path]) -> None:
    assert templates(folders).source("item.j2") == "item {{ text }}"
    (folders[1] / "item.j2").write_text("theirs {{", "utf-8")
    assert templates(folders).source("item.j2") == "theirs {{"


def test_what_a_message_says_stays_in_one_line_without_control_characters() -> None:
    error = BrokenTemplateError("a\x1b.j2", 0, "one\n  two\x07")
    assert language("en").phrase(error.phrase) == "the template a\\x1b.j2 cannot be used: one two\\x07"
