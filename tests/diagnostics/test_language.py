"""Two languages, one catalogue."""

import pytest

from kpi_tracker.language import LANGUAGES, Phrase, language, negotiate


def test_english_is_the_text_itself() -> None:
    """English needs no catalogue."""
    assert language("en").text("the file is empty") == "the file is empty"
    assert language("en").text("error {n}", n=3) == "error 3"


def test_chinese_comes_from_the_catalogue() -> None:
    """A message of the catalogue is translated; one that is not in it stays as it is."""
    assert language("zh").text("error") == "错误"
    assert language("zh").text("no such message {n}", n=1) == "no such message 1"


def test_numbers_choose_the_form() -> None:
    """English tells one from many, Chinese does not."""
    one, many = "{n} day behind", "{n} days behind"
    assert [language("en").count(one, many, n) for n in (0, 1, 2)] == ["0 days behind", "1 day behind", "2 days behind"]
    assert language("zh").count(one, many, 1).replace("1", "2") == language("zh").count(one, many, 2)


def test_phrases_may_hold_phrases_and_lists() -> None:
    """An argument that is a phrase, or a tuple of them, is put into words in the same language."""
    inner = Phrase("{n} of {of}", {"n": 1, "of": ("a", Phrase("b"))})
    assert language("en").phrase(Phrase("<{what}>", {"what": inner})) == "<1 of a, b>"
    assert language("zh").phrase(Phrase("error")) == "错误"


def test_braces_in_data_are_data() -> None:
    """What a plan says is filled in, never filled itself."""
    assert language("en").text("not “{value}”", value="{0} {value} {") == "not “{0} {value} {”"
    assert language("en").text("100 % {") == "100 % {"


def test_language_is_loaded_once() -> None:
    """The same object serves every caller."""
    for code in LANGUAGES:
        assert language(code) is language(code)
        assert language(code).code == code


def test_other_languages_are_refused() -> None:
    """A third language is a mistake of the caller, not English in silence."""
    with pytest.raises(ValueError, match="language must be one of zh, en, not 'de'"):
        language("de")


@pytest.mark.parametrize(
    ("option", "environ", "code"),
    [
        ("zh", {"LANG": "en_US.UTF-8"}, "zh"),
        ("en", {"LANG": "zh_CN.UTF-8"}, "en"),
        (None, {"LANG": "zh_CN.UTF-8"}, "zh"),
        (None, {"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        (None, {"LC_ALL": "", "LC_MESSAGES": "zh_TW", "LANG": "en_US"}, "zh"),
        (None, {"LANG": "de_DE"}, "en"),
        (None, {}, "en"),
    ],
)
def test_language_is_negotiated(option: str | None, environ: dict[str, str], code: str) -> None:
    """The option wins, then LC_ALL, LC_MESSAGES and LANG, the first that is set; English otherwise."""
    assert negotiate(option, environ) == code
