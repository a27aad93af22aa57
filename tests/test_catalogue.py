"""The Chinese catalogue fits the source (if not: `make catalogue`), and the tool that looks after it sees what it must."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from tools import catalogue

SOURCE = """\
N_("achieved")
words.count(N_("{n} day"), N_("{n} days"), n)
"""
TRANSLATIONS = {'msgid "achieved"\nmsgstr ""': 'msgid "achieved"\nmsgstr "完成"', 'msgstr[0] ""': 'msgstr[0] "{n} 天"'}


def test_the_catalogue_fits_the_source() -> None:
    assert catalogue.faults() == []


@pytest.mark.parametrize(
    ("source", "key", "fault"),
    [
        ('N_("some" " text")', "some text", ""),
        ('words.count(N_("{n} day"), N_("{n} days"), n)', ("{n} day", "{n} days"), ""),
        ('Field(TEXT, "What it is")', "What it is", ""),
        ("N_(name)", "", "what N_ marks must be written out inside it"),
        ('words.text("some text")', "", "not marked with N_: 'some text'"),
    ],
)
def test_messages_are_found_by_their_marks(source: str, key: catalogue.Key, fault: str) -> None:
    assert list(catalogue.messages_of(ast.parse(source), "x.py")) == [(key, "x.py:1", fault)]


@pytest.mark.parametrize("source", ['path.count("/")', "gettext(self.help)", "N_()", "goal.text.value"])
def test_other_calls_are_not_messages(source: str) -> None:
    assert list(catalogue.messages_of(ast.parse(source), "x.py")) == []


Change = Callable[[str, str], list[str]]


@pytest.fixture
def change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Change:
    """A small source with its catalogue, as a function that changes the latter and returns its faults."""
    (tmp_path / "source.py").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "click.txt").write_text('"Usage:"\n', encoding="utf-8")
    monkeypatch.setattr(catalogue, "SOURCE", tmp_path)
    monkeypatch.setattr(catalogue, "PO", tmp_path / "words.po")
    monkeypatch.setattr(catalogue, "CLICK_LIST", tmp_path / "click.txt")

    def replace(old: str, new: str) -> list[str]:
        text = catalogue.PO.read_text(encoding="utf-8")
        assert old in text
        catalogue.PO.write_text(text.replace(old, new), encoding="utf-8")
        catalogue.compile_it()
        return catalogue.faults()

    catalogue.update()
    for old, new in TRANSLATIONS.items():
        replace(old, new)
    assert replace('msgid "Usage:"\nmsgstr ""', 'msgid "Usage:"\nmsgstr "用法："') == []
    return replace


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('msgstr "完成"', 'msgstr ""', "'achieved' is not translated"),
        ('msgid "achieved"', '#, fuzzy\nmsgid "achieved"', "'achieved' has a translation that was guessed"),
        ('"{n} 天"', '"{m} 天"', "('{n} day', '{n} days') has ['n'], its translation has ['m']"),
        ('"{n} 天"', '"{n 天"', "('{n} day', '{n} days') has braces that do not fit"),
        ('"{n} days"', '"{n} dayz"', "('{n} day', '{n} dayz') should be ('{n} day', '{n} days')"),
        ('msgid "achieved"', 'msgid  "achieved"', "words.po is not as --update writes it"),
    ],
)
def test_a_fault_in_the_catalogue_is_named(change: Change, old: str, new: str, fault: str) -> None:
    [found] = change(old, new)
    assert found.startswith(fault)


def test_missing_and_unused_messages_are_named(change: Change) -> None:
    assert change('msgid "achieved"', 'msgid "achieved once"') == ["missing: 'achieved'", "unused: 'achieved once'"]


def test_a_message_that_click_no_longer_has_is_named(change: Change) -> None:
    catalogue.CLICK_LIST.write_text('"Usage of old:"\n', encoding="utf-8")
    assert catalogue.faults() == ["click.txt: click has no such message: 'Usage of old:'"]


def test_a_compiled_file_that_is_behind_is_named(change: Change) -> None:
    catalogue.PO.with_suffix(".mo").write_bytes(b"")
    assert catalogue.faults() == ["words.mo was not compiled from words.po as it is now"]


def test_an_update_guesses_from_similar_messages_and_is_the_same_the_second_time(change: Change) -> None:
    (catalogue.SOURCE / "source.py").write_text(SOURCE.replace("achieved", "achieved!"), encoding="utf-8")
    catalogue.update()
    once = catalogue.PO.read_bytes()
    assert '#, fuzzy\nmsgid "achieved!"\nmsgstr "完成"'.encode() in once
    catalogue.update()
    assert catalogue.PO.read_bytes() == once
