"""Messages: what is to be sent to whom, told apart by a key, so that nothing is sent twice."""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple

from kpi_tracker.language import LANGUAGES, Phrase, language
from kpi_tracker.notify.config import Channel, ChannelKind, Lang, NotifyConfig, Route
from kpi_tracker.notify.facts import facts
from kpi_tracker.notify.item import Teller
from kpi_tracker.notify.letter import letter
from kpi_tracker.notify.markup import DIALECTS, mentions
from kpi_tracker.notify.night import Night
from kpi_tracker.notify.rendering import Renderer
from kpi_tracker.notify.selection import Owners, Told, owners, told

__all__ = ["Message", "from_json", "messages", "to_json"]


class Message(NamedTuple):
    """One message to one channel (by mail: to one address). `key` is that of its plan, day, route and content.

    `facts` is the JSON body of a webhook. `problem` says that a template of the user could not be used, so ours was.
    """

    key: str
    plan: str
    as_of: str
    route: str
    channel: str
    kind: ChannelKind
    subject: str
    text: str
    html: str = ""
    facts: str = ""
    to: str = ""
    mention: tuple[str, ...] = ()
    problem: Phrase | None = None


def to_json(message: Message) -> str:
    """Return a message as the ledger keeps it until it is sent; it holds no secret."""
    return json.dumps(message._replace(problem=None)._asdict(), ensure_ascii=False)


def from_json(text: str) -> Message:
    """Return the message that :func:`to_json` wrote."""
    values = json.loads(text)
    return Message(**{**values, "kind": ChannelKind(values["kind"]), "mention": tuple(values["mention"])})


def messages(config: NotifyConfig, night: Night) -> tuple[Message, ...]:
    """Return what is to be sent of `night`: nothing where nothing changed; no clock, no network, no secret."""
    owner_of, renderer = owners(night), Renderer(config.overrides)
    found: list[Message] = []
    for route in config.routes:
        if what := told(route, night, owner_of):
            found.extend(_of_route(route, what, night, owner_of, config.link, renderer))
    return tuple(found)


def _of_route(
    route: Route, what: Told, night: Night, owner_of: Owners, link: str, renderer: Renderer
) -> Iterator[Message]:
    channel = route.channel
    codes = LANGUAGES if route.lang is Lang.BOTH else (route.lang.value,)
    letters = [letter(what, night, Teller(night, owner_of, link, language(code))) for code in codes]
    tail = mentions(channel.kind, route.mention)
    rendered = renderer.render(letters, DIALECTS[channel.kind], tail, channel.kind is ChannelKind.MAIL)
    content = json.dumps(facts(what, night, owner_of), ensure_ascii=False)
    for to in _recipients(channel):
        key = json.dumps([night.plan, night.as_of.isoformat(), route.name, channel.name, to, content])
        yield Message(
            sha256(key.encode()).hexdigest()[:40],
            night.plan, night.as_of.isoformat(), route.name, channel.name, channel.kind,
            " / ".join(one.subject for one in letters), rendered.text, rendered.html,
            content if channel.kind is ChannelKind.WEBHOOK else "",
            to, route.mention, rendered.problem,
        )  # fmt: skip


def _recipients(channel: Channel) -> tuple[str, ...]:
    return channel.mail.to if channel.mail else ("",)
