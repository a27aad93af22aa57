"""What a notify file says: the channels, and who is told what by which."""

from enum import StrEnum

from kpi_tracker.changes import ChangeKind
from kpi_tracker.diagnostics.place import NOWHERE, Place
from kpi_tracker.notify.night import Level
from kpi_tracker.record import field, record
from kpi_tracker.secret import Secret

__all__ = ["ROBOTS", "Channel", "ChannelKind", "DigestDay", "Lang", "Mailbox", "NotifyConfig", "Route", "Security"]


class ChannelKind(StrEnum):
    """What a channel speaks."""

    MAIL = "mail"
    DINGTALK = "dingtalk"
    WECOM = "wecom"
    FEISHU = "feishu"
    SLACK = "slack"
    WEBHOOK = "webhook"
    APPRISE = "apprise"


ROBOTS = frozenset({ChannelKind.DINGTALK, ChannelKind.WECOM, ChannelKind.FEISHU, ChannelKind.SLACK})
"""The kinds that can mention somebody."""


class Security(StrEnum):
    """How a mail server is spoken to."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class Lang(StrEnum):
    """The language of a route's messages."""

    ZH = "zh"
    EN = "en"
    BOTH = "both"


class DigestDay(StrEnum):
    """The day at or after which the state of everything is told, whatever changed."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"
    MONTH_END = "month-end"


@record
class Mailbox:
    """The server that mail goes out by, and whom it is from and to."""

    host: str
    sender: str
    to: tuple[str, ...]
    port: int
    security: Security = Security.STARTTLS
    user: str = ""
    password: Secret | None = None


@record
class Channel:
    """One way out. `url` is the address of all but mail; `secret` is what messages are signed with."""

    name: str
    kind: ChannelKind
    url: Secret | None = None
    secret: Secret | None = None
    mail: Mailbox | None = None


@record
class Route:
    """Who is told what: the items that pass all of owner, branch and plan; no filter lets everything pass.

    With `changes` or `level` (at least) only such changes and flag events are told, with neither all of both.
    """

    name: str
    channel: Channel
    lang: Lang = Lang.BOTH
    owner: tuple[str, ...] = ()
    branch: tuple[str, ...] = ()
    plan: tuple[str, ...] = ()
    changes: tuple[ChangeKind, ...] = ()
    level: Level | None = None
    digest: DigestDay | None = None
    mention: tuple[str, ...] = ()
    where: Place = field(default=NOWHERE, eq=False)


@record
class NotifyConfig:
    """A notify file. `link` is where the documents are published; `overrides` the folder of the user's templates."""

    routes: tuple[Route, ...]
    channels: tuple[Channel, ...]
    link: str = ""
    overrides: str | None = None
