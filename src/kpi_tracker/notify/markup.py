"""The signs of each channel: how a text of the plan stays text in it, and how much of it is taken."""

from collections.abc import Callable, Sequence
from re import sub
from typing import NamedTuple

from kpi_tracker.notify.config import ChannelKind

__all__ = ["DIALECTS", "HTML", "Dialect", "mentions"]


class Dialect(NamedTuple):
    """The template that messages are set by, how texts are escaped in it, and the bytes of UTF-8 that are taken."""

    template: str
    escape: Callable[[str], str]
    limit: int


def _full_width(text: str) -> str:
    """Replace what these robots take for markup by signs that look like it: their Markdown knows no escapes."""
    return _edges(text.replace("://", "：//").translate(FULL_WIDTH))


def _entities(text: str) -> str:
    """Replace what Feishu takes for markup by entities, as its manual asks for."""
    return text.translate(ENTITIES)


def _slack(text: str) -> str:
    """Escape the three signs that Slack asks for, and replace those of its formatting, for which it has no escape."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _edges(text.translate(SLACK))


def _unmentioned(text: str) -> str:
    """Replace the sign by which services beyond those that we know mention people."""
    return text.replace("@", "＠")


def _edges(text: str) -> str:
    """Replace underscores at the edge of a word, where they make it slanted; ids keep those inside."""
    return sub(r"(?<!\w)_+|_+(?!\w)", lambda found: "＿" * len(found[0]), text)


def _html(text: str) -> str:
    from html import escape

    return escape(text)


FULL_WIDTH = str.maketrans({sign: chr(ord(sign) + 0xFEE0) for sign in "<>[]*`~#@&\\|"})
ENTITIES = str.maketrans({sign: f"&#{ord(sign)};" for sign in "&<>*_~[]()`!#\\$|:@"})
SLACK = str.maketrans({sign: chr(ord(sign) + 0xFEE0) for sign in "*~`"})
HTML = Dialect("html.j2", _html, 0)
DIALECTS = {
    ChannelKind.MAIL: Dialect("text.j2", str, 100_000),
    ChannelKind.DINGTALK: Dialect("markdown.j2", _full_width, 16_000),
    ChannelKind.WECOM: Dialect("markdown.j2", _full_width, 4096),
    ChannelKind.FEISHU: Dialect("markdown.j2", _entities, 16_000),
    ChannelKind.SLACK: Dialect("slack.j2", _slack, 12_000),
    ChannelKind.WEBHOOK: Dialect("text.j2", str, 100_000),
    ChannelKind.APPRISE: Dialect("text.j2", _unmentioned, 1800),
}


def mentions(kind: ChannelKind, people: Sequence[str]) -> str:
    """Return the line that mentions people in a chat; "" where nobody is."""
    form = {ChannelKind.DINGTALK: "@{}", ChannelKind.FEISHU: "<at id={}></at>"}.get(kind, "<@{}>")
    return " ".join(form.format(person) for person in people)
