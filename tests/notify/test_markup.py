"""Titles that try to be more than text stay text in the signs of every channel."""

import json
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_tracker.changes import compare
from kpi_tracker.notify.config import ChannelKind
from kpi_tracker.notify.message import Message, from_json, to_json
from tests.notify.made import message, night, one_kpi

HOSTILE = (
    "](http://evil.example/x)", "![x](http://evil.example/x.png)", "<at id=all></at>", "<at user_id=\"all\">all</at>",
    "@all", "@13800000000", "<@U123>", "<!channel>", "<http://evil.example|click>", "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>", "a\n# heading\n> quote", "**bold** _slanted_ ~gone~ `code`", "&lt;at id=all&gt;",
    "{{ 7 * 7 }}{% raw %}", "line\r\nBcc: x@y.z", "\u202egnp.exe", "\x00\x1b[31m", "<font color=\"warning\">red</font>",
)  # fmt: skip
PIECES = st.sampled_from(HOSTILE) | st.text(max_size=20)
TITLES = st.lists(PIECES, min_size=1, max_size=4).map("".join).filter(str.strip)
ROBOTS = (ChannelKind.DINGTALK, ChannelKind.WECOM, ChannelKind.FEISHU, ChannelKind.SLACK)


def of(kind: ChannelKind, title: str) -> Message:
    """Return the message that an item of this title came to lag."""
    return message(kind, night=night(one_kpi(title), changes=compare(one_kpi(title, 80.0), one_kpi(title))))


def without(text: str, title: str) -> list[str]:
    """Return the lines of a message without the line of the item itself."""
    return [line for line in text.split("\n") if not line.startswith(("- ", "• "))] if title else []


@settings(max_examples=60, deadline=None)
@given(TITLES, st.sampled_from(ChannelKind))
def test_a_title_makes_no_line_and_no_sign_of_its_own(title: str, kind: ChannelKind) -> None:
    """A hostile title gives the same lines as a harmless one, on every channel."""
    made, harmless = of(kind, title), of(kind, "One")
    assert without(made.text, title) == without(harmless.text, "One")
    assert made.text.count("\n") == harmless.text.count("\n")
    assert "\r" not in made.text
    assert all(char.isprintable() or char == "\n" for char in made.text)


@settings(max_examples=60, deadline=None)
@given(TITLES, st.sampled_from(ROBOTS))
def test_a_title_gives_a_robot_no_link_no_mention_and_no_tag(title: str, kind: ChannelKind) -> None:
    """What each service reads as markup is not there; our own is in no line of an item without a link."""
    lines = [line[2:] for line in of(kind, title).text.split("\n") if line.startswith(("- ", "• "))]
    text = "\n".join(lines)
    if kind is ChannelKind.SLACK:
        assert not re.search(r"[<>*~`]|(?<!\w)_|_(?!\w)", text)
    else:
        assert not re.search(r"[<>\[\]*`~@]", text)
    if kind in (ChannelKind.DINGTALK, ChannelKind.WECOM):
        assert "://" not in text


class _Tags(HTMLParser):
    """The tags of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(attrs)))


@settings(max_examples=40, deadline=None)
@given(TITLES)
def test_a_title_adds_no_tag_to_the_html_of_a_mail(title: str) -> None:
    """The page has the same tags with the same attributes whatever the title."""

    def tags(text: str) -> list[tuple[str, tuple[tuple[str, str | None], ...]]]:
        parser = _Tags()
        parser.feed(text)
        return parser.found

    assert tags(of(ChannelKind.MAIL, title).html) == tags(of(ChannelKind.MAIL, "One").html)


@settings(max_examples=40, deadline=None)
@given(TITLES, st.sampled_from(ChannelKind))
def test_a_message_is_the_same_after_it_was_kept(title: str, kind: ChannelKind) -> None:
    """The ledger's JSON gives back what went in."""
    made = of(kind, title)
    assert from_json(to_json(made)) == made
    json.loads(to_json(made)).keys()


@pytest.mark.parametrize(
    ("kind", "title", "shown"),
    [
        (ChannelKind.DINGTALK, "a](http://x) @all _b_ file_name", "a］(http：//x) ＠all ＿b＿ file_name"),
        (ChannelKind.WECOM, "<@all> **b**", "＜＠all＞ ＊＊b＊＊"),
        (ChannelKind.FEISHU, "<at id=all></at>", "&#60;at id=all&#62;&#60;/at&#62;"),
        (ChannelKind.SLACK, "<!channel> & *b*", "&lt;!channel&gt; &amp; ＊b＊"),
        (ChannelKind.APPRISE, "@everyone <b>", "＠everyone <b>"),
        (ChannelKind.MAIL, "a @all <b>", "a @all <b>"),
    ],
)
def test_how_a_title_is_shown(kind: ChannelKind, title: str, shown: str) -> None:
    """People still read what it says."""
    assert f" {shown} · " in of(kind, title).text


def test_a_very_long_title_is_cut() -> None:
    """One item never fills a message."""
    assert f"{'x' * 159}… · " in of(ChannelKind.MAIL, "x" * 5000).text
