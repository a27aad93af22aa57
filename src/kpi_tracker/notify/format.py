"""The notify format, `kpi-tracker/notify/v1`: every mapping with its keys, read by the machinery of the plan format."""

from re import fullmatch
from typing import Any
from urllib.parse import urlsplit

from kpi_tracker.changes import ChangeKind
from kpi_tracker.language import N_, Phrase
from kpi_tracker.loading.fields import Field, Origin, Record, Type, Written, choice, list_of, scalar_text, whole
from kpi_tracker.loading.nodes import Mapping
from kpi_tracker.loading.scalars import COUNT, ID, PLAIN
from kpi_tracker.loading.secrets import SECRET_PLACE
from kpi_tracker.loading.wrong import Wrong
from kpi_tracker.notify.config import ChannelKind, DigestDay, Lang, Security
from kpi_tracker.notify.night import Level

__all__ = ["CHANNELS", "FORMAT", "KIND", "NOTIFY", "ROUTE"]

FORMAT = "kpi-tracker/notify/v1"


def _format(node: Any, _origin: Origin) -> str:
    text = scalar_text(node)
    if text != FORMAT:
        raise Wrong("KT211", value=text or "", expected=FORMAT)
    return text


def _address(node: Any, _origin: Origin) -> str:
    text = (scalar_text(node) or "").strip()
    if not (text.isascii() and fullmatch(r"[\w.+\-=/!#$%&'*?^`{|}~]+@[\w.\-]+", text)):
        raise Wrong("KT203", expected=Phrase(N_("a mail address such as plan@example.org")))
    return text


def _addresses(node: Any, origin: Origin) -> tuple[str, ...]:
    """Decode to whom mail goes: nobody is a fault, or it would never be sent and nobody would know."""
    found: tuple[str, ...] = _LIST.decode(node, origin)
    if not found:
        raise Wrong("KT203", expected=Phrase(N_("a list of mail addresses")))
    return tuple(dict.fromkeys(found))


def _mentioned(node: Any, _origin: Origin) -> str:
    text = (scalar_text(node) or "").strip()
    if not fullmatch(r"[\w.\-]+", text) or text.lower() in EVERYBODY:
        raise Wrong("KT203", expected=Phrase(N_("one person: a mobile number or a user id of the service")))
    return text


EVERYBODY = frozenset({"all", "here", "channel", "everyone"})


def _link(node: Any, _origin: Origin) -> str:
    text = (scalar_text(node) or "").strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    plain = fullmatch(r"[!-~]+", text) and not set(text) & set("\"'<>()[]{}|\\^`*")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query or not plain:
        raise Wrong("KT203", expected=Phrase(N_("an address such as https://plans.example.org/2021")))
    return text.rstrip("/")


def _branch(node: Any, origin: Origin) -> str:
    return PLAIN.decode(node, origin).strip("/")  # type: ignore[no-any-return]


def _route(node: Any, origin: Origin) -> Written:
    return Written(whole(ROUTE, node, origin), node)


def _channels(node: Any, _origin: Origin) -> Any:
    if type(node) is not Mapping or not node:
        raise Wrong("KT203", expected=Phrase(N_("a mapping from the name of each channel to its settings")))
    return node


_TEXT = {"type": "string"}
_ADDRESS = Type(_address, _TEXT)
_LIST = list_of(_ADDRESS, N_("a list of mail addresses"))
KIND = Field(choice(ChannelKind), "What the channel speaks", required=True)
_KIND = {"type": KIND}
_URL = {"url": Field(SECRET_PLACE, "The address that messages are sent to", required=True)}
_SIGNED = {"secret": Field(SECRET_PLACE, "What messages are signed with")}
CHANNELS = {
    ChannelKind.MAIL: Record("mail", N_("a mail channel"), {
        **_KIND,
        "host": Field(PLAIN, "The mail server", required=True),
        "port": Field(COUNT, "Its port; 587, with tls 465, without either 25"),
        "security": Field(choice(Security), "starttls (if left out), tls or none"),
        "user": Field(PLAIN, "Who logs in"),
        "password": Field(SECRET_PLACE, "With which password"),
        "from": Field(_ADDRESS, "Whom mail is from", required=True),
        "to": Field(Type(_addresses, _LIST.schema), "Who gets it, each a mail of their own",
                    required=True),
    }),
    ChannelKind.DINGTALK: Record("dingtalk", N_("a DingTalk channel"), {**_KIND, **_URL, **_SIGNED}),
    ChannelKind.WECOM: Record("wecom", N_("a WeCom channel"), {**_KIND, **_URL}),
    ChannelKind.FEISHU: Record("feishu", N_("a Feishu channel"), {**_KIND, **_URL, **_SIGNED}),
    ChannelKind.SLACK: Record("slack", N_("a Slack channel"), {**_KIND, **_URL}),
    ChannelKind.WEBHOOK: Record("webhook", N_("a webhook"), {**_KIND, **_URL, **_SIGNED}),
    ChannelKind.APPRISE: Record("apprise", N_("an Apprise channel"), {**_KIND, **_URL}),
}  # fmt: skip
ROUTE = Record("route", N_("a route"), {
    "name": Field(ID, "Its name, unique in the file", required=True),
    "channel": Field(PLAIN, "The channel that it goes by", required=True),
    "lang": Field(choice(Lang), "zh, en or both (if left out)"),
    "owner": Field(list_of(PLAIN, N_("a list of owners")), "Only what one of these answers for"),
    "branch": Field(list_of(Type(_branch, _TEXT), N_("a list of paths")), "Only what is at or below one of these paths"),
    "plan": Field(list_of(PLAIN, N_("a list of ids of plans")), "Only of these plans"),
    "changes": Field(list_of(choice(ChangeKind), N_("a list of kinds of change")), "Only these kinds of change"),
    "level": Field(choice(Level), "Only events of flags from this level on"),
    "digest": Field(choice(DigestDay), "The day on which the whole state is told: a day of the week, or month-end"),
    "mention": Field(list_of(Type(_mentioned, _TEXT), N_("a list of persons")), "Who is mentioned in the chat"),
})  # fmt: skip
NOTIFY = Record("notify", N_("a notify file"), {
    "format": Field(Type(_format, {"const": FORMAT}), "The version of this format", required=True),
    "link": Field(Type(_link, _TEXT), "Where the progress documents are published, to link to them"),
    "channels": Field(Type(_channels, {"type": "object"}), "The ways out, by name", required=True),
    "routes": Field(list_of(Type(_route, ROUTE.reference), N_("a list of routes")),
                    "Who is told what; if left out, every channel is told everything"),
})  # fmt: skip
